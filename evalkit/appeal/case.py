"""The case file (案卷) of an appeal: a folder with the round as it was archived, a chained log of
the steps, and the round that takes its place where something was reopened.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from evalkit.appeal.deciding import require_as_figures, require_possible, told
from evalkit.appeal.kept import archive_appeal
from evalkit.appeal.layout import PAPERS, ROUND
from evalkit.appeal.objection import Objection
from evalkit.appeal.reading import CaseFile
from evalkit.appeal.reviewers import Reviewer, require_impartial, require_uninvolved
from evalkit.appeal.source import begin
from evalkit.appeal.steps import OUTCOMES, Steps, named, step
from evalkit.archive.write import Archived
from evalkit.base.errors import Problem, Refused
from evalkit.base.terms import BEIJING
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.log.driver import Clock, now
from evalkit.log.events import Event
from evalkit.record.objection import UpheldObjection
from evalkit.record.payload import require_text
from evalkit.reports.papers import Papers
from evalkit.round import Round
from evalkit.succession import succeed


class Appeal(CaseFile):
    """An appeal against the results of a locked round, in its folder."""

    @classmethod
    @asked
    def begin(
        cls,
        folder: Path | str,
        source: Path | str,
        objection: Objection,
        by: str,
        clock: Clock = now,
    ) -> Appeal:
        """Open a case file in the new ``folder`` on the locked round in ``source``: a round's
        folder, or the bag in which it was archived, to which nothing is done.

        ``by`` records the objection. Raises Refused where the bag or the round is not as it was or
        not locked, InputError where ``folder`` is there, and what `Objection.check` raises.
        """
        case = Path(folder)
        begin(case, Path(source), objection, by, clock)
        return cls.open(case, clock)

    @asked
    def accept(
        self,
        by: str,
        reviewers: Sequence[str],
        reason: str = "",
        *,
        confirmed: bool = False,
        on: date | None = None,
    ) -> Event:
        """Take the objection up ``on`` a day (None: today); ``reviewers`` (``name:employer``) look
        into it. ``confirmed``: whoever takes it up has compared what `doubts` names.

        Raises Refused without reviewers, where one of them or ``by`` took part before or is
        concerned, where something has to be compared first, for a late objection without a
        ``reason``, and for a day before the step before or to come.
        """
        if not reviewers:
            raise Refused(_("请写明由谁复核：--reviewer 姓名:工作单位，可写多次"))
        if self.opened.payload["in_time"] == "no" and not reason.strip():
            raise Refused(_("异议是公示期满以后收到的；仍要受理，请写明理由（--reason）"))
        people = [Reviewer.read(text) for text in reviewers]
        with self._original() as old:
            require_impartial(people, old.panel, self.opened)
        self._require_uninvolved(by)
        found = {"reviewers": "\n".join(map(str, people)), "reason": reason.strip()}
        if doubts := self.doubts(reviewers):
            if not confirmed:
                raise Refused(*(Problem(text) for text in doubts))
            found["compared"] = "\n".join(text.render("zh") for text in doubts)
        return self._store("accept", by, found, on)

    @asked
    def refuse(self, by: str, reason: str, *, on: date | None = None) -> Event:
        """Do not take the objection up ``on`` a day, and say why. Raises Refused without a
        ``reason``, and for a day as `accept` does.
        """
        self._require_uninvolved(by)
        return self._store("refuse", by, {"reason": self._told(reason)}, on)

    @asked
    def amend(self, by: str, reason: str, *, on: date | None = None, **reopened: Any) -> Round:
        """Open the round that takes the place of the first, see `UpheldObjection` for what may be
        ``reopened``; ``by`` found the objection justified ``on`` a day. All else stays as it was
        locked.

        Raises as `succeed` does, and for a day as `accept` does; then nothing is there.
        """
        self._require_uninvolved(by)
        opened = self.opened.payload
        number, bag = opened["number"], opened["bag"]
        upheld = UpheldObjection(reason, number, by, bag=bag, **reopened)
        with self._book.admitting() as steps:
            steps.require("amend")
            day = self._day(steps, on)
            with self._original() as old:
                new = succeed(old, self.folder / ROUND, upheld)
            try:
                found = dict(new.history().events[0].payload)
                self._append(steps, "amend", by, found | day)
            except BaseException:
                shutil.rmtree(self.folder / ROUND)
                raise
        return new

    @asked
    def decide(self, by: str, outcome: str, reason: str, *, on: date | None = None) -> Event:
        """Decide ``on`` a day (None: today): the results are ``kept`` or ``changed`` (or the word
        for it), as the figures say; ``reason`` goes to the objector.

        Raises Refused where the figures say the other, where the round that takes the place of the
        first is not locked, where the reason names an expert or a third party that objected, and
        for a day as `accept` does.
        """
        self._require_uninvolved(by)
        self.steps.require("decide")
        said, compared = self._told(reason), self.compared()
        outcome = named(outcome, OUTCOMES)
        require_as_figures(outcome, compared)
        payload = {"outcome": outcome, "reason": said}
        if compared is not None:
            after = compared.after
            payload |= {"results": after.digest, "root": str(after.facts.basis.root)}
        return self._store("decide", by, payload, on)

    @asked
    def withdraw(self, by: str, reason: str) -> Event:
        """Take back the step before, which was recorded by mistake, and say why. It stays on
        record; a round that was opened by it lies beside, under another name.

        Raises Refused where there is none that may be taken back, and after the end.
        """
        self._require_uninvolved(by)
        require_text(reason, required=True)
        own = self.folder / ROUND
        with self._book.admitting() as steps:
            steps.require("withdraw")
            aside = own.with_name(f"{ROUND}-{len(steps.events)}")
            if moved := steps.last == "amend" and own.exists():
                own.rename(aside)
            try:
                payload = {"step": steps.last, "reason": reason.strip()}
                self._append(steps, "withdraw", by, payload)
            except BaseException:
                if moved:
                    aside.rename(own)
                raise
        return self.steps.events[-1]

    @asked
    def give_out(
        self, language: str = "zh", template: bytes | None = None, reissue: str = ""
    ) -> list[Path]:
        """Put its papers in place and on the list of those given out; where they are.

        Raises Refused before the end, and where others lie under their names, unless a person says
        why they are given out anew (``reissue``).
        """
        papers = self.papers(language, template)
        with self._holding() as round:
            given = Papers(self.folder / PAPERS, round.results(), reissue)
        given.place({file.name: content for file, content in papers.items()})
        return list(papers)

    @asked
    def archive(self, out: Path | str, papers: Sequence[Path | str] = (), **given: Any) -> Archived:
        """Put the appeal, which has ended, into the new folder ``out`` as a bag that names the one
        objected to: the round that holds now, and the papers with every step. What else may be
        ``given`` is that of `archive_round`, and so is what is raised; Refused before the end.
        """
        with self._holding() as round:
            own = self.folder / PAPERS
            return archive_appeal(self.steps, round, own, Path(out), papers, **given)

    def _require_uninvolved(self, by: str) -> None:
        with self._original() as old:
            require_uninvolved(by, old.panel, self.opened)

    def _told(self, reason: str) -> str:
        with self._original() as old:
            return told(reason, old.panel, self.opened)

    def _day(self, steps: Steps, on: date | None) -> dict[str, str]:
        """The day of the next step, where it is not that of its entry."""
        if on is None:
            return {}
        lock, now = self.amended_locked, self._log.clock()
        require_possible(on, steps, lock, now.astimezone(BEIJING).date())
        return {"on": on.isoformat()}

    def _store(
        self, kind: str, by: str, payload: Mapping[str, str], on: date | None = None
    ) -> Event:
        with self._book.admitting() as steps:
            steps.require(kind)
            self._append(steps, kind, by, {**payload, **self._day(steps, on)})
        return self.steps.events[-1]

    def _append(self, steps: Steps, kind: str, by: str, payload: Mapping[str, str]) -> None:
        steps.require(kind)
        entry = step(kind, by, self.opened.applicant, payload)
        self._book.store(entry, lambda _steps, _entry: None)
