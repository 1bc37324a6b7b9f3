"""What an expert reads beside the fields of one applicant, and enters apart from scores.

Only of applicants that are the expert's own: statements and material, measured values with what
follows from them, what the panel recognised, the receipt of a submitted sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalkit.base.errors import Refused
from evalkit.base.terms import instant
from evalkit.base.text import _
from evalkit.log.events import Entry, Event
from evalkit.log.receipts import SheetReceipt
from evalkit.panel.statements import MATERIAL, MEDIA, Statement, find_material, read_statements
from evalkit.panel.statements import table_in as statements_in
from evalkit.record import commitment, withdrawal
from evalkit.record.assignment import COMMITMENT
from evalkit.record.fields import bonus_fields
from evalkit.record.history import History
from evalkit.record.remark import measured
from evalkit.record.spoken import REMARKS
from evalkit.round import Round
from evalkit.workbench.computed import computed

REMARK, STAND = "remark:", "stand:"
"""Before the names of cells that are no scores: a kind of remark, a measured indicator."""

MAX_FILE = 32 * 1024 * 1024
CHUNK = 512 * 1024
"""Bytes of a file in one message: a socket that carries whole files would hold up the scores."""


def entry(expert: str, content: dict[str, Any]) -> Entry | None:
    """What a message "save" for such a cell enters; None for a cell with a score."""
    name, text = content["indicator"], content.get("text", "")
    place = expert, content["event_id"]
    if name.startswith(REMARK):
        kind = name.removeprefix(REMARK)
        return Entry(*place, "remark", content["applicant"], kind, {"text": text})
    if name.startswith(STAND):
        payload = {"stand": content.get("state", ""), "text": text}
        return Entry(*place, "dispute", content["applicant"], name.removeprefix(STAND), payload)
    return None


def cell(history: History, expert: str, applicant: str, name: str) -> dict[str, Any] | None:
    """Such a cell as the form shows it; None for one with a score."""
    if name.startswith(REMARK):
        return _shown(history.spoken.remark(expert, applicant, name.removeprefix(REMARK)))
    if name.startswith(STAND):
        found = history.spoken.stand(expert, applicant, name.removeprefix(STAND))
        return _shown(found.event if found else None)
    return None


def _shown(event: Event | None) -> dict[str, Any]:
    payload = event.payload if event else {}
    state, text = payload.get("stand", ""), payload.get("text", "")
    return {"state": state, "points": "", "text": text, "seq": event.seq if event else 0}


class Contents:
    """The rest of what one ``expert`` reads in a round, message by message."""

    def __init__(self, workspace: Round, expert: str) -> None:
        self._round, self._expert = workspace, expert
        self._read: tuple[Any, tuple[Statement, ...]] = (None, ())

    def cells(self) -> list[str]:
        """The names of the cells of a sheet that are no scores."""
        names = measured(self._round.rubric, self._round.panel)
        return [*(f"{REMARK}{kind}" for kind in REMARKS), *(f"{STAND}{name}" for name in names)]

    def kept(self, language: str) -> str | None:
        """Why a submitted sheet cannot be taken back by its expert; None where it can."""
        forbidden = withdrawal.forbidden(self._round.panel)
        return forbidden.render(language) if forbidden else None

    def commitment(self) -> dict[str, Any] | None:
        """What the expert has to commit to, see `commitment.view`."""
        return commitment.view(self._round.panel, self._round.history().acts, self._expert)

    def receipt(self, applicant: str, language: str) -> dict[str, Any] | None:
        """The receipt of a sheet as it is submitted in this log."""
        event = self._round.history().submission(self._expert, applicant)
        if event is None:
            return None
        receipt = SheetReceipt.of(event, self._round.log.id)
        words = {"at": instant(event.at).render(language), "code": receipt.code}
        return {**words, "seq": receipt.seq, "hash": receipt.hash, "line": str(receipt)}

    def answer(self, content: Any, language: str) -> tuple[dict[str, Any], list[bytes]] | None:
        """The answer to a message, with what goes with it as bytes; None for a message of another
        kind. Raises Refused and InputError.
        """
        match content:
            case {"type": "read", "event_id": str(id), "applicant": str(applicant)}:
                self._require_own(applicant)
                return {
                    "type": "contents",
                    "event_id": id,
                    **self._contents(applicant, language),
                }, []
            case {
                "type": "material",
                "event_id": str(id),
                "applicant": str(applicant),
                "file": str(file),
                "offset": int(offset),
            }:
                self._require_own(applicant)
                part = self._material(applicant, file, offset)
                return {"type": "material", "event_id": id, **part[0]}, [part[1]]
            case {"type": "commit", "event_id": str(id), "digest": str(digest)}:
                given = {"digest": digest, "given": commitment.FORM}
                self._round.append(Entry(self._expert, id, COMMITMENT, "", self._expert, given))
                return {"type": "commit_stored", "event_id": id}, []
            case {
                "type": "message" | "withdraw" | "conflict" as kind,
                "event_id": str(id),
                "applicant": str(applicant),
                "text": str(text),
            }:
                whom = self._expert if kind == "conflict" else ""
                receipt = self._round.append(
                    Entry(self._expert, id, kind, applicant, whom, {"text": text})
                )
                at = instant(receipt.at).render(language)
                return {"type": f"{kind}_stored", "event_id": id, "at": at}, []
        return None

    def _require_own(self, applicant: str) -> None:
        panel = self._round.panel
        panel.applicant(applicant)
        if not panel.may_score(applicant, self._expert):
            raise Refused(_("没有被分配评 {applicant}，或须回避，不能看材料", applicant=applicant))

    def _statements(self) -> tuple[Statement, ...]:
        """The table as it is now: an office may still be filling it."""
        table = statements_in(self._round.folder)
        sign = None
        if table is not None:
            state = table.stat()
            sign = table.name, state.st_mtime_ns, state.st_size
        if sign != self._read[0]:
            found = read_statements(self._round.folder, self._round.rubric, self._round.panel)
            self._read = sign, found
        return self._read[1]

    def _contents(self, applicant: str, language: str) -> dict[str, Any]:
        fields: dict[str, list[dict[str, Any]]] = {}
        for one in self._statements():
            if one.applicant == applicant:
                row = {"statement": one.statement, "verdict": one.verdict, "note": one.note}
                place = {"file": one.file, "page": one.page}
                fields.setdefault(one.indicator, []).append({**row, **place})
        return {
            "applicant": applicant,
            "statements": fields,
            "measured": list(computed(self._round, self._expert, applicant, language)),
            "recognised": dict(self._recognised(applicant)),
        }

    def _recognised(self, applicant: str) -> Iterator[tuple[str, dict[str, str]]]:
        history = self._round.history()
        for name in bonus_fields(self._round.rubric, self._round.panel, applicant):
            if event := history.recorded("recognition", applicant, name):
                points, text = event.payload["points"], event.payload["text"]
                yield name, {"points": points, "text": text}

    def _material(self, applicant: str, name: str, offset: int) -> tuple[dict[str, Any], bytes]:
        """A part of a file that a statement on this applicant names, and nothing else."""
        if name not in {one.file for one in self._statements() if one.applicant == applicant}:
            raise Refused(_("没有这份材料，或不是这个对象的"))
        try:
            file = find_material(self._round.folder / MATERIAL, name)
        except ValueError as error:
            raise Refused(error.args[0]) from error
        size = file.stat().st_size
        if size > MAX_FILE:
            most = MAX_FILE // 2**20
            raise Refused(_("“{file}”超过 {n} MB，打不开，请联系评审秘书", file=name, n=most))
        if not 0 <= offset <= size:
            raise Refused(_("界面发来的消息无法识别，请刷新页面"))
        with file.open("rb") as stream:
            stream.seek(offset)
            part = stream.read(CHUNK)
        return {"size": size, "offset": offset, "media": MEDIA[file.suffix.lower()]}, part
