"""The lock is a gate: whatever it accepts has official results, and what is missing is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest

from evalkit.base.errors import EvalkitError
from evalkit.base.tables import read_table
from evalkit.evaluation import Results, evaluate
from evalkit.facts.columns import Basis
from evalkit.panel import Panel, find_rubric, load_panel
from evalkit.record.entered import facts_of
from evalkit.record.lacking import lacking
from evalkit.rubric import Rubric
from tests.support import random_rounds
from tests.support.builders import ROOT, load, panel_data, rubric_data, table
from tests.support.command import evalkit
from tests.support.histories import history_of
from tests.support.panels import FOLDERS
from tests.support.reference_runs import tidy

Round = tuple[Rubric, Panel, pd.DataFrame]

WORDS = {"measured": "measure", "gate": "gate"}


def demo(name: str) -> Round:
    """A demo panel with its table."""
    file = ROOT / "panels" / name / "panel.yaml"
    rubric = find_rubric(file)
    return rubric, load_panel(file, rubric), read_table(file.with_name("scores.csv"))


def locked(round_: Round) -> Results | None:
    """The official results of what the lock accepts, None where something is missing."""
    rubric, panel, frame = round_
    history = history_of(rubric, panel, frame)
    if lacking(rubric, panel, history):
        return None
    facts = facts_of(rubric, panel, history, submitted_only=True, basis=Basis("table"))
    return evaluate(rubric, panel, facts)


def clear(results: Results) -> bool:
    """Whether whoever is in the round has a total, and a rank and a grade unless the declared
    minimums stand against it.
    """
    rules = results.panel.rules
    for n, row in enumerate(results.rows):
        if not results.eligible[n]:
            continue
        if row["total"] is None or any(i["points"] is None for i in row["indicators"]):
            return False
        if row.get("missed"):
            continue
        if row["rank"] is None or (rules.grades is not None and row["grade"] is None):
            return False
    return True


@pytest.mark.parametrize("name", FOLDERS)
def test_a_whole_table_can_be_locked(name: str) -> None:
    """Nothing is missing in any demo, and its results are clear."""
    results = locked(demo(name))
    assert results is not None
    assert clear(results)


def taken(round_: Round, n: int) -> str:
    """Take row ``n`` out of a demo; what is wrong with what the lock then says, or nothing."""
    rubric, panel, frame = round_
    row = frame.iloc[n]
    rest = frame.drop(frame.index[n])
    history = history_of(rubric, panel, rest)
    found = lacking(rubric, panel, history)
    applicant, word, name = row["applicant"], row["expert"], row["indicator"]
    out = f"{row.tolist()}: {[lack.line().render() for lack in found]}"
    if not found:
        # the rules do without: the applicant is out, or a score may be missing
        results = locked((rubric, panel, rest))
        assert results is not None
        able = dict(zip(results.facts.applicants, results.eligible, strict=True))
        by_rule = word not in (*WORDS, "panel") and panel.rules.missing == "exclude"
        return "" if clear(results) and (by_rule or not able[applicant]) else out
    if len(found) > 1:  # an applicant that no longer fails a condition owes all the rest
        found = tuple(lack for lack in found if lack.indicator == name)
    if len(found) != 1 or found[0].applicant != applicant:
        return out
    (lack,) = found
    if word in WORDS or word == "panel":
        kind = WORDS.get(word) or ("bonus" if "." in name else "deduction")
        return "" if (lack.kind, lack.indicator) == (kind, name) else out
    titles = {i.id: i.name for i in rubric.indicators} | {b.id: b.name for b in rubric.bonus}
    named = titles[name.partition(".")[0]] in lack.what.render()
    return "" if (lack.kind, lack.owes) == ("sheet", word) and named else out


def sample(round_: Round) -> list[int]:
    """Some rows of every kind."""
    frame, random = round_[2], Random(7)
    by_kind: dict[str, list[int]] = {}
    for n, word in enumerate(frame["expert"]):
        by_kind.setdefault(word if word in (*WORDS, "panel") else "", []).append(n)
    return [n for own in by_kind.values() for n in random.sample(own, min(len(own), 2))]


@pytest.mark.parametrize("name", FOLDERS)
def test_what_is_taken_out_is_named(name: str) -> None:
    """A row less, and the lock names it with who owes it, or the rules do without it."""
    round_ = demo(name)
    assert [said for n in sample(round_) if (said := taken(round_, n))] == []


BLOCK = 200
BLOCKS = [
    (name, start)
    for name in FOLDERS
    for start in range(0, (ROOT / "panels" / name / "scores.csv").read_bytes().count(b"\n"), BLOCK)
]


@pytest.mark.soak
@pytest.mark.parametrize(("name", "start"), BLOCKS)
def test_whatever_is_taken_out_is_named(name: str, start: int) -> None:
    """The same for every single row."""
    round_ = demo(name)
    rows = range(start, min(start + BLOCK, len(round_[2])))
    assert [said for n in rows if (said := taken(round_, n))] == []


def rounds(seeds: range) -> Iterator[tuple[Round, Random]]:
    """Random rounds under every rule, some with an entry or a few taken out."""
    for seed in seeds:
        random = Random(seed)
        rubric, panel, *rows = random_rounds.make(seed)
        frame = tidy(*rows)
        if random.random() < 0.3:
            frame = frame.drop(random.sample(list(frame.index), min(len(frame), 2)))
        yield (Rubric.model_validate(rubric), Panel.model_validate(panel), frame), random


def unclear(seeds: range) -> tuple[list[Any], int]:
    """Rounds that the lock accepts and whose results are not clear, and how many it accepts."""
    wrong, accepted = [], 0
    for n, (round_, _random) in zip(seeds, rounds(seeds), strict=True):
        try:
            results = locked(round_)
        except EvalkitError as error:
            wrong.append((n, error.render()))
            continue
        accepted += results is not None
        if results is not None and not clear(results):
            wrong.append((n, results.to_dict()))
    return wrong, accepted


def test_what_the_lock_accepts_is_clear() -> None:
    """On random rounds under every rule that a panel may declare."""
    wrong, accepted = unclear(range(50))
    assert wrong == []
    assert accepted > 10


@pytest.mark.soak
@pytest.mark.parametrize("start", range(50, 5000, 495))
def test_what_the_lock_accepts_is_clear_in_thousands_of_rounds(start: int) -> None:
    """The same on more of them."""
    wrong, accepted = unclear(range(start, start + 495))
    assert wrong == []
    assert accepted > 100


def test_experts_who_compute_differently_are_named(tmp_path: Path) -> None:
    """Where all must arrive at the same points the lock waits, with what each has."""
    rubric = rubric_data((10, 5))
    rubric["dimensions"][0]["indicators"][0] |= {"kind": "quantitative", "unit": "家"}
    rules = {"measures": {"missing": "refuse", "indicators": {"i1": {"method": "agreed"}}}}
    loaded = load(tmp_path, rubric, panel_data(2, ["A", "B"], rules))
    frame = table({"A": [["8", "3"], ["7.5", "4"]], "B": [["6", "3"], ["6", "4"]]})
    (lack,) = lacking(*loaded, history_of(*loaded, frame))
    assert (lack.kind, lack.applicant, lack.indicator, lack.owes) == (
        *("agreement", "A", "i1", "secretary"),
    )
    assert "（e1 8、e2 7.5）" in lack.what.render()
    assert "panel reopen ROUND" in lack.remedy.render()


def test_placings_that_nobody_gives_are_said(tmp_path: Path) -> None:
    """What else stands against results stands in the list as the results would say it."""
    rules = {
        "missing": "exclude",
        "placings": {"of": "base", "tied": "mean", "incomplete": "refuse"},
    }
    loaded = load(tmp_path, rubric_data((10,)), panel_data(2, ["A", "B"], rules))
    frame = table({"A": [["8"], ["7"]], "B": [["6"], ["6"]]}).drop(index=3)
    (lack,) = lacking(*loaded, history_of(*loaded, frame))
    assert lack.kind == "results"
    assert "须有专家给每个参加排名的对象都打齐；e2 没有给 B 打齐" in lack.what.render()


def test_everything_is_owed_on_the_first_day(tmp_path: Path) -> None:
    """Sheets by their experts, values and conditions by the secretary; each has its command."""
    folder = tmp_path / "round"
    demo_ = ROOT / "panels" / "anhui-evaluation-demo" / "panel.yaml"
    assert evalkit("panel", "open", demo_, "--out", folder).returncode == 0
    run = evalkit("panel", "check", folder, "--for-lock")
    assert run.returncode == 1
    lines = run.stdout.splitlines()
    assert lines[-1] == "共缺 35 项，还不能锁定"
    assert lines[0] == "专家甲（e1）：示例县甲（s1）的评分表没有提交"
    assert lines[1] == f"    evalkit sheet {folder} --expert e1"
    assert len(lines) == 72
    assert (
        f"    evalkit record measure {folder} --applicant s1 --indicator investment-growth"
        " --value 数值 --evidence 依据" in lines
    )
    status = evalkit("panel", "status", folder).stdout
    assert "锁定之前还缺 35 项：\n" in status
    assert "  专家甲（e1）：评分表没有提交 5 项：s1、s2、s3、s4、s5\n" in status
    assert "  秘书示例（secretary）：测量值 5 项：s1、s2、s3、s4、s5\n" in status
