"""``evalkit panel succeed`` and ``compare``: a locked round after an upheld objection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

import evalkit as ek
from evalkit.base.files import place
from evalkit.base.terms import NONE
from evalkit.base.text import _
from evalkit.cli.console import say, say_json, say_table
from evalkit.cli.options import JSON, PANEL, TRIAL

commands = typer.Typer()

_PARTS = ("rank", "total", "grade", "selected")
_SHOWN = {"id", "name", *(f"{part}_{side}" for part in _PARTS for side in ("before", "after"))}
_SIDES = {"rank": "right", "number": "right"}


@commands.command(
    help=str(_("异议成立后另开复核轮次，取代已锁定的一轮；只重开写明的内容，原件不动"))
)
def succeed(
    context: typer.Context,
    old: Path = typer.Argument(help=str(_("已锁定的评审工作文件夹"))),
    out: Path = typer.Option(..., help=str(_("新建的评审工作文件夹"))),
    reason: str = typer.Option(..., help=str(_("异议成立的理由"))),
    objection: str = typer.Option(..., help=str(_("哪一项异议：编号，或由谁提出"))),
    decided_by: str = typer.Option(..., help=str(_("由谁决定异议成立"))),
    reopen_sheet: list[str] = typer.Option(
        [], help=str(_("退回一份评分表：专家:评审对象，如 e3:c01；可写多次"))
    ),
    recuse: list[str] = typer.Option(
        [], help=str(_("查实的利益冲突：专家:评审对象，其评分不再计入；可写多次"))
    ),
    reopen_value: list[str] = typer.Option(
        [], help=str(_("重新登记一个值：评审对象:指标（条件、加分成果、扣分项）；可写多次"))
    ),
    panel: Path = PANEL,
) -> None:
    upheld = ek.UpheldObjection(
        reason, objection, decided_by, reopen_sheet, recuse, reopen_value, panel
    )
    with ek.Round.open(old) as workspace, ek.succeed(workspace, out, upheld) as new:
        found, people = new.history().succession, new.panel.experts
    if found is None:
        return
    say(_("已建立 {out}，取代根哈希为 {root} 的一轮", out=out, root=found.root), context.obj)
    say(_("重开：{what}", what=found.reopened), context.obj, style="green")
    given_back = {expert for expert, _applicant in found.sheets}
    for expert in (one for one in people if one.id in given_back):
        say(f"  {expert.name}  evalkit sheet {out} --expert {expert.id}", context.obj)
    text = _("还缺什么：evalkit panel check {out} --for-lock；补齐后锁定：evalkit panel lock {out}")
    say(text.filled(out=out), context.obj)


@commands.command(help=str(_("对照两轮结果：得分、名次、等次、拟选的变化和原因，公示名单是否有变")))
def compare(
    context: typer.Context,
    old: Path = typer.Argument(help=str(_("原来的一轮；只写一个文件夹时，是复核轮次"))),
    new: Path = typer.Argument(None, help=str(_("复核轮次"))),
    out: Path = typer.Option(None, help=str(_("另写成 Word 文件"))),
    trial: bool = TRIAL,
    as_json: bool = JSON,
) -> None:
    with ek.open(new or old) as after, ek.open(old) if new else ek.predecessor(after) as before:
        view = ek.comparison_view(ek.compare_rounds(before, after, trial=trial), context.obj)
    if out is not None:
        place({out: ek.comparison_word(view)})
    if as_json:
        say_json(view)
        return
    _show(view, context.obj)
    if out is not None:
        say(_("已写好 {out}", out=out), context.obj, style="green")


def _show(view: dict[str, Any], language: str) -> None:
    """What changed, everybody who moves with the reason, and whether to publish anew."""
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


def _cell(value: str | int | None) -> str:
    return NONE if value is None else str(value)
