"""``evalkit invite``: a personal code for each who takes part, and the sheets to hand out."""

from __future__ import annotations

from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.files import place_private
from evalkit.base.terms import instant
from evalkit.base.text import _
from evalkit.cli.console import say, say_table
from evalkit.cli.options import FOLDER

commands = typer.Typer()

EXPERTS = typer.Option(
    [], "--expert", help=str(_("只为这些人制作（专家或秘书的标识，可多次写），原有的随即作废"))
)
OUT = typer.Option(None, help=str(_("邀请函写到这个文件（.html 或 .pdf），每人一页")))
VALID = typer.Option(14, min=1, max=366, help=str(_("有效多少天")))
REVOKE = typer.Option(
    [], "--revoke", help=str(_("作废这些人的邀请码，并退出他们的登录（可多次写）"))
)
AT = typer.Option(
    "http://127.0.0.1:8866/", help=str(_("评审服务器的网址，如 https://192.168.1.20:8866/"))
)
CERTIFIED = typer.Option(
    False, "--certified", help=str(_("服务器用单位的正式证书，邀请函上不必印自制证书的指纹"))
)
LIST = typer.Option(False, "--list", help=str(_("只列出谁有邀请码、到什么时候")))


@commands.command(help=str(_("为专家、组长、秘书制作各自的邀请码和邀请函")))
def invite(
    context: typer.Context,
    panel: Path = FOLDER,
    expert: list[str] = EXPERTS,
    out: Path | None = OUT,
    valid: int = VALID,
    revoke: list[str] = REVOKE,
    at: str = AT,
    certified: bool = CERTIFIED,
    show: bool = LIST,
) -> None:
    language = context.obj
    if out is not None and out.suffix.casefold() not in {".html", ".pdf"}:
        raise typer.BadParameter(_("--out 须以 .html 或 .pdf 结尾").render(language))
    with ek.Invitations.open(panel) as invitations:
        if show:
            _list(invitations, language)
        elif revoke:
            ended = [person.name for person in invitations.revoke(revoke)]
            none = _("这些人没有有效的邀请码")
            say(_("已作废：{names}", names=ended) if ended else none, language)
        else:
            people = expert or [person.id for person in invitations.lacking()]
            _hand_out(invitations, people, valid, out, at, certified, language)


def _hand_out(
    invitations: ek.Invitations,
    people: list[str],
    days: int,
    out: Path | None,
    url: str,
    certified: bool,
    language: str,
) -> None:
    if not people:
        say(_("每个人都有有效的邀请码；丢了的用 --expert 标识 重发，旧的随即作废"), language)
        return
    url = ek.address_of(url)
    made = invitations.make(people, days)
    if out is not None:
        page = invitations.sheets(made, url, language, certified=certified)
        content = ek.pdf(page) if out.suffix.casefold() == ".pdf" else page.encode()
        place_private(out, content)
        say(
            _("{n} 份邀请函：{file}（里面有邀请码，请妥善保管）", n=len(made), file=str(out)),
            language,
        )
        return
    columns = [(_("姓名"), "left"), (_("邀请码"), "left"), (_("网址"), "left")]
    say_table(columns, [[i.person.name, i.code, i.link(url)] for i in made], language)
    say(_("邀请码只显示这一次；加 --out 邀请函.html 可以打印，每人一页"), language)


def _list(invitations: ek.Invitations, language: str) -> None:
    columns = [(_("标识"), "left"), (_("姓名"), "left"), (_("邀请码有效期至"), "left")]
    rows = [
        [person.id, person.name, instant(until).render(language) if until else "—"]
        for person, until in invitations.known()
    ]
    say_table(columns, rows, language)
