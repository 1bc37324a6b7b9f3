"""What can go wrong through no fault of the program: said in a line, with place and remedy."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from pathlib import Path

from evalkit.base.text import Text, _

_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters by which a text could move the cursor, or more."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in what was given, and where.

    ``source`` is a file or table name, ``line`` counts from 1 (None if unknown), ``field`` is a
    dotted path inside the file, such as ``dimensions[0].points``.
    """

    text: Text
    source: str = ""
    line: int | None = None
    field: str = ""

    def render(self, language: str = "zh") -> str:
        """One line: file, line, field, what is wrong and what to do."""
        place = self.source
        if self.line is not None:
            place = _("{source} 第 {line} 行", source=place, line=self.line).render(language)
        parts = [part for part in (place, self.field) if part]
        said = ("：" if language == "zh" else ": ").join([*parts, self.text.render(language)])
        return printable(" ".join(said.splitlines()))  # a quoted value may have several


def printable(text: str) -> str:
    """``text`` for a terminal: what it quotes, such as the name of a file, commands nothing."""
    return _COMMANDS.sub("\N{REPLACEMENT CHARACTER}", text)


class EvalkitError(Exception):
    """Base of all errors that a user can mend. ``problems`` is never empty."""

    exit_code = 2

    def __init__(self, *problems: Problem | Text) -> None:
        self.problems = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        super().__init__(self.render())

    def render(self, language: str = "zh") -> str:
        """All problems, one a line."""
        return "\n".join(problem.render(language) for problem in self.problems)


class InputError(EvalkitError):
    """A file, table or field that cannot be taken as it is. Nothing of it was stored."""


_WHY = {
    errno.ENOENT: _("没有这个文件或文件夹"),
    errno.ENOTDIR: _("路径中有一段不是文件夹"),
    errno.EISDIR: _("这是文件夹，不是文件"),
    errno.EEXIST: _("同名的文件已经存在"),
    errno.ENOTEMPTY: _("文件夹不是空的"),
    errno.EACCES: _("没有权限"),
    errno.EPERM: _("系统不允许"),
    errno.ENOSPC: _("磁盘空间已满"),
    errno.EDQUOT: _("超出磁盘配额"),
    errno.EROFS: _("所在的磁盘只能读"),
    errno.ENAMETOOLONG: _("文件名或路径太长"),
    errno.ELOOP: _("符号链接绕成了圈"),
    errno.EBUSY: _("文件正被占用"),
    errno.ETXTBSY: _("文件正被占用"),
    errno.EFBIG: _("文件太大，超过系统允许的大小"),
    errno.EMFILE: _("打开的文件太多"),
    errno.EIO: _("读写磁盘出错"),
}
"""The system's reasons in words; another one is said as the system says it."""


def why(error: OSError) -> Text | str:
    """Why the system refused, in words for people."""
    return _WHY.get(error.errno or 0) or error.strerror or str(error)


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def refused(error: OSError) -> Problem:
    """What to say when the system does not do what was asked, with the file that it names."""
    text = _("{why}，请检查路径和权限", why=why(error))
    if error.errno in _NO_ROOM:
        text = _("{why}，请腾出空间，或换一个地方再试", why=why(error))
    return Problem(text, str(error.filename or ""))


def unreadable(path: Path, error: OSError) -> InputError:
    """What to say when the system does not hand over the file at ``path``."""
    return InputError(Problem(_("无法读取（{reason}），请检查路径", reason=why(error)), str(path)))


class Refused(EvalkitError):  # noqa: N818  (the word that a user reads)
    """An action that the rules or the stage of the panel forbid. Nothing was stored."""

    exit_code = 1


class ReportError(EvalkitError):
    """Reports that were not made. Each notebook lies, with its error, where its report would."""

    exit_code = 1
