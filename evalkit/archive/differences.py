"""What differs between what an archive holds and what was made of it again, field by field.

Pure: plain values in, differences out. Notebooks and pages have modules of their own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Literal

from evalkit.base.terms import HAPPENED
from evalkit.base.text import Text, _, render

Kind = Literal["results", "statistics", "notebook", "page", "missing", "archive"]

SHOWN = 120
"""So many characters of a value are quoted."""

ABSENT = "—"
"""Stands where one of the two has nothing."""

PRESENT = _("有")
"""Stands for a whole part that only one of the two has."""

DECIMAL = re.compile(r"-?\d+\.\d+")
"""A number with decimals, as statistics are written."""

KEYS = ("id", "expert", "applicant", "name", "column", "form")
"""What the items of a list go by, the first that all of them have."""


@dataclass(frozen=True)
class Difference:
    """One thing that differs between the archived ``file`` (its path in the archive) and the one
    that was made again: in which ``part``, and what stands in either.

    With ``digits`` it is only the last digit of a statistic.
    """

    kind: Kind
    file: str
    part: Text | str
    before: Text | str
    after: Text | str
    digits: bool = False

    @property
    def said(self) -> Text | str:
        """One sentence without a full stop."""
        if self.kind == "archive":
            return self.part
        if self.before == PRESENT:
            return _("{part}：存档里有，重做的里面没有", part=self.part)
        if self.after == PRESENT:
            return _("{part}：存档里没有，重做的里面有", part=self.part)
        values = {"part": self.part, "before": self.before, "after": self.after}
        return _("{part}：存档为 {before}，重做为 {after}", **values)


@dataclass(frozen=True)
class Field:
    """A field of a JSON value that differs: its ``path`` of keys, and ids of items of lists."""

    path: tuple[str, ...]
    before: Any
    after: Any


class _Nothing:
    """What a field has that is not there."""


NOTHING = _Nothing()


def fields(before: Any, after: Any, path: tuple[str, ...] = ()) -> Iterator[Field]:
    """Every field in which two JSON values differ, in the order of ``before``.

    Items of lists are compared by what they go by (`KEYS`), others by their place.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _by_key(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        key = _key([*before, *after])
        if key is not None and _distinct(before, key) and _distinct(after, key):
            was, now = ({str(i[key]): i for i in part} for part in (before, after))
        else:
            was, now = ({str(n): i for n, i in enumerate(part, 1)} for part in (before, after))
        yield from _by_key(was, now, path)
    elif before != after or type(before) is not type(after):
        yield Field(path, before, after)


def _by_key(
    before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[Field]:
    for key in [*before, *(key for key in after if key not in before)]:
        yield from fields(before.get(key, NOTHING), after.get(key, NOTHING), (*path, key))


def _key(items: Sequence[Any]) -> str | None:
    if not items or not all(isinstance(item, Mapping) for item in items):
        return None
    return next((key for key in KEYS if all(key in item for item in items)), None)


def _distinct(items: Sequence[Mapping[str, Any]], key: str) -> bool:
    return len({str(item[key]) for item in items}) == len(items)


_SELF_EVIDENT = frozenset({"applicants", "dimensions", "indicators", "scores", "bonuses"})
"""Lists whose items say themselves what they are."""

_WORDS: Mapping[str, Text | str] = {
    "rank": _("名次"),
    "total": _("总分"),
    "base": _("基础分"),
    "bonus": _("加分"),
    "deduction": _("扣分"),
    "points": _("得分"),
    "sum": _("合计"),
    "n": _("计入的份数"),
    "use": _("是否计入"),
    "grade": _("等次"),
    "group": _("组别"),
    "selected": _("拟选"),
    "gates": _("准入条件"),
    "flags": _("说明"),
    "rules": _("规则"),
    "basis": _("依据"),
    "status": _("性质"),
    "panel": _("评审组"),
    "rubric": _("指标体系"),
    "digest": _("摘要值"),
    "root": _("根哈希"),
    "locked_at": _("锁定时间"),
    "locked_by": _("锁定人"),
    "format": _("格式"),
    "agreement": _("一致性"),
    "severity": _("宽严"),
    "findings": _("提请核对的评分"),
    "settings": _("分析的设定"),
    "resampling": _("重新抽取专家"),
    "round": _("所分析的一轮"),
    "reasons": _("没有的数字和原因"),
    "methods": _("换一种汇总办法"),
    "left_out": _("少一位专家"),
    "by_expert": _("逐位去掉"),
    "weights": _("指标的轻重略变"),
    "sheets": _("各位专家的评分表"),
    "interval": _("区间"),
    "experts": _("专家"),
    "components": _("差别的来源"),
    "variance": _("方差"),
    "share": _("占比"),
    "deviation": _("与平均的差"),
    "effect": _("偏高或偏低"),
    "value": _("值"),
    "high": _("上限"),
    "low": _("下限"),
    "icc": "ICC",
    "alpha": "α",
    "ac2": "AC2",
    "w": "W",
    "results": _("正式结果"),
}
"""What people call the fields of results and statistics; any other is named as it is written."""


def named(path: Sequence[str], names: Mapping[str, str]) -> Text | str:
    """The field at ``path`` in words; ``names`` are those of applicants, experts and indicators."""
    words: list[Text | str] = []
    for n, key in enumerate(path):
        if key in _SELF_EVIDENT and n + 1 < len(path):
            continue
        words.append(f"{names[key]}（{key}）" if key in names else _WORDS.get(key, key))
    found: Text | str = words[0] if words else ""
    for word in words[1:]:
        found = _("{whole} › {part}", whole=found, part=word)
    return found


def shown(value: Any) -> Text | str:
    """``value`` in a line, cut where it is long; what became of a score in its word."""
    if isinstance(value, str) and value in HAPPENED:
        return HAPPENED[value]
    if value is NOTHING or value is None:
        return ABSENT
    text = " ".join(render(value).split()) if not isinstance(value, Mapping | list) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def of_results(
    file: str, before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]
) -> list[Difference]:
    """Two `Results.to_dict` beside each other."""
    return [
        Difference("results", file, named(f.path, names), shown(f.before), shown(f.after))
        for f in fields(before, after)
    ]


def of_statistics(
    file: str, before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]
) -> list[Difference]:
    """Two `Analysis.to_dict` beside each other; what differs in the last digit is marked."""
    found = []
    for f in fields(before, after):
        part = named(f.path, names)
        one = Difference("statistics", file, part, shown(f.before), shown(f.after))
        texts = isinstance(f.before, str) and isinstance(f.after, str)
        found.append(replace(one, digits=texts and only_last_digits(f.before, f.after)))
    return found


def only_last_digits(before: str, after: str) -> bool:
    """Whether two texts are the same but for one unit in the last digit of some decimals.

    A statistic is rounded to declared digits. Processors differ in the sixteenth digit, which can
    turn a rounding, and never by more than one unit.
    """
    if DECIMAL.sub("#", before) != DECIMAL.sub("#", after):
        return False
    pairs = zip(DECIMAL.findall(before), DECIMAL.findall(after), strict=True)
    return all(_near(Decimal(one), Decimal(other)) for one, other in pairs)


def with_digits_settled(found: Sequence[Difference], doubted: Collection[str]) -> list[Difference]:
    """The same, with `Difference.digits` only where it can be so: nothing official differs, the
    statistics do, and the file is none of those ``doubted``.
    """
    moved = any(d.kind == "statistics" and d.digits for d in found)
    possible = moved and all(d.kind != "results" for d in found)
    return [
        d if not d.digits or (possible and d.file not in doubted) else replace(d, digits=False)
        for d in found
    ]


def _near(one: Decimal, other: Decimal) -> bool:
    unit = one.as_tuple().exponent
    if unit != other.as_tuple().exponent or not isinstance(unit, int):
        return False
    return abs(one - other) <= Decimal(1).scaleb(unit)


def passage(before: Sequence[str], after: Sequence[str]) -> tuple[Text | str, Text | str]:
    """The first passage in which two sequences of lines differ; `ABSENT` for nothing."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, i, j, k, m in matcher.get_opcodes():
        if what != "equal":
            return shown(" ".join(before[i:j]) or None), shown(" ".join(after[k:m]) or None)
    return ABSENT, ABSENT
