"""How ``evalkit/documents/template.docx`` was made: ``python -m tests.support.word_template``.

Fonts are those that Chinese offices have, with what stands in for them. Sizes, distances and exact
distances of lines are points, indents are characters. An office edits the file in Word.
"""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.shared import Mm

from evalkit.base.packages import settled
from evalkit.documents.looks import STYLES, Form, Notice
from evalkit.documents.template import OWN
from evalkit.documents.word_xml import Field, counted, element, paragraph, runs

SONG, HEI, KAI, FANGSONG = "宋体", "黑体", "楷体_GB2312", "仿宋_GB2312"
XIAOBIAOSONG = "方正小标宋简体"
FONTS = {
    SONG: "SimSun,华文宋体,Songti SC,Noto Serif CJK SC",
    HEI: "SimHei,华文黑体,Heiti SC,Noto Sans CJK SC",
    KAI: "楷体,KaiTi,华文楷体,Kaiti SC,Noto Serif CJK SC",
    FANGSONG: "仿宋,FangSong,华文仿宋,STFangsong,Noto Serif CJK SC",
    XIAOBIAOSONG: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,"
    "SimSun,华文宋体,Songti SC,Noto Serif CJK SC",
}
ERHAO, SANHAO, SIHAO, XIAOSI, WUHAO, XIAOWU = 22.0, 16.0, 14.0, 12.0, 10.5, 9.0

# GB/T 9704-2012 5.2.3: 22 lines on 225 mm are 28.99 points each, 28 characters on 156 mm 15.79
LINE, SPREAD = 28.95, -0.25
TITLE = {"font": XIAOBIAOSONG, "size": ERHAO, "align": "center", "line": 36, "snap": False}
BODY = {"font": FANGSONG, "size": SANHAO, "line": LINE}
CELL = {"font": FANGSONG, "size": SIHAO, "snap": False}
FOOT, ODD, EVEN = "表单 页脚", "公示 单页码", "公示 双页码"
LOOKS: dict[str, dict[str, Any]] = {
    Form.ROUND: {"font": FANGSONG, "size": XIAOSI, "align": "center", "after": 4},
    Form.NAME: {"font": XIAOBIAOSONG, "size": 20, "align": "center", "after": 6},
    Form.MARK: {"font": HEI, "size": XIAOSI, "align": "center", "after": 6},
    Form.FACTS: {"after": 4, "line": 17},
    Form.HEADING: {"font": HEI, "size": XIAOSI, "before": 12, "after": 5, "keep": True},
    Form.NOTE: {"size": XIAOWU, "before": 4, "line": 14},
    Form.SIGN: {"align": "right", "before": 16},
    Form.SHEET: {
        "font": XIAOBIAOSONG,
        "size": SANHAO,
        "align": "center",
        "after": 6,
        "fresh": True,
    },
    Form.HEAD: {"font": HEI, "size": XIAOWU, "align": "center"},
    Form.TEXT: {"size": XIAOWU},
    Form.MIDDLE: {"size": XIAOWU, "align": "center"},
    Form.NUMBER: {"size": XIAOWU, "align": "right"},
    Form.GAP: {"size": 1, "line": 1},
    Notice.TITLE: {**TITLE, "before": LINE, "after": LINE},
    Notice.BODY: {**BODY, "align": "both", "first": 2},
    Notice.BLANK: {**BODY, "first": 2},
    Notice.ISSUER: {**BODY, "align": "center", "left": 12, "right": 4},
    Notice.ANNEX: {"font": HEI, "size": SANHAO, "line": LINE, "fresh": True},
    Notice.LIST: {**TITLE, "before": LINE, "after": LINE / 2},
    Notice.HEAD: {"font": HEI, "size": SIHAO, "align": "center", "snap": False},
    Notice.NAME: CELL,
    Notice.MIDDLE: {**CELL, "align": "center"},
    Notice.REMARK: {"font": KAI, "size": XIAOSI, "before": 6, "snap": False},
    FOOT: {"size": XIAOWU, "align": "center"},
    ODD: {"size": SIHAO, "western": SONG, "align": "right", "right": 1},
    EVEN: {"size": SIHAO, "western": SONG, "left": 1},
}
LOOKS |= {name: {**LOOKS[name], "spread": SPREAD} for name in (*Notice, ODD, EVEN)}
IDS = {name: f"evalkit{n}" for n, name in enumerate(LOOKS, 1)}

# width, height, top, right, bottom, left and distance of the footer in millimetres; pitch of lines
# 5.2.1: 天头 37, 订口 28, 版心 156 × 225; 7.5: the page number lies 7 below the text
PAGES = (
    ((210, 297, 20, 20, 20, 22, 11), {"linePitch": 312}),
    ((297, 210, 20, 20, 18, 22, 11), {"linePitch": 312}),
    ((210, 297, 37, 26, 35, 28, 25.5), {"type": "lines", "linePitch": round(LINE * 20)}),
)
SHOWN = ((*Form,), (), (*Notice,))
SAID = (
    "模板：可改样式、页面、页眉页脚；正文由 evalkit 填写，这里的文字不进文件。第一节：竖页表单。",
    "第二节：横页表单。",
    "第三节：公示名单，按 GB/T 9704—2012；奇数页和偶数页的页脚不同。",
)


def letters(size: float = WUHAO, font: str = SONG, western: str = "Times New Roman") -> list[Any]:
    """How characters look."""
    names = {"ascii": western, "hAnsi": western, "eastAsia": font}
    halves = round(size * 2)
    return [
        element("rFonts", **names),
        element("sz", val=halves),
        element("szCs", val=halves),
    ]


def style(
    name: str,
    *,
    align: str = "left",
    before: float = 0,
    after: float = 0,
    line: float | None = None,
    spread: float = 0,
    keep: bool = False,
    fresh: bool = False,
    snap: bool = True,
    **rest: Any,
) -> Any:
    """A paragraph style: ``spread`` is what each character gives to the next, ``keep`` holds a
    paragraph on the page of the next, ``fresh`` begins a page, without ``snap`` it keeps off the
    grid of its page.
    """
    sides = {"firstLine": rest.pop("first", 0)} | {s: rest.pop(s, 0) for s in ("left", "right")}
    marks = letters(**rest)
    spacing: dict[str, Any] = {"before": round(before * 20), "after": round(after * 20)}
    if line is not None:
        spacing |= {"line": round(line * 20), "lineRule": "exact"}
    indents = {f"{side}Chars": round(n * 100) for side, n in sides.items() if n}
    # the same in twips, for programs that do not count characters
    indents |= {side: round(n * rest.get("size", WUHAO) * 20) for side, n in sides.items() if n}
    properties = element("pPr")
    properties.extend([element("keepNext")] if keep else [])
    properties.extend([element("pageBreakBefore")] if fresh else [])
    properties.extend([] if snap else [element("snapToGrid", val=0)])
    properties.append(element("spacing", **spacing))
    properties.extend([element("ind", **indents)] if indents else [])
    properties.append(element("jc", val=align))
    marks[1:1] = [element("spacing", val=round(spread * 20))] if spread else []
    based = [element("name", val=name), element("basedOn", val="Normal"), element("qFormat")]
    words = element("rPr", *marks)
    kind = {"type": "paragraph", "customStyle": 1, "styleId": IDS[name]}
    return element("style", *based, properties, words, **kind)


def defaults() -> list[Any]:
    """What holds where nothing else is said."""
    words = element("rPr", *letters(), element("lang", val="en-US", eastAsia="zh-CN"))
    normal = element(
        "style", element("name", val="Normal"), type="paragraph", default=1, styleId="Normal"
    )
    return [element("docDefaults", element("rPrDefault", words)), normal]


def fonts() -> Any:
    """The table of fonts, with what Word takes where one is missing (``altName``)."""
    made = element("fonts")
    for name, instead in FONTS.items():
        kinds = {"altName": instead, "charset": "86", "family": "auto", "pitch": "variable"}
        parts = [element(tag, val=value) for tag, value in kinds.items()]
        made.append(element("font", *parts, name=name))
    return made


def foot(footer: Any, name: str, parts: tuple[str | Field, ...]) -> None:
    """A footer with one paragraph."""
    footer.is_linked_to_previous = False
    old = footer.paragraphs[0]._p
    pieces = [r for p in parts for r in (counted(p) if isinstance(p, Field) else runs(p))]
    old.addprevious(paragraph(IDS[name], *pieces))
    old.getparent().remove(old)


def lay_out(document: Any) -> None:
    """A section for each page, with its footer and a line in each of its styles."""
    body = document.element.body
    for n, (measures, grid) in enumerate(PAGES):
        section = document.add_section() if n else document.sections[0]
        width, height, *margins, low = measures
        section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(width), Mm(height)
        sides = ("top_margin", "right_margin", "bottom_margin", "left_margin")
        for side, margin in zip(sides, margins, strict=True):
            setattr(section, side, Mm(margin))
        section.footer_distance = Mm(low)
        properties = body[-1]
        properties.replace(properties.find(qn("w:docGrid")), element("docGrid", **grid))
        official = n == len(PAGES) - 1
        page = ("— ", Field.PAGE, " —") if official else (Field.PAGE, " / ", Field.PAGES)
        foot(section.footer, ODD if official else FOOT, page)
        if official:
            foot(section.even_page_footer, EVEN, page)
        for text, name in ((SAID[n], Form.NOTE), *((s.value, s) for s in SHOWN[n])):
            body.insert(len(body) - 1, paragraph(IDS[name], *runs(text)))


def built() -> bytes:
    """The file, always the same bytes."""
    document = Document()
    main = document.part
    keep = {RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS}
    for key in [key for key, rel in main.rels.items() if rel.reltype not in keep]:
        del main.rels[key]
    for key, rel in list(main.package.rels.items()):
        if rel.target_part is not main:
            del main.package.rels[key]
    for child in list(document.settings.element):
        if child.tag != qn("w:compat"):
            document.settings.element.remove(child)
    document.settings.odd_and_even_pages_header_footer = True
    styles = document.styles.element
    for child in list(styles):
        styles.remove(child)
    styles.extend(defaults())
    styles.extend(style(name, **look) for name, look in LOOKS.items())
    table, kind = PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE
    part = Part(table, kind, serialize_part_xml(fonts()), main.package)
    main.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)
    lay_out(document)
    for child in list(document.core_properties._element):
        document.core_properties._element.remove(child)
    written = io.BytesIO()
    document.save(written)
    return settled(written.getvalue())


if __name__ == "__main__":
    assert set(STYLES) <= set(LOOKS)
    OWN.write_bytes(built())
