"""``evalkit record sheets`` and ``sheet``: score sheets for computers without a network."""

from __future__ import annotations

from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.errors import InputError, Problem
from evalkit.base.files import place
from evalkit.base.text import _
from evalkit.cli.console import say
from evalkit.cli.options import FOLDER

OUT = typer.Option(..., "--out", help=str(_("新建的文件夹")))
FILE = typer.Argument(help=str(_("由 evalkit record sheets 写出、专家填好的 Excel 文件")))
TYPED_BY = typer.Option(..., "--typed-by", help=str(_("录入的人")))
SOURCE = typer.Option(..., "--source", help=str(_("签了字的打印件存在哪里")))
CHANGE = typer.Option("", "--reason", help=str(_("改动的理由；改以前登记过的须写")))


def add_to(commands: typer.Typer) -> None:
    """Put both under ``commands``."""
    commands.command(
        help=str(_("写出离线评分表：每位专家一个 Excel 文件，没有网络也能填，打印出来签字"))
    )(sheets)
    commands.command(help=str(_("录入填好的离线评分表：全部录入；有错就列出在哪一格，什么也不录")))(
        sheet
    )


def sheets(context: typer.Context, folder: Path = FOLDER, out: Path = OUT) -> None:
    if out.exists():
        raise InputError(Problem(_("已经存在，不覆盖；请换一个名字"), str(out)))
    with ek.Round.open(folder) as workspace:
        found = ek.offline_sheets(workspace, context.obj)
        names = {e.id: e.name for e in workspace.panel.experts}
        shown = workspace.shown
    files = {id: out / f"{id}.xlsx" for id in found}
    place({file: found[id] for id, file in files.items()})
    for id, file in files.items():
        say(_("{name}（{id}）：{file}", name=names[id], id=id, file=file), context.obj)
    text = _("填好签字后录入：evalkit record sheet {folder} 文件.xlsx --typed-by … --source …")
    say(text.filled(folder=shown), context.obj, style="green")


def sheet(
    context: typer.Context,
    folder: Path = FOLDER,
    file: Path = FILE,
    typed_by: str = TYPED_BY,
    source: str = SOURCE,
    reason: str = CHANGE,
) -> None:
    with ek.Round.open(folder) as workspace:
        given = {"typed_by": typed_by, "evidence": source, "reason": reason}
        stored = ek.import_sheet(workspace, file, **given)
        left = len(workspace.lacking())
    said = _("新录入 {n} 条；锁定前还缺 {left} 项", n=stored, left=left)
    say(said, context.obj, style="green")
