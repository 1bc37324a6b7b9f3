"""The door: ``import evalkit as ek`` is light, typed, and has everything under one name."""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import sys

import pandas as pd
import pytest

import evalkit as ek
from tests.support.builders import DEMO, ROOT

FACE = ast.parse((ROOT / "evalkit" / "__init__.py").read_text("utf-8"))


@pytest.fixture(scope="module")
def round_() -> ek.Round:
    """The demo, from its finished table."""
    return ek.open("demo")


def test_the_names_are_those_that_types_know() -> None:
    """What is imported for type checkers is what comes when it is first used."""
    typed = next(n for n in FACE.body if isinstance(n, ast.If)).body
    found = {}
    for node in typed:
        assert isinstance(node, ast.ImportFrom)
        for alias in node.names:
            name = alias.asname or alias.name
            room = str(node.module).removeprefix("evalkit.")
            if name == "kernels":
                found[name] = f"{room}.{alias.name}"
            else:
                found[name] = room if name == alias.name else f"{room}:{alias.name}"
    assert found == ek._ROOMS
    assert set(found) == set(ek.__all__)


def test_every_name_is_there_and_described() -> None:
    """With a docstring that says more than its name."""
    for name in ek.__all__:
        described = inspect.getdoc(getattr(ek, name))
        assert described, name
        assert len(described) > 20, name
    assert set(ek.__all__) <= set(dir(ek))
    with pytest.raises(AttributeError, match="no attribute"):
        ek.nothing  # noqa: B018


def test_the_import_is_light() -> None:
    """Nothing of weight is loaded until a name is used."""
    code = "import sys, evalkit; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pandas", "pydantic", "yaml", "jinja2", "IPython", "typer"}
    assert heavy.isdisjoint(run.stdout.split())


def test_from_files_to_results() -> None:
    """By name or path, from a file or a frame: the same digest."""
    rubric = ek.load_rubric("henan-centre-2025")
    assert rubric.digest == ek.load_rubric(ROOT / "rubrics" / "henan-centre-2025.yaml").digest
    panel = ek.load_panel(DEMO / "panel.yaml", rubric)
    facts = ek.read_scores(DEMO / "scores.csv", rubric, panel)
    results = ek.evaluate(rubric, panel, facts)
    table = pd.read_csv(DEMO / "scores.csv")
    assert table["reason"].isna().any()
    assert ek.evaluate(rubric, panel, ek.read_scores(table, rubric, panel)).digest == results.digest
    again = ek.Results.from_json(results.to_json(), rubric, panel)
    assert again.digest == results.digest
    assert again.to_json() == results.to_json()


def test_every_object_is_worth_looking_at(round_: ek.Round) -> None:
    """A short repr, HTML that stands alone, and a frame with the documented columns."""
    results, analysis = round_.results(), round_.analysis()
    things = [round_, round_.rubric, round_.panel, round_.facts(), results, analysis]
    for thing in things:
        assert len(repr(thing)) < 120
        assert str(thing) == repr(thing)
        html = thing._repr_html_()
        assert html is not None
        assert html.startswith('<div class="evalkit"><style>.evalkit')
        assert "<script" not in html
        assert "http" not in html
    frames = [thing.to_frame() for thing in things]
    assert all(isinstance(frame, pd.DataFrame) for frame in frames)
    for thing, frame in zip(things, frames, strict=True):
        described = inspect.getdoc(type(thing).to_frame) or ""
        missing = [c for c in frame.columns if c in ("id", "name", "points") and c not in described]
        assert missing == [], thing


def test_results_in_pandas(round_: ek.Round) -> None:
    """Ranks are whole, points are numbers, nothing is missing that there is."""
    results = round_.results()
    assert str(results.ranking["rank"].dtype) == "Int64"
    assert str(results.ranking["total"].dtype) == "float64"
    assert results.ranking["id"].iloc[0] == "c03"
    assert f"{results.ranking['total'].iloc[0]:.2f}" == results.for_applicant("c03")["total"]
    assert set(results.scores.columns) == {*pd.read_csv(DEMO / "scores.csv").columns, "use"}
    assert json.loads(results.to_json())["applicants"][2] == results.for_applicant("c03")


def test_a_finished_table_takes_no_entries(round_: ek.Round) -> None:
    """It can be evaluated and not changed."""
    assert round_.final
    with pytest.raises(ek.Refused, match="已完成的评分表"):
        round_.lock()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ek.load_rubric("nowhere-2025"), "nowhere-2025"),
        (lambda: ek.load_rubric(7), "7"),
        (lambda: ek.open("nowhere"), "nowhere"),
        (lambda: ek.open(ROOT / "rubrics"), "既没有 log.sqlite"),
        (lambda: ek.load_panel(DEMO / "panel.yaml", "henan-centre-2025"), "Rubric"),
        (lambda: ek.evaluate(None, None, None), "Rubric"),
        (lambda: ek.read_scores([1, 2], None, None), "table 要的是"),
        (lambda: ek.read_scores(DEMO / "scores.csv", None, None), "Rubric"),
        (lambda: ek.Round.open(None), "路径"),
        (lambda: ek.Round.create("new", 3), "路径"),
        (lambda: ek.open("demo").report("out", "c01"), "标识的列表"),
        (lambda: ek.open("demo").report(None), "路径"),
        (lambda: ek.open("demo").facts(None), "encoding 要的是文字"),
        (lambda: ek.open("demo").results(trial=pd.DataFrame()), "trial 要的是 ?True"),
        (lambda: ek.Views(ek.open("demo").results()).applicant("c01", "fr"), "language 须为"),
        (lambda: ek.Views(ek.open("demo").results()).applicant(["c01"]), "id 要的是文字"),
        (lambda: ek.Views(ek.open("demo").results(), 7), "Analysis"),
        (lambda: ek.advise(ek.open("demo").results(), line=7), "Line"),
        (lambda: ek.advise(ek.open("demo").results(), seed=2.5), "seed 要的是整数"),
        (lambda: ek.advise(ek.open("demo").results(), seed=-1), "seed"),
        (lambda: ek.Results.from_json("{}", None, None), "Rubric"),
        (lambda: ek.compare_rubrics(None, None), "Rubric"),
        (lambda: ek.explain_round(None, None), "Rubric"),
        (lambda: ek.check_rubric("henan-centre-2025"), "Rubric"),
        (lambda: ek.read_ledger(None), "路径"),
        (lambda: ek.assess(None, None, None), "Rubric"),
        (lambda: ek.make_reports(None, [], None), "Views"),
        (lambda: ek.workbook(None), "Views"),
        (lambda: ek.summary_word(None), "ek.Views"),
        (lambda: ek.kernels.piecewise(3, knots=7, points=5, better="higher"), "knots"),
        (lambda: ek.kernels.rank([1, 2], better=pd.DataFrame({"a": [1]})), "better"),
    ],
)
def test_what_is_of_the_wrong_kind_is_said_in_a_line(call: object, message: str) -> None:
    """One line that says what is wanted, never an AttributeError."""
    with pytest.raises(ek.InputError, match=message) as caught:
        call()  # type: ignore[operator]
    assert "\n" not in str(caught.value)
