"""The values of a rubric in words: bounds, targets, dates, choices, and what an id stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, cast, get_args, get_type_hints

from evalkit.base import terms
from evalkit.base.declared import Date, Declared, Identifier
from evalkit.base.text import Text, _
from evalkit.rubric.field_names import CHOICES, field_name
from evalkit.rubric.indicators import BonusItem, ScoreRange
from evalkit.rubric.measure_words import in_words
from evalkit.rubric.measures import MeasureRule, Method
from evalkit.rubric.model import Rubric
from evalkit.rubric.open_rules import DECLARED, RULE_NAMES, SILENCES
from evalkit.rubric.provisions import Bound, Measure, Target

Said = Text | str
Call = Callable[[str, str], Said]

NOTHING = _("（无）")
"""Stands for a value that is not there."""

REFERENCES = {
    "needs": ("gates", "materials"),
    "grades": ("grades",),
    "indicators": ("indicators", "dimensions", "bonus", "deductions"),
    "procedure": ("procedures",),
    "form": ("forms",),
    "about": (
        *("indicators", "dimensions", "bonus", "deductions", "scope", "gates", "materials"),
        *("forms", "instructions", "entries", "procedures", "stages", "grades", "duties"),
        *("standing", "targets", "tasks", "contacts"),
    ),
}
"""Fields that hold ids, and where in the rubric their elements stand."""

Elements = Mapping[tuple[str, str], Declared]
"""Elements of a rubric by the field that holds them and their id."""


_YES_OR_NO = {True: _("是"), False: _("否")}


def parts(owner: Declared) -> Iterator[tuple[str, tuple[Declared, ...]]]:
    """The fields of ``owner`` that hold elements, each with its elements."""
    for name in type(owner).model_fields:
        value = getattr(owner, name)
        if isinstance(value, tuple) and any(isinstance(v, Declared) for v in value):
            yield name, value


def elements(rubric: Rubric) -> dict[tuple[str, str], Declared]:
    """Every element with an id, wherever it stands."""
    found: dict[tuple[str, str], Declared] = {}
    waiting: list[Declared] = [rubric]
    while waiting:
        for name, values in parts(waiting.pop(0)):
            found |= {(name, v.id): v for v in values if hasattr(v, "id")}
            waiting += values
    return found


def referred(known: Elements, name: str, id: str) -> Declared | None:
    """What the ``id`` in the field ``name`` stands for; None where nothing is called so."""
    return next((known[p, id] for p in REFERENCES[name] if (p, id) in known), None)


def called(element: Declared) -> Text:
    """An element by its name, or by its article, and by its id if it has one."""
    if not hasattr(element, "id"):
        return _("“{name}”", name=shortly(element))
    return _("“{name}”（{id}）", name=shortly(element), id=getattr(element, "id", ""))


def shortly(element: Declared) -> str:
    """An element by its name, or by its article."""
    return str(getattr(element, "name", None) or getattr(element, "article", ""))


def rule(name: str, known: Elements) -> Said:
    """What an open rule is about: ``days.publicity`` is a number of days and its stage."""
    group, dot, id = name.partition(".")
    if not dot:
        return {**SILENCES, **DECLARED, **RULE_NAMES}.get(name, name)
    element = next((e for (_field, own), e in known.items() if own == id), None)
    about = shortly(element) if element else id
    return _("{rule}（{element}）", rule=DECLARED.get(group, group), element=about)


def said(owner: type[Declared], name: str, value: Any, call: Call) -> Any:
    """The ``value`` of a field in words; a list as a list of words.

    ``call`` says what an id in the field ``name`` stands for.
    """
    if value is None or value == ():
        return NOTHING
    if isinstance(value, tuple):
        return [said(owner, name, v, call) for v in value]
    if isinstance(value, bool):
        return CHOICES.get(name, _YES_OR_NO)[value]
    if isinstance(value, str):
        return _of_words(owner, name, value, call)
    return _of_quantity(value)


def _of_words(owner: type[Declared], name: str, value: str, call: Call) -> Said:
    if holds(owner, name, Date):
        return terms.day(value)
    if name in REFERENCES and holds(owner, name, Identifier):
        return call(name, value)
    return CHOICES.get(name, {}).get(value, value) if chosen(owner, name) else value


def _of_quantity(value: Declared | Decimal | int) -> Said:
    if isinstance(value, Declared):
        return composite(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def composite(value: Declared) -> Said:
    """A value that has fields of its own, as one phrase."""
    if isinstance(value, Method):
        return _measured(cast("MeasureRule", value))
    match value:
        case Measure():
            return _("{name}（{unit}）", name=value.name, unit=value.unit)
        case Bound():
            return _("{measure}{limits}", measure=value.measure.name, limits=limits(value))
        case ScoreRange():
            return _("{min} 至 {max}，乘以 {factor}", **_plainly(value))
        case BonusItem():
            return _("{min}–{max}", **_plainly(value))
    given = [n for n in type(value).model_fields if getattr(value, n) is not None]
    named = [
        (field_name(type(value), n), _stated(type(value), n, getattr(value, n))) for n in given
    ]
    return Text("{all}", {"all": [_("{field}：{value}", field=f, value=v) for f, v in named]})


def _measured(rule: MeasureRule) -> Text:
    how = in_words(rule)
    if rule.points is None:
        return how
    return _("{how}，其中定量部分 {points} 分", how=how, points=rule.points)


def limits(bound: Bound) -> Text:
    """The limits of a bound, without what is measured."""
    unit = bound.measure.unit
    said = [
        _("不少于 {n} {unit}", n=bound.at_least, unit=unit) if bound.at_least is not None else None,
        _("超过 {n} {unit}", n=bound.above, unit=unit) if bound.above is not None else None,
        _("不多于 {n} {unit}", n=bound.at_most, unit=unit) if bound.at_most is not None else None,
        _("低于 {n} {unit}", n=bound.below, unit=unit) if bound.below is not None else None,
    ]
    return Text("{limits}", {"limits": [limit for limit in said if limit]})


GOAL = ("measure", "term", "value", "upper")
"""The fields of a target that `goal` says."""


def goal(target: Target) -> Text:
    """What a target wants to reach, without what is measured and without the day."""
    if target.value is None:
        return _("没有数量，由人认定")
    unit = target.measure.unit if target.measure else ""
    values = {"n": format(target.value, "f"), "unit": unit}
    if target.upper is not None:
        return _(
            "{low} 至 {high} {unit}", low=values["n"], high=format(target.upper, "f"), unit=unit
        )
    return {
        "above": _("超过 {n} {unit}", **values),
        "about": _("{n} {unit}左右", **values),
    }.get(target.term, _("不少于 {n} {unit}", **values))


def _plainly(value: Declared) -> dict[str, Any]:
    return {n: _stated(type(value), n, getattr(value, n)) for n in type(value).model_fields}


def _stated(owner: type[Declared], name: str, value: Any) -> Any:
    return said(owner, name, value, lambda _field, own: own)


@cache
def holds(owner: type[Declared], name: str, kind: Any) -> bool:
    """Whether a field is declared to hold values of this annotated kind."""
    return kind in _flat(_hints(owner)[name])


@cache
def chosen(owner: type[Declared], name: str) -> tuple[str, ...]:
    """The values that a field has to choose from; none for free text."""
    return tuple(v for v in _flat(_hints(owner)[name]) if isinstance(v, str))


@cache
def _hints(owner: type[Declared]) -> dict[str, Any]:
    return get_type_hints(owner, include_extras=True)


def _flat(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(annotation):
        yield from _flat(inner)
