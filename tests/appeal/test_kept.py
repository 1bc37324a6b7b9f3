"""The archive that is made at the end of an appeal, however it ended."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import evalkit as ek
from evalkit.archive.layout import ABOUT, CRATE, INFO, PREDECESSOR, TAGMANIFEST
from evalkit.archive.write import archive_round
from evalkit.base.digests import sha256_of_file
from evalkit.round import Round
from tests.support import bags
from tests.support.alterations import changed, flipped, removed, replaced
from tests.support.appeals import BY, accept, amend, open_case
from tests.support.command import Run, evalkit

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("unedited")]

STEPS = "data/papers/appeal.jsonl"


@pytest.fixture(name="first", scope="module")
def _first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bag of a round with its reports, which is objected to."""
    folder = tmp_path_factory.mktemp("first")
    with bags.issued(folder / "files", "applicant") as workspace:
        archive_round(workspace, folder / "bag")
    return folder / "bag"


@pytest.fixture(name="upheld", scope="module")
def _upheld(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bag of an appeal in which nothing was reopened, with the reports that stand."""
    case = taken_up(first, tmp_path_factory.mktemp("upheld") / "case")
    assert decided(case, "维持").returncode == 0
    done = kept(case, "--reports", first / "data/reports/applicant")
    assert done.returncode == 0, done.stderr
    return bag_of(case)


def bag_of(case: Path) -> Path:
    """Where the bag of a case is put."""
    return case.with_name("bag")


def taken_up(source: Path, case: Path) -> Path:
    """A case that waits for a decision."""
    for done in (open_case(source, case), accept(case)):
        assert done.returncode == 0, done.stderr
    return case


def decided(case: Path, outcome: str) -> Run:
    """The end of the case."""
    why = ("--reason", "按锁定的评分重新计算，总分与公布的相同")
    return evalkit("appeal", "decide", case, outcome, *BY, *why)


def kept(case: Path, *more: object) -> Run:
    """The command that archives it."""
    return evalkit("appeal", "archive", case, "--out", bag_of(case), *more)


def about(bag: Path) -> dict:
    """What a bag says of itself."""
    return json.loads((bag / "data" / ABOUT).read_bytes())


def wrong(bag: Path) -> list[str]:
    """What is found wrong with a bag."""
    return [text.render() for text in ek.verify(bag).wrong]


def test_an_upheld_decision_is_archived(first: Path, upheld: Path) -> None:
    """Objection, steps, decision and its paper, with the round and reports that stand; it names the
    bag before, verifies and is made again.
    """
    papers = {file.name for file in (upheld / "data/papers").iterdir()}
    assert papers == {"复核决定.docx", "复核情况告知书.docx", "appeal.jsonl", "papers.jsonl"}
    steps = [json.loads(line) for line in (upheld / STEPS).read_text("utf-8").splitlines()]
    assert [step["kind"] for step in steps] == ["open", "accept", "decide"]
    assert steps[0]["payload"]["ground"] == "有专家受聘于该单位"
    digest, told = sha256_of_file(first / TAGMANIFEST), about(upheld)
    root = about(first)["root"]
    assert told["appeal"] == {"number": "第1号", "outcome": "kept", "root": root, "bag": digest}
    assert (told["root"], told["supersedes"], told["reports"]) == (root, None, {"applicant": 4})
    assert f"{PREDECESSOR}: {digest}" in (upheld / INFO).read_text("utf-8")
    crate = (upheld / "data" / CRATE).read_text("utf-8")
    assert f"urn:sha256:{digest}" in crate
    assert "提出异议时的档案" in crate
    readme = (upheld / "README.md").read_text("utf-8")
    assert "- 异议：第1号，维持；异议、决定和每一步的记录在 `data/papers/`" in readme
    assert f"前一份档案：其 `{TAGMANIFEST}` 的 SHA-256 是 `{digest}`" in readme
    found = ek.verify(upheld)
    assert found.ok, wrong(upheld)
    said = "异议（第1号）的 3 步记录条条前后相接，说的就是这一次锁定"
    assert said in [text.render() for text in found.holds]
    assert ek.rerun(upheld).identical


def test_not_taken_up_is_archived(first: Path, tmp_path: Path) -> None:
    """As well; the reports lie in the bag before, and nobody says that there are none."""
    case = tmp_path / "case"
    assert open_case(first, case).returncode == 0
    why = ("--refuse", "--reason", "没有新的事实")
    shown = evalkit("appeal", "accept", case, *BY, *why).stdout
    assert f"存档：evalkit appeal archive {case} --out" in shown.replace("\n", "")
    done = kept(case)
    assert done.returncode == 0, done.stderr
    said = done.stdout.replace("\n", "")
    assert "它们在提出异议时的档案里" in said
    assert f"标签清单的摘要值：{sha256_of_file(first / TAGMANIFEST)}" in said
    assert about(bag_of(case))["appeal"]["outcome"] == "refused"
    assert about(bag_of(case))["missing"] == []
    assert "没有出具过" not in (bag_of(case) / "README.md").read_text("utf-8")
    assert wrong(bag_of(case)) == wrong(first) == []


def test_what_was_reopened_and_moved_nobody(first: Path, tmp_path: Path) -> None:
    """The round that now holds is in the bag; it supersedes the first, and the appeal is told."""
    case = taken_up(first, tmp_path / "case")
    assert amend(case, "--recuse", "e3:C").returncode == 0
    assert evalkit("panel", "lock", case / "round", "--yes").returncode == 0
    assert decided(case, "维持").returncode == 0
    assert kept(case).returncode == 0
    told = about(bag_of(case))
    assert told["supersedes"]["bag"] == told["appeal"]["bag"] == sha256_of_file(first / TAGMANIFEST)
    assert told["root"] != told["appeal"]["root"] == told["supersedes"]["root"]
    assert told["missing"] == ["internal", "applicant", "public"]
    assert wrong(bag_of(case)) == []
    assert ek.rerun(bag_of(case)).identical


def test_a_case_on_a_folder_has_no_bag_before(tmp_path: Path) -> None:
    """Nothing is made up for it."""
    with bags.issued(tmp_path / "files"):
        pass
    case = taken_up(tmp_path / "files/round", tmp_path / "case")
    assert decided(case, "维持").returncode == 0
    assert kept(case).returncode == 0
    assert PREDECESSOR not in (bag_of(case) / INFO).read_text("utf-8")
    assert about(bag_of(case))["missing"] == ["internal", "applicant", "public"]
    assert wrong(bag_of(case)) == []


def test_an_appeal_is_archived_when_it_has_ended(first: Path, tmp_path: Path) -> None:
    """And its papers are there."""
    case = taken_up(first, tmp_path / "case")
    early = kept(case)
    assert (early.returncode, "还没有办结" in early.stderr) == (1, True)
    assert decided(case, "维持").returncode == 0
    shutil.rmtree(case / "papers")
    assert kept(case).returncode == 1
    with ek.Appeal.open(case) as appeal:
        papers = appeal.papers()
    (case / "papers").mkdir()
    for file, content in papers.items():
        file.write_bytes(content)
    assert kept(case).returncode == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bag", "case"]


ALTERED = {
    "the ground": (
        replaced(STEPS, "有专家受聘于该单位", "没有理由", seal=True),
        "papers/appeal.jsonl：日志被改动：周主任 的第 1 条记录（open C）与哈希链不符",
    ),
    "the steps gone": (removed(STEPS, seal=True), "papers/appeal.jsonl 读不懂，被改过"),
    "the decision": (
        flipped("data/papers/复核决定.docx", seal=True),
        "复核决定.docx 与出具时登记的摘要值不符，出具之后被改过",
    ),
    "another outcome": (
        changed(f"data/{ABOUT}", lambda told: told["appeal"].update(outcome="changed")),
        "papers/appeal.jsonl 说的不是 archive.json 登记的那件异议",
    ),
    "another bag before": (
        changed(f"data/{ABOUT}", lambda told: told["appeal"].update(bag="0" * 64)),
        f"bag-info.txt 的 {PREDECESSOR} 与 archive.json 写的 {'0' * 64} 不符",
    ),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_was_changed_in_it_is_named(upheld: Path, tmp_path: Path, what: str) -> None:
    """Also where all manifests were regenerated."""
    bag = bags.copied(upheld, tmp_path / "bag")
    alter, said = ALTERED[what]
    alter(bag)
    assert any(said in text for text in wrong(bag)), wrong(bag)


def test_the_steps_are_those_of_the_round(upheld: Path) -> None:
    """The round that is in the bag opens, and is the one that was objected to."""
    with Round.open(upheld / "data/round") as workspace:
        assert workspace.results().digest == about(upheld)["results"]


def test_a_paper_that_was_altered_is_not_archived(first: Path, tmp_path: Path) -> None:
    """The one that was given out stays; what was filled in lies beside it under another name."""
    case = taken_up(first, tmp_path / "case")
    assert decided(case, "维持").returncode == 0
    paper = case / "papers" / "复核决定.docx"
    given = paper.read_bytes()
    paper.write_bytes(given + b"filled in")
    done = kept(case)
    assert (done.returncode, "另存一个名字" in done.stderr) == (1, True), done.stderr
    assert not bag_of(case).exists()
    assert evalkit("appeal", "papers", case).returncode == 1  # nothing is written over
    paper.rename(paper.with_name("复核决定-盖章.docx"))
    done = evalkit("appeal", "papers", case)
    assert (done.returncode, done.stderr) == (0, "")
    assert paper.read_bytes() == given
    assert kept(case).returncode == 0
    there = {file.name for file in (bag_of(case) / "data/papers").iterdir()}
    assert {"复核决定.docx", "复核决定-盖章.docx", "papers.jsonl"} <= there
    assert wrong(bag_of(case)) == []
