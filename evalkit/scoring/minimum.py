"""Where a function of one root is least of all: on a grid, then around each of its minima."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

STEP = 2.0
"""Ratio of neighbouring roots of α or of β on the grid that is searched for minima."""

NEAR = 1e-8
"""Roots this near, as a share of the greatest, have the same deviance but for noise."""

SECTIONS = 42
"""Golden sections, which leave 2e-9 of what lies between two roots of the grid."""

TIE = 1e-9
"""Deviances this near are the same, and then the component at its bound is taken."""


def grid_of(most: float, top: float) -> np.ndarray:
    """0, then roots up to ``top`` from where ``most`` scores of one kind hardly feel the ratio."""
    low = 0.1 / np.sqrt(most)
    return np.append(0.0, np.geomspace(low, top, int(np.log(top / low) / np.log(STEP)) + 2))


Function = Callable[[float], float]


def least_of(
    function: Function,
    grid: np.ndarray,
    values: np.ndarray,
    between: Callable[[Function, float, float], tuple[float, float]],
) -> tuple[float, float]:
    """The least value, and where it is: refined around every minimum of ``values`` on ``grid``.

    It is at the bound, where ``grid`` begins, if nothing else is better by more than `TIE`.
    """
    around, ends = np.pad(values, 1, constant_values=np.inf), np.pad(grid, 1, "edge")
    lowest = (values <= around[:-2]) & (values <= around[2:])
    places = np.flatnonzero(lowest & (values < np.inf))
    best = min(
        (float(values.min()), float(grid[values.argmin()])),
        *(between(function, float(ends[n]), float(ends[n + 2])) for n in places),
    )
    return (float(values[0]), 0.0) if values[0] <= best[0] + TIE else best


def sections(function: Function, low: float, high: float) -> tuple[float, float]:
    """The least value between two ends, and where it is, by golden sections.

    Written here because scipy.optimize takes a second to import.
    """
    share = (np.sqrt(5) - 1) / 2
    at = [high - share * (high - low), low + share * (high - low)]
    value = [function(x) for x in at]
    for _step in range(SECTIONS):
        if value[0] <= value[1]:
            high, at[1], value[1] = at[1], at[0], value[0]
            at[0] = high - share * (high - low)
            value[0] = function(at[0])
        else:
            low, at[0], value[0] = at[0], at[1], value[1]
            at[1] = low + share * (high - low)
            value[1] = function(at[1])
    return min(zip(value, at, strict=True))


def parabolas(function: Function, low: float, high: float) -> tuple[float, float]:
    """The same with a quarter of the steps, where each of them takes long."""
    from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]

    near = {"xatol": NEAR * high}
    found = minimize_scalar(function, bounds=(low, high), method="bounded", options=near)
    return float(found.fun), float(found.x)
