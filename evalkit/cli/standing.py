"""``evalkit standing``: where applicants stand between their rounds, and what an office may do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

import evalkit as ek
from evalkit.base.text import Text, _
from evalkit.cli.console import add_schema, say, say_json
from evalkit.cli.options import JSON, day


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
    help=str(_("资格登记：各对象办到哪一环节、历年等次、待决定的建议、期限")),
)

FILE = typer.Argument(help=str(_("资格登记文件 standing.yaml，或它所在的文件夹")))


@commands.command(help=str(_("列出每个对象的状态；也可以直接写 evalkit standing 文件")))
def show(
    context: typer.Context,
    file: Path = FILE,
    applicant: str = typer.Option("", help=str(_("只看这一对象"))),
    on: str = typer.Option("", help=str(_("看到这一日为止，并指出已逾期的；如 2026-07-01"))),
    as_json: bool = JSON,
) -> None:
    from evalkit.office.outlook import plain
    from evalkit.office.rulebook import Rulebook

    office, rubric = _load(file)
    until, book = day(on).isoformat() if on else None, Rulebook(rubric, office)
    chosen = [office.applicant(applicant)] if applicant else office.applicants
    seen = [ek.outlook(book, a, until) for a in chosen]
    if as_json:
        head = {"office": office.id, "rubric": rubric.id, "on": until}
        found = plain({**head, "applicants": seen}, context.obj)
        say_json(found)
        return
    say(office.title, context.obj, style="bold")
    for who, one in zip(chosen, seen, strict=True):
        say(f"\n{one['name']}（{one['id']}）", context.obj, style="bold")
        if not applicant:
            one["duties"] = []  # the same for everybody
        names = {id: person.name for id, person in office.people(who).items()}
        for line, style in _lines(one, names):
            say(f"  {line.render(context.obj)}", context.obj, style=style)


@commands.command(help=str(_("检查登记文件：规则是否声明齐全，每条记录是否合乎程序")))
def check(context: typer.Context, file: Path = FILE) -> None:
    office, rubric = _load(file)
    findings = list(ek.check_office(office, rubric))
    for finding in findings:
        say(finding, context.obj, style="yellow")
    if findings:
        raise typer.Exit(1)
    text = _(
        "{id}：依据 {rubric}，{a} 个对象、{n} 条记录，没有发现问题",
        id=office.id,
        rubric=rubric.title,
        a=len(office.applicants),
        n=sum(len(a.records) for a in office.applicants),
    )
    say(text, context.obj, style="green")


add_schema(
    commands, "evalkit.office.file:Office", _("输出登记文件的 JSON Schema，供编辑器提示和检查")
)


def _load(file: Path) -> tuple[ek.Office, ek.Rubric]:

    file = file / "standing.yaml" if file.is_dir() else file
    rubric = ek.find_rubric(file)
    return ek.load_office(file, rubric), rubric


def _lines(one: dict[str, Any], names: dict[str, str]) -> Iterator[tuple[Text, str | None]]:
    """What is said of an applicant, line by line, and in which style."""
    from evalkit.office.decisions import OUTCOMES
    from evalkit.office.outlook import STATES

    state = STATES[one["state"]]
    if one["title"]:
        yield _("{state}：{title}，自 {since} 起", **{**one, "state": state}), "green"
    elif one["revoked"]:
        yield _("{state}（{revoked}）", **{**one, "state": state}), "red"
    else:
        yield state, None
    for y in one["years"]:
        how = _("（整改后）") if y["repeated"] else _("（视为）") if y["deemed"] else ""
        yield _("{year} 年度：{grade}{how}", **y, how=how), None
    for n in one["next"]:
        may = [OUTCOMES[outcome] for outcome in n["outcomes"]]
        yield (
            _("下一环节（{round}）：{name}，由{actor}，可记：{may}（{article}）", **n, may=may),
            None,
        )
        for need in n["needs"]:
            yield _("须有：{text}（{article}）", **need), None
    yield from _proposals(one, names)
    for d in one["deadlines"]:
        late = _("，已逾期") if d["overdue"] else ""
        style = "red" if d["overdue"] else None
        yield _("期限：{what}，最后一日 {last_day}{late}（{article}）", **d, late=late), style
    for duty in one["duties"]:
        yield _("义务：{text}（{article}）", **duty), None
    for remark in one["remarks"]:
        yield _("注意：{remark}", remark=remark), "yellow"


def _proposals(one: dict[str, Any], names: dict[str, str]) -> Iterator[tuple[Text, str | None]]:
    """What is proposed, and what was decided on proposals, by whom."""
    from evalkit.rubric.field_names import PROPOSED

    for p in one["proposals"]:
        what = PROPOSED[p["then"]]
        text = _(
            "建议{what}：{because}（{article}），由{decides}决定；规定 {rule}，起因记录 {cause}",
            **p,
            what=what,
        )
        yield text, "yellow"
    for a in one["answered"]:
        done = {"accepted": _("已采纳"), "declined": _("未采纳")}[a["outcome"]]
        values = {**a, "what": PROPOSED[a["then"]], "done": done, "by": names[a["by"]]}
        yield _("{done}“{what}”（{article}）：{on} {by}，{reason}", **values), None
