"""The standard streams: closed, on a full disk, read by nobody any more, or without Chinese."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

from evalkit.base.text import Text, _

_LOST = "evalkit-lost"
_lacking: set[str] = set()
"""The encodings in which something could not be printed."""


class Gone(Exception):  # noqa: N818  (no mistake of anybody)
    """Whoever read the output has enough of it."""


class _Output(io.FileIO):
    """Standard output, whose errors say where it goes."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data) or 0
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise Gone from error
            raise OSError(error.errno, error.strerror, _target(self.fileno())) from error


class _Diagnostics(io.FileIO):
    """The error stream: what cannot be said there is not said, and the work goes on."""

    def write(self, data: Any, /) -> int:
        with suppress(OSError):
            super().write(data)
        return len(data)


def prepare() -> None:
    """Make the standard streams ones that no text and no reader breaks."""
    for name in ("stdin", "stdout", "stderr"):  # in this order, so that each gets its number back
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
    if os.environ.get("COLUMNS") == "0":  # no width, by which nothing would be printed
        del os.environ["COLUMNS"]
    codecs.register_error(_LOST, _replace)
    if os.name == "posix":
        sys.stdout, sys.stderr = _on(sys.stdout, _Output), _on(sys.stderr, _Diagnostics)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_LOST)


def finish() -> None:
    """Hand over what is not written yet; where it cannot be, nobody hears of it twice."""
    try:
        sys.stdout.flush()
    except (Gone, OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def lacking() -> Text | None:
    """What to say where a terminal could not show all that was printed."""
    # what a code page of Windows cannot hold is said of "charmap", whichever it is
    names = {sys.stdout.encoding if name == "charmap" else name for name in _lacking}
    if found := sorted({codecs.lookup(name).name for name in names} - {"utf-8"}):
        return _(
            "这个终端的编码（{encoding}）没有中文，显示成了问号；请先设 PYTHONIOENCODING=utf-8",
            encoding=found,
        )
    return None


def _on(stream: Any, kind: type[io.FileIO]) -> Any:
    """``stream`` over a file of this ``kind``; as it is where it is not the process's own."""
    if stream not in (sys.__stdout__, sys.__stderr__):
        return stream
    raw = kind(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        line_buffering=stream.line_buffering,
        write_through=kind is _Diagnostics,
    )


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    _lacking.add(error.encoding)
    lost = error.object[error.start : error.end]
    cells = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in lost)
    return "?" * cells, error.end  # so that tables stay in line


def _target(descriptor: int) -> str:
    """The file or device that a stream goes to, where the system knows its name."""
    with suppress(OSError):
        found = Path(f"/proc/self/fd/{descriptor}").readlink()
        if found.is_absolute():
            return str(found)
    return "stdout"
