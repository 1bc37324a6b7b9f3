"""What is wrong in a ledger beyond its form: silences left open, names that lead nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from evalkit.base.declared import Place
from evalkit.base.text import Text, _
from evalkit.base.yamltext import Tree
from evalkit.plan.ledger import Ledger, Milestone
from evalkit.rubric import Rubric
from evalkit.rubric.open_rules import SILENCES, by_office, concerns
from evalkit.rubric.provisions import Target

PAGE_NAME = "progress"
"""The file name of the report on the whole plan, which no unit may take."""

Found = Iterator[tuple[Place, Text]]


def undeclared(tree: Tree, rubric: Rubric) -> Found:
    """Each silence of the plan that the ledger file leaves open, with the article."""
    top = tree.value if isinstance(tree.value, dict) else {}
    rules = top.get("rules")
    declared = {*top, *(rules if isinstance(rules, dict) else ())}
    if "table" in declared:
        declared.add("milestones")
    for name, what in SILENCES.items():
        if name in declared or not concerns(name, rubric):
            continue
        place = (name,) if name in {"units", "milestones"} else ("rules", name)
        yield place, by_office(rubric, name, what)


def inconsistent(ledger: Ledger, rubric: Rubric) -> Found:
    """Whatever in the ledger does not fit its plan or itself, with its place in the file."""
    if ledger.rubric != rubric.id:
        yield ("rubric",), _("台账用的规划是 {a}，给出的是 {b}", a=ledger.rubric, b=rubric.id)
        return
    if not rubric.tasks:
        yield ("rubric",), _("{id} 不是规划：其中没有任务", id=rubric.id)
        return
    yield from _repeated(ledger)
    yield from _terms(ledger, rubric)
    yield from _days(ledger)
    yield from _units(ledger, rubric)
    yield from _facts(ledger, rubric)
    for n, reminder in enumerate(ledger.reminders):
        if reminder.unit not in ledger.named:
            text = _("没有声明过责任单位“{name}”，请写 units 中的全称", name=reminder.unit)
            yield ("reminders", n, "unit"), text


def of_milestones(ledger: Ledger, rubric: Rubric) -> Iterator[tuple[int, str, Text]]:
    """What is wrong in a milestone: its number, the field and the problem.

    Only for a ledger in which `inconsistent` finds nothing.
    """
    responsible, seen = ledger.responsible(rubric), Counter[tuple[str | None, ...]]()
    for n, m in enumerate(ledger.milestones):
        if m.task not in responsible:
            yield n, "task", _("规划中没有任务 {id}", id=m.task)
            continue
        units, unit = responsible[m.task], ledger.named.get(m.unit)
        if unit is None:
            yield n, "unit", _("没有声明过责任单位“{name}”，请写 units 中的全称", name=m.unit)
        elif unit not in units:
            names = [u.name for u in units]
            text = _("“{name}”不是这项任务的责任单位，可选：{all}", name=unit.name, all=names)
            yield n, "unit", text
        else:
            seen[key := (m.task, unit.id, m.name, m.originally)] += 1
            if seen[key] > 1:
                yield n, "name", _("同一任务、同一单位的这个节点重复了，请合并")
        yield from ((n, field, text) for field, text in _in_its_year(m, ledger))
        if m.done is not None and m.done > ledger.as_of:
            yield n, "done", _later(m.done, ledger)


def _in_its_year(m: Milestone, ledger: Ledger) -> Iterator[tuple[str, Text]]:
    """What is carried over may be due in any year, everything else in that of the ledger."""
    if m.originally is None:
        if not m.first.startswith(f"{ledger.year:04}-"):
            yield "due", _("时限 {due} 不在 {year} 年度内", due=m.first, year=ledger.year)
    elif int(m.originally[:4]) >= ledger.year:
        yield (
            "originally",
            _("结转的节点，原定时限 {day} 须早于 {year} 年度", day=m.originally, year=ledger.year),
        )
    elif ledger.follows is None:
        yield "originally", _("有结转的节点，须在 ledger.yaml 写 follows（从哪一年度的台账结转）")


def _later(day: str, ledger: Ledger) -> Text:
    return _("{day} 晚于台账登记到的日期 {as_of}", day=day, as_of=ledger.as_of)


def _repeated(ledger: Ledger) -> Found:
    judges = [judge.id for judge in ledger.rules.judges]
    staff = [person.id for person in ledger.staff]
    # ids become file names, and some file systems do not tell case apart
    for place, ids in (
        (("units",), [u.id.lower() for u in ledger.units]),
        (("rules", "judges"), judges),
        (("staff",), staff),
    ):
        for id in _twice(ids):
            yield place, _("标识“{id}”用了不止一次，请改成不同的", id=id)
    if PAGE_NAME in {u.id.lower() for u in ledger.units}:
        yield ("units",), _("标识“{id}”是总报告的文件名，请改成别的", id=PAGE_NAME)
    for name in _twice(name for u in ledger.units for name in {u.id, u.name, *u.written}):
        yield ("units",), _("“{name}”指向两个责任单位，请只留一处", name=name)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, n in Counter(names).items() if n > 1]


def _terms(ledger: Ledger, rubric: Rubric) -> Found:
    """Every 左右, range and missing date of the plan is spoken of, and nothing else."""
    rules = ledger.rules
    groups: list[tuple[str, Mapping[str, object], list[Target]]] = [
        ("about", rules.about, [t for t in rubric.targets if t.term == "about"]),
        ("range", rules.range, [t for t in rubric.targets if t.term == "range"]),
        ("by", rules.by, [t for t in rubric.targets if t.by is None]),
    ]
    for term, declared, concerned in groups:
        targets = {t.id: t for t in concerned}
        for id in targets.keys() - declared.keys():
            t = targets[id]
            text = _(
                "没有声明目标 {id}（{article}“{text}”）", id=id, article=t.article, text=t.text
            )
            yield ("rules", term), text
        for id in declared.keys() - targets.keys():
            yield ("rules", term, id), _("规划中没有这样的目标，请核对标识")
    if not ledger.rules.judges and concerns("judges", rubric):
        yield ("rules", "judges"), _("不能为空，请填写")


def _days(ledger: Ledger) -> Found:
    days = ledger.rules.assessed
    if list(days) != sorted(set(days)):
        yield ("rules", "assessed"), _("日期须由早到晚、互不相同")
    for n, day in enumerate(days):
        if not day.startswith(f"{ledger.year:04}-"):
            text = _("{day} 不在 {year} 年度内", day=day, year=ledger.year)
            yield ("rules", "assessed", n), text


def _units(ledger: Ledger, rubric: Rubric) -> Found:
    """Every wording of the text has its unit; only a task without any gets one from the office."""
    for task in rubric.tasks:
        for name in task.units:
            if not any(name in unit.written for unit in ledger.units):
                yield (
                    ("units",),
                    _(
                        "没有声明任务“{task}”（{article}）的责任单位“{name}”是哪个单位，"
                        "请写进它的 written",
                        task=task.name,
                        article=task.article,
                        name=name,
                    ),
                )
    written = {name for task in rubric.tasks for name in task.units}
    open_tasks = {task.id for task in rubric.tasks if not task.units}
    for n, unit in enumerate(ledger.units):
        for name in unit.written:
            if name not in written:
                yield ("units", n, "written"), _("原文没有写过“{name}”", name=name)
        for id in unit.tasks:
            if id not in open_tasks:
                yield ("units", n, "tasks"), _("{id} 不是原文没有写明责任单位的任务", id=id)


def _facts(ledger: Ledger, rubric: Rubric) -> Found:
    """Values and judgements belong to a target of their kind, once a day, and not to the future."""
    numbers = {t.id: t.measure for t in rubric.targets if t.measure is not None}
    seen: Counter[tuple[str, str]] = Counter()
    for n, m in enumerate(ledger.measurements):
        place = ("measurements", n)
        if m.target not in numbers:
            yield (*place, "target"), _("规划中没有这样的数量目标，请核对标识")
        elif m.unit != numbers[m.target].unit:
            unit = numbers[m.target].unit
            text = _("目标的单位是“{unit}”，这里是“{given}”，请换算", unit=unit, given=m.unit)
            yield (*place, "unit"), text
        yield from _dated(place, "as_of", m.target, m.as_of, ledger, seen)
    words = {t.id for t in rubric.targets if t.term == "unquantified"}
    judges = {judge.id for judge in ledger.rules.judges}
    for n, j in enumerate(ledger.judgements):
        place = ("judgements", n)
        if j.target not in words:
            yield (*place, "target"), _("规划中没有这样的目标，或者它有数量、不由人认定")
        if j.judge not in judges:
            yield (*place, "judge"), _("rules.judges 中没有这个人")
        yield from _dated(place, "judged_on", j.target, j.judged_on, ledger, seen)


def _dated(
    place: Place, field: str, target: str, day: str, ledger: Ledger, seen: Counter[tuple[str, str]]
) -> Found:
    seen[target, day] += 1
    if seen[target, day] > 1:
        yield (*place, field), _("同一目标同一天有两条记录，请合并")
    if day > ledger.as_of:
        yield (*place, field), _later(day, ledger)
