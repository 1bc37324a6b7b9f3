"""From what is on record to what the text provides for: every rule of two real texts."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from evalkit.office.corrections import Misstep
from evalkit.office.standing import Mark, arising
from evalkit.rubric import load_rubric
from evalkit.rubric.provisions import Grade, StandingRule
from tests.support.builders import ROOT
from tests.support.diary import ANHUI, ZHONGSHAN, Diary

GOOD, BAD = Grade(id="good", name="合格", passes=True), Grade(id="bad", name="不合格", passes=False)


def rules(rubric: str) -> tuple[StandingRule, ...]:
    """The rules on standing of a text."""
    return load_rubric(ROOT / "rubrics" / f"{rubric}.yaml").standing


def proposed(diary: Diary, *, of: int | None = None) -> set[tuple[str, str]]:
    """What is proposed now, and by which article; support, which follows every year, left out."""
    found = diary.seen()["proposals"]
    return {
        (p["then"], p["article"])
        for p in found
        if p["then"] != "support" and of in {None, p["year"]}
    }


# 办法第十三条（一）连续两个年度不合格，（二）逾期未报送; the verdicts are the text's.
YEARS = [
    ([GOOD, BAD, BAD], True),
    ([BAD, GOOD, BAD], False),
    ([BAD, "report_overdue"], True),
    ([GOOD, "report_overdue"], True),  # a ground of its own, also after a good year
    ([BAD, None, BAD], False),  # a year between
    ([BAD], False),
    ([BAD, BAD, GOOD], False),  # it arose the year before, not with the last one
]


@pytest.mark.parametrize(("years", "revoked"), YEARS)
def test_revocation_by_article_13(years: list[Any], revoked: bool) -> None:
    """Two failed years in a row, or a report that made the evaluation impossible."""
    marks = [
        Mark(f"r{n}", 2026 + n, **({"ground": y} if isinstance(y, str) else {"grade": y}))
        for n, y in enumerate(years)
        if y is not None
    ]
    found = arising(rules(ZHONGSHAN), marks)
    assert ("revoke" in {p.rule.then for p in found}) is revoked


def test_years_recorded_out_of_order() -> None:
    """Two years in a row are two years in a row, whichever was graded first."""
    marks = [Mark("b", 2027, BAD), Mark("a", 2026, BAD)]
    (found,) = (p for p in arising(rules(ZHONGSHAN), marks) if p.rule.then == "revoke")
    assert found.because.render() == "2026、2027 年度连续不合格"
    assert found.cause == "a"


def test_the_last_grade_of_a_year_holds() -> None:
    """A year that passed after 整改 is no failed year."""
    marks = [Mark("a", 2026, BAD), Mark("b", 2026, GOOD, repeated=True), Mark("c", 2027, BAD)]
    assert "revoke" not in {p.rule.then for p in arising(rules(ZHONGSHAN), marks)}


def test_no_marks_no_proposals() -> None:
    """An applicant that has just been recognised has no history."""
    assert arising(rules(ANHUI), []) == []


CONSECUTIVE = [
    (["qualified", "unqualified", "unqualified"], True),
    (["unqualified", "qualified", "unqualified"], False),
    (["unqualified", "absent"], True),
    (["qualified", "absent"], True),
    (["unqualified", None, "unqualified"], False),
]
"""Case 13, consecutive_fail, and a gap; grades are those of the text, 缺报 is 逾期未报送."""


@pytest.mark.parametrize(("grades", "revoke"), CONSECUTIVE)
def test_article_13_through_the_office(grades: list[str | None], revoke: bool) -> None:
    """The same through records: the office is told, and decides."""
    diary = Diary(ZHONGSHAN).recognised()
    for year, grade in enumerate(grades, 2026):
        if grade == "absent":
            diary.ground("standing-report-overdue", year, f"{year}-04-01")
        elif grade:
            diary.graded(year, grade)
    assert ("revoke" in {then for then, _ in proposed(diary)}) is revoke
    assert diary.seen()["title"] == "市级人工智能赋能平台"  # nobody has decided yet


EFFECTS = {
    ANHUI: {
        "recommendation": ("grade-excellent", "第十二条", "recommend"),
        "preference": ("grade-excellent", "第十二条", "favour"),
        "rectification": ("grade-unqualified", "第十二条", "rectify"),
    },
    ZHONGSHAN: {"standing-support": ("good", "第十二条", "support")},
}
"""What follows from a grade alone."""

GROUNDS = {
    ANHUI: {"absence": ("第十二条", "counts_as_failed")},
    ZHONGSHAN: {
        "standing-restart": ("第七条", "restart"),
        "standing-change-consent": ("第十条", "consent"),
        "standing-change-notice": ("第十条", "notify"),
        "standing-report-overdue": ("第十三条（二）", "revoke"),
        "standing-false-material": ("第十三条（二）", "revoke"),
        "standing-entity-ended": ("第十三条（三）", "revoke"),
        "standing-serious-breach": ("第十三条（四）", "revoke"),
        "standing-other": ("第十三条（五）", "revoke"),
    },
}
"""What follows from a ground on record."""

SEQUENCES = {ANHUI: {"revocation"}, ZHONGSHAN: {"standing-failed-twice"}}
"""What follows from several records; each has a test of its own."""


@pytest.mark.parametrize("rubric", EFFECTS)
def test_every_rule_is_tested(rubric: str) -> None:
    """No rule of a text is left out of the tables."""
    tested = {*EFFECTS[rubric], *GROUNDS[rubric]} | SEQUENCES[rubric]
    assert {rule.id for rule in rules(rubric)} == tested


@pytest.mark.parametrize(
    ("rubric", "rule"), [(text, rule) for text, table in EFFECTS.items() for rule in table]
)
def test_what_follows_from_a_grade(rubric: str, rule: str) -> None:
    """The proposal names its article, its reason and who decides; a person makes it a fact."""
    grade, article, then = EFFECTS[rubric][rule]
    diary = Diary(rubric).recognised()
    record = diary.graded(2027, grade)
    (found,) = (p for p in diary.seen()["proposals"] if p["rule"] == rule)
    assert (found["then"], found["article"], found["cause"]) == (then, article, record)
    assert "2027 年度" in found["because"].render()
    diary.answer(rule, record, "2027-04-01")
    (fact,) = diary.seen()["answered"]
    assert (fact["then"], fact["outcome"], fact["reason"]) == (then, "accepted", "经研究")
    assert rule not in {p["rule"] for p in diary.seen()["proposals"]}


@pytest.mark.parametrize(
    ("rubric", "rule"), [(text, rule) for text, table in GROUNDS.items() for rule in table]
)
def test_what_follows_from_a_ground(rubric: str, rule: str) -> None:
    """A named person puts it on record; the office accepts or declines, with a reason."""
    article, then = GROUNDS[rubric][rule]
    diary = Diary(rubric).recognised()
    more = {"takes_effect": "2027-06-01"} if then in {"consent", "notify"} else {}
    record = diary.ground(rule, 2027, "2027-03-01", **more)
    assert proposed(diary) == {(then, article)}
    (found,) = diary.seen()["proposals"]
    assert found["because"].render() == "2027 年度登记：有据可查"
    diary.answer(rule, record, "2027-03-05", "declined", reason="证据不足")
    (declined,) = diary.seen()["answered"]
    assert (declined["outcome"], declined["reason"]) == ("declined", "证据不足")
    assert proposed(diary) == set()
    assert [p["rule"] for p in diary.seen()["declined"]] == [rule]
    assert diary.seen()["state"] == "recognised"
    diary.records[-1]["outcome"] = "accepted"
    state = {"revoke": "revoked"}.get(then, "recognised")
    assert diary.seen()["state"] == state


def test_a_proposal_is_answered_by_whom_the_text_names_and_once() -> None:
    """Not by the platform itself, and not twice."""
    diary = Diary(ZHONGSHAN).recognised()
    record = diary.ground("standing-false-material", 2027, "2027-03-01")
    rule = "standing-false-material"
    diary.answer(rule, record, "2027-03-05", by=diary.people["赋能平台"])
    with pytest.raises(Misstep, match="由“市人工智能产业办公室”作出"):
        diary.course()
    diary.records.pop()
    diary.answer(rule, record, "2027-03-05")
    diary.answer(rule, record, "2027-03-06")
    with pytest.raises(Misstep, match="没有待决定的建议"):
        diary.course()


def test_what_was_declined_may_be_decided_later() -> None:
    """By a new answer with a day and a reason of its own; the first one stays on record."""
    diary = Diary(ZHONGSHAN).recognised()
    rule = "standing-false-material"
    record = diary.ground(rule, 2027, "2027-03-01")
    diary.answer(rule, record, "2027-03-05", "declined", reason="复核未结束")
    diary.answer(rule, record, "2027-02-01", reason="提前写")
    with pytest.raises(Misstep, match="日期早于上一条记录"):
        diary.course()
    diary.records[-1]["day"] = "2027-06-01"
    seen = diary.seen()
    assert [(a["outcome"], a["on"].isoformat()) for a in seen["answered"]] == [
        ("declined", "2027-03-05"),
        ("accepted", "2027-06-01"),
    ]
    assert (seen["state"], seen["revoked"].isoformat()) == ("revoked", "2027-06-01")
    assert diary.seen("2027-05-31")["state"] == "recognised"
    assert seen["declined"] == []


def test_a_ground_is_judged_by_whom_the_office_declared() -> None:
    """Who judges 无故 is not in the text."""
    diary = Diary(ANHUI, judges={**Diary(ANHUI).rules["judges"], "absence": "市工信局"})
    diary.recognised().ground("absence", 2027, "2027-05-01")
    assert proposed(diary) == {("counts_as_failed", "第十二条")}
    diary.records[-1]["by"] = diary.people["省工业和信息化厅"]
    with pytest.raises(Misstep, match="第十二条：这一条由“市工信局”作出"):
        diary.course()


class TestRectification:
    """评估不合格的,给予一定期限整改;整改后仍不合格的,撤销示范区称号。 (第十二条)."""

    def ordered(self, **rules: Any) -> Diary:
        """A zone that failed in 2027 and was told on 1 April to mend it in 90 days."""
        diary = Diary(ANHUI, **rules).recognised()
        diary.answer("rectification", diary.graded(2027, "grade-unqualified"), "2027-04-01")
        return diary

    def test_has_a_declared_period(self) -> None:
        """90 days from 1 April 2027: 29 in April, 31 in May, 30 in June end on 30 June."""
        seen = self.ordered().seen("2027-06-30")
        assert seen["state"] == "rectifying"
        (due,) = (d for d in seen["deadlines"] if d["what"].render() == "evaluation-2027 整改")
        assert (due["last_day"].isoformat(), due["overdue"]) == ("2027-06-30", False)
        late = self.ordered().seen("2027-07-01")["deadlines"]
        assert [d["overdue"] for d in late if d["article"] == "第十二条"] == [True]

    def test_that_fails_leads_to_revocation(self) -> None:
        """The evaluation is repeated; a second 不合格 is followed by 撤销 and by nothing else."""
        diary = self.ordered()
        again = {"grade": "grade-unqualified"}
        record = diary.decide("assessment", "graded", "2027-07-05", 2027, **again)
        assert proposed(diary) == {("revoke", "第十二条")}
        (found,) = diary.seen()["proposals"]
        assert found["because"].render() == "2027 年度整改后仍不合格"
        diary.answer("revocation", record, "2027-07-20")
        seen = diary.seen()
        assert (seen["state"], seen["title"]) == ("revoked", None)
        assert seen["revoked"].isoformat() == "2027-07-20"

    def test_that_succeeds_leaves_the_title(self) -> None:
        """合格 after 整改: nothing is proposed."""
        diary = self.ordered()
        diary.decide("assessment", "graded", "2027-07-05", 2027, grade="grade-qualified")
        assert proposed(diary) == set()
        assert diary.seen()["state"] == "recognised"
        assert [y["repeated"] for y in diary.seen()["years"]] == [False, True]

    def test_is_repeated_from_the_declared_stage(self) -> None:
        """The text does not say whether materials are handed in again."""
        diary = self.ordered(repeat_from={"rectification": "self-assessment"})
        stages = [n["stage"] for n in diary.seen()["next"] if n["round"] == "evaluation-2027"]
        assert stages == ["self-assessment"]

    def test_may_be_declined(self) -> None:
        """The year stays failed, the reason is on record, and no revocation follows."""
        diary = Diary(ANHUI).recognised()
        record = diary.graded(2027, "grade-unqualified")
        diary.answer("rectification", record, "2027-04-01", "declined", reason="等次待复核")
        diary.decide("assessment", "graded", "2027-07-05", 2027, grade="grade-unqualified")
        with pytest.raises(Misstep, match="evaluation-2027 已经结束"):
            diary.course()


class TestAbsence:
    """无故不参加评估的,视为不合格。 (第十二条)."""

    def test_counts_as_failed_once_decided(self) -> None:
        """And so is followed by 整改, not at once by revocation."""
        diary = Diary(ANHUI).recognised()
        record = diary.ground("absence", 2027, "2027-05-01")
        assert diary.seen()["years"] == []
        decided = diary.answer("absence", record, "2027-05-10")
        assert [(y["grade"], y["deemed"]) for y in diary.seen()["years"]] == [("不合格", True)]
        last = diary.seen()["rounds"][-1]
        assert (last["verdict"].render(), last["record"]) == ("视为不合格", decided)
        assert proposed(diary) == {("rectify", "第十二条")}
        diary.answer("rectification", decided, "2027-05-20")
        diary.decide("assessment", "graded", "2027-09-01", 2027, grade="grade-unqualified")
        assert proposed(diary) == {("revoke", "第十二条")}

    def test_is_none_where_a_grade_stands(self) -> None:
        """Who was graded took part."""
        diary = Diary(ANHUI).recognised()
        diary.graded(2027, "grade-qualified")
        diary.ground("absence", 2027, "2027-05-01")
        with pytest.raises(Misstep, match="第十二条：evaluation-2027 已经结束"):
            diary.course()

    def test_may_be_found_justified(self) -> None:
        """Declined with a reason, the evaluation goes on."""
        diary = Diary(ANHUI).recognised()
        record = diary.ground("absence", 2027, "2027-05-01")
        diary.answer("absence", record, "2027-05-10", "declined", reason="汛情期间停工")
        diary.graded(2027, "grade-qualified", "2027-06-01")
        for r in diary.records[-4:]:
            r["reason"] = "准予延期"
        assert [y["grade"] for y in diary.seen()["years"]] == ["合格"]

    def test_needs_a_declared_round(self) -> None:
        """An evaluation that was never held cannot be missed."""
        diary = Diary(ANHUI).recognised()
        diary.ground("absence", 2040, "2040-05-01")
        with pytest.raises(Misstep, match="没有声明 2040 年度的评估轮次"):
            diary.course()


class TestChanges:
    """变更需经…同意; 更名、破产重组等重大调整应提前告知 (第十条)."""

    def test_consent_comes_before_the_change(self) -> None:
        """The last day is the one before; afterwards a reader is told."""
        diary = Diary(ZHONGSHAN).recognised()
        when = {"takes_effect": "2027-06-01"}
        record = diary.ground("standing-change-consent", 2027, "2027-05-01", **when)
        (due,) = (d for d in diary.seen("2027-06-01")["deadlines"] if d["article"] == "第十条")
        assert (due["last_day"].isoformat(), due["overdue"]) == ("2027-05-31", True)
        diary.answer("standing-change-consent", record, "2027-05-31")
        assert diary.seen()["remarks"] == []
        diary.records[-1]["day"] = "2027-06-01"
        (remark,) = diary.seen()["remarks"]
        assert remark.render() == "第十条：2027-06-01 才同意，变更已于 2027-06-01 生效"

    def test_notice_comes_the_declared_days_before(self) -> None:
        """30 days before 1 June 2027 is 2 May."""
        diary = Diary(ZHONGSHAN).recognised()
        when = {"takes_effect": "2027-06-01"}
        diary.ground("standing-change-notice", 2027, "2027-05-02", **when)
        assert diary.seen()["remarks"] == []
        diary.records[-1]["day"] = "2027-05-03"
        (remark,) = diary.seen()["remarks"]
        assert remark.render() == "第十条：最迟应在 2027-05-02 告知，2027-05-03 才告知"

    @pytest.mark.parametrize(
        ("rule", "more"),
        [("standing-change-consent", {}), ("standing-other", {"takes_effect": "2027-06-01"})],
    )
    def test_only_changes_take_effect(self, rule: str, more: dict[str, str]) -> None:
        """A change without its day, or a day without a change."""
        diary = Diary(ZHONGSHAN).recognised()
        diary.ground(rule, 2027, "2027-05-01", **more)
        with pytest.raises(Misstep, match="须写 takes_effect"):
            diary.course()


class TestRestart:
    """可重新启动评审认定流程 (第七条): a person decides."""

    def restarted(self, meanwhile: str) -> Diary:
        """A platform of which the office decided to start the recognition again."""
        diary = Diary(ZHONGSHAN, meanwhile={"standing-restart": meanwhile}).recognised()
        record = diary.ground("standing-restart", 2027, "2027-02-01")
        diary.answer("standing-restart", record, "2027-02-10")
        return diary

    def test_not_without_a_decision(self) -> None:
        """Who has the title does not apply again."""
        diary = Diary(ZHONGSHAN).recognised()
        diary.decide("stage-launch", "done", "2027-03-01", 2027)
        with pytest.raises(Misstep, match="没有决定重新启动认定"):
            diary.course()

    @pytest.mark.parametrize(
        ("meanwhile", "state"), [("kept", "recognised"), ("suspended", "suspended")]
    )
    def test_the_title_meanwhile(self, meanwhile: str, state: str) -> None:
        """Whether it rests is declared; the recognition begins at its first stage."""
        diary = self.restarted(meanwhile)
        assert diary.seen()["state"] == state
        diary.decide("stage-launch", "done", "2027-03-01", 2027)
        found = {n["round"]: n["stage"] for n in diary.seen()["next"]}
        assert found["recognition-2027"] == "stage-collection"

    def test_a_recognition_that_fails_decides_nothing_more(self) -> None:
        """What becomes of the title then is not in the text: a reader is told."""
        diary = self.restarted("kept")
        diary.decide("stage-launch", "rejected", "2027-03-01", 2027, reason="不再需要")
        assert diary.seen()["state"] == "recognised"
        (remark,) = diary.seen()["remarks"]
        assert "原文没有规定原称号如何处理" in remark.render()


class TestRevocation:
    """撤销: nothing else remains open, and a new application waits as declared."""

    def revoked(self, wait: int | str) -> Diary:
        """A platform revoked on 10 March 2027."""
        diary = Diary(ZHONGSHAN, reapplication=wait).recognised()
        record = diary.ground("standing-entity-ended", 2027, "2027-03-01")
        diary.ground("standing-other", 2027, "2027-03-02")
        diary.answer("standing-entity-ended", record, "2027-03-10")
        return diary

    def test_ends_what_was_open(self) -> None:
        """No stage, no proposal; no evaluation and no ground any more."""
        seen = self.revoked("never").seen()
        assert (seen["next"], seen["proposals"], seen["deadlines"]) == ([], [], [])
        diary = self.revoked("never")
        diary.decide("stage-self-report", "done", "2027-03-20", 2027)
        with pytest.raises(Misstep, match="没有取得称号的"):
            diary.course()
        diary.records.pop()
        diary.ground("standing-other", 2027, "2027-03-20")
        with pytest.raises(Misstep, match="没有称号，不能登记"):
            diary.course()

    @pytest.mark.parametrize(
        ("wait", "day", "message"),
        [
            ("never", "2030-03-01", "不允许重新申报"),
            (365, "2028-03-09", "2028-03-09 之后才能重新申报"),  # 2028 is a leap year
            (365, "2028-03-10", ""),
        ],
    )
    def test_a_new_application(self, wait: int | str, day: str, message: str) -> None:
        """365 days from 10 March 2027 end on 9 March 2028."""
        diary = self.revoked(wait)
        diary.decide("stage-launch", "done", day, 2028)
        if message:
            with pytest.raises(Misstep, match=message):
                diary.course()
        else:
            assert diary.seen()["state"] == "applying"

    def test_old_years_do_not_count_against_a_new_title(self) -> None:
        """两个年度 under one title."""
        diary = Diary(ANHUI, reapplication=1).recognised()
        record = diary.graded(2026, "grade-unqualified", "2026-03-20")
        diary.answer("rectification", record, "2026-03-21")
        again = {"grade": "grade-unqualified"}
        record = diary.decide("assessment", "graded", "2026-03-22", 2026, **again)
        diary.answer("revocation", record, "2026-03-23")
        for n, stage in enumerate(diary.rubric.procedures[0].stages):
            if stage.period == "publicity":
                diary.decide(stage.id, "begun", "2027-03-01", 2027)
            day = "2027-03-01" if n < 7 else "2027-03-20"
            diary.decide(stage.id, "done", day, 2027)
        assert diary.seen()["state"] == "recognised"
        assert diary.seen()["years"] == []


def test_the_next_evaluation_is_due_after_the_declared_interval() -> None:
    """定期组织开展综合评估 (第十一条): 365 days after the last grade, once no round is open."""
    diary = Diary(ANHUI)
    diary.years = range(2026, 2027)
    diary.recognised().graded(2026, "grade-qualified", "2026-03-20")
    (due,) = diary.seen("2027-03-21")["deadlines"]
    assert (due["last_day"].isoformat(), due["overdue"]) == ("2027-03-20", True)
    assert due["what"].render() == "下一次综合评估"


def test_records_after_the_text_has_expired() -> None:
    """有效期至2027年12月31日: a reader is told; whether they stand is not for the program."""
    diary = Diary(ZHONGSHAN).recognised()
    diary.ground("standing-other", 2027, "2027-12-31")
    assert diary.seen()["remarks"] == []
    diary.ground("standing-other", 2028, "2028-01-01")
    (remark,) = diary.seen()["remarks"]
    assert remark.render() == "原文有效期至 2027-12-31，此后的 1 条记录须另有依据"
    assert diary.seen("2027-12-31")["remarks"] == []


def test_an_unknown_rule_is_refused() -> None:
    """The error lists what may be put on record."""
    diary = Diary(ANHUI).recognised()
    diary.ground("absence", 2027, "2027-05-01")
    diary.records[-1]["rule"] = "rectification"
    with pytest.raises(Misstep, match="这里没有规定 rectification，可选：absence"):
        diary.course()


def test_a_rule_names_grades_where_it_rests_on_them() -> None:
    """And only there."""
    data = {"id": "r", "article": "第一条", "text": "…", "then": "favour"}
    with pytest.raises(ValidationError, match="须写 grades"):
        StandingRule.model_validate({**data, "when": "graded"})
    with pytest.raises(ValidationError, match="须写 grades"):
        StandingRule.model_validate({**data, "when": "failed", "grades": ["a"]})
