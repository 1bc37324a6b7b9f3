"""The tidy table: what it may hold, what is refused in which words, and the way back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.base.errors import InputError
from evalkit.base.tables import read_table
from evalkit.base.text import normalise_number
from evalkit.facts.columns import CONFLICT, MISSING, NOT_ASKED, RECUSED, SCORED, UNSCORED
from evalkit.facts.tidy import from_frame
from evalkit.panel import Panel
from evalkit.record.fields import fields, points_problem
from evalkit.rubric import Rubric
from tests.support.builders import demo, frame, load, panel_data, rubric_data
from tests.support.examples import examples

BONUS = {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"}


@pytest.fixture(name="round_")
def _round(tmp_path: Path) -> tuple[Rubric, Panel]:
    applicants = [
        {
            "id": "A",
            "name": "甲",
            "lead": "某",
            "claims": [{"id": "n1", "title": "成果", "level": "national", "evidence": "1"}],
        },
        {"id": "B", "name": "乙", "lead": "示例单位2"},
    ]
    data = panel_data(
        3, applicants, {"bonus": BONUS}, assignment={"A": ["e1", "e2"], "B": ["e1", "e2"]}
    )
    return load(tmp_path, rubric_data((10, 5), bonus=True), data)


BAD = [
    (("A", "e1", "i1", "11", ""), "“11”超过“指标1”的满分 10"),
    (("A", "e1", "i1", "-2", ""), "“-2”小于 0，不能打分"),
    (("A", "e1", "i1", "4.3", ""), "“4.3”不是最小单位 0.5 的整数倍"),
    (("A", "e1", "i1", "4.33333", ""), "“4.33333”不是最小单位 0.5 的整数倍"),
    (
        ("A", "e1", "i1", "nan", ""),
        "“nan”不是分数，请写成 8 或 8.5 这样的形式；不打分的写 unscored",
    ),
    (("A", "e1", "i1", "inf", ""), "“inf”不是分数"),
    (("A", "e1", "i1", "1e999", ""), "“1e999”不是分数"),
    (("A", "e1", "i1", "=1+1", ""), "“=1+1”不是分数"),
    (("A", "e1", "i1", "abc", ""), "“abc”不是分数"),
    (("A", "e1", "i1", "6.499999999999999", ""), "“6.499999999999999”的位数太多"),
    (
        ("A", "e1", "i1", "1234567890123", ""),
        "“1234567890123”的位数太多：小数点前至多 12 位，小数点后至多 6 位，请取整",
    ),
    (("Z", "e1", "i1", "5", ""), "没有评审对象“Z”，请核对名单"),
    (("A", "e9", "i1", "5", ""), "没有专家“e9”，请核对名单"),
    (("A", "e1", "i9", "5", ""), "没有指标“i9”，请核对指标体系"),
    (("A", "e1", "i1.x", "5", ""), "没有指标“i1.x”，请核对指标体系"),
    (("A", "e3", "i1", "5", ""), "专家 e3 没有被分配评 A，不能打分"),
    (("B", "e2", "i1", "5", ""), "专家 e2 与 B 有利益冲突，不能打分"),
    (("A", "e1", "i1", "unscored", ""), "不打分须在 reason 写明理由"),
    (("A", "e1", "i1", "recused", " "), "不打分须在 reason 写明理由"),
    (("A", "e1", "i1", "5", "\x00"), "reason 第 1 个字符不可显示，请删去"),
    (("A", "e1", "i1", "5", "好\uffff"), "reason 第 2 个字符不可显示，请删去"),
    (("A", "e1", "i1", "5", "字" * 4001), "reason 超过 4000 字，请缩短"),
    (("A", "e1", "bonus.n1", "1.5", ""), "每项加分只能是 0 或 2 至 3 分，不能是 1.5"),
    (("A", "e1", "bonus.n1", "3.5", ""), "每项加分只能是 0 或 2 至 3 分，不能是 3.5"),
    (("A", "e1", "bonus.n9", "2", ""), "A 没有申报在计分范围内的成果“n9”"),
    (("A", "e1", "bonus", "2.5", ""), "A 申报了成果，请逐项写 bonus.<成果标识>，不能只写合计"),
    (("A", "e1", "i1", "①", ""), "“①”不是分数"),
    (("A", "panel", "bonus.n1", "2", "认定"), "本轮加分项由专家各自评分，不统一认定"),
    (("A", "panel", "i1", "2", ""), "只有加分项和扣分项可以由专家组统一认定"),
]


@pytest.mark.parametrize(("row", "message"), BAD)
def test_a_bad_row_is_refused(
    round_: Any, tmp_path: Path, row: tuple[str, ...], message: str
) -> None:
    """The error names the file, the line and the reason; nothing of the table is taken.

    The comment takes lines 2 and 3, line 4 is blank, so the bad row stands on line 5.
    """
    good, bad = (
        frame(rows).to_csv(index=False, header=False)
        for rows in ([("A", "e2", "i2", "5", "两行\n评语")], [row])
    )
    file = tmp_path / "scores.csv"
    file.write_text(f"applicant,expert,indicator,points,reason\n{good},,,,\n{bad}", "utf-8")
    with pytest.raises(InputError) as caught:
        from_frame(read_table(file), *round_, source="scores.csv")
    assert caught.value.render().startswith(f"scores.csv 第 5 行：{message}")


def test_the_same_cell_twice_is_refused(round_: Any) -> None:
    """Which of two scores is meant cannot be guessed."""
    rows = frame([("A", "e1", "i1", "5", ""), ("A", "e1", "i1", "5", "")])
    with pytest.raises(InputError, match="第 3 行：A、e1、i1 已在前面出现过，请只留一行"):
        from_frame(rows, *round_, source="s")


def test_missing_columns_are_named(round_: Any) -> None:
    """A table without its columns says which."""
    rows = frame([]).drop(columns=["expert", "points"])
    with pytest.raises(InputError, match="缺少列 expert（专家标识）、points（分数）"):
        from_frame(rows, *round_)


def test_many_problems_are_counted(round_: Any) -> None:
    """A table that is wrong throughout gives twenty lines and a count."""
    rows = frame([("Z", "e1", "i1", "5", f"{n}") for n in range(50)])
    with pytest.raises(InputError, match="另有 30 处问题") as caught:
        from_frame(rows, *round_)
    assert len(caught.value.problems) == 21


def test_states_of_cells(round_: Any) -> None:
    """Missing, scored (a typed 0 too), unscored, recused, conflicted and not asked all differ."""
    rows = frame(
        [
            ("A", "e1", "i1", "0", ""),
            ("A", "e1", "i2", "unscored", "缺页"),
            ("A", "e2", "i1", "recused", "参与过"),
            ("A", "e1", "bonus.n1", "2.5", ""),
        ]
    )
    facts = from_frame(rows, *round_)
    assert facts.state[0].tolist() == [[SCORED, UNSCORED, SCORED], [RECUSED, MISSING, MISSING]]
    assert facts.state[1].tolist() == [[MISSING, MISSING, NOT_ASKED], [CONFLICT] * 3]
    assert facts.points[0, 0].tolist() == [0, 0, 25]
    assert facts.texts[0, 0, "i2"] == "缺页"


def test_full_width_input_is_a_number(round_: Any) -> None:
    """８．５ and 8。5 are what an input method writes for 8.5."""
    for typed in ("８．５", "8。5", " 8.5 ", "８。５"):
        facts = from_frame(frame([("A", "e1", "i1", typed, "")]), *round_)
        assert facts.points[0, 0, 0] == 85


def test_the_demo_comes_back_from_its_table() -> None:
    """to_frame and from_frame are each other's inverse."""
    rubric, panel, facts = demo()
    again = from_frame(facts.to_frame(), rubric, panel)
    assert np.array_equal(again.points, facts.points)
    assert np.array_equal(again.state, facts.state)
    assert again.texts == facts.texts
    assert again.items == facts.items


NUMBERS = st.one_of(
    st.decimals(-20, 20, places=2, allow_nan=False).map(str),
    st.integers(-5, 30).map(str),
    st.sampled_from(
        ["0", "-0", "0.0", "00", "5.", ".5", "1e1", "nan", "", " ", "５", "2.5", "3.0"]
    ),
)


@pytest.fixture(name="claiming", scope="module")
def _claiming(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rubric, Panel]:
    """One applicant who claims one bonus."""
    claims = [{"id": "n1", "title": "成果", "level": "national", "evidence": "1"}]
    applicant = {"id": "A", "name": "甲", "lead": "某", "claims": claims}
    data = panel_data(1, [applicant], {"bonus": BONUS})
    return load(tmp_path_factory.mktemp("claiming"), rubric_data((10, 5), bonus=True), data)


@examples(2)
@given(text=NUMBERS, name=st.sampled_from(["i1", "i2", "bonus.n1"]))
def test_form_and_table_accept_the_same_points(
    claiming: tuple[Rubric, Panel], text: str, name: str
) -> None:
    """What the log refuses cell by cell is what a table refuses row by row."""
    rubric, panel = claiming
    typed = normalise_number(text)
    cell = points_problem(typed, fields(rubric, panel, "A")[name], panel.rules.step) is None
    try:
        facts = from_frame(frame([("A", "e1", name, text, "")]), rubric, panel)
        column = ["i1", "i2", "bonus.n1"].index(name)
        row = bool(facts.state[0, 0, column] == SCORED)
    except InputError:
        row = False
    assert cell == row


def test_tables_as_excel_writes_them(tmp_path: Path) -> None:
    """A mark, CRLF, quotes, blank lines, trailing commas and spaces change nothing."""
    file = tmp_path / "scores.csv"
    lines = ["applicant,expert,indicator,points,reason", '"A ",e1,i1,8.50,"好，', '很好"']
    text = "\r\n".join([*lines, ",,,,", "", "A,e2,i1,9,,", ""])
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    table = read_table(file)
    assert table.index.tolist() == [2, 6]
    assert table.to_numpy().tolist() == [
        ["A", "e1", "i1", "8.50", "好，\r\n很好"],
        ["A", "e2", "i1", "9", ""],
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "文件是空的"),
        ("applicant,expert,indicator,points\n1,2,3,4,5\n", "第 2 行：这一行比表头多出 1 格"),
        ('a,b\n1,"2\n', "不是合法的 CSV 表"),
        ('a,b\n1,"2"3\n', "第 2 行：不是合法的 CSV 表"),
        ('a,b\n1,2\n3,"4\n5,6\n', "第 3 行：不是合法的 CSV 表：从这一行起有一个引号没有关上"),
        (
            'a,b\n3,"4\n5,"6"\n',
            "第 3 行：不是合法的 CSV 表：引号后面应是逗号或换行；多半是从第 2 行起",
        ),
    ],
)
def test_broken_tables_are_refused(tmp_path: Path, text: str, message: str) -> None:
    """No row is shifted or swallowed silently."""
    file = tmp_path / "scores.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=message):
        read_table(file)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_file_with_a_mark_of_utf_16_is_told_apart(tmp_path: Path, encoding: str) -> None:
    """Notepad's Unicode is not taken for GBK; with the option that is named it is read."""
    file = tmp_path / "scores.csv"
    file.write_text("甲,乙\n1,2\n", "utf-16")
    with pytest.raises(InputError, match="请用 --encoding utf-16"):
        read_table(file, encoding)
    assert list(read_table(file, "utf-16").columns) == ["甲", "乙"]


def test_encodings_that_do_not_exist(tmp_path: Path) -> None:
    """A misspelt encoding is named as one."""
    file = tmp_path / "scores.csv"
    file.write_text("a,b\n", "utf-8")
    with pytest.raises(InputError, match="没有名为“gbkk”的编码"):
        read_table(file, "gbkk")


def test_an_encoding_is_answered_with_one_that_reads_the_table(tmp_path: Path) -> None:
    """Never with the one that was given; with none where no usual one fits."""
    file = tmp_path / "scores.csv"
    file.write_text("评审对象,专家\n示例,甲\n", "utf-8")
    with pytest.raises(InputError, match="不是 gbk 编码，像是 UTF-8；请去掉 --encoding 再试"):
        read_table(file, "gbk")
    file.write_text("评审对象,专家\n示例,甲\n", "gbk")
    with pytest.raises(InputError, match="不是 utf-8 编码；可试 --encoding gbk"):
        read_table(file)
    file.write_bytes(b"a\xff\x00b\n")
    with pytest.raises(InputError, match="不是 utf-8 编码，也看不出是哪一种；请用原来的软件"):
        read_table(file)


def test_an_unscored_bonus_item_keeps_its_reason(round_: Any) -> None:
    """The reason stands on the item; the cell and the written table give it back."""
    rows = frame([("A", "e1", "bonus.n1", "unscored", "证书缺页")])
    facts = from_frame(rows, *round_)
    assert facts.reason(0, 0, "bonus") == "证书缺页"
    again = from_frame(facts.to_frame(), *round_)
    assert np.array_equal(again.state, facts.state)


class _Read(dict[Any, str]):
    """Texts that count how often all of them are read."""

    times = 0

    def items(self) -> Any:
        self.times += 1
        return super().items()

    def __iter__(self) -> Any:
        self.times += 1
        return super().__iter__()


def test_reasons_of_all_cells_are_found_in_one_reading(round_: Any) -> None:
    """However many cells say nothing, the texts of a round are gone through once; the first item
    without points gives its cell the reason.
    """
    facts = from_frame(frame([("A", "e1", "i1", "3", "好")]), *round_)
    items = {(0, 1, "bonus.n1"): "好", (0, 1, "bonus.n2"): "缺页", (0, 1, "bonus.n3"): "过期"}
    texts = _Read({(0, 0, "i1"): "好"} | items)
    facts = replace(facts, texts=texts, items={(0, 1, "bonus.n1"): 1})
    cells = [(a, s, c) for a in range(2) for s in range(2) for c in facts.columns]
    said = {cell: text for cell in cells if (text := facts.reason(*cell))}
    assert said == {(0, 0, "i1"): "好", (0, 1, "bonus"): "缺页"}
    assert texts.times == 1


def test_a_partial_sum_of_bonus_is_missing_for_the_others(round_: Any) -> None:
    """Where one expert gives a past panel's plain bonus, the others have not said 0."""
    rubric, panel = round_
    applicants = tuple(a.model_copy(update={"claims": ()}) for a in panel.applicants)
    plain = panel.model_copy(update={"applicants": applicants})
    facts = from_frame(frame([("A", "e1", "bonus", "3", "")]), rubric, plain)
    assert facts.state[0, :, 2].tolist() == [SCORED, MISSING]
