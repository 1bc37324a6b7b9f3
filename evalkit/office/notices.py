"""What an office tells an applicant or the public, in the words of the text, from records only.

Each is a plain dictionary for a paper: heading, addressee, paragraphs, a list, the day of the
decision, and the records that it rests on. Nothing is said that is not on record.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.office.announcements import list_of, recognition
from evalkit.office.course import Course, follow
from evalkit.office.orders import objection, rectification, revocation
from evalkit.office.papers import KINDS
from evalkit.office.rulebook import Rulebook

if TYPE_CHECKING:
    from evalkit.office.file import Applicant


def notice(
    book: Rulebook,
    kind: str,
    *,
    applicant: str | None = None,
    round: str | None = None,
    record: str | None = None,
) -> dict[str, Any]:
    """The notice of ``kind`` (a key of `KINDS`) on an ``applicant``, or the list of a ``round``.

    ``record`` is the objection that is answered, where there are several. Raises Refused where the
    decision is not on record, InputError where it is not said whom or what the notice is about.
    """
    if kind not in KINDS:
        raise InputError(_("没有“{kind}”这种公文，可选：{kinds}", kind=kind, kinds=list(KINDS)))
    if kind == "list":
        if round not in book.rounds:
            text = _("名单须写明轮次（--round），可选：{ids}", ids=list(book.rounds))
            raise InputError(text)
        return list_of(book, str(round))
    if applicant is None:
        ids = [a.id for a in book.office.applicants]
        raise InputError(_("须写明对象（--applicant），可选：{ids}", ids=ids))
    who = book.office.applicant(applicant)
    course = follow(book, who)
    if kind == "objection":
        return objection(book, who, course, record)
    makers: dict[str, Callable[[Rulebook, Applicant, Course], dict[str, Any]]] = {
        "recognition": recognition,
        "rectification": rectification,
        "revocation": revocation,
    }
    return makers[kind](book, who, course)
