"""What may be recorded in a ledger: by whom, of which day, and what has to fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from evalkit.base.declared import Place
from evalkit.base.errors import Problem, Refused
from evalkit.base.text import Text, _
from evalkit.log.events import Entry
from evalkit.plan import checks
from evalkit.plan.acts import (
    Act,
    Added,
    Begun,
    Judged,
    Measured,
    Moved,
    Progressed,
    Published,
    Reminded,
    Replied,
    act,
)
from evalkit.plan.history import EVER, History, ledger_of, numbers
from evalkit.plan.ledger import Ledger, Milestone
from evalkit.rubric import Rubric


def admit(rubric: Rubric, declared: Ledger, history: History, entry: Entry, today: str) -> None:
    """Raise Refused, with the field and the remedy, for an entry that does not fit.

    ``today`` is the last day that anything may be about. Raises InputError for an entry that is not
    of its form.
    """
    given = act(entry.kind, entry.payload)
    _author(declared, given, entry.author)
    _day(declared, history, given, today)
    if isinstance(given, Begun | Published):
        return
    counted = history.counted(EVER)
    before = ledger_of(declared, counted)
    _fits(before, given)
    after = ledger_of(declared, [*counted, (history.counts_from(entry), entry)])
    if problems := [Problem(text, field=field) for field, text in _wrong(after, rubric, given)]:
        raise Refused(*problems)


def _refuse(field: str, text: Text) -> NoReturn:
    raise Refused(Problem(text, field=field))


def _author(declared: Ledger, given: Act, author: str) -> None:
    staff = {person.id: person.name for person in declared.staff}
    judges = {judge.id: judge.name for judge in declared.rules.judges}
    may = {**judges, **staff} if isinstance(given, Begun) else staff
    may = judges if isinstance(given, Judged) else may
    if not staff:
        _refuse("staff", _("台账没有声明谁可以登记，请先在 ledger.yaml 写 staff（id、name、post）"))
    if author not in may:
        people = [f"{id}（{name}）" for id, name in may.items()]
        _refuse("by", _("“{who}”不能登记这一项，可选：{people}", who=author, people=people))


def _day(declared: Ledger, history: History, given: Act, today: str) -> None:
    if given.day > today:
        _refuse("day", _("{day} 晚于今天（{today}）", day=given.day, today=today))
    if given.day < f"{declared.year:04}":
        text = _("{day} 早于台账的年度 {year}", day=given.day, year=declared.year)
        _refuse("day", text)
    last = max(history.published, default="")
    if isinstance(given, Published) and given.day < last:
        text = _("已经通报过 {last} 的评估，不能再补通报更早的 {day}", last=last, day=given.day)
        _refuse("day", text)


def _fits(now: Ledger, given: Act) -> None:
    """Whether what ``given`` is about is there, and a correction says why."""
    if isinstance(given, Progressed | Moved):
        milestone = _milestone(now, given.milestone)
        _fits_milestone(milestone, given)
    elif isinstance(given, Reminded):
        _fits_reminder(now, given)
    elif isinstance(given, Replied):
        if given.reminder > len(now.reminders):
            text = _("没有第 {n} 号督导，已有 {all} 件", n=given.reminder, all=len(now.reminders))
            _refuse("reminder", text)
        reminder = now.reminders[given.reminder - 1]
        if given.day < reminder.on:
            text = _("{day} 早于督导发出的 {sent}", day=given.day, sent=reminder.on)
            _refuse("day", text)
        _corrects(given, known=reminder.reply is not None)
    elif isinstance(given, Measured):
        if given.as_of > given.day:
            text = _("数据截至 {as_of}，晚于登记的日期 {day}", as_of=given.as_of, day=given.day)
            _refuse("as_of", text)
        known = {(m.target, m.as_of) for m in now.measurements}
        _corrects(given, known=(given.target, given.as_of) in known)


def _fits_milestone(milestone: Milestone, given: Progressed | Moved) -> None:
    if isinstance(given, Progressed):
        _corrects(given, known=milestone.state == "done")
        return
    if milestone.state == "done":
        _refuse("milestone", _("“{name}”已经完成，不能改期", name=milestone.name))
    if given.due == milestone.due:
        _refuse("due", _("时限已经是 {due}", due=given.due))
    last = max((move.on for move in milestone.moved), default="")
    if given.day < last:
        _refuse("day", _("上一次改期在 {last}，这一次不能早于它", last=last))


def _fits_reminder(now: Ledger, given: Reminded) -> None:
    if given.answer_by < given.day:
        _refuse("answer_by", _("答复时限不能早于发出的日期"))
    try:
        about = [_milestone(now, n) for n in numbers(given.about)]
    except ValueError:
        text = _("“{value}”不是时间节点的编号，请写成 3 或 3,7", value=given.about)
        _refuse("about", text)
    if given.unit not in now.named:
        text = _("没有声明过责任单位“{name}”，请写 units 中的全称", name=given.unit)
        _refuse("unit", text)
    unit = now.named[given.unit]
    for milestone in about:
        if now.named[milestone.unit] != unit:
            values = {"name": milestone.name, "unit": unit.name}
            _refuse("about", _("“{name}”不是{unit}的时间节点", **values))


def _milestone(now: Ledger, number: int) -> Milestone:
    if not 1 <= number <= len(now.milestones):
        text = _("没有第 {n} 号时间节点，共有 {all} 个", n=number, all=len(now.milestones))
        _refuse("milestone", text)
    return now.milestones[number - 1]


def _corrects(given: Act, *, known: bool) -> None:
    if known and given.reason is None:
        _refuse("reason", _("以前已有记录，更正须写理由"))


def _wrong(after: Ledger, rubric: Rubric, given: Act) -> Iterator[tuple[str, Text]]:
    """What would be wrong in the ledger, by the field of the entry that brings it in."""
    if isinstance(given, Progressed):
        milestone = after.milestones[given.milestone - 1]
        try:
            Milestone(**milestone.model_dump())
        except ValueError:
            yield "done", _("已完成的须写完成日期和佐证材料；有完成日期的，状态须为已完成")
    if isinstance(given, Added | Moved):
        yield from ((field, text) for _n, field, text in checks.of_milestones(after, rubric))
    for place, text in checks.inconsistent(after, rubric):
        yield _field(place), text


def _field(place: Place) -> str:
    return next((part for part in reversed(place) if isinstance(part, str)), "")
