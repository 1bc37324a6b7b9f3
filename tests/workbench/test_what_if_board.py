"""Controls for a what-if: what is chosen is worked out at once, and nothing is stored."""

from __future__ import annotations

import pytest

import evalkit as ek
from evalkit.evaluation import Results
from evalkit.workbench import what_if_board


@pytest.fixture(name="results", scope="module")
def _results() -> Results:
    return ek.open("demo").results()


def test_nothing_chosen_shows_nothing(results: Results) -> None:
    """No numbers, and what to do."""
    board = what_if_board(results)
    assert board.found is None
    assert "选一位专家" in board.shown.value
    assert "非正式试算" in board.shown.value


def test_each_control_amends(results: Results) -> None:
    """An expert, an indicator, a rule: the same numbers as from code, the page is marked."""
    board = what_if_board(results)
    board.expert.value = "e3"
    board.indicator.value = "training"
    board.rule.value = "rounding.places"
    assert board.value.value == "2"
    board.value.value = "1"
    assert board.found is not None
    amended = ek.what_if(
        results, without_expert="e3", without_indicator="training", rules={"rounding.places": "1"}
    )
    assert board.found.after.digest == amended.after.digest
    assert "非正式试算" in board.shown.value
    board.rule.value = ""
    assert board.value.disabled
    assert board.found.after.digest != amended.after.digest


def test_an_expert_out_for_one_applicant(results: Results) -> None:
    """What an appeal asks; without an expert there is nobody to choose an applicant for."""
    board = what_if_board(results)
    assert board.applicant.disabled
    board.expert.value = "e1"
    board.applicant.value = "c16"
    assert board.found is not None
    assert board.found.after.digest == ek.what_if(results, recuse="e1:c16").after.digest
    assert "专家甲对示例智能农机赋能中心的评分不计" in board.shown.value


def test_a_value_that_does_not_fit_is_explained(results: Results) -> None:
    """As a file with it would be; what was shown before is gone."""
    board = what_if_board(results)
    board.rule.value = "rounding.places"
    for wrong in ("许多", "{", "<b>"):
        board.value.value = wrong
        assert board.found is None
        assert "rounding.places" in board.shown.value
        assert "<b>”" not in board.shown.value


def test_every_rule_that_is_shown_may_be_given_back(results: Results) -> None:
    """What stands in the field is how the panel's file would say it: as it is nothing changes."""
    board = what_if_board(results)
    assert {"ties", "aggregation.drop_highest", "bonus.cap_stage"} <= set(board.rules)
    assert not {"disclosure", "discussion"} & set(board.rules)
    for name, (_said, value) in board.rules.items():
        amended = {name: board._given(value)}
        assert ek.what_if(results, rules=amended).after.panel.rules == results.panel.rules


def test_english(results: Results) -> None:
    """Labels in the language that is asked for."""
    board = what_if_board(results, "en")
    assert board.expert.description.isascii()
