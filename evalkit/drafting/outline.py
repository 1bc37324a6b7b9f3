"""What an indicator table says: groups within groups, their indicators, what stayed unread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from evalkit.base.text import Text
from evalkit.drafting.columns import Columns
from evalkit.drafting.status import Status
from evalkit.drafting.words import compact

_BEFORE = r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]*\s*)?"
_ENDS = r"(?:项|指标|内容|因素|$|[（(:：、])"
_BONUS = re.compile(
    rf"{_BEFORE}(?:(?:附加|奖励)?加分|附加(?:[分项]|$)|(?:奖励|激励|鼓励)[分项]|增分项|额外分|[\u4e00-\u9fff]{{1,4}}(?<![增追叠])加分{_ENDS}"
    r"|[^（(]{1,12}[（(](?:附加|奖励)?加分项?[）)]"
    r"|bonus\b|(?:extra|additional) (?:points|credits?|items?)\b)",
    re.IGNORECASE,
)
_MINUS = re.compile(
    rf"{_BEFORE}(?:(?:倒扣|扣减|[扣减])分|扣[减除]项|减项|(?:惩[罚戒]|处罚)(?:[项分]|$)|负面(?:清单|事项)"
    rf"|[\u4e00-\u9fff]{{1,4}}(?<![倒])[扣减]分{_ENDS}"
    r"|[^（(]{1,12}[（(](?:倒?扣|减)分项?[）)]"
    r"|deductions?\b|penalt(?:y|ies)\b|(?:points? )?deducted\b|minus points\b)",
    re.IGNORECASE,
)
_BOTH = re.compile(
    rf"{_BEFORE}(?:(?:加分?|奖励?)[与和及、/]?(?:[扣减]分|惩)"
    r"|bonus(?:es)?(?: points| items)?\s*(?:and|or|&|/)\s*(?:deduct|penalt))",
    re.IGNORECASE,
)
_VETO = re.compile(r".*(?:一票否决|否决[项性指条]|\bveto\b|\bdisqualif)", re.IGNORECASE)
_SAYS_NO_MORE = re.compile(r"[（(].*?[）)]|[：:]|\d+(?:\.\d+)?\s*分?")
_TOTAL = re.compile(
    r"(?:(?:分值|总分|基础分|各项|全部)?(?:合计|总计|共计)|总分值?|总得分|最[后终]得分|满分"
    r"|(?:grand )?total(?: scores?| points| marks)?)",
    re.IGNORECASE,
)
_SUBTOTAL = re.compile(r"小计|sub-?total(?: points)?", re.IGNORECASE)
_PARTIAL = re.compile(r".{1,12}(?:合计|总计|小计|(?<=.)\bsubtotal)", re.IGNORECASE)
_SIGNED = re.compile(
    r".{0,12}(?:签字|签名|签章|盖章|日期|signatures?|date)[：:]?(?:[年月日_\s]*)$", re.IGNORECASE
)


def totals(name: str) -> str | None:
    """``total``, ``subtotal`` or, for a sum of something else, ``partial``; None for no sum."""
    bare = _SAYS_NO_MORE.sub("", compact(name)).strip()
    named = {"total": _TOTAL, "subtotal": _SUBTOTAL, "partial": _PARTIAL}
    return next((kind for kind, words in named.items() if words.fullmatch(bare)), None)


def is_signature(name: str) -> bool:
    """Whether ``name`` is the place for a signature or a day."""
    return _SIGNED.fullmatch(compact(name)) is not None


def is_beside(name: str) -> bool:
    """Whether ``name`` is that of something beside the total, or that rules out."""
    return adds(name) or takes(name) or mixes(name) or vetoes(name)


def adds(name: str) -> bool:
    """Whether ``name`` is that of a bonus, on top of the total."""
    return _BONUS.match(compact(name)) is not None and not mixes(name)


def takes(name: str) -> bool:
    """Whether ``name`` is that of a deduction."""
    return _MINUS.match(compact(name)) is not None and not mixes(name)


def mixes(name: str) -> bool:
    """Whether ``name`` is that of points that are added or taken off (加减分项)."""
    return _BOTH.match(compact(name)) is not None


def vetoes(name: str) -> bool:
    """Whether ``name`` is that of what rules an applicant out, which is no matter of points."""
    return _VETO.match(compact(name)) is not None


@dataclass
class Item:
    """A row with points: an indicator, or what earns a bonus or a deduction. Cells as printed."""

    place: Text
    name: str
    points: str = ""
    number: str | None = None
    number_in_doubt: bool = False
    kind: str | None = None
    unit: str = ""
    guidance: str = ""
    words: str = ""
    """The whole row as printed."""
    shared: bool = False
    """Whether the points are merged with those of another row."""
    doubt: Text | None = None
    """What is to be looked at in the points."""


@dataclass
class Unread:
    """A row of which it is not certain what it says."""

    place: Text
    words: str


@dataclass
class Group:
    """A dimension and what stands below it, in the order of the table."""

    printed: str
    points: str = ""
    number: str | None = None
    name: str = ""
    number_in_doubt: bool = False
    doubt: Text | None = None
    alone: bool = False
    """Whether the name has a row of its own, across the table."""
    groups: list[Group] = field(default_factory=list)
    items: list[Item | Unread] = field(default_factory=list)
    own: Item | None = None
    """What its own row says, where that is more than a heading."""

    @property
    def adds(self) -> bool:
        """Whether its points come on top of the total (加分项)."""
        return adds(self.printed)

    @property
    def takes(self) -> bool:
        """Whether it takes points off the total (扣分项)."""
        return takes(self.printed)

    @property
    def mixes(self) -> bool:
        """Whether it adds some and takes others (加减分项), which only a person can part."""
        return mixes(self.printed)

    @property
    def vetoes(self) -> bool:
        """Whether it rules applicants out (一票否决) and takes no points."""
        return vetoes(self.printed) and not self.takes

    @property
    def counts(self) -> bool:
        """Whether its points are part of the total."""
        return not (self.adds or self.takes or self.mixes or self.vetoes)

    @property
    def all_items(self) -> Iterator[Item | Unread]:
        """Its rows and those of the groups below."""
        for group in self.groups:
            yield from group.all_items
        yield from self.items


@dataclass
class Outline:
    """One indicator table."""

    columns: Columns
    title: str | None = None
    title_in_doubt: str | None = None
    """The line above the title, if that may be the first half of it."""
    total: Decimal | None = None
    """The total that the table states, if it does."""
    groups: list[Group] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    remarks: list[Text] = field(default_factory=list)
    status: Status | None = None
    """What the document says about being a draft for comment."""

    @property
    def indicators(self) -> list[Item]:
        """All rows with points that count towards the total."""
        groups = (g for g in self.groups if g.counts)
        return [row for g in groups for row in g.all_items if isinstance(row, Item)]
