"""Results as numbers and tables: those just computed, and those read from their canonical JSON."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evalkit.base import canonical
from evalkit.base.errors import InputError
from evalkit.base.shown import Shown
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.evaluation import frames
from evalkit.panel import Panel
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    import pandas as pd

FORMAT = "evalkit-results/1"


class Tabled(ABC, Shown):
    """Results with the tables that follow from their ``rows``, one dictionary an applicant."""

    rubric: Rubric
    panel: Panel

    @property
    @abstractmethod
    def rows(self) -> list[dict[str, Any]]:
        """Every applicant's part of `to_dict`, in the order of the panel."""

    @property
    def brief(self) -> list[dict[str, Any]]:
        """The `rows`, or as much of them as tables show: of indicators ``id`` and ``points``."""
        return self.rows

    @cached_property
    def tables(self) -> dict[str, frames.Table]:
        """The ``ranking`` and points by ``indicators``, as every screen and paper shows them."""
        brief = self.brief
        return {
            "ranking": frames.ranking(brief, self.rubric, self.panel),
            "indicators": frames.indicators(brief, self.rubric, self.panel),
        }

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """A row an applicant, by rank: ``rank`` (Int64), ``id``, ``name``, ``lead``, then floats:
        points of each dimension (by its id), ``base``, ``bonus``, ``deduction`` and ``total``;
        ``group``, ``grade`` and ``selected`` where the round has them.
        """
        return self.tables["ranking"].to_frame()

    def to_frame(self) -> pd.DataFrame:
        """The `ranking`: ``rank``, ``id``, ``name``, ``lead``, points by dimension, sums, total."""
        return self.ranking

    @asked
    def for_applicant(self, id: str) -> dict[str, Any]:
        """The official numbers of the applicant ``id``: its part of `to_dict`, experts by id.

        What an applicant may be told is another thing, see `evalkit.disclosure.Views`. Raises
        InputError for an unknown id.
        """
        self.panel.applicant(id)
        return next(row for row in self.rows if row["id"] == id)


class StoredResults(Tabled):
    """Results read from their canonical JSON, see `Results.from_json`."""

    def __init__(self, text: str, rubric: Rubric, panel: Panel) -> None:
        self._text, self.rubric, self.panel = text, rubric, panel
        self._document = _document(text)
        theirs = {name: self._document[name]["digest"] for name in ("rubric", "panel")}
        if theirs != {"rubric": rubric.digest, "panel": panel.digest}:
            raise InputError(_("这些结果不是由这套指标和这个评审组得出的，请核对摘要值"))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Every applicant's part of `to_dict`, in the order of the panel."""
        found: list[dict[str, Any]] = self._document["applicants"]
        return found

    def __repr__(self) -> str:
        return f"StoredResults({self.panel.id!r}, {self._document['status']}, {self.digest[:12]})"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the JSON."""
        return hashlib.sha256(self._text.encode()).hexdigest()

    def to_json(self) -> str:
        """The canonical JSON that they were read from."""
        return self._text

    def to_dict(self) -> dict[str, Any]:
        """The content of `to_json`."""
        return self._document


def _document(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, TypeError) as error:
        raise InputError(_("不是结果的 JSON 文本：{error}", error=error)) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InputError(_("不是结果的 JSON（应有 format: {format}）", format=FORMAT))
    if canonical.dumps(found) != text:
        raise InputError(_("不是规范 JSON（RFC 8785），摘要值对不上；请用原来的文件"))
    return found
