"""Who is kept apart: employers under all their names, declared relations, and what is not found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evalkit.base.errors import InputError
from evalkit.panel import Panel
from evalkit.panel.checks import findings
from tests.support.builders import load, panel_data, rubric_data
from tests.support.command import evalkit

ORGANISATIONS = [
    {"name": "示例大学", "aliases": ["示大", "Example University"], "former": ["示例学院"]},
    {"name": "示例集团", "subsidiaries": ["示例研究院", "示例大学附属公司"]},
    {"name": "示例大学", "subsidiaries": ["示例医院"]},
]

SHARES = {"expert": "e1", "kind": "shares", "source": "登记表", "declared_by": "本人"}


def panel(folder: Path, employer: str, party: str, **more: Any) -> Panel:
    """One expert of ``employer`` and one applicant led by ``party``."""
    data = panel_data(1, [{"id": "A", "name": "对象", "lead": party}], **more)
    data["experts"][0]["employer"] = employer
    return load(folder, rubric_data((10,)), data)[1]


@pytest.mark.parametrize(
    ("employer", "party", "apart"),
    [
        ("示例大学", "示例大学", True),
        ("示大", "示例大学", True),
        ("示 大", "示例学院", True),
        ("EXAMPLE  university", "示大", True),
        ("示例医院", "示例学院", True),
        ("示例大学", "示例医院", True),
        ("示例研究院", "示例集团", True),
        ("示例研究院", "示例大学附属公司", False),  # two parts of one group
        ("示例医院", "示例集团", False),
        ("别的单位", "示例大学", False),
    ],
)
def test_an_organisation_has_many_names(
    tmp_path: Path, employer: str, party: str, *, apart: bool
) -> None:
    """Aliases, former names and what belongs to it, whichever side says which."""
    found = panel(tmp_path, employer, party, organisations=ORGANISATIONS)
    assert bool(found.recused) == apart
    assert found.may_score("A", "e1") != apart


def test_a_declared_relation_says_what_and_who_said_so(tmp_path: Path) -> None:
    """With an applicant, or with an organisation under any of its names."""
    relations = [
        {
            "expert": "e1",
            "party": "示大",
            "kind": "shares",
            "source": "登记表",
            "declared_by": "本人",
        }
    ]
    found = panel(tmp_path, "别的", "示例学院", organisations=ORGANISATIONS, relations=relations)
    (one,) = found.apart
    assert (one.source, str(one.reason)) == (
        "relation",
        "持股或其他经济利益：示大（登记表，本人申报）",
    )
    relations[0] |= {"applicant": "A"}
    del relations[0]["party"]
    found = panel(tmp_path, "别的", "示例学院", relations=relations)
    assert str(found.recused["A", "e1"]) == "持股或其他经济利益（登记表，本人申报）"


WRONG = [
    ({"kind": "kinship"}, "须写一个"),
    ({"kind": "kinship", "party": "示大", "applicant": "A"}, "须写一个"),
    ({"kind": "other", "party": "示大"}, "须在 note 写明"),
    ({"kind": "kinship", "applicant": "Z"}, "不存在的专家或评审对象"),
    ({"kind": "kinship", "applicant": "A", "expert": "e9"}, "不存在的专家或评审对象"),
]


@pytest.mark.parametrize(("relation", "why"), WRONG)
def test_a_relation_has_two_sides(tmp_path: Path, relation: dict[str, str], why: str) -> None:
    """And a source, and somebody who declared it."""
    given = {"expert": "e1", "source": "登记表", "declared_by": "本人"} | relation
    with pytest.raises(InputError, match=why):
        panel(tmp_path, "别的", "示例大学", relations=[given])


def test_relations_stand_in_a_table(tmp_path: Path) -> None:
    """In the words of those who keep the list."""
    words = "专家,评审对象,关系,依据,申报人\n专家1,对象,亲属,登记表,本人\n"
    (tmp_path / "relations.csv").write_text(words, "utf-8")
    found = panel(tmp_path, "别的", "示例大学", relations="relations.csv")
    assert str(found.recused["A", "e1"]) == "亲属（登记表，本人申报）"
    run = evalkit("panel", "conflicts", tmp_path / "panel.yaml")
    assert "申报或查实的关系" in run.stdout
    assert "共回避 1 对" in run.stdout


def test_what_a_person_should_look_at(tmp_path: Path) -> None:
    """A relation to nobody in the round; near names that are not declared to be the same."""
    relations = [
        {
            "expert": "e1",
            "party": "无此",
            "kind": "shares",
            "source": "登记表",
            "declared_by": "本人",
        }
    ]
    found = panel(tmp_path, "示大", "示例大学", relations=relations)
    said = [str(text) for text in findings(found, load_rubric(tmp_path))]
    assert any("“无此”没有牵头或共建任何对象" in text for text in said)
    assert any("“示大”与“示例大学”相近" in text for text in said)
    found = panel(tmp_path, "示大", "示例大学", organisations=ORGANISATIONS)
    said = [str(text) for text in findings(found, load_rubric(tmp_path))]
    assert not any("相近" in text or "已自动回避" in text for text in said)


def load_rubric(folder: Path) -> Any:
    """The rubric of the panel in ``folder``."""
    from evalkit.rubric import load_rubric as read

    return read(folder / "small.yaml")


def test_the_digest_knows_nothing_of_what_is_left_out(tmp_path: Path) -> None:
    """A panel without the later keys is the panel that it was before there were any."""
    data = panel_data(2, ["A"])
    one = load(tmp_path, rubric_data((10,)), data)[1]
    data["rules"] = data["rules"] | {"commitment": "none"}
    other = load(tmp_path, rubric_data((10,)), data | {"organisations": [], "relations": []})[1]
    assert one.digest == other.digest
