"""What a report on the progress of a plan says (评估并通报): the whole plan, or one unit's part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.plan.ledger import UNDECIDED, Ledger, Unit
from evalkit.plan.nodes import Node, Reached, counts, node_dict, target_dict
from evalkit.plan.progress import Progress
from evalkit.rubric import Rubric
from evalkit.rubric.provisions import Task, TimeNode

FORMAT = "evalkit-progress-report/1"


def of_plan(progress: Progress, language: str = "zh") -> dict[str, Any]:
    """The whole plan: targets, units and tasks, as plain JSON."""
    return {
        **_heading(progress, progress.nodes, language),
        "rules": [rule.render(language) for rule in _rules(progress)],
        "unit": None,
        "targets": [_target(reached, progress.ledger) for reached in progress.targets],
        "units": [_unit(unit, progress) for unit in progress.ledger.units],
        "tasks": [_task(task, progress) for task in progress.rubric.tasks],
        **_supervision(progress),
    }


def of_unit(progress: Progress, id: str, language: str = "zh") -> dict[str, Any]:
    """One unit's tasks and milestones; it names the others who share a task, not what they did.

    The targets of a plan belong to no unit. Raises InputError for an unknown unit.
    """
    unit = progress.ledger.unit(id)
    own = progress.tasks_of(unit.id)
    return {
        **_heading(progress, progress.of(unit=unit.id), language),
        "rules": [rule.render(language) for rule in _day_rules(progress.ledger)],
        "unit": {"id": unit.id, "name": unit.name},
        "targets": [],
        "units": [],
        "tasks": [_task(task, progress, unit) for task in progress.rubric.tasks if task.id in own],
        **_supervision(progress, unit),
    }


def _heading(progress: Progress, nodes: Sequence[Node], language: str) -> dict[str, Any]:
    rubric, ledger = progress.rubric, progress.ledger
    return {
        "format": FORMAT,
        "language": language,
        "status": rubric.source.status,
        "digest": progress.digest,
        "on": progress.on.isoformat(),
        "until": progress.until.isoformat(),
        "as_of": ledger.as_of,
        "ledger": {
            "id": ledger.id,
            "title": ledger.title,
            "year": ledger.year,
            "office": ledger.office,
            "digest": ledger.digest,
            "assessed": list(ledger.rules.assessed),
            **({"follows": ledger.follows.model_dump(mode="json")} if ledger.follows else {}),
        },
        "rubric": {
            "id": rubric.id,
            "version": rubric.version,
            "title": rubric.title,
            "digest": rubric.digest,
            "source": rubric.source.model_dump(mode="json"),
        },
        "counts": counts(nodes),
    }


def _target(reached: Reached, ledger: Ledger) -> dict[str, Any]:
    target, judges = reached.target, {judge.id: judge for judge in ledger.rules.judges}
    judge = judges[reached.judgement.judge] if reached.judgement else None
    return {
        **target_dict(reached),
        "article": target.article,
        "text": target.text,
        "term": target.term,
        "unit": target.measure and target.measure.unit,
        "judge": judge and {"name": judge.name, "post": judge.post},
    }


def _unit(unit: Unit, progress: Progress) -> dict[str, Any]:
    tasks = progress.tasks_of(unit.id)
    return {
        "name": unit.name,
        "tasks": len(tasks),
        "counts": counts(progress.of(unit=unit.id)),
        "without": sum(unit.id in progress.without(task) for task in tasks),
    }


def _task(task: Task, progress: Progress, unit: Unit | None = None) -> dict[str, Any]:
    names = {u.id: u.name for u in progress.ledger.units}
    without = progress.without(task.id)
    nodes = progress.of(task=task.id, unit=None if unit is None else unit.id)
    unlisted = [node.name for node in lacking(task, progress.ledger)]
    return {
        "article": task.article,
        "name": task.name,
        "text": task.text,
        "units": [names[id] for id in progress.responsible[task.id]],
        "milestones": [
            {**node_dict(node, current=progress.current), "unit": names[node.unit]}
            for node in nodes
        ],
        "without": [names[id] for id in without if unit is None or id == unit.id],
        **({"unlisted": unlisted} if unlisted else {}),
    }


def _supervision(progress: Progress, unit: Unit | None = None) -> dict[str, Any]:
    """The reminders to all units or to one, where there are any."""
    names = {u.id: u.name for u in progress.ledger.units}
    sent = [progress.reminder(r) for r in progress.reminders]
    found = [
        {**r, "unit": names[r["unit"]], "about": [topic["name"] for topic in r["about"]]}
        for r in sent
        if unit is None or r["unit"] == unit.id
    ]
    return {"reminders": found} if found else {}


def _rules(progress: Progress) -> list[Text]:
    """One sentence for each thing that the office declared, and for how days are counted."""
    rubric, ledger = progress.rubric, progress.ledger
    terms = {target.term for target in rubric.targets}
    judges = [_("{name}（{post}）", name=j.name, post=j.post) for j in ledger.rules.judges]
    found = [_("“以上”“达到”含本数，“突破”不含本数（民法典第一千二百五十九条）。")]
    if terms & {"about", "range"}:
        found.append(_("“左右”和“2—3个”一类的范围由办公室声明，见各目标的达到条件。"))
    if any(target.by is None for target in rubric.targets):
        found.append(_("原文只写年限的目标，到期日由办公室声明。"))
    if judges:
        found.append(_("没有数量的目标由{judges}认定。", judges=judges))
    return [
        *found,
        _("目标以到期日以前（含当天）最近一次的数据为准，到期日以后的数据只作参考。"),
        _("没有数据不等于 0，也不等于没有达到。"),
        *_day_rules(ledger),
    ]


def _day_rules(ledger: Ledger) -> list[Text]:
    return [
        _("到期日和完成时限的当天不算逾期。"),
        _("只计入评估日以前（含当天）的完成情况、数据和认定。"),
        _("在以下日期评估并通报：{days}。", days=list(ledger.rules.assessed)),
    ]


def lacking(task: Task, ledger: Ledger) -> list[TimeNode]:
    """The duties of a task that the text sets for the year of the ledger, and no row covers."""
    own = [m for m in ledger.milestones if m.task == task.id and m.originally is None]
    listed = {m.name for m in own}
    return [node for node in task.within(ledger.year) if node.name not in listed]


def _unlisted(task: Task, ledger: Ledger) -> Iterator[Text]:
    """The times that the text itself sets for the year of the ledger, and no milestone keeps."""
    absent = [node.name for node in lacking(task, ledger)]
    for name in absent:
        yield _("任务“{task}”：没有列入原文的时间节点“{node}”", task=task.name, node=name)
    listed = {m.name: m.due for m in ledger.milestones if m.task == task.id}
    for node in task.within(ledger.year):
        if node.name not in absent and node.due is not None and listed[node.name] > node.due:
            yield _(
                "任务“{task}”：“{node}”的时限 {due} 晚于原文的 {by}",
                task=task.name,
                node=node.name,
                due=listed[node.name],
                by=node.due,
            )


@asked
def findings(rubric: Rubric, ledger: Ledger) -> list[Text]:
    """What the office should look at in a ledger; nothing here forbids an assessment."""
    found = []
    responsible = ledger.responsible(rubric)
    present = {(m.task, ledger.named[m.unit].id) for m in ledger.milestones}
    for task in rubric.tasks:
        units = responsible[task.id]
        if not units:
            found.append(_("任务“{task}”没有责任单位", task=task.name))
        lacking = [unit.name for unit in units if (task.id, unit.id) not in present]
        if lacking:
            text = _("任务“{task}”：{units}没有时间节点", task=task.name, units=lacking)
            found.append(text)
        found += _unlisted(task, ledger)
    known = {m.target for m in ledger.measurements} | {j.target for j in ledger.judgements}
    for target in rubric.targets:
        if ledger.rules.about.get(target.id) == UNDECIDED:
            found.append(_("目标“{text}”：“左右”的范围尚未确定", text=target.text))
        if target.id not in known:
            found.append(_("目标“{text}”没有数据或认定", text=target.text))
    return found
