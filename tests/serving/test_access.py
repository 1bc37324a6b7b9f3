"""Codes, invites and logins: what is stored, what opens, and what does not any more."""

from __future__ import annotations

import re
import sqlite3
import stat
from pathlib import Path

import pytest

from evalkit.base.errors import InputError
from evalkit.serving import codes
from evalkit.serving.access import DAY, FILE, PER_ADDRESS, PER_INVITE, WINDOW, Access


class Clock:
    """A clock that is set by hand."""

    now = 1_700_000_000

    def __call__(self) -> float:
        """The time."""
        return float(self.now)


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="access")
def _access(tmp_path: Path, clock: Clock) -> Access:
    return Access(tmp_path, clock)


@pytest.mark.parametrize(
    "typed",
    [
        "K7QM9XTPR3WD",
        "k7qm-9xtp-r3wd",
        " K7QM 9XTP R3WD ",
        "Ｋ７ＱＭ－９ＸＴＰ－Ｒ３ＷＤ",
        "k7qm—9xtp—r3wd",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    """Small letters, full width, any separators."""
    assert codes.read_code(typed) == "K7QM9XTPR3WD"


def test_letters_that_look_like_digits_are_those() -> None:
    """Nobody has to tell O from 0 on paper."""
    assert codes.read_code("O0oIlL1i2345") == "000111112345"
    for wrong in (
        "",
        "K7QM-9XTP",
        "K7QM-9XTP-R3WDX",
        "K7QM-9XTP-R3W*",
        "K7QM-9XTP-R3WU",
        "密" * 12,
    ):
        assert codes.read_code(wrong) is None


def test_only_hashes_are_stored(access: Access, tmp_path: Path) -> None:
    """Neither codes nor sessions stand in the file, which only its owner can read."""
    code = access.invite("e1", 14)
    value = access.begin("e1", 1, "zh")
    assert re.fullmatch(f"[{codes.ALPHABET}]{{12}}", code)
    stored = (tmp_path / FILE).read_bytes()
    for secret in (code, code[4:], codes.shown(code), value, access.token_of("e1")):
        assert secret.encode() not in stored
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_an_invite_opens_until_it_ends(access: Access, clock: Clock) -> None:
    """By its code alone; not after its time, not after it was revoked, not after a newer one."""
    code = access.invite("e1", 14)
    found = access.check(code, "10.0.0.1")
    assert not isinstance(found, str)
    assert found.person == "e1"
    session = access.session(value := access.begin("e1", found.id, "zh"))
    assert session
    assert session.person == "e1"
    newer = access.invite("e1", 14)
    assert access.session(value) is None
    assert access.check(code, "10.0.0.1") == "wrong"
    assert access.revoke("e1") == 1
    assert access.revoke("e1") == 0
    assert access.check(newer, "10.0.0.1") == "wrong"
    last = access.invite("e1", 1)
    found = access.check(last, "10.0.0.1")
    assert not isinstance(found, str)
    value = access.begin("e1", found.id, "zh")
    clock.now += DAY - 1
    assert access.session(value)
    clock.now += 1
    assert access.session(value) is None
    assert access.check(last, "10.0.0.1") == "wrong"
    assert access.good() == {}


def test_a_login_outlives_the_server_and_ends_once(tmp_path: Path, clock: Clock) -> None:
    """The file is what counts: a server that starts again knows who is logged in."""
    first = Access(tmp_path, clock)
    first.invite("e1", 14)
    value, key = first.begin("e1", 1, "en"), first.token_of("e1")
    first.close()
    again = Access(tmp_path, clock)
    session = again.session(value)
    assert session
    assert session.language == "en"
    assert again.token_of("e1") == key != again.token_of("e2")
    again.end(session)
    assert again.session(value) is None
    assert again.session("guessed") is None


def test_guesses_about_an_invite_are_limited(tmp_path: Path, clock: Clock) -> None:
    """From any number of addresses, also after a start: then even the right code waits."""
    access = Access(tmp_path, clock)
    code = access.invite("e1", 14)
    guess = code[:4] + ("0" * 8 if code[4:] != "0" * 8 else "1" * 8)
    for n in range(PER_INVITE):
        assert access.check(guess, f"10.0.0.{n}") == "wrong"
    access.close()
    access = Access(tmp_path, clock)
    assert access.check(guess, "10.0.1.1") == "often"
    assert access.check(code, "10.0.1.2") == "often"
    clock.now += WINDOW
    assert not isinstance(access.check(code, "10.0.1.3"), str)


def test_guesses_from_an_address_are_limited(
    access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever invites they are about; a whole panel behind one address can log in."""
    made = [access.invite(f"e{n}", 14) for n in range(3)]
    for code in made * PER_ADDRESS:
        assert not isinstance(access.check(code, "10.0.0.1"), str)
        if code == made[2]:
            break
    monkeypatch.setattr(codes, "matches", lambda *_: False)  # no need to hash forty times
    for _n in range(PER_ADDRESS):
        assert access.check(codes.new_code(), "10.0.0.1") == "wrong"
    assert access.check(codes.new_code(), "10.0.0.1") == "often"
    assert access.check(codes.new_code(), "10.0.0.2") == "wrong"


def test_a_file_that_is_no_list_is_named(tmp_path: Path) -> None:
    """Refused in a line, as it is."""
    (tmp_path / FILE).write_bytes(b"no database, but long enough to be read as one" * 30)
    with pytest.raises(InputError, match=r"access\.sqlite"):
        Access(tmp_path)
    (tmp_path / FILE).unlink()
    Access(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as db:
        assert db.execute("SELECT count(*) FROM setting").fetchone() == (1,)
