"""Lives: a whole round from the notice to the last paper, by commands alone, as offices live it.

Each step names the provision of the text that it lives; what it put on record is read from the logs
in the folder, so that the table of a life says: provision, step, event.
"""

from __future__ import annotations

import shlex
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from evalkit.rubric import Rubric
from tests.support.command import Run, evalkit


class Life:
    """A folder in which only commands write, and the table of what they did."""

    def __init__(self, folder: Path, rubric: Rubric) -> None:
        self.folder, self.rubric = folder, rubric
        self.rows: list[tuple[str, str, str]] = []
        self._seen: dict[Path, int] = {}

    def step(self, provision: str, *command: Any, code: int = 0) -> Run:
        """Run ``command`` in the folder under a ``provision`` of the text, and expect ``code``."""
        run = evalkit(*command, cwd=self.folder)
        assert run.returncode == code, (command, run.stdout, run.stderr)
        said = shlex.join(map(str, command)).replace(str(self.folder), ".")
        self.rows.append((provision, f"evalkit {said}", self._events()))
        return run

    def table(self) -> str:
        """The life as a table: provision of the text, step, event."""
        return "\n".join(" │ ".join(row) for row in (("条款", "步骤", "记录"), *self.rows))

    def unknown(self) -> set[str]:
        """Provisions that the rubric file does not know."""
        known = _articles(self.rubric.model_dump(mode="json"))
        return {row[0] for row in self.rows} - known - {""}

    def _events(self) -> str:
        """What came into the logs of the folder since the last step: kinds and authors."""
        found: Counter[str] = Counter()
        for log in sorted(self.folder.rglob("*.sqlite")):
            database = sqlite3.connect(log)
            seen = self._seen.get(log, 0)
            query = "SELECT rowid, kind, author FROM event WHERE rowid > ? ORDER BY rowid"
            rows = database.execute(query, (seen,)).fetchall()
            database.close()
            self._seen[log] = rows[-1][0] if rows else seen
            found.update(f"{kind}（{author}）" for _n, kind, author in rows)
        return "，".join(f"{what}×{n}" if n > 1 else what for what, n in found.items())


def _articles(tree: Any) -> set[str]:
    """Every article that stands in a rubric's file."""
    if isinstance(tree, dict):
        own = {tree["article"]} if isinstance(tree.get("article"), str) else set()
        return own.union(*(_articles(value) for value in tree.values()))
    return set().union(*map(_articles, tree)) if isinstance(tree, list) else set()
