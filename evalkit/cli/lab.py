"""``evalkit lab``: JupyterLab in the language asked for, with a card for each notebook."""

from __future__ import annotations

import socket
from functools import partial
from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.text import _
from evalkit.cli.console import say
from evalkit.cli.serve import PORT
from evalkit.cli.sheet import BROWSER

commands = typer.Typer()

WHERE = typer.Argument(
    Path(), help=str(_("在哪个文件夹打开；是评审工作文件夹的，进度板打开的就是这一轮"))
)


@commands.command(help=str(_("打开 JupyterLab：中文界面，启动页上是各笔记本的卡片（只监听本机）")))
def lab(
    context: typer.Context, folder: Path = WHERE, port: int = PORT, browser: bool = BROWSER
) -> None:
    _require_free(port)
    told = partial(say, language=context.obj)
    raise typer.Exit(ek.run_lab(folder.resolve(), port, context.obj, browser=browser, said=told))


def _require_free(port: int) -> None:
    """Raise InputError where something listens: JupyterLab would silently take another port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ek.Address(port=port).taken(error) from error
