"""Kernels of the analysis against the packages that others rely on, as ratios within one run.

python -m tests.bench.analysis
"""

from __future__ import annotations

import resource
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from evalkit.facts.columns import Facts
from evalkit.panel import Panel
from evalkit.rubric import Rubric
from tests.bench.growth import growing
from tests.support.builders import TRIMMED, load, many, panel_data, rubric_data


def cpu(action: Callable[[], object], repeats: int) -> float:
    """Least CPU seconds of ``action``: other work on the machine only adds."""
    found = []
    for _ in range(repeats):
        start = time.process_time()
        action()
        found.append(time.process_time() - start)
    return min(found)


def scores(n: int, experts: int, columns: int) -> np.ndarray:
    """(columns, applicants, experts): points out of 10 on a step of 0.5."""
    rng = np.random.default_rng(1)
    merit, severity = rng.normal(7, 1.5, (columns, n, 1)), rng.normal(0, 0.5, experts)
    noise = rng.normal(0, 1, (columns, n, experts))
    return np.clip(np.round((merit + severity + noise) * 2) / 2, 0, 10)


def agreement(table: Table) -> None:
    """ICC of all columns at once and alpha, at 1,000 and 100,000 applicants."""
    import krippendorff
    import pandas as pd
    import pingouin

    from evalkit.scoring.agreement import alpha
    from evalkit.scoring.icc import icc

    x = scores(1_000, 7, 13)
    a, e = np.divmod(np.arange(7_000), 7)
    frames = [pd.DataFrame({"a": a, "e": e, "x": one.ravel()}) for one in x]

    def theirs() -> None:
        for frame in frames:
            pingouin.intraclass_corr(frame, "a", "e", "x")

    ours, other = cpu(lambda: icc(x), 50), cpu(theirs, 1)
    _row(table, "ICC, 6 forms × 13, 1,000 × 7", ours, other, "pingouin")

    def alphas() -> None:
        for one in x:
            krippendorff.alpha(reliability_data=one.T, level_of_measurement="interval")

    ours, other = cpu(lambda: alpha(x, "interval"), 50), cpu(alphas, 3)
    _row(table, "alpha interval × 13, 1,000 × 7", ours, other, "krippendorff")
    big = scores(100_000, 7, 13)
    _row(table, "ICC, 6 forms × 13, 100,000 × 7", cpu(lambda: icc(big), 3), None, "")
    _row(
        table, "alpha interval × 13, 100,000 × 7", cpu(lambda: alpha(big, "interval"), 3), None, ""
    )
    totals = big.sum(0) + np.random.default_rng(2).normal(0, 0.1, big.shape[1:])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours = cpu(lambda: alpha(totals, "interval"), 3)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    _row(table, "alpha of continuous totals, 100,000 × 7", ours, None, f"peak + {grown:.0f} MiB")


def ranks(table: Table) -> None:
    """Rank ranges of 1,000 applicants over all samples of seven experts, by the declared rule."""
    from evalkit.analysis.samples import FORMULA_ROOM, draw, resample
    from evalkit.analysis.totals import by_function
    from evalkit.evaluation import evaluate
    from evalkit.facts.columns import SCORED, Facts
    from evalkit.scoring.uncertainty import places, rank_range

    n, shape = 1_000, (1_000, 7, 13)
    rules = {"aggregation": {**TRIMMED, "min_n": 5}, "ties": ["base"]}
    with TemporaryDirectory() as folder:
        data = panel_data(7, [f"a{k}" for k in range(n)], rules)
        rubric, panel = load(Path(folder), rubric_data([10] * 13), data)
    facts = Facts(
        scale=10,
        applicants=tuple(a.id for a in panel.applicants),
        experts=tuple(e.id for e in panel.experts),
        columns=rubric.columns,
        seats=np.tile(np.arange(7, dtype=np.int32), (n, 1)),
        points=np.moveaxis(scores(n, 7, 13) * 10, 0, -1).astype(np.int64),
        state=np.full(shape, SCORED, dtype=np.int8),
        recognised=np.full((n, 13), -1, dtype=np.int64),
    )
    results = evaluate(rubric, panel, facts)

    def whole() -> None:
        found = resample(results, 1)
        rank_range(places(found.totals.total, found.totals.known), found.ways)

    samples = draw(facts, 1, FORMULA_ROOM)
    few = samples.counts[:40]
    one_by_one = cpu(lambda: by_function(results, few, samples.block), 1) * len(samples.counts) / 40
    _row(table, "rank ranges, 1,000 × 7 × 13 × 1,716", cpu(whole, 1), one_by_one, "evaluate each")


MEAN = {"method": "mean", "level": "indicator"}
AROUND = {**TRIMMED, "min_n": 4}


def rounds(table: Table) -> None:
    """The whole analysis of rounds of ten indicators, with few and with many experts, and the
    summary of the round; time, memory and how they grow with the applicants.
    """
    for what, most, given in (
        ("7 experts, trimmed", 3_000, (7, 7, AROUND)),
        ("15 experts", 300, (15, 15, MEAN)),
        ("60 experts", 96, (60, 60, MEAN)),
        ("5 of 52 experts each", 561, (52, 5, MEAN)),
        ("5 of 52 experts each, trimmed", 561, (52, 5, AROUND)),
        ("52 experts with gaps, trimmed", 561, (52, 52, AROUND)),
    ):
        sizes = [most // 8, most // 4, most // 2, most]
        growing(table, f"analyse, {what}, applicants", _analysing, sizes, *given)
    growing(table, "summary, applicants", _summing_up, [375, 750, 1_500, 3_000])
    whole = [18_250, 36_500, 54_750, 73_000]
    growing(table, "mixed model, 1,128 experts, ratings", _severity, whole, 1_128)
    growing(table, "mixed model, as many ratings each, experts", _rated, [282, 564, 846, 1_128])


def _analysing(n: int, k: int, each: int, rule: dict[str, Any]) -> Callable[[], object]:
    from evalkit.analysis import advise
    from evalkit.evaluation import evaluate

    return partial(advise, evaluate(*_round(n, k, each, rule), trial=True), seed=1)


def _summing_up(n: int) -> Callable[[], object]:
    """Everything that ``evalkit summary`` does when the round is read."""
    from evalkit.analysis import advise
    from evalkit.disclosure import Views
    from evalkit.evaluation import evaluate
    from evalkit.reports.produce import produce_summary

    given = many(n)

    def work() -> None:
        results = evaluate(*given, trial=True)
        with TemporaryDirectory() as folder:
            produce_summary(Views(results, advise(results)), Path(folder))

    return work


def _severity(ratings: int, experts: int) -> Callable[[], object]:
    """As many ``ratings`` from 1 to 5 of whoever was met, as students rate their lecturers."""
    from evalkit.scoring.severity import crossed

    rng, people = np.random.default_rng(5), ratings * 2_972 // 73_000
    cells = rng.choice(people * experts, ratings, replace=False)
    a, e = (np.unique(part, return_inverse=True)[1] for part in np.divmod(cells, experts))
    own, severe = rng.normal(0, 0.33, people), rng.normal(0, 0.5, experts)
    y = np.clip(np.round(3.2 + own[a] + severe[e] + rng.normal(0, 1.18, ratings)), 1, 5)
    return partial(crossed, y, a, e)


def _rated(experts: int) -> Callable[[], object]:
    return _severity(73_000 * experts // 1_128, experts)


def means(table: Table) -> None:
    """Official means and ranks against what a table gives by groupby: no rules, no exact halves."""
    import pandas as pd

    from evalkit.evaluation import evaluate

    given = _round(3_000, 7, 7, MEAN)
    facts = given[2]
    places = np.indices(facts.points.shape).reshape(3, -1)
    frame = pd.DataFrame(dict(zip("aec", places, strict=True)) | {"x": facts.points.ravel() / 10})

    def theirs() -> None:
        by_column = frame.groupby(["a", "c"])["x"].mean().round(2)
        by_column.groupby("a").sum().rank(ascending=False, method="min")

    ours, other = cpu(partial(evaluate, *given, trial=True), 3), cpu(theirs, 3)
    _row(table, "evaluate, 3,000 × 7 × 10, mean", ours, other, "pandas groupby")


def _round(n: int, k: int, each: int, rule: dict[str, Any]) -> tuple[Rubric, Panel, Facts]:
    """A round in which ``each`` of ``k`` experts, drawn for every applicant, score it.

    Where all of 52 do, one sheet in twenty is missing, and here and there a score.
    """
    from evalkit.facts.columns import RECUSED, SCORED, UNSCORED

    rng, ids = np.random.default_rng(3), [f"a{a}" for a in range(n)]
    seats = np.stack([np.sort(rng.choice(k, each, replace=False)) for _ in ids])
    assigned = {a: [f"e{e + 1}" for e in own] for a, own in zip(ids, seats.tolist(), strict=True)}
    more = {} if each == k else {"assignment": assigned}
    with TemporaryDirectory() as folder:
        data = panel_data(k, ids, {"aggregation": rule}, **more)
        rubric, panel = load(Path(folder), rubric_data([10] * 10), data)
    state = np.full((n, each, 10), SCORED, dtype=np.int8)
    if each == 52:
        state[rng.random((n, each)) < 0.05] = RECUSED
        state[rng.random((n, each, 10)) < 0.01] = UNSCORED
    points = np.moveaxis(scores(n, k, 10) * 10, 0, -1).astype(np.int64)
    return (
        rubric,
        panel,
        Facts(
            scale=10,
            applicants=tuple(ids),
            experts=tuple(e.id for e in panel.experts),
            columns=rubric.columns,
            seats=seats.astype(np.int32),
            points=np.take_along_axis(points, seats[:, :, None], 1) * (state == SCORED),
            state=state,
            recognised=np.full((n, 10), -1, dtype=np.int64),
        ),
    )


def _row(table: Table, what: str, ours: float, theirs: float | None, against: str) -> None:
    ratio = f"{theirs / ours:,.0f} × {against}" if theirs is not None else against
    table.add_row(what, f"{ours * 1000:,.2f} ms", ratio)


def analyses(table: Table) -> None:
    """All of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agreement(table)
    means(table)
    ranks(table)
    rounds(table)


def main() -> None:
    """Print the table."""
    table = Table("what", "CPU", "ratio")
    analyses(table)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
