"""Many reports in one process, on the stock papermill engine."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from evalkit.evaluation import evaluate
from evalkit.reports.produce import produce_report
from tests.builders import demo


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_hundred_reports(tmp_path: Path) -> None:
    """No failure, the same page each time; the peak of memory is printed."""
    results = evaluate(*demo())
    ids = [a.id for a in results.panel.applicants]
    pages: dict[str, bytes] = {}
    for n in range(100):
        id = ids[n % len(ids)]
        produce_report(results, id, tmp_path, engine="stock")
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
