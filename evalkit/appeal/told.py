"""The steps of an appeal in words, and what may be done next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from evalkit.appeal.steps import OUTCOMES, STEPS, Steps
from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.log.events import Event
from evalkit.office.entries import entered_on
from evalkit.office.objections import OBJECTORS
from evalkit.record.succession import Succession

_NEXT: dict[str, Text] = {
    "accept": _(
        "决定是否受理：evalkit appeal accept {case} --by 姓名 --reviewer 姓名:工作单位；"
        "不受理加 --refuse 和 --reason"
    ),
    "amend": _(
        "查实的，重开有关内容：evalkit appeal amend {case} --by 姓名 --reason 理由，"
        "加 --recuse、--reopen-sheet、--reopen-value 或 --panel"
    ),
    "withdraw": _("上一步记错了的，撤回：evalkit appeal withdraw {case} --by 姓名 --reason 理由"),
    "decide": _("作出决定：evalkit appeal decide {case} 维持或变更 --by 姓名 --reason 理由"),
}


def day_of(event: Event) -> date:
    """The day on which a step was taken, in Beijing: that of its entry, where it names no other."""
    on = event.payload.get("on")
    return date.fromisoformat(on) if on else entered_on(event.at)


def lines(steps: Steps) -> Iterator[Text]:
    """Each step in a line."""
    for e in steps.events:
        values = {"day": day_of(e).isoformat(), "entered": entered_on(e.at).isoformat()}
        text = _("{day} {step}（{by}）：{said}")
        if values["day"] != values["entered"]:
            text = _("{day} {step}（{by}，{entered}登记）：{said}")
        yield text.filled(step=STEPS[e.kind], by=e.author, said=said(e), **values)


def said(event: Event) -> Text | str:
    """What a step says."""
    one = event.payload
    if event.kind == "open":
        return _opened(event)
    if event.kind == "accept":
        people = [text.replace(":", "，") for text in one["reviewers"].split("\n")]
        text = _("复核人员：{people}", people=_listed(people))
        if "compared" in one:
            text = _("{text}；经核对不是同一单位：{compared}", text=text, compared=_compared(one))
        more = _("{text}；逾期仍受理的理由：{reason}", text=text, reason=one["reason"])
        return more if one["reason"] else text
    if event.kind == "amend":
        found = Succession.read(one)
        return _("重开{what}；理由：{reason}", what=found.reopened, reason=found.reason)
    if event.kind == "decide":
        return _(
            "{outcome}；理由：{reason}", outcome=OUTCOMES[one["outcome"]], reason=one["reason"]
        )
    if event.kind == "withdraw":
        return _("{step}；理由：{reason}", step=STEPS[one["step"]], reason=one["reason"])
    return _("理由：{reason}", reason=one["reason"])


def _compared(one: Mapping[str, str]) -> str:
    return one["compared"].replace("\n", "；")


def _listed(people: list[str]) -> Text | str:
    first, *rest = people
    found: Text | str = first
    for one in rest:
        found = _("{said}；{more}", said=found, more=one)
    return found


def _opened(event: Event) -> Text:
    one = event.payload
    in_time = one["in_time"] == "yes"
    return _(
        "{number}：{objector}（{kind}）就 {applicant} 提出：{ground}；{received}收到，{whether}",
        number=one["number"],
        objector=one["objector"],
        kind=OBJECTORS[one["objector_is"]],
        applicant=event.applicant,
        ground=one["ground"].rstrip("。"),
        received=terms.day(one["received"]),
        whether=whether_in_time(one, in_time=in_time),
    )


def whether_in_time(opened: Any, *, in_time: bool) -> Text:
    """Whether the objection came within the publicity, with its days."""
    period = {"first": terms.day(opened["published"]), "last": terms.day(opened["last"])}
    if in_time:
        return _("在公示期内（{first}至{last}）", **period)
    return _("公示期已满（{first}至{last}）", **period)


def rows(steps: Steps) -> Iterator[tuple[str, str, str, str]]:
    """Each step: day, what it is, by whom, and what it says, in Chinese."""
    for event in steps.events:
        text = said(event)
        yield (
            day_of(event).isoformat(),
            STEPS[event.kind].render("zh"),
            event.author,
            text.render("zh") if isinstance(text, Text) else text,
        )


def card(steps: Steps) -> str:
    """What a notebook shows of an appeal."""
    from evalkit.pages.cards import table
    from evalkit.pages.looks import framed

    numbers = [event.payload["number"] for event in steps.events[:1]]
    title = _("{number}：{step}", number=numbers, step=STEPS[steps.last])
    heads = [(_("日期"), ""), (_("步骤"), ""), (_("谁"), ""), (_("内容"), "")]
    return framed(table(title, [], heads, [[*row] for row in rows(steps)]))


def coming(steps: Steps, folder: Path, *, locked: bool) -> Iterator[Text]:
    """What may be done next on the case in ``folder``, with its command; ``locked`` is whether the
    round that takes the place of the first is.
    """
    waiting = steps.last == "amend" and not locked
    if waiting:
        yield _(
            "还缺什么：evalkit panel check {round} --for-lock；"
            "补齐后锁定：evalkit panel lock {round}",
            round=folder / "round",
        )
    for kind in steps.next:
        if kind in _NEXT and (kind == "withdraw" or not waiting):
            yield _NEXT[kind].filled(case=folder)
    if steps.last in ("decide", "refuse"):
        yield _("存档：evalkit appeal archive {case} --out 新档案", case=folder)
        yield _("有资格登记文件的，在那里也登记：evalkit standing record 登记文件夹")
