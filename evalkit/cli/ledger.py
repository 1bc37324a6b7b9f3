"""``evalkit ledger`` and ``evalkit progress``: a plan's ledger, and what it says on a day."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import typer

import evalkit as ek
from evalkit.base.errors import EvalkitError, InputError, ReportError
from evalkit.base.files import place
from evalkit.base.terms import instant
from evalkit.base.text import Text, _, render
from evalkit.cli import ledger_record
from evalkit.cli.console import add_schema, say, say_json, say_table
from evalkit.cli.console import progress as bar
from evalkit.cli.options import CANONICAL, JSON, RUBRIC_NAME, day

ON_DAY = typer.Option(..., "--on", help=str(_("评估日，如 2026-06-30")))
FORMAT = typer.Option(
    None,
    "--format",
    help=str(_("通报的格式：html（默认，连同各单位的报告）、docx、pdf；可多次给出")),
)
LEDGER = typer.Argument(help=str(_("台账文件 ledger.yaml，或它所在的文件夹")))
ENCODING = typer.Option("utf-8", help=str(_("台账表的编码，如 utf-8、gbk")))

commands = typer.Typer(
    name="ledger",
    no_args_is_help=True,
    help=str(_("规划的台账：建立、检查、登记变动、督导、通报、结转到下一年度")),
)
commands.add_typer(ledger_record.commands)


@commands.command(help=str(_("检查台账：原文没有规定的是否都已声明，责任单位、时限、数据是否相符")))
def check(context: typer.Context, path: Path = LEDGER, encoding: str = ENCODING) -> None:
    with ek.open_year(path, encoding) as year:
        rubric, ledger = year.rubric, year.as_of()
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


@commands.command(help=str(_("登记的经过：什么时候、谁、为什么；原来的时限也在")))
def history(
    context: typer.Context, path: Path = LEDGER, encoding: str = ENCODING, as_json: bool = JSON
) -> None:
    with ek.open_year(path, encoding) as year:
        rows, root = year.told(), year.root()
    if as_json:
        say_json([{**row, "what": row["what"].render(context.obj)} for row in rows])
        return
    if not rows:
        say(_("台账还没有登记过变动"), context.obj)
        return
    columns = [_("日期"), _("登记时间"), _("登记人"), _("事项"), _("理由")]
    cells = []
    for row in rows:
        late = _("（{day} 起计入）", day=row["from"]) if row["from"] else ""
        day_ = _("{day}{late}", day=row["day"], late=late)
        values = (day_, instant(row["at"]), row["by"], row["what"], row["reason"])
        cells.append([render(value, context.obj) for value in values])
    say_table([(name, "left") for name in columns], cells, context.obj)
    say(_("根哈希 {root}", root=root), context.obj)


@commands.command(help=str(_("督导清单：哪些时间节点逾期、督导过没有、该提醒谁")))
def late(
    context: typer.Context,
    path: Path = LEDGER,
    on: str = ON_DAY,
    encoding: str = ENCODING,
    as_json: bool = JSON,
) -> None:
    from evalkit.plan.late import REMINDED

    with ek.open_year(path, encoding) as year:
        rows = ek.to_remind(year.assess(day(on)))
    if as_json:
        say_json(rows)
        return
    if not rows:
        say(_("没有逾期未完成的时间节点。"), context.obj, style="green")
        return
    columns: list[tuple[Text | str, str]] = [(_("编号"), "right"), (_("责任单位"), "left")]
    columns += [(_("时间节点"), "left"), (_("完成时限"), "left"), (_("逾期天数"), "right")]
    columns += [(_("督导"), "left"), (_("承诺"), "left"), (_("要提醒"), "left")]
    cells = [
        [
            *(str(row["number"]), row["unit"], row["name"], row["due"], str(row["days"])),
            render(REMINDED[row["state"]].filled(n=row["reminder"]), context.obj),
            row["promised"] or "",
            _("是").render(context.obj) if row["remind"] else "",
        ]
        for row in rows
    ]
    say_table(columns, cells, context.obj)
    units = list(dict.fromkeys(row["unit"] for row in rows if row["remind"]))
    if units:
        say(_("该提醒的责任单位：{units}", units=units), context.obj, style="yellow")


@commands.command("next", help=str(_("起草下一年度的台账：没有完成的节点连同原定时限结转过去")))
def next_(
    context: typer.Context,
    path: Path = LEDGER,
    out: Path = typer.Option(..., help=str(_("写到这个文件夹"))),
    on: str = typer.Option(None, help=str(_("按哪一天的台账结转；不写是现在"))),
    encoding: str = ENCODING,
) -> None:
    with ek.open_year(path, encoding) as year:
        n = ek.next_ledger(year, out, context.obj, day(on) if on else None)
        values = {"out": out, "n": n, "year": year.declared.year + 1}
    text = _("已起草 {year} 年度台账 {out}，结转 {n} 个时间节点", **values)
    say(text, context.obj, style="green")
    say(_("填完后运行：evalkit ledger check {out}", out=out), context.obj)


add_schema(
    commands, "evalkit.plan.ledger:Ledger", _("输出台账文件的 JSON Schema，供编辑器提示和检查")
)


plan = typer.Typer()


@plan.command(help=str(_("按台账评估规划在某一天的进展，出评估通报和每个责任单位的报告")))
def progress(
    context: typer.Context,
    path: Path = LEDGER,
    on: str = ON_DAY,
    out: Path = typer.Option(None, help=str(_("报告写到这个文件夹；不给出则只显示概况"))),
    unit: list[str] = typer.Option(None, help=str(_("只出这些责任单位的报告，可多次给出"))),
    formats: list[str] = FORMAT,
    encoding: str = ENCODING,
    as_json: bool = CANONICAL,
) -> None:
    wanted = _formats(formats, out)
    if unit and "docx" in wanted:
        raise InputError(_("Word 通报是整个规划的，--unit 只能用 html 或 pdf"))
    with ek.open_year(path, encoding) as year:
        assessed = year.assess(day(on))
    chosen = [assessed.ledger.unit(name).id for name in unit or ()]
    if as_json and chosen:
        raise typer.BadParameter(_("--json 输出全部，不能与 --unit 同用").render(context.obj))
    if as_json:
        say_json(assessed.to_json())
    elif out is None:
        _show(assessed, chosen, context.obj)
    else:
        _write(assessed, out, chosen, wanted, context.obj)


@commands.command(help=str(_("评估并通报：出通报，并登记这一天的评估已经通报")))
def report(
    context: typer.Context,
    path: Path = LEDGER,
    on: str = ON_DAY,
    by: str = typer.Option(..., help=str(_("登记人：台账 staff 中的标识"))),
    out: Path = typer.Option(..., help=str(_("报告写到这个文件夹"))),
    formats: list[str] = FORMAT,
    encoding: str = ENCODING,
) -> None:
    wanted = _formats(formats, out)
    with ek.open_year(path, encoding) as year:
        assessed, new = year.publish(day(on), by)
    _write(assessed, out, [], wanted, context.obj)
    text = _("已登记 {day} 的评估通报", day=on) if new else _("{day} 的评估以前已登记通报", day=on)
    say(text, context.obj, style="green")


def _formats(given: list[str] | None, out: Path | None) -> list[str]:
    """The formats asked for; only pages if none is named."""
    known = ("html", "docx", "pdf")
    for name in given or ():
        if name not in known:
            text = _("--format：“{name}”不可用，可选：{known}", name=name, known=list(known))
            raise InputError(text)
    if given and out is None:
        raise InputError(_("--format 要与 --out 同用"))
    return list(dict.fromkeys(given or ["html"]))


def _write(
    assessed: ek.Progress, out: Path, chosen: list[str], formats: list[str], language: str
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    if "html" in formats:
        _pages(assessed, out, chosen, language)
    if "docx" in formats:
        place({out / "progress.docx": ek.briefing_word(assessed, language)})
        say(_("已写好 {file}", file=out / "progress.docx"), language, style="green")
    if "pdf" in formats:
        with TemporaryDirectory(prefix="evalkit-") as folder:
            pages: list[str | None] = [*chosen] or [None]
            for unit in pages:
                page = ek.produce_progress(assessed, Path(folder), unit, language=language)
                file = out / f"{page.stem}.pdf"
                place({file: ek.pdf(page.read_text(encoding="utf-8"))})
                say(_("已写好 {file}", file=file), language, style="green")


def _pages(assessed: ek.Progress, out: Path, chosen: list[str], language: str) -> None:
    pages: list[str | None] = [*chosen] or [None, *(unit.id for unit in assessed.ledger.units)]
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
