"""What a recognised applicant owes under the duties of a text: reported, met, owed, late.

A figure is held against the bound that the text states. From which year it is owed and by which
day it is due, no text says; where the office has not declared that either (``rules.owed``), nothing
is called late.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from evalkit.base.errors import Refused
from evalkit.base.text import Text, _
from evalkit.office.decisions import Figure
from evalkit.office.rulebook import Rulebook, shifted
from evalkit.rubric.provisions import Duty
from evalkit.rubric.wording import limits

Key = tuple[str, int, str]
"""A duty, the year, and which report of that year (empty: the only one)."""


Reported = Mapping[Key, tuple[str, Figure, date]]
"""What was reported: the id of the record, what it says, its day."""


def admit(book: Rulebook, since: date | None, reported: Reported, figure: Figure, day: date) -> Key:
    """Under which key ``figure`` of ``day`` goes on record; ``since`` when the title is held.

    Raises Refused, naming the article, without a title, for a year outside of it, for what the duty
    does not ask, another unit, and a second figure for the same.
    """
    duty, key = book.duties[figure.duty], (figure.duty, figure.year, figure.period or "")
    problem: Text | None = None
    if since is None:
        problem = _("没有称号，没有这项义务")
    elif not since.year <= figure.year <= day.year:
        values = {"first": str(since.year), "last": str(day.year)}
        problem = _("年度须在 {first} 年（取得称号）至 {last} 年之间", **values)
    elif duty.bound is not None and figure.value is None:
        problem = _("须写数值和单位（{unit}）", unit=duty.bound.measure.unit)
    elif duty.bound is not None and _plain(figure.unit or "") != _plain(duty.bound.measure.unit):
        wanted = duty.bound.measure.unit
        problem = _("单位应是“{unit}”，写的是“{found}”", unit=wanted, found=figure.unit)
    elif key in reported:
        first = reported[key][0]
        problem = _("{year} 年度的已登记（{id}）；有误的请更正", year=figure.year, id=first)
    if problem is not None:
        raise Refused(_("{article}：{problem}", article=duty.article, problem=problem))
    return key


def _plain(unit: str) -> str:
    return unicodedata.normalize("NFKC", unit).strip()


def met(duty: Duty, figure: Figure) -> bool | None:
    """Whether the bound of the text is kept; None where it states none."""
    if duty.bound is None or figure.value is None:
        return None
    return duty.bound.met(figure.value)


def shown(book: Rulebook, reported: Reported) -> Iterator[dict[str, Any]]:
    """Each figure on record with the words of its duty and whether they are kept.

    ``late`` is the number of days after ``last_day``; both are None where nobody has declared by
    which day of the next year the figure is due.
    """
    for (id, year, period), (record, figure, day) in reported.items():
        duty, declared = book.duties[id], book.office.rules.owed.get(id)
        last = _day(year + 1, declared.by) if declared else None
        yield {
            "id": record,
            "duty": id,
            "article": duty.article,
            "text": duty.text,
            "year": year,
            "period": period or None,
            "value": None if figure.value is None else format(figure.value, "f"),
            "unit": figure.unit,
            "bound": limits(duty.bound) if duty.bound else None,
            "met": met(duty, figure),
            "evidence": figure.evidence,
            "day": day,
            "last_day": last,
            "late": None if last is None else max((day - last).days, 0),
            "by": figure.by,
        }


def owed(
    book: Rulebook, since: date | None, reported: Reported, on: date
) -> Iterator[dict[str, Any]]:
    """What is not on record by the day ``on``, of years that are over or reports that recur.

    ``last_day`` and ``overdue`` are None where nobody has declared when it is due.
    """
    if since is None:
        return
    for duty in book.rubric.duties:
        declared = book.office.rules.owed.get(duty.id)
        if declared is not None and declared.every is not None:
            days = [d for (id, *_r), (_i, _f, d) in reported.items() if id == duty.id]
            last = shifted(max(days, default=since), declared.every)
            yield _owed(duty, None, last, on)
        elif duty.yearly or declared is not None:
            later = declared is not None and declared.first == "next_year"
            years = {year for id, year, _p in reported if id == duty.id}
            for year in range(since.year + later, on.year):
                if year not in years:
                    by = declared.by if declared else None
                    yield _owed(duty, year, _day(year + 1, by), on)


def _day(year: int, by: str | None) -> date | None:
    return date.fromisoformat(f"{year}-{by}") if by else None


def _owed(duty: Duty, year: int | None, last: date | None, on: date) -> dict[str, Any]:
    return {
        "duty": duty.id,
        "article": duty.article,
        "text": duty.text,
        "year": year,
        "last_day": last,
        "overdue": None if last is None else last < on,
    }
