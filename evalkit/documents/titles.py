"""A title over several lines, broken where its sense allows (GB/T 9704-2012, 7.3.1) [GB9704]_.

No line ends within a word that titles are made of, within round brackets or within a number; where
a choice is left, lines are of about the same length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evalkit.base.text import Text, render

ACROSS = 20
"""Characters of a title on a line."""

OPENING, CLOSING = frozenset("“（(《〈[〔"), frozenset("”）)》〉]〕、，,。：:；;")

WORDS = re.compile(
    "(?=(人工智能|赋能中心|示范区|高新区|开发区|工业化|信息化|专家组|领导小组|指导意见|年度|行业|"
    "赋能|平台|中心|深度|技术|应用|产品|创新|新型|工业|产业|发展|推动|推进|行动|计划|方案|试行|"
    "综合|评价|评审|评估|考评|认定|示范|建设|管理|办法|导则|通知|公告|公示|通报|答复|纪要|会议|"
    "复核|结果|对照|名单|情况|进展|关于|公布|印发|撤销|取消|资格|称号|限期|整改|异议|择优|给予|"
    "支持|智能|数据|科技|虚构|示例|演示|市级|省级|国家级|企业|项目|开展|加快|实施|工作))"
)
"""Words of such titles; beginnings and ends that overlap are all found."""

FREE, PLAIN, VALUE, QUOTED, BRACKET, WORD, NEVER = 0, 6, 15, 25, 30, 80, 1000
"""What a break costs, in squared characters that a line is off the mean: beside a quotation or what
a title is about, anywhere, within such a name, within quotation marks, before a round bracket,
within a word, elsewhere.
"""


def broken(title: Text | str, language: str = "zh") -> str:
    """``title`` with line breaks, if it does not fit on a line."""
    whole = re.sub(r"\s*\n\s*", "" if language == "zh" else " ", render(title, language)).strip()
    length = _length(whole)
    if length <= ACROSS:
        return whole
    costs = _costs(whole, [render(value, language) for value in _values(title)])
    least = -int(-length // ACROSS)
    tried = [_best(whole, costs, length / n) for n in (least, least + 1)]
    return min(tried, key=lambda one: one[0])[1]


def width(char: str) -> float:
    """Of a character in a Chinese font, where quotation marks are as wide as the others."""
    return 1 if char > "\u2000" else 0.55


def _length(text: str) -> float:
    return sum(map(width, text))


def _values(title: Any) -> Iterator[str]:
    """Names within a title: what its message was filled with."""
    for value in title.values.values() if isinstance(title, Text) else ():
        if isinstance(value, Text):
            yield from _values(value)
        yield value


def _costs(whole: str, names: list[str]) -> list[int]:
    """What a break before each character costs."""
    costs = [NEVER, *(_between(whole[k - 1], whole[k]) for k in range(1, len(whole)))]
    for name in filter(None, map(str.strip, names)):
        start = whole.find(name)
        if start >= 0:
            for k in (start, start + len(name)):
                if 0 < k < len(whole) and costs[k] == PLAIN:
                    costs[k] = FREE
            if _length(name) <= ACROSS / 2:
                _raise(costs, start, start + len(name), VALUE)
    for match in WORDS.finditer(whole):
        _raise(costs, match.start(), match.start() + len(match[1]), WORD)
    for match in re.finditer(r"[（(][^（()）]*[)）]", whole):
        if _length(match[0]) <= ACROSS:
            _raise(costs, match.start(), match.end(), NEVER)
    for match in re.finditer("“[^“”]*”|《[^《》]*》", whole):
        _raise(costs, match.start(), match.end(), QUOTED)
    return costs


def _raise(costs: list[int], start: int, end: int, least: int) -> None:
    for k in range(start + 1, end):
        costs[k] = max(costs[k], least)


def _between(before: str, after: str) -> int:
    """What a break between two characters costs."""
    if before in OPENING or after in CLOSING or after == "的":
        return NEVER
    if before.isspace() or after.isspace():
        return PLAIN if before.isspace() else NEVER  # the space ends its line
    if after in "（(":  # what is bracketed belongs to what stands before
        return BRACKET
    if after in OPENING or before in CLOSING:
        return FREE
    if after in "省市县区厅局" and before not in "年度为":  # the end of a name, rarely a beginning
        return WORD
    return NEVER if before.isascii() or after in "年—" or before in "—第" else PLAIN


def _best(whole: str, costs: list[int], mean: float) -> tuple[float, str]:
    """The cheapest lines that are about ``mean`` long, with their cost."""
    found: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(whole) + 1):
        used, best = 0.0, (float("inf"), 0)
        for start in range(end - 1, -1, -1):
            used += width(whole[start])
            if used > ACROSS and start < end - 1:
                break
            cost = found[start][0] + (used - mean) ** 2 + (costs[start] if start else 0)
            best = min(best, (cost, start))
        found.append(best)
    lines, end = list[str](), len(whole)
    while end:
        lines.insert(0, whole[found[end][1] : end].strip())
        end = found[end][1]
    return found[-1][0] + 10 * len(lines), "\n".join(lines)
