"""Attacks on what applicants and the public are told of the others: nobody's number comes out.

The attacker holds reports, the list for publicity and all its ranks, rules and rubric. A number is
safe where another one would have shown the same pages.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations, combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evalkit.base import canonical
from evalkit.base.errors import Refused
from evalkit.disclosure import Views
from evalkit.disclosure.statistics import PART, Range, Told, told
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from evalkit.pages import applicant
from evalkit.panel.rules import Selection
from evalkit.round import open_round
from tests.support.builders import frame, load, panel_data, rubric_data

IDS = [f"a{n:02}" for n in range(1, 19)]


def world(folder: Path, scores: Mapping[str, list[list[str]]], **disclosure: Any) -> Results:
    """Results of two experts' scores (expert, indicator) for each applicant: 40 and 60 points."""
    declared = {"min_experts": 1, "min_applicants": 1, "public": ["rank"], **disclosure}
    rules = {"disclosure": declared, "step": "1"}
    rubric, panel = load(folder, rubric_data([40, 60]), panel_data(2, list(scores), rules))
    rows = [
        (a, f"e{e}", f"i{i}", points, "")
        for a, sheet in scores.items()
        for e, row in enumerate(sheet, 1)
        for i, points in enumerate(row, 1)
    ]
    return evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))


def shown(results: Results) -> dict[str, str]:
    """Everything that each applicant, and under "" the public, is shown; digests are the same for
    everybody and hold no number that can be read.
    """
    views = Views(results)
    pages = {a.id: views.report(a.id) for a in results.panel.applicants}
    return {
        id: re.sub(r"[0-9a-f]{64}", "", canonical.dumps(page))
        for id, page in {**pages, "": views.public()}.items()
    }


def moved(scores: Mapping[str, list[list[str]]], id: str) -> Iterator[dict[str, Any]]:
    """The scores with one of ``id`` a little higher or lower."""
    for by in (1, -1, 2, -2):
        for i, most in enumerate((40, 60)):
            first, second = scores[id]
            points = int(first[i]) + by
            if 0 <= points <= most:
                row = [*first[:i], str(points), *first[i + 1 :]]
                yield {**scores, id: [row, second]}


MORE = [pytest.param(n, marks=pytest.mark.soak) for n in (2, 4, 5, 6, 9, 16)]


@pytest.mark.parametrize("n", [3, 7, 8, *MORE])
def test_no_two_applicants_find_out_a_third(tmp_path: Path, n: int) -> None:
    """For every applicant there is another total with which any two others see the same pages."""
    rng = random.Random(n)
    ids, close = IDS[:n], rng.randrange(2)
    scores = {
        a: [[str(rng.randint(28 + 6 * close, 40)), str(rng.randint(40, 60))] for _e in range(2)]
        for a in ids
    }
    results = world(tmp_path, scores)
    before, ranks = shown(results), results.rank.tolist()
    tried = 0
    for k, id in enumerate(ids):
        safe, free = set[str](), False
        for other in moved(scores, id):
            found = world(tmp_path, other)
            if found.rank.tolist() == ranks and found.total[k] != results.total[k]:
                free = True
                after = shown(found)
                safe |= {one for one in before if after[one] == before[one]}
        # ranks are public: without room between its neighbours a total is known from them alone
        if free:
            tried += 1
            pairs = list(combinations([a for a in ids if a != id], min(2, n - 1)))
            assert [pair for pair in pairs if not {*pair, ""} <= safe] == []
    assert tried


def test_the_demo_of_four_keeps_the_last_total_secret() -> None:
    """With greatest, median and tie, the last total was 2 · 79.59 - 78.12 = 81.06."""
    views = Views(open_round("anhui-application-demo").results())
    own = views.applicant("a3")
    assert own["total"] == "78.12"
    text = canonical.dumps(own)
    for secret in ("88.12", "81.06", "79.59"):
        assert secret not in text
    assert own["tie"] is own["field"] is None
    assert own["selected"] == "undecided"
    assert views.report("a3", "internal")["selected"] == "tied_at_cut"
    page = applicant.outcome(applicant.read(text)).html
    assert "为不显示其他参评对象的得分，不给出全体总分的统计。" in page
    assert "本单位是否列入拟选，由评审组织单位决定。" in page
    assert not re.search("另有|并列|同分", page)
    assert "<svg" not in page


def test_a_tie_is_told_where_all_totals_are_public(tmp_path: Path) -> None:
    """Two with the same total: only the list for publicity, or those who run the round, tell it."""
    sheet = [["30", "50"], ["30", "50"]]
    scores = {"a01": sheet, "a02": sheet, "a03": [["1", "2"], ["1", "2"]]}
    for public, seen in ((["rank"], None), (["rank", "total"], "shared")):
        views = Views(world(tmp_path, scores, public=public))
        assert views.applicant("a01")["tie"] == seen
        assert views.report("a01", "internal")["tie"] == "shared"


def test_what_is_public_is_told_exactly(tmp_path: Path) -> None:
    """Three totals on the list: least, quartiles and greatest tell nothing more."""
    scores = {a: [[p, "50"], [p, "50"]] for a, p in zip(IDS, ("10", "20", "37"), strict=False)}
    views = Views(world(tmp_path, scores, public=["total"]))
    expected = {"min": "60.00", "q1": "65.00", "median": "70.00", "q3": "78.50", "max": "87.00"}
    own = views.applicant("a01")
    assert own["field"] == expected
    assert own["dimensions"][0]["field"] is None  # of which nothing was declared
    assert Views(world(tmp_path, scores)).applicant("a01")["field"] is None
    whole = Views(world(tmp_path, scores)).report("a01", "internal")
    assert whole["field"] == whole["dimensions"][0]["field"] == expected


def test_a_larger_field_is_told_near_by(tmp_path: Path) -> None:
    """From eight on the median of an indicator, to a step of 2, as two experts give halves."""
    for n, seen in ((7, None), (8, {"median": "14", "step": "2"})):
        scores = {a: [[str(10 + k), "50"]] * 2 for k, a in enumerate(IDS[:n])}
        view = Views(world(tmp_path, scores)).applicant("a01")
        first, second = view["dimensions"][0]["indicators"]
        assert first["field"] == seen
        assert second["field"] == (seen and {"median": "50", "step": "2"})
        # the only dimension is the total, whose order is that of the ranks
        assert view["field"] is view["dimensions"][0]["field"] is None
    # 10 … 17: the median is 13.5
    page = applicant.indicators(applicant.read(canonical.dumps(view))).html
    assert "全体中位数约 14" in page
    assert "13.50" not in page


def test_whoever_declares_more_gets_it(tmp_path: Path) -> None:
    """``min_applicants`` still holds statistics back."""
    scores = {a: [[str(10 + k), "50"]] * 2 for k, a in enumerate(IDS[:8])}
    for least, seen in ((8, True), (9, False)):
        view = Views(world(tmp_path, scores, min_applicants=least)).applicant("a01")
        assert (view["dimensions"][0]["indicators"][0]["field"] is not None) == seen


def test_neither_words_nor_silence_leave_one_number() -> None:
    """All fields of eight on a small scale: whatever two of them know of themselves and are told or
    not told, each of the others may have any number.
    """
    grid, possible = range(10, 16), Range(0, 24, 1)
    left = defaultdict[Any, set[int]](set)
    for others in combinations_with_replacement(grid, 6):
        for two in combinations_with_replacement(grid, 2):
            found = told(np.array([*others, *two]), 8, possible)
            left[two, found and found.numbers["median"]] |= set(others)
    assert {said for _two, said in left} == {10, 15}  # a median up to 12 is near 10
    assert all(len(numbers) == len(grid) for numbers in left.values())


def test_steps_are_wide_beside_what_is_possible() -> None:
    """Numbers that lie far apart are told to a wider step, or not at all."""
    values = np.arange(8) * 100
    for apart, step in ((1, 20), (5, 20), (10, 50), (100, 500), (200, None)):
        found = told(values, 8, Range(0, 2000, apart))
        assert (found and found.step) == step
    assert told(values, 8, Range(0, 2000, 1)) == Told({"median": 360}, 20)  # 350, half up
    for some, hidden, possible in (
        (values[:7], 7, Range(0, 2000, 1)),
        (values, 2 * PART - 1, Range(0, 2000, 1)),
        (values, 8, None),
        (values[:0], 0, None),
    ):
        assert told(some, hidden, possible) is None
    assert told(np.array([7]), 0, None) == Told(
        {"min": 7, "q1": 7, "median": 7, "q3": 7, "max": 7}, 1
    )


def test_only_those_proposed_are_public(tmp_path: Path) -> None:
    """Totals on a list of two of three leave the third secret."""
    scores = {a: [[p, "50"], [p, "50"]] for a, p in zip(IDS, ("10", "20", "37"), strict=False)}
    found = world(tmp_path, scores, public=["total"])
    selection = Selection(places=2, tie_at_cut="all")
    rules = found.panel.rules.model_copy(update={"selection": selection})
    panel = found.panel.model_copy(update={"rules": rules})
    chosen = Views(evaluate(found.rubric, panel, found.facts))
    assert chosen.listed() == ["a02", "a03"]
    assert [row["name"] for row in chosen.public()["applicants"]] == ["对象a02", "对象a03"]
    assert chosen.applicant("a02")["field"] is None
    with pytest.raises(Refused, match="a01"):
        chosen.report("a01", "public")
