"""What may be put on record from now on: what the fold allows, and what older files left unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from evalkit.base.errors import InputError, Refused
from evalkit.base.text import _
from evalkit.office import course, objections
from evalkit.office.corrections import Misstep
from evalkit.office.decisions import OUTCOMES, AnyRecord, Decision, Withdrawal
from evalkit.office.entries import Bound, made, next_id, require_day
from evalkit.office.rulebook import Rulebook
from evalkit.office.shorthand import spelt_out

if TYPE_CHECKING:
    from evalkit.office.file import Applicant

_ABOUT = {"kind", "by", "day", "reason", "corrects", "took_place"}
"""What a correction says that leaves its matter as it was."""

_OPEN = "—"
"""Stands for the article until it is known which stage or rule a record is about."""


def drafted(
    book: Rulebook, applicant: Applicant, fields: Mapping[str, Any], today: date
) -> AnyRecord:
    """The record that ``fields`` say, with its id, its article and, unless given, ``today``.

    A correction of a corrected record is one of the first; what it does not say is as it was.
    Raises InputError for fields that are wrong or lacking, Refused for what leads nowhere.
    """
    own = {k: v for k, v in fields.items() if v is not None}
    standing: AnyRecord | None = None
    if "corrects" in own:
        first, standing = _corrected(applicant, str(own["corrects"]))
        own["corrects"] = first.id
        if own["kind"] == "correction":
            own = _as_it_was(standing, own)
    own = spelt_out(book, applicant, own)
    base = {"id": next_id(applicant), "day": today.isoformat(), "article": _OPEN}
    record = made(base | own)
    if "article" in own:
        return record
    about = standing if isinstance(record, Withdrawal) else record
    if about is None or isinstance(about, Withdrawal):
        raise Refused(_("没有可更正的记录“{id}”，请写原记录的标识", id=record.corrects))
    element, _role = course.element_of(book, about)
    return record.model_copy(update={"article": element.article})


def _corrected(applicant: Applicant, id: str) -> tuple[AnyRecord, AnyRecord]:
    """The first record of the place that ``id`` names, and what holds there now."""
    by_id = {r.id: r for r in applicant.records}
    first = by_id.get(id)
    while first is not None and first.corrects is not None:
        first = by_id.get(first.corrects)
    if first is None:
        ids = [r.id for r in applicant.records if r.corrects is None] or _("（无）")
        raise Refused(_("没有记录“{id}”，可选：{ids}", id=id, ids=ids))
    later = [r for r in applicant.records if r.corrects == first.id]
    return first, later[-1] if later else first


def _as_it_was(standing: AnyRecord, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of ``standing`` with ``changes``: a correction says all of it anew."""
    if isinstance(standing, Withdrawal):
        raise Refused(_("记录“{id}”已经撤回，不能再更正", id=standing.corrects))
    said = standing.model_dump(mode="json", exclude_none=True)
    if "results" in said and not changes.keys() <= _ABOUT:
        text = _("记录“{id}”取自锁定的结果，只能由后继轮次的结果更正（standing take）")
        raise Refused(text.filled(id=standing.id))
    for name in ("id", "day", "by", "reason", "corrects", "took_place"):
        said.pop(name, None)
    return {**said, **changes, "kind": said["kind"]}


def admit(
    book: Rulebook, applicant: Applicant, record: AnyRecord, at: datetime, bound: Bound
) -> None:
    """Raise Refused, naming the article and who may, unless ``record`` may be stored at ``at``.

    ``applicant`` with all that is on record before.
    """
    require_day(record.day, at)
    if isinstance(record, Decision):
        _of_its_time(book, applicant, record, bound)
    after = applicant.model_copy(update={"records": (*applicant.records, record)})
    try:
        course.follow(book, after)
    except Misstep as error:
        text = error.problems[0].text
        if error.index < len(applicant.records):
            values = {"id": applicant.records[error.index].id, "text": text}
            text = _("这样一来，此后的记录 {id} 不能成立（{text}）；请先撤回它", **values)
        raise Refused(text) from error


def _of_its_time(book: Rulebook, applicant: Applicant, decision: Decision, bound: Bound) -> None:
    """What an older file need not say, and a record from now on does."""
    article = decision.article
    if decision.outcome == "objection" and decision.objector is None:
        text = _("{article}：须写明是谁提出异议（objector，实名）、是被评单位还是第三方")
        raise Refused(text.filled(article=article))
    if decision.outcome in {"dismissed", "upheld"}:
        run = course.follow(book, applicant).runs.get(decision.round)
        id = decision.answers or ""
        if run and id in run.objections and objections.state(run.steps, id) == "raised":
            text = _("{article}：异议 {id} 先要决定是否受理，核查之后才能认定是否成立")
            raise Refused(text.filled(article=article, id=id))
    taken = bound.get((decision.round, decision.stage))
    concludes = decision.outcome in {"done", "passed", "rejected", "graded"}
    if taken is None or decision.results is not None or not concludes:
        return
    if not _again(book, applicant, decision):
        text = _(
            "{article}：这一环节的结论取自锁定的评审结果（{digest}），不能另记“{outcome}”；"
            "请用 evalkit standing take",
            article=article,
            digest=f"{taken:.12}…",
            outcome=OUTCOMES[decision.outcome],
        )
        raise Refused(text)


def _again(book: Rulebook, applicant: Applicant, decision: Decision) -> bool:
    """Whether the stage was decided from results before and has come round again (整改, 退回)."""
    run = course.follow(book, applicant).runs.get(decision.round)
    return run is not None and any(
        s.decision.results and s.decision.stage == decision.stage for s in run.steps
    )


def known(applicants: Iterable[Applicant], id: str) -> Applicant:
    """The applicant with this id. Raises InputError that lists those who are there."""
    everybody = {a.id: a for a in applicants}
    if id not in everybody:
        raise InputError(_("没有对象 {id}，可选：{ids}", id=id, ids=list(everybody)))
    return everybody[id]
