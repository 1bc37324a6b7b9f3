"""``evalkit appeal compare``: the results before and after, and everybody who moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

import evalkit as ek
from evalkit.base import terms
from evalkit.base.errors import Refused
from evalkit.base.files import place
from evalkit.base.text import _
from evalkit.cli.console import say, say_json, say_table
from evalkit.cli.options import JSON, TRIAL

_PARTS = ("rank", "total", "grade", "selected")
_SHOWN = {"id", "name", *(f"{part}_{side}" for part in _PARTS for side in ("before", "after"))}
_SIDES = {"rank": "right", "number": "right"}


def add_to(commands: typer.Typer) -> None:
    """Put the command under ``commands``."""
    text = _("对照两轮结果：得分、名次、等次、拟选的变化和原因，公示名单是否有变")
    commands.command(help=str(text))(compare)


def compare(
    context: typer.Context,
    old: Path = typer.Argument(help=str(_("案卷或复核轮次的文件夹；对照任意两轮时，是原来的一轮"))),
    new: Path = typer.Argument(None, help=str(_("复核轮次"))),
    out: Path = typer.Option(None, help=str(_("另写成 Word 文件"))),
    trial: bool = TRIAL,
    as_json: bool = JSON,
) -> None:
    """Say what changed between two rounds."""
    after_folder = new or _amended(old)
    with ek.open(after_folder) as after, ek.open(old) if new else ek.predecessor(after) as before:
        view = ek.comparison_view(ek.compare_rounds(before, after, trial=trial), context.obj)
    if out is not None:
        place({out: ek.comparison_word(view)})
    if as_json:
        say_json(view)
        return
    _show(view, context.obj)
    if out is not None:
        say(_("已写好 {out}", out=out), context.obj, style="green")


def _amended(folder: Path) -> Path:
    """The round of a case file; any other folder is the round itself."""
    from evalkit.appeal.layout import LOG_FILE, ROUND

    if not (folder / LOG_FILE).exists():
        return folder
    if not (folder / ROUND).exists():
        raise Refused(_("这件异议没有重开任何内容，没有可对照的"))
    return folder / ROUND


def _show(view: dict[str, Any], language: str) -> None:
    """What changed, everybody who moves with the reason, and whether to publish anew; what it is
    worth stands above and below.
    """
    if (mark := terms.mark(view["after"]["status"])) is not None:
        say(mark, language, style="bold yellow")
    if (before := view["basis"].get("supersedes")) is not None:
        text = _("取代根哈希为 {root} 的一轮；理由：{reason}", **before)
        say(text, language, style="bold")
    for one in view["inputs"]:
        say(f"  · {one['what']}", language)
    moved = [one for one in view["applicants"] if one["moved"]]
    names = [c["name"] for c in view["table"]["columns"]]
    kept = [n for n, name in enumerate(names) if name in _SHOWN]
    rows = [row for row in view["table"]["rows"] if row[names.index("moved")]]
    if moved:
        heads = view["table"]["columns"]
        columns = [(heads[n]["heading"], _SIDES.get(heads[n]["kind"], "left")) for n in kept]
        say_table(columns, ([_cell(row[n]) for n in kept] for row in rows), language)
    for one in moved:
        say(_("{name}：{why}", **one), language)
    say(_("其余 {n} 个对象没有变化", n=len(view["applicants"]) - len(moved)), language)
    changed = view["publicity"]["changed"]
    say(view["publicity"]["said"], language, style="yellow" if changed else None)
    if moved and before is not None:
        text = _(
            "原来的报告要全部重出，没有变化的对象也是：每一份都有全体的统计、根哈希和结果的摘要值"
        )
        say(text, language, style="yellow")
    if mark is not None:
        say(mark, language, style="bold yellow")


def _cell(value: str | int | None) -> str:
    return terms.NONE if value is None else str(value)
