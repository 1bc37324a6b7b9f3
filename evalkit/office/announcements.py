"""What an office makes public: a recognition, and the list of a round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from evalkit.base.errors import Refused
from evalkit.base.terms import day as said
from evalkit.base.text import Text, _
from evalkit.office import objections
from evalkit.office.course import Course, follow
from evalkit.office.outcomes import verdict
from evalkit.office.papers import paper
from evalkit.office.rulebook import Rulebook, shifted
from evalkit.office.stages import Run
from evalkit.rubric.provisions import Procedure

if TYPE_CHECKING:
    from evalkit.office.file import Applicant


def recognition(book: Rulebook, applicant: Applicant, course: Course) -> dict[str, Any]:
    """认定公布: title, stages gone through, publicity. Raises Refused without a recognition."""
    runs = [r for r in course.runs.values() if r.procedure.kind == "recognition"]
    done = [r for r in runs if r.ended == "completed"]
    if not done:
        raise Refused(_("{name} 没有认定的记录，不能出认定公布", name=applicant.name))
    run, title = done[-1], book.title(done[-1].procedure)
    body = [
        _(
            "依据{basis}{article}，经{stages}等程序，现认定{name}为“{title}”，并予公布。",
            article=run.procedure.stages[-1].article,
            stages=_stages(run),
            name=applicant.name,
            title=title,
        ),
        *_publicity(book, run),
    ]
    heading = _("关于认定{name}为“{title}”的公告", name=applicant.name, title=title)
    records = [(applicant.name, run.steps[-1].id)]
    return paper(book, "recognition", heading, run.steps[-1].day, body=body, records=records)


def _stages(run: Run) -> list[str]:
    """The stages that were gone through, but the last, which is the notice itself."""
    went = {s.decision.stage for s in run.steps if s.decision.outcome in {"done", "passed"}}
    return [s.name for s in run.procedure.stages[1:-1] if s.id in went]


def _publicity(book: Rulebook, run: Run) -> list[Text]:
    """How long the publicity lasted, and what came of objections."""
    begun = [s for s in run.steps if s.decision.outcome == "begun"]
    if not begun:
        return []
    stage = next(s for s in run.procedure.stages if s.id == begun[-1].decision.stage)
    last = shifted(begun[-1].day, book.days(stage))
    period = _("公示期为{first}至{last}", first=said(f"{begun[-1].day}"), last=said(f"{last}"))
    raised = run.raised
    if not raised:
        return [_("{period}，公示无异议。", period=period)]
    counted = {state: sum(o["state"] == state for o in raised) for state in objections.STATES}
    parts = [
        _("{what}{n}件", what=words, n=counted[state])
        for state, words in objections.STATES.items()
        if counted[state]
    ]
    text = _(
        "{period}；期间收到异议{n}件，其中{parts}。", period=period, n=len(raised), parts=parts
    )
    return [text]


def list_of(book: Rulebook, round: str) -> dict[str, Any]:
    """Who came through ``round``: titles, grades, or what the last stage gives. Raises Refused."""
    which = book.rounds[round]
    procedure = book.procedures[which.procedure]
    found = list(_through(book, round))
    if not found:
        raise Refused(_("轮次 {id} 还没有办完的对象，不能出名单", id=round))
    title, name, column = _headings(book, procedure, which.year)
    waiting = sum(1 for _who, run in _begun(book, round) if run.ended is None)
    made_public = _(
        "依据{basis}{article}，{year}年度{procedure}{how_far}，现将{name}予以公布，共{n}个，见附件。"
    )
    sent = _(
        "依据{basis}{article}，{year}年度{procedure}{how_far}，现将{name}印发，共{n}个，见附件。"
    )
    body = [
        (sent if procedure.grades else made_public).filled(
            article=procedure.stages[-1].article,
            year=which.year,
            procedure=_after_year(procedure.name),
            how_far=_("尚有{n}个未办结", n=waiting) if waiting else _("已办结"),
            name=name,
            n=len(found),
        )
    ]
    rows = [[applicant.name, _came_to(book, run)] for applicant, run in found]
    annex = {"name": name, "columns": [_("序号"), _("名称"), column], "rows": rows}
    records = [(applicant.name, run.concluded[0]) for applicant, run in found]
    day = max(run.concluded[1] for _applicant, run in found)
    to = _("（主送机关）")  # a circular (通知) goes to somebody
    return paper(book, "list", title, day, to=to, body=body, annex=annex, records=records)


def _through(book: Rulebook, round: str) -> Iterator[tuple[Applicant, Run]]:
    """Applicants that completed ``round``; who was refused is on no list."""
    return (one for one in _begun(book, round) if one[1].ended == "completed")


def _begun(book: Rulebook, round: str) -> Iterator[tuple[Applicant, Run]]:
    """Applicants with a record in ``round``."""
    for applicant in book.office.applicants:
        run = follow(book, applicant).runs.get(round)
        if run is not None and (run.steps or run.ended):
            yield applicant, run


def _came_to(book: Rulebook, run: Run) -> Text | str:
    if run.grade is not None:
        return run.grade.name
    if run.procedure.kind == "recognition":
        return book.title(run.procedure)
    return verdict(run.procedure.stages[-1], run.steps[-1].decision.outcome)


def _headings(book: Rulebook, procedure: Procedure, year: int) -> tuple[Text, Text, Text]:
    """The title of the paper, of its list, and of the column that says what came of it."""
    if procedure.grades:
        named = {"year": year, "name": _after_year(procedure.name)}
        title = _("关于印发{year}年度{name}结果的通知", **named)
        return title, _("{year}年度{name}结果", **named), _("等次")
    if procedure.kind == "recognition":
        named = {"year": year, "name": book.title(procedure)}
        title = _("关于公布{year}年度“{name}”名单的通知", **named)
        return title, _("{year}年度“{name}”名单", **named), _("称号")
    named = {"year": year, "name": procedure.stages[-1].name}
    title = _("关于公布{year}年度{name}名单的通知", **named)
    return title, _("{year}年度{name}名单", **named), _("结论")


def _after_year(name: str) -> str:
    """A name behind 2026年度, which 年度综合考评 says itself."""
    return name.removeprefix("年度")
