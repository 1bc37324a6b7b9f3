"""``evalkit rerun``: an archive made again, and what differs."""

from __future__ import annotations

import json
from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.text import _
from evalkit.cli.console import say

commands = typer.Typer()

STYLES = {"identical": "green", "explained": "yellow", "unexplained": "red"}


@commands.command(
    help=str(
        _(
            "重做一个档案：重新计算、重出报告，逐项比较，只读。相同退出 0，有不同退出 1，"
            "重做不了退出 2"
        )
    )
)
def rerun(
    context: typer.Context,
    folder: Path = typer.Argument(help=str(_("evalkit archive 做的档案"))),
    applicant: str = typer.Option(None, help=str(_("只重做这一个对象的报告"))),
    as_json: bool = typer.Option(False, "--json", help=str(_("输出 JSON，全部不同之处都在其中"))),
) -> None:

    found, language = ek.rerun(folder, applicant), context.obj
    if as_json:
        print(json.dumps(found.to_dict(language), ensure_ascii=False, indent=1))
    else:
        say(found.said, language, style=STYLES[found.verdict])
        for text in found.lines():
            say(text, language)
    if not found.identical:
        raise typer.Exit(1)
