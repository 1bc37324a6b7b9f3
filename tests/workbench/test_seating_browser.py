"""An expert commits and asks to be kept apart in the form, in a real browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from evalkit.record.commitment import given
from evalkit.round import Round
from tests.support.accessibility import violations
from tests.support.builders import panel_data, rubric_data, write
from tests.support.served import PATIENCE, Server, free_port, running

PROMISE = {"text": "本人承诺对评审情况保密；有利害关系的主动回避。", "before": "scoring"}


@pytest.fixture(name="server", scope="module")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``evalkit sheet`` for e1 on a round that asks for a commitment before scoring."""
    folder = tmp_path_factory.mktemp("seating")
    data = panel_data(2, ["A", "B"], {"commitment": PROMISE})
    Round.create(folder / "round", write(folder, rubric_data((10, 5)), data)).__exit__()
    command = [sys.executable, "-m", "evalkit", "sheet", str(folder / "round"), "--expert", "e1"]
    options = ["--port", free_port(), "--no-browser"]
    with running([*command, *options], folder / "round", r"http://\S+token=\S+") as started:
        yield started


def test_an_expert_commits_and_leaves_an_applicant(browser: Browser, server: Server) -> None:
    """Scoring is refused before, taken after; an own conflict closes the sheet with its reason."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(server.url)
    promise = page.locator(".ek-commitment")
    expect(promise).to_contain_text(PROMISE["text"], timeout=PATIENCE)
    assert violations(page) == []
    page.get_by_role("button", name="我已阅读，作出承诺").press("Enter")
    expect(promise).to_be_hidden()
    with Round.open(server.folder) as workspace:
        event = given(workspace.panel, workspace.history().acts, "e1")
        assert (event.author, event.payload["given"]) == ("e1", "form")
    page.get_by_role("button", name="申请回避").click()
    page.get_by_placeholder("请写明是什么关系").fill("亲属在该单位任职")
    assert violations(page) == []
    page.get_by_role("button", name="申请回避", exact=True).click()
    expect(page.locator(".evalkit-sheet")).to_contain_text("亲属在该单位任职")
    with Round.open(server.folder) as workspace:
        assert str(workspace.panel.recused["A", "e1"]) == "亲属在该单位任职"
        assert workspace.panel.may_score("B", "e1")
    context.close()
