"""``evalkit evaluate``: scores to official results."""

from __future__ import annotations

from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.terms import NONE
from evalkit.base.text import _
from evalkit.cli import options
from evalkit.cli.console import asked_results, say, say_json, say_table

commands = typer.Typer()


@commands.command(help=str(_("按声明的规则汇总评分、排名；给出文件夹，或给出三个文件")))
def evaluate(
    context: typer.Context,
    panel: Path = options.MAYBE_FOLDER,
    rubric: Path = options.RUBRIC,
    panel_file: Path = options.PANEL,
    scores: Path = options.SCORES,
    encoding: str = options.ENCODING,
    sheet: str = options.SHEET,
    as_json: bool = options.CANONICAL,
    trial: bool = options.TRIAL,
) -> None:
    files = (rubric, panel_file, scores)
    results = asked_results(
        panel, files, trial=trial, encoding=encoding, sheet=sheet, language=context.obj
    )
    if as_json:
        say_json(results.to_json())
        return
    _show(results, context.obj)


def _show(results: ek.Results, language: str) -> None:
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
        [[NONE if cell is None else str(cell) for cell in row] for row in table["rows"]],
        language,
    )
    say(_("结果摘要值 {digest}", digest=results.digest), language)
    if (before := results.facts.basis.supersedes) is not None:
        say(
            _(
                "取代的结果摘要值 {digest}；理由：{reason}",
                digest=before.results,
                reason=before.reason,
            ),
            language,
        )
    if (root := results.facts.basis.root) is not None:
        say(_("评分记录根哈希 {root}", root=root), language)
    say(_("评审组文件摘要值 {digest}", digest=results.panel.digest), language)
    say(_("指标体系文件摘要值 {digest}", digest=results.rubric.digest), language)
