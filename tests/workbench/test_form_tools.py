"""What the form offers besides its fields: pasting, undo, finding, looks, paper."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from evalkit.base.tables import read_table
from evalkit.round import Round
from tests.support.accessibility import violations
from tests.support.builders import DEMO
from tests.support.score_sheets import (
    cells,
    field,
    picture,
    printed,
    ready,
    row,
    squeezed,
    type_scores,
)
from tests.support.served import Server

PASTED = "得分\n4.5\n8,5\n99\n\n9"
"""A heading, two scores, a wrong one, an empty cell, a score."""

ENTERED = {"major-projects": "4.5", "core-technology": "8.5", "data-sharing": "9"}

SMALL = """() => [...document.querySelector('.evalkit-sheet')
    .querySelectorAll('button, input, textarea, select')]
    .filter(node => node.checkVisibility({visibilityProperty: true}))
    .map(node => [node.closest('label') ?? node, node])
    .filter(([box]) => box.offsetWidth < 24 || box.offsetHeight < 24)
    .map(([, node]) => node.outerHTML.slice(0, 90))"""
"""Controls that are hard to hit."""


def form(server: Server, page: Page) -> None:
    """Open the form of a fresh round."""
    page.goto(server.url)
    ready(page)


def paste(page: Page) -> None:
    """Paste what is on the clipboard, as people do."""
    page.keyboard.press("Control+V")


def test_a_pasted_column_is_looked_at_and_can_be_undone(voila: Server, page: Page) -> None:
    """It goes down the fields, nothing before it was looked at; back and forth; and out again."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form(voila, page)
    page.evaluate("text => navigator.clipboard.writeText(text)", PASTED)
    field(page, "major-projects").focus()
    paste(page)
    seen = page.locator("dialog[data-dialog=paste]")
    expect(seen.locator("tbody tr")).to_have_count(4)
    expect(seen.locator(".ek-wrong")).to_contain_text("1.3 创新人才团队")
    expect(seen.locator(".ek-wrong")).to_contain_text("不能超过 5 分")
    expect(seen.locator("tbody tr").nth(1)).to_contain_text("8.5 （原文 8,5）")
    assert violations(page) == []
    picture(page, "form-paste")
    assert cells(voila, "c01") == {}
    page.keyboard.press("Enter")
    expect(page.locator(".ek-toast")).to_have_text("写入了 3 项，可以撤销")
    expect(page.locator(".ek-saved")).to_have_text("全部已保存")
    assert cells(voila, "c01") == ENTERED
    page.keyboard.press("Control+Z")
    expect(row(page, "data-sharing").locator(".ek-state")).to_have_text("已清空")
    assert cells(voila, "c01") == dict.fromkeys(ENTERED, "clear")
    page.keyboard.press("Control+Y")
    expect(field(page, "data-sharing")).to_have_value("9")
    expect(row(page, "data-sharing")).to_have_attribute("data-state", "saved")
    assert cells(voila, "c01") == ENTERED

    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="复制本表分数").click()
    expect(page.locator(".ek-toast")).to_contain_text("已复制 13 项")
    page.keyboard.press("Alt+PageDown")
    expect(page.locator(".ek-who")).to_have_text("示例智慧教育赋能中心")
    field(page, "training").focus()  # names find their items from anywhere
    paste(page)
    expect(seen.locator("tbody tr")).to_have_count(3)
    page.keyboard.press("Enter")
    expect(page.locator(".ek-saved")).to_have_text("全部已保存")
    assert cells(voila, "c02") == ENTERED


def find_and_mark(page: Page) -> None:
    """By keyboard: words and states find items; the next empty one is a key away."""
    page.keyboard.type("4.5")
    page.keyboard.press("Alt+m")
    star = row(page, "major-projects").locator(".ek-star")
    expect(star).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Alt+n")
    expect(field(page, "core-technology")).to_be_focused()
    page.keyboard.press("Alt+f")
    page.keyboard.type("算力")
    expect(page.locator(".ek-row:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(field(page, "compute-service")).to_be_focused()
    page.locator(".ek-find .ek-search").fill("")
    page.get_by_label("只看哪些评分项").select_option("要回头再看的")
    expect(page.locator(".ek-row:visible")).to_have_count(1)
    expect(field(page, "major-projects")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".ek-find")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("dialog[data-dialog=help]")).to_contain_text("不进评分记录")
    assert violations(page) == []
    page.keyboard.press("Escape")


def choose_looks(page: Page) -> None:
    """Size, contrast and language; from here on the page is English."""
    page.get_by_role("button", name="显示").click()
    for words in ("特大（长者）", "高", "English"):
        page.get_by_label(words, exact=True).check()
    expect(page.get_by_role("heading", name="Display")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")


def test_marks_and_looks_are_chosen_and_kept(voila: Server, page: Page) -> None:
    """They stay in the browser, and so does what is no score: all is there after a reload."""
    page.emulate_media(color_scheme="dark")
    form(voila, page)
    sheet, wrong = page.locator("section.evalkit-sheet"), row(page, "training")
    find_and_mark(page)
    expect(sheet).to_have_attribute("data-theme", "dark")  # as the system
    field(page, "training").fill("99")
    page.keyboard.press("Enter")
    expect(wrong.locator(".ek-problem").first).to_be_visible()
    assert violations(page) == []
    picture(page, "form-dark")
    choose_looks(page)
    page.emulate_media(color_scheme="light")
    page.reload()
    ready(page)
    expect(page.get_by_role("button", name="Submit", exact=False)).to_be_visible()
    for name, value in {"size": "largest", "contrast": "high", "theme": "light"}.items():
        expect(sheet).to_have_attribute(f"data-{name}", value)
    expect(wrong.locator(".ek-problem").first).to_be_visible()  # typed, not lost
    assert violations(page) == []
    picture(page, "form-elder")
    page.get_by_role("button", name="Display").click()
    for words in ("Normal", "Dark"):
        page.get_by_label(words, exact=True).first.check()
    page.keyboard.press("Escape")
    assert violations(page) == []  # dark and high contrast
    search = page.get_by_role("searchbox", name="Find an applicant")
    search.fill("教育")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".ek-who")).to_have_text("示例智慧教育赋能中心")
    search.fill("")
    page.get_by_label("Which applicants to show").select_option("With items to look at again")
    found = page.locator(".ek-applicant:visible")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("示例智慧医疗赋能中心")
    assert cells(voila, "c01") == {"major-projects": "4.5"}


VIEWPORTS = {"200": (683, 384), "tablet": (820, 1180), "phone": (390, 844)}


def test_what_is_in_view_on_every_screen(voila: Server, page: Page) -> None:
    """At 200 % several items with the heading of their group; on a phone the total comes first."""
    form(voila, page)
    type_scores(page)
    for name, (width, height) in VIEWPORTS.items():
        page.set_viewport_size({"width": width, "height": height})
        for item in ("major-projects", "data-sharing"):
            field(page, item).focus()
        picture(page, f"form-{name}")
        for part in (".ek-total", ".ek-saved", ".ek-submit"):
            expect(page.locator(part)).to_be_in_viewport(ratio=1)
        assert page.evaluate(SMALL) == []
        overflow = "document.documentElement.scrollWidth - innerWidth"
        assert page.evaluate(overflow) <= 0
        seen = page.evaluate(
            """() => {
                const body = document.querySelector('.ek-body').getBoundingClientRect();
                const whole = node => {
                    const box = node.getBoundingClientRect();
                    return box.top >= body.top - 1 && box.bottom <= body.bottom + 1;
                };
                const group = document.activeElement.closest('.ek-group');
                const items = [...document.querySelectorAll('.ek-score')].filter(whole).length;
                return [items, whole(group.querySelector('.ek-group-head'))];
            }"""
        )
        items, heading = seen
        assert items > 1, name
        assert heading, name
        assert violations(page) == []
    boxes = [page.locator(part).bounding_box() for part in (".ek-total", ".ek-submit")]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]


def test_sheets_are_printed_whole_and_the_computer_cleared(
    voila: Server, page: Page, tmp_path: Path
) -> None:
    """Every row, score and comment, to be signed; all sheets at once; then nothing stays behind."""
    with Round.open(voila.folder) as workspace:
        workspace.import_scores(read_table(DEMO / "scores.csv"))
        rubric = workspace.rubric
    form(voila, page)
    page.get_by_role("button", name="回头再看：1.1 承担重大项目").click()
    text = printed(page, tmp_path / "one.pdf")
    assert len(text) == 1
    for words in ("专家丙", "已提交", "86.5", "佐证充分，在行业内有示范作用。", "专家签名"):
        assert squeezed(words) in text[0]
    for indicator in rubric.indicators:
        assert squeezed(f"{indicator.number}{indicator.name}") in text[0]
    page.evaluate("window.print = () => {}")  # no printer here; the page is laid out all the same
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="打印我的全部评分表").click()
    everything = "".join(printed(page, tmp_path / "all.pdf"))
    assert everything.count("专家签名") == 23  # of 24 applicants, one is in conflict
    assert page.locator(".ek-paper").count() == 0

    page.get_by_role("button", name="清除这台电脑上的暂存").click()  # offered when all is submitted
    assert violations(page) == []
    page.get_by_role("button", name="清除", exact=True).click()
    expect(page.locator(".ek-banner")).to_contain_text("可以关闭本页")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('evalkit'))") == []
