"""What an archive holds beside what was made of it again: results, statistics, reports, code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evalkit.archive import formats, layout
from evalkit.archive.differences import ABSENT, PRESENT, Difference, of_results, of_statistics
from evalkit.archive.differences_notebook import of_notebooks, result_of
from evalkit.archive.differences_page import of_pages
from evalkit.archive.rerun_bag import Bag
from evalkit.base.digests import sha256_of_file
from evalkit.base.errors import InputError
from evalkit.base.text import Text, _
from evalkit.evaluation import Results
from evalkit.reports import issued, papers, provenance
from evalkit.reports.issued import SUMMARY

_KINDS = {"html": _("页面"), "ipynb": _("笔记本")}

MADE, UNREADABLE, OTHER = _("重做的"), _("读不出来"), _("内容一样，写法不是规范 JSON")


@dataclass
class Found:
    """What was compared, and what came of it."""

    differences: list[Difference] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    """How many were compared: results, statistics, notebooks, pages."""
    altered: dict[str, Text] = field(default_factory=dict)
    """Files that are not those that the archive registered, by name, each with a sentence."""
    told_alike: set[str] = field(default_factory=set)
    """Reports that were made from the same content then and now."""

    def count(self, what: str) -> None:
        """One more of a kind was compared."""
        self.counts[what] = self.counts.get(what, 0) + 1


def names_of(results: Results) -> dict[str, str]:
    """What people call applicants, experts, dimensions and indicators, by id."""
    whole, panel = results.rubric.summary(), results.panel
    rows = [*whole["dimensions"], *whole["indicators"]]
    found = {row["id"]: row["name"] for row in rows}
    found |= {one.id: one.name for one in panel.applicants}
    return found | {one.id: one.name for one in panel.experts}


def document(
    bag: Bag, name: str, again: str, now: Mapping[str, Any], found: Found, names: Mapping[str, str]
) -> dict[str, Any]:
    """Compare the results or the statistics of ``bag`` (the file ``name``) with the canonical JSON
    ``again`` and its content ``now``; the archived content, empty where it cannot be read.
    """
    kinds = {
        layout.RESULTS: ("results", "evalkit-results", of_results),
        layout.ANALYSIS: ("statistics", "evalkit-analysis", of_statistics),
    }
    kind, form, compare = kinds[name]
    file = bag.path(name)
    called = bag.named(file)
    found.count(kind)
    try:
        before = bag.document(form, name)
    except InputError as error:
        text = error.problems[0].text
        found.differences.append(Difference(kind, called, text, UNREADABLE, MADE))  # type: ignore[arg-type]
        return {}
    differing = compare(called, before, formats.upgraded(dict(now), form, called), names)
    if not differing and file.read_bytes() != again.encode() and _newest(file, form):
        differing = [Difference(kind, called, _("全文"), OTHER, MADE)]  # type: ignore[arg-type]
    found.differences += differing
    return before


def _newest(file: Path, form: str) -> bool:
    """Whether a file is written in the newest version of its format, so that its bytes can be."""
    return f'"format":"{formats.newest(form)}"'.encode() in file.read_bytes()


def folder(
    bag: Bag, archived: Path, made: Path, found: Found, names: Mapping[str, str], only: str | None
) -> None:
    """Compare a folder of reports with the one that was ``made`` again; of the applicant ``only``
    where one is named. Of a folder without a journal the summary alone.
    """
    own = issued.read(archived)
    unlike = dict(papers.unlike(archived, bag.opened.digest))
    if own is not None:
        unlike |= issued.unlike(archived, own, bag.opened.digest)
    only = only if own or only else SUMMARY
    for name in sorted(_files(archived, only) | _files(made, only)):
        stem, _dot, ending = name.rpartition(".")
        before, after = (_bytes(place / name) for place in (archived, made))
        called = bag.named(archived / name)
        found.count("pages" if ending == "html" else "notebooks")
        if before is None or after is None:
            was, now = (ABSENT if side is None else PRESENT for side in (before, after))
            found.differences.append(Difference("missing", called, _KINDS[ending], was, now))
        elif ending == "html":
            found.differences += of_pages(called, before, after)
        else:
            found.differences += of_notebooks(called, before, after, names)
            if result_of(before) == result_of(after):
                page = bag.named(archived / f"{stem}.html")
                found.told_alike |= {called, page}
        if name in unlike:  # the manifest knows when
            text = _("{folder}：{text}", folder=bag.named(archived), text=unlike[name])
            found.altered.setdefault(called, text)


def _files(folder: Path, only: str | None) -> set[str]:
    """The pages and notebooks in ``folder``."""
    there = folder.iterdir() if folder.is_dir() else iter(())
    files = [file for file in there if file.suffix in (".html", ".ipynb")]
    return {file.name for file in files if only in (None, file.stem)}


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def stated_otherwise(bag: Bag, digest: str) -> Iterator[tuple[str, Text]]:
    """Results and statistics of which other files in ``bag`` state another digest.

    ``digest`` is that of the results as made again: where reports state just this one, it is the
    file that was changed.
    """
    for name, key in ((layout.RESULTS, "results"), (layout.ANALYSIS, "analysis")):
        file = bag.path(name)
        if (found := sha256_of_file(file)) is not None and bag.about.get(key) not in (None, found):
            values = {"name": bag.named(file), "list": layout.ABOUT}
            yield bag.named(file), _("{name} 与 {list} 登记的摘要值不符，归档之后被改过", **values)
    file = bag.path(layout.RESULTS)
    files = [name for name, stated in _stated(bag) if stated == digest]
    if files and file.is_file() and sha256_of_file(file) != digest:
        text = _("{name} 被改过：重算的结果的摘要值 {digest} 正是 {files} 所写的")
        said = text.filled(name=bag.named(file), digest=digest[:12], files=files[:3])
        yield bag.named(file), said


def _stated(bag: Bag) -> Iterator[tuple[str, str]]:
    """The digests of results that reports and runs in ``bag`` state, by file."""
    for place in bag.folders():
        if (file := place / provenance.FILE).is_file():
            yield bag.named(file), _digest_in(file.read_bytes(), "results")
        for notebook in sorted(place.glob("*.ipynb")):
            told = result_of(notebook.read_bytes())
            yield bag.named(notebook), _digest_in(told or "", "digest")


def _digest_in(content: bytes | str, key: str) -> str:
    try:
        return str(json.loads(content)[key])
    except (ValueError, KeyError, TypeError):
        return ""


def faults(
    found: Found, broken: Sequence[Text], known: Sequence[Difference]
) -> Iterator[Difference]:
    """What is not as it was registered and of which no difference tells yet: files of the archive,
    and what does not hold of its record.
    """
    told = {difference.file for difference in known}
    for name in found.altered.keys() - told:
        yield Difference("archive", name, found.altered[name], "", "")
    if broken and not any(difference.kind == "results" for difference in known):
        for text in broken:
            yield Difference("archive", f"{layout.PAYLOAD}/{layout.ROUND}", text, "", "")
