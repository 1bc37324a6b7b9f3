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
    waiting = evalkit("panel", "check", folder, "--for-lock").stdout
    assert f"evalkit record template {folder} --out" in waiting
    nobody = ("--applicant", "无此县", "--indicator", indicator.name, *given)
    assert "没有评审对象 无此县" in evalkit("record", "measure", folder, *nobody).stderr
    with Round.open(folder) as workspace:
        history = workspace.history()
        assert history.recorded("measure", "s1", "investment-growth") is not None
        assert history.recorded("recognition", "s1", deduction.id) is not None


def test_the_remedy_of_a_change_asks_for_a_reason(tmp_path: Path) -> None:
    """What is on record as unknown is changed by the command that the check prints."""
    with Round.open(opened(tmp_path)) as made:
        made.record("measure", "s1", "investment-growth", "没有数据", "尚未报送")
        (lack,) = [k for k in made.lacking() if k.applicant == "s1" and k.kind == "measure"][:1]
    assert "登记为没有数据" in lack.line().render()
    assert lack.remedy.render().endswith("--value 数值 --evidence 依据 --reason 理由")


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
