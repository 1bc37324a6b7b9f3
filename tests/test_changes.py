"""What changed between two versions of a rubric."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evalkit.rubric import Rubric, changes, load_rubric
from tests.builders import rubric_data, write


def made(folder: Path, data: dict[str, Any]) -> Rubric:
    """A rubric from data."""
    write(folder, data)
    return load_rubric(folder / "small.yaml")


def test_the_same_rubric_has_no_changes(tmp_path: Path) -> None:
    """Nothing changed, nothing said."""
    rubric = made(tmp_path, rubric_data((10, 5), bonus=True))
    assert changes.between(rubric, rubric) == []


def test_every_change_is_a_sentence(tmp_path: Path) -> None:
    """Points, names, guidance, bonus; what is new and what is gone, by id."""
    old = made(tmp_path, rubric_data((10, 5), bonus=True))
    data = rubric_data((8, 5, 2), bonus=True)
    first, second, third = data["dimensions"][0]["indicators"]
    first["name"], second["guidance"], third["id"] = "改名", "改写。", "new"
    data["bonus"][0]["item"]["max"] = "5"
    data["gates"] = [{"id": "g", "article": "第九条", "text": "条件"}]
    found = [text.render() for text in changes.between(old, made(tmp_path, data))]
    assert found == [
        "“改名”（i1）的名称：指标1 → 改名",
        "“改名”（i1）的分值：10 → 8",
        "“指标2”（i2）的说明与评分标准：综合评分。 → 改写。",
        "新增 “指标3”（new）",
        "“加分”（bonus）的每项计分的范围：2–3 → 2–5",
        "新增 “第九条”（g）",
    ]
    back = [text.render() for text in changes.between(made(tmp_path, data), old)]
    assert "删去 “指标3”（new）" in back


def test_changes_in_english(tmp_path: Path) -> None:
    """The sentences follow the language of their reader."""
    old = made(tmp_path, rubric_data((10,)))
    new = made(tmp_path, rubric_data((8,)))
    for text in changes.between(old, new):
        assert "→" in text.render("en")
        assert "的" not in text.render("en")
