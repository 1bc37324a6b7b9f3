"""The warm engine is an ordinary papermill engine, and gives what a real kernel gives."""

# ruff: noqa: E501  (a cell is one line of a table)

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.engines import papermill_engines

from evalkit.engine import pool
from evalkit.engine.entry import WarmEngine
from evalkit.engine.zygote import Kind
from tests.support.corpus import NOTEBOOKS, notebook
from tests.support.equality import comparable, run

pytestmark = pytest.mark.usefixtures("new_user")

SAMPLE = (
    *("values", "two streams", "display updates", "clear output", "tracebacks"),
    *("magics", "subprocesses", "asyncio", "input", "widgets", "killed", "debuggers"),
    *("bytes that are not UTF-8", "input at odd moments", "stored history", "exit and a long cell"),
)
"""Compared in every run; all of them are in the soak. The stock side of "output widgets" is only
there: its client has been seen to wait for its kernel without end on a busy machine.
"""


def test_the_corpus_is_not_empty() -> None:
    """Outputs of every kind, in at least seventy notebooks."""
    assert len(NOTEBOOKS) >= 70
    assert set(SAMPLE) | set(AHEAD) <= set(NOTEBOOKS)


RACES = {
    *("shutdown", "shutdown without restart", "shutdown at the end", "exit at the end"),
    *("exit and a short cell", "exit and a long cell", "exit and a cell that waits"),
}
"""Their kernel ends a tenth of a second after a cell asked for it. Whether the end of that cell is
told before, and the next one comes, is for the machine to say, with a real kernel, too: they are
compared until both say the same.
"""


IN_BETWEEN = {"asyncio", "a stopped loop", "output widgets"}
"""Something happens between their cells: in the loop of the kernel, or in the front end."""

LEAVES = {name for name in NOTEBOOKS if name.startswith(("exit", "shutdown"))}
"""What comes after such a cell is for the machine to say, see `RACES`."""

AHEAD = (
    *("error", "an output that no notebook can hold", "ended without cleaning", "tags"),
    *("empty cells", "interrupt", "hooks", "history", "input transformers", "run code"),
)
"""More of which cells sent ahead might make something else, compared in every run."""


def assert_ahead_gives(one_by_one: str, name: str, folder: Path) -> None:
    """Cells sent before the ones in front of them have ended give the same.

    Also those that fail, run out of time and end their process; nothing after them runs.
    """
    if name in IN_BETWEEN | LEAVES:
        return
    ahead = run(NOTEBOOKS[name], "evalkit-warm", folder / "ahead" / "warm", ahead=True)
    assert comparable(ahead) == one_by_one


def assert_equal(name: str, folder: Path) -> None:
    """Both engines give the same outputs, counts, widgets, language and end."""
    for _ in range(10 if name in RACES else 1):
        stock = comparable(run(NOTEBOOKS[name], None, folder / "stock"))
        warm = comparable(run(NOTEBOOKS[name], "evalkit-warm", folder / "warm"))
        if warm == stock:
            break
    assert warm == stock
    assert_ahead_gives(warm, name, folder)
    assert pool._refused == {}


@pytest.mark.parametrize("name", SAMPLE)
@pytest.mark.processes
def test_outputs_equal_those_of_a_real_kernel(name: str, tmp_path: Path) -> None:
    """Run times, ids, addresses and the cutting of streams by a clock aside."""
    assert_equal(name, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(set(NOTEBOOKS) - set(SAMPLE)))
def test_all_outputs_equal_those_of_a_real_kernel(name: str, tmp_path: Path) -> None:
    """The rest of the corpus."""
    assert_equal(name, tmp_path)


@pytest.mark.parametrize("name", AHEAD)
@pytest.mark.processes
def test_cells_sent_ahead_give_the_same(name: str, tmp_path: Path) -> None:
    """Those whose real kernel is only in the soak."""
    warm = comparable(run(NOTEBOOKS[name], "evalkit-warm", tmp_path / "warm"))
    assert_ahead_gives(warm, name, tmp_path)


def test_cells_sent_ahead_and_answers_that_no_socket_holds(tmp_path: Path) -> None:
    """Neither side waits for the other to read, however much both have to say."""
    much = 2_000_000
    cells = [f"x = {'a' * much!r}", "print(x)", "print(x)"]
    ran = run(cells, "evalkit-warm", tmp_path, ahead=True, execution_timeout=60)
    assert ran["ended"] is None
    assert [sum(len(o["text"]) for o in c["outputs"]) for c in ran["cells"]] == [
        *(0, much + 1, much + 1),
    ]


def test_the_order_of_a_stream_is_the_order_of_writing(tmp_path: Path) -> None:
    """A real kernel may show the subprocess last, or lose it; here it is always in its place."""
    cell = "import os\nprint('a')\nos.system('echo b')\nprint('c')\nos.write(1, b'd\\n')\nNone"
    for _ in range(5):
        (found,) = run([cell], "evalkit-warm", tmp_path)["cells"]
        assert [o["text"] for o in found["outputs"]] == ["a\nb\nc\nd\n"]


def test_a_subprocess_that_writes_much_does_not_block(tmp_path: Path) -> None:
    """More than a pipe holds, while Python waits for the subprocess."""
    cell = "import os\nos.system('yes | head -c 1000000')\nNone"
    (found,) = run([cell], "evalkit-warm", tmp_path)["cells"]
    assert sum(len(o["text"]) for o in found["outputs"] if o["name"] == "stdout") == 1_000_000


CLOSED = """
import os, sys, threading
looked, arrived = [], threading.Event()

def watched(stream, note):
    collect = stream.collect
    def noted():
        more = collect()
        if threading.current_thread().name == "output":
            note()
        return more
    stream.collect = noted

watched(sys.stdout, lambda: looked.append(1))
watched(sys.stderr, arrived.set)
os.close(1)
for _ in range(20):
    arrived.clear()
    os.write(2, b"x")
    arrived.wait(10)
print("still heard", len(looked))
"""
"""Closes its descriptor 1, then has the thread that reads the pipes look at them twenty times."""


def test_a_closed_descriptor_is_looked_at_once(tmp_path: Path) -> None:
    """Its pipe is at its end for ever; the thread that waits for output must not spin on it."""
    (found,) = run([CLOSED], "evalkit-warm", tmp_path)["cells"]
    said = {o["name"]: o["text"] for o in found["outputs"]}
    assert said == {"stderr": "x" * 20, "stdout": "still heard 1\n"}


LIMITED: dict[str, list[Any]] = {
    "asleep": ["1", "print('a')\nimport time\ntime.sleep(60)", "3"],
    "busy": ["while True:\n    pass"],
    "talking": ["import sys, time\nwhile True:\n    print(1)\n    time.sleep(0.7)"],
    "waiting": ["import asyncio\nawait asyncio.sleep(60)"],
    "cleaning up": ["import time\ntry:\n    time.sleep(60)\nfinally:\n    print('cleaned')"],
    "in a subprocess": ["import subprocess\nsubprocess.run(['sleep', '60'])"],
    "an error that is allowed": [("import time\ntime.sleep(60)", ["raises-exception"]), "2"],
}


@pytest.mark.parametrize("cells", LIMITED.values(), ids=LIMITED)
@pytest.mark.soak
def test_a_time_limit_ends_as_in_a_real_kernel(cells: list[Any], tmp_path: Path) -> None:
    """Interrupted: the count, what was written, and where the cell was, are in the notebook."""
    stock = comparable(run(cells, None, tmp_path / "stock", execution_timeout=1))
    warm = comparable(run(cells, "evalkit-warm", tmp_path / "warm", execution_timeout=1))
    assert warm == stock


LAST_WORDS = "import time\nprint('a')\nprint('b', flush=True)\nprint('c')\n"

ENDS = {
    "killed": (LAST_WORDS + "time.sleep(0.7)\nimport os\nos.kill(os.getpid(), 9)", "DeadKernelError"),
    "ended": (LAST_WORDS + "time.sleep(0.7)\nimport os\nos._exit(0)", "DeadKernelError"),
    "crashed": (LAST_WORDS + "time.sleep(0.7)\nimport ctypes\nctypes.string_at(0)", "DeadKernelError"),
    "out of time": (
        LAST_WORDS + "while True:\n    try:\n        time.sleep(9)\n    except BaseException:\n        0",
        "CellTimeoutError",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("cell", "error"), ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.processes
def test_a_killed_cell_keeps_its_count_and_words(
    cell: str, error: str, ahead: bool, tmp_path: Path
) -> None:
    """Also the words that were not flushed."""
    options: dict[str, Any] = {"execution_timeout": 1, "ahead": ahead}
    ran = run(["1", cell, "3"], "evalkit-warm", tmp_path, **options)
    assert ran["ended"][0] == error
    assert [c["count"] for c in ran["cells"]] == [1, 2, None]
    assert "".join(o["text"] for o in ran["cells"][1]["outputs"]) == "a\nb\nc\n"


def test_a_stream_is_not_cut_by_a_clock() -> None:
    """What is kept for a cell that may be killed changes nothing in one that is not."""
    cell = "import sys, time\nfor n in range(3):\n    print(n)\n    time.sleep(0.3)\n    print(n, file=sys.stderr)"
    nb = papermill.execute_notebook(
        notebook([cell]), None, engine_name="evalkit-warm", progress_bar=False
    )
    assert [(o.name, o.text) for o in nb.cells[0].outputs] == [
        ("stdout", "0\n1\n2\n"),
        ("stderr", "0\n1\n2\n"),
    ]


def test_exit_lets_the_next_cell_run(tmp_path: Path) -> None:
    """As a real kernel, the notebook goes on for a tenth of a second, which a cell may outlast.

    Where the machine is busy the next cell may come too late, as it may for a real kernel: it is
    tried until it comes in time.
    """
    for end in ("exit", "quit()", "get_ipython().kernel.do_shutdown(restart=True)\nNone"):
        tries = (run([end, "print(3)"], "evalkit-warm", tmp_path) for _ in range(10))
        ran = next(one for one in tries if one["ended"] is None)
        assert [c["count"] for c in ran["cells"]] == [1, 2]
        assert ran["cells"][1]["outputs"][0]["text"] == "3\n"
    cells = ["exit", "import time\ntime.sleep(0.5)", "print('never')"]
    tries = (run(cells, "evalkit-warm", tmp_path) for _ in range(10))
    ran = next(one for one in tries if one["cells"][1]["count"] == 2)
    assert ran["ended"][0] == "DeadKernelError"
    assert [c["count"] for c in ran["cells"]] == [1, 2, None]


HALVES = {
    "stream": "print('a\\ud800b')",
    "error": "raise ValueError('a\\ud800b')",
    "warning": "import warnings\nwarnings.warn('a\\ud800b')",
    "payload": "get_ipython().set_next_input('a\\ud800b')\nprint('a\ufffdb')",
}


@pytest.mark.parametrize("cell", HALVES.values(), ids=HALVES)
def test_half_of_a_pair_is_replaced(cell: str, tmp_path: Path) -> None:
    """A real kernel loses such text, or is waited for without end."""
    ran = run([(cell, ["raises-exception"]), "2"], "evalkit-warm", tmp_path)
    found = json.dumps([c["outputs"] for c in ran["cells"]], ensure_ascii=False)
    assert "a\ufffdb" in found
    assert ran["cells"][-1]["count"] == 2


def test_half_of_a_pair_in_a_display_is_an_error_of_its_cell(tmp_path: Path) -> None:
    """As in a real kernel."""
    cell = "from IPython.display import HTML\nHTML('\\ud800')"
    ran = run([(cell, ["raises-exception"]), "2"], "evalkit-warm", tmp_path)
    errors = [o for c in ran["cells"] for o in c["outputs"] if o["output_type"] == "error"]
    assert [o["ename"] for o in errors] == ["UnicodeEncodeError"]


BREAKS = {
    "no stdout": "import sys\nsys.stdout = None",
    "no stream at all": "import sys\ndel sys.stdout",
    "nothing to display with": "get_ipython().display_pub = None",
}


@pytest.mark.parametrize("cell", BREAKS.values(), ids=BREAKS)
def test_a_kernel_that_the_notebook_breaks_has_died(cell: str, tmp_path: Path) -> None:
    """A real one is waited for, without end where there is no time limit."""
    ran = run(["1", cell, "2"], "evalkit-warm", tmp_path)
    assert ran["ended"] == ("DeadKernelError", "Kernel died")
    assert ran["cells"][0]["count"] == 1


@pytest.mark.processes
def test_the_command_line_of_papermill(tmp_path: Path) -> None:
    """``papermill --engine evalkit-warm in.ipynb out.ipynb -p …`` on any notebook."""
    nbformat.write(notebook([("x = 1", ["parameters"]), "print('x is', x)"]), tmp_path / "in.ipynb")
    command = [sys.executable, "-m", "papermill", "--engine", "evalkit-warm"]
    command += ["in.ipynb", "out.ipynb", "-p", "x", "5"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    cells = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells
    assert cells[-1].outputs[0].text == "x is 5\n"
    assert cells[-1].metadata.papermill.status == "completed"


def test_parameters_run_as_papermill_writes_them() -> None:
    """Text with quotes, backslashes, percent signs and line breaks is data, not code."""
    hostile = "%%bash\n!ls \"'\\ ?\n%time 中文\ud83d\ude00"
    value = hostile.encode("utf-16", "surrogatepass").decode("utf-16")
    nb = papermill.execute_notebook(
        notebook([("x = ''", ["parameters"]), "x"]),
        None,
        parameters={"x": value},
        engine_name="evalkit-warm",
        progress_bar=False,
    )
    assert nb.cells[-1].outputs[0].data["text/plain"] == repr(value)


@pytest.mark.processes
def test_either_may_be_imported_first() -> None:
    """Papermill imports the engine, and the engine papermill."""
    for code in (
        "import evalkit.engine.engine, papermill",
        "import papermill, evalkit.engine.engine",
        "from evalkit.engine import pool",
    ):
        subprocess.run([sys.executable, "-c", code], check=True)


def test_the_entry_point_names_the_engine() -> None:
    """Papermill finds it by its name."""
    assert papermill_engines.get_engine("evalkit-warm") is WarmEngine


OTHER = {"name": "other", "language": "python", "display_name": "Other"}

UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"interrupt_on_timeout": True, "execution_timeout": 60}, "interrupt_on_timeout"),
    ({"on_cell_start": lambda **_: None}, "on_cell_start"),
    ({"kernel_name": "other"}, "other"),
    ({"warm_imports": ("threading_at_import",)}, "2 threads"),
    ({"warm_imports": ("no_such_module",)}, "no_such_module"),
]


@pytest.mark.processes
@pytest.mark.parametrize(("options", "said"), UNFIT, ids=[said for _, said in UNFIT])
def test_what_cannot_run_warm_runs_stock_and_says_so(
    options: dict[str, Any],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Options of a real kernel, another kernel, libraries with threads, imports that fail."""
    module = tmp_path / "threading_at_import.py"
    module.write_text(
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    )
    spec = tmp_path / "kernels" / "other"
    spec.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    content = {"argv": argv, "display_name": "Other", "language": "python", "env": {"X": "1"}}
    (spec / "kernel.json").write_text(json.dumps(content))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    cell = "import os, sys\nos.environ.get('X'), 'debugpy' in sys.modules"
    with caplog.at_level(logging.WARNING, "papermill"):
        nb = papermill.execute_notebook(
            notebook([cell]),
            None,
            engine_name="evalkit-warm",
            progress_bar=False,
            **{"kernel_name": "python3", **options},
        )
    x = repr("1") if options.get("kernel_name") == "other" else "None"
    # a real kernel has the debugger
    assert nb.cells[0].outputs[0].data["text/plain"] == f"({x}, True)"
    (record,) = [r for r in caplog.records if "papermill 自带的引擎" in r.getMessage()]
    assert said in record.getMessage()
    pool._refused.clear()


def test_another_system_runs_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where processes cannot be forked there is no zygote."""
    monkeypatch.setattr(sys, "platform", "win32")
    assert "不能安全地复制进程" in str(pool.unfit("python3", [], Kind(), 60))


@pytest.mark.parametrize("warm_imports", [(), ("no_such_module",)], ids=["warm", "fallen back"])
@pytest.mark.processes
def test_a_profile_counts_as_in_a_kernel_unless_it_shall_not(
    warm_imports: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Configuration, startup files and PYTHONSTARTUP; here the last expression shows nothing."""
    startup = tmp_path / "profile_default" / "startup"
    startup.mkdir(parents=True)
    config = 'get_config().InteractiveShell.ast_node_interactivity = "none"'
    (startup.parent / "ipython_config.py").write_text(config)
    for file in (startup / "first.py", tmp_path / "second.py"):
        file.write_text(f"{file.stem} = 1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "second.py"))
    environment = dict(os.environ)
    pool.close()
    found = {}
    for profile in (True, False):
        nb = papermill.execute_notebook(
            notebook(["print('first' in globals(), 'second' in globals())\n1"]),
            None,
            engine_name="evalkit-warm",
            kernel_name="python3",
            progress_bar=False,
            warm_imports=warm_imports,
            profile=profile,
        )
        found[profile] = [o.get("text", "shown") for o in nb.cells[0].outputs]
    assert found == {True: ["True True\n"], False: ["False False\n", "shown"]}
    assert dict(os.environ) == environment
    pool.close()
    pool._refused.clear()


@pytest.mark.processes
def test_a_profile_is_seen_as_in_a_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it defines is there and hidden, its magics and hooks are on, its lines have run."""
    startup = tmp_path / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "first.py").write_text("import math\nfirst = math.pi\nprint('never seen')")
    (startup.parent / "ipython_config.py").write_text(
        "c = get_config()\n"
        "c.InteractiveShell.ast_node_interactivity = 'all'\n"
        "c.InteractiveShell.colors = 'nocolor'\n"
        "c.InteractiveShellApp.extensions = ['autoreload']\n"
        "c.InteractiveShellApp.exec_lines = ['line = 1', '%autoreload 2']\n"
        "c.HistoryManager.hist_file = '/nowhere'\n"
    )
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    pool.close()
    cells = [
        "first\nline",
        "%who",
        "sorted(dir())",
        "%history -g",
        "get_ipython().events.callbacks.keys()",
    ]
    cells += ["%reset -f", "%whos", "first = 2\n%who"]
    stock = comparable(run(cells, None, tmp_path / "stock"))
    assert comparable(run(cells, "evalkit-warm", tmp_path / "warm")) == stock
    assert '"text/plain": "3.14' in stock
    pool.close()


def test_papermills_streams_and_logs_get_the_outputs(tmp_path: Path) -> None:
    """``--stdout-file`` works as on the stock engine."""
    with (tmp_path / "out").open("w") as out:
        papermill.execute_notebook(
            notebook(["print('heard')"]),
            None,
            engine_name="evalkit-warm",
            progress_bar=False,
            stdout_file=out,
        )
    assert (tmp_path / "out").read_text() == "heard\n"


@pytest.mark.processes
def test_an_engine_in_threads_and_forks() -> None:
    """Threads that begin at once share a zygote; a forked caller takes one of its own."""
    code = """
        import os, threading, papermill
        from tests.support.corpus import notebook
        def run(out):
            nb = papermill.execute_notebook(notebook(["import os\\nos.getppid()"]), None,
                engine_name="evalkit-warm", progress_bar=False)
            out.append(nb.cells[0].outputs[0].data["text/plain"])
        mine, theirs = [], []
        threads = [threading.Thread(target=run, args=(theirs,)) for _ in range(4)]
        for t in threads: t.start()
        for t in threads: t.join()
        run(mine)
        assert set(theirs) == set(mine) and len(theirs) == 4, (mine, theirs)
        if os.fork() == 0:
            run(theirs)
            os._exit(0 if theirs[-1] not in mine else 1)
        assert os.wait()[1] == 0
        run(mine)
        assert len(set(mine)) == 1
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)


def test_a_failed_zygote_is_replaced_once() -> None:
    """A thread that was late does not end the zygote that another one has started meanwhile."""
    kind, state = Kind(), {"seed": None, "memory": None, "ahead": False}
    pool.fork(kind, 60, **state).kill()
    failed = pool._zygotes[kind]
    failed._process.kill()
    pool.fork(kind, 60, **state).kill()
    fresh = pool._zygotes[kind]
    assert fresh is not failed
    pool._drop(kind, failed)
    assert pool._zygotes[kind] is fresh
    pool.fork(kind, 60, **state).kill()
    assert pool._zygotes[kind] is fresh


OWNER = """
import os, papermill, sys
from tests.support.corpus import notebook
pids = "import os\\nopen('pids', 'w').write(f'{os.getpid()} {os.getppid()}')"
kill = f"import signal\\nos.kill({os.getpid()}, signal.SIGKILL)\\nwhile True:\\n    pass"
options = {"engine_name": "evalkit-warm", "progress_bar": False, "cwd": sys.argv[1]}
papermill.execute_notebook(notebook([pids, kill]), None, **options)
"""


@pytest.mark.processes
def test_a_zygote_ends_with_its_owner(tmp_path: Path) -> None:
    """Killed without warning, the owner leaves neither zygote nor notebook behind."""
    ended = subprocess.run([sys.executable, "-c", OWNER, str(tmp_path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    pids = (tmp_path / "pids").read_text().split()
    deadline = time.monotonic() + 60
    while (
        left := [p for p in pids if Path(f"/proc/{p}").exists()]
    ) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


def test_frames_survive_any_cut() -> None:
    """A frame comes whole, however the system cuts the bytes."""
    import socket
    import threading

    from evalkit.engine.wire import Wire

    ours, theirs = socket.socketpair()
    sender, receiver = Wire(ours), Wire(theirs)
    big = bytes(range(256)) * 10_000

    def send() -> None:
        sender.send({"n": 1}, b"", big, later=True)
        sender.send({"n": 2, "中": "文"}, memoryview(big)[:7])
        ours.close()

    thread = threading.Thread(target=send)
    thread.start()
    assert receiver.receive(5) == ({"n": 1}, [b"", big])
    assert receiver.receive(5) == ({"n": 2, "中": "文"}, [big[:7]])
    thread.join()
    with pytest.raises(EOFError):
        receiver.receive()
