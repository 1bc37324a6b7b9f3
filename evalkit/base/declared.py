"""The base of everything that people declare in YAML: strict, frozen, exact, with good errors."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Context, Decimal
from inspect import get_annotations
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from evalkit.base.schema import said_below
from evalkit.base.text import ID_PATTERN, Text, _, bad_character, is_id

M = TypeVar("M", bound=BaseModel)

Place = tuple[str | int, ...]
"""Where something stands in a file: keys, and numbers of list items."""

UNDECIDED = "待定"
"""What a draft has where a person still has to write something. No declared text may be this."""

DIGITS, DECIMALS = 12, 6
"""The most digits of a declared number before the decimal point, and behind it."""

_NUMBER = rf"-?[0-9]{{1,{DIGITS}}}(\.[0-9]{{1,{DECIMALS}}})?"
_LONGER = r"-?[0-9]+(\.[0-9]+)?"


class Declared(BaseModel):
    """A part of a declared file: frozen, and an unknown key is an error.

    Its schema says of each field what stands below it in the source. Only there: pydantic's own
    way reads the source of every class at each start, and builds a validator for each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        found = handler(core_schema)
        shown = handler.resolve_ref_schema(found)["properties"]
        for name, field in cls.model_fields.items():
            owner = next(c for c in cls.__mro__ if name in get_annotations(c))
            if text := said_below(owner.__module__)[owner.__name__].get(name):
                shown[field.alias or name].setdefault("description", text)
        return found

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that knows nothing of what was worked out from the original, its digest say."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


class TooLong(ValueError):  # noqa: N818  (what is said of the number)
    """A number with more digits than `DIGITS` and `DECIMALS`."""


def decimal(text: Any) -> Decimal:
    """The exact decimal that ``text`` writes in plain digits, without trailing zeros.

    Raises ValueError for anything else: nan, inf, exponents, full-width digits, blanks; `TooLong`
    for more digits than `DIGITS` and `DECIMALS`.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        text = str(text)
    if isinstance(text, Decimal) and text.is_finite():
        text = format(text, "f")
    if not isinstance(text, str) or not re.fullmatch(_LONGER, text):
        raise ValueError(_("“{value}”不是数字，请写成 8 或 8.5 这样的形式", value=text))
    if not re.fullmatch(_NUMBER, text):
        raise TooLong(
            _(
                "“{value}”的位数太多：小数点前至多 {whole} 位，小数点后至多 {places} 位，请取整",
                value=text,
                whole=DIGITS,
                places=DECIMALS,
            )
        )
    return plain(Decimal(text))


def plain(number: Decimal, context: Context | None = None) -> Decimal:
    """``number`` without trailing zeros or exponent, so that equal values look equal."""
    number = number.normalize(context)
    whole = int(number.as_tuple().exponent) > 0
    return number.quantize(Decimal(1), context=context) if whole else number


def is_undecided(given: Any) -> bool:
    """Whether a draft still leaves this open."""
    return isinstance(given, str) and given.strip() == UNDECIDED


STILL_OPEN = _("还是“{value}”，请填写确定的内容", value=UNDECIDED)

UNSHOWN = _("第 {n} 个字符不是可显示的文字，请删去").message


def _identifier(text: Any) -> Any:
    if isinstance(text, str) and not is_id(text):
        raise ValueError(
            _("“{value}”不能作为标识，只能用字母、数字、_ 和 -，最长 64 个字符", value=text)
        )
    return text


def _words(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    if (position := bad_character(text)) is not None:
        raise ValueError(Text(UNSHOWN, {"n": position + 1}))
    if (text := text.strip()) == UNDECIDED:
        raise ValueError(STILL_OPEN)
    return text


def _whole(text: Any) -> Any:
    if isinstance(text, str) and not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(_("“{value}”不是非负整数", value=text))
    return int(text) if isinstance(text, str) else text


def _date(text: Any) -> Any:
    if isinstance(text, str) and (wrong := wrong_day(text)):
        raise ValueError(wrong)
    try:
        return date.fromisoformat(text).isoformat()
    except (TypeError, ValueError):
        raise ValueError(_("“{value}”不是日期，请写成 2026-01-12", value=text)) from None


def wrong_day(text: str) -> Text | None:
    """What is wrong with a text that begins as a day, where the calendar has no such day."""
    found = re.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])", text)
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    if not 1 <= month <= 12:
        return _("“{value}”：没有 {month} 月", value=text, month=month)
    if not 1 <= day <= monthrange(max(year, 1), month)[1]:
        values = {"value": text, "year": year, "month": month, "day": day}
        return _("“{value}”：{year} 年 {month} 月没有 {day} 日", **values)
    return None


Identifier = Annotated[
    str,
    BeforeValidator(_identifier),
    WithJsonSchema({"type": "string", "pattern": f"^{ID_PATTERN}$"}),
]
"""A stable name for a thing; also a safe file name."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=4000), BeforeValidator(_words)]
"""Text for people, not empty."""

Number = Annotated[
    Decimal,
    BeforeValidator(decimal),
    PlainSerializer(lambda number: format(number, "f"), return_type=str),
    WithJsonSchema({"type": ["string", "number"], "pattern": f"^{_NUMBER}$"}),
]
"""An exact decimal; never passes through a float."""

Date = Annotated[str, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
"""A day, in ISO 8601."""

Whole = Annotated[int, BeforeValidator(_whole), WithJsonSchema({"type": "integer", "minimum": 0})]
"""A count."""
