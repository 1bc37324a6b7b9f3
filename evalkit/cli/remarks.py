"""``evalkit record remark`` and ``answer``: words on applicants, and on disputed values."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import typer

import evalkit as ek
from evalkit.base.text import _
from evalkit.cli.console import say
from evalkit.cli.options import FOLDER

KINDS = {"opinion": _("评审意见"), "problems": _("问题"), "advice": _("建议")}

BY = typer.Option(None, "--expert", help=str(_("写这些话的专家的标识")))
OF = typer.Option(None, help=str(_("评审对象的标识")))
KIND = typer.Option("opinion", help=str(_("opinion 评审意见、problems 问题、advice 建议")))
TEXT = typer.Option(None, help=str(_("文字，照纸质评分表录入")))
TYPED_BY = typer.Option(None, help=str(_("录入的人")))
SOURCE = typer.Option(None, help=str(_("依据的纸质评分表，签字原件存在哪里")))
REASON = typer.Option("", help=str(_("改动的理由；改以前写过的须写")))
ABOUT = typer.Option(..., "--applicant", help=str(_("评审对象的标识")))
INDICATOR = typer.Option(..., help=str(_("指标的标识")))
ANSWER = typer.Option(..., "--text", help=str(_("答复：核对的结果和依据")))


def add_to(commands: typer.Typer) -> None:
    """Put the commands under ``commands``."""
    text = _(
        "录入专家写在纸上的评审意见、问题、建议，须在录入评分之前（打齐的评分表即已提交）；"
        "不写选项即列出已有的"
    )
    commands.command(help=str(text))(remark)
    text = _("答复专家对测量值的异议；数值确实有误的，用 measure 另行登记，不必答复")
    commands.command(help=str(text))(answer)


def remark(
    context: typer.Context,
    folder: Path = FOLDER,
    expert: str = BY,
    applicant: str = OF,
    kind: str = KIND,
    text: str = TEXT,
    typed_by: str = TYPED_BY,
    source: str = SOURCE,
    reason: str = REASON,
) -> None:
    """Record a remark from paper; without an expert, list those recorded."""
    given = {"expert": expert, "applicant": applicant, "text": text}
    given |= {"typed-by": typed_by, "source": source}
    with ek.Round.open(folder) as workspace:
        if not any(given.values()):
            _tell(workspace, context.obj)
            return
        if missing := [f"--{name}" for name, value in given.items() if not value]:
            raise typer.BadParameter(_("还要写 {names}", names=missing).render(context.obj))
        payload = {"text": text, "typed_by": typed_by, "source": source}
        payload |= {"reason": reason} if reason else {}
        workspace.append(ek.Entry(expert, uuid4().hex, "remark", applicant, kind, payload))
    say(_("已录入 {expert} 对 {applicant} 的话", **given), context.obj, style="green")


def _tell(workspace: ek.Round, language: str) -> None:
    panel, found = workspace.panel, workspace.remarks()
    for one in panel.applicants:
        for kind, words in found.get(one.id, {}).items():
            for expert, text in words.items():
                who = {"applicant": one.name, "expert": panel.expert(expert).name}
                line = _("{applicant} · {expert} · {kind}：{text}", **who)
                say(line.filled(kind=KINDS[kind], text=text), language)
    if not found:
        say(_("还没有专家写评审意见、问题、建议"), language)


def answer(
    context: typer.Context,
    folder: Path = FOLDER,
    applicant: str = ABOUT,
    indicator: str = INDICATOR,
    text: str = ANSWER,
) -> None:
    """Answer all open disputes of a value, in the secretary's name."""
    with ek.Round.open(folder) as workspace:
        author = workspace.panel.secretary.id
        payload = {"text": text}
        workspace.append(ek.Entry(author, uuid4().hex, "answer", applicant, indicator, payload))
        left = len(workspace.lacking())
    said = {"applicant": applicant, "name": indicator, "left": left}
    done = _("已答复对 {applicant} 的 {name} 的异议；锁定前还缺 {left} 项", **said)
    say(done, context.obj, style="green")
