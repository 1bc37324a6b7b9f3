"""An archive made again: the same bytes, or what differs and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import evalkit as ek
from evalkit.archive.write import archive_round
from evalkit.round import Round
from tests.support import alterations, bags
from tests.support.alterations import added, removed, replaced
from tests.support.bags import copied, put, resealed
from tests.support.command import evalkit
from tests.support.reruns import DEEDS, PAGE, Deed

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("unedited")]


@pytest.fixture(scope="module")
def handover(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bag for the applicant A."""
    out = tmp_path_factory.mktemp("bags") / "A"
    with Round.open(small / "round", bags.ticking()) as workspace:
        archive_round(workspace, out, applicant="A")
    return out


def stamps(bag: Path) -> dict[Path, int]:
    """When each file and folder of a bag was last written to."""
    return {path: path.lstat().st_mtime_ns for path in [bag, *bag.rglob("*")]}


def test_an_honest_archive_is_identical(small_bag: Path) -> None:
    """Results, statistics, and both files of each of the eight reports; nothing is written."""
    before = stamps(small_bag)
    again = ek.rerun(small_bag)
    assert again.lines
    assert (again.verdict, again.differences, again.causes) == ("identical", (), ())
    assert again.compared == {"results": 1, "statistics": 1, "pages": 8, "notebooks": 8}
    assert stamps(small_bag) == before


def test_a_changed_score_fills_no_screen(small_bag: Path, tmp_path: Path) -> None:
    """Who moved stands before the differences; what is true of many reports is one line."""
    bag = copied(small_bag, tmp_path / "bag")
    alterations.chain(bag)
    again = ek.rerun(bag)
    lines = [text.render() for text in again.lines()]
    (moved,) = (line for line in lines if line.startswith("与存档的结果相比"))
    assert "总分 16.00 → " in moved
    text = "\n".join(lines)
    digests = [line for line in lines if "“依据与核验”一节：存档为" in line]
    assert [line.partition("：")[0] for line in digests] == ["  · A、B、C、D"] * 2
    for foreign in ("agreement", "counted", "dropped_", "metadata", '{"', "：存档为 登记的"):
        assert foreign not in text, text
    assert len(again.to_dict()["differences"]) > 3 * len(lines)


def test_a_page_that_is_not_there_is_said_in_words(small_bag: Path, tmp_path: Path) -> None:
    """Which page the archive lacks and the re-run has."""
    bag = copied(small_bag, tmp_path / "bag")
    removed(PAGE)(bag)
    said = "\n".join(text.render() for text in ek.rerun(bag, "A").lines())
    assert "A：页面：存档里没有，重做的里面有" in said


def test_of_one_applicant_only_its_report_is_made(small_bag: Path) -> None:
    """Its ranks follow from the scores of all."""
    again = ek.rerun(small_bag, "A")
    assert again.identical
    assert again.compared == {"results": 1, "statistics": 1, "pages": 2, "notebooks": 2}
    assert "只重做了 A 的报告" in again.notes[0].render()


def test_a_hand_over_bag_takes_ranks_as_given(handover: Path) -> None:
    """It says so, and the page has the same bytes."""
    again = ek.rerun(handover)
    assert again.identical
    assert again.compared == {"pages": 1, "notebooks": 1}
    assert "名次和全体的统计按档案所写" in again.notes[0].render()


def test_a_hand_over_bag_with_other_content(handover: Path, tmp_path: Path) -> None:
    """What the report was told, and what lies beside it, are two things."""
    bag = copied(handover, tmp_path / "bag")
    replaced("data/result.json", "16.00", "17.00", seal=True)(bag)
    again = ek.rerun(bag)
    assert [cause.kind for cause in again.causes] == ["inputs"]
    assert "data/result.json 不是 data/reports/applicant/A.ipynb 里填入的内容" in said(again)


def said(again: ek.archive.outcome.Rerun) -> str:
    """All causes in words."""
    return "\n".join(cause.text.render() for cause in again.causes)


def test_there_are_fifteen_deeds_and_more() -> None:
    """Each with a name of its own."""
    assert len({deed.name for deed in DEEDS}) == len(DEEDS) >= 15


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name.replace(" ", "-"))
def test_a_deed_is_named_with_its_cause(small_bag: Path, tmp_path: Path, deed: Deed) -> None:
    """With that cause and no other, and not with a word on the differences alone."""
    bag = copied(small_bag, tmp_path / "bag")
    deed.alter(bag)
    before = stamps(bag)
    again = ek.rerun(bag, deed.applicant)
    assert not again.identical
    assert {cause.kind for cause in again.causes} == {deed.kind}, said(again)
    assert deed.said in said(again)
    assert stamps(bag) == before


def test_the_command_says_it_and_its_exit_code(small_bag: Path, tmp_path: Path) -> None:
    """0 when identical, 1 when different, 2 where nothing can be made."""
    run = evalkit("rerun", small_bag, "--applicant", "A")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("identical：")
    bag = copied(small_bag, tmp_path / "bag")
    replaced(PAGE, "16.00", "17.00", seal=True)(bag)
    run = evalkit("rerun", bag, "--applicant", "A", "--json")
    told = json.loads(run.stdout)
    assert (run.returncode, told["verdict"]) == (1, "explained")
    assert [d["file"] for d in told["differences"]] == [PAGE] * len(told["differences"])
    run = evalkit("rerun", bag, "--applicant", "A", lang="en")
    assert run.returncode == 1
    assert "Cause (archived files)" in run.stdout
    run = evalkit("rerun", tmp_path)
    assert run.returncode == 2
    assert "这里不是 evalkit 做的档案" in run.stderr


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (removed("data/round/log.sqlite", seal=True), "log.sqlite"),
        (replaced("data/round/panel.yaml", "format:", "format", seal=True), "panel.yaml"),
        (added("data/archive.json", "{", seal=True), "不是 JSON 文件"),
    ],
)
def test_what_cannot_be_made_again(small_bag: Path, tmp_path: Path, harm, reason: str) -> None:
    """The command ends with 2 and says why, and a changed file is named beside it."""
    bag = copied(small_bag, tmp_path / "bag")
    harm(bag)
    run = evalkit("rerun", bag)
    assert run.returncode == 2
    assert reason in run.stderr


READ = {
    "data/archive.json": {2},
    "data/results.json": {1},
    "data/analysis.json": {1},
    "data/code/environment.json": {0, 1},
    "data/code/installed.csv": {1},
    "data/reports/applicant/reports.jsonl": {1},
    "data/reports/applicant/provenance.json": {0},
    "data/reports/applicant/A.ipynb": {1},
    "data/reports/applicant/A.html": {1},
    "data/round/panel.yaml": {2},
    "data/round/log.sqlite": {1, 2},  # an empty file is a log without entries
    "manifest-sha256.txt": {1},
}
"""What is read of an archive, and how a re-run ends when it is garbled; what has no say in what is
made ends with 0 and is left to `verify`."""


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        pytest.param(*one, marks=pytest.mark.soak if n % 4 else ())
        for n, one in enumerate(READ.items())
    ],
)
def test_a_garbled_file_breaks_nothing(
    small_bag: Path, tmp_path: Path, name: str, codes: set[int]
) -> None:
    """Whatever stands in it: a difference with its causes, or why nothing can be made."""
    form = json.dumps({"format": f"evalkit-{Path(name).stem}/1", "cells": [{"source": [1]}]})
    for n, content in enumerate(("", "[]", form)):
        bag = copied(small_bag, tmp_path / f"bag{n}")
        put(bag / name, content)
        if name.startswith("data/"):
            resealed(bag)
        run = evalkit("rerun", bag, "--applicant", "A")
        assert run.returncode in codes, (content, run.stdout, run.stderr)


def test_an_unknown_applicant(small_bag: Path) -> None:
    """The ids that there are stand in the message."""
    with pytest.raises(ek.InputError, match="档案里没有 Q 的报告；有的是：A、B、C、D"):
        ek.rerun(small_bag, "Q")


def test_a_page_without_effect_is_no_difference(small_bag: Path, tmp_path: Path) -> None:
    """Another kernel of the system, time zone or language is a note."""
    bag = copied(small_bag, tmp_path / "bag")
    note = bag / "data/code/environment.json"
    told = json.loads(note.read_bytes())
    told["time_zone"] = ["XYZ", "XYZ"]
    put(note, json.dumps(told))
    resealed(bag)
    again = ek.rerun(bag, "A")
    assert again.identical
    assert any("没有影响：时区当时是" in text.render() for text in again.notes)


def test_it_is_shown_in_a_notebook(small_bag: Path, tmp_path: Path) -> None:
    """The verdict, the causes and the differences, in both languages; a line as text."""
    bag = copied(small_bag, tmp_path / "bag")
    replaced(PAGE, "16.00", "17.00", seal=True)(bag)
    again = ek.rerun(bag, "A")
    assert repr(again).startswith("Rerun('bag', explained, 1 differences: archive")
    html = again._repr_html_()
    assert "出具之后被改过" in html
    assert "17.00" in html


def test_a_read_only_archive_is_read(small_bag: Path, tmp_path: Path) -> None:
    """As on a medium that nobody can write to."""
    bag = copied(small_bag, tmp_path / "bag")
    for path in bag.rglob("*"):
        if path.is_file():
            put(path, path.read_bytes())
            path.chmod(0o444)
    for path in [bag, *bag.rglob("*")]:
        if path.is_dir():
            path.chmod(0o555)
    try:
        assert ek.rerun(bag, "A").identical
    finally:
        for path in [bag, *bag.rglob("*")]:
            if path.is_dir():
                path.chmod(0o755)
