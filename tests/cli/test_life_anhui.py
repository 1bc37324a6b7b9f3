"""Anhui's recognitions as offices live them: from the notice to the title, by commands alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.support import life_tables
from tests.support.command import Run
from tests.support.drafts import RUBRICS
from tests.support.lives import Life

NAMES = {f"a{n}": f"示例县{name}" for n, name in enumerate("甲乙丙丁戊己", 1)}
SHARES = {id: Decimal(share) / 10 for id, share in zip(NAMES, (9, 8, 8, 10, 6, 5), strict=True)}
"""a3 lags behind a2 in the first measured value only; a4 would be first, and fails a condition."""

OPEN = {
    "rules.judges": "{site-visit: 省工业和信息化厅, publicity: 省工信厅, absence: 省工信厅}",
    "rules.days": "{publicity: 7, evaluation: 365, rectification: 90}",
    "rules.objections": "{publicity: continue}",
    "rules.repeat_from": "{rectification: self-assessment}",
    "rules.reapplication": "730",
}
"""What the text leaves to the office."""

PAPER = ("--typed-by", "录入员示例", "--source", "签字原件存 3 号卷")
ROUND = "rec-2026"
TEXTS = {
    "anhui-application-2025": ("附件1", "第六条（一）3", "深度应用类"),
    "anhui-product-2025": ("附件2", "第六条（二）3", "产品创新类"),
    "anhui-enabling-2025": ("附件3", "第六条（三）3", "技术赋能类"),
}
"""Of each text: its table, the provision of its last condition, and the end of its title."""


class Recognition(Life):
    """A recognition on one of Anhui's three tables."""

    def __init__(self, folder: Path, text: str) -> None:
        super().__init__(folder, RUBRICS[text])
        self.annex, self.last_condition, kind = TEXTS[text]
        self.title = f"安徽省人工智能赋能新型工业化示范区({kind})"
        self.measured = life_tables.counted(self.rubric)
        self.failed, self.unclear = self.rubric.gates[1], self.rubric.gates[-1]

    def declare(self, provision: str, file: str, values: Mapping[str, str]) -> None:
        """Fill in a draft to its end."""
        pairs = [f"{key}={value}" for key, value in values.items()]
        assert "没有待定的了" in self.step(provision, "declare", file, *pairs).stdout

    def act(self, provision: str, who: str, *command: str, on: str, by: str = "p1") -> str:
        """``evalkit standing record office decide`` of 2026."""
        decide = ("standing", "record", "office", "decide", who, *command)
        return self.step(provision, *decide, "--by", by, "--day", f"2026-{on}").stdout

    def take(self, stage: str, folder: str, on: str, *more: str, by: str = "p3") -> str:
        """What the locked results in ``folder`` say, for a stage."""
        take = ("standing", "take", "office", folder, "--round", ROUND, "--stage", stage)
        return self.step("第十条", *take, "--by", by, "--day", f"2026-{on}", *more).stdout

    def results(self, folder: str) -> dict[str, dict[str, Any]]:
        """Official results, by applicant."""
        found = json.loads(self.step("第十条", "evaluate", folder, "--json").stdout)
        assert found["status"] == "official"
        return {row["id"]: row for row in found["applicants"]}

    def paper(self, provision: str, *command: str, file: str) -> str:
        """The words of a Word file that a command writes."""
        self.step(provision, *command)
        document = docx.Document(str(self.folder / file))
        cells = (c.text for t in document.tables for row in t.rows for c in row.cells)
        lines = (p.text.replace("\n", "") for p in document.paragraphs)  # headings are balanced
        return "\n".join([*lines, *cells])

    def value(self, row: Mapping[str, str]) -> tuple[str, str]:
        """What the office writes in a row of the template."""
        who, what = row["评审对象标识"], row["项目标识"]
        if row["类别"] == "测量值":
            less = 10 if (who, what) == ("a3", self.measured[0].id) else 0
            return f"{SHARES[who] * 100 - less:f}", "统计年报"
        if (who, what) == ("a4", self.failed.id):
            return "不满足", "四至范围没有批复"
        return ("尚不清楚", "") if (who, what) == ("a5", self.unclear.id) else ("满足", "初审意见")


def formed(life: Recognition) -> None:
    """The panel, from the draft to the opened round."""
    life_tables.experts(life.folder / "experts.csv", 5)
    life_tables.applicants(life.folder / "applicants.csv", NAMES)
    lists = ("--experts", "experts.csv", "--applicants", "applicants.csv")
    new = ("panel", "new", life.rubric.id, "--procedure", "recognition", "--out", "panel.yaml")
    life.step("第三条", *new, "--profile", "trimmed-by-indicator", *lists)
    method = "method: target_ratio, better: higher, target: 100"
    part = {"mixed": ", points: 1", "quantitative": ""}
    life.declare(
        life.annex,
        "panel.yaml",
        {
            f"rules.measures.indicators.{i.id}": f"{{{method}{part[i.kind]}}}"
            for i in life.measured
        }
        | {
            "id": "anhui-2026",
            "title": "2026年度示范区认定评审",
            "schedule": "{opens: 2026-05-11T09:00:00+08:00, lock: 2026-05-15T17:30:00+08:00}",
            "profile": "{id: trimmed-by-indicator, adopted_by: 处务会, decided_on: 2026-04-28}",
            "rules.step": "0.1",
            "rules.measures.missing": "refuse",
            "rules.selection": "{places: 2, tie_at_cut: none}",
        },
    )
    life.step("第十条", "panel", "check", "panel.yaml")
    life.step("第十条", "panel", "open", "panel.yaml", "--out", "round")


def refused(run: Run, *said: str) -> None:
    """Each of these is among what a command says that something is missing."""
    for words in said:
        assert words in run.stdout + run.stderr


def scored(life: Recognition) -> None:
    """Sheets, values and conditions; the gate holds until nothing is missing."""
    lock = ("panel", "lock", "round", "--yes")
    refused(life.step("第十条", *lock, code=1), "评分表")
    points = life_tables.scored(life.rubric, Decimal(1))
    life_tables.sheets(life.folder / "sheets.csv", points, SHARES, 5)
    life.step("第十条", "record", "scores", "round", "sheets.csv", *PAPER)
    life.step(life.annex, "record", "template", "round", "--out", "values.csv")
    life_tables.fill(life.folder / "values.csv", life.value)
    life.step(life.annex, "record", "table", "round", "values.csv")
    refused(life.step("第十条", *lock, code=1), NAMES["a5"], "尚不清楚")
    refused(life.step("第十条", "panel", "check", "round", "--for-lock", code=1), "共缺 1 项")
    cleared = ("--applicant", "a5", "--condition", life.unclear.id, "--value", "满足")
    why = ("--evidence", "补充材料", "--reason", "补正后查清")
    life.step(life.last_condition, "record", "gate", "round", *cleared, *why)
    for id in NAMES:
        words = ("--applicant", id, "--text", f"{NAMES[id]}基础扎实，同意评审结果。")
        life.step("第十条", "panel", "opinion", "round", *words)
    life.step("第十条", *lock)


def evaluated(life: Recognition) -> None:
    """Totals by hand; who fails a condition has no rank; minutes, and the list for publicity."""
    rows = life.results("round")
    behind = life.measured[0].points / 10
    totals = {id: 100 * share - (behind if id == "a3" else 0) for id, share in SHARES.items()}
    assert {id: Decimal(rows[id]["total"]) for id in SHARES} == totals
    assert [rows[id]["rank"] for id in SHARES] == [1, 2, 3, None, 4, 5]
    assert [rows[id]["selected"] for id in SHARES] == ["yes", "yes", "no", "no", "no", "no"]
    minutes = life.paper("第十条", "export", "round", "--out", "papers", "--format", "minutes",
                         file="papers/minutes.docx")  # fmt: skip
    assert all(f"{name}基础扎实" in minutes for name in NAMES.values())
    assert publicised(life, "round") == ["示例县甲", "示例县乙"]


def publicised(life: Recognition, folder: str) -> list[str]:
    """Who is on the list for publicity of a round."""
    paper = ("export", folder, "--out", folder + "-papers", "--format", "publicity")
    words = life.paper("第十条", *paper, file=f"{folder}-papers/publicity.docx")
    assert life.title in words
    return [name for name in NAMES.values() if name in words]


def applied(life: Recognition) -> None:
    """The office's file, from the panel; the call, consent, submission and first check of each."""
    life.step("第四条", "standing", "new", life.rubric.id, "--out", "office", "--panel",
              "panel.yaml")  # fmt: skip
    persons = {f"persons[p{n}].name": f"{name}示例" for n, name in enumerate("厅市组", 1)}
    rounds = f"[{{id: {ROUND}, procedure: recognition, year: 2026, due: {{submission: 2026-03-31}}}}]"
    about = {"id": "office-2026", "title": "示范区资格登记", "office": "示范区工作处"}
    life.declare("第四条", "office/standing.yaml", {**about, **persons, **OPEN, "rounds": rounds})
    life.step("第四条", "standing", "check", "office")
    for id in NAMES:
        life.act("第七条", id, "申报通知", "完成", on="03-02")
        life.act("第八条", id, "consent", "完成", on="03-20", by="own1")
        life.act("第九条", id, "提交申报材料", "完成", on="03-30", by="own2")
        life.act("第八条", id, "first-check", "通过", on="04-10", by="p2")


def decided(life: Recognition, folder: str, on: str, *ids: str) -> None:
    """The review as it was locked, no visit, and the decision by what is proposed."""
    whom = [word for id in ids for word in ("--applicant", id)]
    life.take("expert-review", folder, f"{on}-16", *whom)
    for id in ids or NAMES:
        why = ("--reason", "申报材料可远程核验，专家组一致认为不必到现场")
        life.act("第十条", id, "现场考察", "不必进行", *why, on=f"{on}-18")
    life.take("collective-decision", folder, f"{on}-20", "--decide", *whom, by="p1")


def objected(life: Recognition, who: str, *steps: tuple[str, ...]) -> str:
    """An objection in publicity and what becomes of it, a day each; the answer as Word."""
    ground = ("--objector", "李示例", "--objector-is", "第三方", "--reason", "统计数据有误")
    life.act("第十条", who, "公示", "提出异议", *ground, on="05-24")
    for day, (outcome, *more) in enumerate(steps, 25):
        life.act("第十条", who, "公示", outcome, *more, on=f"05-{day}")
    answer = ("standing", "notice", "office", "--kind", "objection", "--applicant", who)
    return life.paper("第十条", *answer, "--out", "答复.docx", file="答复.docx")


def recognised(life: Recognition, who: str, on: str) -> None:
    """Publicity is over: the title and its paper."""
    life.act("第十条", who, "公示", "完成", on=f"{on}-30")
    life.act("第十条", who, "认定并公布", "完成", on=f"{on}-30")
    notice = ("standing", "notice", "office", "--kind", "recognition", "--applicant", who)
    words = life.paper("第十条", *notice, "--out", f"{who}.docx", file=f"{who}.docx")
    assert f"关于认定{NAMES[who]}为“{life.title}”的公告" in words


def listed(life: Recognition) -> list[str]:
    """Who is on the list of the round in the end."""
    command = ("standing", "notice", "office", "--kind", "list", "--round", ROUND)
    words = life.paper("第十条", *command, "--out", "名单.docx", file="名单.docx")
    assert life.title in words
    return [name for name in NAMES.values() if name in words]


def until_publicity(folder: Path, text: str) -> Recognition:
    """A life from the notice to the publicity of the two who are proposed."""
    life = Recognition(folder, text)
    life.step("征求意见公告", "rubric", "show", text)
    formed(life)
    scored(life)
    evaluated(life)
    applied(life)
    decided(life, "round", "05")
    for id in ("a1", "a2"):
        life.act("第十条", id, "公示", "开始公示", on="05-21")
    late = ("standing", "record", "office", "decide", "a3", "公示", "开始公示", "--by", "p1")
    refused(life.step("第十条", *late, code=1), "已经结束")
    return life


def finished(life: Recognition, *rounds: str) -> None:
    """The record is whole and that of the rounds; the table names no provision that is not there."""
    checked = [word for folder in rounds for word in ("--round", folder)]
    said = life.step("第十条", "standing", "check", "office", *checked).stdout
    assert f"与 {len(rounds)} 轮锁定的结果核对，相符" in said
    print(life.table())
    assert life.unknown() == set()


ENDS = {
    "anhui-application-2025": [
        ("受理异议",),
        ("核查异议", "--reason", "与年报一致"),
        ("异议不成立", "--reason", "数据属实"),
    ],
    "anhui-product-2025": [("不予受理异议", "--reason", "没有提供依据")],
}


@pytest.mark.parametrize("text", ENDS)
def test_a_recognition(tmp_path: Path, text: str) -> None:
    """Two of six are recognised, one of them after an objection that came to nothing."""
    life = until_publicity(tmp_path, text)
    answer = objected(life, "a2", *ENDS[text])
    assert ("异议不成立。理由：数据属实" if len(ENDS[text]) > 1 else "不予受理") in answer
    for id in ("a1", "a2"):
        recognised(life, id, "05")
    assert listed(life) == ["示例县甲", "示例县乙"]
    finished(life, "round")


def test_an_upheld_objection(tmp_path: Path) -> None:
    """A value was wrong: the round that takes the first one's place, another list, its publicity."""
    life = until_publicity(tmp_path, "anhui-enabling-2025")
    steps = [("受理异议",), ("核查异议", "--reason", "年报为 50"),
             ("异议成立", "--to", "expert-review", "--reason", "多报了企业数")]  # fmt: skip
    assert "异议成立。理由：多报了企业数" in objected(life, "a2", *steps)
    superseded(life)
    assert listed(life) == ["示例县甲", "示例县丙"]
    finished(life, "anew")


def superseded(life: Recognition) -> None:
    """The successor round, the comparison, and everybody's record after it."""
    first = life.measured[0]
    why = ("--reason", "多报了企业数", "--objection", "a2 的异议", "--decided-by", "厅示例")
    life.step("第十条", "panel", "succeed", "round", "--out", "anew", *why,
              "--reopen-value", f"a2:{first.id}")  # fmt: skip
    refused(life.step("第十条", "panel", "lock", "anew", "--yes", code=1), NAMES["a2"])
    value = ("--applicant", "a2", "--indicator", first.id, "--value", "50", "--evidence", "年报")
    life.step(life.annex, "record", "measure", "anew", *value)
    life.step("第十条", "panel", "lock", "anew", "--yes")
    words = life.paper("第十条", "panel", "compare", "anew", "--out", "对照.docx", file="对照.docx")
    assert "测量值由 80 改为 50" in words
    rows = life.results("anew")
    assert Decimal(rows["a2"]["total"]) == 80 - first.points * 3 / 10
    assert [rows[id]["selected"] for id in SHARES] == ["yes", "no", "yes", "no", "no", "no"]
    assert publicised(life, "anew") == ["示例县甲", "示例县丙"]
    life.act("第十条", "a1", "公示", "退回", "--to", "集体决策", "--reason", "名单有变", on="05-28")
