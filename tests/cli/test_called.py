"""Only what a call names is built, and it is what the whole command line has under that name."""

from __future__ import annotations

from typing import Any

import pytest
from typer.main import get_command

from evalkit.cli import app
from evalkit.cli.called import part
from tests.support.command import evalkit


def shape(command: Any) -> tuple[Any, ...]:
    """Name, help, parameters and subcommands of a command."""
    params = [(p.name, p.opts, getattr(p, "help", None)) for p in command.params]
    below = [shape(c) for c in getattr(command, "commands", {}).values()]
    return command.name, command.help, params, below


def test_every_command_is_found_by_its_word() -> None:
    """Alone, with its options and whatever stands below it; the language before it is no word."""
    whole: Any = get_command(app)
    for word, command in whole.commands.items():
        found: Any = get_command(part(app, ["--lang", "en", word, "--help"]))
        assert [shape(c) for c in found.commands.values()] == [shape(command)]


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--lang=en", "--help"], ["--version"]])
def test_a_page_of_help_lists_everything(arguments: list[str]) -> None:
    """In the order of the whole; of the groups no commands are built."""
    whole: Any = get_command(app)
    found: Any = get_command(part(app, arguments))
    assert [*found.commands] == [*whole.commands]
    assert [c.help for c in found.commands.values()] == [c.help for c in whole.commands.values()]
    assert not any(getattr(c, "commands", None) for c in found.commands.values())


def test_an_unknown_word_is_named() -> None:
    """Nothing is like it, so nothing is left out."""
    assert part(app, ["nothing"]) is app
    run = evalkit("nothing")
    assert (run.returncode, "没有这条命令：nothing" in run.stderr) == (2, True)
