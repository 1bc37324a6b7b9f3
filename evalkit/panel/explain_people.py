"""What experts commit to and how they are assigned, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.base.text import Text, _
from evalkit.panel.assigning import Assigning
from evalkit.panel.rules import Rules

if TYPE_CHECKING:
    from evalkit.panel.model import Panel

ROLES = {"chair": _("组长"), "member": _("成员")}


def discipline(panel: Panel) -> list[Text]:
    """What is no rule of scoring: that no commitments are asked, and how seats are given."""
    none = [] if panel.rules.committing else committed(panel.rules)
    return [*none, *assigned(panel)]


def committed(rules: Rules) -> list[Text]:
    """Whether and by when experts commit to confidence and to keeping apart."""
    asked = rules.committing
    if asked is None:
        return [_("本轮不在系统里登记专家的保密和回避承诺。")]
    if asked.before == "lock":
        return [_("每位专家须作出保密和回避承诺，锁定之前补齐。")]
    return [_("每位专家作出保密和回避承诺之后，才能打分。")]


def assigned(panel: Panel) -> list[Text]:
    """What the assignment keeps to; nothing where the panel declares nothing."""
    asked = panel.assigning
    if asked is None:
        return []
    low, high = asked.number
    many = _("每个对象由 {n} 位专家评。", n=low)
    if high != low:
        many = _("每个对象由 {bounds} 位专家评。", bounds=_bounds(low, high))
    sentences = [many, *_more(asked)]
    if asked.seed is not None:
        sentences.append(_("同样好的分配由抽签决定，种子 {seed}。", seed=asked.seed))
    return sentences


def _more(asked: Assigning) -> list[Text]:
    found = [_("各位专家评的对象数尽量均衡。")]
    if asked.load is not None:
        bounds = _bounds(asked.load.at_least, asked.load.at_most)
        found = [_("每位专家评 {bounds} 个对象，尽量均衡。", bounds=bounds)]
    if asked.groups is not None:
        same = _("对象只由同组的专家评。")
        found.append(same if asked.groups == "same" else _("对象只由指定的专家组评。"))
    for name, n in (asked.minimums or {}).items():
        found.append(_("每个对象至少 {n} 位{kind}专家。", n=n, kind=ROLES.get(name, name)))
    if asked.expertise is not None:
        least = _("每个对象至少 {n} 位专家熟悉其领域，此外尽量多。", n=asked.expertise)
        found.append(least if asked.expertise else _("尽量由熟悉其领域的专家评。"))
        balance_first = _("先求负荷均衡，再求领域相符。")
        known_first = _("先求领域相符，再求负荷均衡。")
        found.append(balance_first if asked.first == "balance" else known_first)
    return found


def _bounds(low: int, high: int | None) -> Text | str:
    return _("至少 {n}", n=low) if high is None else f"{low}–{high}"
