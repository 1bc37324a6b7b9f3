"""``evalkit sheet``: open one expert's score sheets in a browser, without code in sight."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import typer

import evalkit as ek
from evalkit.base import resources
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.base.urls import is_url
from evalkit.cli.console import say
from evalkit.cli.options import EXPERT, FOLDER

commands = typer.Typer()

PORT = typer.Option(8866, help=str(_("端口")))
BROWSER = typer.Option(True, help=str(_("打开浏览器")))


@commands.command(help=str(_("为一位专家打开评分表（只监听本机，带一次性口令）")))
def sheet(
    context: typer.Context,
    panel: Path = FOLDER,
    expert: str = EXPERT,
    port: int = PORT,
    browser: bool = BROWSER,
) -> None:

    with ek.Round.open(panel) as workspace:
        name = workspace.panel.expert(expert).name
    say(_("为 {name} 打开评分表；按 Ctrl+C 结束", name=name), context.obj)
    handed = {"WORKSPACE": found_again(panel), "EXPERT": expert, "LANGUAGE": context.obj}
    raise typer.Exit(serve("score_sheet", handed, port, browser=browser))


def found_again(path: Path) -> str:
    """What names the round of ``path`` from any folder."""
    return str(path) if is_url(path) else str(path.resolve())


def serve(notebook: str, handed: dict[str, str], port: int, *, browser: bool) -> int:
    """Show a notebook without its code until it is interrupted; its exit status.

    Only this machine is listened to, with a token made for the occasion. What is ``handed`` over
    stands in the kernel's environment behind ``EVALKIT_``.
    """
    _require_free(port)
    command = [
        *(sys.executable, "-m", "voila", str(resources.path("notebooks", f"{notebook}.ipynb"))),
        *("--template=evalkit", "--Voila.auto_token=True", f"--port={port}"),
        *("--Voila.ip=127.0.0.1", "--VoilaConfiguration.show_tracebacks=False"),
        *(
            "--MappingKernelManager.cull_idle_timeout=600",
            "--MappingKernelManager.cull_interval=60",
        ),
        *(() if browser else ("--no-browser",)),
    ]
    environment = {**os.environ, **{f"EVALKIT_{key}": value for key, value in handed.items()}}
    return subprocess.run(command, env=environment, check=False).returncode


def _require_free(port: int) -> None:
    """Another port would be another origin for the browser, which keeps unsent scores by origin."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            text = _("端口 {port} 已被占用；请关掉占用它的程序，或用 --port 换一个", port=port)
            raise InputError(text) from error
