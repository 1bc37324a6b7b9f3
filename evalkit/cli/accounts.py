"""``evalkit panel accounts``: who may connect to a round in a database."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.text import Text, _
from evalkit.cli.console import confirm, say, say_table

commands = typer.Typer(
    name="accounts",
    no_args_is_help=True,
    help=str(_("数据库里的评审：为专家、组长、秘书各建一个账户，或全部删去")),
)

URL = typer.Argument(help=str(_("评审的地址 postgresql://…/数据库?panel=评审组，用建立评审的账户")))
COLUMNS: tuple[Text, ...] = (_("标识"), _("身份"), _("账户"), _("口令"))
PARTS = {"expert": _("专家"), "chair": _("组长"), "secretary": _("评审秘书")}


@commands.command(help=str(_("为还没有账户的人建立账户；口令随机，只在这里给出一次")))
def make(
    context: typer.Context,
    url: Path = URL,
    person: list[str] = typer.Option([], help=str(_("只为谁建（标识），可写多次；不写为所有人"))),
    to: Path = typer.Option(
        None, help=str(_("写到新建的 CSV 文件，只有您能读；不写则显示在屏幕上"))
    ),
) -> None:
    language = context.obj
    heads = [text.render(language) for text in COLUMNS]
    if to is None:
        rows = _made(url, person, language)
        say_table(((text, "left") for text in COLUMNS), rows, language)
    else:
        # the file comes first: a password that cannot be written down is lost
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            try:
                rows = _made(url, person, language)
            except BaseException:
                to.unlink()
                raise
            csv.writer(file).writerows([heads, *rows])
        say(_("已写好 {to}：请分别交给本人，然后删去", to=to), language)
    say(_("已建立 {n} 个账户", n=len(rows)), language, style="green")


def _made(url: Path, persons: list[str], language: str) -> list[list[str]]:
    return [
        [made.person, PARTS[made.part].render(language), made.role, made.password]
        for made in ek.Database(url).make_accounts(persons)
    ]


@commands.command(help=str(_("删去所有账户：评审结束以后，或口令泄露时；记录都还在")))
def drop(
    context: typer.Context,
    url: Path = URL,
    yes: bool = typer.Option(False, "--yes", help=str(_("不再询问"))),
) -> None:
    if not yes:
        confirm(_("删去这个评审组的所有账户？"), context.obj)
    roles = ek.Database(url).drop_accounts()
    say(_("已删去 {n} 个账户", n=len(roles)), context.obj, style="green")
