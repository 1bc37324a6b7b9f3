"""The server of one person below a JupyterHub: the Hub says who is logged in, here it is asked.

JupyterHub hands over in the environment where to listen and how to ask. OAuth and the checks
against forged requests are those of `jupyterhub.services.auth`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jupyterhub import __version__
from jupyterhub.services.auth import HubOAuth
from jupyterhub.singleuser.extension import (
    JupyterHubIdentityProvider,
    JupyterHubLogoutHandler,
    JupyterHubOAuthCallbackHandler,
)
from jupyterhub.utils import get_browser_protocol
from tornado.web import HTTPError
from traitlets import Dict, Instance, Unicode

from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.serving.address import Address
from evalkit.serving.identity import Visitor
from evalkit.serving.pages import Guarded, Inside
from evalkit.serving.people import Person, Place

FRESH = 10
"""Seconds for which an answer of the Hub counts: so long works a login that was ended there."""

NEEDED = ("USER", "API_TOKEN", "API_URL", "CLIENT_ID", "SERVICE_PREFIX", "SERVICE_URL")


@dataclass
class HubVisitor(Visitor):
    """Somebody whom the Hub knows, by the ``token`` that it gave their browser."""

    token: str = ""
    hub_session: str = ""


class OnlyCookies(HubOAuth):
    """Takes the token that the login has left in the browser, and none from addresses and headers:
    whoever has such a token else is a program, or somebody who was given it.
    """

    def get_token(self, handler: Any, in_cookie: bool = True) -> str:  # noqa: FBT001, FBT002
        """The token in the signed cookie of this server."""
        return (in_cookie and self._get_token_cookie(handler)) or ""


class OfHub(JupyterHubIdentityProvider):
    """Logins at the Hub, for the ``owner`` alone: whoever else the Hub lets through, be it an
    administrator, would work in the owner's name.
    """

    hub_auth = Instance(HubOAuth)
    owner = Instance(Person)
    user = Unicode(help="the owner's name at the Hub")
    gone = Dict(help="tokens that were good and are not any more")

    def _hub_auth_default(self) -> HubOAuth:
        return OnlyCookies(parent=self, cache_max_age=FRESH)

    async def get_user(self, handler: Any) -> HubVisitor | None:
        """Who is logged in with the cookie of this request. HTTPError 403 follows for others than
        the owner, 500 or 502 where the Hub does not answer.
        """
        found = await super().get_user(handler)
        if found is None:
            return None
        if not self._is_owner(found.hub_user):
            handler.redirect = _forbidden  # to the Hub, which would send them here again
            return None
        token, session = self.hub_auth.get_token(handler), self.hub_auth.get_session_id(handler)
        name = self.owner.name
        return HubVisitor(
            self.owner.id, name, name, person=self.owner, token=token, hub_session=session
        )

    def _is_owner(self, model: Mapping[str, Any]) -> bool:
        return (model["kind"], model["name"]) == ("user", self.user)

    async def renew(self, visitor: Visitor) -> None:
        """Ask the Hub about the token, unless it has said lately. While it does not answer, who is
        logged in stays so.
        """
        if not isinstance(visitor, HubVisitor):
            return
        try:
            model = await self.hub_auth.user_for_token(
                visitor.token, session_id=visitor.hub_session, sync=False
            )
        except HTTPError:
            return
        if model is None or not self._is_owner(model):
            self.gone[visitor.token] = None

    def still(self, visitor: Visitor) -> bool:
        """Whether nothing is known against the token of ``visitor``."""
        return isinstance(visitor, HubVisitor) and visitor.token not in self.gone

    def scheme(self, handler: Any) -> str:
        """As the outermost proxy says."""
        return get_browser_protocol(handler.request)


def _forbidden(*_given: Any, **_more: Any) -> None:
    raise HTTPError(403)


class Callback(Guarded, JupyterHubOAuthCallbackHandler):
    """Where the Hub sends a browser back to, with a code for a token."""


class Login(Inside):
    """Where a page sends people whose login has ended: by way of the Hub back to the page."""

    SUPPORTED_METHODS = ("GET",)

    def get(self) -> None:
        """Back; who is not logged in is at the Hub before this."""
        from evalkit.serving.pages import PATHS

        asked = self.get_query_argument("next", "").strip("/")
        self.redirect(self.base_url + (asked if asked in PATHS else ""))


class Logout(Guarded, JupyterHubLogoutHandler):
    """Out of this server, and of the Hub."""


@dataclass(frozen=True)
class ByHub:
    """The ``owner`` comes in, by the Hub that has started this server for its ``user``."""

    owner: Person
    user: str
    secret: bytes

    @property
    def headers(self) -> dict[str, str]:
        """What the Hub compares with its own version."""
        return {"X-JupyterHub-Version": __version__}

    def identity(self, server: Any, place: Place) -> OfHub:  # noqa: ARG002
        """Who is who."""
        return OfHub(parent=server, owner=self.owner, user=self.user)

    def xsrf(self, address: Address) -> dict[str, Any]:  # noqa: ARG002
        """JupyterHub's way: scripts of the page send the cookie's value along."""
        return {}

    def handlers(self, identity: OfHub) -> list[tuple[Any, ...]]:
        """Where the Hub's answer comes in, and people go out."""
        return [
            ("oauth_callback", Callback, {"hub_auth": identity.hub_auth}),
            ("login", Login),
            ("logout", Logout),
        ]


def told(environment: Mapping[str, str] = os.environ) -> tuple[str, Address]:
    """Whose server a Hub has started here, by name at the Hub, and where it is to listen.

    Raises InputError where no Hub has, or one that wants encryption between it and this server.
    """
    given = {name: environment.get(f"JUPYTERHUB_{name}", "") for name in NEEDED}
    if lacking := [f"JUPYTERHUB_{name}" for name, value in given.items() if not value]:
        text = _("--hub 只给 JupyterHub 启动的服务器用，这里没有 {names}", names=lacking)
        raise InputError(text)
    if environment.get("JUPYTERHUB_SSL_KEYFILE"):
        text = _("JupyterHub 的 internal_ssl 用不了，请关掉，让 Hub 与各人的服务器同在一台机器上")
        raise InputError(text)
    place = urlsplit(given["SERVICE_URL"])
    address = Address(
        place.hostname or "",
        place.port or 80,
        base=given["SERVICE_PREFIX"],
        proxied=True,
        home=environment.get("JUPYTERHUB_BASE_URL") or "/",
    )
    return given["USER"], address


def entrance(owner: Person, user: str) -> ByHub:
    """The way in for the ``owner``, whom the Hub calls ``user``."""
    return ByHub(owner, user, secrets.token_bytes(32))
