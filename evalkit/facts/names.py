"""Names that people write in a table, as the ids that stand behind them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evalkit.base.errors import InputError, Problem
from evalkit.base.names import Names
from evalkit.base.tidy_words import EXPERT_WORDS, POINTS_WORDS
from evalkit.panel import Panel
from evalkit.panel.lists import several
from evalkit.rubric import Rubric


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
        "applicant": Names([(a.id, a.name) for a in panel.applicants]),
        "expert": Names(people, EXPERT_WORDS),
        "indicator": Names(parts),
        "points": Names([], POINTS_WORDS),
    }
    problems: list[Problem] = []
    for column, names in known.items():
        found = frame[column].cat.categories.tolist()
        for text in found:
            if len(ids := names.ids(text)) > 1:
                line = int(frame.index[(frame[column] == text).to_numpy()][0])
                problems.append(Problem(several(text, ids), source, line))
        meant = [names.ids(text)[0] for text in found]
        if meant != found:
            frame = frame.assign(**{column: _renamed(frame[column], meant)})
    if problems:
        raise InputError(*problems)
    return frame


def _renamed(series: pd.Series, names: list[str]) -> pd.Categorical:
    codes, spellings = pd.factorize(np.array(names, dtype=object))
    return pd.Categorical.from_codes(codes[series.cat.codes.to_numpy()], pd.Index(spellings))
