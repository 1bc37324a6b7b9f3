"""Bags that nobody did anything to: nothing is found wrong with them, wherever they lie."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import bagit
import pytest

from evalkit.archive.verify import verify
from evalkit.archive.write import archive_round
from evalkit.engine import pool
from evalkit.round import Round
from evalkit.succession import succeed
from tests.support import bags
from tests.support.builders import frame, panel_data, rubric_data, write
from tests.support.locked import submit, upheld

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("unedited")]


def some_round(folder: Path, dice: random.Random) -> Round:
    """A locked round of any size, with other names, scores, texts and rules each time."""
    points = [dice.randint(1, 20) for _ in range(dice.randint(1, 6))]
    experts, applicants = dice.randint(1, 6), [f"a{n}" for n in range(dice.randint(1, 6))]
    panel = panel_data(experts, applicants, id=f"round-{dice.randrange(1000)}")
    workspace = Round.create(
        folder / "round", write(folder, rubric_data(points), panel), bags.ticking()
    )
    texts = ("", "评语", "“引号”, 逗号", "两行\n评语", "<b>&amp;</b>")
    rows = [
        (a, f"e{e}", f"i{i}", str(dice.randint(0, p)), dice.choice(texts))
        for a in applicants
        for e in range(1, experts + 1)
        for i, p in enumerate(points, 1)
    ]
    workspace.import_scores(frame(rows))
    workspace.lock()
    return workspace


def make(folder: Path, seed: int, key: Path) -> Path:
    """A bag of some round, with some reports, papers and signature, perhaps of a successor, or for
    one applicant alone.
    """
    dice = random.Random(seed)
    folder.mkdir()
    workspace = some_round(folder, dice)
    if dice.random() < 0.3:
        with workspace as old:
            workspace = succeed(old, folder / "new", upheld(sheets=["e1:a0"]))
        workspace.append(submit("e1", "a0"))
        workspace.lock()
    with workspace:
        chosen = dice.sample(("applicant", "internal"), dice.randint(0, 2))
        for level in chosen:
            language = dice.choice(("zh", "zh", "en"))
            workspace.report(folder / level, level=level, language=language, workers=1)
        papers = folder / "纪要 等"
        papers.mkdir()
        (papers / "会议 纪要（一）.txt").write_text("纪要", "utf-8")
        archive_round(
            workspace,
            folder / "bag",
            applicant="a0" if "applicant" in chosen and dice.random() < 0.3 else None,
            papers=[papers] if dice.random() < 0.7 else [],
            key=key if dice.random() < 0.7 else None,
        )
    return folder / "bag"


def trials(folder: Path, rounds: range, key: Path) -> None:
    """Make as many bags, take each elsewhere, and verify it."""
    for seed in rounds:
        bag = make(folder / f"{seed}", seed, key)
        moved = folder / f"{seed}-elsewhere" / "名称 with blanks"
        shutil.copytree(bag, moved)
        shutil.rmtree(folder / f"{seed}")
        found = verify(moved)
        assert [text.render() for text in found.wrong] == [], seed
        bagit.Bag(str(moved)).validate()
        shutil.rmtree(moved)
    pool.close()
    print(f"{len(rounds)} honest bags, 0 false alarms")


def test_no_false_alarms(tmp_path: Path, key: Path) -> None:
    """A sample of the trial below."""
    trials(tmp_path, range(4), key)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_no_false_alarms_on_a_hundred_bags(tmp_path: Path, key: Path) -> None:
    """The full figure."""
    trials(tmp_path, range(100, 200), key)
