"""From a YAML tree to a validated model, or to a line in words for each thing that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from evalkit.base.declared import STILL_OPEN, UNDECIDED, UNSHOWN, Place, is_undecided
from evalkit.base.errors import InputError, Problem
from evalkit.base.schema import keys_at, schema_of, tags_at
from evalkit.base.terms import one_of
from evalkit.base.text import Text, _, normalise_number
from evalkit.base.yamltext import Tree

M = TypeVar("M", bound=BaseModel)

MAX_PROBLEMS = 1_000
"""A file with more is something else; nobody reads on."""


def build(model: type[M], tree: Tree) -> M:
    """``tree`` as a validated ``model``. Raises InputError with every problem and its line.

    More than `MAX_PROBLEMS` are only counted.
    """
    try:
        return model.model_validate(tree.value)
    except ValidationError as error:
        count = error.error_count()
        if count > MAX_PROBLEMS:
            text = _("有 {n} 处不合格式，多半不是这种文件", n=count)
            raise InputError(Problem(text, tree.source)) from None
        raise InputError(*(_problem(tree, e, model) for e in error.errors())) from error


def require(tree: Tree, found: Iterable[tuple[Place, Text]]) -> None:
    """Raise InputError for all that a check ``found``: places in the file, and what is wrong."""
    problems = [tree.problem(text, place) for place, text in found]
    if problems:
        raise InputError(*problems)


def _problem(tree: Tree, error: Any, model: type[BaseModel]) -> Problem:
    path: Place = ()
    missing = error["loc"][-1:] if error["type"] == "missing" else ()
    # a model that checks what it holds names the place below it beside the text
    _text, *below = getattr(error.get("ctx", {}).get("error"), "args", ()) or ("",)
    for part in (*error["loc"], *(below[0] if below else ())):
        # the name of a chosen variant stands in pydantic's path but not in the file
        if tree.has((*path, part)) or part in missing:
            path = (*path, part)
    if error["type"] == "extra_forbidden":
        said = unknown_key(error["loc"], model)
    else:
        if error["type"] == "union_tag_not_found":  # pydantic does not say what would do
            tags = tags_at(schema_of(model), error["loc"])
            error["ctx"]["expected_tags"] = "".join(f"'{tag}'" for tag in tags)
        said = explain(error)
    return tree.problem(said, path)


def unknown_key(path: Place, model: type[BaseModel]) -> Text:
    """About the key at the end of ``path`` below ``model``: it is quoted, and what fits is listed.

    A path as in a validation error; a variant that it names says for what the key does not fit.
    """
    *above, key = path
    keys = one_of(keys_at(schema_of(model), above))
    return _("未知的键“{key}”，请检查拼写或删去；这里可以写：{keys}", key=str(key), keys=keys)


def explain(error: Any) -> Text:
    """What one of pydantic's errors means, in words for the one who wrote the file."""
    context, given, kind = error.get("ctx", {}), error["input"], error["type"]
    if kind == "literal_error" or kind.startswith("union_tag"):
        return _unlisted(given, context)
    if is_undecided(given):
        return STILL_OPEN
    own = getattr(context.get("error"), "args", ())
    if foreign := _foreign(given, kind, own):
        return foreign
    if own and isinstance(own[0], Text):
        return own[0]
    for name, message in _LIMITED.items():
        if name in context and kind not in _PLAIN:
            return message.filled(value=given, limit=context[name])
    return _PLAIN.get(kind) or _("内容不合规则（{detail}）", detail=error["msg"])


_WIDE = str.maketrans("“”‘’、【】〔〕", "\"\"'',[][]")


_QUOTES = "“”‘’「」『』"


def _foreign(given: Any, kind: str, own: tuple[Any, ...]) -> Text | None:
    """About a word, number or list that is wrong for its Chinese punctuation or full width."""
    if not isinstance(given, str) or len(given) > 200 or kind not in _STRICT:
        return None
    if own and getattr(own[0], "message", "") in (STILL_OPEN.message, UNSHOWN):
        return None
    if given[:1] in _QUOTES and given[-1:] in _QUOTES and given:
        inner = given.strip(_QUOTES)
        return _("“{value}”外面的引号是中文的，请去掉，或改成英文的引号", value=inner)
    plain = normalise_number(given.translate(_WIDE))
    pairs = zip(given.strip(), plain, strict=False)
    char = next(((a, b) for a, b in pairs if a != b), None)
    if char is None:
        return None
    return _(
        "“{value}”里的“{char}”是中文标点或全角字符，请改成半角的 {half}",
        value=given,
        char=char[0],
        half=char[1],
    )


def unusable(value: object, options: Text | str | Iterable[object]) -> Text:
    """That ``value`` is none of the ``options``."""
    limit = options if isinstance(options, Text | str) else list(options)
    return _("“{value}”不可用，可选：{limit}", value=value, limit=limit)


def _unlisted(given: Any, context: Mapping[str, Any]) -> Text:
    """About a word that is none of those that may be chosen, or a variant that is not named."""
    # pydantic lists them as 'a', 'b' or 'c'
    listed = re.findall("'([^']*)'", context.get("expected") or context.get("expected_tags", ""))
    options = one_of(listed)
    if is_undecided(given):
        return _("还是“{value}”，请写明是哪一个：{limit}", value=UNDECIDED, limit=options)
    if "discriminator" not in context:
        return unusable(given, options)
    field = context["discriminator"].strip("'")
    if not listed:
        return _("须写明 {field}", field=field)
    if "tag" in context:
        values = {"field": field, "value": context["tag"], "options": options}
        return _("{field} 不能是“{value}”，可选：{options}", **values)
    return _("须写明 {field}，可选：{options}", field=field, options=options)


_STRICT = {
    *("value_error", "literal_error", "bool_type", "bool_parsing", "list_type", "tuple_type"),
    *("model_type", "dict_type", "mapping_type", "union_tag_invalid"),
}
"""Pydantic's kinds of error about what may not be written freely."""

_LIMITED = {
    "max_length": _("超过 {limit} 个字符，请缩短"),
    "le": _("“{value}”太大，最大是 {limit}"),
}
"""Errors that say what would do, by the name under which pydantic says it."""

_PLAIN = {
    "missing": _("缺少这一项，请补上"),
    **dict.fromkeys(("string_too_short", "too_short"), _("不能为空，请填写")),
    "string_type": _("这里应是文字"),
    **dict.fromkeys(
        ("model_type", "model_attributes_type", "dict_type", "mapping_type"),
        _("这里应是若干“键: 值”"),
    ),
    **dict.fromkeys(("bool_type", "bool_parsing"), _("这里应是 true 或 false")),
    **dict.fromkeys(("list_type", "tuple_type"), _("这里应是列表，每项以 - 开头")),
}
"""Pydantic's kinds of error that need no detail."""
