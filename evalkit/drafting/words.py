"""What the words of an indicator table say: numbers, points, units, kinds, notes.

Pure functions of one text. None means that the text does not say, or not in a way that is certain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from evalkit.base.declared import plain
from evalkit.base.text import normalise_number

_DIGITS = {0xFF10 + n: 0x30 + n for n in range(10)}
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff]")
_SPACE = re.compile(r"\s+")

_CHINESE = "[一二三四五六七八九十]+"
_NUMBER = re.compile(
    rf"(第?{_CHINESE}[、.．]|[（(](?:{_CHINESE}|\d{{1,3}})[）)]|[①-⑳⑴-⒇]|[Ⅰ-Ⅻ][、.．]?|[A-Z]\d{{0,2}}[、．.](?!\d)"
    r"|\d{1,3}(?:[.．]\d{1,3})+(?:[.．、](?!\d)|(?=\s))|\d{1,3}(?:[.．、](?!\d)|[）)]))\s*(?=\S)"
)
"""A number that cannot be anything else: ``1.``, ``1)``, ``1.1 ``, ``一、``, ``（一）``, ``①``."""

_PERHAPS_NUMBER = re.compile(
    r"(\d{1,3}(?:[.．]\d{1,3})+)(?=[\u4e00-\u9fff])|(\d{1,3})\s+(?=[\u4e00-\u9fff])"
    r"|([A-Z]\d{1,2})\s*(?=[\u4e00-\u9fff])"
)
"""A number if the whole column has them: ``1.1承担重大项目``, but also ``1.5亿元以上项目``."""

_N = r"(\d{1,6}(?:\.\d{1,6})?)"
_MOST = r"(?:最高|最多|满分|上限|不超过|共计?|合计|计|up to|max(?:imum)?\.?)?\s*[:为]?\s*"
_UNIT_OF_POINTS = r"\s*(?:分|points?|pts?\.?|marks?)"
_POINTS = re.compile(rf"{_MOST}{_N}(?:{_UNIT_OF_POINTS})?", re.IGNORECASE)
_PERCENT = re.compile(rf"{_N}\s*%")
_SPAN = re.compile(rf"{_N}分?\s*[—–―\-~至到]+\s*{_N}分?")
_SIGN = re.compile(r"^(?:[-－−–—+＋]|[扣减加])\s*(?=[\d０-９])")
_POINTS_IN_NAME = re.compile(rf"\s*[（(【\[]{_MOST}{_N}{_UNIT_OF_POINTS}[）)】\]]$", re.IGNORECASE)
_CAP = re.compile(
    r"(?:(?:最高|最多)(?:不超过|[计加扣减]分?)?|(?:累计|合计|总计)[计加扣减]?分?(?:最[高多])?不超过)"
    r"(\d{1,6}(?:\.\d{1,6})?)分"
)
_EACH = re.compile(
    r"每[项个件次][^\d。；;，,]{0,6}(\d{1,6}(?:\.\d{1,6})?)"
    r"(?:分?[—–―\-－~～至到]+(\d{1,6}(?:\.\d{1,6})?))?分"
)
_EACH_TAKEN = re.compile(r"每[^\d。；;，,]{0,8}[扣减][^\d。；;，,]{0,3}(\d{1,6}(?:\.\d{1,6})?)分")
_TOTAL = re.compile(r"(?:满分|总分|共|共计|合计)[为：:]?(\d{1,6}(?:\.\d{1,6})?)分")

_LAST_PARENTHESIS = re.compile(r"[（(]([^（）()]{1,12})[）)]$")
_UNIT = re.compile(
    r"[十百千万亿]*(?:元|美元|个|家|项|件|人|人次|人月|次|场|篇|部|套|台|辆|种|类|名|位|户|批|条|册|座|处"
    r"|天|日|月|年|小时|分钟|秒|吨|公斤|千克|克|米|公里|平方米|平方公里|立方米|亩|公顷|度|千瓦|千瓦时"
    r"|吨标准煤|标准箱|点|倍|例|份|对|期)(?:/[\u4e00-\u9fff]{1,4})?"
    r"|%|％|‰|百分点|[KMGTPEZ]?(?:FLOPS|B|bps|bit/s|W|Wh|Hz)|k[Wm]h?|m²|km²|m³"
)

_KINDS = {
    "定量": "quantitative",
    "定性": "qualitative",
    "定性定量": "mixed",
    "定量定性": "mixed",
    "quantitative": "quantitative",
    "qualitative": "qualitative",
    "mixed": "mixed",
    "quantitativequalitative": "mixed",
    "qualitativequantitative": "mixed",
}
_JOINT = re.compile(r"指标|相?结合|\band\b|[+＋与和及、/ ]")
_FORMULA = re.compile(
    rf"每.{{0,15}}{_N}\s*分"
    rf"|(?:达到|不低于|不少于|不高于|不超过|超过|大于|小于|高于|低于|以上|以下|以内|[≥≤><]).{{0,25}}{_N}\s*分"
    rf"|(?:最高|最多).{{0,6}}{_N}\s*分|得分\s*[=＝]|[×*/÷].{{0,10}}(?:分值|满分|{_N}分)|按比例"
    r"|\bpoints?\b.{0,12}\b(?:per|each|every)\b|\b(?:per|each|every)\b.{0,30}\bpoints?\b",
    re.IGNORECASE,
)
_SCORED = re.compile(
    rf"{_N}\s*分(?![钟之])|[赋计评打]分|系数|[折换]算|满分|不得分|排[名序]|名次|\bpoints?\b",
    re.IGNORECASE,
)
"""What a sentence says that belongs to a formula, or is one where the value is measured."""
_NOTE = re.compile(r"[【\[（(]?(?:备注|附注|注)[】\]）)]?\d?[:：]")
_NOTE_ITEM = re.compile(r"(?:^|(?<=[。；;]))(\d{1,2})[.．、](?!\d)", re.MULTILINE)


def compact(text: str) -> str:
    """``text`` without the white space of its layout; between Latin words one blank remains."""
    text = _ZERO_WIDTH.sub("", text).strip()

    def between(space: re.Match[str]) -> str:
        left, right = text[space.start() - 1], text[space.end()]
        latin = left.isascii() and right.isascii()
        return " " if latin and left not in "([{" and right not in ")]},;:.!?%" else ""

    return _SPACE.sub(between, text)


def paragraphs(text: str) -> str:
    """``text`` compacted paragraph by paragraph."""
    return "\n".join(filter(None, map(compact, text.split("\n"))))


def numbered(texts: Sequence[str]) -> list[tuple[str | None, str, bool]]:
    """Number, name without it, and whether that is doubtful, for the cells of one column.

    ``1.1承担`` or ``1 承担`` is a number only where every cell of the column has one.
    """
    certain = [_NUMBER.match(text.strip()) for text in texts]
    perhaps = [_PERHAPS_NUMBER.match(text.strip()) for text in texts]
    every = len(texts) > 1 and all(a or b for a, b in zip(certain, perhaps, strict=True))
    found: list[tuple[str | None, str, bool]] = []
    for text, sure, maybe in zip(texts, certain, perhaps, strict=True):
        number = sure or (maybe if every else None)
        if number:
            printed = compact(number[0])
            found.append((printed, compact(text.strip()[number.end() :]), False))
        else:
            found.append((None, compact(text), maybe is not None))
    return found


def points_of(text: str) -> Decimal | None:
    """``５分``, ``（5分）`` or ``最高5分`` as 5. None for anything but one positive number."""
    return _number(_POINTS, text)


def percent_of(text: str) -> Decimal | None:
    """``40%`` as 40."""
    return _number(_PERCENT, text)


def most_of(text: str) -> Decimal | None:
    """The points of `points_of`, or those that a range from 0 ends with: ``0-5分`` as 5."""
    return points_of(text) or (span[1] if (span := span_of(text)) and not span[0] else None)


def span_of(text: str) -> tuple[Decimal, Decimal] | None:
    """``5-10分`` as 5 and 10."""
    found = _SPAN.fullmatch(_bare(text))
    return (plain(Decimal(found[1])), plain(Decimal(found[2]))) if found else None


def says_points(text: str) -> bool:
    """Whether ``text`` is points, a share in percent or a range of points."""
    return bool(points_of(text) or percent_of(text) or span_of(text))


def _number(pattern: re.Pattern[str], text: str) -> Decimal | None:
    found = pattern.fullmatch(_bare(text))
    return plain(Decimal(found[1])) if found and found[1].strip("0.") else None


def _bare(text: str) -> str:
    """``text`` in half width, without the parentheses around it."""
    text = normalise_number(_ZERO_WIDTH.sub("", text))
    inside = re.fullmatch(r"[(\[【]([^()]*)[)\]】]", text)
    return (inside[1] if inside else text).strip()


def without_sign(text: str) -> str:
    """``-10分`` or ``扣10分`` as ``10分``: a sign that says only what a heading says, too."""
    return _SIGN.sub("", _ZERO_WIDTH.sub("", text).strip())


def points_in_name(name: str) -> tuple[str, Decimal | None]:
    """``产业基础(20分)`` as ``产业基础`` and 20."""
    found = _POINTS_IN_NAME.search(name.translate(_DIGITS))
    points = points_of(found[1]) if found else None
    return (name[: found.start()], points) if found and points else (name, None)


def stated_total(text: str) -> Decimal | None:
    """The total that a heading states: ``评分表（满分100分）``."""
    found = _TOTAL.search(compact(text).translate(_DIGITS))
    return points_of(found[1]) if found else points_in_name(compact(text))[1]


def unit_in_name(name: str) -> tuple[str, str | None, str | None]:
    """Name without its unit, the unit, and a last parenthesis that may or may not be one."""
    found = _LAST_PARENTHESIS.search(name)
    if found is None or not found.start():
        return name, None, None
    inside = found[1].strip()
    if _UNIT.fullmatch(inside):
        return name[: found.start()].rstrip(), inside, None
    return name, None, inside if len(inside) <= 4 else None


def kind_of(text: str) -> str | None:
    """``定性+定量`` as ``mixed``."""
    return _KINDS.get(_JOINT.sub("", compact(text).lower()))


def formulas(text: str, *, measured: bool = False) -> list[str]:
    """The sentences of ``text`` that may say how a measured value becomes points.

    Where it is not certain that the value is ``measured``, one of them has to look like a formula.
    """
    said = [compact(s) for s in re.split(r"[。；;\n]", text)]
    if not measured and not any(map(_FORMULA.search, said)):
        return []
    return [s for s in said if _FORMULA.search(s) or _SCORED.search(s)]


def caps(text: str) -> set[Decimal]:
    """Every ``最高N分`` of ``text``."""
    return {
        points
        for found in _CAP.findall(compact(text).translate(_DIGITS))
        if (points := points_of(found))
    }


def worth_of_each(text: str) -> tuple[Decimal, Decimal] | None:
    """``每项计2—3分`` as 2 and 3. None unless the text says exactly one such range."""
    found = {
        (points_of(low), points_of(high or low))
        for low, high in _EACH.findall(compact(text).translate(_DIGITS))
    }
    low, high = found.pop() if len(found) == 1 else (None, None)
    return (low, high) if low and high else None


def taken_for_each(text: str) -> set[Decimal]:
    """Every ``每起扣N分`` of ``text``."""
    found = _EACH_TAKEN.findall(compact(text).translate(_DIGITS))
    return {points for number in found if (points := points_of(number))}


def is_note(text: str) -> bool:
    """Whether ``text`` begins as ``注：`` does."""
    return _NOTE.match(compact(text)) is not None


def continues_notes(text: str) -> bool:
    """Whether ``text`` begins with the number of a further note: ``2.``."""
    return _NOTE_ITEM.match(compact(text)) is not None


def notes_of(text: str) -> list[str]:
    """The single notes of ``注：1.……。2.……。``, without their numbers."""
    whole = _NOTE.sub("", paragraphs(text), count=1)
    starts: list[re.Match[str]] = []
    for item in _NOTE_ITEM.finditer(whole):
        if int(item[1]) == len(starts) + 1 and (starts or item.start() == 0):
            starts.append(item)
    if not starts:
        return [compact(whole)] if whole else []
    ends = [item.start() for item in starts[1:]] + [len(whole)]
    return [compact(whole[item.end() : end]) for item, end in zip(starts, ends, strict=True)]
