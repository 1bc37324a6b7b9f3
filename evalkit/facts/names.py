"""Names that people write in a table, as the ids that stand behind them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evalkit.base.errors import InputError, Problem
from evalkit.base.names import Names
from evalkit.base.spelt import Spelt, column_of
from evalkit.base.tidy_words import EXPERT_WORDS, POINTS_WORDS
from evalkit.panel import Panel
from evalkit.panel.lists import several
from evalkit.rubric import Rubric


def as_ids(table: Spelt, rubric: Rubric, panel: Panel, source: str) -> Spelt:
    """``table`` (see `frames.as_text`) with ids for the names of applicants, experts and
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
    meant_otherwise = {}
    columns = dict(zip(table.names, table.columns, strict=True))
    for column, names in known.items():
        found, codes = columns[column]
        meant = [names.ids(text) for text in found]
        for n, ids in enumerate(meant):
            if len(ids) > 1:
                line = int(table.lines[np.flatnonzero(codes == n)[0]])
                problems.append(Problem(several(found[n], ids), source, line))
        if (first := [ids[0] for ids in meant]) != found:
            spellings, inner = column_of(first)
            meant_otherwise[column] = spellings, inner[codes]
    if problems:
        raise InputError(*problems)
    if not meant_otherwise:
        return table
    return replace(table, columns=tuple((columns | meant_otherwise).values()))
