"""Reference cases: data and results as published."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from tests.support.builders import ROOT

CASES = ROOT / "tests" / "data" / "cases"


GAPS = np.nan


def case(number: int) -> dict[str, Any]:
    """A reference case; its file names the source."""
    (file,) = CASES.glob(f"{number:02}_*.json")
    return json.loads(file.read_text("utf-8"))


def matrix(rows: list[list[float | None]]) -> np.ndarray:
    """A table in which null is a missing score."""
    return np.array([[GAPS if x is None else x for x in row] for row in rows], dtype=float)
