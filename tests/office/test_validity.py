"""Records of days on which the text does not hold."""

from __future__ import annotations

from pathlib import Path

from tests.support.command import evalkit
from tests.support.diary import FILES, ZHONGSHAN, Diary


def test_records_before_the_text_came_into_effect() -> None:
    """自印发之日起施行: a reader is told, and not where the day lies later."""
    diary = Diary(ZHONGSHAN)
    diary.decide("stage-launch", "done", "2026-01-03")
    (remark,) = diary.seen()["remarks"]
    assert remark.render() == "原文自 2026-01-04 起施行，此前的 1 条记录须另有依据"
    later = Diary(ZHONGSHAN)
    later.decide("stage-launch", "done", "2026-01-04")
    assert later.seen()["remarks"] == []


def test_the_check_of_an_office_says_so(tmp_path: Path) -> None:
    """Records and last days, with exit code 1; the file is none the worse for it."""
    text = FILES[ZHONGSHAN].read_text("utf-8")
    last = "stage-self-report: 2027-11-30"
    assert text.count(last) == 1
    file = tmp_path / "standing.yaml"
    file.write_text(text.replace(last, "stage-self-report: 2028-01-31"), "utf-8")
    run = evalkit("standing", "check", file)
    assert run.returncode == 1
    said = (
        "eval-2027 的 stage-self-report：2028-01-31 在原文有效期（至 2027-12-31）之后，须另有依据"
    )
    assert said in run.stdout
    assert "没有发现问题" not in run.stdout
