"""The part of the command line that a call names: to build all of it takes longer than most run."""

from __future__ import annotations

from copy import copy
from typing import Any

import typer


def part(app: typer.Typer, arguments: list[str]) -> typer.Typer:
    """``app`` with nothing but the command or the group that ``arguments`` call.

    Where they call none, the page of help is shown, for which groups need no commands, and commands
    no parameters. An unknown word leaves ``app`` as it is.
    """
    word = _word(arguments)
    if word is None:
        commands = [_bare(command) for command in app.registered_commands]
        return _with(app, commands, [_emptied(group) for group in app.registered_groups])
    for group in app.registered_groups:
        own: Any = group.typer_instance
        if _group_name(group) == word:
            return _with(app, [], [group])
        if not _group_name(group):  # it lends its commands
            for command in own.registered_commands:
                if _name(command) == word:
                    return _with(app, [command], [])
    return app


def _word(arguments: list[str]) -> str | None:
    """The first argument that is neither an option nor a language."""
    before = ""
    for argument in arguments:
        if not argument.startswith("-") and before != "--lang":
            return argument
        before = argument
    return None


def _group_name(group: Any) -> str:
    name = group.typer_instance.info.name
    return name if isinstance(name, str) else ""


def _name(command: Any) -> str:
    return command.name or command.callback.__name__.lower().replace("_", "-")


def _bare(command: Any) -> Any:
    """``command`` with its name and its help alone."""
    found = copy(command)
    found.name, found.help = _name(command), command.help or command.callback.__doc__
    found.callback = _nothing
    return found


def _nothing() -> None:
    """Stands for what is not called."""


def _emptied(group: Any) -> Any:
    own, found = group.typer_instance, copy(group)
    lent = [] if _group_name(group) else [_bare(command) for command in own.registered_commands]
    found.typer_instance = _with(own, lent, [])
    return found


def _with(app: typer.Typer, commands: list[Any], groups: list[Any]) -> typer.Typer:
    found = copy(app)
    found.registered_commands, found.registered_groups = commands, groups
    return found
