"""What was entered or declared otherwise in the second of two evaluations of one round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evalkit.base.text import Text, _
from evalkit.base.tidy_words import (
    GATE_WORD,
    MEASURED_WORD,
    PANEL_WORD,
    RECUSED_WORD,
    UNSCORED_WORD,
)
from evalkit.evaluation.results import Results
from evalkit.panel import explain
from evalkit.panel.explain_conduct import conduct
from evalkit.rubric import Rubric, changes
from evalkit.rubric.open_rules import RULE_NAMES

Cell = tuple[str, str, str]
"""Applicant, expert (or the word of what is recorded once) and indicator."""

_WORDS = {
    "": _("没有记录"),
    UNSCORED_WORD: _("不评"),
    RECUSED_WORD: _("回避"),
    "pass": _("满足"),
    "fail": _("不满足"),
    "unknown": _("尚不清楚"),
}


@dataclass(frozen=True)
class InputChange:
    """One difference in what results are made from, in words; ``applicant`` is None for a rule."""

    kind: str
    """``score``, ``recusal``, ``value`` or ``rule``."""
    what: Text
    applicant: str | None = None
    cell: Cell | None = None
    """Where it was entered; of a recusal with an empty indicator."""
    of_rubric: bool = False


def between(before: Results, after: Results) -> list[InputChange]:
    """Every difference: recusals, scores and values in the order of the panel, then rules.

    Words beside a score are no difference.
    """
    return [*_recusals(before, after), *_entries(before, after), *_rules(before, after)]


def _recusals(before: Results, after: Results) -> Iterator[InputChange]:
    was, now = before.panel.recused, after.panel.recused
    pairs = sorted(was.keys() ^ now.keys())
    for applicant, expert in pairs:
        values: dict[str, Any] = {
            "expert": after.panel.expert(expert).name,
            "applicant": after.panel.applicant(applicant).name,
        }
        if (applicant, expert) in now:
            reason = now[applicant, expert]
            text = _("{expert}回避{applicant}，其评分不再计入（{reason}）", **values, reason=reason)
        else:
            text = _("{expert}不再回避{applicant}", **values)
        yield InputChange("recusal", text, applicant, (applicant, expert, ""))


def _entries(before: Results, after: Results) -> Iterator[InputChange]:
    was, now = _entered(before), _entered(after)
    newly = before.panel.recused.keys() ^ after.panel.recused.keys()
    names = _names(before.rubric) | _names(after.rubric)
    order = {a: n for n, a in enumerate(after.facts.applicants)}
    cells = sorted(was.keys() | now.keys(), key=lambda cell: (order[cell[0]], cell[1:]))
    for cell in cells:
        if was.get(cell) != now.get(cell) and cell[:2] not in newly:
            yield _entry(after, cell, names, was.get(cell, ""), now.get(cell, ""))


def _entered(results: Results) -> dict[Cell, str]:
    frame = results.facts.to_frame()
    columns = (frame[name] for name in ("applicant", "expert", "indicator", "points"))
    return {(a, e, i): p for a, e, i, p in zip(*columns, strict=True)}


def _entry(after: Results, cell: Cell, names: dict[str, str], was: str, now: str) -> InputChange:
    applicant, author, indicator = cell
    values: dict[str, Any] = {
        "applicant": after.panel.applicant(applicant).name,
        "name": _item(after, applicant, indicator, names),
        "before": _WORDS.get(was, was),
        "after": _WORDS.get(now, now),
    }
    once = {
        MEASURED_WORD: _("{applicant}“{name}”的测量值由 {before} 改为 {after}", **values),
        GATE_WORD: _("{applicant}的准入条件（{name}）由 {before} 改为 {after}", **values),
        PANEL_WORD: _("{applicant}“{name}”的认定由 {before} 改为 {after}", **values),
    }
    if author in once:
        return InputChange("value", once[author], applicant, cell)
    values["expert"] = after.panel.expert(author).name
    text = _("{expert}对{applicant}“{name}”的评分由 {before} 改为 {after}", **values)
    return InputChange("score", text, applicant, cell)


def _names(rubric: Rubric) -> dict[str, str]:
    found = {column["id"]: column["name"] for column in rubric.summary()["indicators"]}
    return found | {gate.id: gate.article for gate in rubric.gates}


def _item(after: Results, applicant: str, indicator: str, names: dict[str, str]) -> str:
    """The name of an indicator, or the title of a claimed bonus item."""
    _group, _dot, claim = indicator.partition(".")
    titles = {c.id: c.title for c in after.panel.applicant(applicant).claims}
    return names.get(indicator) or titles.get(claim) or indicator


def _said(results: Results) -> list[Text]:
    return [*explain.rules(results.rubric, results.panel), *conduct(results.panel)]


def _rules(before: Results, after: Results) -> Iterator[InputChange]:
    was, now = (_said(one) for one in (before, after))
    for text in was:
        if text not in now:
            yield InputChange("rule", _("原规则：{text}", text=text))
    for text in now:
        if text not in was:
            yield InputChange("rule", _("现规则：{text}", text=text))
    unsaid = [n for n in ("disclosure", "measures") if _rule(before, n) != _rule(after, n)]
    for name in unsaid:
        yield InputChange("rule", _("“{name}”有改动", name=RULE_NAMES[name]))
    if before.rubric.digest != after.rubric.digest:
        for text in changes.between(before.rubric, after.rubric):
            yield InputChange("rule", _("指标体系：{text}", text=text), of_rubric=True)


def _rule(results: Results, name: str) -> Any:
    return getattr(results.panel.rules, name)
