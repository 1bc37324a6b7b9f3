"""What the command line says of itself: help in the language asked for, and what was mistyped."""

from __future__ import annotations

from typing import Any

from evalkit.base.text import Text, _, translations

SHOW_HELP = _("显示这段说明")


def translate(command: Any, language: str) -> None:
    """Put the help of ``command`` and everything under it into ``language``."""
    import typer

    gettext = translations(language).gettext
    for item in (command, *command.params):
        if getattr(item, "help", None):
            item.help = gettext(item.help)
    if own := command.get_help_option(typer.Context(command)):
        own.help = SHOW_HELP.render(language)
    for child in getattr(command, "commands", {}).values():
        translate(child, language)


def mistake(error: Any) -> Text | str:
    """What is wrong with a command, by the error that typer raised; empty if its help says all."""
    match type(error).__name__:
        case "MissingParameter" if error.param is not None:
            return _("缺少 {name}。", name=error.param.get_error_hint())
        case "NoSuchOption":
            return _("没有选项 {name}。", name=error.option_name)
        case "BadOptionUsage":
            return _("选项 {name} 后面要写明内容。", name=error.option_name)
        case "BadParameter":
            return _bad_value(error)
    return _misplaced(error.format_message().replace("\n", " ").strip())


def _misplaced(said: str) -> Text | str:
    """What is wrong with a word that stands where no command and no argument does."""
    if said.startswith("No such command"):
        return _("没有这条命令：{name}。", name=said.split("'")[1])
    if said.startswith("Got unexpected extra argument"):
        return _("多出了 {extra}。", extra=said.partition("(s) (")[2].rstrip(")"))
    return f"{said} " if said else ""


def _bad_value(error: Any) -> Text:
    """What is wrong with the value of an option, or with options that do not go together."""
    said = error.message.replace("\n", " ").strip()
    name = error.param_hint or (error.param.get_error_hint() if error.param is not None else "")
    if not name:  # evalkit's own words
        return _("{text}。", text=said)
    cause = error.__cause__  # pydantic's, which names the kind of its finding
    found: Any = cause.errors()[0] if hasattr(cause, "errors") else {"type": ""}
    match found["type"]:
        case "greater_than_equal":
            return _("{name} 最小是 {limit}。", name=name, limit=found["ctx"]["ge"])
        case "less_than_equal":
            return _("{name} 最大是 {limit}。", name=name, limit=found["ctx"]["le"])
        case "int_parsing" | "int_parsing_size":
            return _("{name} 应是整数。", name=name)
        case "value_error" if " is not one of " in said:
            options = said.partition(" is not one of ")[2].rstrip(".")
            values = {"value": f"'{found['input']}'", "options": options}
            return _("{name} 不能是 {value}，可选：{options}。", name=name, **values)
    return _("{name} 的内容不对（{why}）。", name=name, why=said)


def called(context: Any) -> str:
    """The command of ``context`` as it was typed: typer leaves ``{file}`` between its words."""
    path, above = getattr(context, "command_path", "evalkit"), getattr(context, "parent", None)
    while above is not None:
        for name, value in above.params.items():
            path = path.replace(f"{{{name}}}", str(value))
        above = above.parent
    return path


def prints_help(command: Any, arguments: list[str]) -> bool:
    """Whether ``arguments`` end in a page of help: asked for, or a group without a command."""
    for argument in arguments:
        command = getattr(command, "commands", {}).get(argument, command)
    return "--help" in arguments or hasattr(command, "commands")


def lay_out(language: str) -> None:
    """Give typer's pages of help their words in ``language``, and let them break long texts.

    Chinese has no blanks at which a narrow column could break, and rich cuts what has none.
    """
    from typer import rich_utils

    class Folding(rich_utils.OptionHighlighter):
        def highlight(self, text: Any) -> None:
            text.overflow = "fold"
            super().highlight(text)

    rich_utils.highlighter = Folding()
    rich_utils.ARGUMENTS_PANEL_TITLE = _("参数").render(language)
    rich_utils.OPTIONS_PANEL_TITLE = _("选项").render(language)
    rich_utils.COMMANDS_PANEL_TITLE = _("命令").render(language)
    rich_utils.REQUIRED_LONG_STRING = _("[必填]").render(language)
    rich_utils.DEFAULT_STRING = _("[默认：{value}]", value="{}").render(language)
