"""The report of one applicant, section by section: from the dictionary of its result to HTML.

Each function takes what `read` returns and gives a `Section`. Nothing else is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.pages import advice, page, wording
from evalkit.pages.derivation import derivation
from evalkit.pages.page import Section

FORMAT = "evalkit-applicant/1"

LEVELS = {
    "evalkit-applicant-internal/1": "internal",
    FORMAT: "applicant",
    "evalkit-applicant-public/1": "public",
}
"""Who may read a report of a format: see `evalkit.disclosure.levels`."""

Report = Mapping[str, Any]
"""One applicant's result, as `Views.report` gives it, and its ``level``."""


PARTS = (
    *("heading", "outcome", "dimensions", "indicators", "bonuses", "deductions"),
    *("rules", "provenance", "section", "column", "mark"),
)
"""What a report is filled into, and what these parts include."""


def warm() -> None:
    """Compile all parts of a report now; the warm engine does so once for all reports."""
    for part in PARTS:
        page.environment().get_template(f"{part}.html.j2")


def read(result: str) -> Report:
    """The applicant's result in the JSON text ``result``.

    An empty text stands for the demo. Raises InputError for what is not JSON and for another
    format.
    """
    report = page.read(result, LEVELS, "applicant")
    return {**report, "level": LEVELS[report["format"]]}


def heading(report: Report) -> Section:
    """Who was evaluated in what. Carries title and language of the page."""
    title = _("{name} 评审结果报告", name=report["applicant"]["name"])
    return page.heading("heading", report, title)


def outcome(report: Report) -> Section:
    """Total, rank, and where the total lies in the field.

    Empty for the public where the panel declared neither to be public.
    """
    if report["level"] == "public" and not {"total", "rank", "grade"} & set(report):
        return Section("outcome", "")
    failed = [g for g in report.get("gates", ()) if g["result"] != "pass"]
    words = {"standing_of": _standing(report), "lacking": _lacking(report), "failed": failed}
    words["unmet"] = wording.unmet({gate["result"] for gate in failed})
    return page.section(
        "outcome", report, robust=advice.robust(report), said=wording.REMARKS, **words
    )


def dimensions(report: Report) -> Section:
    """The dimensions at a glance, and how they and the bonus make the total.

    Empty for the public where the panel declared none of these to be public.
    """
    if not (report["dimensions"] or report["bonuses"] or report["deductions"]):
        return Section("dimensions", "")
    compared = any(part.get("field") for part in (*report["dimensions"], *report["bonuses"]))
    return page.section("dimensions", report, compared=compared)


def indicators(report: Report) -> Section:
    """Every indicator: points, the scores behind them, the arithmetic, comments, guidance.

    Empty for the public.
    """
    if report["level"] == "public":
        return Section("indicators", "")
    cells = [i for d in report["dimensions"] for i in d["indicators"]]
    marks = wording.marks(cells) | {"median" for cell in cells if cell["field"]}
    unlisted = wording.unlisted(cells, report["declared"])
    conflicts, apart = wording.conflicts(cells), wording.apart(cells)
    values = {"conflicts": conflicts, "apart": apart, "unlisted": unlisted, "marks": marks}
    return page.section("indicators", report, **values, **_words(report))


def adjustments(report: Report) -> Section:
    """Every claimed achievement and what it was worth; what was taken off the total, and why.

    Empty for a rubric without bonus and deductions, and for the public.
    """
    html = ""
    if report["bonuses"] and report["level"] != "public":
        html += page.section("bonuses", report, nothing=_nothing, **_words(report)).html
    if report["deductions"] and report["level"] != "public":
        html += page.section("deductions", report).html
    return Section("adjustments", html)


def rules(report: Report) -> Section:
    """The declared rules of the round, one sentence each."""
    return page.section("rules", report)


def provenance(report: Report) -> Section:
    """What the numbers rest on, how to check them, and what to do when one disagrees."""
    appeal = report["level"] != "internal" and report["status"] != "trial"
    return page.section("provenance", report, appeal=appeal)


def _words(report: Report) -> dict[str, Any]:
    """The sentences about a column, for the templates."""
    declared = report["declared"]
    return {
        "scores": wording.scores,
        "how": lambda cell: derivation(cell, declared),
        "notes": lambda cell: list(wording.notes(cell, declared)),
        "hidden": lambda reason: wording.hidden(reason, declared),
        "uses": terms.HAPPENED,
    }


def _nothing(bonus: Mapping[str, Any]) -> Text | None:
    """Why a bonus is 0 by rule; None if something could be counted."""
    if not bonus["items"]:
        by_experts = bonus["points"] is None or bonus["given"]  # sums, without claims behind them
        return None if by_experts else _("没有申报加分成果，加分为 0 分。")
    if not any(item["eligible"] for item in bonus["items"]):
        return _("申报的成果都不在本轮的加分范围，加分为 0 分。")
    return None


def _lacking(report: Report) -> Text | None:
    if report["level"] == "public":
        return None
    columns = [i for d in report["dimensions"] for i in d["indicators"]] + report["bonuses"]
    if missed := report.get("missed"):
        parts = (*report["dimensions"], *columns)
        return terms.below_minimum(missed, {part["id"]: part["name"] for part in parts})
    names = [column["name"] for column in columns if column["points"] is None]
    return terms.without_points(names) if names else None


def _standing(report: Report) -> Text | None:
    """The own total beside the median of the field; None if one of them is missing."""
    if report.get("total") is None or report.get("field") is None:
        return None
    gap = Decimal(report["total"]) - Decimal(report["field"]["median"])
    if gap > 0:
        return _("本单位比中位数高 {gap} 分。", gap=gap)
    if gap < 0:
        return _("本单位比中位数低 {gap} 分。", gap=-gap)
    return _("本单位与中位数相同。")
