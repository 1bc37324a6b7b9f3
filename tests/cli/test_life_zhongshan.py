"""Zhongshan's platforms, lived by commands: recognised, evaluated twice, revoked or kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalkit.rubric import load_rubric
from tests.support.command import Run
from tests.support.lives import Life
from tests.support.tables import excel, words

pytestmark = pytest.mark.lives

RUBRIC = load_rubric("zhongshan-platform-2026")
OFFICE = "市人工智能产业办公室"

RULES = (
    *(f"rules.actors.{stage}={OFFICE}" for stage in ("stage-approval", "stage-publicity")),
    *(
        f"rules.judges.{rule}={OFFICE}"
        for rule in (
            *("stage-publicity", "standing-restart", "standing-report-overdue"),
            *("standing-false-material", "standing-entity-ended", "standing-serious-breach"),
            "standing-other",
        )
    ),
    "rules.days.stage-publicity=7",
    "rules.days.standing-change-notice=30",
    "rules.objections.stage-publicity=continue",
    "rules.meanwhile.standing-restart=kept",
    "rules.titles.recognition=市级人工智能赋能平台",
    "rules.reapplication=365",
    "rules.owed={duty-enterprises-served: {first: same_year, by: 03-31}}",
    "office=示例市人工智能产业办公室",
)
"""What the office decides where the text is silent."""


HOURS = (("opens", "08:00"), ("lock", "17:30"))


class Years:
    """The clock of the machine, which a life of years cannot wait for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.day = "2026-01-05"
        years = self

        class Clock(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return datetime.fromisoformat(f"{years.day}T09:00:00+00:00").astimezone(tz or UTC)

        monkeypatch.setattr("evalkit.log.driver.datetime", Clock)


@pytest.fixture(name="years")
def _years(monkeypatch: pytest.MonkeyPatch) -> Years:
    return Years(monkeypatch)


class Platforms(Life):
    """A life whose register is the folder ``office``; its applicants by their ids."""

    def __init__(self, folder: Path, names: Mapping[str, str], years: Years) -> None:
        super().__init__(folder, RUBRIC)
        self.names, self.years = names, years

    def panel(
        self,
        article: str,
        name: str,
        procedure: str,
        table: str,
        marks: Mapping[str, str],
        *more: str,
    ) -> None:
        """A panel of three, opened in the folder ``name``, with ``marks`` by applicant: a number
        for each indicator.
        """
        lists = [f"{name}-专家.xlsx", f"{name}-对象.xlsx"]
        people = [
            (f"e{n}", f"专家{one}", "成员", f"示例大学{one}") for n, one in enumerate("甲乙丙")
        ]
        people[0] = (*people[0][:2], "组长", people[0][3])
        excel(self.folder / lists[0], ("标识", "姓名", "角色", "工作单位"), *people)
        rows = [(id, self.names[id], f"虚构{self.names[id][2:4]}公司") for id in marks]
        excel(self.folder / lists[1], ("标识", "名称", "牵头单位"), *rows)
        (self.folder / f"{name}-指标表.yaml").write_text(table, "utf-8")
        draft = ("panel", "new", RUBRIC.id, "--procedure", procedure, "--profile", "mean")
        options = ("--experts", lists[0], "--applicants", lists[1], "--out", f"{name}.yaml")
        self.step(article, *draft, *options)
        declared = (
            f"id={name}",
            f"title={name[-4:]}年度{'认定' if procedure == 'recognition' else '考评'}（示例）",
            "secretary={id: sec, name: 王示例}",
            *(f"schedule.{one}={self.years.day}T{at}:00+08:00" for one, at in HOURS),
            "schedule.enforced=false",
            "profile.adopted_by=市人工智能产业办公室",
            "profile.decided_on=2026-01-20",
            f"table=@{name}-指标表.yaml",
        )
        said = self.step(article, "declare", f"{name}.yaml", *declared, *more).stdout
        assert "没有待定的了" in said
        self.step(article, "panel", "check", f"{name}.yaml")
        self.step(article, "panel", "open", f"{name}.yaml", "--out", name)
        ids = [line.split("id: ")[1].split(",")[0] for line in table.splitlines() if "{id" in line]
        sheets = [
            (applicant, f"专家{one}", indicator, mark)
            for one in "甲乙丙"
            for applicant, given in marks.items()
            for indicator, mark in zip(ids, given.split(), strict=True)
        ]
        excel(self.folder / f"{name}-评分表.xlsx", ("评审对象", "专家", "指标", "分数"), *sheets)
        paper = ("--typed-by", "王示例", "--source", "签字原件存档")
        self.step(article, "record", "scores", name, f"{name}-评分表.xlsx", *paper)

    def results(self, article: str, name: str) -> dict[str, Any]:
        """The locked results, by applicant."""
        self.step(article, "panel", "lock", name, "--yes")
        found = json.loads(self.step(article, "evaluate", name, "--json").stdout)
        return {a["id"]: a for a in found["applicants"]}

    def record(self, article: str, *command: str, by: str, day: str, code: int = 0) -> Run:
        """``evalkit standing record office …``."""
        start = ("standing", "record", "office", *command, "--by", by, "--day", day)
        return self.step(article, *start, code=code)

    def shown(self, article: str, id: str, *more: str) -> dict[str, Any]:
        """How an applicant stands."""
        show = ("standing", "office", "--applicant", id, "--json", *more)
        found: dict[str, Any] = json.loads(self.step(article, *show).stdout)["applicants"][0]
        return found

    def paper(self, article: str, kind: str, out: str, *about: str) -> str:
        """The words of a notice."""
        self.step(article, "standing", "notice", "office", "--kind", kind, *about, "--out", out)
        return words(self.folder / out)


REVIEWED = """\
points: 100
dimensions:
  - id: foundation
    name: 平台基础
    points: 40
    indicators:
      - {id: team, name: 服务团队, points: 40, kind: qualitative, guidance: 人数、专业和从业经历。}
  - id: services
    name: 赋能服务
    points: 60
    indicators:
      - {id: promotion, name: 应用推广, points: 60, kind: qualitative, guidance: 有可复制的案例。}
"""

APPLYING = {
    "z1": "示例灯饰赋能平台",
    "z2": "示例家电赋能平台",
    "z3": "示例医药赋能平台",
    "z4": "示例五金赋能平台",
}


LISTED = [True, True, False, False]

DUE = {"rec-2026": "2026-02-28", "rec-2027": "2027-02-28", "rec-later": "2027-12-20"}
"""Rounds of recognition, and the last day for what is handed in."""


def test_recognition_and_its_restart(tmp_path: Path, years: Years) -> None:
    """第八条 from the notice to the list; 第七条: what was recognised is looked at anew."""
    life = Platforms(tmp_path, APPLYING, years)
    marks = {"z1": "36 54", "z2": "32 50", "z3": "28 40", "z4": "38 58"}
    shown = life.step("第八条", "rubric", "show", RUBRIC.id).stdout
    assert "负责向社会公开发布赋能平台启动认定文件通知" in shown
    years.day = "2026-03-20"
    places = "rules.selection={places: 2, tie_at_cut: none}"
    life.panel("第八条（三）", "rec-2026", "recognition", REVIEWED, marks, places)
    _conditions(life)
    results = life.results("第八条（三）", "rec-2026")
    said = {id: (r["total"], r["rank"], r["selected"]) for id, r in results.items()}
    assert said == {
        "z1": ("90.00", 1, "yes"),
        "z2": ("82.00", 2, "yes"),
        "z3": ("68.00", 3, "no"),
        "z4": ("96.00", None, "no"),
    }
    papers = ("--format", "publicity", "--format", "minutes")
    life.step("第八条（四）", "export", "rec-2026", "--out", "papers", *papers)
    public = words(tmp_path / "papers" / "publicity.docx")
    assert [name in public for name in APPLYING.values()] == LISTED
    minutes = words(tmp_path / "papers" / "minutes.docx")
    assert "示例五金赋能平台\n不满足准入条件（第九条（一）），不参加排名。" in minutes
    years.day = "2027-12-31"
    _office(life)
    _to_the_shortlist(life)
    _publicity_and_announcement(life)
    _restart(life)
    print(life.table())
    assert life.unknown() == set()


def _conditions(life: Platforms) -> None:
    """第九条: each condition is held against what was handed in; z4 has too little capital."""
    life.step("第九条", "record", "template", "rec-2026", "--out", "条件.xlsx")
    file = life.folder / "条件.xlsx"
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        who, what = (sheet.cell(row, heads[h]).value for h in ("评审对象标识", "项目标识"))
        value = {"gate-registered-capital": "8000万元", "gate-partner-institutions": "10"}
        given = "3000万元" if (who, what) == ("z4", "gate-registered-capital") else value.get(what)
        sheet.cell(row, heads["值"]).value = given or "满足"
        sheet.cell(row, heads["依据"]).value = "申报材料"
    book.save(file)
    said = life.step("第九条（一）", "record", "table", "rec-2026", "条件.xlsx").stdout
    assert "新登记 32 项；锁定前还缺 0 项" in said


def _office(life: Platforms) -> None:
    """The register, drafted from the panel and declared."""
    draft = ("standing", "new", RUBRIC.id, "--panel", "rec-2026.yaml", "--out", "office")
    life.step("第四条", *draft)
    rounds = ", ".join(
        f"{{id: {id}, procedure: recognition, year: {day[:4]}, due: {{stage-collection: {day}}}}}"
        for id, day in DUE.items()
    )
    own = (f"rounds=[{rounds}]", "id=platforms", "title=赋能平台登记（示例）")
    life.step("第四条", "declare", "office/standing.yaml", *RULES, *own)
    assert "没有发现问题" in life.step("第四条", "standing", "check", "office").stdout


def _to_the_shortlist(life: Platforms) -> None:
    """第八条（一）—（三）."""

    def decide(article: str, id: str, stage: str, *more: str, **how: Any) -> Run:
        return life.record(article, "decide", id, stage, *more, **how)

    for id in APPLYING:
        decide("第八条", id, "启动认定", "完成", "--round", "rec-2026", by="p1", day="2026-02-02")
    for id in ("z1", "z2", "z3"):
        decide("第八条（一）", id, "材料收集", "完成", by="own1", day="2026-02-28")
    late = ("z4", "材料收集", "完成")
    said = decide("第八条（一）", *late, by="own1", day="2026-03-02", code=1).stderr
    assert "最后一日是 2026-02-28，逾期 2 天" in said
    decide("第八条（一）", *late, "--reason", "系统故障，经同意补交", by="own1", day="2026-03-02")
    for id in APPLYING:
        decide("第八条（二）", id, "材料初审", "通过", by="p1", day="2026-03-06")
    take = (
        "standing",
        "take",
        "office",
        "rec-2026",
        "--round",
        "rec-2026",
        "--by",
        "p1",
        "--stage",
    )
    life.step("第八条（三）", *take, "综合评审", "--day", "2026-03-20")
    for id in APPLYING:
        decide("第八条（三）", id, "现场考察", "完成", by="p1", day="2026-03-25")
    listed = ("z4", "择优确定拟评定名单", "通过", "--reason", "实力最强")
    said = decide("第八条（三）", *listed, by="p1", day="2026-03-30", code=1).stderr
    assert "没有拟选这一对象，不能通过" in said
    life.step("第八条（三）", *take, "择优确定拟评定名单", "--decide", "--day", "2026-03-30")
    shown = json.loads(life.step("第八条（三）", "standing", "office", "--json").stdout)
    outcomes = [one["rounds"][0]["outcome"] for one in shown["applicants"]]
    assert outcomes == ["passed", "passed", "rejected", "rejected"]


def _publicity_and_announcement(life: Platforms) -> None:
    """第八条（四）: studied, made public, objected to, announced."""

    def decide(id: str, stage: str, outcome: str, *more: str, day: str, code: int = 0) -> Run:
        command = ("decide", id, stage, outcome, *more)
        return life.record("第八条（四）", *command, by="p1", day=day, code=code)

    for id in ("z1", "z2"):
        decide(id, "研究审核", "通过", day="2026-04-08")
        decide(id, "公示", "开始公示", day="2026-04-09")
    who = ("--objector", "李示例", "--objector-is", "第三方", "--reason", "案例不实")
    decide("z2", "公示", "提出异议", *who, day="2026-04-10")
    decide("z2", "公示", "受理异议", day="2026-04-11")
    decide("z2", "公示", "核查异议", "--reason", "走访三家企业", day="2026-04-13")
    decide("z2", "公示", "异议不成立", "--reason", "案例属实", day="2026-04-14")
    early = decide("z1", "公示", "完成", day="2026-04-15", code=1).stderr
    assert "2026-04-16" in early
    for id in ("z1", "z2"):
        decide(id, "公示", "完成", day="2026-04-17")
        decide(id, "发布", "完成", day="2026-04-20")
    one = life.shown("第八条（四）", "z1")
    assert (one["state"], one["title"], one["since"]) == (
        *("recognised", "市级人工智能赋能平台", "2026-04-20"),
    )
    recognised = life.paper("第八条（四）", "recognition", "认定.docx", "--applicant", "z1")
    assert "现认定示例灯饰赋能平台为“市级人工智能赋能平台”，并予公布。" in recognised
    assert "公示期为2026年4月9日至2026年4月16日，公示无异议。" in recognised
    answered = life.paper("第八条（四）", "objection", "答复.docx", "--applicant", "z2")
    assert "李示例" in answered
    listed = life.paper("第八条（四）", "list", "名单.docx", "--round", "rec-2026")
    assert [name in listed for name in APPLYING.values()] == LISTED
    checked = life.step("第八条（三）", "standing", "check", "office", "--round", "rec-2026").stdout
    assert "与 1 轮锁定的结果核对，相符" in checked


def _restart(life: Platforms) -> None:
    """第七条: z2 is not up to it; the office may, and does, begin the recognition again."""
    article, unfit = "第七条", ("standing-restart", "--year", "2026")
    why = ("--reason", "停止服务三个月，不能胜任")
    own = life.record(article, "ground", "z2", *unfit, *why, by="own2", day="2026-10-08", code=1)
    assert "市人工智能产业办公室" in own.stderr
    life.record(article, "ground", "z2", *unfit, *why, by="p1", day="2026-10-08")
    assert [p["then"] for p in life.shown(article, "z2")["proposals"]] == ["restart"]
    answer = ("answer", "z2", "standing-restart")
    life.record(article, *answer, "不采纳", "--reason", "限期改正", by="p1", day="2026-10-20")
    life.record(article, *answer, "采纳", "--reason", "到期未改", by="p1", day="2027-01-10")
    stages = [("第八条", "启动认定", "完成", "p1"), ("第八条（一）", "材料收集", "完成", "own1")]
    for place, stage, outcome, by in stages:
        again = ("decide", "z2", stage, outcome, "--round", "rec-2027")
        life.record(place, *again, by=by, day="2027-02-10")
    assert life.shown(article, "z2")["title"] == "市级人工智能赋能平台"
    again = ("decide", "z2", "材料初审", "不予通过", "--reason", "未恢复服务")
    life.record("第八条（二）", *again, by="p1", day="2027-02-20")
    one = life.shown(article, "z2")
    assert (one["state"], len(one["rounds"]), len(one["remarks"])) == ("recognised", 2, 1)
    said = life.step(article, "standing", "office", "--applicant", "z2").stdout
    assert "重新认定未予通过；原文没有规定原称号如何处理，须由人依条款另作决定" in said
    other = ("standing-other", "--year", "2027", "--reason", "重新认定未予通过")
    life.record("第十三条（五）", "ground", "z2", *other, by="p1", day="2027-02-21")
    _revoke(life, "第十三条（五）", "z2", "standing-other", "2027-03-01", "不再具备条件")
    fresh = ("decide", "z2", "启动认定", "完成", "--round", "rec-later")
    early = life.record("第八条", *fresh, by="p1", day="2027-12-01", code=1).stderr
    assert "称号已于 2027-03-01 撤销，2028-02-29 之后才能重新申报" in early


EVALUATED = """\
points: 100
dimensions:
  - id: operation
    name: 运行管理
    points: 30
    indicators:
      - {id: security, name: 网络和数据安全, points: 30, kind: qualitative, guidance: 制度和记录。}
  - id: effect
    name: 服务成效
    points: 70
    indicators:
      - {id: cases, name: 可复制的场景案例, points: 70, kind: qualitative, guidance: 看实际应用。}
"""

GRADES = (
    "rules.grades=[{grade: excellent, at_least: 90}, {grade: good, at_least: 75},"
    " {grade: qualified, at_least: 60}]"
)

RUNNING = {
    "y1": "示例灯饰赋能平台",
    "y2": "示例家电赋能平台",
    "y3": "示例医药赋能平台",
    "y4": "示例五金赋能平台",
    "y5": "示例游艺赋能平台",
    "y6": "示例红木赋能平台",
    "y7": "示例淋浴赋能平台",
}

MARKS = {
    "eval-2026": dict(
        zip(RUNNING, ("28 64", "15 40", "25 55", "20 45", "26 60", "22 50", "18 42"), strict=True)
    ),
    "eval-2027": {"y1": "25 55", "y2": "16 43.5", "y6": "28 62"},
}
"""What each of the three experts gives."""

YEARS = {
    "y1": ("优秀", "良好"),
    "y2": ("不合格", "不合格"),  # 59.5 is below the line of 60
    "y3": ("良好",),
    "y4": ("合格",),
    "y5": ("良好",),
    "y6": ("合格", "优秀"),
    "y7": ("合格",),
}


def test_two_years_and_every_ground_of_article_13(tmp_path: Path, years: Years) -> None:
    """第十二条 twice, each ground of 第十三条, and 第十条 of the one that keeps its title."""
    life = Platforms(tmp_path, RUNNING, years)
    years.day = "2026-12-10"
    life.panel("第十二条", "eval-2026", "annual-evaluation", EVALUATED, MARKS["eval-2026"], GRADES)
    _running(life)
    _changes(life)
    _year(life, "eval-2026")
    years.day = "2027-11-30"
    life.record(
        *("第九条（四）", "figure", "y1", "duty-enterprises-served", "--year", "2026"),
        *("--value", "29", "--evidence", "服务企业清单"),
        by="own2",
        day="2026-12-20",
    )
    assert [f["met"] for f in life.shown("第九条（四）", "y1")["figures"]] == [False]
    _support(life)
    _gone_before_the_second_year(life)
    years.day = "2027-12-10"
    life.panel("第十二条", "eval-2027", "annual-evaluation", EVALUATED, MARKS["eval-2027"], GRADES)
    _year(life, "eval-2027")
    years.day = "2027-12-31"
    _revoked(life)
    shown = json.loads(life.step("第十二条", "standing", "office", "--json").stdout)
    years_of = {one["id"]: tuple(y["grade"] for y in one["years"]) for one in shown["applicants"]}
    assert years_of == YEARS
    both = ("--round", "eval-2026", "--round", "eval-2027")
    checked = life.step("第十二条", "standing", "check", "office", *both).stdout
    assert "与 2 轮锁定的结果核对，相符" in checked
    print(life.table())
    assert life.unknown() == set()


def _running(life: Platforms) -> None:
    """A register that begins after recognition: by which paper, it says."""
    draft = ("standing", "new", RUBRIC.id, "--panel", "eval-2026.yaml", "--out", "office")
    life.step("第四条", *draft)
    rounds = ", ".join(
        f"{{id: eval-{y}, procedure: annual-evaluation, year: {y},"
        f" due: {{stage-self-report: {y}-11-30}}}}"
        for y in (2026, 2027)
    )
    recognised = "{day: 2026-04-20, title: 市级人工智能赋能平台, document: 示例公告第1号}"
    history = [f"applicants[{n}].recognised={recognised}" for n in range(len(RUNNING))]
    own = (f"rounds=[{rounds}]", "id=platforms", "title=赋能平台登记（示例）")
    life.step("第四条", "declare", "office/standing.yaml", *RULES, *own, *history)
    assert "没有发现问题" in life.step("第四条", "standing", "check", "office").stdout


def _changes(life: Platforms) -> None:
    """第十条: 服务内容 needs consent; 更名 has to be told 30 days before."""
    article = "第十条"

    def ground(rule: str, effect: str, why: str, day: str, code: int = 0) -> Run:
        more = (rule, "--year", "2026", "--takes-effect", effect, "--reason", why)
        return life.record(article, "ground", "y1", *more, by="own2", day=day, code=code)

    ground("standing-change-consent", "2026-09-01", "增加工业软件订阅", "2026-07-01")
    own = ("answer", "y1", "standing-change-consent", "采纳", "--reason", "同意")
    assert OFFICE in life.record(article, *own, by="own2", day="2026-07-10", code=1).stderr
    life.record(article, *own, by="p1", day="2026-07-10")
    ground("standing-change-notice", "2026-10-01", "实施主体更名", "2026-09-15")
    remarks = life.step(article, "standing", "office", "--applicant", "y1").stdout
    assert "注意：第十条：最迟应在 2026-09-01 告知，2026-09-15 才告知" in remarks
    told = ("answer", "y1", "standing-change-notice", "采纳", "--reason", "已登记")
    life.record(article, *told, by="p1", day="2026-09-20")
    answered = life.shown(article, "y1")["answered"]
    assert [(a["then"], a["outcome"]) for a in answered] == [
        ("consent", "accepted"),
        ("notify", "accepted"),
    ]


def _year(life: Platforms, name: str) -> None:
    """A year's 综合考评: reports by 30 November, grades as locked."""
    year = name[-4:]
    for id in MARKS[name]:
        done = ("decide", id, "报送综合考评自评价报告", "完成", "--round", name)
        life.record("第十三条（二）", *done, by="own2", day=f"{year}-11-20")
    life.results("第十二条", name)
    take = ("standing", "take", "office", name, "--round", name, "--stage", "综合考评")
    day = ("--by", "p1", "--day", f"{year}-12-10")
    said = life.step("第十二条", *take, *day).stdout
    assert f"登记了 {len(MARKS[name])} 条" in said


def _support(life: Platforms) -> None:
    """第十二条: the grade is what support rests on; the office decides."""
    answer = ("answer", "y1", "standing-support", "采纳", "--reason", "优秀，给予运营支持")
    life.record("第十二条", *answer, by="p1", day="2026-12-20")
    answer = ("answer", "y2", "standing-support", "不采纳", "--reason", "不合格年度不予支持")
    life.record("第十二条", *answer, by="p1", day="2026-12-20")
    listed = life.paper("第十二条", "list", "等次.docx", "--round", "eval-2026")
    assert listed.startswith("关于印发2026年度综合考评结果的通知")
    assert "示例灯饰赋能平台│优秀" in listed
    assert "示例家电赋能平台│不合格" in listed


def _revoke(life: Platforms, article: str, id: str, rule: str, day: str, why: str) -> None:
    """The proposal is taken up, and the announcement written."""
    answer = ("answer", id, rule, "采纳", "--reason", why)
    life.record(article, *answer, by="p1", day=day)
    one = life.shown(article, id)
    assert (one["state"], one["title"]) == ("revoked", None)
    said = life.paper(article, "revocation", f"撤销-{id}.docx", "--applicant", id)
    assert life.names[id] in said
    assert article in said
    assert "示例市人工智能产业办公室" in said


def _gone_before_the_second_year(life: Platforms) -> None:
    """第十三条（二）弄虚作假, （三）, （五）: the office finds it, proposes, decides."""

    def ground(article: str, id: str, rule: str, why: str, day: str, code: int = 0) -> Run:
        more = (rule, "--year", "2027", "--reason", why)
        return life.record(article, "ground", id, *more, by="p1", day=day, code=code)

    ground("第十三条（二）", "y4", "standing-false-material", "证明材料系伪造", "2027-02-01")
    proposed = life.shown("第十三条（二）", "y4")["proposals"]
    assert "revoke" in [p["then"] for p in proposed]
    _revoke(life, "第十三条（二）", "y4", "standing-false-material", "2027-02-20", "经鉴定属实")
    ground("第十三条（三）", "y5", "standing-entity-ended", "依托单位已注销", "2027-03-01")
    _revoke(life, "第十三条（三）", "y5", "standing-entity-ended", "2027-03-10", "注销公告已核对")
    ground("第十三条（五）", "y7", "standing-other", "长期不运营", "2027-05-01")
    answer = ("answer", "y7", "standing-other", "不采纳", "--reason", "已恢复运营，再看半年")
    life.record("第十三条（五）", *answer, by="p1", day="2027-05-20")
    assert life.shown("第十三条（五）", "y7")["state"] == "recognised"
    _revoke(life, "第十三条（五）", "y7", "standing-other", "2027-11-20", "半年后仍未运营")


def _revoked(life: Platforms) -> None:
    """第十三条（一）, （二）逾期 and （四）, after the second year."""
    failed = life.shown("第十三条（一）", "y2")["proposals"]
    assert ("revoke", "第十三条（一）") in [(p["then"], p["article"]) for p in failed]
    assert "revoke" not in [p["then"] for p in life.shown("第十三条（一）", "y1")["proposals"]]
    declined = ("answer", "y2", "standing-failed-twice", "不采纳", "--reason", "2027年度复核未完")
    life.record("第十三条（一）", *declined, by="p1", day="2027-12-15")
    assert life.shown("第十三条（一）", "y2")["state"] == "recognised"
    _revoke(life, "第十三条（一）", "y2", "standing-failed-twice", "2027-12-28", "复核维持不合格")
    overdue = ("ground", "y3", "standing-report-overdue", "--year", "2027", "--reason", "未报送")
    own = life.record("第十三条（二）", *overdue, by="own2", day="2027-12-05", code=1).stderr
    assert OFFICE in own
    life.record("第十三条（二）", *overdue, by="p1", day="2027-12-05")
    _revoke(life, "第十三条（二）", "y3", "standing-report-overdue", "2027-12-20", "逾期未报送")
    breach = ("ground", "y6", "standing-serious-breach", "--year", "2027", "--reason")
    life.record("第十三条（四）", *breach, "列入严重失信名单", by="p1", day="2027-12-11")
    answer = ("answer", "y6", "standing-serious-breach", "不采纳", "--reason", "名单有误，已移出")
    life.record("第十三条（四）", *answer, by="p1", day="2027-12-20")
    kept = life.shown("第十三条（四）", "y6")
    assert (kept["state"], [d["rule"] for d in kept["declined"]]) == (
        "recognised",
        ["standing-serious-breach"],
    )
    none = ("standing", "notice", "office", "--kind", "revocation", "--applicant", "y6")
    life.step("第十三条（四）", *none, "--out", "没有.docx", code=1)
    shown = json.loads(life.step("第十三条", "standing", "office", "--json").stdout)
    states = {one["id"]: one["state"] for one in shown["applicants"]}
    assert states == {**dict.fromkeys(RUNNING, "revoked"), "y1": "recognised", "y6": "recognised"}
