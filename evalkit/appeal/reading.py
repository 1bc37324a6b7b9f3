"""What lies in the case file of an appeal, and what it says: nothing here adds to it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from evalkit.appeal.deciding import to_inform
from evalkit.appeal.layout import LOG_FILE, ORIGINAL, PAPERS, ROUND
from evalkit.appeal.objection import unlikely
from evalkit.appeal.reviewers import Reviewer, doubtful
from evalkit.appeal.steps import Steps
from evalkit.appeal.told import card, coming, lines, rows
from evalkit.archive.kept_round import events_text
from evalkit.archive.layout import APPEAL
from evalkit.base.errors import InputError, Problem
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.log import chain
from evalkit.log.driver import Clock, now
from evalkit.log.events import Event
from evalkit.log.logbook import Logbook
from evalkit.log.sqlite import SqliteLog
from evalkit.round import Round
from evalkit.succession import compare_rounds

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.evaluation.comparison import Comparison


class CaseFile:
    """The case file of an appeal, to be read."""

    def __init__(self, folder: Path, log: SqliteLog) -> None:
        self.folder, self._log = folder, log
        self._book: Logbook[Steps] = Logbook(log, Steps)
        chain.verify(self.steps.events)

    @classmethod
    @asked
    def open(cls, folder: Path | str, clock: Clock = now) -> Self:
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
        about = f"{opened['number']!r}, {self.steps.last!r}, {str(self.folder)!r}"
        return f"{type(self).__name__}({about})"

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
    def compared(self, *, trial: bool = False) -> Comparison | None:
        """The results before and after; None where nothing was reopened. As a ``trial`` the round
        that takes the place of the first may not be locked.
        """
        if not (self.folder / ROUND).exists():
            return None
        with self._original() as old, Round.open(self.folder / ROUND) as new:
            return compare_rounds(old, new, trial=trial)

    @property
    def amended_locked(self) -> Event | None:
        """The lock of the round that takes the place of the first; None where there is none."""
        if not (self.folder / ROUND).exists():
            return None
        with Round.open(self.folder / ROUND) as new:
            return new.history().lock

    def doubts(self, reviewers: Iterable[str]) -> list[Text]:
        """Employers of ``reviewers`` (``name:employer``) that are like a party's: a person must
        compare them. Raises InputError for what is written otherwise.
        """
        people = [Reviewer.read(text) for text in reviewers]
        with self._original() as old:
            return doubtful(people, old.panel, self.opened.applicant)

    def remarks(self) -> list[Text]:
        """What of the objection a person should look at again: publicity before the lock."""
        with self._original() as old:
            return unlikely(self.opened, old.history().lock)

    def lines(self) -> list[Text]:
        """Each step in a line."""
        return [*lines(self.steps)]

    def coming(self) -> list[Text]:
        """What may be done next, with its command."""
        found = [*coming(self.steps, self.folder, locked=self.amended_locked is not None)]
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
