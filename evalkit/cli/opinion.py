"""``evalkit panel opinion``: what the panel as a whole says of an applicant."""

from __future__ import annotations

from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.errors import Problem, Refused
from evalkit.base.text import _
from evalkit.cli.console import say
from evalkit.cli.options import FOLDER

AUTHOR = typer.Option(None, "--by", help=str(_("登记人：组长或评审秘书的标识；不写即评审秘书")))
OF = typer.Option(None, help=str(_("评审对象的标识；不写即列出已登记的意见")))
TEXT = typer.Option(None, help=str(_("意见的文字")))
FILE = typer.Option(None, "--file", help=str(_("意见的文字在这个文本文件里（UTF-8）")))


def add_to(commands: typer.Typer) -> None:
    """Put the command under ``commands``."""
    text = _("登记专家组对一个对象的意见（锁定前），写进会议纪要和报告")
    commands.command(help=str(text))(opinion)


def opinion(
    context: typer.Context,
    folder: Path = FOLDER,
    applicant: str = OF,
    text: str = TEXT,
    file: Path = FILE,
    by: str = AUTHOR,
) -> None:
    """Record an opinion; without an applicant, list those recorded."""
    with ek.Round.open(folder) as workspace:
        if applicant is None and text is None and file is None:
            _tell(workspace, context.obj)
            return
        if applicant is None or (text is None) == (file is None):
            wrong = _("请写明 --applicant，并在 --text 和 --file 中给出一个")
            raise typer.BadParameter(wrong.render(context.obj))
        words = text if file is None else _read(file)
        workspace.record_opinion(applicant, words, by)
    say(_("已登记专家组对 {applicant} 的意见", applicant=applicant), context.obj, style="green")


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(Problem(_("不是 UTF-8 文本，请另存为 UTF-8"), str(file))) from error


def _tell(workspace: ek.Round, language: str) -> None:
    found = workspace.opinions()
    for one in workspace.panel.applicants:
        words = found.get(one.id) or _("尚未登记意见")
        say(_("{name}（{id}）：{words}", name=one.name, id=one.id, words=words), language)
