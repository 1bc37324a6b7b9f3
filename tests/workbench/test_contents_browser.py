"""What the form shows and takes beyond scores, in a real browser."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from evalkit.base.tables import read_table
from evalkit.log.receipts import SheetReceipt
from evalkit.round import Round
from tests.support.accessibility import violations
from tests.support.builders import ROOT
from tests.support.served import PATIENCE, Server, free_port, running

PANEL = ROOT / "panels" / "anhui-application-demo"
KEEP = """
  const make = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (blob) => make((window.made = blob));
"""
"""The page may fetch no blob; what it shows is read where it is made."""

EXPERT, OWN, DONE = "e3", "a1", "a2"


@pytest.fixture(name="server", scope="module")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``evalkit sheet`` on a round with measured values, in which three sheets are submitted."""
    folder = tmp_path_factory.mktemp("contents") / "round"
    scores = read_table(PANEL / "scores.csv")
    with Round.create(folder, PANEL / "panel.yaml") as workspace:
        workspace.import_scores(scores[scores["expert"].isin(["measured", "gate"])])
        own = scores[scores["expert"] == EXPERT]
        workspace.import_scores(own[own["applicant"].isin([DONE, "a3", "a4"])])
    command = [sys.executable, "-m", "evalkit", "sheet", str(folder), "--expert", EXPERT]
    options = ["--port", free_port(), "--no-browser"]
    with running([*command, *options], folder, r"http://\S+token=\S+") as started:
        yield started


@pytest.fixture(name="page", scope="module")
def _page(browser: Browser, server: Server) -> Iterator[Page]:
    """The form, which every test begins by opening an applicant."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(KEEP)
    page.goto(server.url)
    yield page
    context.close()


def opened(page: Page, applicant: str) -> None:
    """Open an applicant's sheet, and wait for what is read beside it."""
    page.locator(f'.ek-applicant[data-applicant="{applicant}"]').click()
    expect(page.locator(".ek-measures")).to_be_visible(timeout=PATIENCE)


def test_statements_and_material_stand_beside_their_fields(page: Page) -> None:
    """The PDF opens at its page, to the byte; closing it goes back to where it was asked for."""
    opened(page, OWN)
    expect(page.locator(".ek-whole")).to_contain_text("281 家")
    row = page.locator(".ek-row", has=page.locator('input[data-indicator="compute-access"]'))
    expect(row.locator(".ek-beside")).to_contain_text("补贴以县财政文件为准")
    link = row.locator(".ek-file")
    link.focus()
    page.keyboard.press("Enter")
    frame = page.locator(".ek-material iframe")
    frame.wait_for()
    address = frame.get_attribute("src") or ""
    assert re.fullmatch(r"blob:http://.*#page=2", address)
    got = page.evaluate(
        """async () => {
             const bytes = await window.made.arrayBuffer();
             const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
             return [...hash].map((b) => b.toString(16).padStart(2, "0")).join("");
           }"""
    )
    assert got == hashlib.sha256((PANEL / "material" / "a1.pdf").read_bytes()).hexdigest()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".ek-material")).to_have_count(0)
    expect(link).to_be_focused()


def test_values_are_confirmed_or_disputed_with_a_reason(page: Page, server: Server) -> None:
    """The points that follow stand beside; a dispute without a reason is not stored."""
    opened(page, OWN)
    value = page.locator(".ek-value", has_text="规模以上制造业企业数量")
    expect(value).to_contain_text("测量值 281 个")
    expect(value).to_contain_text("得 3.81 / 4 分")
    value.get_by_role("button", name="无异议").click()
    expect(value.locator(".ek-stand-said")).to_have_text("已保存")
    other = page.locator(".ek-value", has_text="规模以上制造业企业营收")
    other.get_by_role("button", name="有异议").click()
    page.keyboard.press("Tab")
    expect(other.locator(".ek-problem")).to_have_text("请写明理由")
    assert violations(page) == []
    other.locator("textarea").fill("年报写 1102.9")
    page.keyboard.press("Tab")
    expect(other.locator(".ek-state")).to_have_text("已保存")
    with Round.open(server.folder) as workspace:
        spoken = workspace.history().spoken
        ids = ("manufacturers-above-scale", "manufacturing-revenue")
        stands = [spoken.stand(EXPERT, OWN, id) for id in ids]
        assert [s and dict(s.event.payload) for s in stands] == [
            {"stand": "confirmed", "text": ""},
            {"stand": "disputed", "text": "年报写 1102.9"},
        ]


def test_remarks_and_a_message_reach_the_log(page: Page, server: Server) -> None:
    """And are there after the page was loaded again."""
    opened(page, OWN)
    page.get_by_label("评审意见").fill("基础较好")
    page.keyboard.press("Tab")
    expect(page.locator(".ek-remark .ek-state").first).to_have_text("已保存")
    page.locator(".ek-message textarea").fill("请补第二季度报表")
    page.locator(".ek-send").click()
    expect(page.locator(".ek-message .ek-note")).to_contain_text("评审秘书可以看到了")
    expect(page.locator(".ek-message textarea")).to_have_value("")
    page.reload()
    opened(page, OWN)
    expect(page.get_by_label("评审意见")).to_have_value("基础较好")
    assert violations(page) == []
    with Round.open(server.folder) as workspace:
        assert workspace.remarks()[OWN] == {"opinion": {EXPERT: "基础较好"}}
        assert [(m.expert, m.text) for m in workspace.messages()] == [(EXPERT, "请补第二季度报表")]


def names(page: Page) -> list[str]:
    """The applicants of the overview as they stand."""
    return page.locator(".ek-matrix tbody th").all_inner_texts()


def test_own_scores_stand_side_by_side(page: Page) -> None:
    """Sorted by any column, none first and last; a cell leads to its field, by keyboard too."""
    opened(page, OWN)
    page.locator('[data-view="overview"]').click()
    listed = names(page)
    page.get_by_role("button", name="按“合计”排序").click()
    assert names(page)[:3] == ["示例县丙", "示例县乙", "示例县丁"]  # 22, 21.6, 18.6
    page.get_by_role("button", name="按“合计”排序").click()
    assert names(page)[:3] == ["示例县丁", "示例县乙", "示例县丙"]
    expect(page.locator('th[aria-sort="ascending"]')).to_have_count(1)
    page.get_by_role("button", name="按“合计”排序").click()
    assert names(page) == listed
    expect(page.locator(".ek-matrix tfoot tr").first).to_contain_text("20.7")
    page.locator('[data-view="sheet"]').click()
    page.locator('[data-view="overview"]').click()
    expect(page.locator(".ek-matrix tfoot tr").first).to_contain_text("20.7")
    assert violations(page) == []
    page.locator(".ek-open").nth(1).focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    field = page.locator('input[data-indicator="industrial-datasets"]')
    expect(field).to_be_focused()
    expect(page.locator(".ek-who")).to_have_text("示例县乙")


def test_a_receipt_is_shown_and_the_sheet_taken_back(page: Page, server: Server) -> None:
    """What is shown is what the log holds; afterwards the sheet is open again."""
    opened(page, DONE)
    line = page.locator(".ek-receipt-line").inner_text()
    with Round.open(server.folder) as workspace:
        event = workspace.history().submission(EXPERT, DONE)
        assert event is not None
        assert SheetReceipt.read(line) == SheetReceipt.of(event, workspace.log.id)
    expect(page.locator(".ek-receipt")).to_contain_text(SheetReceipt.read(line).code)
    assert violations(page) == []
    page.locator(".ek-withdraw").click()
    page.keyboard.type("漏看附件")
    page.locator(".ek-withdraw-yes").click()
    expect(page.locator(".ek-receipt")).to_be_hidden()
    expect(page.locator('input[data-indicator="compute-access"]')).to_be_editable()
    with Round.open(server.folder) as workspace:
        last = workspace.history().heads[EXPERT]
        assert (last.kind, last.applicant, last.payload["text"]) == ("withdraw", DONE, "漏看附件")
