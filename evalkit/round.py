"""A panel's folder: its files and its log, and what follows from them."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from evalkit.base import resources
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.files import naming
from evalkit.base.text import _, normalise_number
from evalkit.base.tidy_words import COLUMNS
from evalkit.panel import Expert, Panel, find_rubric, load_panel
from evalkit.record import admission, chain
from evalkit.record.log import CELL_KINDS, OFFICE_KINDS, Entry, Event, History, Receipt
from evalkit.record.places import require_local
from evalkit.record.sqlite import Clock, SqliteLog, now
from evalkit.rubric import Rubric, load_rubric

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.evaluation import Results
    from evalkit.facts.columns import Facts

PANEL_FILE, LOG_FILE = "panel.yaml", "log.sqlite"


@dataclass(frozen=True)
class Progress:
    """How far one expert is: sheets due, sheets with an entry, sheets submitted."""

    expert: Expert
    due: int
    begun: int
    submitted: int


class Round:
    """An open panel folder with ``panel.yaml``, its rubric and ``log.sqlite``."""

    def __init__(self, folder: Path, rubric: Rubric, panel: Panel, log: SqliteLog) -> None:
        self.folder, self.rubric, self.panel, self.log = folder, rubric, panel, log
        self._history, self._position, self._stored = History(), 0, False

    @classmethod
    def open(cls, path: Path | str, clock: Clock = now) -> Round:
        """The workspace in folder ``path``. Raises InputError if it holds no panel or no log."""
        folder = Path(path)
        for name in (PANEL_FILE, LOG_FILE):
            if not (folder / name).exists():
                text = _("这里没有 {name}，请给出评审工作文件夹", name=name)
                raise InputError(Problem(text, str(folder)))
        rubric = find_rubric(folder / PANEL_FILE)
        panel = load_panel(folder / PANEL_FILE, rubric)
        return cls(folder, rubric, panel, SqliteLog(folder / LOG_FILE, panel.id, clock))

    @classmethod
    def create(cls, path: Path | str, panel_file: Path | str, clock: Clock = now) -> Round:
        """A new workspace with a copy of ``panel_file`` and of its rubric, and an empty log.

        The copies keep the round as it was declared. The folder appears whole or not at all.
        Raises InputError if ``path`` exists.
        """
        folder, source = Path(path), Path(panel_file)
        if folder.exists():
            raise InputError(Problem(_("已经存在，请换一个文件夹或先移走"), str(folder)))
        require_local(folder / LOG_FILE)
        rubric_file = rubric_source(source)
        panel = load_panel(source, load_rubric(rubric_file))
        folder.parent.mkdir(parents=True, exist_ok=True)
        with naming(folder):
            staging = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
            try:
                shutil.copyfile(source, staging / PANEL_FILE)
                shutil.copyfile(rubric_file, staging / rubric_file.name)
                SqliteLog(staging / LOG_FILE, panel.id, clock).close()
                staging.chmod(0o755)
                staging.rename(folder)
            except InputError as error:  # of the log, with its place for now
                raise InputError(Problem(error.problems[0].text, str(folder / LOG_FILE))) from error
            finally:
                shutil.rmtree(staging, ignore_errors=True)
        return cls.open(folder, clock)

    @property
    def round(self) -> str:
        """What tells this round from every other, also from one made of the same panel file."""
        return self.log.id

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.log.close()

    def history(self) -> History:
        """The state of the round as it is stored now."""
        events, self._position = self.log.since(self._position)
        self._history.extend(events)
        return self._history

    def append(self, entry: Entry, *, seen: int | None = None) -> Receipt:
        """Store ``entry`` if the rules admit it; the receipt comes after COMMIT.

        The same entry again (same author and event_id) gives the first receipt and stores nothing;
        the same id with other content raises Refused. For ``seen`` see `admission.admit`.
        """
        with self._admitting() as history:
            return self._store(history, entry, seen)

    def lock(self) -> Receipt:
        """Lock the round in the secretary's name; the entry carries the root of all chains.

        A locked round stays as it is, and gives the receipt of its lock. Raises Refused while
        sheets are open and the rules wait for them.
        """
        with self._admitting() as history:
            if (done := history.lock) is not None:
                return Receipt(done.author, done.seq, done.at, done.hash)
            chain.verify(history.events)
            payload = admission.lock_payload(self.rubric, self.panel, history)
            entry = Entry(self.panel.secretary.id, "lock", "lock", payload=payload)
            return self._store(history, entry, None)

    def require_lockable(self) -> None:
        """Raise Refused, as `lock` would, while sheets are open; InputError for a changed log."""
        history = self.history()
        chain.verify(history.events)
        if history.lock is None:
            admission.require_complete(self.rubric, self.panel, history)

    def import_scores(self, frame: pd.DataFrame, source: str = "") -> int:
        """Enter a finished tidy table as submitted sheets of its experts; returns the rows stored.

        All of it is stored or nothing. Raises InputError for a table that does not fit. Importing
        the same table again stores nothing.
        """
        from evalkit.facts.tidy import from_frame

        from_frame(frame, self.rubric, self.panel, source=source)
        entries = list(_entries(frame, self.panel))
        with self._admitting() as history:
            before = len(history.events)
            for entry in entries:
                self._store(history, entry, None)
        return len(self.history().events) - before

    def progress(self) -> list[Progress]:
        """How far each expert is, in the order of the panel."""
        history = self.history()
        begun = {(e.author, e.applicant) for e in history.events if e.kind in CELL_KINDS}
        found = []
        for expert in self.panel.experts:
            due = [a.id for a in self.panel.applicants if self.panel.may_score(a.id, expert.id)]
            n = sum((expert.id, applicant) in begun for applicant in due)
            done = sum(history.submitted(expert.id, applicant) for applicant in due)
            found.append(Progress(expert, len(due), n, done))
        return found

    def facts(self) -> Facts:
        """What is entered; once locked, only submitted sheets, after verifying the chains."""
        import pandas as pd

        from evalkit.facts.columns import Basis
        from evalkit.facts.tidy import from_frame

        history = self.history()
        lock = history.lock
        chain.verify(history.events)
        basis = Basis("log")
        if lock is not None:
            self._require_unchanged(lock)
            basis = Basis("log", lock.at, lock.author, lock.payload["root"])
        pairs = self._pairs
        rows = [r for r in history.rows(submitted_only=lock is not None) if r[:2] in pairs]
        frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)
        source = str(self.folder / LOG_FILE)
        return from_frame(frame, self.rubric, self.panel, source=source, basis=basis)

    def results(self, *, trial: bool = False) -> Results:
        """`evaluate` on `facts`."""
        from evalkit.evaluation import evaluate

        return evaluate(self.rubric, self.panel, self.facts(), trial=trial)

    def set_aside(self) -> list[tuple[str, str, str, str, str]]:
        """Rows of scores that do not count any more: their expert or applicant is gone from the
        panel file, or in conflict since. Sorted; empty after a lock, which binds the file.
        """
        return [r for r in self.history().rows(submitted_only=False) if r[:2] not in self._pairs]

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

    def _require_unchanged(self, lock: Event) -> None:
        """The lock binds the rules: files that differ from what was locked give no results."""
        now_there = {"panel": (self.panel.digest, PANEL_FILE), "rubric": (self.rubric.digest, "")}
        for name, (digest, file) in now_there.items():
            if lock.payload.get(name) != digest:
                place = str(self.folder / (file or f"{self.rubric.id}.yaml"))
                raise InputError(Problem(_("锁定之后被改过，请恢复锁定时的文件"), place))

    @contextmanager
    def _admitting(self) -> Iterator[History]:
        """A transaction on the log, with the history as nobody else can change it."""
        self._stored = False
        try:
            with self.log.writing():
                yield self.history()
        except BaseException:
            if self._stored:  # what was read since is not committed
                self._history, self._position = History(), 0
            raise

    def _store(self, history: History, entry: Entry, seen: int | None) -> Receipt:
        first = history.find(entry.author, entry.event_id)
        if first is not None:
            if not first.says(entry):
                raise Refused(_("event_id 已用于另一条内容不同的记录"))
            return Receipt(first.author, first.seq, first.at, first.hash)
        admission.admit(self.rubric, self.panel, history, entry, self.log.clock(), seen)
        receipt = self.log.append(entry)
        self._stored = True
        self.history()
        return receipt


def rubric_source(panel_file: Path) -> Path:
    """The rubric file that ``panel_file`` uses: beside it, or one that comes with evalkit."""
    name = f"{find_rubric(panel_file).id}.yaml"
    beside = panel_file.parent / name
    return beside if beside.exists() else resources.path("rubrics", name)


def _entries(frame: pd.DataFrame, panel: Panel) -> Iterator[Entry]:
    """The rows of a tidy table as entries, then a submit for every sheet among them."""
    kinds = {"unscored": "unscored", "recused": "recusal"}
    office = {word: kind for kind, word in OFFICE_KINDS.items()}
    sheets: dict[tuple[str, str], None] = {}
    for row in frame.to_dict("records"):
        points, text = normalise_number(str(row["points"])), str(row.get("reason", ""))
        author, kind = str(row["expert"]), kinds.get(points, "score")
        if points == "":
            continue
        if author in office:
            author, kind = panel.secretary.id, office[author]
            points = str(row["points"])  # a measured value may carry its unit
        else:
            sheets[author, str(row["applicant"])] = None
        states_points = kind == "score" or kind in OFFICE_KINDS
        payload = {"points": points, "text": text} if states_points else {"text": text}
        yield _named(Entry(author, "", kind, row["applicant"], row["indicator"], payload))
    for author, applicant in sheets:
        yield _named(Entry(author, "", "submit", applicant))


def _named(entry: Entry) -> Entry:
    """``entry`` with an id made from its content, so that importing twice stores it once."""
    parts: Iterable[str] = (entry.kind, entry.applicant, entry.indicator, *entry.payload.values())
    name = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return Entry(**{**vars(entry), "event_id": f"import-{name}"})
