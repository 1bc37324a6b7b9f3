"""Bags that the tests of the room share, each made once and to be read only."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.archive.write import archive_round
from evalkit.round import Round
from tests.support import bags, crates
from tests.support.command import evalkit
from tests.support.once import once


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SSH key of the office."""
    folder = once(tmp_path_factory, "keys", lambda folder: bags.key(folder, "office"))
    return folder / "office"


@pytest.fixture(scope="session")
def crate_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What rocrate-validator has instead of a network."""
    return once(tmp_path_factory, "crate", lambda folder: crates.fill(folder / "cache")) / "cache"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the demo makes: a locked round, its reports and the summary."""

    def make(folder: Path) -> None:
        assert evalkit("demo", "--out", folder).returncode == 0

    return once(tmp_path_factory, "demo", make)


@pytest.fixture(scope="session")
def bag(demo: Path, key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The signed bag of the demo round with its summary."""

    def make(folder: Path) -> None:
        given = ("--papers", demo / "summary", "--sign", key)
        made = evalkit("archive", demo / "panel", "--out", folder / "demo", *given)
        assert made.returncode == 0, made.stderr

    return once(tmp_path_factory, "bag", make) / "demo"


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A locked round of four applicants, with reports of two levels beside it."""

    def make(folder: Path) -> None:
        bags.issued(folder / "files", "applicant", "internal").log.close()

    return once(tmp_path_factory, "small", make) / "files"


@pytest.fixture(scope="session")
def small_bag(small: Path, key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its signed bag, with minutes."""

    def make(folder: Path) -> None:
        (folder / "minutes.txt").write_text("纪要", "utf-8")
        with Round.open(small / "round", bags.ticking()) as workspace:
            archive_round(workspace, folder / "bag", key=key, papers=[folder / "minutes.txt"])

    return once(tmp_path_factory, "small_bag", make) / "bag"
