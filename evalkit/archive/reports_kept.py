"""The reports of a round, as they were issued, on their way into a bag."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.text import _
from evalkit.record.compared import Findings
from evalkit.reports import issued, journal, papers, provenance
from evalkit.reports.issued import Issued

TOLD = (journal.FILE, papers.FILE, provenance.FILE)
"""What is told of reports beside them."""


@dataclass(frozen=True)
class Kept:
    """A folder of reports of the round, and the ``name`` of its folder in a bag."""

    folder: Path
    issued: Issued

    @property
    def name(self) -> str:
        """The level; reports in English stand apart."""
        level, language = self.issued.head["level"], self.issued.head["language"]
        return str(level) if language == "zh" else f"{level}-{language}"


def find(given: Sequence[Path], near: Iterable[Path], panel: str, root: str) -> list[Kept]:
    """The folders of reports of the lock with this ``root``: those ``given``, else all ``near``.

    Raises InputError for a given folder that has none of these reports, and where two folders have
    the same kind; Refused where a report is not as it was issued.
    """
    found: dict[str, Kept] = {}
    for folder in given or near:
        own = issued.read(folder)
        if own is None or (own.head.get("panel"), own.head.get("root")) != (panel, root):
            if given:
                text = _("这里没有这一次锁定的报告，请核对文件夹")
                raise InputError(Problem(text, str(folder)))
            continue
        kept = Kept(folder, own)
        if kept.name in found:
            text = _("与 {other} 是同一种报告，请用 --reports 指明存档哪一份")
            problem = Problem(text.filled(other=found[kept.name].folder), str(folder))
            raise InputError(problem)
        found[kept.name] = kept
    for kept in found.values():
        _require_unaltered(kept)
    return [found[name] for name in sorted(found)]


def near(folder: Path) -> list[Path]:
    """Where reports of the round in ``folder`` are looked for: in it, and beside it."""
    places = (folder, folder.absolute().parent)
    return [folder, *(p for one in places for p in sorted(one.iterdir()) if p.is_dir())]


def _require_unaltered(kept: Kept) -> None:
    found = Findings()
    issued.check(kept.folder, kept.issued, found)
    if found.wrong:
        problems = (Problem(text, str(kept.folder)) for text in found.wrong)
        raise Refused(*problems)


def copy(kept: Kept, target: Path, ids: Sequence[str] | None = None) -> None:
    """Copy the reports of ``ids`` (None: all), with the journal and what is known of the runs.

    Of chosen ones the journal has their lines alone, and nothing is told of the runs.
    """
    target.mkdir(parents=True)
    for id in kept.issued.reports if ids is None else ids:
        for ending in ("ipynb", "html"):
            shutil.copyfile(kept.folder / f"{id}.{ending}", target / f"{id}.{ending}")
    if ids is None:
        beside = kept.folder.glob(f"{issued.SUMMARY}.*")
        for file in (*(kept.folder / name for name in TOLD), *beside):
            if file.exists():
                shutil.copyfile(file, target / file.name)
    else:
        (target / journal.FILE).write_bytes(kept.issued.only(ids))
