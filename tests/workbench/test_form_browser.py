"""The score sheet in a real browser, served as experts meet it: Voilà, and JupyterLab."""

from __future__ import annotations

import os
import signal
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from evalkit.base.tables import read_table
from evalkit.log.events import Entry
from evalkit.round import Round
from tests.support.accessibility import violations
from tests.support.builders import DEMO, panel_data, rubric_data, write
from tests.support.labs import run_all, sheet_in_lab
from tests.support.score_sheets import (
    EXPERT,
    FIELDS,
    SCORES,
    all_saved,
    cells,
    field,
    picture,
    printed,
    ready,
    row,
    type_scores,
)
from tests.support.served import PATIENCE, Server
from tests.support.visits import Visit

COMMENT = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


def test_thirteen_scores_by_keyboard_and_all_is_there_after_reload(
    voila: Server, page: Page
) -> None:
    """At most 41 keys and no mouse; one message each; the reload shows what the log holds.

    Markup in a comment is stored and shown as what was typed.
    """
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

    box = page.locator('textarea[data-comment="major-projects"]')
    box.fill(COMMENT)
    box.press("Tab")
    expect(page.locator(".ek-saved")).to_have_text("全部已保存")
    page.reload()
    ready(page)
    for name, points in zip(FIELDS, SCORES, strict=True):
        expect(field(page, name)).to_have_value(points)
    expect(box).to_have_value(COMMENT)
    assert page.locator("img[src=x]").count() == 0
    assert page.title() not in {"1", "2"}
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
GOOD = {
    "enterprise-service": ("8。5", "8.5"),
    "tools-models": ("７．５", "7.5"),
    "benchmark-solutions": ("8,5", "8.5"),
    "matchmaking": ("+4", "4"),
}


def kill_the_kernel(voila: Server, page: Page) -> None:
    """The page notices, opens itself again, and stores what was waiting."""
    (kernel,) = voila.kernels()
    os.kill(kernel, signal.SIGKILL)
    field(page, "major-projects").fill("4.5")
    field(page, "major-projects").press("Enter")
    expect(row(page, "major-projects")).to_have_attribute("data-state", "saved", timeout=PATIENCE)
    expect(page.locator(".ek-banner")).to_be_hidden()


def test_bad_input_is_flagged_and_never_stored(voila: Server, page: Page) -> None:
    """What is no score stays on screen with its reason; a comma, a plus, full width are understood.

    How, stands there before it is stored, and so does what a field takes. A kernel that dies loses
    nothing of it.
    """
    page.goto(voila.url)
    ready(page)
    bonus = row(page, "bonus.n1")
    expect(bonus.locator(".ek-max")).to_have_text("0, 2–3")
    expect(bonus.locator(".ek-step")).to_have_text("步长 0.5")
    field(page, "matchmaking").fill("3,5")
    expect(row(page, "matchmaking").locator(".ek-state")).to_have_text("将记为 3.5")
    assert cells(voila, "c01") == {}
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
    kill_the_kernel(voila, page)
    stored = {name: points for name, (_, points) in GOOD.items()} | {"major-projects": "4.5"}
    assert cells(voila, "c01") == stored
    for name, typed in BAD.items():
        expect(field(page, name)).to_have_value(stored.get(name, typed))
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
    """A round with marks out of 100, grades from -5 to 5, a measured and a mixed indicator.

    The first two stand two levels below the dimension that holds the others itself.
    """
    rubric = rubric_data([5, 1, 10, 10])
    outer = rubric["dimensions"][0]
    marks, grades, measured, mixed = outer["indicators"]
    inmost = {"id": "d11", "number": "(1)", "name": "细项", "indicators": [marks, grades]}
    outer["dimensions"] = [
        {"id": "d1a", "number": "（一）", "name": "分项", "dimensions": [inmost]}
    ]
    outer["indicators"] = [measured, mixed]
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
                expect(row(page, name).locator(":scope > .ek-problem")).to_have_text(problem)
            else:
                expect(row(page, name)).to_have_attribute("data-state", "saved", timeout=PATIENCE)
    expect(page.locator(".ek-total")).to_have_text("合计 6.1 分")
    sums = page.locator(".ek-scores .ek-group-sum:visible")
    expect(sums).to_have_text(["6.1 / 17.5 分", "0.6 / 11.5 分", "0.6 / 11.5 分"])
    headings = page.locator(".ek-scores .ek-group-name")
    expect(headings).to_have_text(
        ["维度", "1. 维度 › 分项", "1. 维度 › （一） 分项 › 细项", "1. 维度 › 其他"]
    )
    levels = headings.evaluate_all("nodes => nodes.map(node => node.tagName)")
    assert levels == ["H2", "H3", "H4", "H3"]
    assert violations(page) == []
    picture(page, "form-scales")
    with Round.open(scales.folder) as workspace:
        history = workspace.history()
        cells = [history.cell(EXPERT, "c01", name) for name in OWN_SCALES]
    assert [c and c.payload["points"] for c in cells] == ["90", "-3", "5.5"]


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


def test_a_lock_reaches_the_open_form(voila: Server, page: Page) -> None:
    """What is typed after the lock is not stored; what is stored is shown, and counts."""
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
    expect(field(page, "major-projects")).to_have_value("4.5")
    expect(field(page, "major-projects")).not_to_be_editable()
    expect(page.locator(".ek-total")).to_have_text(f"合计 {TOTAL} 分")
    expect(row(page, "major-projects").locator(".ek-problem")).to_contain_text("“4”没有保存")
    page.get_by_role("button", name="知道了").click()
    expect(row(page, "major-projects").locator(".ek-problem")).to_be_hidden()
    page.reload()
    ready(page)
    expect(field(page, "major-projects")).not_to_be_editable()
    assert violations(page) == []
    picture(page, "form-locked")


TOTAL = "86.5"
"""What the expert gave the first applicant in the table of the demo."""

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


def test_nobody_comes_in_without_the_token(voila: Server) -> None:
    """Neither pages, nor kernels, nor their websockets answer a stranger."""
    address = urlsplit(voila.url)
    known = Visit(voila.url)
    known.post("/login", token=address.fragment.removeprefix("token="))
    identity = known.open()
    assert len(voila.kernels()) == 1
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


def test_the_form_in_jupyterlab(tmp_path: Path, page: Page) -> None:
    """The same notebook in JupyterLab; after a restart of the kernel all is there."""
    folder = tmp_path / "round"
    Round.create(folder, DEMO / "panel.yaml").log.close()
    with sheet_in_lab(folder, str(folder), EXPERT, tmp_path, page) as lab:
        run_all(page)
        ready(page)
        type_scores(page)
        all_saved(page)
        assert cells(lab, "c01") == dict(zip(FIELDS, SCORES, strict=True))
        assert violations(page, "section.evalkit-sheet") == []
        picture(page, "form-lab")
        (paper,) = printed(page, tmp_path / "lab.pdf")
        assert "专家签名" in paper
        assert "87.5" in paper
        page.reload()
        run_all(page)
        ready(page)
        for name, points in zip(FIELDS, SCORES, strict=True):
            expect(field(page, name)).to_have_value(points)
