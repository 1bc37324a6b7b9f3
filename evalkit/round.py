"""A round in its folder: what was declared, what was entered, and all that follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, Self
from weakref import finalize

from evalkit.base import resources
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.shown import Shown
from evalkit.base.text import Text, _
from evalkit.base.urls import Place, is_url
from evalkit.base.wanted import asked
from evalkit.log.driver import Clock, Log, now
from evalkit.log.places import require_local
from evalkit.log.sqlite import SqliteLog
from evalkit.panel import Panel
from evalkit.panel.load import load_both
from evalkit.record.begin import LOG_FILE, PANEL_FILE, begin, declared
from evalkit.record.entered import basis_of, facts_of
from evalkit.record.seating import Seated
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.analysis import Analysis, Line
    from evalkit.evaluation import Results
    from evalkit.facts.columns import Facts
    from evalkit.log.receipts import SheetReceipt
    from evalkit.record.history import History
    from evalkit.record.verification import Verification
    from evalkit.reports.batch import Batch

TABLE_FILE = "scores.csv"


class Round(Seated, Shown):
    """A round: ``panel.yaml`` with its rubric, and ``log.sqlite`` or a finished ``scores.csv``, to
    which nothing can be added. Or all of it in a database.
    """

    def __init__(self, folder: Path, rubric: Rubric, panel: Panel, log: Log | None) -> None:
        super().__init__(folder, rubric, panel, log)
        self._folder_goes: finalize | None = None

    @classmethod
    @asked
    def open(cls, path: Path | str, clock: Clock = now) -> Round:
        """The round with a log in folder ``path``, or in a database:
        ``postgresql://…/db?panel=…``. Raises InputError without panel or log.
        """
        if is_url(path):
            return cls._in_database(Place.read(path), clock)
        folder = Path(path)
        for name in (PANEL_FILE, LOG_FILE):
            if not (folder / name).exists():
                text = _("这里没有 {name}，请给出评审工作文件夹", name=name)
                raise InputError(Problem(text, str(folder)))
        rubric, panel = load_both(folder / PANEL_FILE)
        return cls(folder, rubric, panel, SqliteLog(folder / LOG_FILE, panel.id, clock))

    @classmethod
    @asked
    def create(cls, path: Path | str, panel_file: Path | str, clock: Clock = now) -> Round:
        """A new round: copies of ``panel_file``, its rubric and what experts read; an empty log.
        Raises InputError if ``path``, a folder or the address of a database, exists or has this
        panel.
        """
        folder, source = Path(path), Path(panel_file)
        if not is_url(path):
            if folder.exists():
                raise InputError(Problem(_("已经存在，请换一个文件夹或先移走"), str(folder)))
            require_local(folder / LOG_FILE)
        given = declared(source)
        if is_url(path):
            from evalkit.record import database

            place = Place.read(path)
            database.begin(place, given)
            return cls._in_database(place.of(given.panel.id), clock)
        begin(folder, given.files, given.panel.id, clock)
        return cls.open(folder, clock)

    @classmethod
    def _in_database(cls, place: Place, clock: Clock) -> Round:
        """The round at ``place``; its files lie in a folder that goes when the round does."""
        from evalkit.log.postgres import PostgresLog
        from evalkit.record import database

        log = PostgresLog(place, None if clock is now else clock)
        with database.fetched(log) as folder:
            found = cls(folder, *load_both(folder / PANEL_FILE), log)
        found.shown = place.of(log.panel).shown
        found._folder_goes = finalize(found, rmtree, folder)
        return found

    @asked
    def fetch(self, path: Path | str) -> Round:
        """A locked round that lies in a database, as a round in the new folder ``path``: the same
        files and the same log, event for event. What only folders can do is done there.

        Raises Refused before the lock, and where the account may not read all; InputError if
        ``path`` exists.
        """
        from evalkit.record import database

        history = self.history()
        self._verify(history)
        database.take(history, self.log, self.folder, Path(path))
        return self.open(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._book is not None:
            self._book.log.close()
        if self._folder_goes is not None:
            self._folder_goes()

    def __repr__(self) -> str:
        lock = self.history().lock
        kind = "a finished table" if self._book is None else f"locked {lock.at}" if lock else "open"
        kind += ", but changed" if self.changed() is not None else ""
        return f"Round({self.panel.id!r}, {kind}, {self.shown!r})"

    @asked
    def facts(self, encoding: str = "utf-8") -> Facts:
        """What is entered; once locked, only submitted sheets, after verifying the chains. A
        finished table is read in ``encoding``.
        """
        from evalkit.facts.tidy import read_scores

        if self._book is None:
            file = self.folder / TABLE_FILE
            return read_scores(file, self.rubric, self.panel, encoding=encoding)
        history = self.history()
        self._verify(history)
        return self._facts(history, self._panel(history))

    def _facts(self, history: History, panel: Panel) -> Facts:
        return facts_of(
            self.rubric,
            panel,
            history,
            submitted_only=history.lock is not None,
            basis=basis_of(panel, history),
            source=self.shown,
        )

    def results(self, *, trial: bool = False, encoding: str = "utf-8") -> Results:
        """`evaluate` on `facts`. Before the lock only as a ``trial``, else Refused is raised, as it
        is for those who see their own scores alone.
        """
        from evalkit.evaluation import evaluate

        if self._book is not None and not self._book.log.complete:
            text = _("这个账户只看得到自己的评分，汇总不了；锁定之后请用秘书、组长或建立评审的账户")
            raise Refused(Problem(text, self.shown))
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

        results = self.results(trial=trial)
        without, said = leave_one_out(results), self.remarks()
        views = Views(results, left_out=without, opinions=self.opinions(), remarks=said)
        ids = list(results.facts.applicants if applicants is None else applicants)
        return make_reports(views, ids, Order(Path(out), **options))

    def verify(
        self,
        receipts: Iterable[Path | str] = (),
        root: str = "",
        reports: Iterable[Path | str] = (),
    ) -> Verification:
        """Check the log and those of the rounds before, and what the lock binds, read only; against
        ``receipts`` (lines, or files of them), the ``root`` on signed minutes and folders of
        ``reports`` and papers, too. Those within the round's folder are found by themselves.

        Raises InputError for a receipt that is none and a folder that states no root, Refused for a
        finished table.
        """
        from evalkit.record.compared import read_receipts, root_hash
        from evalkit.record.verification import Given, verify
        from evalkit.reports import locks

        log, given = self.log, [Path(folder) for folder in reports]
        own = self.folder if self._folder_goes is None else None  # else only the declared files
        stated = locks.found(own, given, self.declared.id)
        known = Given(tuple(read_receipts(receipts)), root_hash(root), *stated)
        return verify(self.folder, self.rubric, self.declared, log, known)

    def changed(self) -> Text | None:
        """What was changed of the log, or of the files that a lock binds; None where nothing was.

        `Round.verify` tells more. Who does not know of all rows cannot tell: None as well.
        """
        if self._book is not None and not self._book.log.complete:
            return None
        try:
            self._verify(self.history())
        except InputError as error:
            return error.problems[0].text
        return None

    def heads(self) -> list[SheetReceipt]:
        """What to keep elsewhere of the log as it is now: a receipt for the last entry of each
        author that names an applicant, against which `verify` can hold it later.
        """
        from evalkit.record.compared import heads
        from evalkit.record.verification import kept

        return heads(next(kept(self.folder, self.declared, self.log)), self.declared.id)

    def to_frame(self) -> pd.DataFrame:
        """Everything entered: applicant, expert, indicator, points, reason."""
        return self.facts().to_frame()

    def _repr_html_(self) -> str:
        from evalkit.pages.cards import round_card

        lock, rows = self.history().lock, self.progress() if self._book else None
        missing = len(self.lacking()) if self._book and lock is None else None
        at, changed = lock.at if lock else None, self.changed()
        return round_card(self.panel, self.rubric, at, rows, missing, changed)


@asked
def open_round(path: Path | str, clock: Clock = now) -> Round:
    """The round in the folder or database ``path``: with its log, or with its finished table of
    scores.

    A demo that comes with evalkit can be named by its id (``demo``). Raises InputError for anything
    else.
    """
    if is_url(path):
        return Round.open(path, clock)
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
    return Round(folder, *load_both(folder / PANEL_FILE), None)
