"""What an assignment has to keep to, as arrays: pairs, seats that hold, bounds, and the draw."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from evalkit.base import canonical
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.panel import Applicant, Expert, Panel
from evalkit.panel.assigning import Assigning

PARTS, BITS = 4, 10
"""Of a pair's lot, so that a solver adds up each part without losing a unit."""


_EXAMPLE = 'evalkit declare panel.yaml "assigning={experts: 5, load: {at_most: 12}}"'


@dataclass(frozen=True)
class Kind:
    """How many experts of one kind every applicant has at least."""

    name: str
    members: np.ndarray
    """bool (experts,)"""
    least: int


@dataclass(frozen=True)
class Question:
    """An assignment to be made for ``panel``; arrays are (applicants, experts) in its order."""

    panel: Panel
    asked: Assigning
    seed: int
    free: np.ndarray
    """bool: whether the pair may be seated: no conflict, and of a group that may."""
    held: np.ndarray
    """bool: seats that are there and hold; they stay."""
    matching: np.ndarray
    """bool: whether the applicant's field is among those of the expert."""
    kinds: tuple[Kind, ...]

    @cached_property
    def seats(self) -> tuple[np.ndarray, np.ndarray]:
        """The fewest and most experts of each applicant: seats that hold are never too many."""
        low, high = self.asked.number
        held = self.held.sum(axis=1)
        most = self.free.sum(axis=1) if high is None else np.full(len(held), high)
        return np.full(len(held), low), np.maximum(most, held)

    @cached_property
    def load(self) -> tuple[np.ndarray, np.ndarray]:
        """The fewest and most applicants of each expert; a load that is there is never too much."""
        held, able = self.held.sum(axis=0), self.free.sum(axis=0)
        bounds = self.asked.load
        low = 0 if bounds is None else bounds.at_least
        high = (
            able if bounds is None or bounds.at_most is None else np.full(len(able), bounds.at_most)
        )
        return np.full(len(held), low), np.maximum(np.minimum(high, able), held)

    @cached_property
    def lots(self) -> tuple[np.ndarray, ...]:
        """The lot of each pair as `PARTS` whole numbers of `BITS` bits: the first decides first.

        They are bits of SHA-256 over the lines seed, applicant and expert, the same anywhere.
        """
        experts = [e.id for e in self.panel.experts]
        lots = [[_lot(self.seed, a.id, e) for e in experts] for a in self.panel.applicants]
        whole = np.array(lots, dtype=np.int64).reshape(self.free.shape)
        shifts = range(BITS * (PARTS - 1), -1, -BITS)
        return tuple(whole >> shift & ((1 << BITS) - 1) for shift in shifts)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that decides the answer: a draw made again can be compared by it."""
        applicants = [a.id for a in self.panel.applicants]
        experts = [e.id for e in self.panel.experts]

        def pairs(of: np.ndarray) -> list[list[str]]:
            return [[applicants[a], experts[e]] for a, e in np.argwhere(of).tolist()]

        return canonical.digest(
            {
                "applicants": applicants,
                "experts": experts,
                "asked": self.asked.model_dump(mode="json", exclude={"seed"}, exclude_none=True),
                "seed": str(self.seed),
                "free": pairs(self.free),
                "held": pairs(self.held),
                "matching": pairs(self.matching),
                "kinds": {kind.name: kind.members.nonzero()[0].tolist() for kind in self.kinds},
            }
        )


def question(panel: Panel, seed: int) -> Question:
    """What is to be answered for ``panel`` in force. Raises InputError without ``assigning``."""
    asked, experts = panel.assigning, panel.experts
    if asked is None:
        text = _("没有声明分配的要求，请先写明，如 {command}", command=_EXAMPLE)
        raise InputError(text)
    apart = np.array([[(a.id, e.id) in panel.recused for e in experts] for a in panel.applicants])
    seated = np.zeros_like(apart)
    if panel.assignment != "all":
        place = {e.id: n for n, e in enumerate(experts)}
        for n, a in enumerate(panel.applicants):
            seated[n, [place[e] for e in panel.seats(a.id)]] = True
    held = seated & ~apart
    may = np.array([[may_meet(panel, a, e) for e in experts] for a in panel.applicants])
    matching = np.array([[matches(a, e) for e in experts] for a in panel.applicants])
    least = asked.minimums or {}
    kinds = tuple(
        Kind(name, np.array([name in (e.kind, e.role) for e in experts]), n)
        for name, n in sorted(least.items())
    )
    return Question(panel, asked, seed, (may & ~apart) | held, held, matching, kinds)


def may_meet(panel: Panel, applicant: Applicant, expert: Expert) -> bool:
    """Whether the declared groups let ``expert`` score ``applicant``."""
    groups = panel.assigning.groups if panel.assigning else None
    if groups is None:
        return True
    own = applicant.group or ""
    return expert.group in ((own,) if groups == "same" else groups.get(own, ()))


def matches(applicant: Applicant, expert: Expert) -> bool:
    """Whether the applicant's field, or else its industry, is among those that the expert knows."""
    return (applicant.field or applicant.industry or None) in expert.fields


def _lot(seed: int, applicant: str, expert: str) -> int:
    found = hashlib.sha256(f"{seed}\n{applicant}\n{expert}".encode()).digest()
    return int.from_bytes(found[: PARTS * BITS // 8], "big")
