"""A round as it is recorded: what is entered, by whom, what is missing, and the lock."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.base.errors import EvalkitError, InputError, Problem, Refused
from evalkit.base.tables import read_table
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.log.driver import Log
from evalkit.log.events import Entry, Receipt
from evalkit.log.logbook import Logbook
from evalkit.panel import Panel
from evalkit.record import (
    admission,
    entries,
    office_table,
    score_table,
    successor,
)
from evalkit.record.assignment import in_force
from evalkit.record.begin import require_unchanged
from evalkit.record.entered import parted
from evalkit.record.entries import Line, Paper
from evalkit.record.fields import blank, fields, named
from evalkit.record.history import CELL_KINDS, History, Progress
from evalkit.record.lack import Lacking
from evalkit.record.lacking import lacking, require_nothing
from evalkit.record.said import Spoken
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    import pandas as pd


class Recorded(Spoken):
    """The log of a round in ``folder`` under its declared rules; None for a finished table.

    ``rubric`` is that in force, ``declared`` the panel as its file declares it. ``shown`` is what
    the round is called in messages and commands: the folder, or the address of the database that
    its files were read from.
    """

    def __init__(self, folder: Path, rubric: Rubric, panel: Panel, log: Log | None) -> None:
        self.folder, self.rubric, self.declared = folder, rubric, panel
        self._amended: tuple[tuple[int, str], Panel] = ((0, ""), panel)
        self.shown = str(folder)
        self._book: Logbook[History] | None = None
        if log is not None:
            earlier = successor.carried(folder, panel.id, log.clock)
            self._book = Logbook(log, partial(History, earlier=earlier))

    @property
    def panel(self) -> Panel:
        """The panel in force: as declared, with the conflicts and seats recorded until now."""
        return self._panel(self.history())

    @property
    def log(self) -> Log:
        """The log. Raises Refused for a finished table."""
        return self._logbook.log

    @property
    def final(self) -> bool:
        """Whether nothing can be entered any more: locked, or a finished table."""
        return self._book is None or self.history().lock is not None

    def history(self) -> History:
        """The state of the round as it is stored now; empty for a finished table."""
        return self._book.state() if self._book is not None else History()

    @asked
    def append(self, entry: Entry, *, seen: int | None = None) -> Receipt:
        """Store ``entry`` if the rules admit it; the receipt comes after COMMIT.

        The same entry again (same author and event_id) gives the first receipt and stores nothing;
        the same id with other content raises Refused. For ``seen`` see `admission.admit`.
        """
        with self._logbook.admitting():
            return self._store(entry, seen)

    def lock(self) -> Receipt:
        """Lock the round in the secretary's name; the entry carries the root of all chains.

        A locked round stays as it is, and gives the receipt of its lock. Raises Refused, with who
        owes what, while anything is missing for official results (see `lacking`).
        """
        with self._logbook.admitting() as history:
            if (done := history.lock) is not None:
                return Receipt(done.author, done.seq, done.at, done.hash)
            self._verify(history)
            payload = admission.lock_payload(self.rubric, self.panel, history)
            entry = Entry(self.panel.secretary.id, "lock", "lock", payload=payload)
            return self._store(entry)

    def require_lockable(self) -> None:
        """Raise Refused, as `lock` would, for what is missing; InputError for a changed log."""
        history = self.history()
        self._verify(history)
        require_nothing(self.rubric, self.panel, history)

    def lacking(self) -> Lacking:
        """All that is missing for official results, who owes it and the command that fills it.

        Nothing once the round can be locked. Raises Refused for a finished table.
        """
        found = lacking(self.rubric, self.panel, self._logbook.state())
        return Lacking(tuple(lack.within(shlex.quote(self.shown)) for lack in found))

    @asked
    def record(
        self,
        kind: str,
        applicant: str,
        indicator: str,
        value: str,
        evidence: str = "",
        *,
        by: str | None = None,
        reason: str = "",
    ) -> Receipt | None:
        """Record once for all a measured value (``measure``), a condition of entry (``gate``), or a
        bonus item or deduction (``recognition``), in the name of ``by`` (None: the secretary).
        Applicant and indicator by id or name, a bonus item by id or claim.

        None where the same is on record. ``reason`` says why it changes an earlier entry; without
        one that is refused. Raises Refused for whatever the rules do not admit.
        """
        author, value = by or self.panel.secretary.id, office_table.plain(value)
        applicant, indicator = named(self.rubric, self.panel, applicant, indicator)
        entry = entries.once(author, kind, applicant, indicator, value, evidence)
        with self._logbook.admitting() as history:
            new = entries.changed(history, entry, reason)
            return self._store(new) if new is not None else None

    @asked
    def record_table(
        self,
        path: Path,
        *,
        by: str | None = None,
        reason: str = "",
        encoding: str = "utf-8",
        sheet: str | None = None,
    ) -> int:
        """Record all rows with a value of a filled `office_table`, CSV or Excel, read as
        `read_table` does; how many were not on record yet. ``by`` and ``reason`` as in `record`; a
        row may state a reason of its own.

        All of it is stored or nothing: raises InputError with a line for each wrong row.
        """
        author, source = by or self.panel.secretary.id, str(path)
        table = read_table(Path(path), encoding, sheet, office_table.COLUMNS)
        rows, wrong = office_table.lines(table, self.rubric, self.panel, author, source)
        with self._logbook.admitting() as history:
            admission.require_open(history)
            return self._store_all(
                history, [(n, e, r or reason) for n, e, r in rows], source, wrong
            )

    def office_table(self, language: str = "zh") -> pd.DataFrame:
        """A row for each thing that is recorded once, as text under the headings of
        `office_table.HEADINGS`; what is on record is filled in.
        """
        return office_table.template(self.rubric, self.panel, self.history(), language)

    def score_table(self, language: str = "zh") -> pd.DataFrame:
        """A row for each cell that an expert has not filled in yet, as text under the headings of
        `score_table.HEADINGS`; with scores in it, `import_scores` takes it.
        """
        return score_table.template(self.rubric, self.panel, self.history(), language)

    @asked
    def import_scores(
        self,
        frame: pd.DataFrame,
        source: str = "",
        *,
        typed_by: str = "",
        evidence: str = "",
        reason: str = "",
    ) -> int:
        """Enter a tidy table of scores in the names of its experts; how many entries were stored.

        Sheets that it completes are submitted, others stay begun. For sheets from paper, who typed
        them in (``typed_by``) and where the signed ones lie (``evidence``) stand in every entry.
        ``reason`` says why an entry from paper, or one that is recorded once, changes an earlier
        one. All of it is stored or nothing; the same table again stores nothing. Raises InputError
        with a line for each row that does not fit.
        """
        from evalkit.facts.frames import as_text
        from evalkit.facts.names import as_ids
        from evalkit.facts.tidy import from_frame

        if bool(typed_by.strip()) != bool(evidence.strip()):
            raise Refused(_("纸质评分表须写明由谁录入、签字的原件存在哪里"))
        paper = entries.Paper(typed_by, evidence)
        table = as_ids(as_text(frame, source), self.rubric, self.panel, source)
        from_frame(table, self.rubric, self.panel, source=source)
        rows = list(entries.of_scores(table, self.panel, paper, reason))
        sheets = {(e.author, e.applicant): None for _n, e, _r in rows if e.kind in CELL_KINDS}
        with self._logbook.admitting() as history:
            admission.require_open(history)
            stored = self._store_all(history, rows, source, [])
            for expert, applicant in sheets:
                stored += self._submit(history, expert, applicant, paper)
        return stored

    def progress(self) -> list[Progress]:
        """How far each expert is, in the order of the panel."""
        return self.history().progress(self.panel)

    def set_aside(self) -> list[tuple[str, str, str, str, str]]:
        """Rows of scores that do not count any more, sorted: their expert or applicant is gone from
        the panel file, or in conflict since. Empty after a lock, which binds the file.
        """
        return parted(self.panel, self.history().rows(submitted_only=False))[1]

    def _verify(self, history: History) -> None:
        """Raise InputError for a changed log, and for files that are not those it binds."""
        history.verify()
        if history.binding is not None:
            require_unchanged(history.binding, self.folder, self.panel, self.rubric)

    def _panel(self, history: History) -> Panel:
        state = (len(history.acts), history.acts[-1].hash if history.acts else "")
        if state != self._amended[0]:
            self._amended = (state, in_force(self.declared, history.acts))
        return self._amended[1]

    @property
    def _logbook(self) -> Logbook[History]:
        if self._book is None:
            raise Refused(Problem(_("这是已完成的评分表，没有评分记录，不能再录入"), self.shown))
        return self._book

    def _store(self, entry: Entry, seen: int | None = None) -> Receipt:
        def admit(history: History, entry: Entry) -> None:
            panel = self._panel(history)
            admission.admit(self.rubric, panel, history, entry, self.log.clock(), seen)

        return self._logbook.store(entry, admit)

    def _store_all(
        self, history: History, rows: list[Line], source: str, wrong: list[Problem]
    ) -> int:
        """Store what is not on record yet; raise InputError for it and what is ``wrong`` before."""
        stored = 0
        for line, entry, reason in rows:
            if (new := entries.changed(history, entry, reason)) is None:
                continue
            try:
                self._store(new)
            except EvalkitError as error:
                wrong.append(Problem(error.problems[0].text, source, line))
            stored += 1
        if wrong:
            raise InputError(*sorted(wrong, key=lambda problem: problem.line or 0))
        return stored

    def _submit(self, history: History, expert: str, applicant: str, paper: Paper) -> int:
        """Submit a sheet that is whole as far as the rules ask for that; how many there were."""
        names = fields(self.rubric, self.panel, applicant)
        whole = not blank(history, names, expert, applicant)
        new = entries.submission(history, expert, applicant, paper)
        if new is None or not (whole or self.panel.rules.missing == "exclude"):
            return 0
        self._store(new)
        return 1
