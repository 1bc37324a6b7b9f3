"""What can go wrong through no fault of the program: said in a line, with place and remedy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalkit.text import Text, _


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
        return " ".join(said.splitlines())  # a quoted value may have several


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


def unreadable(path: Path, error: OSError) -> InputError:
    """What to say when the system does not hand over the file at ``path``."""
    reason = error.strerror or str(error)
    return InputError(Problem(_("无法读取（{reason}），请检查路径", reason=reason), str(path)))


class Refused(EvalkitError):  # noqa: N818  (the word that a user reads)
    """An action that the rules or the stage of the panel forbid. Nothing was stored."""

    exit_code = 1


class ReportError(EvalkitError):
    """Reports that were not made. Each notebook lies, with its error, where its report would."""

    exit_code = 1
