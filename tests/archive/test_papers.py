"""Papers in a bag: with the list of what was given out, which is held against them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evalkit.archive.rerun import rerun
from evalkit.archive.verify import verify
from tests.support.alterations import flipped
from tests.support.bags import copied
from tests.support.command import evalkit

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("unedited")]


@pytest.fixture(name="papered", scope="module")
def _papered(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bag of the small round with its summary and its minutes, from a folder each."""
    folder, round = tmp_path_factory.mktemp("papered"), small / "round"
    summary, minutes = folder / "summary", folder / "minutes"
    for words in (
        ("summary", round, "--out", summary),
        ("export", round, "--out", minutes, "--format", "minutes"),
        ("archive", round, "--out", folder / "bag", "--papers", summary, "--papers", minutes),
    ):
        done = evalkit(*words)
        assert done.returncode == 0, done.stderr
    return folder / "bag"


def test_lists_of_several_folders_are_one(papered: Path) -> None:
    """Each paper stands in it once, and is as it was given out."""
    lines = (papered / "data/papers/papers.jsonl").read_text("utf-8").splitlines()
    names = [json.loads(line)["name"] for line in lines]
    assert names == ["summary.ipynb", "summary.html", "minutes.docx"]
    found = verify(papered)
    assert found.ok
    said = "3 份文件与出具时登记的摘要值逐字节相符：summary.ipynb、summary.html、minutes.docx"
    assert said in [text.render() for text in found.holds]


def test_a_paper_that_was_changed_is_named(papered: Path, tmp_path: Path) -> None:
    """Also where all manifests were regenerated; made again, the summary tells as well."""
    bag = copied(papered, tmp_path / "bag")
    for name in ("minutes.docx", "summary.html"):
        flipped(f"data/papers/{name}", seal=True)(bag)
    wrong = [text.render() for text in verify(bag).wrong]
    said = "与出具时登记的摘要值不符，出具之后被改过"
    assert wrong == [f"{name} {said}" for name in ("summary.html", "minutes.docx")]
    again = rerun(bag)
    assert [cause.kind for cause in again.causes] == ["archive"]
    assert said in again.causes[0].text.render()
