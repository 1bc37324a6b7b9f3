"""Write scores.csv of the demo panels: made-up scores and values, the same on every run.

    python panels/make_scores.py [FOLDER…]

Every applicant has a level of its own and every expert a habit of scoring; a measured value is
drawn so that it earns about that level. On top lie the cases that a panel meets, listed in `CASES`.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from evalkit.base.tidy_words import COLUMNS, GATE_WORD, MEASURED_WORD, PANEL_WORD, UNSCORED_WORD
from evalkit.panel import Applicant, Panel, find_rubric, load_panel
from evalkit.panel.units import expert_range, measured_points
from evalkit.rubric import Rubric
from evalkit.rubric.indicators import Indicator
from evalkit.rubric.measures import (
    Efficacy,
    FiveTier,
    LogSaturating,
    MeasureRule,
    Piecewise,
    TargetRatio,
    TierTable,
)

HERE = Path(__file__).parent

Place = tuple[str, str, str]
"""Applicant, expert (or the word that stands there) and indicator."""

Entry = tuple[str, str]
"""What stands under points and reason."""


@dataclass(frozen=True)
class Case:
    """One demo panel: how its applicants do, how its experts score, and what is out of line."""

    levels: tuple[int, ...]
    """What each applicant would get from a neutral expert, in percent."""
    severity: tuple[int, ...]
    """How much each expert tends to give more or less than the others, in percent."""
    tied: tuple[str, str] = ("", "")
    """The second one gets the first one's scores and values, but for what ``moved`` adds."""
    moved: Mapping[str, Decimal] = field(default_factory=dict)
    entries: Mapping[Place, Entry] = field(default_factory=dict)
    """Rows of the table that are not drawn."""

    def model(self, applicant: str) -> str:
        """The applicant whose scores are drawn: its own, but for the second of the tied ones."""
        return self.tied[0] if applicant == self.tied[1] else applicant


HALF = Decimal("0.5")

CASES = {
    "demo-2025": Case(
        levels=(
            *(84, 80, 90, 92, 78, 76, 71, 74, 68, 82, 79, 66),
            *(63, 77, 88, 86, 73, 83, 75, 81, 81, 72, 64, 70),
        ),
        severity=(0, -3, 2, 1, -1, 4, -2),
        tied=("c20", "c21"),
        moved={"enterprise-service": -HALF, "core-technology": +HALF},
        entries={
            ("c05", "e2", "dataset-quality"): ("recused", "参加过该数据集的验收，申请回避本项"),
            ("c11", "e4", "training"): ("unscored", "培训佐证材料缺页，无法判断"),
        },
    ),
    "anhui-application-demo-2026": Case(
        levels=(90, 84, 78, 70, 81, 78),
        severity=(0, -3, 2, 1, -1),
        tied=("a3", "a6"),
        entries={
            ("a2", MEASURED_WORD, "compute-capacity"): (UNSCORED_WORD, "算力统计口径尚未核定"),
            ("a4", GATE_WORD, "lawful-and-bounded"): ("fail", "四至范围与国土空间规划不一致"),
            ("a5", GATE_WORD, "growing-investment"): ("unknown", "企业投入的审计报告未到"),
            ("a1", "e2", "monitoring-system"): ("recused", "参与过该体系的建设，申请回避本项"),
        },
    ),
    "anhui-product-demo-2026": Case(
        levels=(76, 88, 71, 83, 68, 76),
        severity=(1, -2, 0, 3, -1),
        tied=("p1", "p6"),
        moved={"dedicated-body": -HALF, "local-parts": +HALF},
        entries={
            ("p2", MEASURED_WORD, "market-share"): (UNSCORED_WORD, "没有第三方的市场统计"),
            ("p3", GATE_WORD, "provincial-platforms"): ("unknown", "创新中心的批文正在核对"),
            ("p4", GATE_WORD, "product-brands"): ("fail", "研发投入强度低于行业平均水平"),
            ("p5", "e3", "monitoring-system"): (UNSCORED_WORD, "佐证材料缺页，无法判断"),
        },
    ),
    "anhui-enabling-demo-2026": Case(
        levels=(82, 74, 89, 79, 74, 66),
        severity=(0, 2, -2, 1, -3),
        tied=("t2", "t5"),
        entries={
            ("t3", MEASURED_WORD, "transfer-projects"): (UNSCORED_WORD, "项目清单没有合同编号"),
            ("t4", GATE_WORD, "shared-platforms"): ("fail", "平台只供本区企业使用，没有开放共享"),
            ("t6", GATE_WORD, "leading-enterprises"): ("unknown", "规模化应用的证明未到"),
        },
    ),
    "anhui-evaluation-demo-2027": Case(
        levels=(91, 80, 74, 56, 80),
        severity=(0, -3, 2, 1, -1),
        tied=("s2", "s5"),
        moved={"plan-progress": Decimal(-1), "new-cases": Decimal(1)},
        entries={
            ("s3", PANEL_WORD, "late-reports"): ("2", "三、四季度进展漏报"),
            ("s4", MEASURED_WORD, "investment-growth"): ("-4.5", "统计年报（示例）"),
        },
    ),
    "zhongshan-recognition-demo-2026": Case(
        levels=(85, 79, 88, 82, 79),
        severity=(0, -2, 1, 2, -1),
        tied=("z2", "z5"),
        entries={
            ("z1", GATE_WORD, "gate-registered-capital"): ("5000万元", "营业执照（示例）"),
            ("z2", GATE_WORD, "gate-registered-capital"): ("0.8亿元", "营业执照（示例）"),
            ("z4", GATE_WORD, "gate-registered-capital"): ("4900万元", "营业执照（示例）"),
            ("z1", GATE_WORD, "gate-partner-institutions"): ("10家", "合作协议 10 份（示例）"),
        },
    ),
    "zhongshan-evaluation-demo-2027": Case(
        levels=(92, 83, 67, 78, 55),
        severity=(0, -3, 2, 1, -1),
        entries={
            ("z1", PANEL_WORD, "extra.n1"): ("2", "试点批文已核对"),
            ("z3", PANEL_WORD, "incidents"): ("4", "一次客户数据外泄，已经核实"),
            ("z6", MEASURED_WORD, "enterprises-served"): (UNSCORED_WORD, "没有报送企业回执"),
        },
    ),
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
    given = [Path(name) for name in sys.argv[1:]]
    for folder in given or sorted(file.parent for file in HERE.glob("*/panel.yaml")):
        rubric = find_rubric(folder / "panel.yaml")
        panel = load_panel(folder / "panel.yaml", rubric)
        with (folder / "scores.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(COLUMNS)
            table.writerows(Draw(rubric, panel, CASES[panel.id]).rows())


@dataclass(frozen=True)
class Draw:
    """The table of one panel."""

    rubric: Rubric
    panel: Panel
    case: Case

    def rows(self) -> Iterator[tuple[str, str, str, str, str]]:
        """The table, row by row, in the order of the panel."""
        for n, applicant in enumerate(self.panel.applicants):
            for expert in self.panel.experts:
                if self.panel.may_score(applicant.id, expert.id):
                    for name, entry in self._by_expert(n, applicant, expert.id):
                        yield applicant.id, expert.id, name, *entry
            for word, name, entry in (*self._verified(n, applicant.id), *self._once(applicant.id)):
                yield applicant.id, word, name, *entry

    def _by_expert(self, n: int, applicant: Applicant, expert: str) -> Iterator[tuple[str, Entry]]:
        for indicator in self.rubric.indicators:
            if expert_range(self.panel.rules, indicator):
                place = (applicant.id, expert, indicator.id)
                yield indicator.id, self.case.entries.get(place) or self._score(n, place, indicator)
        bonus = self.panel.rules.bonus
        if bonus is not None and bonus.recognised_by == "experts":
            for claim in self.panel.claims(applicant):
                name = f"{self.rubric.bonus[0].id}.{claim.id}"
                dice = self._dice(applicant.id, expert, name)
                yield name, (str(dice.choice(("2", "2.5", "2.5", "3"))), "")

    def _score(self, n: int, place: Place, indicator: Indicator) -> Entry:
        """Points and reason of one cell."""
        applicant, expert, _name = place
        rules = self.panel.rules
        rule = rules.measures.indicators.get(indicator.id) if rules.measures else None
        agreed = rule is not None and rule.method == "agreed"
        dice = self._dice(applicant, "all" if agreed else expert, indicator.id)
        severity = self.case.severity[[e.id for e in self.panel.experts].index(expert)]
        percent = self._level(n, indicator.id) + (0 if agreed else severity) + dice.gauss(0, 5)
        _least, most = expert_range(rules, indicator) or (Decimal(0), indicator.points)
        steps = round(percent / 100 * float(most / rules.step))
        points = min(max(steps * rules.step, rules.step), most - rules.step)
        if applicant == self.case.tied[1]:
            points += self.case.moved.get(indicator.id, 0)
        remark = dice.choice(REMARKS[band(points / most)]) if dice.random() < 0.2 else ""
        return format(points, "f"), remark

    def _verified(self, n: int, applicant: str) -> Iterator[tuple[str, str, Entry]]:
        """Measured values, and conditions of entry where the round has any."""
        for indicator in self.rubric.indicators:
            if of := measured_points(self.panel.rules, indicator):
                place = (applicant, MEASURED_WORD, indicator.id)
                drawn = (self._value(n, applicant, indicator, of), "统计报表（示例）")
                yield MEASURED_WORD, indicator.id, self.case.entries.get(place, drawn)
        for gate in self.rubric.gates if self.panel.rules.gates else ():
            place = (applicant, GATE_WORD, gate.id)
            met = "pass"
            if gate.bound and gate.bound.at_least:
                more = self._dice(*place).choice((1, 2, 3))
                met = f"{gate.bound.at_least * more}{gate.bound.measure.unit}"
            yield GATE_WORD, gate.id, self.case.entries.get(place, (met, ""))

    def _value(self, n: int, applicant: str, indicator: Indicator, of: Decimal) -> str:
        """A value that earns about the level of the applicant by the declared method."""
        rules = self.panel.rules.measures
        if rules is None:
            raise ValueError(indicator.id)
        spread = self._dice(applicant, MEASURED_WORD, indicator.id).gauss(0, 5)
        share = min(max((self._level(n, indicator.id) + spread) / 100, 0.0), 1.0)
        value = value_for(rules.indicators[indicator.id], share, of)
        return format(value, ".1f" if indicator.unit in ("%", "亿元") else ".0f")

    def _once(self, applicant: str) -> Iterator[tuple[str, str, Entry]]:
        """What the panel as a whole decided: bonus items and deductions."""
        once = {
            name: entry
            for (whose, word, name), entry in self.case.entries.items()
            if whose == applicant and word == PANEL_WORD
        }
        for name, entry in ({d.id: ("0", "") for d in self.rubric.deductions} | once).items():
            yield PANEL_WORD, name, entry

    def _level(self, n: int, indicator: str) -> float:
        """How well applicant ``n`` does on an indicator, in percent."""
        ids = [a.id for a in self.panel.applicants]
        model = self.case.model(ids[n])
        return self.case.levels[ids.index(model)] + random.Random(f"{model} {indicator}").gauss(
            0, 5
        )

    def _dice(self, applicant: str, expert: str, name: str) -> random.Random:
        """Dice of one cell, so that a change in one place leaves all others as they are."""
        return random.Random(f"{self.case.model(applicant)} {expert} {name}")


def value_for(rule: MeasureRule, share: float, of: Decimal) -> float:
    """A value that gets about ``share`` of the points ``of`` under ``rule``."""
    match rule:
        case FiveTier():
            pairs = list(zip((1, 0.8, 0.6, 0.4, 0.2), map(float, rule.standards), strict=True))
        case TierTable():
            pairs = [(float(t.points / of), float(t.bound)) for t in rule.tiers] + [(0, 0)]
        case Piecewise():
            pairs = [(float(k.points / of), float(k.value)) for k in rule.knots]
        case Efficacy():
            best, worst = float(rule.satisfactory), float(rule.unallowable)
            pairs = [(float(rule.base + rule.span), best), (float(rule.base), worst)]
        case TargetRatio():
            pairs = [(1, float(rule.target)), (0, 0)]
        case LogSaturating():
            return float((1 + float(rule.cap)) ** share - 1)
        case _:
            raise ValueError(rule.method)
    return between(pairs, share)


def between(pairs: list[tuple[float, float]], share: float) -> float:
    """The straight line through ``pairs`` (share, value), from the best to the worst."""
    for (high, best), (low, worst) in pairwise(pairs):
        if share >= low:
            return worst + (min(share, high) - low) / (high - low) * (best - worst)
    return pairs[-1][1]


def band(share: Decimal) -> str:
    """Which remarks fit a share of the points."""
    if share >= Decimal("0.85"):
        return "high"
    return "middle" if share >= Decimal("0.7") else "low"


if __name__ == "__main__":
    main()
