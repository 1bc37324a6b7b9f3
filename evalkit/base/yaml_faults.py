"""What is wrong in a text that is no YAML: on which line, and what to type instead."""

from __future__ import annotations

import re

import yaml

from evalkit.base.errors import Problem
from evalkit.base.text import Text, _

_SAID = {
    "mapping values are not allowed": _(
        "“: ”出现在不该有的地方：文字里有冒号加空格的请加引号，并核对缩进和上一行的冒号"
    ),
    "did not find expected key": _("缩进与上面各行不齐，或引号后面还有文字"),
    "did not find expected '-'": _("缩进与上面的列表不齐，或列表里少了 -"),
    "block sequence entries are not allowed": _("列表的 - 须另起一行"),
    "could not find expected ':'": _("键的后面缺少冒号和空格"),
    "cannot start any token": _("缩进用了 Tab，或文字以 @、`、% 开头；请改成空格，或给文字加引号"),
    "tab character": _("缩进用了 Tab，请改成空格"),
    "found unexpected end": _("引号没有配对，从这一行开始"),
    "expected ',' or ']'": _("方括号没有配对，或项与项之间少了逗号"),
    "expected ',' or '}'": _("花括号没有配对，或项与项之间少了逗号"),
    "expected node content": _("这里缺少内容，或括号没有配对"),
    "unknown escape character": _("双引号里的 \\ 另有含义，请改用单引号"),
    "hexdecimal number": _("双引号里的 \\ 另有含义，请改用单引号"),
    "incompatible YAML document": _("%YAML 一行的版本读不了，请删去这一行"),
    "found unknown directive": _("文字以 % 开头，请加引号"),
    "expected comment or line break": _("| 或 > 后面须另起一行"),
}
"""What the parser says of the commonest mistakes, and what has to be done about them."""


BREAKS = re.compile("[\x85\u2028\u2029]")
"""What ends a line in YAML 1.1 and in no editor: what follows, nobody sees as a line of its own."""


def unprintable(text: str, source: str, found: re.Match[str] | None) -> Problem:
    """About the character ``found`` in ``text`` that no YAML may hold."""
    if found is None:
        return Problem(_("含有 YAML 不允许的字符"), source)
    code = f"U+{ord(found[0]):04X}"
    line = text.count("\n", 0, found.start()) + 1
    return Problem(_("含有 YAML 不允许的字符 {code}，请删去", code=code), source, line)


_WIDE = re.compile(r"[ \u3000]*(?:- +)*([A-Za-z_][A-Za-z0-9_-]*) *：")
_TIGHT = re.compile(r" *([A-Za-z_][A-Za-z0-9_-]*):[^ /]")
"""Keys without the colon, or without the blank behind it, that YAML wants."""
_BLANK = re.compile(
    r" *(?:- +)*([A-Za-z_][A-Za-z0-9_-]*):([\t\xa0\u2000-\u200b\u202f\u3000\ufeff])"
)
_DASH = re.compile(r" *([－—–―−‐•·●◦*]|-(?=[A-Za-z_])) *[A-Za-z_][A-Za-z0-9_-]*[:：]")
"""Items of a list with another dash than YAML's, or without the blank behind it."""
_CONFLICT = re.compile(r"<{7} |={7}$|>{7} ")


_USUAL = re.compile(r" *(?:- )?[A-Za-z_][A-Za-z0-9_-]*:(?: |$)")
"""A key as YAML wants it, which none of these is."""


def odd_key(line: str) -> Text | None:
    """What is wrong around the key on ``line``, if it looks like one."""
    if _USUAL.match(line):
        return None
    if found := _WIDE.match(line):
        text = _("键“{key}”后面是全角冒号“：”，请改成半角冒号加空格；若是文字请加引号")
    elif found := _BLANK.match(line):
        text = _("键“{key}”的冒号后面是特殊的空白 {code}，请改成普通空格")
        return text.filled(key=found[1], code=f"U+{ord(found[2]):04X}")
    elif found := _TIGHT.match(line):
        text = _("键“{key}”的冒号后面缺少空格，请补上；若是文字请加引号")
    elif found := _DASH.match(line):
        text = _("列表项须以半角 - 加空格开头，这里是“{key}”；若是文字请加引号")
    elif found := _CONFLICT.match(line):
        return _("这是 git 合并留下的标记，请先合并好两边的改动")
    else:
        return None
    return text.filled(key=found[1])


def misread(error: yaml.MarkedYAMLError, lines: list[str], source: str) -> Problem:
    """What the parser stumbled over, on the line where it began."""
    said = error.problem or error.context or ""
    mark = error.problem_mark
    last = mark.line if mark else len(lines) - 1
    first = error.context_mark.line if error.context_mark else last
    # nearest first: the parser stumbles behind the place, and its context may begin far above
    for n in range(min(last, len(lines) - 1), max(min(first, last) - 2, last - 4, -1), -1):
        if (text := odd_key(lines[n])) is not None:
            return Problem(text, source, n + 1)
    if "unexpected end" in said:  # where the quotation begins, not where the file ends
        mark = error.context_mark or mark
    causes = _(
        "这一行读不通，常见的原因是缩进不齐、冒号后有空格的文字没有加引号（{said}）", said=said
    )
    detail = next((text for words, text in _SAID.items() if words in said), causes)
    line = mark.line + 1 if mark else None
    return Problem(_("不是合法的 YAML（{detail}）", detail=detail), source, line)
