"""What experts and secretaries work with in notebooks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from evalkit.base.errors import InputError
from evalkit.base.text import LANGUAGES, _

if TYPE_CHECKING:
    from evalkit.workbench.sheet import ScoreSheet


def score_sheet(workspace: str = "", expert: str = "", language: str = "") -> ScoreSheet:
    """The score sheets of one expert, as a form.

    ``workspace`` is the panel's folder and ``expert`` an id of the panel. Left empty, they are what
    ``evalkit sheet`` handed to this kernel. Raises InputError when they are nowhere given.
    """
    from evalkit.round import Round
    from evalkit.workbench.sheet import ScoreSheet

    workspace = workspace or os.environ.get("EVALKIT_WORKSPACE", "")
    expert = expert or os.environ.get("EVALKIT_EXPERT", "")
    language = language or os.environ.get("EVALKIT_LANGUAGE", LANGUAGES[0])
    if not workspace or not expert:
        raise InputError(
            _("请在上面的参数单元格里填写 workspace（评审工作文件夹）和 expert（专家标识）")
        )
    return ScoreSheet(Round.open(workspace), expert, language)
