"""Reports: what they say, that nothing in them acts, and that they are always the same bytes."""

from __future__ import annotations

import ast
import base64
import dataclasses
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jinja2 import Environment

from evalkit.base import resources, terms, text
from evalkit.base.canonical import dumps
from evalkit.base.errors import InputError
from evalkit.disclosure import Views, overview
from evalkit.disclosure import applicant as disclosure
from evalkit.evaluation import Results, evaluate
from evalkit.facts.columns import Basis
from evalkit.facts.tidy import from_frame
from evalkit.pages import applicant, page, summary, wording
from evalkit.pages.derivation import derivation
from evalkit.pages.style import TEMPLATES, sheet
from evalkit.panel import explain
from evalkit.reports import make, produce
from evalkit.round import open_round
from tests.support import builders
from tests.support.builders import ROOT, TRIMMED, frame, load, panel_data, rubric_data
from tests.support.pages_read import (
    APPLICANT,
    NOTEBOOKS,
    PAYLOADS,
    SUMMARY,
    Page,
    assert_inert,
    cell,
    cells,
    html_of,
    poisoned,
    sections,
    text_of,
)
from tests.support.views import advised, reported
from tests.support.views import panel as advised_panel


def notebook_of(outputs: list[dict[str, Any]], file: Path) -> Path:
    """An executed notebook with ``outputs``, made without a kernel."""
    cells = [nbformat.v4.new_code_cell("x", id="c0", outputs=outputs)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    return file


@pytest.fixture(scope="module")
def results() -> Results:
    """The demo round."""
    return evaluate(*builders.demo())


@pytest.fixture(scope="module")
def produced(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of c03 and the summary, as papermill and nbconvert made them."""
    out = tmp_path_factory.mktemp("reports")
    produce.produce_report(reported(results), "c03", out)
    produce.produce_summary(advised(results), out)
    return out


def small(
    folder: Path, rows: list[tuple[str, ...]], rules: Any = None, *, experts: int = 3, **more: Any
) -> Results:
    """A round of applicants a, b over one indicator i1 of 10 points, and a bonus."""
    chosen = {"bonus": {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"}}
    rubric, panel = load(
        folder,
        rubric_data([10], bonus=True),
        panel_data(experts, more.pop("applicants", ["a", "b"]), {**chosen, **(rules or {})}),
    )
    return evaluate(rubric, panel, from_frame(frame(rows), rubric, panel), **more)


def scored(applicant_id: str, *points: str, indicator: str = "i1") -> list[tuple[str, ...]]:
    """Rows of the tidy table, an expert each; a word in place of points comes with a reason."""
    return [
        (applicant_id, f"e{n}", indicator, p, "理由" if p.isalpha() else "")
        for n, p in enumerate(points, 1)
    ]


# What the report says


def test_the_report_says_who_what_and_how(results: Results) -> None:
    """Name, total, rank, base and bonus, indicators, rules and provenance, in this order."""
    words = text_of(applicant, Views(results).applicant("c03"))
    parts = [
        "2025年度省人工智能行业赋能中心评价（演示）",
        "示例科研智算赋能中心",
        "牵头单位示例科研院（虚构）",
        "共建单位示例大学甲（虚构）、示例超算中心（虚构）",
        "总分97.60",
        "第 1 名 / 共 24 个",
        "87.60 / 100",
        "10.00 / 10",
        "中位数 78.57",
        "本单位比中位数高 19.03 分。",
        "1.1 承担重大项目",
        "7 个评分，去掉最高 4.5 和最低 4.5，其余 5 个之和 22.5 ÷ 5 = 4.50。",
        "入选国家级开放创新平台试点（示例）",
        # 11 + 11.5 + 12 + 12 + 12.5 = 59
        "59 ÷ 5 = 11.80，超过上限，按 10.00 分计。",
        "逐项指标去掉 1 个最高分、1 个最低分",
        "关于开展2025年度省人工智能行业赋能中心评价工作的通知",
        "附件4-1",
        results.digest,
        results.panel.digest,
        results.rubric.digest,
        "对结果有异议的，可凭本报告的结果摘要值申请复核。",
    ]
    at = [words.index(part) for part in parts]
    assert at == sorted(at)


def test_guidance_is_quoted_to_the_letter(results: Results) -> None:
    """Every indicator's guidance stands in the report as published."""
    words = text_of(applicant, Views(results).applicant("c13"))
    for indicator in results.rubric.indicators:
        assert indicator.guidance in words


def test_dropped_scores_are_struck(results: Results) -> None:
    """The dropped lowest comes first and the dropped highest last, both struck through."""
    html = html_of(applicant, Views(results).applicant("c03"))
    assert "<del>9</del> 9 9 9 9.5 9.5 <del>9.5</del>" in html


def test_recusals_and_conflicts_are_said_without_names(results: Results) -> None:
    """c05 has a recusal on one indicator; c11 a conflict, said once, and an unscored indicator."""
    assert text_of(applicant, Views(results).applicant("c05")).count("1 位专家回避本项。") == 1
    words = text_of(applicant, Views(results).applicant("c11"))
    assert words.count("1 位专家因利益冲突未参加对本单位的评分。") == 1
    assert words.count("1 位专家注明理由不评本项。") == 1


def test_the_applicant_learns_of_nobody_else(results: Results) -> None:
    """No expert, employer, reason or other applicant stands in a report."""
    words = html_of(applicant, Views(results).applicant("c11"))
    others = {a.name for a in results.panel.applicants if a.id != "c11"}
    experts = {part for e in results.panel.experts for part in (e.name, e.employer)}
    assert [name for name in others | experts if name in words] == []
    assert "培训佐证材料缺页" not in words
    assert "曾任该单位顾问" not in words


def test_a_conflict_is_named_once(results: Results) -> None:
    """On the internal report above the indicators, not again at each of twelve."""
    words = html_of(applicant, Views(results).report("c11", "internal"))
    assert words.count("曾任该单位顾问") == 1
    assert "专家戊：曾任该单位顾问。" in words
    assert words.count("专家甲") == 12


@pytest.mark.parametrize(
    ("id", "why"),
    [
        ("a4", "不满足下列准入条件，因此没有名次："),
        ("a5", "是否满足下列准入条件尚不清楚，因此没有名次："),
    ],
)
def test_who_has_no_rank_reads_that_first(id: str, why: str) -> None:
    """In front of a total that is no larger than the rest, with the verdict as it is."""
    own = Views(open_round("anhui-application-demo").results()).applicant(id)
    html = html_of(applicant, own)
    assert why in html
    assert html.index("未排名") < html.index(own["total"])
    assert 'class="total"' not in html
    ranked = Views(open_round("anhui-application-demo").results()).applicant("a3")
    assert 'class="total"' in html_of(applicant, ranked)


def test_both_verdicts_in_one_sentence() -> None:
    """One condition failed, another is unclear."""
    assert str(wording.unmet({"fail", "unknown"})).startswith("不满足下列准入条件，或是否满足尚不")


def test_claims_out_of_scope_and_no_claims(results: Results) -> None:
    """A provincial claim in a national round, and an applicant without claims."""
    words = text_of(applicant, Views(results).applicant("c09"))
    assert "不在本轮的加分范围，不计分" in words
    assert "申报的成果都不在本轮的加分范围，加分为 0 分。" in words
    assert "没有申报加分成果，加分为 0 分。" in text_of(applicant, Views(results).applicant("c13"))


def test_a_rubric_without_bonus_has_no_bonus_section(tmp_path: Path) -> None:
    """Nothing is said about what does not exist."""
    rubric, panel = load(tmp_path, rubric_data([10]), panel_data(1, ["a"]))
    facts = from_frame(frame(scored("a", "8")), rubric, panel)
    words = text_of(applicant, Views(evaluate(rubric, panel, facts)).applicant("a"))
    assert "加分" not in words.replace("不含加分", "")


@pytest.mark.parametrize(
    ("basis", "trial", "said"),
    [
        (Basis("table"), False, "依据评分表计算，未经本系统锁定"),
        (Basis("log"), True, "试算，不作为正式结果"),
    ],
)
@pytest.mark.parametrize("module", [applicant, summary])
def test_every_section_is_marked(
    results: Results, module: Any, basis: Basis, trial: bool, said: str
) -> None:
    """What is not an official result says so in every section."""
    facts = dataclasses.replace(results.facts, basis=basis)
    found = evaluate(results.rubric, results.panel, facts, trial=trial)
    view = reported(found).applicant("c05")
    if module is summary:
        view = advised_panel(found)
    shown = [section for section in sections(module, view) if section.html]
    assert len(shown) > 5
    for section in shown:
        assert f'<p class="mark">{said}</p>' in section.html
        assert f'class="{view["status"]}' in section.html


def test_an_official_report_shows_the_lock(results: Results) -> None:
    """The time of the lock is Beijing time; the root of the record stands beside the digest."""
    basis = Basis("log", "2026-01-26T09:30:00Z", "secretary", "ab" * 32)
    found = evaluate(results.rubric, results.panel, dataclasses.replace(results.facts, basis=basis))
    html = html_of(applicant, Views(found).applicant("c03"))
    words = assert_inert(html).text
    assert 'class="mark"' not in html
    assert "2026年1月26日 17:30（北京时间）" in words
    assert "ab" * 32 in words


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2026-01-26T17:30:00+08:00", "2026年1月26日 17:30（北京时间）"),
        ("2026-01-26T09:30:05Z", "2026年1月26日 17:30:05（北京时间）"),
        ("2025-12-31T18:00:00+01:00", "2026年1月1日 01:00（北京时间）"),
    ],
)
def test_times_are_beijing_time(iso: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The zone of the machine plays no part."""
    monkeypatch.setenv("TZ", "America/New_York")
    assert terms.instant(iso).render() == said


def test_english_dates_and_sentences() -> None:
    """Days have two digits as in ISO 8601, and no capital stands inside a sentence."""
    assert terms.day("2026-01-06").render("en") == "2026-01-06"
    assert terms.instant("2026-01-06T09:30:00+08:00").render("en") == (
        "2026-01-06 09:30 (Beijing time)"
    )
    measured = {"value": "166", "unit": "PFLOPS", "method": "target_ratio"}
    own = {"measured": {**measured, "points": "6.23", "of": "7.5"}, "n": 0}
    found = derivation({**own, "points": "6.23", "max": "10"}, DECLARED)
    assert found.render("en") == (
        "measured value 166 PFLOPS, by ratio to a target, capped: 6.23 points (of 7.5 points)."
    )


def test_the_keys_of_ties_stand_inside_a_sentence(tmp_path: Path) -> None:
    """The sentence on ties names what is compared, in lower case."""
    bonus = {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"}
    rules = {"ties": ["base", "bonus"], "bonus": bonus}
    rubric, panel = load(tmp_path, rubric_data((5,), bonus=True), panel_data(1, ["A"], rules))
    english = [sentence.render("en") for sentence in explain.rules(rubric, panel)]
    (ties,) = [sentence for sentence in english if "in turn" in sentence]
    assert "compared in turn: points without bonus, bonus points; applicants" in ties


# How numbers came about

DECLARED: dict[str, Any] = {
    "aggregation": {"method": "trimmed_mean", "level": "indicator", "min_n": 5},
    "bonus": {"recognised_by": "experts", "cap_stage": "aggregate"},
    "disclosure": {"min_experts": 3},
    "rounding": {"mode": "half_up", "stage": "indicator", "places": 2},
}


DERIVATIONS = [
    # 8 + 8 + 8 + 8.5 + 9 = 41.5
    (
        cell("8.30", "41.5", 5, ["8", "8", "8", "8.5", "9", "-7", "+9.5"]),
        {},
        "7 个评分，去掉最高 9.5 和最低 7，其余 5 个之和 41.5 ÷ 5 = 8.30。",
    ),
    (cell("7.75", "31", 4, ["7", "8", "8", "8"]), {}, "4 个评分之和 31 ÷ 4 = 7.75。"),
    # 13 / 3 = 4.333…
    (cell("4.33", "13", 3, ["4", "4.5", "4.5"]), {}, "3 个评分之和 13 ÷ 3 ≈ 4.33。"),
    # 17.225 rounds half up
    (cell("17.23", "34.45", 2, ["17", "17.45"]), {}, "2 个评分之和 34.45 ÷ 2 ≈ 17.23。"),
    (
        cell("8.00", "16", 2, ["8", "8", "+9", "+9.5"]),
        {},
        "4 个评分，去掉最高 9、9.5，其余 2 个之和 16 ÷ 2 = 8.00。",
    ),
    (
        cell("8.00", "16", 2, ["8", "8", "-1"]),
        {},
        "3 个评分，去掉最低 1，其余 2 个之和 16 ÷ 2 = 8.00。",
    ),
    (
        cell("8.00", "16", 2, ["8", "8", "x3"]),
        {},
        "3 个评分，不计 3，其余 2 个之和 16 ÷ 2 = 8.00。",
    ),
    (
        cell("8.00", "8", 1, ["8", "-6", "+9", "x3"]),
        {"aggregation": {"method": "trimmed_mean", "level": "total"}},
        "4 个评分，不计总分最高、最低的评分表（本项为 9、6），不计 3，其余 1 个之和 8 ÷ 1 = 8.00。",
    ),
    (cell("8.50", "17", 2, None), {}, "计入的 2 个评分之和 17 ÷ 2 = 8.50。"),
    (cell(None, "0", 0), {}, "没有可计入的评分，本项没有得分；没有得分不等于 0 分。"),
    # 59 / 5 = 11.8, more than the cap of 10
    (
        cell("10.00", "59", 5, ["11", "11.5", "12", "12", "12.5"], flags=["capped"], items=[1]),
        {},
        "5 个评分之和 59 ÷ 5 = 11.80，超过上限，按 10.00 分计。",
    ),
    # capped first: 10 + 10 + 8 = 28
    (
        cell("9.33", "28", 3, ["12", "10", "8"], items=[1]),
        {"bonus": {"recognised_by": "experts", "cap_stage": "expert"}},
        "3 个评分之和 28 ÷ 3 ≈ 9.33。",
    ),
    (
        cell("2.50", "2.5", 0, items=[1]),
        {"bonus": {"recognised_by": "panel", "cap_stage": "aggregate"}},
        "由专家组统一认定，计 2.50 分。",
    ),
    (
        cell(None, "0", 0, items=[1]),
        {"bonus": {"recognised_by": "panel", "cap_stage": "aggregate"}},
        "专家组尚未认定。",
    ),
]


@pytest.mark.parametrize(("column", "rules", "said"), DERIVATIONS)
def test_arithmetic_in_words(column: Any, rules: Any, said: str) -> None:
    """The sentence can be checked with pencil and paper."""
    found = derivation(column, {**DECLARED, **rules}).render()
    assert found.replace("\N{NO-BREAK SPACE}", " ") == said


NOTES = [
    ({"left_out": ["recused", "recused", "unscored"]}, {}, ["2 位专家回避", "1 位专家注明理由"]),
    ({"left_out": ["conflict"]}, {}, []),
    ({"left_out": ["missing"]}, {}, ["1 位专家漏评本项。"]),
    ({"flags": ["not_trimmed"]}, {}, ["有效评分不足 5 个"]),
    ({"flags": ["experts_excluded"]}, {}, ["对本单位其他指标回避的专家"]),
    (
        {"flags": ["experts_excluded"]},
        {"aggregation": {"method": "trimmed_mean", "level": "total", "min_n": 5}},
        ["所在评分表不齐全"],
    ),
    ({"scores": None, "n": 2, "hidden": "few"}, {}, ["评分不足 3 个，按规则不列出各评分和评语。"]),
    ({"scores": None, "hidden": "weights"}, {}, []),
    (
        {"scores": [{"points": "12", "use": "counted"}], "items": []},
        {"bonus": {"recognised_by": "experts", "cap_stage": "expert"}},
        ["每位专家的加分先以 10 分封顶，再汇总。"],
    ),
]


@pytest.mark.parametrize(("changed", "rules", "said"), NOTES)
def test_notes(changed: Any, rules: Any, said: list[str]) -> None:
    """Each circumstance has its sentence, and an ordinary number has none."""
    column = {**cell("8.00", "8", 1, ["8"]), **changed}
    found = [note.render() for note in wording.notes(column, {**DECLARED, **rules})]
    assert len(found) == len(said)
    assert all(start in sentence for start, sentence in zip(said, found, strict=True))


def test_scores_hidden_by_rule(tmp_path: Path) -> None:
    """With fewer scores than the rules ask for none is listed, and the report says why."""
    rules = {"disclosure": {"min_experts": 4, "min_applicants": 1}}
    found = small(tmp_path, [*scored("a", "9", "9", "6"), *scored("b", "1", "1", "1")], rules)
    html = html_of(applicant, Views(found).applicant("a"))
    assert "评分不足 4 个" in html
    assert 'class="scores"' not in html
    assert "个评分的分布" not in html


def test_a_bonus_that_the_panel_decided(tmp_path: Path) -> None:
    """One decision of the whole panel is no single expert's score: it is shown."""
    claim = {"id": "n1", "title": "成果", "level": "national", "evidence": "佐证-01"}
    rules = {
        "bonus": {"recognised_by": "panel", "scope": "national", "cap_stage": "aggregate"},
        "disclosure": {"min_experts": 3, "min_applicants": 1},
    }
    applicants = [{"id": "a", "name": "甲", "lead": "乙", "claims": [claim]}]
    rows = [*scored("a", "9", "9", "9"), ("a", "panel", "bonus.n1", "2.5", "")]
    found = small(tmp_path, rows, rules, applicants=applicants)
    words = text_of(applicant, Views(found).applicant("a"))
    assert "专家组统一认定 2.5 分" in words
    assert "由专家组统一认定，计 2.50 分。" in words
    undecided = small(tmp_path, rows[:3], rules, applicants=applicants, trial=True)
    assert "专家组尚未认定" in text_of(applicant, Views(undecided).applicant("a"))


# What is missing


def test_missing_values_are_words(tmp_path: Path) -> None:
    """Nobody scored a: no total, no rank, no zero and no nan; the summary shows dashes."""
    rows = [*scored("a", "unscored", "unscored", "unscored"), *scored("b", "8", "8", "9")]
    found = small(tmp_path, rows)
    view = Views(found).applicant("a")
    html = html_of(applicant, view)
    words = assert_inert(html).text
    for said in ("总分无", "未排名", "“指标1”没有得分，因此没有总分和名次", "无得分 / 10"):
        assert said in words
    assert not re.search(r"\b(nan|NaN|None|inf)\b", html)
    assert "0.00" not in html_of(applicant, {**view, "bonuses": []})
    table = html_of(summary, Views(found).panel())
    assert re.search(r'<td class="n">—</td><th scope="row">对象a</th>', table)
    assert "对象a：“指标1”没有得分" in table


def test_too_few_applicants_for_a_field(tmp_path: Path) -> None:
    """The field is left out with a sentence; no figure and no column stands in for it."""
    rules = {"disclosure": {"min_experts": 1, "min_applicants": 1}}
    found = small(tmp_path, [*scored("a", "9", "9", "9"), *scored("b", "1", "1", "1")], rules)
    words = text_of(applicant, Views(found).applicant("a"))
    assert "为不显示其他参评对象的得分，不给出全体总分的统计。" in words
    assert "全体中位数" not in words
    assert "第 1 名 / 共 2 个" in words


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("{", "不是 JSON"),
        ("[]", "未注明"),
        ('{"format": "evalkit-other/1"}', "evalkit-other/1"),
        ('{"format": "evalkit-applicant/1", "language": "fr"}', "language"),
    ],
)
def test_a_wrong_result_is_refused(result: str, said: str) -> None:
    """The message says what was found and what is expected."""
    with pytest.raises(InputError, match=said):
        applicant.read(result)
    with pytest.raises(InputError):
        summary.read(result)


def test_formats_are_those_of_the_results() -> None:
    """The reports do not import what makes the results, so the names are compared here."""
    assert applicant.FORMAT == disclosure.APPLICANT_FORMAT
    assert summary.FORMAT == overview.PANEL_FORMAT


# Nothing acts


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_shown_as_text(results: Results, payload: str) -> None:
    """In every name, claim, comment, evidence and reason, the payload is read and does nothing."""
    shown = re.sub(r"\s+", " ", payload)
    report = text_of(applicant, poisoned(Views(results).applicant("c03"), payload))
    assert report.count(shown) > 60
    table = text_of(summary, poisoned(Views(results).panel(), payload))
    assert table.count(shown) > 60


def test_hostile_text_through_the_whole_way(tmp_path: Path) -> None:
    """The same through tidy table, results, papermill and nbconvert, title included."""
    everything = " ".join(PAYLOADS)
    claim = {"id": "n1", "title": everything, "level": "national", "evidence": everything}
    hostile = {
        "id": "a",
        "name": everything,
        "lead": everything,
        "partners": [everything],
        "city": everything,
        "department": everything,
        "claims": [claim],
    }
    rows = [("a", "e1", "i1", "8", everything), ("a", "e1", "bonus.n1", "2", everything)]
    found = small(tmp_path, rows, experts=1, applicants=[hostile])
    html = produce.produce_report(reported(found), "a", tmp_path / "{out}").read_text("utf-8")
    shown = assert_inert(html)
    # title, h1, lead, partner, city, department, comment, claim, its evidence and comment
    assert shown.text.count(everything) == 10


def test_the_page_stands_alone(produced: Path) -> None:
    """One style sheet whose hash the policy names, a language, a title, no script, no address."""
    for name, title in (
        ("c03", "示例科研智算赋能中心 评审结果报告"),
        ("summary", "2025年度省人工智能行业赋能中心评价（演示） 评分汇总表"),
    ):
        html = (produced / f"{name}.html").read_text("utf-8")
        found = assert_inert(html)
        digest = hashlib.sha256("".join(found.styles).encode()).digest()
        policy = next(a for t, a in found.elements if t == "meta" and "http-equiv" in a)
        assert policy["content"] == (
            f"default-src 'none'; style-src 'sha256-{base64.b64encode(digest).decode()}'; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        )
        assert [tag for tag, _ in found.elements].count("style") == 1
        assert found.elements[0] == ("html", {"lang": "zh-CN"})
        assert f"<title>{title}</title>" in html
        assert html.startswith("<!DOCTYPE html>")
        assert len(html.encode()) <= {"c03": 40_000, "summary": 120_000}[name]


def test_a_report_compiles_nothing_once_it_is_warm(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it is filled into, and all that is included, was compiled for all reports."""
    page.environment.cache_clear()
    applicant.warm()
    monkeypatch.setattr(Environment, "compile", None)
    for level in ("internal", "applicant", "public"):
        report = applicant.read(dumps(reported(results).report("c03", level, "zh")))
        shown = applicant.heading, applicant.outcome, applicant.dimensions, applicant.indicators
        for section in (*shown, applicant.adjustments, applicant.rules, applicant.provenance):
            section(report)


def test_a_page_carries_only_the_rules_it_needs() -> None:
    """A rule stays where one of its selectors can match; elements always stay, in their order."""
    whole = (TEMPLATES / "evalkit" / "style.css").read_text("utf-8")
    none, some = sheet(frozenset()), sheet(frozenset({"bar", "glance", "trial"}))
    assert len(none) < len(some) < len(whole)
    for kept in (
        "h1{",
        ":root{",
        "@media print{",
        ".bar :first",
        ".glance :is(th,td){",
        "article p",
    ):
        assert kept in some
    for gone in (".wide th", ".scores", ".trial .mark", ".facts{", ".outcome{"):
        assert gone not in some
    assert "main,main:has(.wide){" in none  # main alone matches
    lines = whole.splitlines()
    assert [line for line in lines if line in some.splitlines()] == some.splitlines()
    everything = frozenset(re.findall(r"\.([a-z]+)", whole))
    assert sheet(everything) == whole


@pytest.mark.parametrize(("words", "most"), [("", 25_000), ("评" * 50, 40_000)])
def test_pages_are_small(results: Results, tmp_path: Path, words: str, most: int) -> None:
    """7 experts, 13 indicators: 25 kB without comments, 40 kB with one of 50 words in each cell."""
    facts = results.facts
    seats, columns = range(facts.seats.shape[1]), facts.columns[:13]
    a = facts.applicants.index("c13")
    texts = {(a, s, c): f"{s}{c}"[:2] + words for s in seats for c in columns if words}
    basis = Basis("log", "2026-01-26T09:30:00Z", "secretary", "ab" * 32)
    official = dataclasses.replace(facts, texts=texts, basis=basis)
    found = evaluate(results.rubric, results.panel, official)
    page = produce.produce_report(reported(found), "c13", tmp_path)
    size = page.stat().st_size
    print(f"{len(texts)} comments of {len(words)} characters: {size / 1000:.1f} kB")
    assert size <= most


def test_the_template_shows_outputs_and_nothing_else(tmp_path: Path) -> None:
    """text/html as it is; plain text, streams and errors escaped; no code, no prompt."""
    new = nbformat.v4.new_output
    outputs = [
        new("stream", name="stdout", text="a<b>\x1b[31mred\x1b[0m"),
        new("execute_result", data={"text/plain": "<plain>"}, execution_count=7),
        new("display_data", data={"text/html": "<p>html</p>", "text/plain": "other"}),
        new("error", ename="E", evalue="v", traceback=["\x1b[31m<E>\x1b[0m", "v"]),
    ]
    html = make.convert(nbformat.read(notebook_of(outputs, tmp_path / "n.ipynb"), as_version=4))
    body = html[html.index("<main>") : html.index("</main>")]
    assert body.split("\n")[1:-1] == [
        "<pre>a&lt;b&gt;red</pre>",
        "<pre>&lt;plain&gt;</pre>",
        "<p>html</p>",
        "<pre>&lt;E&gt;",
        "v</pre>",
    ]
    assert "<title>Notebook</title>" in html


def events(html: str) -> tuple[list[Any], str]:
    """A page as elements and words, whatever the spelling of its tags and references."""
    found = Page(html)
    return [(t, sorted(a.items())) for t, a in found.elements], "".join(found.words).strip()


@pytest.mark.processes
def test_the_template_works_with_the_stock_command(produced: Path, tmp_path: Path) -> None:
    """``jupyter nbconvert --template evalkit`` makes the same page of the executed notebook."""
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--template", "evalkit"]
    command += [f"--TemplateExporter.extra_template_basedirs={TEMPLATES}"]
    command += [f"--output-dir={tmp_path}", "--log-level=ERROR", str(produced / "c03.ipynb")]
    subprocess.run(command, check=True)
    stock = (tmp_path / "c03.html").read_text("utf-8")
    assert events(stock) == events((produced / "c03.html").read_text("utf-8"))
    assert assert_inert(stock).styles == Page((produced / "c03.html").read_text("utf-8")).styles


# Always the same, and whole or not at all


@pytest.mark.processes
def test_two_runs_give_the_same_bytes(
    results: Results, produced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notebook and page, on papermill's own engine, in another zone, folder and hash seed."""
    for name, value in {"TZ": "Asia/Kolkata", "PYTHONHASHSEED": "7", "LANG": "de_DE"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    produce.produce_report(reported(results), "c03", Path("again"), engine="stock")
    for name in ("c03.html", "c03.ipynb"):
        assert (tmp_path / "again" / name).read_bytes() == (produced / name).read_bytes()


def test_the_executed_notebook_names_no_path_and_no_time(produced: Path) -> None:
    """What papermill notes about the machine is not kept; the rest of the notebook is valid."""
    content = (produced / "c03.ipynb").read_text("utf-8")
    nbformat.validate(nbformat.reads(content, as_version=4))
    ran = json.loads(content)["metadata"]["papermill"]
    assert (ran["input_path"], ran["output_path"]) == ("applicant_report.ipynb", "c03.ipynb")
    assert not [key for key in ran if "time" in key or "duration" in key or "version" in key]
    assert json.loads(content)["metadata"]["language_info"] == {"name": "python"}
    assert str(produced) not in content
    assert str(ROOT) not in content


def test_nothing_else_is_left_behind(produced: Path) -> None:
    """Two files for each report; working files are gone."""
    names = sorted(p.name for p in produced.iterdir())
    assert names == ["c03.html", "c03.ipynb", "summary.html", "summary.ipynb"]


def test_a_broken_conversion_leaves_what_was_there(
    results: Results, produced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are put in place only when both are whole."""
    (tmp_path / "c03.html").write_bytes((produced / "c03.html").read_bytes())

    def fail(notebook: Any) -> str:
        raise OSError(notebook.metadata.papermill.output_path)

    monkeypatch.setattr(make, "convert", fail)
    with pytest.raises(OSError, match="c03"):
        produce.produce_report(reported(results), "c03", tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["c03.html"]


@pytest.mark.parametrize(
    ("code", "said"), [("1 / 0", "ZeroDivisionError"), ("import os; os._exit(1)", "died")]
)
def test_a_failing_notebook_is_kept(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    """The notebook lies there with its error, an older page is gone, the error names who."""
    source = nbformat.read(NOTEBOOKS / "applicant_report.ipynb", as_version=4)
    source.cells[-1].source = code
    nbformat.write(source, tmp_path / "applicant_report.ipynb")
    monkeypatch.setattr(resources, "path", lambda _kind, name: tmp_path / name)
    out = tmp_path / "out"
    out.mkdir()
    (out / "c05.html").write_text("old", "utf-8")
    with pytest.raises(produce.ReportError, match=f"示例智慧农业赋能中心（c05）.*{said}"):
        produce.produce_report(reported(results), "c05", out)
    assert [p.name for p in out.iterdir()] == ["c05.ipynb"]
    assert code in (out / "c05.ipynb").read_text("utf-8")


def test_nothing_is_printed(
    results: Results, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Jupyter is quiet."""
    produce.produce_report(reported(results), "c13", tmp_path)
    assert capfd.readouterr() == ("", "")


def test_an_unknown_applicant(results: Results, tmp_path: Path) -> None:
    """Nothing is written for somebody who does not exist."""
    with pytest.raises(InputError, match="c99"):
        produce.produce_report(reported(results), "c99", tmp_path)
    assert list(tmp_path.iterdir()) == []


# Languages


class Catalogue:
    """A catalogue that knows two messages."""

    known = {  # noqa: RUF012
        "总分": "Total",
        "第 {rank} 名 / 共 {ranked} 个": "Rank {rank} of {ranked}",
    }

    def gettext(self, message: str) -> str:
        """The English words, or the message itself."""
        return self.known.get(message, message)


def test_texts_are_in_the_language_of_the_report(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the catalogue knows is English, the rest falls through, values stay."""
    view = {**Views(results).applicant("c03"), "language": "en"}
    catalogues = {"en": Catalogue(), "zh": text.translations("zh")}
    monkeypatch.setattr(text, "translations", catalogues.__getitem__)
    heading, outcome = sections(applicant, view)[:2]
    assert "Total" in outcome.html
    assert "Rank 1 of 24" in outcome.html
    assert "名次" in outcome.html
    assert heading.about["language"] == "en"


# Notebooks


@pytest.mark.parametrize(
    ("name", "names"), [("applicant_report.ipynb", APPLICANT), ("panel_summary.ipynb", SUMMARY)]
)
def test_notebooks_are_thin(name: str, names: tuple[str, ...]) -> None:
    """No outputs, one parameter, a cell for each section, no definitions."""
    found = list(cells(name))
    assert [cell.id for cell in found] == [str(n) for n in range(1, len(found) + 1)]
    assert [c.id for c in found if "parameters" in c.metadata.get("tags", [])] == ["1"]
    assert found[0].source.endswith('\nresult = ""')
    assert [re.findall(r"\.(\w+)\(\w+\)$", cell.source) for cell in found[1:]] == [
        [n] for n in names
    ]
    for cell_ in found:
        assert cell_.outputs == []
        assert cell_.execution_count is None
        defined = (ast.FunctionDef, ast.ClassDef, ast.Lambda)
        assert not [n for n in ast.walk(ast.parse(cell_.source)) if isinstance(n, defined)]


def test_sections_have_no_address_in_their_name(results: Results) -> None:
    """What a plain text reader of the notebook sees is the same in every run."""
    found = sections(applicant, Views(results).applicant("c03"))
    assert [repr(section) for section in found] == [f"Section(name='{n}')" for n in APPLICANT]


@pytest.mark.parametrize("size", [3, 300])
def test_summaries_of_any_size(tmp_path: Path, size: int) -> None:
    """Every applicant has its row in both tables, and the page does not swell."""
    ids = [f"a{n:03}" for n in range(size)]
    rows = [row for n, id in enumerate(ids) for row in scored(id, str(n % 10), str(n % 7), "5")]
    found = small(tmp_path, rows, {"aggregation": TRIMMED}, applicants=ids)
    html = html_of(summary, Views(found).panel())
    assert html.count('<th scope="row">对象a') == 2 * size
    assert len(html) < 3_000 + 600 * size
    assert ("个参评对象的总分，按名次排列" in html) == (size > 3)
