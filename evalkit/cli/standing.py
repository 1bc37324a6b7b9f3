"""``evalkit standing``: where applicants stand between their rounds, and what an office may do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

import evalkit as ek
from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.cli import standing_record
from evalkit.cli.console import add_schema, say, say_json
from evalkit.cli.options import APPLICANT_OF, BY, DAY, JSON, STANDING, day
from evalkit.office.told import lines


class _ShowByDefault(TyperGroup):
    """``evalkit standing FILE`` means ``evalkit standing show FILE``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["show", *args]
        return super().parse_args(ctx, args)


commands = typer.Typer(
    name="standing",
    cls=_ShowByDefault,
    no_args_is_help=True,
    help=str(_("资格登记：各对象办到哪一环节、历年等次、待决定的建议、期限；登记决定、出公文")),
)
commands.add_typer(standing_record.commands)

ROUND = typer.Argument(help=str(_("已锁定的评审工作文件夹")))


@commands.command(help=str(_("起草资格登记文件：原文没有规定的规则逐条列出，待人决定")))
def new(
    context: typer.Context,
    rubric: str = typer.Argument(help=str(_("指标体系文件，或随 evalkit 附带的标识"))),
    out: Path = typer.Option(..., help=str(_("文件写到这个文件夹"))),
    panel: Path = typer.Option(None, help=str(_("对象取自这个评审组文件"))),
) -> None:
    from evalkit.panel.load import rubric_beside, rubric_place

    loaded = ek.load_rubric(rubric_beside(out / "standing.yaml", rubric) or rubric)
    listed = ek.load_panel(panel, ek.find_rubric(panel)) if panel is not None else None
    file = ek.draft_standing(out, loaded, listed, context.obj)
    text = _("已写好 {file}。逐条换掉“待定”，再运行 evalkit standing check {file}", file=file)
    say(text, context.obj, style="green")
    if (place := rubric_place(file, loaded)) is not None:
        text = _("请先把这份指标体系放到 {place}：登记文件在那里找它", place=place)
        say(text, context.obj, style="yellow")


@commands.command(help=str(_("列出每个对象的状态；也可以直接写 evalkit standing 文件")))
def show(
    context: typer.Context,
    file: Path = STANDING,
    applicant: str = typer.Option("", help=str(_("只看这一对象"))),
    on: str = typer.Option("", help=str(_("看到这一日为止，并指出已逾期的；如 2026-07-01"))),
    as_json: bool = JSON,
) -> None:
    from evalkit.office.outlook import plain

    until = day(on).isoformat() if on else None
    with ek.Register.open(file) as register:
        book = register.book
    office = book.office
    chosen = [office.applicant(applicant)] if applicant else office.applicants
    seen = [ek.outlook(book, a, until) for a in chosen]
    if as_json:
        head = {"office": office.id, "rubric": office.rubric, "on": until}
        found = plain({**head, "applicants": seen}, context.obj)
        say_json(found)
        return
    say(office.title, context.obj, style="bold")
    for who, one in zip(chosen, seen, strict=True):
        say(f"\n{one['name']}（{one['id']}）", context.obj, style="bold")
        if not applicant:
            one["duties"] = []  # the same for everybody
        names = {id: person.name for id, person in office.people(who).items()}
        for line, style in lines(one, names):
            say(f"  {line.render(context.obj)}", context.obj, style=style)


@commands.command(
    help=str(_("检查登记：规则是否声明齐全，每条记录是否合乎程序，哈希链和所取的结果是否相符"))
)
def check(
    context: typer.Context,
    file: Path = STANDING,
    round: list[Path] = typer.Option(
        [], "--round", help=str(_("取过结果的评审工作文件夹，逐个核对摘要值；可写多次"))
    ),
) -> None:
    rounds = [_locked(folder) for folder in round]
    with ek.Register.open(file) as register:
        apart = register.verify(rounds)
        office, rubric, n = register.office, register.rubric, len(register.events)
    if findings := list(ek.check_office(office, rubric)):
        for finding in findings:
            say(finding, context.obj, style="yellow")
        raise typer.Exit(1)
    text = _(
        "{id}：依据 {rubric}，{a} 个对象、{n} 条记录，没有发现问题",
        id=office.id,
        rubric=rubric.title,
        a=len(office.applicants),
        n=sum(len(a.records) for a in office.applicants),
    )
    say(text, context.obj, style="green")
    if n:
        say(_("其中 {n} 条在日志里，哈希链完整", n=n), context.obj, style="green")
    if rounds:
        say(_("与 {n} 轮锁定的结果核对，相符", n=len(rounds)), context.obj, style="green")
    if apart:
        text = _("{n} 条记录取自没有给出的评审，没有核对：用 --round 给出文件夹", n=len(apart))
        say(text, context.obj, style="yellow")


@commands.command(help=str(_("从已锁定的评审取等次、是否拟选，连同结果摘要值和根哈希一并登记")))
def take(
    context: typer.Context,
    file: Path = STANDING,
    folder: Path = ROUND,
    round: str = typer.Option(..., "--round", help=str(_("登记文件中的轮次，如 rec-2026"))),
    stage: str = typer.Option(..., help=str(_("哪一环节，如 expert-review"))),
    by: str = BY,
    decide: bool = typer.Option(
        False, help=str(_("按拟选决定：拟选的通过，其余不予通过；不写只登记环节完成和是否拟选"))
    ),
    applicant: list[str] = typer.Option([], help=str(_("只取这些对象；可写多次"))),
    reason: str = typer.Option(None, help=str(_("理由；更正以前所取的须写"))),
    on: str = DAY,
) -> None:
    with ek.open(folder) as found, ek.Register.open(file) as register:
        lock = found.history().lock
        if lock is None:
            raise Refused(_("{folder} 还没有锁定，结果不能登记；先锁定", folder=folder))
        entered = register.take(
            found.results(),
            round=round,
            stage=stage,
            by=by,
            decide=decide,
            applicants=tuple(applicant),
            reason=reason,
            day=on,
        )
    for one in entered:
        standing_record.say_entered(one, context.obj)
    text = _("登记了 {n} 条，取自根哈希 {root} 的评审", n=len(entered), root=lock.payload["root"])
    say(text, context.obj, style="green")


def _locked(folder: Path) -> ek.Results:
    with ek.open(folder) as found:
        return found.results()


@commands.command(help=str(_("出公文（Word）：认定公布、名单、整改通知、撤销公告、异议答复")))
def notice(
    context: typer.Context,
    file: Path = STANDING,
    kind: str = typer.Option(
        ...,
        help=str(
            _(
                "recognition 认定公布；list 名单；rectification 整改通知；"
                "revocation 撤销公告；objection 异议答复"
            )
        ),
    ),
    out: Path = typer.Option(..., help=str(_("写成这个 .docx 文件"))),
    applicant: str = APPLICANT_OF,
    round: str = typer.Option(None, "--round", help=str(_("名单：哪一轮次，如 rec-2026"))),
    record: str = typer.Option(None, help=str(_("异议答复：哪一条异议，如 r09"))),
    template: Path = typer.Option(None, help=str(_("Word 的样式取自这个模板 .docx"))),
) -> None:
    from evalkit.base.files import place
    from evalkit.documents.template import template as checked

    looks = None if template is None else checked(template)
    with ek.Register.open(file) as register:
        view = register.notice(kind, applicant=applicant, round=round, record=record)
    place({out: ek.notice_word(view, context.obj, looks)})
    say(_("已写好 {out}", out=out), context.obj, style="green")


add_schema(
    commands, "evalkit.office.file:Office", _("输出登记文件的 JSON Schema，供编辑器提示和检查")
)
