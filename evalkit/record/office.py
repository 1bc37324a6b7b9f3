"""What those who run a round may enter: values, conditions of entry, bonuses and deductions."""

from __future__ import annotations

from decimal import Decimal

from evalkit.base import typed
from evalkit.base.errors import Refused
from evalkit.base.text import Text, _
from evalkit.base.tidy_words import FINE_DEDUCTION
from evalkit.facts import verified
from evalkit.log.events import Entry
from evalkit.panel import Panel
from evalkit.panel.units import scale
from evalkit.record.fields import bonus_fields, points_problem
from evalkit.record.history import History
from evalkit.record.payload import REASON, require_payload, require_reason, require_text
from evalkit.rubric import Rubric


def admit(rubric: Rubric, panel: Panel, history: History, entry: Entry) -> None:
    """Raise Refused, with the reason, unless ``entry`` may be recorded once for all.

    Measured values and conditions are the secretary's, what the panel recognises is recorded by the
    chair or the secretary. What changes an earlier entry says why.
    """
    panel.applicant(entry.applicant)
    _require_author(panel, entry)
    require_payload(entry, {"points", "text"}, {REASON})
    if entry.kind != "recognition":
        _admit_verified(rubric, panel, entry)
    elif entry.indicator in {d.id for d in rubric.deductions}:
        _admit_deduction(rubric, panel, entry)
    else:
        _admit_bonus(rubric, panel, entry)
    require_reason(entry, history.recorded(entry.kind, entry.applicant, entry.indicator))


def _require_author(panel: Panel, entry: Entry) -> None:
    chairs = [e.id for e in panel.experts if e.role == "chair"]
    if entry.author == panel.secretary.id:
        return
    if entry.kind != "recognition":
        raise Refused(_("测量值和准入条件由评审秘书登记"))
    if entry.author not in chairs:
        raise Refused(_("加分项、扣分项的认定由组长或评审秘书登记"))


def _admit_verified(rubric: Rubric, panel: Panel, entry: Entry) -> None:
    name, points, text = entry.indicator, entry.payload["points"], entry.payload["text"]
    require_text(text, required=False)
    try:
        if entry.kind == "measure":
            verified.measured_value(rubric, panel, name, points, text)
        else:
            verified.gate_entry(rubric, name, points, text)
    except ValueError as error:
        raise Refused(error.args[0]) from error


def _admit_bonus(rubric: Rubric, panel: Panel, entry: Entry) -> None:
    if panel.rules.bonus is None or panel.rules.bonus.recognised_by != "panel":
        raise Refused(_("本轮加分项由专家各自评分，不统一认定"))
    allowed = bonus_fields(rubric, panel, entry.applicant).get(entry.indicator)
    if allowed is None:
        raise Refused(_no_item(panel, entry))
    require_text(entry.payload["text"], required=True)
    if problem := points_problem(entry.payload["points"], allowed, panel.rules.step):
        raise Refused(problem)


def _no_item(panel: Panel, entry: Entry) -> Text:
    """Why there is no such bonus item: claimed and out of the declared scope, or never claimed."""
    _group, _dot, item = entry.indicator.partition(".")
    claimed = {claim.id: claim for claim in panel.applicant(entry.applicant).claims}
    if item in claimed:
        text = _("“{title}”（{name}）是省级成果，本轮只认国家级的（rules.bonus.scope），不能认定")
        return text.filled(title=claimed[item].title, name=entry.indicator)
    return _("没有可以打分的项目“{name}”", name=entry.indicator)


def _admit_deduction(rubric: Rubric, panel: Panel, entry: Entry) -> None:
    """Nothing taken off is 0 and needs no reason; it is recorded all the same."""
    most = next(d.points for d in rubric.deductions if d.id == entry.indicator)
    unit = Decimal(1) / scale(rubric, panel.rules)
    allowed = Decimal(0), most, False
    points = entry.payload["points"]
    if problem := points_problem(points, allowed, unit, FINE_DEDUCTION):
        raise Refused(problem)
    require_text(entry.payload["text"], required=typed.score(points) != 0)
