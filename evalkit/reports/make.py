"""One report in memory: run the notebook, settle what differs from run to run, convert it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from evalkit.base.memory import keeping
from evalkit.base.text import Text, _

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from evalkit.pages.style import LeanExporter

EngineName = Literal["warm", "stock"]
"""evalkit's papermill engine, and papermill's own."""

SECONDS = 120
"""How long a cell of a report may run. All of a report takes a fraction of a second."""

MEMORY = 2**31
"""How much memory a report may take on the warm engine, in bytes."""

WARM_UP = ("evalkit.pages.applicant:warm",)


@dataclass(frozen=True)
class Made:
    """An executed notebook and its page; no page, and an error in words, where it stopped."""

    notebook: bytes
    page: bytes | None = None
    error: Text | str = ""


@cache
@keeping
def begin() -> None:
    """Import what makes reports, and convert a first page; once in a process."""
    import papermill.execute  # noqa: F401
    from nbformat.v4 import new_notebook

    import evalkit.engine.engine  # noqa: F401

    convert(new_notebook())  # type: ignore[no-untyped-call]


def make(notebook: Path, result: str, name: str, engine: EngineName = "warm") -> Made:
    """The report ``name`` that ``notebook`` makes of ``result``: the same bytes each time.

    ``engine`` makes no difference to the bytes.
    """
    begin()
    executed, error = _run(notebook, result, name, engine)
    if not error and not _titled(executed):
        error = _("笔记本运行完了，却没有显示报告的题目；请检查笔记本和 IPython 的设置")
    settle(executed, notebook.name, f"{name}.ipynb")
    page = None if error else convert(executed).encode()
    return Made(_written(executed), page, error)


def _run(
    notebook: Path, result: str, name: str, engine: EngineName
) -> tuple[NotebookNode, Text | str]:
    """The notebook as papermill ran it, and what went wrong, or an empty text."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    # As papermill.execute_notebook does it, without a file that is written after every cell.
    nb = load_notebook_node(str(notebook))
    nb = parameterize_notebook(nb, {"result": result}, kernel_name="python3")
    nb = prepare_notebook_metadata(nb, notebook.name, name)
    try:
        _execute(nb, result, engine)
        raise_for_execution_errors(nb, None)
    except PapermillExecutionError as stopped:
        return nb, f"{stopped.ename}: {stopped.evalue}"
    except CellTimeoutError:
        return nb, _("运行超过 {n} 秒，已中止", n=SECONDS)
    except DeadKernelError as stopped:
        return nb, str(stopped)
    return nb, ""


def _execute(nb: NotebookNode, result: str, engine: EngineName) -> None:
    """Run all cells in papermill's way, without the IPython profile of whoever makes the report.

    Random numbers start from the content of the report.
    """
    from papermill.engines import NBClientEngine

    from evalkit.engine.engine import Engine
    from evalkit.engine.profile import without_profile
    from evalkit.reports.running import running

    common: dict[str, Any] = {"record_timing": False, "execution_timeout": SECONDS}
    with running(nb) as cells:
        if engine == "stock":
            with without_profile() as arguments:
                # a kernel would tell our stderr about its sockets and its shutdown
                common["extra_arguments"] = ["--log-level=CRITICAL", *arguments]
                NBClientEngine.execute_managed_notebook(cells, "python3", **common)
            return
        seed = int.from_bytes(hashlib.sha256(result.encode()).digest()[:8], "big")
        Engine.execute_managed_notebook(
            cells,
            "python3",
            warm_imports=WARM_UP,
            profile=False,
            seed=seed,
            memory_limit=MEMORY,
            ahead=True,
            **common,
        )


def _titled(notebook: NotebookNode) -> bool:
    """Whether a cell shows the heading, which has the title of the page with it.

    A shell can be told to show nothing, and then no section would be there, and no error.
    """
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    return any("title" in o.get("metadata", {}).get("evalkit", {}) for o in outputs)


def settle(notebook: NotebookNode, source: str, name: str) -> None:
    """Take out of an executed notebook what differs from run to run and machine to machine.

    Times, paths, versions, random cell ids. ``source`` and ``name`` are the file names of the
    notebook that was run and of this one.
    """
    ran = notebook.metadata.papermill
    for key in ("start_time", "end_time", "duration", "version"):
        ran.pop(key, None)
    ran.update(input_path=source, output_path=name)
    notebook.metadata.language_info = {"name": "python"}
    for number, cell in enumerate(notebook.cells):
        kept = cell.metadata.pop("papermill", {})
        cell.metadata.papermill = {k: kept[k] for k in ("exception", "status") if k in kept}
        if _added(cell):
            cell.id = f"papermill-{number}"


def _added(cell: Any) -> bool:
    tags = cell.metadata.get("tags", [])
    return "injected-parameters" in tags or "papermill-error-cell-tag" in tags


def _written(notebook: NotebookNode) -> bytes:
    """The notebook as a file, without white space: nobody reads it as text."""
    from nbformat.v4.rwbase import strip_transient

    plain = strip_transient(notebook)  # type: ignore[no-untyped-call]
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{text}\n".encode()


def convert(notebook: NotebookNode) -> str:
    """The page of an executed notebook: HTML without scripts that needs nothing else."""
    html, _rest = exporter().from_notebook_node(notebook)
    return str(html)


@cache
def exporter() -> LeanExporter:
    """The exporter of all reports; its template is compiled once."""
    from evalkit.pages.style import LeanExporter

    return LeanExporter()
