"""Panels to be assigned, at random, and every assignment of a small one tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from random import Random
from typing import Any

import numpy as np

from evalkit.assignment.question import Question
from evalkit.panel import Panel
from tests.support.builders import panel_data


def random_panel(random: Random, applicants: int, experts: int) -> dict[str, Any]:
    """A panel with groups, kinds, fields, conflicts, seats and requirements, some impossible."""
    fields, groups, kinds = ["f1", "f2", "f3"], ["g1", "g2"], ["技术", "财务"]
    experts = max(experts, 2)  # one of each group
    data = panel_data(experts, [f"a{n}" for n in range(1, applicants + 1)])
    grouped = random.random() < 0.3
    for one in data["applicants"]:
        one["field"] = random.choice(fields)
        if grouped:
            one["group"] = random.choice(groups)
    for n, one in enumerate(data["experts"]):
        one["kind"] = kinds[n % 2]
        one["fields"] = random.sample(fields, random.randint(0, 2))
        if grouped:
            one["group"] = groups[n % 2]
    pairs = [(a["id"], e["id"]) for a in data["applicants"] for e in data["experts"]]
    apart = [pair for pair in pairs if random.random() < 0.2]
    data["conflicts"] = [{"applicant": a, "expert": e, "reason": "有关系"} for a, e in apart]
    asked = _requirements(random, applicants, experts)
    if grouped:
        asked["groups"] = "same"
        data["rules"]["ranking"] = "overall"
    data["assigning"] = asked
    if random.random() < 0.4:
        seats = [pair for pair in pairs if random.random() < 0.15]
        own = {a["id"]: [e for x, e in seats if x == a["id"]] or ["e1"] for a in data["applicants"]}
        data["assignment"] = own
    return data


def _requirements(random: Random, applicants: int, experts: int) -> dict[str, Any]:
    low = random.randint(1, min(3, experts))
    asked: dict[str, Any] = {"experts": low}
    if random.random() < 0.4:
        asked["experts"] = {"at_least": low, "at_most": low + random.randint(0, 1)}
    mean = -(-low * applicants // experts)
    if random.random() < 0.6:
        asked["load"] = {"at_least": random.randint(0, 1), "at_most": mean + random.randint(0, 1)}
    if random.random() < 0.3:
        asked["minimums"] = {random.choice(["技术", "member"]): 1}
    if random.random() < 0.6:
        asked["expertise"] = random.choice([0, 0, 1])
        asked["first"] = random.choice(["balance", "expertise"])
    return asked


def tried(question: Question) -> Iterator[np.ndarray]:
    """Every assignment that keeps to what is asked, counted by hand."""
    applicants, experts = question.free.shape
    choices = [list(_rows(question, n)) for n in range(applicants)]
    asked, held = question.asked.load, question.held.sum(axis=0)
    for rows in product(*choices):
        found = np.zeros((applicants, experts), bool)
        for n, row in enumerate(rows):
            found[n, list(row)] = True
        load = found.sum(axis=0)
        most = np.inf if asked is None or asked.at_most is None else asked.at_most
        least = 0 if asked is None else asked.at_least
        if (load >= least).all() and (load <= np.maximum(most, held)).all():
            yield found


def _rows(question: Question, n: int) -> Iterator[Sequence[int]]:
    """The sets of experts that the applicant ``n`` may have."""
    panel, asked = question.panel, question.asked
    applicant = panel.applicants[n]
    held = [e for e, seat in enumerate(panel.experts) if question.held[n, e] and seat]
    low, high = asked.number
    for size in range(low, max(high or len(panel.experts), len(held)) + 1):
        for row in combinations(range(len(panel.experts)), size):
            if not set(held) <= set(row):
                continue
            people = [panel.experts[e] for e in row]
            new = [panel.experts[e] for e in row if e not in held]
            if any((applicant.id, e.id) in panel.recused for e in people):
                continue
            if asked.groups == "same" and any(e.group != applicant.group for e in new):
                continue
            known = sum(applicant.field in e.fields for e in people)
            enough = all(
                sum(name in (e.kind, e.role) for e in people) >= least
                for name, least in (asked.minimums or {}).items()
            )
            if enough and known >= (asked.expertise or 0):
                yield row


def cost(question: Question, found: np.ndarray) -> tuple[int, ...]:
    """What decides between two assignments, the first number first."""
    load = found.sum(axis=0)
    aims = {
        "balance": int((load**2).sum()),
        "expertise": -int((found & question.matching).sum()),
    }
    first = question.asked.first
    order = [first, *(aim for aim in aims if aim != first)] if first else ["balance"]
    lots = tuple(int(part[found].sum()) for part in question.lots)
    return (int(found.sum()), *(aims[aim] for aim in order), *lots)


def seats(panel: Panel, found: np.ndarray) -> dict[str, list[str]]:
    """The experts of each applicant by id."""
    return {
        a.id: [e.id for e, seat in zip(panel.experts, row, strict=True) if seat]
        for a, row in zip(panel.applicants, found, strict=True)
    }
