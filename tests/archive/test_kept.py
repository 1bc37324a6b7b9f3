"""Archives of earlier versions are read, verified and made again by the evalkit of today."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from evalkit.archive import layout
from evalkit.archive.rerun import rerun
from evalkit.archive.rerun_bag import Bag
from evalkit.archive.verify import verify
from evalkit.base.canonical import digest
from evalkit.round import Round
from tests.support import kept
from tests.support.builders import ROOT

NEWEST = int(layout.FORMAT.rpartition("/")[2])
VERSIONS = range(1, NEWEST + 1)

CODE = {"template", "environment"}
"""Why a page may look another way than years ago. A result may not."""


@pytest.fixture(name="bag", scope="module", params=VERSIONS)
def _bag(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept.unpacked(request.param, tmp_path_factory.mktemp("kept") / "bag")


def test_every_version_is_kept_and_small() -> None:
    """Whoever changes the format adds an archive of it: ``python -m tests.support.kept``."""
    assert sorted(kept.FOLDER.glob("archive-*.zip")) == [kept.file(n) for n in VERSIONS]
    assert all(kept.file(n).stat().st_size <= 200_000 for n in VERSIONS)


@pytest.mark.parametrize("version", VERSIONS)
def test_no_place_on_a_machine_stands_in_it(version: int) -> None:
    """Neither where it was made nor by whom."""
    with zipfile.ZipFile(kept.file(version)) as package:
        whole = b"".join(package.read(name) for name in package.namelist())
    for place in (str(ROOT).encode(), b"/tmp/", b"/home/", b"/root/", b"site-packages/"):
        assert place not in whole


@pytest.mark.processes
def test_its_results_are_the_same_today(bag: Path) -> None:
    """Whatever has become of pages and code since: results and statistics do not differ, and what
    differs is put down to code or template, not to record, rules or archive.
    """
    found = rerun(bag)
    assert found.compared["results"] == 1
    assert found.compared["pages"] == found.compared["notebooks"] == 8
    kinds = {one.kind for one in found.differences if not one.digits}
    assert kinds.isdisjoint({"results", "statistics", "archive"}), [*found.lines()]
    assert {cause.kind for cause in found.causes} <= CODE | {"digits"}


def test_it_verifies_but_for_what_was_left_out(bag: Path) -> None:
    """Manifests, chains, roots and journals hold."""
    wrong = [text.render() for text in verify(bag).wrong]
    assert [text for text in wrong if "code/" not in text and "程序包" not in text] == []


def test_the_round_in_it_opens(bag: Path, tmp_path: Path) -> None:
    """With the round that it supersedes, whose rows count."""
    Bag(bag).copy_round(tmp_path / "round")
    with Round.open(tmp_path / "round") as workspace:
        results = workspace.results()
    archived = json.loads((bag / layout.PAYLOAD / layout.RESULTS).read_bytes())
    assert results.digest == digest(archived)
    assert archived["basis"]["supersedes"]


@pytest.mark.soak
def test_it_is_made_the_same_each_time() -> None:
    """Byte for byte."""
    assert kept.packed() == kept.packed()
