"""What is kept of a whole round: the record, what follows from it, and what was issued."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.analysis import advise
from evalkit.archive import kept_round, reports_kept
from evalkit.archive.evidence import Piece, pieces
from evalkit.archive.evidence import written as written_list
from evalkit.archive.layout import ANALYSIS, EVIDENCE, FORMAT, REPORTS, RESULTS, ROUND, WHOLE
from evalkit.archive.reports_kept import Kept
from evalkit.base.digests import sha256
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.text import _
from evalkit.base.urls import is_url
from evalkit.base.version import VERSION, commit
from evalkit.disclosure.levels import LEVELS
from evalkit.evaluation import Results
from evalkit.facts.columns import Superseded
from evalkit.reports import papers, provenance
from evalkit.round import Round


@dataclass(frozen=True)
class Gathered:
    """``about`` is what `layout.ABOUT` says, ``ended`` when the last run of reports ended, or the
    time of the lock, ``left_out`` the evidence of which only digests are there.
    """

    about: dict[str, Any]
    ended: str
    left_out: Sequence[Piece] = ()


def gather(
    round: Round, target: Path, reports: Sequence[Path], *, evidence: bool = True
) -> Gathered:
    """Put the round, its results and its reports into ``target``; of its evidence the digests alone
    where ``evidence`` is not wanted.

    Raises Refused where the record or a report is not as it was, InputError for folders that are
    not of this round.
    """
    left_out = _copy(round, target / ROUND, evidence=evidence)
    with Round.open(target / ROUND, round.log.clock) as copy:
        checked = copy.verify()
        if not checked.ok:
            raise Refused(*(Problem(text, str(round.shown)) for text in checked.wrong))
        results, before = copy.results(), copy.history().succession
    (target / RESULTS).write_text(results.to_json(), "utf-8")
    advice = advise(results).to_json()
    (target / ANALYSIS).write_text(advice, "utf-8")
    kept = reports_of(round, results, reports)
    for one in kept:
        reports_kept.copy(one, target / REPORTS / one.name)
    about = about_of(results, WHOLE, before.bag if before else "") | {
        "analysis": sha256(advice.encode()),
        "reports": {one.name: len(one.issued.reports) for one in kept},
        "missing": [level for level in LEVELS if not any(_level(one) == level for one in kept)],
    }
    if left_out:
        content = written_list(left_out)
        (target / EVIDENCE).write_bytes(content)
        about["evidence"] = {"files": len(left_out), "sha256": sha256(content)}
    return Gathered(about, max([str(results.facts.basis.locked_at), *map(_ended, kept)]), left_out)


def _copy(round: Round, target: Path, *, evidence: bool) -> list[Piece]:
    """The round in a folder, wherever it lies; the evidence that is left out."""
    target.mkdir()
    if is_url(round.shown):
        with tempfile.TemporaryDirectory() as folder, round.fetch(Path(folder) / ROUND) as fetched:
            kept_round.copy_round(fetched.folder, target, evidence=evidence)
            left_out = [] if evidence else [*pieces(fetched.folder)]
    else:
        kept_round.copy_round(round.folder, target, evidence=evidence)
        left_out = [] if evidence else [*pieces(round.folder)]
    kept_round.write_events(target, round.panel.id)
    return left_out


def reports_of(round: Round, results: Results, given: Sequence[Path]) -> list[Kept]:
    """The reports of ``round`` that were issued: those ``given``, else those that lie about."""
    near = [] if is_url(round.shown) else reports_kept.near(round.folder)
    found = reports_kept.find(given, near, results.panel.id, str(results.facts.basis.root))
    for one in found:
        told = told_of(one)
        if told and told.get("results") != results.digest:
            text = _(
                "这些报告的结果（{then}）与现在算得的（{now}）不同：程序的版本或原来的文件不同"
            )
            values = {"then": told.get("results"), "now": results.digest}
            raise Refused(Problem(text.filled(**values), str(one.folder)))
    return found


def told_of(kept: Kept) -> dict[str, Any]:
    """What is told of the last run that made these reports; nothing where that is not there."""
    file = kept.folder / provenance.FILE
    return dict(json.loads(file.read_bytes())) if file.exists() else {}


def _ended(kept: Kept) -> str:
    return str(told_of(kept).get("ended", ""))


def _level(kept: Kept) -> str:
    return str(kept.issued.head["level"])


def about_of(results: Results, kind: str, bag: str = "") -> dict[str, Any]:
    """What every bag says of itself: which round, which lock, which results, by which evalkit, and
    what it supersedes; ``bag`` is the digest of the tag manifest of the bag before.
    """
    panel, rubric, basis = results.panel, results.rubric, results.facts.basis
    before = basis.supersedes
    return {
        "format": FORMAT,
        "kind": kind,
        "title": panel.title,
        "description": f"{panel.title}（{panel.id}）：锁定的评审记录、正式结果和出具的报告",
        "panel": {"id": panel.id, "title": panel.title, "digest": panel.digest},
        "rubric": {"id": rubric.id, "version": rubric.version, "digest": rubric.digest},
        "locked_at": basis.locked_at,
        "root": basis.root,
        "results": results.digest,
        "supersedes": before and _superseded(before, bag),
        "evalkit": {"version": VERSION, "commit": commit()},
    }


def _superseded(before: Superseded, bag: str) -> dict[str, str]:
    found = {"root": before.root, "results": before.results}
    return found | ({"bag": bag} if bag else {})


def written(about: dict[str, Any]) -> bytes:
    """``about`` as a file."""
    return (json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def copy_papers(given: Sequence[Path], target: Path) -> None:
    """Copy papers: files, and everything below folders, under the names that they have there.

    Raises InputError for what is not there, for a link, and for two papers of one name; Refused for
    one that is not as it was given out.
    """
    for source in given:
        files = [source] if source.is_file() else sorted(source.rglob("*"))
        if not source.exists():
            raise InputError(Problem(_("没有这个文件或文件夹"), str(source)))
        folders = {file.parent for file in files if file.name == papers.FILE}
        wrong = [(text, folder) for folder in folders for _name, text in papers.unlike(folder)]
        if wrong:
            raise Refused(*(Problem(text, str(folder)) for text, folder in wrong))
        for file in files:
            if file.is_symlink():
                raise InputError(Problem(_("是一个链接，请换成文件本身"), str(file)))
            if file.is_file():
                _copy_paper(
                    file, target / (file.name if file == source else file.relative_to(source))
                )


def _copy_paper(file: Path, place: Path) -> None:
    if place.exists() and file.name == papers.FILE:
        place.write_bytes(papers.joined(place.read_bytes(), file.read_bytes()))
        return
    if place.exists():
        text = _("有两份文件都叫 {name}，请改名后再存档", name=place.name)
        raise InputError(Problem(text, str(file)))
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, place)
