"""What people type in YAML with a Chinese keyboard: the line, the character, the remedy."""

from __future__ import annotations

import pytest

from evalkit.base import yamltext
from evalkit.base.build import build
from evalkit.base.declared import Date, Declared, Identifier, Number, Words
from evalkit.base.errors import InputError
from evalkit.panel.model import Schedule

COLON = "后面是全角冒号“：”，请改成半角冒号加空格"

READ: list[tuple[str, str]] = [
    ("a: 1\nstep：0.5\nb: 2\n", f"f 第 2 行：键“step”{COLON}"),
    ("a: 1\nstep：0.5\n", f"f 第 2 行：键“step”{COLON}"),
    ("step：0.5\na: 1\n", f"f 第 1 行：键“step”{COLON}"),
    ("step：0.5\n", f"f 第 1 行：键“step”{COLON}"),
    ("rules:\n  step：0.5\n", f"f 第 2 行：键“step”{COLON}"),
    ("rules:\n  step ：0.5\n  b: 1\n", f"f 第 2 行：键“step”{COLON}"),
    ("rules：\n  step: 0.5\n", f"f 第 1 行：键“rules”{COLON}"),
    ("a:\n- id：c01\n  name: 甲\n", f"f 第 2 行：键“id”{COLON}"),
    ("a:\n- id: c01\n  name：甲\n  lead: 乙\n", f"f 第 3 行：键“name”{COLON}"),
    ("a:\n- id: c01\n  name：甲\n- id: c02\n", f"f 第 3 行：键“name”{COLON}"),
    ("a: 1\nb:2\n", "f 第 2 行：键“b”的冒号后面缺少空格"),
    ("a: &x [1]\nb: *x\n", "Dumper.ignore_aliases = lambda *_: True"),
    ("a: 1\nb: *x\n", "f 第 2 行：不允许使用锚点或别名"),
    ("a:\n\u3000b: 1\n", "f 第 2 行：缩进或文字开头用了特殊的空白 U+3000"),
    ("a:\n\u00a0\u00a0b: 1\n", "f 第 2 行：缩进或文字开头用了特殊的空白 U+00A0"),
    ("a:\n\tb: 1\n", "f 第 2 行：不是合法的 YAML（缩进用了 Tab"),
    ("a: 1\nb: \x07\n", "f 第 2 行：含有 YAML 不允许的字符 U+0007"),
    ("a: 1 # x\u2028b: 2\n", "f 第 1 行：含有 YAML 不允许的字符 U+2028"),
    ("a: 1 # x\x85b: 2\n", "f 第 1 行：含有 YAML 不允许的字符 U+0085"),
    ("a: 1\nb:\t2\n", "f 第 2 行：键“b”的冒号后面是特殊的空白 U+0009"),
    ("a: 1\nb:\xa02\n", "f 第 2 行：键“b”的冒号后面是特殊的空白 U+00A0"),
    ("a: 1\nb:\u30002\n", "f 第 2 行：键“b”的冒号后面是特殊的空白 U+3000"),
    ("a: 1\nst\u200bep: 2\n", "f 第 2 行：“st□ep”的第 3 个字符 U+200B 看不见"),
    ("a:\n－ id: c01\n  name: 甲\n", "f 第 2 行：列表项须以半角 - 加空格开头，这里是“－”"),
    ("a:\n• id: c01\n  name: 甲\n", "f 第 2 行：列表项须以半角 - 加空格开头，这里是“•”"),
    ("a:\n-id: c01\n  name: 甲\n", "f 第 2 行：列表项须以半角 - 加空格开头，这里是“-”"),
    ("a:\n<<<<<<< HEAD\n  b: 1\n", "f 第 2 行：这是 git 合并留下的标记"),
    ('a: "C:\\Users"\n', "双引号里的 \\ 另有含义"),
    ("%YAML 9.9\n---\na: 1\n", "%YAML 一行的版本读不了"),
]


@pytest.mark.parametrize(("text", "message"), READ)
def test_the_line_and_the_character(text: str, message: str) -> None:
    """One line that names the key on its own line, and what to type instead."""
    with pytest.raises(InputError) as caught:
        yamltext.parse(text, "f")
    (line,) = caught.value.render().splitlines()
    assert message in line


FINE = [
    "title: AI：人工智能\n",
    "note: >\n  说明：如下\n  AI：人工智能\n",
    'note: "a: 1\n  step：0.5"\n',
    "note:\n  说明：如下\n",
    "url: http://example.org/a\n",
    "note: 见\n  http://example.org/a\n",
    "note: |\n  - id：甲\n  • id: 乙\n  <<<<<<< x\n",
    "note: '• id: 乙'\n",
    "ties:\n- indicator:i1\n- unrounded:indicator:i1\n",
]


@pytest.mark.parametrize("text", FINE)
def test_a_full_width_colon_in_text_is_text(text: str) -> None:
    """In a value, in quotes, in a block, behind Chinese words."""
    assert yamltext.parse(text, "f").value


class Thing(Declared):
    """One of each kind of declared value."""

    id: Identifier = "x"
    number: Number | None = None
    day: Date = "2026-01-01"
    names: tuple[Identifier, ...] = ()
    words: Words = "x"


TYPED: list[tuple[str, str]] = [
    ("number: “0.5”", "number：“0.5”外面的引号是中文的，请去掉，或改成英文的引号"),
    ("number: ‘0.5’", "number：“0.5”外面的引号是中文的"),
    ("number: 「0.5」", "number：“0.5”外面的引号是中文的"),
    ("number: ０.5", "number：“０.5”里的“０”是中文标点或全角字符，请改成半角的 0"),
    ("number: 0。5", "number：“0。5”里的“。”是中文标点或全角字符，请改成半角的 ."),
    ("number: 0，5", "number：“0，5”里的“，”是中文标点或全角字符，请改成半角的 ,"),
    ("number: abc", "number：“abc”不是数字"),
    ("id: c０1", "id：“c０1”里的“０”是中文标点或全角字符"),
    ("id: “c01”", "id：“c01”外面的引号是中文的"),
    ("names: [a，b]", "“a，b”里的“，”是中文标点或全角字符，请改成半角的 ,"),
    ("names: [a、b]", "“a、b”里的“、”是中文标点或全角字符，请改成半角的 ,"),
    ("names: 【a, b】", "names：“【a, b】”里的“【”是中文标点或全角字符，请改成半角的 ["),
    ("names: ［a, b］", "names：“［a, b］”里的“［”是中文标点或全角字符，请改成半角的 ["),
    ("day: 2026-02-30", "day：“2026-02-30”：2026 年 2 月没有 30 日"),
    ("day: 2026-13-01", "day：“2026-13-01”：没有 13 月"),
    ("day: 2026/1/1", "day：“2026/1/1”不是日期"),
    ("day: 2026－01－01", "里的“－”是中文标点或全角字符，请改成半角的 -"),
]


@pytest.mark.parametrize(("text", "message"), TYPED)
def test_values_with_chinese_punctuation(text: str, message: str) -> None:
    """The character is named, not only that the value is wrong."""
    with pytest.raises(InputError) as caught:
        build(Thing, yamltext.parse(text, "f"))
    assert message in caught.value.render()


def test_words_may_have_any_punctuation() -> None:
    """Text for people is left alone."""
    assert build(Thing, yamltext.parse("words: “评审”，（一）", "f")).words == "“评审”，（一）"


TIMES: list[tuple[str, str]] = [
    ("2026-01-26T24:00:00+08:00", "没有 24 点，请写成第二天的 00:00 或当天的 23:59:59"),
    ("2026-02-30T09:00:00+08:00", "2026 年 2 月没有 30 日"),
    ("2026-01-26T25:00:00+08:00", "没有 25:00 这个时刻"),
    ("2026-01-26T09:60:00+08:00", "没有 09:60 这个时刻"),
    ("2026-01-26T09:00:00", "没有写时区，请在后面加上，如 +08:00"),
    ("2026-01-26", "不是带时区的时刻"),
    ("2026-01-26T09：00：00+08:00", "里的“：”是中文标点或全角字符，请改成半角的 :"),
]


@pytest.mark.parametrize(("time", "message"), TIMES)
def test_instants_that_are_none(time: str, message: str) -> None:
    """The hour, the day or the offset is named."""
    data = f'opens: "2026-01-01T09:00:00+08:00"\nlock: "{time}"\n'
    with pytest.raises(InputError) as caught:
        build(Schedule, yamltext.parse(data, "f"))
    assert caught.value.render().startswith("f 第 2 行：lock：")
    assert message in caught.value.render()
