"""``evalkit demo``: the whole way on made-up centres, from scores to archived reports."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import typer

import evalkit as ek
from evalkit.base import resources
from evalkit.base.text import _
from evalkit.cli.console import progress, say

commands = typer.Typer()


@commands.command(help=str(_("用虚构的 24 个赋能中心走一遍：评分、锁定、汇总、逐个报告")))
def demo(
    context: typer.Context,
    out: Path = typer.Option(Path("evalkit-demo"), help=str(_("演示写到这个文件夹"))),
) -> None:
    from evalkit.record.begin import LOG_FILE

    with _locked(out / "panel") as workspace:
        results = workspace.results()
    if not (out / "practice" / LOG_FILE).exists():
        ek.Round.create(out / "practice", resources.path("panels", "demo/panel.yaml")).log.close()
    reports = out / "reports"
    reports.mkdir(exist_ok=True)
    applicants = results.panel.applicants
    with progress(_("报告"), len(applicants) + 1, context.obj) as advance:
        ids = [applicant.id for applicant in applicants]
        views = ek.Views(results, ek.advise(results))
        order = ek.Order(reports, language=context.obj)
        batch = ek.make_reports(views, ids, order, advance)
        page = ek.produce_summary(views, out / "summary", language=context.obj)
        advance()
    batch.require_whole()
    say(_("{n} 份报告在 {out}", n=len(applicants), out=reports), context.obj, style="green")
    say(_("评分汇总表在 {page}", page=page), context.obj, style="green")
    say(_("结果摘要值 {digest}", digest=results.digest), context.obj)
    say(_("试着打分：evalkit sheet {path} --expert e3", path=out / "practice"), context.obj)


def _locked(folder: Path) -> ek.Round:
    """The demo's workspace with its scores entered and locked at the time that its panel announces.

    What is there already is kept: entering the same scores again stores nothing.
    """
    from evalkit.base.tables import read_table
    from evalkit.record.begin import LOG_FILE

    panel_file = resources.path("panels", "demo/panel.yaml")
    panel = ek.load_panel(panel_file, ek.find_rubric(panel_file))
    announced = datetime.fromisoformat(panel.schedule.lock)

    def clock() -> datetime:
        return announced

    if (folder / LOG_FILE).exists():
        workspace = ek.Round.open(folder, clock)
    else:
        workspace = ek.Round.create(folder, panel_file, clock)
    if workspace.history().lock is None:
        scores = resources.path("panels", "demo/scores.csv")
        workspace.import_scores(read_table(scores), str(scores))
        workspace.lock()
    return workspace
