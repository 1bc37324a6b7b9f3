"""The summary of the panel (评分汇总表), section by section: from its dictionary to HTML.

For those who run the round: experts may be named. Each function takes what `read` returns and
gives a `Section`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.pages import page
from evalkit.pages.advice import agreement, checks, stability
from evalkit.pages.page import Section

__all__ = [
    "agreement", "checks", "experts", "heading", "notes", "provenance", "ranking", "read", "rules",
    "signatures", "stability", "table",
]  # fmt: skip

FORMAT = "evalkit-summary/1"

Summary = Mapping[str, Any]
"""The whole panel's result, as `Views.panel` gives it."""


def read(result: str) -> Summary:
    """The panel's summary in the JSON text ``result``.

    An empty text stands for the demo. Raises InputError for what is not JSON and for another
    format.
    """
    return {**page.read(result, FORMAT, "panel"), "level": "internal"}


def heading(summary: Summary) -> Section:
    """Which round this is and where it stands. Carries title and language of the page."""
    title = _("{title} 评分汇总表", title=summary["panel"]["title"])
    return page.heading("summary_heading", summary, title)


def ranking(summary: Summary) -> Section:
    """All applicants by rank with their dimensions, and a figure of the totals (of each group)."""
    totals: dict[str, list[tuple[str, str]]] = {}
    by_group = summary["declared"]["ranking"] == "by_group"
    for a in summary["applicants"]:
        if a["rank"] is not None:
            group = a["group"] if by_group else ""
            totals.setdefault(group, []).append((a["total"], a["base"]))
    unranked = [
        (a["name"], lacking(a, summary)) for a in summary["applicants"] if a["rank"] is None
    ]
    return page.section("ranking", summary, totals=totals, unranked=unranked)


def table(summary: Summary) -> Section:
    """All applicants by rank with every indicator."""
    dashes = terms.dashes(summary["unranked"], ("rank", "total"))
    return page.section("table", summary, dashes=dashes)


def notes(summary: Summary) -> Section:
    """Everything out of the ordinary: recusals, conflicts, what was not scored, trimmed, capped."""
    return page.section("summary_notes", summary, rows=noted(summary, summary["notes"]))


def experts(summary: Summary) -> Section:
    """Who scored."""
    return page.section("experts", summary)


def rules(summary: Summary) -> Section:
    """The declared rules of the round, one sentence each."""
    return page.section("rules", summary)


def provenance(summary: Summary) -> Section:
    """What the numbers rest on and how to check them."""
    return page.section("provenance", summary, appeal=False)


def signatures(summary: Summary) -> Section:
    """Lines to sign on."""
    return page.section("signatures", summary)


def lacking(applicant: Mapping[str, Any], summary: Summary) -> Text:
    """Why an applicant has no rank."""
    gates = applicant.get("gates", ())
    if failed := [gate["article"] for gate in gates if gate["result"] == "fail"]:
        return _("不满足准入条件（{articles}），不参加排名。", articles=failed)
    if unclear := [gate["article"] for gate in gates if gate["result"] == "unknown"]:
        return _("是否满足准入条件（{articles}）尚不清楚，不参加排名。", articles=unclear)
    points = applicant["indicators"]
    if missed := applicant.get("missed"):
        parts = (*summary["dimensions"], *summary["columns"])
        return terms.below_minimum(missed, {part["id"]: part["name"] for part in parts})
    names = [column["name"] for column in summary["columns"] if points[column["id"]] is None]
    return terms.without_points(names)


def noted(summary: Summary, notes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row for each note, with names in place of ids; "" where a note has no such part."""
    names = {
        part: {one["id"]: one["name"] for one in summary[part]}
        for part in ("applicants", "columns", "experts")
    }
    return [
        {
            "applicant": names["applicants"][note["applicant"]],
            "column": names["columns"][note["column"]]
            if "column" in note
            else note.get("gate", _("全部指标")),
            "expert": names["experts"][note["expert"]] if "expert" in note else "",
            "what": terms.HAPPENED[note.get("use") or note["flag"]],
            "reason": note.get("reason", ""),
        }
        for note in notes
    ]
