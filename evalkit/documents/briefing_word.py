"""The report on the progress of a plan (评估通报) in Word, after GB/T 9704-2012 [GB9704]_."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.documents.looks import Column, Notice
from evalkit.documents.official import ROW, addressed, annex, begin, listed, marked, signed
from evalkit.figures.milestones import NAMES
from evalkit.pages import progress as said
from evalkit.plan import briefing as plan
from evalkit.plan.progress import Progress

NUMERALS = "一二三四五六七八九"

Report = dict[str, Any]


class Annex(NamedTuple):
    """A table behind the notice."""

    id: str
    name: Text
    columns: list[Column]
    rows: list[list[Text | str | int | None]]


@asked
def briefing(assessed: Progress, language: str = "zh", template: bytes | None = None) -> bytes:
    """The Word file: the notice, and as its annexes what it rests on.

    The number of the document and its date are places to fill in; the days are those of the
    assessment. A plan's text that is a draft is said to be one.
    """
    report = plan.of_plan(assessed, language)
    title = _("关于{plan}进展情况的通报", plan=_quoted(report["rubric"]["title"]))
    paper = begin(title, None, language, template)
    marked(paper, terms.mark(report["status"]))
    annexes = [one for one in _annexes(report, paper.across) if one.rows]
    where = {one.id: _("详见附件{n}。", n=n) for n, one in enumerate(annexes, 1)}
    addressed(paper, _("各责任单位"))
    paper.line(_opening(report), Notice.BODY)
    numerals = NUMERALS if language == "zh" else "123456789"
    for number, (heading, sentences) in zip(numerals, _parts(report, where), strict=False):
        text = _("{number}、{heading}", number=number, heading=heading)
        paper.line(text, Notice.BLANK, letters=Notice.ANNEX)
        for sentence in sentences:
            paper.line(sentence, Notice.BODY)
    listed(paper, [one.name for one in annexes])
    signed(paper, report["ledger"]["office"])
    for n, one in enumerate(annexes, 1):
        annex(paper, _("附件{n}", n=n), one.name)
        paper.table(one.columns, one.rows, Notice.HEAD, height=ROW)
        if n == 1:
            rules = ("" if language == "zh" else " ").join(report["rules"])
            paper.line(_("说明：{rules}", rules=rules), Notice.REMARK)
    paper.line(_("评估结果摘要值 {digest}", digest=report["digest"]), Notice.REMARK)
    return paper.to_bytes()


def _quoted(title: str) -> str:
    return title if "《" in title else f"《{title}》"


def _opening(report: Report) -> Text:
    source = report["rubric"]["source"]
    return _(
        "根据{plan}{numbers}，对{ledger}截至{day}的情况进行了评估，现通报如下。",
        plan=_quoted(report["rubric"]["title"]),
        numbers=_("（{numbers}）", numbers=source["numbers"]) if source.get("numbers") else "",
        ledger=report["ledger"]["title"],
        day=terms.day(report["on"]),
    )


def _parts(report: Report, where: Mapping[str, Text]) -> Iterator[tuple[Text, list[Text]]]:
    """The headings of the notice, with their sentences."""
    yield _("总体情况"), [_counted(report), *said.remarks(report, listed=False)]
    if report["targets"]:
        yield _("目标完成情况"), [_also(said.attained(report), where["targets"])]
    late = said.overdue(report)
    names = list(dict.fromkeys(node["unit"] for _task, node in late))
    text = _("没有逾期未完成的时间节点。")
    if late:
        text = _("逾期未完成的时间节点 {n} 个，责任单位是{names}。", n=len(late), names=names)
    yield _("逾期未完成的时间节点"), [_also(text, where["late"]) if late else text]
    if reminders := report.get("reminders"):
        states = [reminder["state"] for reminder in reminders]
        text = _(
            "发出督导 {n} 件，已答复 {answered} 件，待答复 {waiting} 件，逾期未答复 {overdue} 件。",
            n=len(states),
            **{state: states.count(state) for state in ("answered", "waiting", "overdue")},
        )
        yield _("跟踪督导情况"), [_also(text, where["reminders"])]
    if n := sum(map(_lacks, report["tasks"])):
        text = _("{n} 项任务没有责任单位，或者有责任单位没有列出时间节点。", n=n)
        yield _("没有时间节点的任务和责任单位"), [_also(text, where["lacking"])]


def _also(text: Text, more: Text) -> Text:
    return _("{text}{more}", text=text, more=more)


def _counted(report: Report) -> Text:
    values = {"tasks": len(report["tasks"]), "units": len(report["units"]), **report["counts"]}
    return _(
        "共 {tasks} 项任务、{units} 个责任单位、{all} 个时间节点：已完成 {done} 个，"
        "逾期未完成 {overdue} 个，近期到期（到{day}）{due} 个，未到期 {upcoming} 个。",
        **values,
        day=terms.day(report["until"]),
    )


def _lacks(task: Mapping[str, Any]) -> bool:
    """Whether nobody is responsible for a task, or somebody has no milestone for it."""
    return not task["units"] or bool(task["without"])


def _annexes(report: Report, across: float) -> Iterator[Annex]:
    yield Annex("targets", _("目标完成情况"), *_targets(report, across))
    yield Annex("units", _("各责任单位时间节点完成情况"), *_units(report, across))
    yield Annex("late", _("逾期未完成的时间节点"), *_late(report, across))
    yield Annex("moved", _("改期和结转的时间节点"), *_moved(report, across))
    yield Annex("reminders", _("跟踪督导情况"), *_reminders(report, across))
    yield Annex("lacking", _("没有时间节点的任务和责任单位"), *_lacking(report, across))


Table = tuple[list[Column], list[list[Text | str | int | None]]]


def _columns(across: float, *shares: tuple[Text, float, Notice]) -> list[Column]:
    return [Column(heading, across * share, style) for heading, share, style in shares]


def _targets(report: Report, across: float) -> Table:
    columns = _columns(
        across,
        (_("目标"), 0.4, Notice.NAME),
        (_("达到条件"), 0.18, Notice.NAME),
        (_("现状"), 0.24, Notice.NAME),
        (_("结论"), 0.18, Notice.MIDDLE),
    )
    return columns, [
        [t["text"], said.condition(t), next(said.basis(t), None), said.CONCLUSIONS[t["state"]]]
        for t in report["targets"]
    ]


def _units(report: Report, across: float) -> Table:
    shares = (0.14, 0.19, 0.16, 0.14)  # a heading on one line
    numbers = [(n, w, Notice.MIDDLE) for n, w in zip(NAMES.values(), shares, strict=True)]
    columns = _columns(
        across, (_("责任单位"), 0.27, Notice.NAME), (_("节点"), 0.1, Notice.MIDDLE), *numbers
    )
    return columns, [
        [unit["name"], unit["counts"]["all"], *(unit["counts"][state] for state in NAMES)]
        for unit in report["units"]
    ]


def _lacking(report: Report, across: float) -> Table:
    columns = _columns(across, (_("任务"), 0.5, Notice.NAME), (_("责任单位"), 0.5, Notice.NAME))
    return columns, [
        [
            _("{article} {name}", article=task["article"], name=task["name"]),
            Text("{units}", {"units": task["without"]}) if task["units"] else _("没有责任单位"),
        ]
        for task in report["tasks"]
        if _lacks(task)
    ]


def _late(report: Report, across: float) -> Table:
    columns = _columns(
        across,
        (_("时间节点"), 0.38, Notice.NAME),
        (_("责任单位"), 0.26, Notice.NAME),
        (_("完成时限"), 0.2, Notice.MIDDLE),
        (_("逾期天数"), 0.16, Notice.MIDDLE),
    )
    return columns, [
        [node["name"], node["unit"], node["due"], node["late"]]
        for _task, node in said.overdue(report)
    ]


def _moved(report: Report, across: float) -> Table:
    columns = _columns(
        across,
        (_("时间节点"), 0.28, Notice.NAME),
        (_("责任单位"), 0.2, Notice.NAME),
        (_("完成时限"), 0.2, Notice.MIDDLE),
        (_("经过"), 0.32, Notice.NAME),
    )
    nodes = [node for task in report["tasks"] for node in task["milestones"]]
    return columns, [
        [node["name"], node["unit"], node["due"], Text("{lines}", {"lines": lines})]
        for node in nodes
        if (lines := list(said.history(node)))
    ]


def _reminders(report: Report, across: float) -> Table:
    columns = _columns(
        across,
        (_("督导事项"), 0.34, Notice.NAME),
        (_("责任单位"), 0.2, Notice.NAME),
        (_("发出"), 0.18, Notice.MIDDLE),
        (_("答复"), 0.28, Notice.NAME),
    )
    return columns, [
        [
            _("{text}：{about}", text=r["text"], about=r["about"]),
            r["unit"],
            r["on"],
            said.answer(r),
        ]
        for r in report.get("reminders", ())
    ]
