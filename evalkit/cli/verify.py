"""``evalkit panel verify`` and ``heads``: a record held against what others keep of it."""

from __future__ import annotations

from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.text import _
from evalkit.cli.console import say
from evalkit.cli.options import FOLDER

RECEIPT = typer.Option(
    [], "--receipt", help=str(_("专家保存的回执：一整行，或每行一张的文件；可以给出多个"))
)
ROOT = typer.Option("", "--root", help=str(_("签字盖章的纪要上的根哈希")))
REPORTS = typer.Option(
    [], "--reports", help=str(_("出过的报告或 Word 文件所在的文件夹；评审工作文件夹里的自会找到"))
)


def add_to(commands: typer.Typer) -> None:
    """Put both under ``commands``."""
    commands.command(
        help=str(_("核验评分记录有没有被改过、删过：与回执、纪要上的根哈希、出过的报告对照"))
    )(verify)
    commands.command(
        help=str(_("列出每个人最后一条记录的回执，请另存到别处；日后用 verify --receipt 对照"))
    )(heads)


def verify(
    context: typer.Context,
    folder: Path = FOLDER,
    receipt: list[str] = RECEIPT,
    root: str = ROOT,
    reports: list[Path] = REPORTS,
) -> None:
    with ek.Round.open(folder) as workspace:
        say_found(workspace.verify(receipt, root, reports), context.obj)


def say_found(found: ek.Verification, language: str) -> None:
    """Say what was found, the wrong first; exit with 1 where something is."""
    parts = (
        (_("有问题的（{n}）："), found.wrong, "red"),
        (_("核对过、相符的（{n}）："), found.holds, "green"),
        (_("现有的材料看不出来的（{n}）："), found.unknown, "yellow"),
    )
    for heading, texts, style in parts:
        if texts:
            say(heading.filled(n=len(texts)), language, style=style)
        for text in texts:
            say(_("  · {text}", text=text), language)
    say(found.advice, language, style="green" if found.ok else "red")
    if not found.ok:
        raise typer.Exit(1)


def heads(context: typer.Context, folder: Path = FOLDER) -> None:
    with ek.Round.open(folder) as workspace:
        for receipt in workspace.heads():
            say(str(receipt), context.obj)
