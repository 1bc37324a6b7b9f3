"""Logging in with a code or a link, and out."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated

from evalkit.base.text import LANGUAGES
from evalkit.serving import codes, texts
from evalkit.serving.access import WINDOW, Access
from evalkit.serving.address import Address
from evalkit.serving.identity import Invited
from evalkit.serving.pages import PATHS, Inside
from evalkit.serving.people import Person, Place


class Door(Inside):
    """A page for which invites are looked at."""

    @property
    def invited(self) -> Invited:
        """Who is who."""
        return self.settings["identity_provider"]


class Login(Door):
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
        self.redirect(f"{self.base_url}{self._next()}", status=303)


class Logout(Door):
    """Where a login ends, with its kernels and connections."""

    SUPPORTED_METHODS = ("GET", "POST")

    @allow_unauthenticated
    def get(self) -> None:
        """Ask: an address alone logs nobody out."""
        if self.current_user is None:
            self.redirect(f"{self.base_url}login")
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
        self.redirect(f"{self.base_url}login", status=303)


@dataclass(frozen=True)
class ByInvite:
    """Everybody with an invite comes in or, where there is an ``alone``, they by their link."""

    access: Access
    alone: Person | None = None

    @property
    def secret(self) -> bytes:
        """What cookies are signed with."""
        return self.access.secret

    @property
    def headers(self) -> dict[str, str]:
        """Nothing besides."""
        return {}

    def identity(self, server: Any, place: Place) -> Invited:
        """Who is who."""
        return Invited(parent=server, place=place, access=self.access, alone=self.alone)

    def xsrf(self, address: Address) -> dict[str, Any]:
        """The cookie against forged requests is nothing for scripts: forms carry its value."""
        return {"httponly": True, "samesite": "Strict", "secure": address.https}

    def handlers(self, identity: Any) -> list[tuple[Any, ...]]:  # noqa: ARG002
        """Where people log in and out."""
        return [("login", Login), ("logout", Logout)]
