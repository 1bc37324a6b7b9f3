"""The advisory function: what the results of a round rest on. No clock, no files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.analysis import agreement as agreements
from evalkit.analysis import lacking, numbers, sensitivity, severity, stability
from evalkit.analysis import line as lines
from evalkit.analysis.findings import Finding, Thresholds, findings
from evalkit.analysis.line import Line
from evalkit.analysis.recompute import LeftOut, leave_one_out
from evalkit.analysis.samples import resample
from evalkit.analysis.sheets import Sheets, sheets_of
from evalkit.base import canonical
from evalkit.base.errors import InputError
from evalkit.base.shown import Shown
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.evaluation import Results
from evalkit.facts.columns import Facts
from evalkit.panel import Panel
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    import pandas as pd

FORMAT = "evalkit-analysis/1"


@dataclass(frozen=True, repr=False)
class Analysis(Shown):
    """Statistics as decimal strings, rounded to declared digits; reasons where there are none."""

    round: Mapping[str, str]
    """Ids of panel and rubric, status and digest of the results that it is about."""
    settings: Mapping[str, Any]
    """Seed, line, thresholds, digits and spreads that were used."""
    agreement: list[dict[str, Any]]
    severity: dict[str, Any]
    resampling: dict[str, Any]
    applicants: list[dict[str, Any]]
    """In the order of the panel."""
    reasons: Mapping[str, Text]
    """By the key of `applicants`, why values are missing."""
    lists: list[dict[str, Any]]
    """Whose absence would change who is inside the places, and how."""
    findings: list[Finding]
    results: Results
    """What it is about."""
    left_out: LeftOut
    """The official function without each expert in turn; what is said of it stands in the rows."""

    def __repr__(self) -> str:
        n, checks = len(self.applicants), len(self.findings)
        return f"Analysis({self.round['panel']!r}: {n} applicants, {checks} findings)"

    def to_frame(self) -> pd.DataFrame:
        """A row an applicant: ``applicant``, ``rank`` (Int64), and as floats ``total``, the ends of
        its interval (``low``, ``high``) and of its ranks with other experts (``rank_low``,
        ``rank_high``) and without any one of them (``left_out_low``, ``left_out_high``); ``inside``
        is the share of samples in which it is within the places. Missing where there is none.
        """
        import pandas as pd

        none = {"low": None, "high": None}
        rows = []
        for row in self.applicants:
            ranks = dict(zip(("low", "high"), row["ranks"] or (None, None), strict=True))
            spans = {"": row["interval"], "rank_": ranks, "left_out_": row["left_out"]}
            rows.append(
                {key: row[key] for key in ("applicant", "rank", "total")}
                | {f"{n}{end}": (span or none)[end] for n, span in spans.items() for end in none}
                | {"inside": row["inside"]}
            )
        frame = pd.DataFrame(rows)
        numbers: dict[str, Any] = dict.fromkeys(frame.columns[2:], "float64")
        return frame.astype(numbers | {"rank": "Int64"})

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Plain JSON values with the reasons in words. A number that does not exist is None."""
        return rendered({"format": FORMAT, **asdict_shallow(self)}, language)

    def to_json(self, language: str = "zh") -> str:
        """The canonical JSON of `to_dict`."""
        return canonical.dumps(self.to_dict(language))


def seed_of(results: Results) -> int:
    """The seed where nobody gives one: it follows from the results, so a re-run has the same."""
    return int(results.digest[:8], 16)


@asked
def advise(
    results: Results,
    *,
    seed: int | None = None,
    line: Line | None = None,
    thresholds: Thresholds | None = None,
) -> Analysis:
    """`analyse` of what ``results`` were made from; without ``seed`` the one of `seed_of`."""
    chosen = seed_of(results) if seed is None else seed
    parts = (results.rubric, results.panel, results.facts)
    return analyse(*parts, results, seed=chosen, line=line, thresholds=thresholds)


def asdict_shallow(analysis: Analysis) -> dict[str, Any]:
    """The fields by name, findings as dictionaries."""
    found = {name: getattr(analysis, name) for name in analysis.__dataclass_fields__}
    del found["left_out"], found["results"]
    return found | {"findings": [vars(finding) for finding in analysis.findings]}


def rendered(value: Any, language: str) -> Any:
    """``value``, or what is in it, as JSON has it, with texts in ``language``."""
    match value:
        case Text():
            return value.render(language)
        case Decimal():
            return format(value, "f")
        case dict():
            return {key: rendered(v, language) for key, v in value.items()}
        case list() | tuple():
            return [rendered(v, language) for v in value]
    return value


@asked
def analyse(
    rubric: Rubric,
    panel: Panel,
    facts: Facts,
    results: Results,
    *,
    seed: int,
    line: Line | None = None,
    thresholds: Thresholds | None = None,
    stated: Mapping[tuple[str, str], Decimal] | None = None,
) -> Analysis:
    """Agreement, severity, uncertainty, sensitivity and checks of a round.

    ``results`` are those of `evaluate` on the same three; the same four and the same ``seed`` give
    the same analysis. The seed is used, and recorded, where samples are drawn. Without ``line`` the
    one that the panel declares is taken. Raises InputError for a line that does not fit.
    """
    _require_match(rubric, panel, facts, results)
    drawn = line or lines.declared(results.panel)
    drawn.check(results)
    limits = thresholds or Thresholds()
    sheets = sheets_of(results)
    severe = severity.severity(sheets)
    resampled = resample(results, seed)
    left_out = leave_one_out(results)
    rows, why = _applicants(results, sheets, severe, drawn, seed, resampled, left_out)
    return Analysis(
        round=_round(results),
        settings=_settings(results, seed, drawn, limits),
        agreement=agreements.agreement(results, sheets),
        severity=severity.described(results, sheets, severe),
        resampling={**stability.how(resampled, seed, panel.rules), "no_intervals": why},
        applicants=rows,
        reasons=lacking.reasons(rows, drawn, why, sensitivity.refused(results)),
        lists=sensitivity.lists(results, left_out, drawn),
        findings=findings(results, limits, stated),
        results=results,
        left_out=left_out,
    )


def _round(results: Results) -> dict[str, str]:
    """Which round was analysed, and the digest of its results."""
    return {
        "panel": results.panel.id,
        "rubric": results.rubric.id,
        "status": results.status,
        "results": results.digest,
    }


def _require_match(rubric: Rubric, panel: Panel, facts: Facts, results: Results) -> None:
    """Raises InputError for results of another rubric, panel or table."""
    own = results.facts
    in_force = panel.in_force(rubric).digest
    same = (in_force, panel.digest) == (results.rubric.digest, results.panel.digest)
    for name in ("applicants", "experts", "columns"):
        same = same and getattr(facts, name) == getattr(own, name)
    for name in ("seats", "state", "points", "recognised"):
        same = same and np.array_equal(getattr(facts, name), getattr(own, name))
    if not same:
        raise InputError(_("结果不是由这套指标、这个评审组和这些评分算出的，请重新汇总"))


def _settings(results: Results, seed: int, line: Line, limits: Thresholds) -> dict[str, Any]:
    places = dict(line.places) if isinstance(line.places, Mapping) else line.places
    return {
        "seed": seed,
        "level": "0.95",
        "places": places,
        "marks": list(line.marks),
        "thresholds": asdict(limits),
        "weight_spread": sensitivity.WEIGHT_SPREAD,
        "digits": {
            "points": results.panel.rules.rounding.places,
            "coefficient": numbers.COEFFICIENT,
            "probability": numbers.PROBABILITY,
        },
    }


def _applicants(
    results: Results,
    sheets: Sheets,
    severe: severity.Severity,
    line: Line,
    seed: int,
    resampled: Any,
    left_out: LeftOut,
) -> tuple[list[dict[str, Any]], Text | None]:
    intervals, why = stability.intervals(results)
    parts: dict[str, list[Any]] = {
        "interval": intervals,
        "left_out": sensitivity.left_out(results, left_out),
        "methods": sensitivity.methods(results, sheets, severe),
        "weights": sensitivity.weights(results, line, seed),
        "line": sensitivity.to_the_line(results, line),
        "sheets": _sheets(results, sheets),
    }
    resampling = stability.stability(results, resampled, line)
    rows = []
    for n, id in enumerate(results.facts.applicants):
        rank = int(results.rank[n]) or None
        total = results.number_text(results.total[n]) if rank else None
        own = {name: column[n] for name, column in parts.items()}
        rows.append({"applicant": id, "rank": rank, "total": total, **resampling[n], **own})
    return rows, why


def _sheets(results: Results, sheets: Sheets) -> list[dict[str, dict[str, str | None]]]:
    """By expert: the total of each whole sheet, and how far from the median of the applicant's."""
    digits, experts = results.panel.rules.rounding.places, results.facts.experts
    rows = []
    for totals, seats in zip(sheets.totals, sheets.seats, strict=True):
        there = ~np.isnan(totals)
        middle = np.median(totals[there]) if there.any() else np.nan
        rows.append(
            {
                experts[e]: {
                    "total": numbers.number(t, digits),
                    "deviation": numbers.number(t - middle, digits),
                }
                for t, e in zip(totals[there], seats[there].tolist(), strict=True)
            }
        )
    return rows
