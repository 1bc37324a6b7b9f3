"""The summary of many applicants: long tables are there whole, and folded."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from bs4 import BeautifulSoup

from evalkit.disclosure import Views
from evalkit.evaluation import evaluate
from evalkit.pages import page, summary
from tests.support.builders import many
from tests.support.pages_read import assert_inert


@cache
def view(n: int, language: str = "zh") -> dict[str, Any]:
    """The panel's summary of ``n`` applicants."""
    return Views(evaluate(*many(n), trial=True)).panel(language)


@pytest.mark.parametrize("section", [summary.ranking, summary.table])
@pytest.mark.parametrize(("n", "folded"), [(page.LONG, 0), (page.LONG + 1, 3), (650, 6)])
def test_every_applicant_stands_on_the_page_once(section: Any, n: int, folded: int) -> None:
    """In the same order as without folds, each part under a head of its own and a line that says
    which rows it has.
    """
    html = section(view(n)).html
    assert_inert(html)
    read = BeautifulSoup(html, "html.parser")
    names = [th.text for th in read.select("tbody th[scope=row]")]
    assert names == [a["name"] for a in view(n)["applicants"]]
    parts = read.select("details.fold")
    assert len(parts) == folded == len(read.find_all("thead")) - 1
    assert not read.select("details[open]")
    for k, part in enumerate(parts, 1):
        rows = len(part.select("tbody tr"))
        first, last = k * page.OPEN + 1, k * page.OPEN + rows
        assert part.summary is not None
        assert part.summary.text == f"第 {first} 至 {last} 行，共 {n} 行"
    if folded:
        assert len(read.find_all("tbody")[0].find_all("tr")) == page.OPEN


def test_folds_in_english() -> None:
    """The line of a fold in the other language."""
    assert "Rows 101 to 200 of 301" in summary.ranking(view(page.LONG + 1, "en")).html
