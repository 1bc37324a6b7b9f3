"""The case file (案卷) of an appeal: a folder with the round as it was archived, a chained log of
the steps, and the round that takes its place where something was reopened.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from evalkit.appeal.deciding import require_as_figures, to_inform, told
from evalkit.appeal.kept import archive_appeal
from evalkit.appeal.layout import LOG_FILE, ORIGINAL, PAPERS, ROUND
from evalkit.appeal.objection import Objection
from evalkit.appeal.reviewers import (
    Reviewer,
    doubtful,
    require_impartial,
    require_uninvolved,
)
from evalkit.appeal.source import begin
from evalkit.appeal.steps import OUTCOMES, Steps, named, step
from evalkit.appeal.told import card, coming, lines, rows
from evalkit.archive.kept_round import events_text
from evalkit.archive.layout import APPEAL
from evalkit.archive.write import Archived
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.log import chain
from evalkit.log.driver import Clock, now
from evalkit.log.events import Event
from evalkit.log.logbook import Logbook
from evalkit.log.sqlite import SqliteLog
from evalkit.record.objection import UpheldObjection
from evalkit.reports.papers import Papers
from evalkit.round import Round
from evalkit.succession import compare_rounds, succeed

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.evaluation.comparison import Comparison


class Appeal:
    """An appeal against the results of a locked round, in its folder."""

    def __init__(self, folder: Path, log: SqliteLog) -> None:
        self.folder, self._log = folder, log
        self._book: Logbook[Steps] = Logbook(log, Steps)
        chain.verify(self.steps.events)

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

    @classmethod
    @asked
    def open(cls, folder: Path | str, clock: Clock = now) -> Appeal:
        """The case file in ``folder``. Raises InputError for any other folder, and for a log that
        was changed.
        """
        case = Path(folder)
        if not (case / LOG_FILE).exists():
            text = _("这里没有 {name}，请给出异议的案卷文件夹（evalkit appeal open 所建）")
            raise InputError(Problem(text.filled(name=LOG_FILE), str(case)))
        with Round.open(case / ORIGINAL, clock) as old:
            panel = old.panel.id
        return cls(case, SqliteLog(case / LOG_FILE, panel, clock))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._log.close()

    def __repr__(self) -> str:
        opened = self.opened.payload
        return f"Appeal({opened['number']!r}, {self.steps.last!r}, {str(self.folder)!r})"

    @property
    def steps(self) -> Steps:
        """The steps taken, as they are stored now."""
        return self._book.state()

    @property
    def opened(self) -> Event:
        """The objection itself."""
        found = self.steps.of("open")
        if found is None:
            raise InputError(Problem(_("案卷里没有异议"), str(self.folder / LOG_FILE)))
        return found

    @asked
    def accept(self, by: str, reviewers: Sequence[str], reason: str = "") -> Event:
        """Take the objection up; ``reviewers`` (``name:employer``) look into it.

        Raises Refused without reviewers, where one of them or ``by`` took part before or is
        concerned, and for a late objection without a ``reason``.
        """
        if not reviewers:
            raise Refused(_("请写明由谁复核：--reviewer 姓名:工作单位，可写多次"))
        if self.opened.payload["in_time"] == "no" and not reason.strip():
            raise Refused(_("异议是公示期满以后收到的；仍要受理，请写明理由（--reason）"))
        people = [Reviewer.read(text) for text in reviewers]
        applicant, objector = self.opened.applicant, self.opened.payload["objector"]
        with self._original() as old:
            require_impartial(people, old.panel, applicant, objector)
            require_uninvolved(by, old.panel, applicant, objector)
        named = "\n".join(str(one) for one in people)
        return self._store("accept", by, {"reviewers": named, "reason": reason.strip()})

    def doubts(self) -> list[Text]:
        """Employers of the reviewers that are like a party's: a person must compare them."""
        taken = self.steps.of("accept")
        people = taken.payload["reviewers"].split("\n") if taken is not None else []
        with self._original() as old:
            return doubtful(map(Reviewer.read, people), old.panel, self.opened.applicant)

    @asked
    def refuse(self, by: str, reason: str) -> Event:
        """Do not take the objection up, and say why. Raises Refused without a ``reason``."""
        self._require_uninvolved(by)
        return self._store("refuse", by, {"reason": self._told(reason)})

    @asked
    def amend(self, by: str, reason: str, **reopened: Any) -> Round:
        """Open the round that takes the place of the first, see `UpheldObjection` for what may be
        ``reopened``; ``by`` found the objection justified. All else stays as it was locked.

        Raises as `succeed` does; then nothing is there.
        """
        self._require_uninvolved(by)
        opened = self.opened.payload
        number, bag = opened["number"], opened["bag"]
        upheld = UpheldObjection(reason, number, by, bag=bag, **reopened)
        with self._book.admitting() as steps:
            steps.require("amend")
            with self._original() as old:
                new = succeed(old, self.folder / ROUND, upheld)
            try:
                found = new.history().events[0].payload
                self._append(steps, "amend", by, dict(found))
            except BaseException:
                shutil.rmtree(self.folder / ROUND)
                raise
        return new

    @asked
    def decide(self, by: str, outcome: str, reason: str) -> Event:
        """Decide: the results are ``kept`` or ``changed`` (or the word for it), as the figures say;
        ``reason`` goes to the objector.

        Raises Refused where the figures say the other, where the round that takes the place of the
        first is not locked, and where the reason names an expert or a third party
        that objected.
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
        return self._store("decide", by, payload)

    @asked
    def compared(self, *, trial: bool = False) -> Comparison | None:
        """The results before and after; None where nothing was reopened. As a ``trial`` the round
        that takes the place of the first may not be locked.
        """
        if not (self.folder / ROUND).exists():
            return None
        with self._original() as old, Round.open(self.folder / ROUND) as new:
            return compare_rounds(old, new, trial=trial)

    @property
    def amended_is_locked(self) -> bool:
        """Whether the round that takes the place of the first is there and locked."""
        if not (self.folder / ROUND).exists():
            return False
        with Round.open(self.folder / ROUND) as new:
            return new.history().lock is not None

    def lines(self) -> list[Text]:
        """Each step in a line."""
        return [*lines(self.steps)]

    def coming(self) -> list[Text]:
        """What may be done next, with its command."""
        found = [*coming(self.steps, self.folder, locked=self.amended_is_locked)]
        return [*self.to_inform(), *found]

    def to_inform(self) -> list[Text]:
        """Who is to be told of the decision beside the objector; nobody before it."""
        if self.steps.last != "decide":
            return []
        with self._original() as old:
            return to_inform(self.opened, old.panel, self.compared())

    def papers(self, language: str = "zh", template: bytes | None = None) -> dict[Path, bytes]:
        """The papers of its end by their places: the answer to the objector, the notice to the
        applicant concerned, the figures (where something was reopened), and the log as text.
        Raises Refused before the end.
        """
        from evalkit.appeal.papers import written

        with self._original() as old:
            results = old.results()
        papers = written(results, self.steps, self.compared(), language, template)
        papers[APPEAL] = events_text(self._log.rows())
        return {self.folder / PAPERS / name: content for name, content in papers.items()}

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

    def to_frame(self) -> pd.DataFrame:
        """A row a step: ``day`` (ISO 8601, Beijing), ``step``, ``by`` and ``said``, a sentence."""
        import pandas as pd

        return pd.DataFrame(rows(self.steps), columns=["day", "step", "by", "said"])

    def _repr_html_(self) -> str:
        return card(self.steps)

    def _original(self) -> Round:
        return Round.open(self.folder / ORIGINAL, self._log.clock)

    def _holding(self) -> Round:
        """The round that holds now."""
        holds = ROUND if (self.folder / ROUND).exists() else ORIGINAL
        return Round.open(self.folder / holds, self._log.clock)

    def _require_uninvolved(self, by: str) -> None:
        with self._original() as old:
            who = self.opened
            require_uninvolved(by, old.panel, who.applicant, who.payload["objector"])

    def _told(self, reason: str) -> str:
        with self._original() as old:
            return told(reason, old.panel, self.opened)

    def _store(self, kind: str, by: str, payload: Mapping[str, str]) -> Event:
        with self._book.admitting() as steps:
            self._append(steps, kind, by, payload)
        return self.steps.events[-1]

    def _append(self, steps: Steps, kind: str, by: str, payload: Mapping[str, str]) -> None:
        steps.require(kind)
        entry = step(kind, by, self.opened.applicant, payload)
        self._book.store(entry, lambda _steps, _entry: None)
