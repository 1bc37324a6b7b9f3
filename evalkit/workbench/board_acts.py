"""What is done on the board: each act stores something by the rules, or says why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from uuid import uuid4

from evalkit.base.errors import Refused
from evalkit.base.text import Text, _
from evalkit.log.events import Entry
from evalkit.round import Round


class Board(Protocol):
    """What an act needs of the board."""

    language: str
    person: str | None

    @property
    def round(self) -> Round:
        """The round that it shows."""

    def author(self, values: dict[str, str]) -> str:
        """In whose name something is done."""

    def hand_over(self, name: str, kind: str, content: bytes) -> None:
        """Let the browser save a file."""


Act = Callable[[Board, str, dict[str, str]], Text]
"""Takes the board, what it is about and the fields; ``sure`` is among them who was asked twice."""

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def record(board: Board, about: str, given: dict[str, str]) -> Text:
    """A measured value, a condition, a bonus item or a deduction."""
    kind, applicant, indicator = _parts(about, 3)
    receipt = board.round.record(
        *(kind, applicant, indicator, given.get("value", ""), given.get("evidence", "")),
        by=board.author(given),
        reason=given.get("reason", ""),
    )
    said = {"applicant": applicant, "name": indicator, "value": given.get("value", "")}
    if receipt is None:
        return _("已经登记过 {applicant} 的 {name}：{value}，没有改动", **said)
    return _("已登记 {applicant} 的 {name}：{value}", **said)


def opinion(board: Board, about: str, given: dict[str, str]) -> Text:
    """The panel's opinion on an applicant."""
    name = board.round.panel.applicant(about).name
    words = given.get("text", "")
    if board.round.opinions().get(about) == words:
        return _("已经登记过专家组对 {applicant} 的这一意见，没有改动", applicant=name)
    board.round.record_opinion(about, words, board.author(given))
    return _("已登记专家组对 {applicant} 的意见", applicant=name)


def discuss(board: Board, about: str, given: dict[str, str]) -> Text:
    """A discussion opened, with sheets given back, or closed."""
    if about == "closed":
        board.round.discuss("closed", given.get("reason", ""), by=board.author(given))
        return _("讨论已结束，其间改动 {n} 处", n=len(board.round.discussions()[-1].changes))
    sheets = _sheets(board, given)
    board.round.discuss("open", given.get("reason", ""), by=board.author(given), sheets=sheets)
    return _("讨论已开始，退回 {n} 份评分表", n=len(sheets))


def give_back(board: Board, _about: str, given: dict[str, str]) -> Text:
    """More sheets for a discussion that is open."""
    sheets = _sheets(board, given)
    if not sheets:
        raise Refused(_("请选择要退回的对象"))
    board.round.discuss(None, given.get("reason", ""), by=board.author(given), sheets=sheets)
    return _("已退回 {n} 份评分表", n=len(sheets))


def answer(board: Board, about: str, given: dict[str, str]) -> Text:
    """The office's answer to objections to a measured value."""
    applicant, indicator = _parts(given.get("place", "") or about, 2)
    payload = {"text": given.get("text", "")}
    entry = Entry(board.author(given), uuid4().hex, "answer", applicant, indicator, payload)
    board.round.append(entry)
    return _("已答复对 {applicant} 的 {name} 的异议", applicant=applicant, name=indicator)


def lock(board: Board, _about: str, given: dict[str, str]) -> Text:
    """The lock, once the person was asked twice."""
    if not given.get("sure"):
        raise Refused(_("锁定之后谁也不能再改，请先确认"))
    secretary = board.round.panel.secretary
    if board.person not in (None, secretary.id):
        raise Refused(_("只有评审秘书可以锁定评分"))
    board.round.lock()
    return _("评分已锁定")


def minutes(board: Board, _about: str, _given: dict[str, str]) -> Text:
    """The minutes of the locked round as a Word file."""
    from evalkit.disclosure import Views
    from evalkit.documents.minutes_word import minutes as word

    views = Views(board.round.results(), opinions=board.round.opinions())
    board.hand_over("minutes.docx", WORD, word(views.minutes(board.language)))
    return _("已生成会议纪要 minutes.docx")


def _parts(about: str, n: int) -> list[str]:
    parts = about.split("|")
    if len(parts) != n:
        raise Refused(_("界面发来的消息无法识别，请刷新页面"))
    return parts


def _sheets(board: Board, given: dict[str, str]) -> list[tuple[str, str]]:
    """The submitted sheets of the chosen applicants, of the chosen experts or of all."""
    history, panel = board.round.history(), board.round.panel
    experts = [e for e in given.get("experts", "").split(",") if e]
    return [
        (expert, applicant)
        for applicant in given.get("applicants", "").split(",")
        if applicant
        for expert in panel.seats(panel.applicant(applicant).id)
        if history.submitted(expert, applicant) and (not experts or expert in experts)
    ]


ACTS: dict[str, Act] = {
    "record": record,
    "opinion": opinion,
    "discuss": discuss,
    "give_back": give_back,
    "answer": answer,
    "lock": lock,
    "minutes": minutes,
}
