"""What one notebook does in the warm engine, no other notebook finds."""

# ruff: noqa: E501  (a cell is one line of a table)

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from evalkit.engine import pool, zygote
from tests.support.corpus import notebook

pytestmark = [pytest.mark.usefixtures("new_user"), pytest.mark.processes]

WARM = ("numpy", "pandas", "matplotlib.pyplot")
"""Imported in the zygote, so that a fork could spoil them for the others."""

PROBES: dict[str, tuple[str, str]] = {
    "variables": ("leaked = 1", "'leaked' in globals(), len(dir())"),
    "builtins": ("import builtins\nbuiltins.leaked = 1", "import builtins\nhasattr(builtins, 'leaked')"),
    "modules": ("import sys, types\nsys.modules['leaked'] = types.ModuleType('leaked')", "import sys\n'leaked' in sys.modules, len(sys.modules)"),
    "a patched module": ("import colorsys\ncolorsys.rgb_to_hsv = None", "import colorsys\ncolorsys.rgb_to_hsv is None"),
    "working folder": ("import os\nos.chdir('/')", "import os\nos.getcwd()"),
    "environment": ("import os\nos.environ['LEAKED'] = '1'\nos.environ.pop('PATH')", "import os\nsorted(os.environ.items())"),
    "open files": ("held = [open('/dev/null') for _ in range(50)]", "import os\nlen(os.listdir('/proc/self/fd'))"),
    "threads": ("import threading, time\nfor _ in range(5):\n    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()", "import threading\nthreading.active_count()"),
    "signal handlers": ("import signal\nsignal.signal(signal.SIGUSR1, lambda *a: None)\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)", "import signal\n[str(signal.getsignal(s)) for s in (signal.SIGUSR1, signal.SIGCHLD, signal.SIGTERM)]"),
    "matplotlib's settings": ("import matplotlib\nmatplotlib.rcParams['font.size'] = 99", "import matplotlib\nmatplotlib.rcParams['font.size']"),
    "matplotlib's figures": ("import matplotlib.pyplot as plt\nplt.figure()", "import matplotlib.pyplot as plt\nplt.get_fignums()"),
    "pandas' options": ("import pandas as pd\npd.set_option('display.max_rows', 3)", "import pandas as pd\npd.get_option('display.max_rows')"),
    "numpy's print options": ("import numpy as np\nnp.set_printoptions(precision=1)", "import numpy as np\nnp.get_printoptions()['precision']"),
    "warning filters": ("import warnings\nwarnings.simplefilter('error')", "import warnings\nlen(warnings.filters), str(warnings.filters[0])"),
    "exit functions": ("import atexit\natexit.register(print, 'leaked')", "import atexit\natexit._ncallbacks()"),
    "locale": ("import locale\nlocale.setlocale(locale.LC_ALL, 'C.UTF-8' if locale.setlocale(locale.LC_ALL) == 'C' else 'C')", "import locale\nlocale.setlocale(locale.LC_ALL)"),
    "file mode mask": ("import os\nos.umask(0)", "import os\nmask = os.umask(0)\nos.umask(mask)\nmask"),
    "temporary files": ("import tempfile\ntempfile.tempdir = '/nowhere'", "import tempfile\ntempfile.gettempdir()"),
    "search path": ("import sys\nsys.path.insert(0, '/leaked')", "import sys\nsys.path"),
    "display hook": ("get_ipython().display_trap.hook = print\nget_ipython().display_formatter.formatters['text/html'].for_type(int, str)", "5"),
    "logging": ("import logging\nlogging.basicConfig(level=1)\nlogging.getLogger('x').addHandler(logging.StreamHandler())", "import logging\nlogging.getLogger().handlers, logging.getLogger().level, logging.getLogger('x').handlers"),
    "history and counts": ("1\n2", "In, Out, get_ipython().execution_count"),
    "magics and aliases": ("get_ipython().register_magic_function(print, 'line', 'leaked')\n%alias leaked echo", "'leaked' in str(get_ipython().magics_manager.magics) + str(get_ipython().alias_manager.aliases)"),
    "event hooks": ("get_ipython().events.register('pre_run_cell', lambda info: print('leaked'))", "get_ipython().events.callbacks['pre_run_cell']"),
    "decimal context": ("import decimal\ndecimal.getcontext().prec = 3", "import decimal\ndecimal.getcontext().prec"),
    "recursion limit": ("import sys\nsys.setrecursionlimit(200)", "import sys\nsys.getrecursionlimit()"),
    "garbage collection": ("import gc\ngc.disable()", "import gc\ngc.isenabled(), gc.get_threshold()"),
    "resource limits": ("import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))", "import resource\nresource.getrlimit(resource.RLIMIT_NOFILE)"),
    "time zone": ("import os, time\nos.environ['TZ'] = 'Asia/Kolkata'\ntime.tzset()", "import time\ntime.tzname"),
    "standard streams": ("import sys\nsys.stdout = sys.stderr = None", "print('heard')"),
}  # fmt: skip


def run(*cells: Any, **options: Any) -> list[Any]:
    """The outputs of a notebook in the warm engine, which did not fall back to the stock one."""
    nb = papermill.execute_notebook(
        notebook(list(cells)),
        None,
        engine_name="evalkit-warm",
        kernel_name="python3",
        progress_bar=False,
        warm_imports=WARM,
        **options,
    )
    assert pool._refused == {}
    return [c.outputs for c in nb.cells]


@pytest.mark.parametrize(("dirty", "probe"), PROBES.values(), ids=PROBES)
def test_nothing_leaks_into_the_next_notebook(dirty: str, probe: str) -> None:
    """A probe sees the same before and after a notebook that tries to leave something behind."""
    before = run(probe)
    assert before != [[]]
    run(dirty)
    assert run(probe) == before
    if probe != "print('heard')":  # within one notebook it does show, so the probe can see it
        assert run(dirty, probe)[1] != before[0]


def test_random_numbers_differ_from_notebook_to_notebook() -> None:
    """As in new kernels; forks alone would all draw the same."""
    cell = "import random, numpy, uuid\nrandom.random(), numpy.random.random(), uuid.uuid4()"
    drawn = {str(run(cell)) for _ in range(5)}
    assert len(drawn) == 5


def test_a_seed_makes_random_numbers_repeatable() -> None:
    """The report factory seeds each report with its content."""
    cell = "import random, numpy\nrandom.random(), numpy.random.random()"
    assert run(cell, seed=7) == run(cell, seed=7) != run(cell, seed=8)


ENDS = {
    "abort": "import os\nos.abort()",
    "killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "exit without cleaning": "import os\nos._exit(3)",
    "a fault in C": "import ctypes\nctypes.string_at(0)",
    "its whole group killed": "import os, signal\nos.killpg(0, signal.SIGKILL)",
}


@pytest.mark.parametrize("cell", ENDS.values(), ids=ENDS)
def test_a_notebook_that_dies_takes_nobody_along(cell: str) -> None:
    """It is reported like a dead kernel, and the next one runs in the same zygote."""
    first = run("import os\nos.getppid()")
    with pytest.raises(DeadKernelError):
        run(cell)
    assert run("import os\nos.getppid()") == first


def test_an_endless_loop_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the time limit the whole process group is killed; the next notebook runs."""
    monkeypatch.chdir(tmp_path)
    cells = [
        "import os, subprocess\nchild = subprocess.Popen(['sleep', '1000'])\nopen('pids', 'w').write(f'{os.getpid()} {child.pid}')",
        "while True:\n    pass",
    ]
    with pytest.raises(CellTimeoutError, match="timed out"):
        run(*cells, execution_timeout=1)
    pids = [int(pid) for pid in Path("pids").read_text().split()]
    assert run("1") != [[]]  # the zygote has handled the order to kill before this fork
    assert [pid for pid in pids if _runs(pid)] == []


@pytest.mark.parametrize(
    "loop", ["while True:\n    print(1, flush=True)", "import time\ntime.sleep(1000)"]
)
def test_a_time_limit_holds_whatever_the_notebook_does(loop: str) -> None:
    """Also while it keeps talking, and while it sleeps in the system."""
    with pytest.raises(CellTimeoutError):
        run(loop, execution_timeout=1)


def test_a_background_process_ends_with_its_notebook() -> None:
    """What a notebook started and left is killed when it is done."""
    (outputs,) = run("import subprocess\nsubprocess.Popen(['sleep', '1000']).pid")
    run("1")
    assert not _runs(int(outputs[0].data["text/plain"]))


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_runaway_memory_is_an_error_of_its_notebook() -> None:
    """With a limit, the cell gets a MemoryError; the next notebook has room again."""
    with pytest.raises(PapermillExecutionError, match="MemoryError"):
        run("held = []\nwhile True:\n    held.append(bytearray(2**24))", memory_limit=2**29)
    assert run("len(bytearray(2**24))", memory_limit=2**29)[0][0].data["text/plain"] == "16777216"


def test_a_killed_zygote_is_replaced() -> None:
    """The next notebook gets a new one."""
    (outputs,) = run("import os\nos.getppid()")
    os.kill(int(outputs[0].data["text/plain"]), signal.SIGKILL)
    (again,) = run("import os\nos.getppid()")
    assert again != outputs


def test_exit_functions_run_and_files_are_whole(tmp_path: Path) -> None:
    """What an interpreter does at its end is done, though the fork ends at once."""
    cells = [
        f"held = open({str(tmp_path / 'held')!r}, 'w')\nheld.write('never closed')",
        f"import atexit, pathlib\natexit.register(pathlib.Path({str(tmp_path / 'exit')!r}).write_text, 'done')",
    ]
    run(*cells)
    assert (tmp_path / "held").read_text() == "never closed"
    assert (tmp_path / "exit").read_text() == "done"


def test_an_exit_function_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much it says meanwhile: the time that it may take is one for all of it."""
    monkeypatch.setattr(zygote, "GRACE", 0.5)
    loop = "def loop():\n    while True:\n        print(1, flush=True)"
    (_, outputs) = run(f"import atexit, os\n{loop}\natexit.register(loop)", "os.getpid()")
    run("1")  # the zygote has handled the order to kill before this fork
    assert not _runs(int(outputs[0].data["text/plain"]))


def test_many_forks_leave_the_zygote_as_it_was() -> None:
    """Memory, open files and threads of the zygote do not grow."""
    (outputs,) = run("import os\nos.getppid()")
    pid = int(outputs[0].data["text/plain"])
    before = _state(pid)
    for _ in range(40):
        run("1")
    memory, files, threads, children = _state(pid)
    assert (files, threads) == before[1:3] == (before[1], 1)
    assert children <= 1
    assert memory <= before[0] + 2048  # kB; the allocator may take one more arena


def _state(pid: int) -> tuple[int, int, int, int]:
    process = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    files = len(list((process / "fd").iterdir()))
    children = (process / "task" / str(pid) / "children").read_text().split()
    return int(status["VmRSS"].split()[0]), files, int(status["Threads"]), len(children)
