"""Papers given out after a lock: each stays under its name as it is, unless a person says why not.

``papers.jsonl`` beside them has a line of JSON for each, and one more for each that was given out
anew; what lies in a folder of reports has its digest in their journal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.base import canonical, files
from evalkit.base.digests import sha256, sha256_of_file
from evalkit.base.errors import Problem, Refused
from evalkit.base.text import Text, _
from evalkit.record.compared import Findings
from evalkit.reports import journal, provenance

if TYPE_CHECKING:
    from evalkit.evaluation import Results

FORMAT, FILE = "evalkit-papers/1", "papers.jsonl"

LINE = {"format", "name", "sha256", "panel", "root"}
"""What the line of a paper has: its name and digest, the panel, and the root of the lock."""

REISSUE = LINE | {"at", "reason"}
"""What the line has that says a paper was given out anew: when, why, and its digest before."""

Line = Mapping[str, str]
Digest = Callable[[Path], str | None]


@dataclass(frozen=True)
class Given:
    """What was given out in a folder: the last line of each paper by its name, and each reissue."""

    papers: dict[str, Line] = field(default_factory=dict)
    reissued: list[Line] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    """Numbers of the lines that cannot be read."""


def read(folder: Path) -> Given:
    """What was given out in ``folder``; nothing where there is no list of it."""
    found, file = Given(), folder / FILE
    text = file.read_text("utf-8", "replace") if file.is_file() else ""
    for number, whole in enumerate(text.splitlines(), start=1):
        line = _line(whole)
        if line.keys() == REISSUE:
            found.reissued.append(line)
        elif line.keys() == LINE:
            found.papers[line["name"]] = line
        else:
            found.unread.append(number)
    return found


def _line(text: str) -> dict[str, Any]:
    """What a line says; nothing where it is none of these."""
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    known = isinstance(line, dict) and line.get("format") == FORMAT
    return line if known and all(isinstance(value, str) for value in line.values()) else {}


def joined(one: bytes, other: bytes) -> bytes:
    """Two such lists as one: each line once."""
    return b"".join(dict.fromkeys([*one.splitlines(keepends=True), *other.splitlines(True)]))


def unlike(folder: Path, digest: Digest = sha256_of_file) -> Iterator[tuple[str, Text]]:
    """Names of papers in ``folder`` that are not as they were given out, each with a sentence."""
    for name, line in read(folder).papers.items():
        if digest(folder / name) not in (None, line["sha256"]):
            yield name, _("{name} 与出具时登记的摘要值不符，出具之后被改过", name=name)


def check(folder: Path, found: Findings, digest: Digest = sha256_of_file) -> None:
    """Hold the papers in ``folder`` against the list of what was given out; ``digest`` reads one.

    One that is no longer there is no fault: it may lie elsewhere.
    """
    given = read(folder)
    wrong = [text for _name, text in unlike(folder, digest)]
    wrong += [_("{file} 第 {n} 行读不懂，被改过", file=FILE, n=n) for n in given.unread]
    found.wrong += wrong
    there = [name for name in given.papers if digest(folder / name) is not None]
    if there and not wrong:
        text = _("{n} 份文件与出具时登记的摘要值逐字节相符：{names}", n=len(there), names=there)
        found.holds.append(text)
    if gone := [name for name in given.papers if name not in there]:
        found.unknown.append(_("出具过、不在这个文件夹里的：{names}", names=gone))
    for line in given.reissued:
        text = _("{name} 重新出具过（{at}）：{reason}")
        found.holds.append(text.filled(**{key: line[key] for key in ("name", "at", "reason")}))


@dataclass(frozen=True)
class Papers:
    """Papers of ``results`` on their way into the folder ``out``. Those that were given out there
    of a locked round stay as they are, but for the reason ``reissue`` of a person, which goes on
    record; a trial writes over none of them.
    """

    out: Path
    results: Results
    reissue: str = ""

    def holds(self, name: str) -> bool:
        """Whether a paper of that ``name`` was given out here."""
        return name in self._known()

    def place(self, contents: Mapping[str, bytes]) -> None:
        """Put papers in place, all or none; one that lies there with these bytes is left alone.

        Raises Refused where others were given out under their names, or lie there and nobody knows
        whose they are; OSError as the system does.
        """
        locked, known = self.results.status == "official", self._known()
        digests = {name: sha256(content) for name, content in contents.items()}
        new = {name for name in contents if sha256_of_file(self.out / name) != digests[name]}
        if locked and self.reissue:
            self._note([line for name in sorted(new) if (line := self._reissued(name, known))])
        elif problems := [p for name in sorted(new) if (p := self._taken(name, known, digests))]:
            raise Refused(*problems)
        files.place({self.out / name: contents[name] for name in new})
        if locked:
            others = [name for name in contents if known.get(name) != digests[name]]
            self._note([self._line(name, digests[name]) for name in others])

    def failed(self, name: str) -> None:
        """Remove what an earlier run left of a paper that cannot be made; what was given out stays.

        Raises OSError as the system does.
        """
        if not self.holds(name):
            (self.out / name).unlink(missing_ok=True)

    def _known(self) -> dict[str, str]:
        own = {name: line["sha256"] for name, line in read(self.out).papers.items()}
        return journal.digests(self.out) | own

    def _taken(
        self, name: str, known: Mapping[str, str], digests: Mapping[str, str]
    ) -> Problem | None:
        """Why a paper cannot be put in its place, which holds another one or none."""
        there, file = sha256_of_file(self.out / name), str(self.out / name)
        if name not in known:
            if there is None or self.results.status != "official":
                return None
            return Problem(_("没有登记过，与现在做出的不同，没有动它；请移走后再出"), file)
        if self.results.status != "official":
            return Problem(_("是锁定之后出具的，没有动它；请写到另一个文件夹"), file)
        if there is None and known[name] == digests[name]:
            return None
        if there != known[name]:
            text = _(
                "与出具时登记的不同，或不见了，没有动它。请查明原因；逐项核对用 {command}；"
                "确要换掉的，写明理由：--reissue 理由"
            )
            return Problem(text.filled(command=f"evalkit verify {self.out}"), file)
        text = _(
            "已经出具，现在做出的与它不同（另一版本的程序、模板、语言或另一次锁定），没有动它。"
            "新的请出到另一个文件夹；确要换掉的，写明理由：--reissue 理由"
        )
        return Problem(text, file)

    def _reissued(self, name: str, known: Mapping[str, str]) -> Line | None:
        """The line that says why, and over what, a paper is given out anew; None for the first."""
        there = sha256_of_file(self.out / name)
        if there is None and name not in known:
            return None
        said = {"at": provenance.now(), "reason": self.reissue}
        return {**self._line(name, there or ""), **said}

    def _line(self, name: str, digest: str) -> Line:
        root = str(self.results.facts.basis.root)
        about = {"panel": self.results.panel.id, "root": root}
        return {"format": FORMAT, "name": name, "sha256": digest, **about}

    def _note(self, lines: list[Line]) -> None:
        if lines:
            file = self.out / FILE
            before = file.read_bytes() if file.exists() else b""
            text = "".join(canonical.dumps(line) + "\n" for line in lines)
            files.place({file: before + text.encode()})
