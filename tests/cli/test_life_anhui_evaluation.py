"""An evaluation of Anhui as an office lives it: grades, 整改, revocation, absence, by commands."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.support import life_tables
from tests.support.drafts import RUBRICS
from tests.support.life_office import OfficeLife

pytestmark = pytest.mark.lives

NAMES = {f"s{n}": f"示例县{name}" for n, name in enumerate("甲乙丙丁戊", 1)}
TITLE = "安徽省人工智能赋能新型工业化示范区(深度应用类)"
HAD = f"{{day: 2025-12-15, title: {TITLE}, document: 认定公告第 1 号}}"
OWN = "[{id: zone, name: 区示例, roles: [示范区建设单位]}]"
LISTED = ", ".join(
    f"{{id: {id}, name: {name}, recognised: {HAD}, persons: {OWN}}}" for id, name in NAMES.items()
)
OFFICE = {
    "id": "office-2026",
    "title": "示范区资格登记",
    "office": "示范区工作处",
    "rules.judges": "{site-visit: 省工信厅, publicity: 省工信厅, absence: 省工信厅}",
    "rules.days": "{publicity: 7, evaluation: 365, rectification: 90}",
    "rules.objections": "{publicity: continue}",
    "rules.repeat_from": "{rectification: self-assessment}",
    "rules.reapplication": "730",
    "rules.owed": "{progress-report: {first: same_year, by: 03-31}}",
    "rounds": "[{id: rec, procedure: recognition, year: 2026, due: {submission: 2026-10-31}}, "
    "{id: eval, procedure: evaluation, year: 2026, due: {self-assessment: 2026-03-15}}]",
    "applicants": f"[{LISTED}]",
}
"""What a person fills in: five who were recognised in the year before."""

TABLE = (
    "{points: 100, dimensions: [{id: done, name: 建设任务, points: 60, indicators: ["
    "{id: progress, name: 建设方案进度, points: 60, kind: qualitative}]}, "
    "{id: growth, name: 成效, points: 40, indicators: ["
    "{id: investment, name: 人工智能投入增速, points: 40, kind: quantitative, unit: '%'}]}], "
    "deductions: [{id: late-reports, name: 未按要求报送进展, points: 5}]}"
)
METHOD = "{method: target_ratio, better: higher, target: 100}"
PANEL = {
    "title": "2026年度示范区综合评估",
    "profile": "{id: trimmed-by-indicator, adopted_by: 处务会, decided_on: 2026-03-28}",
    "table": TABLE,
    "rules.grades": "[{grade: grade-excellent, at_least: 85}, "
    "{grade: grade-qualified, at_least: 60}]",
    "rules.deductions": "{floor: zero}",
    "rules.measures": f"{{missing: refuse, indicators: {{investment: {METHOD}}}}}",
}
"""The text has no table for evaluations; the panel declares one."""

PAPER = ("--typed-by", "录入员示例", "--source", "签字原件存 5 号卷")
ASSESSMENT = ("--round", "eval", "--stage", "assessment")


def office(life: OfficeLife) -> None:
    """The office's file, from the draft."""
    life.step("第四条", "standing", "new", life.rubric.id, "--out", "office")
    persons = {f"persons[p{n}].name": f"{name}示例" for n, name in enumerate("厅市组", 1)}
    life.declare("第四条", "office/standing.yaml", {**OFFICE, **persons})
    life.step("第四条", "standing", "check", "office")


def submitted(life: OfficeLife, ids: str, written: str, checked: str) -> None:
    """The self-assessments and the check of the city."""
    life.act("第十一条", ids, "自评估报告", "完成", on=written, by="zone")
    life.act("第十一条", ids, "市工信局审核", "通过", on=checked, by="p2")


def reviewed(life: OfficeLife, name: str, month: str, shares: dict[str, str], late: str) -> None:
    """A panel, from the draft to the lock: ``shares`` of all points; one loses 2 as ``late``."""
    life_tables.experts(life.folder / "experts.csv", 5)
    life_tables.applicants(life.folder / "applicants.csv", {id: NAMES[id] for id in shares})
    file, lists = f"{name}-files/panel.yaml", ("--experts", "experts.csv")
    lists += ("--applicants", "applicants.csv", "--profile", "trimmed-by-indicator")
    new = ("panel", "new", life.rubric.id, "--procedure", "evaluation", "--out", file)
    life.step("第十一条", *new, *lists)
    opens, lock = (f"2026-{month}-{at}:00+08:00" for at in ("01T09:00", "04T17:30"))
    days = f"{{opens: {opens}, lock: {lock}}}"
    life.declare("第十二条", file, {"id": name, "schedule": days, **PANEL})
    life.step("第十一条", "panel", "open", file, "--out", name)
    points = {id: Decimal(share) for id, share in shares.items()}
    life_tables.sheets(life.folder / "sheets.csv", {"progress": Decimal(60)}, points, 5)
    life.step("第十一条", "record", "scores", name, "sheets.csv", *PAPER)
    for id, share in points.items():
        life.refused("第十一条", "panel", "lock", name, "--yes", said=NAMES[id])
        value = ("--indicator", "investment", "--value", f"{share * 100:f}%", "--evidence", "年报")
        life.step("第十一条", "record", "measure", name, "--applicant", id, *value)
        points_off = "2" if id == late else "0"
        off = ("--item", "late-reports", "--points", points_off, "--evidence", "报送记录")
        life.step("第十三条", "record", "deduction", name, "--applicant", id, *off)
    life.step("第十一条", "panel", "lock", name, "--yes")


def answered(life: OfficeLife, who: str, rule: str, outcome: str, on: str, why: str) -> None:
    """The decision on a proposal."""
    life.record("第十二条", "answer", who, rule, outcome, "--reason", why, by="p1", on=on)


def rewarded(life: OfficeLife) -> None:
    """优秀: recommended; support is declined and decided later, as of that later day."""
    answered(life, "s1", "recommendation", "采纳", "04-28", "列入下一批推荐名单")
    answered(life, "s1", "preference", "不采纳", "04-28", "本年度资金已安排完毕")
    (waiting,) = life.shown("第十二条", "s1")["declined"]
    assert waiting["rule"] == "preference"
    answered(life, "s1", "preference", "采纳", "06-15", "追加资金已下达")
    seen = life.shown("第十二条", "s1")
    assert [(a["rule"], a["outcome"], a["on"]) for a in seen["answered"]] == [
        ("recommendation", "accepted", "2026-04-28"),
        ("preference", "declined", "2026-04-28"),
        ("preference", "accepted", "2026-06-15"),
    ]


def absent(life: OfficeLife) -> None:
    """无故不参加: judged so, counted as 不合格, then given time like any other who failed."""
    why = ("--year", "2026", "--reason", "两次催告未答复")
    life.record("第十二条", "ground", "s5", "absence", *why, by="p1", on="04-06")
    assert life.shown("第十二条", "s5")["years"] == []
    answered(life, "s5", "absence", "采纳", "04-12", "不参加评估没有正当理由")
    (year,) = life.shown("第十二条", "s5")["years"]
    assert (year["grade"], year["deemed"]) == ("不合格", True)
    answered(life, "s5", "rectification", "采纳", "04-28", "限期补评")
    seen = life.shown("第十二条", "s5", "--on", "2026-09-01")
    assert seen["state"] == "rectifying"
    late = [(d["what"], d["last_day"]) for d in seen["deadlines"] if d["overdue"]]
    assert late == [("eval 整改", "2026-07-27")]


def rectified(life: OfficeLife) -> None:
    """Two are evaluated again after 整改: one passes, the other loses its title."""
    for id in ("s3", "s4"):
        answered(life, id, "rectification", "采纳", "04-28", "重点项目没有开工")
        order = life.notice("第十二条", "rectification", "--applicant", id)
        assert f"关于{NAMES[id]}限期整改的通知" in order
        assert "整改期限为90日，自2026年4月28日起至2026年7月27日止。" in order
    submitted(life, "s3，s4", "07-20", "07-25")
    reviewed(life, "second", "08", {"s3": "0.5", "s4": "0.8"}, late="")
    life.take("第十二条", "second", "08-05", *ASSESSMENT, by="p1")
    passed = life.shown("第十二条", "s4")
    assert [(y["grade"], y["repeated"]) for y in passed["years"]] == [
        ("不合格", False),
        ("合格", True),
    ]
    assert (passed["state"], passed["proposals"]) == ("recognised", [])


def revoked(life: OfficeLife) -> None:
    """The title is gone from that day; nothing can be applied for within 730 days."""
    paper = ("standing", "notice", "office", "--kind", "revocation", "--applicant")
    life.refused("第十二条", *paper, "s3", "--out", "no.docx", said="没有撤销的记录")
    answered(life, "s3", "revocation", "采纳", "08-20", "整改后项目仍未开工")
    gone = life.notice("第十二条", "revocation", "--applicant", "s3")
    assert f"关于撤销{NAMES['s3']}“{TITLE}”称号的公告" in gone
    assert "决定自2026年8月20日起撤销" in gone
    seen = life.shown("第十二条", "s3")
    assert (seen["state"], seen["title"], seen["revoked"]) == ("revoked", None, "2026-08-20")
    life.refused("第十二条", *paper, "s4", "--out", "no.docx", said="没有撤销的记录")
    again = ("standing", "record", "office", "decide", "s3", "申报通知", "完成", "--by", "p1")
    life.refused("第十二条", *again, "--day", "2026-09-01", said="2028-08-19")


def reported(life: OfficeLife) -> None:
    """Reports of the year before were due by 31 March: in time, late, and not at all."""
    report = ("progress-report", "--year", "2025", "--evidence", "年度进展报告")
    life.record("第十三条", "figure", "s2", *report, by="zone", on="05-10")
    late = [life.shown("第十三条", id)["figures"][0]["late"] for id in ("s1", "s2")]
    assert late == [0, 40]
    shown = life.step("第十三条", "standing", "show", "office", "--on", "2026-09-01").stdout
    assert shown.count("2026-05-10；最后一日 2026-03-31，逾期 40 天") == 1
    for id, overdue in (("s1", []), ("s2", []), ("s4", [2025])):
        owed = life.shown("第十三条", id, "--on", "2026-09-01")["owed"]
        assert [o["year"] for o in owed if o["overdue"]] == overdue


def test_an_evaluation(tmp_path: Path) -> None:
    """优秀, 合格, twice 不合格, and one that stayed away."""
    life = OfficeLife(tmp_path, RUBRICS["anhui-application-2025"], 2026)
    office(life)
    report = ("progress-report", "--year", "2025", "--evidence", "年度进展报告")
    life.record("第十三条", "figure", "s1", *report, by="zone", on="01-20")
    life.act("第十一条", "，".join(NAMES), "评估通知", "完成", on="02-02")
    submitted(life, "s1，s2，s3，s4", "03-10", "03-22")
    shares = {"s1": "0.9", "s2": "0.7", "s3": "0.4", "s4": "0.5"}
    reviewed(life, "first", "04", shares, late="s2")
    rows = life.results("第十二条", "first")
    totals = {"s1": "90.00", "s2": "68.00", "s3": "40.00", "s4": "50.00"}
    assert {id: row["total"] for id, row in rows.items()} == totals
    assert "优秀" in life.export("第十二条", "first", "minutes")
    life.take("第十二条", "first", "04-20", *ASSESSMENT, by="p1")
    rewarded(life)
    absent(life)
    rectified(life)
    revoked(life)
    reported(life)
    grades = life.notice("第十二条", "list", "--round", "eval").split("\n")
    came_to = {name: grades[grades.index(name) + 1] for name in NAMES.values() if name in grades}
    assert list(came_to.items()) == [
        ("示例县甲", "优秀"),
        ("示例县乙", "合格"),
        ("示例县丙", "不合格"),
        ("示例县丁", "合格"),
    ]
    life.finished("first", "second")
