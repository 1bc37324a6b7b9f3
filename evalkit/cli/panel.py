"""``evalkit panel``: look at and check panel files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.terms import instant
from evalkit.base.text import _
from evalkit.base.urls import is_url
from evalkit.cli.console import add_schema, confirm, say, say_table
from evalkit.cli.options import APPLICANT, EXPERT, FOLDER, REASON

commands = typer.Typer(
    name="panel", no_args_is_help=True, help=str(_("评审组：检查文件、开评、看进度、锁定"))
)


@commands.command(help=str(_("检查评审组：规则是否声明齐全、利益冲突、每个对象的专家人数")))
def check(
    context: typer.Context,
    path: Path = typer.Argument(help=str(_("评审组文件 panel.yaml，或它所在的文件夹"))),
    for_lock: bool = typer.Option(
        False, "--for-lock", help=str(_("列出锁定之前还缺的每一项：谁欠、怎么补；有缺的返回 1"))
    ),
) -> None:
    if for_lock:
        _check_for_lock(path, context.obj)
        return
    file = path / "panel.yaml" if path.is_dir() else path
    rubric = ek.find_rubric(file)
    panel = ek.load_panel(file, rubric)
    findings = list(ek.check_panel(panel, rubric))
    ek.read_statements(file.parent, panel.in_force(rubric), panel)
    for finding in findings:
        say(finding, context.obj, style="yellow")
    if findings:
        raise typer.Exit(1)
    text = _(
        "{id}：{e} 位专家、{a} 个评审对象，没有发现问题。本轮规则：",
        id=panel.id,
        e=len(panel.experts),
        a=len(panel.applicants),
    )
    say(text, context.obj, style="green")
    for sentence in ek.explain_round(rubric, panel):
        say(f"  · {sentence.render(context.obj)}", context.obj)


def _check_for_lock(folder: Path, language: str) -> None:
    with ek.Round.open(folder) as workspace:
        found, shown = workspace.lacking(), workspace.shown
        locked = workspace.history().lock
    for lack in found:
        say(lack.line(), language, style="yellow")
        say(f"    {lack.remedy.render(language)}", language)
    if found:
        if any(lack.kind in ("measure", "gate", "bonus", "deduction") for lack in found):
            text = _("要登记的也可以整张填：evalkit record template {folder} --out 登记表.xlsx")
            say(text.filled(folder=shown), language)
        say(_("共缺 {n} 项，还不能锁定", n=len(found)), language)
        raise typer.Exit(1)
    text = _("不缺什么，可以锁定：evalkit panel lock {folder}", folder=shown)
    say(_("评分已经锁定，不缺什么") if locked else text, language, style="green")


@commands.command(help=str(_("起草评审组文件：原文没有规定的规则逐条列出，待人决定")))
def new(
    context: typer.Context,
    rubric: str = typer.Argument(help=str(_("指标体系文件，或随 evalkit 附带的标识"))),
    procedure: str = typer.Option(
        None, help=str(_("本轮的程序，如 recognition；只有一个时不必写"))
    ),
    out: Path = typer.Option(..., help=str(_("新建的评审组文件"))),
    profile: str = typer.Option(
        None, help=str(_("采用哪一套成套规则，见 evalkit panel profiles；不写则逐条待定"))
    ),
    experts: Path = typer.Option(None, help=str(_("专家名单（Excel 或 CSV）"))),
    applicants: Path = typer.Option(None, help=str(_("评审对象名单（Excel 或 CSV）"))),
    claims: Path = typer.Option(None, help=str(_("申报的加分成果（Excel 或 CSV）"))),
) -> None:
    from evalkit.panel.load import rubric_beside, rubric_place

    beside = rubric_beside(out, rubric)
    loaded = ek.load_rubric(beside or rubric)
    given = {"experts": experts, "applicants": applicants, "claims": claims}
    tables = {key: file for key, file in given.items() if file is not None}
    taken = ek.profile(profile) if profile is not None else None
    source = beside or Path(rubric)
    copy = ek.draft_panel(out, loaded, procedure, context.obj, taken, tables, source)
    if beside is not None:
        say(_("指标体系用的是 {file}", file=beside), context.obj)
    if copy is not None:
        text = _("指标体系已复制到 {copy}，评审组文件用的是这一份，要改就改这一份", copy=copy)
        say(text, context.obj)
    text = _("已写好 {out}。还要填什么：evalkit declare {out}", out=out)
    say(text, context.obj, style="green")
    if (place := rubric_place(out, loaded)) is not None:
        text = _("请先把这份指标体系放到 {place}：评审组文件在那里找它", place=place)
        say(text, context.obj, style="yellow")


@commands.command(help=str(_("列出成套规则：每一套的出处、说明和各条规则")))
def profiles(context: typer.Context) -> None:
    for one in ek.profiles():
        say(f"{one.id}  {one.title}", context.obj, style="bold")
        for text in (_("出处：{source}", source=one.source), _("说明：{why}", why=one.why)):
            say(f"  {text.render(context.obj)}", context.obj)
        for part in one.rules.values():
            say(f"  · {part.because}", context.obj)


@commands.command(name="open", help=str(_("开评：由评审组文件建立评审工作文件夹")))
def open_(
    context: typer.Context,
    file: Path = typer.Argument(help=str(_("评审组文件"))),
    out: Path = typer.Option(
        ..., help=str(_("新建的评审工作文件夹，或数据库的地址（postgresql://）"))
    ),
) -> None:

    with ek.Round.create(out, file) as workspace:
        if is_url(out):
            say(_("已建立 {out}", out=workspace.shown), context.obj, style="green")
            text = _("每人一个账户：evalkit panel accounts make {out} --to 账户.csv")
            say(text.filled(out=workspace.shown), context.obj)
            return
        say(_("已建立 {out}。为每位专家打开评分表：", out=out), context.obj, style="green")
        for expert in workspace.panel.experts:
            command = f"evalkit sheet {out} --expert {expert.id}"
            say(f"  {expert.name}  {command}", context.obj)


@commands.command(help=str(_("改数据库里一轮的评审组文件：延长时间、换人；记录都还在")))
def update(
    context: typer.Context,
    url: Path = typer.Argument(help=str(_("评审的地址 postgresql://…，用建立评审的账户"))),
    file: Path = typer.Argument(help=str(_("改好的评审组文件"))),
) -> None:
    panel = ek.Database(url).redeclare(file)
    text = _("已改 {id}：{e} 位专家、{a} 个评审对象；开着的评分表请重新打开")
    values = {"id": panel.id, "e": len(panel.experts), "a": len(panel.applicants)}
    say(text.filled(**values), context.obj, style="green")


@commands.command(help=str(_("把数据库里已锁定的一轮取到文件夹里：复核、存档从那里做")))
def fetch(
    context: typer.Context,
    url: Path = typer.Argument(help=str(_("评审的地址 postgresql://…，用建立评审的账户"))),
    out: Path = typer.Option(..., help=str(_("新建的评审工作文件夹"))),
) -> None:
    with ek.Round.open(url) as workspace, workspace.fetch(out) as copy:
        n = len(copy.history().events)
    say(_("已取到 {out}：{n} 条记录，与数据库里的一致", out=out, n=n), context.obj, style="green")


@commands.command(help=str(_("看进度：每位专家评了几个、提交了几个，锁定之前还缺什么、谁欠")))
def status(context: typer.Context, folder: Path = FOLDER) -> None:

    with ek.Round.open(folder) as workspace:
        progress, aside = workspace.progress(), workspace.set_aside()
        panel = workspace.panel
        lock, missing = workspace.history().lock, workspace.lacking()
        paper, messages = workspace.history().typed_in(), workspace.messages()
        found = workspace.verify()
    _say_changed(found, workspace.shown, context.obj)
    columns = ((_("标识"), "left"), (_("专家"), "left"), (_("应评"), "right"))
    more = ((_("已动笔"), "right"), (_("已提交"), "right"), (_("其中纸质"), "right"))
    counts = [(p.due, p.begun, p.submitted, p.paper) for p in progress]
    shown = 4 if paper else 3
    rows = [
        [p.expert.id, p.expert.name, *map(str, n[:shown])]
        for p, n in zip(progress, counts, strict=True)
    ]
    say_table((*columns, *more[: shown - 1]), rows, context.obj)
    names = {e.id: e.name for e in panel.experts} | {a.id: a.name for a in panel.applicants}
    _say_set_aside(aside, names, context.obj)
    for (typed_by, source), sheets in paper.items():
        values = {"n": len(sheets), "typed_by": typed_by, "source": source}
        say(_("据纸质评分表录入 {n} 份，由{typed_by}录入；{source}", **values), context.obj)
    for one in messages:
        say(one.said(names), context.obj, style="yellow")
    if lock is None:
        say(_("评分未锁定"), context.obj)
        _say_missing(missing, workspace.shown, context.obj)
    else:
        _say_lock(lock.at, lock.payload["root"], context.obj)
    if not found.ok:
        raise typer.Exit(1)


def _say_set_aside(
    rows: Iterable[tuple[str, ...]], names: Mapping[str, str], language: str
) -> None:
    """What does not count, though it is in the log."""
    for row in rows:
        who = dict(zip(("applicant", "expert", "indicator"), row, strict=False))
        who |= {key: f"{names[who[key]]}（{who[key]}）" for key in who if who[key] in names}
        text = _("不计入：{expert} 对 {applicant} 的 {indicator}，专家已回避或不在名单中", **who)
        say(text, language, style="yellow")


def _say_changed(found: ek.Verification, folder: str, language: str) -> None:
    """The first of what is wrong with the record, before anything that rests on it."""
    if not found.ok:
        said = _("评分记录与应有的不符，以下所列不可采信：{what}", what=found.wrong[0])
        say(said, language, style="red")
        more = _("共 {n} 处，见 evalkit panel verify {folder}", n=len(found.wrong), folder=folder)
        say(more, language, style="red")


def _say_missing(missing: ek.Lacking, folder: str, language: str) -> None:
    if not missing:
        text = _("不缺什么，可以锁定：evalkit panel lock {folder}", folder=folder)
        say(text, language, style="green")
        return
    say(_("锁定之前还缺 {n} 项：", n=len(missing)), language, style="yellow")
    for who, lines in missing.in_short():
        for line in lines:
            say(_("  {who}：{what}", who=who, what=line), language)
    text = _("逐项的补法见 evalkit panel check {folder} --for-lock", folder=folder)
    say(text, language)


@commands.command(help=str(_("退回一份已提交的评分表，让专家修改后重新提交")))
def reopen(
    context: typer.Context,
    folder: Path = FOLDER,
    expert: str = EXPERT,
    applicant: str = APPLICANT,
    reason: str = REASON,
) -> None:
    _record(folder, "reopen", applicant, expert, {"text": reason})
    say(
        _("已退回 {expert} 对 {applicant} 的评分表", expert=expert, applicant=applicant),
        context.obj,
        style="green",
    )


def _record(folder: Path, kind: str, applicant: str, name: str, payload: dict[str, str]) -> None:
    """Append an entry in the secretary's name."""
    from uuid import uuid4

    with ek.Round.open(folder) as workspace:
        author = workspace.panel.secretary.id
        workspace.append(ek.Entry(author, uuid4().hex, kind, applicant, name, payload))


@commands.command(help=str(_("锁定评分，此后谁也不能再改；给出要写进纪要的根哈希")))
def lock(
    context: typer.Context,
    folder: Path = FOLDER,
    yes: bool = typer.Option(False, "--yes", help=str(_("不再询问"))),
) -> None:

    with ek.Round.open(folder) as workspace:
        workspace.require_lockable()
        if workspace.history().lock is None and not yes:
            question = _("锁定后评分不能再改。锁定“{title}”？", title=workspace.panel.title)
            confirm(question, context.obj)
        receipt = workspace.lock()
        stored = workspace.history().lock
    _say_lock(receipt.at, stored.payload["root"] if stored else "", context.obj)


def _say_lock(at: str, root: str, language: str) -> None:
    say(_("评分已锁定：{at}", at=instant(at)), language, style="green")
    say(_("根哈希（请写进签字盖章的纪要）：{root}", root=root), language)


add_schema(
    commands,
    "evalkit.panel:Panel",
    _("输出评审组文件的 JSON Schema，供编辑器提示和检查"),
)
