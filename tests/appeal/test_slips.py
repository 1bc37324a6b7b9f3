"""What was recorded by mistake is taken back on record; steps have the day when they were taken."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evalkit.archive.layout import APPEAL
from evalkit.base.terms import BEIJING
from evalkit.round import Round
from tests.support.appeals import BY, accept, amend, case_of, open_case
from tests.support.command import Run, evalkit
from tests.support.locked import locked

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("unedited")]

WRONG = ("--reason", "理由写错了，重新登记")
KEPT = ("维持", *BY, "--reason", "按锁定的评分重新计算，结果相同")


@pytest.fixture(name="case")
def _case(tmp_path: Path) -> Path:
    """A case that was taken up."""
    with locked(tmp_path / "files") as old:
        case_of(old.folder, tmp_path / "case")
    return tmp_path / "case"


def steps(case: Path) -> list[str]:
    """What was recorded, in order."""
    shown = json.loads(evalkit("appeal", "show", case, "--json").stdout)
    return [row["step"] for row in shown]


def day(after: int = 0) -> str:
    """A day in Beijing, so many after today."""
    return (datetime.now(UTC).astimezone(BEIJING).date() + timedelta(after)).isoformat()


def withdraw(case: Path) -> Run:
    """Take the step before back."""
    return evalkit("appeal", "withdraw", case, *BY, *WRONG)


def test_what_was_reopened_by_mistake_is_taken_back(case: Path) -> None:
    """Both stay on record, the round lies beside; what follows rests on what holds."""
    assert amend(case, "--recuse", "e1:C", reason="写错的理由").returncode == 0
    refused = accept(case)
    assert "接着只能作出决定、撤回上一步，不能受理；命令见 evalkit appeal show" in refused.stderr
    done = withdraw(case)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (case / "round").exists()
    with Round.open(case / "round-3") as aside:
        assert aside.history().succession is not None
    assert amend(case, "--recuse", "e3:C").returncode == 0
    assert evalkit("panel", "lock", case / "round", "--yes").returncode == 0
    assert evalkit("appeal", "decide", case, *KEPT).returncode == 0
    taken = ["重开有关内容", "撤回上一步", "重开有关内容", "作出决定"]
    assert steps(case) == ["提出异议", "受理", *taken]
    assert "写错的理由" in (case / "papers" / APPEAL).read_text("utf-8")
    bag = case.with_name("bag")
    assert evalkit("appeal", "archive", case, "--out", bag).returncode == 0
    assert evalkit("verify", bag).returncode == 0


def test_other_reviewers_take_the_place_of_the_first(case: Path) -> None:
    """The paper names those who hold."""
    assert withdraw(case).returncode == 0
    assert "决定是否受理" in evalkit("appeal", "show", case).stdout
    other = ("--reviewer", "孙复核:示例大学")
    assert evalkit("appeal", "accept", case, *BY, *other).returncode == 0
    assert steps(case) == ["提出异议", "受理", "撤回上一步", "受理"]


def test_an_end_is_not_taken_back(case: Path) -> None:
    """Its papers may be out; nor is the objection itself, and not without a reason."""
    empty = evalkit("appeal", "withdraw", case, *BY, "--reason", " ")
    assert empty.returncode == 1
    assert withdraw(case).returncode == 0
    again = withdraw(case)
    assert (again.returncode, "不能撤回上一步" in again.stderr) == (1, True)
    assert accept(case).returncode == 0
    assert evalkit("appeal", "decide", case, *KEPT).returncode == 0
    assert "已经办结" in withdraw(case).stderr


def test_a_step_has_the_day_on_which_it_was_taken(tmp_path: Path) -> None:
    """Entered later, it says both; it is neither to come nor before the step before."""
    with locked(tmp_path / "files") as old:
        case = tmp_path / "case"
        assert "公示开始的日期 2026-03-02 早于" in open_case(old.folder, case).stdout
    for on, said in (
        ("2026-03-02", "日期 2026-03-02 早于前一步的日期 2026-03-03"),
        (day(1), f"日期 {day(1)} 还没有到"),
    ):
        done = accept(case, "--on", on)
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr
    assert accept(case, "--on", "2026-03-05").returncode == 0
    early = evalkit("appeal", "decide", case, *KEPT, "--on", "2026-03-04")
    assert "早于前一步的日期 2026-03-05" in early.stderr
    assert evalkit("appeal", "decide", case, *KEPT, "--on", "2026-03-09").returncode == 0
    shown = evalkit("appeal", "show", case).stdout
    assert f"2026-03-09 作出决定（周主任，{day()}登记）" in shown


def test_a_decision_is_not_before_the_lock_that_it_rests_on(case: Path) -> None:
    """Nor is what was reopened before it was taken up."""
    assert amend(case, "--recuse", "e3:C").returncode == 0
    assert evalkit("panel", "lock", case / "round", "--yes").returncode == 0
    done = evalkit("appeal", "decide", case, *KEPT, "--on", day(-1))
    assert (done.returncode, "早于前一步的日期" in done.stderr) == (1, True)


def test_an_objection_was_received(tmp_path: Path) -> None:
    """Not one of these days."""
    with locked(tmp_path / "files") as old:
        done = open_case(old.folder, tmp_path / "case", "--received", day(1))
    assert (done.returncode, "还没有到" in done.stderr) == (1, True)
    assert not (tmp_path / "case").exists()


def test_what_is_reopened_is_named_in_pairs(case: Path) -> None:
    """Another way of writing is named with the right one."""
    for option, told in (
        ("--recuse", "“e1,c16”请写成 专家:评审对象"),
        ("--reopen-sheet", "“e1,c16”请写成 专家:评审对象"),
        ("--reopen-value", "“e1,c16”请写成 评审对象:登记的值"),
    ):
        done = amend(case, option, "e1,c16")
        assert (done.returncode, told in done.stderr) == (2, True), done.stderr


def test_two_reports_of_one_applicant_tell_scores(case: Path, tmp_path: Path) -> None:
    """It is said when sheets are reopened and when the report is made, of that applicant alone."""
    told = "C：新旧两份报告放在一起"
    assert told in amend(case, "--recuse", "e3:C").stdout
    assert evalkit("panel", "lock", case / "round", "--yes").returncode == 0
    for applicant in ("C", "D"):
        out = ("--applicant", applicant, "--out", tmp_path / applicant)
        done = evalkit("report", case / "round", *out)
        assert (done.returncode, told in done.stdout) == (0, applicant == "C"), done.stderr
    assert withdraw(case).returncode == 0
    assert told not in amend(case, "--reopen-value", "C:i2").stdout
