"""An applicant on its way through the procedures of the texts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from evalkit.office import stages
from evalkit.office.corrections import Misstep
from evalkit.office.course import Course
from evalkit.office.decisions import ANSWERS, OUTCOMES
from evalkit.office.objections import coming
from evalkit.rubric import load_rubric
from tests.support.builders import ROOT
from tests.support.diary import ANHUI, HENAN, ZHONGSHAN, Diary
from tests.support.examples import examples

TITLES = {
    ANHUI: "安徽省人工智能赋能新型工业化示范区(深度应用类)",
    "anhui-product-2025": "安徽省人工智能赋能新型工业化示范区(产品创新类)",
    "anhui-enabling-2025": "安徽省人工智能赋能新型工业化示范区(技术赋能类)",
    ZHONGSHAN: "市级人工智能赋能平台",  # the text names none; the office declares it
}
RECOGNITION = {
    ANHUI: [
        ("call", "第七条", "省工业和信息化厅"),
        ("consent", "第八条", "本级政府或管委会"),
        ("submission", "第八条", "县(市、区)或开发区工信主管部门"),
        ("first-check", "第八条", "市工信局"),
        ("expert-review", "第十条", "专家或第三方机构"),
        ("site-visit", "第十条", "专家或第三方机构"),
        ("collective-decision", "第十条", "省工业和信息化厅"),
        ("publicity", "第十条", "省工业和信息化厅"),
        ("announcement", "第十条", "省工业和信息化厅"),
    ],
    ZHONGSHAN: [
        ("stage-launch", "第八条", "市人工智能产业办公室"),
        ("stage-collection", "第八条（一）", "申报单位"),
        ("stage-first-check", "第八条（二）", "市人工智能产业办公室"),
        ("stage-review", "第八条（三）", "市人工智能产业办公室"),
        ("stage-site-visit", "第八条（三）", "市人工智能产业办公室"),
        ("stage-shortlist", "第八条（三）", "市人工智能产业办公室"),
        ("stage-approval", "第八条（四）", None),
        ("stage-publicity", "第八条（四）", None),
        ("stage-announcement", "第八条（四）", "市人工智能产业办公室"),
    ],
}
"""The order of the texts; None where they do not say who."""


def refused(diary: Diary) -> str:
    """Why the last record may not stand."""
    with pytest.raises(Misstep) as caught:
        diary.course()
    assert caught.value.index == len(diary.records) - 1
    return caught.value.render()


def in_publicity(day: str = "2026-03-01", **rules: Any) -> Diary:
    """An applicant of Anhui whose publicity of seven days began on ``day``."""
    diary = Diary(ANHUI, **rules).recognised(7, "2026-02-01")
    diary.decide("publicity", "begun", day)
    return diary


@pytest.mark.parametrize("rubric", RECOGNITION)
def test_the_order_of_the_text(rubric: str) -> None:
    """Stages, articles and actors of the recognition, as the text has them."""
    found = next(p for p in Diary(rubric).rubric.procedures if p.kind == "recognition")
    assert [(s.id, s.article, s.actor) for s in found.stages] == RECOGNITION[rubric]


@pytest.mark.parametrize("rubric", TITLES)
def test_a_recognition_ends_with_the_title_to_the_letter(rubric: str) -> None:
    """All stages in order; then the title of the text, or the one that the office declared."""
    rules = Diary(ANHUI).rules if rubric.startswith("anhui") else {}
    course = Diary(rubric, **rules).recognised().course()
    assert course.title == TITLES[rubric]
    assert course.since is not None
    assert course.since.isoformat() == "2026-03-09"


def test_henans_evaluation() -> None:
    """中心自评, 行业部门核实, 提交材料, 专家评审, support: it has no grades and no title."""
    diary = Diary(HENAN)
    diary.more["recognised"] = {"day": "2025-01-10", "title": "中心", "document": "公布文件"}
    names = ["self-evaluation", "department-check", "submission", "expert-review", "support"]
    for n, name in enumerate(names):
        (coming,) = [x for x in diary.seen()["next"] if x["round"] == "evaluation-2026"]
        assert coming["stage"] == f"stage-{name}"
        diary.decide(coming["stage"], "done", f"2026-01-1{n}", reason="期限内已收电子版")
    assert diary.course().runs["evaluation-2026"].ended == "completed"


@pytest.mark.parametrize("rubric", RECOGNITION)
def test_a_stage_before_its_turn_is_refused(rubric: str) -> None:
    """Every later stage, at every point; the error names both and the article."""
    found = next(p for p in Diary(rubric).rubric.procedures if p.kind == "recognition")
    for at, now in enumerate(found.stages):
        for later in found.stages[at + 1 :]:
            diary = Diary(rubric).recognised(at)
            diary.decide(later.id, "done", "2026-03-09")
            text = refused(diary)
            assert f"{later.article}“{later.name}”：还没有轮到" in text
            assert f"现在应办“{now.name}”（{now.article}）" in text


@pytest.mark.parametrize("rubric", RECOGNITION)
def test_another_role_than_the_text_names_is_refused(rubric: str) -> None:
    """Each stage, tried in every other role; the error names the article and who decides."""
    for at, (stage, article, actor) in enumerate(RECOGNITION[rubric]):
        diary = Diary(rubric).recognised(at)
        who = actor or diary.rules["actors"][stage]
        for role, person in [*diary.people.items(), ("stranger", "stranger")]:
            if role != who:
                diary.decide(stage, "done", "2026-03-09", by=person)
                assert f"{article}：这一条由“{who}”作出" in refused(diary)
                diary.records.pop()


def test_another_article_is_refused() -> None:
    """A decision rests on the article of its stage."""
    diary = Diary(ANHUI)
    diary.decide("call", "done", "2026-03-01", article="第八条")
    assert "依据应是“第七条”，写的是“第八条”" in refused(diary)


@pytest.mark.parametrize(
    ("at", "may"),
    [
        (0, {"done", "passed", "rejected"}),
        (1, {"done", "passed", "returned", "rejected"}),
        (5, {"done", "passed", "skipped", "returned", "rejected"}),
        (7, {"begun", "returned"}),
    ],
)
def test_what_may_come_next(at: int, may: set[str]) -> None:
    """An optional stage may be skipped; publicity begins before anything else."""
    diary = Diary(ANHUI).recognised(at)
    (run,) = diary.course().runs.values() if at else (None,)
    if run is None:
        book = diary.book()
        run = stages.Run(book.rounds["recognition-2026"], book.procedures["recognition"])
    assert set(stages.may(run)) == may


def test_what_a_stage_needs() -> None:
    """Materials and conditions with their words, who acts, and the declared last day."""
    diary = Diary(ZHONGSHAN)
    diary.decide("stage-launch", "done", "2026-03-01")
    (coming,) = diary.seen()["next"]
    assert (coming["stage"], coming["actor"]) == ("stage-collection", "申报单位")
    assert coming["last_day"].isoformat() == "2026-03-31"
    texts = [need["text"] for need in coming["needs"]]
    assert "注册资本不低于5000万元人民币" in texts
    assert "联合合作服务机构数量不少于10家。" in texts
    assert len(texts) == 9


class TestAnOptionalStage:
    """必要的现场考察 (第十条)."""

    def test_is_skipped_by_a_named_person_with_a_reason(self) -> None:
        """By who judges whether it is necessary; the text does not say, the office declares."""
        diary = Diary(ANHUI).recognised(5)
        diary.decide("site-visit", "skipped", "2026-03-02", reason="材料可远程核验")
        (coming,) = diary.seen()["next"]
        assert coming["stage"] == "collective-decision"
        diary.records[-1]["by"] = diary.people["专家或第三方机构"]
        assert "第十条：这一条由“省工业和信息化厅”作出" in refused(diary)
        del diary.records[-1]["reason"]
        with pytest.raises(ValidationError, match="须写明理由"):
            diary.course()

    def test_no_other_stage_can_be_skipped(self) -> None:
        """Zhongshan's site visit is part of the review; the text does not call it optional."""
        diary = Diary(ZHONGSHAN).recognised(4)
        diary.decide("stage-site-visit", "skipped", "2026-03-02", reason="不必")
        assert "现在不能记“不必进行”" in refused(diary)


class TestPublicity:
    """公示: declared days, and objections while it lasts."""

    def test_lasts_the_declared_days(self) -> None:
        """Begun on 1 March, 7 days: the first day does not count [CC201]_, so up to 8 March."""
        diary = in_publicity("2026-03-01")
        diary.decide("publicity", "done", "2026-03-08")
        assert "公示到 2026-03-08 为止" in refused(diary)
        diary.records[-1]["day"] = "2026-03-09"
        diary.decide("announcement", "done", "2026-03-09")
        assert diary.course().title == TITLES[ANHUI]

    def test_an_open_objection_stops_it(self) -> None:
        """公示无异议后: nothing but an answer may follow."""
        diary = in_publicity()
        diary.decide("publicity", "objection", "2026-03-03", reason="数据有误")
        diary.decide("publicity", "done", "2026-03-09")
        assert "只能是：提出异议、异议不成立、异议成立" in refused(diary)

    @pytest.mark.parametrize(
        ("rule", "done", "allowed"),
        [
            ("continue", "2026-03-09", True),
            ("anew", "2026-03-09", False),
            ("anew", "2026-03-13", False),  # dismissed on 6 March, 7 days: up to 13 March
            ("anew", "2026-03-14", True),
        ],
    )
    def test_a_dismissed_objection(self, rule: str, done: str, allowed: bool) -> None:
        """Whether the days run on or anew is declared."""
        diary = in_publicity(objections={"publicity": rule})
        first = diary.decide("publicity", "objection", "2026-03-03", reason="数据有误")
        diary.decide("publicity", "dismissed", "2026-03-06", answers=first, reason="核对无误")
        diary.decide("publicity", "done", done)
        if allowed:
            diary.course()
        else:
            assert "公示到 2026-03-13 为止" in refused(diary)

    def test_an_upheld_objection_sends_back_or_ends_the_round(self) -> None:
        """The person who judges says which."""
        diary = in_publicity()
        first = diary.decide("publicity", "objection", "2026-03-03", reason="数据有误")
        diary.decide(
            "publicity", "upheld", "2026-03-06", answers=first, to="first-check", reason="属实"
        )
        (coming,) = diary.seen()["next"]
        assert coming["stage"] == "first-check"
        del diary.records[-1]["to"]
        assert diary.seen()["state"] == "rejected"

    def test_each_objection_is_answered(self) -> None:
        """Two objections take two answers, and an answer names one that is open."""
        diary = in_publicity()
        one = diary.decide("publicity", "objection", "2026-03-03", reason="数据有误")
        two = diary.decide("publicity", "objection", "2026-03-04", reason="名单有误")
        diary.decide("publicity", "dismissed", "2026-03-05", answers=two, reason="核对无误")
        diary.decide("publicity", "dismissed", "2026-03-05", answers=two, reason="核对无误")
        assert f"没有待答复的异议 {two}，可选：{one}" in refused(diary)
        diary.records[-1]["answers"] = one
        diary.decide("publicity", "done", "2026-03-09")
        diary.course()

    def test_an_objection_comes_in_time(self) -> None:
        """Not before it began, and not after its last day."""
        diary = in_publicity()
        diary.decide("publicity", "objection", "2026-03-08", reason="最后一日")
        diary.course()
        diary.records[-1]["day"] = "2026-03-09"
        assert "公示已于 2026-03-08 结束" in refused(diary)
        diary.records = diary.records[:-2]
        diary.decide("publicity", "objection", "2026-03-01", reason="过早")
        assert "只能是：开始公示、退回" in refused(diary)


def test_returned_stages_are_done_again() -> None:
    """初审 sends the materials back; everything from there is decided anew."""
    diary = Diary(ANHUI).recognised(3)
    diary.decide("first-check", "returned", "2026-03-02", to="submission", reason="缺建设方案")
    (coming,) = diary.seen()["next"]
    assert coming["stage"] == "submission"
    diary.records[-1]["to"] = "expert-review"
    assert "只能退回到此前的环节：call、consent、submission" in refused(diary)


def test_a_late_submission_needs_a_reason() -> None:
    """规定时间 is declared by the round; on the last day it is in time, the day after it is not."""
    diary = Diary(ZHONGSHAN)
    diary.decide("stage-launch", "done", "2026-03-01")
    diary.decide("stage-collection", "done", "2026-03-31")
    diary.course()
    diary.records[-1]["day"] = "2026-04-02"
    assert "最后一日是 2026-03-31，逾期 2 天，须写明受理的理由" in refused(diary)
    diary.records[-1]["reason"] = "系统故障，办公室同意受理"
    diary.course()


def test_a_rejected_applicant_may_apply_in_another_round() -> None:
    """The round is over; the next one begins at its first stage."""
    diary = Diary(ANHUI)
    diary.decide("call", "done", "2026-03-01")
    diary.decide("consent", "rejected", "2026-03-02", reason="方案不可行")
    assert diary.seen()["state"] == "rejected"
    diary.decide("submission", "done", "2026-03-03")
    assert "recognition-2026 已经结束" in refused(diary)
    diary.records.pop()
    diary.decide("call", "done", "2027-03-01", 2027)
    assert diary.seen()["state"] == "applying"


def test_one_recognition_at_a_time() -> None:
    """A second application waits for the first."""
    diary = Diary(ANHUI)
    diary.decide("call", "done", "2026-03-01")
    diary.decide("call", "done", "2027-03-01", 2027)
    assert "第七条：轮次 recognition-2026 还没有结束" in refused(diary)


@pytest.mark.parametrize("rubric", RECOGNITION)
def test_only_who_is_recognised_is_evaluated(rubric: str) -> None:
    """Recognition and later evaluation are two procedures."""
    diary = Diary(rubric)
    diary.graded(2026, diary.rubric.procedures[1].grades[0].id)
    with pytest.raises(Misstep, match="没有取得称号的"):
        diary.course()


class TestCorrections:
    """New records with author and reason; what they correct stays in the file."""

    def fresh(self) -> tuple[Diary, str]:
        """A zone that failed in 2027, and the record of its grade."""
        diary = Diary(ANHUI).recognised()
        return diary, diary.graded(2027, "grade-unqualified")

    def test_a_grade_is_corrected(self) -> None:
        """What followed from the wrong grade is no longer proposed."""
        diary, grade = self.fresh()
        assert [p["then"] for p in diary.seen()["proposals"]] == ["rectify"]
        right = {"grade": "grade-excellent", "reason": "抄录有误", "corrects": grade}
        diary.decide("assessment", "graded", "2027-04-01", 2027, **right)
        assert [y["grade"] for y in diary.seen()["years"]] == ["优秀"]
        assert [p["then"] for p in diary.seen()["proposals"]] == ["recommend", "favour"]
        assert [y["grade"] for y in diary.seen("2027-03-31")["years"]] == ["不合格"]

    def test_a_date_is_corrected(self) -> None:
        """The day on which it really happened goes before the day on file."""
        diary = in_publicity("2026-03-04")
        diary.decide("publicity", "done", "2026-03-09")
        assert "公示到 2026-03-11 为止" in refused(diary)
        again = {"corrects": "r8", "took_place": "2026-03-01", "reason": "日期录错"}
        diary.decide("publicity", "begun", "2026-03-09", **again)
        diary.course()

    def test_a_record_is_withdrawn(self) -> None:
        """It no longer holds, but stays in the file."""
        diary, grade = self.fresh()
        record = {
            "kind": "withdrawal",
            "corrects": grade,
            "day": "2027-04-01",
            "article": "第十二条",
        }
        diary.put(**record, by=diary.people["省工业和信息化厅"], reason="评估尚未完成")
        assert diary.seen()["years"] == []
        assert diary.seen()["proposals"] == []

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"by": "p0"}, "这一条由“省工业和信息化厅”作出"),
            ({"article": "第十条"}, "依据应是“第十二条”"),
            ({"corrects": "r99"}, "没有可更正的记录“r99”"),
            ({"id": "r1"}, "标识“r1”用了不止一次"),
            ({"day": "2026-01-01"}, "日期早于上一条记录"),
        ],
    )
    def test_not_every_withdrawal_stands(self, change: dict[str, str], message: str) -> None:
        """By who could have decided, on the same article, of what is on record."""
        diary, grade = self.fresh()
        record = {"kind": "withdrawal", "corrects": grade, "day": "2027-04-01"}
        about = {"article": "第十二条", "by": diary.people["省工业和信息化厅"], "reason": "有误"}
        diary.put(**{**record, **about, **change})
        assert message in refused(diary)

    def test_a_correction_is_about_the_same(self) -> None:
        """Another stage is another decision."""
        diary, grade = self.fresh()
        diary.decide("city-check", "passed", "2027-04-01", 2027, corrects=grade, reason="有误")
        assert "不是同一件事" in refused(diary)

    def test_a_correction_has_a_reason(self) -> None:
        """Also where the decision itself needs none."""
        diary, grade = self.fresh()
        about = {"grade": "grade-excellent", "corrects": grade}
        diary.decide("assessment", "graded", "2027-04-01", 2027, **about)
        with pytest.raises(ValidationError, match="须写明理由"):
            diary.course()

    def test_what_rested_on_it_has_to_be_withdrawn_too(self) -> None:
        """An accepted proposal cannot stand without its cause."""
        diary, grade = self.fresh()
        diary.answer("rectification", grade, "2027-03-25")
        right = {"grade": "grade-qualified", "reason": "抄录有误", "corrects": grade}
        diary.decide("assessment", "graded", "2027-04-01", 2027, **right)
        with pytest.raises(Misstep, match="没有待决定的建议 rectification") as caught:
            diary.course()
        assert caught.value.index == len(diary.records) - 2
        record = {"kind": "withdrawal", "corrects": diary.records[-2]["id"], "day": "2027-04-01"}
        diary.put(
            **record, article="第十二条", by=diary.people["省工业和信息化厅"], reason="随更正"
        )
        assert diary.seen()["state"] == "recognised"


SHAPES = [
    ({"outcome": "graded"}, "grade"),
    ({"outcome": "done", "grade": "x"}, "grade"),
    ({"outcome": "returned", "reason": "缺"}, "to"),
    ({"outcome": "dismissed", "reason": "无"}, "answers"),
    ({"outcome": "rejected"}, "须写明理由"),
    ({"outcome": "done", "took_place": "2026-01-01"}, "took_place 只用于更正"),
    (
        {"outcome": "done", "corrects": "r0", "reason": "错", "took_place": "2027-01-01"},
        "晚于更正的日期",
    ),
]


@pytest.mark.parametrize(("record", "message"), SHAPES)
def test_a_record_says_what_it_has_to(record: dict[str, str], message: str) -> None:
    """A grade with a grading, a stage with a return, a reason where nobody could guess it."""
    diary = Diary(ANHUI)
    diary.decide("call", "done", "2026-03-01")
    diary.records[-1].update(record)
    with pytest.raises(ValidationError, match=re.escape(message)):
        diary.course()


@examples(0.6)
@given(draw=st.data())
def test_only_what_may_come_next_is_taken(draw: st.DataObject) -> None:
    """Any walk: what `may` offers is taken, what it does not offer is refused.

    And nobody gets the title without all stages that the text does not call optional.
    """
    diary = in_publicity() if draw.draw(st.booleans()) else Diary(ANHUI)
    order = [stage for stage, _article, _actor in RECOGNITION[ANHUI]]
    day = date(2026, 3, 2)
    for _step in range(draw.draw(st.integers(0, 12))):
        run = diary.course().runs.get("recognition-2026")
        if run is not None and run.ended:
            break
        stage = run.stage.id if run and run.stage else "call"
        offered = set(stages.may(run)) if run else {"done", "passed", "rejected"}
        for outcome in set(OUTCOMES) - offered - {"graded"}:
            diary.decide(stage, outcome, day.isoformat(), **needs_of(outcome, run))
            with pytest.raises(Misstep):
                diary.course()
            diary.records.pop()
        outcome = draw.draw(st.sampled_from(sorted(offered)))
        day += timedelta(days=8 if outcome in {"done", "dismissed"} else 0)
        diary.decide(stage, outcome, day.isoformat(), **needs_of(outcome, run))
        if outcome == "objection" and run and run.opened and day > run.opened + timedelta(days=7):
            diary.records.pop()
    if diary.course().title:
        done = {r["stage"] for r in diary.records if r["outcome"] in {"done", "passed"}}
        assert done >= set(order) - {"site-visit"}


def needs_of(outcome: str, run: stages.Run | None) -> dict[str, str]:
    """What a decision with this outcome has to say."""
    more = {} if outcome == "begun" else {"reason": "理由"}
    if outcome == "returned":
        more["to"] = "call"
    if outcome in ANSWERS:
        waiting = run.objections if run else ()
        fitting = [o for o in waiting if run and outcome in coming(run.steps, [o])]
        more["answers"] = [*fitting, *waiting, "r1"][0]
    return more


def test_no_records_no_standing() -> None:
    """An applicant of whom nothing is on record."""
    assert Diary(ANHUI).course() == Course()
    assert Diary(ANHUI).seen()["state"] == "not_recognised"


def test_every_stage_is_reached_in_some_test() -> None:
    """The rubric files with procedures are those that these tests walk through."""
    files = (ROOT / "rubrics").glob("*.yaml")
    assert {f.stem for f in files if load_rubric(f).procedures} == {*TITLES, HENAN}
