"""However many threads a BLAS has, the analysis says the same."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.builders import ROOT

SAID = """
import numpy as np
from evalkit.analysis import advise
from evalkit.analysis.numbers import ITERATED, number
from evalkit.evaluation import evaluate
from evalkit.scoring.severity import crossed
from tests.support.builders import many

print(advise(evaluate(*many(200), trial=True), seed=1).to_json())

rng = np.random.default_rng(6)
cells = rng.choice(500 * 240, 9_000, replace=False)
a, e = (np.unique(part, return_inverse=True)[1] for part in np.divmod(cells, 240))
y = rng.normal(0, 1, 500)[a] + rng.normal(0, 0.5, 240)[e] + rng.normal(0, 1, len(a))
for part in crossed(np.round(y, 1), a, e):
    print([number(x, 2, ITERATED) for x in np.ravel(part)])
"""


@pytest.mark.processes
def test_the_number_of_threads_decides_nothing() -> None:
    """A round and a mixed model of many experts, in a process with one thread and with two.

    Both are large enough for OpenBLAS to use the second one.
    """
    said = []
    for threads in ("1", "2"):
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads}
        run = [sys.executable, "-c", SAID]
        done = subprocess.run(run, capture_output=True, cwd=ROOT, env=environment, check=True)
        said.append(done.stdout)
    assert len(said[0]) > 100_000
    assert said[0] == said[1]
