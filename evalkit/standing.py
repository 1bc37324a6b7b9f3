"""What follows for a recognised applicant from its rounds: proposals, each with its article.

Nothing here decides. A proposal is put before the person whom the text names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from evalkit.provisions import StandingRule
from evalkit.text import Text, _

Happened = Literal[
    "report_overdue",
    "absent_unjustified",
    "false_material",
    "entity_ended",
    "serious_breach",
    "other",
    "unfit",
    "changed",
]
"""What may be on record for a year besides a grade. That an absence is unjustified, or that a
breach is serious, is the judgement of a named person, not of the program."""


@dataclass(frozen=True)
class Year:
    """One year of an applicant: whether it passed (None: no grade), and what else is on record."""

    year: int
    passed: bool | None = None
    after_rectification: bool = False
    """The grade is that of the evaluation after 整改."""
    happened: frozenset[Happened] = frozenset()


@dataclass(frozen=True)
class Proposal:
    """What the text provides for, and why it applies now."""

    rule: StandingRule
    because: Text


def proposals(rules: Sequence[StandingRule], years: Sequence[Year]) -> list[Proposal]:
    """The rules of a text that apply after the last of ``years``, in the order of the text.

    ``years`` in any order, one entry a year. Raises ValueError if a year stands there twice. A year
    without an entry breaks a sequence: 连续两个年度 means two years in a row.
    """
    ordered = sorted(years, key=lambda y: y.year)
    if len({y.year for y in ordered}) < len(ordered):
        raise ValueError(_("同一年度有两条记录，请合并"))
    if not ordered:
        return []
    failing = _counting_as_failed(rules)
    return [
        Proposal(rule, because)
        for rule in rules
        if (because := _applies(rule, ordered, failing)) is not None
    ]


def _counting_as_failed(rules: Sequence[StandingRule]) -> frozenset[str]:
    """What the text puts on a level with a failed grade (视为不合格)."""
    return frozenset(rule.when for rule in rules if rule.then == "counts_as_failed")


def _applies(rule: StandingRule, years: list[Year], failing: frozenset[str]) -> Text | None:
    last = years[-1]
    failed = _failed(failing)
    if rule.when == "failed":
        applies = failed(last) and not last.after_rectification
        return _("{year} 年度不合格", year=last.year) if applies else None
    if rule.when == "failed_after_rectification":
        applies = failed(last) and last.after_rectification
        return _("{year} 年度整改后仍不合格", year=last.year) if applies else None
    if rule.when == "failed_consecutively":
        run = list(_run(years, failed))
        if len(run) < rule.rounds:
            return None
        return _("{years} 年度连续不合格", years=[y.year for y in run[-rule.rounds :]])
    if rule.when in last.happened:
        return _("{year} 年度登记有这一情形", year=last.year)
    return None


def _failed(failing: frozenset[str]) -> Callable[[Year], bool]:
    return lambda year: year.passed is False or bool(failing & year.happened)


def _run(years: list[Year], failed: Callable[[Year], bool]) -> Iterator[Year]:
    """The failed years in a row that end with the last one, in order."""
    run: list[Year] = []
    for year in reversed(years):
        if not failed(year) or (run and run[-1].year != year.year + 1):
            break
        run.append(year)
    yield from reversed(run)
