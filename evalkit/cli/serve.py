"""``evalkit serve``: the whole panel at one server, each on a screen of their own."""

from __future__ import annotations

from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.text import _
from evalkit.cli.console import say
from evalkit.cli.options import FOLDER

commands = typer.Typer()

HOST = typer.Option(
    "127.0.0.1", help=str(_("在哪个地址上打开；不写时别的电脑连不上，会议室里写这台电脑的地址"))
)
PORT = typer.Option(8866, min=1, max=65535, help=str(_("端口")))
CERT = typer.Option(None, help=str(_("HTTPS 证书文件（PEM）")))
KEY = typer.Option(None, help=str(_("证书的私钥文件（PEM）")))
HTTPS = typer.Option(False, "--https", help=str(_("加密，用为这个会场自制的证书")))
INSECURE = typer.Option(
    False, "--insecure-http", help=str(_("不加密也让别的电脑连：同一网络里的人能看到内容"))
)
HUB = typer.Option(
    False, "--hub", help=str(_("由 JupyterHub 为一个人启动，评审在数据库里（见 docs/hub.md）"))
)


@commands.command(help=str(_("打开评审服务器：专家、组长、秘书凭邀请码各自登录")))
def serve(
    context: typer.Context,
    panel: Path = FOLDER,
    host: str = HOST,
    port: int = PORT,
    cert: Path | None = CERT,
    key: Path | None = KEY,
    https: bool = HTTPS,
    insecure_http: bool = INSECURE,
    hub: bool = HUB,
) -> None:
    if hub:
        ek.serve(panel, language=context.obj, hub=True)
        return
    if (cert is None) != (key is None):
        raise typer.BadParameter(_("--cert 和 --key 要一起给出").render(context.obj))
    given = (cert, key) if cert is not None and key is not None else None
    with ek.Invitations.open(panel) as invitations:
        title, lacking = invitations.place.title, [p.name for p in invitations.lacking()]
    address = ek.address_for(
        panel, host, port, certificate=given, https=https, insecure=insecure_http
    )

    def said(url: str) -> None:
        say(_("“{title}”已打开：{url}", title=title, url=url), context.obj)
        if lacking:
            text = _("还没有有效邀请码的：{names}；用 evalkit invite 制作", names=lacking)
            say(text, context.obj, style="yellow")
        if insecure_http and not address.https and not address.loopback:
            text = _("没有加密：同一网络里的人能看到分数和登录")
            say(text, context.obj, style="bold red")
        say(_("按 Ctrl+C 结束；重新打开用同一条命令，大家的页面会自己接上"), context.obj)

    ek.serve(panel, address, context.obj, said=said)
