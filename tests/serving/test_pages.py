"""The served pages in a real browser: logging in, two experts at once, what is lost and found."""

from __future__ import annotations

import json
import os
import signal
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from evalkit.round import Round
from evalkit.serving.invitations import Invitations
from tests.support.accessibility import violations
from tests.support.served import PATIENCE, Server
from tests.support.visits import Visit, World, asked, new_round, serving

ITEM, OTHER = "major-projects", "core-technology"
OF_FORM = "section.evalkit-sheet input[data-indicator]"


@pytest.fixture(name="world", scope="module")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("pages") / "round"
    codes = new_round(folder)
    with serving(folder) as server:
        yield World(server, codes, Visit(server.url), Visit(server.url))


Opener = Callable[[], Page]


@pytest.fixture(name="new_page")
def _new_page(browser: Browser) -> Iterator[Opener]:
    """Opens pages, each in a browser of its own, which notes what comes and goes."""
    made: list[BrowserContext] = []

    def opened() -> Page:
        made.append(browser.new_context(viewport={"width": 1366, "height": 768}))
        page: Any = made[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.got, page.requested, page.errors = [], [], []
        keep = page.got.append
        page.on("websocket", lambda s: s.on("framereceived", lambda f: keep(f)))  # noqa: PLW0108 (Playwright wants a function of Python)
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        return page

    yield opened
    for context in made:
        context.close()


def link(world: World, person: str) -> str:
    """The address on the invite sheet."""
    return f"{world.server.url}login#code={world.codes[person]}"


def ready(page: Page) -> None:
    """Wait for the form."""
    page.locator(OF_FORM).first.wait_for()


def field(page: Page, name: str = ITEM) -> Any:
    """The points of an item."""
    return page.locator(f'input[data-indicator="{name}"]')


def saved(page: Page, name: str = ITEM) -> None:
    """Wait until the page says that an item is stored."""
    row = page.locator(".ek-row", has=field(page, name))
    expect(row).to_have_attribute("data-state", "saved", timeout=PATIENCE)


def picture(page: Page, name: str) -> None:
    """Keep a picture where EVALKIT_PICTURES names a folder."""
    if folder := os.environ.get("EVALKIT_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_a_code_is_typed_and_the_sheet_opens(world: World, new_page: Opener) -> None:
    """By keyboard alone; what is wrong is said; nothing is fetched from elsewhere."""
    page = new_page()
    page.goto(world.server.url)
    expect(page).to_have_title("登录 · 2025年度省人工智能行业赋能中心评价（演示）")
    assert violations(page) == []
    picture(page, "login")
    page.keyboard.type("K7QM-9XTP-R3WD")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("这个邀请码不对")
    assert violations(page) == []
    picture(page, "login-wrong")
    page.keyboard.type(world.codes["e3"].lower().replace("-", " "))
    page.keyboard.press("Enter")
    ready(page)
    expect(page).to_have_title("评分表 · 专家丙 · 2025年度省人工智能行业赋能中心评价（演示）")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    picture(page, "sheet")
    assert violations(page) == []
    assert page.errors == []  # type: ignore[attr-defined]
    hosts = {urlsplit(url).hostname for url in page.requested}  # type: ignore[attr-defined]
    assert hosts - {None} == {"127.0.0.1"}
    page.get_by_role("link", name="退出登录").click()
    picture(page, "logout")
    assert violations(page) == []
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("邀请码")).to_be_visible()
    page.goto(world.server.url)
    expect(page.get_by_label("邀请码")).to_be_visible()


def test_english_is_chosen_and_stays(world: World, new_page: Opener) -> None:
    """From the login to the form."""
    page = new_page()
    page.goto(world.server.url)
    page.get_by_role("link", name="English").click()
    page.get_by_label("Invite code").fill(world.codes["e4"])
    page.keyboard.press("Enter")
    ready(page)
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(page).to_have_title("Score sheet · 专家丁 · 2025年度省人工智能行业赋能中心评价（演示）")
    expect(page.get_by_role("link", name="Log out")).to_be_visible()
    assert page.locator("section.evalkit-sheet").get_attribute("lang") == "en"


def test_two_experts_and_neither_sees_the_other(world: World, new_page: Opener) -> None:
    """What one enters is neither on the other's page nor among its messages."""
    first, second = (new_page() for _ in range(2))
    first.goto(link(world, "e1"))
    second.goto(link(world, "e2"))
    for page in (first, second):
        ready(page)
        assert "code" not in page.url
    field(first).fill("3.5")
    field(first).press("Enter")
    box = first.locator(f'textarea[data-comment="{ITEM}"]')
    box.fill("甲的评语不给别人看")
    box.press("Tab")
    expect(first.locator(".ek-saved")).to_have_text("全部已保存")
    field(second, OTHER).fill("8")
    field(second, OTHER).press("Enter")
    saved(second, OTHER)
    expect(field(second)).to_have_value("")
    assert "甲的评语" not in second.content()
    got = b"".join(f if isinstance(f, bytes) else f.encode() for f in second.got)  # type: ignore[attr-defined]
    assert len(got) > 1000
    for sign in ("甲的评语", "甲的评语".encode("unicode_escape").decode()):
        assert sign.encode() not in got
    first.get_by_role("link", name="进度板").click()  # e1 is the chair
    expect(first).to_have_title("进度板 · 专家甲 · 2025年度省人工智能行业赋能中心评价（演示）")


@pytest.mark.parametrize("reloads", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_a_second_window_takes_over(world: World, new_page: Opener, reloads: int) -> None:
    """One kernel a person, however often the page is opened; the older window says so."""
    page = new_page()
    page.goto(link(world, "e5"))
    ready(page)
    other = page.context.new_page()
    other.goto(world.server.url)
    ready(other)
    bar = page.locator(".ek-lost")
    expect(bar).to_contain_text("已经在另一个窗口打开")
    picture(page, "replaced")
    field(page).fill("4")
    field(page).press("Enter")
    bar.get_by_role("button", name="改在这里继续").click()
    ready(page)
    expect(field(page)).to_have_value("4")
    saved(page)  # sent again by the page that took over
    before = len(world.server.kernels())
    for _ in range(reloads):
        page.goto(world.server.url, wait_until="commit")
    ready(page)
    assert len(world.server.kernels()) <= before + 1
    expect(field(page)).to_have_value("4")


def test_a_kernel_that_died_is_replaced(world: World, new_page: Opener) -> None:
    """By the page itself: what was typed meanwhile is stored without a hand."""
    page = new_page()
    before = set(world.server.kernels())
    page.goto(link(world, "e6"))
    ready(page)
    (kernel,) = set(world.server.kernels()) - before
    os.kill(kernel, signal.SIGKILL)
    field(page).fill("4.5")
    field(page).press("Enter")
    saved(page)
    assert world.server.cells("e6", "c01", [ITEM]) == {ITEM: "4.5"}


@pytest.mark.processes
def test_what_a_kernel_carries(world: World) -> None:
    """No library of weight is in the process behind a form: each expert has one."""
    visit = world.visitor("e2")
    before = set(world.server.kernels())
    visit.open()
    (kernel,) = set(world.server.kernels()) - before
    mapped = Path(f"/proc/{kernel}/maps").read_text("utf-8")
    assert "pydantic_core" in mapped
    for library in ("numpy", "pandas", "scipy", "openpyxl", "pydevd", "matplotlib"):
        assert library not in mapped


@pytest.mark.processes
def test_a_round_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """In a sentence, also over HTTPS; the traceback is the server's."""
    folder = tmp_path / "round"
    codes = new_round(folder)
    with serving(folder, "--https") as server:
        visit = Visit(server.url)
        answer = visit.log_in(codes["e1"])
        cookies = answer.headers.get_all("Set-Cookie") or []
        assert any(c.startswith("__Host-evalkit-") and "Secure" in c for c in cookies)
        (folder / "log.sqlite").rename(folder / "moved.sqlite")
        page = visit.request("GET", "/").text
        assert "这一页没有打开" in page
        assert "Traceback" not in page
        assert "show_tracebacks" not in page
        (folder / "moved.sqlite").rename(folder / "log.sqlite")
        visit.open()
        with visit.channel(ssl=ssl._create_unverified_context()) as socket:
            assert asked(socket)


def test_a_login_that_ends_is_said(world: World, new_page: Opener) -> None:
    """A revoked invite closes the page's connection; a new one goes on where it was."""
    page = new_page()
    page.goto(link(world, "e7"))
    ready(page)
    with Invitations.open(world.folder) as invitations:
        (made,) = invitations.make(["e7"])
    expect(page.locator(".ek-lost")).to_contain_text("登录已经失效")
    picture(page, "login-lost")
    assert violations(page) == []
    field(page).fill("2")
    field(page).press("Enter")
    page.get_by_role("button", name="重新登录").click()
    page.get_by_label("邀请码").fill(made.code)
    page.keyboard.press("Enter")
    ready(page)
    saved(page)
    with Round.open(world.folder) as workspace:
        assert workspace.history().cell("e7", "c01", ITEM)


def end_while_asked(server: Server, visit: Visit) -> None:
    """End a server that is asked for a kernel meanwhile: it says nothing of its kernels' end. The
    page would else take that for a crash, load itself anew, and find nobody there.
    """
    kept = HTTPConnection(visit.host)
    headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in visit.cookies.items())}
    answers: list[str] = []

    def ask() -> None:
        kept.request("GET", f"/status?kernel={visit.kernel}", headers=headers)
        answer = kept.getresponse()
        body = answer.read()
        answers.append("ending" if answer.status == 503 else json.loads(body)["kernel"])

    ask()
    server.process.send_signal(signal.SIGTERM)
    with suppress(OSError, HTTPException):
        while True:
            ask()
    assert server.process.wait() == 0
    assert set(answers) <= {"live", "ending"}
    assert answers[0] == "live"


def test_the_server_comes_back_at_once_and_so_does_the_page(
    tmp_path: Path, new_page: Opener
) -> None:
    """Ended by SIGTERM with its kernels, started again by the same command: the login holds, and
    what was typed in between is stored.
    """
    folder = tmp_path / "round"
    codes = new_round(folder)
    page = new_page()
    with serving(folder) as server:
        world = World(server, codes, Visit(server.url), Visit(server.url))
        page.goto(link(world, "e1"))
        ready(page)
        visit = world.visitor("e2")
        visit.open()
        kernels = server.kernels()
        assert len(kernels) >= 2
        end_while_asked(server, visit)
        assert not [pid for pid in kernels if Path(f"/proc/{pid}").exists()]
    expect(page.locator(".ek-lost")).to_contain_text("连不上服务器")
    expect(page.get_by_role("button", name="现在重试")).to_be_visible()
    picture(page, "server-gone")
    field(page).fill("5")
    field(page).press("Enter")
    with serving(folder, "--port", str(urlsplit(server.url).port)) as again:
        saved(page)
        assert again.url == server.url
        assert again.cells("e1", "c01", [ITEM]) == {ITEM: "5"}
