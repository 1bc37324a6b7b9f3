"""The zygotes of this process, and which notebooks may run in their forks."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

from nbclient.exceptions import DeadKernelError

from evalkit.base.text import Text, _
from evalkit.engine.zygote import Fork, Kind, Zygote

_zygotes: dict[Kind, Zygote] = {}
_refused: dict[Kind, str] = {}
_lock = threading.Lock()  # for both: threads that run notebooks share one zygote


def unfit(kernel_name: str, needs: list[str], kind: Kind, timeout: float) -> Text | None:
    """Why a notebook cannot run warm; None if it can.

    ``needs`` are options that only a real kernel has. Starts the zygote, since it is the one that
    finds out whether it can be forked.
    """
    if sys.platform not in {"linux", "darwin"}:
        return _("这个系统不能安全地复制进程，改用 papermill 自带的引擎")
    if needs:
        return _("选项 {names} 需要真正的内核，改用 papermill 自带的引擎", names=needs)
    if not _own_kernel(kernel_name):
        return _(
            "内核 {name} 不是这个环境里的 Python 内核，改用 papermill 自带的引擎", name=kernel_name
        )
    try:
        _zygote(kind, timeout)
    except RuntimeError as error:
        return _("预热进程没有启动（{error}），改用 papermill 自带的引擎", error=str(error))
    return None


@cache
def _own_kernel(name: str) -> bool:
    """Whether ``name`` is ipykernel in this very environment, started without anything special."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        return False
    python, *arguments = spec.argv
    names = {"python", f"python{sys.version_info[0]}", Path(sys.executable).name}
    ours = python in names or Path(python) == Path(sys.executable)
    stock = arguments == ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
    return ours and stock and not spec.env


def fork(kind: Kind, timeout: float, **start: Any) -> Fork:
    """A fresh process for one notebook, from a zygote of this ``kind``.

    ``start`` has ``seed`` and ``memory``; folder and environment are those of this process now.
    Raises RuntimeError when there is no zygote and none can be started.
    """
    state = {"cwd": str(Path.cwd()), "environ": dict(os.environ), **start}
    zygote = _zygote(kind, timeout)
    try:
        return zygote.fork(**state)
    except (OSError, DeadKernelError):  # the zygote was killed; the next one is as good
        _drop(kind, zygote)
        return _zygote(kind, timeout).fork(**state)


@atexit.register
def close() -> None:
    """End all zygotes of this process."""
    with _lock:
        while _zygotes:
            _zygotes.popitem()[1].close()


def _zygote(kind: Kind, timeout: float) -> Zygote:
    """The zygote of this ``kind``, started when it is first asked for; a refusal is remembered."""
    with _lock:
        if kind in _refused:
            raise RuntimeError(_refused[kind])
        if kind not in _zygotes:
            try:
                _zygotes[kind] = Zygote(kind, timeout)
            except RuntimeError as error:
                _refused[kind] = str(error)
                raise
        return _zygotes[kind]


def _drop(kind: Kind, zygote: Zygote) -> None:
    """End a ``zygote`` that failed, unless another thread has done so and started the next."""
    with _lock:
        if _zygotes.get(kind) is zygote:
            _zygotes.pop(kind).close()


def _forget() -> None:
    """A forked process leaves its parent's zygotes alone, and a lock that a thread held there."""
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()
    _zygotes.clear()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_forget)
