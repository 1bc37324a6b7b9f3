"""What a declared file may not contain, and how the error says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.base import yamltext
from evalkit.base.errors import InputError

BAD = [
    ("a: 1\nb: 2\na: 3\n", "f.yaml 第 3 行：键“a”重复（已见于第 1 行）"),
    ("a: &x 1\nb: *x\n", "f.yaml 第 1 行：不允许使用锚点或别名（& *），请把内容写全"),
    ("a: !!python/object:os.system x\n", "f.yaml 第 1 行：不允许使用标签"),
    ("a: NO\n", "f.yaml 第 1 行：“NO”在不同 YAML 版本中含义不同，请加引号"),
    ("a: 010\n", "f.yaml 第 1 行：“010”在不同 YAML 版本中含义不同，请加引号"),
    ("a: 1:30\n", "f.yaml 第 1 行：“1:30”在不同 YAML 版本中含义不同，请加引号"),
    ("a: .nan\n", "f.yaml 第 1 行：“.nan”在不同 YAML 版本中含义不同，请加引号"),
    ("[" * 40 + "]" * 40, "f.yaml 第 1 行：嵌套超过 32 层"),
    ("[" * 100_000, "f.yaml 第 1 行：嵌套超过 32 层"),
    ("a: [1\nb: 2\n", "f.yaml 第 2 行：不是合法的 YAML"),
    ("a: 人: 工\n", "f.yaml 第 1 行：不是合法的 YAML（“: ”出现在不该有的地方"),
    ("a:\n  b: 1\n c: 2\n", "f.yaml 第 3 行：不是合法的 YAML（缩进与上面各行不齐"),
    ("a: '人\nb: 1\n", "f.yaml 第 1 行：不是合法的 YAML（引号没有配对，从这一行开始）"),
    ("a:\n\tb: 1\n", "f.yaml 第 2 行：不是合法的 YAML（缩进用了 Tab"),
    ("a: {b: 1\nc: 2\n", "f.yaml 第 2 行：不是合法的 YAML（花括号没有配对"),
    ("a: &\n", "f.yaml 第 1 行：不是合法的 YAML（这一行读不通，常见的原因是缩进不齐"),
    ("? [1]\n: 2\n", "f.yaml 第 1 行：键必须是文字"),
    ("a: 1\n---\nb: 2\n", "f.yaml 第 2 行：一个文件只能有一个 YAML 文档"),
    ("a: \x00\n", "f.yaml 第 1 行：含有 YAML 不允许的字符 U+0000，请删去"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_refused_with_line_and_remedy(text: str, message: str) -> None:
    """One line: the file, the line, what is wrong, what to do."""
    with pytest.raises(InputError) as caught:
        yamltext.parse(text, "f.yaml")
    assert caught.value.render().startswith(message)


def test_every_scalar_stays_the_text_of_the_file() -> None:
    """Nothing turns into a float, a date or a truth value; quotes make any text welcome."""
    tree = yamltext.parse('a: 8.50\nb: 2026-01-12\nc: true\nd: "NO"\ne:\nf: [1, "010"]\n', "f")
    assert tree.value == {
        "a": "8.50",
        "b": "2026-01-12",
        "c": "true",
        "d": "NO",
        "e": "",
        "f": ["1", "010"],
    }
    assert tree.line(("f", 1)) == 6
    assert tree.line(("f", 7, "nowhere")) == 6


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a huge one and another encoding each get an error that names the file."""
    with pytest.raises(InputError, match="无法读取（没有这个文件或文件夹），请检查路径"):
        yamltext.read(tmp_path / "none.yaml")
    (tmp_path / "huge.yaml").write_bytes(b"a" * (yamltext.MAX_BYTES + 1))
    with pytest.raises(InputError, match="超过 1000000 字节"):
        yamltext.read(tmp_path / "huge.yaml")
    (tmp_path / "many.yaml").write_text("a:\n" + "- 1\n" * yamltext.MAX_NODES, "utf-8")
    with pytest.raises(InputError, match="第 100000 行：内容超过 100000 项"):
        yamltext.read(tmp_path / "many.yaml")
    (tmp_path / "gbk.yaml").write_bytes("a: 1\nb: 人工智能\n".encode("gbk"))
    with pytest.raises(InputError, match="第 2 行：不是 UTF-8 编码"):
        yamltext.read(tmp_path / "gbk.yaml")
    for data, message in (
        (b"%PDF-1.7", "这是PDF 文件，不是"),
        (b"<html>", "这是网页（HTML），不是"),
    ):
        (tmp_path / "other.yaml").write_bytes(data)
        with pytest.raises(InputError, match=message):
            yamltext.read(tmp_path / "other.yaml")
