"""Names that people write in a table, as the ids that stand behind them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import numpy as np
import pandas as pd

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _
from evalkit.base.tidy_words import EXPERT_WORDS, POINTS_WORDS
from evalkit.panel import Panel
from evalkit.rubric import Rubric

NO_WORDS: Mapping[str, tuple[str, ...]] = {}


def as_ids(frame: pd.DataFrame, rubric: Rubric, panel: Panel, source: str) -> pd.DataFrame:
    """``frame`` (see `frames.as_text`) with ids for the names of applicants, experts and
    indicators, and the words of `base.tidy_words` for theirs in Chinese.

    Width and blanks of a name make no difference; an id stays what it is. Raises InputError with
    the line for a name that several bear.
    """
    parts = [
        *((i.id, i.name) for i in rubric.indicators),
        *((b.id, b.name) for b in rubric.bonus),
        *((d.id, d.name) for d in rubric.deductions),
    ]
    people = [(e.id, e.name) for e in panel.experts]
    known = {
        "applicant": _Names([(a.id, a.name) for a in panel.applicants]),
        "expert": _Names(people, EXPERT_WORDS),
        "indicator": _Names(parts),
        "points": _Names([], POINTS_WORDS),
    }
    problems: list[Problem] = []
    for column, names in known.items():
        found = frame[column].cat.categories.tolist()
        for text in found:
            if len(several := names.ids(text)) > 1:
                line = int(frame.index[(frame[column] == text).to_numpy()][0])
                values = {"name": text, "n": len(several), "ids": several}
                why = _("“{name}”有 {n} 个同名的，请写标识：{ids}", **values)
                problems.append(Problem(why, source, line))
        meant = [names.ids(text)[0] for text in found]
        if meant != found:
            frame = frame.assign(**{column: _renamed(frame[column], meant)})
    if problems:
        raise InputError(*problems)
    return frame


class _Names:
    """What the names of one column mean."""

    def __init__(
        self, pairs: list[tuple[str, str]], words: Mapping[str, tuple[str, ...]] = NO_WORDS
    ) -> None:
        self._ids = {id for id, _name in pairs}
        self._named: dict[str, list[str]] = {}
        for id, name in (*pairs, *((w, spelt) for w in words for spelt in words[w])):
            self._named.setdefault(_key(name), []).append(id)

    def ids(self, text: str) -> list[str]:
        """Every id behind ``text``, or what it is itself."""
        return [text] if text in self._ids else self._named.get(_key(text), [text])


def _renamed(series: pd.Series, names: list[str]) -> pd.Categorical:
    codes, spellings = pd.factorize(np.array(names, dtype=object))
    return pd.Categorical.from_codes(codes[series.cat.codes.to_numpy()], pd.Index(spellings))


def _key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
