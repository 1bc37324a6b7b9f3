"""A rubric as a notice reads: its source, its table, and every provision with its article."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from evalkit.base.text import Text, _, render
from evalkit.rubric import wording
from evalkit.rubric.field_names import field_name
from evalkit.rubric.forms import FormEntry
from evalkit.rubric.indicators import Dimension, Note
from evalkit.rubric.model import Silence
from evalkit.rubric.provisions import Grade, Procedure, Provision, Target

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from evalkit.base.declared import Declared
    from evalkit.rubric import Rubric
    from evalkit.rubric.indicators import Bonus, Deduction, Indicator

LEVELS = (_("一级指标"), _("二级指标"), _("三级指标"))

LEAST, UNKNOWN = 60, 160
"""The narrowest lines in which a table has room, and its width where nobody knows better."""

_HEAD = frozenset({"format", "id", "version", "title", "source", "outline"})
_TABLE = frozenset({"dimensions", "bonus", "deductions"})
_SHOWN = frozenset({"id", "number", "name", "points", "article", "text", "guidance"})
"""What stands in the line of an element, not among its details."""

_NO_START = frozenset("，。、；：！？）》”’」』】〕,.;:!?)]%")
"""No line begins with one of these."""

_NO_END = frozenset("（《“‘「『【〔([")
"""No line ends with one of these."""


def show(rubric: Rubric, language: str) -> None:
    """Print all of ``rubric`` at the width of the terminal; a file gets its lines whole."""
    from rich.console import Console

    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    width = max(Console().width, LEAST) if known else UNKNOWN
    console = Console(highlight=False, markup=False, width=width)
    write(rubric, language, console, width if known else None)


def write(rubric: Rubric, language: str, console: Console, width: int | None) -> None:
    """Print all of ``rubric`` on ``console``, in lines of ``width`` cells or, for None, whole."""
    _Notice(rubric, language, console, width).show()


def fold(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells; words of letters and digits stay whole."""
    from rich.cells import cell_len

    lines: list[str] = []
    line: list[str] = []
    for piece in re.findall(rf"[!-~]{{1,{width}}}|.", text.replace("\n", " ")):
        if line and cell_len("".join((*line, piece))) > width:
            held = piece[0] in _NO_START or line[-1] in _NO_END
            room = len(line) > 1 and cell_len(line[-1] + piece) <= width
            kept = [line.pop()] if held and room else []
            lines.append("".join(line).rstrip())
            line = kept
        if line or not piece.isspace():
            line.append(piece)
    return [*lines, "".join(line)]


class _Notice:
    """A rubric on its way to a console; without a ``width`` no line is folded."""

    def __init__(self, rubric: Rubric, language: str, console: Console, width: int | None) -> None:
        self.rubric, self.language, self.console, self.width = rubric, language, console, width
        self.known = wording.elements(rubric)

    def show(self) -> None:
        """Print everything, in the order of the model."""
        rubric = self.rubric
        mark = f"{rubric.id} {rubric.version}"
        self.line(_("{title}（{mark}）", title=rubric.title, mark=mark), style="bold")
        for name in type(rubric.source).model_fields:
            if getattr(rubric.source, name) not in (None, ()):
                self.line(self.detail(rubric.source, name))
        for part in self.details(rubric, _HEAD | _TABLE):
            self.line(part)
        if rubric.outline:
            self.heading(field_name(type(rubric), "outline"))
        for title in rubric.outline:
            self.line(title, 2)
        if rubric.dimensions or rubric.bonus or rubric.deductions:
            self.console.print(self.table())
        for name, elements in wording.parts(rubric):
            if name not in _TABLE:
                self.group(name, elements)

    def line(
        self, text: Text | str, indent: int = 0, *, hang: int = 2, style: str | None = None
    ) -> None:
        """A paragraph; what follows its first line stands ``hang`` cells further in."""
        said = render(text, self.language)
        lines = [said] if self.width is None else fold(said, max(self.width - indent - hang, 20))
        for n, part in enumerate(lines):
            margin = " " * (indent + (hang if n else 0))
            self.console.print(margin + part, style=style, soft_wrap=True)

    def heading(self, text: Text) -> None:
        """What the lines below are about."""
        self.console.print()
        self.line(text, style="bold")

    def group(self, name: str, elements: tuple[Declared, ...]) -> None:
        """Elements of one kind under a heading."""
        if name != "procedures":
            self.heading(field_name(type(self.rubric), name))
        for element in elements:
            if isinstance(element, Procedure):
                self.heading(_("程序：{name}", name=element.name))
            self.element(element, 2)

    def element(self, element: Declared, indent: int) -> None:
        """An element with its text, then its details, then the elements in it."""
        name = None if isinstance(element, Procedure) else getattr(element, "name", None)
        if isinstance(element, Provision | FormEntry):
            head = [element.article, name, None if name else element.text]
            self.line("　".join(part for part in head if part), indent)
            if name and element.text:
                self.line(element.text, indent + 2, hang=0)
        elif isinstance(element, Note):
            self.line(element.text, indent)
        elif isinstance(element, Silence):
            about = wording.rule(element.rule, self.known)
            self.line(_("{rule}：{article}", rule=about, article=element.article), indent)
        else:
            self.line(wording.shortly(element), indent)
        for detail in self.details(element, _SHOWN | {"rule"}):
            self.line(detail, indent + 2)
        for field, inner in wording.parts(element):
            if not all(isinstance(one, Grade) for one in inner):
                self.line(_("{field}：", field=field_name(type(element), field)), indent)
                for one in inner:
                    self.element(one, indent + 2)

    def details(self, element: Declared, shown: frozenset[str]) -> list[Text]:
        """What an element has beside what is ``shown``, each with what it is called."""
        found, inside = [], {name for name, _values in wording.parts(element)}
        if isinstance(element, Target):
            shown |= set(wording.GOAL)
            said = wording.goal(element)
            if element.measure is not None:
                said = _("{measure}，{goal}", measure=element.measure.name, goal=said)
            found.append(_("{field}：{value}", field=field_name(Target, "value"), value=said))
        for name, field in type(element).model_fields.items():
            grades = name in inside and isinstance(getattr(element, name)[0], Grade)
            if name in shown or (name in inside and not grades):
                continue
            if getattr(element, name) not in (None, (), field.default):
                found.append(self.detail(element, name))
        return found

    def detail(self, element: Declared, name: str) -> Text:
        """One field with its value in words."""
        value = getattr(element, name)
        if isinstance(value, tuple) and value and isinstance(value[0], Grade):
            said: Any = [
                _("{grade}（算合格）", grade=g.name)
                if g.passes
                else _("{grade}（不合格）", grade=g.name)
                for g in value
            ]
        else:
            said = wording.said(type(element), name, value, self.referred)
        if isinstance(said, list):
            said = list(dict.fromkeys(render(one, self.language) for one in said))
        return _("{field}：{value}", field=field_name(type(element), name), value=said)

    def referred(self, name: str, id: str) -> str:
        """What an id in the field ``name`` stands for."""
        found = wording.referred(self.known, name, id)
        return wording.shortly(found) if found else id

    def table(self) -> Table:
        """Dimensions and indicators one below the other, guidance below its indicator."""
        from rich import box
        from rich.cells import cell_len
        from rich.table import Table

        rows = list(self.rows())
        kept = [n for n in range(1, 4) if any(row[1][n] for row in rows)]
        heads = [render(head, self.language) for head in self.heads()]
        cells = [[heads[n], *(row[1][n] for row in rows)] for n in kept]
        taken = sum(max(map(cell_len, column)) + 2 for column in cells)
        # the box has a blank on each side of a cell, one between cells and one at either end
        room = max((self.width or UNKNOWN) - taken - 2 - (len(kept) + 2), 20)
        table = Table(box=box.SIMPLE_HEAD, header_style="bold")
        table.add_column("\n".join(fold(heads[0], room)), no_wrap=True)
        for n in kept:
            side: Any = "right" if n == 3 else "left"
            table.add_column(heads[n], justify=side, vertical="bottom", no_wrap=True)
        for indent, row, style in rows:
            lines = fold(row[0], max(room - indent, 10))
            name = "\n".join(" " * indent + line for line in lines)
            table.add_row(name, *(row[n] for n in kept), style=style)
        return table

    def heads(self) -> tuple[Any, ...]:
        """The headings: as many levels of dimensions as there are, and the indicators."""

        def depth(groups: tuple[Dimension, ...]) -> int:
            return max((1 + depth(group.dimensions) for group in groups), default=0)

        levels = LEVELS[: depth(self.rubric.dimensions)]
        return [*levels, _("指标")], _("单位"), _("类型"), _("分值")

    def rows(self) -> Iterator[tuple[int, tuple[str, ...], str | None]]:
        """Indent, cells (name, unit, kind, points) and style of each row."""
        for dimension in self.rubric.dimensions:
            yield from self.dimension(dimension, 0)
        for name in ("bonus", "deductions"):
            parts: tuple[Bonus | Deduction, ...] = getattr(self.rubric, name)
            if parts:
                heading = render(field_name(type(self.rubric), name), self.language)
                yield 0, (heading, "", "", ""), "bold"
            for part in parts:
                yield 2, (part.name, "", "", f"≤ {part.points:f}"), None
                yield from self.below(part, 4, _SHOWN)

    def dimension(
        self, dimension: Dimension, indent: int
    ) -> Iterator[tuple[int, tuple[str, ...], str | None]]:
        """A dimension, what is in it, and so on."""
        name = " ".join(filter(None, (dimension.number, dimension.name)))
        yield indent, (name, "", "", format(dimension.total, "f")), "bold"
        yield from self.below(dimension, indent + 2, _SHOWN)
        for inner in dimension.dimensions:
            yield from self.dimension(inner, indent + 2)
        kinds = {i.kind for i in self.rubric.indicators}
        for i in dimension.indicators:
            name = " ".join(filter(None, (i.number, i.name)))
            kind = wording.said(type(i), "kind", i.kind, self.referred) if len(kinds) > 1 else ""
            cells = (name, i.unit or "", render(kind, self.language), format(i.points, "f"))
            yield indent + 2, cells, None
            yield from self.below(i, indent + 4, _SHOWN | {"kind", "unit"})

    def below(
        self, element: Indicator | Dimension | Bonus | Deduction, indent: int, shown: frozenset[str]
    ) -> Iterator[tuple[int, tuple[str, ...], str | None]]:
        """Rows of their own for guidance and for details."""
        guidance = getattr(element, "guidance", None)
        for text in (guidance, *self.details(element, shown)):
            if text:
                yield indent, (render(text, self.language), "", "", ""), None
