"""``evalkit report`` and ``evalkit summary``: results to archived pages."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import typer

import evalkit as ek
from evalkit.base.text import _
from evalkit.cli.console import progress, say, views_of
from evalkit.cli.options import FOLDER, REISSUE


class Engine(StrEnum):
    """Names of `evalkit.reports.make.EngineName`, as options of a command are declared."""

    warm = "warm"
    stock = "stock"


OUT = typer.Option(..., help=str(_("报告写到这个文件夹")))
TRIAL = typer.Option(False, help=str(_("锁定前试算，报告上注明不作为正式结果")))


class Reader(StrEnum):
    """Names of `evalkit.disclosure.levels.LEVELS`, as options of a command are declared."""

    internal = "internal"
    applicant = "applicant"
    public = "public"


ENGINE = typer.Option(
    Engine.warm,
    help=str(_("warm 复制预热好的进程；stock 是 papermill 自带的引擎，结果相同，慢得多")),
)


commands = typer.Typer()


@commands.command(help=str(_("逐个对象出报告：<标识>.html 和 <标识>.ipynb")))
def report(
    context: typer.Context,
    panel: Path = FOLDER,
    out: Path = OUT,
    applicant: list[str] = typer.Option(None, help=str(_("只出这些对象的报告，可多次给出"))),
    trial: bool = TRIAL,
    level: Reader = typer.Option(
        Reader.applicant,
        help=str(_("internal 内部（列出专家姓名）；applicant 给参评对象；public 公示")),
    ),
    engine: Engine = ENGINE,
    workers: int = typer.Option(
        None, min=1, help=str(_("同时工作的进程数；不给出时按机器和份数决定"))
    ),
    dask: str = typer.Option(
        None, help=str(_("交给 Dask 集群做：调度器的地址，或 local（本机临时集群）"))
    ),
    reissue: str = typer.Option(
        "", help=str(_("换掉锁定之后已经出具的报告，写明理由；理由记在 reports.jsonl"))
    ),
) -> None:

    views = views_of(panel, trial=trial, left_out=True)
    listed = views.listed() if level is Reader.public else views.results.facts.applicants
    ids = list(dict.fromkeys(applicant or listed))
    order = ek.Order(out, level.value, context.obj, engine.value, workers, dask, reissue)
    try:
        with progress(_("报告"), len(ids), context.obj) as advance:
            batch = ek.make_reports(views, ids, order, advance, lambda t: say(t, context.obj))
    except KeyboardInterrupt:
        text = _("已中止；做好的报告留在 {out}，再运行同一命令会接着做", out=out)
        typer.echo(text.render(context.obj), err=True)
        raise typer.Exit(130) from None  # as shells count: 128 and the signal
    _tell(batch, out, context.obj)
    if level is Reader.applicant and views.results.facts.basis.supersedes is not None:
        _warn(panel, ids, context.obj)
    batch.require_whole()


def _warn(folder: Path, ids: list[str], language: str) -> None:
    """Of a successor round: what its reports tell beside those before."""
    with ek.open(folder) as found:
        succession = found.history().succession
    for text in succession.told_by_reports(ids) if succession is not None else ():
        say(text, language, style="yellow")


def _tell(batch: ek.Batch, out: Path, language: str) -> None:
    """Say what lies in the folder now."""
    done = batch.made + batch.kept
    text = _("{n} 份报告在 {out}", n=done, out=out)
    if batch.kept:
        text = _(
            "{n} 份报告在 {out}，其中 {kept} 份没有变化，未重做", n=done, out=out, kept=batch.kept
        )
    say(text, language, style="green")
    if batch.left:
        text = _("{ids} 已不在评审组里，报告还留在 {out}，请自行移走", ids=batch.left, out=out)
        say(text, language, style="yellow")


@commands.command(help=str(_("出评分汇总表：summary.html 和 summary.ipynb")))
def summary(
    context: typer.Context,
    panel: Path = FOLDER,
    out: Path = OUT,
    trial: bool = TRIAL,
    engine: Engine = ENGINE,
    reissue: str = REISSUE,
) -> None:

    views = views_of(panel, trial=trial, advised=True)
    out.mkdir(parents=True, exist_ok=True)
    given = {"language": context.obj, "engine": engine.value, "reissue": reissue}
    page = ek.produce_summary(views, out, **given)
    say(_("评分汇总表在 {page}", page=page), context.obj, style="green")
