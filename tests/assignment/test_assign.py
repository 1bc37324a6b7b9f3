"""Assigning by command and from code: what is written, what cannot be, and the draw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import evalkit as ek
from evalkit.assignment.answer import assign
from evalkit.assignment.question import question
from evalkit.panel import load_panel
from tests.support.builders import load, panel_data, rubric_data, write
from tests.support.command import evalkit


def panel_of(
    folder: Path, experts: int, applicants: int, asked: dict[str, Any], **more: Any
) -> Path:
    """The file of a panel that waits for its assignment."""
    people = [f"a{n}" for n in range(1, applicants + 1)]
    return write(folder, rubric_data((10,)), panel_data(experts, people, assigning=asked, **more))


def test_the_seats_stand_in_the_panel_file(tmp_path: Path) -> None:
    """With the seed of the draw; comments stay, and the seed gives the same seats again."""
    file = panel_of(tmp_path, 6, 8, {"experts": 3})
    file.write_text("# 这一行是秘书写的\n" + file.read_text("utf-8"), "utf-8")
    run = evalkit("panel", "assign", file)
    assert "新分配 24 个席位" in run.stdout, run.stderr
    text = file.read_text("utf-8")
    assert text.startswith("# 这一行是秘书写的\n")
    panel = load_panel(file)
    assert [len(panel.seats(a.id)) for a in panel.applicants] == [3] * 8
    seed = panel.assigning.seed
    assert str(seed) in run.stdout
    again = panel.model_copy(update={"assignment": "all"})
    assert assign(again, seed).seats == dict(panel.assignment)
    assert set(assign(panel, seed).load.values()) == {4}
    assert "新分配 0 个席位" in evalkit("panel", "assign", file).stdout
    assert file.read_text("utf-8") == text


def test_the_same_seed_draws_the_same_anywhere(tmp_path: Path) -> None:
    """The seats of one small panel, as they were drawn when this was written."""
    data = panel_data(4, list("ABCD"), assigning={"experts": 2})
    panel = load(tmp_path, rubric_data((10,)), data)[1]
    found = assign(panel, 20261120)
    assert found.seats == DRAWN
    assert found.question.digest == DIGEST
    others = {tuple(assign(panel, seed).seats.items()) for seed in range(12)}
    assert len(others) > 6  # another seed, another draw


DRAWN = {"A": ("e1", "e2"), "B": ("e3", "e4"), "C": ("e1", "e4"), "D": ("e2", "e3")}
DIGEST = "8bfb27a829e8ae452f97eaa99dc7d4999ec368ef3c5d48c0092a0abe58f7240e"


def test_lists_in_tables_have_their_seats_in_one(tmp_path: Path) -> None:
    """A row a seat, beside the panel file, which names the table."""
    rows = "".join(f"a{n},对象{n},单位{n}\n" for n in range(5))
    (tmp_path / "list.csv").write_text(f"id,name,lead\n{rows}", "utf-8")
    data = panel_data(4, [], assigning={"experts": 2}) | {"applicants": "list.csv"}
    file = write(tmp_path, rubric_data((10,)), data)
    evalkit("panel", "assign", file, "--seed", "3")
    assert yaml.safe_load(file.read_text("utf-8"))["assignment"] == "assignment.csv"
    lines = (tmp_path / "assignment.csv").read_text("utf-8").splitlines()
    assert (lines[0], len(lines)) == ("applicant,expert", 11)
    assert len(load_panel(file).seats("a0")) == 2


def test_nothing_is_written_where_it_cannot_be(tmp_path: Path) -> None:
    """Each requirement that cannot hold is named; the file stays as it was."""
    conflicts = [{"expert": f"e{n}", "applicant": "a2", "reason": "顾问"} for n in (1, 2, 3)]
    file = panel_of(tmp_path, 4, 3, {"experts": 2}, conflicts=conflicts)
    before = file.read_bytes()
    run = evalkit("panel", "assign", file)
    assert run.returncode == 1
    assert "对象a2（a2）须有 2 位专家，能评的只有 1 位（共 4 位：回避 3" in run.stderr
    assert file.read_bytes() == before


CANNOT = [
    ({"experts": 2, "load": {"at_most": 1}}, "合计须有 6 个席位，各位专家的负荷上限合计只有 4 个"),
    ({"experts": 1, "load": {"at_least": 1}}, "负荷下限合计 4 个席位，各对象合计至多 3 个"),
    ({"experts": 1, "load": {"at_least": 4}}, "专家1（e1）至少要评 4 个对象，能评的只有 3 个"),
    ({"experts": 1, "expertise": 1, "first": "balance"}, "须有 1 位熟悉“（没有写明）”的专家"),
    ({"experts": 1, "minimums": {"chair": 1}, "load": {"at_most": 2}}, "还差 1 位组长专家"),
]


@pytest.mark.parametrize(("asked", "why"), CANNOT)
def test_what_cannot_hold_is_named(tmp_path: Path, asked: dict[str, Any], why: str) -> None:
    """Applicants, loads, kinds and fields, alone and together."""
    panel = load_panel(panel_of(tmp_path, 4, 3, asked))
    with pytest.raises(ek.Refused) as refused:
        assign(panel, 1)
    assert why in str(refused.value)


WRONG = [
    ({"experts": 0}, "experts 至少是 1"),
    ({"experts": 2, "expertise": 1}, "expertise 和 first 一起写"),
    ({"experts": {"at_least": 3, "at_most": 2}}, "at_most 不能小于 at_least"),
    ({"experts": 2, "minimums": {"法律": 1}}, "没有一位专家的 kind 或 role 是“法律”"),
    ({"experts": 2, "groups": "same"}, "每个对象都要写明 group"),
]


@pytest.mark.parametrize(("asked", "why"), WRONG)
def test_requirements_that_say_nothing(tmp_path: Path, asked: dict[str, Any], why: str) -> None:
    """Refused where the panel is read."""
    with pytest.raises(ek.InputError, match=why):
        load_panel(panel_of(tmp_path, 4, 3, asked))


def test_where_all_score_all_nothing_is_asked(tmp_path: Path) -> None:
    """It says so; a hand-written assignment without requirements is asked for them."""
    file = write(tmp_path, rubric_data((10,)), panel_data(2, ["a1"]))
    assert "不必分配" in evalkit("panel", "assign", file).stdout
    file = write(tmp_path, rubric_data((10,)), panel_data(2, ["a1"], assignment={"a1": ["e1"]}))
    run = evalkit("panel", "assign", file)
    assert "没有声明分配的要求" in run.stderr
    ek.Round.create(tmp_path / "round", file)
    assert "已经开评" in evalkit("panel", "assign", tmp_path / "round" / "panel.yaml").stderr


def test_why_these_experts(tmp_path: Path) -> None:
    """Who was chosen, who is apart, and what each other one would cost."""
    conflicts = [{"expert": "e1", "applicant": "a1", "reason": "曾任顾问"}]
    file = panel_of(tmp_path, 3, 1, {"experts": 1, "expertise": 0, "first": "expertise"})
    data = yaml.safe_load(file.read_text("utf-8")) | {"conflicts": conflicts}
    data["applicants"][0]["field"] = "医疗"
    data["experts"][1]["fields"] = ["医疗"]
    panel = load_panel(write(tmp_path, rubric_data((10,)), data))
    said = [str(text) for text in assign(panel, 1).explained("a1")]
    assert said == [
        "专家1（e1）：回避，曾任顾问",
        "专家2（e2）：新分配，共评 1 个，熟悉“医疗”",
        "专家3（e3）：没有选，换下e2：负荷平方和 +0、领域相符 -1",
    ]


def test_seats_that_hold_stay(tmp_path: Path) -> None:
    """However unbalanced they are; a seat in conflict is filled by another expert."""
    own = {"a1": ["e1", "e2"], "a2": ["e1", "e2"], "a3": ["e1", "e3"]}
    conflicts = [{"expert": "e2", "applicant": "a1", "reason": "顾问"}]
    panel = load_panel(
        panel_of(tmp_path, 4, 3, {"experts": 2}, assignment=own, conflicts=conflicts)
    )
    found = assign(panel, 1)
    assert found.added == {"a1": ("e4",)}
    assert question(panel, 1).held.sum() == 5
