"""The template on an ordinary notebook: words and pictures are shown, and nothing in them acts."""

# ruff: noqa: E501  (a case is one line of a table)

from __future__ import annotations

import base64
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from evalkit.pages.cells import INTERACTIVE
from evalkit.pages.markup import ATTRIBUTES, ELEMENTS, markdown
from evalkit.pages.style import TEMPLATES
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
    pictures = [own for tag, own in Page(page).elements if "alt" in own]
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
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<div style='background:url(http://example.org)' onclick=alert(1)>x</div>",
    "$$\n</p><script>alert(1)</script>\n$$",
    "```html\n<script>alert(1)</script>\n```",
    "# <a name=x href=//example.org>x</a>\n\n<iframe srcdoc='<script>alert(1)</script>'>",
    "[x]\n\n[x]: javascript:alert(1)",
    "<img src='data:text/html,<script>alert(1)</script>'>",
    "<video src=http://example.org/a.mp4 autoplay></video><form action=//example.org><input></form>",
    "<td style='text-align:left;background:url(//example.org)'>x</td>",
    "![x](../conftest.py) ![x](/etc/hostname) ![x](../../tests/conftest.png)",
]


@pytest.mark.parametrize("text", BAD)
def test_markdown_cannot_act_or_refer(text: str) -> None:
    """Known elements with known attributes, and no address but that of a picture in itself."""
    page = Page(markdown(text, {}, "tests/pages"))
    assert page.open == []
    for tag, attributes in page.elements:
        assert tag in ELEMENTS
        for name, value in attributes.items():
            assert name in {*ATTRIBUTES["*"], *ATTRIBUTES["img"], "class"}
            assert "example.org" not in value
            assert (
                name == "class"
                or value in {"left", "", 'x" onerror="alert(1)'}
                or (name == "src" and value.startswith("data:image/svg+xml;base64,"))
            )
    for cells in (notebook(text), notebook({"text/markdown": text})):
        assert markdown(text) in main_of(make.convert(cells))


EMBEDDED: list[tuple[str, str]] = [
    ("![图](attachment:a.png)", f'<img alt="图" src="data:image/png;base64,{PNG}">'),
    ("![图](attachment:b%20c.jpg)", f'<img alt="图" src="data:image/jpeg;base64,{PNG}">'),
    (
        "<img src='attachment:a.png' width=30>",
        f'<img src="data:image/png;base64,{PNG}" width="30">',
    ),
    (f"![x](data:image/png;base64,{PNG})", f'<img alt="x" src="data:image/png;base64,{PNG}">'),
    ("![x](attachment:lost.png)", "<p>x (attachment:lost.png)</p>"),
    ("![x](picture.png)", f'<img alt="x" src="data:image/png;base64,{PNG}">'),
    ("![x](./sub/../picture.png)", f'<img alt="x" src="data:image/png;base64,{PNG}">'),
    ("![x](../outside.png)", "<p>x (../outside.png)</p>"),
    ("![x](https://example.org/a.png)", "<p>x (https://example.org/a.png)</p>"),
    ("<svg viewBox='0 0 1 1'></svg>", '<img alt="" src="data:image/svg+xml;base64,'),
    ("a | b\n:-:|--:\n1 | **2**", '<td align="right"><strong>2</strong></td>'),
    ("<table><tr><td colspan=2 style='text-align: center'>x</td></tr></table>", 'align="center"'),
    ("$x_1 < \\frac12$", "<p>$x_1 &lt; \\frac12$</p>"),
    ("$$\na\\\\ b_1 * c_1 * d\n$$", "a\\\\ b_1 * c_1 * d"),
    ("\\begin{align}a_1 &= b_1\\end{align}", "\\begin{align}a_1 &amp;= b_1\\end{align}"),
    ("- [x] 完成\n- [ ] 未完成", "<li>☑ 完成</li>\n<li>☐ 未完成</li>"),
    ("词\n: 义", "<dt>词</dt>\n<dd>义</dd>"),
    ("<b>b</b> H<sub>2</sub>O<br>x", "<b>b</b> H<sub>2</sub>O<br>x"),
    ("<details><summary>s</summary>t</details>", "<details><summary>s</summary>t</details>"),
    ("<font color='red'>x</font>", '<font color="red">x</font>'),
    ("[词](https://example.org) [节](#a)", "<p>词 (https://example.org) 节</p>"),
    ("<iframe src='https://example.org/v' title='片'></iframe>", "片 (https://example.org/v)"),
    (
        "[![图](attachment:a.png)](https://example.org)",
        f'<img alt="图" src="data:image/png;base64,{PNG}"> (https://example.org)',
    ),
    ("[**词**](https://example.org)", "<p><strong>词</strong> (https://example.org)</p>"),
    ("![x](%00.png) ![y](lost.png)", "<p>x (%00.png) y (lost.png)</p>"),
    (f"![x](<{'a' * 300}.png>)", "aaa.png)</p>"),
    ("~~x~~ `<b>`", "<del>x</del> <code>&lt;b&gt;</code>"),
    ("x<!-- c -->y<style>b{}</style>", "<p>xy</p>"),
]


@pytest.mark.parametrize(("text", "shown"), EMBEDDED)
def test_what_markdown_embeds_is_shown(text: str, shown: str, tmp_path: Path) -> None:
    """Pictures of the cell, of its text and of its folder; tables, formulas, plain HTML."""
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    for file in (folder / "picture.png", tmp_path / "outside.png"):
        file.write_bytes(base64.b64decode(PNG))
    attachments = {"a.png": {"image/png": PNG + "\n"}, "b c.jpg": {"image/jpeg": PNG}}
    assert shown in markdown(text, attachments, str(folder))


def test_attachments_are_on_the_page() -> None:
    """They are kept in the cell, and the page limits their width."""
    nb = notebook("![图](attachment:a.png)")
    nb.cells[0].attachments = {"a.png": {"image/png": PNG}}
    page = make.convert(nb)
    assert f'<img alt="图" src="data:image/png;base64,{PNG}">' in main_of(page)
    assert ".picture img{" in page


SCRIPT = "<script>draw()</script>"

INTERACTIVES: dict[str, dict[str, Any]] = {
    "plotly": {"application/vnd.plotly.v1+json": {"data": []}, "text/plain": "Figure({'a': 1})"},
    "plotly as html": {
        "text/html": f'<div> {SCRIPT}<div id="a" class="plotly-graph-div"></div>{SCRIPT}</div>'
    },
    "vega": {"application/vnd.vegalite.v5+json": {}, "text/plain": "<VegaLite 5 object>\n\nIf you"},
    "altair": {
        "text/html": f"<style>#a{{width:100%}}</style><div id='altair-viz-1'></div>{SCRIPT}",
        "text/plain": "alt.Chart(...)",
    },
    "bokeh": {"text/html": f'<div id="p1" data-root-id="p1"></div>\n{SCRIPT}'},
    "bokeh, loading": {
        "text/html": "<style>x{}</style><div><a href='https://bokeh.org'></a><span id='a'>"
        "Loading BokehJS ...</span></div>"
    },
    "bokeh's script": {"application/javascript": "1", "application/vnd.bokehjs_exec.v0+json": ""},
    "map": {
        "text/html": "<div><span>Make this Notebook Trusted to load map: File -> Trust Notebook"
        "</span><iframe srcdoc='&lt;html&gt;'></iframe></div>",
        "text/plain": "<folium.folium.Map at 0x7f>",
    },
    "geojson": {"application/geo+json": {}, "text/plain": "<IPython.display.GeoJSON object>"},
    "widget": {
        "application/vnd.jupyter.widget-view+json": {"model_id": "a"},
        "text/plain": "IntSlider(value=5)",
    },
    "widget without words": {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}},
    "loading table": {
        "text/html": f"<table><tr><td><svg><path/></svg>Loading ITables v2 ...</td></tr></table>{SCRIPT}"
    },
    "animation": {
        "text/html": f"<img id='a'><form><label>Once</label><input></form><button>+</button>{SCRIPT}"
    },
    "film": {"text/html": "<video controls><source src='data:video/mp4;base64,AA'>No.</video>"},
    "sound": {"text/html": "<audio controls><source src='data:audio/wav;base64,AA'>No.</audio>"},
    "frame": {"text/html": "<iframe src='https://example.org'></iframe>", "text/plain": "<IFrame>"},
    "script": {
        "application/javascript": "1",
        "text/plain": "<IPython.core.display.Javascript object>",
    },
}


@pytest.mark.parametrize("data", INTERACTIVES.values(), ids=INTERACTIVES)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_only_a_script_could_show_is_named(data: dict[str, Any], language: str) -> None:
    """One line in the language of the page, and nothing of the empty frame."""
    about = {"evalkit": {"title": "t", "language": language}}
    shown = main_of(make.convert(notebook(({"text/html": "<h1>t</h1>"}, about), data)))
    line = INTERACTIVE.render(language[:2])
    assert shown == f"<main>\n<h1>t</h1>\n<p><em>{line}</em></p>\n"


DRAWING = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjxhLz48L3N2Zz4="
"""In base64, with a namespace."""

SHOWN: dict[str, tuple[dict[str, Any], str]] = {
    "words instead of a widget": (
        {"application/vnd.jupyter.widget-view+json": {}, "text/plain": " 33%|███ | 1/3"},
        f"<p><em>{INTERACTIVE}</em></p>\n<pre> 33%|███ | 1/3</pre>",
    ),
    "a picture instead of a figure": (
        {
            "application/vnd.plotly.v1+json": {},
            "text/html": f"<div>{SCRIPT}</div>",
            "image/png": PNG,
            "text/plain": "f",
        },
        f'<p class="picture"><img src="data:image/png;base64,{PNG}" alt="f"></p>',
    ),
    "a table that can be sorted": (
        {"text/html": f"<table><tr><td>1</td></tr></table>{SCRIPT}"},
        "<table><tr><td>1</td></tr></table>",
    ),
    "a drawing with a script": (
        {"text/html": f"<svg><path/></svg>{SCRIPT}"},
        "<svg><path></path></svg>",
    ),
    "a frame below a heading": (
        {"text/html": "<h2>t</h2><iframe src='x'></iframe><video src='y'></video>"},
        f"<h2>t</h2><p><em>{INTERACTIVE}</em></p>",
    ),
    "a chart below a heading": (
        {"text/html": f"<h2>t</h2><div id='c'></div>{SCRIPT}"},
        f"<h2>t</h2><p><em>{INTERACTIVE}</em></p>",
    ),
    "a map below a heading": (
        {"text/html": "<p>t</p><b>Make this Notebook Trusted</b><iframe srcdoc='a'></iframe>"},
        f"<p>t</p><b></b><p><em>{INTERACTIVE}</em></p>",
    ),
    "a picture of the network": (
        {"text/html": "<img src='https://x/y.png' alt='a'>", "text/plain": "<Image>"},
        "<em>a 这里的输出（https://x/y.png）本页无法显示</em>",
    ),
    "a picture in the page": (
        {"text/html": "<img id='b' src='data:image/png;base64,AA'>"},
        "<img id='b' src='data:image/png;base64,AA'>",
    ),
    "what acts on the whole page": (
        {"text/html": "<meta http-equiv='refresh' content='0;url=x'><base href='x'><p>t</p>"},
        "<p>t</p>",
    ),
    "what would end the page": ({"text/html": "</main></body><p>t"}, "<p>t</p>"),
    "a drawing without a namespace": (
        {"image/svg+xml": "<svg><a/></svg>"},
        f'<p class="picture"><img src="data:image/svg+xml;base64,{DRAWING}" alt=""></p>',
    ),
    "an empty section": ({"text/html": "", "text/plain": "x"}, ""),
    "gif": ({"image/gif": "AA\n"}, '<p class="picture"><img src="data:image/gif;base64,AA" alt=""></p>'),
    "formula": (
        {"text/latex": "$\\frac12 < 1$", "text/plain": "<IPython.core.display.Latex object>"},
        "<pre>$\\frac12 &lt; 1$</pre>",
    ),
    "json": (
        {"application/json": {"名": [1]}, "text/plain": "<IPython.core.display.JSON object>"},
        "<pre>{\n  &#34;名&#34;: [\n    1\n  ]\n}</pre>",
    ),
    "pdf": (
        {"application/pdf": "AA", "text/plain": "<IPython.core.display.PDF object>"},
        "<p><em>这里的输出（application/pdf）本页无法显示</em></p>",
    ),
    "a sheet": ({"application/vnd.ms-excel": "AA"}, "<p><em>这里的输出（application/vnd.ms-excel）本页无法显示</em></p>"),
    "unknown, with words": ({"x/y": "AA", "text/plain": "in words"}, "<pre>in words</pre>"),
    "unknown": ({"x/y": "AA"}, "<p><em>这里的输出（x/y）本页无法显示</em></p>"),
    "words": ({"text/plain": "<object>\x1b[31m"}, "<pre>&lt;object&gt;</pre>"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "shown"), SHOWN.values(), ids=SHOWN)
def test_an_output_is_shown_in_the_first_way_that_can_be(data: dict[str, Any], shown: str) -> None:
    """Of several media types one; none is dropped in silence."""
    about = {"evalkit": {"title": "t", "language": "zh-CN"}}
    page = main_of(make.convert(notebook(({"text/html": "<h1>t</h1>"}, about), data)))
    assert page.removeprefix("<main>\n<h1>t</h1>").strip("\n") == shown


def test_one_figure_of_several_scripts_gets_one_line() -> None:
    """Bokeh shows a frame and then a script; two figures are two."""
    frame, script = {"text/html": f"<div></div>{SCRIPT}"}, INTERACTIVES["bokeh's script"]
    for data, lines in ([frame, script, script], 1), ([frame, frame], 2), ([script, frame], 2):
        nb = notebook(data[0])
        nb.cells[0].outputs = [nbformat.v4.new_output("display_data", data=d) for d in data]
        page = make.convert(nb)
        assert page.count(INTERACTIVE.render("en")) == lines


def test_streams_errors_and_raw_cells() -> None:
    """Without colours; an error without a traceback by its name; raw text of other formats not."""
    nb = notebook({"text/plain": "x"})
    nb.cells[0].outputs = [
        nbformat.v4.new_output("stream", name="stdout", text="\x1b[31m<红>\x1b[0m\n"),
        nbformat.v4.new_output("error", ename="E", evalue="v", traceback=["\x1b[1mT\x1b[0m", "l"]),
        nbformat.v4.new_output("error", ename="E", evalue="<v>", traceback=[]),
    ]
    kinds = {
        "": "a <b>",
        "text/html": f"<b>h</b>{SCRIPT}",
        "text/markdown": "*m*",
        "text/latex": "\\x",
    }
    for kind, source in kinds.items():
        raw = nbformat.v4.new_raw_cell(source, metadata={"raw_mimetype": kind} if kind else {})
        nb.cells.append(raw)
    shown = main_of(make.convert(nb))
    assert shown.removeprefix("<main>").split() == [
        "<pre>&lt;红&gt;",
        "</pre>",
        "<pre>T",
        "l</pre>",
        *("<pre>E:", "&lt;v&gt;</pre>"),
        *("<pre>a", "&lt;b&gt;</pre>"),
        "<b>h</b>",
        "<p><em>m</em></p>",
    ]


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
    (tmp_path / "a.png").write_bytes(base64.b64decode(PNG))
    cells = "**a** <b>b</b> ![x](a.png)", {"image/png": PNG, "text/plain": "p"}
    nbformat.write(notebook(*cells), file)
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--template", "evalkit"]
    command += [f"--TemplateExporter.extra_template_basedirs={TEMPLATES}", "--log-level=ERROR"]
    subprocess.run([*command, str(file)], check=True)
    shown = main_of((tmp_path / "n.html").read_text("utf-8"))
    assert "<strong>a</strong> <b>b</b>" in shown
    assert len(re.findall(rf'<img[^>]* src="data:image/png;base64,{re.escape(PNG)}"', shown)) == 2
