"""``evalkit archive`` and ``verify``: a round kept for years, and whether it is as it was."""

from __future__ import annotations

from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.text import _
from evalkit.cli.console import say
from evalkit.cli.options import FOLDER
from evalkit.cli.verify import RECEIPT, ROOT, say_found

OUT = typer.Option(..., help=str(_("新建的档案文件夹")))
REPORTS = typer.Option(
    [], "--reports", help=str(_("报告所在的文件夹；不写则装评审工作文件夹里和旁边的"))
)
PAPERS = typer.Option([], "--papers", help=str(_("一起存档的纪要等文件，或它们所在的文件夹")))
SIGN = typer.Option(None, help=str(_("用这个 SSH 私钥签名")))
SIGNER = typer.Option(None, help=str(_("签名人，一个词；不写为评审秘书：秘书标识@评审组标识")))
WHEELHOUSE = typer.Option(
    False, "--wheelhouse", help=str(_("把所用的程序包也装进去，以后重算不必联网"))
)

BY_DIGEST = typer.Option(
    False,
    "--evidence-by-digest",
    help=str(_("佐证材料（material）不装进去，只登记名称、大小和摘要值；原件另行保管")),
)

commands = typer.Typer()


def say_archived(made: ek.Archived, language: str) -> None:
    """Where a new archive is, what is in it, and how it is verified."""
    say(_("档案在 {out}，先看其中的 README.md", out=made.folder), language, style="green")
    for text in made.remarks():
        say(_("  · {text}", text=text), language)
    say(_("核对：evalkit verify {out}", out=made.folder), language)


@commands.command(
    help=str(_("存档：锁定的评审装成一个档案，别人不用 evalkit 也能核对，多年后能重算"))
)
def archive(
    context: typer.Context,
    folder: Path = FOLDER,
    out: Path = OUT,
    reports: list[Path] = REPORTS,
    papers: list[Path] = PAPERS,
    applicant: str = typer.Option(
        None, help=str(_("只为这一个对象做一份可以交给它的：它的报告和所依据的内容"))
    ),
    sign: Path = SIGN,
    signer: str = SIGNER,
    wheelhouse: bool = WHEELHOUSE,
    by_digest: bool = BY_DIGEST,
) -> None:

    with ek.open(folder) as found:
        made = ek.archive_round(
            found,
            out,
            applicant=applicant,
            reports=reports,
            papers=papers,
            key=sign,
            signer=signer,
            wheelhouse=wheelhouse,
            evidence=not by_digest,
        )
    say_archived(made, context.obj)


@commands.command(help=str(_("核对一个档案、一轮评审或一批报告有没有被改过；只读，不改任何文件")))
def verify(
    context: typer.Context,
    folder: Path = typer.Argument(
        help=str(_("档案、评审工作文件夹或报告文件夹；或数据库的地址（postgresql://）"))
    ),
    receipt: list[str] = RECEIPT,
    root: str = ROOT,
    signers: Path = typer.Option(
        None, help=str(_("可以签名的人的名单（OpenSSH 的 allowed_signers），不取自档案"))
    ),
    evidence: Path = typer.Option(
        None, help=str(_("没有装进档案的佐证材料在哪里：评审工作文件夹，或其中的 material"))
    ),
) -> None:

    found = ek.verify(folder, receipts=receipt, root=root, signers=signers, evidence=evidence)
    say_found(found, context.obj)
