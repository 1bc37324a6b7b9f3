"""What people could try against the served pages, each tried: none comes through.

An attack is a function that says whether it came through. The controls take a defence away and see
its attack come through: otherwise the table would prove nothing.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from tornado.web import create_signed_value
from websockets.exceptions import ConnectionClosed

from evalkit.log.events import Entry
from evalkit.round import Round
from evalkit.serving.access import FILE, PER_ADDRESS, PER_INVITE
from tests.support.visits import (
    SECRET,
    Answer,
    Visit,
    World,
    asked,
    connects,
    message,
    new_round,
    serving,
)

pytestmark = pytest.mark.processes

Attack = Callable[[World], bool]
ATTACKS: dict[str, Attack] = {}


def attack(name: str) -> Callable[[Attack], Attack]:
    """Put an attack on the table."""

    def add(function: Attack) -> Attack:
        ATTACKS[name] = function
        return function

    return add


@pytest.fixture(name="world", scope="module")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from attacked(tmp_path_factory.mktemp("attacked") / "round")


def attacked(folder: Path, code: str = "") -> Iterator[World]:
    """A served round in which e3 and e2 have opened their sheets."""
    codes = new_round(folder)
    with Round.open(folder) as workspace:
        payload = {"points": "4", "text": SECRET}
        workspace.append(Entry("e2", "first", "score", "c01", "major-projects", payload))
    with serving(folder, code=code) as server:
        world = World(server, codes, Visit(server.url), Visit(server.url))
        for person, visit in (("e3", world.a), ("e2", world.b)):
            assert visit.log_in(codes[person]).status == 303
            visit.open()
        yield world


def said(answer: Answer) -> bool:
    """Whether an answer holds what it must not: another's words, or what goes on inside."""
    words = (SECRET, "Traceback", "site-packages", "EVALKIT_", json.dumps(SECRET)[1:-1])
    return any(word in answer.text for word in words)


# -- requests: who asks, how, for what, and the answers that are refusals

NOBODY, EXPERT = "nobody", "e3"
REFUSED = {301, 302, 400, 401, 403, 404, 405, 411, 413, 431}

REQUESTS = {
    "a page without a login": (NOBODY, "GET", "/", {}),
    "a sheet without a login": (NOBODY, "GET", "/sheet", {}),
    "the board without a login": (NOBODY, "GET", "/board", {}),
    "the board as an expert": (EXPERT, "GET", "/board", {}),
    "the list of kernels": (EXPERT, "GET", "/api/kernels", {}),
    "starting a kernel": (EXPERT, "POST", "/api/kernels", {}),
    "a kernel's model without a login": (NOBODY, "GET", "/api/kernels/{a}", {}),
    "ending the own kernel": (EXPERT, "DELETE", "/api/kernels/{a}", {}),
    "another's kernel's model": (EXPERT, "GET", "/api/kernels/{b}", {}),
    "ending another's kernel": (EXPERT, "DELETE", "/api/kernels/{b}", {}),
    "interrupting another's kernel": (EXPERT, "POST", "/api/kernels/{b}/interrupt", {}),
    "restarting another's kernel": (EXPERT, "POST", "/api/kernels/{b}/restart", {}),
    "Voilà's end of a kernel": (EXPERT, "POST", "/voila/api/shutdown/{b}", {}),
    "contents": (EXPERT, "GET", "/api/contents", {}),
    "contents of Voilà": (EXPERT, "GET", "/voila/api/contents/", {}),
    "a notebook's source": (EXPERT, "GET", "/api/contents/score_sheet.ipynb", {}),
    "files": (EXPERT, "GET", "/files/score_sheet.ipynb", {}),
    "files of Voilà": (EXPERT, "GET", "/voila/files/score_sheet.ipynb", {}),
    "rendering any notebook": (EXPERT, "GET", "/voila/render/explore.ipynb", {}),
    "the tree": (EXPERT, "GET", "/voila/tree", {}),
    "a notebook by its name": (EXPERT, "GET", "/explore.ipynb", {}),
    "sessions": (EXPERT, "GET", "/api/sessions", {}),
    "terminals": (EXPERT, "POST", "/api/terminals", {}),
    "kernelspecs": (EXPERT, "GET", "/api/kernelspecs", {}),
    "settings": (EXPERT, "GET", "/lab/api/settings", {}),
    "JupyterLab": (EXPERT, "GET", "/lab", {}),
    "metrics": (EXPERT, "GET", "/metrics", {}),
    "the log beside": (EXPERT, "GET", "/log.sqlite", {}),
    "a path upwards": (EXPERT, "GET", "/voila/static/../../../../../../etc/passwd", {}),
    "a path upwards, encoded": (EXPERT, "GET", f"/voila/static/{'%2e%2e%2f' * 12}etc/passwd", {}),
    "an absolute path": (EXPERT, "GET", "/voila/static//etc/passwd", {}),
    "a path with NUL": (EXPERT, "GET", "/voila/static/voila.js%00.png", {}),
    "a template upwards": (EXPERT, "GET", "/voila/templates/../static/x", {}),
    "a template's source": (EXPERT, "GET", "/voila/templates/lab/static/../index.html.j2", {}),
    "an extension upwards": (EXPERT, "GET", "/voila/labextensions/anywidget/../../../x", {}),
    "another extension": (EXPERT, "GET", "/voila/labextensions/jupyterlab_pygments/x", {}),
    "themes upwards": (EXPERT, "GET", "/voila/api/themes/../../../../pyvenv.cfg", {}),
    "another method": (EXPERT, "PUT", "/", {}),
    "a method of one's own": (EXPERT, "TRACE", "/", {}),
    "overriding the method": (EXPERT, "POST", "/sheet", {"X-HTTP-Method-Override": "GET"}),
    "logging in without the form": (NOBODY, "POST", "/login", {}),
    "logging out from elsewhere": (EXPERT, "POST", "/logout", {"Origin": "http://evil.example"}),
    "another host's name": (EXPERT, "GET", "/", {"Host": "evil.example"}),
    "a token in the address": (NOBODY, "GET", "/?token=x", {}),
    "a token in a header": (NOBODY, "GET", "/", {"Authorization": "token x"}),
    "a name in a header": (NOBODY, "GET", "/", {"X-Forwarded-User": "e3", "Remote-User": "e3"}),
    "an endless address": (NOBODY, "GET", f"/login?next={'x' * 70_000}", {}),
}
"""Who, method, path, headers."""


@pytest.mark.parametrize("name", REQUESTS)
def test_requests(world: World, name: str) -> None:
    """Refused, with nothing in the answer but a sentence."""
    who, method, path, headers = REQUESTS[name]
    visit = Visit(world.server.url, dict(world.a.cookies) if who == EXPERT else {})
    path = path.format(a=world.a.kernel, b=world.b.kernel)
    try:
        answer = visit.request(method, path, headers=headers)
    except ConnectionError:
        return  # hung up
    assert answer.status in REFUSED, answer.text[:300]
    assert not said(answer)
    assert "kernelId" not in answer.text
    if answer.status in {301, 302}:
        assert answer.headers["Location"].startswith("/login")


# -- cookies


def gets_in(world: World, name: str, value: str) -> bool:
    """Whether a cookie opens a page or the websocket."""
    visit = Visit(world.server.url, {name: value})
    answer = visit.request("GET", "/status")
    return answer.status == 200 or connects(visit, world.b.kernel)


def cookie(visit: Visit) -> tuple[str, str]:
    """Name and value of the login."""
    return next((k, v) for k, v in visit.cookies.items() if k.startswith("evalkit-"))


@attack("a made-up cookie")
def _made_up(world: World) -> bool:
    name, _value = cookie(world.a)
    return any(
        gets_in(world, name, v) for v in ("e2", "1", "true", '{"username": "e2"}', "x" * 5000)
    )


@attack("a cookie signed with another key")
def _forged(world: World) -> bool:
    name, _value = cookie(world.a)
    forged = create_signed_value(b"another key", name, "e2").decode()
    return gets_in(world, name, forged)


@attack("a cookie of which a letter was changed")
def _changed(world: World) -> bool:
    name, value = cookie(world.a)
    head, _, signature = value.rpartition("|")
    fields = head.split("|")
    fields[4] = fields[4].replace(fields[4].partition(":")[2], base64.b64encode(b"e2").decode())
    return gets_in(world, name, "|".join([*fields, signature]))


@attack("a signed cookie without a login")
def _signed_alone(world: World) -> bool:
    name, _value = cookie(world.a)
    with sqlite3.connect(world.folder / FILE) as db:
        secret = db.execute("SELECT value FROM setting WHERE name = 'secret'").fetchone()[0]
    return gets_in(world, name, create_signed_value(secret, name, "e2").decode())


@attack("the cookie of another purpose")
def _other_name(world: World) -> bool:
    name, _value = cookie(world.a)
    return gets_in(world, name, world.a.cookies["_xsrf"])


@attack("a cookie after logging out")
def _replayed(world: World) -> bool:
    visit = world.visitor("e4")
    name, value = cookie(visit)
    assert visit.post("/logout").status == 303
    return gets_in(world, name, value)


@attack("a cookie whose invite was revoked")
def _revoked(world: World) -> bool:
    visit = world.visitor("e5")
    name, value = cookie(visit)
    with sqlite3.connect(world.folder / FILE) as db:
        db.execute("UPDATE invite SET revoked = 1 WHERE person = 'e5'")
    found = gets_in(world, name, value)
    with sqlite3.connect(world.folder / FILE) as db:
        db.execute("UPDATE invite SET revoked = NULL WHERE person = 'e5'")
    return found


@attack("a cookie whose invite has run out")
def _expired(world: World) -> bool:
    visit = world.visitor("e5")
    name, value = cookie(visit)
    with sqlite3.connect(world.folder / FILE) as db:
        (before,) = db.execute("SELECT expires FROM invite WHERE person = 'e5'").fetchone()
        db.execute("UPDATE invite SET expires = ? WHERE person = 'e5'", (int(time.time()) - 1,))
    found = gets_in(world, name, value)
    with sqlite3.connect(world.folder / FILE) as db:
        db.execute("UPDATE invite SET expires = ? WHERE person = 'e5'", (before,))
    return found


@attack("a cookie that scripts can read, or that other sites send along")
def _loose(world: World) -> bool:
    answer = world.nobody().log_in(world.codes["e6"])
    page = world.nobody().request("GET", "/login")
    cookies = [*(answer.headers.get_all("Set-Cookie") or []), page.headers["Set-Cookie"]]
    assert len(cookies) >= 2
    return not all("HttpOnly" in c and "SameSite=Strict" in c and "Path=/" in c for c in cookies)


# -- codes


@attack("the code that is guessed again and again, then even the right one")
def _guessed(world: World) -> bool:
    code, visit = world.codes["e7"].replace("-", ""), world.nobody()
    wrong = code[:4] + ("00000000" if code[4:] != "00000000" else "11111111")
    answers = [visit.log_in(wrong).status for _ in range(PER_INVITE + 1)]
    last = visit.log_in(code)
    world.forgive()
    return answers != [401] * PER_INVITE + [429] or last.status != 429


@attack("guesses that claim to come from many addresses")
def _forwarded(world: World) -> bool:
    with sqlite3.connect(world.folder / FILE) as db:
        row = ("address 127.0.0.1", int(time.time()))
        db.executemany("INSERT INTO attempt VALUES (?, ?)", [row] * (PER_ADDRESS - 1))
    found = []
    for n in range(2):
        forged = {"X-Forwarded-For": f"10.0.0.{n}", "X-Real-Ip": f"10.0.0.{n}"}
        found.append(world.nobody().post("/login", forged, code=f"000{n}-0000-0000").status)
    world.forgive()
    return found != [401, 429]


@attack("the token of this machine, where everybody is served")
def _key(world: World) -> bool:
    from evalkit.serving.access import Access

    key = Access(world.folder).token_of("e2")
    return any(world.nobody().post("/login", token=k).status == 303 for k in (key, "x", "None"))


@attack("being led elsewhere after logging in")
def _led_away(world: World) -> bool:
    places = ("//evil.example", "https://evil.example", "/\\evil.example", "sheet\r\nX: y")
    visit, found = world.nobody(), []
    for place in places:
        answer = visit.post(f"/login?next={quote(place, safe='')}", code=world.codes["e6"])
        found.append(answer.headers["Location"])
    return set(found) != {"/"}


@attack("markup in what comes back")
def _markup(world: World) -> bool:
    sign = '"><script>alert(1)</script>'
    visit = world.nobody()
    answers = [
        visit.request("GET", f"/login?next={quote(sign)}&lang={quote(sign)}"),
        visit.post("/login", code=sign),
        visit.request("GET", f"/{quote(sign)}"),
        world.a.request("GET", f"/status?kernel={quote(sign)}"),
    ]
    return any(sign in answer.text for answer in answers)


@attack("a header in the address")
def _header(world: World) -> bool:
    answer = world.nobody().request("GET", "/sheet%0d%0aSet-Cookie:%20evil=1?next=%0d%0aX-Evil:1")
    return "evil" in str(answer.headers.get_all("Set-Cookie")) or "X-Evil" in answer.headers


@attack("a form from another site")
def _cross_site(world: World) -> bool:
    visit = Visit(world.server.url, dict(world.a.cookies))
    answers = [
        visit.request("POST", "/logout", "", {"Content-Type": "text/plain"}),
        visit.request("POST", "/login", "code=x&_xsrf=y"),
        visit.post("/logout", {"Origin": "http://evil.example"}),
    ]
    still = world.a.request("GET", "/status").status == 200
    return not still or any(answer.status not in {400, 403, 404} for answer in answers)


@attack("a page in somebody's frame, or guessed by its type")
def _framed(world: World) -> bool:
    paths = ("/login", "/nothing", "/voila/static/voila.js", "/status")
    answers = [world.a.request("GET", path) for path in paths]
    return not all(
        answer.headers["X-Frame-Options"] == "DENY"
        and answer.headers["X-Content-Type-Options"] == "nosniff"
        and answer.headers["Referrer-Policy"] == "same-origin"
        and "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        and "Tornado" not in answer.headers["Server"]
        for answer in answers
    )


@attack("a body that never ends")
def _body(world: World) -> bool:
    try:
        answer = world.nobody().request("POST", "/login", b"code=" + b"x" * 10_000_000)
    except OSError:
        return False
    return answer.status < 400


# -- websockets


@attack("a websocket without a login")
def _socket_of_nobody(world: World) -> bool:
    return connects(world.nobody(), world.a.kernel)


@attack("a websocket of another's kernel")
def _socket_of_another(world: World) -> bool:
    return connects(world.a, world.b.kernel)


@attack("a websocket of a kernel that there is not")
def _socket_of_nothing(world: World) -> bool:
    return connects(world.a, "00000000-0000-0000-0000-000000000000")


@attack("a websocket from another site")
def _socket_from_elsewhere(world: World) -> bool:
    return connects(world.a, origin="http://evil.example")


@attack("a websocket from another port of this machine")
def _socket_from_port(world: World) -> bool:
    return connects(world.a, origin="http://127.0.0.1:1")


@attack("a websocket from another scheme")
def _socket_from_scheme(world: World) -> bool:
    return connects(world.a, origin=world.a.url.replace("http:", "https:").rstrip("/"))


@attack("a websocket that does not say where it comes from")
def _socket_from_nowhere(world: World) -> bool:
    return connects(world.a, origin=None)


@attack("a websocket by another host's name")
def _socket_of_host(world: World) -> bool:
    return connects(world.a, headers={"Host": "evil.example"}, origin="http://evil.example")


def runs(world: World, kind: str, content: object, channel: str = "shell") -> list[str]:
    """Kinds of what comes back after a message that no page of ours sends."""
    with world.a.channel() as socket:
        return [kind for kind, _ in asked(socket, message(kind, content, channel))]


def trace(world: World, channel: str = "shell") -> bool:
    """Whether code that is sent to the own kernel leaves a file."""
    file = world.folder.parent / "came-through"
    code = {"code": f"open({str(file)!r}, 'w').close()", "silent": False}
    runs(world, "execute_request", code, channel)
    found = file.exists()
    file.unlink(missing_ok=True)
    return found


@attack("running code in the own kernel")
def _execute(world: World) -> bool:
    return trace(world)


@attack("running code over the control channel")
def _execute_control(world: World) -> bool:
    return trace(world, "control")


S = "shell"
FOREIGN = {
    "inspecting": (
        "inspect_request",
        {"code": "open", "cursor_pos": 4, "detail_level": 1},
        "shell",
    ),
    "completing": ("complete_request", {"code": "ope", "cursor_pos": 3}, S),
    "history": ("history_request", {"hist_access_type": "tail", "n": 9}, S),
    "asking whether code is complete": ("is_complete_request", {"code": "1"}, S),
    "debugging": (
        "debug_request",
        {"type": "request", "seq": 1, "command": "debugInfo", "arguments": {}},
        "control",
    ),
    "interrupting": ("interrupt_request", {}, "control"),
    "ending": ("shutdown_request", {"restart": False}, "control"),
    "a shell beside": ("create_subshell_request", {}, "control"),
    "the kernel's use of memory": ("usage_request", {}, "control"),
}


def _foreign(kind: str, content: object, channel: str) -> Attack:
    return lambda world: kind.replace("request", "reply") in runs(world, kind, content, channel)


for _name, _sent in FOREIGN.items():
    ATTACKS[f"the kernel: {_name}"] = _foreign(*_sent)


@attack("a comm of one's own")
def _comm(world: World) -> bool:
    of = {part: f"_{part}_module" for part in ("model", "view")}
    state = dict.fromkeys(of.values(), "@jupyter-widgets/base")
    state |= {f"{module}_version": "2.0.0" for module in of.values()}
    state |= {"_model_name": "LayoutModel", "_view_name": "LayoutView"}
    data = {"state": state, "buffer_paths": []}
    opened = {"comm_id": "mine", "target_name": "jupyter.widget", "data": data}
    with world.a.channel() as socket:
        sent = message("comm_open", opened, metadata={"version": "2.1.0"})
        (reply,) = [c for kind, c in asked(socket, sent) if kind == "comm_info_reply"]
    return "mine" in reply["comms"]


@attack("a score in another's name")
def _in_another_name(world: World) -> bool:
    names = {"expert": "e2", "author": "e2", "person": "e2", "EVALKIT_EXPERT": "e2"}
    place = {"applicant": "c02", "indicator": "major-projects"}
    save = {
        "type": "save",
        "event_id": "forged",
        **place,
        "state": "scored",
        "points": "1",
        **names,
    }
    with world.a.channel() as socket:
        (reply,) = [c for kind, c in asked(socket) if kind == "comm_info_reply"]
        content = {"method": "custom", "content": save}
        sent = [message("comm_msg", {"comm_id": id, "data": content}) for id in reply["comms"]]
        asked(socket, *sent)
    with Round.open(world.folder) as workspace:
        own = workspace.history().cell("e3", "c02", "major-projects")
        assert own  # the message has arrived, in the name of e3
        return workspace.history().cell("e2", "c02", "major-projects") is not None


def _rubbish(sent: bytes | str) -> Attack:
    def tried(world: World) -> bool:
        with world.a.channel() as socket:
            try:
                socket.send(sent)
                while True:
                    socket.recv(timeout=60)
            except ConnectionClosed:
                pass
        return not connects(world.a)  # closed, and the kernel lives

    return tried


ATTACKS |= {
    "a message that is too long": _rubbish(b"x" * (1 << 21)),
    "a message that is none": _rubbish(b"\xff" * 64),
    "a message with offsets elsewhere": _rubbish((9).to_bytes(8, "little") + b"\xff" * 80),
    "a message in text": _rubbish("[]"),
    "a message without a header": _rubbish(
        message("comm_info_request", {}).replace(b'"msg_type"', b'"msg_kind"')
    ),
}


@attack("the older protocol, in which messages are JSON")
def _older(world: World) -> bool:
    sent = {"channel": "shell", "header": {"msg_type": "comm_info_request"}, "content": {}}
    with world.a.channel(subprotocols=None) as socket:
        try:
            socket.send(json.dumps({**sent, "parent_header": {}, "metadata": {}}))
            while True:
                socket.recv(timeout=60)
        except ConnectionClosed as closed:
            return closed.rcvd is None or closed.rcvd.code != 1003


@attack("a websocket that stays open after logging out")
def _stays(world: World) -> bool:
    visit = world.visitor("e6")
    visit.open()
    with visit.channel() as socket:
        asked(socket)
        assert visit.post("/logout").status == 303
        try:
            while True:
                socket.recv(timeout=60)
        except ConnectionClosed as closed:
            return closed.rcvd is None or closed.rcvd.code != 4401


@attack("another's words among the own messages")
def _listening(world: World) -> bool:
    """What e2 enters while e3 listens."""
    with world.a.channel() as mine, world.b.channel() as other:
        (reply,) = [c for kind, c in asked(other) if kind == "comm_info_reply"]
        save = {
            "type": "save",
            "event_id": "heard",
            "applicant": "c03",
            "state": "scored",
            "indicator": "major-projects",
            "points": "3",
            "text": SECRET,
        }
        content = {"method": "custom", "content": save}
        sent = [message("comm_msg", {"comm_id": id, "data": content}) for id in reply["comms"]]
        assert SECRET in json.dumps(asked(other, *sent), ensure_ascii=False)
        return SECRET in json.dumps(asked(mine), ensure_ascii=False)


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks(world: World, name: str) -> None:
    """None comes through."""
    assert not ATTACKS[name](world)


def test_there_are_enough() -> None:
    """Requests, cookies, codes and websockets."""
    assert len(REQUESTS) + len(ATTACKS) >= 80


# -- the controls

WITHOUT = """
from evalkit.serving import access, channels, identity, pages
identity.OwnKernels.is_authorized = lambda *a: True
channels.admitted = lambda *a: True
channels.OUTWARD = type("All", (), {"__contains__": lambda *a: True})()
channels.Channels.check_origin = lambda *a: True
channels.MAX_MESSAGE = 1 << 30
access.Access.end = lambda *a: None
access.PER_INVITE = access.PER_ADDRESS = 10**6
pages.HEADERS.clear()
"""
"""Each line takes one defence away."""

CONTROLS = (
    "a websocket of another's kernel",
    "a websocket from another site",
    "running code in the own kernel",
    "the kernel: inspecting",
    "the kernel: completing",
    "a comm of one's own",
    "a cookie after logging out",
    "the code that is guessed again and again, then even the right one",
    "guesses that claim to come from many addresses",
    "a page in somebody's frame, or guessed by its type",
)


@pytest.fixture(name="open_world", scope="module")
def _open_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from attacked(tmp_path_factory.mktemp("open") / "round", WITHOUT)


@pytest.mark.parametrize("name", CONTROLS)
def test_without_its_defence_an_attack_comes_through(open_world: World, name: str) -> None:
    """The table is able to see it."""
    assert ATTACKS[name](open_world)
