"""``evalkit ledger`` and ``evalkit progress``: a plan's ledger, and what it says on a day."""

from __future__ import annotations

from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.errors import EvalkitError, ReportError
from evalkit.base.text import Text, _, render
from evalkit.cli.console import add_schema, say, say_json, say_table
from evalkit.cli.console import progress as bar
from evalkit.cli.options import CANONICAL, RUBRIC_NAME, day

LEDGER = typer.Argument(help=str(_("台账文件 ledger.yaml，或它所在的文件夹")))
ENCODING = typer.Option("utf-8", help=str(_("台账表的编码，如 utf-8、gbk")))

commands = typer.Typer(
    name="ledger", no_args_is_help=True, help=str(_("规划的台账：检查、建立空白台账"))
)


@commands.command(help=str(_("检查台账：原文没有规定的是否都已声明，责任单位、时限、数据是否相符")))
def check(context: typer.Context, path: Path = LEDGER, encoding: str = ENCODING) -> None:
    rubric, ledger = ek.read_ledger(path, encoding)
    findings = ek.check_ledger(rubric, ledger)
    for finding in findings:
        say(finding, context.obj, style="yellow")
    if findings:
        raise typer.Exit(1)
    text = _(
        "{id}：{t} 个目标、{k} 项任务、{u} 个责任单位、{m} 个时间节点，没有发现问题",
        id=ledger.id,
        t=len(rubric.targets),
        k=len(rubric.tasks),
        u=len(ledger.units),
        m=len(ledger.milestones),
    )
    say(text, context.obj, style="green")


@commands.command(help=str(_("建立空白台账：ledger.yaml 和每项任务、每个责任单位一行的台账表")))
def template(
    context: typer.Context,
    rubric: str = RUBRIC_NAME,
    year: int = typer.Option(..., help=str(_("年度，如 2026"))),
    out: Path = typer.Option(..., help=str(_("写到这个文件夹"))),
) -> None:
    from evalkit.plan.folder import LEDGER_FILE, TABLE_FILE

    ek.begin_ledger(ek.load_rubric(rubric), year, out, context.obj)
    say(_("已建立 {file}：填写原文没有规定的各项", file=out / LEDGER_FILE), context.obj)
    say(_("已建立 {file}：填写时间节点", file=out / TABLE_FILE), context.obj)
    say(_("填完后运行：evalkit ledger check {out}", out=out), context.obj)


add_schema(
    commands, "evalkit.plan.ledger:Ledger", _("输出台账文件的 JSON Schema，供编辑器提示和检查")
)


plan = typer.Typer()


@plan.command(help=str(_("按台账评估规划在某一天的进展，出评估通报和每个责任单位的报告")))
def progress(
    context: typer.Context,
    path: Path = LEDGER,
    on: str = typer.Option(..., help=str(_("评估日，如 2026-06-30"))),
    out: Path = typer.Option(None, help=str(_("报告写到这个文件夹；不给出则只显示概况"))),
    unit: list[str] = typer.Option(None, help=str(_("只出这些责任单位的报告，可多次给出"))),
    encoding: str = ENCODING,
    as_json: bool = CANONICAL,
) -> None:

    assessed = ek.assess(*ek.read_ledger(path, encoding), day(on))
    chosen = [assessed.ledger.unit(name).id for name in unit or ()]
    if as_json and chosen:
        raise typer.BadParameter(_("--json 输出全部，不能与 --unit 同用").render(context.obj))
    if as_json:
        say_json(assessed.to_json())
    elif out is None:
        _show(assessed, chosen, context.obj)
    else:
        _write(assessed, out, chosen, context.obj)


def _write(assessed: ek.Progress, out: Path, chosen: list[str], language: str) -> None:

    pages: list[str | None] = [*chosen] or [None, *(unit.id for unit in assessed.ledger.units)]
    out.mkdir(parents=True, exist_ok=True)
    failures: list[ReportError] = []
    with bar(_("报告"), len(pages), language) as advance:
        for page in pages:
            try:
                ek.produce_progress(assessed, out, page, language=language)
            except ReportError as error:
                failures.append(error)
            advance()
    say(_("{n} 份报告在 {out}", n=len(pages) - len(failures), out=out), language, style="green")
    if failures:
        raise EvalkitError(*(p for error in failures for p in error.problems))


def _show(assessed: ek.Progress, chosen: list[str], language: str) -> None:
    from evalkit.figures.milestones import NAMES
    from evalkit.pages.progress import CONCLUSIONS

    title = _("{title} · {day}", title=assessed.ledger.title, day=assessed.on.isoformat())
    say(title, language, style="bold")
    columns: list[tuple[Text | str, str]] = [(_("目标"), "left"), (_("结论"), "left")]
    rows = [[r.target.text, render(CONCLUSIONS[r.state], language)] for r in assessed.targets]
    say_table(columns, rows, language)
    counted = assessed.to_dict()["units"]
    columns = [(_("标识"), "left"), (_("责任单位"), "left")]
    columns += [(name, "right") for name in NAMES.values()]
    rows = [
        [unit.id, unit.name, *(str(row["counts"][state]) for state in NAMES)]
        for unit, row in zip(assessed.ledger.units, counted, strict=True)
        if unit.id in chosen or not chosen
    ]
    say_table(columns, rows, language)
    say(_("评估结果摘要值 {digest}", digest=assessed.digest), language)
    say(_("台账摘要值 {digest}", digest=assessed.ledger.digest), language)
    say(_("规划文件摘要值 {digest}", digest=assessed.rubric.digest), language)
