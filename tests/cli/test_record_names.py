"""``evalkit record`` as people use it: with names, and with an empty table to fill in."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from evalkit.record.fields import fields
from evalkit.round import Round
from tests.support.builders import ROOT
from tests.support.command import evalkit

PAPER = ("--typed-by", "秘书示例", "--source", "签字原件存 3 号卷")


def opened(folder: Path) -> Path:
    """A round with measured values and deductions, into which nothing was entered."""
    with Round.create(folder / "round", ROOT / "panels/anhui-evaluation-demo/panel.yaml") as made:
        return made.folder


def test_people_write_names(tmp_path: Path) -> None:
    """Applicant, indicator and deduction by name; what is unknown is refused as before."""
    folder = opened(tmp_path)
    with Round.open(folder) as workspace:
        panel, rubric = workspace.panel, workspace.rubric
        applicant, deduction = panel.applicants[0].name, rubric.deductions[0]
        (indicator,) = [i for i in rubric.indicators if i.id == "investment-growth"]
    given = ("--value", "30%", "--evidence", "年报")
    who = ("--applicant", applicant)
    run = evalkit("record", "measure", folder, *who, "--indicator", indicator.name, *given)
    assert run.stdout.startswith("已登记"), run.stderr
    taken = ("--item", deduction.name, "--points", "2", "--evidence", "纪要")
    assert evalkit("record", "deduction", folder, *who, *taken).returncode == 0
    nobody = ("--applicant", "无此县", "--indicator", indicator.name, *given)
    assert "没有评审对象 无此县" in evalkit("record", "measure", folder, *nobody).stderr
    with Round.open(folder) as workspace:
        history = workspace.history()
        assert history.recorded("measure", "s1", "investment-growth") is not None
        assert history.recorded("recognition", "s1", deduction.id) is not None


def test_an_empty_table_of_scores(tmp_path: Path) -> None:
    """A row for each cell that is to be scored; what is filled in is entered, the rest is open."""
    folder = opened(tmp_path)
    out = tmp_path / "scores.csv"
    assert evalkit("record", "score-template", folder, "--out", out).returncode == 0
    table = pd.read_csv(out, dtype=str, keep_default_na=False)
    with Round.open(folder) as workspace:
        names = {i.id: i.name for i in workspace.rubric.indicators}
        cells = {
            (e.name, a.name, names[i])
            for e in workspace.panel.experts
            for a in workspace.panel.applicants
            if workspace.panel.may_score(a.id, e.id)
            for i in fields(workspace.rubric, workspace.panel, a.id)
        }
    assert set(zip(table["专家"], table["评审对象"], table["指标"], strict=True)) == cells
    table.loc[0, "得分"] = "1"
    table.to_csv(out, index=False)
    assert evalkit("record", "scores", folder, out, *PAPER).stdout.startswith("新录入 1 条")
    again = tmp_path / "again.csv"
    evalkit("record", "score-template", folder, "--out", again)
    assert len(pd.read_csv(again)) == len(table) - 1
    said = evalkit("record", "score-template", folder, "--out", again).stderr
    assert "已经存在，不覆盖" in said
