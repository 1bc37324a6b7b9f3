"""``docs/provisions.md`` has every article and form of the five texts, as the files have them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from evalkit.rubric import Rubric
from evalkit.rubric.field_names import field_name
from evalkit.rubric.provisions import Procedure
from tests.support.builders import ROOT
from tests.support.command import evalkit
from tests.support.source_texts import PARTS, SOURCES, N, at, loaded

PAGE = (ROOT / "docs" / "provisions.md").read_text("utf-8")

START = "开头"
"""What the page calls the beginning of a text, ahead of its first article."""

QUOTING = ("scope", "gates", "materials", "forms", "duties", "standing", "targets", "tasks")

NUMERALS = "一二三四五六七八九十"


def tables() -> dict[str, list[list[str]]]:
    """The rows of each table without its head, by the heading above it."""
    found: dict[str, list[list[str]]] = {}
    for part in PAGE.split("\n## ")[1:]:
        rows = [line for line in part.splitlines() if line.startswith("|")][2:]
        found[part.splitlines()[0]] = [
            [c.strip() for c in row.strip("|").split("|")] for row in rows
        ]
    return found


def keys(cell: str) -> Iterator[str]:
    """The articles of a row: 二、（一）—（三） are three, 附件1—3 too."""
    for one in cell.split("；"):
        if items := re.fullmatch(rf"(.*)（({N})）—（({N})）", one):
            start, end = (NUMERALS.index(n) for n in items.groups()[1:])
            yield from (f"{items[1]}（{n}）" for n in NUMERALS[start : end + 1])
        elif annexes := re.fullmatch(r"(.*?)(\d)—(\d)", one):
            yield from (f"{annexes[1]}{n}" for n in range(int(annexes[2]), int(annexes[3]) + 1))
        else:
            yield one


def held(rubrics: list[Rubric]) -> dict[str, set[str]]:
    """What the files have of each article, under the names that people read."""
    found: dict[str, set[str]] = defaultdict(set)
    for rubric in rubrics:
        for name in (*QUOTING, "contacts", "procedures"):
            for one in getattr(rubric, name):
                found[at(one.article)].add(str(field_name(Rubric, name)))
        for procedure in rubric.procedures:
            for stage in procedure.stages:
                found[at(stage.article)].add(str(field_name(Procedure, "stages")))
            if procedure.grades:
                found[at(procedure.article)].add(str(field_name(Procedure, "grades")))
        for name in ("dimensions", "bonus", "deductions", "notes"):
            if getattr(rubric, name):
                found[rubric.source.table].add(str(field_name(Rubric, name)))
    return {key or START: groups for key, groups in found.items()}


@pytest.mark.parametrize("source", PARTS)
def test_every_article_and_form_is_in_the_table(source: str) -> None:
    """With what the files have of it; and the table has nothing else."""
    names = [name for name, file in SOURCES.items() if file == source]
    ((_, rows),) = [(h, rows) for h, rows in tables().items() if names[0] in h]
    shown: dict[str, set[str]] = defaultdict(set)
    for articles, _says, groups, _steps, _left in rows:
        for key in keys(articles):
            assert key not in shown, f"{key} stands there twice"
            shown[key] |= set(groups.split("、"))
    files = held([loaded(name) for name in names])
    # a row for several articles says what any of them has
    assert shown.keys() == files.keys()
    assert {k: v for k, v in shown.items() if v != files[k]} == {}


def test_every_step_is_one_of_the_page() -> None:
    """A row names its steps and what is left to people; each step is used."""
    found = tables()
    steps = {row[0] for row in found.pop("步骤")}
    used = set()
    for rows in found.values():
        for row in rows:
            assert all(row), row
            used |= set(row[3].split("、"))
    assert used == steps


def test_every_command_of_the_page_is_one() -> None:
    """What the page tells people to type exists."""
    commands = {tuple(c.split()[1:]) for c in re.findall(r"`(evalkit [a-z ]+)`", PAGE)}
    assert len(commands) > 15
    for command in sorted(commands):
        assert evalkit(*command, "--help").returncode == 0, command
