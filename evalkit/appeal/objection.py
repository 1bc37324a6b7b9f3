"""An objection as it is raised: by whom, to what, on what ground, and whether in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from evalkit.appeal.deciding import experts_in
from evalkit.appeal.steps import named
from evalkit.base.errors import InputError, Refused
from evalkit.base.text import Text, _
from evalkit.log.events import Event
from evalkit.office.course import follow
from evalkit.office.entries import entered_on
from evalkit.office.objections import OBJECTORS
from evalkit.office.rulebook import shifted
from evalkit.panel import Panel
from evalkit.panel.conflicts import Organisations
from evalkit.panel.employers import key
from evalkit.record.payload import require_text

if TYPE_CHECKING:
    from evalkit.office.register import Register


@dataclass(frozen=True)
class Publicity:
    """From which day the results were public, and for how many days. No text of a rubric says it;
    the office declares it.
    """

    begun: date
    days: int

    @classmethod
    def registered(cls, register: Register, applicant: str) -> Publicity:
        """The publicity of ``applicant`` as an office's ``register`` has it: the day it began, and
        the days that the office declared. Raises Refused where it did not begin.
        """
        book = register.book
        course = follow(book, book.office.applicant(applicant))
        for run in reversed(list(course.runs.values())):
            stages = {s.id: s for s in run.procedure.stages if s.period == "publicity"}
            begun = [s for s in run.steps if s.decision.outcome == "begun"]
            if found := [s for s in begun if s.decision.stage in stages]:
                return cls(found[-1].day, int(book.days(stages[found[-1].decision.stage])))
        raise Refused(_("{id} 的公示没有登记开始；请写明 --published 和 --days", id=applicant))

    @property
    def last(self) -> date:
        """The last day on which an objection is in time; the day of the beginning does not
        count [CC201]_.
        """
        return shifted(self.begun, self.days)


@dataclass(frozen=True)
class Objection:
    """Somebody objects, under a real name, to what came of an applicant."""

    number: str
    applicant: str
    objector: str
    objector_is: str
    """``applicant`` or ``third_party``, or the word for it."""
    ground: str
    received: date
    publicity: Publicity
    summary: str = ""
    """The ground as it stands in papers, where the words of the objection name an expert."""

    @property
    def in_time(self) -> bool:
        """Whether it was received within the publicity."""
        return self.received <= self.publicity.last

    def check(self, panel: Panel) -> None:
        """Raise Refused or InputError for what is not there, not said, or not possible."""
        panel.applicant(self.applicant)
        words = {"number": _("编号"), "objector": _("异议人"), "ground": _("理由")}
        for name, called in words.items():
            text = getattr(self, name)
            if not text.strip():
                raise Refused(_("请写明{name}", name=called))
            require_text(text, required=True)
        self._require_printable(panel)
        self._require_own(panel)
        if key(self.objector) in {key("匿名"), key("某单位"), key("群众")}:
            raise Refused(_("异议须实名提出；“{name}”不是姓名或单位名称", name=self.objector))
        if self.publicity.days < 1:
            raise InputError(_("公示的天数须是正整数"))
        if self.received < self.publicity.begun:
            values = {"day": self.received.isoformat(), "begun": self.publicity.begun.isoformat()}
            raise Refused(_("收到异议的日期 {day} 早于公示开始的日期 {begun}", **values))

    def _require_printable(self, panel: Panel) -> None:
        """Raise Refused where what is printed of the ground names an expert."""
        if self.summary.strip():
            require_text(self.summary, required=True)
        if names := experts_in(self.summary.strip() or self.ground, panel):
            text = _(
                "异议的理由里有评审专家的姓名（{names}），照原话登记，但不能写进复核决定："
                "请用 --summary 另写一句不带姓名的要点"
            )
            raise Refused(text.filled(names=names))

    def _require_own(self, panel: Panel) -> None:
        """Raise Refused where the objector is said to be the applicant, which sees its own results,
        and is no party to the application.
        """
        if named(self.objector_is, OBJECTORS) != "applicant":
            return
        own, known = panel.applicant(self.applicant), Organisations(panel.organisations)
        names = list(dict.fromkeys([own.name, *own.parties]))
        if known.identity(key(self.objector)) in {known.identity(key(name)) for name in names}:
            return
        text = _(
            "{objector} 不是 {id} 的参评对象、牵头或参加单位（{names}）："
            "是它们提出的，写它们的名称；是别人提出的，写 --objector-is 第三方"
        )
        raise Refused(text.filled(objector=self.objector, id=own.id, names=names))

    def payload(self) -> dict[str, str]:
        """What the log keeps of it."""
        shown = {"summary": self.summary.strip()} if self.summary.strip() else {}
        return shown | {
            "number": self.number.strip(),
            "objector": self.objector.strip(),
            "objector_is": named(self.objector_is, OBJECTORS),
            "ground": self.ground.strip(),
            "received": self.received.isoformat(),
            "published": self.publicity.begun.isoformat(),
            "last": self.publicity.last.isoformat(),
            "in_time": "yes" if self.in_time else "no",
        }


def unlikely(opened: Event, lock: Event | None) -> list[Text]:
    """That the publicity began before the ``lock`` of the round, which a person should look at:
    what was typed in from paper may have been locked later.
    """
    day = entered_on(lock.at).isoformat() if lock is not None else ""
    if opened.payload["published"] >= day:
        return []
    values = {"day": opened.payload["published"], "locked": day}
    return [_("公示开始的日期 {day} 早于这一轮锁定的日期 {locked}，请核对", **values)]
