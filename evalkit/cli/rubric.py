"""``evalkit rubric``: look at and check rubric files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from evalkit import resources
from evalkit.cli.console import say, say_table
from evalkit.text import _

if TYPE_CHECKING:
    from evalkit.rubric import Rubric

FILE = typer.Argument(help=str(_("指标体系文件，或随 evalkit 附带的标识，如 henan-centre-2025")))

commands = typer.Typer(no_args_is_help=True, help=str(_("查看、检查指标体系文件")))


def add_to(app: typer.Typer) -> None:
    """Put these commands under ``app``."""
    app.add_typer(commands, name="rubric")


@commands.command(help=str(_("检查指标体系文件：结构、分值合计、标识")))
def check(context: typer.Context, file: str = FILE) -> None:
    rubric = _load(file)
    text = _(
        "{id}：{n} 项指标，共 {points} 分，没有发现问题",
        id=rubric.id,
        n=len(rubric.indicators),
        points=rubric.points,
    )
    say(text, context.obj, style="green")


@commands.command(help=str(_("以表格列出指标体系")))
def show(
    context: typer.Context,
    file: str = FILE,
    as_json: bool = typer.Option(False, "--json", help=str(_("输出 JSON，供其他程序使用"))),
) -> None:
    rubric = _load(file)
    if as_json:
        typer.echo(json.dumps(rubric.summary(), ensure_ascii=False, indent=2))
        return
    heading = _("{title}（{mark}）", title=rubric.title, mark=f"{rubric.id} {rubric.version}")
    say(heading, context.obj, style="bold")
    say(f"{rubric.source.title} · {rubric.source.table}", context.obj)
    columns = ((_("一级指标"), "left"), (_("二级指标"), "left"), (_("分值"), "right"))
    say_table(columns, _rows(rubric), context.obj)


@commands.command(help=str(_("输出指标体系文件的 JSON Schema，供编辑器提示和检查")))
def schema() -> None:
    from evalkit.rubric import Rubric

    typer.echo(json.dumps(Rubric.model_json_schema(), ensure_ascii=False, indent=1))


def _rows(rubric: Rubric) -> list[tuple[str, str, str]]:
    rows = []
    for d in rubric.dimensions:
        for n, i in enumerate(d.leaves):
            group = "" if n else f"{d.number or ''} {d.name} ({d.total})".strip()
            rows.append((group, f"{i.number or ''} {i.name}".strip(), format(i.points, "f")))
    rows += [(f"+ {b.name}", f"{b.item.min}–{b.item.max}", f"≤ {b.points}") for b in rubric.bonus]
    return rows


def _load(file: str) -> Rubric:
    from evalkit.rubric import load_rubric

    path = Path(file)
    if not path.exists() and path.name == file and not path.suffix:
        path = resources.path("rubrics", f"{file}.yaml")
    return load_rubric(path)
