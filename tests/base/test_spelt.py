"""Tables by their columns: what stands in them, whatever reads it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from evalkit.base.headings import SCORES
from evalkit.base.spelt import Spelt, column_of
from evalkit.base.tables import read_spelt, read_table
from evalkit.base.tables_csv import table
from evalkit.base.tidy_words import COLUMNS
from evalkit.facts.frames import as_text

WORDS = st.sampled_from(["", "a", "b ", " a", "甲", "甲 乙", "8.5", "0"])
ROWS = st.lists(st.tuples(*[WORDS] * 5), max_size=8)


@given(ROWS)
def test_a_table_has_what_its_rows_have(rows: list[tuple[str, ...]]) -> None:
    """Each spelling once; cells, frames and single rows say the same."""
    made = Spelt.of(COLUMNS, rows)
    assert len(made) == len(rows)
    assert [*zip(*map(made.cells, COLUMNS), strict=True)] == rows
    for name in COLUMNS:
        texts, _codes = made[name]
        assert len(set(texts)) == len(texts)
    frame = made.to_frame()
    assert [*frame.itertuples(index=False, name=None)] == rows
    assert frame.index.tolist() == list(range(2, len(rows) + 2))
    first = made.holds("applicant", lambda text: text == "a")
    assert first.tolist() == [row[0] == "a" for row in rows]
    assert made.where(first).cells("reason") == [row[4] for row in rows if row[0] == "a"]


def test_what_is_read_alike_is_one_spelling() -> None:
    """In the order in which it comes, or in that of the words."""
    cells = [" b", "a", "b", "a "]
    for ordered, words in ((False, ["b", "a"]), (True, ["a", "b"])):
        texts, codes = column_of(cells, str.strip, ordered=ordered)
        assert texts == words
        assert [texts[code] for code in codes] == ["b", "a", "b", "a"]


@given(ROWS)
def test_quotes_make_no_difference(rows: list[tuple[str, ...]]) -> None:
    """A table without quotes is split line by line, one with them is parsed: cells and lines are
    the same, also where rows are shorter than the header.
    """
    plain = ",".join(COLUMNS) + "\n"
    plain += "".join(",".join(row).rstrip(",") + "\n" for row in rows)
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([COLUMNS, *rows])
    one, other = (table(text.encode(), "utf-8", "", SCORES) for text in (plain, out.getvalue()))
    assert one.names == other.names
    assert one.lines.tolist() == other.lines.tolist()
    assert [one.cells(name) for name in COLUMNS] == [other.cells(name) for name in COLUMNS]


def test_a_frame_and_a_file_are_understood_alike(tmp_path: Path) -> None:
    """What a notebook reads by itself, and what is read for it."""
    file = tmp_path / "scores.csv"
    file.write_text("评审对象,专家,指标,评分\nA, e1,i1,8.50\n\nB,e2,i1,\n,,,\n", "utf-8")
    read = as_text(read_spelt(file), "")
    for frame in (read_table(file), pd.DataFrame(read_table(file), dtype=object)):
        given = as_text(frame, "")
        assert given.names == read.names == COLUMNS
        assert np.array_equal(given.lines, read.lines)
        assert [given.cells(name) for name in COLUMNS] == [read.cells(name) for name in COLUMNS]
    assert read.cells("points") == ["8.50", ""]
    assert read.lines.tolist() == [2, 4]
