"""The folder of a locked round, copied whole: what was declared, the logs, and their text."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

from evalkit.archive.layout import EVENTS
from evalkit.base import canonical
from evalkit.log.events import Row
from evalkit.log.sqlite import SqliteLog
from evalkit.panel import tables_beside
from evalkit.panel.load import find_rubric_file
from evalkit.panel.statements import belonging
from evalkit.record.begin import LOG_FILE, PANEL_FILE, copy_into
from evalkit.record.successor import FOLDER as PREDECESSOR


def copy_round(source: Path, target: Path) -> None:
    """Copy the round in ``source`` to ``target``, with its rubric, the tables and the material that
    belong to it, and the rounds that it supersedes.

    Raises InputError and OSError as their readers do.
    """
    rubric = find_rubric_file(source / PANEL_FILE)
    files = {file.name: file for file in (rubric, *tables_beside(source / PANEL_FILE))}
    own = {PANEL_FILE: source / PANEL_FILE, LOG_FILE: source / LOG_FILE}
    copy_into(target, {**files, **own, **belonging(source)})
    if (source / PREDECESSOR).is_dir():
        copy_round(source / PREDECESSOR, target / PREDECESSOR)


def write_events(folder: Path, panel: str) -> None:
    """Write the text of the log in ``folder`` beside it, and of those that it supersedes."""
    with closing(SqliteLog(folder / LOG_FILE, panel)) as log:
        (folder / EVENTS).write_bytes(events_text(log.rows()))
    if (folder / PREDECESSOR).is_dir():
        write_events(folder / PREDECESSOR, panel)


def events_text(rows: list[Row]) -> bytes:
    """``rows`` as text: canonical JSON, a line each, with number, previous hash and hash."""
    return "".join(canonical.dumps(_line(row)) + "\n" for row in rows).encode()


def _line(row: Row) -> dict[str, Any]:
    found = {**vars(row), "payload": json.loads(row.payload)}
    del found["whole"]
    return found
