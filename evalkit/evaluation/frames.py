"""The tables of a round, laid out once: screen, pages, Word, Excel and pandas show these columns.

They are made from the canonical dictionaries of the results (`Results.applicant`), so that a table
says what the digest is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.panel import Panel
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    import pandas as pd

Cell = str | int | Text | None
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Column:
    """A column: its name in pandas, what stands over it, and what its cells are."""

    name: str
    heading: Text | str
    kind: Literal["rank", "name", "word", "number"]
    max: str | None = None
    """The full points, where the column has them."""


@dataclass(frozen=True)
class Table:
    """Columns and rows of cells: whole ranks, words, decimal strings; None where there is none."""

    columns: tuple[Column, ...]
    rows: list[list[Cell]]

    def to_frame(self) -> pd.DataFrame:
        """A DataFrame with the names of the columns: ranks ``Int64``, numbers ``float64`` (each the
        closest to the published decimal), words ``object``; NA where there is none.
        ``attrs["headings"]`` has the Chinese heading of each.
        """
        import pandas as pd

        rows = [[str(c) if isinstance(c, Text) else c for c in row] for row in self.rows]
        frame = pd.DataFrame(rows, columns=[c.name for c in self.columns], dtype=object)
        types = {c.name: _DTYPES[c.kind] for c in self.columns if c.kind in _DTYPES}
        frame = frame.astype(types)
        frame.attrs["headings"] = {c.name: str(c.heading) for c in self.columns}
        return frame

    def to_dict(self, language: str) -> dict[str, Any]:
        """The table as JSON values, in words of ``language``."""
        columns = [
            {"name": c.name, "heading": _said(c.heading, language), "kind": c.kind, "max": c.max}
            for c in self.columns
        ]
        return {
            "columns": columns,
            "rows": [[_said(cell, language) for cell in row] for row in self.rows],
        }


_DTYPES: dict[str, Any] = {"rank": "Int64", "number": "float64"}


def _said(cell: Cell, language: str) -> Any:
    return cell.render(language) if isinstance(cell, Text) else cell


def ranking(applicants: Rows, rubric: Rubric, panel: Panel) -> Table:
    """Who has which rank, with what it is made of; what the round has no use for is left out."""
    columns = (
        *_people(panel),
        Column("lead", _("牵头单位"), "name"),
        *(Column(d.id, d.name, "number", format(d.total, "f")) for d in rubric.dimensions),
        *_sums(rubric),
        *_outcomes(panel),
    )
    grades = _grades(rubric, panel)
    rows = [
        [
            *_person(row, panel),
            panel.applicant(row["id"]).lead,
            *(d["points"] for d in row["dimensions"]),
            *(row[c.name] for c in _sums(rubric)),
            *(_outcome(row, c.name, grades) for c in _outcomes(panel)),
        ]
        for row in ranked(applicants, panel)
    ]
    return Table(columns, rows)


def indicators(applicants: Rows, rubric: Rubric, panel: Panel) -> Table:
    """The points of everything that carries some, applicant by applicant in their order."""
    groups: tuple[Any, ...] = (*rubric.indicators, *rubric.bonus, *rubric.deductions)
    numbers = {i.id: i.number for i in rubric.indicators}
    headings = [f"{numbers[g.id]} {g.name}" if numbers.get(g.id) else g.name for g in groups]
    columns = (
        *_people(panel),
        *(
            Column(group.id, heading, "number", format(group.points, "f"))
            for group, heading in zip(groups, headings, strict=True)
        ),
        Column("total", _("总分"), "number"),
    )
    rows = [
        [*_person(row, panel), *(i["points"] for i in row["indicators"]), row["total"]]
        for row in ranked(applicants, panel)
    ]
    return Table(columns, rows)


def ranked(applicants: Rows, panel: Panel) -> list[Mapping[str, Any]]:
    """The applicants by rank, group by group where those are ranked apart; those without one last,
    in the order of the panel.
    """
    apart = panel.rules.ranking == "by_group"

    def place(row: Mapping[str, Any]) -> tuple[str, float]:
        group = panel.applicant(row["id"]).group
        return (group or "") if apart else "", row["rank"] or float("inf")

    return sorted(applicants, key=place)


def grouped(applicants: Rows, panel: Panel) -> list[Mapping[str, Any]]:
    """The applicants group by group where those are ranked apart, in the order of the panel."""
    apart = panel.rules.ranking == "by_group"
    return sorted(applicants, key=lambda row: (panel.applicant(row["id"]).group or "") * apart)


def scores(entered: pd.DataFrame, uses: Iterable[tuple[tuple[str, str, str], str]]) -> pd.DataFrame:
    """The tidy table of everything ``entered``, with ``use``: what became of each expert's score
    (`terms.HAPPENED`), by applicant, expert and column; missing for what the panel or its office
    recorded once.
    """
    import pandas as pd

    known: dict[Any, str] = dict(uses)
    columns = entered["indicator"].str.partition(".").reindex(columns=range(3))[0]
    keys = zip(entered["applicant"], entered["expert"], columns, strict=True)
    return entered.assign(use=pd.Series([known.get(key) for key in keys], entered.index, object))


def _people(panel: Panel) -> tuple[Column, ...]:
    """Who stands on a row, after the group where there are any."""
    people = (
        Column("rank", _("名次"), "rank"),
        Column("id", _("标识"), "word"),
        Column("name", _("参评对象"), "name"),
    )
    grouped = panel.rules.ranking is not None
    return (Column("group", _("组别"), "word"), *people) if grouped else people


def _person(row: Mapping[str, Any], panel: Panel) -> list[Cell]:
    own = panel.applicant(row["id"])
    people: list[Cell] = [row["rank"], own.id, own.name]
    return [own.group, *people] if panel.rules.ranking is not None else people


def _sums(rubric: Rubric) -> tuple[Column, ...]:
    """The total, after the parts that it has where there are more than one."""
    total = Column("total", _("总分"), "number")
    if not (rubric.bonus or rubric.deductions):
        return (total,)
    base = Column("base", _("基础分"), "number", format(rubric.points or 0, "f"))
    bonus = (Column("bonus", _("加分"), "number"),) if rubric.bonus else ()
    taken = (Column("deduction", _("扣分"), "number"),) if rubric.deductions else ()
    return (base, *bonus, *taken, total)


def _outcomes(panel: Panel) -> tuple[Column, ...]:
    grade = Column("grade", _("等次"), "word")
    selected = Column("selected", _("拟选"), "word")
    rules = panel.rules
    return (
        *((grade,) if rules.grades is not None else ()),
        *((selected,) if rules.selecting is not None else ()),
    )


def _grades(rubric: Rubric, panel: Panel) -> dict[str, str]:
    procedure = panel.procedure_of(rubric)
    return {g.id: g.name for g in procedure.grades} if procedure else {}


def _outcome(row: Mapping[str, Any], name: str, grades: Mapping[str, str]) -> Cell:
    if name == "grade":
        return grades.get(row["grade"])
    return terms.SELECTED[row["selected"]]
