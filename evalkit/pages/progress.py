"""The report on the progress of a plan, section by section: from its dictionary to HTML.

For the whole plan (评估通报) or for one responsible unit. Each function takes what `read` returns
and gives a `Section`; what does not concern a unit is an empty one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.figures import milestones
from evalkit.pages import page
from evalkit.pages.page import Section

FORMAT = "evalkit-progress-report/1"

Report = Mapping[str, Any]
"""What `briefing.of_plan` or `briefing.of_unit` gives."""

CONCLUSIONS = {
    "met": _("已达到"),
    "not_yet": _("尚未达到（未到期）"),
    "missed": _("到期未达到"),
    "unknown": _("没有数据"),
    "needs_tolerance": _("“左右”的范围待定"),
    "to_judge": _("待认定"),
}

_REPORTED = {"ongoing": _("进行中"), "not_started": _("未开始")}


def read(result: str) -> Report:
    """The result in the JSON text ``result``.

    An empty text stands for the demo. Raises InputError for what is not JSON and for another
    format.
    """
    return page.read(result, FORMAT, "plan")


def heading(report: Report) -> Section:
    """Which plan, which unit, which day. Carries title and language of the page."""
    name = report["unit"]["name"] if report["unit"] else report["rubric"]["title"]
    title = _("{name} 进展情况（{day}）", name=name, day=terms.day(report["on"]))
    return page.heading("progress_heading", report, title)


def overview(report: Report) -> Section:
    """How many milestones stand where, over the year, and which tasks have none."""
    nodes = [node for task in report["tasks"] for node in task["milestones"]]
    sentences = list(remarks(report))
    return _section("overview", report, nodes=nodes, sentences=sentences)


def targets(report: Report) -> Section:
    """Every target of the plan: what attains it, what is known, what follows."""
    if not report["targets"]:
        return Section("targets", "")
    return _section(
        "targets",
        report,
        summary=attained(report),
        conclusions=CONCLUSIONS,
        condition=condition,
        basis=lambda target: list(basis(target)),
    )


def attained(report: Report) -> Text:
    """How many targets came to which conclusion."""
    found = [target["state"] for target in report["targets"]]
    parts = [
        _("{name} {n} 个", name=name, n=found.count(state))
        for state, name in CONCLUSIONS.items()
        if state in found
    ]
    return _("{n} 个目标：{parts}。", n=len(found), parts=parts)


def overdue(report: Report) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Task and milestone of all that is overdue, the longest overdue first."""
    found = [
        (task, node)
        for task in report["tasks"]
        for node in task["milestones"]
        if node["state"] == "overdue"
    ]
    return sorted(found, key=lambda pair: pair[1]["due"])


def behind(report: Report) -> Section:
    """The overdue milestones, and who was reminded."""
    found = overdue(report)
    return _section(
        "behind",
        report,
        behind=found,
        reported=_reported,
        reminders=report.get("reminders", ()),
        answer=answer,
        history=lambda node: list(history(node)),
    )


def units(report: Report) -> Section:
    """Every responsible unit and how many of its milestones stand where."""
    if not report["units"]:
        return Section("units", "")
    most = max(unit["counts"]["all"] for unit in report["units"])
    return _section("units", report, most=most)


def tasks(report: Report) -> Section:
    """Every task with its units and milestones; a task without any is said to have none."""
    return _section(
        "tasks",
        report,
        stands=_stands,
        lacking=lambda task: list(_lacking(task)),
        history=lambda node: list(history(node)),
    )


def rules(report: Report) -> Section:
    """What the office declared and how days are counted, one sentence each."""
    return _section("rules", report)


def provenance(report: Report) -> Section:
    """What the report rests on and how to check it."""
    return _section("provenance", report)


def _section(name: str, report: Report, **values: Any) -> Section:
    made = page.section(f"progress_{name}", report, states=milestones.NAMES, **values)
    return Section(name, made.html)


def remarks(report: Report, *, listed: bool = True) -> Iterator[Text]:
    """What has to be said about the whole: what came late, what nobody reported or planned.

    The tasks without milestones are ``listed`` unless they stand elsewhere.
    """
    if report["counts"]["late"]:
        yield _("已完成的节点中，{n} 个晚于完成时限。", n=report["counts"]["late"])
    if report["as_of"] < report["on"]:
        yield _("台账登记到{day}，此后的进展没有反映。", day=terms.day(report["as_of"]))
    none = [task["name"] for task in report["tasks"] if not task["milestones"]]
    if none and listed:
        yield _("{n} 项任务没有时间节点：{names}。", n=len(none), names=none)
    yield from covered(report)


def covered(report: Report) -> Iterator[Text]:
    """What of the text no row covers, what was moved, and what was carried over."""
    duties = [name for task in report["tasks"] for name in task.get("unlisted", ())]
    if duties:
        names = [f"“{name}”" for name in duties]
        yield _("原文写明本年度要做的事，{n} 项没有列入台账：{names}。", n=len(names), names=names)
    nodes = [node for task in report["tasks"] for node in task["milestones"]]
    if moved := sum("moved" in node for node in nodes):
        yield _("{n} 个时间节点改过期，原来的时限和理由一并列出。", n=moved)
    if carried := sum("originally" in node for node in nodes):
        yield _("{n} 个时间节点由上一年度结转。", n=carried)


def history(node: Mapping[str, Any]) -> Iterator[Text]:
    """How a milestone came to its due day: carried over, moved from when, by whom and why."""
    if "originally" in node:
        yield _("由上一年度结转，原定 {day}", day=node["originally"])
    for move in node.get("moved", ()):
        yield _("原为 {was}，{by}于 {on} 改期：{reason}", **move)


def answer(reminder: Mapping[str, Any]) -> Text:
    """What became of a reminder."""
    if reminder["state"] == "answered":
        reply = reminder["reply"]
        if reply["promised"]:
            values = {**reply, "promised": reply["promised"]}
            return _("{on} 答复：{text}；承诺 {promised} 完成", **values)
        return _("{on} 答复：{text}", on=reply["on"], text=reply["text"])
    if reminder["state"] == "overdue":
        return _("逾期未答复（应于 {day} 前）", day=reminder["answer_by"])
    return _("待答复（{day} 前）", day=reminder["answer_by"])


def condition(target: Mapping[str, Any]) -> Text:
    """What attains a target, in words."""
    reach, unit = target["reach"], target["unit"]
    if target["term"] == "unquantified":
        return _("没有数量，由人认定")
    if reach is None:
        return _("“左右”的范围由办公室声明，尚未确定")
    if reach["high"] is not None:
        return _("{low} 至 {high} {unit}", low=reach["low"], high=reach["high"], unit=unit)
    if not reach["inclusive"]:
        return _("超过 {low} {unit}，不含本数", low=reach["low"], unit=unit)
    return _("不少于 {low} {unit}", low=reach["low"], unit=unit)


def basis(target: Mapping[str, Any]) -> Iterator[Text]:
    """What is known about a target, and where it is from."""
    measured, later, judgement = target["measurement"], target["later"], target["judgement"]
    if measured:
        yield _("{value} {unit}", value=measured["value"], unit=measured["unit"])
        yield _("截至{day}，{source}", **_sourced(measured))
        if target["state"] == "missed" and measured["as_of"] < target["by"]:
            yield _("这是到期以前的数据，到期日的数据还没有报来")
    if later:
        values = {**_sourced(later), "value": later["value"], "unit": later["unit"]}
        yield _("到期以后为 {value} {unit}，截至{day}，{source}", **values)
    if judgement:
        yield Text("{reason}", {"reason": judgement["reason"]})
        yield _(
            "{name}（{post}）认定，{day}",
            **target["judge"],
            day=terms.day(judgement["judged_on"]),
        )


def _sourced(measured: Mapping[str, Any]) -> dict[str, Any]:
    return {"day": terms.day(measured["as_of"]), "source": measured["source"]}


def _reported(node: Mapping[str, Any]) -> Text | str:
    return _REPORTED.get(node["reported"], "")


def _stands(node: Mapping[str, Any]) -> Text:
    """Where a milestone stands, in words."""
    if node["state"] == "done" and node["late"]:
        return _("{day} 完成，晚 {n} 天", day=node["done"], n=node["late"])
    if node["state"] == "done":
        return _("{day} 完成", day=node["done"])
    if node["state"] == "overdue":
        return _("逾期 {n} 天", n=node["late"])
    return _REPORTED.get(node["reported"], _("未完成"))


def _lacking(task: Mapping[str, Any]) -> Iterator[Text]:
    if not task["milestones"]:
        yield _("没有时间节点。")
    elif task["without"]:
        yield _("没有时间节点的责任单位：{units}。", units=task["without"])
    for name in task.get("unlisted", ()):
        yield _("原文写明本年度要做、没有列入台账：{name}。", name=name)
