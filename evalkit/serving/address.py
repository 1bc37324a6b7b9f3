"""Where the server listens, and what may be said without encryption."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from evalkit.base.errors import InputError
from evalkit.base.errors import why as reason
from evalkit.base.text import _

HOST, PORT = "127.0.0.1", 8866
EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104


@dataclass(frozen=True)
class Address:
    """``host`` and ``port`` to listen at; ``certificate`` is the files of certificate and key, None
    without HTTPS; ``names`` are further names by which pages are asked for. All pages are below
    ``base``. Behind a proxy (``proxied``) that one knows by which names it is asked, and whether
    encrypted; people come in by its page ``home``.
    """

    host: str = HOST
    port: int = PORT
    certificate: tuple[Path, Path] | None = None
    names: tuple[str, ...] = ()
    base: str = "/"
    proxied: bool = False
    home: str = "/"

    @property
    def https(self) -> bool:
        """Whether pages are encrypted."""
        return self.certificate is not None

    @property
    def loopback(self) -> bool:
        """Whether only this machine can connect."""
        return is_loopback(self.host)

    @property
    def url(self) -> str:
        """What people type into their browsers."""
        name = own_address() if self.host in EVERYWHERE else self.host
        name = f"[{name}]" if ":" in name else name
        return f"{'https' if self.https else 'http'}://{name}:{self.port}{self.base}"

    @property
    def hosts(self) -> str:
        """The names that requests may give for this server, as a pattern: by another name, some
        site's page may have made a browser come here (DNS rebinding).
        """
        if self.proxied:
            return ".*"
        if self.loopback:
            known = ["127.0.0.1", "localhost", "[::1]", self.host]
        else:
            known = [self.host, *self.names, socket.gethostname(), f"{socket.gethostname()}.local"]
        patterns = [re.escape(name.casefold()) for name in known if name]
        if self.host in EVERYWHERE:
            patterns += [r"\d+\.\d+\.\d+\.\d+", r"\[[0-9a-f:.]+\]", "localhost"]
        return f"(?i:{'|'.join(patterns)})$"

    def taken(self, error: OSError) -> InputError:
        """What to say when it cannot be listened at. Another port would be another place for
        browsers, which keep unsent scores by place: that is no remedy.
        """
        if error.errno == errno.EADDRINUSE:
            text = _(
                "端口 {port} 正被另一个程序用着，多半是上次的 evalkit 还开着："
                "先到那个窗口按 Ctrl+C 结束它，再用同一条命令",
                port=self.port,
            )
        elif error.errno == errno.EADDRNOTAVAIL:
            text = _("这台电脑没有 {host} 这个地址，请检查 --host", host=self.host)
        else:
            text = _("不能在 {host}:{port} 上打开（{why}）", host=self.host, port=self.port)
            text = text.filled(why=reason(error))
        return InputError(text)


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own, which no other machine reaches."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def own_address() -> str:
    """The address of this machine in its network; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # documentation only, RFC 5737
        except OSError:
            return HOST
        return str(probe.getsockname()[0])
