"""``evalkit declare``: fill in a drafted file without an editor."""

from __future__ import annotations

from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.cli.console import say

commands = typer.Typer()

MOST = 6
"""Places that are listed of one kind."""


@commands.command(
    help=str(
        _(
            "在起草的文件里填写：evalkit declare panel.yaml rules.step=0.5 "
            '"rules.selection={places: 3, tie_at_cut: none}"。其余文字和注释不动'
        )
    )
)
def declare(
    context: typer.Context,
    file: Path = typer.Argument(help=str(_("评审组、资格登记、台账或指标体系文件"))),
    values: list[str] = typer.Argument(
        None,
        help=str(
            _(
                "键=值，可以写几个；值写 @文件 的取文件的内容。只写键就列出那里可以怎么写；"
                "不写就列出还待定的"
            )
        ),
    ),
) -> None:
    pairs: dict[str, str] = {}
    asked = [given for given in values or [] if "=" not in given]
    for given in values or []:
        key, sign, value = given.partition("=")
        if not key.strip() or (asked and sign):
            raise InputError(_("“{given}”请写成 键=值", given=given))
        pairs[key.strip()] = value
    if asked:
        for key in asked:
            say(ek.around(file, key), context.obj)
        return
    left = ek.declare(file, pairs)
    if pairs:
        say(_("已写入 {n} 项", n=len(pairs)), context.obj, style="green")
    if left:
        say(_("还有 {n} 处待定：{keys}", n=len(left), keys=left), context.obj, style="yellow")
    else:
        say(_("没有待定的了"), context.obj, style="green")
    for what, places in ek.marks(file).items():
        more = _(" 等 {n} 处", n=len(places)) if len(places) > MOST else ""
        shown = [one if isinstance(one, str) else _("第 {n} 行", n=one) for one in places[:MOST]]
        say(_("  请看 {places}{more}：{what}", places=shown, more=more, what=what), context.obj)
