"""What papermill notes of a notebook while it runs, without what no report keeps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from papermill.engines import NotebookExecutionManager


class Cells(NotebookExecutionManager):
    """Papermill's notes on each cell, except how long it took.

    For that papermill reads the text of its own clock with dateutil, in a fifth of a millisecond.
    """

    def cell_complete(self, cell: Any, cell_index: int | None = None, **_kwargs: Any) -> None:  # noqa: ARG002
        """Note that a cell has ended, and how."""
        if cell.metadata.papermill["status"] != self.FAILED:
            cell.metadata.papermill["status"] = self.COMPLETED


@contextmanager
def running(notebook: Any) -> Iterator[Cells]:
    """The notes on ``notebook`` while it runs, begun and ended as papermill's engines do."""
    cells = Cells(notebook, progress_bar=False, autosave_cell_every=0)
    cells.notebook_start()
    try:
        yield cells
    finally:
        cells.notebook_complete()
