"""Run a notebook on both engines and compare, run times and ids aside."""

from __future__ import annotations

import contextlib
import json
import logging
import re
from pathlib import Path
from typing import Any

import nbformat
import papermill

from tests.support.corpus import notebook


def run(cells: list[Any], engine: str | None, folder: Path, **options: Any) -> dict[str, Any]:
    """What is left of a notebook after a run: outputs, counts, and how it ended."""
    folder.mkdir(parents=True, exist_ok=True)
    source, target = folder / "in.ipynb", folder / "out.ipynb"
    nbformat.write(notebook(cells), source)
    ended = None
    logging.getLogger("papermill").setLevel(logging.ERROR)
    with contextlib.chdir(folder):
        try:
            papermill.execute_notebook(
                str(source),
                str(target),
                engine_name=engine,
                kernel_name="python3",
                progress_bar=False,
                **options,
            )
        except Exception as error:  # noqa: BLE001  (its kind is part of what is compared)
            ended = type(error).__name__, str(error)
    executed = nbformat.read(target, as_version=4)
    return {
        "cells": [
            {
                "source": c.source,
                "count": c.get("execution_count"),
                "outputs": [_once(o) for o in _streams(c.get("outputs", []))],
                "papermill": [
                    c.metadata.get("papermill", {}).get(k) for k in ("status", "exception")
                ],
            }
            for c in executed.cells
        ],
        "ended": ended,
        "language": executed.metadata.get("language_info"),
        "widgets": _models(executed.metadata.get("widgets", {})),
    }


def _models(widgets: Any) -> list[str]:
    """The states of widgets, whatever their random ids are."""
    states = widgets.get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    texts = (json.dumps(state, ensure_ascii=False, sort_keys=True) for state in states.values())
    return sorted(re.sub(r"[0-9a-f]{32}", "ID", text) for text in texts)


def _once(output: Any) -> Any:
    """An output; equal frames of a traceback one after the other count once.

    How many of them are shown depends on the depth at which a kernel runs its cells.
    """
    if output["output_type"] == "error":
        frames = output["traceback"]
        output["traceback"] = [
            f for f, before in zip(frames, ["", *frames], strict=False) if f != before
        ]
    return output


def _streams(outputs: list[Any]) -> list[Any]:
    """Outputs with neighbouring pieces of one stream joined: a real kernel cuts them by a clock."""
    joined: list[Any] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if output.output_type == "stream" and last is not None and last.get("name") == output.name:
            last["text"] += output.text
        else:
            joined.append(dict(output))
    return joined


ASIDE = [
    (r"0x[0-9a-f]{6,}|(?<=object at )[0-9a-f]{6,}", "0x"),
    (r"\b[0-9a-f]{32}\b", "ID"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "ID"),
    (r"/tmp/ipykernel_\d+/\d+\.py", "CELL"),
    (r"(CPU times:|Wall time:) .*", r"\1"),
    (r"/\S+/(stock|warm)\b", "FOLDER"),
    (r"Thread-\d+", "Thread"),
]


def comparable(ran: dict[str, Any]) -> str:
    """The run as lines of JSON, without ids, addresses, times and names of folders."""
    text = json.dumps(ran, ensure_ascii=False, indent=1, sort_keys=True)
    for pattern, instead in ASIDE:
        text = re.sub(pattern, instead, text)
    return text
