"""The template on an ordinary notebook: words and pictures are shown, and nothing in them acts."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from evalkit.pages.style import TEMPLATES, markdown
from evalkit.reports import make
from tests.support.pages_read import Page

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'


def notebook(*cells: Any) -> Any:
    """A notebook of ``cells``: a text is Markdown, a dictionary the data of an output."""
    found = []
    for n, cell in enumerate(cells):
        if isinstance(cell, str):
            found.append(nbformat.v4.new_markdown_cell(cell, id=f"c{n}"))
            continue
        data, metadata = (cell, {}) if isinstance(cell, dict) else cell
        shown = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
        found.append(nbformat.v4.new_code_cell("x", id=f"c{n}", outputs=[shown]))
    return nbformat.v4.new_notebook(cells=found)


def main_of(html: str) -> str:
    """What stands on a page."""
    return html[html.index("<main>") : html.index("</main>")]


def test_words_and_pictures_are_shown() -> None:
    """Markdown cells and outputs, PNG, JPEG and SVG, each described in words."""
    page = make.convert(
        notebook(
            "# 说明\n\n一段**文字**。",
            {"image/png": PNG + "\n", "text/plain": "<Figure size 640x480>"},
            ({"image/jpeg": PNG, "text/plain": "x"}, {"alt": '各组"得分"'}),
            {"image/svg+xml": SVG, "text/plain": "<SVG object>"},
            {"text/markdown": "a | b\n--|--\n1 | 2", "text/plain": "<Markdown object>"},
        )
    )
    shown = main_of(page)
    for part in ("<h1>说明</h1>", "<strong>文字</strong>", "<td>2</td>"):
        assert part in shown
    pictures = [own for tag, own in Page(page.replace("<img", "<br")).elements if "alt" in own]
    svg = base64.b64encode(SVG.encode()).decode()
    assert pictures == [
        {"src": f"data:image/png;base64,{PNG}", "alt": "<Figure size 640x480>"},
        {"src": f"data:image/jpeg;base64,{PNG}", "alt": '各组"得分"'},
        {"src": f"data:image/svg+xml;base64,{svg}", "alt": "<SVG object>"},
    ]
    assert "object&gt;</pre>" not in shown
    assert ".picture img{" in page


BAD = [
    "<script>alert(1)</script>",
    "<img src=http://example.org/x onerror=alert(1)>",
    '[a](javascript:alert(1)) [b](https://example.org "t") <https://example.org>',
    '![x" onerror="alert(1)](http://example.org/y.png)',
    "![x](attachment:lost.png)",
    "<svg onload=alert(1)><style>@import 'http://example.org'</style>",
    "<div style='background:url(http://example.org)' onclick=alert(1)>x</div>",
    "$$\n</p><script>alert(1)</script>\n$$",
    "```html\n<script>alert(1)</script>\n```",
    "# <a name=x href=//example.org>x</a>\n\n<iframe srcdoc='<script>alert(1)</script>'>",
    "[x]\n\n[x]: javascript:alert(1)",
]


@pytest.mark.parametrize("text", BAD)
def test_markdown_cannot_act_or_refer(text: str) -> None:
    """Plain elements without an attribute; HTML stays as words, an address behind its words."""
    page = Page(markdown(text).replace("<hr>", "").replace("<br>", ""))
    assert page.open == []
    assert all(not attributes for _, attributes in page.elements)
    tags = {tag for tag, _ in page.elements}
    assert tags <= {"p", "h1", "pre", "code"}
    if "example.org" in text:
        assert "example.org" in page.text
    for cells in (notebook(text), notebook({"text/markdown": text})):
        assert markdown(text) in main_of(make.convert(cells))


def test_a_picture_cannot_leave_its_attribute() -> None:
    """What calls itself an image, or its description, stays in the quotes."""
    data = {"image/png": '"><script>alert(1)</script>', "text/plain": '"><script>'}
    assert "<script" not in make.convert(notebook(data))


def test_the_explanation_of_a_notebook_of_reports_is_not_on_its_page() -> None:
    """Markdown ahead of the first code; what somebody adds behind it is shown."""
    heading = {"text/html": "<h1>报告</h1>"}, {"evalkit": {"title": "报告", "language": "zh-CN"}}
    shown = main_of(make.convert(notebook("一份说明", heading, "一段补充")))
    assert "一份说明" not in shown
    assert "<p>一段补充</p>" in shown


@pytest.mark.processes
def test_the_stock_command_shows_the_same(tmp_path: Path) -> None:
    """``jupyter nbconvert --template evalkit`` knows pictures and Markdown, too."""
    file = tmp_path / "n.ipynb"
    nbformat.write(notebook("**a** <script>", {"image/png": PNG, "text/plain": "p"}), file)
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--template", "evalkit"]
    command += [f"--TemplateExporter.extra_template_basedirs={TEMPLATES}", "--log-level=ERROR"]
    subprocess.run([*command, str(file)], check=True)
    shown = main_of((tmp_path / "n.html").read_text("utf-8"))
    assert "<strong>a</strong> &lt;script&gt;" in shown
    assert re.search(rf'<img[^>]* src="data:image/png;base64,{re.escape(PNG)}"', shown)
