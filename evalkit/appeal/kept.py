"""The bag that is made at the end of an appeal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evalkit.appeal.steps import Steps
from evalkit.archive.layout import APPEAL
from evalkit.archive.write import Archived, archive_round
from evalkit.base.errors import Problem, Refused
from evalkit.base.text import _
from evalkit.reports import papers as papers_given
from evalkit.round import Round

_REMEDY = _(
    "出具的那一份请原样留着：填写、盖章或扫描的另存一个名字，放在它旁边或用 --papers 一并装入；"
    "先把这一份改名，再用 evalkit appeal papers 照案卷补回原样的"
)


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
    if wrong := [
        Problem(_("{said}。{remedy}", said=said, remedy=_REMEDY), str(own / name))
        for name, said in papers_given.unlike(own)
    ]:
        raise Refused(*wrong)
    told = {name: opened.payload[name] for name in ("number", "root", "bag")}
    told["outcome"] = end.payload.get("outcome", "refused")
    return archive_round(round, out, papers=[own, *papers], appeal=told, **given)
