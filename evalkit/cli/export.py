"""``evalkit export``: the results as papers for people, in Word, Excel and PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

import evalkit as ek
from evalkit.base.errors import EvalkitError, InputError, Refused
from evalkit.base.text import _
from evalkit.cli.console import progress, say, views_of
from evalkit.cli.options import FOLDER, REISSUE

Work = tuple[str, Callable[[], bytes]]
"""The name of a file, and what makes it."""


class Paper(StrEnum):
    """What can be asked for: a kind of file, or one paper of its kind."""

    word = "word"
    excel = "excel"
    pdf = "pdf"
    minutes = "minutes"
    publicity = "publicity"
    summary = "summary"
    sheets = "sheets"
    booklet = "booklet"
    binder = "binder"


OF_WORD = (Paper.summary, Paper.sheets, Paper.publicity, Paper.minutes)

FORMATS = typer.Option(
    None,
    "--format",
    help=str(
        _(
            "只出这些，可多次给出：word、excel、pdf，或其中一种：minutes 会议纪要、"
            "publicity 公示名单、summary 汇总表、sheets 专家评分表、"
            "booklet 全部报告合为一个 PDF、binder 全部评分表合为一个 Word；不写就全出"
        )
    ),
)

commands = typer.Typer()


@commands.command(
    help=str(
        _("把结果导出成 Word、Excel 和 PDF：汇总表、专家评分表、公示名单、会议纪要、工作簿、报告")
    )
)
def export(
    context: typer.Context,
    panel: Path = FOLDER,
    out: Path = typer.Option(..., help=str(_("文件写到这个文件夹"))),
    formats: list[Paper] = FORMATS,
    word: bool = typer.Option(False, "--word", help=str(_("同 --format word"))),
    excel: bool = typer.Option(False, "--excel", help=str(_("同 --format excel"))),
    pdf: bool = typer.Option(False, "--pdf", help=str(_("同 --format pdf"))),
    template: Path = typer.Option(None, help=str(_("Word 的样式取自这个模板 .docx"))),
    trial: bool = typer.Option(False, help=str(_("锁定前试算，每份文件都注明不作为正式结果"))),
    reissue: str = REISSUE,
) -> None:
    language = context.obj
    flags = {Paper.word: word, Paper.excel: excel, Paper.pdf: pdf}
    asked = {*(formats or ()), *(name for name, given in flags.items() if given)}
    wanted = _wanted(asked or set(flags))
    printing = wanted & {Paper.pdf, Paper.booklet}
    if printing and (problem := _cannot_print()) is not None:
        if asked & printing:
            raise problem
        say(problem.render(language), language, style="yellow")
        wanted -= printing
    looks = _template(template)
    views = views_of(panel, trial=trial, advised=Paper.pdf in wanted)
    works = _word(views, language, looks, wanted)
    works += _excel(views, language) if Paper.excel in wanted else []
    out.mkdir(parents=True, exist_ok=True)
    papers = ek.Papers(out, views.results, reissue)
    with TemporaryDirectory(prefix="evalkit-") as folder:
        works += _pdf(views, language, Path(folder), papers, wanted)
        done, failures = _make(works, papers, language)
    say(_("{n} 份文件在 {out}", n=done, out=out), language, style="green")
    if failures:
        refused = all(isinstance(error, Refused) for error in failures)
        problems = (problem for error in failures for problem in error.problems)
        raise Refused(*problems) if refused else EvalkitError(*problems)


def _wanted(asked: set[Paper]) -> set[Paper]:
    """Every paper that is asked for, by itself or with its kind; booklet and binder alone."""
    return asked | (set(OF_WORD) if Paper.word in asked else set())


def _make(works: list[Work], papers: ek.Papers, language: str) -> tuple[int, list[EvalkitError]]:
    """Make each file and put it in place: how many there are, and what went wrong with the rest."""
    done, failures = 0, list[EvalkitError]()
    with progress(_("文件"), len(works), language) as advance:
        for name, make in works:
            try:
                papers.place({name: make()})
                done += 1
            except EvalkitError as error:
                if not isinstance(error, Refused):
                    papers.failed(name)
                named = (replace(p, source=p.source or name) for p in error.problems)
                failures.append(type(error)(*named))
            advance()
    return done, failures


def _cannot_print() -> InputError | None:
    from evalkit.documents import pdf

    try:
        pdf.require()
    except InputError as error:
        return error
    return None


def _template(file: Path | None) -> bytes | None:
    from evalkit.documents.template import template

    return None if file is None else template(file)


def _word(views: ek.Views, language: str, looks: bytes | None, wanted: set[Paper]) -> list[Work]:
    """The summary, the sheets of each expert, the minutes, and the list for publicity where it is
    declared.
    """

    def signed(expert: str) -> bytes:
        return ek.sheets_word(views.expert(expert, language), looks)

    works = list[Work]()
    if Paper.summary in wanted:
        works.append(("summary.docx", lambda: ek.summary_word(views.panel(language), looks)))
    if Paper.sheets in wanted:
        experts = views.results.panel.experts
        works += [(f"sheets-{e.id}.docx", partial(signed, e.id)) for e in experts]
    if Paper.binder in wanted:
        ids = [e.id for e in views.results.panel.experts]
        each = (views.expert(id, language) for id in ids)
        works.append(("sheets.docx", lambda: ek.binder_word([*each], looks)))
    if Paper.minutes in wanted:
        works.append(("minutes.docx", lambda: ek.minutes_word(views.minutes(language), looks)))
    if Paper.publicity in wanted:
        try:
            public = views.public(language)
        except Refused as refused:
            if Paper.word not in wanted:
                raise
            say(refused.render(language), language, style="yellow")
        else:
            works.append(("publicity.docx", lambda: ek.publicity_word(public, looks)))
    return works


def _excel(views: ek.Views, language: str) -> list[Work]:

    return [("results.xlsx", lambda: ek.workbook(views, language))]


def _pdf(
    views: ek.Views, language: str, folder: Path, papers: ek.Papers, wanted: set[Paper]
) -> list[Work]:
    """Every report and the summary, or all reports in one file, printed from their pages, which are
    made in ``folder``.
    """
    from evalkit.base.errors import ReportError
    from evalkit.base.files import place
    from evalkit.panel.checks import SUMMARY_NAME

    def page(name: str, produce: Callable[[], Path]) -> str:
        try:
            return produce().read_text(encoding="utf-8")
        except ReportError:
            notebook = f"{name}.ipynb"  # shows what went wrong; the folder goes
            if not papers.holds(notebook):
                place({papers.out / notebook: (folder / notebook).read_bytes()})
            raise

    def printed(name: str, produce: Callable[[], Path]) -> bytes:
        return ek.pdf(page(name, produce))

    reports: dict[str, Callable[[], Path]] = {
        a.id: partial(ek.produce_report, views, a.id, folder, language=language)
        for a in views.results.panel.applicants
    }
    summary = partial(ek.produce_summary, views, folder, language=language)
    works = list[Work]()
    if Paper.pdf in wanted:
        alone: dict[str, Callable[[], Path]] = {**reports, SUMMARY_NAME: summary}
        works += [(f"{id}.pdf", partial(printed, id, made)) for id, made in alone.items()]
    if Paper.booklet in wanted:
        title = _("{title} 评审结果报告", title=views.results.panel.title)
        pages = (page(id, made) for id, made in reports.items())
        works.append(("reports.pdf", lambda: ek.booklet(pages, title, language)))
    return works
