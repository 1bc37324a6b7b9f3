"""Invites by command: who gets one, what is printed, and where the server may listen."""

from __future__ import annotations

import re
import ssl
import stat
from pathlib import Path

import pytest

from evalkit.base.errors import InputError
from evalkit.round import Round
from evalkit.serving import address_for
from evalkit.serving.access import Access
from evalkit.serving.address import Address
from evalkit.serving.certificate import fingerprint, room_certificate
from evalkit.serving.invitations import Invitations, address_of
from evalkit.serving.people import handed, place_of
from tests.support.builders import DEMO
from tests.support.command import evalkit

CODE = r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b"
AT = "https://192.168.1.20:8866"


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    Round.create(tmp_path / "round", DEMO / "panel.yaml").log.close()
    return tmp_path / "round"


def test_everybody_once_and_the_lost_one_again(folder: Path) -> None:
    """A second call makes nothing; a named person gets a new code, and the old one ends."""
    first = evalkit("invite", folder)
    assert len(re.findall(CODE, first.stdout)) == 16  # 8 people: code, and link
    again = evalkit("invite", folder)
    assert re.findall(CODE, again.stdout) == []
    assert "每个人都有有效的邀请码" in again.stdout
    lost = re.findall(CODE, first.stdout)[0].replace("-", "")
    assert len(set(re.findall(CODE, evalkit("invite", folder, "--expert", "e1").stdout))) == 1
    assert Access(folder).check(lost, "here") == "wrong"
    assert "已作废：专家甲" in evalkit("invite", folder, "--revoke", "e1").stdout
    assert "没有有效的邀请码" in evalkit("invite", folder, "--revoke", "e1").stdout
    listed = evalkit("invite", folder, "--list").stdout
    assert re.search(r"e1\s+专家甲\s+—", listed)
    assert re.search(r"secretary\s+秘书示例\s+\d{4}年", listed)
    assert re.findall(CODE, listed) == []


def test_a_sheet_a_person(folder: Path, tmp_path: Path) -> None:
    """With name, role, link, code, QR code and the print of the certificate; nothing is fetched."""
    out = tmp_path / "sheets.html"
    assert evalkit("invite", folder, "--out", out, "--at", AT).returncode == 0
    page = out.read_text("utf-8")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert page.count("<section>") == page.count("<svg") == 8
    assert len(set(re.findall(CODE, page))) == 8
    for word in ("专家甲", "组长", "评审秘书", f"{AT}/", fingerprint(folder / "room.crt")):
        assert word in page
    assert not re.search(r"(?:src|href)=|url\(|<script", page)
    assert stat.S_IMODE((folder / "room.key").stat().st_mode) == 0o600


def test_the_qr_code_is_the_link(folder: Path) -> None:
    """As another library's writer draws it: the same modules for the same link."""
    import segno

    with Invitations.open(folder) as invitations:
        (made,) = invitations.make(["e2"], 3)
        page = invitations.sheets([made], "http://127.0.0.1:8866/", "en")
    assert made.link("http://127.0.0.1:8866/") == f"http://127.0.0.1:8866/login#code={made.code}"
    path = re.search(r'<path [^>]*d="([^"]+)"', page)
    drawn = segno.make(made.link("http://127.0.0.1:8866/"), error="m", micro=False)
    assert path
    assert path[1] in drawn.svg_inline(scale=1, border=4, omitsize=True)
    assert "Fingerprint" not in page


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--expert", "e99"), "没有 e99 这个人"),
        (("--expert", "e1", "--expert", "x"), "没有 x 这个人"),
        (("--at", "192.168.1.20:8866"), "不是网址"),
        (("--at", "http://h:99999/"), "不是网址"),
        (("--valid", "0"), "最小是 1"),
        (("--out", "sheets.docx"), "以 .html 或 .pdf 结尾"),
        (("--revoke", "e99"), "没有 e99 这个人"),
    ],
)
def test_wrong_options_make_nothing(folder: Path, options: tuple[str, ...], said: str) -> None:
    """Said in a line, and nobody's code is changed."""
    run = evalkit("invite", folder, *options)
    assert run.returncode == 2
    assert said in run.stderr
    assert Access(folder).good() == {}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "::", "example.org"])
def test_beyond_this_machine_only_with_encryption(folder: Path, host: str) -> None:
    """Unless it is said that it is meant."""
    with pytest.raises(InputError, match="--https"):
        address_for(folder, host)
    assert not address_for(folder, host, insecure=True).https
    assert address_for(folder, host, https=True).https
    assert not address_for(folder, "127.0.0.1").https
    assert not address_for(folder, "::1").https


def test_the_names_that_requests_may_give() -> None:
    """Of another site none: a browser that was led here brings its name along."""
    here = Address()
    assert re.match(here.hosts, "127.0.0.1")
    assert re.match(here.hosts, "LOCALHOST")
    for name in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "x127.0.0.1"):
        assert not re.match(here.hosts, name)
        assert not re.match(Address(host="0.0.0.0").hosts, name)
    assert re.match(Address(host="0.0.0.0").hosts, "192.168.1.20")


def test_a_certificate_for_the_room(tmp_path: Path) -> None:
    """Good for the name and this machine's own, made once, loadable, its key its owner's alone."""
    certificate, key = room_certificate(tmp_path, ["192.168.1.20"])
    before = fingerprint(certificate)
    assert re.fullmatch(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", before)
    room_certificate(tmp_path, ["127.0.0.1"])
    assert fingerprint(certificate) == before
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    room_certificate(tmp_path, ["192.168.1.21"])
    assert fingerprint(certificate) != before
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    certificate.write_text("no certificate")
    room_certificate(tmp_path, ["192.168.1.21"])
    assert fingerprint(certificate)


def test_what_a_kernel_learns(folder: Path) -> None:
    """By role and notebook: whose sheet it is, and as whom the board is opened."""
    place = place_of(folder)
    assert {p.id: p.role for p in place.people.values() if p.role != "expert"} == {
        "e1": "chair",
        "secretary": "secretary",
    }
    chair, keeper = place.person("e1"), place.keeper
    assert chair.notebooks == ("score_sheet", "panel_board")
    given = handed(place, chair, "score_sheet", "en")
    assert given["EVALKIT_EXPERT"] == given["EVALKIT_PERSON"] == "e1"
    assert given["EVALKIT_LANGUAGE"] == "en"
    board = handed(place, keeper, "panel_board", "zh")
    assert board["EVALKIT_ROLE"] == board["EVALKIT_PERSON"] == "secretary"
    assert "EVALKIT_EXPERT" not in board
    assert address_of("https://h:1/x?y") == "https://h:1/"
