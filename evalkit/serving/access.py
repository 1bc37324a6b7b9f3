"""Who may log in and who is logged in, in one file beside the round that only its owner can read.

The commands and the server use it at the same time: what one writes, the other sees at once.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _
from evalkit.serving import codes

FILE = "access.sqlite"
DAY = 86_400
WINDOW = 15 * 60
"""Seconds for which attempts count."""
PER_INVITE, PER_ADDRESS = 10, 40
"""Attempts in a window about one invite, and from one address: a panel may share an address."""

_SCHEMA = Path(__file__).with_name("access.sql")


@dataclass(frozen=True)
class Invite:
    """An invite as it is known afterwards, without its code. Times are seconds since 1970."""

    id: int
    person: str
    made: int
    expires: int
    revoked: int | None


@dataclass(frozen=True)
class Session:
    """A login: its secret value stands only in the browser's cookie, ``hash`` is its SHA-256."""

    hash: bytes
    person: str
    language: str
    invite: int | None


Denied = Literal["wrong", "often"]
"""Why a code does not open: it is none that is good now, or too many were tried."""


class Access:
    """The file ``access.sqlite`` in ``folder``, made with mode 600 if it is not there.

    ``clock`` gives seconds since 1970. Any thread may use it. Raises InputError for a file that is
    not such a list.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.path, self._clock = folder / FILE, clock
        self._turn = threading.RLock()
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        self.path.chmod(0o600)  # it may have been copied with wider rights
        self._db = sqlite3.connect(
            self.path, timeout=20, isolation_level=None, check_same_thread=False
        )
        try:
            self._db.execute("PRAGMA journal_mode = TRUNCATE")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._begin()
        except sqlite3.Error as error:
            self._db.close()
            text = _("不能作为登录名册打开（{why}）", why=str(error))
            raise InputError(Problem(text, str(self.path))) from error
        self.secret = self._setting("secret")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _begin(self) -> None:
        with self._turn:
            if self._db.execute("PRAGMA user_version").fetchone()[0]:
                return
            self._db.execute("BEGIN IMMEDIATE")
            if not self._db.execute("PRAGMA user_version").fetchone()[0]:  # or another was faster
                for statement in _SCHEMA.read_text("utf-8").split(";\n"):
                    if statement.strip():
                        self._db.execute(statement)
                self._do("INSERT INTO setting VALUES ('secret', ?)", secrets.token_bytes(32))
            self._db.execute("COMMIT")

    def _do(self, query: str, *values: Any) -> list[Any]:
        with self._turn:
            return self._db.execute(query, values).fetchall()

    def _setting(self, name: str) -> bytes:
        return bytes(self._do("SELECT value FROM setting WHERE name = ?", name)[0][0])

    def _now(self) -> int:
        return int(self._clock())

    # -- invites

    def invite(self, person: str, days: float) -> str:
        """A new code for ``person``, good for ``days``; earlier ones and their logins end."""
        self.revoke(person)
        now = self._now()
        while True:
            code, salt = codes.new_code(), secrets.token_bytes(16)
            row = (person, codes.finder_of(code), salt, codes.hashed(code, salt), now)
            try:
                self._do(
                    "INSERT INTO invite (person, finder, salt, hash, made, expires)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    *(*row, now + int(days * DAY)),
                )
            except sqlite3.IntegrityError:  # the finder of another one, about one in a million
                continue
            return code

    def revoke(self, person: str) -> int:
        """End the invites of ``person`` and their logins; how many were good."""
        found = [invite for invite in self.invites() if invite.person == person]
        query = "UPDATE invite SET revoked = ? WHERE person = ? AND revoked IS NULL"
        self._do(query, self._now(), person)
        return sum(self._good(invite) for invite in found)

    def invites(self) -> list[Invite]:
        """All invites, in the order in which they were made."""
        rows = self._do("SELECT id, person, made, expires, revoked FROM invite ORDER BY id")
        return [Invite(*row) for row in rows]

    def good(self) -> dict[str, Invite]:
        """The invite of each person who can log in now."""
        return {invite.person: invite for invite in self.invites() if self._good(invite)}

    def _good(self, invite: Invite) -> bool:
        return invite.revoked is None and self._now() < invite.expires

    # -- logging in

    def check(self, code: str, address: str) -> Invite | Denied:
        """The invite that ``code`` opens. Every attempt counts before it is looked at, so that
        attempts at the same time do not pass the limits, and no longer once it has succeeded.
        """
        finder, now = codes.finder_of(code), self._now()
        limits = {f"invite {finder}": PER_INVITE, f"address {address}": PER_ADDRESS}
        with self._turn:
            self._db.execute("BEGIN IMMEDIATE")
            self._do("DELETE FROM attempt WHERE at <= ?", now - WINDOW)
            counted = "SELECT count(*) FROM attempt WHERE about = ?"
            often = any(self._do(counted, about)[0][0] >= n for about, n in limits.items())
            if not often:
                for about in limits:
                    self._do("INSERT INTO attempt VALUES (?, ?)", about, now)
            self._db.execute("COMMIT")
        if often:
            return "often"
        query = "SELECT id, person, made, expires, revoked, salt, hash FROM invite WHERE finder = ?"
        *known, salt, stored = (self._do(query, finder) or [(None, b"", b"")])[0]
        right = codes.matches(code, salt or b"nobody", stored)  # as long for nobody as for somebody
        if not right or not self._good(invite := Invite(*known)):
            return "wrong"
        self._do("DELETE FROM attempt WHERE about = ?", f"invite {finder}")
        self._do(
            "DELETE FROM attempt WHERE rowid IN"
            " (SELECT rowid FROM attempt WHERE about = ? LIMIT 1)",
            f"address {address}",
        )
        return invite

    def token_of(self, person: str) -> str:
        """The token by which this machine opens a page of ``person``; the same whenever it is asked
        for. A server takes it only where it was started for this person alone.
        """
        return hmac.digest(self.secret, f"token of {person}".encode(), "sha256").hex()

    def begin(self, person: str, invite: int | None, language: str) -> str:
        """Log ``person`` in; the secret value for the cookie."""
        value = secrets.token_urlsafe(32)
        row = (_digest(value), person, invite, language, self._now())
        query = "INSERT INTO session (hash, person, invite, language, begun) VALUES (?, ?, ?, ?, ?)"
        self._do(query, *row)
        return value

    def session(self, value: str) -> Session | None:
        """The login with this secret value, as long as it and its invite are good."""
        return self.still(_digest(value))

    def still(self, hash: bytes) -> Session | None:
        """The login with this hash, as long as it and its invite are good."""
        query = (
            "SELECT s.hash, s.person, s.language, s.invite FROM session s"
            " LEFT JOIN invite i ON i.id = s.invite WHERE s.hash = ? AND s.ended IS NULL"
            " AND (s.invite IS NULL OR (i.revoked IS NULL AND i.expires > ?))"
        )
        rows = self._do(query, hash, self._now())
        return Session(*rows[0]) if rows else None

    def end(self, session: Session) -> None:
        """Log out."""
        self._do("UPDATE session SET ended = ? WHERE hash = ?", self._now(), session.hash)

    def speak(self, session: Session, language: str) -> None:
        """Keep the language that somebody chose."""
        self._do("UPDATE session SET language = ? WHERE hash = ?", language, session.hash)


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()
