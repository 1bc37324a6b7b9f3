"""Grades and proposals from locked results, by digest and root; every contradiction is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evalkit.base.errors import Refused
from evalkit.evaluation import Results
from evalkit.evaluation.evaluate import evaluate
from evalkit.facts.columns import Basis, Superseded
from evalkit.office.register import Register
from tests.support.offices import applicants_of, locked, register

ANHUI, ZHONGSHAN = "anhui-standing-demo", "zhongshan-standing-demo"
APPLICATION, EVALUATION = "anhui-application-demo", "zhongshan-evaluation-demo"
REVIEW = {"round": "rec-2026", "stage": "expert-review", "by": "p-experts", "day": "2026-06-02"}
DECISION = {**REVIEW, "stage": "collective-decision", "by": "p-office", "decide": True}
GRADING = {"round": "eval-2026", "stage": "stage-evaluation", "by": "o-clerk", "day": "2026-12-10"}
OTHER = "b" * 64


def recognising(folder: Path) -> Register:
    """Anhui's office with the applicants of the demo panel, up to the experts' review."""
    persons = [
        {"id": "gov", "name": "政示例", "roles": ["本级政府或管委会"]},
        {"id": "local", "name": "县示例", "roles": ["县(市、区)或开发区工信主管部门"]},
        {"id": "city", "name": "市示例", "roles": ["市工信局"]},
    ]
    people = applicants_of(locked(APPLICATION), persons)
    book = register(folder, ANHUI, applicants=people)
    stages = (("call", "p-office"), ("consent", "gov"), ("submission", "local"))
    for applicant in people:
        for stage, by in (*stages, ("first-check", "city")):
            decide(book, applicant["id"], stage, "done", by, "2026-03-20")
    return book


def evaluating(folder: Path) -> Register:
    """Zhongshan's office with the platforms of the demo panel, up to the evaluation of 2026."""
    persons = [{"id": "own", "name": "企示例", "roles": ["申报单位", "赋能平台"]}]
    people = applicants_of(locked(EVALUATION), persons)
    title = {"day": "2025-04-20", "title": "市级人工智能赋能平台", "document": "示例公告"}
    people = [{**one, "recognised": title} for one in people]
    book = register(folder, ZHONGSHAN, applicants=people)
    for applicant in people:
        decide(book, applicant["id"], "stage-self-report", "done", "own", "2026-11-20", "eval-2026")
    return book


def decide(
    book: Register,
    applicant: str,
    stage: str,
    outcome: str,
    by: str,
    day: str,
    round: str = "rec-2026",
    **more: Any,
) -> str:
    """A decision on record; returns its id."""
    about = {"kind": "decision", "round": round, "stage": stage, "outcome": outcome, "by": by}
    return book.append(applicant, {**about, "day": day, **more}).record.id


def graded(book: Register) -> dict[str, str | None]:
    """The grade of each applicant in the evaluation of 2026."""
    seen = {a.id: book.outlook(a.id)["rounds"] for a in book.office.applicants}
    return {id: rounds[0]["grade"] for id, rounds in seen.items()}


def test_grades_are_those_of_the_locked_results(tmp_path: Path) -> None:
    """Each record holds digest and root; a second time nothing is new."""
    book, results = evaluating(tmp_path), locked(EVALUATION)
    before = len(book.events)
    entered = book.take(results, **GRADING)
    assert graded(book) == {"z1": "良好", "z2": "良好", "z3": "合格", "z5": "良好", "z6": "不合格"}
    assert {(e.record.results, e.record.root) for e in entered} == {  # type: ignore[union-attr]
        (results.digest, "a" * 64)
    }
    assert len(book.events) == before + 5
    assert book.take(results, **GRADING) == []
    assert book.verify([results]) == []
    assert len(book.verify()) == 5  # from a round that is not at hand


def test_a_review_is_done_and_the_proposal_binds(tmp_path: Path) -> None:
    """a1 and a2 are proposed, a3 and a6 tie for the last place, a4 and a5 are not proposed."""
    book = recognising(tmp_path)
    book.take(locked(APPLICATION), **REVIEW)
    seen = {a.id: book.outlook(a.id)["rounds"][0] for a in book.office.applicants}
    proposed = {id: one["proposed"] for id, one in seen.items()}
    tied = dict.fromkeys(("a3", "a6"), "tied_at_cut")
    assert proposed == {"a1": "yes", "a2": "yes", "a4": "no", "a5": "no"} | tied
    for id in proposed:
        decide(book, id, "site-visit", "done", "p-experts", "2026-06-03")
    why = r"第十条“集体决策”：锁定的结果（r\d+，结果摘要值 \w{12}…）没有拟选这一对象，不能通过"
    with pytest.raises(Refused, match=why):
        decide(book, "a4", "collective-decision", "passed", "p-office", "2026-06-04")
    with pytest.raises(Refused, match="是并列待定，选上的须写明理由"):
        decide(book, "a3", "collective-decision", "passed", "p-office", "2026-06-04")
    more = {"reason": "产业基础更好，集体研究决定"}
    decide(book, "a3", "collective-decision", "passed", "p-office", "2026-06-04", **more)
    decide(book, "a3", "publicity", "begun", "p-office", "2026-06-05")
    decide(book, "a4", "collective-decision", "rejected", "p-office", "2026-06-04", reason="未拟选")
    assert book.outlook("a4")["state"] == "rejected"


def test_who_is_not_proposed_gets_no_publicity(tmp_path: Path) -> None:
    """Also where the stage between was put on record as done."""
    book = recognising(tmp_path)
    book.take(locked(APPLICATION), **REVIEW)
    decide(book, "a5", "site-visit", "done", "p-experts", "2026-06-03")
    decide(book, "a5", "collective-decision", "done", "p-office", "2026-06-04")
    with pytest.raises(Refused, match=r"第十条“公示”：.*没有拟选这一对象"):
        decide(book, "a5", "publicity", "begun", "p-office", "2026-06-05")


def test_the_stage_that_decides(tmp_path: Path) -> None:
    """Those who are proposed pass, the others do not; between equals a person decides."""
    book, results = recognising(tmp_path), locked(APPLICATION)
    book.take(results, **REVIEW)
    for id in ("a1", "a2", "a3", "a4", "a5", "a6"):
        decide(book, id, "site-visit", "done", "p-experts", "2026-06-03")
    order = {**DECISION, "day": "2026-06-05"}
    before = len(book.events)
    with pytest.raises(Refused, match="第十条“集体决策”：a3：并列待定，须由人决定"):
        book.take(results, **order)
    assert len(book.events) == before  # all or nothing
    book.take(results, **order, applicants=("a1", "a4"))
    outcomes = [book.outlook(id)["rounds"][0]["outcome"] for id in ("a1", "a4")]
    assert outcomes == ["passed", "rejected"]
    assert book.verify([results]) == []


def test_the_bound_stage_takes_no_other_conclusion(tmp_path: Path) -> None:
    """A grade by hand beside those of the results is refused, for everybody in the round."""
    book, results = evaluating(tmp_path), locked(EVALUATION)
    book.take(results, **GRADING, applicants=("z1",))
    rest = ("stage-evaluation", "graded", "o-clerk", "2026-12-11", "eval-2026")
    with pytest.raises(Refused, match="第十二条：这一环节的结论取自锁定的评审结果"):
        decide(book, "z6", *rest, grade="excellent")
    again = {"kind": "correction", "by": "o-clerk", "reason": "改", "grade": "excellent"}
    taken = book.history("z1")[-1].id
    with pytest.raises(Refused, match="记录“r02”取自锁定的结果，只能由后继轮次的结果更正"):
        book.append("z1", {**again, "corrects": taken})
    day = {**again, "corrects": taken, "grade": None, "took_place": "2026-12-09"}
    book.append("z1", {name: value for name, value in day.items() if value})
    assert book.verify([results]) == []


REFUSALS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"round": "eval-2030"}, "没有轮次 eval-2030，可选：rec-2026、eval-2026、eval-2027"),
    ({}, {"round": "rec-2026", "stage": "stage-review"}, "轮次 rec-2026 是“评审认定”，这一评审是"),
    ({}, {"stage": "nowhere"}, "没有环节 nowhere"),
    ({}, {"by": "own"}, "第十二条：这一条由“市人工智能产业办公室”作出"),
    ({}, {"applicants": ("z9",)}, "没有这些对象：z9"),
    ({"kind": "log", "locked_at": None, "root": None}, {}, "还没有锁定"),
    ({"kind": "table", "root": None}, {}, "还没有锁定"),
]


@pytest.mark.parametrize(("basis", "changes", "message"), REFUSALS)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, basis: dict[str, Any], changes: dict[str, Any], message: str
) -> None:
    """Another round, stage or person, an unlocked round, a finished table: nothing is stored."""
    book, results = evaluating(tmp_path), locked(EVALUATION)
    if basis:
        facts = replace(results.facts, basis=replace(results.facts.basis, **basis))
        trial = basis["kind"] == "log"
        results = evaluate(results.rubric, results.panel, facts, trial=trial)
    before = len(book.events)
    with pytest.raises(Refused) as caught:
        book.take(results, **{**GRADING, **changes})
    assert message in caught.value.render()
    assert len(book.events) == before


def test_results_of_another_text(tmp_path: Path) -> None:
    """Anhui's results say nothing in Zhongshan's register."""
    with pytest.raises(Refused, match="登记文件依据 zhongshan-platform-2026，这一评审依据 anhui-"):
        evaluating(tmp_path).take(locked(APPLICATION), **GRADING)


def test_the_same_id_under_another_name(tmp_path: Path) -> None:
    """z1 of the office and z1 of the round have to be the same."""
    book = evaluating(tmp_path)
    people = book.office.model_dump(mode="json", exclude_none=True)["applicants"]
    people[0]["name"] = "另一平台"
    other = register(tmp_path / "other", ZHONGSHAN, applicants=people)
    with pytest.raises(Refused, match="z1 在登记文件中是“另一平台”，在评审中是“示例灯饰"):
        other.take(locked(EVALUATION), **GRADING)


def test_another_round_is_refused_unless_it_supersedes(tmp_path: Path) -> None:
    """A corrected round takes the place of the first, with a reason; any other round does not."""
    book, first = evaluating(tmp_path), locked(EVALUATION)
    book.take(first, **GRADING, applicants=("z1", "z2"))
    other, second = corrected(first), corrected(first, "异议成立，z1 一项重评")
    assert second.digest != first.digest
    order = {**GRADING, "day": "2026-12-20"}
    with pytest.raises(Refused, match="的这一环节已取自根哈希 aaaaaaaaaaaa… 的评审，这是另一轮"):
        book.take(other, **order)
    book.take(second, **order)
    records = book.history("z1")
    assert records[-1].reason == "异议成立，z1 一项重评"
    assert [(r.id, r.corrects) for r in records[-2:]] == [("r02", None), ("r03", "r02")]
    assert graded(book)["z1"] == "合格"
    assert [a.id for a in book.office.applicants if len(book.history(a.id)) == 3] == ["z1", "z2"]
    assert len(book.verify([second])) == 2
    assert book.verify([first, second]) == []


def test_an_evaluation_after_rectification_is_another_round(tmp_path: Path) -> None:
    """整改后: the stage comes round again for s4, from a second round; not so for the others."""
    first = locked("anhui-evaluation-demo")
    persons = [
        {"id": "zone", "name": "区示例", "roles": ["示范区建设单位"]},
        {"id": "city", "name": "市示例", "roles": ["市工信局"]},
    ]
    title = "安徽省人工智能赋能新型工业化示范区(深度应用类)"
    had = {"day": "2026-06-20", "title": title, "document": "示例公告"}
    people = [{**one, "recognised": had} for one in applicants_of(first, persons)]
    book = register(tmp_path, ANHUI, applicants=people)
    order = {"round": "eval-2027", "stage": "assessment", "by": "p-office"}
    stages = {"evaluation-notice": "p-office", "self-assessment": "zone", "city-check": "city"}
    for applicant in people:
        for stage, by in stages.items():
            decide(book, applicant["id"], stage, "done", by, "2027-03-10", "eval-2027")
    book.take(first, **order, day="2027-04-20")
    answer = {"kind": "answer", "rule": "rectification", "outcome": "accepted", "by": "p-head"}
    book.append("s4", {**answer, "reason": "限期整改", "day": "2027-04-28"})
    points = first.facts.points * 1
    points[3] = points[0]
    basis = Basis("log", "2027-08-01T00:00:00.000Z", "secretary", OTHER)
    second = evaluate(first.rubric, first.panel, replace(first.facts, points=points, basis=basis))
    again = {**order, "day": "2027-08-05"}
    with pytest.raises(Refused, match="这是另一轮"):
        book.take(second, **again)
    book.take(second, **again, applicants=("s4",))
    years = book.outlook("s4")["years"]
    assert [(y["grade"], y["repeated"]) for y in years] == [("不合格", False), ("合格", True)]
    assert book.verify([first, second]) == []


def corrected(results: Results, reason: str = "") -> Results:
    """The same round locked again with lower scores for z1; for a ``reason``, as its successor."""
    points = results.facts.points.copy()
    points[0] = points[0] * 4 // 5
    root = str(results.facts.basis.root)
    before = Superseded(root, results.digest, reason, "异议", "组长") if reason else None
    basis = Basis("log", "2026-12-15T00:00:00.000Z", "secretary", OTHER, supersedes=before)
    facts = replace(results.facts, points=points, basis=basis)
    return evaluate(results.rubric, results.panel, facts)


def test_digests_that_differ_are_named(tmp_path: Path) -> None:
    """The round at hand says something else than the record: by digest, or by what it says."""
    book, results = evaluating(tmp_path), locked(EVALUATION)
    book.take(results, **GRADING)
    changed = corrected(results)
    facts = replace(changed.facts, basis=results.facts.basis)
    with pytest.raises(Refused, match="z1 的记录 r02：登记的结果摘要值是"):
        book.verify([evaluate(changed.rubric, changed.panel, facts)])


def test_a_grade_in_a_file_is_held_against_its_results(tmp_path: Path) -> None:
    """Digest and root copied into a file beside another grade: `verify` finds it."""
    book, results = evaluating(tmp_path), locked(EVALUATION)
    book.take(results, **GRADING)
    people = book.office.model_dump(mode="json", exclude_none=True)["applicants"]
    people[4]["records"][-1]["grade"] = "excellent"
    assert json.dumps(people)
    other = register(tmp_path / "other", ZHONGSHAN, applicants=people)
    with pytest.raises(Refused, match="z6 的记录 r02：登记的等次是 excellent，结果是 unqualified"):
        other.verify([results])
