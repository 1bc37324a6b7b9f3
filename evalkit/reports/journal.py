"""Which reports lie in a folder and what they were made from: one line of JSON for each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, TextIO

from evalkit.base import canonical
from evalkit.base.digests import sha256
from evalkit.base.errors import Problem, Refused
from evalkit.base.files import MAKING, naming, place
from evalkit.base.text import _
from evalkit.base.version import VERSION

FORMAT, FILE = "evalkit-reports/1", "reports.jsonl"

LOCK = ".reports.lock"
"""What a batch locks. It stays and is never replaced: a lock holds a file, not its name."""

SHAPES = ("**/*.py", "**/*.mo", "pages/parts/*", "pages/templates/**/*")
"""Files of evalkit on which the bytes of a report may depend, besides its notebook."""

PACKAGES = ("papermill", "nbformat", "nbconvert", "jinja2", "ipykernel")
"""What runs and writes a notebook, and turns it into a page."""


def inputs(notebook: Path, result: str) -> str:
    """A digest of everything that a report is made from: result, notebook and program."""
    made_from = {
        "evalkit": VERSION,
        "notebook": sha256(notebook.read_bytes()),
        "program": program(),
        "result": sha256(result.encode()),
    }
    return canonical.digest(made_from)


@cache
def program() -> str:
    """A digest of evalkit's code, texts and templates, and of the packages it makes reports with.

    All of the code counts: which part of it says what a report says is not known here.
    """
    package = Path(__file__).parent.parent
    found = (
        file
        for pattern in SHAPES
        for file in package.glob(pattern)
        if file.is_file() and package / "data" not in file.parents  # an installation's own copies
    )
    return canonical.digest(
        {
            "files": {f.relative_to(package).as_posix(): sha256(f.read_bytes()) for f in found},
            "packages": {name: metadata.version(name) for name in PACKAGES},
        }
    )


REPORT = {"id", "inputs", "ipynb", "html"}
"""What the line of a report has: its id, and digests of what it was made from and of its files."""

REISSUE = REPORT | {"at", "reason"}
"""What the line has that says a report was issued anew: when, why, and what it was before."""

Head = Mapping[str, str | None]
"""What reports of a folder have in common: ``panel``, ``level``, ``language``, the ``status`` of
their results and the ``root`` of the lock."""

LEVELS = {"internal": _("内部"), "applicant": _("给参评对象"), "public": _("公示")}

STATUSES = {"official": _("正式"), "table": _("依据评分表"), "trial": _("试算")}

LANGUAGES = {"zh": _("中文"), "en": _("英文")}


class Journal:
    """The reports that a folder holds, by id; opened by `opened`, for one batch at a time."""

    def __init__(self, folder: Path, head: Head, file: TextIO) -> None:
        self._folder, self._head, self._file = folder, head, file
        lines = list(_lines(folder))
        self._lines = {line["id"]: line for line in lines if is_report(line)}
        self._reissued = [line for line in lines if is_reissue(line)]

    def holds(self, id: str, inputs: str) -> bool:
        """Whether the report ``id`` lies there, made from just these inputs and unaltered."""
        line = self._lines.get(id)
        if line is None or line["inputs"] != inputs:
            return False
        return {name: line[name] for name in ("ipynb", "html")} == self._digests(id)

    def altered(self, id: str) -> list[str]:
        """Which files of the report ``id`` are not those that were noted; none without a line."""
        line, there = self._lines.get(id), self._digests(id)
        if line is None:
            return []
        return [f"{id}.{name}" for name in ("html", "ipynb") if line[name] != there[name]]

    def has(self, id: str) -> bool:
        """Whether the report ``id`` was issued, whatever became of it."""
        return id in self._lines

    def reissue(self, id: str, reason: str, at: str) -> None:
        """Note, before it is done, that the report ``id`` is made anew: why, and over what."""
        there = {name: digest or "" for name, digest in self._digests(id).items()}
        if not any(there.values()):
            return
        inputs = self._lines.get(id, {}).get("inputs", "")
        line = {"id": id, "inputs": inputs, **there, "at": at, "reason": reason}
        self._reissued.append(line)
        self._write(line)

    def add(self, id: str, inputs: str, digests: Mapping[str, str]) -> None:
        """Note that the report ``id``, made from ``inputs``, is in its place.

        ``digests`` are the SHA-256 of its files, by ``ipynb`` and ``html``.
        """
        self._lines[id] = {"id": id, "inputs": inputs, **digests}
        self._write(self._lines[id])

    def forget(self, id: str) -> None:
        """Note that the report ``id`` was not made."""
        self._lines.pop(id, None)

    def compact(self, ids: Sequence[str]) -> list[str]:
        """Write the journal anew: one line for each report of ``ids``, in their order.

        The reports of all others are given up, and their ids returned; their files stay.
        """
        own = (self._lines[id] for id in ids if id in self._lines)
        lines = [self._head, *own, *self._reissued]
        text = "".join(canonical.dumps(line) + "\n" for line in lines)
        place({self._folder / FILE: text.encode()})
        return sorted(self._lines.keys() - ids)

    def _write(self, line: Mapping[str, str]) -> None:
        with naming(self._folder / FILE):
            self._file.write(canonical.dumps(line) + "\n")
            self._file.flush()

    def _digests(self, id: str) -> dict[str, str | None]:
        return {
            ending: sha256(file.read_bytes()) if file.exists() else None
            for ending in ("ipynb", "html")
            if (file := self._folder / f"{id}.{ending}")
        }


@contextmanager
def opened(folder: Path, head: Head) -> Iterator[Journal]:
    """The journal of ``folder``, for reports that have ``head`` in common.

    What an interrupted batch left half made is removed. Raises Refused where the folder holds
    other reports, or another process is at work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    head = {"format": FORMAT, **head}
    with _locked(folder):
        found = _head(folder)
        _require(found or head, head, folder)
        _sweep(folder)
        with (folder / FILE).open("a", encoding="utf-8") as file:
            # after a line that was cut off, begin a new one
            file.write("\n" if file.tell() else "")
            file.write("" if found else canonical.dumps(head) + "\n")
            yield Journal(folder, head, file)
        _sweep(folder)


def locks(folders: Iterable[Path], panel: str) -> Iterator[tuple[str, str]]:
    """The root of the lock that reports of ``panel`` were made from, with their journal, for each
    of ``folders`` that holds such.
    """
    for folder in folders:
        head = _head(folder) or {}
        if head.get("panel") == panel and isinstance(root := head.get("root"), str):
            yield str(folder / FILE), root


def digests(folder: Path) -> dict[str, str]:
    """The digest of each page and notebook that the journal of ``folder`` has, by its name."""
    lines = [line for line in _lines(folder) if is_report(line)]
    return {f"{line['id']}.{end}": line[end] for line in lines for end in ("html", "ipynb")}


def keep_apart(folder: Path) -> None:
    """Raise Refused where ``folder`` holds reports that go to applicants or to the public.

    Called before a paper for those who run the round or the plan is written there: whoever hands
    the folder on would hand it on too.
    """
    head = _head(folder) or {}
    if (level := head.get("level")) in ("applicant", "public"):
        text = _(
            "这个文件夹里是往外发的报告（{level}），内部的汇总和通报请写到另一个文件夹",
            level=LEVELS[level],
        )
        raise Refused(Problem(text, str(folder)))


def _sweep(folder: Path) -> None:
    for half in folder.glob(f"{MAKING}*"):
        half.unlink(missing_ok=True)


def _require(found: Head, head: Head, folder: Path) -> None:
    if found == head:
        return
    kinds = [
        names.get(str(found.get(key)), _("未注明"))
        for key, names in (("level", LEVELS), ("status", STATUSES), ("language", LANGUAGES))
    ]
    if {**found, "root": head["root"]} == head:
        kinds.append(_("另一次锁定"))
    who = found.get("panel")
    text = _("这里是评审组 {panel} 的报告（{kinds}），请换一个文件夹", panel=who, kinds=kinds)
    raise Refused(Problem(text, str(folder)))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other processes from writing reports into ``folder``. Raises Refused if one does."""
    with (folder / LOCK).open("a") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # not on Windows
            pass
        except BlockingIOError:
            text = _("另一个进程正在往这里写报告，请等它结束")
            raise Refused(Problem(text, str(folder))) from None
        yield


def _head(folder: Path) -> dict[str, Any] | None:
    """What the journal of ``folder`` says its reports have in common; None where it does not."""
    return next((line for line in _lines(folder) if "format" in line), None)


def is_report(line: Mapping[str, Any]) -> bool:
    """Whether a line is that of a report."""
    return line.keys() == REPORT and all(isinstance(value, str) for value in line.values())


def is_reissue(line: Mapping[str, Any]) -> bool:
    """Whether a line says that a report was issued anew."""
    return line.keys() == REISSUE and all(isinstance(value, str) for value in line.values())


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    """The lines of a journal; what was cut off when its writer was killed is passed over."""
    file = folder / FILE
    text = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
    for line in text.splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found
