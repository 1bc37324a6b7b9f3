"""The life of an office through its commands: drafted, recorded, taken, decided, published."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest

import evalkit as ek
from tests.support.appeals import amend, case_of
from tests.support.command import Run, evalkit
from tests.support.offices import PANELS, decided

ROLES = {
    "site-visit": "省工业和信息化厅",
    "publicity": "由省工信厅负责",
    "absence": "省工业和信息化厅",
    "rectification": "assessment",
    "evaluation": "365",
    "reapplication": "730",
    "submission": "2025-03-31",
    "self-assessment": "2025-09-30",
}
"""What a person writes for each 待定 of Anhui's draft, but the days and rules of publicity."""


def done(*arguments: Any, cwd: Path) -> str:
    """What a command said that ended well."""
    run = evalkit(*arguments, cwd=cwd)
    assert (run.returncode, run.stderr) == (0, ""), arguments
    return run.stdout


def refused(*arguments: Any, cwd: Path) -> str:
    """Why a command was refused, in a line."""
    run = evalkit(*arguments, cwd=cwd)
    assert run.returncode in {1, 2}, arguments
    assert "Traceback" not in run.stderr
    return run.stderr


@pytest.fixture(name="locked", scope="module")
def _locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The round of Anhui's demo panel, entered and locked."""
    folder = tmp_path_factory.mktemp("rounds") / "round"
    source = PANELS / "anhui-application-demo"
    with ek.Round.create(folder, source / "panel.yaml") as found:
        found.import_scores(pd.read_csv(source / "scores.csv", dtype=str).fillna(""))
        found.lock()
    return folder


def drafted(folder: Path) -> Path:
    """An office drafted from the panel, with every 待定 replaced."""
    panel = PANELS / "anhui-application-demo" / "panel.yaml"
    new = ("standing", "new", "anhui-application-2025", "--out", "office", "--panel", panel)
    assert "逐条换掉“待定”" in done(*new, cwd=folder)
    assert "还是“待定”" in refused("standing", "check", "office", cwd=folder)
    file = folder / "office" / "standing.yaml"
    rules, rest = file.read_text("utf-8").replace("2030", "2025").split("  days:\n", 1)
    head = decided("  days:\n", {}) + rest
    days, later = head.split("  objections:\n", 1)
    days = decided(days, {"publicity": "7", "evaluation": "365", "rectification": "90"})
    objections, later = later.split("  repeat_from:\n", 1)
    objections = decided(objections, {"publicity": "continue"})
    later = decided("  repeat_from:\n" + later, ROLES)
    text = decided(rules, ROLES) + days + "  objections:\n" + objections + later
    file.write_text(text, "utf-8")
    assert "没有发现问题" in done("standing", "check", "office", cwd=folder)
    return folder


def record(folder: Path, *arguments: Any) -> str:
    """``evalkit standing record office …`` that ended well."""
    return done("standing", "record", "office", *arguments, cwd=folder)


def test_from_the_draft_to_the_title_and_its_paper(tmp_path: Path, locked: Path) -> None:
    """A recognition with an objection, through commands only, each step by whom the text says."""
    folder = drafted(tmp_path)
    coming = record(folder)
    assert "环节“申报通知”（第七条，recognition-2025）由省工业和信息化厅：p1；可记：完成" in coming
    assert "evalkit standing record office decide a1 call 完成 --by p1" in coming
    for id in ("a1", "a4"):
        record(folder, "decide", id, "申报通知", "完成", "--by", "p1", "--day", "2025-03-01")
        for stage, by in (("consent", "own1"), ("submission", "own2"), ("first-check", "p2")):
            record(folder, "decide", id, stage, "完成", "--by", by, "--day", "2025-03-20")
    take = ("standing", "take", "office", locked, "--round", "recognition-2025")
    review = ("--stage", "expert-review", "--by", "p3", "--day", "2025-05-01")
    both = ("--applicant", "a1", "--applicant", "a4")
    assert "还没有轮到这一环节" in refused(*take, *review, cwd=folder)
    assert "登记了 2 条，取自根哈希" in done(*take, *review, *both, cwd=folder)
    for id in ("a1", "a4"):
        why = ("--reason", "材料可远程核验")
        skip = ("site-visit", "不必进行", "--by", "p1", "--day", "2025-05-02")
        record(folder, "decide", id, *skip, *why)
    passing = ("collective-decision", "通过", "--by", "p1", "--day", "2025-05-10")
    why = refused("standing", "record", "office", "decide", "a4", *passing, cwd=folder)
    assert "没有拟选这一对象，不能通过" in why
    record(folder, "decide", "a1", *passing)
    publicity = ("decide", "a1", "公示")
    by = ("--by", "p1", "--day")
    record(folder, *publicity, "开始公示", *by, "2025-05-12")
    who = ("--objector", "李示例", "--objector-is", "第三方", "--reason", "数据有误")
    record(folder, *publicity, "提出异议", *by, "2025-05-13", *who)
    assert "可记 异议不成立、异议成立、受理异议、不予受理异议" in record(folder)
    record(folder, *publicity, "受理异议", *by, "2025-05-14")
    record(folder, *publicity, "核查异议", *by, "2025-05-15", "--reason", "数据与年报一致")
    record(folder, *publicity, "异议不成立", *by, "2025-05-16", "--reason", "数据属实")
    record(folder, *publicity, "完成", *by, "2025-05-20")
    record(folder, "decide", "a1", "认定并公布", "完成", *by, "2025-05-21")
    shown = done("standing", "office", "--applicant", "a1", cwd=folder)
    assert "已认定：安徽省人工智能赋能新型工业化示范区(深度应用类)，自 2025-05-21 起" in shown
    assert "2025-05-13 李示例（第三方） 提出，数据有误；不成立" in shown
    assert "取自锁定的结果" in shown
    notice = ("standing", "notice", "office", "--kind", "recognition")
    done(*notice, "--applicant", "a1", "--out", "公布.docx", cwd=folder)
    assert docx.Document(str(folder / "公布.docx")).paragraphs[0].text.startswith("关于认定")
    said = refused(*notice, "--applicant", "a4", "--out", "no.docx", cwd=folder)
    assert "没有认定的记录" in said
    assert not (folder / "no.docx").exists()
    checked = done("standing", "check", "office", "--round", locked, cwd=folder)
    assert "与 1 轮锁定的结果核对，相符" in checked


def test_a_successor_round_corrects_what_was_taken(tmp_path: Path, locked: Path) -> None:
    """The results of a round that supersedes the first take its place, with its own reason."""
    folder = drafted(tmp_path)
    record(folder, "decide", "a1", "call", "done", "--by", "p1", "--day", "2025-03-01")
    for stage, by in (("consent", "own1"), ("submission", "own2"), ("first-check", "p2")):
        record(folder, "decide", "a1", stage, "done", "--by", by, "--day", "2025-03-20")
    where = ("--round", "recognition-2025", "--stage", "expert-review", "--by", "p3")
    take = (*where, "--applicant", "a1")
    done("standing", "take", "office", locked, *take, "--day", "2025-05-01", cwd=folder)
    again = case_of(locked, folder / "case", applicant="a1")
    run = amend(folder / "case", "--recuse", "e1:a1", reason="查实有利益关系")
    assert run.returncode == 0, run.stderr
    assert "还没有锁定" in refused("standing", "take", "office", again, *take, cwd=folder)
    done("panel", "lock", again, "--yes", cwd=folder)
    done("standing", "take", "office", again, *take, "--day", "2025-06-01", cwd=folder)
    (seen,) = shown(folder, "a1")["rounds"]
    assert (seen["reason"], seen["outcome"]) == ("查实有利益关系", "done")
    both = ("--round", locked, "--round", again)
    checked = done("standing", "check", "office", *both, cwd=folder)
    assert "与 2 轮锁定的结果核对，相符" in checked


def copied(folder: Path, demo: str) -> Path:
    """A demo office in ``folder``, to be written on."""
    shutil.copytree(PANELS / demo, folder / "office")
    return folder


def shown(folder: Path, id: str, *arguments: Any) -> dict[str, Any]:
    """The JSON of one applicant."""
    run = done("standing", "office", "--applicant", id, "--json", *arguments, cwd=folder)
    found: dict[str, Any] = json.loads(run)["applicants"][0]
    return found


def test_what_follows_recognition(tmp_path: Path) -> None:
    """Henan's centre to its support, by Chinese names; corrections and withdrawals stay on file."""
    folder = copied(tmp_path, "henan-standing-demo")
    by = ("--by", "p-head", "--day")
    record(folder, "decide", "c03", "专家评审", "完成", *by, "2026-01-26")
    record(folder, "decide", "c03", "择优给予支持", "通过", *by, "2026-02-10")
    assert "择优给予支持，给予支持（三、（三））" in done("standing", "office", cwd=folder)
    why = ("--reason", "抄录有误，以会议纪要为准", *by, "2026-02-11")
    record(folder, "correct", "c03", "r07", "--set", "outcome=不予通过", *why)
    assert shown(folder, "c03")["rounds"][0]["verdict"] == "不予支持"
    record(folder, "withdraw", "c03", "r07", *why)
    assert shown(folder, "c03")["rounds"][0]["stage"] == "stage-expert-review"
    assert [n["stage"] for n in shown(folder, "c03")["next"]] == ["stage-support"]


def test_grounds_answers_and_figures(tmp_path: Path) -> None:
    """A fresh office of Zhongshan: a change, a proposal declined and taken up later, a figure."""
    folder = copied(tmp_path, "zhongshan-standing-demo")
    file = folder / "office" / "standing.yaml"
    text = file.read_text("utf-8")
    before = text.index("      - {id: r11, kind: ground, rule: standing-change-consent")
    after = text.index("  - id: t04")
    file.write_text(text[:before] + text[after:], "utf-8")  # t03 as recognised on 20 April 2026
    day = ("--day", "2026-05-04")
    change = ("standing-change-notice", "--year", "2026", "--takes-effect", "2026-07-01")
    ground = ("ground", "t03", *change, "--by", "own", "--reason", "更名", *day)
    record(folder, *ground)
    own = ("answer", "t03", "standing-change-notice")
    said = refused(
        *("standing", "record", "office", *own, "采纳", "--by", "own", "--reason", "x", *day),
        cwd=folder,
    )
    assert "第十条：这一条由“市人工智能产业办公室”作出" in said
    assert "可由 o-clerk（办示例）、o-head（主任示例） 作出" in said
    record(folder, *own, "不采纳", "--by", "o-head", "--reason", "材料不齐", *day)
    later = ("--day", "2026-05-20")
    record(folder, *own, "采纳", "--by", "主任示例", "--reason", "已补齐", *later)
    seen = shown(folder, "t03")
    assert [(a["outcome"], a["on"]) for a in seen["answered"]] == [
        *(("declined", "2026-05-04"), ("accepted", "2026-05-20")),
    ]
    figure = ("figure", "t03", "duty-enterprises-served", "--year", "2026", "--by", "own")
    record(folder, *figure, "--value", "２９", "--evidence", "清单", *later)
    (found,) = shown(folder, "t03")["figures"]
    assert (found["value"], found["unit"], found["met"]) == ("29", "家", False)
    words = done("standing", "office", "--applicant", "t03", "--on", "2028-04-01", cwd=folder)
    assert "29 家，清单（第九条（四）），2026-05-20；不符合“不少于 30 家”" in words
    assert "未报：2027 年度的“" in words
    assert "最后一日 2028-03-31，已逾期" in words


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("decide", "z05", "公示", "完成"), "--by"),
        (("decide", "z99", "公示", "完成", "--by", "p-head"), "没有对象 z99，可选：z01"),
        (("decide", "z05", "公示", "完成", "--by", "p-head"), "只能是：提出异议、核查异议"),
        (("correct", "z05", "r10", "--by", "p-head", "--reason", "x", "--set", "a=b"), "a："),
        (("answer", "z01", "revocation", "采纳", "--by", "p-head", "--reason", "x"), "preference"),
    ],
)
def test_wrong_usage_gets_a_line(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    """What is wrong, and what would do; no log is begun in vain."""
    folder = copied(tmp_path, "anhui-standing-demo")
    assert message in refused("standing", "record", "office", *arguments, cwd=folder)
    assert "没有发现问题" in done("standing", "check", "office", cwd=folder)


def test_an_unlocked_round_gives_nothing(tmp_path: Path, locked: Path) -> None:
    """`take` and `check --round` want a lock."""
    folder = copied(tmp_path, "anhui-standing-demo")
    ek.Round.create(folder / "round", locked / "panel.yaml").__exit__()
    take = ("standing", "take", "office", "round", "--round", "rec-2026")
    run: Run = evalkit(*take, "--stage", "expert-review", "--by", "p-experts", cwd=folder)
    assert (run.returncode, "还没有锁定" in run.stderr) == (1, True)
    assert evalkit("standing", "check", "office", "--round", "round", cwd=folder).returncode == 1


def test_one_record_on_several(tmp_path: Path) -> None:
    """A call is one act: on record for everybody, or for nobody, saying because of whom."""
    folder = drafted(tmp_path)
    call = ("call", "完成", "--by", "p1", "--day", "2025-03-01")
    said = record(folder, "decide", "a1、a2, a1", *call)
    assert [line[4:6] for line in said.splitlines() if line.startswith("已登记")] == ["a1", "a2"]
    wrong = refused("standing", "record", "office", "decide", "a3，a1", *call, cwd=folder)
    assert wrong.startswith("a1：第七条“申报通知”：还没有轮到这一环节")
    assert "几个对象都没有登记" in wrong
    assert "没有对象 a9" in refused(
        "standing", "record", "office", "decide", "a3，a9", *call, cwd=folder
    )
    assert [shown(folder, id)["rounds"] != [] for id in ("a1", "a2", "a3")] == [True, True, False]


def test_a_role_that_nobody_holds(tmp_path: Path) -> None:
    """It is said before an objection waits for somebody who may judge it."""
    folder = drafted(tmp_path)
    done("declare", "office/standing.yaml", "rules.judges.publicity=异议处理组", cwd=folder)
    run = evalkit("standing", "check", "office", cwd=folder)
    assert (run.returncode, run.stdout) == (
        1,
        "rules.judges.publicity：没有人有“异议处理组”这一身份，请在 persons 中写明\n",
    )
    done("declare", "office/standing.yaml", "persons[p1].roles=[省工信厅, 异议处理组]", cwd=folder)
    assert "没有发现问题" in done("standing", "check", "office", cwd=folder)
