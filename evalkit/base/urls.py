"""Where a round in a PostgreSQL database is: ``postgresql://…/db?panel=…``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

from evalkit.base.errors import InputError
from evalkit.base.text import _

_SCHEME = re.compile(r"postgres(?:ql)?:/")


@dataclass(frozen=True)
class Place:
    """A database as libpq finds it (``conninfo``), and a panel in it; empty where none is named.

    ``shown`` is the whole without a password: what may stand in messages and commands.
    """

    conninfo: str
    panel: str
    shown: str

    @classmethod
    def read(cls, url: Path | str) -> Place:
        """The place that ``url`` names. Raises InputError for what is no such URL.

        It may have gone through a Path, which keeps one slash of several: what is left without a
        host is a database of this machine.
        """
        rest = _SCHEME.sub("", _text(url), count=1)
        if not rest.startswith("/"):
            rest = f"/{rest}" if "/" in rest.partition("?")[0] else f"//{rest}"
        try:
            parts = urlsplit(f"postgresql:/{rest}")
            _port = parts.port
        except ValueError as error:
            raise InputError(
                _("数据库的地址写错了，应如 postgresql://用户@主机/数据库?panel=评审组")
            ) from error
        options = parse_qsl(parts.query, keep_blank_values=True)
        panel = next((value for name, value in options if name == "panel"), "")
        given = [(name, value) for name, value in options if name != "panel"]
        shown = [(name, value) for name, value in given if name != "password"]
        return cls(_joined(parts, given), "", _joined(_without_password(parts), shown)).of(panel)

    def of(self, panel: str) -> Place:
        """``panel`` in the same database."""
        if self.panel or not panel:
            return self
        more = f"{'&' if '?' in self.shown else '?'}panel={panel}"
        return replace(self, panel=panel, shown=self.shown + more)


def is_url(path: Path | str) -> bool:
    """Whether ``path`` names a place in a database, and no folder."""
    return _SCHEME.match(_text(path)) is not None


def _text(path: Path | str) -> str:
    return path.as_posix() if isinstance(path, Path) else path


def _without_password(parts: SplitResult) -> SplitResult:
    account, at, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{account.partition(':')[0]}{at}{host}")


def _joined(parts: SplitResult, options: list[tuple[str, str]]) -> str:
    """By hand: `urlunsplit` drops the slashes of an address without a host."""
    query = f"?{urlencode(options, safe='/', quote_via=quote)}" if options else ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}{query}"
