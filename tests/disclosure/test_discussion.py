"""Who may see how far experts lie apart before the lock, when, and by name or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from evalkit.base import canonical
from evalkit.base.errors import Refused
from evalkit.disclosure.discussion import discussion_view
from evalkit.disclosure.progress import progress_view
from evalkit.log.events import Entry
from evalkit.round import Round
from tests.support.builders import panel_data, rubric_data, write

GIVEN = {"e1": "8", "e2": "8", "e3": "2"}


def make(folder: Path, opens: str | None, experts: str = "named", **more: Any) -> Round:
    """Three experts, the first of them the chair, two applicants, one indicator."""
    folder.mkdir()
    rules = {"discussion": {"opens": opens, "experts": experts}} if opens else {}
    panel = write(folder, rubric_data((10,)), panel_data(3, ["A", "B"], rules, **more))
    return Round.create(folder / "round", panel)


def score(round: Round, expert: str, applicant: str, points: str, text: str) -> None:
    """One cell."""
    payload = {"points": points, "text": text}
    round.append(Entry(expert, uuid4().hex, "score", applicant, "i1", payload))


def submit(round: Round, *sheets: tuple[str, str]) -> None:
    """Score and hand in."""
    for expert, applicant in sheets:
        score(round, expert, applicant, GIVEN[expert], f"{expert}说{applicant}")
        round.append(Entry(expert, uuid4().hex, "submit", applicant))


def seen(round: Round, reader: str = "secretary") -> dict[str, Any]:
    """The view of ``reader``."""
    return discussion_view(round.rubric, round.panel, round.history(), reader)


EVERY = [(e, a) for e in GIVEN for a in ("A", "B")]


@pytest.mark.parametrize(
    ("opens", "sheets", "reader", "said"),
    [
        (None, EVERY, "secretary", "没有声明"),
        ("never", EVERY, "secretary", "不看各专家的分歧"),
        ("after_all_submitted", EVERY[:5], "secretary", "还有 1 份"),
        ("after_all_submitted", EVERY[:5], "e1", "还有 1 份"),
        ("after_own_submitted", EVERY[1:], "e1", "您自己的评分表"),
        ("after_all_submitted", EVERY, "e2", "只有组长和评审秘书"),
        ("after_all_submitted", EVERY, "nobody", "只有组长和评审秘书"),
    ],
)
def test_before_its_time_and_to_others_it_is_refused(
    tmp_path: Path, opens: str | None, sheets: list[tuple[str, str]], reader: str, said: str
) -> None:
    """With the reason, and nothing in it."""
    with make(tmp_path / "files", opens) as round:
        submit(round, *sheets)
        with pytest.raises(Refused, match=said):
            seen(round, reader)


def test_the_spread_and_who_is_far_from_the_others(tmp_path: Path) -> None:
    """8, 8 and 2 of 10: the middle is 8, and 2 is 0.6 of the scale away from it."""
    with make(tmp_path / "files", "after_all_submitted") as round:
        submit(round, *EVERY)
        view = seen(round)
        (item,) = view["applicants"][0]["items"]
        assert [one["points"] for one in item["scores"]] == ["2", "8", "8"]
        assert (item["median"], item["low"], item["high"]) == ("8", "0", "10")
        far = [(f["applicant"], f["expert"], f["share"], f["words"]) for f in view["far"]]
        assert far == [
            ("对象A", "专家3", "0.600", "e3说A"),
            ("对象B", "专家3", "0.600", "e3说B"),
        ]
        assert view["status"] == "trial"
        assert [row["name"] for row in view["ranks"]] == ["对象A", "对象B"]
        assert view["agreement"][-1]["column"] == "total"


def test_no_name_where_none_is_declared(tmp_path: Path) -> None:
    """Neither of the view nor of its changes."""
    with make(tmp_path / "files", "after_all_submitted", "anonymous") as round:
        submit(round, *EVERY)
        round.discuss("open", "差得大", sheets=[("e3", "A")])
        score(round, "e3", "A", "7", "漏看了附件")
        round.append(Entry("e3", "again", "submit", "A"))
        round.discuss("closed", "完")
        view = seen(round)
        text = canonical.dumps(view)
        assert [e.name for e in round.panel.experts if e.name in text] == []
        (told,) = view["discussions"]
        assert [row[0] for row in told["changes"]] == ["一位专家"]


def test_own_sheets_first_shows_what_is_submitted(tmp_path: Path) -> None:
    """To the secretary at once, who owes none; no draft is ever in it."""
    with make(tmp_path / "files", "after_own_submitted") as round:
        submit(round, ("e2", "A"))
        score(round, "e3", "A", "2", "草稿")
        view = seen(round)
        assert [s["points"] for s in view["applicants"][0]["items"][0]["scores"]] == ["8"]
        assert "草稿" not in canonical.dumps(view)


def test_the_chair_sees_nothing_of_an_applicant_in_conflict(tmp_path: Path) -> None:
    """The secretary does."""
    conflicts = [{"expert": "e1", "applicant": "A", "reason": "曾任顾问"}]
    with make(tmp_path / "files", "after_all_submitted", conflicts=conflicts) as round:
        submit(round, *EVERY[1:])
        view = seen(round, "e1")
        assert view["apart"] == ["对象A"]
        rest = {k: v for k, v in view.items() if k != "apart"}
        assert "对象A" not in canonical.dumps(rest)
        assert "说A" not in canonical.dumps(rest)
        assert [a["id"] for a in seen(round)["applicants"]] == ["A", "B"]


def test_before_and_after_a_discussion_stay_apart(tmp_path: Path) -> None:
    """While it goes on, what was before; then what is now, and where each score was."""
    with make(tmp_path / "files", "after_all_submitted") as round:
        submit(round, *EVERY)
        before = seen(round)["applicants"]
        round.discuss("open", "差得大", sheets=[("e3", "A"), ("e2", "B")])
        score(round, "e3", "A", "7", "漏看了附件")
        during = seen(round)
        assert during["before"]
        assert during["applicants"] == before
        assert during["discussions"][0]["changes"] == []
        assert during["discussions"][0]["waiting"] == 2
        for sheet in (("e3", "A"), ("e2", "B")):
            round.append(Entry(sheet[0], uuid4().hex, "submit", sheet[1]))
        round.discuss("closed", "完")
        after = seen(round)
        assert not after["before"]
        (item,) = after["applicants"][0]["items"]
        assert [one["points"] for one in item["scores"]] == ["7", "8", "8"]
        assert item["moved"] == [["2", "7"]]
        assert after["applicants"][1]["items"][0]["moved"] == []
        row = ["专家3（e3）", "对象A", "指标1", "2", "7", "漏看了附件"]
        assert after["discussions"][0]["changes"] == [row]


def test_progress_has_no_score_in_it(tmp_path: Path) -> None:
    """States and counts; a comment or a point of an expert is nowhere."""
    with make(tmp_path / "files", "never") as round:
        submit(round, *EVERY[:3])
        score(round, "e3", "B", "2.5", "草稿")
        view = progress_view(round.rubric, round.panel, round.history(), round.lacking(), "zh")
        states = [[one["state"] for one in row["sheets"]] for row in view["matrix"]]
        assert states == [["submitted", "submitted", "empty"], ["submitted", "empty", "begun"]]
        text = str(view)
        assert "草稿" not in text
        assert "2.5" not in text
        assert "说A" not in text
