"""What a template calls its looks: page layouts and paragraph styles; and columns of tables."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

from evalkit.base.text import Text, _


class Layout(IntEnum):
    """The sections of the template, in their order: page, margins, header and footer."""

    UPRIGHT, ACROSS, OFFICIAL = range(3)


class Form(StrEnum):
    """Paragraph styles of the forms that people sign, by their names in Word."""

    ROUND = "表单 评审"
    NAME = "表单 名称"
    MARK = "表单 标记"
    FACTS = "表单 概况"
    HEADING = "表单 小标题"
    NOTE = "表单 注"
    SIGN = "表单 签字"
    SHEET = "表单 对象"
    HEAD = "表单 表头"
    TEXT = "表单 文字格"
    MIDDLE = "表单 居中格"
    NUMBER = "表单 数字格"
    GAP = "表单 表后"


class Notice(StrEnum):
    """Paragraph styles of official papers: the list for publicity, minutes."""

    TITLE = "公示 标题"
    BODY = "公示 正文"
    BLANK = "公示 空项"
    ISSUER = "公示 落款"
    ANNEX = "公示 附件"
    LIST = "公示 名单标题"
    HEAD = "公示 表头"
    NAME = "公示 名称格"
    MIDDLE = "公示 居中格"
    REMARK = "公示 附注"


Style = Form | Notice
STYLES: tuple[Style, ...] = (*Form, *Notice)


class Column(NamedTuple):
    """A column of a table: its heading, its width in millimetres and the style of its cells."""

    heading: Text | str
    width: float
    style: Style


def over(column: Mapping[str, Any]) -> Text | str:
    """What stands over a column of a table that every paper shows: with its full points."""
    name, most = column["heading"], column["max"]
    return name if most is None else _("{name}（{max}）", name=name, max=most)


def measure(text: str) -> float:
    """Width of ``text`` in Chinese characters; others are taken as half as wide."""
    return sum(1 if char > "\u2e7f" else 0.5 for char in text)
