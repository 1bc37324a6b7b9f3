"""The forms that a text prints: what is to be filled in, and in how many characters.

A limit (“500字以内”) includes its number [CC1259]_ and is counted as word processors count 字数.
"""

from __future__ import annotations

import re

from evalkit.base.declared import Date, Declared, Identifier, Whole, Words
from evalkit.base.text import Text, _
from evalkit.rubric.provisions import Provision


def length(text: str) -> int:
    """How many characters (字数) ``text`` has.

    Each Chinese character and each of its marks counts one, a run of letters, digits and ASCII
    marks counts one together, and blanks count nothing.
    """
    return len(re.findall(r"[!-~]+|[^\s!-~]", text))


class Limited(Declared):
    """Something that the text wants written in so many characters at most."""

    most_characters: Whole | None = None
    """字数上限，含本数"""
    strict: bool = True
    """false：原文为“原则上”，超出只提醒"""

    def beyond(self, characters: int) -> Text | None:
        """That ``characters`` are more than the limit; None where they are not."""
        if self.most_characters is None or characters <= self.most_characters:
            return None
        values = {"n": characters, "most": self.most_characters}
        if self.strict:
            return _("有 {n} 字，超过上限 {most} 字，请删减", **values)
        return _("有 {n} 字，原则上不超过 {most} 字，请核对", **values)


class Material(Provision, Limited):
    """A document that an applicant submits."""

    name: Words
    form: Identifier | None = None
    """所用表格的标识；原文没有附表格的留空"""
    due: Date | None = None


class FormEntry(Limited):
    """A line, cell or section of a form, in its order."""

    id: Identifier
    article: Words
    """在表格的什么位置，如 附件4-2一、赋能中心基本情况"""
    name: Words
    """栏目或标题，与原文一致"""
    text: Words | None = None
    """栏内或标题下印的说明，逐字"""
    if_any: bool = False
    """true：原文为“如有”"""
    signed: Words | None = None
    """须在纸上盖章、签字的：原文的话"""


class Form(Provision):
    """A form (模板) that an applicant fills in."""

    name: Words
    issuer: Words | None = None
    """由谁制发"""
    instructions: tuple[Provision, ...] = ()
    """填报说明，逐段"""
    entries: tuple[FormEntry, ...]

    @property
    def writable(self) -> tuple[FormEntry, ...]:
        """What is to be written; what is sealed or signed stands on paper only."""
        return tuple(entry for entry in self.entries if entry.signed is None)
