"""A plan's year in its folder: the ledger as it was declared, and all that was recorded since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from evalkit.base.errors import EvalkitError, InputError, Problem
from evalkit.base.files import place
from evalkit.base.terms import BEIJING
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.log import chain
from evalkit.log.driver import Clock, now
from evalkit.log.events import Entry, Event, Receipt
from evalkit.log.logbook import Logbook
from evalkit.log.sqlite import SqliteLog
from evalkit.panel.load import find_rubric_file
from evalkit.plan.admission import admit
from evalkit.plan.folder import LEDGER_FILE, read_ledger
from evalkit.plan.history import EVER, History, ledger_of
from evalkit.plan.ledger import Ledger
from evalkit.plan.progress import Progress, assess
from evalkit.plan.told import told
from evalkit.rubric import Rubric

LOG_FILE = "ledger.sqlite"


class Year:
    """One year of a plan. The log beside the ledger's ``file`` begins with the first record; from
    then on the file, its table and the plan's file, of which a copy is put there, have to stay as
    they are.
    """

    def __init__(self, file: Path, rubric: Rubric, declared: Ledger, clock: Clock) -> None:
        self.file, self.folder = file, file.parent
        self.rubric, self.declared, self.clock = rubric, declared, clock
        self._book: Logbook[History] | None = None
        if (self.folder / LOG_FILE).exists():
            self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._book is not None:
            self._book.log.close()

    def history(self) -> History:
        """What is recorded now. Raises InputError for a log or a ledger that was changed."""
        if self._book is None:
            return History()
        history = self._book.state()
        chain.verify(history.events)
        if history.begun is not None:
            self._require_unchanged(history.begun)
        return history

    def as_of(self, day: date | None = None) -> Ledger:
        """The ledger as it counted on ``day`` (None: as it stands now).

        The declared one where nothing had been recorded by then. Raises as `history` does.
        """
        until = EVER if day is None else day.isoformat()
        return ledger_of(self.declared, self.history().counted(until))

    def assess(self, day: date) -> Progress:
        """How far the plan was on ``day``, see `progress.assess`. Raises as that and `as_of` do."""
        return assess(self.rubric, self.as_of(day), day)

    def number(self, words: str) -> str:
        """The number of the milestone that ``words`` mean: a number, a name, or a part of one.

        Raises InputError, with what could be meant, for words that fit none or several.
        """
        if words.isdecimal():
            return words
        ledger = self.as_of()
        named = [(str(n), m) for n, m in enumerate(ledger.milestones, 1)]
        fit = [pair for pair in named if pair[1].name == words]
        fit = fit or [pair for pair in named if words in pair[1].name]
        if len(fit) == 1:
            return fit[0][0]
        listed = [f"{n} {ledger.named[m.unit].name} {m.name}" for n, m in fit]
        text = _("没有哪个时间节点的名称里有“{words}”", words=words)
        if listed:
            text = _("“{words}”可以指几个时间节点，请写编号：{all}", words=words, all=listed)
        raise InputError(Problem(text, str(self.file), field="milestone"))

    def told(self) -> list[dict[str, Any]]:
        """What was recorded, in sentences, see `told.told`. Raises as `history` does."""
        return told(self.rubric, self.declared, self.history())

    def root(self) -> str | None:
        """One hash over the last record of each author; None where nothing is recorded."""
        heads = self.history().heads
        return chain.root(heads) if heads else None

    @asked
    def record(
        self, kind: str, by: str, fields: Mapping[str, str], *, event_id: str | None = None
    ) -> Receipt:
        """Record an act of ``kind`` (`acts.ACTS`) with its ``fields`` in the name of ``by``.

        Fields that are None are left out; without ``day`` it is today (Beijing time). With the same
        ``event_id`` the same record again gives the first receipt. Raises InputError and Refused
        that name the field; then nothing is stored.
        """
        today = self.clock().astimezone(BEIJING).date().isoformat()
        payload = {"day": today, **{name: v for name, v in fields.items() if v is not None}}
        entry = Entry(by, event_id or uuid4().hex, kind, payload=payload)
        with self._about():
            # on what is there, so that a refusal leaves no empty log behind
            if self._book is None:
                admit(self.rubric, self.declared, History(), entry, today)
            if self._book is None:
                self._keep_rubric()
            book = self._book or self._open()
            self.history()  # whether log and ledger are as they were
            with book.admitting() as history:
                if history.begun is None:
                    self._store(book, self._begin(by, payload["day"], today), today)
                return self._store(book, entry, today)

    def publish(self, day: date, by: str) -> tuple[Progress, bool]:
        """The assessment of ``day``, recorded as published by ``by``; and whether it is new.

        What is recorded later counts from the day after. Raises InputError where it was published
        before and said something else; otherwise as `record`.
        """
        assessed = self.assess(day)
        before = self.history().published.get(day.isoformat())
        if before is None:
            fields = {"day": day.isoformat(), "digest": assessed.digest}
            self.record("published", by, fields)
        elif before.payload["digest"] != assessed.digest:
            text = _(
                "{day} 的评估与通报时登记的摘要值 {digest} 不符，请核对规划文件和 evalkit 的版本",
                day=day.isoformat(),
                digest=before.payload["digest"],
            )
            raise InputError(Problem(text, str(self.folder / LOG_FILE)))
        return assessed, before is None

    def _begin(self, by: str, day: str, today: str) -> Entry:
        digests = {"ledger": self.declared.digest, "rubric": self.rubric.digest}
        payload = {"day": min(day, today), **digests}
        return Entry(by, f"begun-{self.declared.digest[:32]}", "begun", payload=payload)

    def _store(self, book: Logbook[History], entry: Entry, today: str) -> Receipt:
        def check(history: History, entry: Entry) -> None:
            admit(self.rubric, self.declared, history, entry, today)

        return book.store(entry, check)

    def _open(self) -> Logbook[History]:
        log = SqliteLog(self.folder / LOG_FILE, self.declared.id, self.clock)
        self._book = Logbook(log, History)
        return self._book

    def _keep_rubric(self) -> None:
        """A copy of the plan's file beside the ledger: that of evalkit changes with its version."""
        own = self.folder / f"{self.rubric.id}.yaml"
        if not own.exists():
            place({own: find_rubric_file(self.file).read_bytes()})

    def _require_unchanged(self, begun: Event) -> None:
        if begun.payload["ledger"] != self.declared.digest:
            text = _(
                "开始登记以后被改过（含台账表），请恢复原样；变动用 evalkit ledger record 登记"
            )
            raise InputError(Problem(text, str(self.file)))
        if begun.payload["rubric"] != self.rubric.digest:
            text = _("规划文件不是开始登记时的那一份，请恢复原样")
            raise InputError(Problem(text, str(self.folder / f"{self.rubric.id}.yaml")))

    @contextmanager
    def _about(self) -> Iterator[None]:
        """Let errors say in which ledger something was to be recorded."""
        try:
            yield
        except EvalkitError as error:
            here = str(self.file)
            problems = (replace(p, source=p.source or here, line=None) for p in error.problems)
            raise type(error)(*problems) from error


@asked
def open_year(path: Path, encoding: str = "utf-8", clock: Clock | None = None) -> Year:
    """The year of a plan whose ledger is ``path``, a file or its folder, see `read_ledger`.

    Raises InputError as that does, and for a log that cannot be read.
    """
    rubric, declared = read_ledger(path, encoding)
    file = path / LEDGER_FILE if path.is_dir() else path
    return Year(file, rubric, declared, clock or now)
