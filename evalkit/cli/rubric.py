"""``evalkit rubric``: look at and check rubric files."""

from __future__ import annotations

from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.text import Text, _
from evalkit.cli.console import add_schema, say, say_json
from evalkit.cli.options import JSON, RUBRIC_NAME

commands = typer.Typer(name="rubric", no_args_is_help=True, help=str(_("查看、检查指标体系文件")))


@commands.command(
    help=str(
        _(
            "检查指标体系文件：结构、分值合计、标识、须声明的规则；没有问题返回 0，"
            "有可以补写的返回 1（文件照样能用），不能读取或不能用返回 2"
        )
    )
)
def check(context: typer.Context, file: str = RUBRIC_NAME) -> None:
    rubric = ek.load_rubric(file)
    found = list(ek.check_rubric(rubric))
    for sentence in found:
        say(sentence, context.obj)
    if found:
        text = _(
            "以上可以补写，不是错误；文件照样能用，接着运行：evalkit {use}",
            use=_use(rubric, file),
        )
        say(text, context.obj, style="green")
        raise typer.Exit(1)
    sound = _("{id}：{has}，没有发现问题", id=rubric.id, has=_contents(rubric))
    say(sound, context.obj, style="green")


@commands.command(help=str(_("列出指标体系的全部内容：指标表、说明与评分标准、各项条款")))
def show(
    context: typer.Context,
    file: str = RUBRIC_NAME,
    as_json: bool = JSON,
) -> None:
    from evalkit.cli import notice

    rubric = ek.load_rubric(file)
    if as_json:
        say_json(rubric.summary())
        return
    notice.show(rubric, context.obj)


@commands.command(
    help=str(
        _(
            "原文所附的表格：写出空表（--out），或检查填好的表有没有漏填、超过字数（--check）；"
            "没有问题返回 0，有则返回 1"
        )
    )
)
def form(
    context: typer.Context,
    rubric: str = RUBRIC_NAME,
    name: str = typer.Argument("", help=str(_("哪一张表格；只有一张时不必写"))),
    out: Path = typer.Option(None, help=str(_("写出空表的新文件（YAML）"))),
    check: Path = typer.Option(None, help=str(_("检查这份填好的表"))),
) -> None:
    loaded = ek.load_rubric(rubric)
    if out is not None:
        ek.begin_form(out, loaded, name)
        text = _(
            "已写好 {out}。填完后运行：evalkit rubric form {rubric} --check {out}",
            out=out,
            rubric=rubric,
        )
        say(text, context.obj, style="green")
    if check is not None:
        found = ek.check_form(check, loaded)
        for sentence in found:
            say(sentence, context.obj, style="yellow")
        if found:
            raise typer.Exit(1)
        say(_("{file}：没有漏填，字数都在限内", file=check), context.obj, style="green")
    if out is None and check is None:
        for one in loaded.forms:
            say(f"{one.id}  {one.name}（{one.article}）", context.obj)


@commands.command(help=str(_("用文字列出两个版本的不同；没有不同时返回 0，有则返回 1")))
def diff(
    context: typer.Context,
    old: str = typer.Argument(help=str(_("旧版本的文件"))),
    new: str = typer.Argument(help=str(_("新版本的文件"))),
) -> None:
    found = ek.compare_rubrics(ek.load_rubric(old), ek.load_rubric(new))
    for sentence in found:
        say(sentence, context.obj)
    if found:
        raise typer.Exit(1)
    say(_("没有不同"), context.obj, style="green")


@commands.command(
    "import",
    help=str(
        _(
            "由 Word 文件（.docx）或文本里的指标表起草指标体系文件，每张表一份；"
            "没有把握的标“待定”并列出。草稿完整返回 0，有待定返回 1，不能读取返回 2"
        )
    ),
)
def import_(
    context: typer.Context,
    file: Path = typer.Argument(help=str(_("含指标表的 .docx 文件，或粘贴成的文本文件"))),
    out: Path = typer.Option(
        Path(), help=str(_("草稿放到这个文件夹；只有一份草稿时也可以是 .yaml 文件名"))
    ),
    table: int = typer.Option(None, help=str(_("只要第几张指标表，从 1 数起"))),
    encoding: str = typer.Option("utf-8", help=str(_("文本文件的编码，如 utf-8、gbk"))),
) -> None:
    files = ek.import_rubric(file, out, table, encoding, context.obj)
    for written in files:
        n = written.draft.indicators
        say(_("已写出 {file}：{n} 项指标", file=written.path, n=n), context.obj, style="green")
        for sentence in written.undecided():
            say(sentence, context.obj)
    open_ = [written.path for written in files if written.draft.pending]
    for path in open_:
        say(_("接着照原文填写：evalkit declare {file} 键=值", file=path), context.obj)
    if open_:
        raise typer.Exit(1)


add_schema(
    commands, "evalkit.rubric:Rubric", _("输出指标体系文件的 JSON Schema，供编辑器提示和检查")
)


def _use(rubric: ek.Rubric, file: str) -> str:
    """The command with which work on the rubric goes on."""
    if rubric.tasks or rubric.targets:
        return f"ledger template {file}"
    return f"panel new {file} --out panel.yaml"


def _contents(rubric: ek.Rubric) -> list[Text]:
    """What the rubric has: a table with its points, targets and tasks of a plan, provisions."""
    n, points = len(rubric.indicators), rubric.points
    parts = [
        (n, _("{n} 项指标（共 {points} 分）", n=n, points=points if points is not None else 0)),
        (len(rubric.targets), _("{n} 个目标", n=len(rubric.targets))),
        (len(rubric.tasks), _("{n} 项任务", n=len(rubric.tasks))),
        (len(rubric.procedures), _("{n} 个评审程序", n=len(rubric.procedures))),
    ]
    has = [text for count, text in parts if count]
    if not n:
        has.insert(0, _("没有指标表"))
    return [*has, _("规定共 {n} 条", n=len(rubric.provisions))]
