"""``evalkit export``: the results as papers for people, in Word, Excel and PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

import evalkit as ek
from evalkit.base.errors import EvalkitError, InputError, Problem, Refused
from evalkit.base.text import _
from evalkit.cli.console import progress, results_of, say
from evalkit.cli.options import FOLDER

Work = tuple[str, Callable[[], bytes]]
"""The name of a file, and what makes it."""


commands = typer.Typer()


@commands.command(
    help=str(_("把结果导出成 Word、Excel 和 PDF：汇总表、专家评分表、公示名单、工作簿、报告"))
)
def export(
    context: typer.Context,
    panel: Path = FOLDER,
    out: Path = typer.Option(..., help=str(_("文件写到这个文件夹"))),
    word: bool = typer.Option(False, "--word", help=str(_("出 Word；三项都不写就全出"))),
    excel: bool = typer.Option(False, "--excel", help=str(_("出 Excel；三项都不写就全出"))),
    pdf: bool = typer.Option(False, "--pdf", help=str(_("出 PDF；三项都不写就全出"))),
    template: Path = typer.Option(None, help=str(_("Word 的样式取自这个模板 .docx"))),
    trial: bool = typer.Option(False, help=str(_("锁定前试算，每份文件都注明不作为正式结果"))),
) -> None:
    from evalkit.base.files import place

    language, everything = context.obj, not (word or excel or pdf)
    printing = pdf or everything
    if printing and (problem := _cannot_print()) is not None:
        if pdf:
            raise problem
        say(problem.render(language), language, style="yellow")
        printing = False
    looks = _template(template)
    results = results_of(panel, trial=trial)
    views = ek.Views(results, ek.advise(results) if printing else None)
    works = _word(views, language, looks) if word or everything else []
    works += _excel(views, language) if excel or everything else []
    out.mkdir(parents=True, exist_ok=True)
    done, failures = 0, list[Problem]()
    with TemporaryDirectory(prefix="evalkit-") as folder:
        works += _pdf(views, language, Path(folder), out) if printing else []
        with progress(_("文件"), len(works), language) as advance:
            for name, make in works:
                try:
                    place({out / name: make()})
                    done += 1
                except EvalkitError as error:
                    (out / name).unlink(missing_ok=True)  # of an earlier run
                    failures += [replace(p, source=p.source or name) for p in error.problems]
                advance()
    say(_("{n} 份文件在 {out}", n=done, out=out), language, style="green")
    if failures:
        raise EvalkitError(*failures)


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


def _word(views: ek.Views, language: str, looks: bytes | None) -> list[Work]:
    """The summary, the sheets of each expert, and the list for publicity where it is declared."""

    def signed(expert: str) -> bytes:
        return ek.sheets_word(views.expert(expert, language), looks)

    works: list[Work] = [("summary.docx", lambda: ek.summary_word(views.panel(language), looks))]
    works += [(f"sheets-{e.id}.docx", partial(signed, e.id)) for e in views.results.panel.experts]
    try:
        public = views.public(language)
    except Refused as refused:
        say(refused.render(language), language, style="yellow")
    else:
        works.append(("publicity.docx", lambda: ek.publicity_word(public, looks)))
    return works


def _excel(views: ek.Views, language: str) -> list[Work]:

    return [("results.xlsx", lambda: ek.workbook(views, language))]


def _pdf(views: ek.Views, language: str, folder: Path, out: Path) -> list[Work]:
    """Every report and the summary, printed from their pages, which are made in ``folder``."""
    from evalkit.base.errors import ReportError
    from evalkit.base.files import place
    from evalkit.panel.checks import SUMMARY_NAME

    def printed(name: str, produce: Callable[[], Path]) -> bytes:
        try:
            page = produce()
        except ReportError:
            notebook = f"{name}.ipynb"  # shows what went wrong; the folder goes
            place({out / notebook: (folder / notebook).read_bytes()})
            raise
        return ek.pdf(page.read_text(encoding="utf-8"))

    makers: dict[str, Callable[[], Path]] = {
        a.id: partial(ek.produce_report, views, a.id, folder, language=language)
        for a in views.results.panel.applicants
    }
    makers[SUMMARY_NAME] = partial(ek.produce_summary, views, folder, language=language)
    return [(f"{name}.pdf", partial(printed, name, make)) for name, make in makers.items()]
