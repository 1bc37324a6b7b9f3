"""In what the code and the machine of today differ from those that an archive describes.

Pure: two environment records, and two tables of installed files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from evalkit.archive.differences import ABSENT, shown
from evalkit.base.text import Text, _

OWN = "evalkit"

TEMPLATE = re.compile(
    r"evalkit/(pages/(parts|templates)/|data/notebooks/(applicant_report|panel_summary)\.ipynb)"
    r"|evalkit-[^/]*\.data/data/share/jupyter/nbconvert/"
)
"""Files of evalkit that lay out a page: its parts, the nbconvert template, its notebook."""

NO_MATTER = re.compile(
    r"evalkit/data/(panels|rubrics|requirements\.lock)|evalkit-[^/]*\.dist-info/|"
    r"evalkit-[^/]*\.data/data/share/jupyter/voila/|evalkit/(?!.*\.(py|mo|sql)$)(?!pages/)"
)
"""Files of evalkit that no result and no report of a round depends on: what is declared lies in the
round itself."""

MACHINE: Mapping[str, Text | str] = {
    "python.implementation": _("Python 的实现"),
    "python.version": "Python",
    "sqlite": "SQLite",
}
"""What beside the packages may decide a byte, by its place in the record."""

NUMERIC: Mapping[str, Text | str] = {
    "system.name": _("操作系统"),
    "system.machine": _("处理器的类型"),
    "system.processor": _("处理器"),
    "system.byte_order": _("字节序"),
    "system.c_library": _("C 运行库"),
}
"""What may decide the last digit of a statistic, and nothing else: results hold no floats."""

AROUND: Mapping[str, Text | str] = {
    "system.release": _("系统内核"),
    "locale.current": _("语言环境"),
    "time_zone": _("时区"),
    "python.hash_seed": "PYTHONHASHSEED",
    "fonts": _("字体（只影响 PDF）"),
}
"""What decides no byte of results, notebooks and pages."""

INSTALLER = re.compile(r"(\.\./)+(bin|Scripts)/|[^/]*\.dist-info/").match
"""Files that each installation writes for itself: starters of programs, and its own notes."""

MOST = 6


class File(Protocol):
    """A row of the table of installed files, see `installed.Installed`."""

    @property
    def distribution(self) -> str:
        """Whose it is."""

    @property
    def version(self) -> str:
        """Of the distribution."""

    @property
    def path(self) -> str:
        """In the distribution."""

    @property
    def sha256(self) -> str:
        """Of its bytes; empty where it is gone."""

    @property
    def altered(self) -> bool:
        """Whether it is not what was installed."""


@dataclass(frozen=True)
class Changes:
    """Sentences on what is another one now: parts of pages; other code, packages and Python; what
    may decide the last digit of a statistic; and what decides no byte of a result or report.
    """

    template: tuple[Text, ...] = ()
    environment: tuple[Text, ...] = ()
    numeric: tuple[Text, ...] = ()
    around: tuple[Text, ...] = ()

    @property
    def all(self) -> tuple[Text, ...]:
        """Each of them."""
        return (*self.template, *self.environment, *self.numeric, *self.around)


def between(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    were: Sequence[File],
    are: Sequence[File],
) -> Changes:
    """What differs between two records and their tables of installed files."""
    own = sorted(_changed(were, are, OWN))
    template = [path for path in own if TEMPLATE.match(path)]
    program = [p for p in own if not TEMPLATE.match(p) and not NO_MATTER.match(p)]
    edited = {file.path for file in are if file.distribution == OWN and file.altered}
    environment = [
        *_program(before, after, program, edited),
        *_distributions(were, are),
        *_machine(before, after, MACHINE),
    ]
    numeric, around = (_machine(before, after, names) for names in (NUMERIC, AROUND))
    said = _template(template, edited)
    return Changes(tuple(said), tuple(environment), tuple(numeric), tuple(around))


def _template(files: Sequence[str], edited: Collection[str]) -> Iterator[Text]:
    """Parts of pages and notebooks that are other ones: by a hand, or of another version."""
    if by_hand := [file for file in files if file in edited]:
        yield _("报告的模板或笔记本装好之后被改过：{files}", files=_some(by_hand))
    if others := [file for file in files if file not in edited]:
        yield _("报告的模板或笔记本不同：{files}", files=_some(others))


def _program(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    files: Sequence[str],
    edited: Collection[str],
) -> Iterator[Text]:
    """Files of evalkit that are other ones: by a hand, or of another version."""
    if by_hand := [file for file in files if file in edited]:
        yield _("evalkit 的程序装好之后被改过：{files}", files=_some(by_hand))
    others = [file for file in files if file not in edited]
    if not others:
        return
    was, now = (_version(side) for side in (before, after))
    values = {"before": was, "after": now, "files": _some(others)}
    if was == now:
        yield _("evalkit 的版本同为 {before}，程序文件却不同：{files}", **values)
    else:
        yield _("evalkit 当时是 {before}，现在是 {after}，不同的程序文件：{files}", **values)


def _version(record: Mapping[str, Any]) -> str:
    own = record.get("evalkit", {})
    commit = str(own.get("commit") or "")
    return f"{own.get('version', '')} ({commit[:12]})" if commit else str(own.get("version", ""))


def _changed(were: Iterable[File], are: Iterable[File], distribution: str) -> set[str]:
    """Paths of a distribution with other bytes, or that one of the two does not have."""
    was, now = (
        {f.path: f.sha256 for f in files if f.distribution == distribution} for files in (were, are)
    )
    return {path for path in was.keys() | now.keys() if was.get(path) != now.get(path)}


def _distributions(were: Sequence[File], are: Sequence[File]) -> Iterator[Text]:
    """Packages of another version, edited files, and the same version built in another way."""
    was, now = ({f.distribution: f.version for f in files} for files in (were, are))
    others = sorted((was.keys() | now.keys()) - {OWN})
    if moved := [name for name in others if was.get(name) != now.get(name)]:
        said = [f"{n} {was.get(n, ABSENT)} → {now.get(n, ABSENT)}" for n in moved]
        yield _("软件包的版本不同：{packages}", packages=_some(said))
    pairs = _different(were, are, {*others} - {*moved})
    edited = [_place(after) for _before, after in pairs if after.altered]
    if edited:
        yield _("软件包的版本相同，装好之后却有文件被改过：{files}", files=_some(edited))
    if then := [_place(before) for before, after in pairs if before.altered and not after.altered]:
        yield _("当时装好的软件包里有文件被改过，现在的没有：{files}", files=_some(then))
    built = [one.distribution for one, other in pairs if not (one.altered or other.altered)]
    if built:
        names = _some(list(dict.fromkeys(built)))
        yield _("软件包的版本相同，构建不同：{packages}", packages=names)


def _different(
    were: Iterable[File], are: Iterable[File], distributions: set[str]
) -> list[tuple[File, File]]:
    """Files with other bytes in packages of the same version, as they were and are."""
    was, now = (
        {_place(f): f for f in files if f.distribution in distributions and not INSTALLER(f.path)}
        for files in (were, are)
    )
    both = sorted(was.keys() & now.keys())
    return [(was[p], now[p]) for p in both if was[p].sha256 != now[p].sha256]


def _place(file: File) -> str:
    return f"{file.distribution}: {file.path}"


def _machine(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, Text | str]
) -> Iterator[Text]:
    for place, what in names.items():
        was, now = (_at(side, place) for side in (before, after))
        if was is not None and was != now:
            values = {"before": shown(was), "after": shown(now)}
            yield _("{what}当时是 {before}，现在是 {after}", what=what, **values)


def _at(record: Any, place: str) -> Any:
    for key in place.split("."):
        record = record.get(key) if isinstance(record, Mapping) else None
    return record


def _some(words: Sequence[str]) -> Text | list[str]:
    if len(words) <= MOST:
        return list(words)
    return _("{words} 等 {n} 个", words=list(words[:MOST]), n=len(words))
