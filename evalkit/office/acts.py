"""What may be put on record on an applicant now: each act with the fields that it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evalkit.base.text import Text, _
from evalkit.office.decisions import OUTCOMES
from evalkit.office.rulebook import Rulebook
from evalkit.rubric.field_names import PROPOSED


@dataclass(frozen=True)
class Act:
    """Something that a person may record: in words, by whom, and what remains to be said."""

    label: Text
    fields: dict[str, str]
    """Fields of the record that follow from the act."""
    people: tuple[str, ...]
    """Ids of those who may; empty where anybody of the office may try."""
    asks: tuple[str, ...] = ()
    """Names of further fields, ``reason`` and ``day`` apart, which every record takes."""
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    """For fields with a choice: what may be written, and what it is called."""


def possible(book: Rulebook, one: dict[str, Any]) -> list[Act]:
    """Every act that the text provides for at this point, given what `outlook` says of ``one``.

    Whether it is admitted is for the register to say.
    """
    stages = [act for n in (*one["next"], *one["may_begin"]) for act in _stage(book, one, n)]
    return [*stages, *_answers(one), *_figures(one), *_grounds(book, one)]


def _stage(book: Rulebook, one: dict[str, Any], n: dict[str, Any]) -> Iterator[Act]:
    fields = {"kind": "decision", "round": n["round"], "stage": n["stage"]}
    procedure, people = book.procedures[n["procedure"]], tuple(n["people"])
    waiting = [o for o in one["objections"] if o["round"] == n["round"] and o["next"]]
    answering = {outcome for o in waiting for outcome in o["next"]}
    for outcome in [o for o in n["outcomes"] if o not in answering]:
        label = _("{name}：{what}（{article}）", **{**n, "what": OUTCOMES[outcome]})
        own = {**fields, "outcome": outcome}
        if outcome == "graded":
            choices = {"grade": {g.id: g.name for g in procedure.grades}}
            yield Act(label, own, people, ("grade",), choices)
        elif outcome == "returned":
            ids = [s.id for s in procedure.stages]
            before = procedure.stages[: ids.index(n["stage"])]
            yield Act(label, own, people, ("to",), {"to": {s.id: s.name for s in before}})
        elif outcome == "objection":
            kinds = {"applicant": str(_("被评单位")), "third_party": str(_("第三方"))}
            asks = ("objector", "objector_is")
            yield Act(label, own, people, asks, {"objector_is": kinds})
        else:
            yield Act(label, own, people)
    for o in waiting:
        for outcome in o["next"]:
            values = {"id": o["id"], "what": OUTCOMES[outcome], "article": n["article"]}
            what = _("异议 {id}：{what}（{article}）", **values)
            yield Act(what, {**fields, "outcome": outcome, "answers": o["id"]}, ())


def _answers(one: dict[str, Any]) -> Iterator[Act]:
    for p in (*one["proposals"], *one["declined"]):
        again = p in one["declined"]
        for outcome, said in (("accepted", _("采纳")), ("declined", _("不采纳"))):
            if again and outcome == "declined":
                continue
            values = {"said": said, "what": PROPOSED[p["then"]], "article": p["article"]}
            label = _("{said}建议“{what}”（{article}）", **values)
            fields = {"kind": "answer", "rule": p["rule"], "cause": p["cause"], "outcome": outcome}
            yield Act(label, fields, tuple(p["people"]))


def _figures(one: dict[str, Any]) -> Iterator[Act]:
    for d in one["duties"]:
        if d["reported"]:
            label = _("报送：{text}（{article}）", text=d["text"], article=d["article"])
            fields = {"kind": "figure", "duty": d["id"]}
            yield Act(label, fields, (), ("year", "value", "evidence"))


def _grounds(book: Rulebook, one: dict[str, Any]) -> Iterator[Act]:
    for rule in book.rubric.standing if one["title"] else ():
        if rule.on_ground:
            label = _("情形：{text}（{article}）", text=rule.text, article=rule.article)
            asks = ("year", "takes_effect") if rule.then in {"consent", "notify"} else ("year",)
            yield Act(label, {"kind": "ground", "rule": rule.id}, (), asks)
