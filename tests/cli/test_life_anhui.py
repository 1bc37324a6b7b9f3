"""Anhui's recognitions as offices live them: from the notice to the title, by commands alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support import life_tables
from tests.support.drafts import RUBRICS
from tests.support.life_office import OfficeLife

pytestmark = pytest.mark.lives

NAMES = {f"a{n}": f"示例县{name}" for n, name in enumerate("甲乙丙丁戊己", 1)}
SHARES = {id: Decimal(share) / 10 for id, share in zip(NAMES, (9, 8, 8, 10, 6, 5), strict=True)}
"""a3 lags behind a2 in the first measured value only; a4 would be first, and fails a condition."""

EVERYBODY = "，".join(NAMES)
OPEN = {
    "rules.judges": "{site-visit: 省工业和信息化厅, publicity: 省工信厅, absence: 省工信厅}",
    "rules.days": "{publicity: 7, evaluation: 365, rectification: 90}",
    "rules.objections": "{publicity: continue}",
    "rules.repeat_from": "{rectification: self-assessment}",
    "rules.reapplication": "730",
    "rounds": "[{id: rec, procedure: recognition, year: 2026, due: {submission: 2026-03-31}}]",
}
"""What the text leaves to the office."""

ANEW = "r09/round"
"""Where the round lies that takes the place of the first: in the case of objection r09."""
PAPER = ("--typed-by", "录入员示例", "--source", "签字原件存 3 号卷")
TEXTS = {
    "anhui-application-2025": ("附件1", "第六条（一）3", "深度应用类"),
    "anhui-product-2025": ("附件2", "第六条（二）3", "产品创新类"),
    "anhui-enabling-2025": ("附件3", "第六条（三）3", "技术赋能类"),
}
"""Of each text: its table, the provision of its last condition, and the end of its title."""


class Recognition(OfficeLife):
    """A recognition on one of Anhui's three tables."""

    def __init__(self, folder: Path, text: str) -> None:
        super().__init__(folder, RUBRICS[text], 2026)
        self.annex, self.last_condition, kind = TEXTS[text]
        self.title = f"安徽省人工智能赋能新型工业化示范区({kind})"
        self.measured = life_tables.counted(self.rubric)
        self.failed, self.unclear = self.rubric.gates[1], self.rubric.gates[-1]

    def value(self, row: Mapping[str, str]) -> tuple[str, str]:
        """What the office writes in a row of the template."""
        who, what = row["评审对象标识"], row["项目标识"]
        if row["类别"] == "测量值":
            less = 10 if (who, what) == ("a3", self.measured[0].id) else 0
            return f"{SHARES[who] * 100 - less:f}", "统计年报"
        if (who, what) == ("a4", self.failed.id):
            return "不满足", "四至范围没有批复"
        return ("尚不清楚", "") if (who, what) == ("a5", self.unclear.id) else ("满足", "初审意见")

    def on_list(self, words: str) -> list[str]:
        """Whom a list with the title names."""
        assert self.title in words
        return [id for id, name in NAMES.items() if name in words]


def formed(life: Recognition) -> None:
    """The panel, from the draft to the opened round."""
    life_tables.experts(life.folder / "experts.csv", 5)
    life_tables.applicants(life.folder / "applicants.csv", NAMES)
    lists = ("--experts", "experts.csv", "--applicants", "applicants.csv")
    new = ("panel", "new", life.rubric.id, "--procedure", "recognition", "--out", "panel.yaml")
    life.step("第三条", *new, "--profile", "trimmed-by-indicator", *lists)
    rule = "{{method: target_ratio, better: higher, target: 100{part}}}"
    values = {
        f"rules.measures.indicators.{i.id}": rule.format(
            part=", points: 1" if i.kind == "mixed" else ""
        )
        for i in life.measured
    }
    about = {
        "id": "anhui-2026",
        "title": "2026年度示范区认定评审",
        "schedule": "{opens: 2026-05-11T09:00:00+08:00, lock: 2026-05-15T17:30:00+08:00}",
        "profile": "{id: trimmed-by-indicator, adopted_by: 处务会, decided_on: 2026-04-28}",
        "rules.step": "0.1",
        "rules.measures.missing": "refuse",
        "rules.selection": "{places: 2, tie_at_cut: none}",
    }
    life.declare(life.annex, "panel.yaml", {**values, **about})
    life.step("第十条", "panel", "check", "panel.yaml")
    life.step("第十条", "panel", "open", "panel.yaml", "--out", "round")


def scored(life: Recognition) -> None:
    """Sheets, values and conditions; the gate holds until nothing is missing."""
    lock = ("panel", "lock", "round", "--yes")
    life.refused("第十条", *lock, said="评分表")
    points = life_tables.scored(life.rubric, Decimal(1))
    life_tables.sheets(life.folder / "sheets.csv", points, SHARES, 5)
    life.step("第十条", "record", "scores", "round", "sheets.csv", *PAPER)
    life.step(life.annex, "record", "template", "round", "--out", "values.csv")
    life_tables.fill(life.folder / "values.csv", life.value)
    life.step(life.annex, "record", "table", "round", "values.csv")
    life.refused("第十条", *lock, said="尚不清楚")
    life.refused("第十条", "panel", "check", "round", "--for-lock", said="共缺 1 项")
    cleared = ("--applicant", "a5", "--condition", life.unclear.id, "--value", "满足")
    why = ("--evidence", "补充材料", "--reason", "补正后查清")
    life.step(life.last_condition, "record", "gate", "round", *cleared, *why)
    for id in ("a1", "a4"):
        words = ("--applicant", id, "--text", f"{NAMES[id]}基础扎实。")
        life.step("第十条", "panel", "opinion", "round", *words)
    life.step("第十条", *lock)


def evaluated(life: Recognition) -> None:
    """Totals by hand; who fails a condition has no rank; minutes, and the list for publicity."""
    rows = life.results("第十条", "round")
    behind = life.measured[0].points / 10
    totals = [100 * share - (behind if id == "a3" else 0) for id, share in SHARES.items()]
    assert [Decimal(rows[id]["total"]) for id in SHARES] == totals
    assert [rows[id]["rank"] for id in SHARES] == [1, 2, 3, None, 4, 5]
    assert [rows[id]["selected"] for id in SHARES] == ["yes", "yes", "no", "no", "no", "no"]
    minutes = life.export("第十条", "round", "minutes")
    assert minutes.startswith("2026年度示范区认定评审会议纪要\n")
    assert all(name in minutes for name in NAMES.values())
    assert f"{NAMES['a4']}基础扎实。" in minutes
    public = life.export("第十条", "round", "publicity")
    assert "，2026年度示范区认定已完成评审，现将拟认定示范区名单予以公示" in public
    assert life.on_list(public) == ["a1", "a2"]


def told(life: Recognition) -> None:
    """Reports: to whom failed, why; to whom had been unclear, the rank."""
    command = ("report", "round", "--out", "reports", "--applicant", "a4", "--applicant", "a5")
    life.step(life.failed.article, *command)
    failed, cleared = (
        (life.folder / f"reports/{id}.html").read_text("utf-8") for id in ("a4", "a5")
    )
    assert "四至范围没有批复" in failed
    assert "四至范围没有批复" not in cleared
    assert NAMES["a5"] in cleared
    assert NAMES["a4"] not in cleared


def applied(life: Recognition) -> None:
    """The office's file, from the panel; the call, consent, submission and first check of each."""
    new = ("standing", "new", life.rubric.id, "--out", "office")
    life.step("第四条", *new, "--panel", "panel.yaml")
    persons = {f"persons[p{n}].name": f"{name}示例" for n, name in enumerate("厅市组", 1)}
    about = {"id": "office-2026", "title": "示范区资格登记", "office": "示范区工作处"}
    life.declare("第四条", "office/standing.yaml", {**about, **persons, **OPEN})
    life.step("第四条", "standing", "check", "office")
    life.act("第七条", EVERYBODY, "申报通知", "完成", on="03-02")
    life.act("第八条", EVERYBODY, "consent", "完成", on="03-20", by="own1")
    life.act("第九条", EVERYBODY, "提交申报材料", "完成", on="03-30", by="own2")
    life.act("第八条", EVERYBODY, "first-check", "通过", on="04-10", by="p2")


def decided(life: Recognition) -> None:
    """The review as it was locked, no visit, the decision by what is proposed, publicity."""
    review = ("--round", "rec", "--stage", "expert-review")
    life.take("第十条", "round", "05-16", *review, by="p3")
    why = ("--reason", "申报材料可远程核验，专家组一致认为不必到现场")
    life.act("第十条", EVERYBODY, "现场考察", "不必进行", *why, on="05-18")
    decision = ("--round", "rec", "--stage", "collective-decision", "--decide")
    life.take("第十条", "round", "05-20", *decision, by="p1")
    life.act("第十条", "a1，a2", "公示", "开始公示", on="05-21")
    late = ("standing", "record", "office", "decide", "a3", "公示", "开始公示", "--by", "p1")
    life.refused("第十条", *late, said="已经结束")


def objected(life: Recognition, *steps: tuple[str, ...]) -> str:
    """An objection to a2 in publicity and what becomes of it, a day each; the answer as Word."""
    ground = ("--objector", "李示例", "--objector-is", "第三方", "--reason", "统计数据有误")
    life.act("第十条", "a2", "公示", "提出异议", *ground, on="05-24")
    for day, (outcome, *more) in enumerate(steps, 25):
        life.act("第十条", "a2", "公示", outcome, *more, on=f"05-{day}")
    return life.notice("第十条", "objection", "--applicant", "a2")


def recognised(life: Recognition, *ids: str, month: str) -> None:
    """Publicity is over: the titles, a paper for each, and the list of the round."""
    life.act("第十条", "、".join(ids), "公示", "完成", on=f"{month}-30")
    life.act("第十条", "、".join(ids), "认定并公布", "完成", on=f"{month}-30")
    for id in ids:
        words = life.notice("第十条", "recognition", "--applicant", id)
        assert f"关于认定{NAMES[id]}为“{life.title}”的公告" in words
        assert life.shown("第十条", id)["title"] == life.title
    nobody = ("standing", "notice", "office", "--kind", "recognition", "--applicant", "a4")
    life.refused("第十条", *nobody, "--out", "no.docx", said="没有认定的记录")
    assert life.on_list(life.notice("第十条", "list", "--round", "rec")) == [*ids]


def until_publicity(folder: Path, text: str, *, reports: bool = False) -> Recognition:
    """A life from the notice to the publicity of the two who are proposed."""
    life = Recognition(folder, text)
    life.step("征求意见公告", "rubric", "show", text)
    formed(life)
    scored(life)
    evaluated(life)
    if reports:
        told(life)
    applied(life)
    decided(life)
    return life


ENDS = {
    "anhui-application-2025": [
        ("受理异议",),
        ("核查异议", "--reason", "与年报一致"),
        ("异议不成立", "--reason", "数据属实"),
    ],
    "anhui-product-2025": [("不予受理异议", "--reason", "没有提供依据")],
}
"""What becomes of the objection."""


def none_upheld(folder: Path, text: str, *, reports: bool = False) -> None:
    """Two of six are recognised, one of them after an objection that came to nothing."""
    life = until_publicity(folder, text, reports=reports)
    outcome, *_more, reason = ENDS[text][-1]
    answer = objected(life, *ENDS[text])
    assert f"{outcome.removesuffix('异议')}。理由：{reason}。" in answer
    recognised(life, "a1", "a2", month="05")
    life.finished("round")


@pytest.mark.processes
def test_an_objection_that_is_dismissed(tmp_path: Path) -> None:
    """Taken up, checked, and not so; with reports to applicants."""
    none_upheld(tmp_path, "anhui-application-2025", reports=True)


def test_an_objection_that_is_not_taken_up(tmp_path: Path) -> None:
    """Nothing shows that it might be so."""
    none_upheld(tmp_path, "anhui-product-2025")


def test_an_upheld_objection(tmp_path: Path) -> None:
    """A value was wrong: a round in place of the first, another list, its publicity."""
    life = until_publicity(tmp_path, "anhui-enabling-2025")
    upheld = ("异议成立", "--to", "expert-review", "--reason", "多报了企业数")
    answer = objected(life, ("受理异议",), ("核查异议", "--reason", "年报为 50"), upheld)
    assert "异议成立。理由：多报了企业数。" in answer
    superseded(life)
    decided_anew(life)
    recognised(life, "a1", "a3", month="06")
    assert life.shown("第十条", "a2")["state"] == "rejected"
    life.finished("round", ANEW)


def superseded(life: Recognition) -> None:
    """The successor round with the right value, and what it changes."""
    first = life.measured[0]
    who = ("--objector", "李示例", "--objector-is", "第三方", "--ground", "企业数有误")
    about = ("--applicant", "a2", *who, "--received", "2026-05-24", "--standing", "office")
    life.step("第十条", "appeal", "open", "round", "--out", "r09", *about, "--by", "厅示例")
    reviewer = ("--reviewer", "王复核:示例大学")
    life.step("第十条", "appeal", "accept", "r09", "--by", "厅示例", *reviewer)
    why = ("--reason", "多报了企业数", "--by", "厅示例")
    reopened = ("--reopen-value", f"a2:{first.id}")
    life.step("第十条", "appeal", "amend", "r09", *why, *reopened)
    life.refused("第十条", "panel", "lock", ANEW, "--yes", said=NAMES["a2"])
    value = ("--applicant", "a2", "--indicator", first.id, "--value", "50", "--evidence", "年报")
    life.step(life.annex, "record", "measure", ANEW, *value)
    life.step("第十条", "panel", "lock", ANEW, "--yes")
    said = life.step("第十条", "appeal", "compare", "r09", "--out", "对照.docx").stdout
    decision = ("--by", "厅示例", "--reason", "企业数为 50")
    life.step("第十条", "appeal", "decide", "r09", "变更", *decision)
    assert "复核认为：企业数为 50。" in life.words("r09/papers/复核决定.docx")
    assert "公示名单有变（新列入 示例县丙、不再列入 示例县乙），须重新公示" in said
    assert "测量值由 80 改为 50" in life.words("对照.docx")
    rows = life.results("第十条", ANEW)
    assert Decimal(rows["a2"]["total"]) == 80 - first.points * 3 / 10
    assert [rows[id]["rank"] for id in SHARES] == [1, 3, 2, None, 4, 5]
    assert life.on_list(life.export("第十条", ANEW, "publicity")) == ["a1", "a3"]


def decided_anew(life: Recognition) -> None:
    """Everybody's record follows the successor; the new list has its own publicity."""
    back = ("--to", "集体决策", "--reason", "名单有变，须重新公示")
    life.act("第十条", "a1", "公示", "退回", *back, on="05-28")
    because = ("--round", "rec", "--reason", "以复核轮次的结果为准")
    life.take("第十条", ANEW, "06-02", *because, "--stage", "expert-review", by="p3")
    visit = ("--reason", "核查异议时已到现场")
    life.act("第十条", "a2", "现场考察", "不必进行", *visit, on="06-03")
    decision = ("--stage", "collective-decision", "--decide")
    life.take("第十条", ANEW, "06-04", *because, *decision, by="p1")
    life.act("第十条", "a1，a3", "公示", "开始公示", on="06-08")
