"""``evalkit sheet``: open one expert's score sheets in a browser, without code in sight."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.text import Text, _
from evalkit.cli.console import say
from evalkit.cli.options import EXPERT, FOLDER
from evalkit.cli.serve import PORT

commands = typer.Typer()

BROWSER = typer.Option(True, help=str(_("打开浏览器")))


@commands.command(help=str(_("在这台电脑上为一位专家打开评分表（别的电脑连不上）")))
def sheet(
    context: typer.Context,
    panel: Path = FOLDER,
    expert: str = EXPERT,
    port: int = PORT,
    browser: bool = BROWSER,
) -> None:
    with ek.Round.open(panel) as workspace:
        name = workspace.panel.expert(expert).name
    text = _("为 {name} 打开评分表；按 Ctrl+C 结束", name=name)
    said = opened(text, context.obj, browser=browser)
    ek.serve(panel, ek.Address(port=port), context.obj, expert, said)


def opened(text: Text, language: str, *, browser: bool) -> Callable[[str], None]:
    """What to do with the address once the server listens: say it, and open it where asked."""

    def said(url: str) -> None:
        say(text, language)
        say(url, language)
        if browser:
            webbrowser.open(url)

    return said
