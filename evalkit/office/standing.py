"""What follows for a recognised applicant from what is on record: proposals, each with its article.

Nothing here decides. A proposal is put before the person whom the text or the office names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evalkit.base.text import Text, _
from evalkit.rubric.provisions import Grade, GroundKind, StandingRule


@dataclass(frozen=True)
class Mark:
    """A grade, or a ground, of a year.

    ``id`` is the record that put it there. Either ``grade`` is given or ``ground`` with its reason;
    ``repeated`` says that the grade is that of the evaluation after 整改, and ``deemed``
    that the text counts the year as failed (视为不合格) without an evaluation.
    """

    id: str
    year: int
    grade: Grade | None = None
    ground: GroundKind | None = None
    reason: str = ""
    repeated: bool = False
    deemed: bool = False

    @property
    def failed(self) -> bool:
        """Whether it is a grade that does not pass."""
        return self.grade is not None and not self.grade.passes


@dataclass(frozen=True)
class Proposal:
    """What the text provides for, which record gave rise to it, and why it applies."""

    rule: StandingRule
    cause: str
    year: int
    because: Text


def arising(rules: Sequence[StandingRule], marks: Sequence[Mark]) -> list[Proposal]:
    """What the last of ``marks`` gives rise to, given those before it, in the order of the text.

    Of several grades of one year the last one holds. A year without a grade breaks a sequence:
    连续两个年度 means two years in a row. No marks, no proposals.
    """
    if not marks:
        return []
    last = marks[-1]
    return [
        Proposal(rule, last.id, last.year, because)
        for rule in rules
        if (because := _because(rule, marks)) is not None
    ]


def _because(rule: StandingRule, marks: Sequence[Mark]) -> Text | None:
    last = marks[-1]
    year, failed, again = last.year, last.failed, last.repeated
    if rule.on_ground:
        text = _("{year} 年度登记：{reason}", year=year, reason=last.reason)
        return text if rule.when == last.ground else None
    if last.grade is None:
        return None
    run = _failed_around(year, marks)
    alone = _("{year} 年度视为不合格") if last.deemed else _("{year} 年度不合格")
    applies, because = {
        "graded": (
            last.grade.id in rule.grades,
            _("{year} 年度评为{grade}", year=year, grade=last.grade.name),
        ),
        "failed": (failed and not again, alone.filled(year=year)),
        "failed_after_rectification": (
            failed and again,
            _("{year} 年度整改后仍不合格", year=year),
        ),
        "failed_consecutively": (
            rule.rounds is not None and len(run) >= rule.rounds,
            _("{years} 年度连续不合格", years=run),
        ),
    }[rule.when]
    return because if applies else None


def _failed_around(year: int, marks: Sequence[Mark]) -> list[int]:
    """The failed years in a row of which ``year`` is one, in order; none if it did not fail."""
    failed = {mark.year: mark.failed for mark in marks if mark.grade is not None}
    first, after = year, year
    while failed.get(first - 1):
        first -= 1
    while failed.get(after):
        after += 1
    return list(range(first, after)) if failed.get(year) else []
