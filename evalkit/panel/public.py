"""What follows from what a panel declares to be public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evalkit.base.text import Text, _
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    from evalkit.panel.model import Panel


def worked_out(panel: Panel, rubric: Rubric) -> Iterator[Text]:
    """What nobody declared to be public and everybody could work out from what is."""
    public = set(panel.rules.disclosure.public or ())
    parts = {"dimensions": _("各一级指标得分")}
    parts |= {"bonus": _("加分")} if rubric.bonus else {}
    parts |= {"deductions": _("扣分")} if rubric.deductions else {}
    names = {"total": _("总分"), **parts}
    secret = names.keys() - public
    if len(secret) == 1:
        (left,) = secret
        yield _(
            "rules.disclosure.public：没有公开{left}，但由公开的{rest}就能算出；"
            "要么一并公开，要么少公开一项",
            left=names[left],
            rest=[name for key, name in names.items() if key != left],
        )
