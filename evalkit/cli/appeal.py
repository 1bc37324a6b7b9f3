"""``evalkit appeal``: from an objection against locked results to the decision."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.cli import compared
from evalkit.cli.archive import (
    BY_DIGEST,
    OUT,
    PAPERS,
    REPORTS,
    SIGN,
    SIGNER,
    WHEELHOUSE,
    say_archived,
)
from evalkit.cli.console import confirm, say, say_json
from evalkit.cli.options import JSON, PANEL, REISSUE, day

commands = typer.Typer(
    name="appeal",
    no_args_is_help=True,
    help=str(_("异议和复核：立案、受理、重开改算、对照、决定；见 docs/appeal.md")),
)

CASE = typer.Argument(help=str(_("异议的案卷文件夹")))
NAMED = typer.Option(..., "--by", help=str(_("谁作出的，实名")))
ON = typer.Option(None, "--on", help=str(_("作出的日期，如 2026-07-01；不写为今天")))
TEMPLATE = typer.Option(None, help=str(_("Word 的样式取自这个模板 .docx")))
WHY = typer.Option(..., help=str(_("理由；写给异议人看，不写专家姓名")))


@commands.command(
    name="open", help=str(_("立案：谁就哪一对象、凭什么理由提出异议，是否在公示期内"))
)
def open_(
    context: typer.Context,
    source: Path = typer.Argument(help=str(_("已锁定的评审工作文件夹，或它的档案（不会改动）"))),
    out: Path = typer.Option(..., help=str(_("新建的案卷文件夹"))),
    applicant: str = typer.Option(..., help=str(_("就哪一评审对象的结果：标识"))),
    objector: str = typer.Option(..., help=str(_("提出异议的人或单位，实名"))),
    objector_is: str = typer.Option(..., "--objector-is", help=str(_("被评单位 或 第三方"))),
    ground: str = typer.Option(..., help=str(_("异议的理由，照原话"))),
    summary: str = typer.Option(
        "", help=str(_("原话里有专家姓名的，另写一句不带姓名的要点：写进复核决定"))
    ),
    by: str = NAMED,
    received: str = typer.Option(..., help=str(_("收到的日期，如 2026-07-01"))),
    published: str = typer.Option(None, help=str(_("公示开始的日期"))),
    days: int = typer.Option(None, help=str(_("公示多少天（自然日，开始的当日不算）"))),
    standing: Path = typer.Option(None, help=str(_("公示的日期和天数取自这份资格登记文件"))),
    number: str = typer.Option(None, help=str(_("编号；不写为案卷文件夹的名称"))),
) -> None:
    publicity = _publicity(applicant, published, days, standing)
    objection = ek.Objection(
        number or out.name,
        applicant,
        objector,
        objector_is,
        ground,
        day(received, "--received"),
        publicity,
        summary,
    )
    with ek.Appeal.begin(out, source, objection, by) as appeal:
        bag, remarks = appeal.opened.payload["bag"], appeal.remarks()
        _tell(appeal, context.obj)
    for remark in remarks:
        say(remark, context.obj, style="yellow")
    text = _("没有给出档案，新的档案里只写被取代的根哈希")
    if bag:
        text = _("档案已核对，没有改动；它的标签清单的摘要值：{bag}", bag=bag)
    say(text, context.obj, style=None if bag else "yellow")


@commands.command(help=str(_("受理，写明由谁复核；或用 --refuse 不予受理，写明理由")))
def accept(
    context: typer.Context,
    case: Path = CASE,
    by: str = NAMED,
    reviewer: list[str] = typer.Option(
        [], help=str(_("复核人员，没有参加过原评审：姓名:工作单位；可写多次"))
    ),
    refuse: bool = typer.Option(False, "--refuse", help=str(_("不予受理"))),
    reason: str = typer.Option("", help=str(_("不予受理、或逾期仍受理的理由"))),
    on: str = ON,
    yes: bool = typer.Option(False, "--yes", help=str(_("名称相近的单位已经核对，不再询问"))),
    template: Path = TEMPLATE,
) -> None:
    looks, when = _styled(template), _on(on)
    with ek.Appeal.open(case) as appeal:
        if refuse:
            appeal.refuse(by, reason, on=when)
            _papers(appeal, looks, context.obj)
        else:
            doubts = appeal.doubts(reviewer)
            for text in doubts:
                say(text, context.obj, style="yellow")
            if doubts and not yes:
                confirm(_("已经核对，不是同一单位，照此受理？"), context.obj)
            appeal.accept(by, reviewer, reason, confirmed=True, on=when)
        _tell(appeal, context.obj)


@commands.command(
    help=str(_("异议查实：重开写明的内容，另立一轮取代原来的；其余照锁定时，原件不动"))
)
def amend(
    context: typer.Context,
    case: Path = CASE,
    by: str = typer.Option(..., "--by", help=str(_("由谁认定查实"))),
    reason: str = typer.Option(..., help=str(_("查实的理由；只给主持评审的人看"))),
    reopen_sheet: list[str] = typer.Option(
        [], help=str(_("退回一份评分表：专家:评审对象，如 e3:c01；可写多次"))
    ),
    recuse: list[str] = typer.Option(
        [], help=str(_("查实的利益冲突：专家:评审对象，其评分不再计入；可写多次"))
    ),
    reopen_value: list[str] = typer.Option(
        [], help=str(_("重新登记一个值：评审对象:指标（条件、加分成果、扣分项）；可写多次"))
    ),
    panel: Path = PANEL,
    on: str = ON,
) -> None:
    given = {"sheets": reopen_sheet, "recusals": recuse, "values": reopen_value}
    with ek.Appeal.open(case) as appeal:
        with appeal.amend(by, reason, **given, panel_file=panel, on=_on(on)) as new:
            found, people = new.history().succession, new.panel.experts
            applicants = [one.id for one in new.panel.applicants]
        if found is None:
            return
        text = _("已建立 {out}，取代根哈希为 {root} 的一轮", out=new.folder, root=found.root)
        say(text, context.obj)
        say(_("重开：{what}", what=found.reopened), context.obj, style="green")
        given_back = {expert for expert, _applicant in found.sheets}
        for expert in (one for one in people if one.id in given_back):
            say(f"  {expert.name}  evalkit sheet {new.folder} --expert {expert.id}", context.obj)
        for text in found.told_by_reports(applicants):
            say(text, context.obj, style="yellow")
        _next(appeal, context.obj)


@commands.command(
    help=str(_("撤回记错的上一步（受理、重开），写明理由；都留在案卷里。作出决定以后不能撤回"))
)
def withdraw(
    context: typer.Context,
    case: Path = CASE,
    by: str = NAMED,
    reason: str = typer.Option(..., help=str(_("理由，记入案卷"))),
) -> None:
    with ek.Appeal.open(case) as appeal:
        appeal.withdraw(by, reason)
        _tell(appeal, context.obj)


@commands.command(help=str(_("决定：维持 或 变更，须与重算的结果相符；出复核决定（Word）")))
def decide(
    context: typer.Context,
    case: Path = CASE,
    outcome: str = typer.Argument(help=str(_("维持 或 变更"))),
    by: str = NAMED,
    reason: str = WHY,
    on: str = ON,
    template: Path = TEMPLATE,
) -> None:
    looks, when = _styled(template), _on(on)
    with ek.Appeal.open(case) as appeal:
        appeal.decide(by, outcome, reason, on=when)
        _papers(appeal, looks, context.obj)
        if (found := appeal.compared()) is not None:
            view = ek.comparison_view(found, context.obj)
            changed = view["publicity"]["changed"]
            say(view["publicity"]["said"], context.obj, style="yellow" if changed else None)
            if changed:
                text = _("重新公示：evalkit export {round} --format publicity --out 文件夹")
                say(text.filled(round=case / "round"), context.obj)
        _tell(appeal, context.obj)


@commands.command(
    help=str(_("文书不见了的，照案卷再做一份：与当时出具的逐字节相同；被改过的先移走"))
)
def papers(
    context: typer.Context, case: Path = CASE, template: Path = TEMPLATE, reissue: str = REISSUE
) -> None:
    looks = _styled(template)
    with ek.Appeal.open(case) as appeal:
        _papers(appeal, looks, context.obj, reissue)


@commands.command(
    help=str(_("存档：办结的异议，连同现在有效的一轮、决定和每一步，装成接在原来那份之后的档案"))
)
def archive(
    context: typer.Context,
    case: Path = CASE,
    out: Path = OUT,
    reports: list[Path] = REPORTS,
    papers: list[Path] = PAPERS,
    sign: Path = SIGN,
    signer: str = SIGNER,
    wheelhouse: bool = WHEELHOUSE,
    by_digest: bool = BY_DIGEST,
) -> None:
    given = {"reports": reports, "key": sign, "signer": signer, "wheelhouse": wheelhouse}
    given |= {"evidence": not by_digest}
    with ek.Appeal.open(case) as appeal:
        made = appeal.archive(out, papers, **given)
    say_archived(made, context.obj)


@commands.command(help=str(_("办到哪一步、由谁、凭什么，接着能做什么")))
def show(context: typer.Context, case: Path = CASE, as_json: bool = JSON) -> None:
    with ek.Appeal.open(case) as appeal:
        if as_json:
            say_json(appeal.to_frame().to_dict("records"))
            return
        _tell(appeal, context.obj)


compared.add_to(commands)


def _publicity(
    applicant: str, published: str | None, days: int | None, standing: Path | None
) -> ek.Publicity:
    """The publicity as it is said, or as the register has it."""
    if standing is not None and published is None and days is None:
        with ek.Register.open(standing) as register:
            return ek.Publicity.registered(register, applicant)
    if standing is not None or published is None or days is None:
        text = _(
            "请写明公示从哪一日开始、多少天：--published 和 --days；或只写 --standing 资格登记文件"
        )
        raise InputError(text)
    return ek.Publicity(day(published, "--published"), days)


def _on(text: str | None) -> date | None:
    """The day of a step; None: today."""
    return None if text is None else day(text)


def _styled(template: Path | None) -> bytes | None:
    """The template of an office, checked before anything goes on record."""
    from evalkit.documents.template import template as checked

    return None if template is None else checked(template)


def _papers(appeal: ek.Appeal, looks: bytes | None, language: str, reissue: str = "") -> None:
    for file in appeal.give_out(language, looks, reissue):
        say(_("已写好 {out}", out=file), language, style="green")


def _tell(appeal: ek.Appeal, language: str) -> None:
    """Every step, and what may come next."""
    for text in appeal.lines():
        say(text, language)
    _next(appeal, language)


def _next(appeal: ek.Appeal, language: str) -> None:
    for text in appeal.coming():
        say(_("  → {text}", text=text), language, style="cyan")
