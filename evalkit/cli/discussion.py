"""``evalkit panel discuss`` and ``evalkit panel changes``: a discussion before the lock."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.terms import instant
from evalkit.base.text import _, render
from evalkit.cli.console import say, say_table
from evalkit.cli.options import FOLDER, REASON


class State(StrEnum):
    """What is done with a discussion."""

    open = "open"
    close = "close"


STATE = typer.Argument(help=str(_("open 开始，close 结束")))
BY = typer.Option(None, "--by", help=str(_("由谁：组长或评审秘书的标识；不写即评审秘书")))
OF = typer.Option(None, "--applicant", help=str(_("退回对哪些对象的评分表，可多次给出")))
EXPERTS = typer.Option(None, "--expert", help=str(_("只退回这些专家的，可多次给出；不写即各位")))


def add_to(commands: typer.Typer) -> None:
    """Put the commands under ``commands``."""
    text = _("开始或结束锁定之前的讨论，退回要讨论的评分表；讨论中改了什么逐条留下")
    commands.command(help=str(text))(discuss)
    text = _("列出讨论中的改动：谁、哪一项、改前、改后、为什么")
    commands.command(help=str(text))(changes)


def discuss(
    context: typer.Context,
    folder: Path = FOLDER,
    state: State = STATE,
    reason: str = REASON,
    by: str = BY,
    applicant: list[str] = OF,
    expert: list[str] = EXPERTS,
) -> None:
    """Open or close a discussion."""
    with ek.Round.open(folder) as workspace:
        history, sheets = workspace.history(), list[tuple[str, str]]()
        for one in applicant or ():
            seats = workspace.panel.seats(workspace.panel.applicant(one).id)
            wanted = [workspace.panel.expert(e).id for e in expert] if expert else seats
            sheets += [(e, one) for e in wanted if expert or history.submitted(e, one)]
        if state is State.close and sheets:
            wrong = _("结束讨论时不退回评分表，请不写 --applicant")
            raise typer.BadParameter(wrong.render(context.obj))
        workspace.discuss("open" if state is State.open else "closed", reason, by=by, sheets=sheets)
        made = workspace.discussions()[-1]
    if state is State.open:
        text = _("讨论已开始，退回 {n} 份评分表", n=len(made.given_back))
    else:
        text = _("讨论已结束，其间改动 {n} 处", n=len(made.changes))
    say(text, context.obj, style="green")


def changes(context: typer.Context, folder: Path = FOLDER) -> None:
    """List what was changed in each discussion."""
    language = context.obj
    with ek.Round.open(folder) as workspace:
        found, panel = workspace.discussions(), workspace.panel
        rubric, history = workspace.rubric, workspace.history()
    if not found:
        say(_("没有讨论过"), language)
    rule = panel.rules.discussion
    named = history.lock is not None or rule is None or rule.experts == "named"
    for n, one in enumerate(found, 1):
        values = {"n": n, "at": instant(one.opened.at), "why": one.opened.payload["text"]}
        say(_("第 {n} 次讨论，{at}开始：{why}", **values), language)
        shown = one.submitted_only(history)
        rows = [change.row(rubric, panel, named=named) for change in shown]
        if rows:
            cells = [[render(cell, language) for cell in row] for row in rows]
            say_table([(heading, "left") for heading in one.headings], cells, language)
        if more := len(one.changes) - len(shown):
            say(_("另有 {n} 处改在还没有重新提交的评分表上，提交之后列出", n=more), language)
        elif not rows:
            say(_("没有改动"), language)
        if one.closed is None:
            say(_("讨论没有结束"), language)
