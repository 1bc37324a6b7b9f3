"""Why numbers about applicants are missing: one sentence for each column that has a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.analysis.line import Line
from evalkit.base.text import Text, _


def reasons(
    rows: Sequence[Mapping[str, Any]],
    line: Line,
    no_intervals: Text | None,
    refused: Mapping[str, Text],
) -> dict[str, Text]:
    """By the key of a column of ``rows``, the applicants of an analysis: why values are null.

    ``rank`` speaks for everything about applicants without one, ``ahead`` also for ``next``,
    ``inside`` also for that of ``weights``, and ``left_out`` for the ranks in it. ``refused`` says
    of columns that are not worked out at all why they are not.
    """
    ranked = [row for row in rows if row["rank"] is not None]
    found = {}
    if unranked := len(rows) - len(ranked):
        found["rank"] = _("{n} 个对象没有名次，与名次有关的各项都空着", n=unranked)
    if no_intervals is not None:
        found["interval"] = no_intervals
    said = {
        "inside": _no_places(line),
        "ahead": _("名次最后的对象没有下一名"),
        "other_grade": _never() if line.marks else _("没有给出等次的分数线，本轮也没有声明"),
        "line": _no_places(line) if line.places is None else _no_line(line),
    }
    found |= {key: text for key, text in said.items() if any(row[key] is None for row in ranked)}
    found |= refused if ranked else {}
    if (text := _not_left_out(ranked)) is not None:
        found["left_out"] = text
    return found


def _no_places(line: Line) -> Text:
    if line.places is None:
        return _("没有给出名额，本轮也没有声明")
    if isinstance(line.places, Mapping) and not all(line.places.values()):
        return _("有的组没有名额")
    return _never()


def _never() -> Text:
    return _("有的对象在抽出的各组专家下都没有名次")


def _no_line(line: Line) -> Text:
    if isinstance(line.places, Mapping):
        return _("有的组名额为零，或不少于有名次的对象，没有入围线")
    return _("没有名额，或名额不少于有名次的对象，没有入围线")


def _not_left_out(ranked: Sequence[Mapping[str, Any]]) -> Text | None:
    """Why ranks without an expert are missing; None where none is."""
    found = [row["left_out"] for row in ranked]
    if none := found.count(None):
        return _("{n} 个对象少了任何一位专家都没有名次，或没有专家评分", n=none)
    if any(rank is None for one in found for rank in one["by_expert"].values()):
        return _("少了有的专家，有的对象就没有名次")
    return None
