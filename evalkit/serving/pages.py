"""The pages of the server: logging in and out, the notebooks, and how the server itself is."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler
from voila.static_file_handler import MultiStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler

from evalkit.base.text import LANGUAGES
from evalkit.serving import codes, texts
from evalkit.serving.access import WINDOW
from evalkit.serving.identity import Invited, Visitor
from evalkit.serving.kernels import OPENING, Opening, PersonalKernels
from evalkit.serving.people import Notebook, handed

BEAT = "<script>window.voila_heartbeat()</script>\n"
"""What Voilà sends now and then while a cell runs."""

PATHS: dict[str, Notebook] = {"sheet": "score_sheet", "board": "panel_board"}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none at all a form is sent from "Origin: null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Server": "evalkit",
}
BARE = (
    "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What the server's own pages may do."""
NOTEBOOK = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; frame-src blob:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""What a notebook's page may do: Voilà compiles schemas (eval), anywidget loads a blob; both write
styles; material stands in a frame of its own, from a blob. No script runs that the server has not
marked, and nothing leaves for elsewhere."""


class Guarded(RequestHandler):
    """Headers that hold browsers back, and errors in a sentence, without what went wrong inside."""

    policy = BARE

    def set_default_headers(self) -> None:
        """Set them, with a nonce for the scripts and styles of this answer alone."""
        self.nonce = secrets.token_urlsafe(16)
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", self.policy.format(nonce=self.nonce))

    @property
    def language(self) -> str:
        """The language of the reader: as they chose, or as the server speaks."""
        visitor = getattr(self, "current_user", None) if hasattr(self, "_current_user") else None
        if isinstance(visitor, Visitor) and visitor.session:
            return visitor.session.language
        chosen = self.get_query_argument("lang", "") or self.get_cookie("evalkit-lang") or ""
        return chosen if chosen in LANGUAGES else self.settings["language"]

    def show(self, name: str, **values: Any) -> None:
        """Write a page of the server's own."""
        template = self.settings["pages"].get_template(name)
        language, place = self.language, self.settings["place"]
        values |= {"language": language, "nonce": self.nonce, "title": place.title}
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.write(template.render(t=texts.of(language), languages=LANGUAGES, **values))

    def write_error(self, status_code: int, **_info: Any) -> None:
        """Say what is wrong, in a sentence."""
        known = status_code in texts.ERRORS
        default = HTTPStatus.BAD_REQUEST if status_code < 500 else HTTPStatus.INTERNAL_SERVER_ERROR
        error = texts.ERRORS[status_code if known else default].render(self.language)
        self.show("error.html", status=status_code, error=error)
        self.finish()


class Inside(Guarded, JupyterHandler):
    """A page for those who are logged in."""

    current_user: Visitor | None

    @property
    def invited(self) -> Invited:
        """Who is who."""
        return self.settings["identity_provider"]


class Nothing(Guarded):
    """Every address that is none of ours."""

    def prepare(self) -> None:
        """Say so, whatever was asked."""
        raise HTTPError(404)


class Assets(Guarded, MultiStaticFileHandler):
    """Scripts, styles and fonts of Voilà and of the form: the same for everybody."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """The file, never one outside the folders, and no folder."""
        if "\0" in absolute_path:
            raise HTTPError(404)
        return super().validate_absolute_path(root, absolute_path)


class Extensions(Assets):
    """The extensions of JupyterLab that show widgets, and no others."""

    def get_absolute_path(self, root: str, path: str) -> str:
        """The file of an extension that is in use."""
        if not path.startswith(tuple(f"{name}/" for name in self.settings["extensions"])):
            raise HTTPError(404)
        return super().get_absolute_path(root, path)


class Login(Inside):
    """Where a code is typed, or comes with the link that was opened."""

    SUPPORTED_METHODS = ("GET", "HEAD", "POST")

    def _page(self, error: str = "", status: int = 200) -> None:
        self.set_status(status)
        chosen = self.get_query_argument("lang", "")
        if chosen in LANGUAGES:
            secure = self.request.protocol == "https"
            self.set_cookie(
                "evalkit-lang",
                chosen,
                expires_days=400,
                httponly=True,
                samesite="Strict",
                secure=secure,
            )
        known = self.current_user.person if self.current_user else None
        to = self._next()
        self.show("login.html", error=error, known=known, xsrf=self.xsrf_token.decode(), to=to)

    def _next(self) -> str:
        asked = self.get_argument("next", "").strip("/")
        return asked if asked in PATHS else ""

    @allow_unauthenticated
    def get(self) -> None:
        """The page."""
        self._page()

    head = get

    @allow_unauthenticated
    async def post(self) -> None:
        """Log in with a code, or with the key of this machine."""
        token, typed = self.get_body_argument("token", ""), self.get_body_argument("code", "")
        if token:
            person, invite = self._by_token(token), None
        elif (code := codes.read_code(typed)) is None:
            return self._page(texts.NO_CODE.render(self.language), 401)
        else:
            address = self.request.remote_ip or ""
            loop = asyncio.get_running_loop()
            async with self.settings["checking"]:
                check = self.invited.access.check
                found = await loop.run_in_executor(None, check, code, address)
            if isinstance(found, str):
                status = 429 if found == "often" else 401
                if status == 429:
                    self.set_header("Retry-After", str(WINDOW))
                return self._page(texts.DENIED[found].render(self.language), status)
            person, invite = found.person, found.id
        if person is None or person not in self.invited.place.people:
            return self._page(texts.DENIED["wrong"].render(self.language), 401)
        self._enter(person, invite)
        return None

    def _by_token(self, token: str) -> str | None:
        """The person whose page was opened on this machine with ``token``."""
        alone, access = self.invited.alone, self.invited.access
        if alone is None or not secrets.compare_digest(
            token.encode(), access.token_of(alone.id).encode()
        ):
            return None
        return alone.id

    def _enter(self, person: str, invite: int | None) -> None:
        if self.current_user and self.current_user.session:
            self.invited.access.end(self.current_user.session)
        value = self.invited.access.begin(person, invite, self.language)
        self.invited.remember(self, value)
        self.redirect(f"/{self._next()}", status=303)


class Logout(Inside):
    """Where a login ends, with its kernels and connections."""

    SUPPORTED_METHODS = ("GET", "POST")

    @allow_unauthenticated
    def get(self) -> None:
        """Ask: an address alone logs nobody out."""
        if self.current_user is None:
            self.redirect("/login")
        else:
            person = self.current_user.person
            self.show("logout.html", known=person, xsrf=self.xsrf_token.decode())

    @allow_unauthenticated
    async def post(self) -> None:
        """Log out."""
        visitor = self.current_user
        if visitor and visitor.session and visitor.person:
            self.invited.access.end(visitor.session)
            self.invited.forget(self)
            await self.settings["sweep"]()
        self.redirect("/login", status=303)


class Status(Inside):
    """What a page asks when it has lost its kernel: is there a server, a login, a kernel?"""

    SUPPORTED_METHODS = ("GET",)

    @allow_unauthenticated
    def get(self) -> None:
        """``login`` and the state of the ``kernel`` that is asked about."""
        self.set_header("Cache-Control", "no-store")
        kernels: PersonalKernels = self.settings["kernel_manager"]
        person = self.current_user.person if self.current_user else None
        asked = self.get_query_argument("kernel", "")
        if person is None:
            self.set_status(401)
        state = kernels.state(asked, person) if person else ""
        self.write({"login": person is not None, "kernel": state})


class NotebookPage(Inside, TornadoVoilaHandler):
    """A notebook of the person who is logged in, run in a kernel of their own."""

    SUPPORTED_METHODS = ("GET",)
    policy = NOTEBOOK

    async def get(self, path: str = "") -> None:
        """The page, as its cells are run."""
        visitor = self.current_user
        if visitor is None or visitor.person is None:
            self.redirect(f"/login?next={path}" if path else "/login")
            return
        notebook = PATHS.get(path, visitor.person.notebooks[0])
        if notebook not in visitor.person.notebooks:
            raise HTTPError(403)
        self.notebook, self.notebook_path = notebook, f"{notebook}.ipynb"
        self.request.arguments.clear()  # neither template nor theme comes from the address
        self.request.query_arguments.clear()
        self.request.query = ""
        try:
            async for html in self.get_generator():
                self.write(html.replace("<script", f'<script nonce="{self.nonce}"'))
                await self.flush()
                if html == BEAT and not self._lives():
                    self.write(f'<script nonce="{self.nonce}">window.evalkitLost()</script>')
                    break
        except StreamClosedError:
            return  # the page was left; its kernel serves the next one or is culled

    def _lives(self) -> bool:
        """Whether the kernel of this page is there: Voilà waits for one that has died, too."""
        kernels: PersonalKernels = self.settings["kernel_manager"]
        return any(opening is self.opened for opening in kernels.opened.values())

    def opening(self) -> Opening:
        """What the kernel of this page learns."""
        visitor, place = self.current_user, self.settings["place"]
        if visitor is None or visitor.person is None:
            raise HTTPError(403)
        given = handed(place, visitor.person, self.notebook, self.language)
        self.opened = Opening(visitor.person, self.notebook, given)
        return self.opened


def hand_over(handler: Any, notebook: Any, cwd: str) -> Any:  # noqa: ARG001
    """The hook that Voilà calls before it starts a kernel: who it is for, and what the page says
    around the form.
    """
    opening = handler.opening()
    OPENING.set(opening)
    language, title = handler.language, handler.settings["place"].title
    notebook.metadata["title"] = texts.tab(opening.person, opening.notebook, title, language)
    notebook.metadata["evalkit"] = {
        "lang": texts.TAGS[language],
        "page": texts.page(opening.person, opening.notebook, language),
        "xsrf": handler.xsrf_token.decode(),
    }
    return notebook


def static_paths(paths: Sequence[str | Path]) -> dict[str, list[str]]:
    """The folders for `Assets`, those that there are."""
    return {"paths": [str(path) for path in paths if Path(path).is_dir()]}
