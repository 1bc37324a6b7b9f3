"""Terminals and streams that are not as one hopes: no Chinese, narrow, closed, full, gone."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.builders import DEMO, ROOT
from tests.support.command import evalkit
from tests.support.forks import TERMINAL, Command, Ended, forked

EVALUATE = ("evaluate", str(DEMO))
SHELL = f"{sys.executable} -m evalkit"
COMMANDS = [
    ("--help",),
    ("report", "--help"),
    ("rubric", "show", "henan-centre-2025"),
    ("rubric", "check", "zhongshan-platform-2026"),
    ("panel", "check", str(DEMO)),
    ("evaluate", str(DEMO)),
    ("standing", str(ROOT / "panels" / "zhongshan-standing-demo")),
]


def run(script: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell in which ``evalkit`` is the command."""
    script = re.sub(r"\bevalkit\b", SHELL, script)
    whole = {**os.environ, **environment}
    command = ["bash", "-c", script]
    return subprocess.run(command, capture_output=True, env=whole, cwd=ROOT, check=False)


@pytest.mark.processes
@pytest.mark.parametrize(
    "encoding",
    ["ascii", *(pytest.param(name, marks=pytest.mark.soak) for name in ("latin-1", "cp1252"))],
)
def test_a_terminal_without_chinese(encoding: str) -> None:
    """Question marks, numbers that can be read, and one line that names the way out."""
    commands = [Command(c) for c in (*COMMANDS, (*EVALUATE, "--json"))]
    *shown, whole = forked(commands, PYTHONIOENCODING=encoding)
    plain = evalkit(*EVALUATE, "--json").stdout.encode()
    assert whole == (0, plain, b"")  # as other programs read it
    for done in shown:
        assert done.returncode == 0, done
        assert b"?" in done.stdout
        (line,) = done.stderr.decode("ascii", "replace").splitlines()
        assert "PYTHONIOENCODING=utf-8" in line
        assert encoding.replace("latin-1", "iso8859-1") in line


@pytest.mark.processes
def test_an_import_on_a_terminal_without_chinese(tmp_path: Path) -> None:
    """What is written is whole, whatever the terminal shows."""
    table = "| 一级指标 | 二级指标 | 说明 | 分值 |\n| 研发 | 投入 | 定性 | 10 |\n"
    (tmp_path / "notice.txt").write_text(table, "utf-8")
    import_ = f"evalkit rubric import {tmp_path}/notice.txt --out {tmp_path}"
    done = run(import_, PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert "研发" in (tmp_path / "notice.yaml").read_text("utf-8")


@pytest.mark.processes
def test_json_is_utf8_whatever_the_terminal() -> None:
    """The digest is over these bytes, and other programs read them; a terminal in GBK has the
    characters, and is used as it is.
    """
    plain = evalkit(*EVALUATE, "--json").stdout.encode()
    asked = [Command((*EVALUATE, "--json")), Command(EVALUATE)]
    done, shown = forked(asked, PYTHONIOENCODING="gbk")
    assert done == (0, plain, b"")
    assert "示例科研智算赋能中心" in shown.stdout.decode("gbk")
    assert shown.stderr == b""
    digest = hashlib.sha256(plain).hexdigest()
    assert digest in evalkit(*EVALUATE).stdout
    schemas = ("rubric show henan-centre-2025 --json", "panel schema", "ledger schema")
    commands = [asked[0], *(Command(words.split()) for words in schemas)]
    done, *others = forked(commands, PYTHONIOENCODING="latin-1")
    assert done == (0, plain, b"")
    for done in others:
        assert any("\u4e00" <= c <= "\u9fff" for c in str(json.loads(done.stdout)))


COLUMNS = ["0", "1", "7", "40", "abc", "-5"]
"""What a terminal may say of its width."""

WIDTHS = [
    pytest.param(width, command, marks=() if (n - k) % 3 == 0 else pytest.mark.soak)
    for n, command in enumerate(COMMANDS)
    for k, width in enumerate(COLUMNS)
]
"""Each with two or three commands, and each command with two; all with all in the soak."""


@pytest.mark.parametrize(("columns", "command"), WIDTHS)
def test_a_width_that_is_none(
    columns: str, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tiny, negative and no number: everything is said somehow."""
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TERM", "dumb")
    done = evalkit(*command)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


FULL, SAID = "/dev/full", "/dev/full：磁盘空间已满，请腾出空间"
FILLED = [  # only Linux has a device that is full
    (Command(("evaluate", "nowhere"), err=FULL), ""),
    (Command(EVALUATE, out=FULL), SAID),
    (Command((*EVALUATE, "--json"), out=FULL), SAID),
    (Command(("--help",), out=FULL), SAID),
    (Command(("rubric", "schema"), out=FULL), SAID),
    (Command(("--lang", "en", "rubric", "schema"), out=FULL), "/dev/full: "),
    (Command(("evaluate", "nowhere"), out=FULL), "nowhere：这里既没有"),
]
NARROW = [
    Command(EVALUATE, out=TERMINAL, environment={"COLUMNS": columns, "TERM": "dumb"})
    for columns in ("10", "40", "80")
]
READERS = [Command(command, out=("|head -1", "|true")[n % 2]) for n, command in enumerate(COMMANDS)]


@cache
def ended() -> tuple[list[Ended], list[Ended], list[Ended]]:
    """How the commands of these three lists end, which share a start."""
    found = forked([*NARROW, *READERS, *(command for command, _said in FILLED)])
    narrow, readers = len(NARROW), len(NARROW) + len(READERS)
    return found[:narrow], found[narrow:readers], found[readers:]


@pytest.mark.processes
def test_a_narrow_terminal_keeps_numbers_whole() -> None:
    """Names go on in the next line; a number that is cut is another number."""
    for done in ended()[0]:
        assert done.returncode == 0
        text = done.stdout.decode()
        assert "…" not in text
        first = next(line.split() for line in text.splitlines() if " c03 " in line)
        numbers = {"17.30", "17.90", "25.90", "13.20", "13.30", "87.60", "10.00", "97.60"}
        assert {"1", "c03"} | numbers <= set(first)


CLOSED = [
    (f"evalkit evaluate {DEMO} >&-", 0),
    (f"evalkit evaluate {DEMO} 2>&-", 0),
    (f"evalkit evaluate {DEMO} --json <&- >&- 2>&-", 0),
    ("evalkit evaluate nowhere 2>&-", 2),
]


@pytest.mark.processes
@pytest.mark.parametrize(("script", "code"), CLOSED)
def test_streams_that_are_closed(script: str, code: int) -> None:
    """Closed on purpose is no mistake."""
    done = run(script)
    assert (done.returncode, done.stderr) == (code, b"")


@pytest.mark.processes
def test_streams_that_are_full() -> None:
    """A full device is named, in a line."""
    for done, (_command, said) in zip(ended()[2], FILLED, strict=True):
        assert done.returncode == 2
        error = done.stderr.decode()
        assert error.startswith(said)
        assert error.count("\n") == bool(said)


@pytest.mark.processes
def test_a_shell_with_a_full_device() -> None:
    """As above, with all that a process of its own does at its end."""
    done = run(f"evalkit evaluate {DEMO} >/dev/full")
    assert (done.returncode, done.stderr.decode().startswith(SAID)) == (2, True)
    assert done.stderr.count(b"\n") == 1


@pytest.mark.processes
def test_a_reader_that_has_enough() -> None:
    """``| head -1`` ends the command quietly and well, also if it closes before the first line."""
    for done in ended()[1]:
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.soak
@pytest.mark.parametrize("reader", ["head -1", "true"])
@pytest.mark.parametrize("command", COMMANDS)
def test_either_reader_with_every_command(command: tuple[str, ...], reader: str) -> None:
    """Each in a process of its own from its start."""
    done = run(f"evalkit {' '.join(command)} | {reader}; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.processes
def test_a_shell_with_a_reader_that_has_enough() -> None:
    """As above, with all that a process of its own does at its end."""
    done = run(f"evalkit evaluate {DEMO} | head -1; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.processes
def test_without_a_home_and_without_an_environment(tmp_path: Path) -> None:
    """As a timer or a container starts it."""
    script = f"env -i evalkit report {DEMO} --out {tmp_path}/reports --applicant c01"
    done = run(script)
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "reports" / "c01.html").exists()


WRITERS: dict[str, tuple[str, ...]] = {
    "panel.yaml": ("panel", "new", "henan-centre-2025", "--out", "{out}/panel.yaml"),
    "notice.yaml": ("rubric", "import", "{out}/notice.txt", "--out", "{out}"),
    "ledger.yaml": ("ledger", "template", "henan-ai-plus-2024", "--year", "2026", "--out", "{out}"),
    "summary.docx": ("export", str(DEMO), "--out", "{out}", "--word"),
    "round": ("panel", "open", str(DEMO / "panel.yaml"), "--out", "{out}/round"),
}


@pytest.mark.processes
def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Here each may have 200 bytes; nothing half-written stays."""
    table = "| 一级指标 | 二级指标 | 分值 |\n" + "| 研发 | 投入 | 1 |\n" * 4
    (tmp_path / "notice.txt").write_text(table, "utf-8")
    before = sorted(tmp_path.iterdir())
    commands = [
        Command([argument.replace("{out}", str(tmp_path)) for argument in arguments], limit=200)
        for arguments in WRITERS.values()
    ]
    for done, file in zip(forked(commands), WRITERS, strict=True):
        assert done.returncode == 2, done
        assert b"Traceback" not in done.stderr
        said = done.stderr.decode().splitlines()[-1]
        assert file in said
        assert "/." not in said  # not the name under which it is written first
    assert sorted(tmp_path.iterdir()) == before


READ_ONLY: dict[str, tuple[Any, ...]] = {
    "panel new": ("panel", "new", "henan-centre-2025", "--out", "/proc/nowhere/panel.yaml"),
    "panel open": ("panel", "open", DEMO / "panel.yaml", "--out", "/proc/nowhere/round"),
    "report": ("report", DEMO, "--out", "/proc/nowhere"),
    "demo": ("demo", "--out", "/proc/nowhere"),
    "progress": (
        *("progress", ROOT / "panels" / "henan-ai-plus-demo", "--on", "2026-06-30"),
        *("--out", "/proc/nowhere"),
    ),
}


@pytest.mark.parametrize("name", READ_ONLY)
def test_a_folder_in_which_nothing_can_be_made_is_named(name: str) -> None:
    """The last line names the place."""
    done = evalkit(*READ_ONLY[name])
    assert done.returncode == 2
    said = done.stderr.splitlines()[-1]
    assert said.startswith("/proc/nowhere")
