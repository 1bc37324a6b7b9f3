"""``evalkit record``: enter what a round has to have beside the experts' own sheets."""

from __future__ import annotations

from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.errors import InputError, Problem
from evalkit.base.files import place
from evalkit.base.tables import read_table
from evalkit.base.text import _
from evalkit.cli.console import say
from evalkit.cli.options import APPLICANT, ENCODING, FOLDER, SHEET

commands = typer.Typer(
    name="record",
    no_args_is_help=True,
    help=str(_("登记：测量值、准入条件、加分和扣分的认定、纸质评分表")),
)

BY = typer.Option(None, help=str(_("以谁的名义登记（标识）；不写即评审秘书")))
CHANGE = typer.Option("", help=str(_("改动的理由；改以前登记过的须写")))
EVIDENCE = typer.Option("", help=str(_("依据，如：审计报告第 3 页")))
ITEM = typer.Option(..., help=str(_("加分成果或扣分项的标识或名称，如 bonus.n1")))
POINTS = typer.Option(..., help=str(_("认定的分值")))


@commands.command(help=str(_("登记一个测量值，连同单位和依据")))
def measure(
    context: typer.Context,
    folder: Path = FOLDER,
    applicant: str = APPLICANT,
    indicator: str = typer.Option(..., help=str(_("指标的标识或名称"))),
    value: str = typer.Option(..., help=str(_("测量值，如“5.2 亿元”；没有数据写 unscored"))),
    evidence: str = EVIDENCE,
    by: str = BY,
    reason: str = CHANGE,
) -> None:
    _once(context, folder, ("measure", applicant, indicator, value, evidence), by, reason)


@commands.command(help=str(_("登记一项准入条件：满足与否，或拿来比对的数值")))
def gate(
    context: typer.Context,
    folder: Path = FOLDER,
    applicant: str = APPLICANT,
    condition: str = typer.Option(..., help=str(_("准入条件的标识"))),
    value: str = typer.Option(
        ..., help=str(_("pass 满足、fail 不满足、unknown 尚不清楚，或数值如“5000万元”"))
    ),
    evidence: str = EVIDENCE,
    by: str = BY,
    reason: str = CHANGE,
) -> None:
    _once(context, folder, ("gate", applicant, condition, value, evidence), by, reason)


@commands.command(help=str(_("登记专家组统一认定的一项加分（本轮规则为统一认定时）")))
def bonus(
    context: typer.Context,
    folder: Path = FOLDER,
    applicant: str = APPLICANT,
    item: str = ITEM,
    points: str = POINTS,
    evidence: str = EVIDENCE,
    by: str = BY,
    reason: str = CHANGE,
) -> None:
    _once(context, folder, ("recognition", applicant, item, points, evidence), by, reason)


@commands.command(help=str(_("登记专家组认定的一项扣分；不扣的登记 0")))
def deduction(
    context: typer.Context,
    folder: Path = FOLDER,
    applicant: str = APPLICANT,
    item: str = ITEM,
    points: str = POINTS,
    evidence: str = EVIDENCE,
    by: str = BY,
    reason: str = CHANGE,
) -> None:
    _once(context, folder, ("recognition", applicant, item, points, evidence), by, reason)


def _once(
    context: typer.Context,
    folder: Path,
    what: tuple[str, str, str, str, str],
    by: str | None,
    reason: str,
) -> None:
    with ek.Round.open(folder) as workspace:
        receipt = workspace.record(*what, by=by, reason=reason)
    _kind, applicant, name, value, _evidence = what
    text = _("已经登记过 {applicant} 的 {name}：{value}，没有改动")
    if receipt is not None:
        text = _("已登记 {applicant} 的 {name}：{value}")
    say(text.filled(applicant=applicant, name=name, value=value), context.obj, style="green")


@commands.command(help=str(_("写出登记表：要登记的逐项一行，已登记的已填好；填好后用 table 读入")))
def template(
    context: typer.Context,
    folder: Path = FOLDER,
    out: Path = typer.Option(..., help=str(_("新建的登记表，.xlsx 或 .csv"))),
) -> None:
    kind = _new_table(out)
    with ek.Round.open(folder) as workspace:
        table = workspace.office_table(context.obj)
    if table.empty:
        say(_("本轮没有要登记的：没有测量值、准入条件、统一认定的加分和扣分"), context.obj)
        return
    place({out: ek.office_template(table, csv=kind == ".csv")})
    text = _(
        "已写好 {out}：{n} 行。填“值”和“依据”两列，再运行 evalkit record table {folder} {out}",
        out=out,
        n=len(table),
        folder=folder,
    )
    say(text, context.obj, style="green")


def _new_table(out: Path) -> str:
    kind = out.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise InputError(Problem(_("登记表请写成 .xlsx 或 .csv"), str(out)))
    if out.exists():
        raise InputError(Problem(_("已经存在，不覆盖；请换一个名字"), str(out)))
    return kind


@commands.command(
    help=str(
        _("写出空的评分表：每位专家、每个对象、每项指标一行；照纸质评分表填好后用 scores 录入")
    )
)
def score_template(
    context: typer.Context,
    folder: Path = FOLDER,
    out: Path = typer.Option(..., help=str(_("新建的评分表，.xlsx 或 .csv"))),
) -> None:
    kind = _new_table(out)
    with ek.Round.open(folder) as workspace:
        table = workspace.score_table(context.obj)
    place({out: ek.office_template(table, csv=kind == ".csv")})
    text = _(
        "已写好 {out}：{n} 行。照纸质评分表填“得分”一列，再运行 "
        "evalkit record scores {folder} {out}",
        out=out,
        n=len(table),
        folder=folder,
    )
    say(text, context.obj, style="green")


@commands.command(help=str(_("读入填好的登记表：全部登记，或一行也不登记")))
def table(
    context: typer.Context,
    folder: Path = FOLDER,
    file: Path = typer.Argument(help=str(_("登记表，CSV 或 Excel"))),
    by: str = BY,
    reason: str = typer.Option("", help=str(_("改动的理由；表里逐行写的优先"))),
    encoding: str = ENCODING,
    sheet: str = SHEET,
) -> None:
    options = {"encoding": encoding, "sheet": sheet}
    with ek.Round.open(folder) as workspace:
        stored = workspace.record_table(file, by=by, reason=reason, **options)
        left = len(workspace.lacking())
    say(_("新登记 {n} 项；锁定前还缺 {left} 项", n=stored, left=left), context.obj, style="green")


@commands.command(help=str(_("录入纸质评分表：记在各位专家名下，注明由谁录入、签字原件在哪里")))
def scores(
    context: typer.Context,
    folder: Path = FOLDER,
    file: Path = typer.Argument(
        help=str(
            _("评分表 CSV、Excel 或 Parquet：列为评审对象、专家、指标、得分、理由，写名称或标识")
        )
    ),
    typed_by: str = typer.Option(..., help=str(_("录入的人"))),
    source: str = typer.Option(..., help=str(_("依据的纸质评分表，签字原件存在哪里"))),
    reason: str = CHANGE,
    encoding: str = ENCODING,
    sheet: str = SHEET,
) -> None:
    frame = read_table(file, encoding, sheet)
    with ek.Round.open(folder) as workspace:
        paper = {"typed_by": typed_by, "evidence": source, "reason": reason}
        stored = workspace.import_scores(frame, str(file), **paper)
        progress, left = workspace.progress(), len(workspace.lacking())
    open_ = sum(p.begun - p.submitted for p in progress)
    say(_("新录入 {n} 条；锁定前还缺 {left} 项", n=stored, left=left), context.obj, style="green")
    if open_:
        text = _("有 {n} 份评分表还没有打齐，没有提交；evalkit panel status 列出缺哪些", n=open_)
        say(text, context.obj, style="yellow")
