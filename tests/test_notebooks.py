"""Every notebook runs on the demo when it is opened and run as it is, on either engine."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

from evalkit.pages import looks, page
from tests.support.builders import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [file.stem for file in NOTEBOOKS]


WARM, STOCK = "evalkit-warm", "stock"
SAMPLE = {"explore", "panel_board"}
"""What runs on a real kernel each time: the longest one, and one with widgets."""

ENGINES: list[Any] = [
    (WARM, {*NAMES}),
    (STOCK, SAMPLE),
    pytest.param((STOCK, {*NAMES}), marks=pytest.mark.soak),
]


@pytest.fixture(scope="module", params=ENGINES, ids=[WARM, "sample-stock", STOCK])
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Each notebook as an engine has run it, in a folder where what it writes may lie."""
    out = tmp_path_factory.mktemp("notebooks")
    name, chosen = request.param
    engine = None if name == STOCK else name

    def run(file: Path) -> Any:
        target = out / file.name
        options: dict[str, Any] = {"progress_bar": False, "kernel_name": "python3", "cwd": str(out)}
        return papermill.execute_notebook(str(file), str(target), engine_name=engine, **options)

    return {file.stem: run(file) for file in NOTEBOOKS if file.stem in chosen}


SAID = [
    ("applicant_report", "示例科研智算赋能中心"),
    ("panel_summary", "示例科研智算赋能中心"),
    ("progress_report", "河南省"),
    ("appeal", "两轮结果对照"),
    ("appeal", "非正式试算，改动了登记的内容或规则"),
]
"""What a notebook shows."""


def shown(notebook: Any) -> str:
    """Everything that a notebook shows as HTML."""
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", ())]
    return "".join(o.get("data", {}).get("text/html", "") for o in outputs)


@pytest.mark.processes
def test_each_runs_on_the_demo(ran: Any) -> None:
    """Without a parameter and without an error; what it shows is of the demo."""
    assert {"explore", "panel_board", "score_sheet"} < {*NAMES}
    assert ran.keys() in ({*NAMES}, SAMPLE)
    for name, notebook in ran.items():
        errors = [
            o for c in notebook.cells for o in c.get("outputs", ()) if o.output_type == "error"
        ]
        assert errors == [], name
    for name, said in SAID:
        assert name not in ran or said in shown(ran[name])


@pytest.mark.processes
def test_exploring_ends_in_a_report(ran: Any) -> None:
    """A round is read, evaluated, looked at, doubted and reported."""
    assert "评分汇总表" in shown(ran["explore"])
    last = ran["explore"].cells[-1].outputs[-1]["data"]["text/plain"]
    assert "made=1" in last or "kept=1" in last


@pytest.mark.parametrize("file", NOTEBOOKS, ids=NAMES)
def test_each_says_what_it_is(file: Path) -> None:
    """The first cell is words, one cell has the parameters, and no cell defines anything."""
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    assert notebook.cells[0].cell_type == "markdown"
    assert "直接运行" in notebook.cells[0].source
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert ["parameters" in cell.metadata.get("tags", ()) for cell in code] == [
        True,
        *[False] * (len(code) - 1),
    ]
    defined = (ast.FunctionDef, ast.ClassDef, ast.Lambda)
    for cell in code:
        assert cell.outputs == []
        assert not [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, defined)]


def test_a_section_on_the_screen_brings_its_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a front end names its cell, the style sheet comes along; papermill gets the section."""
    section = page.Section("outcome", "<p>60.90</p>")
    assert section._repr_html_() == "<p>60.90</p>"
    monkeypatch.setattr(looks, "on_screen", lambda: True)
    html = section._repr_html_()
    assert html.startswith('<div class="evalkit"><style>.evalkit.evalkit.evalkit{')
    assert html.endswith("</style><p>60.90</p></div>")
