"""One appeal from the archive to the new archive, as the page for it says: the page is the life."""

from __future__ import annotations

import io
import json
import shlex
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import docx
import pytest

import evalkit as ek
from tests.support import crates, programs
from tests.support.command import Run, evalkit
from tests.support.guides import blocks

pytestmark = [
    *(pytest.mark.lives, pytest.mark.processes),
    pytest.mark.usefixtures("unedited"),
]

PAGE = "docs/appeal.md"


class Life(NamedTuple):
    """What every command of the page answered, by its words, and where."""

    folder: Path
    said: Mapping[str, Run]
    archived: Mapping[str, bytes]

    def of(self, beginning: str, nth: int = 0) -> str:
        """What the nth command answered that begins so."""
        found = [run.stdout for words, run in self.said.items() if words.startswith(beginning)]
        return found[nth]


def commands() -> list[str]:
    """Every command line of the page, in its order."""
    joined = "".join(blocks(PAGE, "sh")).replace("\\\n", " ")
    return [" ".join(line.split()) for line in joined.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, crate_cache: Path) -> Life:
    """Everything on the page, from the archive to practise on to the new archives."""
    programs.program("ssh-keygen", package="openssh-client")
    folder = tmp_path_factory.mktemp("appeal") / "officer"
    folder.mkdir()
    variables = crates.shell()
    said, here, archived = dict[str, Run](), folder, dict[str, bytes]()
    for line in commands():
        words = line
        if "纪要上的根哈希" in line:
            archived = contents(folder / "archive")
            words = line.replace("纪要上的根哈希", root_on_the_page_of(archived))
        if words.startswith("cd "):
            here = (here / words.removeprefix("cd ")).resolve()
            continue
        if words.startswith("rocrate-validator"):  # as for a machine without a network
            words += f" --offline --cache-path {crate_cache}"
        done = run(words, here, variables)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        name = f"{line} #{sum(one.startswith(line) for one in said)}"
        said[name] = done
    assert here == folder
    return Life(folder, said, archived)


def root_on_the_page_of(bag: Mapping[str, bytes]) -> str:
    """What somebody who practises takes from the bag itself, having no minutes."""
    (line,) = (x for x in bag["README.md"].decode().splitlines() if x.startswith("- 根哈希"))
    return line.split("`")[1]


def run(words: str, here: Path, variables: Mapping[str, str]) -> Run:
    """A command of ours in this process, another one in a shell."""
    first, *others = shlex.split(words) if "<" not in words else [""]
    if first == "evalkit":
        return evalkit(*others, cwd=here)
    done = subprocess.run(
        ["sh", "-c", words], cwd=here, env=variables, capture_output=True, text=True, check=False
    )
    return Run(done.returncode, done.stdout, done.stderr)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder``."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_others_tools_agree(life: Life) -> None:
    """Two say nothing, one says valid, one says who signed."""
    assert life.of("bagit.py") == life.of("sha256sum --check") == ""
    assert "valid" in life.of("rocrate-validator")
    assert life.of("ssh-keygen -Y verify").startswith('Good "evalkit-archive" signature')


def test_the_record_is_that_of_the_minutes(life: Life) -> None:
    """The root is found in the lock, nothing is wrong, and all of it is made again."""
    found = life.of("evalkit verify archive --root")
    assert "的锁定就是根哈希" in found
    assert "有问题的" not in found
    assert "identical" in life.of("evalkit rerun archive")


def test_two_change_places(life: Life) -> None:
    """Without the scores of e1 the applicant falls from 4 to 5, and who was behind it rises; the
    trial before the lock says the same.
    """
    with ek.open(life.folder / "case/original") as old, ek.open(life.folder / "case/round") as new:
        compared = ek.compare_rounds(old, new)
    moved = {c.id: (c.before["rank"], c.after["rank"]) for c in compared.changes if c.moved}
    assert moved == {"c01": (5, 4), "c16": (4, 5)}
    for nth, publicity in enumerate(("锁定之后才知道公示名单是否有变", "公示名单有变")):
        shown = life.of("evalkit appeal compare", nth)
        assert "专家甲回避示例智能农机赋能中心，其评分不再计入" in shown
        assert "示例智能农机赋能中心不再在其前，名次由 5 变为 4。" in shown
        assert "其余 22 个对象没有变化" in shown
        assert publicity in shown
        assert "原来的报告要全部重出，没有变化的对象也是" in shown


def test_every_report_rests_on_what_changed(life: Life) -> None:
    """Also of who did not move: the root and the digest of the results are others."""
    before, after = (
        contents(life.folder / place)
        for place in ("archive/data/reports/applicant", "case/reports")
    )
    pages = {name for name in before if name.endswith(".html")}
    assert len(pages) == 24
    assert [name for name in sorted(pages) if before[name] == after[name]] == []


def test_a_new_lock_has_new_minutes(life: Life) -> None:
    """Its root is on them, and they are archived."""
    about = json.loads((life.folder / "archive-2/data/archive.json").read_bytes())
    assert about["root"] in life.of("evalkit panel lock")
    assert any("minutes" in name for name in contents(life.folder / "archive-2/data/papers"))


def test_the_decision_names_no_expert(life: Life) -> None:
    """What is sent to a third party: the ground, the decision and why, and what is public."""
    papers = contents(life.folder / "case/papers")
    name = "复核决定.docx"
    document = docx.Document(io.BytesIO(papers[name]))
    text = "\n".join(p.text for p in document.paragraphs)
    for said in ("示例医联科技（虚构）", "异议第1号", "变更", "应当回避而没有回避",
                 "示例智能农机赋能中心的总分由 86.90 变为 86.67、名次由 4 变为 5。"):  # fmt: skip
        assert said in text, (said, text)
    assert "专家甲" not in text
    assert "publicity.docx" in papers


def test_the_other_two_objections_end_without_a_new_round(life: Life) -> None:
    """One is not taken up, in one the results stand; both have a paper, neither a new round."""
    for case, said in (("case-2", "不予受理"), ("case-3", "维持")):
        folder = life.folder / case
        assert not (folder / "round").exists()
        papers = contents(folder / "papers")
        name = "复核决定.docx"
        text = "\n".join(p.text for p in docx.Document(io.BytesIO(papers[name])).paragraphs)
        assert said in text


def test_every_step_is_on_record(life: Life) -> None:
    """In order, chained, in the names of those who took them."""
    kinds = {"case": ["open", "accept", "amend", "decide"], "case-2": ["open", "refuse"],
             "case-3": ["open", "accept", "decide"]}  # fmt: skip
    for case, expected in kinds.items():
        with closing(sqlite3.connect(life.folder / case / "appeal.sqlite")) as database:
            rows = database.execute("SELECT kind, author FROM event ORDER BY rowid").fetchall()
        assert [kind for kind, _author in rows] == expected
        assert rows[0][1] == "经办人示例"
    assert "决定" in life.of("evalkit appeal show case")


def test_the_new_archive_follows_the_old_one(life: Life) -> None:
    """It names the tag manifest of the other; both are signed, verify, and are made again."""
    digest = life.of("sha256sum archive/tagmanifest").split()[0]
    info = (life.folder / "archive-2/bag-info.txt").read_text("utf-8")
    assert f"Predecessor-Tagmanifest-SHA256: {digest}" in info
    about = json.loads((life.folder / "archive-2/data/archive.json").read_bytes())
    assert about["supersedes"]["bag"] == digest
    assert "签名相符" in life.of("evalkit verify archive-2")
    for archive in ("archive-2", "archive"):
        assert "有问题的" not in life.of(f"evalkit verify {archive} #")
        assert "identical" in life.of(f"evalkit rerun {archive} #", -1)


def test_an_appeal_that_changes_nothing_is_archived_too(life: Life) -> None:
    """The first round with its reports, and what was asked and answered."""
    about = json.loads((life.folder / "archive-3/data/archive.json").read_bytes())
    digest = life.of("sha256sum archive/tagmanifest").split()[0]
    assert (about["appeal"]["outcome"], about["appeal"]["bag"]) == ("kept", digest)
    assert about["reports"] == {"applicant": 24}
    papers = contents(life.folder / "archive-3/data/papers")
    assert papers.keys() == {"复核决定.docx", "appeal.jsonl", "papers.jsonl"}
    assert "异议（异议第3号）的 3 步记录条条前后相接" in life.of("evalkit verify archive-3")


def test_the_old_archive_was_not_touched(life: Life) -> None:
    """Not a byte of it, by any of the commands."""
    assert contents(life.folder / "archive") == life.archived


def test_the_block_in_python_runs(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be if, as the page has it."""
    monkeypatch.chdir(life.folder)
    (block,) = blocks(PAGE, "python")
    *first, last = block.strip().splitlines()
    names: dict[str, object] = {}
    exec("\n".join(first), names)
    assert repr(eval(last.partition("#")[0], names)).startswith("WhatIf('demo-2025', not official")


def test_the_officer_needs_nothing_else(life: Life) -> None:
    """What lies in the officer's folder is what the page speaks of, and nothing half made."""
    there = {file.name for file in life.folder.iterdir()}
    archives = {"archive", "archive-2", "archive-3", "archive-4"}
    assert there == {*archives, "case", "case-2", "case-3", "evalkit-demo", "look"}
