"""From the rounds of an applicant to what the text provides for: the rules of two real texts."""

from __future__ import annotations

import pytest

from evalkit.rubric import load_rubric
from evalkit.standing import Year, proposals
from tests.builders import ROOT


def proposed(rubric: str, *years: Year) -> list[tuple[str, str]]:
    """What is proposed, and by which article."""
    rules = load_rubric(ROOT / "rubrics" / f"{rubric}.yaml").standing
    return [(p.rule.then, p.rule.article) for p in proposals(rules, years)]


GOOD, BAD = True, False
ZHONGSHAN, ANHUI = "zhongshan-platform-2026", "anhui-application-2025"

# 办法第十三条（一）连续两个年度不合格，（二）逾期未报送; the verdicts are the text's.
YEARS = [
    ([GOOD, BAD, BAD], True),
    ([BAD, GOOD, BAD], False),
    ([BAD, "report_overdue"], True),
    ([GOOD, "report_overdue"], True),  # a ground of its own, also after a good year
    ([BAD, None, BAD], False),  # a year between
    ([BAD], False),
    ([BAD, BAD, GOOD], False),
]


@pytest.mark.parametrize(("grades", "revoked"), YEARS)
def test_revocation_by_article_13(grades: list[bool | str | None], revoked: bool) -> None:
    """Two failed years in a row, or a report that made the evaluation impossible."""
    years = [
        Year(2026 + n, happened=frozenset({g})) if isinstance(g, str) else Year(2026 + n, g)  # type: ignore[arg-type]
        for n, g in enumerate(grades)
        if g is not None
    ]
    assert ("revoke" in {then for then, _article in proposed(ZHONGSHAN, *years)}) is revoked


@pytest.mark.parametrize(
    ("happened", "then"),
    [
        ("false_material", "revoke"),
        ("entity_ended", "revoke"),
        ("serious_breach", "revoke"),
        ("other", "revoke"),
        ("unfit", "restart"),
        ("changed", "consent"),
    ],
)
def test_what_else_zhongshans_text_provides_for(happened: str, then: str) -> None:
    """Each ground is on record for the year; the proposal names its article."""
    found = proposed(ZHONGSHAN, Year(2026, GOOD, happened=frozenset({happened})))  # type: ignore[arg-type]
    assert then in {action for action, _article in found}
    assert all(article.startswith("第") for _then, article in found)


def test_anhuis_rectification() -> None:
    """不合格 is followed by 整改; only after that by revocation (article 12)."""
    assert {then for then, _ in proposed(ANHUI, Year(2026, BAD))} == {"rectify"}
    again = Year(2026, BAD, after_rectification=True)
    assert {then for then, _ in proposed(ANHUI, again)} == {"revoke"}
    assert proposed(ANHUI, Year(2026, GOOD)) == []


def test_an_unjustified_absence_counts_as_failed() -> None:
    """无故不参加评估的，视为不合格: and so is followed by 整改."""
    absent = Year(2026, happened=frozenset({"absent_unjustified"}))
    assert {then for then, _ in proposed(ANHUI, absent)} == {"counts_as_failed", "rectify"}


def test_a_reason_is_given_in_words() -> None:
    """The proposal says which years it rests on."""
    rules = load_rubric(ROOT / "rubrics" / f"{ZHONGSHAN}.yaml").standing
    (found,) = proposals(rules, [Year(2027, BAD), Year(2026, BAD)])
    assert found.because.render() == "2026、2027 年度连续不合格"


def test_no_years_no_proposals() -> None:
    """An applicant that has just been recognised has no history."""
    assert proposed(ANHUI) == []


def test_a_year_twice_is_refused() -> None:
    """Two records of one year cannot both hold."""
    with pytest.raises(ValueError, match="同一年度有两条记录"):
        proposed(ANHUI, Year(2026, GOOD), Year(2026, BAD))
