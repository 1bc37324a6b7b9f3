"""An office's register in its folder: the declared file, and the log of what was decided since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self
from uuid import uuid4

from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.evaluation import Results
from evalkit.log import chain
from evalkit.log.driver import Clock, now
from evalkit.log.events import Entry, Event, Receipt
from evalkit.log.logbook import Logbook
from evalkit.log.places import require_local
from evalkit.log.sqlite import SqliteLog
from evalkit.office import admission, notices, taking
from evalkit.office.course import follow
from evalkit.office.decisions import AnyRecord, Decision
from evalkit.office.entries import (
    HISTORY,
    Entries,
    bound_by,
    entered_on,
    history_digest,
    payload,
)
from evalkit.office.file import Applicant, Office
from evalkit.office.load import load_office
from evalkit.office.outlook import outlook
from evalkit.office.rulebook import Rulebook
from evalkit.panel import find_rubric
from evalkit.panel.load import find_rubric_file
from evalkit.record.begin import begin
from evalkit.rubric import Rubric, load_rubric

FILE, LOG = "standing.yaml", "standing.sqlite"


class Entered(NamedTuple):
    """A record that was stored, and the proof of it."""

    applicant: str
    record: AnyRecord
    receipt: Receipt


class Register:
    """The file of an office and, beside it, the chained log of what was put on record since.

    The file declares persons, rules, rounds and applicants, and holds earlier records as history;
    these do not change any more once an applicant has a record in the log.
    """

    def __init__(self, file: Path, rubric: Rubric, declared: Office, clock: Clock = now) -> None:
        self.file, self.rubric, self._declared, self._clock = file, rubric, declared, clock
        self._book: Logbook[Entries] | None = None
        if self.log_file.exists():
            self._logbook()

    @classmethod
    @asked
    def open(cls, path: Path | str, clock: Clock = now) -> Register:
        """The register of the file or folder ``path``; a log is begun with the first record.

        Raises InputError as `load_office` does.
        """
        file = Path(path)
        file = file / FILE if file.is_dir() else file
        rubric = find_rubric(file)
        return cls(file, rubric, load_office(file, rubric), clock)

    @classmethod
    @asked
    def create(cls, path: Path | str, file: Path | str, clock: Clock = now) -> Register:
        """A new folder ``path`` with copies of ``file`` and its rubric, and an empty log.

        Raises InputError if ``path`` exists, and as `load_office` does.
        """
        folder, source = Path(path), Path(file)
        if folder.exists():
            raise InputError(Problem(_("已经存在，请换一个文件夹或先移走"), str(folder)))
        require_local(folder / LOG)
        rubric_file = find_rubric_file(source)
        office = load_office(source, load_rubric(rubric_file))
        files = {FILE: source, rubric_file.name: rubric_file}
        begin(folder, files, office.id, clock, LOG)
        return cls.open(folder, clock)

    @property
    def log_file(self) -> Path:
        """The log beside the file, named after it."""
        return self.file.with_suffix(".sqlite")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._book is not None:
            self._book.log.close()

    def __repr__(self) -> str:
        return f"Register({self._declared.id!r}, {len(self.events)} recorded, {str(self.file)!r})"

    @property
    def events(self) -> list[Event]:
        """What the log holds now, in stored order; empty before the first record."""
        return [] if self._book is None else list(self._book.state().events)

    @property
    def office(self) -> Office:
        """The file with all that was recorded since, as it is stored now."""
        return self._whole(Entries() if self._book is None else self._book.state())

    @property
    def book(self) -> Rulebook:
        """The text and the office, to be asked with."""
        return Rulebook(self.rubric, self.office)

    def history(self, applicant: str) -> tuple[AnyRecord, ...]:
        """Every record of ``applicant``: those of the file, then those of the log."""
        return admission.known(self.office.applicants, applicant).records

    def outlook(self, applicant: str, on: str | None = None) -> dict[str, Any]:
        """How ``applicant`` stands, see `evalkit.office.outlook.outlook`."""
        book = self.book
        return outlook(book, admission.known(book.office.applicants, applicant), on)

    def notice(self, kind: str, **about: str | None) -> dict[str, Any]:
        """What a paper says, see `evalkit.office.notices.notice`."""
        return notices.notice(self.book, kind, **about)

    @asked
    def append(
        self, applicant: str, fields: Mapping[str, Any], event_id: str | None = None
    ) -> Entered:
        """Put a record on ``applicant`` in the log if the rules admit it; good after COMMIT.

        ``fields`` are those of the record (`evalkit.office.decisions`) with its ``kind``, or the
        kind ``correction`` with what is to be changed. The id is given here; article and day are
        filled in where they are not said. The same ``event_id`` of the same author again gives the
        first record back. Raises InputError for fields that are wrong, Refused for what the text,
        the procedure or the declared rules do not allow, naming the article and who may.
        """
        if "results" in fields or "root" in fields:
            raise Refused(_("取自评审结果的记录由 take 登记，不能手写摘要值"))
        with self._logbook().admitting() as entries:
            return self._store(entries, applicant, fields, event_id or uuid4().hex)

    @asked
    def append_all(self, applicants: Iterable[str], fields: Mapping[str, Any]) -> list[Entered]:
        """Put the same record on each of ``applicants``, on all or none of them, see `append`.

        Where there are several, a refusal says whom it is about.
        """
        whom, entered = tuple(applicants), list[Entered]()
        with self._logbook().admitting() as entries:
            for id in whom:
                try:
                    entered.append(self._store(entries, id, fields, uuid4().hex))
                except Refused as error:
                    if len(whom) == 1:
                        raise
                    why = error.problems[0].text
                    raise Refused(_("{id}：{why}；几个对象都没有登记", id=id, why=why)) from error
        return entered

    def take(
        self, results: Results, *, round: str, stage: str, by: str, **more: Any
    ) -> list[Entered]:
        """Put the outcomes of the locked ``results`` on record, all of them or none.

        ``round`` and ``by`` are ids, ``stage`` an id or a name; what ``more`` may be said:
        `taking.Order`. Who has a record that says the same is left alone. Raises Refused for
        results that are not locked, of another text, procedure or round, and for whatever
        contradicts what is on record, naming whose it is.
        """
        order = taking.Order(round, stage, by, **more)
        with self._logbook().admitting() as entries:
            office = self._whole(entries)
            found = taking.fields(Rulebook(self.rubric, office), results, order)
            return [self._take(entries, id, one) for id, one in found]

    def _take(self, entries: Entries, id: str, fields: Mapping[str, Any]) -> Entered:
        """One of many: a refusal says whose it is."""
        try:
            return self._store(entries, id, fields, uuid4().hex)
        except Refused as refused:
            name = self.book.office.applicant(id).name
            said = _("{name}（{id}）的结果不能登记：{why}", name=name, id=id)
            apart = (replace(p, text=said.filled(why=p.text)) for p in refused.problems)
            raise Refused(*apart) from refused

    def verify(self, rounds: Iterable[Results] = ()) -> list[Decision]:
        """Check the chains, every record, and the taken results against those of ``rounds``.

        Returns the records that were taken from rounds not among these. Raises InputError for a log
        that was changed, Misstep for a record that does not stand, Refused for another digest,
        grade or proposal than the round has.
        """
        chain.verify(self.events)
        book = self.book
        for applicant in book.office.applicants:
            follow(book, applicant)
        return taking.compared(book.office.applicants, list(rounds))

    def _logbook(self) -> Logbook[Entries]:
        if self._book is None:
            log = SqliteLog(self.log_file, self._declared.id, self._clock)
            self._book = Logbook(log, Entries)
        return self._book

    def _whole(self, entries: Entries) -> Office:
        known = {a.id for a in self._declared.applicants}
        if gone := [id for id in entries.applicants if id not in known]:
            text = _("{ids} 有登记的记录，文件里却没有这一对象，请恢复", ids=gone)
            raise InputError(Problem(text, str(self.file), field="applicants"))
        applicants = tuple(entries.whole(a) for a in self._declared.applicants)
        return self._declared.model_copy(update={"applicants": applicants})

    def _store(
        self, entries: Entries, id: str, fields: Mapping[str, Any], event_id: str
    ) -> Entered:
        declared = admission.known(self._declared.applicants, id)
        applicant, begun = entries.whole(declared), id in entries.applicants
        book, at = Rulebook(self.rubric, self._declared), self._clock()
        first = entries.find(str(fields.get("by")), event_id)
        if first is not None:
            kept = {name: first.payload[name] for name in ("id", "day", "article")}
            fields, begun = {**kept, **fields}, HISTORY not in first.payload
        today = entered_on(at.isoformat())
        record = admission.drafted(book, _before(applicant, first), fields, today)
        history = {} if begun else {HISTORY: history_digest(declared)}
        entry = Entry(record.by, event_id, record.kind, id, "", payload(record) | history)

        def admit(entries: Entries, _entry: Entry) -> None:
            bound = self._earlier | entries.bound
            admission.admit(book, applicant, record, at, bound)

        return Entered(id, record, self._logbook().store(entry, admit))

    @cached_property
    def _earlier(self) -> dict[tuple[str, str], str]:
        """What the records of the file took from locked results."""
        records = (r for a in self._declared.applicants for r in a.records)
        return bound_by(records)


def _before(applicant: Applicant, first: Event | None) -> Applicant:
    """``applicant`` as it was before the record that ``first`` stored."""
    if first is None:
        return applicant
    ids = [r.id for r in applicant.records]
    until = ids.index(first.payload["id"]) if first.payload["id"] in ids else len(ids)
    return applicant.model_copy(update={"records": applicant.records[:until]})
