"""A life of an office: drafts filled in, records of a year, what results say, Word papers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx

from evalkit.rubric import Rubric
from tests.support.command import Run
from tests.support.lives import Life


class OfficeLife(Life):
    """A life whose standing file is in the folder ``office``, all of it in one year."""

    def __init__(self, folder: Path, rubric: Rubric, year: int) -> None:
        super().__init__(folder, rubric)
        self.year = year

    def declare(self, provision: str, file: str, values: Mapping[str, str]) -> None:
        """Fill in a draft to its end."""
        pairs = [f"{key}={value}" for key, value in values.items()]
        assert "没有待定的了" in self.step(provision, "declare", file, *pairs).stdout

    def refused(self, provision: str, *command: Any, said: str) -> None:
        """A command that finds something missing, and says what."""
        run = self.step(provision, *command, code=1)
        assert said in run.stdout + run.stderr

    def record(self, provision: str, *command: str, by: str, on: str) -> str:
        """``evalkit standing record office`` on a day of the year."""
        dated = ("--by", by, "--day", f"{self.year}-{on}")
        return self.step(provision, "standing", "record", "office", *command, *dated).stdout

    def act(self, provision: str, who: str, *decision: str, on: str, by: str = "p1") -> None:
        """A decision on ``who``: stage, outcome, and what belongs to it."""
        self.record(provision, "decide", who, *decision, by=by, on=on)

    def take(self, provision: str, folder: str, on: str, *more: str, by: str) -> str:
        """What the locked results in ``folder`` say."""
        dated = ("--by", by, "--day", f"{self.year}-{on}")
        return self.step(provision, "standing", "take", "office", folder, *more, *dated).stdout

    def results(self, provision: str, folder: str) -> dict[str, dict[str, Any]]:
        """Official results, by applicant."""
        found = json.loads(self.step(provision, "evaluate", folder, "--json").stdout)
        assert found["status"] == "official"
        return {row["id"]: row for row in found["applicants"]}

    def shown(self, provision: str, who: str, *more: str) -> dict[str, Any]:
        """Where an applicant stands."""
        show = ("standing", "show", "office", "--applicant", who, "--json", *more)
        found: dict[str, Any] = json.loads(self.step(provision, *show).stdout)["applicants"][0]
        return found

    def notice(self, provision: str, kind: str, *about: str) -> str:
        """The words of a notice as Word."""
        file = f"{kind}{''.join(about)}.docx"
        out = ("--kind", kind, *about, "--out", file)
        self.step(provision, "standing", "notice", "office", *out)
        return self.words(file)

    def export(self, provision: str, folder: str, paper: str) -> str:
        """The words of a paper of a round."""
        out = f"{folder}-papers"
        self.step(provision, "export", folder, "--out", out, "--format", paper)
        return self.words(f"{out}/{paper}.docx")

    def words(self, file: str) -> str:
        """Everything that a Word file says; headings are balanced by line breaks."""
        document = docx.Document(str(self.folder / file))
        cells = (c.text for t in document.tables for row in t.rows for c in row.cells)
        return "\n".join([*(p.text.replace("\n", "") for p in document.paragraphs), *cells])

    def finished(self, *rounds: str) -> Run:
        """The record is whole and agrees with the rounds; print the table of the life."""
        checked = [word for folder in rounds for word in ("--round", folder)]
        run = self.step("第四条", "standing", "check", "office", *checked)
        assert f"与 {len(rounds)} 轮锁定的结果核对，相符" in run.stdout
        print(f"\n{self.table()}")
        assert self.unknown() == set()
        return run
