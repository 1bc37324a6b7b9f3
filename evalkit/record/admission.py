"""What may enter the log: the rules of scoring, applied to one entry before it is stored."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from evalkit.base import typed
from evalkit.base.errors import Refused
from evalkit.base.terms import instant
from evalkit.base.text import Text, _, bad_character
from evalkit.base.tidy_words import FINE_DEDUCTION, GATE_WORD
from evalkit.facts import verified
from evalkit.log import chain
from evalkit.log.events import Entry
from evalkit.panel import Applicant, Expert, Panel
from evalkit.panel.units import expert_range, scale
from evalkit.record.history import CELL_KINDS, OFFICE_KINDS, History
from evalkit.rubric import Rubric

MAX_TEXT = 4000
EVENT_ID = 64

_OFF_STEP = _("“{points}”不是最小单位 {step} 的整数倍")

Range = tuple[Decimal, Decimal, bool]
"""Least and greatest points, and whether 0 is allowed below the least."""


def admit(
    rubric: Rubric,
    panel: Panel,
    history: History,
    entry: Entry,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Raise Refused, with the reason for its author, unless ``entry`` may be stored at ``at``.

    Where the schedule is enforced, it binds what experts enter and submit; what the office records,
    and the lock itself, are the acts of people who answer for their time.
    ``seen`` is the number of the cell's last event that the author's screen shows (0: none); if the
    log has a newer one, the entry is refused, so that a forgotten window overwrites nothing.
    """
    if history.lock is not None:
        raise Refused(_("评分已于{at}锁定，不能再改", at=instant(history.lock.at)))
    if not 0 < len(entry.event_id) <= EVENT_ID or not entry.event_id.isprintable():
        raise Refused(_("event_id 须为 1 至 {n} 个可显示字符", n=EVENT_ID))
    if entry.kind in (*CELL_KINDS, "submit") and (closed := panel.schedule.closed(at)):
        raise Refused(closed)
    if entry.kind in CELL_KINDS:
        _admit_cell(rubric, panel, history, entry, seen)
    elif entry.kind == "submit":
        _admit_submit(rubric, panel, history, entry)
    elif entry.kind == "recognition":
        _admit_recognition(rubric, panel, entry)
    elif entry.kind in OFFICE_KINDS:
        _admit_verified(rubric, panel, entry)
    elif entry.kind == "reopen":
        _admit_reopen(panel, history, entry)
    elif entry.kind == "lock":
        _admit_lock(rubric, panel, history, entry)
    else:
        raise Refused(_("未知的记录类型“{kind}”", kind=entry.kind))


def fields(rubric: Rubric, panel: Panel, applicant: str) -> dict[str, Range]:
    """What an expert fills in for ``applicant``: name of each field and the points it may take."""
    ends = {i.id: expert_range(panel.rules, i) for i in rubric.indicators}
    found: dict[str, Range] = {id: (*pair, False) for id, pair in ends.items() if pair is not None}
    if panel.rules.bonus is not None and panel.rules.bonus.recognised_by == "experts":
        found |= bonus_fields(rubric, panel, applicant)
    return found


def bonus_fields(rubric: Rubric, panel: Panel, applicant: str) -> dict[str, Range]:
    """The bonus items of ``applicant`` that lie in the declared scope."""
    return {
        f"{group.id}.{claim.id}": (group.item.min, group.item.max, True)
        for group in rubric.bonus
        for claim in panel.claims(panel.applicant(applicant))
    }


def points_problem(text: str, allowed: Range, step: Decimal, off: Text = _OFF_STEP) -> Text | None:
    """Why ``text`` is not a score in ``allowed``, or is ``off`` the ``step``; None if it is."""
    low, high, zero = allowed
    try:
        number = typed.score(text)
    except ValueError as error:
        return error.args[0]
    if number % step:
        return off.filled(points=text, step=step)
    if low <= number <= high or (zero and number == 0):
        return None
    values = {"low": low, "high": high, "points": text}
    if zero:
        return _("每项加分只能是 0 或 {low} 至 {high} 分，不能是 {points}", **values)
    return _("“{points}”不在 {low} 至 {high} 分之间", **values)


def _admit_cell(
    rubric: Rubric, panel: Panel, history: History, entry: Entry, seen: int | None
) -> None:
    _require_sheet(panel, history, entry)
    allowed = fields(rubric, panel, entry.applicant).get(entry.indicator)
    if allowed is None:
        raise Refused(_("没有可以打分的项目“{name}”", name=entry.indicator))
    _require_payload(entry, {"points", "text"} if entry.kind == "score" else {"text"})
    _require_text(entry.payload["text"], required=entry.kind in ("unscored", "recusal"))
    if entry.kind == "score" and (
        problem := points_problem(entry.payload["points"], allowed, panel.rules.step)
    ):
        raise Refused(problem)
    current = history.cell(entry.author, entry.applicant, entry.indicator)
    if seen is not None and seen != (current.seq if current else 0):
        raise Refused(_("这一项已在另一个窗口改过，本次没有保存，请核对后再填"))


def _admit_submit(rubric: Rubric, panel: Panel, history: History, entry: Entry) -> None:
    _require_sheet(panel, history, entry)
    _require_payload(entry, set())
    if panel.rules.missing == "exclude":
        return
    for name in fields(rubric, panel, entry.applicant):
        cell = history.cell(entry.author, entry.applicant, name)
        if cell is None or cell.kind == "clear":
            raise Refused(_("“{name}”尚未评分，请评分或注明不评的理由", name=name))


def _admit_verified(rubric: Rubric, panel: Panel, entry: Entry) -> None:
    """A measured value or a condition of entry, which the secretary records."""
    panel.applicant(entry.applicant)
    if entry.author != panel.secretary.id:
        raise Refused(_("测量值和准入条件由评审秘书登记"))
    _require_payload(entry, {"points", "text"})
    _require_text(entry.payload["text"], required=False)
    name, points, text = entry.indicator, entry.payload["points"], entry.payload["text"]
    try:
        if entry.kind == "measure":
            verified.measured_value(rubric, panel, name, points, text)
        else:
            verified.gate_entry(rubric, name, points, text)
    except ValueError as error:
        raise Refused(error.args[0]) from error


def _admit_recognition(rubric: Rubric, panel: Panel, entry: Entry) -> None:
    if entry.indicator in {d.id for d in rubric.deductions}:
        _admit_deduction(rubric, panel, entry)
        return
    if panel.rules.bonus is None or panel.rules.bonus.recognised_by != "panel":
        raise Refused(_("本轮加分项由专家各自评分，不统一认定"))
    _require_office(panel, entry)
    allowed = bonus_fields(rubric, panel, entry.applicant).get(entry.indicator)
    if allowed is None:
        raise Refused(_("没有可以打分的项目“{name}”", name=entry.indicator))
    _require_payload(entry, {"points", "text"})
    _require_text(entry.payload["text"], required=True)
    if problem := points_problem(entry.payload["points"], allowed, panel.rules.step):
        raise Refused(problem)


def _admit_deduction(rubric: Rubric, panel: Panel, entry: Entry) -> None:
    _require_office(panel, entry)
    _require_payload(entry, {"points", "text"})
    _require_text(entry.payload["text"], required=True)
    most = next(d.points for d in rubric.deductions if d.id == entry.indicator)
    unit = Decimal(1) / scale(rubric, panel.rules)
    allowed = Decimal(0), most, False
    if problem := points_problem(entry.payload["points"], allowed, unit, FINE_DEDUCTION):
        raise Refused(problem)


def _require_office(panel: Panel, entry: Entry) -> None:
    chairs = [e.id for e in panel.experts if e.role == "chair"]
    if entry.author not in (*chairs, panel.secretary.id):
        raise Refused(_("加分项、扣分项的认定由组长或评审秘书登记"))


def _admit_reopen(panel: Panel, history: History, entry: Entry) -> None:
    if entry.author != panel.secretary.id:
        raise Refused(_("只有评审秘书可以退回评分表"))
    _require_payload(entry, {"text"})
    _require_text(entry.payload["text"], required=True)
    if not history.submitted(entry.indicator, entry.applicant):
        raise Refused(_("这份评分表没有提交，不必退回"))


def lock_payload(rubric: Rubric, panel: Panel, history: History) -> dict[str, str]:
    """What a lock binds: the head of every chain, the declared rules and the rubric."""
    return {"root": chain.root(history.heads), "panel": panel.digest, "rubric": rubric.digest}


def _admit_lock(rubric: Rubric, panel: Panel, history: History, entry: Entry) -> None:
    if entry.author != panel.secretary.id:
        raise Refused(_("只有评审秘书可以锁定评分"))
    expected = lock_payload(rubric, panel, history)
    _require_payload(entry, set(expected))
    if dict(entry.payload) != expected:
        raise Refused(_("锁定期间又有新的评分，请重新锁定"))
    require_complete(rubric, panel, history)


def require_complete(rubric: Rubric, panel: Panel, history: History) -> None:
    """Raise Refused while a sheet is open for which the lock has to wait."""
    out = _out_of_the_round(rubric, panel, history)
    open_sheets = [
        (a.id, expert)
        for a in panel.applicants
        if a.id not in out
        for expert in panel.seats(a.id)
        if panel.may_score(a.id, expert) and not history.submitted(expert, a.id)
    ]
    if open_sheets and panel.rules.missing == "refuse":
        applicant, expert = open_sheets[0]
        raise Refused(
            _(
                "还有 {n} 份评分表没有提交，第一份是{expert}对{applicant}的",
                n=len(open_sheets),
                expert=_named(panel.expert(expert)),
                applicant=_named(panel.applicant(applicant)),
            )
        )
    drafts = [(a, x) for a, x in history.drafts() if panel.may_score(x, a) and x not in out]
    if drafts:
        expert, applicant = drafts[0]
        raise Refused(
            _(
                "有 {n} 份评分表已动笔但没有提交，第一份是{expert}对{applicant}的；"
                "锁定后这些评分就作废了，请先提交，或把退出的专家列入 conflicts",
                n=len(drafts),
                expert=_named(panel.expert(expert)),
                applicant=_named(panel.applicant(applicant)),
            )
        )


def _named(one: Expert | Applicant) -> Text:
    """Who it is, and the id that commands take."""
    return _("{name}（{id}）", name=one.name, id=one.id)


def _out_of_the_round(rubric: Rubric, panel: Panel, history: History) -> set[str]:
    """Applicants that fail a condition of entry: as in `evaluate`, they hold up nobody."""
    if panel.rules.gates is None:
        return set()
    gates, out = {gate.id: gate for gate in rubric.gates}, set()
    for applicant, author, name, recorded, reason in history.rows(submitted_only=True):
        if author == GATE_WORD:
            entry = verified.gate_entry(rubric, name, recorded, reason)  # without the unit
            if verified.gate_result(gates[name], entry) == "fail":
                out.add(applicant)
    return out


def _require_sheet(panel: Panel, history: History, entry: Entry) -> None:
    """The author is an expert who may still score this applicant."""
    panel.applicant(entry.applicant)
    panel.expert(entry.author)
    if reason := panel.recused.get((entry.applicant, entry.author)):
        raise Refused(_("与该对象有利益冲突（{reason}），不能打分", reason=reason))
    if not panel.may_score(entry.applicant, entry.author):
        raise Refused(_("没有被分配评 {applicant}，不能打分", applicant=entry.applicant))
    if history.submitted(entry.author, entry.applicant):
        raise Refused(_("这份评分表已经提交，不能再改"))


def _require_payload(entry: Entry, keys: set[str]) -> None:
    if set(entry.payload) != keys or not all(isinstance(v, str) for v in entry.payload.values()):
        raise Refused(_("记录“{kind}”的内容应为 {keys}", kind=entry.kind, keys=sorted(keys)))


def _require_text(text: str, *, required: bool) -> None:
    if (position := bad_character(text)) is not None:
        raise Refused(_("文字的第 {n} 个字符不可显示，请删去", n=position + 1))
    if len(text) > MAX_TEXT:
        raise Refused(_("文字超过 {n} 字，没有保存，请缩短", n=MAX_TEXT))
    if required and not text.strip():
        raise Refused(_("请写明理由"))
