"""What is wrong in a panel file beyond its form: rules left open, names that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from evalkit.declared import dotted
from evalkit.errors import Problem
from evalkit.rubric import Rubric
from evalkit.rules import RULE_NAMES, rule_problems
from evalkit.text import Text, _
from evalkit.yamltext import Tree

if TYPE_CHECKING:
    from evalkit.panel import Panel

PANEL_WORD = "panel"
"""Stands in the expert column of a table where the panel as a whole decided."""

SUMMARY_NAME = "summary"
"""The file name of the panel's summary, which no applicant may take."""

Place = tuple[str | int, ...]


def undeclared(tree: Tree, rubric: Rubric) -> Iterator[Problem]:
    """Each rule that the panel file leaves out, with the article that is silent about it."""
    declared = tree.value.get("rules") if isinstance(tree.value, dict) else None
    if not isinstance(declared, dict | None):
        return
    for key in declared or {}:
        if key not in RULE_NAMES:
            place = ("rules", key)
            text = _("未知的键，请检查拼写或删去")
            yield Problem(text, tree.source, tree.line(place), ".".join(place))
    for rule, name in RULE_NAMES.items():
        if rule in (declared or {}) or (rule == "bonus" and not rubric.bonus):
            continue
        silence = rubric.silence(rule)
        article = silence.article if silence else _("指标体系文件没有注明出处")
        yield Problem(
            _(
                "没有声明“{name}”。原文对此未作规定（{article}），须由评审组声明",
                name=name,
                article=article,
            ),
            tree.source,
            tree.line(("rules",)),
            f"rules.{rule}",
        )


def inconsistent(panel: Panel, rubric: Rubric, tree: Tree) -> Iterator[Problem]:
    """Whatever in the panel does not fit its rubric or itself."""
    found = (
        *_wrong_rubric(panel, rubric),
        *_repeated_ids(panel),
        *_wrong_chair(panel),
        *_unknown_names(panel),
        *_unseated(panel),
        *_wrong_times(panel),
        *((("rules", *path), text) for path, text in rule_problems(panel.rules, rubric)),
    )
    for path, text in found:
        yield Problem(text, tree.source, tree.line(path), dotted(path))


def _wrong_rubric(panel: Panel, rubric: Rubric) -> Iterator[tuple[Place, Text]]:
    if panel.rubric != rubric.id:
        text = _("评审组用的指标体系是 {a}，给出的是 {b}", a=panel.rubric, b=rubric.id)
        yield ("rubric",), text


def _repeated_ids(panel: Panel) -> Iterator[tuple[Place, Text]]:
    for group in ("experts", "applicants"):
        seen: set[str] = set()
        for n, thing in enumerate(getattr(panel, group)):
            # ids become file names, and some file systems do not tell case apart
            if thing.id.lower() in seen:
                yield (group, n, "id"), _("标识“{id}”用了不止一次，请改成不同的", id=thing.id)
            seen.add(thing.id.lower())
    for n, applicant in enumerate(panel.applicants):
        if applicant.id.lower() == SUMMARY_NAME:
            text = _("标识“{id}”是评分汇总表的文件名，请改成别的", id=applicant.id)
            yield ("applicants", n, "id"), text
        ids = [claim.id for claim in applicant.claims]
        if len(set(ids)) < len(ids):
            yield ("applicants", n, "claims"), _("同一对象的加分成果标识重复，请改成不同的")


def _wrong_chair(panel: Panel) -> Iterator[tuple[Place, Text]]:
    if [e.role for e in panel.experts].count("chair") != 1:
        yield ("experts",), _("专家中须有且只有一位组长（role: chair）")
    if reserved := {PANEL_WORD, panel.secretary.id} & {e.id for e in panel.experts}:
        yield ("experts",), _("标识“{id}”另有他用，专家不能用", id=min(reserved))


def _unknown_names(panel: Panel) -> Iterator[tuple[Place, Text]]:
    experts, applicants = {e.id for e in panel.experts}, {a.id for a in panel.applicants}
    unknown = _("引用了不存在的专家或评审对象")
    for n, conflict in enumerate(panel.conflicts):
        if conflict.expert not in experts or conflict.applicant not in applicants:
            yield ("conflicts", n), unknown
    if panel.assignment != "all":
        for name, assigned in panel.assignment.items():
            if name not in applicants or not experts.issuperset(assigned):
                yield ("assignment", name), unknown


def _unseated(panel: Panel) -> Iterator[tuple[Place, Text]]:
    for n, applicant in enumerate(panel.applicants):
        if not panel.seats(applicant.id):
            yield ("applicants", n), _("没有分配任何专家，请补充 assignment")


def _wrong_times(panel: Panel) -> Iterator[tuple[Place, Text]]:
    opens, lock = (datetime.fromisoformat(t) for t in (panel.schedule.opens, panel.schedule.lock))
    if lock <= opens:
        yield ("schedule", "lock"), _("锁定的时刻须晚于开评的时刻")
