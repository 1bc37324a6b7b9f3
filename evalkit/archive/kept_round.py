"""The folder of a locked round, copied whole: what was declared, the logs, and their text."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from operator import attrgetter
from pathlib import Path

from evalkit.archive.evidence import is_evidence
from evalkit.archive.layout import EVENTS
from evalkit.log.events import Row
from evalkit.log.sqlite import SqliteLog
from evalkit.panel import tables_beside
from evalkit.panel.load import find_rubric_file
from evalkit.panel.statements import belonging
from evalkit.record.begin import LOG_FILE, PANEL_FILE, copy_into
from evalkit.record.successor import FOLDER as PREDECESSOR


def copy_round(source: Path, target: Path, *, evidence: bool = True) -> None:
    """Copy the round in ``source`` to ``target``, with its rubric, the tables and the material that
    belong to it (none where no ``evidence`` is wanted), and the rounds that it supersedes.

    Raises InputError and OSError as their readers do.
    """
    rubric = find_rubric_file(source / PANEL_FILE)
    files = {file.name: file for file in (rubric, *tables_beside(source / PANEL_FILE))}
    own = {PANEL_FILE: source / PANEL_FILE, LOG_FILE: source / LOG_FILE}
    more = {n: file for n, file in belonging(source).items() if evidence or not is_evidence(n)}
    copy_into(target, {**files, **own, **more})
    if (source / PREDECESSOR).is_dir():
        copy_round(source / PREDECESSOR, target / PREDECESSOR)


def copy_record(source: Path, target: Path) -> None:
    """Copy a round, and those that it supersedes, into the new folder ``target``: without material,
    and writable, whatever the archive's own files are.
    """
    target.mkdir(parents=True)
    for file in source.iterdir():
        if file.is_file():
            shutil.copyfile(file, target / file.name)
        elif file.name == PREDECESSOR:
            copy_record(file, target / file.name)


def write_events(folder: Path, panel: str) -> None:
    """Write the text of the log in ``folder`` beside it, and of those that it supersedes."""
    with closing(SqliteLog(folder / LOG_FILE, panel)) as log:
        (folder / EVENTS).write_bytes(events_text(log.rows()))
    if (folder / PREDECESSOR).is_dir():
        write_events(folder / PREDECESSOR, panel)


def events_text(rows: list[Row]) -> bytes:
    """``rows`` as text: canonical JSON, a line each, with number, previous hash and hash.

    Raises ValueError for a row that is no text: bytes that are no UTF-8, or another payload.
    """
    return "".join(_line(row) for row in rows).encode()


def _line(row: Row) -> str:
    """As `canonical.dumps` writes it: a log has texts and whole numbers only, under ASCII keys."""
    said = _ENCODED(json.loads(row.payload))
    applicant, at, author, id, own, indicator, kind, panel, prev = map(_QUOTED, _NAMED(row))
    return (
        f'{{"applicant":{applicant},"at":{at},"author":{author},"event_id":{id},"hash":{own},'
        f'"indicator":{indicator},"kind":{kind},"panel":{panel},"payload":{said},"prev":{prev},'
        f'"seq":{row.seq}}}\n'
    )


_NAMED = attrgetter(
    *("applicant", "at", "author", "event_id", "hash", "indicator", "kind", "panel", "prev")
)
_QUOTED = json.JSONEncoder(ensure_ascii=False).encode
_ENCODED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
