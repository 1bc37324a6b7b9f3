"""A submitted sheet that its own expert takes back, where the panel declared that this may be."""

from __future__ import annotations

from evalkit.base.errors import Refused
from evalkit.base.text import Text, _
from evalkit.log.events import Entry
from evalkit.panel import Panel
from evalkit.record.history import History
from evalkit.record.open_sheet import require_own
from evalkit.record.payload import require_payload, require_text

KIND = "withdraw"


def admit(panel: Panel, history: History, entry: Entry) -> None:
    """Raise Refused, with the reason, unless the author may take this sheet back now."""
    require_own(panel, entry)
    require_payload(entry, {"text"})
    require_text(entry.payload["text"], required=False)
    if not history.submitted(entry.author, entry.applicant):
        raise Refused(_("这份评分表没有提交，不必收回"))
    if problem := forbidden(panel):
        raise Refused(problem)


def forbidden(panel: Panel) -> Text | None:
    """Why no sheet may be taken back in this round; None where that is declared."""
    return {
        "until_lock": None,
        "never": _("本轮规定提交后不能自己收回（rules.withdrawal），如须修改，请评审秘书退回"),
        None: _("本轮没有声明提交后可否自己收回（rules.withdrawal），如须修改，请评审秘书退回"),
    }[panel.rules.withdrawal]
