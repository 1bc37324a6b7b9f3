"""Write scores.csv of the demo panel: made-up scores, the same on every run.

    python panels/demo/make_scores.py

Every centre has a level of its own and every expert a habit of scoring; on top lie the cases that
a panel meets: an indicator recused, one declared unscored, bonus beyond the cap, and two centres
that tie on the total.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from evalkit.indicators import Indicator
from evalkit.panel import Applicant, Panel, find_rubric, load_panel
from evalkit.rubric import Rubric

HERE = Path(__file__).parent
STEP = Decimal("0.5")

LEVELS = (
    *(84, 80, 90, 92, 78, 76, 71, 74, 68, 82, 79, 66),
    *(63, 77, 88, 86, 73, 83, 75, 81, 81, 72, 64, 70),
)
LEVEL = {f"c{n:02d}": level for n, level in enumerate(LEVELS, start=1)}
"""What each centre would get from a neutral expert, in percent."""

SEVERITY = {"e1": 0, "e2": -3, "e3": 2, "e4": 1, "e5": -1, "e6": 4, "e7": -2}
"""How much each expert tends to give more or less than the others, in percent."""

TIED = ("c20", "c21")
"""The second one gets the first one's scores, half a point moved from scenarios to research."""

MOVED = {"enterprise-service": -STEP, "core-technology": +STEP}

NO_SCORE = {
    ("c05", "e2", "dataset-quality"): ("recused", "参加过该数据集的验收，申请回避本项"),
    ("c11", "e4", "training"): ("unscored", "培训佐证材料缺页，无法判断"),
}

REMARKS = {
    "high": (
        "佐证充分，在行业内有示范作用。",
        "成果扎实，用户反馈好。",
        "数据可核，成效突出。",
    ),
    "middle": (
        "工作有基础，量化成效还可再充实。",
        "覆盖面尚可，深度有待加强。",
        "材料基本完整，个别数据口径不一。",
    ),
    "low": (
        "佐证偏少，建议补充用户证明。",
        "成果多处于计划阶段，落地案例不足。",
        "与本项要求的关联不够紧密。",
    ),
}


def main() -> None:
    rubric = find_rubric(HERE / "panel.yaml")
    panel = load_panel(HERE / "panel.yaml", rubric)
    with (HERE / "scores.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("applicant", "expert", "indicator", "points", "reason"))
        table.writerows(rows(rubric, panel))


def rows(rubric: Rubric, panel: Panel) -> Iterator[tuple[str, str, str, str, str]]:
    """The table, row by row, in the order of the panel."""
    for applicant in panel.applicants:
        for expert in panel.experts:
            if not panel.may_score(applicant.id, expert.id):
                continue
            for indicator in rubric.indicators:
                yield applicant.id, expert.id, indicator.id, *score(applicant, expert.id, indicator)
            for claim in panel.claims(applicant):
                name = f"{rubric.bonus[0].id}.{claim.id}"
                dice = dice_for(applicant, expert.id, name)
                yield applicant.id, expert.id, name, str(dice.choice(("2", "2.5", "2.5", "3"))), ""


def score(applicant: Applicant, expert: str, indicator: Indicator) -> tuple[str, str]:
    """Points and reason of one cell."""
    if no_score := NO_SCORE.get((applicant.id, expert, indicator.id)):
        return no_score
    dice = dice_for(applicant, expert, indicator.id)
    shift = random.Random(f"{model(applicant)} {indicator.id}").gauss(0, 5)
    percent = LEVEL[model(applicant)] + shift + SEVERITY[expert] + dice.gauss(0, 5)
    steps = round(percent / 100 * float(indicator.points / STEP))
    points = min(max(steps * STEP, Decimal(2)), indicator.points - STEP)
    if applicant.id == TIED[1]:
        points += MOVED.get(indicator.id, 0)
    remark = ""
    if dice.random() < 0.2:
        share = points / indicator.points
        band = (
            "high" if share >= Decimal("0.85") else "middle" if share >= Decimal("0.7") else "low"
        )
        remark = dice.choice(REMARKS[band])
    return format(points, "f"), remark


def band(share: Decimal) -> str:
    """Which remarks fit a share of the points."""
    if share >= Decimal("0.85"):
        return "high"
    return "middle" if share >= Decimal("0.7") else "low"


def model(applicant: Applicant) -> str:
    """The centre whose scores are drawn: its own, but for the second of the tied ones."""
    return TIED[0] if applicant.id == TIED[1] else applicant.id


def dice_for(applicant: Applicant, expert: str, indicator: str) -> random.Random:
    """Dice of one cell, so that a change in one place leaves all others as they are."""
    return random.Random(f"{model(applicant)} {expert} {indicator}")


if __name__ == "__main__":
    main()
