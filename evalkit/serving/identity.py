"""Who a request comes from, and that nobody reaches the kernel of somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User
from traitlets import Instance

from evalkit.serving.access import Access, Session
from evalkit.serving.people import Person, Place

if TYPE_CHECKING:
    from evalkit.serving.kernels import PersonalKernels

MUCH_LATER = 3650
"""Days for which a cookie lies in the browser: what decides is the login in `access.Access`."""


@dataclass
class Visitor(User):
    """Somebody who is logged in."""

    person: Person | None = None
    session: Session | None = None


class Known(Protocol):
    """Who is who on a server, however they log in: an `IdentityProvider` that can do this, too."""

    async def renew(self, visitor: Visitor) -> None:
        """Find out whether the login of ``visitor`` is still good, where others know."""

    def still(self, visitor: Visitor) -> bool:
        """Whether the login of ``visitor`` is good, as far as it is known by now."""

    def scheme(self, handler: Any) -> str:
        """Http or https, as the browser sees it."""


class Invited(IdentityProvider):
    """Logins by invite: a random value in a signed cookie, looked up at each request.

    There are no tokens: neither addresses nor headers say who somebody is.
    """

    place = Instance(Place)
    access = Instance(Access)
    alone = Instance(Person, allow_none=True, help="the one person this server was started for")

    need_token = False

    def _token_default(self) -> str:
        return ""

    @property
    def auth_enabled(self) -> bool:
        """Always."""
        return True

    def get_handlers(self) -> list[tuple[str, object]]:
        """None: the server has pages of its own for logging in and out."""
        return []

    def is_token_authenticated(self, handler: Any) -> bool:  # noqa: ARG002
        """Never: the checks of origin and XSRF hold for every request."""
        return False

    def get_user(self, handler: Any) -> Visitor | None:
        """Who is logged in with the cookie of this request."""
        name = self.get_cookie_name(handler)
        value = handler.get_signed_cookie(name, max_age_days=MUCH_LATER)
        return self.visitor(self.access.session(value.decode())) if value else None

    def visitor(self, session: Session | None) -> Visitor | None:
        """The person of ``session``, if this server is for them."""
        person = self.place.people.get(session.person) if session else None
        if session is None or person is None:
            return None
        if person != self.alone if self.alone or session.invite is None else False:
            return None
        return Visitor(person.id, person.name, person.name, person=person, session=session)

    async def renew(self, visitor: Visitor) -> None:
        """Nothing: `still` looks each time."""

    def scheme(self, handler: Any) -> str:
        """That of the request itself."""
        return handler.request.protocol

    def still(self, visitor: Visitor) -> bool:
        """Whether the login of ``visitor`` is good by now."""
        known = visitor.session and self.access.still(visitor.session.hash)
        return self.visitor(known or None) is not None

    def get_cookie_name(self, handler: Any) -> str:
        """A name for each port: browsers keep cookies by host alone."""
        port = handler.request.host.rpartition(":")[2]
        name = f"evalkit-{port}" if port.isdigit() else "evalkit"
        return f"__Host-{name}" if handler.request.protocol == "https" else name

    def remember(self, handler: Any, value: str) -> None:
        """Put the secret value of a login into the browser's cookie."""
        handler.set_signed_cookie(
            self.get_cookie_name(handler),
            value,
            expires_days=MUCH_LATER // 10,
            httponly=True,
            secure=handler.request.protocol == "https",
            samesite="Strict",
            path="/",
        )

    def forget(self, handler: Any) -> None:
        """Take the cookie back."""
        secure = handler.request.protocol == "https"
        handler.clear_cookie(self.get_cookie_name(handler), path="/", secure=secure)

    def clear_login_cookie(self, handler: Any) -> None:
        """As `forget`."""
        self.forget(handler)


class OwnKernels(Authorizer):
    """A kernel answers its own person alone; one that there is not is nobody's."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:  # noqa: ARG002
        """Whether ``user`` may use the kernel in the address of the request."""
        kernels: PersonalKernels = handler.settings["kernel_manager"]
        opened = kernels.opened.get(handler.path_kwargs.get("kernel_id", ""))
        return opened is not None and isinstance(user, Visitor) and opened.person == user.person
