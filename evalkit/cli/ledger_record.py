"""``evalkit ledger record``: what happens to a ledger in its year, each with author and day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

import evalkit as ek
from evalkit.base.text import Text, _
from evalkit.cli.console import say

commands = typer.Typer(
    name="record",
    no_args_is_help=True,
    help=str(_("登记台账的变动：完成、改期、新增、数据、认定、督导、答复；每条都有登记人和日期")),
)


def _option(help: Text, default: Any = ..., *names: str) -> Any:
    return typer.Option(default, *names, help=str(help))


LEDGER = typer.Argument(help=str(_("台账文件夹，或其中的 ledger.yaml")))
MILESTONE = typer.Argument(help=str(_("时间节点：编号，或名称里独有的几个字")))
TARGET = typer.Argument(help=str(_("目标的标识")))
BY = _option(_("登记人：台账 staff 中的标识（认定用 judges 中的）"))
ON = _option(_("哪一天的事，如 2026-06-01；不写是今天"), None)
WHY = _option(_("理由；更正以前的记录时须写"), None)
NOTE = _option(_("备注"), None)
REASON = _option(_("理由"))
ENCODING = _option(_("台账表的编码，如 utf-8、gbk"), "utf-8")


def _record(context: typer.Context, kind: str, path: Path, by: str, **fields: str | None) -> None:
    encoding = fields.pop("encoding") or "utf-8"
    with ek.open_year(path, encoding) as year:
        if (milestone := fields.get("milestone")) is not None:
            fields["milestone"] = year.number(milestone)
        if (about := fields.get("about")) is not None:
            fields["about"] = ",".join(year.number(words) for words in about.splitlines())
        given = {name: value for name, value in fields.items() if value is not None}
        receipt = year.record(kind, by, given)
        values = {"author": by, "n": receipt.seq, "hash": receipt.hash[:16]}
        say(_("已登记：{author} 的第 {n} 条，{hash}…", **values), context.obj, style="green")
        if kind == "reminder":
            number = len(year.as_of().reminders)
            say(_("督导编号 {n}，登记答复时用", n=number), context.obj)


@commands.command(help=str(_("一个时间节点完成了")))
def done(
    context: typer.Context,
    path: Path = LEDGER,
    milestone: str = MILESTONE,
    by: str = BY,
    done: str = _option(_("完成日期"), ..., "--done"),
    evidence: str = _option(_("佐证材料")),
    on: str = ON,
    note: str = NOTE,
    reason: str = WHY,
    encoding: str = ENCODING,
) -> None:
    fields = {"milestone": milestone, "state": "done", "done": done, "evidence": evidence}
    more = {"day": on, "note": note, "reason": reason, "encoding": encoding}
    _record(context, "milestone", path, by, **fields, **more)


@commands.command(help=str(_("一个没有完成的时间节点进展如何")))
def state(
    context: typer.Context,
    path: Path = LEDGER,
    milestone: str = MILESTONE,
    by: str = BY,
    state: str = _option(_("ongoing（进行中）或 not_started（未开始）"), ..., "--state"),
    on: str = ON,
    note: str = NOTE,
    reason: str = WHY,
    encoding: str = ENCODING,
) -> None:
    fields = {"milestone": milestone, "state": state, "day": on, "note": note}
    _record(context, "milestone", path, by, **fields, reason=reason, encoding=encoding)


@commands.command(help=str(_("一个时间节点改期；以前的评估仍按原来的时限")))
def moved(
    context: typer.Context,
    path: Path = LEDGER,
    milestone: str = MILESTONE,
    by: str = BY,
    due: str = _option(_("新的完成时限")),
    reason: str = REASON,
    on: str = ON,
    encoding: str = ENCODING,
) -> None:
    fields = {"milestone": milestone, "due": due, "day": on}
    _record(context, "moved", path, by, **fields, reason=reason, encoding=encoding)


@commands.command(help=str(_("年中新增一个时间节点")))
def added(
    context: typer.Context,
    path: Path = LEDGER,
    by: str = BY,
    task: str = _option(_("任务的标识")),
    unit: str = _option(_("责任单位")),
    name: str = _option(_("节点内容")),
    due: str = _option(_("完成时限")),
    reason: str = REASON,
    on: str = ON,
    note: str = NOTE,
    encoding: str = ENCODING,
) -> None:
    fields = {"task": task, "unit": unit, "name": name, "due": due, "day": on, "note": note}
    _record(context, "added", path, by, **fields, reason=reason, encoding=encoding)


@commands.command(help=str(_("一个目标的数据")))
def measurement(
    context: typer.Context,
    path: Path = LEDGER,
    target: str = TARGET,
    by: str = BY,
    value: str = _option(_("数值")),
    unit: str = _option(_("计量单位，须与目标的一致")),
    as_of: str = _option(_("数据截至哪一天")),
    source: str = _option(_("数据出处")),
    on: str = ON,
    reason: str = WHY,
    encoding: str = ENCODING,
) -> None:
    fields = {"target": target, "value": value, "unit": unit, "as_of": as_of, "source": source}
    more = {"day": on, "reason": reason, "encoding": encoding}
    _record(context, "measurement", path, by, **fields, **more)


@commands.command(help=str(_("一个没有数量的目标的认定；登记人就是认定人")))
def judgement(
    context: typer.Context,
    path: Path = LEDGER,
    target: str = TARGET,
    by: str = BY,
    verdict: str = _option(_("met（达到）或 not_met（没有达到）")),
    reason: str = REASON,
    on: str = ON,
    encoding: str = ENCODING,
) -> None:
    fields = {"target": target, "verdict": verdict, "day": on}
    _record(context, "judgement", path, by, **fields, reason=reason, encoding=encoding)


@commands.command(help=str(_("向责任单位发出督导")))
def reminder(
    context: typer.Context,
    path: Path = LEDGER,
    by: str = BY,
    unit: str = _option(_("责任单位")),
    milestone: list[str] = _option(_("督导的时间节点，可多次给出")),
    answer_by: str = _option(_("答复时限")),
    text: str = _option(_("督导内容，或督导函的文号")),
    on: str = ON,
    encoding: str = ENCODING,
) -> None:
    fields = {"unit": unit, "about": "\n".join(milestone), "answer_by": answer_by, "day": on}
    _record(context, "reminder", path, by, **fields, text=text, encoding=encoding)


@commands.command(help=str(_("责任单位对督导的答复；承诺的日期不改时限，改期另行登记")))
def reply(
    context: typer.Context,
    path: Path = LEDGER,
    number: str = typer.Argument(help=str(_("督导编号"))),
    by: str = BY,
    text: str = _option(_("答复内容，或复函的文号")),
    promised: str = _option(_("承诺的完成日期"), None),
    on: str = ON,
    reason: str = WHY,
    encoding: str = ENCODING,
) -> None:
    fields = {"reminder": number, "text": text, "promised": promised, "day": on}
    _record(context, "reply", path, by, **fields, reason=reason, encoding=encoding)
