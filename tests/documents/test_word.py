"""The Word forms: what stands on them, that nothing on them is alive, and how they print."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from evalkit.base.errors import Refused
from evalkit.disclosure import Views
from evalkit.documents.looks import Column, Form, Layout, Notice
from evalkit.documents.minutes_word import minutes
from evalkit.documents.publicity_word import publicity
from evalkit.documents.sheets_word import sheets
from evalkit.documents.summary_word import summary
from evalkit.documents.template import OWN
from evalkit.documents.word import Paper
from evalkit.documents.word_xml import Field
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from evalkit.round import open_round
from tests.support.builders import demo, few, frame, grouped, load, panel_data, rubric_data
from tests.support.hostile import HOSTILE, hostile, official
from tests.support.once import once
from tests.support.word_template import FONTS


@pytest.fixture(name="results", scope="module")
def _results() -> Results:
    return evaluate(*demo())


PAPERS: dict[str, Callable[[Results], bytes]] = {
    "summary": lambda results: summary(Views(results).panel()),
    "sheets": lambda results: sheets(Views(results).expert(results.panel.experts[0].id)),
    "publicity": lambda results: publicity(Views(results).public()),
    "minutes": lambda results: minutes(Views(results).minutes()),
}


def opened(data: bytes) -> Any:
    """A document as python-docx reads it."""
    return docx.Document(io.BytesIO(data))


def cells(table: Any) -> list[list[str]]:
    """The texts of a table, row by row."""
    return [[cell.text for cell in row.cells] for row in table.rows]


def texts(document: Any) -> list[str]:
    """The paragraphs outside tables."""
    return [p.text for p in document.paragraphs]


# What stands on them


def test_the_summary_says_what_the_results_say(results: Results) -> None:
    """Rank, names, dimensions, base, bonus and total, in the order of the ranking."""
    view = Views(results).panel()
    head, *rows = cells(opened(summary(view)).tables[0])
    assert head[:5] == ["名次", "标识", "参评对象", "牵头单位", "推动关键技术研发（20）"]
    assert head[-3:] == ["基础分（100）", "加分", "总分"]
    assert rows == [
        [
            str(a["rank"]),
            a["id"],
            a["name"],
            a["lead"],
            *(d["points"] for d in a["dimensions"]),
            a["base"],
            a["bonus"],
            a["total"],
        ]
        for a in view["applicants"]
    ]
    assert rows[0][-1] == "97.60"


def test_everybody_signs_the_summary(results: Results) -> None:
    """Chair, experts and secretary have a place each, and nothing in it."""
    document = opened(summary(Views(results).panel()))
    people = [row[k : k + 3] for row in cells(document.tables[2])[1:] for k in (0, 3)]
    assert people[0] == ["组长", "专家甲", ""]
    assert [p[0] for p in people] == ["组长", *["专家"] * 6, "秘书"]
    assert {p[2] for p in people} == {""}
    assert any(re.fullmatch(r"日期：　+年　+月　+日", text) for text in texts(document))


def test_the_summary_names_what_is_out_of_the_ordinary(results: Results) -> None:
    """Recusals, conflicts and what was not scored, with the reason."""
    rows = cells(opened(summary(Views(results).panel())).tables[1])
    assert [
        "示例金融风控赋能中心",
        "全部指标",
        "专家戊",
        "利益冲突，不评",
        "曾任该单位顾问",
    ] in rows
    assert len(rows) == 5


def test_the_summary_carries_digests_and_root(results: Results) -> None:
    """Whole at the end, the beginning on every page."""
    locked = official(results)
    document = opened(summary(Views(locked).panel()))
    assert dict(cells(document.tables[-1])) == {
        "结果摘要值": locked.digest,
        "评分记录根哈希": "ab" * 32,
        "评审组文件摘要值": locked.panel.digest,
        "指标体系文件摘要值": locked.rubric.digest,
    }
    foot = document.sections[0].footer.paragraphs[0].text
    assert foot == f"结果摘要值 {locked.digest[:16]}…　第 1 页 共 1 页"
    assert "评分锁定：2026年1月26日 17:30（北京时间）" in " ".join(texts(document))


def test_wide_summaries_lie_across(results: Results, tmp_path: Path) -> None:
    """Five dimensions need the long side, one does not."""
    wide = opened(summary(Views(results).panel())).sections[0]
    assert wide.page_width > wide.page_height
    upright = opened(summary(Views(hostile(tmp_path, 2)).panel())).sections[0]
    assert upright.page_width < upright.page_height


def test_an_applicant_without_rank(tmp_path: Path) -> None:
    """Dashes and the reason, never a zero."""
    document = opened(summary(Views(hostile(tmp_path, 5)).panel()))
    last = cells(document.tables[0])[-1]
    assert (last[0], last[2], last[-1]) == ("—", HOSTILE[3], "—")
    said = "没有得分，因此没有总分和名次；没有得分不等于 0 分。"
    assert any(said in text for text in texts(document))


CONDITION = "准入条件不满足或是否满足不清楚的，没有名次，记为“—”。"


def test_ranks_within_groups_stand_with_their_group(tmp_path: Path) -> None:
    """East: A 9, B 5; west: C 8, D 7, and E with 10 points but without rank, for its condition."""
    results = grouped(tmp_path, public=["rank", "total"])
    document = opened(summary(Views(results).panel()))
    head, *rows = cells(document.tables[0])
    assert head[:4] == ["组别", "名次", "标识", "参评对象"]
    expected = [
        ("东部组", "1", "对象A", "9.00"),
        ("东部组", "2", "对象B", "5.00"),
        ("西部组", "1", "对象C", "8.00"),
        ("西部组", "2", "对象D", "7.00"),
        ("西部组", "—", "对象E", "10.00"),
    ]
    assert [(*row[:2], row[3], row[-1]) for row in rows] == expected
    public = opened(publicity(Views(results).public()))
    head, *rows = cells(public.tables[0])
    assert head == ["组别", "名次", "参评对象", "牵头单位", "总分"]
    assert [(*row[:3], row[-1]) for row in rows] == expected[:-1]
    assert [text for text in texts(document) if "“—”" in text] == [CONDITION]


@pytest.mark.parametrize("public", [["rank", "total"], ["rank"], ["total"], []])
def test_who_has_no_rank_is_on_no_public_list(tmp_path: Path, public: list[str]) -> None:
    """B has no points and so neither total nor rank; E has a total, but fails a condition."""
    view = Views(grouped(tmp_path, lacking=True, public=public)).public()
    named = {"name", "lead", "group"}
    assert all(row.keys() == named | set(public) for row in view["applicants"])
    head, *rows = cells(opened(publicity(view)).tables[0])
    assert head[:2] == ["组别", "名次" if "rank" in public else "序号"]
    assert [(row[0], row[2]) for row in rows] == [
        ("东部组", "对象A"),
        ("西部组", "对象C"),
        ("西部组", "对象D"),
    ]


def test_the_list_of_those_proposed_in_the_words_of_the_text() -> None:
    """Anhui selects 3: two are proposed, two tie for the last place, one fails, one is unclear."""
    found = published(open_round("anhui-application-demo").results(), "rank")
    view = Views(found).public()
    document = opened(publicity(view))
    head, *rows = cells(document.tables[0])
    assert head == ["名次", "参评对象", "牵头单位"]
    assert [row[:2] for row in rows] == [["1", "示例县甲"], ["2", "示例县乙"]]
    said = texts(document)
    assert said[0].replace("\n", "").endswith("认定评审（演示）拟认定示范区名单公示")
    assert "附件：拟认定示范区名单" in said
    assert "拟认定示范区名单" in said
    title = "安徽省人工智能赋能新型工业化示范区(深度应用类)"
    assert f"公示无异议后拟授予的名称：{title}。" in said
    for name in ("示例县丙", "示例县丁", "示例县戊", "示例县己"):
        assert name not in "".join([*said, *(cell for row in rows for cell in row)])


def test_a_list_of_nobody_is_refused() -> None:
    """Without a place for anybody there is nothing to publish."""
    found = published(open_round("anhui-application-demo").results(), "rank")
    rules = found.panel.rules
    selection = rules.selecting.model_copy(update={"places": 0}) if rules.selecting else None
    panel = found.panel.model_copy(
        update={"rules": rules.model_copy(update={"selection": selection})}
    )
    with pytest.raises(Refused, match="没有可以公示的对象"):
        Views(evaluate(found.rubric, panel, found.facts)).public()


def published(results: Results, *public: str) -> Results:
    """The same round with something declared to be public."""
    rules = results.panel.rules
    disclosure = rules.disclosure.model_copy(update={"public": public})
    rules = rules.model_copy(update={"disclosure": disclosure})
    panel = results.panel.model_copy(update={"rules": rules})
    return evaluate(results.rubric, panel, results.facts)


def test_an_expert_signs_every_sheet(results: Results) -> None:
    """An overview, then a page for each applicant with every indicator, sum and signature."""
    view = Views(results).expert("e3")
    document = opened(sheets(view))
    overview, conflicts, digest, *pages = [cells(table) for table in document.tables]
    assert [row[1] for row in overview[1:]] == [s["name"] for s in view["sheets"]]
    assert conflicts[1:] == [
        ["示例智能农机赋能中心", "示例农机集团（虚构）", "工作单位“示例大学丙（虚构）”是共建单位"]
    ]
    assert digest == [["本专家评分摘要值", view["entered"]]]
    assert len(pages) == 23
    # c01, e3: 12 indicators, their sum, one claim, its sum
    assert [row[0] for row in pages[0][-4:]] == ["5.3", "", "加分", ""]
    assert pages[0][-3][1:4] == ["指标合计", "100", "84.5"]
    assert pages[0][-1][1:4] == ["加分合计", "", "2"]
    assert sum("专家（专家丙）签字" in text for text in texts(document)) == 24


def test_words_stand_where_a_score_is_missing(results: Results) -> None:
    """Recused and unscored with their reasons, and no sum."""
    for expert, applicant, word, reason in (
        ("e2", "示例智慧农业赋能中心", "回避", "参加过该数据集的验收，申请回避本项"),
        ("e4", "示例金融风控赋能中心", "不评", "培训佐证材料缺页，无法判断"),
    ):
        view = Views(results).expert(expert)
        n = [s["name"] for s in view["sheets"]].index(applicant)
        tables = [cells(table) for table in opened(sheets(view)).tables]
        pages = [t for t in tables if t[0][0] == "编号"]
        row = next(row for row in pages[n] if word in row)
        assert row[4] == reason
        assert ["", "指标合计", "100", "—", ""] in pages[n]
        assert tables[0][n + 1][-1] == f"{word} 1 项"


def test_an_indicator_without_a_number_is_no_bonus(tmp_path: Path) -> None:
    """Where the text numbers nothing the column is empty; only a bonus is called one."""
    data = rubric_data((5,))
    del data["dimensions"][0]["indicators"][0]["number"]
    rubric, panel = load(tmp_path, data, panel_data(1, ["A"]))
    facts = from_frame(frame([("A", "e1", "i1", "4", "")]), rubric, panel)
    document = opened(sheets(Views(evaluate(rubric, panel, facts)).expert("e1")))
    assert [row[:2] for row in cells(document.tables[-1])[1:]] == [["", "指标1"], ["", "指标合计"]]


def test_a_signed_sum_is_converted(tmp_path: Path) -> None:
    """Marks of 90 and 80 out of 100 for 5 points each: 90 × 0.05 + 80 × 0.05 = 8.5 of 10."""
    data = rubric_data((5, 5))
    for indicator in data["dimensions"][0]["indicators"]:
        indicator["scored"] = {"min": "0", "max": "100", "factor": "0.05"}
    rubric, panel = load(tmp_path, data, panel_data(1, ["A"]))
    rows = frame([("A", "e1", "i1", "90", ""), ("A", "e1", "i2", "80", "")])
    results = evaluate(rubric, panel, from_frame(rows, rubric, panel))
    document = opened(sheets(Views(results).expert("e1")))
    overview, _digest, page = [cells(table) for table in document.tables]
    assert overview[0][3] == "指标合计（换算后）"
    assert overview[1][3] == "8.5"
    assert [row[1:4] for row in page[1:]] == [
        ["指标1", "0—100", "90"],
        ["指标2", "0—100", "80"],
        ["指标合计（换算后）", "10", "8.5"],
    ]
    said = "换算后：评分乘以系数再相加；系数为 指标1 0.05、指标2 0.05。"
    assert said in texts(document)


def test_the_list_for_publicity(results: Results) -> None:
    """Names, ranks and totals as declared; places for issuer, date and days."""
    document = opened(publicity(Views(results).public()))
    view = Views(results).public()
    assert cells(document.tables[0])[:2] == [
        ["名次", "参评对象", "牵头单位", "总分"],
        ["1", "示例科研智算赋能中心", "示例科研院（虚构）", "97.60"],
    ]
    assert len(document.tables[0].rows) == 25
    said = texts(document)
    assert said[0] == "2025年度省人工智能行业\n赋能中心评价（演示）结果公示"
    assert "（发布机关）" in said
    assert f"结果摘要值 {view['digest']}" in said
    assert not any(e.name in " ".join(said) for e in results.panel.experts)


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_the_public_is_told_that_less_is_better(tmp_path: Path, better: str) -> None:
    """Beside totals of which the lowest is first; elsewhere it goes without saying."""
    for public in (["rank", "total"], ["rank"]):
        rules = {"disclosure": {"min_experts": 1, "min_applicants": 1, "public": public}}
        rubric, panel = load(
            tmp_path, {**rubric_data((10,)), "better": better}, panel_data(1, ["A", "B"], rules)
        )
        rows = frame([("A", "e1", "i1", "3", ""), ("B", "e1", "i1", "2", "")])
        results = evaluate(rubric, panel, from_frame(rows, rubric, panel))
        document = opened(publicity(Views(results).public()))
        first = cells(document.tables[0])[1][1]
        assert first == ("对象B" if better == "lower" else "对象A")
        assert ("总分越低越好。" in texts(document)) == (better == "lower" and "total" in public)


def test_no_more_is_published_than_declared(results: Results) -> None:
    """Without rank and total the list has numbers and names in the order of the panel."""
    disclosure = results.panel.rules.disclosure.model_copy(update={"public": ()})
    rules = results.panel.rules.model_copy(update={"disclosure": disclosure})
    quiet = replace(results, panel=results.panel.model_copy(update={"rules": rules}))
    head, first, *_rest = cells(opened(publicity(Views(quiet).public())).tables[0])
    assert head == ["序号", "参评对象", "牵头单位"]
    assert first == ["1", "示例智慧医疗赋能中心", "示例医联科技（虚构）"]


@pytest.mark.parametrize("name", ["summary", "sheets"])
def test_a_trial_says_so(name: str) -> None:
    """On the first page, and on each sheet that is signed."""
    trial = evaluate(*few(), trial=True)
    said = texts(opened(PAPERS[name](trial)))
    expected = 1 if name == "summary" else 1 + len(Views(trial).expert("e1")["sheets"])
    assert said.count("试算，不作为正式结果") == expected
    assert "试算，不作为正式结果" not in texts(opened(PAPERS[name](official(trial))))


def test_english_forms(results: Results) -> None:
    """Everything but names and the words of the rubric follows the language."""
    view = Views(results).panel("en")
    document = opened(summary(view))
    assert cells(document.tables[0])[0][:4] == ["Rank", "Id", "Applicant", "Lead organisation"]
    assert "Summary of scores" in texts(document)
    sheet = opened(sheets(Views(results).expert("e3", "en")))
    assert "Score sheets of an expert" in texts(sheet)


# What they are made of


@pytest.mark.parametrize("name", PAPERS)
def test_the_same_bytes(name: str) -> None:
    """No clock and no system in the file; its only time is that of the lock."""
    results = evaluate(*few())
    locked = official(results)
    data = PAPERS[name](locked)
    assert PAPERS[name](locked) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        core = archive.read("docProps/core.xml").decode()
    assert {(part.date_time, part.create_system) for part in parts} == {((1980, 1, 1, 0, 0, 0), 0)}
    assert opened(data).core_properties.created == dt.datetime(2026, 1, 26, 9, 30, tzinfo=dt.UTC)
    assert "python-docx" not in core
    assert (
        "created"
        not in zipfile.ZipFile(io.BytesIO(PAPERS[name](results))).read("docProps/core.xml").decode()
    )


@pytest.mark.parametrize("name", PAPERS)
def test_nothing_on_a_form_is_alive(tmp_path: Path, name: str) -> None:
    """Hostile names are text: the only fields are page numbers, nothing leads out of the file."""
    data = PAPERS[name](hostile(tmp_path, 10))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {n: archive.read(n).decode() for n in archive.namelist()}
    everything = "".join(parts.values())
    feet = "".join(text for name, text in parts.items() if "footer" in name)
    fields = re.findall(r"<w:instrText>([^<]*)<", feet)
    assert fields == re.findall(r"<w:instrText>([^<]*)<", everything)
    assert set(fields) <= {field.value for field in Field}
    assert not re.search(r"<w:(hyperlink|fldSimple|object|altChunk|control)\b", everything)
    assert 'TargetMode="External"' not in everything
    assert set(parts) >= {"word/document.xml", "word/styles.xml", "word/fontTable.xml"}
    assert not [n for n in parts if "theme" in n or "thumbnail" in n or "customXml" in n]
    shown = {cell for table in opened(data).tables for row in cells(table) for cell in row}
    assert set(HOSTILE) <= shown


@pytest.mark.parametrize("name", PAPERS)
def test_no_name_is_a_field(tmp_path: Path, name: str) -> None:
    """Whoever is called PAGE stands on the paper under that name, not as the number 1."""
    words = [field.value for field in Field]
    applicants = [{"id": f"c{k}", "name": word, "lead": word} for k, word in enumerate(words)]
    rules = {"disclosure": {"min_experts": 1, "min_applicants": 1, "public": ["rank"]}}
    rubric, panel = load(tmp_path, rubric_data((10,)), panel_data(1, applicants, rules))
    rows = [(f"c{k}", "e1", "i1", "5", "") for k in range(len(words))]
    results = evaluate(rubric, panel, from_frame(frame(rows), rubric, panel))
    document = opened(PAPERS[name](results))
    names = 2 if name == "summary" else 1
    shown = [row[names : names + 2] for row in cells(document.tables[0])[1:]]
    beside = "5.00" if name == "minutes" else None  # no lead organisation, but the total
    assert shown == [[word, beside or word] for word in words]
    assert not list(document.element.body.iter(qn("w:instrText")))


@pytest.mark.parametrize("name", PAPERS)
def test_fonts_are_chinese_with_stand_ins(results: Results, name: str) -> None:
    """Every style names its East Asian font, and the table of fonts what to take instead."""
    document = opened(PAPERS[name](results))
    fonts = list(document.styles.element.iter(qn("w:rFonts")))
    assert len(fonts) > 5
    assert {font.get(qn("w:eastAsia")) for font in fonts} <= FONTS.keys()
    used = {p.style.name for p in document.paragraphs}
    assert used <= {style.name for style in document.styles}
    table = zipfile.ZipFile(io.BytesIO(PAPERS[name](results))).read("word/fontTable.xml").decode()
    for font, instead in FONTS.items():
        names = re.search(rf'w:name="{font}"[^>]*><w:altName w:val="([^"]*)"', table)
        assert names is not None
        assert names[1] == instead


def test_headings_repeat_and_rows_stay_whole(results: Results) -> None:
    """A table over several pages says on each what its columns are."""
    for table in opened(summary(Views(results).panel())).tables[:2]:
        head, *rows = table._tbl.tr_lst
        assert head.find(".//" + qn("w:tblHeader")) is not None
        assert all(row.find(".//" + qn("w:cantSplit")) is not None for row in rows)


# GB/T 9704-2012


def test_the_page_of_an_official_document(results: Results) -> None:
    """5.2.1: A4, 天头 37, 订口 28, 版心 156 × 225 mm; 7.5: odd numbers right, even left."""
    document = opened(publicity(Views(results).public()))
    section = document.sections[0]
    millimetres = {
        "page_width": 210,
        "page_height": 297,
        "top_margin": 37,
        "bottom_margin": 35,
        "left_margin": 28,
        "right_margin": 26,
    }
    for name, value in millimetres.items():
        assert abs(getattr(section, name).mm - value) < 0.1, name
    assert document.settings.odd_and_even_pages_header_footer
    for foot, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (line,) = foot.paragraphs
        assert line.text == "— 1 —"
        style = line.style.element
        assert style.find(".//" + qn("w:jc")).get(qn("w:val")) == side
        assert style.find(".//" + qn("w:sz")).get(qn("w:val")) == "28"  # 四号, half points
        assert style.find(".//" + qn("w:rFonts")).get(qn("w:ascii")) == "宋体"
        assert style.find(".//" + qn("w:ind")).get(qn(f"w:{side}Chars")) == "100"


def test_fonts_of_an_official_document() -> None:
    """7.3.1 title 二号 小标宋; 5.2.2 body 三号 仿宋; 7.3.7 annex 三号 黑体."""
    styles = docx.Document(str(OWN)).styles
    for name, font, size in (
        (Notice.TITLE, "方正小标宋简体", 22),
        (Notice.BODY, "仿宋_GB2312", 16),
        (Notice.ANNEX, "黑体", 16),
    ):
        found = styles[name]
        assert found.font.size.pt == size
        assert found.element.find(".//" + qn("w:rFonts")).get(qn("w:eastAsia")) == font


# How they print

PRINTED = [(name, n) for name in PAPERS for n in (24, 1, 10)] + [("summary", 300)]
"""What is printed each time, and for how many applicants: the demo's, or ones with hostile names.

It is all printed in one start of LibreOffice.
"""


def paper_of(name: str, n: int, folder: Path) -> tuple[Results, bytes]:
    """Results of ``n`` applicants, and a paper of them."""
    results = official(evaluate(*demo())) if n == 24 else hostile(folder, n)
    return results, PAPERS[name](results)


def lines_of_text() -> Any:
    """A document of the character 字 only, without indents."""
    paper = Paper(Layout.OFFICIAL, "字", None)
    paper.line("字" * 28 * 30, Notice.BODY)
    paper.footer([])
    document = opened(paper.to_bytes())
    indent = document.styles[Notice.BODY].element.find(".//" + qn("w:ind"))
    indent.getparent().remove(indent)
    return document


@pytest.fixture(name="prints", scope="session")
def _prints(as_pdf: Callable[..., list[Path]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all of them as PDF."""

    def make(folder: Path) -> None:
        lines_of_text().save(folder / "lines.docx")
        for name, n in PRINTED:
            (folder / f"{name}-{n}.docx").write_bytes(paper_of(name, n, folder)[1])
        as_pdf(*sorted(folder.glob("*.docx")))

    return once(tmp_path_factory, "prints", make)


def read(file: Path) -> tuple[PdfReader, str]:
    """The pages of a PDF, and their text without white space."""
    reader = PdfReader(file)
    return reader, re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))


def test_22_lines_of_28_characters(prints: Path) -> None:
    """GB/T 9704-2012, 5.2.3, counted on the printed page."""
    pages = PdfReader(prints / "lines.pdf").pages
    lines = [line.strip() for line in pages[0].extract_text().splitlines() if line.strip()]
    assert [len(line) for line in lines] == [28] * 22


@pytest.mark.parametrize("name", PAPERS)
def test_forms_print(prints: Path, results: Results, name: str) -> None:
    """LibreOffice opens them, on as many A4 pages as they should have, with every name."""
    reader, said = read(prints / f"{name}-24.pdf")
    # 24 applicants: a summary with signatures, an overview with 24 sheets, a notice with its annex
    assert len(reader.pages) == {"summary": 3, "sheets": 25, "publicity": 3, "minutes": 7}[name]
    sides = {round(float(v)) for page in reader.pages for v in page.mediabox[2:]}
    assert sides == {595, 842}
    for applicant in results.panel.applicants:
        assert applicant.name in said


def names_are_in(said: str, results: Results, n: int) -> None:
    """The names of all applicants, as far as white space allows."""
    for applicant in results.panel.applicants:
        whole = re.sub(r"\s", "", applicant.name)
        assert whole[:10] in said
    if n == 300:
        assert said.count(re.sub(r"\s", "", HOSTILE[0])) >= 30


@pytest.mark.parametrize(("name", "n"), [(name, n) for name, n in PRINTED if n != 24])
def test_forms_of_any_size_print(prints: Path, tmp_path: Path, name: str, n: int) -> None:
    """One applicant or three hundred, with hostile and very long names."""
    names_are_in(read(prints / f"{name}-{n}.pdf")[1], hostile(tmp_path, n), n)


@pytest.mark.soak
@pytest.mark.parametrize("name", ["sheets", "publicity"])
def test_other_forms_of_three_hundred_print(
    as_pdf: Callable[..., list[Path]], tmp_path: Path, name: str
) -> None:
    """They take longer."""
    results, data = paper_of(name, 300, tmp_path)
    file = tmp_path / f"{name}.docx"
    file.write_bytes(data)
    names_are_in(read(as_pdf(file)[0])[1], results, 300)


def test_tables_are_as_wide_as_their_columns_and_stand_apart() -> None:
    """Tables do not touch each other or the end of the document, as Word demands."""
    style = Form.TEXT
    paper = Paper(Layout.UPRIGHT, "表", None)
    for _n in range(2):
        paper.table([Column("甲", 30, style), Column("乙", 20, style)], [["1", "2"]], style)
    document = opened(paper.to_bytes())
    widths = [c.width.mm for c in document.tables[0].columns]
    assert [round(w) for w in widths] == [30, 20]
    tags = [child.tag for child in document.element.body]
    assert tags == [qn(f"w:{name}") for name in ("tbl", "p", "tbl", "p", "sectPr")]
