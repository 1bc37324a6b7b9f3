"""``evalkit panel``: look at and check panel files."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from evalkit.cli.console import say
from evalkit.text import _

commands = typer.Typer(no_args_is_help=True, help=str(_("检查评审组文件")))


def add_to(app: typer.Typer) -> None:
    """Put these commands under ``app``."""
    app.add_typer(commands, name="panel")


@commands.command(help=str(_("检查评审组：规则是否声明齐全、利益冲突、每个对象的专家人数")))
def check(
    context: typer.Context,
    path: Path = typer.Argument(help=str(_("评审组文件 panel.yaml，或它所在的文件夹"))),
) -> None:
    from evalkit import explain
    from evalkit.panel import find_rubric, load_panel

    file = path / "panel.yaml" if path.is_dir() else path
    rubric = find_rubric(file)
    panel = load_panel(file, rubric)
    findings = panel.findings()
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
    for sentence in explain.rules(rubric, panel):
        say(f"  · {sentence.render(context.obj)}", context.obj)


@commands.command(help=str(_("输出评审组文件的 JSON Schema，供编辑器提示和检查")))
def schema() -> None:
    from evalkit.panel import Panel

    typer.echo(json.dumps(Panel.model_json_schema(), ensure_ascii=False, indent=1))
