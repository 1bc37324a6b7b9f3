"""Issued reports of a locked round: they stay as they are unless a person says why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evalkit.base.errors import Problem, ReportError
from evalkit.base.text import Text, _
from evalkit.reports import provenance
from evalkit.reports.journal import Journal

MOST_SHOWN = 10


@dataclass
class Standing:
    """What is done about reports of a ``locked`` round that lie there already and would be others
    now: they stay, or are made anew for the ``reason`` that a person gives.
    """

    locked: bool
    reason: str = ""
    altered: list[str] = field(default_factory=list)
    """Names of files that are not as they were issued."""
    others: list[str] = field(default_factory=list)
    """Ids of reports that another program or template made."""

    @property
    def guarded(self) -> bool:
        """Whether nothing is written over that lies there."""
        return self.locked and not self.reason

    def stays(self, book: Journal, id: str) -> bool:
        """Whether the report ``id``, which would be another one now, stays as it is in its
        ``book``. Where it does not, the reason is on record before anything is done.
        """
        if not self.locked:
            return False
        if self.reason:
            book.reissue(id, self.reason, provenance.now())
            return False
        if not book.has(id):
            return False
        if files := book.altered(id):
            self.altered += files
        else:
            self.others.append(id)
        return True

    def problems(self, folder: Path) -> Iterator[ReportError]:
        """What stayed, in words."""
        if self.altered:
            text = _("与出具时登记的不同，没有动它：{names}。请查明原因；逐项核对用 {command}")
            yield self._problem(
                folder, text.filled(command=f"evalkit verify {folder}"), self.altered
            )
        if self.others:
            text = _(
                "已经由另一版本的程序或模板出具，没有重做：{names}。"
                "新的请出到另一个文件夹；确要换掉的，写明理由：--reissue 理由"
            )
            yield self._problem(folder, text, self.others)

    def _problem(self, folder: Path, text: Text, names: list[str]) -> ReportError:
        shown = names[:MOST_SHOWN]
        more = len(names) - len(shown)
        listed = _("{names} 等 {n} 个", names=shown, n=len(names)) if more else shown
        return ReportError(Problem(text.filled(names=listed), str(folder)))
