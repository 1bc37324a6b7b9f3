"""The bag that is made at the end of an appeal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evalkit.appeal.steps import Steps
from evalkit.archive.layout import APPEAL
from evalkit.archive.write import Archived, archive_round
from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.round import Round


def archive_appeal(
    steps: Steps, round: Round, own: Path, out: Path, papers: Sequence[Path | str], **given: Any
) -> Archived:
    """Put the ``round`` that holds at the end of an appeal into the new folder ``out`` as a bag,
    with the appeal's ``own`` papers and others.

    Raises Refused before the end and before its papers are there, and as `archive_round` does.
    """
    opened, end = steps.of("open"), steps.of("decide") or steps.of("refuse")
    if opened is None or end is None or not (own / APPEAL).exists():
        text = _("异议还没有办结：作出决定或不予受理、出了复核决定之后才能存档")
        raise Refused(text)
    told = {name: opened.payload[name] for name in ("number", "root", "bag")}
    told["outcome"] = end.payload.get("outcome", "refused")
    return archive_round(round, out, papers=[own, *papers], appeal=told, **given)
