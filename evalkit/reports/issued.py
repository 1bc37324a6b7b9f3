"""A folder of reports held against its journal, read only: what was issued is what lies there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.base import canonical
from evalkit.base.digests import sha256_of_file
from evalkit.base.text import Text, _
from evalkit.record.compared import Findings
from evalkit.reports import journal, papers, provenance

ENDINGS = {"html": _("页面"), "ipynb": _("笔记本")}


@dataclass(frozen=True)
class Issued:
    """What the journal of a folder says: what its reports have in common, and each report by id."""

    head: journal.Head
    reports: Mapping[str, Mapping[str, str]]
    reissued: Sequence[Mapping[str, Any]] = ()
    unread: Sequence[int] = ()
    """Numbers of the lines that cannot be read."""

    def only(self, ids: Sequence[str]) -> bytes:
        """A journal of the reports ``ids`` alone."""
        lines = [self.head, *(self.reports[id] for id in ids)]
        return "".join(canonical.dumps(line) + "\n" for line in lines).encode()


def read(folder: Path) -> Issued | None:
    """What the journal of ``folder`` says; None where there is none."""
    try:
        text = (folder / journal.FILE).read_bytes().decode("utf-8", "replace")
    except OSError:
        return None
    head: dict[str, Any] = {}
    reports, reissued, unread = dict[str, Any](), list[Mapping[str, Any]](), list[int]()
    for number, line in enumerate(text.splitlines(), start=1):
        found = _line(line)
        if found is None:
            unread.append(number)
        elif "format" in found and not head:
            head = found
        elif journal.is_report(found):
            reports[found["id"]] = found
        elif journal.is_reissue(found):
            reissued.append(found)
        elif found:
            unread.append(number)
    return Issued(head, reports, reissued, unread)


def _line(text: str) -> dict[str, Any] | None:
    """What a line says; nothing where it is empty, None where it cannot be read."""
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def check(
    folder: Path,
    own: Issued,
    found: Findings,
    digest: Callable[[Path], str | None] = sha256_of_file,
) -> None:
    """Hold what lies in ``folder`` against its journal ``own``; ``digest`` reads a file."""
    before = len(found.wrong)
    found.wrong += list(_faults(folder, own, digest))
    if len(found.wrong) == before:
        text = _("{n} 份报告与出具时登记的摘要值逐字节相符（{level}）")
        level = journal.LEVELS.get(str(own.head.get("level")), _("未注明"))
        found.holds.append(text.filled(n=len(own.reports), level=level))
    papers.check(folder, found, digest)
    given = papers.read(folder).papers
    found.unknown += [
        _("{name} 没有登记摘要值，看不出改过没有", name=file.name)
        for file in sorted(folder.glob(f"{SUMMARY}.*"))
        if file.name not in given
    ]
    for one in own.reissued:
        text = _("{id} 的报告重新出具过（{at}）：{reason}")
        found.holds.append(text.filled(**{key: one[key] for key in ("id", "at", "reason")}))


def _faults(folder: Path, own: Issued, digest: Callable[[Path], str | None]) -> Iterator[Text]:
    if own.head.get("format") != journal.FORMAT:
        yield _("{file} 没有写明是哪一轮的报告（应有 format: {format}）").filled(
            file=journal.FILE, format=journal.FORMAT
        )
    for number in own.unread:
        yield _("{file} 第 {n} 行读不懂，被改过", file=journal.FILE, n=number)
    yield from (text for _name, text in unlike(folder, own, digest))
    yield from _other_run(folder, own)


SUMMARY = "summary"
"""The panel's table, which may lie with internal reports; it is a paper, and no report."""


def unlike(
    folder: Path, own: Issued, digest: Callable[[Path], str | None] = sha256_of_file
) -> Iterator[tuple[str, Text]]:
    """Names of pages and notebooks in ``folder`` that are not as ``own`` registered them, each with
    a sentence: other bytes, gone, or put in since.
    """
    for id, line in own.reports.items():
        for ending, what in ENDINGS.items():
            name = f"{id}.{ending}"
            now = digest(folder / name)
            if now is None:
                yield name, _("{name}：{id} 的报告{what}不见了", name=name, id=id, what=what)
            elif now != line[ending]:
                text = _("{name}：{id} 的报告{what}与出具时登记的摘要值不符，出具之后被改过")
                yield name, text.filled(name=name, id=id, what=what)
    for file in sorted(folder.iterdir()):
        if file.suffix.lstrip(".") in ENDINGS and file.stem not in {*own.reports, SUMMARY}:
            text = _("{name}：不在 {file} 登记的报告之中，是后来放进去的", name=file.name)
            yield file.name, text.filled(file=journal.FILE)


def _other_run(folder: Path, own: Issued) -> Iterator[Text]:
    """Whether what is told of the run is about these reports."""
    file = folder / provenance.FILE
    if not file.exists():
        return
    try:
        told = json.loads(file.read_bytes())
        same = told["panel"]["id"], told["level"], told["language"]
    except (ValueError, KeyError, TypeError):
        yield _("{name} 读不懂，被改过", name=provenance.FILE)
        return
    if same != tuple(own.head.get(key) for key in ("panel", "level", "language")):
        yield _("{name} 说的是另一批报告", name=provenance.FILE)
