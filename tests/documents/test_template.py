"""The template of the Word papers: ours is what its script makes, an office's own is looked at."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from evalkit.base.errors import InputError
from evalkit.disclosure import Views
from evalkit.documents.looks import STYLES, Form, Notice
from evalkit.documents.publicity_word import publicity
from evalkit.documents.sheets_word import sheets
from evalkit.documents.summary_word import summary
from evalkit.documents.template import OWN, template
from evalkit.documents.word_xml import Field, counted
from tests.support.builders import DEMO
from tests.support.command import evalkit
from tests.support.panels import results
from tests.support.programs import soffice
from tests.support.word_template import built


@cache
def views() -> Views:
    """What the readers of the demo may see."""
    return Views(results("demo"))


def changed(tmp_path: Path, change: Callable[[Any], None]) -> Path:
    """Our template with a change."""
    document = docx.Document(str(OWN))
    change(document)
    file = tmp_path / "own.docx"
    document.save(str(file))
    return file


def opened(data: bytes) -> Any:
    """A document as python-docx reads it."""
    return docx.Document(io.BytesIO(data))


def test_the_template_is_what_its_script_makes() -> None:
    """Byte for byte, small, and with every style that a paper uses."""
    assert OWN.read_bytes() == built()
    assert OWN.stat().st_size < 60_000
    assert {style.name for style in docx.Document(str(OWN)).styles} >= set(STYLES)


def test_an_office_changes_looks_and_pages(tmp_path: Path) -> None:
    """Size of a style, margins, a header with the office's name; its own texts stay behind."""

    def change(document: Any) -> None:
        document.styles[Form.NAME].font.size = Pt(26)
        document.sections[0].left_margin = Mm(30)
        document.sections[0].header.paragraphs[0].text = "某某局"
        document.sections[0].footer.add_paragraph("内部资料")
        document.add_paragraph("模板里的话")

    data = sheets(views().expert("e1"), template(changed(tmp_path, change)))
    paper = opened(data)
    (section,) = paper.sections
    assert paper.styles[paper.paragraphs[1].style.name].font.size.pt == 26
    assert round(section.left_margin.mm) == 30
    assert section.header.paragraphs[0].text == "某某局"
    first, second = section.footer.paragraphs
    assert "第 1 页 共 1 页" in first.text
    assert second.text == "内部资料"
    assert "模板里的话" not in "".join(p.text for p in paper.paragraphs)


def test_a_section_takes_the_header_before_it(tmp_path: Path) -> None:
    """Word writes no header into a section that shows the one before; each paper has it whole."""

    def change(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "某某局"

    own = template(changed(tmp_path, change))
    for paper in (summary(views().panel(), own), publicity(views().public(), own)):
        assert opened(paper).sections[0].header.paragraphs[0].text == "某某局"


def test_papers_carry_no_other_feet() -> None:
    """Of four footers in the template one stays on a form, two on the list with even pages."""
    for data, feet in ((summary(views().panel()), 1), (publicity(views().public()), 2)):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = [name for name in package.namelist() if "footer" in name]
        assert len(names) == feet
        assert opened(data).settings.odd_and_even_pages_header_footer == (feet == 2)


def without(style: str) -> Callable[[Any], None]:
    """Take ``style`` out."""
    return lambda document: document.styles[style].delete()


def linked(document: Any) -> None:
    """A link in a header."""
    part = document.sections[0].header.part
    part.relate_to("https://example.org/", RT.HYPERLINK, is_external=True)


def field(word: str) -> Callable[[Any], None]:
    """A field in a footer."""

    def change(document: Any) -> None:
        line = document.sections[0].footer.paragraphs[0]._p
        line.extend(counted(Field.PAGE))
        list(line.iter(qn("w:instrText")))[-1].text = f" {word} x "

    return change


def one_section(document: Any) -> None:
    """A template of one page only."""
    for mark in list(document.element.body.iter(qn("w:sectPr")))[:-1]:
        mark.getparent().remove(mark)


def external_styles(document: Any) -> None:
    """A part of looks that leads out of the file."""
    part = document.part.part_related_by(RT.STYLES)
    part.relate_to("file:///x.dotm", RT.HYPERLINK, is_external=True)


WRONG = [
    (without(Form.NOTE), f"缺少样式：{Form.NOTE}；"),
    (without(Notice.REMARK), f"缺少样式：{Notice.REMARK}；"),
    (linked, "去掉链接、对象和其他域"),
    (field("INCLUDEPICTURE"), "去掉链接、对象和其他域"),
    (field("DDEAUTO"), "去掉链接、对象和其他域"),
    (external_styles, "去掉链接、对象和其他域"),
    (one_section, "有 1 节，要有 3 节"),
]


@pytest.mark.parametrize(("change", "said"), WRONG)
def test_what_is_wrong_is_named_in_one_line(
    tmp_path: Path, change: Callable[[Any], None], said: str
) -> None:
    """With the file, and where to begin instead; before anything is computed or written."""
    file = changed(tmp_path, change)
    run = evalkit("export", DEMO, "--out", tmp_path / "out", "--word", "--template", file)
    assert run.returncode == 2
    (line,) = run.stderr.strip().splitlines()
    assert said in line
    assert file.name in line
    assert not (tmp_path / "out").exists()


def as_kind(kind: str) -> bytes:
    """Our template as another kind of Word file."""
    written = io.BytesIO()
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(OWN) as source, zipfile.ZipFile(written, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(main, kind.encode()))
    return written.getvalue()


def workbook() -> bytes:
    """A zip file that is no document."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        target.writestr("xl/workbook.xml", "<workbook/>")
    return written.getvalue()


OTHER = [
    (as_kind("application/vnd.ms-word.document.macroEnabled.main+xml"), "另存为 .docx"),
    (
        as_kind("application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"),
        "另存为 .docx",
    ),
    (workbook(), "另存为 .docx"),
    (b"\xd0\xcf\x11\xe0 old Word", "文件已损坏"),
    (OWN.read_bytes()[:3000], "文件已损坏"),
    (b"", "文件已损坏"),
]


@pytest.mark.parametrize(("data", "said"), OTHER)
def test_other_files_are_no_template(tmp_path: Path, data: bytes, said: str) -> None:
    """With macros, a .dotx, another program's, an old .doc, half a file, an empty one."""
    file = tmp_path / "own.docx"
    file.write_bytes(data)
    with pytest.raises(InputError, match=said):
        template(file)


def test_a_template_that_is_not_there(tmp_path: Path) -> None:
    """One line that names it."""
    with pytest.raises(InputError, match="无法读取"):
        template(tmp_path / "none.docx")


@pytest.mark.office
def test_a_template_saved_by_another_program(tmp_path: Path) -> None:
    """LibreOffice gives styles other ids; their names count."""
    shutil.copy(OWN, tmp_path / "own.docx")
    for kind, file in (("odt", "own.docx"), ("docx", "own.odt")):
        soffice(tmp_path / file, kind, tmp_path / "profile")
    own = template(tmp_path / "own.docx")
    ids = {style.style_id for style in docx.Document(io.BytesIO(own)).styles}
    assert not any(style.startswith("evalkit") for style in ids)
    view = views().panel()
    texts = [p.text for p in opened(summary(view, own)).paragraphs]
    assert texts == [p.text for p in opened(summary(view)).paragraphs]
    assert opened(publicity(views().public(), own)).paragraphs[0].style.name == Notice.TITLE
