"""CPU and memory of one piece of work in a process of its own, and how both grow with its size."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.table import Table

Prepared = Callable[..., Callable[[], Any]]
"""What makes the data, and gives the work on them; it is sent to another process by its name."""


class Taken(NamedTuple):
    """What one piece of work took."""

    cpu: float
    """Seconds, of all its threads and of the processes that it started."""
    mib: float
    """How much more memory there was at its peak than before it."""


def apart(prepare: Prepared, *given: Any) -> Taken:
    """What the work of ``prepare(*given)`` takes where nothing else was done before."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_taken, prepare, given).result()


def _taken(prepare: Prepared, given: Sequence[Any]) -> Taken:
    work = prepare(*given)
    before, start = peak(), _cpu()
    work()
    return Taken(_cpu() - start, peak() - before)


def forget_peak() -> None:
    """Let what memory there is now be the peak."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def peak() -> float:
    """In MiB, of this program: what getrusage gives is also that of the one that started it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def growing(
    table: Table, what: str, prepare: Prepared, sizes: Sequence[int], *given: Any
) -> list[Taken]:
    """Rows of ``what`` at four ``sizes``, the exponents that fit their time and memory last."""
    found = [apart(prepare, size, *given) for size in sizes]
    for size, taken in zip(sizes, found, strict=True):
        table.add_row(f"{what}, {size:,}", f"{taken.cpu:.2f} s CPU", f"peak + {taken.mib:.0f} MiB")
    times, peaks = (exponent(sizes, [max(one[n], 1e-3) for one in found]) for n in (0, 1))
    table.add_row("", "", f"n^{times:.2f}, memory n^{peaks:.2f}")
    return found


def exponent(sizes: Sequence[int], taken: Sequence[float]) -> float:
    """The slope of ``taken`` over ``sizes`` where both are drawn as logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(taken), 1)[0])
