"""Bags that the tests of the room share, each made once and to be read only."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.archive.write import archive_round
from evalkit.round import Round
from tests.support import bags
from tests.support.command import evalkit


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SSH key of the office."""
    return bags.key(tmp_path_factory.mktemp("keys"), "office")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the demo makes: a locked round, its reports and the summary."""
    folder = tmp_path_factory.mktemp("demo")
    assert evalkit("demo", "--out", folder).returncode == 0
    return folder


@pytest.fixture(scope="session")
def bag(demo: Path, key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The signed bag of the demo round with its summary."""
    out = tmp_path_factory.mktemp("bags") / "demo"
    made = evalkit(
        "archive", demo / "panel", "--out", out, "--papers", demo / "summary", "--sign", key
    )
    assert made.returncode == 0, made.stderr
    return out


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A locked round of four applicants, with reports of two levels beside it."""
    folder = tmp_path_factory.mktemp("small") / "files"
    with bags.issued(folder, "applicant", "internal"):
        pass
    return folder


@pytest.fixture(scope="session")
def small_bag(small: Path, key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its signed bag, with minutes."""
    folder = tmp_path_factory.mktemp("bags")
    (folder / "minutes.txt").write_text("纪要", "utf-8")
    with Round.open(small / "round", bags.ticking()) as workspace:
        archive_round(workspace, folder / "bag", key=key, papers=[folder / "minutes.txt"])
    return folder / "bag"
