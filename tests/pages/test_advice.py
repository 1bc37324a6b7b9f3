"""The advisory part of the pages: what it says, that it names nobody, and that it stays legible."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evalkit.analysis import Line
from evalkit.analysis.agreement import agreement as agreements
from evalkit.analysis.sheets import sheets_of
from evalkit.disclosure import Views
from evalkit.evaluation import Results, evaluate
from evalkit.pages import advice, applicant, summary
from tests.support import builders
from tests.support.analyses import assigned, random_scores, round_of
from tests.support.builders import TRIMMED
from tests.support.pages_read import PAYLOADS, assert_inert, html_of, poisoned, text_of
from tests.support.views import panel as advised_panel
from tests.support.views import reported


@pytest.fixture(scope="module", name="demo")
def _demo() -> Results:
    """The demo round."""
    return evaluate(*builders.demo())


@pytest.fixture(scope="module", name="view")
def _view(demo: Results) -> dict[str, Any]:
    """The demo's summary with its analysis, eight places."""
    return advised_panel(demo, line=Line(places=8))


def advised(view: dict[str, Any]) -> str:
    """The three sections of the advice."""
    return "".join(f(view).html for f in (advice.stability, advice.agreement, advice.checks))


def test_the_summary_says_what_the_ranks_rest_on(view: dict[str, Any]) -> None:
    """First in words, then in pictures with their numbers beside them, then how it was done."""
    words = text_of(summary, view)
    parts = [
        "名次的稳定性（供参考）",
        "以下只供参考，不改变正式结果。",
        "换一批同类专家，前 8 名的名单基本不变。",
        "少任何一位专家，前 8 名的名单都不变。",
        "入围线：前 8 名",
        "81.72 — 87.88",
        "逐一算完全部 1716 种组合",
        "换一种算法、换一组权重时的名次",
        "专家评分的一致性（供参考）",
        "就总分而言，专家组平均分的可靠程度很好：ICC(2,k) 为 0.986",
        "90.3% 来自对象之间，6.1% 来自专家的宽严",
        "各专家的总分与居中总分的差",
        "评分核对提示（供参考）",
        "给 8.5 分，各专家的中位数是 11.5 分，明显偏低，请核对",
    ]
    at = [words.index(part) for part in parts]
    assert at == sorted(at)


def test_without_an_analysis_nothing_is_said(demo: Results) -> None:
    """A summary from `Results.for_panel` alone has the three sections empty."""
    for section in (summary.stability, summary.agreement, summary.checks):
        assert section(Views(demo).panel()).html == ""


def test_the_whole_in_english(demo: Results) -> None:
    """No Chinese but in names and numbers of the rubric."""
    view = advised_panel(demo, "en", line=Line(places=8))
    words = assert_inert(advised(view)).text
    for name in [a.name for a in demo.panel.applicants] + [e.name for e in demo.panel.experts]:
        words = words.replace(name, "")
    for column in view["columns"]:
        words = words.replace(column["name"], "")
    assert not re.findall(r"[\u4e00-\u9fff]+", words)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_names_are_shown_as_text(view: dict[str, Any], payload: str) -> None:
    """In tables, sentences and figures."""
    bad = poisoned(view, payload)
    assert assert_inert(advised(bad)).text.count(re.sub(r"\s+", " ", payload)) > 60


def test_the_applicant_reads_one_sentence(demo: Results) -> None:
    """Its own ranks without any one expert: no expert, nobody else, no other number."""
    view = reported(demo).applicant("c01")
    words = text_of(applicant, view)
    said = "少任何一位专家的评分，本单位的名次在第 4 至第 5 名之间。"
    assert said in words
    assert (
        words.replace(said, "").split() == text_of(applicant, Views(demo).applicant("c01")).split()
    )
    same = text_of(applicant, reported(demo).applicant("c03"))
    assert "少任何一位专家的评分，本单位的名次都不变。" in same


def test_the_applicant_reads_nothing_where_few_scored(tmp_path: Path) -> None:
    """Fewer experts than declared: the sentence is left out."""
    rules = {"disclosure": {"min_experts": 3, "min_applicants": 1}}
    results = round_of(tmp_path, random_scores(1, 3, 2), rules)
    assert "任何一位专家" not in text_of(applicant, reported(results).applicant("a"))


def wide(folder: Path, n: int) -> dict[str, Any]:
    """The summary of ``n`` applicants scored by five experts, a third of them inside."""
    from tests.support.builders import frame, load, panel_data, rubric_data

    ids = [f"a{k:03}" for k in range(n)]
    rubric, panel = load(
        folder, rubric_data([10, 10]), panel_data(5, ids, {"aggregation": TRIMMED})
    )
    x = random_scores(n, n, 5)
    rows = [
        (a, f"e{e + 1}", f"i{c + 1}", f"{x[k, e, c]:g}", "")
        for k, a in enumerate(ids) for e in range(5) for c in range(2)
    ]  # fmt: skip
    from evalkit.facts.tidy import from_frame

    results = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    return advised_panel(results, line=Line(places=n // 3))


@pytest.mark.parametrize(("n", "shown"), [(3, 3), (24, 24), (300, 40)])
def test_many_applicants_become_a_window_around_the_line(
    tmp_path: Path, n: int, shown: int
) -> None:
    """300 applicants, 100 places: the rows from 81 to 120, and the rest in a sentence."""
    view = wide(tmp_path, n)
    assert len(view["analysis"]["rows"]) == len(view["analysis"]["heat"]["rows"]) == shown
    html = advice.stability(view).html
    assert html.count("<tr><td") == 2 * shown
    assert len(html) < 8_000 + 2_600 * shown
    words = assert_inert(html).text
    assert ("其余 260 个的名次变动范围" in words) == (n == 300)
    if n == 300:
        ranks = [row["rank"] for row in view["analysis"]["rows"]]
        assert ranks == sorted(ranks)
        assert ranks[0] >= 75  # around the line behind rank 100
        assert ranks[-1] <= 125
        assert "这里列出离入围线最近的 40 个" in words


def test_a_window_stays_within_the_field(tmp_path: Path) -> None:
    """Without a line it starts at the top."""
    results = round_of(tmp_path, random_scores(2, 5, 3))
    assert advised_panel(results)["analysis"]["rows"][0]["rank"] == 1
    assert "进入前" not in html_of(summary, advised_panel(results))


def test_reasons_that_hold_throughout_are_said_once(tmp_path: Path) -> None:
    """Experts differ by applicant: one sentence, not one for each indicator."""
    ring = {a: [(n + d) % 6 + 1 for d in range(3)] for n, a in enumerate("abcdef")}
    view = advised_panel(assigned(tmp_path, ring, 6))
    words = assert_inert(advice.agreement(view).html).text
    assert words.count("ICC 用单向模型") == 1
    assert "单独一位专家 ICC(1,1)" in words
    assert "6 个对象，平均各有 3 张评分表" in words


def test_everybody_equal_has_a_page(tmp_path: Path) -> None:
    """All scores the same: pages with reasons, no nan and no None."""
    view = advised_panel(round_of(tmp_path, np.full((4, 3, 2), 8.0)), line=Line(places=2))
    html = html_of(summary, view)
    assert not re.search(r"\b(nan|None|inf)\b", html)
    assert "所有评分都相同，一致性系数没有定义" in html


def test_names_of_lists_are_kept_short(tmp_path: Path) -> None:
    """Few changes are listed by name; many are counted."""
    scores = np.array([[[8.0], [8.0], [2.0]], [[7.0], [7.0], [9.0]]])
    few = advised_panel(round_of(tmp_path, scores), line=Line(places=1))
    assert "如果没有专家3：进入名单 对象a，退出名单 对象b。" in text_of(summary, few)
    many = wide(tmp_path, 300)
    words = assert_inert(advice.stability(many).html).text
    assert re.search(r"有 \d+ 位专家，少其中任何一位，前 100 名的名单都会变", words)
    assert re.search(r"不能肯定的有 \d+ 个，见下表", words)


UNRELIABLE = {
    "(2,k) is not defined": ([[4, 2], [0, 4], [2, 0]], "对象之间的差异不大于专家之间的分歧"),
    "nor has it ends": ([[1, 4, 2, 4], [2, 3, 4, 0]], "对象之间的差异不大于专家之间的分歧"),
    "a low end is missing": ([[3, 2], [0, 1], [3, 1]], "有的组内相关系数算不出区间"),
    "applicants do not differ": ([[8, 6], [6, 8], [7, 7]], "各对象的平均分都相同"),
}


@pytest.mark.parametrize(("scores", "reason"), UNRELIABLE.values(), ids=UNRELIABLE)
def test_a_missing_icc_is_said_in_words(
    tmp_path: Path, scores: list[list[float]], reason: str
) -> None:
    """The summary says why there is no number, and prints neither None nor an impossible one."""
    view = advised_panel(round_of(tmp_path, np.array(scores, dtype=float)[..., None]))
    assert reason in text_of(summary, view)
    assert not re.search(r"\b(nan|None|inf)\b", html_of(summary, view))


@pytest.mark.parametrize("tables", [100, pytest.param(2_000, marks=pytest.mark.soak)])
def test_every_small_table_has_its_section(tmp_path: Path, tables: int) -> None:
    """Random tables: each form has a number within its ends or a reason, and a page."""
    rng = np.random.default_rng(1)
    for n, k in product(range(2, 6), range(2, 5)):
        results = round_of(tmp_path, random_scores(n, n, k, 1))
        view, sheets = advised_panel(results), sheets_of(results)
        for _ in range(tables // 12 + 1):
            x = rng.integers(0, rng.integers(2, 11), (n, k)).astype(float)
            rows = agreements(results, replace(sheets, points=x[..., None], totals=x))
            for row in rows:
                row["reasons"] = [reason.render("zh") for reason in row["reasons"]]
                assert complete(row)
            own = {**view, "analysis": {**view["analysis"], "agreement": rows}}
            assert not re.search(r"\b(nan|None|inf)\b", advice.agreement(own).html)


def complete(row: dict[str, Any]) -> bool:
    """Whether the numbers of a row are possible, and missing only with a reason."""
    numbers = [[one[end] for end in ("low", "value", "high")] for one in row["icc"]]
    for known in ([Decimal(x) for x in own if x is not None] for own in numbers):
        assert known == sorted(known)
        assert all(x <= 1 for x in known)
    missing = not numbers or any(None in own for own in numbers)
    return bool(row["reasons"]) or not missing
