"""One gate for what a person types as a score: log, CSV, Excel and DataFrame agree on each."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from evalkit.base.errors import EvalkitError, InputError
from evalkit.base.tidy_words import COLUMNS
from evalkit.facts.columns import SCORED
from evalkit.facts.tidy import read_scores
from evalkit.log.events import Entry
from evalkit.round import Round
from tests.support.builders import load, panel_data, rubric_data, write

TEXTS = ["8", "8.5", "0", "10", "8.50", "08", "0.5", "-0", "9.0", "+4", "+8.5", "8,5", "8,50"]
AROUND = ["{}", " {} ", "\u3000{}", "{}\u00a0", "{}\t"]
WIDE = str.maketrans("0123456789.,+-", "０１２３４５６７８９．，＋－")

UNDERSTOOD: dict[str, str] = {
    **{
        around.format(text): text.lstrip("+").replace(",", ".")
        for text, around in itertools.product(TEXTS, AROUND)
    },
    **{text.translate(WIDE): text.lstrip("+").replace(",", ".") for text in TEXTS},
    "8。5": "8.5",
    "８。５": "8.5",
    "８.5": "8.5",
    "8．5": "8.5",
    "0,5": "0.5",
    "0,500": "0.5",
}

REFUSED = [
    *(
        "abc",
        "nan",
        "inf",
        "-inf",
        "1e1",
        "1E1",
        "0x8",
        "8/1",
        "50%",
        "８％",
        "①",
        "八",
        "8分",
        "½",
    ),
    *(
        "8 .5",
        "8. 5",
        "8\u00a05",
        "8\u30005",
        "8.5.",
        "8..5",
        "8.5.0",
        ".5",
        "5.",
        "--8",
        "+-8",
        "++8",
    ),
    *("8,5,0", "1,234", "12,345", "8.5,0", "8;5", "8'5", "8_5", "=8", "'8", '"8"', "“8”", "8+1"),
    *("8\u200b", "\u200b8", "8\u200b.5", "8.5\ufeff", "\ufeff8", "8\u2060", "\u202e8", "8\u200e"),
    *("8\u00ad", "٨", "८", "8\u0301", "−8", "–8", "10.5", "11", "-1", "8.3", "8.55", "1" * 13),
    *("8.1234567", "true", "8 9", "8\n9", "8\u20289"),
]


@pytest.fixture(name="round_")
def _round(tmp_path: Path) -> Any:
    return load(tmp_path, rubric_data((10,)), panel_data(1, ["A"]))


@pytest.fixture(name="log")
def _log(tmp_path: Path) -> Any:
    folder = tmp_path / "files"
    folder.mkdir()
    file = write(folder, rubric_data((10,)), panel_data(1, ["A"]))
    with Round.create(tmp_path / "round", file) as workspace:
        yield workspace


def by_log(log: Round, text: str) -> str | None:
    """The stored spelling and its value; None where it is refused."""
    entry = Entry(
        "e1", f"id{len(log.history().events)}", "score", "A", "i1", {"points": text, "text": ""}
    )
    try:
        log.append(entry)
    except EvalkitError:
        return None
    stored = log.history().cell("e1", "A", "i1")
    assert stored is not None
    assert log.facts().points[0, 0, 0] == Decimal(stored.payload["points"]) * 10
    return stored.payload["points"]


AT_ONCE = 10
"""Spellings in one table: so many problems are listed, and most make one."""


def many(folder: Path) -> Any:
    """A round with an applicant for each spelling of a table."""
    names = [f"a{n}" for n in range(max(AT_ONCE, len(UNDERSTOOD)))]
    return load(folder, rubric_data((10,)), panel_data(1, names))


def tables(folder: Path, texts: Sequence[str]) -> dict[str, Any]:
    """The same cells, one an applicant, as CSV, as text in Excel and as a DataFrame."""
    rows = [[f"a{n}", "e1", "i1", text, ""] for n, text in enumerate(texts)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame.to_csv(folder / "t.csv", index=False)
    book = openpyxl.Workbook()
    book.active.append(list(COLUMNS))
    for n, row in enumerate(rows, 2):
        book.active.append(row[:3])
        cell = book.active.cell(n, 4)
        cell.value, cell.data_type = row[3], "s"
    book.save(folder / "t.xlsx")
    return {"csv": folder / "t.csv", "xlsx": folder / "t.xlsx", "frame": frame}


def test_enough_spellings() -> None:
    """Some hundred, each once."""
    assert len(UNDERSTOOD) + len(set(REFUSED)) > 130
    assert len(set(REFUSED)) == len(REFUSED)


def test_the_same_spelling_has_the_same_value_everywhere(log: Round, tmp_path: Path) -> None:
    """Understood: 8.5 in all its spellings is stored as 8.5, whoever reads it."""
    values = [format(Decimal(v).normalize(), "f").replace("-0", "0") for v in UNDERSTOOD.values()]
    assert {text: by_log(log, text) for text in UNDERSTOOD} == dict(
        zip(UNDERSTOOD, values, strict=True)
    )
    round_ = many(tmp_path)
    for name, table in tables(tmp_path, [*UNDERSTOOD]).items():
        facts = read_scores(table, *round_)
        found = facts.points[: len(values), 0, 0].tolist()
        assert [format((Decimal(p) / 10).normalize(), "f") for p in found] == values, name
        assert (facts.state[: len(values), 0, 0] == SCORED).all()


def test_the_same_spelling_is_refused_everywhere(log: Round, tmp_path: Path) -> None:
    """Nothing is guessed anywhere: each row is named."""
    assert [text for text in REFUSED if by_log(log, text) is not None] == []
    round_ = many(tmp_path)
    ordered = sorted(REFUSED, key=lambda text: text.count("\n"))  # which end a line of CSV
    for start in range(0, len(ordered), AT_ONCE):
        texts = ordered[start : start + AT_ONCE]
        for name, table in tables(tmp_path, texts).items():
            with pytest.raises(InputError) as caught:
                read_scores(table, *round_)
            lines = {problem.line for problem in caught.value.problems}
            assert [t for n, t in enumerate(texts, 2) if n not in lines] == [], name


NAMED = [
    ("8.5\u200b", "“8.5□”的第 4 个字符 U+200B 看不见，请删去重填"),
    ("\ufeff8.5", "“□8.5”的第 1 个字符 U+FEFF 看不见"),
    ("8\u00a05", "“8□5”的第 2 个字符 U+00A0 看不见"),
    ("8\u30005", "“8□5”的第 2 个字符 U+3000 看不见"),
    ("\u202e8", "“□8”的第 1 个字符 U+202E 看不见"),
    ("1,234", "“1,234”里的逗号可以有两种读法"),
    ("8..5", "“8..5”不是分数，请写成 8 或 8.5 这样的形式"),
]


@pytest.mark.parametrize(("text", "message"), NAMED)
def test_what_is_wrong_is_named(log: Round, round_: Any, text: str, message: str) -> None:
    """By the log and by a table in the same words."""
    with pytest.raises(EvalkitError) as caught:
        log.append(Entry("e1", "x", "score", "A", "i1", {"points": text, "text": ""}))
    assert message in caught.value.render()
    frame = pd.DataFrame([["A", "e1", "i1", text, ""]], columns=list(COLUMNS))
    with pytest.raises(EvalkitError) as caught:
        read_scores(frame, *round_)
    assert message in caught.value.render()


def test_an_id_with_a_character_that_nobody_sees(round_: Any) -> None:
    """It is named by its code point, not called unknown."""
    frame = pd.DataFrame([["A\u200b", "e1", "i1", "8", ""]], columns=list(COLUMNS))
    with pytest.raises(EvalkitError, match="“A□”的第 2 个字符 U\\+200B 看不见"):
        read_scores(frame, *round_)


def test_a_retry_in_another_spelling_of_the_same_number(log: Round) -> None:
    """What was stored is what was typed: the first receipt comes back."""
    first = log.append(Entry("e1", "x", "score", "A", "i1", {"points": "8.50", "text": ""}))
    again = log.append(Entry("e1", "x", "score", "A", "i1", {"points": "８。５", "text": ""}))
    assert first == again
