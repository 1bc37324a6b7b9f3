"""What changed between two versions of a rubric, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from evalkit.base.declared import Declared
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.rubric import wording
from evalkit.rubric.field_names import field_name
from evalkit.rubric.indicators import Note
from evalkit.rubric.model import Rubric, Silence, Source
from evalkit.rubric.provisions import Bound, Target

Key = tuple[Any, ...]
"""By what an element is the same one in both versions."""

MOVABLE = frozenset({"dimensions", "indicators", "stages"})
"""Elements whose ids are theirs wherever they stand; others are looked for in one place."""

LONG, AROUND = 40, 10
"""A text with more characters is not repeated whole but with so many around what changed."""


@dataclass(frozen=True)
class _Part:
    """An element of a version, what it stands in, and the keys of what stands in it."""

    value: Declared
    place: str
    """The field that holds it."""
    parent: Key = ()
    children: dict[str, list[Key]] = field(default_factory=dict)


@asked
def between(old: Rubric, new: Rubric) -> list[Text]:
    """A sentence for each difference, in the order of the new version; empty if there is none.

    Elements are matched by id: one whose id changed counts as removed and added.
    """
    return list(_Comparison(old, new).sentences())


class _Comparison:
    """Two versions, element by element."""

    def __init__(self, old: Rubric, new: Rubric) -> None:
        kept = {n.text for n in old.notes} & {n.text for n in new.notes}
        self.old, self.new = _parts(old, kept), _parts(new, kept)
        self.known = (wording.elements(old), wording.elements(new))

    def sentences(self) -> Iterator[Text]:
        for key, part in self.new.items():
            before = self.old.get(key)
            if before is None:
                yield _("新增 {what}", what=self._introduced(part, 1))
                continue
            yield from self._moved(key, before, part)
            what = self._called(part, 1) if key else _("指标体系")
            yield from self._changed(what, before.value, part.value)
            yield from self._reordered(what, before, part)
        for key, part in self.old.items():
            if key not in self.new:
                yield _("删去 {what}", what=self._introduced(part, 0))

    def _moved(self, key: Key, before: _Part, part: _Part) -> Iterator[Text]:
        if key and before.parent != part.parent:
            places = (self.old[before.parent], self.new[part.parent])
            old, new = (self._place(place, side) for side, place in enumerate(places))
            yield _("{what}从{old}移到{new}", what=self._called(part, 1), old=old, new=new)

    def _reordered(self, what: Text, before: _Part, part: _Part) -> Iterator[Text]:
        for name, keys in part.children.items():
            there = before.children.get(name, [])
            one, two = [k for k in there if k in keys], [k for k in keys if k in there]
            if one != two:
                start, end = _common(one, two), _common(one[::-1], two[::-1])
                old = [self._called(self.old[k], 0) for k in one[start : len(one) - end]]
                new = [self._called(self.new[k], 1) for k in two[start : len(two) - end]]
                called = field_name(type(part.value), name)
                yield _(
                    "{what}中{field}的顺序：{old} → {new}",
                    what=what,
                    field=called,
                    old=old,
                    new=new,
                )

    def _changed(self, what: Text, old: Declared, new: Declared) -> Iterator[Text]:
        """Every field of an element that differs, except the elements in it."""
        if isinstance(old, Target) and isinstance(new, Target):
            yield from self._goal(what, old, new)
        inside = {name for one in (old, new) for name, _values in wording.parts(one)}
        for name in type(new).model_fields:
            one, two = getattr(old, name), getattr(new, name)
            if one == two or name in inside or (isinstance(new, Target) and name in wording.GOAL):
                continue
            called = field_name(type(new), name)
            if isinstance(two, tuple):
                yield from self._listed(
                    _("{what}的{field}", what=what, field=called), old, new, name
                )
            elif isinstance(two, Source):
                yield from self._changed(_("来源"), one, two)
            else:
                sides = self._sides(type(new), name, one, two)
                yield _difference(what, called, *sides)

    def _goal(self, what: Text, old: Target, new: Target) -> Iterator[Text]:
        one, two = ([getattr(t, n) for n in wording.GOAL] for t in (old, new))
        if one == two:
            return
        if old.measure != new.measure:
            sides = self._sides(Target, "measure", old.measure, new.measure)
            yield _difference(what, field_name(Target, "measure"), *sides)
        if one[1:] != two[1:]:
            yield _difference(what, field_name(Target, "value"), *map(wording.goal, (old, new)))

    def _sides(self, owner: type[Declared], name: str, one: Any, two: Any) -> tuple[Any, Any]:
        """A value before and after, in words."""
        if isinstance(one, Bound) and isinstance(two, Bound) and one.measure == two.measure:
            return wording.limits(one), wording.limits(two)
        if isinstance(one, str) and isinstance(two, str) and max(len(one), len(two)) > LONG:
            return _excerpts(one, two)
        return tuple(self._said(owner, name, value, side) for side, value in enumerate((one, two)))

    def _listed(self, what: Text, old: Declared, new: Declared, name: str) -> Iterator[Text]:
        """What a list of words or ids gained and lost, or that its order is another one."""
        one, two = getattr(old, name), getattr(new, name)
        added = tuple((Counter(two) - Counter(one)).elements())
        gone = tuple((Counter(one) - Counter(two)).elements())
        if added:
            yield _("{what}：增加{names}", what=what, names=self._said(type(new), name, added, 1))
        if gone:
            yield _("{what}：删去{names}", what=what, names=self._said(type(old), name, gone, 0))
        if not added and not gone:
            sides = {
                "old": self._said(type(old), name, one, 0),
                "new": self._said(type(new), name, two, 1),
            }
            yield _("{what}的顺序：{old} → {new}", what=what, **sides)

    def _said(self, owner: type[Declared], name: str, value: Any, side: int) -> Any:
        known = self.known[side]

        def call(name: str, id: str) -> wording.Said:
            found = wording.referred(known, name, id)
            return wording.called(found) if found else id

        return wording.said(owner, name, value, call)

    def _called(self, part: _Part, side: int) -> Text:
        """An element by what makes it that one."""
        if isinstance(part.value, Note):
            return _("注“{text}”", text=_shortened(part.value.text))
        if isinstance(part.value, Silence):
            rule = wording.rule(part.value.rule, self.known[side])
            if part.value.procedure is None:
                return _("原文没有规定的“{rule}”", rule=rule)
            where = self._said(Silence, "procedure", part.value.procedure, side)
            return _("{where}中原文没有规定的“{rule}”", where=where, rule=rule)
        return wording.called(part.value)

    def _introduced(self, part: _Part, side: int) -> Text:
        """An element with its group and, where it is an article, its text."""
        if isinstance(part.value, Note | Silence):
            return self._called(part, side)
        values = {"group": field_name(Rubric, part.place), "what": self._called(part, side)}
        text = getattr(part.value, "text", None)
        return (
            _("{group}{what}：{text}", **values, text=text)
            if text
            else _("{group}{what}", **values)
        )

    def _place(self, part: _Part, side: int) -> Text:
        return _("最上一级") if isinstance(part.value, Rubric) else self._called(part, side)


def _parts(rubric: Rubric, kept: set[str]) -> dict[Key, _Part]:
    """The rubric, under an empty key, and its elements in their order.

    A note has no id: one of the texts ``kept`` is known by its text, others by their order.
    """
    found: dict[Key, _Part] = {(): _Part(rubric, "")}
    times: Counter[Key] = Counter()

    def enter(parent: Key, owner: Declared) -> None:
        for place, values in wording.parts(owner):
            for value in values:
                own = (place, *_identity(value, kept), *(() if place in MOVABLE else parent))
                times[own] += 1
                key = (*own, times[own])
                found[key] = _Part(value, place, parent)
                found[parent].children.setdefault(place, []).append(key)
                enter(key, value)

    enter((), rubric)
    return found


def _identity(value: Declared, kept: set[str]) -> Key:
    if isinstance(value, Silence):
        return (value.rule, value.procedure)
    if isinstance(value, Note):
        return (value.text if value.text in kept else None,)
    return (getattr(value, "id", None) or getattr(value, "name", None),)


def _difference(what: Text, field: Text, old: Any, new: Any) -> Text:
    return _("{what}的{field}：{old} → {new}", what=what, field=field, old=old, new=new)


def _shortened(text: str) -> str:
    return text if len(text) <= LONG else f"{text[:LONG]}…"


def _common(one: Sequence[Any], two: Sequence[Any]) -> int:
    """How many items are the same at the start of both."""
    pairs = enumerate(zip(one, two, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(two)))


def _excerpts(one: str, two: str) -> tuple[str, str]:
    """Where two long texts differ, with a few characters around it."""
    start = _common(one, two)
    end = _common(one[start:][::-1], two[start:][::-1])
    first, last = max(start - AROUND, 0), max(end - AROUND, 0)
    before, after = "…" if first else "", "…" if last else ""
    old, new = (f"{before}{text[first : len(text) - last]}{after}" for text in (one, two))
    return old, new
