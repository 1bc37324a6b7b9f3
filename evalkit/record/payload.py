"""What an entry may carry: keys and texts, and the reason of what changes an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evalkit.base.errors import Refused
from evalkit.base.terms import instant
from evalkit.base.text import _, bad_character
from evalkit.log.events import Entry, Event, understood

MAX_TEXT = 4000

REASON = "reason"
"""Why an entry changes an earlier one; in the payload only where it does."""

PAPER = ("typed_by", "source")
"""Who typed in a sheet that its expert signed on paper, and where that paper lies."""


def require_payload(entry: Entry, keys: Iterable[str], optional: Iterable[str] = ()) -> None:
    """Raise Refused unless the payload has texts under ``keys``, and no others but ``optional``."""
    given, needed = set(entry.payload), set(keys)
    texts = all(isinstance(v, str) for v in entry.payload.values())
    if not texts or not needed <= given <= needed | set(optional):
        raise Refused(_("记录“{kind}”的内容应为 {keys}", kind=entry.kind, keys=sorted(needed)))


def require_text(text: str, *, required: bool) -> None:
    """Raise Refused for a text that cannot be kept, or a blank one where something must stand."""
    if (position := bad_character(text)) is not None:
        raise Refused(_("文字的第 {n} 个字符不可显示，请删去", n=position + 1))
    if len(text) > MAX_TEXT:
        raise Refused(_("文字超过 {n} 字，没有保存，请缩短", n=MAX_TEXT))
    if required and not text.strip():
        raise Refused(_("请写明理由"))


def require_reason(entry: Entry, current: Event | None) -> None:
    """Raise Refused where ``entry`` changes what ``current`` records and does not say why."""
    reason = entry.payload.get(REASON, "")
    require_text(reason, required=False)
    if current is None or same(current, entry) or reason.strip():
        return
    raise Refused(
        _(
            "{applicant} 的 {indicator} 已登记为“{old}”（{author}，{at}），"
            "改成“{new}”须写明理由（--reason）",
            applicant=entry.applicant,
            indicator=entry.indicator,
            old=said(current.payload),
            author=current.author,
            at=instant(current.at),
            new=said(entry.payload),
        )
    )


def same(current: Entry | None, entry: Entry) -> bool:
    """Whether ``current`` records what ``entry`` does; why it was changed then says nothing."""
    return current is not None and current.kind == entry.kind and _core(current) == _core(entry)


def said(payload: Mapping[str, str]) -> str:
    """A payload in a line: its value and, where there is one, its evidence or reason."""
    value, text = payload.get("points", ""), payload.get("text", "")
    return f"{value}（{text}）" if value and text else value or text


def _core(entry: Entry) -> dict[str, str]:
    payload = understood(entry).payload
    return {key: payload[key] for key in ("points", "text") if key in payload}
