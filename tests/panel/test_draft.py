"""``evalkit panel new``: nothing is decided silently, and every listed choice can be taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.base.errors import InputError, Refused
from evalkit.panel import find_rubric, load_panel
from evalkit.panel.draft import create, draft
from evalkit.rubric import Rubric
from evalkit.rubric.provisions import Procedure
from tests.support.builders import rubric_data
from tests.support.command import evalkit
from tests.support.drafts import IDS, ROUNDS, RUBRICS, decided, drafted, undecided, write
from tests.support.rounds import graded

MOST_CHOICES = 20
"""Choices of the rule that has most: the methods of aggregation, where there is a bonus."""


def test_there_is_a_draft_for_every_round() -> None:
    """Henan has one procedure; each of Anhui's three texts and Zhongshan's has two."""
    assert len(ROUNDS) == 1 + 3 * 2 + 2


@pytest.mark.parametrize(("rubric", "procedure"), ROUNDS, ids=IDS)
def test_a_draft_is_refused_once_for_each_open_rule(
    tmp_path: Path, rubric: str, procedure: Procedure | None
) -> None:
    """One problem a line that says 待定, on that line, and no other problem."""
    text = drafted(rubric, procedure)
    file = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        load_panel(file, find_rubric(file))
    assert [problem.line for problem in caught.value.problems] == undecided(text)
    assert len(undecided(text)) >= 8


PICKED = [
    pytest.param(
        *round_, pick, id=f"{id}-{pick}", marks=() if (n - pick) % 3 == 0 else pytest.mark.soak
    )
    for n, (id, round_) in enumerate(zip(IDS, ROUNDS, strict=True))
    for pick in range(MOST_CHOICES)
]
"""Each choice with three of the rounds, all with all in the soak."""


@pytest.mark.parametrize(("rubric", "procedure", "pick"), PICKED)
def test_any_listed_choice_makes_a_panel(
    tmp_path: Path, rubric: str, procedure: Procedure | None, pick: int
) -> None:
    """Taking the first, second … of the listed choices everywhere gives a file that loads."""
    file = write(tmp_path, decided(drafted(rubric, procedure), pick))
    panel = load_panel(file, find_rubric(file))
    assert panel.rubric == rubric
    assert panel.procedure == (procedure and procedure.id)


def test_no_rule_has_more_choices_than_are_tried() -> None:
    """The table above reaches the last choice of every rule."""
    for rubric, procedure in ROUNDS:
        text = drafted(rubric, procedure)
        assert decided(text, MOST_CHOICES - 1) == decided(text, 99)
    bonus = drafted("henan-centre-2025", RUBRICS["henan-centre-2025"].procedures[0])
    assert decided(bonus, MOST_CHOICES - 2) != decided(bonus, MOST_CHOICES - 1)


@pytest.mark.parametrize(("rubric", "procedure"), ROUNDS, ids=IDS)
def test_one_rule_left_open_is_one_problem(
    tmp_path: Path, rubric: str, procedure: Procedure | None
) -> None:
    """With all but the last rule decided, that one is named with the article that is silent."""
    text = decided(drafted(rubric, procedure))
    (line,) = [one for one in text.splitlines() if one.startswith("  disclosure: ")]
    file = write(tmp_path, text.replace(line, "  disclosure: 待定"))
    with pytest.raises(InputError) as caught:
        load_panel(file, find_rubric(file))
    silence = RUBRICS[rubric].silence("disclosure", procedure)
    (problem,) = caught.value.problems
    assert problem.field == "rules.disclosure"
    assert silence is not None
    assert silence.article in problem.render()


def test_a_word_left_open_among_the_people_is_refused(tmp_path: Path) -> None:
    """待定 is refused wherever it stands, not only below the rules."""
    text = decided(drafted("henan-centre-2025", RUBRICS["henan-centre-2025"].procedures[0]))
    file = write(tmp_path, text.replace("示例单位丙（虚构）", "待定"))
    with pytest.raises(InputError, match=r"experts\[2\].employer：这里还是“待定”"):
        load_panel(file, find_rubric(file))


def test_a_draft_never_overwrites(tmp_path: Path) -> None:
    """What a secretary has written stays, and nothing else is left behind."""
    file = tmp_path / "panel.yaml"
    file.write_text("mine", "utf-8")
    with pytest.raises(Refused, match="已经存在"):
        create(file, RUBRICS["henan-centre-2025"], None)
    assert file.read_text("utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("rubric", "procedure", "said"),
    [
        ("anhui-product-2025", None, "可选：recognition、evaluation"),
        ("zhongshan-platform-2026", "evaluation", "可选：recognition、annual-evaluation"),
        ("henan-ai-plus-2024", None, "不能用于评分；它是规划，请用 evalkit ledger template"),
    ],
)
def test_what_no_draft_can_be_made_for(rubric: str, procedure: str | None, said: str) -> None:
    """The procedure is named where there are several; a plan has nothing to score."""
    with pytest.raises(Refused, match=said):
        draft(RUBRICS[rubric], procedure)


@pytest.mark.parametrize(
    ("better", "lines"),
    [("higher", "at_least: 90, at_least: 75"), ("lower", "at_most: 10, at_most: 25")],
)
def test_the_lines_of_grades_follow_the_direction(tmp_path: Path, better: str, lines: str) -> None:
    """The listed choice loads: least totals that fall, or greatest ones that rise."""
    data = rubric_data((10,)) | {"better": better}
    data["procedures"] = [graded(excellent=True, good=True, poor=False)]
    rubric = Rubric.model_validate(data)
    panel = load_panel(write(tmp_path, decided(draft(rubric, None))), rubric)
    cuts = [
        cut.model_dump(exclude={"grade"}, exclude_none=True) for cut in panel.rules.grades or ()
    ]
    assert ", ".join(f"{k}: {v}" for cut in cuts for k, v in cut.items()) == lines


def test_the_command(tmp_path: Path) -> None:
    """By the name of a rubric that comes with evalkit; in English if asked."""
    file = tmp_path / "new" / "panel.yaml"
    made = evalkit("panel", "new", "henan-centre-2025", "--out", file)
    assert made.returncode == 0, made.stderr
    assert file.read_text("utf-8") == drafted(
        "henan-centre-2025", RUBRICS["henan-centre-2025"].procedures[0]
    )
    assert evalkit("panel", "check", file).returncode == 2
    assert evalkit("panel", "new", "henan-centre-2025", "--out", file).returncode == 1
    other = tmp_path / "english.yaml"
    evalkit("panel", "new", "henan-centre-2025", "--out", other, lang="en")
    assert "# Draft of a panel file" in other.read_text("utf-8")
