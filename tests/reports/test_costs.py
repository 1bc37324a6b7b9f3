"""Many reports: what they cost, and that neither memory nor bytes drift."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from evalkit.evaluation import evaluate
from evalkit.reports.produce import produce_report
from tests.bench import reports as bench
from tests.support.builders import demo
from tests.support.views import reported


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_hundred_reports_on_papermills_own_engine(tmp_path: Path) -> None:
    """No failure, the same page each time; the peak of memory is printed."""
    results = evaluate(*demo())
    ids = [a.id for a in results.panel.applicants]
    pages: dict[str, bytes] = {}
    for n in range(100):
        id = ids[n % len(ids)]
        produce_report(reported(results), id, tmp_path, engine="stock")
        page = (tmp_path / f"{id}.html").read_bytes()
        assert pages.setdefault(id, page) == page
    assert len(pages) == len(ids)
    peak = {
        name: resource.getrusage(who).ru_maxrss / 1024
        for name, who in (
            ("this process", resource.RUSAGE_SELF),
            ("a kernel", resource.RUSAGE_CHILDREN),
        )
    }
    print("100 reports, peak memory:", ", ".join(f"{k} {v:.0f} MiB" for k, v in peak.items()))


@pytest.mark.soak
def test_a_report_costs_a_fraction_of_the_stock_commands(tmp_path: Path) -> None:
    """CPU against CPU in one run. The aim is 65 times; a busy machine may take half of that."""
    stock = bench.Stock(tmp_path)
    stock.commands()  # once for compiled modules
    _, theirs = bench.timed(stock.commands)
    _, ours = bench.marginal(40, 1)
    print(f"{theirs:.2f} s and {ours * 1000:.1f} ms CPU: {theirs / ours:.0f} times less")
    assert theirs / ours >= 33


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_the_full_figures(tmp_path: Path) -> None:
    """At least 90 times less CPU a report than the stock commands."""
    found = bench.costs(tmp_path)
    stock = found["papermill + nbconvert commands"][1]
    for name in ("warm engine, 1 worker", "warm engine, 2 workers"):
        wall, cpu = found[name]
        print(f"{name}: {cpu * 1000:.1f} ms CPU, {stock / cpu:.0f} x, {1 / wall:.1f} reports/s")
        assert stock / cpu >= 90


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("n", [1_000, 10_000])
def test_memory_does_not_grow_with_the_round(n: int) -> None:
    """What the batch adds to the results in memory is the same for a hundred and for thousands."""
    few, more = bench.batch(100, 2), bench.batch(n, 2)
    print(
        f"{n:,} reports: {more['wall']:.0f} s, {more['cpu'] / n * 1000:.1f} ms CPU each, "
        f"{more['memory']:.0f} MiB, {more['grew']:.0f} of them for the batch ({few['grew']:.0f}), "
        f"{more['others']:.0f} in workers ({few['others']:.0f})"
    )
    assert more["grew"] <= few["grew"] + 40
    assert more["others"] <= few["others"] * 1.1
