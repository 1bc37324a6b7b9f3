"""From an indicator table to a draft: what is read, what is marked, what is refused."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap

from evalkit.base.errors import InputError
from evalkit.drafting.rubric_import import File, drafts
from evalkit.rubric import Dimension, Rubric, load_rubric
from tests.support.builders import ROOT
from tests.support.imports import completed, import_text, pending
from tests.support.indicator_documents import WRITERS, Cell, add_table

HENAN = "henan-centre-2025"
ANHUI = ("anhui-application-2025", "anhui-product-2025", "anhui-enabling-2025")
TEXTS = {
    "000_c729f08068934539.txt": (HENAN,),
    "002_f7f5b2bfdd46f341.txt": ANHUI,
}
"""Published texts with tables, and the rubric files that were made from them by hand."""


def loaded(name: str) -> Rubric:
    """A rubric of the repository."""
    return load_rubric(ROOT / "rubrics" / f"{name}.yaml")


def cells(rubric: Rubric) -> Iterator[tuple[str, Any]]:
    """Every value that a table states, in its order, with its name."""
    yield "title", rubric.title
    yield "points", rubric.points
    for dimension in rubric.dimensions:
        yield from _cells(dimension)
    for b in rubric.bonus:
        yield from (("bonus", x) for x in (b.name, b.points, b.guidance, b.item.min, b.item.max))
    yield from (("note", note.text) for note in rubric.notes)


def _cells(dimension: Dimension) -> Iterator[tuple[str, Any]]:
    yield from (("group", x) for x in (dimension.number, dimension.name, dimension.points))
    for below in dimension.dimensions:
        yield from _cells(below)
    for i in dimension.indicators:
        yield "number", i.number
        yield "name", i.name
        yield "points", i.points
        yield "kind", i.kind
        yield "unit", i.unit
        yield "guidance", i.guidance


def compared(files: list[File], names: tuple[str, ...], folder: Path) -> tuple[int, list[Any]]:
    """How many cells of the drafts equal those of the rubric files, and those that do not."""
    right, wrong = 0, []
    assert len(files) == len(names)
    for file, name in zip(files, names, strict=True):
        pairs = zip(cells(completed(file, folder)), cells(loaded(name)), strict=True)
        for found, wanted in pairs:
            right += found == wanted
            wrong += [] if found == wanted else [(name, found, wanted)]
    return right, wrong


@pytest.mark.parametrize("text", TEXTS)
def test_published_texts_cell_by_cell(text: str, tmp_path: Path) -> None:
    """The drafts from the texts as crawled equal the files that were made by hand."""
    folder = os.environ.get("EVALKIT_SOURCES")
    if not folder:
        pytest.skip("EVALKIT_SOURCES does not name the folder of the source texts")
    files = drafts(Path(folder) / text, tmp_path / "out")
    right, wrong = compared(files, TEXTS[text], tmp_path)
    print(f"{text}: {right} cells right, {len(wrong)} wrong")
    assert wrong == []
    assert [file.draft.indicators for file in files] == (
        [12] if HENAN in TEXTS[text] else [21, 29, 20]
    )
    stands = [re.findall("(?m)^  status: .*", file.draft.text) for file in files]
    if HENAN in TEXTS[text]:
        ((status,),) = stands
        assert status.startswith("  status: 待定  # 待定：没有写明是不是征求意见稿")
    else:
        assert stands == [["  status: draft  # 原文第 9 行写明是征求意见稿"]] * 3
        assert ("", "序号从 2 开始，请核对原文是否缺行") in pending(files[2])


@pytest.mark.parametrize("names", [(HENAN,), ANHUI], ids=["henan", "anhui"])
@pytest.mark.parametrize(
    "way", [pytest.param(w, marks=pytest.mark.office) if w == "office" else w for w in WRITERS]
)
def test_every_way_to_people_gives_the_same(
    way: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    """Word files with merged cells and all kinds of pasted text: no cell is wrong or missing."""
    source = tmp_path / ("table.docx" if way in ("docx", "office") else "table.txt")
    WRITERS[way]([loaded(name) for name in names], source)
    right, wrong = compared(drafts(source, tmp_path / "out"), names, tmp_path)
    assert wrong == []
    assert right > 90 * len(names)


HEAD = "某评价指标体系表\n\n一级指标\t二级指标\t分值\t评分标准\n"

UNDECIDED = [
    (
        "points that do not add up",
        HEAD + "研发（30分）\t投入\t10\t看投入\n\t产出\t19\t看产出\n",
        {("points", "标明 30 分，其下合计 29 分，请核对原文")},
    ),
    (
        "a stated total that is another one",
        "某评分表（满分100分）\n一级指标\t分值\n" + "研发（30分）\n投入\t30\n",
        {
            ("points", "标明 100 分，其下合计 30 分，请核对原文"),
            ("name", "在表中独占一行，按一级指标录入，请核对"),
            ("", "原文第 3 行没有制表符，按续行或独占一行的名称录入，请核对"),
        },
    ),
    (
        "points that are no number",
        HEAD + "研发\t投入\t5-10\t看投入\n\t产出\t5%\t看产出\n\t人才\t10\t看人才\n",
        {
            ("points", "原文为“5-10”"),
            ("points", "原文为“5%”"),
            ("points", "分值没有全部读出，请照原文填写总分"),
        },
    ),
    (
        "a row that does not fit the columns",
        HEAD + "研发\t投入\t10\t看投入\n\t产出\t二十\t看产出\n",
        {
            ("", "原文第 5 行没有读懂，请照原文补录：产出 | 二十 | 看产出"),
            ("points", "分值没有全部读出，请照原文填写总分"),
        },
    ),
    (
        "columns without a place in the file",
        "某评分表\n指标\t分值\t得分\t数据来源\n投入\t10\t\t年报\n",
        {("", "这几列没有录入：得分、数据来源"), ("name", "表中没有写明名称，请照原文填写")},
    ),
    (
        "two columns of guidance",
        "某评分表\n一级指标\t二级指标\t分值\t指标说明\t评分标准\n研发\t投入\t10\t费用\t多者优\n",
        {("", "这几列依次并入 guidance：指标说明、评分标准")},
    ),
    (
        "weights in percent",
        "某评分表\n一级指标\t二级指标\t权重（%）\n研发\t投入\t100\n",
        {("", "“权重（%）”按分值录入，请核对总分")},
    ),
    (
        "rows missing from the numbering",
        "某评分表\n序号\t一级指标\t二级指标\t分值\n1\t研发\t投入\t10\n2\t\t产出\t10\n4\t\t人才\t10\n",
        {("", "序号不连续（2→4），请核对原文是否缺行")},
    ),
    (
        "a parenthesis that may be a unit, and one that is a remark",
        "某评分表\n一级指标\t二级指标\t分值\n研发\t投入（篇次）\t10\n\t产出（含在研的重大项目）\t10\n",
        {("name", "末尾括号里的“篇次”若是单位，请移到 unit")},
    ),
    (
        "digits that may be a number or a part of the name",
        HEAD + "研发\t1.5亿元以上项目\t10\t看\n\t产出\t10\t看\n",
        {("name", "开头的数字若是编号，请移到 number")},
    ),
    (
        "a measured indicator without a unit",
        "某评分表\n一级指标\t二级指标\t说明\t分值\n研发\t投入\t定量\t10\n",
        {("", "unit：定量指标没有写明单位，有的请补上")},
    ),
    (
        "a bonus whose items are not stated, and caps that differ",
        HEAD
        + "研发\t投入\t10\t看\n加分项（最高5分）\t获奖\t3\t酌情\n\t专利\t3\t每项计1分，最高4分\n",
        {
            ("points", "原文另写有最高 5 分，请核对"),
            ("points", "原文另写有最高 4、5 分，请核对"),
            ("min", "没有认出每项计几分，请照原文填写"),
            ("max", "没有认出每项计几分，请照原文填写"),
        },
    ),
    (
        "points that are taken away",
        HEAD + "研发\t投入\t10\t看\n扣分项\t违规\t5\t每次扣1分\n",
        set(),
    ),
    (
        "points that are taken away for each event, without a most",
        HEAD + "研发\t投入\t10\t看\n减分项\t违规\t-5\t每次扣5分\n\t失信\t\t酌情\n",
        {
            ("points", "这是每一次扣的分，原文没有写明最多扣几分，请核对"),
            ("points", "原文没有写明分值"),
        },
    ),
    (
        "deductions with a most of their own below one of them all",
        HEAD + "研发\t投入\t10\t看\n扣分项（最高10分）\t违规\t10\t酌情\n\t失信\t5\t最多扣4分\n",
        {
            ("points", "原文另写有最高 10 分，请核对"),
            ("points", "原文另写有最高 4、10 分，请核对"),
        },
    ),
    (
        "a veto among the deductions",
        HEAD + "研发\t投入\t10\t看\n扣分项\t造假\t5\t一票否决\n",
        {("name", "像是一票否决，不是扣几分；是的请移到 gates")},
    ),
    (
        "vetoes, and points that may be added or taken",
        HEAD + "研发\t投入\t10\t看\n加减分项\t舆情\t3\t酌情加减\n一票否决项\t造假\t\t取消资格\n",
        {
            (
                "",
                (
                    "没有录入“加减分项”：加分的请写进 bonus，扣分的写进 deductions："
                    "加减分项 | 舆情 | 3 | 酌情加减"
                ),
            ),
            (
                "",
                (
                    "没有录入“一票否决项”：一票否决不计分，作为准入条件写进 gates："
                    "一票否决项 | 造假 | 取消资格"
                ),
            ),
        },
    ),
    (
        "a group of deductions below a group of indicators",
        "某评分表\n一级指标\t二级指标\t三级指标\t分值\n研发\t投入\t经费\t10\n\t扣分项\t违规\t5\n",
        {("name", "像是加分、扣分或一票否决，请核对；是的请移到 bonus、deductions 或 gates")},
    ),
    (
        "a note that does not say what it is about",
        HEAD + "研发\t投入\t10\t看\n注：以年报为准。\n",
        {("text", "没有写明针对哪些指标；只针对一部分的，请补 indicators")},
    ),
    (
        "a line without a tab in the middle",
        HEAD + "研发\t投入\t10\t看投入\n第二段\n\t产出\t10\t看产出\n",
        {("", "原文第 5 行没有制表符，按续行或独占一行的名称录入，请核对")},
    ),
    (
        "an indicator beside a group",
        "某评分表\n一级指标\t二级指标\t三级指标\t分值\n研发\t\t人才\t10\n\t投入\t经费\t10\n",
        {("", "原文中直接列在这一维度下的指标，排到了下级维度之后，请核对顺序")},
    ),
    (
        "a total that contradicts the heading",
        "某评分表（满分10分）\n一级指标\t二级指标\t分值\n研发\t投入\t10\n合计\t\t12\n",
        {
            ("", "原文第 4 行没有读懂，请照原文补录：合计 | 12"),
        },
    ),
    (
        "a subtotal that contradicts the points of its group",
        "某评分表\n一级指标\t二级指标\t分值\n研发（10分）\t投入\t10\n小计\t\t12\n",
        {
            ("", "原文第 4 行没有读懂，请照原文补录：小计 | 12"),
        },
    ),
    (
        "a row that is called a bonus but stands among the indicators",
        HEAD + "研发\t投入\t10\t看\n\t加分项\t5\t酌情\n",
        {("name", "像是加分、扣分或一票否决，请核对；是的请移到 bonus、deductions 或 gates")},
    ),
    (
        "a title that may have two lines",
        "示例省赋能中心\n建设评价指标体系\n\n一级指标\t二级指标\t分值\n研发\t投入\t10\n",
        {("title", "上一行“示例省赋能中心”若也是标题，请补上")},
    ),
    (
        "a sentence above the table that is no title",
        "评价指标如下\n一级指标\t二级指标\t分值\n研发\t投入\t10\n",
        {("title", "表前没有认出标题，请照原文填写")},
    ),
    (
        "a table that goes on after a page break without its header",
        HEAD + "研发\t投入\t10\t看\n\n第2页\n\n\t产出\t10\t看\n",
        {("", "后面没有表头的一张像是续表，没有录入（自原文第 8 行起）")},
    ),
    (
        "a numbering that does not begin at 1",
        "某评分表\n序号\t一级指标\t二级指标\t分值\n2\t研发\t投入\t10\n3\t\t产出\t10\n5\t\t人才\t10\n",
        {
            ("", "序号从 2 开始，请核对原文是否缺行"),
            ("", "序号不连续（3→5），请核对原文是否缺行"),
        },
    ),
    (
        "what the loader refuses though the table says it",
        HEAD + f"研发\t投入\t10\t{'长' * 4001}\n",
        {("guidance", "超过 4000 个字符，请缩短")},
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), [c[1:] for c in UNDECIDED], ids=[c[0] for c in UNDECIDED]
)
def test_what_is_not_certain_is_marked(
    text: str, expected: set[tuple[str, str]], tmp_path: Path
) -> None:
    """Each doubt is listed with the place, and nothing else is."""
    (file,) = import_text(text, tmp_path)
    assert pending(file) == expected


def test_a_mark_stands_where_the_loader_refuses(tmp_path: Path) -> None:
    """Every value 待定 is refused with its line; every line that the loader refuses is marked."""
    (file,) = import_text(UNDECIDED[11][1], tmp_path)
    lines = file.draft.text.splitlines()
    written = {n for n, line in enumerate(lines, 1) if re.search(r": 待定( |$)", line)}
    listed = {line for line, _key, _remark in file.draft.pending}
    (tmp_path / "draft.yaml").write_text(file.draft.text, "utf-8")
    with pytest.raises(InputError) as caught:
        load_rubric(tmp_path / "draft.yaml")
    refused = {problem.line for problem in caught.value.problems}
    assert len(written) == 8  # version, four of the source, one kind, one min and max
    assert refused == written
    assert written <= listed
    assert all("# 待定：" in lines[line - 1] for line in listed)


READ = {
    "levels with points of their own, Chinese numbers, a row of totals": (
        (
            "某评价指标体系\n"
            "一级指标\t权重\t二级指标\t权重\t评分标准\n"
            "一、研发\t40\t（一）投入\t20\t高\n"
            "\t\t（二）产出\t20\t低\n"
            "二、服务\t60\t（一）规模\t30\t多\n"
            "\t\t（二）质量\t30\t好\n"
            "合计\t100\t\t100\t\n"
            "注：1.口径见附录。\n"
            "2.以年报为准。\n"
        ),
        [
            ("一、研发 40", "（一）投入 20 高"),
            ("一、研发 40", "（二）产出 20 低"),
            ("二、服务 60", "（一）规模 30 多"),
            ("二、服务 60", "（二）质量 30 好"),
        ],
    ),
    "Markdown, numbers in a column, full-width digits, a claimed score": (
        (
            "某评分表\n\n"
            "| 序号 | 评价维度 | 评价内容 | 分值 | 评分标准 | 自评得分 |\n"
            "|:--|---|---|--:|---|---|\n"
            "| 1 | 研发 | 5G基站数量（个） | ６０ | 每个1分 | |\n"
            "| 2 | | 技术 方案 | 40分 | A or B \\| C | |\n"
        ),
        [("研发 None", "1 5G基站数量 60 个 每个1分"), ("研发 None", "2 技术方案 40 A or B | C")],
    ),
    "numbers of groups in a column that is merged with them": (
        (
            "某评分表\n"
            "序号\t一级指标\t二级指标\t分值\n"
            "1\t研发\t投入\t10\n"
            "\t\t产出\t20\n"
            "2\t服务\t规模\t30\n"
        ),
        [("1研发 None", "投入 10"), ("1研发 None", "产出 20"), ("2服务 None", "规模 30")],
    ),
    "merged cells lost together with the number": (
        (
            "某评分表\n"
            "| 序号 | 一级指标 | 二级指标 | 分值 |\n"
            "| 1 | 研发 | 投入 | 10 |\n"
            "| 产出 | 20 |\n"
            "| 2 | 服务 | 规模 | 30 |\n"
        ),
        [("1研发 None", "投入 10"), ("1研发 None", "产出 20"), ("2服务 None", "规模 30")],
    ),
    "points in parentheses only, repeated names instead of merged ones": (
        (
            "某评分表\n"
            "一级指标\t二级指标\t评价要点\n"
            "研发（30分）\t投入（10分）\t看投入\n"
            "研发（30分）\t产出（20分）\t看产出\n"
        ),
        [("研发 30", "投入 10 看投入"), ("研发 30", "产出 20 看产出")],
    ),
    "a header that is repeated on the next page, a unit in a column": (
        (
            "某评分表\n"
            "一级指标\t二级指标\t单位\t分值\n"
            "研发\t投入\t万元\t10\n"
            "一级指标\t二级指标\t单位\t分值\n"
            "\t产出\t件\t20\n"
        ),
        [("研发 None", "投入 10 万元"), ("研发 None", "产出 20 件")],
    ),
}


@pytest.mark.parametrize("name", READ)
def test_tables_as_people_make_them(name: str, tmp_path: Path) -> None:
    """Groups with their points, and number, name, points, unit and guidance of each row."""
    text, expected = READ[name]
    (file,) = import_text(text, tmp_path)
    rubric = completed(file, tmp_path)
    found = [
        (
            f"{d.number or ''}{d.name} {d.points}",
            " ".join(
                filter(None, (_numbered(i.number, i.name), str(i.points), i.unit, i.guidance))
            ),
        )
        for d in rubric.dimensions
        for i in d.leaves
    ]
    assert found == expected
    if "注" in text:
        assert [note.text for note in rubric.notes] == ["口径见附录。", "以年报为准。"]


def _numbered(number: str | None, name: str) -> str:
    return name if number is None else f"{number} {name}" if number.isdigit() else number + name


def test_placeholders_follow_the_names_not_the_order(tmp_path: Path) -> None:
    """The same indicator has the same placeholder wherever it stands; equal names differ."""
    rows = ["研发\t投入\t10\t看", "服务\t投入\t10\t看", "服务\t规模\t10\t看"]
    found = []
    for order in (rows, rows[::-1]):
        (file,) = import_text(HEAD + "\n".join(order), tmp_path)
        found.append({i.id for i in completed(file, tmp_path).indicators})
    assert found[0] == found[1]
    assert len(found[0]) == 3
    assert all(re.fullmatch(r"indicator-[0-9a-f]{6}", id) for id in found[0])
    (file,) = import_text(HEAD + "\n".join([rows[0], rows[0]]), tmp_path)
    first, second = (i.id for i in completed(file, tmp_path).indicators)
    assert second == f"{first}-2"


def test_points_that_are_taken_away_are_drafted(tmp_path: Path) -> None:
    """Each row of 扣分项 is a deduction with its most and its words; none is in the total."""
    text = (
        "某评分表\n\n| 一级指标 | 二级指标 | 分值 | 评分标准 |\n|---|---|---|---|\n"
        "| 研发 | 投入 | 10 | 看投入 |\n"
        "| 扣分项（最高10分） | 安全事故 | 10 | 每起扣5分。 |\n"
        "| 减分项 | 失信 | －3分 | |\n"
        "| | 违规 | | 每次扣1分，最多扣2分 |\n"
    )
    (file,) = import_text(text, tmp_path)
    rubric = completed(file, tmp_path)
    assert [(d.name, d.points, d.guidance) for d in rubric.deductions] == [
        ("安全事故", 10, "每起扣5分。"),
        ("失信", 3, None),
        ("违规", 2, "每次扣1分，最多扣2分"),
    ]
    assert rubric.points == 10
    assert [i.name for i in rubric.indicators] == ["投入"]


def test_a_group_of_deductions_without_rows_is_not_lost(tmp_path: Path) -> None:
    """A heading across a Word table below which nothing stands."""
    rows = [LEVELS, ["研发", "经费", "投入", "10"], ["扣分项：发生事故的酌情扣分", "", "", ""]]
    (file,) = drafts(word_file(tmp_path, rows, lambda _table: None), tmp_path / "out")
    assert ("", "“扣分项：发生事故的酌情扣分”下没有读到条目，请照原文补录") in pending(file)


TABLE = "一级指标\t二级指标\t分值\n研发\t投入\t10\n"
STATUS = {
    "a heading of its own": (
        "某导则\n（征求意见稿）\n某指标表\n",
        "draft  # 原文第 2 行写明是征求意见稿",
    ),
    "the end of the title": (
        "某指标表 (征求意见稿)\n",
        "draft  # 原文第 1 行写明是征求意见稿",
    ),
    "a sentence about another text": (
        "已就《某办法（征求意见稿）》征求各方意见。\n某指标表\n",
        "待定  # 待定：原文第 1 行有“征求意见稿”；若是征求意见稿写 draft，已施行的写 in_force",
    ),
    "nothing": (
        "某指标表\n",
        "待定  # 待定：没有写明是不是征求意见稿；是的写 draft，已施行的写 in_force",
    ),
}


@pytest.mark.parametrize("name", STATUS)
def test_whether_a_text_is_in_force_is_never_filled_in(name: str, tmp_path: Path) -> None:
    """Draft where the document calls itself so; else a person says, before the file loads."""
    above, expected = STATUS[name]
    (file,) = import_text(above + TABLE, tmp_path)
    assert f"\n  status: {expected}\n" in file.draft.text
    assert ("status" in {key for _line, key, _remark in file.draft.pending}) == (
        expected.startswith("待定")
    )
    assert completed(file, tmp_path).source.status == "draft"


def test_a_word_file_that_calls_itself_a_draft_for_comment(tmp_path: Path) -> None:
    """Far from the table, too: the place is the paragraph."""
    document = docx.Document()
    for text in ("某导则", "", "（征求意见稿）", *"一二三四五", "某评分表"):
        document.add_paragraph(text)
    add_table(document, [[Cell(text) for text in row] for row in (LEVELS, ["研", "经", "投", "9"])])
    document.save(str(tmp_path / "table.docx"))
    (file,) = drafts(tmp_path / "table.docx", tmp_path / "out")
    assert "\n  status: draft  # 第 2 段写明是征求意见稿\n" in file.draft.text


def test_comments_are_in_the_language_of_the_command(tmp_path: Path) -> None:
    """The words of the table stay; what the product says of them does not."""
    (tmp_path / "t.txt").write_text("某指标表\n" + TABLE, "utf-8")
    (english,) = drafts(tmp_path / "t.txt", tmp_path / "out", language="en")
    (chinese,) = drafts(tmp_path / "t.txt", tmp_path / "out")
    assert english.draft.text.startswith("# Drafted by evalkit rubric import from indicator table")
    assert "write a version, such as the year" in english.draft.text
    assert "请写版本" in chinese.draft.text
    assert "请写版本" not in english.draft.text
    without = [re.sub(r" *#.*", "", f.draft.text) for f in (english, chinese)]
    assert without[0] == without[1]


def test_an_encoding_that_does_not_fit_is_answered_with_one_that_does(tmp_path: Path) -> None:
    """Never with the one that was just given."""
    (tmp_path / "t.txt").write_text("某表，指标和分值如下：\n" + TABLE, "utf-8")
    with pytest.raises(InputError, match="不是 gbk 编码，像是 UTF-8；请去掉 --encoding 再试"):
        drafts(tmp_path / "t.txt", tmp_path / "out", encoding="gbk")
    (tmp_path / "t.txt").write_text("某表\n" + TABLE + " " * 1, "utf-16")
    with pytest.raises(InputError, match="是 UTF-16 编码，请用 --encoding utf-16"):
        drafts(tmp_path / "t.txt", tmp_path / "out")


def word_file(folder: Path, rows: list[list[str]], change: Callable[[Any], None]) -> Path:
    """A Word file with a title and a table of ``rows`` that ``change`` has had in hand."""
    document = docx.Document()
    document.add_paragraph("某评分表")
    change(add_table(document, [[Cell(text) for text in row] for row in rows]))
    document.save(str(folder / "table.docx"))
    return folder / "table.docx"


LEVELS = ["一级指标", "二级指标", "三级指标", "分值"]


def _merge_names(table: Any) -> None:
    """The indicator of the second row has no 二级指标: its cell reaches over both columns."""
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(2, 1).merge(table.cell(2, 2))


def test_a_name_that_reaches_over_two_columns(tmp_path: Path) -> None:
    """It stands below 研发 itself, not below the 二级指标 of the row above."""
    rows = [
        LEVELS,
        ["研发", "经费", "投入", "10"],
        ["", "人才", "", "20"],
        ["服务", "", "规模", "5"],
    ]
    (file,) = drafts(word_file(tmp_path, rows, _merge_names), tmp_path / "out")
    research, service = completed(file, tmp_path).dimensions
    assert [(d.name, [i.name for i in d.indicators]) for d in research.dimensions] == [
        ("经费", ["投入"])
    ]
    assert [i.name for i in research.indicators] == ["人才"]
    assert [i.name for i in service.indicators] == ["规模"]


def _xml(table: Any, row: int, column: int, inner: str) -> None:
    """Put XML at the end of the first paragraph of a cell."""
    names = "".join(f' xmlns:{p}="{nsmap[p]}"' for p in ("w", "m"))
    paragraph = table.cell(row, column).paragraphs[0]._p
    paragraph.append(parse_xml(inner.replace(">", f"{names}>", 1)))


def _controls(table: Any) -> None:
    """Name in a content control, a line break, a nested table and a hyperlink."""
    _xml(table, 1, 2, "<w:sdt><w:sdtContent><w:r><w:t>投入</w:t></w:r></w:sdtContent></w:sdt>")
    _xml(table, 1, 0, "<w:r><w:br/><w:t>（10分）</w:t></w:r>")
    _xml(table, 1, 1, "<w:hyperlink><w:r><w:t>费</w:t></w:r></w:hyperlink>")
    table.cell(1, 3).add_table(1, 1).cell(0, 0).text = "10"


def test_text_in_content_controls_links_and_inner_tables_is_read(tmp_path: Path) -> None:
    """python-docx's own ``text`` leaves out the first and the last of them."""
    rows = [LEVELS, ["研发", "经", "", ""]]
    (file,) = drafts(word_file(tmp_path, rows, _controls), tmp_path / "out")
    (research,) = completed(file, tmp_path).dimensions
    assert (research.name, research.points) == ("研发", 10)
    assert [(i.name, i.points) for i in research.leaves] == [("投入", 10)]
    assert research.dimensions[0].name == "经费"


def _number(table: Any) -> None:
    properties = table.cell(1, 0).paragraphs[0]._p.get_or_add_pPr()
    properties._add_numPr()._add_numId().val = 1
    table.cell(1, 1).paragraphs[0].style = "List Number"
    _xml(table, 1, 2, "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>")


def test_what_word_shows_without_text_is_listed(tmp_path: Path) -> None:
    """Automatic numbers, by the paragraph and by its style, and formulas are not in the text."""
    rows = [LEVELS, ["研发", "经费", "投入", "10"]]
    (file,) = drafts(word_file(tmp_path, rows, _number), tmp_path / "out")
    assert pending(file) == {
        ("", "表中有 2 处是 Word 自动编号，没有读出；用到的请照原文补写"),
        ("", "表中有 1 处公式、图形、符号或脚注没有读出，请照原文补写"),
    }


def _leftover(table: Any) -> None:
    """Text in a cell that the one above covers, and a claim of a million columns."""
    table.cell(1, 0).merge(table.cell(2, 0))
    row = table._tbl.tr_lst[2]
    row.tc_lst[0].p_lst[0].add_r().text = "看不见"
    row.tc_lst[3].get_or_add_tcPr().get_or_add_gridSpan().val = 1_000_000


def test_covered_text_is_not_read_and_claims_of_columns_are_bounded(tmp_path: Path) -> None:
    """What Word does not show is no part of the table."""
    rows = [LEVELS, ["研发", "经费", "投入", "10"], ["", "", "产出", "20"]]
    (file,) = drafts(word_file(tmp_path, rows, _leftover), tmp_path / "out")
    assert [(i.name, i.points) for i in completed(file, tmp_path).indicators] == [
        ("投入", 10),
        ("产出", 20),
    ]
    assert "看不见" not in file.draft.text


def test_headings_across_a_word_table(tmp_path: Path) -> None:
    """A title and a divided header inside the table, groups on rows of their own, notes below."""
    rows = [
        ["某考核表", "", "", ""],
        ["考核指标", "", "分值", "评分标准"],
        ["一级指标", "二级指标", "", ""],
        ["研发", "投入", "10", "多者优"],
        ["加分项（最高5分）", "获奖", "", "每项计1至2分"],
        ["合计", "", "10", ""],
        ["注：1.一。2.二。", "", "", ""],
    ]

    def merge(table: Any) -> None:
        for row in (0, 6):
            table.cell(row, 0).merge(table.cell(row, 3))
        table.cell(1, 0).merge(table.cell(1, 1))

    (file,) = drafts(word_file(tmp_path, rows, merge), tmp_path / "out")
    rubric = completed(file, tmp_path)
    assert (rubric.title, rubric.points) == ("某考核表", 10)
    assert [(i.name, i.guidance) for i in rubric.indicators] == [("投入", "多者优")]
    assert [(b.name, b.points, b.item.min, b.item.max) for b in rubric.bonus] == [("获奖", 5, 1, 2)]
    assert [note.text for note in rubric.notes] == ["一。", "二。"]


def _insert(table: Any) -> None:
    _xml(table, 1, 2, '<w:ins w:id="1" w:author="示例"><w:r><w:t>经</w:t></w:r></w:ins>')


def test_tracked_changes_are_refused(tmp_path: Path) -> None:
    """Whether an insertion holds is not for a program to say."""
    source = word_file(tmp_path, [LEVELS, ["研发", "经费", "投入", "10"]], _insert)
    with pytest.raises(InputError, match="有修订没有处理，请先在 Word 里全部接受或拒绝"):
        drafts(source, tmp_path / "out")
