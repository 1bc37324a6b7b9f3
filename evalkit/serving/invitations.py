"""Invites of a round: made, printed one sheet a person, revoked. A code is known only when made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from evalkit.base import urls
from evalkit.base.errors import InputError, Problem
from evalkit.base.terms import instant
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.serving import codes
from evalkit.serving.access import Access
from evalkit.serving.certificate import fingerprint, room_certificate
from evalkit.serving.people import ROLES, Person, place_of

DAYS = 14
MOST = 366


@dataclass(frozen=True)
class Invitation:
    """A new invite with its code, which stands nowhere else; ``expires`` is an ISO instant."""

    person: Person
    code: str
    expires: str

    def link(self, url: str) -> str:
        """The address that logs in: the code is behind ``#``, which browsers keep to themselves."""
        return f"{url.rstrip('/')}/login#code={self.code}"


class Invitations:
    """The invites of the round in ``folder``."""

    def __init__(self, folder: Path) -> None:
        if urls.is_url(folder):
            text = _(
                "记录在数据库里的评审没有邀请码，每人用自己的数据库账户：在本人的电脑上用 "
                "evalkit sheet 或 evalkit board，全单位用 JupyterHub（见 docs/hub.md）"
            )
            raise InputError(Problem(text, urls.Place.read(folder).shown))
        self.place, self._folder = place_of(folder), folder
        self._access = Access(folder)

    @classmethod
    @asked
    def open(cls, path: Path | str) -> Invitations:
        """The invites of the round in the folder ``path``. Raises InputError as `ek.open` does."""
        return cls(Path(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._access.close()

    def lacking(self) -> list[Person]:
        """Who has no invite that is good now."""
        good = self._access.good()
        return [p for p in self.place.people.values() if p.id not in good]

    def make(self, people: Iterable[str], days: float = DAYS) -> list[Invitation]:
        """New invites for ``people`` (ids), good for ``days``; what they had before ends at once.

        Raises InputError for somebody unknown, before anything is made.
        """
        if not 0 < days <= MOST:
            raise InputError(_("有效期须在 1 到 {most} 天之间", most=MOST))
        wanted = [self.place.person(id) for id in dict.fromkeys(people)]
        made = [(person, self._access.invite(person.id, days)) for person in wanted]
        good = self._access.good()
        return [Invitation(p, codes.shown(c), _iso(good[p.id].expires)) for p, c in made]

    def revoke(self, people: Iterable[str]) -> list[Person]:
        """End the invites of ``people`` and their logins; who had one."""
        wanted = [self.place.person(id) for id in dict.fromkeys(people)]
        return [person for person in wanted if self._access.revoke(person.id)]

    def known(self) -> list[tuple[Person, str | None]]:
        """Everybody, with the instant until which they can log in."""
        good = self._access.good()
        people = self.place.people.values()
        return [(p, _iso(good[p.id].expires) if p.id in good else None) for p in people]

    def sheets(
        self,
        made: Sequence[Invitation],
        url: str,
        language: str = "zh",
        *,
        certified: bool = False,
    ) -> str:
        """A page of HTML that stands alone, an A4 sheet for each of ``made``: link, code, QR code.

        Where ``url`` is of HTTPS, the print of the certificate for the room is on it, and the
        certificate is made if there is none yet; ``certified`` says that the server has one that
        browsers know. Raises InputError for what is no address of a server.
        """
        from jinja2 import Environment, FileSystemLoader

        url = address_of(url)
        host = urlsplit(url).hostname or ""
        own = url.startswith("https:") and not certified
        certificate = room_certificate(self._folder, [host])[0] if own else None
        folder = Path(__file__).parent / "templates"
        template = Environment(loader=FileSystemLoader(folder), autoescape=True)
        return template.get_template("sheets.html").render(
            t={name: text.render(language) for name, text in _SHEET.items()},
            language="zh-CN" if language == "zh" else language,
            title=self.place.title,
            keeper=self.place.keeper.name,
            url=url,
            print=fingerprint(certificate) if certificate else "",
            sheets=[_sheet(one, url, language) for one in made],
        )


def _sheet(one: Invitation, url: str, language: str) -> dict[str, object]:
    """What the sheet of one person says."""
    return {
        "name": one.person.name,
        "role": ROLES[one.person.role].render(language),
        "code": one.code,
        "link": one.link(url),
        "until": instant(one.expires).render(language),
        "qr": _qr(one.link(url)),
    }


def address_of(url: str) -> str:
    """The address of a server as it is printed. Raises InputError for what is none."""
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"
    raise InputError(_("“{url}”不是网址，请写成 https://192.168.1.20:8866/", url=url))


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")


def _qr(link: str) -> Any:
    import segno
    from markupsafe import Markup

    drawn = segno.make(link, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=1, border=4, omitsize=True))  # noqa: S704


_SHEET: dict[str, Text] = {
    "heading": _("评审邀请函"),
    "dear": _("您的姓名"),
    "role": _("身份"),
    "link": _("网址"),
    "code": _("邀请码"),
    "until": _("有效期至"),
    "how": _("怎样进入"),
    "step1": _("用手机或平板扫下面的二维码；或在电脑的浏览器里打开上面的网址"),
    "step2": _("扫码的不用再输；在电脑上，输入邀请码，大小写、中间有没有横线都可以"),
    "step3": _("每填一项都会自动保存，显示“已保存”才算存上。中途关掉、换一台电脑都可以接着填"),
    "warned": _(
        "第一次打开时，浏览器会提醒连接不受信任，因为证书是本会场自制的。"
        "请先核对证书的 SHA-256 指纹与下面一致，再选择继续"
    ),
    "print": _("证书指纹"),
    "keep": _(
        "邀请码只属于您本人，凭它填的都记在您名下，请不要转给别人，用完请妥善保管。"
        "丢了，请马上告诉评审秘书作废"
    ),
    "ask": _("有问题请找评审秘书"),
    "qr": _("进入评审的二维码"),
}
