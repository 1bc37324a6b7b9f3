"""PDF of reports: the pages that browsers print, real fonts, and no character lost in silence."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfReader

from evalkit import figures
from evalkit.base.errors import InputError
from evalkit.documents.pdf import SIGNS, pdf
from evalkit.evaluation import evaluate
from evalkit.pages.style import TEMPLATES
from evalkit.reports.produce import produce_report, produce_summary
from tests.support.builders import demo
from tests.support.programs import lacking
from tests.support.views import advised, reported

pytestmark = pytest.mark.usefixtures("pango")

PAGE = (
    '<!DOCTYPE html><html lang="zh-CN"><head><title>页</title></head><body><p>{}</p></body></html>'
)


@pytest.fixture(name="pages", scope="module")
def _pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A report and the summary, as HTML."""
    out = tmp_path_factory.mktemp("pages")
    results = evaluate(*demo())
    made = {
        "c03": produce_report(reported(results), "c03", out),
        "summary": produce_summary(advised(results), out),
    }
    return {name: page.read_text("utf-8") for name, page in made.items()}


@pytest.fixture(name="papers", scope="module")
def _papers(pages: dict[str, str]) -> Callable[[str], bytes]:
    """A page as PDF; each is printed once, since that takes seconds."""
    return cache(lambda name: pdf(pages[name]))


def read(tmp_path: Path, data: bytes) -> PdfReader:
    """The pages of a PDF."""
    file = tmp_path / "page.pdf"
    file.write_bytes(data)
    return PdfReader(file)


def fonts(reader: PdfReader) -> dict[str, str]:
    """Subtype of every font of a PDF by its name."""
    found = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            found[str(font.get_object().get("/BaseFont"))] = str(font.get_object()["/Subtype"])
    return found


@pytest.mark.parametrize("name", ["c03", "summary"])
def test_a_page_as_pdf(papers: Callable[[str], bytes], tmp_path: Path, name: str) -> None:
    """A4, the table of all indicators across, title and language kept."""
    reader = read(tmp_path, papers(name))
    sizes = [tuple(round(float(v)) for v in page.mediabox[2:]) for page in reader.pages]
    assert set(sizes) == {(595, 842)} | ({(842, 595)} if name == "summary" else set())
    assert len(sizes) == {"c03": 6, "summary": 11}[name]  # as many as Chromium prints
    assert "2025年度" in reader.metadata.title or "评审结果报告" in reader.metadata.title
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert reader.metadata.creation_date is None


@pytest.mark.parametrize("name", ["c03", pytest.param("summary", marks=pytest.mark.soak)])
def test_the_same_bytes_twice(
    pages: dict[str, str], papers: Callable[[str], bytes], name: str
) -> None:
    """Nothing of the moment or of the order in memory is in the file."""
    assert pdf(pages[name]) == papers(name)


def test_fonts_are_real_and_chinese(papers: Callable[[str], bytes], tmp_path: Path) -> None:
    """Outlines are embedded as fonts, not as pictures of glyphs; figures use the page's font."""
    found = fonts(read(tmp_path, papers("c03")))
    assert set(found.values()) == {"/Type0"}
    assert all("CJK-SC" in name for name in found), found


def test_figures_look_as_on_the_page(tmp_path: Path) -> None:
    """A bar on its track with a white edge at the tick; round dots, a hollow one inside."""
    scores = [("7", "counted"), ("8", "dropped_highest")]
    dots = figures.dots([{"points": p, "use": use} for p, use in scores], "10")
    page = read(tmp_path, pdf(PAGE.format(figures.bar("5", "10", "7") + dots))).pages[0]
    drawn = page.get_contents().get_data().decode()
    shapes = re.findall(r"([\d.]+ [\d.]+ [\d.]+) rg.*?((?:[\d. ]+ re|m\n.*?l))\n", drawn, re.DOTALL)
    assert ("0.905882 0.92549 0.941176", "0 3 300 8 re") in shapes  # the track, #e7ecf0
    assert ("0.105882 0.309804 0.447059", "0 3 150 8 re") in shapes  # 5 of 10, #1b4f72
    assert re.search(r"1 1 1 RG\n1 w\n[^q]*210 0 3 14 re", drawn)  # the tick at 7
    for look, places in (("0 0 0 RG\n7 w", ["210", "240"]), ("1 1 1 RG\n4.6 w", ["240"])):
        (line,) = re.findall(rf"{look}\n\[0 8\] 0 d\n1 J\n([^q]*?)B\n", drawn)
        assert re.findall(r"([\d.]+) 5 m", line) == places


def test_figures_are_dressed_as_the_style_sheet_says() -> None:
    """The looks that are given once more are those of the page."""
    css = (TEMPLATES / "evalkit" / "style.css").read_text("utf-8")
    rules = dict(re.findall(r"^([^{\n]+)\{(.*)\}$", css, re.MULTILINE))
    again = dict(re.findall(r"^([^{\n]+)\{(.*)\}$", SIGNS, re.MULTILINE))
    for name in (".dots", ".hollow", ".cross"):
        assert again[name] == rules[name]
    assert again[".track"].removeprefix("fill:") in rules[".bar"]
    accent = re.search(r"--accent:(#\w+)", css)
    assert accent is not None
    assert again[".bar :nth-child(3)"] == rules[".bar :first-child"].replace(
        "var(--accent)", accent[1]
    )
    assert again[".bar :nth-child(4)"] == rules[".bar :nth-child(2)"]


def test_sections_are_numbered_in_chinese(papers: Callable[[str], bytes], tmp_path: Path) -> None:
    """As in browsers, which know simp-chinese-informal by name."""
    text = "".join(page.extract_text() for page in read(tmp_path, papers("c03")).pages)
    for heading in ("一、总体结果", "三、各项指标得分", "六、依据与核验"):
        assert heading in text
    assert "97.60" in text


MISSING = [("示例\U00013000", "\U00013000（U+13000）"), ("王\ue863", "\ue863（U+E863）")]
"""A hieroglyph, and a place of private use that old Chinese fonts gave to rare names."""


@pytest.mark.parametrize(("text", "said"), MISSING)
def test_a_character_without_a_glyph_is_an_error(text: str, said: str) -> None:
    """It is named with its code, and there is no PDF."""
    with pytest.raises(InputError) as caught:
        pdf(PAGE.format(text))
    assert f"这里的字体没有这些字：{said}；" in caught.value.render()


@pytest.mark.parametrize(
    "text",
    [
        "一⼀",  # a radical that fonts draw with the glyph of the character
        "A\u00a0B\u200bC\u2060D\ufe0f",  # spaces, joiners and selectors have no form of their own
        "𠮷野家 Ünïcödé ≈ ÷ — …",
        "fi fl ffi",  # ligatures
    ],
)
def test_characters_that_share_or_need_no_glyph(tmp_path: Path, text: str) -> None:
    """Nothing is called missing that is drawn."""
    assert read(tmp_path, pdf(PAGE.format(text))).pages


def test_what_is_not_shown_needs_no_glyph(tmp_path: Path) -> None:
    """Descriptions for screen readers are not drawn."""
    figure = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><desc>\U00013000</desc></svg>'
    )
    assert read(tmp_path, pdf(PAGE.format(figure))).pages


def test_without_chinese_fonts(tmp_path: Path) -> None:
    """On a machine with Latin fonts only, Chinese is an error that says what to install."""
    fonts = sorted(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"))
    if not fonts:
        lacking("DejaVu Sans is not installed; on Debian: apt-get install fonts-dejavu-core")
    config = tmp_path / "fonts.conf"
    config.write_text(
        f'<?xml version="1.0"?><fontconfig><dir>{fonts[0].parent}</dir>'
        f"<cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>",
        "utf-8",
    )
    code = (
        "from evalkit.documents.pdf import pdf\nfrom evalkit.base.errors import InputError\n"
        f"try:\n    pdf({PAGE.format('示例')!r})\nexcept InputError as error:\n    print(error)"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(config)}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert run.stdout.startswith("这里的字体没有这些字：例（U+4F8B）、示（U+793A）；"), run.stderr


def test_a_page_fetches_nothing(tmp_path: Path) -> None:
    """Neither files of this machine nor the network, whatever got into a page."""
    secret = tmp_path / "secret.svg"
    figure = '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99">{}</svg>'
    secret.write_text(figure.format('<text y="50">geheim</text>'), "utf-8")
    for body, shown in ((f'<img src="{secret.as_uri()}">', False), (secret.read_text(), True)):
        reader = read(tmp_path, pdf(PAGE.format(body)))
        assert ("geheim" in reader.pages[0].extract_text()) == shown


def test_without_weasyprint(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is named, with how to get it."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(InputError, match=r"pip install 'evalkit\[pdf\]'"):
        pdf("")
