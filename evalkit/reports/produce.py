"""Reports as files: made in memory, put in place whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.base import canonical, resources
from evalkit.base.errors import ReportError
from evalkit.base.files import place
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.reports.make import EngineName, Made, make
from evalkit.reports.papers import Papers

if TYPE_CHECKING:
    from evalkit.disclosure import Level, Views
    from evalkit.plan.progress import Progress as Assessed

APPLICANT, SUMMARY = "applicant_report.ipynb", "panel_summary.ipynb"


@asked
def produce_report(
    views: Views,
    id: str,
    out: Path,
    *,
    level: Level = "applicant",
    language: str = "zh",
    engine: EngineName = "warm",
) -> Path:
    """Write ``<id>.ipynb`` and ``<id>.html`` of one applicant into ``out``; the HTML's path.

    ``level`` says for whom, see `evalkit.disclosure.levels`. Raises InputError for an unknown id,
    and Refused where another one was issued there after the lock. When the notebook fails,
    `ReportError` names the applicant; the notebook with its error is then ``<id>.ipynb`` and there
    is no HTML, unless one was issued.
    """
    view = views.report(id, level, language)
    who = title(views.results.panel.applicant(id).name, id)
    return _produce(APPLICANT, view, out / f"{id}.html", who, engine, Papers(out, views.results))


@asked
def produce_summary(
    views: Views,
    out: Path,
    *,
    language: str = "zh",
    engine: EngineName = "warm",
    reissue: str = "",
) -> Path:
    """Write ``summary.ipynb`` and ``summary.html`` of the panel into ``out``; the HTML's path.

    It has an advisory part where ``views`` have an analysis. When the notebook fails, `ReportError`
    is raised as in `produce_report`; Refused where ``out`` holds reports that go to applicants or
    to the public, and where another one was given out there after the lock, see `Papers`;
    ``reissue`` is the reason to replace that one.
    """
    from evalkit.reports import journal

    journal.keep_apart(out)
    page, papers = out / "summary.html", Papers(out, views.results, reissue)
    return _produce(SUMMARY, views.panel(language), page, _("评分汇总表"), engine, papers)


def title(name: str, id: str) -> Text:
    """What messages call the report of an applicant."""
    return _("{name}（{id}）的报告", name=name, id=id)


def failed(who: Text, error: Text | str, file: str) -> ReportError:
    """The error that says what was not made, why, and where its notebook lies."""
    return ReportError(
        _("没有做出{who}：{error}。出错的笔记本是 {file}", who=who, error=error, file=file)
    )


@asked
def produce_progress(
    assessed: Assessed,
    out: Path,
    unit: str | None = None,
    *,
    language: str = "zh",
) -> Path:
    """Write the report of one responsible ``unit`` (``<unit>.html``) or of the whole plan.

    The latter is ``progress.html``; the notebook lies beside; the HTML's path is returned. Raises
    InputError for an unknown unit, `ReportError` as `produce_report` does, and Refused as
    `produce_summary` does.
    """
    from evalkit.plan import briefing
    from evalkit.plan.checks import PAGE_NAME
    from evalkit.reports import journal

    journal.keep_apart(out)
    notebook = "progress_report.ipynb"
    if unit is None:
        view, who = briefing.of_plan(assessed, language), _("评估通报")
        return _produce(notebook, view, out / f"{PAGE_NAME}.html", who)
    view = briefing.of_unit(assessed, unit, language)
    id = view["unit"]["id"]
    return _produce(notebook, view, out / f"{id}.html", title(view["unit"]["name"], id))


def _produce(
    notebook: str,
    view: dict[str, Any],
    page: Path,
    who: Text,
    engine: EngineName = "warm",
    papers: Papers | None = None,
) -> Path:
    made = make(resources.path("notebooks", notebook), canonical.dumps(view), page.stem, engine)
    ran = page.with_suffix(".ipynb")
    if papers is not None and made.page is not None:
        papers.place({ran.name: made.notebook, page.name: made.page})
    elif papers is not None and papers.holds(page.name):
        text = _("没有做出{who}：{error}。已经出具的没有动", who=who, error=made.error)
        raise ReportError(text)
    else:
        keep(made, page)
    if made.error:
        raise failed(who, made.error, ran.name)
    return page


def keep(made: Made, page: Path) -> None:
    """Put a report where ``page`` says: both files whole, or the failed notebook alone."""
    ran = page.with_suffix(".ipynb")
    if made.page is None:
        page.unlink(missing_ok=True)
        place({ran: made.notebook})
    else:
        place({ran: made.notebook, page: made.page})
