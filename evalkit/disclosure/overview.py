"""The results for those who run the round (the panel's summary), and the list for publicity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.disclosure import remarks
from evalkit.disclosure.field import Fields
from evalkit.disclosure.heading import heading, outcome, person
from evalkit.evaluation import Results, frames

PANEL_FORMAT = "evalkit-summary/1"
PUBLIC_FORMAT = "evalkit-public/1"


def panel_view(fields: Fields, language: str) -> dict[str, Any]:
    """See `views.Views.panel`."""
    results = fields.results
    rows = []
    for own in _ranked(results):
        applicant = results.panel.applicant(own["id"])
        columns = {i["id"]: i["points"] for i in own["indicators"]}
        rows.append({**own, **person(applicant), **outcome(results, own), "indicators": columns})
    return {
        "format": PANEL_FORMAT,
        **heading(results, language, named=True),
        "experts": [e.model_dump(mode="json") for e in results.panel.experts],
        "dimensions": [
            {"id": d.id, "name": d.name, "max": format(d.total, "f")}
            for d in results.rubric.dimensions
        ],
        "columns": _columns(results),
        "applicants": rows,
        "tables": {name: table.to_dict(language) for name, table in results.tables.items()},
        "unranked": _unranked(results),
        "field": fields.statistics(results.total, results.rank > 0),
        "notes": remarks.of(results, language),
    }


def public_view(fields: Fields, language: str) -> dict[str, Any]:
    """See `views.Views.public`."""
    results = fields.results
    rules, words = results.panel.rules, ("rank", "total", "grade")
    shown = [word for word in published(results) if word in words]
    if rules.ranking == "by_group":
        shown.insert(0, "group")
    listed = {results.facts.applicants[n] for n in np.flatnonzero(fields.listed).tolist()}
    if not listed:
        raise Refused(_("没有可以公示的对象：没有对象有名次，或没有对象列入拟选"))
    procedure = results.panel.procedure_of(results.rubric)
    grades = {g.id: g.name for g in procedure.grades} if procedure else {}
    order, rows = frames.ranked if "rank" in shown else frames.grouped, []
    for own in order(results.brief, results.panel):
        if own["id"] in listed:
            applicant = results.panel.applicant(own["id"])
            known: dict[str, Any] = {name: own[name] for name in shown}
            if "grade" in known:
                known["grade"] = grades.get(known["grade"])
            rows.append({"name": applicant.name, "lead": applicant.lead, **known})
    procedure = procedure if rules.selecting else None
    return {
        "format": PUBLIC_FORMAT,
        **heading(results, language),
        "proposed": rules.selecting is not None,
        "list": procedure.list_name if procedure else None,
        "titles": list(procedure.titles) if procedure else [],
        "applicants": rows,
    }


def require_real(results: Results) -> None:
    """Raise Refused for results that rest on amended inputs: no paper is made of them."""
    if results.status == "what_if":
        raise Refused(_("非正式试算只供查看，不出报告、评分表、纪要和公示名单"))


def published(results: Results) -> tuple[str, ...]:
    """What of their results the public may see.

    Raises Refused for a trial, and where the panel declared nothing.
    """
    shown = results.panel.rules.disclosure.public
    if shown is None:
        raise Refused(
            _(
                "评审组没有声明公示时列什么（rules.disclosure.public），不出公示名单和公开的报告；"
                "只列名称的写 public: []"
            )
        )
    require_real(results)
    if results.status == "trial":
        raise Refused(_("试算的结果不能公示；锁定之后再公示"))
    return shown


def _unranked(results: Results) -> list[str]:
    """Why applicants have no rank: a ``condition`` of entry, no ``total``, a ``minimum`` missed."""
    reasons = {"condition": results.eligible, "total": results.defined.all(axis=1)}
    reasons["minimum"] = ~results.missed.any(axis=1)
    return [reason for reason, met in reasons.items() if not met.all()]


def _ranked(results: Results) -> list[Mapping[str, Any]]:
    return frames.ranked(results.brief, results.panel)


def _columns(results: Results) -> list[dict[str, Any]]:
    """Everything that carries points; the number in the text is None for a bonus."""
    numbers = {i.id: i.number for i in results.rubric.indicators}
    rows = results.rubric.summary()["indicators"]
    return [{**row, "number": numbers.get(row["id"])} for row in rows]
