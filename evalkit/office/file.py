"""The office's file: who decides, what the texts leave open, and what was decided on whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from evalkit.base.declared import Date, Declared, Identifier, Whole, Words
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.office.decisions import AnyRecord


class Person(Declared):
    """Somebody who acts under a name and in roles that the text or the office names."""

    id: Identifier
    name: Words
    roles: tuple[Words, ...] = Field(min_length=1)
    """身份，如 市工信局；与原文或 rules 中的写法相同"""


def _wait(text: Any) -> Any:
    if text == "never" or isinstance(text, int):
        return text
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 6:
        return int(text)
    raise ValueError(_("“{value}”不可用，请写天数，或 never（不得再申报）", value=text))


Wait = Annotated[
    int | Literal["never"],
    BeforeValidator(_wait),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"const": "never"}]}),
]


def _month_and_day(text: Any) -> Any:
    try:
        date.fromisoformat(f"2025-{text}")  # no leap year: the day has to exist in each
    except ValueError:
        raise ValueError(_("“{value}”不是每年都有的日子，请写成 03-31", value=text)) from None
    return text


class Owing(Declared):
    """From when and how often something is owed under a duty; no text says."""

    first: Literal["same_year", "next_year"] | None = None
    """每年报一次的：same_year 取得称号的当年就要报；next_year 从次年起"""
    by: Annotated[str, BeforeValidator(_month_and_day)] | None = Field(None, examples=["03-31"])
    """每年报一次的：次年的哪一日以前，如 03-31"""
    every: Whole | None = Field(None, examples=["180"])
    """定期报的：上一次之后至多多少天"""

    @model_validator(mode="after")
    def _one_way(self) -> Owing:
        yearly = self.first is not None and self.by is not None
        if yearly is bool(self.every) or (self.first is None) != (self.by is None):
            raise ValueError(_("写明 first 和 by（每年一次），或 every（每隔多少天，至少 1）"))
        return self


class OfficeRules(Declared):
    """What the texts leave open, by the id of the stage or rule concerned. There are no defaults.

    Days are calendar days; the day on which a period begins does not count [CC201]_.
    """

    actors: Mapping[Identifier, Words] = {}
    """原文没有写明由谁做的环节、由谁决定的规定：由谁"""
    judges: Mapping[Identifier, Words] = {}
    """须有人判断的：必要与否、异议是否成立、情形是否成立"""
    days: Mapping[Identifier, Whole] = {}
    """公示、整改、提前告知的天数；定期评估的间隔"""
    objections: Mapping[Identifier, Literal["continue", "anew"]] = {}
    """异议不成立的：continue 公示继续；anew 自答复之日重新计期"""
    repeat_from: Mapping[Identifier, Identifier] = {}
    """整改后从哪一环节重新评估"""
    meanwhile: Mapping[Identifier, Literal["kept", "suspended"]] = {}
    """重新认定期间：kept 原资格保留；suspended 中止"""
    titles: Mapping[Identifier, Words] = {}
    """原文没有规定名称的认定程序：授予的名称"""
    reapplication: Wait | None = None
    """撤销后隔多少天可以重新申报；never 不得再申报"""
    owed: Mapping[Identifier, Owing] = {}
    """可以不写：认定后的义务（duties），从哪一年起、在哪一日以前报送；不写的不判断逾期"""


class Round(Declared):
    """One round of a procedure."""

    id: Identifier
    procedure: Identifier
    year: Whole
    due: Mapping[Identifier, Date] = {}
    """各环节须完成的最后一日"""


class Recognised(Declared):
    """A title that was awarded before this file begins, or by a procedure of another text."""

    day: Date
    title: Words
    document: Words
    """公布认定的文件或网页"""


class Applicant(Declared):
    """Whom the records are about."""

    id: Identifier
    name: Words
    recognised: Recognised | None = None
    persons: tuple[Person, ...] = ()
    """只对这一对象办理的人，如申报单位自己的经办人、所在市的主管部门"""
    records: tuple[AnyRecord, ...] = ()
    """按作出的先后"""


class Office(Declared):
    """The records of an office under one text. Immutable; load it with `load_office`."""

    format: Literal["evalkit-standing/1"]
    id: Identifier
    title: Words
    rubric: Identifier
    office: Words
    """办公室名称"""
    persons: tuple[Person, ...] = ()
    """对所有对象办理的人"""
    rules: OfficeRules
    rounds: tuple[Round, ...] = ()
    applicants: tuple[Applicant, ...] = ()

    def people(self, applicant: Applicant) -> dict[str, Person]:
        """Who may act for ``applicant``, by id."""
        return {p.id: p for p in (*self.persons, *applicant.persons)}

    def applicant(self, id: str) -> Applicant:
        """The applicant with this id. Raises InputError for an unknown one."""
        for applicant in self.applicants:
            if applicant.id == id:
                return applicant
        raise InputError(_("登记文件 {office} 中没有对象 {id}", office=self.id, id=id))
