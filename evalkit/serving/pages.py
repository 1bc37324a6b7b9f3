"""What all pages of the server share, its files, and how it is."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import HTTPError, RequestHandler
from voila.static_file_handler import MultiStaticFileHandler

from evalkit.base.text import LANGUAGES
from evalkit.serving import texts
from evalkit.serving.identity import Visitor
from evalkit.serving.kernels import PersonalKernels
from evalkit.serving.people import Notebook

PATHS: dict[str, Notebook] = {"sheet": "score_sheet", "board": "panel_board"}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # "no-referrer" would take the origin from our own forms, too
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


class Guarded(RequestHandler):
    """Headers that hold browsers back, and errors in a sentence, without what went wrong inside."""

    policy = BARE

    def set_default_headers(self) -> None:
        """Set them, with a nonce for the scripts and styles of this answer alone."""
        self.nonce = secrets.token_urlsafe(16)
        for name, value in (HEADERS | self.settings["headers"]).items():
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
        values |= {"base": self.settings["base_url"], "home": self.settings["home"]}
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


class KernelModel(Inside, KernelHandler):
    """What JupyterLab's part of the page asks before it connects: that its kernel is there."""

    SUPPORTED_METHODS = ("GET",)


class Status(Inside):
    """What a page asks when it has lost its kernel: is there a server, a login, a kernel?"""

    SUPPORTED_METHODS = ("GET",)

    @allow_unauthenticated
    def get(self) -> None:
        """``login`` and the state of the ``kernel`` that is asked about; 503 from a server that is
        ending, whose kernels are no measure of anything.
        """
        if self.settings["ending"]:
            raise HTTPError(503)
        self.set_header("Cache-Control", "no-store")
        kernels: PersonalKernels = self.settings["kernel_manager"]
        person = self.current_user.person if self.current_user else None
        asked = self.get_query_argument("kernel", "")
        if person is None:
            self.set_status(401)
        state = kernels.state(asked, person) if person else ""
        self.write({"login": person is not None, "kernel": state})


def static_paths(paths: Sequence[str | Path]) -> dict[str, list[str]]:
    """The folders for `Assets`, those that there are."""
    return {"paths": [str(path) for path in paths if Path(path).is_dir()]}
