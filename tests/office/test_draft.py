"""The draft of an office's file: complete, and nothing decided in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import evalkit as ek
from evalkit.base.errors import InputError, Refused
from evalkit.rubric.open_rules import DECLARED, needed
from tests.support.builders import ROOT
from tests.support.offices import PANELS, decided

TEXTS = [f.stem for f in (ROOT / "rubrics").glob("*.yaml") if ek.load_rubric(f).procedures]
CHOICES = {
    "days": "30",
    "objections": "anew",
    "meanwhile": "kept",
    "reapplication": "never",
    "due": "2030-04-30",
    "titles": "某称号",
}


def choices(rubric: ek.Rubric) -> dict[str, str]:
    """A decision for each open rule by its last key; the actor of the first stage does the rest."""
    who = str(rubric.procedures[0].stages[0].actor)
    found = {"day": "2025-01-01", "title": "某称号", "document": "某文件"}
    for name in needed(rubric):
        group, _dot, key = name.partition(".")
        last = next((p.stages[-1].id for p in rubric.procedures if p.grades), "")
        own = {**CHOICES, "actors": who, "judges": who, "repeat_from": last}
        found[key or group] = own[group]
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_every_open_rule_is_asked_for_with_its_article(tmp_path: Path, text: str) -> None:
    """Each stands undecided, is refused with the silent article, and then is all that was asked."""
    rubric = ek.load_rubric(text)
    file = ek.draft_standing(tmp_path, rubric)
    with pytest.raises(InputError) as caught:
        ek.load_office(file, rubric)
    lines = caught.value.render().splitlines()
    for name in needed(rubric):
        silence = rubric.silence(name)
        assert silence is not None
        what = DECLARED[name.partition(".")[0]]
        wanted = f"“{what}”还是“待定”。原文对此未作规定（{silence.article}），须由办公室声明"
        assert any(wanted in line for line in lines), name
    groups = ("judges", "actors", "days")
    keys = [n.partition(".")[2] for n in needed(rubric) if n.partition(".")[0] in groups]
    if len(keys) == len(set(keys)):
        file.write_text(decided(file.read_text("utf-8"), choices(rubric)), "utf-8")
        office = ek.load_office(file, rubric)
        assert [a.id for a in office.applicants] == ["a1", "a2"]


def test_applicants_come_from_a_panel(tmp_path: Path) -> None:
    """With their ids and names, so that its results can be taken."""
    rubric = ek.load_rubric("anhui-application-2025")
    panel = ek.load_panel(PANELS / "anhui-application-demo" / "panel.yaml", rubric)
    file = ek.draft_standing(tmp_path, rubric, panel)
    listed = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)["applicants"]
    assert [(a["id"], a["name"]) for a in listed] == [(a.id, a.name) for a in panel.applicants]


def test_what_gets_no_draft(tmp_path: Path) -> None:
    """A plan, a panel on another text, a file that is there."""
    rubric = ek.load_rubric("anhui-application-2025")
    with pytest.raises(Refused, match="没有规定程序"):
        ek.draft_standing(tmp_path, ek.load_rubric("henan-ai-plus-2024"))
    panel = ek.load_panel(PANELS / "demo" / "panel.yaml")
    with pytest.raises(Refused, match="评审组 demo-2025 依据 henan-centre-2025，不是 anhui-"):
        ek.draft_standing(tmp_path, rubric, panel)
    file = ek.draft_standing(tmp_path, rubric)
    before = file.read_bytes()
    with pytest.raises(InputError, match="已经存在，没有改动"):
        ek.draft_standing(tmp_path, rubric)
    assert file.read_bytes() == before
