"""``evalkit evaluate``: scores to official results."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from evalkit.base.text import _
from evalkit.cli.console import asked_results, say, say_table

if TYPE_CHECKING:
    from evalkit.evaluation import Results


def add_to(app: typer.Typer) -> None:
    """Put this command under ``app``."""
    app.command("evaluate", help=str(_("按声明的规则汇总评分、排名；给出文件夹，或给出三个文件")))(
        evaluate
    )


def evaluate(
    context: typer.Context,
    panel: Path = typer.Argument(None, help=str(_("评审工作文件夹"))),
    rubric: Path = typer.Option(None, help=str(_("指标体系文件"))),
    panel_file: Path = typer.Option(None, "--panel", help=str(_("评审组文件"))),
    scores: Path = typer.Option(
        None, help=str(_("评分表 CSV、Excel 或 Parquet：applicant,expert,indicator,points,reason"))
    ),
    encoding: str = typer.Option("utf-8", help=str(_("评分表的编码，如 utf-8、gbk"))),
    sheet: str = typer.Option(None, help=str(_("评分表是 Excel 时，用哪一张工作表"))),
    as_json: bool = typer.Option(False, "--json", help=str(_("输出规范 JSON（RFC 8785）"))),
    trial: bool = typer.Option(False, help=str(_("锁定前试算，结果注明不作为正式结果"))),
) -> None:
    files = (rubric, panel_file, scores)
    results = asked_results(
        panel, files, trial=trial, encoding=encoding, sheet=sheet, language=context.obj
    )
    if as_json:
        # the digest is over these bytes: no line end where another program reads them
        typer.echo(results.to_json(), nl=sys.stdout.isatty())
        return
    _show(results, context.obj)


def _show(results: Results, language: str) -> None:
    status = {
        "official": _("正式结果（已锁定）"),
        "table": _("依据评分表计算，未经本系统锁定"),
        "trial": _("试算，不作为正式结果"),
    }[results.status]
    say(f"{results.panel.title} · {status.render(language)}", language, style="bold")
    table = results.tables["ranking"].to_dict(language)
    heads = [
        (c["heading"], "left" if c["kind"] in ("name", "word") else "right")
        for c in table["columns"]
    ]
    say_table(
        heads,
        [["—" if cell is None else str(cell) for cell in row] for row in table["rows"]],
        language,
    )
    say(_("结果摘要值 {digest}", digest=results.digest), language)
    if (root := results.facts.basis.root) is not None:
        say(_("评分记录根哈希 {root}", root=root), language)
    say(_("评审组文件摘要值 {digest}", digest=results.panel.digest), language)
    say(_("指标体系文件摘要值 {digest}", digest=results.rubric.digest), language)
