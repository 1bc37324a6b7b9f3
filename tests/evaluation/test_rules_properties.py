"""What holds in every round, whatever its rules: on random rounds and on the files that ship."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import yaml

from evalkit.disclosure import Views
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from evalkit.pages import applicant, summary
from evalkit.pages.derivation import derivation
from evalkit.panel import Panel, find_rubric, load_panel
from evalkit.rubric import Rubric, load_rubric
from tests.support import random_rounds
from tests.support.builders import DEMO, ROOT, frame, load, panel_data, rubric_data
from tests.support.pages_read import html_of
from tests.support.reference_runs import read, run, seeded

SEEDS = range(80)


def test_points_never_leave_their_range() -> None:
    """From 0, or the least score times its factor, to full points; a bonus to its cap."""
    seen = 0
    for seed in SEEDS:
        results = seeded(seed)
        for own in read(results).values():
            for i in results.rubric.indicators:
                points = own["points"][i.id]
                low = Fraction(i.range.min) * Fraction(i.range.factor)
                assert points is None or low <= points <= Fraction(i.points), (seed, i.id)
                seen += points is not None
            for b in results.rubric.bonus:
                assert 0 <= (own["points"][b.id] or 0) <= Fraction(b.points)
    assert seen > 500


def test_ranks_agree_with_published_totals() -> None:
    """Nobody with a worse published total stands before one with a better one.

    Where placings decide, nobody with a greater sum of them.
    """
    for seed in SEEDS:
        results = seeded(seed)
        placed = results.panel.rules.placings is not None
        sign = -1 if results.rubric.better == "lower" else 1
        ranked = [own for own in read(results).values() if own["rank"]]
        if placed:
            sign, ranked = -1, [{**own, "total": own["placings"]} for own in ranked]
        for one in ranked:
            assert all(
                sign * one["total"] >= sign * x["total"] for x in ranked if x["rank"] > one["rank"]
            )
            if not results.panel.rules.ties:
                same = {x["rank"] for x in ranked if x["total"] == one["total"]}
                assert same == {one["rank"]}


def test_trimming_takes_exactly_as_many_as_declared() -> None:
    """Of the scores that count, or of whole sheets; below min_n none."""
    seen = 0
    for seed in SEEDS:
        results = seeded(seed)
        rule = results.panel.rules.aggregation
        if rule.method not in ("trimmed_mean", "winsorised_mean") or rule.level == "total":
            continue
        valid = (results.facts.state == 2).sum(axis=1)
        if results.panel.rules.recusal == "exclude_expert":
            continue
        seen += 1
        for side, end in ((1, rule.drop_highest), (-1, rule.drop_lowest)):
            n = end if isinstance(end, int) else np.vectorize(end.of)(valid)
            expected = n * (valid >= rule.min_n)
            assert np.array_equal((results.dropped == side).sum(axis=1), expected)
    assert seen > 10


def shuffled(tree: Any, random: Random) -> Any:
    """``tree`` with the keys of every mapping in another order."""
    if isinstance(tree, dict):
        keys = list(tree)
        random.shuffle(keys)
        return {key: shuffled(tree[key], random) for key in keys}
    return [shuffled(x, random) for x in tree] if isinstance(tree, list) else tree


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_keys_changes_no_digest(seed: int) -> None:
    """Rubric, panel and results are the same bytes however their files are laid out."""
    rubric, panel, rows, measured = random_rounds.make(seed)
    random = Random(seed)
    one = run((rubric, panel, rows, measured))
    items = list(rows.items())
    random.shuffle(items)
    two = run((shuffled(rubric, random), shuffled(panel, random), dict(items), measured))
    assert one.rubric.digest == two.rubric.digest
    assert one.panel.digest == two.panel.digest
    assert one.digest == two.digest


@pytest.mark.parametrize(
    "seed", [*range(40), *(pytest.param(n, marks=pytest.mark.soak) for n in range(40, 400))]
)
def test_order_and_names_decide_nothing(seed: int) -> None:
    """Experts and applicants listed the other way round under other ids: the same numbers."""
    rubric, panel, rows, measured = random_rounds.make(seed)
    new = {e["id"]: f"x{99 - n}" for n, e in enumerate(panel["experts"])}
    new |= {a["id"]: f"y{99 - n}" for n, a in enumerate(panel["applicants"])}
    other = renamed(panel, new)
    other["experts"].reverse()
    other["applicants"].reverse()
    moved = {(new[a], new.get(e, e), c): p for (a, e, c), p in rows.items()}
    values = {(new[a], i): v for (a, i), v in measured.items()}
    one, two = read(run((rubric, panel, rows, measured))), read(run((rubric, other, moved, values)))
    assert {new[a]: own for a, own in one.items()} == two


def renamed(tree: Any, new: dict[str, str]) -> Any:
    """``tree`` with every text and key that is an old id replaced."""
    if isinstance(tree, dict):
        return {new.get(k, k): renamed(v, new) for k, v in tree.items()}
    if isinstance(tree, list):
        return [renamed(x, new) for x in tree]
    return new.get(tree, tree) if isinstance(tree, str) else tree


@pytest.mark.parametrize("block", range(4))
def test_every_round_has_its_reports(block: int) -> None:
    """Whatever the rules are, both reports come out, and nothing is drawn outside its figure."""
    drawn = 0
    for seed in range(10 * block, 10 * block + 10):
        results = seeded(seed)
        pages = [html_of(summary, Views(results).panel())]
        for a in results.facts.applicants:
            told = Views(results).report(a, "internal")  # which alone has every figure
            views = [Views(results).applicant(a, language) for language in ("zh", "en")] + [told]
            pages += [html_of(applicant, view) for view in views]
        places = re.findall(r'(?:x|x1|x2|cx|width)="(-?[0-9.]+)%"', "".join(pages))
        assert all(0 <= float(x) <= 100 for x in places), seed
        drawn += len(places)
    assert drawn > 500


def test_every_sentence_comes_to_the_published_points() -> None:
    """The arithmetic in words ends in the points that stand beside it, under any rules."""
    seen = 0
    for seed in SEEDS:
        results = seeded(seed)
        for a in results.facts.applicants:
            view = Views(results).applicant(a)
            cells = [i for d in view["dimensions"] for i in d["indicators"]] + view["bonuses"]
            for cell in cells:
                said = derivation(cell, view["declared"]).render()
                zero = "计 0 分" in said and cell["points"] and Fraction(cell["points"]) == 0
                assert cell["points"] is None or cell["points"] in said or zero, (seed, a, said)
                seen += cell["points"] is not None
    assert seen > 500


def dumped(model: Any) -> str:
    """A declared file as a program would write it."""
    return yaml.dump(
        model.model_dump(mode="json", exclude_defaults=True),
        allow_unicode=True,
        Dumper=yaml.CSafeDumper,
    )


def test_a_round_comes_back_from_its_files(tmp_path: Path) -> None:
    """load(dump(rubric)) == rubric and load(dump(panel)) == panel, digests included."""
    for seed in range(20):
        given = random_rounds.make(seed)
        rubric, panel = Rubric.model_validate(given[0]), Panel.model_validate(given[1])
        (tmp_path / "small.yaml").write_text(dumped(rubric), "utf-8")
        (tmp_path / "panel.yaml").write_text(dumped(panel), "utf-8")
        again = load_rubric(tmp_path / "small.yaml")
        assert again == rubric
        assert again.digest == rubric.digest
        same = load_panel(tmp_path / "panel.yaml", again)
        assert same == panel
        assert same.digest == panel.digest


@pytest.mark.parametrize("file", sorted((ROOT / "rubrics").glob("*.yaml")), ids=lambda f: f.stem)
def test_the_rubrics_that_ship_come_back(file: Path, tmp_path: Path) -> None:
    """Every one of them, whatever a text has brought into it."""
    rubric = load_rubric(file)
    (tmp_path / file.name).write_text(dumped(rubric), "utf-8")
    assert load_rubric(tmp_path / file.name) == rubric


def test_the_demo_panel_comes_back(tmp_path: Path) -> None:
    """With its conflicts, claims and rules."""
    rubric = find_rubric(DEMO / "panel.yaml")
    panel = load_panel(DEMO / "panel.yaml", rubric)
    (tmp_path / "panel.yaml").write_text(dumped(panel), "utf-8")
    assert load_panel(tmp_path / "panel.yaml", rubric) == panel


TIERS = [
    {"bound": b, "inclusive": i, "points": p}
    for b, i, p in (("70", "true", "10"), ("40", "false", "6"))
]
METHODS: dict[str, dict[str, Any]] = {
    "tier_table": {"tiers": TIERS, "otherwise": "1"},
    "efficacy": {
        "satisfactory": "80", "unallowable": "30", "base": "0.6", "span": "0.4",
        "clamp": "points",
    },
    "five_tier": {"standards": ["90", "70", "50", "30", "10"]},
    "piecewise": {
        "knots": [{"value": "90", "points": "10"}, {"value": "20", "points": "2"}],
        "outside": "clip",
    },
    "target_ratio": {"target": "60"},
    "best_ratio": {},
    "min_max": {},
    "percentile": {},
}  # fmt: skip


def turned(rule: Any) -> Any:
    """The same benchmarks for lower is better: 100 − x."""
    if isinstance(rule, dict):
        own = {"bound", "satisfactory", "unallowable", "value"}
        return {k: str(100 - int(v)) if k in own else turned(v) for k, v in rule.items()}
    if isinstance(rule, list):
        return [str(100 - int(x)) if isinstance(x, str) else turned(x) for x in rule]
    return rule


@pytest.mark.parametrize("better", ["higher", "lower"])
@pytest.mark.parametrize("method", METHODS)
def test_a_better_value_never_gets_fewer_points(tmp_path: Path, method: str, better: str) -> None:
    """Through the whole function, published points within 0 and full, in the declared direction."""
    rule = METHODS[method] if better == "higher" else turned(METHODS[method])
    measures = {
        "missing": "refuse",
        "indicators": {"i1": {"method": method, "better": better, **rule}},
    }
    data = rubric_data([10])
    data["dimensions"][0]["indicators"][0]["kind"] = "quantitative"
    random = Random(method)
    values = sorted({Decimal(random.randint(0, 1000)) / 10 for _ in range(40)})
    values = values if better == "higher" else values[::-1]
    ids = [f"a{n}" for n in range(len(values))]
    loaded = load(tmp_path, data, panel_data(1, ids, {"measures": measures}))
    rows = [(a, "measured", "i1", str(v), "年报") for a, v in zip(ids, values, strict=True)]
    results: Results = evaluate(*loaded, from_frame(frame(rows), *loaded))
    points = results.points[:, 0].tolist()
    assert points == sorted(points)
    assert 0 <= points[0] < points[-1] <= 1000
