"""One server for a whole panel: who is who, whose kernel is whose, and what a page may do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from evalkit.base import urls
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.serving.address import EVERYWHERE, HOST, PORT, Address, is_loopback, own_address


def address_for(
    folder: Path,
    host: str = HOST,
    port: int = PORT,
    *,
    certificate: tuple[Path, Path] | None = None,
    https: bool = False,
    insecure: bool = False,
) -> Address:
    """Where to listen. With ``https``, a certificate for the room is made in ``folder`` unless one
    is given. Raises InputError for an address that others reach without encryption, unless
    ``insecure`` says that this is meant.
    """
    names = _names(host)
    if certificate is None and https:
        from evalkit.serving.certificate import room_certificate

        certificate = room_certificate(folder, names)
    if certificate is None and not is_loopback(host) and not insecure:
        text = _(
            "在 {host} 上别的电脑也连得上，不加密会让同一网络里的人看到分数和登录。"
            "请加 --https（自制证书），或用 --cert、--key 给出证书；"
            "确实不要加密，加 --insecure-http",
            host=host,
        )
        raise InputError(text)
    return Address(host, port, certificate, tuple(names))


def _names(host: str) -> list[str]:
    """The name under which people open pages that are served at ``host``."""
    return [own_address() if host in EVERYWHERE else host]


def serve(
    folder: Path,
    address: Address | None = None,
    language: str = "zh",
    person: str | None = None,
    said: Callable[[str], None] = print,
    *,
    hub: bool = False,
) -> None:
    """Serve the round (or, for a ``person``, the register) in ``folder`` until SIGINT or SIGTERM.

    Everybody with an invite can log in; where a ``person`` is named, only they, by a link that this
    machine makes and that stays the same; "" is whose the board is. ``folder`` may be the address
    of a database, for the person whose account that is; a JupyterHub starts it like that for them
    (``hub``), says where to listen and who is logged in. Once the server listens, ``said`` is
    called with the address to open. Raises InputError for an unknown person, outside a Hub, and
    where it cannot listen.
    """
    if hub:
        _serve_at_hub(folder, language, said)
        return
    from evalkit.serving.access import Access
    from evalkit.serving.login import ByInvite
    from evalkit.serving.people import place_of
    from evalkit.serving.server import Order, run

    place, here = place_of(folder), address or Address()
    alone = None if person is None else place.keeper if person == "" else place.person(person)
    access = Access(_beside(folder))
    page = "?next=board" if person == "" else ""
    link = f"login{page}#token={access.token_of(alone.id)}" if alone else ""
    try:
        run(Order(place, ByInvite(access, alone), here, language), lambda: said(here.url + link))
    finally:
        access.close()


def _beside(folder: Path) -> Path:
    """Where it is kept who is logged in: with the round or, for one in a database, with what
    Jupyter keeps of this user.
    """
    if not urls.is_url(folder):
        return folder
    from jupyter_core.paths import jupyter_data_dir

    name = hashlib.sha256(urls.Place.read(folder).shown.encode()).hexdigest()[:32]
    own = Path(jupyter_data_dir(), "evalkit", name)
    own.mkdir(parents=True, exist_ok=True, mode=0o700)
    return own


def _serve_at_hub(url: Path, language: str, said: Callable[[str], None]) -> None:
    if not urls.is_url(url):
        raise InputError(_("JupyterHub 上的评审须放在数据库里（postgresql://），见 docs/hub.md"))
    try:
        from evalkit.serving import hub
    except ImportError as error:
        raise InputError(_("没有安装 jupyterhub，请安装 evalkit[hub]")) from error
    from evalkit.serving.people import account_at
    from evalkit.serving.server import Order, run

    user, address = hub.told()
    place = account_at(url)
    (owner,) = place.people.values()
    order = Order(place, hub.entrance(owner, user), address, language)
    run(order, lambda: said(address.url))
