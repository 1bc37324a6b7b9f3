"""Documents of any earlier version are read; a step to a later one only ever adds."""

from __future__ import annotations

from typing import Any

import pytest

from evalkit.analysis.analyse import FORMAT as ANALYSIS
from evalkit.archive import environment, formats, layout
from evalkit.base.errors import InputError
from evalkit.evaluation import stored
from evalkit.reports import journal, provenance

OLD = {"format": "evalkit-results/1", "status": "official", "applicants": [{"id": "A"}]}


def with_unit(document: dict[str, Any]) -> dict[str, Any]:
    """A step that adds a field."""
    return {**document, "unit": "分"}


def with_rank(document: dict[str, Any]) -> dict[str, Any]:
    """A step that adds a field to the items of a list."""
    return {**document, "applicants": [{**a, "rank": None} for a in document["applicants"]]}


def read(document: Any, *steps: formats.Step) -> dict[str, Any]:
    """`formats.upgraded` for results."""
    return formats.upgraded(document, "evalkit-results", "results.json", steps)


def test_what_is_written_today_is_the_newest_version() -> None:
    """Whoever writes another version adds the step that leads to it."""
    written = {
        layout.FORMAT,
        environment.FORMAT,
        stored.FORMAT,
        ANALYSIS,
        journal.FORMAT,
        provenance.FORMAT,
    }
    assert written == {formats.newest(name) for name in formats.STEPS}


def test_the_newest_version_is_read_as_it_is() -> None:
    """Nothing is added without a step."""
    assert formats.upgraded(OLD, "evalkit-results", "results.json") == OLD


def test_each_step_adds_and_nothing_is_lost() -> None:
    """From version 1 to 3, and from 2 to 3; what was read stays as it was."""
    whole = {
        "format": "evalkit-results/3",
        "status": "official",
        "applicants": [{"id": "A", "rank": None}],
        "unit": "分",
    }
    before = str(OLD)
    assert read(OLD, with_unit, with_rank) == whole
    second = {**OLD, "format": "evalkit-results/2", "unit": "分"}
    assert read(second, with_unit, with_rank) == whole
    assert str(OLD) == before


@pytest.mark.parametrize(
    "step",
    [
        lambda d: {key: value for key, value in d.items() if key != "status"},
        lambda d: {**d, "status": "trial"},
        lambda d: {**d, "applicants": []},
        lambda d: {**d, "applicants": [{}]},
        lambda d: {**d, "applicants": [{"id": "A"}, {"id": "B"}]},
    ],
    ids=["drops a field", "changes a value", "drops an item", "drops within", "adds an item"],
)
def test_a_step_that_takes_away_does_not_pass(step: formats.Step) -> None:
    """It is a mistake of the program, not of the archive."""
    with pytest.raises(ValueError, match="takes away or changes"):
        read(OLD, step)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"format": "evalkit-results/2"}, "比这个版本的 evalkit 新"),
        ({"format": "evalkit-analysis/1"}, "不是 evalkit-results 格式"),
        ({"format": "evalkit-results/0"}, "不是 evalkit-results 格式"),
        ({"format": "evalkit-results/1x"}, "不是 evalkit-results 格式"),
        ({"format": 1}, "不是 evalkit-results 格式"),
        ({}, "不是 evalkit-results 格式"),
        ([], "不是 evalkit-results 格式"),
    ],
)
def test_what_is_too_new_is_told_from_what_is_none(document: Any, said: str) -> None:
    """Too new means another evalkit; anything else is another file."""
    with pytest.raises(InputError, match=said) as caught:
        read(document)
    assert caught.value.problems[0].source == "results.json"
