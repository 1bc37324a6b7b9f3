"""Produced pages in a real browser: nothing is fetched, nothing runs, everybody can read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from evalkit.reports import produce
from tests.support import builders, plans
from tests.support.accessibility import violations
from tests.support.views import advised, reported

REPORTS = [
    *("c03", "c11", "c11-trial", "c11-internal", "c03-public"),
    *("summary", "progress", "fgw", "draft"),
]
PAGES = {"progress": 9, "draft": 9, "summary": 11, "c11-internal": 9}
"""How many printed pages a report may have; the others six."""


@pytest.fixture(scope="module")
def produced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A winner, one with a conflict (also as a trial), the summary, plans and a unit."""
    out = tmp_path_factory.mktemp("reports")
    rubric, panel, facts = builders.demo()
    results = evaluate(rubric, panel, facts)
    produce.produce_report(reported(results), "c03", out)
    produce.produce_report(reported(evaluate(rubric, panel, facts, trial=True)), "c11", out)
    (out / "c11.html").rename(out / "c11-trial.html")
    for id, level in (("c11", "internal"), ("c03", "public")):
        page = produce.produce_report(reported(results), id, out / level, level=level)
        page.rename(out / f"{id}-{level}.html")
    produce.produce_report(reported(results), "c11", out)
    produce.produce_summary(advised(results), out)
    produce.produce_progress(plans.progress(plans.INDUSTRY, "2026-01-10"), out)
    (out / "progress.html").rename(out / "draft.html")
    produce.produce_progress(plans.progress(plans.PLUS, "2026-06-30"), out)
    produce.produce_progress(plans.progress(plans.PLUS, "2026-06-30"), out, "fgw")
    return out


class Shown(NamedTuple):
    """A report in a browser, and what it had asked for and complained of when it was loaded."""

    page: Page
    name: str
    asked: list[str]
    said: list[str]


@pytest.fixture(name="shown", scope="module", params=REPORTS)
def _shown(request: pytest.FixtureRequest, browser: Browser, produced: Path) -> Iterator[Shown]:
    """Opened once for all looks at it, which leave it as it is."""
    page = browser.new_page(viewport={"width": 1366, "height": 800})
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((produced / f"{request.param}.html").as_uri())
    page.wait_for_load_state("networkidle")
    yield Shown(page, request.param, [*asked], [*said])
    page.close()


def test_a_page_asks_for_nothing_and_runs_nothing(shown: Shown, produced: Path) -> None:
    """One request, for the file itself; no script; no complaint, of the policy least of all."""
    assert shown.asked == [(produced / f"{shown.name}.html").as_uri()]
    assert shown.said == []
    assert shown.page.locator("script").count() == 0
    # the style sheet was let through: headings are set in the serif stack
    heading = shown.page.locator("h2").first
    assert "Serif" in heading.evaluate("e => getComputedStyle(e).fontFamily")


@pytest.mark.parametrize("width", [1366, 390])
def test_a_page_is_accessible(shown: Shown, width: int) -> None:
    """Axe finds nothing: names, contrast, order of headings, landmarks, tables. Wide tables scroll
    inside themselves, the page never sideways.
    """
    shown.page.set_viewport_size({"width": width, "height": 800})
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(shown.page) == []


def pages(pdf: Path) -> list[tuple[int, int]]:
    """Width and height of every page in points."""
    boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", pdf.read_bytes())
    return [(round(float(w)), round(float(h))) for w, h in boxes]


def test_printing(shown: Shown, tmp_path: Path) -> None:
    """A4 throughout, few pages; only wide tables of the summary lie across. Everything that belongs
    to an indicator asks to stay on one page.
    """
    file = tmp_path / "page.pdf"
    shown.page.pdf(path=file, prefer_css_page_size=True)
    sizes = pages(file)
    upright, across = (595, 842), (842, 595)
    assert set(sizes) == ({upright, across} if shown.name == "summary" else {upright})
    assert sizes[0] == sizes[-1] == upright
    assert len(sizes) <= PAGES.get(shown.name, 6)
    if shown.name == "c03":
        shown.page.emulate_media(media="print")
        kept = shown.page.locator("article, tr, figure").evaluate_all(
            "all => all.map(e => getComputedStyle(e).breakInside)"
        )
        shown.page.emulate_media(media="screen")
        assert len(kept) > 20
        assert set(kept) == {"avoid"}


def crowded(folder: Path, dimensions: int) -> Results:
    """Groups with places, bonus, a deduction, and as many dimensions of one indicator each."""
    names = ["技术创新能力", "场景应用成效", "人才队伍建设", "组织保障机制"] * 2
    rubric = builders.rubric_data([10] * dimensions, bonus=True)
    indicators = rubric["dimensions"][0]["indicators"]
    rubric["dimensions"] = [
        {"id": f"d{n}", "number": f"{n}.", "name": name, "points": "10", "indicators": [one]}
        for n, (name, one) in enumerate(zip(names, indicators, strict=False), 1)
    ]
    rubric["deductions"] = [{"id": "x1", "name": "迟交材料扣分", "points": "5", "guidance": "迟交"}]
    rubric["silences"] = [{"rule": "selection", "article": "通知"}]
    rules = {
        "bonus": {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"},
        "deductions": {"floor": "zero"},
        "ranking": "by_group",
        "selection": {"places": {"东部组": 1, "西部组": 1}, "tie_at_cut": "none"},
    }
    applicants = [
        {
            "id": id,
            "name": "郑州市智慧医疗人工智能赋能中心",
            "lead": "中原科技大学人工智能研究院有限公司",
            "group": group,
        }
        for id, group in (("a", "东部组"), ("b", "东部组"), ("c", "西部组"))
    ]
    loaded, panel = builders.load(folder, rubric, builders.panel_data(2, applicants, rules))
    scores = {id: [[p] * dimensions] * 2 for id, p in (("a", 8), ("b", 7), ("c", 9))}
    return evaluate(loaded, panel, from_frame(builders.table(scores), loaded, panel))


LINES = """all => all.map(cell => {
  const words = document.createRange(); words.selectNodeContents(cell)
  return new Set([...words.getClientRects()].map(line => Math.round(line.top))).size
})"""
"""How many lines the words of each cell take."""


@pytest.mark.parametrize(("dimensions", "sideways"), [(4, False), (8, True)])
def test_a_ranking_of_many_columns_is_legible(
    browser: Browser, tmp_path: Path, dimensions: int, sideways: bool
) -> None:
    """On a screen of 900 pixels, a telephone and paper: short words on a line, the total bold."""
    file = produce.produce_summary(advised(crowded(tmp_path, dimensions)), tmp_path / "out")
    page = browser.new_page()
    page.goto(file.as_uri())
    region = page.locator(".scroll").first
    paper = 994 if sideways else 665
    for width, media in ((900, "screen"), (390, "screen"), (paper, "print")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(media=media)
        short = region.locator("tbody :is(td:nth-child(-n + 3), td.n, td:last-child)")
        assert set(short.evaluate_all(LINES)) <= {0, 1}
        assert max(region.locator("tbody td:nth-child(5)").evaluate_all(LINES)) <= 4
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    total = region.locator("tbody td:nth-last-child(2)")
    weights = total.evaluate_all("all => all.map(e => getComputedStyle(e).fontWeight)")
    assert set(weights) == {"700"}
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    region.evaluate("e => { e.scrollLeft = e.scrollWidth }")
    last = region.locator("tbody td:last-child").first.bounding_box()
    assert last is not None
    assert last["x"] + last["width"] <= 390
    page.emulate_media(media="print")
    kind = page.locator("section").first.evaluate("e => getComputedStyle(e).page")
    assert kind == ("sheet" if sideways else "auto")
    page.close()
