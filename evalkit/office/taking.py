"""From the locked results of a round to what the office puts on record, by digest and root.

Grades are taken as they are. A review is put on record as done, with what the results propose; the
stage that decides (the last one, or the one that the order says) lets those pass who are proposed.
Nothing is decided between equals at the last place, nor where no rule says how many are proposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalkit.base.errors import Refused
from evalkit.base.text import Text, _
from evalkit.evaluation import Results
from evalkit.facts.columns import Superseded
from evalkit.office import stages
from evalkit.office.corrections import as_corrected
from evalkit.office.course import follow
from evalkit.office.decisions import Decision
from evalkit.office.file import Applicant
from evalkit.office.rulebook import Rulebook
from evalkit.panel.employers import key
from evalkit.rubric.provisions import Procedure, Stage


@dataclass(frozen=True)
class Order:
    """What is taken: for which stage (id or name) of which round of the office, in whose name.

    ``decide``: those who are proposed pass and the others do not (else the stage is put on record
    as done, with the proposal). ``applicants`` (ids; empty: all of the results), ``reason`` for
    corrections and in place of the usual sentence for those who do not pass.
    """

    round: str
    stage: str
    by: str
    decide: bool = False
    applicants: tuple[str, ...] = ()
    reason: str | None = None
    day: str | None = None


def fields(book: Rulebook, results: Results, order: Order) -> Iterator[tuple[str, dict[str, Any]]]:
    """The applicants that ``results`` say something new about, with the fields of the record.

    Raises Refused as `Register.take` says.
    """
    procedure, stage = _fitting(book, results, order)
    order = replace(order, stage=stage.id)
    rows = {row["id"]: row for row in results.rows}
    known = {a.id: a for a in book.office.applicants}
    chosen = order.applicants or tuple(rows)
    if strangers := [id for id in chosen if id not in rows or id not in known]:
        raise Refused(_("评审结果或登记文件中没有这些对象：{ids}", ids=strangers))
    _require_bound(book, chosen, results, order)
    for id in chosen:
        _same_name(known[id], results)
        own = _said(results, procedure, stage, rows[id], order)
        if (one := _new(book, known[id], own, order, results.facts.basis.supersedes)) is not None:
            yield id, one


def _fitting(book: Rulebook, results: Results, order: Order) -> tuple[Procedure, Stage]:
    """The procedure and stage of ``order``, if ``results`` are locked and of the same procedure."""
    if results.status != "official" or results.facts.basis.root is None:
        raise Refused(_("评审 {id} 还没有锁定，结果不能登记；先锁定", id=results.panel.id))
    if results.rubric.id != book.rubric.id:
        values = {"a": book.rubric.id, "b": results.rubric.id}
        raise Refused(_("登记文件依据 {a}，这一评审依据 {b}，不是同一份原文", **values))
    if order.round not in book.rounds:
        raise Refused(_("没有轮次 {id}，可选：{ids}", id=order.round, ids=list(book.rounds)))
    procedure = book.procedures[book.rounds[order.round].procedure]
    own = results.panel.procedure_of(results.rubric)
    if own is None or own.id != procedure.id:
        values = {"a": procedure.name, "b": own.name if own else results.panel.id}
        raise Refused(_("轮次 {id} 是“{a}”，这一评审是“{b}”", id=order.round, **values))
    named = {s.name: s.id for s in procedure.stages}
    return procedure, stages.named(procedure, named.get(order.stage, order.stage))


def _require_bound(book: Rulebook, chosen: Iterable[str], results: Results, order: Order) -> None:
    """A stage is decided from one round's results, from those that supersede them, or again."""
    root, before = results.facts.basis.root, results.facts.basis.supersedes
    known = {a.id: a for a in book.office.applicants}
    decided = {id: list(_taken(known[id], order)) for id in known}
    roots = {record.root for records in decided.values() for record in records}
    if not roots or root in roots or (before is not None and before.root in roots):
        return
    for id in chosen:
        run = follow(book, known[id]).runs.get(order.round)
        again = run is not None and run.stage is not None and run.stage.id == order.stage
        if not (decided[id] and again):
            values = {"round": order.round, "a": f"{min(map(str, roots)):.12}…"}
            text = _("{round} 的这一环节已取自根哈希 {a} 的评审，这是另一轮（{b}）", **values)
            raise Refused(text.filled(b=f"{root:.12}…"))


def _taken(applicant: Applicant, order: Order) -> Iterator[Decision]:
    for slot in as_corrected(applicant.records):
        record = slot.record
        if slot.withdrawn or not isinstance(record, Decision) or record.root is None:
            continue
        if (record.round, record.stage) == (order.round, order.stage):
            yield record


def _same_name(applicant: Applicant, results: Results) -> None:
    name = results.panel.applicant(applicant.id).name
    if key(name) != key(applicant.name):
        values = {"id": applicant.id, "a": applicant.name, "b": name}
        raise Refused(_("{id} 在登记文件中是“{a}”，在评审中是“{b}”，请核对标识", **values))


def proposal(results: Results, row: dict[str, Any]) -> str | None:
    """Whether a row of the results is proposed; who has no rank is not; None: no rule says."""
    if results.panel.rules.selecting is not None:
        return str(row["selected"])
    return "no" if row["rank"] is None else None


def _said(
    results: Results, procedure: Procedure, stage: Stage, row: dict[str, Any], order: Order
) -> dict[str, Any]:
    """What ``results`` come to for the applicant of ``row``."""
    last = stage is procedure.stages[-1]
    root, proposed = results.facts.basis.root, proposal(results, row)
    own = {"results": results.digest, "root": root, "proposed": proposed}
    if procedure.grades and last:
        if row["grade"] is None:
            raise _refused(stage, _("{id} 在结果中没有等次，请由人另行决定", id=row["id"]))
        return {**own, "outcome": "graded", "grade": row["grade"]}
    if not (order.decide or last):
        return {**own, "outcome": "done"}
    if proposed in {None, "tied_at_cut"}:
        why = _("没有声明拟选名额") if proposed is None else _("并列待定")
        values = {"id": row["id"], "why": why}
        text = _("{id}：{why}，须由人决定；请用 evalkit standing record 逐个登记", **values)
        raise _refused(stage, text)
    if proposed == "yes":
        return {**own, "outcome": "passed"}
    usual = _("锁定的评审结果没有拟选这一对象").render()
    return {**own, "outcome": "rejected", "reason": order.reason or usual}


def _new(
    book: Rulebook,
    applicant: Applicant,
    own: dict[str, Any],
    order: Order,
    before: Superseded | None,
) -> dict[str, Any] | None:
    """The fields of a new record, of a correction, or None where what stands says the same.

    The reason of a correction is that of the successor round, unless the order has one.
    """
    about = {"kind": "decision", "round": order.round, "stage": order.stage, "by": order.by}
    one = {**about, "day": order.day, **own}
    if order.reason is not None:
        one["reason"] = order.reason
    run = follow(book, applicant).runs.get(order.round)
    behind = run is not None and (run.stage is None or run.stage.id != order.stage)
    earlier = [s for s in run.steps if s.decision.stage == order.stage] if run and behind else []
    taken = next((s for s in reversed(earlier) if s.decision.results), None)
    if taken is None:
        return one
    said = {name: getattr(taken.decision, name) for name in own if name != "reason"}
    if said == {name: value for name, value in own.items() if name != "reason"}:
        return None
    why = before.reason if before and before.root == taken.decision.root else None
    if order.reason is None and why is None:
        values = {"id": applicant.id, "record": taken.id}
        raise Refused(_("{id} 已有取自结果的记录 {record}，更正须写理由", **values))
    return {**one, "reason": order.reason or why, "corrects": taken.id}


def compared(applicants: Iterable[Applicant], rounds: Sequence[Results]) -> list[Decision]:
    """The decisions taken from other rounds than these. Raises Refused for a contradiction."""
    by_root = {results.facts.basis.root: results for results in rounds}
    apart = []
    for applicant in applicants:
        for record in applicant.records:
            if not isinstance(record, Decision) or record.results is None:
                continue
            results = by_root.get(record.root)
            if results is None:
                apart.append(record)
            elif (wrong := _contradiction(applicant, record, results)) is not None:
                values = {"id": applicant.id, "record": record.id, "wrong": wrong}
                raise Refused(_("{id} 的记录 {record}：{wrong}", **values))
    return apart


def _contradiction(applicant: Applicant, record: Decision, results: Results) -> Text | None:
    rows = {row["id"]: row for row in results.rows}
    if record.results != results.digest:
        values = {"a": f"{record.results:.12}…", "b": f"{results.digest:.12}…"}
        return _("登记的结果摘要值是 {a}，重新计算是 {b}", **values)
    if applicant.id not in rows:
        return _("结果中没有这一对象")
    row = rows[applicant.id]
    if record.grade is not None and record.grade != row["grade"]:
        return _("登记的等次是 {a}，结果是 {b}", a=record.grade, b=row["grade"])
    if record.proposed != proposal(results, row):
        return _("登记的拟选与结果不同")
    lets_pass = {"passed": "yes", "rejected": "no"}.get(record.outcome, record.proposed)
    return None if lets_pass == record.proposed else _("登记的结论与是否拟选不同")


def _refused(stage: Stage, what: Text) -> Refused:
    values = {"article": stage.article, "name": stage.name, "what": what}
    return Refused(_("{article}“{name}”：{what}", **values))
