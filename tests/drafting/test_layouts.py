"""Layouts of tables as people have them: what is read, and what is marked for a person."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import docx
import pytest

from evalkit.base.errors import InputError
from evalkit.drafting.markup import read
from evalkit.drafting.rubric_import import File, drafts
from evalkit.drafting.words import formulas, most_of, numbered, percent_of, points_of
from evalkit.rubric import Rubric
from tests.support.imports import completed, import_text, pending
from tests.support.indicator_documents import Cell, add_table

MARKED = [
    ("**基础**", "基础", False),
    ("__基础__", "基础", False),
    ("*基础*", "基础", False),
    ("_基础_", "基础", False),
    ("***基础***", "基础", False),
    ("`基础`", "基础", False),
    ("**重点：**说明", "重点：说明", False),  # no emphasis for CommonMark
    ("**“研发”**投入", "“研发”投入", False),
    ("（**40**分）", "（40分）", False),
    ("*场地*、*设备*", "场地、设备", False),
    ("一<br>二<br/>三", "一\n二\n三", False),
    ("<b>基础</b>", "基础", False),
    (r"A \| B", "A | B", False),
    (r"A\*B", "A*B", False),
    ("R&D &amp; 5&nbsp;G", "R&D & 5\xa0G", False),
    ("5G_基站_数量", "5G_基站_数量", False),
    ("满分____分，得____分", "满分____分，得____分", False),
    ("<5亿元，>3亿元", "<5亿元，>3亿元", False),
    ("[附件](http://example.org/a)", "附件", True),
    ("![图](a.png)", "图", True),
    ("产值*占比*100", "产值*占比*100", True),
    ("数量*单价*系数", "数量*单价*系数", True),
    ("得分=(实际/目标)*40*0.5", "得分=(实际/目标)*40*0.5", True),
    ("2**3**2", "2**3**2", True),
    ("~~40~~ 50", "~~40~~ 50", True),
    ("m<sup>2</sup>", "m<sup>2</sup>", True),
    ("**基础", "**基础", True),
]


@pytest.mark.parametrize(("written", "text", "doubt"), MARKED)
def test_marks_in_a_cell(written: str, text: str, doubt: bool) -> None:
    """Emphasis of every kind goes; what may be a sign of multiplication stays and is doubted."""
    assert read(written) == (text, doubt)


POINTS = [
    ("40分", "40"),
    ("（40分）", "40"),
    ("(40)", "40"),
    ("４０分", "40"),
    ("满分40分", "40"),
    ("最高5分", "5"),
    ("40 points", "40"),
    ("2.50", "2.5"),
    ("0-5分", None),
    ("40%", None),
    ("5分/项", None),
    ("0", None),
    ("四十分", None),
]


@pytest.mark.parametrize(("text", "points"), POINTS)
def test_points_as_people_write_them(text: str, points: str | None) -> None:
    """One number is the points; anything else is not certain."""
    assert (str(found) if (found := points_of(text)) else None) == points


def test_ranges_and_shares() -> None:
    """A range from 0 says the most; one from 5 does not say the points; a share is no points."""
    assert [str(most_of(t)) for t in ("0-5分", "0～5", "０—５分", "5-10分")] == [*"555", "None"]
    assert [str(percent_of(t)) for t in ("40%", "40％", "(40 %)", "40")] == [*["40"] * 3, "None"]


NUMBERS = ["一、", "（一）", "1.", "1)", "1）", "(1)", "①", "⑴", "1.1 ", "第一、", "A1.", "Ⅱ、"]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_before_names(number: str) -> None:
    """The number and the name come apart, without a doubt."""
    assert numbered([f"{number}场地"]) == [(number.strip(), "场地", False)]


FORMULAS = [
    ("看投入。每少5亿元扣1分；扣完为止", ["每少5亿元扣1分"]),
    ("每个3分，最高不超过15分。", ["每个3分，最高不超过15分"]),
    ("达到50亿元得10分\n其余酌情", ["达到50亿元得10分"]),
    ("得分=实际值/目标值×分值", ["得分=实际值/目标值×分值"]),
    ("3 points for each patent", ["3 points for each patent"]),
    ("综合评价管理水平，按优良中差评分", []),
    (
        "1000万元以上得40分；500—1000万元30分；其余看",
        ["1000万元以上得40分", "500—1000万元30分"],
    ),
]
MEASURED = ["优秀40分，良好30分", "A级40分、B级20分", "采用功效系数法计分", "按排名赋分"]


@pytest.mark.parametrize(("text", "found"), FORMULAS)
def test_sentences_that_are_formulas(text: str, found: list[str]) -> None:
    """Those that may say how a value becomes points, and no others."""
    assert formulas(text) == found


@pytest.mark.parametrize("text", MEASURED)
def test_where_the_value_is_measured_more_words_are_a_formula(text: str) -> None:
    """Grades and names of methods, too."""
    assert (formulas(text), formulas(text, measured=True)) == ([], [text])


def rows(rubric: Rubric) -> list[str]:
    """Group, name and points of each indicator, then what stands beside the total."""
    found = [f"{d.name}/{i.name} {i.points}" for d in rubric.dimensions for i in d.leaves]
    found += [f"+{b.name} {b.points}" for b in rubric.bonus]
    return found + [f"-{d.name} {d.points}" for d in rubric.deductions]


SAME = ["基础/场地 40", "基础/设备 60"]
TABLES = {
    "Markdown with emphasis and alignment": (
        "## **某评分表**\n\n| **一级指标** | __二级指标__ | *分值* |\n|:-:|---|--:|\n"
        "| **基础** | `场地` | **40** |\n| | [设备](http://example.org) | ６０分 |\n"
    ),
    "no outer bars": (
        "某评分表\n一级指标 | 二级指标 | 分值\n--- | --- | ---\n基础 | 场地 | 40\n | 设备 | 60\n"
    ),
    "no outer bars, no dashes, cells to fill in": (
        "某评分表\n一级指标 | 二级指标 | 分值 | 完成值 | 得分\n"
        "基础 | 场地 | 40 | |\n | 设备 | 60 | |\n"
    ),
    "a bar at the end only": (
        "某评分表\n一级指标 | 二级指标 | 分值 |\n---|---|---|\n基础 | 场地 | 40 |\n | 设备 | 60 |\n"
    ),
    "full-width bars": (
        "某评分表\n｜一级指标｜二级指标｜分值｜\n｜基础｜场地｜40｜\n｜｜设备｜60｜\n"
    ),
    "full-width bars inside only": (
        "某评分表\n一级指标｜二级指标｜分值\n基础｜场地｜40\n｜设备｜60\n"
    ),
    "bars of both kinds in a row": (
        "某评分表\n| 一级指标 | 二级指标 | 分值 |\n| 基础 ｜ 场地 | 40 |\n| | 设备 ｜ 60 |\n"
    ),
    "rows without outer bars below a header with them": (
        "某评分表\n"
        "| 一级指标 | 二级指标 | 分值 |\n"
        "|---|---|---|\n"
        "基础 | 场地 | 40\n"
        "| | 设备 | 60 |\n"
    ),
    "a grid": (
        "某评分表\n+----+----+----+\n| 一级指标 | 二级指标 | 分值 |\n+====+====+====+\n"
        "| 基础 | 场地 | 40 |\n+----+----+----+\n|  | 设备 | 60 |\n+----+----+----+\n"
    ),
    "a box": (
        "某评分表\n"
        "┌──┬──┬──┐\n"
        "│一级指标│二级指标│分值│\n"
        "├──┼──┼──┤\n"
        "│基础│场地│40│\n"
        "│　│设备│60│\n"
        "└──┴──┴──┘\n"
    ),
    "a box with double lines": (
        "某评分表\n╔══╦══╗\n║一级指标║二级指标║分值║\n╠══╬══╣\n║基础║场地║40║\n║║设备║60║\n╚══╩══╝\n"
    ),
    "broken bars": ("某评分表\n¦一级指标¦二级指标¦分值¦\n¦基础¦场地¦40¦\n¦¦设备¦60¦\n"),
    "bars of both kinds in every row": (
        "某评分表\n|一级指标｜二级指标|分值｜\n|基础｜场地|40｜\n|｜设备|60｜\n"
    ),
    "Markdown in a quotation": (
        "> 某评分表\n>\n> | 一级指标 | 二级指标 | 分值 |\n> |---|---|---|\n"
        "> | 基础 | 场地 | 40 |\n> | | 设备 | 60 |\n"
    ),
    "a web page, cells merged downwards": (
        "<html><head><title>x</title></head><body><h1>某评分表</h1><table><thead><tr>"
        "<th>一级指标</th><th>二级指标</th><th>分值</th></tr></thead><tr><td rowspan=2><p>基 础</p>"
        "</td><td>场地</td><td>40</td></tr><tr><td><b>设备</b></td><td>60 分</td></tr></table>"
    ),
    "HTML in Markdown, cells merged to the right": (
        "# 某评分表\n\n<table>\n<tr><th colspan='2'>一级指标<th>二级指标<th>分值\n"
        "<tr><td rowspan='2' colspan='2'>基础<td>场地<td>40\n<tr><td>设备<td>60\n</table>\n"
    ),
    "tabs and cells that are missing": (
        "某评分表\n一级指标\t二级指标\t分值\t完成值\t得分\n基础\t场地\t40\n\t设备\t60\t\t\n"
    ),
    "every column that is filled in later": (
        "某评分表\n\n| 一级指标 | 二级指标 | 分值 | 目标值 | 完成值 | 自评分 | 评审得分 | 备注 |\n"
        "|---|---|---|---|---|---|---|---|\n"
        "| 基础 | 场地 | 40 | | | | | |\n"
        "| | 设备 | 60 | | | | | |\n"
    ),
    "shares in percent": (
        "某评分表\n"
        "| 一级指标 | 二级指标 | 权重 |\n"
        "|---|---|---|\n"
        "| 基础 | 场地 | 40% |\n"
        "| | 设备 | 60％ |\n"
    ),
    "a group on a row of its own, points in parentheses, a place to sign": (
        "某评分表\n\n| 序号 | 一级指标 | 二级指标 | 分值 |\n|---|---|---|---|\n"
        "| 一、基础（100分） | | | |\n| 1 | | 场地 | （40分） |\n| 2 | | 设备 | 最高60分 |\n"
        "| 合计（100分） | | | |\n"
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_same_table_in_many_layouts(name: str, tmp_path: Path) -> None:
    """Two indicators of one group, 40 and 60 points, whatever stands between them."""
    (file,) = import_text(TABLES[name].replace("http://example.org", "a"), tmp_path)
    assert rows(completed(file, tmp_path)) == SAME


DOUBTS = [
    ("shares in percent", ("points", "原文为“40%”，按满分 100 分折算，请核对")),
    (
        "every column that is filled in later",
        ("", "这几列没有录入：目标值、完成值、自评分、评审得分、备注"),
    ),
    (
        "Markdown with emphasis and alignment",
        ("", "原文第 6 行有的符号可能是 Markdown 的，请照原文核对：[设备](a)"),
    ),
    (
        "a group on a row of its own, points in parentheses, a place to sign",
        ("name", "在表中独占一行，按一级指标录入，请核对"),
    ),
]


@pytest.mark.parametrize(("name", "doubt"), DOUBTS)
def test_what_was_assumed_is_said(name: str, doubt: tuple[str, str], tmp_path: Path) -> None:
    """An assumption is among the doubts."""
    (file,) = import_text(TABLES[name].replace("http://example.org", "a"), tmp_path)
    assert doubt in pending(file)


MARKDOWN = "某评分表\n\n| 一级指标 | 二级指标 | 分值 | 评分标准 |\n|---|---|---|---|\n"
MORE_DOUBTS = {
    "a range from 0": (
        "| 基础 | 场地 | 0-5分 | 看 |\n",
        {("points", "原文为“0-5分”，按最高分录入")},
    ),
    "a range from 5": (
        "| 基础 | 场地 | 5-10分 | 看 |\n",
        {
            ("points", "原文为“5-10分”"),
            ("points", "分值没有全部读出，请照原文填写总分"),
        },
    ),
    "shares that do not come to 100": (
        "| 基础 | 场地 | 40% | 看 |\n| | 设备 | 50% | 看 |\n",
        {
            ("points", "原文为“40%”"),
            ("points", "原文为“50%”"),
            ("points", "分值没有全部读出，请照原文填写总分"),
        },
    ),
    "a row with a cell too many": (
        "| 基础 | 场地 | 40 | 看 |\n| | 设备 | 60 | 看 | 多 |\n",
        {
            ("", "原文第 6 行没有读懂，请照原文补录：设备 | 60 | 看 | 多"),
            ("points", "分值没有全部读出，请照原文填写总分"),
        },
    ),
    "a sign of multiplication": (
        "| 基础 | 场地 | 40 | 面积*单价*2 |\n",
        {("", "原文第 5 行有的符号可能是 Markdown 的，请照原文核对：面积*单价*2")},
    ),
    "a formula in prose": (
        "| 基础 | 场地 | 40 | 达到50亿元得40分，每少5亿元扣1分。看管理。 |\n",
        {
            (
                "",
                (
                    "measure：原文写有计分办法，由测量值计分的照它写成 measure："
                    "达到50亿元得40分，每少5亿元扣1分"
                ),
            )
        },
    ),
    "a sum of the bonus alone, a place to sign": (
        (
            "| 基础 | 场地 | 40 | 看 |\n| 加分项 | 获奖 | 5 | 每项计1分 |\n"
            "| 加分项合计 | | 5 | |\n| 专家签字： | | | |\n"
        ),
        {
            ("", "原文第 7 行没有读懂，请照原文补录：加分项合计 | 5"),
            ("", "原文第 8 行没有读懂，请照原文补录：专家签字："),
        },
    ),
    "a table without dashes that has marks": (
        None,
        {("", "原文第 3 行有 Markdown 的强调等符号，已经去掉，请核对")},
    ),
}


@pytest.mark.parametrize("name", MORE_DOUBTS)
def test_nothing_is_guessed_in_silence(name: str, tmp_path: Path) -> None:
    """These doubts and no others."""
    text, doubts = MORE_DOUBTS[name]
    whole = (
        "某评分表\n一级指标\t二级指标\t分值\n**基础**\t场地\t40\n"
        if text is None
        else MARKDOWN + text
    )
    (file,) = import_text(whole, tmp_path)
    assert pending(file) == doubts


HEAD = ["序号", "一级指标", "二级指标", "分值", "评分标准", "得分"]
ORDINARY = [["1", "基础", "场地", "40", "看", ""], ["2", "", "设备", "60", "看", ""]]
BONUS, TAKEN = "每项计1分，最高5分", "每起扣5分，最多扣10分"


def merged(folder: Path, more: list[list[str]], spans: list[Any], head: Any = HEAD) -> File:
    """The draft from a Word file in which cells of the rows ``more`` are merged."""
    document = docx.Document()
    document.add_paragraph("某评分表")
    cells = [[Cell(text) for text in row] for row in (head, *ORDINARY, *more)]
    table = add_table(document, cells)
    for (row, column), (last, end) in [((1, 1), (2, 1)), *spans]:
        table.cell(row, column).merge(table.cell(last, end))
    document.save(str(folder / "table.docx"))
    (file,) = drafts(folder / "table.docx", folder / "out")
    return file


NAMED = ["+获奖 5", "-违规 10"]
UNNAMED = ["+加分项 5", "-扣分项 10"]
WORD: dict[str, tuple[list[list[str]], list[Any], list[str]]] = {
    "across 序号 and 一级指标": (
        [["加分项", "", "获奖", "5", BONUS, ""], ["扣分项", "", "违规", "10", TAKEN, ""]],
        [((3, 0), (3, 1)), ((4, 0), (4, 1))],
        NAMED,
    ),
    "across 序号 and 一级指标, and down": (
        [
            ["加分项", "", "获奖", "5", BONUS, ""],
            ["", "", "专利", "3", "每项计1分，最高3分", ""],
            ["扣分项", "", "违规", "-10", TAKEN, ""],
        ],
        [((3, 0), (4, 1)), ((5, 0), (5, 1))],
        ["+获奖 5", "+专利 3", "-违规 10"],
    ),
    "down only": (
        [
            ["3", "加分项", "获奖", "5", BONUS, ""],
            ["4", "", "专利", "3", "每项计1分，最高3分", ""],
            ["5", "扣分项", "违规", "扣10分", TAKEN, ""],
        ],
        [((3, 1), (4, 1))],
        ["+获奖 5", "+专利 3", "-违规 10"],
    ),
    "across the name as well": (
        [["加分项", "", "", "5", BONUS, ""], ["扣分项", "", "", "10", TAKEN, ""]],
        [((3, 0), (3, 2)), ((4, 0), (4, 2))],
        UNNAMED,
    ),
    "across both levels, with a number": (
        [["3", "加分项", "", "5", BONUS, ""], ["4", "扣分项", "", "10", TAKEN, ""]],
        [((3, 1), (3, 2)), ((4, 1), (4, 2))],
        UNNAMED,
    ),
    "not merged, the name left empty": (
        [["3", "加分项", "", "5", BONUS, ""], ["扣分项", "", "违规", "10", TAKEN, ""]],
        [],
        ["+加分项 5", "-违规 10"],
    ),
    "across the table, rows below": (
        [
            ["加分项（最高5分）", "", "", "", "", ""],
            ["3", "", "获奖", "5", BONUS, ""],
            ["四、扣分项", "", "", "", "", ""],
            ["4", "", "违规", "10", TAKEN, ""],
        ],
        [((3, 0), (3, 5)), ((5, 0), (5, 5))],
        NAMED,
    ),
    "a number, then across the rest": (
        [
            ["三", "加分项（最高5分）", "", "", "", ""],
            ["1", "", "获奖", "5", BONUS, ""],
            ["四", "扣分项", "", "", "", ""],
            ["1", "", "违规", "10", TAKEN, ""],
        ],
        [((3, 1), (3, 5)), ((5, 1), (5, 5))],
        NAMED,
    ),
    "in other words": (
        [["附加分", "", "获奖", "5", BONUS, ""], ["减分项", "", "违规", "10", TAKEN, ""]],
        [((3, 0), (3, 1)), ((4, 0), (4, 1))],
        NAMED,
    ),
    "in the column of numbers, not merged": (
        [["特色加分", "获奖", "", "+5", BONUS, ""], ["负面清单", "违规", "", "−10", TAKEN, ""]],
        [],
        NAMED,
    ),
    "in the column of numbers, both levels filled": (
        [["附加分", "创新", "获奖", "5", BONUS, ""], ["惩罚项", "事故", "违规", "10", TAKEN, ""]],
        [],
        NAMED,
    ),
    "in less usual words": (
        [["附加", "", "获奖", "5", BONUS, ""], ["扣减项", "", "违规", "10", TAKEN, ""]],
        [((3, 0), (3, 1)), ((4, 0), (4, 1))],
        NAMED,
    ),
    "in other less usual words": (
        [["激励项", "", "获奖", "5", BONUS, ""], ["处罚", "", "违规", "10", TAKEN, ""]],
        [((3, 0), (3, 1)), ((4, 0), (4, 1))],
        NAMED,
    ),
    "said in parentheses": (
        [
            ["", "创新（加分）", "获奖", "5", BONUS, ""],
            ["", "逆向（扣分项）", "违规", "10", TAKEN, ""],
        ],
        [],
        NAMED,
    ),
    "in English": (
        [["Bonus items", "", "获奖", "5", BONUS, ""], ["Deductions", "", "违规", "10", TAKEN, ""]],
        [((3, 0), (3, 1)), ((4, 0), (4, 1))],
        NAMED,
    ),
}
MIXED = ["加减分项", "", "获奖+5", "±5", "", ""]
TOTALS = {"合计": 2, "总分": 1, "合计（100分）": 5, "Total": 2, "总计：": 0}


@pytest.mark.parametrize("name", WORD)
def test_bonus_and_deductions_however_word_merges_them(name: str, tmp_path: Path) -> None:
    """They are no indicators of the last dimension, and the total is that of the others."""
    more, spans, beside = WORD[name]
    rubric = completed(merged(tmp_path, more, spans), tmp_path)
    assert rows(rubric) == [*SAME, *beside]
    assert rubric.points == 100


def test_points_up_and_down_are_left_to_a_person(tmp_path: Path) -> None:
    """They are neither bonus nor deduction before a person has parted them."""
    file = merged(tmp_path, [MIXED], [((3, 0), (3, 1))])
    assert rows(completed(file, tmp_path)) == SAME
    (said,) = [remark for _key, remark in pending(file) if "加减分项" in remark]
    assert "获奖+5" in said


def test_a_bar_that_is_text(tmp_path: Path) -> None:
    """In code as well."""
    (file,) = import_text(MARKDOWN + "| 基础 | A\\|B | 40 | `c\\|d` |\n", tmp_path)
    assert "name: A|B\n" in file.draft.text
    assert "guidance: c|d\n" in file.draft.text


def test_a_text_without_a_table_says_how_one_is_written(tmp_path: Path) -> None:
    """Columns between blanks or commas are no table."""
    with pytest.raises(InputError, match="竖线"):
        import_text("一级指标,二级指标,分值\n基础,场地,40\n", tmp_path)


@pytest.mark.parametrize("word", TOTALS)
def test_totals_however_word_merges_them(word: str, tmp_path: Path) -> None:
    """The row is neither an indicator nor a doubt."""
    points = "" if "100" in word else "100"
    file = merged(tmp_path, [[word, "", "", points, "", ""]], [((3, 0), (3, TOTALS[word]))])
    assert pending(file) == {("", "这几列没有录入：得分")}
    assert rows(completed(file, tmp_path)) == SAME
    assert "\npoints: 100\n" in file.draft.text


VETOES = [
    (["一票否决", "", "造假", "", "取消资格", ""], [((3, 0), (3, 1))]),
    (["一票否决", "", "", "造假的取消资格", "", ""], [((3, 0), (3, 2)), ((3, 3), (3, 5))]),
    (["3", "一票否决项", "", "", "造假的取消资格", ""], [((3, 1), (3, 2))]),
    (["一票否决：造假的取消资格", "", "", "", "", ""], [((3, 0), (3, 5))]),
    (["Veto", "", "Fraud", "", "excluded", ""], [((3, 0), (3, 1))]),
]


@pytest.mark.parametrize(("row", "spans"), VETOES)
def test_a_veto_is_no_matter_of_points(row: list[str], spans: list[Any], tmp_path: Path) -> None:
    """It is left to a person, with all of its words."""
    file = merged(tmp_path, [row], spans)
    assert rows(completed(file, tmp_path)) == SAME
    (said,) = [remark for _key, remark in pending(file) if "一票否决不计分" in remark]
    words = re.sub(r"[\d\s]", "", "".join(row))
    assert words in re.sub(r"[\d\s|]", "", said)


def test_an_english_table(tmp_path: Path) -> None:
    """Headings, rows beside the total and points in English."""
    text = (
        "Scoring table\n"
        "| No. | Dimension | Indicator | Points | Criteria | Self-score | Remarks |\n"
        "|---|---|---|---|---|---|---|\n| 1 | Basis | Sites | 40 points | look | | |\n"
        "| 2 | | Equipment | 60 | look | | |\n| Bonus | | Prizes | 5 | ask | | |\n"
        "| Deductions | | Accidents | -10 | ask | | |\n| Total | | | 100 | | | |\n"
    )
    (file,) = import_text(text, tmp_path)
    assert ("", "这几列没有录入：Self-score、Remarks") in pending(file)
    assert rows(completed(one_point(file), tmp_path)) == [
        *("Basis/Sites 40", "Basis/Equipment 60"),
        *("+Prizes 5", "-Accidents 10"),
    ]


def one_point(file: File) -> File:
    """``file`` with one point for each item of a bonus, which the table does not say."""
    from dataclasses import replace

    lines = [
        replace(line, text=line.text.replace("待定", "1")) if line.key in ("min", "max") else line
        for line in file.draft.lines
    ]
    return replace(file, draft=replace(file.draft, lines=tuple(lines)))


def test_points_merged_over_several_rows(tmp_path: Path) -> None:
    """Nobody can say from the table how they part; a name merged over rows has all their words."""
    more = [["3", "服务", "规模", "20", "一", ""], ["4", "", "质量", "", "二", ""]]
    file = merged(tmp_path, more, [((3, 1), (4, 1)), ((3, 3), (4, 3))])
    shared = ("points", "原文的“20”与相邻的行合并，请写明各占几分")
    lines = [(key, str(remark)) for _line, key, remark in file.draft.pending]
    assert lines.count(shared) == 2
    more = [["3", "服务", "规模", "20", "一", ""], ["", "", "", "", "二", ""]]
    whole = merged(tmp_path, more, [((3, c), (4, c)) for c in range(4)])
    (indicator,) = completed(whole, tmp_path).dimensions[1].indicators
    assert (indicator.points, indicator.guidance) == (20, "一\n二")
