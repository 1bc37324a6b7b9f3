"""The best assignment, exactly: one aim after another, each kept while the next is sought.

A stage minimises a cost of whole numbers with HiGHS [HiGHS]_ through `scipy.optimize.milp`. The
linear relaxation of the same stage gives prices; where its optimum is the whole-number one, which
is so for all that is a flow in a network, the prices prove it, and a seat whose reduced cost is not
zero is the same in every optimal assignment: it is fixed, and the next stage chooses among optimal
assignments only. Elsewhere the optimum itself becomes a constraint. The last stages add up lots
of 40 bits, so that two best assignments remain with a probability below pairs / 2**40.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from evalkit.assignment.question import Question
from evalkit.base.errors import Refused
from evalkit.base.text import _

SECONDS = 600
"""After so long a stage gives up: nothing is assigned that is not proved to be best."""

_WHOLE = 1e-6


class Infeasible(Exception):  # noqa: N818  (no error: what is asked cannot be)
    """No assignment keeps to all that is asked."""


@dataclass
class Program:
    """Rows ``low <= matrix @ x <= high`` over variables with bounds; the seats come first."""

    matrix: Any
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    most: np.ndarray

    def minimise(self, cost: np.ndarray) -> np.ndarray:
        """An optimal x; afterwards the program has optimal ones only. Raises Infeasible."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]

        found = milp(
            cost,
            constraints=LinearConstraint(self.matrix, self.low, self.high),
            bounds=Bounds(self.least, self.most),
            integrality=np.ones(len(cost)),
            options={"mip_rel_gap": 0, "time_limit": SECONDS},
        )
        if found.status == 2:
            raise Infeasible
        if found.status != 0:
            raise Refused(_("{n} 秒内没有求出最优的分配，请放宽要求再试", n=SECONDS))
        x = np.rint(found.x)
        self._keep(cost, float(cost @ x))
        return x

    def _keep(self, cost: np.ndarray, value: float) -> None:
        fun, prices = self._prices(cost)
        reduced = cost - self.matrix.T @ prices
        proved = abs(value - fun) < 0.5 and bool(
            np.all(np.abs(np.concatenate([prices, reduced]) % 1 - 0.5) > 0.5 - _WHOLE)
        )
        gap = 0.5 if proved else value - fun + 0.5
        self.most = np.where(reduced > gap, self.least, self.most)
        self.least = np.where(reduced < -gap, self.most, self.least)
        if not proved:
            from scipy.sparse import csr_array, vstack  # type: ignore[import-untyped]

            self.matrix = vstack([self.matrix, csr_array(cost[None])], format="csr")
            self.low, self.high = np.append(self.low, -np.inf), np.append(self.high, value + 0.5)
            return
        # a row that has a price is at its bound in every optimal assignment
        self.high = np.where(prices > 0.5, self.low, self.high)
        self.low = np.where(prices < -0.5, self.high, self.low)

    def _prices(self, cost: np.ndarray) -> tuple[float, np.ndarray]:
        """The optimum of the linear relaxation and what a unit more in each row is worth."""
        from scipy.optimize import linprog
        from scipy.sparse import vstack

        same = self.low == self.high
        upper, lower = ~same & np.isfinite(self.high), ~same & np.isfinite(self.low)
        found = linprog(
            cost,
            A_ub=vstack([self.matrix[upper], -self.matrix[lower]], format="csr"),
            b_ub=np.concatenate([self.high[upper], -self.low[lower]]),
            A_eq=self.matrix[same],
            b_eq=self.high[same],
            bounds=np.stack([self.least, self.most], axis=1),
            method="highs",
        )
        prices = np.zeros(len(self.low))
        if found.status != 0:
            return -np.inf, prices
        prices[same] = found.eqlin.marginals
        prices[upper] += found.ineqlin.marginals[: upper.sum()]
        prices[lower] -= found.ineqlin.marginals[upper.sum() :]
        return float(found.fun), prices


def solve(question: Question) -> np.ndarray:
    """The best assignment: bool (applicants, experts). Raises Infeasible where there is none.

    All seats that hold stay. Among assignments that keep to what is asked: the fewest seats, then
    balance (the least sum of squared loads) and expertise (the most matches), in the declared
    order, then the lots.
    """
    pairs = np.argwhere(question.free)
    whole, steps, _names = program(question, pairs)
    n = len(pairs)

    def costs(of_pairs: np.ndarray, of_steps: np.ndarray | int = 0) -> np.ndarray:
        whole = np.zeros(n + len(steps))
        whole[:n], whole[n:] = of_pairs, of_steps
        return whole

    at = (pairs[:, 0], pairs[:, 1])
    aims = {
        "balance": costs(np.zeros(n), 2 * steps[:, 1] + 1),
        "expertise": costs(-question.matching[at].astype(float)),
    }
    if question.asked.first is None:
        order = ["balance"]
    else:
        order = sorted(aims, key=lambda aim: aim != question.asked.first)
    exact = question.asked.number[0] == question.asked.number[1]
    stages = [] if exact else [costs(np.ones(n))]
    stages += [aims[aim] for aim in order]
    stages += [costs(part[at].astype(float)) for part in question.lots]
    x = np.zeros(n)
    for cost in stages:
        x = whole.minimise(cost)
    found = np.zeros_like(question.free)
    found[at] = x[:n] > 0.5
    require_kept(question, found)
    return found


Row = tuple[str, int, str]
"""What a row of the program asks: ``seats``, ``kind`` or ``field`` of an applicant, ``load`` (that
is the sum of its steps) or ``least load`` of an expert; the place in the panel; the kind."""


def program(question: Question, pairs: np.ndarray) -> tuple[Program, np.ndarray, list[Row]]:
    """The rows for seats, loads, kinds and expertise; the steps of load, (expert, step); the rows'
    names.

    The load of an expert is the sum of its steps, as many as it may have, the n-th of which costs
    2n - 1 where balance is sought, so that n of them cost n squared.
    """
    from scipy.sparse import csr_array

    applicants, experts = question.free.shape
    n, (lows, highs) = len(pairs), question.load
    steps = np.array([(e, k) for e in range(experts) for k in range(highs[e])]).reshape(-1, 2)
    parts = [(pairs[:, 1], np.arange(n), np.ones(n))]
    parts += [(steps[:, 0], n + np.arange(len(steps)), -np.ones(len(steps)))]
    low, high = [np.zeros(experts)], [np.zeros(experts)]
    names: list[Row] = [("load", e, "") for e in range(experts)]

    def put(what: str, axis: int, bounds: tuple[Any, Any], kept: Any, kind: str = "") -> None:
        chosen = np.flatnonzero(np.broadcast_to(kept, n))
        parts.append((len(names) + pairs[chosen, axis], chosen, np.ones(len(chosen))))
        size = (applicants, experts)[axis]
        names.extend((what, place, kind) for place in range(size))
        low.append(np.broadcast_to(np.asarray(bounds[0], float), size))
        high.append(np.broadcast_to(np.asarray(bounds[1], float), size))

    put("seats", 0, question.seats, kept=True)
    if lows.any():
        put("least load", 1, (lows, np.inf), kept=True)
    for kind in question.kinds:
        put("kind", 0, (kind.least, np.inf), kind.members[pairs[:, 1]], kind.name)
    if question.asked.expertise:
        matching = question.matching[pairs[:, 0], pairs[:, 1]]
        put("field", 0, (question.asked.expertise, np.inf), matching)
    i, j, v = (np.concatenate(part) for part in zip(*parts, strict=True))
    matrix = csr_array((v, (i, j)), shape=(len(names), n + len(steps)))
    least = np.zeros(matrix.shape[1])
    least[:n] = question.held[pairs[:, 0], pairs[:, 1]]
    most = np.ones(matrix.shape[1])
    return Program(matrix, np.concatenate(low), np.concatenate(high), least, most), steps, names


def require_kept(question: Question, found: np.ndarray) -> None:
    """Raise Refused unless ``found`` keeps to all that is asked, counted in whole numbers."""
    seats, load = found.sum(axis=1), found.sum(axis=0)
    kept = [
        not (found & ~question.free).any(),
        not (question.held & ~found).any(),
        (question.seats[0] <= seats).all() and (seats <= question.seats[1]).all(),
        (question.load[0] <= load).all() and (load <= question.load[1]).all(),
        *((found[:, k.members].sum(axis=1) >= k.least).all() for k in question.kinds),
        ((found & question.matching).sum(axis=1) >= (question.asked.expertise or 0)).all(),
    ]
    if not all(kept):
        raise Refused(_("求出的分配没有通过核对，没有采用；请把这份评审组文件交给开发者"))
