"""A JupyterHub with a round in PostgreSQL: experts and a secretary, each on an own account.

Hub, proxy, database and browser are real; the settings are the documented ones, but for how people
log in and how their servers are started, see `tests.support.hubs`.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from evalkit.record import accounts
from evalkit.round import Round
from tests.support import hubs, walls
from tests.support.accessibility import violations
from tests.support.command import evalkit
from tests.support.hubs import Hub
from tests.support.labs import run_all, sheet_in_lab
from tests.support.postgres import Cluster
from tests.support.served import PATIENCE, free_port, running

pytestmark = pytest.mark.processes

PANEL, DATABASE = "at-hub", "passwords"
FORM = "section.evalkit-sheet"


@dataclass
class World:
    """A Hub, the round behind it by an address without an account, and everybody's account."""

    hub: Hub
    round: str
    users: dict[str, tuple[str, str]]

    def page(self, person: str, path: str = "") -> str:
        """The address of a page of somebody's server."""
        return f"{self.hub.url}user/{person}/{path}"

    def address(self, person: str) -> str:
        """The round as ``person`` opens it without the Hub."""
        return self.round.replace("postgresql://", f"postgresql://{':'.join(self.users[person])}@")


@pytest.fixture(name="world", scope="module")
def _world(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    hubs.require()
    folder = tmp_path_factory.mktemp("hub")
    file, passwords = walls.declared(folder / "files", id=PANEL), folder / "账户.csv"
    with postgres.database(DATABASE) as name:
        url = postgres.url(name, panel=PANEL)
        Round.create(url, file).log.close()
        try:
            made = evalkit("panel", "accounts", "make", url, "--to", passwords)
            assert made.returncode == 0, made.stderr
            rows = [*csv.reader(passwords.read_text("utf-8").splitlines())][1:]
            users = {person: (role, password) for person, _part, role, password in rows}
            address = f"postgresql:///{name}?host={postgres.socket}&panel={PANEL}"
            with hubs.running(folder, address, passwords) as hub:
                yield World(hub, address, users)
        finally:
            accounts.drop(url)


Opener = Callable[[str], Page]


@pytest.fixture(name="log_in")
def _log_in(world: World, browser: Browser) -> Iterator[Opener]:
    """Logs somebody in at the Hub, in a browser of their own; it brings them to their server."""
    made: list[BrowserContext] = []

    def opened(person: str) -> Page:
        made.append(browser.new_context(viewport={"width": 1366, "height": 768}))
        page = made[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(world.hub.url)
        page.locator("#username_input").fill(person)
        page.locator("#password_input").fill(hubs.PASSWORD)
        page.locator("#login_submit").click()
        return page

    yield opened
    for context in made:
        context.close()


def ready(page: Page) -> None:
    """Wait for the form."""
    page.locator(f"{FORM} input[data-indicator]").first.wait_for()


def enter(page: Page, name: str, points: str) -> None:
    """Type points for an item, until the page says that they are stored."""
    field = page.locator(f'input[data-indicator="{name}"]')
    field.fill(points)
    field.press("Enter")
    row = page.locator(".ek-row", has=field)
    expect(row).to_have_attribute("data-state", "saved", timeout=PATIENCE)


def picture(page: Page, name: str) -> None:
    """Keep a picture where EVALKIT_PICTURES names a folder."""
    if folder := os.environ.get("EVALKIT_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def assert_one_account_only(world: World) -> None:
    """The server of e2 knows that of its person; its kernel knows nothing of the Hub."""
    found = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                found[process.name] = (process / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
    role, password = world.users["e2"]
    of_e2 = [env for env in found.values() if f"PGPASSWORD={password}".encode() in env]
    kernels = [env for env in of_e2 if b"EVALKIT_PERSON=e2" in env]
    assert len(kernels) >= 1
    assert len(of_e2) > len(kernels)
    others = [word.encode() for who, two in world.users.items() if who != "e2" for word in two]
    for env in of_e2:
        assert f"PGUSER={role}".encode() in env
        assert not [word for word in others if word in b"\0".join(env)]
    for env in kernels:
        assert not [line for line in env if line.startswith(b"JUPYTERHUB_")]


def test_everybody_works_on_their_own_account(
    world: World, log_in: Opener, postgres: Cluster
) -> None:
    """Two experts score, each stored by their own account, the only one that their server knows;
    the secretary sees how far they are.
    """
    given = {"e2": "7.5", "e3": "4"}
    for person, points in given.items():
        page = log_in(person)
        picture(page, "hub-opening")
        ready(page)
        expect(page).to_have_title(f"评分表 · 专家{person[1]} · 评审")
        enter(page, "i1", points)
        picture(page, f"hub-{person}")
    assert violations(page) == []
    with postgres.connect(DATABASE) as db:
        query = "SELECT author, stored_by, payload::jsonb ->> 'points' FROM evalkit.event"
        rows = db.execute(f"{query} WHERE kind = 'score' ORDER BY author").fetchall()
    assert rows == [(person, world.users[person][0], given[person]) for person in given]
    assert_one_account_only(world)
    board = log_in("secretary")
    board.get_by_text("各专家的评分表").wait_for()
    expect(board).to_have_title("进度板 · 秘书示例 · 评审")
    expect(board.get_by_text("1/2", exact=True)).to_have_count(2)
    picture(board, "hub-board")
    assert violations(board) == []


WHOLE = """(form) => [...form.querySelectorAll("*")].map((part) => [
  part.tagName, part.className, part.dataset.indicator ?? "", part.getAttribute("aria-label") ?? "",
  part.childElementCount ? "" : part.textContent].join(" "))"""
"""Everything that a form consists of, in its order."""


def parts(page: Page) -> list[str]:
    """The form on a page, when nothing has the focus."""
    ready(page)
    page.evaluate("document.activeElement?.blur()")
    found: list[str] = page.locator(FORM).evaluate(WHOLE)
    return found


def test_the_form_is_the_same_wherever_it_is_opened(
    world: World, log_in: Opener, browser: Browser, tmp_path: Path
) -> None:
    """At the Hub, by Voilà on the own machine, and in JupyterLab: on the same account."""
    found = {"JupyterHub": parts(log_in("e3"))}
    own, context = world.address("e3"), browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    command = [sys.executable, "-m", "evalkit", "sheet", own, "--expert", "e3", "--no-browser"]
    with running([*command, "--port", free_port()], tmp_path, r"http://127\S+token=\S+") as server:
        page.goto(server.url)
        found["Voilà"] = parts(page)
    with sheet_in_lab(tmp_path, own, "e3", tmp_path, page):
        run_all(page)
        found["JupyterLab"] = parts(page)
    context.close()
    assert sum("INPUT" in part and "i1" in part for part in found["Voilà"]) == 1
    assert found["JupyterHub"] == found["Voilà"]
    assert found["JupyterHub"] == found["JupyterLab"]


def kernel(page: Page) -> str:
    """The id of the kernel behind a page."""
    found: str = page.evaluate(
        "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"
    )
    return found


def cookies(page: Page, **changed: str) -> str:
    """What the browser of a page keeps for the Hub and its servers, as a header."""
    kept = {c["name"]: c["value"] for c in page.context.cookies()} | changed
    return "; ".join(f"{name}={value}" for name, value in kept.items())


def connects(world: World, person: str, id: str, header: str) -> bool:
    """Whether a websocket to a kernel of ``person`` opens."""
    url = world.page(person, f"api/kernels/{id}/channels").replace("http", "ws", 1)
    try:
        with connect(
            url,
            additional_headers={"Cookie": header},
            origin=world.hub.url.rstrip("/"),
            subprotocols=["v1.kernel.websocket.jupyter.org"],
        ):
            return True
    except (WebSocketException, OSError):
        return False


def token_of(world: World, person: str) -> str:
    """A token that the Hub takes for the server of ``person``, as they or its administrator may
    make one.
    """
    scopes = {"scopes": [f"access:servers!user={person}"]}
    return str(world.hub.ask("POST", f"users/{person}/tokens", scopes)["token"])


def test_nobody_opens_the_server_of_somebody_else(world: World, log_in: Opener) -> None:
    """Neither by the Hub nor by its own address; not with another's cookie, not with a token."""
    mine, other = log_in("e2"), log_in("e3")
    ready(mine)
    ready(other)
    beside = mine.context.new_page()
    assert beside.goto(world.page("e3")).status == 403  # type: ignore[union-attr]
    assert "evalkit" not in beside.content()
    cookie = {c["name"]: c["value"] for c in mine.context.cookies()}["jupyterhub-user-e2"]
    token = token_of(world, "e3")
    nobody = log_in("nobody").context.request
    tries = {
        "nothing": {},
        "the cookie of another server": {"Cookie": f"jupyterhub-user-e3={cookie}"},
        "a token for a cookie": {"Cookie": f"jupyterhub-user-e3={token}"},
        "a token of e3 in a header": {"Authorization": f"token {token}"},
        "the Hub's own token": {"Authorization": f"token {hubs.TOKEN}"},
        "a name in a header": {"X-Forwarded-User": "e3", "Remote-User": "e3"},
    }
    for name, headers in tries.items():
        for path in ("sheet", f"api/kernels/{kernel(other)}", f"sheet?token={token}"):
            answer = nobody.get(world.page("e3", path), headers=headers, max_redirects=0)
            assert answer.status in {302, 403}, (name, path)
            where = answer.headers.get("location", "/hub/")
            assert where.startswith("/hub/"), (name, path)
        status = nobody.get(world.page("e3", "status"), headers=headers)
        assert (status.status, status.json()["login"]) == (401, False), name
    own = cookies(other)
    assert connects(world, "e3", kernel(other), own)
    assert not connects(world, "e2", kernel(mine), own)
    assert not connects(world, "e3", kernel(other), cookies(mine))
    forged = cookies(mine, **{"jupyterhub-user-e3": cookie})
    assert not connects(world, "e3", kernel(other), forged)


def test_whom_the_hub_lets_in_is_not_let_in(world: World, log_in: Opener) -> None:
    """Not those who may open everybody's server, as administrators may: they would score."""
    world.hub.start("e3")
    page = log_in("head")
    authorized(page, world.page("e3"))
    expect(page.locator("main")).to_contain_text("这一页不是给您的")
    expect(page.get_by_role("link", name="回到首页")).to_have_attribute("href", "/")
    picture(page, "hub-forbidden")
    for path in ("", "sheet"):
        answer = page.goto(world.page("e3", path))
        assert answer is not None
        assert (answer.status, answer.url) == (403, world.page("e3", path))
    assert "jupyterhub-user-e3" in cookies(page)  # the Hub's token is there; it helps nothing


def authorized(page: Page, url: str) -> None:
    """Open somebody else's server; the Hub asks before it tells that one who comes."""
    page.goto(url)
    ask = page.get_by_role("button", name="Authorize")
    if ask.count():
        ask.click()
        page.wait_for_url(f"{url}**")


@pytest.mark.soak
def test_without_the_defences_they_are_let_in(world: World, log_in: Opener) -> None:
    """The server of e1 knows no owner and takes tokens: the two attacks come through."""
    ready(log_in("e1"))
    page = log_in("head")
    authorized(page, world.page("e1"))
    ready(page)
    header = {"Authorization": f"token {token_of(world, 'e1')}"}
    page.context.clear_cookies()
    answer = page.context.request.get(world.page("e1", "status"), headers=header)
    assert answer.json()["login"] is True


@pytest.mark.parametrize(("account", "code"), [("e3", 2), ("e2", 0)])
def test_an_account_is_not_handed_to_somebody_else(
    postgres: Cluster, walled: str, monkeypatch: pytest.MonkeyPatch, account: str, code: int
) -> None:
    """By settings that mix them up, or an address with an account in it: there is no server."""
    hubs.require()
    told = {"USER": "e2", "API_TOKEN": "t", "API_URL": "http://127.0.0.1:9/", "CLIENT_ID": "c"}
    told |= {"SERVICE_PREFIX": "/user/e2/", "SERVICE_URL": f"http://127.0.0.1:{free_port()}/"}
    for name, value in told.items():
        monkeypatch.setenv(f"JUPYTERHUB_{name}", value)
    served: list[object] = []
    monkeypatch.setattr("evalkit.serving.server.run", lambda order, _said: served.append(order))
    run = evalkit("serve", postgres.url(walled, walls.role(account), "round"), "--hub")
    assert (run.returncode, len(served)) == (code, 1 if code == 0 else 0)
    assert ("交来的数据库账户却是 e3（专家3）的" in run.stderr) == (code == 2)


def test_who_has_no_account_gets_no_server(world: World) -> None:
    """However the Hub knows them."""
    assert world.hub.status("POST", "users/nobody/server") == 500
    assert world.hub.ask("GET", "users/nobody")["servers"] == {}


def end_login(world: World, page: Page) -> None:
    """By the Hub: an open page says so, what is asked for is refused, and the way back is by the
    Hub.
    """
    for token in world.hub.ask("GET", "users/e2/tokens")["api_tokens"]:
        if token["session_id"]:  # of a browser; one may go with another
            world.hub.status("DELETE", f"users/e2/tokens/{token['id']}")
    bar = page.get_by_role("alert")
    expect(bar).to_contain_text("登录已经失效", timeout=PATIENCE)
    picture(page, "hub-login-lost")
    answer = page.request.get(world.page("e2", "sheet"), max_redirects=0)
    assert (answer.status, answer.headers["location"].split("?")[0]) == (
        302,
        "/hub/api/oauth2/authorize",
    )
    assert page.request.get(world.page("e2", "status")).status == 401
    page.get_by_role("button", name="重新登录").click()
    ready(page)


def stop_server(world: World, page: Page) -> None:
    """The page finds out by itself and is opened again; what was typed meanwhile is stored."""
    world.hub.ask("DELETE", "users/e2/server")
    page.locator('input[data-indicator="i2"]').fill("2.5")
    page.locator('input[data-indicator="i2"]').press("Enter")
    row = page.locator('.ek-row:has(input[data-indicator="i2"])')
    expect(row).to_have_attribute("data-state", "saved", timeout=PATIENCE)
    assert world.hub.ask("GET", "users/e2")["servers"][""]["ready"]


def test_what_the_hub_ends_is_over_here_and_comes_back(world: World, log_in: Opener) -> None:
    """The login, and the server itself."""
    page = log_in("e2")
    ready(page)
    end_login(world, page)
    stop_server(world, page)


def test_logging_out_is_logging_out_of_the_hub(world: World, log_in: Opener) -> None:
    """And of every page of this browser."""
    page = log_in("e3")
    ready(page)
    page.get_by_role("link", name="退出登录").click()
    page.wait_for_url("**/hub/**")
    page.goto(world.page("e3"))
    page.locator("#username_input").wait_for()
