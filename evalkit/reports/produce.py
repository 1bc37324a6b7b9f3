"""Reports as files: run the notebook with stock papermill, convert it, put both in place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from evalkit import canonical, resources
from evalkit.errors import EvalkitError
from evalkit.text import Text, _

if TYPE_CHECKING:
    from evalkit.analysis.line import Line
    from evalkit.progress import Progress as Assessed
    from evalkit.reports.style import LeanExporter
    from evalkit.results import Results

Progress = Callable[[Text], None]
"""Told in words what is being done now."""


class ReportError(EvalkitError):
    """A notebook that stopped with an error; it lies where the report would have been."""


def produce_report(
    results: Results,
    id: str,
    out: Path,
    *,
    language: str = "zh",
    progress: Progress | None = None,
) -> Path:
    """Write ``<id>.ipynb`` and ``<id>.html`` of one applicant into ``out``; the HTML's path.

    Raises InputError for an unknown id. When the notebook fails, `ReportError` names the
    applicant; the notebook with its error is then ``<id>.ipynb`` and there is no HTML.
    """
    from evalkit.analysis.disclosed import for_applicant

    name = results.panel.applicant(id).name
    view = for_applicant(results, id, language)
    who = _("{name}（{id}）的报告", name=name, id=id)
    return _produce("applicant_report.ipynb", view, out / f"{id}.html", who, progress)


def produce_summary(
    results: Results,
    out: Path,
    *,
    language: str = "zh",
    progress: Progress | None = None,
    line: Line | None = None,
) -> Path:
    """Write ``summary.ipynb`` and ``summary.html`` of the panel into ``out``; the HTML's path.

    ``line`` is where its advisory part draws the line, if not where the panel declares it. When the
    notebook fails, `ReportError` is raised as in `produce_report`.
    """
    from evalkit.analysis.disclosed import for_panel

    view = for_panel(results, language, line=line)
    return _produce("panel_summary.ipynb", view, out / "summary.html", _("评分汇总表"), progress)


def produce_progress(
    assessed: Assessed,
    out: Path,
    unit: str | None = None,
    *,
    language: str = "zh",
    progress: Progress | None = None,
) -> Path:
    """Write the report of one responsible ``unit`` (``<unit>.html``) or of the whole plan.

    The latter is ``progress.html``; the notebook lies beside; the HTML's path is returned. Raises
    InputError for an unknown unit and `ReportError` as `produce_report` does.
    """
    from evalkit import briefing
    from evalkit.ledger_checks import PAGE_NAME

    notebook = "progress_report.ipynb"
    if unit is None:
        view, who = briefing.of_plan(assessed, language), _("评估通报")
        return _produce(notebook, view, out / f"{PAGE_NAME}.html", who, progress)
    view = briefing.of_unit(assessed, unit, language)
    id, name = view["unit"]["id"], view["unit"]["name"]
    who = _("{name}（{id}）的报告", name=name, id=id)
    return _produce(notebook, view, out / f"{id}.html", who, progress)


def _produce(
    notebook: str, view: dict[str, Any], page: Path, who: Text, progress: Progress | None
) -> Path:
    tell = progress or _silent
    page.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=page.parent, prefix=".") as folder:
        ran = Path(folder) / page.with_suffix(".ipynb").name
        tell(_("正在运行{who}的笔记本", who=who))
        error = _run(resources.path("notebooks", notebook), ran, canonical.dumps(view))
        if error:
            page.unlink(missing_ok=True)
            _place([ran], page.parent)
            kept = page.with_suffix(".ipynb").name
            raise ReportError(
                _("没有做出{who}：{error}。出错的笔记本是 {file}", who=who, error=error, file=kept)
            )
        tell(_("正在转换{who}", who=who))
        converted = Path(folder) / page.name
        converted.write_text(convert(ran), encoding="utf-8")
        _place([ran, converted], page.parent)
    return page


def _run(notebook: Path, ran: Path, result: str) -> str:
    """Run ``notebook`` into the file ``ran``; what went wrong, or an empty text."""
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    error = ""
    try:
        papermill.execute_notebook(
            _literal(notebook),
            _literal(ran),
            parameters={"result": result},
            kernel_name="python3",
            log_output=False,
            progress_bar=False,
            record_timing=False,
            # a kernel would tell our stderr about its sockets and its shutdown
            extra_arguments=["--log-level=CRITICAL"],
        )
    except PapermillExecutionError as stopped:
        error = f"{stopped.ename}: {stopped.evalue}"
    except DeadKernelError as stopped:
        error = str(stopped)
    executed = settled(json.loads(ran.read_text(encoding="utf-8")), notebook.name, ran.name)
    text = json.dumps(executed, ensure_ascii=False, indent=1, sort_keys=True)
    ran.write_text(text + "\n", encoding="utf-8")
    return error


def _literal(path: Path) -> str:
    """``path`` for papermill, which would fill in braces."""
    return str(path.resolve()).replace("{", "{{").replace("}", "}}")


def settled(notebook: dict[str, Any], source: str, name: str) -> dict[str, Any]:
    """An executed notebook without what differs from run to run: times, paths, random cell ids.

    ``source`` and ``name`` are the file names of the notebook that was run and of this one.
    """
    ran = notebook["metadata"]["papermill"]
    for key in ("start_time", "end_time", "duration"):
        ran.pop(key, None)
    ran |= {"input_path": source, "output_path": name}
    for number, cell in enumerate(notebook["cells"]):
        kept = cell["metadata"].pop("papermill", {})
        cell["metadata"]["papermill"] = {k: kept[k] for k in ("exception", "status") if k in kept}
        if _added(cell):
            cell["id"] = f"papermill-{number}"
    return notebook


def _added(cell: dict[str, Any]) -> bool:
    tags = cell["metadata"].get("tags", [])
    return "injected-parameters" in tags or "papermill-error-cell-tag" in tags


def convert(notebook: Path) -> str:
    """The page of an executed notebook: HTML without scripts that needs nothing else."""
    html, _rest = _exporter().from_filename(str(notebook))
    return str(html)


@cache
def _exporter() -> LeanExporter:
    from evalkit.reports.style import LeanExporter

    return LeanExporter()


def _place(files: Iterable[Path], folder: Path) -> None:
    for file in files:
        file.replace(folder / file.name)


def _silent(_words: Text) -> None:
    """Report no progress."""
