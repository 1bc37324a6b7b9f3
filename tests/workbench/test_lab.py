"""``evalkit lab``: JupyterLab in Chinese, a card for each notebook, nothing from outside."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from evalkit.base import resources
from evalkit.round import Round
from evalkit.workbench import lab_session, panel_board
from tests.support.builders import DEMO, ROOT
from tests.support.served import PATIENCE, free_port, running


def test_notebooks_are_placed_once(tmp_path: Path) -> None:
    """What somebody changed there stays; there is a card for every notebook of evalkit."""
    made = lab_session.place_notebooks(tmp_path)
    shipped = sorted(file.name for file in (ROOT / "notebooks").glob("*.ipynb"))
    assert sorted(file.name for file in made) == shipped
    made[0].write_text("mine", "utf-8")
    made[1].unlink()
    assert lab_session.place_notebooks(tmp_path) == [made[1]]
    assert made[0].read_text("utf-8") == "mine"
    source = resources.path("notebooks", made[1].name)
    assert made[1].read_bytes() == source.read_bytes()


def test_the_settings_of_a_session(tmp_path: Path) -> None:
    """Language, no news, and the cards, in the language asked for."""
    for language, locale, title in (("zh", "zh_CN", "评审进度板"), ("en", "en", "Board")):
        lab_session.settings(tmp_path, language)
        given = json.loads((tmp_path / "overrides.json").read_text("utf-8"))
        assert given["@jupyterlab/translation-extension:plugin"] == {"locale": locale}
        assert given["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
        told = json.loads((tmp_path / "page_config.json").read_text("utf-8"))["evalkitCards"]
        cards = json.loads(told)["cards"]
        assert len(cards) == len(lab_session.CARDS)
        assert any(title in card["title"] for card in cards)


def test_the_board_is_that_of_the_round_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the lab hands it over; the sheet stays one to practise on."""
    Round.create(tmp_path / "round", DEMO / "panel.yaml").log.close()
    monkeypatch.setenv("EVALKIT_ROUND", str(tmp_path / "round"))
    assert panel_board().round.folder == tmp_path / "round"


def test_a_card_opens_its_notebook(tmp_path: Path, browser: Browser) -> None:
    """In Chinese, and no request leaves this machine."""
    folder = tmp_path / "round"
    Round.create(folder, DEMO / "panel.yaml").log.close()
    command = [sys.executable, "-m", "evalkit", "lab", str(folder), "--no-browser"]
    options = ["--port", free_port()]
    with running([*command, *options], folder, r"http://127\S+token=\S+") as server:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(PATIENCE)
        hosts = set[str | None]()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.goto(server.url)
        cards = page.locator('.jp-LauncherCard[data-category="评审"]')
        expect(cards).to_have_count(len(lab_session.CARDS), timeout=PATIENCE)
        page.get_by_text("文件", exact=True).first.wait_for()  # the menu is in Chinese
        cards.filter(has_text="评审进度板").click()
        page.locator(".jp-Notebook h1", has_text="评审进度板").wait_for()
        assert hosts == {"127.0.0.1"}
        page.close()
