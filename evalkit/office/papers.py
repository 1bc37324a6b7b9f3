"""What every notice of an office has: heading, issuer, day, and the words that it rests on."""

from __future__ import annotations

from datetime import date
from typing import Any

from evalkit.base.text import Text, _
from evalkit.office.rulebook import Rulebook
from evalkit.rubric.provisions import Provision

KINDS: dict[str, Text] = {
    "recognition": _("认定公布"),
    "list": _("名单"),
    "rectification": _("整改通知"),
    "revocation": _("撤销公告"),
    "objection": _("异议答复"),
}


def paper(book: Rulebook, kind: str, title: Text, day: date, **rest: Any) -> dict[str, Any]:
    """A notice of ``kind``: ``rest`` has its ``body`` and ``records``, and what is not usual."""
    source = book.rubric.source
    basis = source.title if "《" in source.title else f"《{source.title}》"
    return {
        "kind": kind,
        "title": title,
        "issuer": book.office.office,
        "day": day,
        "to": None,
        "annex": None,
        "contact": False,
        "status": source.status,
        **rest,
        "body": [text.filled(basis=basis) for text in rest["body"]],
    }


def quoted(provision: Provision) -> Text:
    """An article with its words."""
    return _("{article}“{words}”", article=provision.article, words=provision.text.rstrip("。"))


def plain(reason: str | None) -> str:
    """A reason as it stands in a sentence."""
    return (reason or "").rstrip("。")
