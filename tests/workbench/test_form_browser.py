"""The score sheet in a real browser, served as experts meet it: Voilà, and JupyterLab."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from evalkit.base.tables import read_table
from evalkit.log.events import Entry
from evalkit.round import Round
from tests.support.builders import DEMO, ROOT, panel_data, rubric_data, write
from tests.support.served import PATIENCE, Server, free_port, running

EXPERT = "e3"

FIELDS = (
    *("major-projects", "core-technology", "talent-team", "dataset-quality", "data-sharing"),
    *("benchmark-solutions", "enterprise-service", "compute-service", "tools-models"),
    *("matchmaking", "collaboration", "training", "bonus.n1"),
)
SCORES = ("4.5", "8.5", "4", "8", "9", "12", "13", "6", "7", "4", "4", "5", "2.5")
"""The thirteen items of the first applicant, and points for each."""


def cells(server: Server, applicant: str) -> dict[str, str]:
    """Points of the expert in the log by item."""
    return server.cells(EXPERT, applicant, FIELDS)


@pytest.fixture(name="server", scope="module")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``evalkit sheet``, for one round after the other in one folder."""
    folder = tmp_path_factory.mktemp("served") / "round"
    Round.create(folder, DEMO / "panel.yaml").log.close()
    command = [sys.executable, "-m", "evalkit", "sheet", str(folder), "--expert", EXPERT]
    options = ["--port", free_port(), "--no-browser"]
    with running([*command, *options], folder, r"http://\S+token=\S+") as started:
        yield started


@pytest.fixture(name="voila")
def _voila(server: Server, tmp_path: Path) -> Server:
    """The server on a fresh round of the demo."""
    server.fresh(DEMO / "panel.yaml", tmp_path / "round")
    return server


@pytest.fixture(name="page")
def _page(browser: Browser) -> Iterator[Page]:
    """A window of a common size, which notes what is requested and sent."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.requested = []  # type: ignore[attr-defined]
    page.saves = []  # type: ignore[attr-defined]
    page.on("request", lambda r: page.requested.append(r.url))  # type: ignore[attr-defined]
    page.on("websocket", lambda socket: socket.on("framesent", lambda f: note(page, f)))
    yield page
    context.close()


def note(page: Any, frame: str | bytes) -> None:
    """Keep the save messages that the page sends."""
    data = frame if isinstance(frame, bytes) else frame.encode()
    if b'"type":"save"' in data.replace(b" ", b""):
        page.saves.append(data)


def ready(page: Page) -> None:
    """Wait for the form."""
    page.locator("section.evalkit-sheet input[data-indicator]").first.wait_for()


def field(page: Page, name: str) -> Any:
    """The points of an item."""
    return page.locator(f'input[data-indicator="{name}"]')


def row(page: Page, name: str) -> Any:
    """The row of an item."""
    return page.locator(".ek-row", has=field(page, name))


def type_scores(page: Page) -> int:
    """Enter all scores from the first field on, by keyboard alone; returns the keystrokes."""
    field(page, FIELDS[0]).focus()
    keys = 0
    for points in SCORES:
        for key in (*points, "Enter"):
            page.keyboard.press(key)
            keys += 1
    return keys


def all_saved(page: Page) -> None:
    """Wait until the page says that every item of the applicant is stored."""
    for name in FIELDS:
        expect(row(page, name)).to_have_attribute("data-state", "saved", timeout=PATIENCE)


def violations(page: Page, context: str | None = None) -> list[str]:
    """What axe finds on the page, or inside ``context``."""
    return [v["id"] for v in Axe().run(page, context).response["violations"]]


def picture(page: Page, name: str) -> None:
    """Keep a picture where EVALKIT_PICTURES names a folder."""
    if folder := os.environ.get("EVALKIT_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_thirteen_scores_by_keyboard_and_all_is_there_after_reload(
    voila: Server, page: Page
) -> None:
    """At most 41 keys and no mouse; one message each; the reload shows what the log holds."""
    page.goto(voila.url)
    ready(page)
    assert violations(page) == []
    assert type_scores(page) <= 41
    all_saved(page)
    assert cells(voila, "c01") == dict(zip(FIELDS, SCORES, strict=True))
    assert len(page.saves) == len(FIELDS)  # type: ignore[attr-defined]
    expect(page.locator(".ek-total")).to_contain_text("87.5")  # 85 + 2.5
    picture(page, "form-filled")
    assert violations(page) == []

    page.reload()
    ready(page)
    for name, points in zip(FIELDS, SCORES, strict=True):
        expect(field(page, name)).to_have_value(points)
    assert page.evaluate("Object.keys(localStorage).filter(k => k.includes('c01')).length") == 0
    hosts = {urlsplit(url).hostname for url in page.requested}  # type: ignore[attr-defined]
    assert hosts - {None} == {"127.0.0.1"}
    assert page.locator(".jp-InputArea:visible, .CodeMirror, .cm-editor").count() == 0


BAD = {
    "major-projects": "99",
    "core-technology": "4.3",
    "talent-team": "-2",
    "dataset-quality": "abc",
    "data-sharing": "1e1",
    "bonus.n1": "1.5",
}
GOOD = {"enterprise-service": ("8。5", "8.5"), "tools-models": ("７．５", "7.5")}


def test_bad_input_is_flagged_and_never_stored(voila: Server, page: Page) -> None:
    """What is no score stays on screen with its reason; full-width digits are digits."""
    page.goto(voila.url)
    ready(page)
    for name, typed in {**BAD, **{n: t for n, (t, _) in GOOD.items()}}.items():
        field(page, name).fill(typed)
        field(page, name).press("Enter")
    for name in GOOD:
        expect(row(page, name)).to_have_attribute("data-state", "saved")
    for name, typed in BAD.items():
        expect(field(page, name)).to_have_attribute("aria-invalid", "true")
        expect(field(page, name)).to_have_value(typed)
        expect(row(page, name).locator(".ek-problem")).not_to_be_empty()
    assert cells(voila, "c01") == {name: stored for name, (_, stored) in GOOD.items()}
    assert violations(page) == []
    picture(page, "form-invalid")
    page.locator(".ek-submit").click()
    expect(page.locator(".ek-panel")).to_contain_text("还不能提交")
    picture(page, "form-not-yet")


OWN_SCALES = {
    # what is typed, and why it is no score (None: it is one)
    "i1": [("101", "不能超过 100 分"), ("90", None)],
    "i2": [("-5.5", "须在 -5 至 5 之间"), ("-0", None), ("-3", None)],
    "i4": [("6.5", "不能超过 6 分"), ("-1", "不能小于 0"), ("5.5", None)],
}


@pytest.fixture(name="scales")
def _scales(server: Server, tmp_path: Path) -> Server:
    """A round with marks out of 100, grades from -5 to 5, a measured and a mixed indicator."""
    rubric = rubric_data([5, 1, 10, 10])
    marks, grades, measured, mixed = rubric["dimensions"][0]["indicators"]
    marks["scored"] = {"min": "0", "max": "100", "factor": "0.05"}
    grades |= {"points": "6.5", "scored": {"min": "-5", "max": "5", "factor": "1.3"}}
    measured["kind"], mixed["kind"] = "quantitative", "mixed"
    rubric["points"] = rubric["dimensions"][0]["points"] = "31.5"
    ratio = {"method": "target_ratio", "better": "higher", "target": "30"}
    indicators = {"i3": ratio, "i4": {**ratio, "points": "4"}}
    rules = {"measures": {"missing": "refuse", "indicators": indicators}}
    server.fresh(write(tmp_path, rubric, panel_data(3, ["c01", "c02"], rules)), tmp_path / "round")
    return server


def test_scales_of_their_own(scales: Server, page: Page) -> None:
    """Marks out of 100 and grades below 0 are scores; what is measured is not asked for.

    The total is in points: 90 · 0.05 − 3 · 1.3 + 5.5 = 6.1; of a mixed indicator worth 10 the
    experts give 6, and 5 + 6.5 + 6 = 17.5 is the most.
    """
    page.goto(scales.url)
    ready(page)
    assert page.locator("input[data-indicator]").count() == 3
    assert field(page, "i3").count() == 0
    assert [row(page, n).locator(".ek-max").inner_text() for n in ("i1", "i2", "i4")] == [
        "/ 100\n× 0.05",
        "-5 … 5\n× 1.3",
        "/ 6",
    ]
    for name, typed in OWN_SCALES.items():
        for text, problem in typed:
            field(page, name).fill(text)
            field(page, name).press("Enter")
            if problem:
                expect(row(page, name).locator(".ek-problem")).to_have_text(problem)
            else:
                expect(row(page, name)).to_have_attribute("data-state", "saved", timeout=PATIENCE)
    expect(page.locator(".ek-total")).to_have_text("合计 6.1 分")
    expect(page.locator(".ek-group-sum")).to_have_text("6.1 / 17.5 分")
    assert violations(page) == []
    picture(page, "form-scales")
    with Round.open(scales.folder) as workspace:
        history = workspace.history()
        cells = [history.cell(EXPERT, "c01", name) for name in OWN_SCALES]
    assert [c and c.payload["points"] for c in cells] == ["90", "-3", "5.5"]


def test_a_comment_with_markup_is_text(voila: Server, page: Page) -> None:
    """Markup in a comment is stored and shown as what was typed."""
    page.goto(voila.url)
    ready(page)
    comment = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    box = page.locator('textarea[data-comment="major-projects"]')
    field(page, "major-projects").fill("4")
    field(page, "major-projects").press("Tab")
    box.fill(comment)
    box.press("Tab")
    expect(page.locator(".ek-saved")).to_have_text("全部已保存")
    page.reload()
    ready(page)
    expect(box).to_have_value(comment)
    assert page.locator("img[src=x]").count() == 0
    assert page.title() not in {"1", "2"}


def test_submitting_and_declaring_no_score(voila: Server, page: Page) -> None:
    """A reason instead of a score; the question before submitting; then nothing can be changed."""
    page.goto(voila.url)
    ready(page)
    type_scores(page)
    all_saved(page)
    training = row(page, "training")
    for _ in range(2):  # pressed and pressed again: the score is as it was
        training.locator(".ek-toggle").first.click()
    expect(field(page, "training")).to_have_value("5")
    assert cells(voila, "c01")["training"] == "5"
    training.locator(".ek-toggle").first.click()
    reason = page.locator('textarea[data-comment="training"]')
    reason.fill("材料缺页")
    reason.press("Tab")
    expect(training).to_have_attribute("data-state", "saved")
    assert cells(voila, "c01")["training"] == "unscored"
    page.locator(".ek-submit").click()
    picture(page, "form-submit")
    page.locator(".ek-confirm").click()
    expect(page.locator('button[data-applicant="c01"]')).to_have_attribute("data-kind", "submitted")
    expect(field(page, "major-projects")).not_to_be_editable()
    with Round.open(voila.folder) as workspace:
        assert workspace.history().submitted(EXPERT, "c01")
    picture(page, "form-submitted")
    assert violations(page) == []
    page.locator('button[data-applicant="c16"]').click()
    expect(page.locator(".ek-body")).to_contain_text("示例大学丙")
    assert violations(page) == []


def test_a_dead_kernel_is_noticed_and_nothing_is_lost(voila: Server, page: Page) -> None:
    """The page opens itself again, with what was typed, and stores it."""
    page.goto(voila.url)
    ready(page)
    (kernel,) = voila.kernels()
    os.kill(kernel, signal.SIGKILL)
    field(page, "major-projects").fill("4.5")
    field(page, "major-projects").press("Enter")
    expect(row(page, "major-projects")).to_have_attribute("data-state", "saved", timeout=PATIENCE)
    assert cells(voila, "c01") == {"major-projects": "4.5"}


def test_a_lock_reaches_the_open_form(voila: Server, page: Page) -> None:
    """What is typed after the lock is refused, said so, and not stored."""
    with Round.open(voila.folder) as workspace:
        workspace.import_scores(read_table(DEMO / "scores.csv"))
        secretary = workspace.panel.secretary.id
        workspace.append(Entry(secretary, "back", "reopen", "c01", EXPERT, {"text": "漏看附件"}))
        page.goto(voila.url)
        ready(page)
        expect(field(page, "major-projects")).to_be_editable()
        workspace.append(Entry(EXPERT, "again", "submit", "c01"))
        workspace.lock()
    field(page, "major-projects").fill("4")
    field(page, "major-projects").press("Enter")
    expect(page.locator(".ek-notice")).to_contain_text("锁定")
    assert cells(voila, "c01")["major-projects"] == "4.5"
    page.reload()
    ready(page)
    expect(field(page, "major-projects")).not_to_be_editable()
    assert violations(page) == []
    picture(page, "form-locked")


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


def test_nobody_comes_in_without_the_token(voila: Server, page: Page) -> None:
    """Neither pages, nor kernels, nor their websockets answer a stranger."""
    page.goto(voila.url)
    ready(page)
    identity = page.evaluate("document.body.innerHTML.match(/kernelId.{0,5}?([0-9a-f-]{36})/)?.[1]")
    address = urlsplit(voila.url)
    for path, headers in (
        ("/", {}),
        ("/voila/render/score_sheet.ipynb", {}),
        ("/api/kernels", {}),
        (f"/api/kernels/{identity}/channels", UPGRADE),
    ):
        stranger = HTTPConnection(str(address.hostname), address.port, timeout=60)
        stranger.request("GET", path, headers=headers)
        answer = stranger.getresponse()
        assert answer.status in {302, 403, 404}, path
        assert answer.status != 302 or "login" in str(answer.headers["Location"])
        assert b"kernelId" not in answer.read()
        stranger.close()


def test_the_form_in_jupyterlab(
    tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same notebook in JupyterLab; after a restart of the kernel all is there."""
    folder = tmp_path / "round"
    Round.create(folder, DEMO / "panel.yaml").log.close()
    notebook = json.loads((ROOT / "notebooks" / "score_sheet.ipynb").read_text("utf-8"))
    given = f'workspace, expert, language = "{folder}", "{EXPERT}", "zh"\n'
    notebook["cells"][1]["source"] = [given]
    (folder / "sheet.ipynb").write_text(json.dumps(notebook), "utf-8")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    options = [f"--port={free_port()}", "--ServerApp.token=t", "--ip=127.0.0.1"]
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("JUPYTERLAB_WORKSPACES_DIR", str(tmp_path / "workspaces"))
    with running([*command, *options], folder, r"http://127\.0\.0\.1:\d+/lab") as lab:
        page.goto(f"{lab.url}/tree/sheet.ipynb?token=t")
        run_all(page)
        type_scores(page)
        all_saved(page)
        assert cells(lab, "c01") == dict(zip(FIELDS, SCORES, strict=True))
        assert violations(page, "section.evalkit-sheet") == []
        picture(page, "form-lab")
        page.reload()
        run_all(page)
        for name, points in zip(FIELDS, SCORES, strict=True):
            expect(field(page, name)).to_have_value(points)


def run_all(page: Page) -> None:
    """Restart the kernel and run all cells, through JupyterLab's menu.

    The command does nothing, without a word, as long as the notebook has no kernel. The status bar
    tells of the kernel itself; the notebook's own indicator is idle before there is one.
    """
    page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for()
    page.locator("#jp-main-statusbar").get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells…").click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    ready(page)
