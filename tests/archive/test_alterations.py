"""Whatever is done to a bag is found, and named as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.archive.verify import verify
from tests.support.alterations import ALTERATIONS, Alteration
from tests.support.bags import copied

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("unedited")]


def test_there_are_forty_and_more() -> None:
    """Each with a name of its own."""
    assert len({one.name for one in ALTERATIONS}) == len(ALTERATIONS) >= 40


def test_the_bag_itself_is_whole(small_bag: Path) -> None:
    """What the alterations start from."""
    assert verify(small_bag).wrong == ()


@pytest.mark.parametrize("one", ALTERATIONS, ids=lambda one: one.name.replace(" ", "-"))
def test_an_alteration_is_found_and_named(small_bag: Path, tmp_path: Path, one: Alteration) -> None:
    """By the sentence that says what was done, and nothing is written to find it."""
    bag = copied(small_bag, tmp_path / "bag")
    one.alter(bag)
    before = {path: path.lstat().st_mtime_ns for path in bag.rglob("*")}
    found = verify(bag)
    assert not found.ok
    said = [text.render() for text in found.wrong]
    assert any(one.said in sentence for sentence in said), said
    assert {path: path.lstat().st_mtime_ns for path in bag.rglob("*")} == before
