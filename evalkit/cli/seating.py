"""``evalkit panel assign`` and ``conflicts``, ``evalkit record conflict`` and ``commitment``."""

from __future__ import annotations

import secrets
from collections import Counter
from pathlib import Path
from typing import Any

import typer

import evalkit as ek
from evalkit.base.errors import Problem, Refused
from evalkit.base.text import _
from evalkit.cli.console import say, say_table
from evalkit.cli.options import EXPERT, FOLDER, REASON

SEEDS = 10**9
"""So many seeds there are: a panel file holds whole numbers of nine digits."""

PATH = typer.Argument(
    help=str(_("评审组文件 panel.yaml（开评以前），或评审工作文件夹、数据库的地址（开评以后）"))
)
EITHER = typer.Argument(help=str(_("评审组文件 panel.yaml，或评审工作文件夹、数据库的地址")))
SEED = typer.Option(None, help=str(_("抽签的种子；不写即用 assigning.seed，没有的抽出一个并记录")))
WHY = typer.Option(None, "--reason", help=str(_("理由，记入日志；开评以后分配的须写")))
ONLY = typer.Option(None, "--applicant", help=str(_("只看一个对象（标识）")))
DRY = typer.Option(False, "--dry-run", help=str(_("只列出来，不写")))
EXPLAIN = typer.Option(False, help=str(_("逐个对象说明为什么是这几位专家，换上别人的代价")))


def add_to(panel: typer.Typer, record: typer.Typer) -> None:
    """Put the commands under ``panel`` and ``record``."""
    text = _("分配专家：满足 assigning 声明的要求，已有的席位不动，同样好的抽签决定")
    panel.command(help=str(text))(assign)
    panel.command(help=str(_("列出利益冲突：谁对谁回避，由什么得出")))(conflicts)
    text = _("登记一处利益冲突：专家不再评这个对象，给过的评分留在日志里，不再计入")
    record.command(help=str(text))(conflict)
    record.command(help=str(_("登记一位专家的保密和回避承诺（纸质）")))(commitment)


def assign(
    context: typer.Context,
    path: Path = PATH,
    seed: int = SEED,
    reason: str = WHY,
    explain: bool = EXPLAIN,
    applicant: str = ONLY,
    dry_run: bool = DRY,
) -> None:
    """Assign before the opening, or anew in an open round."""
    if _is_file(path):
        _assign_file(context, _file(path), seed, explain, applicant, dry_run)
        return
    with ek.Round.open(path) as workspace:
        panel = workspace.panel
        if panel.assignment == "all":
            _all_score_all(context.obj)
            return
        if reason is None and not dry_run:
            wrong = _("开评以后分配的，请用 --reason 写明理由")
            raise typer.BadParameter(wrong.render(context.obj))
        drawn = _seed(panel, seed)
        answer = workspace.assign(reason or "", drawn, dry_run=dry_run)
    _tell(answer, context.obj, explain=explain, applicant=applicant)
    if not answer.added:
        say(_("每个对象的专家都够了，没有要分配的"), context.obj, style="green")
    elif not dry_run:
        n = sum(map(len, answer.added.values()))
        say(_("新分配 {n} 个席位，已记入日志", n=n), context.obj, style="green")


def _assign_file(
    context: typer.Context, file: Path, seed: int, explain: bool, applicant: str, dry_run: bool
) -> None:
    if (file.parent / "log.sqlite").exists():
        text = _("这一轮已经开评，请给出评审工作文件夹：evalkit panel assign {folder}")
        raise Refused(Problem(text.filled(folder=file.parent), str(file)))
    panel = ek.load_panel(file)
    if panel.assigning is None and panel.assignment == "all":
        _all_score_all(context.obj)
        return
    answer = ek.assign(panel, _seed(panel, seed))
    _tell(answer, context.obj, explain=explain, applicant=applicant)
    if dry_run:
        return
    there = answer.write(file)
    n = sum(map(len, answer.added.values()))
    say(_("新分配 {n} 个席位，已写入 {there}", n=n, there=there), context.obj, style="green")


def _is_file(path: Path) -> bool:
    return path.is_file() or ((path / "panel.yaml").exists() and not (path / "log.sqlite").exists())


def _file(path: Path) -> Path:
    return path / "panel.yaml" if path.is_dir() else path


def _all_score_all(language: str) -> None:
    text = _("本轮每位专家评每个对象（assignment: all），不必分配；回避的自动不评")
    say(text, language, style="green")


def _seed(panel: ek.Panel, given: int | None) -> int:
    declared = panel.assigning.seed if panel.assigning is not None else None
    if given is not None or declared is None:
        return given if given is not None else secrets.randbelow(SEEDS)
    return declared


def _tell(answer: Any, language: str, *, explain: bool, applicant: str | None) -> None:
    panel = answer.question.panel
    chosen = [panel.applicant(applicant)] if applicant else list(panel.applicants)
    names = {e.id: f"{e.name}（{e.id}）" for e in panel.experts}
    if explain:
        for one in chosen:
            say(f"{one.name}（{one.id}）", language, style="bold")
            for line in answer.explained(one.id):
                say(f"  {line.render(language)}", language)
    else:
        new = {a: set(own) for a, own in answer.added.items()}
        rows = [
            [one.id, one.name, " ".join(f"{e}{'*' * (e in new.get(one.id, ()))}" for e in own)]
            for one in chosen
            for own in (answer.seats[one.id],)
        ]
        heads = ((_("标识"), "left"), (_("对象"), "left"), (_("专家（* 新分配）"), "left"))
        say_table(heads, rows, language)
    apart = Counter(expert for _a, expert in panel.recused)
    heads = ((_("专家"), "left"), (_("应评"), "right"), (_("回避"), "right"))
    rows = [[names[e], str(n), str(apart[e])] for e, n in answer.load.items()]
    say_table(heads, rows, language)
    values = {"seed": answer.question.seed, "digest": answer.question.digest}
    say(_("抽签的种子 {seed}；全部条件的摘要值 {digest}", **values), language)


def conflicts(
    context: typer.Context,
    path: Path = typer.Argument(
        help=str(_("评审组文件 panel.yaml，或评审工作文件夹、数据库的地址"))
    ),
) -> None:
    """List who is kept apart from whom, by what says so."""
    if _is_file(path):
        panel = ek.load_panel(_file(path))
        found = list(panel.apart)
    else:
        with ek.Round.open(path) as workspace:
            panel, found = workspace.panel, workspace.conflicts()
    rows = [
        [
            one.by.render(context.obj),
            f"{panel.expert(one.expert).name}（{one.expert}）",
            f"{panel.applicant(one.applicant).name}（{one.applicant}）",
            one.reason.render(context.obj),
        ]
        for n, one in enumerate(found)
        if one not in found[:n]
    ]
    heads = (_("由来"), _("专家"), _("对象"), _("理由"))
    say_table([(head, "left") for head in heads], rows, context.obj)
    n = len({(one.applicant, one.expert) for one in found})
    say(_("共回避 {n} 对", n=n), context.obj)


def conflict(
    context: typer.Context,
    folder: Path = FOLDER,
    expert: str = EXPERT,
    reason: str = REASON,
    applicant: str = typer.Option(
        None, help=str(_("评审对象的标识或名称；不写即这位专家应评的全部对象，如因故退出"))
    ),
    by: str = typer.Option(None, help=str(_("谁登记：专家本人的标识；不写即评审秘书"))),
) -> None:
    """Record a conflict that turned up while the round is open."""
    with ek.Round.open(folder) as workspace:
        stored = workspace.record_conflict(expert, reason, applicant, by=by)
        short = [lack for lack in workspace.lacking() if lack.kind == "seats"]
        shown = workspace.shown
    text = _("已登记 {n} 处回避，给过的评分不再计入", n=len(stored))
    say(text, context.obj, style="green")
    for lack in short:
        say(lack.line(), context.obj, style="yellow")
    if short:
        text = _("补派专家：evalkit panel assign {folder} --reason 理由", folder=shown)
        say(text, context.obj)


def commitment(
    context: typer.Context,
    folder: Path = FOLDER,
    expert: str = EXPERT,
    source: str = typer.Option(..., help=str(_("签字的承诺书原件存在哪里"))),
) -> None:
    """Record an expert's commitment that was signed on paper."""
    with ek.Round.open(folder) as workspace:
        if not source.strip():
            raise Refused(_("请用 --source 写明签字的承诺书原件存在哪里"))
        workspace.record_commitment(expert, source)
    say(_("已登记 {expert} 的保密和回避承诺", expert=expert), context.obj, style="green")
