"""The folder of a successor round: it supersedes a locked one, which lies in it as it was."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _
from evalkit.log.driver import Clock
from evalkit.log.events import Entry
from evalkit.log.places import require_local
from evalkit.log.sqlite import SqliteLog
from evalkit.panel import Panel, load_panel, tables_beside
from evalkit.panel.load import find_rubric_file
from evalkit.panel.statements import belonging
from evalkit.record.assignment import in_force
from evalkit.record.begin import LOG_FILE, PANEL_FILE, appearing, copy_into
from evalkit.record.entered import basis_of, facts_of
from evalkit.record.history import History
from evalkit.record.objection import (
    Superseded,
    UpheldObjection,
    read_anew,
    require_reopenable,
    words,
)
from evalkit.record.succession import KIND, Succession, pairs
from evalkit.rubric import Rubric, load_rubric

FOLDER = "predecessor"
"""Where in a successor's folder the round lies that it supersedes."""

_CONFLICTS = re.compile(r"""^["']?conflicts["']?[ \t]*:.*\n(?:(?:[ \t-].*)?\n)*""", re.MULTILINE)


def begin(folder: Path, old: Superseded, upheld: UpheldObjection, clock: Clock) -> None:
    """Make ``folder``: the files that hold now, ``old`` below, and a log whose first entry says
    what is superseded, why, and what is open again.

    It appears whole or not at all, and ``old`` stays as it is. Raises InputError and Refused for
    what cannot be reopened, for a changed file that changes more than rules, and for rules under
    which the scores that stay could not have been entered.
    """
    if folder.exists():
        raise InputError(Problem(_("已经存在，请换一个文件夹或先移走"), str(folder)))
    require_local(folder / LOG_FILE)
    declared = words(upheld)
    source = upheld.panel_file or old.folder / PANEL_FILE
    rubric_file = _rubric_file(source, old)
    load_panel(source, load_rubric(rubric_file))  # what is wrong with it is said with its name
    with appearing(folder) as staging:
        _copy(old.folder, staging / FOLDER)
        files = {file.name: file for file in (rubric_file, *tables_beside(source))}
        copy_into(staging, files | belonging(source.parent))
        shutil.copyfile(source, staging / PANEL_FILE)
        rubric = load_rubric(staging / rubric_file.name)
        _add_conflicts(staging / PANEL_FILE, rubric, upheld)
        panel = in_force(load_panel(staging / PANEL_FILE, rubric), old.history.acts)
        found = _succession(old, panel, rubric, upheld, declared)
        require_reopenable(found, panel.in_force(rubric), panel, old)
        facts_of(
            panel.in_force(rubric),
            panel,
            History(earlier=old.history),
            submitted_only=True,
            basis=basis_of(panel, old.history),
            source=str(old.folder / LOG_FILE),
        )
        _store(staging / LOG_FILE, panel, found, clock)


def _succession(
    old: Superseded,
    panel: Panel,
    rubric: Rubric,
    upheld: UpheldObjection,
    declared: Mapping[str, str],
) -> Succession:
    """What the first entry says; ``panel`` and ``rubric`` are those that hold now."""
    return Succession(
        root=str(old.history.lock and old.history.lock.payload["root"]),
        results=old.results,
        panel_before=old.panel.digest,
        rubric_before=old.rubric.digest,
        panel=panel.digest,
        rubric=panel.in_force(rubric).digest,
        sheets=pairs(upheld.sheets),
        recusals=pairs(upheld.recusals),
        values=pairs(upheld.values),
        rules=read_anew(old, panel, rubric, upheld),
        bag=upheld.bag,
        **declared,
    )


def carried(folder: Path, panel: str, clock: Clock) -> History | None:
    """The history of the round that the one in ``folder`` supersedes, with those before it; None
    for a round that supersedes none. `History.verify` tells whether it is that one.
    """
    before = folder / FOLDER
    if not before.is_dir():
        return None
    if not (before / LOG_FILE).exists():
        raise InputError(Problem(_("这里没有 {name}", name=LOG_FILE), str(before)))
    log = SqliteLog(before / LOG_FILE, panel, clock)
    try:
        events, _position = log.since(0)
    finally:
        log.close()
    return History(events, carried(before, panel, clock))


def _rubric_file(source: Path, old: Superseded) -> Path:
    """The rubric beside a new file of the panel; that of the superseded round where none is."""
    beside = source.parent / f"{old.rubric.id}.yaml"
    return beside if beside.exists() else find_rubric_file(old.folder / PANEL_FILE)


def _copy(source: Path, target: Path) -> None:
    """The files of the round in ``source``, and of those before it, as they are."""
    target.mkdir()
    tables = tables_beside(source / PANEL_FILE)
    rubric = find_rubric_file(source / PANEL_FILE)
    for file in (source / PANEL_FILE, source / LOG_FILE, rubric, *tables):
        shutil.copyfile(file, target / file.name)
    (target / LOG_FILE).chmod(0o444)
    if (source / FOLDER).is_dir():
        _copy(source / FOLDER, target / FOLDER)


def _add_conflicts(file: Path, rubric: Rubric, upheld: UpheldObjection) -> None:
    """Write the conflicts that were found into the panel's ``file``, behind all else in it."""
    given = load_panel(file, rubric)
    known = [(c.expert, c.applicant) for c in given.conflicts]
    new = [pair for pair in pairs(upheld.recusals) if pair not in known]
    if not new:
        return
    for expert, applicant in new:
        given.applicant(applicant)
        given.expert(expert)
    rows = [(c.expert, c.applicant, c.reason) for c in given.conflicts]
    rows += [(*pair, " ".join(upheld.reason.split()).rstrip("。")) for pair in new]
    names = ("expert", "applicant", "reason")
    items = (json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in rows)
    text = _CONFLICTS.sub("", file.read_text("utf-8-sig") + "\n").rstrip("\n")
    file.write_text(
        "\n".join([text, "conflicts:", *(f"  - {item}" for item in items), ""]), "utf-8"
    )


def _store(file: Path, panel: Panel, found: Succession, clock: Clock) -> None:
    log = SqliteLog(file, panel.id, clock)
    try:
        with log.writing():
            log.append(Entry(panel.secretary.id, KIND, KIND, payload=found.payload()))
    finally:
        log.close()
