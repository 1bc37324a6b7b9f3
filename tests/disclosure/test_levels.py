"""Who may read what: the internal report, the applicant's and the public one."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import docx
import pytest

from evalkit.base import canonical
from evalkit.base.errors import InputError, Refused
from evalkit.base.yamledit import declare
from evalkit.disclosure import Views, levels
from evalkit.documents.publicity_word import publicity
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from evalkit.pages import applicant
from evalkit.reports import produce
from evalkit.round import open_round
from tests.support import builders
from tests.support.builders import ROOT, TRIMMED, frame, load, panel_data, rubric_data
from tests.support.views import reported

SECTIONS = (
    *("heading", "outcome", "dimensions", "indicators"),
    *("adjustments", "rules", "provenance"),
)


@pytest.fixture(scope="module")
def results() -> Results:
    """The demo round."""
    return evaluate(*builders.demo())


def html(results: Results, id: str, level: levels.Level, language: str = "zh") -> str:
    """The body of a report."""
    report = applicant.read(canonical.dumps(reported(results).report(id, level, language)))
    return "\n".join(getattr(applicant, name)(report).html for name in SECTIONS)


def secrets(results: Results) -> dict[str, set[str]]:
    """What not every reader may see, by kind, for c11."""
    facts, panel = results.facts, results.panel
    words = {w for (n, _s, _c), w in facts.texts.items() if facts.applicants[n] == "c11" and w}
    return {
        "experts": {part for e in panel.experts for part in (e.name, e.employer)},
        "others": {part for a in panel.applicants if a.id != "c11" for part in (a.name, a.lead)},
        "words": words,
    }


def test_the_applicants_view_is_that_of_the_results(results: Results) -> None:
    """With its ranks when any one expert is left out; unchanged by there being others."""
    for language in ("zh", "en"):
        own = Views(results).applicant("c11", language)
        own["analysis"] = {"left_out": {"low": 12, "high": 13}}
        assert reported(results).report("c11", "applicant", language) == own


def test_the_public_sees_name_rank_total_and_dimensions(results: Results) -> None:
    """And rules and provenance; nothing of experts, scores, comments, the field or others.

    The department that led it is on the list for publicity as well.
    """
    results = declaring(results, "rank", "total", "dimensions", "bonus")
    view = reported(results).report("c11", "public")
    text = canonical.dumps(view)
    for hidden in secrets(results).values():
        assert hidden
        assert [word for word in hidden if word in text] == []
    own = {"name": "示例金融风控赋能中心", "lead": "示例金科公司（虚构）"}
    assert view["applicant"] == {"id": "c11", **own}
    assert (view["rank"], view["total"]) == (12, "78.73")
    parts = [*view["dimensions"], *view["bonuses"]]
    # 15.25 + 16.26 + 23.50 + 12.01 + 11.71 + 0.00 = 78.73
    assert [p["points"] for p in parts] == ["15.25", "16.26", "23.50", "12.01", "11.71", "0.00"]
    for gone in ("field", "scores", "comments", "indicators", "items", "secretary", "tie"):
        assert f'"{gone}"' not in text
    assert not {"analysis", "gates", "grade"} & set(view)
    page = html(results, "c11", "public")
    for said in ("示例金融风控赋能中心", "78.73", "第 12 名 / 共 24 个", "15.25", results.digest):
        assert said in page
    for gone in ("各项指标得分", "申报的成果", "中位数", "共建单位", "评语"):
        assert gone not in page


@pytest.mark.parametrize(
    ("public", "there", "gone"),
    [
        (["rank"], ["第 1 名 / 共 2 个"], ["总分", "一级指标", "16.00"]),
        (["total"], ["总分", "16.00"], ["名次</dt>", "第 1 名", "一级指标"]),
        (["dimensions"], ["一级指标", "16.00"], ["名次</dt>", "总分</dt>"]),
        ([], ["示例中心甲"], ["名次</dt>", "总分", "16.00"]),
    ],
)
def test_the_public_sees_what_the_panel_declared(
    tmp_path: Path, public: list[str], there: list[str], gone: list[str]
) -> None:
    """Rank and total each only where they are declared to be public."""
    found = small(tmp_path, {"min_experts": 1, "min_applicants": 1, "public": public})
    page = html(found, "a", "public")
    assert [word for word in there if word not in page] == []
    assert [word for word in gone if word in page.partition("计分规则")[0]] == []


def declaring(results: Results, *public: str) -> Results:
    """The same numbers with other things declared to be public."""
    rules = results.panel.rules
    disclosure = rules.disclosure.model_copy(update={"public": public})
    rules = rules.model_copy(update={"disclosure": disclosure})
    panel = results.panel.model_copy(update={"rules": rules})
    return evaluate(results.rubric, panel, results.facts)


@pytest.mark.parametrize("word", ["rank", "total", "dimensions", "bonus"])
def test_each_word_makes_itself_public_and_nothing_else(results: Results, word: str) -> None:
    """Of 15.25 + … + 0.00 = 78.73, in place 12, only what is declared; the list has no parts."""
    view = reported(declaring(results, word)).report("c11", "public")
    parts = {"rank": 12, "total": "78.73"}
    assert {k: view[k] for k in parts if k in view} == {k: v for k, v in parts.items() if k == word}
    for key, name in (("dimensions", "dimensions"), ("bonuses", "bonus"), ("deductions", "")):
        assert bool(view[key]) == (name == word)
    row = Views(declaring(results, word)).public()["applicants"][0]
    assert set(row) == {"name", "lead"} | ({word} & {"rank", "total"})


def test_nothing_is_public_before_the_panel_says_so(tmp_path: Path) -> None:
    """Neither where it declared nothing nor in a trial."""
    found = small(tmp_path, {"min_experts": 1, "min_applicants": 1})
    with pytest.raises(Refused, match=r"rules\.disclosure\.public"):
        reported(found).report("a", "public")
    trial = evaluate(*builders.demo(), trial=True)
    with pytest.raises(Refused, match="试算"):
        reported(trial).report("c11", "public")


def small(tmp_path: Path, disclosure: dict[str, object]) -> Results:
    """Two applicants with 16 and 10 points, scored by two experts."""
    panel = panel_data(2, ["a", "b"], {"disclosure": disclosure})
    panel["applicants"][0]["name"] = "示例中心甲"
    rubric, declared = load(tmp_path, rubric_data([20]), panel)
    given = {"a": "16", "b": "10"}
    rows = [(a, e, "i1", points, "") for a, points in given.items() for e in ("e1", "e2")]
    return evaluate(rubric, declared, from_frame(frame(rows), rubric, declared))


def test_those_who_run_the_round_see_who_scored_what(results: Results) -> None:
    """Every expert beside every score, reasons and comments with their authors."""
    view = reported(results).report("c11", "internal")
    (first, *_rest), training = view["dimensions"][0]["indicators"], None
    assert [e["name"] for e in first["experts"]] == [e.name for e in results.panel.experts]
    # the scores of the applicant's view are those of the experts, without their names
    own = Views(results).applicant("c11")
    for dimension, plain in zip(view["dimensions"], own["dimensions"], strict=True):
        for column, same in zip(dimension["indicators"], plain["indicators"], strict=True):
            assert column["scores"] == same["scores"]
            if column["id"] == "training":
                training = column
    assert training is not None
    (unscored,) = [e for e in training["experts"] if e["use"] == "unscored"]
    assert (unscored["points"], unscored["words"]) == (None, "培训佐证材料缺页，无法判断")
    conflicts = {e["words"] for e in first["experts"] if e["use"] == "conflict"}
    assert conflicts == {"曾任该单位顾问"}
    page = html(results, "c11", "internal")
    assert page.count("内部资料，不提供给参评对象") == len(SECTIONS)
    assert "对结果有异议的" not in page
    for word in secrets(results)["words"] | {e.name for e in results.panel.experts}:
        assert word in page


MEDIAN = {"method": "median", "level": "indicator"}
WEIGHED = {"method": "mean", "level": "indicator", "weights": {"e1": "2", "e2": "1", "e3": "1"}}
EVEN = {**WEIGHED, "weights": {"e1": "2", "e2": "2", "e3": "2"}}
TOTALS = {**TRIMMED, "min_n": 3, "level": "total"}


@pytest.mark.parametrize(
    ("aggregation", "hidden", "said"),
    [
        # the middle one of three is one score, but three experts gave one
        (MEDIAN, None, "3 个评分，居中的是 7"),
        (EVEN, None, "3 个评分，按专家权重，之和"),
        # 2 · 9 + 7 + 6 = 31 and 9 + 7 + 6 = 22 would tell that the first expert gave the 9
        (WEIGHED, "weights", "各专家权重不同"),
        # the same two experts are dropped on both indicators
        (TOTALS, "sheets", "按总分取舍整张评分表"),
        ({**MEDIAN, "level": "total"}, "sheets", "按总分取舍整张评分表"),
    ],
)
def test_scores_that_would_tell_whose_they_are_are_not_listed(
    tmp_path: Path, aggregation: dict[str, object], hidden: str | None, said: str
) -> None:
    """Different weights, and whole sheets that are dropped, single out experts."""
    rules = {"aggregation": aggregation, "disclosure": {"min_experts": 3, "min_applicants": 1}}
    rubric, panel = load(tmp_path, rubric_data([10, 10]), panel_data(3, ["a"], rules))
    rows = [("a", f"e{n}", i, p, "") for n, p in enumerate("976", 1) for i in ("i1", "i2")]
    found = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    for cell in reported(found).report("a", "applicant")["dimensions"][0]["indicators"]:
        assert cell["hidden"] == hidden
        assert (cell["scores"] is None) == (hidden is not None)
    page = html(found, "a", "applicant")
    assert said in page
    assert page.count("为不显示各评分出自谁") == (hidden is not None)
    internal = reported(found).report("a", "internal")["dimensions"][0]["indicators"][0]
    assert [score["points"] for score in internal["scores"]] == ["6", "7", "9"]


def test_the_weight_that_counts_would_tell_who_was_recused(tmp_path: Path) -> None:
    """Weights 2, 1 and 1: a divisor of 2 would say that the first expert is not among them."""
    rules = {"aggregation": WEIGHED, "disclosure": {"min_experts": 2, "min_applicants": 1}}
    rubric, panel = load(tmp_path, rubric_data([10]), panel_data(3, ["a"], rules))
    rows = [("a", "e1", "i1", "recused", "曾任顾问")]
    rows += [("a", e, "i1", p, "") for e, p in (("e2", "7"), ("e3", "6"))]
    found = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    (own,) = reported(found).report("a", "applicant")["dimensions"][0]["indicators"]
    assert (own["points"], own["sum"], own["scores"], "weight" in own) == (
        "6.50",
        None,
        None,
        False,
    )
    assert "计入的 2 个评分按专家权重平均，得 6.50 分。" in html(found, "a", "applicant")
    # those who run the round see the arithmetic: 7 + 6 = 13, divided by 1 + 1
    assert "13 ÷ 2 = 6.50".replace(" ", "\N{NO-BREAK SPACE}") in html(found, "a", "internal")


def test_the_middle_sheet_need_not_have_the_middle_score(tmp_path: Path) -> None:
    """Totals 9 + 1, 5 + 7 and 6 + 3: the sheet of 10 counts, with a 9 that is not in the middle."""
    rules = {"aggregation": {**MEDIAN, "level": "total"}}
    rubric, panel = load(tmp_path, rubric_data([10, 10]), panel_data(3, ["a"], rules))
    given = [("e1", "9", "1"), ("e2", "5", "7"), ("e3", "6", "3")]
    rows = [("a", e, f"i{n}", p, "") for e, *own in given for n, p in enumerate(own, 1)]
    found = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    page = html(found, "a", "internal")
    assert "3 个评分，不计总分最高、最低的评分表（本项为 5、6），其余 1 个之和" in page
    assert "居中的是" not in page


def test_an_excluded_score_does_not_follow_an_expert_through_the_report(tmp_path: Path) -> None:
    """Who is recused on one indicator counts on none, and is not seen on the others."""
    rules = {
        "recusal": "exclude_expert",
        "disclosure": {"min_experts": 2, "min_applicants": 1},
    }
    rubric, panel = load(tmp_path, rubric_data([10, 10]), panel_data(3, ["a"], rules))
    rows = [("a", f"e{n}", i, p, "") for n, p in enumerate("976", 1) for i in ("i1", "i2")]
    rows[0] = ("a", "e1", "i1", "recused", "曾任顾问")
    found = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    own = reported(found).report("a", "applicant")["dimensions"][0]["indicators"]
    assert [[s["points"] for s in cell["scores"]] for cell in own] == [["6", "7"]] * 2
    seen = reported(found).report("a", "internal")["dimensions"][0]["indicators"][1]["scores"]
    assert {"points": "9", "use": "excluded"} in seen


@pytest.mark.parametrize(("declared", "seen"), [(3, False), (2, True)])
def test_an_excluded_expert_is_not_seen_in_bonus_or_comments(
    tmp_path: Path, declared: int, seen: bool
) -> None:
    """Who is recused on one indicator counts on no achievement; two are left, not three."""
    rules = {
        "recusal": "exclude_expert",
        "bonus": {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"},
        "disclosure": {"min_experts": declared, "min_applicants": 1},
    }
    claim = {"id": "k1", "title": "示例成果", "level": "national", "evidence": "示例"}
    applicants = [{"id": "a", "name": "甲", "lead": "牵头甲", "claims": [claim]}]
    data = panel_data(3, applicants, rules)
    rubric, panel = load(tmp_path, rubric_data([10, 10], bonus=True), data)
    rows = [("a", "e1", "i1", "recused", "曾任顾问")]
    rows += [("a", e, "i1", p, "") for e, p in (("e2", "7"), ("e3", "6"))]
    rows += [("a", f"e{n}", "i2", p, f"评语{n}") for n, p in enumerate("976", 1)]
    rows += [("a", f"e{n}", "bonus.k1", p, f"意见{n}") for n, p in enumerate(("3", "2", "2.5"), 1)]
    found = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    view = reported(found).report("a", "applicant")
    (item,) = view["bonuses"][0]["items"]
    assert item["scores"] == (["2", "2.5"] if seen else None)
    assert item["comments"] == (["意见2", "意见3"] if seen else [])
    assert view["dimensions"][0]["indicators"][1]["comments"] == (
        ["评语2", "评语3"] if seen else []
    )
    assert (view["analysis"]["left_out"] is not None) == seen
    page = html(found, "a", "applicant")
    assert "意见1" not in page
    assert "评语1" not in page
    assert ("任何一位专家" in page) == seen


def test_neighbours_in_the_ranking(results: Results) -> None:
    """Two above and two below, with their totals; fewer at the ends."""
    beside = reported(results).report("c11", "internal")["neighbours"]
    assert [(b["rank"], b["total"], b["own"]) for b in beside] == [
        (10, "81.30", False),
        (11, "80.85", False),
        (12, "78.73", True),
        (13, "78.40", False),
        (14, "76.70", False),
    ]
    first = reported(results).report("c03", "internal")["neighbours"]
    assert [b["rank"] for b in first] == [1, 2, 3]
    last = reported(results).report("c13", "internal")["neighbours"]
    assert [b["rank"] for b in last] == [22, 23, 24]


def test_scores_that_the_applicant_may_not_see_are_internal(tmp_path: Path) -> None:
    """Fewer than the declared experts: hidden from the applicant, named for the panel."""
    rules = {"disclosure": {"min_experts": 3, "min_applicants": 1, "public": ["total"]}}
    rubric, panel = load(tmp_path, rubric_data([10]), panel_data(2, ["a", "b"], rules))
    rows = [("a", "e1", "i1", "8", "评语甲"), ("a", "e2", "i1", "unscored", "缺页")]
    rows += [("b", "e1", "i1", "unscored", "缺页"), ("b", "e2", "i1", "unscored", "缺页")]
    found = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    assert "评语甲" not in html(found, "a", "applicant")
    page = html(found, "a", "internal")
    assert "评语甲" in page
    assert "按规则不列出" not in page
    assert "专家2" in page
    # b has no total and no rank, so no neighbours either
    assert reported(found).report("b", "internal")["neighbours"] == []
    for level in ("internal", "applicant"):
        assert "无" in html(found, "b", level)
    with pytest.raises(Refused, match="不在公示名单上"):
        html(found, "b", "public")


@pytest.mark.parametrize("level", levels.LEVELS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_level_in_every_language(
    results: Results, level: levels.Level, language: str
) -> None:
    """A format of its own, one notebook for all, and applicants have pages."""
    view = reported(results).report("c05", level, language)
    assert view["format"] == levels.FORMATS[level]
    assert applicant.LEVELS[view["format"]] == level
    for a in results.panel.applicants[::5]:
        assert a.name in html(results, a.id, level, language)


def test_an_unknown_applicant(results: Results) -> None:
    """The same message at every level."""
    for level in levels.LEVELS:
        with pytest.raises(InputError, match="c99"):
            reported(results).report("c99", level)


def test_the_executed_notebook_holds_no_more_than_its_level(
    results: Results, tmp_path: Path
) -> None:
    """The public notebook names no expert and quotes nobody."""
    page = produce.produce_report(reported(results), "c11", tmp_path, level="public")
    for file in (page, page.with_suffix(".ipynb")):
        content = file.read_text("utf-8")
        # parameters are written in ASCII
        found = content + content.encode("ascii", "ignore").decode("unicode_escape", "ignore")
        for hidden in secrets(results).values():
            assert [word for word in hidden if word in found] == []


def test_grades_may_be_public_alone(tmp_path: Path) -> None:
    """What an evaluation publishes first: names and grades, in the order of the panel, no total."""
    folder = tmp_path / "round"
    shutil.copytree(ROOT / "panels" / "anhui-evaluation-demo", folder)
    declare(folder / "panel.yaml", {"rules.disclosure.public": "[grade]"})
    with open_round(folder) as round_:
        views = Views(results := round_.results())
    shown = views.public()["applicants"]
    procedure = results.panel.procedure_of(results.rubric)
    names = {g.id: g.name for g in procedure.grades} if procedure else {}
    rows = {results.panel.applicant(row["id"]).name: row for row in results.rows}
    assert len(shown) >= 3
    for row in shown:
        assert set(row) == {"name", "lead", "grade"}
        assert row["grade"] == names[rows[row["name"]]["grade"]]
    one = views.listed()[0]
    report = views.report(one, "public")
    assert report["grade"]["name"] in names.values()
    assert "total" not in report
    page = html(results, one, "public")
    assert report["grade"]["name"] in page
    assert rows[results.panel.applicant(one).name]["total"] not in page
    table = docx.Document(io.BytesIO(publicity(views.public()))).tables[0]
    assert [cell.text for cell in table.rows[0].cells][-1] == "等次"
    assert [row.cells[-1].text for row in table.rows[1:]] == [row["grade"] for row in shown]


def test_a_round_without_grades_has_none_to_publish(tmp_path: Path) -> None:
    """Named when the file is loaded."""
    disclosure = {"min_experts": 3, "min_applicants": 5, "public": ["grade"]}
    data = panel_data(1, ["A"], {"disclosure": disclosure})
    with pytest.raises(InputError, match="本轮不评等次，没有等次可以公开"):
        load(tmp_path, rubric_data((10,)), data)
