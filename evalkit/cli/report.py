"""``evalkit report`` and ``evalkit summary``: results to archived pages."""

from __future__ import annotations

from pathlib import Path

import typer

from evalkit.cli.console import progress, results_of, say
from evalkit.errors import EvalkitError
from evalkit.text import _

PANEL = typer.Argument(help=str(_("评审工作文件夹")))
OUT = typer.Option(..., help=str(_("报告写到这个文件夹")))
TRIAL = typer.Option(False, help=str(_("锁定前试算，报告上注明不作为正式结果")))


def add_to(app: typer.Typer) -> None:
    """Put these commands under ``app``."""
    app.command("report", help=str(_("逐个对象出报告：<标识>.html 和 <标识>.ipynb")))(report)
    app.command("summary", help=str(_("出评分汇总表：summary.html 和 summary.ipynb")))(summary)


def report(
    context: typer.Context,
    panel: Path = PANEL,
    out: Path = OUT,
    applicant: list[str] = typer.Option(None, help=str(_("只出这些对象的报告，可多次给出"))),
    trial: bool = TRIAL,
) -> None:
    from evalkit.reports.produce import produce_report

    results = results_of(panel, trial=trial)
    ids = applicant or [a.id for a in results.panel.applicants]
    for id in ids:
        results.panel.applicant(id)
    out.mkdir(parents=True, exist_ok=True)
    failures: list[EvalkitError] = []
    with progress(_("报告"), len(ids), context.obj) as advance:
        for id in ids:
            try:
                produce_report(results, id, out, language=context.obj)
            except EvalkitError as error:
                failures.append(error)
            advance()
    say(_("{n} 份报告在 {out}", n=len(ids) - len(failures), out=out), context.obj, style="green")
    if failures:
        raise EvalkitError(*(p for error in failures for p in error.problems))


def summary(
    context: typer.Context, panel: Path = PANEL, out: Path = OUT, trial: bool = TRIAL
) -> None:
    from evalkit.reports.produce import produce_summary

    results = results_of(panel, trial=trial)
    out.mkdir(parents=True, exist_ok=True)
    page = produce_summary(results, out, language=context.obj)
    say(_("评分汇总表在 {page}", page=page), context.obj, style="green")
