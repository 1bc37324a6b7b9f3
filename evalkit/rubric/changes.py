"""What changed between two versions of a rubric, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evalkit.declared import Declared
from evalkit.rubric.model import Rubric
from evalkit.text import Text, _

_FIELDS = {
    "title": _("标题"),
    "version": _("版本"),
    "points": _("分值"),
    "number": _("编号"),
    "name": _("名称"),
    "kind": _("定性或定量"),
    "unit": _("单位"),
    "guidance": _("说明与评分标准"),
    "article": _("条款"),
    "text": _("原文"),
    "item": _("每项计分的范围"),
}
"""How the fields of an element are called; a field without a name is shown by its key."""


def between(old: Rubric, new: Rubric) -> list[Text]:
    """A sentence for each difference, in the order of the new version; empty if there is none.

    Elements are matched by id: one whose id changed counts as removed and added.
    """
    return [*_changed(_("指标体系"), old, new), *_elements(_parts(old), _parts(new))]


def _parts(rubric: Rubric) -> dict[str, Declared]:
    groups = [group for top in rubric.dimensions for group, _parent in top.walk()]
    parts: list[Any] = [*groups, *rubric.indicators, *rubric.bonus, *rubric.provisions]
    return {part.id: part for part in parts}


def _elements(old: Mapping[str, Declared], new: Mapping[str, Declared]) -> Iterator[Text]:
    for id, part in new.items():
        if id not in old:
            yield _("新增 {what}", what=_called(id, part))
        else:
            yield from _changed(_called(id, part), old[id], part)
    for id, part in old.items():
        if id not in new:
            yield _("删去 {what}", what=_called(id, part))


def _changed(what: Text, old: Declared, new: Declared) -> Iterator[Text]:
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    for key in sorted({*before, *after}):
        one, two = before.get(key), after.get(key)
        # lists of elements are compared one by one, under their own ids
        if one == two or isinstance(one or two, list):
            continue
        field = _FIELDS.get(key, Text(key))
        yield _(
            "{what}的{field}：{old} → {new}", what=what, field=field, old=_said(one), new=_said(two)
        )


def _called(id: str, part: Declared) -> Text:
    name = getattr(part, "name", None) or getattr(part, "article", "")
    return _("“{name}”（{id}）", name=name, id=id)


def _said(value: Any) -> Text | str:
    if value is None:
        return _("（无）")
    if isinstance(value, dict):
        return "–".join(str(v) for v in value.values())
    return str(value)
