"""The command line: one file per noun, no logic of its own."""

from __future__ import annotations

import gc
import sys

import typer
from typer.main import get_command

from evalkit.base.errors import EvalkitError, refused
from evalkit.base.text import LANGUAGES, _
from evalkit.base.version import called as called_version
from evalkit.cli import (
    accounts,
    analyse,
    appeal,
    archive,
    board,
    called,
    declare,
    demo,
    discussion,
    evaluate,
    export,
    invite,
    lab,
    ledger,
    manual,
    offline,
    opinion,
    panel,
    record,
    remarks,
    report,
    rerun,
    rubric,
    seating,
    serve,
    sheet,
    standing,
    streams,
    verify,
)
from evalkit.cli.console import language_of

app = typer.Typer(
    name="evalkit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help=str(
        _("专家组按公布的指标体系打分，秘书出具逐个对象的存档报告。\n\n先试一遍：evalkit demo")
    ),
)
panel.commands.add_typer(accounts.commands)
for commands in (
    *(
        serve.commands,
        invite.commands,
        sheet.commands,
        board.commands,
        lab.commands,
        evaluate.commands,
        analyse.commands,
        report.commands,
        archive.commands,
        appeal.commands,
        rerun.commands,
        ledger.plan,
    ),
    *(
        declare.commands,
        export.commands,
        demo.commands,
        rubric.commands,
        panel.commands,
        record.commands,
    ),
    *(standing.commands, ledger.commands),
):
    app.add_typer(commands)
opinion.add_to(panel.commands)
seating.add_to(panel.commands, record.commands)
verify.add_to(panel.commands)
remarks.add_to(record.commands)
offline.add_to(record.commands)
discussion.add_to(panel.commands)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"evalkit {called_version()}")
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    lang: str = typer.Option("zh", help=str(_("界面语言：zh 或 en"))),
    _show_version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help=str(_("显示版本"))
    ),
) -> None:
    if lang not in LANGUAGES:
        raise typer.BadParameter("zh | en", param_hint="--lang")
    context.obj = lang


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit.

    0 done; 1 the check found something or the stage forbids it; 2 unreadable input or wrong usage.
    """
    # what a command imports and reads stays until it ends
    gc.set_threshold(50_000)
    arguments = sys.argv[1:] if arguments is None else arguments
    language = language_of(arguments)
    streams.prepare()
    problem, code = _outcome(arguments, language)
    streams.finish()
    if problem:
        print(problem, file=sys.stderr)
    if lacking := streams.lacking():
        print(lacking.render("en"), file=sys.stderr)  # the language that every terminal shows
    sys.exit(code)


def _outcome(arguments: list[str], language: str) -> tuple[str, int]:
    """Run the command: what to say when it went wrong, or nothing, and the exit code."""
    command = get_command(called.part(app, arguments))
    manual.translate(command, language)
    if manual.prints_help(command, arguments):
        manual.lay_out(language)
    try:
        code = command(args=arguments, prog_name="evalkit", standalone_mode=False)
        sys.stdout.flush()
    except EvalkitError as error:
        return error.render(language), error.exit_code
    except streams.Gone:
        return "", 0
    except OSError as error:
        return refused(error).render(language), 2
    except Exception as error:  # noqa: BLE001  (what is no mistake of the user is raised again)
        return _usage(error, language)
    return "", code or 0


def _usage(error: Exception, language: str) -> tuple[str, int]:
    """What was wrong with the command itself, in a line; any other error is not for users."""
    if type(error).__name__ == "Abort":
        return _("已取消，什么也没有改").render(language), 1
    if not hasattr(error, "format_message"):
        raise error
    said = manual.mistake(error)
    if not said:  # a group without a command: its help says all
        return "", 2
    where = manual.called(getattr(error, "ctx", None))
    text = _("命令不对：{said}请看 {where} --help", said=said, where=where)
    return text.render(language), 2


if __name__ == "__main__":
    main()
