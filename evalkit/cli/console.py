"""What the commands share: how they print, and how they find a round."""

from __future__ import annotations

import json
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import evalkit as ek
from evalkit.base.errors import printable
from evalkit.base.text import Text, _, render

NARROWEST, WHOLE = 6, 10_000
"""Cells that a column of words keeps on the narrowest terminal, and more than any line has."""


def language_of(arguments: list[str]) -> str:
    """The language asked for, before the arguments are parsed; Chinese unless it is English."""
    for before, here in zip(["", *arguments], arguments, strict=False):
        if here == "--lang=en" or (before, here) == ("--lang", "en"):
            return "en"
    return "zh"


def say(text: Text | str, language: str, *, style: str | None = None) -> None:
    """Print a line for people."""
    from rich.console import Console

    line = printable(render(text, language))
    console = Console(highlight=False, soft_wrap=True)
    console.width = max(console.width, 1)  # where COLUMNS is 0, rich would print nothing
    console.print(line, style=style, markup=False)


def confirm(question: Text, language: str) -> None:
    """Ask; any answer but yes, and the end of the input, abort the command."""
    import typer

    answer = typer.prompt(f"{question.render(language)} [y/N]", default="n", show_default=False)
    if answer.strip().casefold() not in ("y", "yes", "是", "好", "确定"):
        raise typer.Abort


def say_json(value: Any, indent: int = 2) -> None:
    """Print for other programs, in UTF-8 whatever the terminal.

    Canonical JSON is a text: the digest is over its bytes, without a line end but for people.
    """
    end = "\n" if sys.stdout.isatty() else ""
    if isinstance(value, str):
        text = value + end
    else:
        text = json.dumps(value, ensure_ascii=False, indent=indent) + "\n"
    sys.stdout.flush()
    if (binary := getattr(sys.stdout, "buffer", None)) is None:
        sys.stdout.write(text)
    else:
        binary.write(text.encode())
        binary.flush()


def add_schema(commands: Any, model: str, help: Text) -> None:
    """Put a command under ``commands`` that prints the JSON Schema of ``model``, module:class."""

    @commands.command(help=str(help))
    def schema() -> None:
        say_json(pkgutil.resolve_name(model).model_json_schema(), indent=1)


def say_table(
    columns: Iterable[tuple[Text | str, str]], rows: Iterable[Iterable[str]], language: str
) -> None:
    """Print a table; a column is its heading and ``left`` or ``right``.

    On a narrow terminal words go on in the next line, and numbers stay whole; a file gets its lines
    whole.
    """
    from rich import box
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table

    heads, body = list(columns), [[*row] for row in rows]
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    least = 0
    for n, (heading, side) in enumerate(heads):
        widest = max((cell_len(row[n]) for row in body), default=0)
        width = widest if side == "right" else min(widest, NARROWEST)
        least += width + 3  # with a blank at either side, and one between columns
        text = render(heading, language)
        justify: Any = "right" if side == "right" else "left"
        table.add_column(text, justify=justify, overflow="fold", min_width=width)
    for row in body:
        table.add_row(*row)
    known = Console().width if sys.stdout.isatty() else WHOLE
    Console(highlight=False, markup=False, width=max(known, least + 1)).print(table, crop=False)


@contextmanager
def progress(label: Text, total: int, language: str) -> Iterator[Callable[[], None]]:
    """A progress bar on the error stream, with rate and remaining time; yields what advances it."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )

    class Rate(ProgressColumn):
        """How many are done in a second."""

        def render(self, task: Task) -> str:
            speed = task.finished_speed or task.speed
            return f"{speed:.1f}/s" if speed else ""

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label.render(language), total=total)
        yield lambda: bar.advance(task)


def results_of(folder: Path, *, trial: bool, encoding: str = "utf-8") -> ek.Results:
    """The results of the round in ``folder``, see `ek.open`."""
    with ek.open(folder) as found:
        return found.results(trial=trial, encoding=encoding)


def views_of(
    folder: Path,
    *,
    trial: bool,
    advised: bool = False,
    left_out: bool = False,
) -> ek.Views:
    """What readers may see of the round in ``folder``, with the panel's opinions; with the analysis
    where ``advised``, with the ranks without each expert where ``left_out``.
    """
    with ek.open(folder) as found:
        results, opinions = found.results(trial=trial), found.opinions()
        remarks = found.remarks()
    without = ek.leave_one_out(results) if left_out else None
    return ek.Views(results, ek.advise(results) if advised else None, without, opinions, remarks)


def asked_results(
    folder: Path | None,
    files: tuple[Path | None, Path | None, Path | None],
    *,
    trial: bool,
    encoding: str,
    sheet: str | None = None,
    language: str,
) -> ek.Results:
    """The results of a ``folder``, or of the ``files`` rubric, panel and scores.

    Wrong usage for both, for neither, and for files without panel or scores.
    """
    import typer

    rubric, panel_file, scores = files
    if folder is not None and rubric is panel_file is scores is None and sheet is None:
        return results_of(folder, trial=trial, encoding=encoding)
    if folder is None and panel_file is not None and scores is not None:
        used = ek.load_rubric(rubric) if rubric else ek.find_rubric(panel_file)
        declared = ek.load_panel(panel_file, used)
        facts = ek.read_scores(scores, used, declared, encoding=encoding, sheet=sheet)
        return ek.evaluate(used, declared, facts, trial=trial)
    text = _("请给出一个评审工作文件夹，或同时给出 --panel 和 --scores（可加 --rubric）")
    raise typer.BadParameter(text.render(language))
