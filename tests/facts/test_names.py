"""A table may name applicants, experts and indicators as people do."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from evalkit.base.errors import InputError
from evalkit.evaluation import evaluate
from evalkit.facts.tidy import read_scores
from evalkit.panel import Panel
from evalkit.round import Round, open_round
from evalkit.rubric import Rubric
from tests.support.builders import ROOT, demo, load, panel_data, rubric_data, write

PANELS = sorted(p.parent for p in (ROOT / "panels").glob("*/scores.csv"))


def in_words(frame: pd.DataFrame, rubric: Rubric, panel: Panel) -> pd.DataFrame:
    """``frame`` with every id replaced by its name, where only one bears it."""
    parts = (*rubric.indicators, *rubric.bonus, *rubric.deductions)
    names = {
        "applicant": {a.id: a.name for a in panel.applicants},
        "expert": {e.id: e.name for e in panel.experts}
        | {"panel": "专家组", "measured": "测量值", "gate": "准入条件"},
        "indicator": {p.id: p.name for p in parts},
        "points": {"unscored": "不评", "recused": "回避"},
    }
    frame = frame.copy()
    for column, known in names.items():
        once = {id: name for id, name in known.items() if list(known.values()).count(name) == 1}
        frame[column] = frame[column].map(lambda text, once=once: once.get(text, text))
    return frame.rename(columns={"applicant": "评审对象", "expert": "专家", "indicator": "指标"})


@pytest.mark.parametrize("folder", PANELS, ids=lambda p: p.name)
def test_names_and_ids_give_the_same_results(folder: Path) -> None:
    """Every demo table, with names in place of its ids."""
    with open_round(folder) as round_:
        rubric, panel = round_.rubric, round_.panel
    frame = pd.read_csv(folder / "scores.csv", dtype=str, keep_default_na=False)
    named = in_words(frame, rubric, panel)
    assert not named["评审对象"].isin([a.id for a in panel.applicants]).any()
    one, other = (
        evaluate(rubric, panel, read_scores(table, rubric, panel)) for table in (frame, named)
    )
    assert one.to_json() == other.to_json()


@pytest.mark.parametrize("spelt", ["甲 评审", "甲\u3000评审", " 甲评审 "])
def test_blanks_make_no_difference(tmp_path: Path, spelt: str) -> None:
    """A name copied from a letter."""
    data = panel_data(1, ["A"])
    data["experts"][0]["name"] = "甲评审"
    rubric, panel = load(tmp_path, rubric_data((10,)), data)
    table = pd.DataFrame([["A", spelt, "i1", "8"]], columns=["对象", "专家", "指标", "得分"])
    assert (read_scores(table, rubric, panel).points == 80).any()


def test_a_name_of_two_is_refused_with_their_ids(tmp_path: Path) -> None:
    """Nobody guesses which of them it was."""
    data = panel_data(2, ["A"])
    for expert in data["experts"]:
        expert["name"] = "同名者"
    rubric, panel = load(tmp_path, rubric_data((10,)), data)
    rows = [["A", "e1", "i1", "8"], ["A", "同名者", "i1", "8"]]
    table = pd.DataFrame(rows, columns=["applicant", "expert", "indicator", "points"])
    with pytest.raises(InputError, match="第 3 行：“同名者”有 2 个同名的，请写标识：e1、e2"):
        read_scores(table, rubric, panel)


def test_an_id_goes_before_a_name(tmp_path: Path) -> None:
    """Whoever is called as another's id is not taken for that one."""
    data = panel_data(2, ["A"])
    data["experts"][0]["name"] = "e2"
    rubric, panel = load(tmp_path, rubric_data((10,)), data)
    table = pd.DataFrame(
        [["A", "e2", "i1", "8"]], columns=["applicant", "expert", "indicator", "points"]
    )
    facts = read_scores(table, rubric, panel)
    assert facts.points[0, 1].any()
    assert not facts.points[0, 0].any()


def test_names_enter_the_log_as_ids(tmp_path: Path) -> None:
    """Whole tables are stored under the ids; importing by id afterwards stores nothing more."""
    files = tmp_path / "files"
    files.mkdir()
    data = panel_data(1, ["A"])
    data["experts"][0]["name"] = "甲评审"
    file = write(files, rubric_data((10,)), data)
    columns = ["applicant", "expert", "indicator", "points"]
    with Round.create(tmp_path / "round", file) as round_:
        assert round_.import_scores(pd.DataFrame([["A", "甲评审", "i1", "8"]], columns=columns))
        again = pd.DataFrame([["A", "e1", "i1", "8"]], columns=columns)
        assert round_.import_scores(again) == 0


def test_the_demo_costs_no_more_categories() -> None:
    """Names are looked up once for each spelling; a table of ids is left as it is."""
    from evalkit.facts.frames import as_text
    from evalkit.facts.names import as_ids

    rubric, panel, facts = demo()
    frame = as_text(facts.to_frame(), "")
    assert as_ids(frame, rubric, panel, "") is frame
