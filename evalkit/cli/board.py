"""``evalkit board``: a round, or an office's register, as those see it who enter things there."""

from __future__ import annotations

from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.text import _
from evalkit.cli.options import FOLDER
from evalkit.cli.serve import PORT
from evalkit.cli.sheet import BROWSER, opened

commands = typer.Typer()


@commands.command(
    help=str(_("为评审秘书和组长打开进度板：缺什么、登记、锁定；或打开资格登记（只监听本机）"))
)
def board(
    context: typer.Context,
    panel: Path = FOLDER,
    port: int = PORT,
    browser: bool = BROWSER,
) -> None:
    if (panel / "standing.yaml").exists():
        with ek.Register.open(panel) as register:
            title = register.office.title
    else:
        with ek.Round.open(panel) as workspace:
            title = workspace.panel.title
    text = _("打开“{title}”的进度板；按 Ctrl+C 结束", title=title)
    said = opened(text, context.obj, browser=browser)
    ek.serve(panel, ek.Address(port=port), context.obj, "", said)
