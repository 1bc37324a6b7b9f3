"""The README as somebody follows it: every command works as written, in its order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.support.builders import ROOT
from tests.support.command import evalkit
from tests.support.guides import blocks

INTERACTIVE = ("sheet", "serve")
"""Serve until somebody ends them; the tests of workbench and server do that in a browser."""


def commands(file: str) -> list[list[str]]:
    """Every command line of ``file`` as words, without comments and the language."""
    joined = "".join(blocks(file, "sh")).replace("\\\n", " ")
    lines = [shlex.split(line, comments=True) for line in joined.splitlines()]
    return [[w for w in words if w not in ("--lang", "en")] for words in lines if words]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as after cloning: with the rubrics and the demos, and nothing else."""
    for name in ("panels", "rubrics"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.mark.processes
@pytest.mark.usefixtures("unedited")
def test_every_command_works_in_order(folder: Path) -> None:
    """``make demo`` first, as the README does; what each writes is what the next one reads."""
    first, *others = commands("README.md")
    assert first == ["make", "demo"]
    assert evalkit("demo", cwd=folder).returncode == 0
    ours = [words[1:] for words in others if words[0] == "evalkit" and words[1] not in INTERACTIVE]
    assert len(ours) > 12
    for words in ours:
        run = evalkit(*words, cwd=folder)
        assert run.returncode == 0, (words, run.stderr)
        assert run.stdout, words
    found = {path.name for path in (folder / "evalkit-demo").iterdir()}
    assert {
        words[words.index("--out") + 1].split("/")[1] for words in ours if "--out" in words
    } < found
    assert {path.name for path in folder.iterdir()} == {"panels", "rubrics", "evalkit-demo"}


def test_both_languages_have_the_same_commands() -> None:
    """In the same order; only the language and the comments differ."""
    assert commands("README.md") == commands("README.en.md")
    others = {words[0] for words in commands("README.md")} - {"evalkit"}
    assert others == {"make", "source"}


def test_make_has_the_targets() -> None:
    """Every ``make`` that either README names is a target of the Makefile."""
    text = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", "README.en.md"))
    named = set(re.findall(r"^make ([\w-]+)|`make ([\w-]+)`", text, re.MULTILINE))
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {a or b for a, b in named} <= set(targets)
    assert {"demo", "lab"} <= {a or b for a, b in named}


def test_the_notebook_block_runs(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """What stands under "in a notebook", line by line."""
    monkeypatch.chdir(folder)
    (chinese,), (english,) = blocks("README.md", "python"), blocks("README.en.md", "python")
    assert re.sub(" *#.*", "", chinese) == re.sub(" *#.*", "", english)
    names: dict[str, object] = {}
    exec(chinese, names)
    assert repr(names["results"]).startswith("Results('demo-2025'")


@pytest.mark.parametrize("file", ["README.md", "README.en.md"])
def test_links_lead_to_files(file: str) -> None:
    """Every file that a README links is there."""
    links = re.findall(r"\]\(([^)]+)\)", (ROOT / file).read_text("utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
