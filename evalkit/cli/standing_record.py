"""``evalkit standing record``: what an office puts on record, and what may come next."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import typer

import evalkit as ek
from evalkit.base.text import _, normalise_number
from evalkit.cli.console import say
from evalkit.cli.options import BY, DAY, STANDING
from evalkit.office.told import coming

commands = typer.Typer(
    name="record",
    invoke_without_command=True,
    help=str(_("登记决定、情形、答复、报送、更正和撤回；不写子命令就列出现在可以登记什么")),
)

WHOM = typer.Argument(help=str(_("对象的标识；几个对象同样登记的用逗号隔开，要么都登记要么都不")))
REASON = typer.Option(None, help=str(_("理由")))
NEEDED = typer.Option(..., "--reason", help=str(_("理由")))


@commands.callback()
def record(
    context: typer.Context,
    file: Path = STANDING,
) -> None:
    context.meta["standing"] = file
    if context.invoked_subcommand is None:
        _say_next(file, context.obj)


@commands.command(help=str(_("登记一个环节的结论，如 decide z01 公示 完成 --by p-office")))
def decide(
    context: typer.Context,
    applicant: str = WHOM,
    stage: str = typer.Argument(help=str(_("环节的标识或名称"))),
    outcome: str = typer.Argument(help=str(_("结论，如 通过、完成、退回、开始公示、提出异议"))),
    by: str = BY,
    round: str = typer.Option(None, "--round", help=str(_("轮次；只可能是一个时不必写"))),
    grade: str = typer.Option(None, help=str(_("评定等次：等次的标识或名称"))),
    to: str = typer.Option(None, help=str(_("退回到哪一环节"))),
    answers: str = typer.Option(None, help=str(_("处理哪一条异议；只有一条时不必写"))),
    objector: str = typer.Option(None, help=str(_("提出异议的人，实名"))),
    objector_is: str = typer.Option(None, "--objector-is", help=str(_("被评单位 或 第三方"))),
    reason: str = REASON,
    on: str = DAY,
) -> None:
    about = {"round": round, "stage": stage, "outcome": outcome, "grade": grade, "to": to}
    whose = {"answers": answers, "objector": objector, "objector_is": objector_is}
    _append(context, applicant, "decision", by, on, **about, **whose, reason=reason)


@commands.command(help=str(_("登记一种情形，如无故不参加评估、变更")))
def ground(
    context: typer.Context,
    applicant: str = WHOM,
    rule: str = typer.Argument(help=str(_("规定的标识，如 absence"))),
    year: str = typer.Option(..., help=str(_("哪一年度的情形"))),
    by: str = BY,
    reason: str = NEEDED,
    takes_effect: str = typer.Option(None, help=str(_("变更或重大调整生效的日期"))),
    on: str = DAY,
) -> None:
    more = {"rule": rule, "year": year, "takes_effect": takes_effect, "reason": reason}
    _append(context, applicant, "ground", by, on, **more)


@commands.command(help=str(_("对一项建议作决定；未采纳的以后仍可决定")))
def answer(
    context: typer.Context,
    applicant: str = WHOM,
    rule: str = typer.Argument(help=str(_("规定的标识，如 rectification"))),
    outcome: str = typer.Argument(help=str(_("采纳 或 不采纳"))),
    by: str = BY,
    reason: str = NEEDED,
    cause: str = typer.Option(None, help=str(_("起因记录；只有一项建议时不必写"))),
    on: str = DAY,
) -> None:
    more = {"rule": rule, "outcome": outcome, "cause": cause, "reason": reason}
    _append(context, applicant, "answer", by, on, **more)


@commands.command(help=str(_("登记认定后报送的数据或报告，如年服务企业数量")))
def figure(
    context: typer.Context,
    applicant: str = WHOM,
    duty: str = typer.Argument(help=str(_("义务的标识，如 duty-enterprises-served"))),
    year: str = typer.Option(..., help=str(_("哪一年度的"))),
    evidence: str = typer.Option(..., help=str(_("凭据：报告、统计表的名称或文号"))),
    by: str = BY,
    value: str = typer.Option(None, help=str(_("数值"))),
    unit: str = typer.Option(None, help=str(_("单位；原文写明的不必写"))),
    period: str = typer.Option(None, help=str(_("一年报送几次的：哪一次，如 上半年"))),
    on: str = DAY,
) -> None:
    number = None if value is None else normalise_number(value)
    more = {"duty": duty, "year": year, "period": period, "value": number, "unit": unit}
    _append(context, applicant, "figure", by, on, **more, evidence=evidence)


@commands.command(help=str(_("撤回一条不应有的记录；原记录留着")))
def withdraw(
    context: typer.Context,
    applicant: str = WHOM,
    record: str = typer.Argument(help=str(_("记录的标识，如 r17"))),
    by: str = BY,
    reason: str = NEEDED,
    on: str = DAY,
) -> None:
    _append(context, applicant, "withdrawal", by, on, corrects=record, reason=reason)


@commands.command(help=str(_("更正一条记录：只写要改的，如 --set grade=合格；原记录留着")))
def correct(
    context: typer.Context,
    applicant: str = WHOM,
    record: str = typer.Argument(help=str(_("记录的标识，如 r17"))),
    by: str = BY,
    reason: str = NEEDED,
    change: list[str] = typer.Option([], "--set", help=str(_("项=新的内容；可写多次"))),
    took_place: str = typer.Option(None, help=str(_("更正日期时：实际的日期"))),
    on: str = DAY,
) -> None:
    pairs = dict(one.partition("=")[::2] for one in change)
    more: dict[str, Any] = {**pairs, "took_place": took_place, "corrects": record}
    _append(context, applicant, "correction", by, on, **more, reason=reason)


def _append(
    context: typer.Context, applicant: str, kind: str, by: str, on: str | None, **more: Any
) -> None:
    file = context.meta["standing"]
    whom = dict.fromkeys(id.strip() for id in re.split("[,，、]", applicant))
    with ek.Register.open(file) as register:
        for entered in register.append_all(whom, {"kind": kind, "by": by, "day": on, **more}):
            say_entered(entered, context.obj)
            _say_lines(register.outlook(entered.applicant), file, context.obj)


def _say_next(file: Path, language: str) -> None:
    """What may be put on record now, applicant by applicant."""
    with ek.Register.open(file) as register:
        book = register.book
    seen = [ek.outlook(book, a) for a in book.office.applicants]
    for one in seen:
        say(f"\n{one['name']}（{one['id']}）", language, style="bold")
        _say_lines(one, file, language)
    say(_("更正用 correct，撤回用 withdraw，情形用 ground；各加 --help 看写法"), language)


def _say_lines(one: dict[str, Any], file: Path, language: str) -> None:
    for line, style in coming(one, file):
        say(f"  {line.render(language)}", language, style=style)


def say_entered(entered: Any, language: str) -> None:
    """That a record is stored, under which id."""
    text = _(
        "已登记 {applicant} 的 {id}（{article}，{day}）；日志序号 {author} {seq}",
        id=entered.record.id,
        applicant=entered.applicant,
        article=entered.record.article,
        day=entered.record.day,
        author=entered.receipt.author,
        seq=entered.receipt.seq,
    )
    say(text, language, style="green")
