"""An appeal's case file: what may be raised, by whom it may be decided, and what follows."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from evalkit.appeal.case import Appeal
from evalkit.appeal.objection import Objection, Publicity
from evalkit.archive.layout import ABOUT, CRATE, INFO, PREDECESSOR, TAGMANIFEST
from evalkit.archive.write import archive_round
from evalkit.base.digests import sha256_of_file
from evalkit.base.errors import InputError, Refused
from evalkit.office.register import Register
from evalkit.record.succession import Succession
from evalkit.round import Round
from tests.support.appeals import BY, accept, amend, case_of, open_case
from tests.support.builders import ROOT, frame, write
from tests.support.command import Run, evalkit
from tests.support.locked import locked, panel, rows, rubric

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("unedited")]

REASON = "经核查，一位专家与该单位有利害关系，其评分不再计入。"


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    with locked(tmp_path / "files"):
        return tmp_path / "files"


def decide(case: Path, outcome: str, reason: str = REASON, **more: str) -> Run:
    """A decision by somebody who took no part before."""
    by = ("--by", more.get("by", "周主任"))
    return evalkit("appeal", "decide", case, outcome, *by, "--reason", reason)


def value_amended(folder: Path) -> Path:
    """D's value is recorded anew, 10 for 6, and the round is locked; the folder of the case."""
    case = folder / "case"
    new = case_of(folder / "old", case, applicant="D")
    assert amend(case, "--reopen-value", "D:i2").returncode == 0
    value = ("--applicant", "D", "--indicator", "i2", "--value", "10", "--evidence", "重新核算")
    assert evalkit("record", "measure", new, *value).returncode == 0
    assert evalkit("panel", "lock", new, "--yes").returncode == 0
    return case


def words(file: Path) -> list[str]:
    """The paragraphs of a Word file."""
    return [p.text for p in docx.Document(io.BytesIO(file.read_bytes())).paragraphs]


def test_from_the_objection_to_the_decision(folder: Path) -> None:
    """Every step is said with its author; the papers lie in the case, the original is untouched."""
    before = {f: f.read_bytes() for f in (folder / "old").rglob("*") if f.is_file()}
    case = value_amended(folder)
    done = decide(case, "变更")
    assert (done.returncode, done.stderr) == (0, "")
    assert "公示名单有变" in done.stdout
    assert f"evalkit export {case / 'round'} --format publicity" in done.stdout
    shown = evalkit("appeal", "show", case).stdout
    assert "提出异议（周主任）：第1号：李示例（第三方）就 D 提出：有专家受聘于该单位" in shown
    assert "在公示期内（2026年3月2日至2026年3月7日）" in shown
    assert "复核人员：王复核，示例大学；赵复核，示例研究院" in shown
    assert f"变更；理由：{REASON}" in shown
    rows = json.loads(evalkit("appeal", "show", case, "--json").stdout)
    assert [(row["step"], row["by"]) for row in rows] == [
        ("提出异议", "周主任"),
        ("受理", "周主任"),
        ("重开有关内容", "领导小组"),
        ("作出决定", "周主任"),
    ]
    assert {f.name for f in (case / "papers").iterdir()} == {
        "复核决定.docx", "复核情况告知书.docx", "复核结果对照.docx", "appeal.jsonl",
        "papers.jsonl",
    }  # fmt: skip
    assert len((case / "papers" / "appeal.jsonl").read_text("utf-8").splitlines()) == 4
    assert before == {f: f.read_bytes() for f in (folder / "old").rglob("*") if f.is_file()}


def test_the_decision_tells_no_expert(folder: Path) -> None:
    """A third party learns who looked into it and what was decided."""
    case = value_amended(folder)
    assert decide(case, "变更").returncode == 0
    said = "".join(words(case / "papers" / "复核决定.docx"))
    assert "由王复核、赵复核复核" in said
    assert "现决定：变更原评审结果" in said
    assert "专家3" not in said
    assert "专家3受聘" in "".join(words(case / "papers" / "复核结果对照.docx"))


def test_an_applicant_sees_its_own_points_before_and_after(folder: Path) -> None:
    """And of no other."""
    case = folder / "case"
    own = ("--objector", "丁", "--objector-is", "被评单位")
    assert open_case(folder / "old", case, *own, applicant="D").returncode == 0
    assert accept(case).returncode == 0
    assert amend(case, "--reopen-value", "D:i2").returncode == 0
    value = ("--applicant", "D", "--indicator", "i2", "--value", "10", "--evidence", "重新核算")
    evalkit("record", "measure", case / "round", *value)
    evalkit("panel", "lock", case / "round", "--yes")
    assert decide(case, "变更").returncode == 0
    said = words(case / "papers" / "复核决定.docx")
    assert "按复核后的记录重新计算，你单位的总分由 8.00 变为 10.00、名次仍为 4。" in said


def test_a_decision_is_what_the_figures_say(folder: Path) -> None:
    """Nothing reopened: kept; a recusal that moves nobody: kept; a total that moves: changed."""
    case = folder / "case"
    case_of(folder / "old", case)
    assert "没有重开任何内容，结果只能维持" in decide(case, "变更").stderr
    assert amend(case, "--recuse", "e3:C").returncode == 0
    early = decide(case, "维持")
    assert (early.returncode, "尚未锁定" in early.stderr) == (1, True)
    evalkit("panel", "lock", case / "round", "--yes")
    compared = evalkit("appeal", "compare", case, "--json")
    moved = [a for a in json.loads(compared.stdout)["applicants"] if a["moved"]]
    assert [a["before"]["total"] == a["after"]["total"] for a in moved] == [True]
    assert decide(case, "维持").returncode == 0
    ended = decide(case, "维持")
    assert (ended.returncode, "已经办结" in ended.stderr) == (1, True)


def test_a_decision_against_the_figures_is_refused(folder: Path) -> None:
    """Kept is not what a new total says; nothing is on record then."""
    case = value_amended(folder)
    found = decide(case, "维持")
    assert (found.returncode, "只能变更" in found.stderr) == (1, True)
    assert "重开有关内容" in evalkit("appeal", "show", case).stdout
    assert not (case / "papers").exists()


def test_not_taken_up(folder: Path) -> None:
    """With its reason, on paper; nothing follows."""
    case = folder / "case"
    assert open_case(folder / "old", case, "--received", "2026-03-09").returncode == 0
    late = accept(case)
    assert (late.returncode, "期满以后收到" in late.stderr) == (1, True)
    why = ("--refuse", "--reason", "公示期满后提出，没有新的证据")
    done = evalkit("appeal", "accept", case, *BY, *why)
    assert (done.returncode, done.stderr) == (0, "")
    said = words(case / "papers" / "复核决定.docx")
    assert said[0].replace("\n", "") == "关于丙评审结果异议不予受理的答复"
    assert "该异议在公示期满后提出" in "".join(said)
    assert "经研究，决定不予受理。理由：公示期满后提出，没有新的证据。" in said
    assert amend(case, "--recuse", "e3:C").returncode == 1
    assert not (case / "round").exists()


def test_a_late_objection_may_be_taken_up_with_a_reason(folder: Path) -> None:
    """It stays with the case."""
    case = folder / "case"
    open_case(folder / "old", case, "--received", "2026-03-09")
    assert accept(case, "--reason", "有新的证据").returncode == 0
    assert "逾期仍受理的理由：有新的证据" in evalkit("appeal", "show", case).stdout


PARTIAL = [
    ("专家1:示例大学", "专家1 是原评审组的专家"),
    (" 专家１ :示例大学", "是原评审组的专家"),
    ("e2:示例大学", "是原评审组的专家"),
    ("李示例:示例大学", "李示例 是异议人"),
    ("钱某:丙公司", "是同一单位或有隶属关系"),
    ("钱某", "请写成 姓名:工作单位"),
]


@pytest.mark.parametrize(("reviewer", "message"), PARTIAL)
def test_a_reviewer_took_no_part_before(folder: Path, reviewer: str, message: str) -> None:
    """Nor is concerned; nothing is on record then."""
    case = folder / "case"
    open_case(folder / "old", case)
    found = evalkit("appeal", "accept", case, *BY, "--reviewer", reviewer)
    assert (found.returncode != 0, message in found.stderr) == (True, True), found.stderr
    assert len(json.loads(evalkit("appeal", "show", case, "--json").stdout)) == 1


def test_conflicts_on_record_are_named(tmp_path: Path) -> None:
    """An expert who stood aside for the applicant does not review it either."""
    apart = [{"expert": "e3", "applicant": "C", "reason": "亲属"}]
    file = write(tmp_path, rubric(), panel(conflicts=apart))
    with Round.create(tmp_path / "old", file) as workspace:
        entered = [row for row in rows() if row[:2] != ("C", "e3")]
        workspace.import_scores(frame(entered))
        workspace.lock()
    case = tmp_path / "case"
    open_case(tmp_path / "old", case)
    found = evalkit("appeal", "accept", case, *BY, "--reviewer", "专家3:示例大学")
    assert "对 C 有登记的利益冲突，不能参加复核" in found.stderr


def test_an_employer_like_a_party_is_for_a_person_to_compare(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, and nothing is on record before a person has."""
    case, like = folder / "case", ("--reviewer", "钱某:丙公司第二分部")
    open_case(folder / "old", case)
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    found = evalkit("appeal", "accept", case, *BY, *like)
    assert (found.returncode, "名称相近" in found.stdout) == (1, True), found.stderr
    assert len(json.loads(evalkit("appeal", "show", case, "--json").stdout)) == 1
    with Appeal.open(case) as appeal, pytest.raises(Refused, match="名称相近"):
        appeal.accept("周主任", ["钱某:丙公司第二分部"])
    assert evalkit("appeal", "accept", case, *BY, *like, "--yes").returncode == 0
    assert "经核对不是同一单位：“丙公司第二分部”" in evalkit("appeal", "show", case).stdout


def test_who_took_part_decides_nothing(folder: Path) -> None:
    """Neither an expert nor the objector."""
    case = folder / "case"
    case_of(folder / "old", case)
    assert "是原评审组的专家" in decide(case, "维持", by="专家2").stderr
    assert "是异议人" in decide(case, "维持", by="李示例").stderr
    named = decide(case, "维持", "专家2打分无误。")
    assert "不能出现评审专家的姓名：专家2" in named.stderr


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"objector": "匿名"}, "须实名提出"),
    ({"objector": " "}, "请写明异议人"),
    ({"ground": ""}, "请写明理由"),
    ({"applicant": "Z"}, "Z"),
    ({"objector_is": "someone"}, "可写：被评单位、第三方"),
    ({"objector_is": "applicant"}, "李示例 不是 C 的参评对象、牵头或参加单位（丙、丙公司）"),
    ({"received": date(2026, 3, 1)}, "早于公示开始的日期"),
    ({"publicity": Publicity(date(2026, 3, 2), 0)}, "正整数"),
]


@pytest.mark.parametrize(("changed", "message"), WRONG)
def test_what_cannot_be_raised(folder: Path, changed: dict[str, Any], message: str) -> None:
    """Is said in a line, and no folder is there."""
    given = {
        "number": "1",
        "applicant": "C",
        "objector": "李示例",
        "objector_is": "third_party",
        "ground": "数据有误",
        "received": date(2026, 3, 3),
        "publicity": Publicity(date(2026, 3, 2), 5),
    }
    with pytest.raises((Refused, InputError), match=message):
        Appeal.begin(folder / "case", folder / "old", Objection(**given | changed), "周主任")
    assert not (folder / "case").exists()


def test_days_must_be_said(folder: Path) -> None:
    """No text says how long the publicity lasts."""
    given = ("--applicant", "C", "--objector", "李示例", "--objector-is", "第三方", "--ground", "x")
    case = ("--out", folder / "case", "--received", "2026-03-03", *BY)
    found = evalkit("appeal", "open", folder / "old", *case, *given)
    assert (found.returncode, "请写明公示从哪一日开始、多少天" in found.stderr) == (2, True)


def test_the_last_day_is_in_time() -> None:
    """The day of the beginning does not count."""
    publicity = Publicity(date(2026, 3, 2), 5)
    about = ("1", "C", "李示例", "third_party", "数据有误")
    days = {7: True, 8: False}
    assert {d: Objection(*about, date(2026, 3, d), publicity).in_time for d in days} == days


def test_an_unlocked_round_has_no_results_to_object_to(folder: Path, tmp_path: Path) -> None:
    """Nor is a folder without a round one."""
    with Round.create(tmp_path / "new", folder / "panel.yaml"):
        pass
    assert "还没有锁定" in open_case(tmp_path / "new", tmp_path / "case").stderr
    assert "请给出评审工作文件夹或它的档案" in open_case(tmp_path, tmp_path / "case").stderr
    assert not (tmp_path / "case").exists()


def test_a_changed_log_is_named(folder: Path) -> None:
    """Whoever edits a step of the case is found."""
    case = folder / "case"
    case_of(folder / "old", case)
    log = sqlite3.connect(case / "appeal.sqlite")
    triggers = log.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        log.execute(f"DROP TRIGGER {name}")
    log.execute("UPDATE event SET payload = replace(payload, '李示例', '王示例')")
    log.commit()
    log.close()
    found = evalkit("appeal", "show", case)
    assert (found.returncode, "与哈希链不符" in found.stderr) == (2, True)


def test_a_bag_is_left_as_it_is_and_named_by_the_next(folder: Path, tmp_path: Path) -> None:
    """The digest of its tag manifest stands in the log, archive.json, bag-info and the crate."""
    with Round.open(folder / "old") as old:
        archive_round(old, tmp_path / "bag")
    digest = str(sha256_of_file(tmp_path / "bag" / TAGMANIFEST))
    opened = open_case(tmp_path / "bag", tmp_path / "case")
    assert digest in opened.stdout
    assert accept(tmp_path / "case").returncode == 0
    assert amend(tmp_path / "case", "--recuse", "e3:C").returncode == 0
    new = tmp_path / "case" / "round"
    evalkit("panel", "lock", new, "--yes")
    with Round.open(new) as found:
        archive_round(found, tmp_path / "next")
    data = tmp_path / "next" / "data"
    assert json.loads((data / ABOUT).read_text("utf-8"))["supersedes"]["bag"] == digest
    assert f"{PREDECESSOR}: {digest}" in (tmp_path / "next" / INFO).read_text("utf-8")
    assert f"urn:sha256:{digest}" in (data / CRATE).read_text("utf-8")
    for bag in ("bag", "next"):
        checked = evalkit("verify", tmp_path / bag)
        assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout


def test_a_changed_bag_is_not_taken(folder: Path, tmp_path: Path) -> None:
    """It is named what is wrong with it."""
    with Round.open(folder / "old") as old:
        archive_round(old, tmp_path / "bag")
    (tmp_path / "bag" / "data" / "results.json").write_text("{}", "utf-8")
    found = open_case(tmp_path / "bag", tmp_path / "case")
    assert (found.returncode, "与清单不符" in found.stderr) == (1, True)
    assert not (tmp_path / "case").exists()


def test_days_from_the_register(tmp_path: Path) -> None:
    """The day that it was begun and the days that the office declared."""
    shutil.copytree(ROOT / "panels" / "zhongshan-standing-demo", tmp_path / "office")
    with Register.open(tmp_path / "office") as register:
        book = register.book
        whom = [a.id for a in book.office.applicants]
        found = [_registered(register, id) for id in whom]
    assert [p for p in found if p is not None]
    for one in (p for p in found if p is not None):
        assert one.days > 0
        assert (one.last - one.begun).days == one.days


def _registered(register: Register, applicant: str) -> Publicity | None:
    try:
        return Publicity.registered(register, applicant)
    except Refused:
        return None


def test_logs_of_before_have_no_bag() -> None:
    """The payload is what it was, and reads back."""
    names = ("root", "results", "panel_before", "rubric_before", "panel", "rubric")
    words_ = ("reason", "objection", "decided_by")
    found = Succession(**dict.fromkeys((*names, *words_), "x"))
    assert "bag" not in found.payload()
    assert Succession.read(found.payload()) == found
    with_bag = Succession(**dict.fromkeys((*names, *words_, "bag"), "x"))
    assert Succession.read(with_bag.payload()) == with_bag
