"""The case file that the notebook opens: somebody's own, or one to practise on."""

from __future__ import annotations

from pathlib import Path

import pytest

import evalkit as ek
from evalkit.workbench import appeal_case


def test_practice_waits_for_its_decision() -> None:
    """Two applicants change places; the decision has to say so, and is kept in the same folder."""
    practised = appeal_case()
    assert practised is not None
    with practised as appeal:
        assert appeal.to_frame()["step"].tolist() == ["提出异议", "受理", "重开有关内容"]
        compared = appeal.compared()
        assert compared is not None
        moved = {c.id: (c.before["rank"], c.after["rank"]) for c in compared.changes if c.moved}
        assert moved == {"c01": (5, 4), "c16": (4, 5)}
        with pytest.raises(ek.Refused, match="只能变更"):
            appeal.decide("领导小组", "kept", "结果不变")
        appeal.decide("领导小组", "changed", "经复核，有应当回避而没有回避的")
        folder = str(appeal.folder)
    for given in (
        {"case": folder},
        {"folder": f"{folder}/original"},
        {"folder": f"{folder}/round"},
    ):
        again = appeal_case(**given)
        assert again is not None
        with again:
            assert again.to_frame()["step"].tolist()[-1] == "作出决定"


def test_a_round_of_no_case_shows_none(tmp_path: Path) -> None:
    """Nobody's practice stands above somebody's round."""
    assert appeal_case(folder=str(tmp_path / "round")) is None


def test_another_folder_is_no_case(tmp_path: object) -> None:
    """Said as the command says it."""
    with pytest.raises(ek.InputError, match="案卷"):
        appeal_case(str(tmp_path))
