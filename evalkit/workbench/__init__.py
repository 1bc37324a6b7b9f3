"""What experts and secretaries work with in notebooks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.base.errors import InputError, Refused
from evalkit.base.text import LANGUAGES, _
from evalkit.base.wanted import asked

if TYPE_CHECKING:
    from evalkit.appeal.case import Appeal
    from evalkit.evaluation import Results
    from evalkit.evaluation.what_if import Evaluated
    from evalkit.round import Round
    from evalkit.workbench.board import Board
    from evalkit.workbench.register_board import RegisterBoard
    from evalkit.workbench.sheet import ScoreSheet
    from evalkit.workbench.what_if_board import WhatIfBoard


PRACTISING = "e3"
"""The expert of the demo whose sheets are shown to whoever opens the notebook as it is."""

STANDING_FILE = "standing.yaml"
MEASURED = "anhui-application-demo"
"""The demo on which secretaries practise: it has measured values and conditions of entry."""


@asked
def score_sheet(workspace: str = "", expert: str = "", language: str = "") -> ScoreSheet:
    """The score sheets of one expert, as a form.

    ``workspace`` is the panel's folder and ``expert`` an id of the panel. Left empty, they are what
    ``evalkit sheet`` handed to this kernel; where it handed nothing, an expert of the demo
    practises in a folder that goes with the kernel. Raises InputError where only one is given.
    """
    from evalkit.round import Round
    from evalkit.workbench.sheet import ScoreSheet

    workspace = workspace or os.environ.get("EVALKIT_WORKSPACE", "")
    expert = expert or os.environ.get("EVALKIT_EXPERT", "")
    language = language or os.environ.get("EVALKIT_LANGUAGE", LANGUAGES[0])
    if not workspace and not expert:
        return ScoreSheet(_practice("demo"), PRACTISING, language)
    if not workspace or not expert:
        raise InputError(
            _("请在上面的参数单元格里填写 workspace（评审工作文件夹）和 expert（专家标识）")
        )
    return ScoreSheet(Round.open(workspace), expert, language)


@asked
def panel_board(workspace: str = "", language: str = "") -> Board | RegisterBoard:
    """The board of a round, for its secretary and chair, or of an office's register.

    ``workspace`` is the panel's folder or that of a standing file. Left empty, it is what
    ``evalkit board`` or ``evalkit lab`` handed to this kernel; where it handed nothing, a round of
    a demo to practise on, which goes with the kernel. A server hands over the role and the person
    of who has logged in, in whose name everything is done then. Raises Refused for a person of
    another role.
    """
    from evalkit.round import Round
    from evalkit.workbench.board import Board

    handed = (os.environ.get(f"EVALKIT_{name}", "") for name in ("WORKSPACE", "ROUND"))
    workspace = workspace or next(filter(None, handed), "")
    language = language or os.environ.get("EVALKIT_LANGUAGE", LANGUAGES[0])
    if workspace and (Path(workspace) / STANDING_FILE).exists():
        return _register_board(workspace, language)
    round = Round.open(workspace) if workspace else _practice(MEASURED)
    return Board(round, language, _person(round))


def appeal_case(case: str = "", folder: str = "") -> Appeal | None:
    """The appeal in the folder ``case``. Left empty, that of which ``folder`` is a round, or None;
    without either, one about the demo that waits for its decision, in a folder that goes with the
    kernel. Raises as `Appeal.open` does.
    """
    from evalkit.appeal.case import Appeal
    from evalkit.appeal.layout import LOG_FILE
    from evalkit.workbench.cases import practice

    if case:
        return Appeal.open(case)
    if not folder:
        return practice()
    above = Path(folder).resolve().parent
    return Appeal.open(above) if (above / LOG_FILE).exists() else None


def what_if_board(of: Results | Evaluated, language: str = LANGUAGES[0]) -> WhatIfBoard:
    """Controls for `what_if` on a round or `Results`: an expert, an indicator, a rule. Nothing is
    stored. Raises as `Round.results` does.
    """
    from evalkit.workbench.what_if_board import WhatIfBoard

    return WhatIfBoard(of, language)


def _person(round: Round) -> str | None:
    """Who has logged in, from what a server handed over; None where nobody has to."""
    role, person = (os.environ.get(f"EVALKIT_{name}", "") for name in ("ROLE", "PERSON"))
    if not role and not person:
        return None
    if role == "secretary":
        return round.panel.secretary.id
    if role != "chair" or not person:
        raise Refused(_("进度板只给评审秘书和组长，{person} 不是", person=person or role))
    return person


def _register_board(workspace: str, language: str) -> RegisterBoard:
    from evalkit.office.register import Register
    from evalkit.workbench.register_board import RegisterBoard

    return RegisterBoard(Register.open(workspace), language)


def _practice(panel: str) -> Round:
    """A round of a demo in a folder that is removed when this process ends."""
    import atexit
    from tempfile import TemporaryDirectory

    from evalkit.base import resources
    from evalkit.round import Round

    folder = TemporaryDirectory(prefix="evalkit-practice-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return Round.create(
        Path(folder.name) / "round", resources.path("panels", f"{panel}/panel.yaml")
    )
