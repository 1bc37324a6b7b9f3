"""A round in its folder: what was declared, what was entered, and all that follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from evalkit.base import resources
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.shown import Shown
from evalkit.base.text import _
from evalkit.base.tidy_words import COLUMNS
from evalkit.base.wanted import asked
from evalkit.log import chain
from evalkit.log.events import Entry, Receipt
from evalkit.log.logbook import Logbook
from evalkit.log.places import require_local
from evalkit.log.sqlite import Clock, SqliteLog, now
from evalkit.panel import Panel, find_rubric, load_panel, tables_beside
from evalkit.panel.load import find_rubric_file
from evalkit.record import admission
from evalkit.record.begin import LOG_FILE, PANEL_FILE, begin, require_unchanged
from evalkit.record.entries import entries_of
from evalkit.record.history import OFFICE_KINDS, History, Progress
from evalkit.rubric import Rubric, load_rubric

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.analysis import Analysis, Line
    from evalkit.evaluation import Results
    from evalkit.facts.columns import Facts
    from evalkit.reports.batch import Batch

TABLE_FILE = "scores.csv"


class Round(Shown):
    """A round: ``panel.yaml`` with its rubric, and ``log.sqlite`` or a finished ``scores.csv``, to
    which nothing can be added.
    """

    def __init__(self, folder: Path, rubric: Rubric, panel: Panel, log: SqliteLog | None) -> None:
        self.folder, self.rubric, self.panel = folder, rubric, panel
        self._book = Logbook(log, History) if log is not None else None

    @classmethod
    @asked
    def open(cls, path: Path | str, clock: Clock = now) -> Round:
        """The round with a log in folder ``path``. Raises InputError without panel or log."""
        folder = Path(path)
        for name in (PANEL_FILE, LOG_FILE):
            if not (folder / name).exists():
                text = _("这里没有 {name}，请给出评审工作文件夹", name=name)
                raise InputError(Problem(text, str(folder)))
        rubric = find_rubric(folder / PANEL_FILE)
        panel = load_panel(folder / PANEL_FILE, rubric)
        return cls(folder, rubric, panel, SqliteLog(folder / LOG_FILE, panel.id, clock))

    @classmethod
    @asked
    def create(cls, path: Path | str, panel_file: Path | str, clock: Clock = now) -> Round:
        """A new round: copies of ``panel_file`` and its rubric, and an empty log. Raises InputError
        if ``path`` exists.
        """
        folder, source = Path(path), Path(panel_file)
        if folder.exists():
            raise InputError(Problem(_("已经存在，请换一个文件夹或先移走"), str(folder)))
        require_local(folder / LOG_FILE)
        rubric_file = find_rubric_file(source)
        panel = load_panel(source, load_rubric(rubric_file))
        files = (rubric_file, *tables_beside(source))
        begin(folder, {PANEL_FILE: source, **{file.name: file for file in files}}, panel.id, clock)
        return cls.open(folder, clock)

    @property
    def log(self) -> SqliteLog:
        """The log. Raises Refused for a finished table."""
        return self._logbook.log

    @property
    def final(self) -> bool:
        """Whether nothing can be entered any more: locked, or a finished table."""
        return self._book is None or self.history().lock is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._book is not None:
            self._book.log.close()

    def __repr__(self) -> str:
        lock = self.history().lock
        kind = "a finished table" if self._book is None else f"locked {lock.at}" if lock else "open"
        return f"Round({self.panel.id!r}, {kind}, {str(self.folder)!r})"

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

        A locked round stays as it is, and gives the receipt of its lock. Raises Refused while
        sheets are open and the rules wait for them.
        """
        with self._logbook.admitting() as history:
            if (done := history.lock) is not None:
                return Receipt(done.author, done.seq, done.at, done.hash)
            chain.verify(history.events)
            payload = admission.lock_payload(self.rubric, self.panel, history)
            entry = Entry(self.panel.secretary.id, "lock", "lock", payload=payload)
            return self._store(entry)

    def require_lockable(self) -> None:
        """Raise Refused, as `lock` would, while sheets are open; InputError for a changed log."""
        history = self.history()
        chain.verify(history.events)
        if history.lock is None:
            admission.require_complete(self.rubric, self.panel, history)

    @asked
    def import_scores(self, frame: pd.DataFrame, source: str = "") -> int:
        """Enter a finished tidy table as submitted sheets of its experts; returns the rows stored.

        All of it is stored or nothing. Raises InputError for a table that does not fit. Importing
        the same table again stores nothing.
        """
        from evalkit.facts.frames import as_text
        from evalkit.facts.names import as_ids
        from evalkit.facts.tidy import from_frame

        frame = as_ids(as_text(frame, source), self.rubric, self.panel, source)
        from_frame(frame, self.rubric, self.panel, source=source)
        entries = list(entries_of(frame, self.panel))
        with self._logbook.admitting() as history:
            before = len(history.events)
            for entry in entries:
                self._store(entry)
        return len(self.history().events) - before

    def progress(self) -> list[Progress]:
        """How far each expert is, in the order of the panel."""
        return self.history().progress(self.panel)

    @asked
    def facts(self, encoding: str = "utf-8") -> Facts:
        """What is entered; once locked, only submitted sheets, after verifying the chains. A
        finished table is read in ``encoding``.
        """
        import pandas as pd

        from evalkit.facts.columns import Basis
        from evalkit.facts.tidy import from_frame, read_scores

        if self._book is None:
            file = self.folder / TABLE_FILE
            return read_scores(file, self.rubric, self.panel, encoding=encoding)
        history = self.history()
        lock = history.lock
        chain.verify(history.events)
        basis = Basis("log")
        if lock is not None:
            require_unchanged(lock, self.folder, self.panel, self.rubric)
            basis = Basis("log", lock.at, lock.author, lock.payload["root"])
        pairs = self._pairs
        rows = [r for r in history.rows(submitted_only=lock is not None) if r[:2] in pairs]
        frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)
        source = str(self.folder / LOG_FILE)
        return from_frame(frame, self.rubric, self.panel, source=source, basis=basis)

    def results(self, *, trial: bool = False, encoding: str = "utf-8") -> Results:
        """`evaluate` on `facts`. Before the lock only as a ``trial``, else Refused is raised."""
        from evalkit.evaluation import evaluate

        return evaluate(self.rubric, self.panel, self.facts(encoding), trial=trial)

    def analysis(
        self, *, trial: bool = False, seed: int | None = None, line: Line | None = None
    ) -> Analysis:
        """What the `results` rest on, see `evalkit.analysis.advise`."""
        from evalkit.analysis import advise

        return advise(self.results(trial=trial), seed=seed, line=line)

    @asked
    def report(
        self,
        out: Path | str,
        applicants: Sequence[str] | None = None,
        *,
        trial: bool = False,
        **options: Any,
    ) -> Batch:
        """Write the reports of ``applicants`` (ids; None all) into the folder ``out``, with the
        ``options`` (level, language, engine, workers, dask) and errors of `make_reports`.
        """
        from evalkit.analysis import leave_one_out
        from evalkit.disclosure import Views
        from evalkit.reports.batch import Order, make_reports

        views = Views(results := self.results(trial=trial), left_out=leave_one_out(results))
        ids = list(results.facts.applicants if applicants is None else applicants)
        return make_reports(views, ids, Order(Path(out), **options))

    def to_frame(self) -> pd.DataFrame:
        """Everything entered: applicant, expert, indicator, points, reason."""
        return self.facts().to_frame()

    def set_aside(self) -> list[tuple[str, str, str, str, str]]:
        """Rows of scores that do not count any more, sorted: their expert or applicant is gone from
        the panel file, or in conflict since. Empty after a lock, which binds the file.
        """
        return [r for r in self.history().rows(submitted_only=False) if r[:2] not in self._pairs]

    def _repr_html_(self) -> str:
        from evalkit.pages.cards import round_card

        lock, rows = self.history().lock, self.progress() if self._book else None
        return round_card(self.panel, self.rubric, lock.at if lock else None, rows)

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        """Applicant and expert of every sheet that counts, and those of what is recorded once."""
        experts = [e.id for e in self.panel.experts]
        return frozenset(
            (a.id, e)
            for a in self.panel.applicants
            for e in (*experts, *OFFICE_KINDS.values())
            if e not in experts or self.panel.may_score(a.id, e)
        )

    @property
    def _logbook(self) -> Logbook[History]:
        if self._book is None:
            raise Refused(
                Problem(_("这是已完成的评分表，没有评分记录，不能再录入"), str(self.folder))
            )
        return self._book

    def _store(self, entry: Entry, seen: int | None = None) -> Receipt:
        def admit(history: History, entry: Entry) -> None:
            admission.admit(self.rubric, self.panel, history, entry, self.log.clock(), seen)

        return self._logbook.store(entry, admit)


@asked
def open_round(path: Path | str, clock: Clock = now) -> Round:
    """The round in the folder ``path``: with its log, or with its finished table of scores.

    A demo that comes with evalkit can be named by its id (``demo``). Raises InputError for anything
    else.
    """
    folder = Path(path)
    if not folder.exists() and folder.name == str(path):
        with suppress(InputError):  # no demo either: then the folder is what is missing
            folder = resources.path("panels", str(path))
    if (folder / LOG_FILE).exists():
        return Round.open(folder, clock)
    if not ((folder / PANEL_FILE).exists() and (folder / TABLE_FILE).exists()):
        names = {"log": LOG_FILE, "table": TABLE_FILE}
        text = _("这里既没有 {log}，也没有 {table}；请给出评审工作文件夹", **names)
        raise InputError(Problem(text, str(folder)))
    rubric = find_rubric(folder / PANEL_FILE)
    return Round(folder, rubric, load_panel(folder / PANEL_FILE, rubric), None)
