"""The panel's opinion (专家组意见) on an applicant, which its chair or secretary records."""

from __future__ import annotations

from collections.abc import Iterable

from evalkit.base.errors import Refused
from evalkit.base.text import _, bad_character
from evalkit.log.events import Entry, Event
from evalkit.panel import Panel

KIND = "opinion"
MOST = 4000
"""Characters."""


def admit(panel: Panel, entry: Entry) -> None:
    """Raise Refused unless ``entry`` is an opinion by somebody who may record it."""
    panel.applicant(entry.applicant)
    chairs = [expert.id for expert in panel.experts if expert.role == "chair"]
    if entry.author not in (*chairs, panel.secretary.id):
        raise Refused(_("专家组意见由组长或评审秘书登记"))
    words = entry.payload.get("text")
    if set(entry.payload) != {"text"} or not isinstance(words, str) or entry.indicator:
        raise Refused(_("记录“{kind}”的内容应为 {keys}", kind=entry.kind, keys=["text"]))
    if not words.strip():
        raise Refused(_("请写明专家组对该对象的意见"))
    if len(words) > MOST:
        raise Refused(_("文字超过 {n} 字，没有保存，请缩短", n=MOST))
    if (position := bad_character(words)) is not None:
        raise Refused(_("文字的第 {n} 个字符不可显示，请删去", n=position + 1))


def opinions(events: Iterable[Event]) -> dict[str, str]:
    """What holds now: the last opinion on each applicant that has one."""
    return {e.applicant: e.payload["text"].strip() for e in events if e.kind == KIND}
