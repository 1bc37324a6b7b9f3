"""Henan's centres, lived by commands: from the notice to the support that is given or not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evalkit.rubric import load_rubric
from tests.support.command import Run
from tests.support.lives import Life
from tests.support.tables import comma_separated, excel, words

pytestmark = pytest.mark.lives

RUBRIC = load_rubric("henan-centre-2025")

CENTRES = {
    "c1": "示例农业赋能中心",
    "c2": "示例装备赋能中心",
    "c3": "示例医疗赋能中心",
    "c4": "示例文旅赋能中心",
    "c5": "示例物流赋能中心",
    "c6": "示例建材赋能中心",
}

SELF, CHECK, SUBMIT, REVIEW, SUPPORT = (
    *("三、（二）1", "三、（二）2", "三、（二）3", "三、（二）4"),
    "三、（三）",
)
"""The stages of 三、（二）评价程序 and of 三、（三）评价结果."""


@pytest.mark.processes
def test_a_year_of_the_centres(tmp_path: Path) -> None:
    """From the notice to the list, and a centre that never handed in what it owes."""
    life = Life(tmp_path, RUBRIC)
    _notice_and_panel(life)
    _scores(life)
    _results_and_papers(life)
    _register(life)
    _self_evaluation_to_submission(life)
    _review_and_support(life)
    print(life.table())
    assert life.unknown() == set()


def _notice_and_panel(life: Life) -> None:
    """The notice is read, its forms are written, and the panel is drafted, declared, opened."""
    shown = life.step("一、评价目的", "rubric", "show", "henan-centre-2025").stdout
    assert "先建后评、持续监测、动态管理、有进有出" in shown
    for form in ("form-report", "form-commitment"):
        out = ("--out", f"{form}.yaml")
        life.step("四、有关要求", "rubric", "form", "henan-centre-2025", form, *out)
    _lists(life.folder)
    lists = ("--experts", "专家.xlsx", "--applicants", "对象.xlsx")
    draft = ("panel", "new", "henan-centre-2025", "--profile", "trimmed-by-indicator", *lists)
    life.step("三、评价安排（一）评价组织3", *draft, "--out", "panel.yaml")
    left = life.step("三、（二）4", "declare", "panel.yaml").stdout
    assert "还有 4 处待定" in left
    assert (
        "rules.selection" in life.step("三、（三）", "panel", "check", "panel.yaml", code=2).stderr
    )
    declared = (
        "id=henan-centres-2025",
        "title=2025年度省人工智能行业赋能中心评价（示例）",
        "secretary={id: sec, name: 王示例}",
        "schedule.opens=2026-01-20T09:00:00+08:00",
        "schedule.lock=2026-01-26T17:30:00+08:00",
        "schedule.enforced=false",
        "profile.adopted_by=评审委员会",
        "profile.decided_on=2026-01-15",
        "rules.selection={places: 3, tie_at_cut: none}",
        "rules.disclosure={min_experts: 3, min_applicants: 6, public: [rank, total]}",
        "claims=加分成果.xlsx",
        "conflicts=利益冲突.xlsx",
    )
    assert "没有待定的了" in life.step(SUPPORT, "declare", "panel.yaml", *declared).stdout
    checked = life.step(REVIEW, "panel", "check", "panel.yaml").stdout
    assert "7 位专家、6 个评审对象，没有发现问题" in checked
    assert "“向被评单位反馈的程度”没有照成套规则，另有规定" in checked
    opened = life.step(REVIEW, "panel", "open", "panel.yaml", "--out", "round").stdout
    assert "evalkit sheet round --expert e7" in opened


def _lists(folder: Path) -> None:
    """What the office keeps in Excel."""
    seats = enumerate("甲乙丙丁戊己庚", 1)
    experts = [
        (f"e{n}", f"专家{one}", "组长" if n == 1 else "成员", f"示例大学{one}") for n, one in seats
    ]
    excel(folder / "专家.xlsx", ("标识", "姓名", "角色", "工作单位"), *experts)
    centres = [(id, name, f"虚构{name[2:4]}公司", "郑州市") for id, name in CENTRES.items()]
    excel(folder / "对象.xlsx", ("标识", "名称", "牵头单位", "地市"), *centres)
    excel(
        folder / "加分成果.xlsx",
        ("评审对象", "标识", "成果", "级别", "佐证材料"),
        ("c1", "n1", "入选试点示范（示例）", "国家级", "佐证1"),
        ("c2", "n1", "入选标杆案例（示例）", "国家级", "佐证2"),
        ("c2", "n2", "入选推广名录（示例）", "省级", "佐证3"),
    )
    excel(folder / "利益冲突.xlsx", ("专家", "评审对象", "理由"), ("e7", "c3", "三年内合作课题"))


def _sheets(experts: range) -> Iterator[tuple[str, ...]]:
    """Signed sheets: c1 has full points, each next one half a point less on each indicator; the
    second and the fifth expert are half a point harder.
    """
    yield "评审对象", "专家", "指标", "分数", "理由"
    half = Decimal("0.5")
    for n in experts:
        for place, id in enumerate(CENTRES):
            for i in RUBRIC.indicators if (n, id) != (7, "c3") else ():
                points = i.points - half * place - half * (n in {2, 5})
                yield id, f"专家{'甲乙丙丁戊己庚'[n - 1]}", i.name, str(points), ""


def _scores(life: Life) -> None:
    """Seven experts on paper, typed in by two people; a slip is given back and typed anew."""
    excel(life.folder / "一号卷.xlsx", *_sheets(range(1, 5)))
    comma_separated(life.folder / "二号卷.csv", _sheets(range(5, 8)), "gbk")
    first = ("--typed-by", "王示例", "--source", "签字原件存1号卷")
    second = ("--typed-by", "李示例", "--source", "签字原件存2号卷")
    said = life.step("附件4-1", "record", "scores", "round", "一号卷.xlsx", *first).stdout
    assert "新录入 312 条" in said  # 4 experts × 6 centres × (12 indicators and the submission)
    other = life.step("附件4-1", "record", "scores", "round", "二号卷.csv", *second, code=2).stderr
    assert "可试 --encoding gbk" in other
    typed = ("record", "scores", "round", "二号卷.csv", "--encoding", "gbk", *second)
    assert "锁定前还缺 2 项" in life.step("附件4-1", *typed).stdout
    status = life.step(REVIEW, "panel", "status", "round").stdout
    assert "专家甲（e1）：加分没有认定 2 项：c1、c2" in status
    assert "据纸质评分表录入 17 份，由李示例录入" in status
    assert "不能锁定" in life.step(REVIEW, "panel", "lock", "round", "--yes", code=1).stderr
    _bonus(life)
    back = ("--expert", "e6", "--applicant", "c4", "--reason", "算力服务一项抄录有误")
    life.step(REVIEW, "panel", "reopen", "round", *back)
    slip = [("评审对象", "专家", "指标", "分数"), ("c4", "e6", "compute-service", "4.5")]
    comma_separated(life.folder / "更正.csv", slip)
    again = ("record", "scores", "round", "更正.csv", *first)
    assert "须写明理由（--reason）" in life.step("附件4-1", *again, code=2).stderr
    life.step("附件4-1", *again, "--reason", "原抄录有误，以签字原件为准")
    opinion = ("panel", "opinion", "round", "--applicant")
    life.step(REVIEW, *opinion, "c1", "--text", "建设成效突出，建议列入支持范围。", "--by", "e1")
    life.step(REVIEW, *opinion, "c4", "--text", "成效一般，建议补齐数据集。")
    assert "示例建材赋能中心（c6）：尚未登记意见" in life.step(REVIEW, *opinion[:3]).stdout


def _bonus(life: Life) -> None:
    """附件4-1: 每项计2—3分; the title says 国家级, and the panel recognises that alone."""
    bonus = ("record", "bonus", "round", "--applicant")
    first = (*bonus, "c1", "--item", "bonus.n1", "--points", "3", "--evidence", "佐证1")
    life.step("附件4-1加分项", *first)
    item = (*bonus, "c2", "--item", "bonus.n1", "--evidence", "佐证2", "--points")
    less = life.step("附件4-1加分项", *item, "1.5", code=1).stderr
    assert "每项加分只能是 0 或 2 至 3 分，不能是 1.5" in less
    life.step("附件4-1加分项", *item, "2")
    other = (*bonus, "c2", "--item", "bonus.n2", "--points", "2", "--evidence", "佐证3")
    said = life.step("附件4-1加分项", *other, code=1).stderr
    assert "“入选推广名录（示例）”（bonus.n2）是省级成果，本轮只认国家级的" in said


TOTALS = {
    "c1": ("101.80", 1, "yes"),
    "c2": ("94.80", 2, "yes"),
    "c3": ("86.56", 3, "yes"),
    "c4": ("80.70", 4, "no"),
    "c5": ("74.80", 5, "no"),
    "c6": ("68.80", 6, "no"),
}
"""By hand. On an indicator two of seven scores are half a point lower; one of them and one of the
others are dropped: 0.1 below full, 1.2 on 12 indicators. Of the six scores of c3 it is 0.125, which
rounds to 0.12 below: 1.44. Then 6 less by place, 3 and 2 of bonus; the slip of c4 takes 0.1."""


def _results_and_papers(life: Life) -> None:
    """Locked: nothing changes any more, and every paper follows."""
    assert "不缺什么" in life.step(REVIEW, "panel", "check", "round", "--for-lock").stdout
    assert "根哈希" in life.step(REVIEW, "panel", "lock", "round", "--yes").stdout
    late = ("--applicant", "c1", "--item", "bonus.n1", "--points", "2", "--evidence", "x")
    said = life.step("附件4-1加分项", "record", "bonus", "round", *late, code=1).stderr
    assert "锁定，不能再改" in said
    results = json.loads(life.step(REVIEW, "evaluate", "round", "--json").stdout)
    found = {a["id"]: (a["total"], a["rank"], a["selected"]) for a in results["applicants"]}
    assert results["status"] == "official"
    assert found == TOTALS
    kinds = [f"--format={kind}" for kind in ("minutes", "publicity", "summary")]
    life.step(REVIEW, "export", "round", "--out", "papers", *kinds)
    minutes = words(life.folder / "papers" / "minutes.docx")
    assert "专家庚回避对示例医疗赋能中心的评审（全部指标）：三年内合作课题。" in minutes
    assert "建设成效突出，建议列入支持范围。" in minutes
    assert results["basis"]["root"] in minutes
    public = words(life.folder / "papers" / "publicity.docx")
    assert "3│示例医疗赋能中心│虚构医疗公司│86.56" in public
    assert "示例文旅赋能中心" not in public
    life.step(REVIEW, "report", "round", "--out", "reports", "--applicant", "c1")
    page = (life.folder / "reports" / "c1.html").read_text("utf-8")
    assert "101.80" in page
    assert "专家乙" not in page


def _register(life: Life) -> None:
    """The register of the centres: who decides on support is declared, the text does not say it."""
    new = ("standing", "new", "henan-centre-2025", "--panel", "panel.yaml", "--out", "office")
    life.step("三、评价安排（一）评价组织1", *new)
    waiting = life.step(SUPPORT, "standing", "check", "office", code=2).stderr
    assert "rules.actors.stage-support：“由谁办理或决定”还是“待定”" in waiting
    about = {"day": "2025-06-10", "title": "省人工智能行业赋能中心", "document": "示例1号"}
    recognised = (
        f"applicants[{n}].recognised.{key}={value}"
        for n in range(len(CENTRES))
        for key, value in about.items()
    )
    declared = (
        "id=henan-standing",
        "title=赋能中心评价登记（示例）",
        "office=示例省赋能中心评价工作组",
        "rules.actors.stage-support=省发展改革委会同省财政厅",
        "rounds=[{id: eval-2025, procedure: evaluation, year: 2025}]",
    )
    life.step(SUPPORT, "declare", "office/standing.yaml", *declared, *recognised)
    checked = life.step("三、（二）", "standing", "check", "office").stdout
    assert "6 个对象、0 条记录，没有发现问题" in checked


def _record(life: Life, article: str, *command: Any, code: int = 0) -> Run:
    return life.step(article, "standing", "record", "office", *command, code=code)


def _self_evaluation_to_submission(life: Life) -> None:
    """三、（二）1—3: by whom the text says, one after the other, by 12 January 2026."""

    def decide(article: str, id: str, outcome: str, *more: str, code: int = 0) -> Run:
        stage = {SELF: "中心自评", CHECK: "行业部门核实", SUBMIT: "提交材料"}[article]
        by = ("--by", "p1" if article == CHECK else "own1")
        return _record(life, article, "decide", id, stage, outcome, *by, *more, code=code)

    for id in CENTRES:
        decide(SELF, id, "完成", "--day", "2025-12-22")
    early = decide(SUBMIT, "c1", "完成", "--day", "2026-01-04", code=1).stderr
    assert "还没有轮到这一环节；现在应办“行业部门核实”（三、（二）2）" in early
    wrong = ("decide", "c1", "行业部门核实", "通过", "--by", "own1", "--day", "2026-01-05")
    said = _record(life, CHECK, *wrong, code=1).stderr
    assert "由“省级行业主管部门”作出" in said
    for id in ("c1", "c2", "c3", "c4", "c5"):
        decide(CHECK, id, "通过", "--day", "2026-01-05")
    back = ("--to", "中心自评", "--reason", "佐证材料缺少第3份合同")
    decide(CHECK, "c6", "退回", *back, "--day", "2026-01-06")
    decide(SELF, "c6", "完成", "--day", "2026-01-08")
    decide(CHECK, "c6", "通过", "--day", "2026-01-09")
    for id, day in (("c1", "2026-01-08"), ("c2", "2026-01-12"), ("c3", "2026-01-12")):
        decide(SUBMIT, id, "完成", "--day", day)
    decide(SUBMIT, "c4", "完成", "--day", "2026-01-12")
    late = decide(SUBMIT, "c5", "完成", "--day", "2026-01-13", code=1).stderr
    assert "最后一日是 2026-01-12，逾期 1 天，须写明受理的理由" in late
    post = ("--reason", "1月11日寄出，邮戳为凭")
    decide(SUBMIT, "c5", "完成", "--day", "2026-01-13", *post)
    show = ("standing", "office", "--applicant", "c6", "--on")
    last = life.step("四、有关要求", *show, "2026-01-12").stdout
    assert "已逾期" not in last
    after = life.step("四、有关要求", *show, "2026-01-13").stdout
    assert "期限：eval-2025 提交材料，最后一日 2026-01-12，已逾期（三、（二）3）" in after


def _review_and_support(life: Life) -> None:
    """三、（二）4 is taken from the locked results, 三、（三）decided with them in view."""
    take = ("standing", "take", "office", "round", "--round", "eval-2025", "--stage", "专家评审")
    by = ("--by", "p2", "--day", "2026-01-26")
    whose = life.step(REVIEW, *take, *by, code=1).stderr
    assert "示例建材赋能中心（c6）的结果不能登记：" in whose
    assert "现在应办“提交材料”（三、（二）3）" in whose
    some = [f"--applicant={id}" for id in CENTRES if id != "c6"]
    assert "登记了 5 条，取自根哈希" in life.step(REVIEW, *take, *by, *some).stdout
    assert "登记了 0 条" in life.step(REVIEW, *take, *by, *some).stdout
    before = life.step(SUPPORT, "standing", "office", "--applicant", "c3").stdout
    assert "，拟选" in before

    def support(id: str, outcome: str, *why: str, code: int = 0) -> Run:
        more = ("--by", "p2", "--day", "2026-02-10", *(("--reason", *why) if why else ()))
        return _record(life, SUPPORT, "decide", id, "择优给予支持", outcome, *more, code=code)

    for id in ("c1", "c2"):
        support(id, "通过")
    assert "须写明理由" in support("c3", "不予通过", code=2).stderr
    support("c3", "不予通过", "本年度经费只够两个")
    assert "没有拟选这一对象，不能通过" in support("c4", "通过", "会议要求", code=1).stderr
    for id in ("c4", "c5"):
        support(id, "不予通过", "未列入拟选名单")
    shown = json.loads(life.step(SUPPORT, "standing", "office", "--json").stdout)
    rounds = {one["id"]: one["rounds"][0] for one in shown["applicants"]}
    assert {id: r["verdict"] for id, r in rounds.items()} == {
        **dict.fromkeys(("c1", "c2"), "给予支持"),
        **dict.fromkeys(("c3", "c4", "c5"), "不予支持"),
        "c6": "通过",
    }
    assert rounds["c6"]["stage"] == "stage-department-check"
    assert rounds["c5"]["proposed"] == "no"
    checked = life.step(REVIEW, "standing", "check", "office", "--round", "round").stdout
    assert "与 1 轮锁定的结果核对，相符" in checked
    paper = ("standing", "notice", "office", "--kind", "list", "--round", "eval-2025")
    life.step(SUPPORT, *paper, "--out", "名单.docx")
    said = words(life.folder / "名单.docx")
    assert "2025年度评价程序尚有1个未办结，现将2025年度择优给予支持名单予以公布，共2个" in said
    assert "1│示例农业赋能中心│给予支持\n2│示例装备赋能中心│给予支持" in said
    assert "示例医疗赋能中心" not in said
