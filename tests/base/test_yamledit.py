"""A drafted file is filled in by command: what is written stands there, the rest stays."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.base import yamltext
from evalkit.base.errors import InputError
from evalkit.base.yamledit import declare, marks
from evalkit.panel import find_rubric, load_panel
from evalkit.rubric.provisions import Procedure
from tests.support.command import evalkit
from tests.support.drafts import IDS, ROUNDS, drafted, write

FILE = """\
# a comment that stays
format: evalkit-panel/1
title: old  # 请替换
rules:
  # what it is
  step: 待定
  rounding: {mode: half_up, places: 2}  # flow
experts:
  - {id: e1, name: 甲}
  - id: e2
    name: 乙

# the end
"""


def changed(before: str, after: str) -> list[str]:
    """Lines that came or went."""
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in found if line[:2] in ("- ", "+ ")]


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("title", "新的题目", "title: 新的题目"),
        ("title", "a: b # c", 'title: "a: b # c"'),
        ("title", "yes", 'title: "yes"'),
        ("title", " 两边有空白 ", "title: 两边有空白"),
        ("rules.step", "0.5", "  step: 0.5"),
        ("rules.step", "0.50", "  step: 0.50"),
        ("rules.rounding.places", "3", "  rounding: {mode: half_up, places: 3}  # flow"),
        ("rules.rounding", "{mode: up}", "  rounding: {mode: up}  # flow"),
        ("experts[0].name", "丙", "  - {id: e1, name: 丙}"),
        ("experts[e2].name", "丁", "    name: 丁"),
        ("experts[1].name", "丁", "    name: 丁"),
    ],
)
def test_one_line_changes(tmp_path: Path, key: str, value: str, line: str) -> None:
    """By key, by place or by id; comments and layout stay."""
    file = tmp_path / "file.yaml"
    file.write_text(FILE, "utf-8")
    declare(file, {key: value})
    now = file.read_text("utf-8")
    assert [text for text in changed(FILE, now) if text[0] == "+"] == [f"+ {line}"]
    assert len(changed(FILE, now)) == 2


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("rules.ties", "  ties: []"),
        ("experts[e2].role", "    role: []"),
        ("procedure", "procedure: []"),
        ("experts[0].role", "  - {id: e1, name: 甲, role: []}"),
    ],
)
def test_a_new_key_is_added_where_it_belongs(tmp_path: Path, key: str, line: str) -> None:
    """At the end of its mapping, before the comments that follow it."""
    file = tmp_path / "file.yaml"
    file.write_text(FILE, "utf-8")
    declare(file, {key: "[]"})
    now = file.read_text("utf-8")
    assert f"+ {line}" in changed(FILE, now)
    assert now.endswith("\n# the end\n")


def test_a_block_is_replaced_whole(tmp_path: Path) -> None:
    """Another file's content in the place of a list."""
    file, other = tmp_path / "file.yaml", tmp_path / "people.yaml"
    file.write_text(FILE, "utf-8")
    other.write_text("- {id: e9, name: 壬}\n", "utf-8")
    declare(file, {"experts": f"@{other}"})
    tree = yamltext.read(file)
    assert tree.value["experts"] == [{"id": "e9", "name": "壬"}]
    assert file.read_text("utf-8").endswith("\n# the end\n")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("rules.missing.deep", "1", "“rules.missing.deep”在文件里没有；这一层有 step、rounding"),
        ("experts[7].name", "x", "在文件里没有"),
        ("experts[zz].name", "x", "在文件里没有"),
        ("title.x", "1", "在文件里没有"),
        ("", "1", "不是键"),
        ("a[", "1", "不是键"),
        ("rules.rounding", "{mode: ", "“rules.rounding”的值不能用"),
        ("rules.step", "&x 1", None),
        ("title", "第一行\n第二行", None),
    ],
)
def test_what_leads_nowhere_changes_nothing(
    tmp_path: Path, key: str, value: str, said: str | None
) -> None:
    """Everything is written or nothing; what looks like YAML but is none is taken as text."""
    file = tmp_path / "file.yaml"
    file.write_text(FILE, "utf-8")
    if said is None:
        declare(file, {key: value})
        assert value in str(yamltext.read(file).value).replace("\\n", "\n")
        return
    with pytest.raises(InputError, match=re.escape(said)):
        declare(file, {"title": "new", key: value})
    assert file.read_text("utf-8") == FILE


@given(st.text(min_size=1).filter(lambda text: text.isprintable() and text[0] not in "@{[\"'"))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Whatever a person types is what is read afterwards, but for white space around plain text."""
    file = tmp_path_factory.mktemp("any") / "file.yaml"
    file.write_text(FILE, "utf-8")
    try:
        declare(file, {"title": text})
    except InputError:
        assert file.read_text("utf-8") == FILE
    else:
        assert yamltext.read(file).value["title"] in (text, text.strip())


FINISHED = [
    pytest.param(*round_, id=id, marks=() if n % 4 == 0 else pytest.mark.soak)
    for n, (id, round_) in enumerate(zip(IDS, ROUNDS, strict=True))
]


@pytest.mark.parametrize(("rubric", "procedure"), FINISHED)
def test_every_draft_can_be_finished_by_command(
    tmp_path: Path, rubric: str, procedure: Procedure | None
) -> None:
    """Each 待定 by its key, with the first of the listed choices: no editor, and it loads."""
    text = drafted(rubric, procedure)
    file = write(tmp_path, text)
    first: dict[int, str] = {}
    choices: list[str] = []
    for n, line in enumerate(text.splitlines(), 1):
        if re.match(r" *# 写法", line):
            choices = []
        elif option := re.fullmatch(r" *# {5}(.*)", line):
            choices.append(option[1])
        if line.endswith(": 待定"):
            first[n] = "\n".join(choices) if line.startswith("table:") else choices[0]
    tree = yamltext.read(file)
    keys = evalkit("declare", file).stdout
    for path, n in tree.lines.items():
        if n in first and yamltext.dotted(path) in keys:
            value = first[n]
            if "\n" in value:
                (tmp_path / "table.yaml").write_text(value, "utf-8")
                value = f"@{tmp_path / 'table.yaml'}"
            run = evalkit("declare", file, f"{yamltext.dotted(path)}={value}")
            assert run.returncode == 0, run.stderr
    assert "没有待定的了" in evalkit("declare", file).stdout
    assert load_panel(file, find_rubric(file)).rubric == rubric


DRAFT = """\
version: 待定  # 待定：请写版本
dimensions:
  - id: d1  # 待定：占位标识
    name: 产业
    indicators:
      - id: i1  # 待定：占位标识
        number: "1.1"
        name: 规模
        points: 10
        # 待定：measure：照原文写
people:  # 请替换
  - {id: e1, name: 甲}
rules:
  # 打分的最小单位
  # 写法：
  #     0.5
  step: 待定
"""


def test_marks_go_with_what_is_written(tmp_path: Path) -> None:
    """What a draft asks to look at is listed by line until somebody has written it."""
    file = tmp_path / "file.yaml"
    file.write_text(DRAFT, "utf-8")
    assert marks(file) == {
        "占位标识": ["dimensions[0].id", "dimensions[0].indicators[0].id"],
        "measure：照原文写": [10],
        "请替换": ["people"],
    }
    left = declare(
        file, {"version": "2026", "[1.1].measure": "{method: agreed}", "规模.id": "size"}
    )
    assert left == ["rules.step"]
    assert marks(file) == {"占位标识": ["dimensions[0].id"], "请替换": ["people"]}
    declare(file, {"people": "[{id: e2, name: 乙}]", "产业.id": "industry"})
    assert marks(file) == {}
    assert yamltext.read(file).value["dimensions"][0] == {
        "id": "industry",
        "name": "产业",
        "indicators": [
            {
                "id": "size",
                "number": "1.1",
                "name": "规模",
                "points": "10",
                "measure": {"method": "agreed"},
            }
        ],
    }


def test_a_name_of_several_is_refused(tmp_path: Path) -> None:
    """With the lines at which they stand; a name of nothing is no key."""
    file = tmp_path / "file.yaml"
    file.write_text(DRAFT.replace("name: 规模", "name: 产业"), "utf-8")
    with pytest.raises(InputError, match=r"“产业”不止一处，在第 3、6 行，请写全键"):
        declare(file, {"产业.id": "x"})
    with pytest.raises(InputError, match=r"“规模\.id”在文件里没有"):
        declare(file, {"规模.id": "x"})


def test_the_command_tells_what_may_stand_there(tmp_path: Path) -> None:
    """A key alone shows its lines with the comments above; nothing is written."""
    file = tmp_path / "file.yaml"
    file.write_text(DRAFT, "utf-8")
    said = evalkit("declare", file, "rules.step").stdout
    assert said.splitlines() == DRAFT.splitlines()[-4:]
    assert evalkit("declare", file, "规模.points").stdout.strip() == "points: 10"
    assert evalkit("declare", file, "people").stdout.splitlines() == DRAFT.splitlines()[10:12]
    assert "在文件里没有" in evalkit("declare", file, "rules.none").stderr
    assert "请写成 键=值" in evalkit("declare", file, "rules.step", "version=1").stderr
    said = evalkit("declare", file).stdout
    assert "  请看 第 10 行：measure：照原文写\n  请看 people：请替换\n" in said
    assert file.read_text("utf-8") == DRAFT


def test_line_ends_of_windows_stay(tmp_path: Path) -> None:
    """The editor of an office ends lines in two characters."""
    file = tmp_path / "file.yaml"
    file.write_bytes(FILE.replace("\n", "\r\n").encode())
    declare(file, {"rules.step": "0.5"})
    assert file.read_bytes() == FILE.replace("待定", "0.5").replace("\n", "\r\n").encode()


def test_a_key_without_a_value_gets_one(tmp_path: Path) -> None:
    """A drafted ledger leaves the value out, not even a blank stands behind the colon."""
    file = tmp_path / "ledger.yaml"
    file.write_text("id: a\nas_of:\noffice: b\n", "utf-8")
    declare(file, {"as_of": "2026-01-31"})
    assert file.read_text("utf-8") == "id: a\nas_of: 2026-01-31\noffice: b\n"
