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
from tests.support.builders import TRIMMED, load, panel_data, rubric_data


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


def rounds(table: Table) -> None:
    """The whole analysis of rounds of ten indicators: incomplete, and with many experts.

    Against `evaluate` of the same round.
    """
    from evalkit.analysis import advise
    from evalkit.evaluation import evaluate

    mean, trimmed = {"method": "mean", "level": "indicator"}, {**TRIMMED, "min_n": 4}
    for n, k, each, rule in (
        (561, 52, 5, mean),
        (561, 52, 5, trimmed),
        (561, 52, 52, trimmed),
        (300, 15, 15, mean),
        (24, 60, 60, mean),
    ):
        given = _round(n, k, each, rule)
        official = cpu(partial(evaluate, *given, trial=True), 3)
        # without what is kept from the first time
        taken = min(
            cpu(partial(advise, evaluate(*given, trial=True), seed=1), 1) for _again in range(3)
        )
        what = f"analyse, {n} × {k}, {each} scores each × 10, {rule['method']}"
        table.add_row(what, f"{taken:.2f} s CPU", f"{taken / official:,.0f} × evaluate")


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


def main() -> None:
    """Print the table."""
    table = Table("what", "CPU", "ratio")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agreement(table)
    ranks(table)
    rounds(table)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
