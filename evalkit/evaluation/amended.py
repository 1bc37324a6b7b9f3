"""What a round is evaluated on, with something of it otherwise: pure, the originals stay.

An amendment is a rubric, a panel and facts again, checked as the declared ones are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from evalkit.base.build import build
from evalkit.base.errors import InputError, Problem
from evalkit.base.tables import read_spelt
from evalkit.base.text import _
from evalkit.base.tidy_words import COLUMNS
from evalkit.base.yamltext import Tree, dotted
from evalkit.facts.columns import Basis, Facts
from evalkit.facts.frames import as_text
from evalkit.facts.names import as_ids
from evalkit.facts.tidy import from_frame
from evalkit.panel import Panel
from evalkit.panel.checks import inconsistent
from evalkit.panel.people import Conflict
from evalkit.panel.rules import Rules
from evalkit.rubric import Rubric
from evalkit.rubric.indicators import Dimension, Table

Scores = Path | str | pd.DataFrame | Mapping[tuple[str, str, str], Any]
"""A tidy table, or points by applicant, expert and indicator."""

_CELL = list(COLUMNS[:3])
_WHY, _REASON = "非正式试算", "非正式试算：不计这位专家的评分"


@dataclass(frozen=True)
class Amendment:
    """What is otherwise: ``experts`` whose scores do not count and ``indicators`` that are struck
    (ids), ``rules`` under their names in the panel's file (``rounding`` or ``rounding.places``;
    None takes one away), ``scores`` in place of those that were entered, and ``sheets`` (expert and
    applicant) that do not count, as if the expert had been recused.
    """

    experts: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    rules: Mapping[str, Any] | None = None
    scores: Scores | None = None
    sheets: tuple[tuple[str, str], ...] = ()

    def applied(self, rubric: Rubric, panel: Panel, facts: Facts) -> tuple[Rubric, Panel, Facts]:
        """The three with this amendment. Raises InputError for a name that leads nowhere, and for
        rules or scores that do not fit, as the loaders do.
        """
        gone = frozenset(self.indicators)
        shorter = _struck(rubric, gone)
        changed = self._panel(rubric, shorter, panel)
        problems = [
            Problem(text, field=dotted(place)) for place, text in inconsistent(changed, shorter)
        ]
        if problems:
            raise InputError(*problems)
        frame = self._entered(rubric, panel, facts, (shorter, changed))
        kept = ~frame["expert"].isin(self.experts)
        sheets = pd.MultiIndex.from_frame(frame[["expert", "applicant"]])
        kept &= ~sheets.isin(list(self.sheets))
        kept &= ~frame["indicator"].str.partition(".")[0].isin(gone)
        return (
            shorter,
            changed,
            from_frame(
                frame[kept], shorter, changed, source=_ENTERED.render("zh"), basis=Basis("log")
            ),
        )

    def _panel(self, rubric: Rubric, shorter: Rubric, panel: Panel) -> Panel:
        changes: dict[str, Any] = {}
        if self.experts or self.sheets:
            apart = [*_apart(panel, self.experts), *_recused(panel, self.sheets)]
            changes["conflicts"] = (*panel.conflicts, *apart)
        if shorter is not rubric and panel.table is not None:
            changes["table"] = _table(shorter)
        rules = _without(panel.rules, rubric, shorter) if shorter is not rubric else panel.rules
        changes["rules"] = _declared(rules, self.rules) if self.rules else rules
        return panel.model_copy(update=changes)

    def _entered(
        self, rubric: Rubric, panel: Panel, facts: Facts, now: tuple[Rubric, Panel]
    ) -> pd.DataFrame:
        """What is entered, as a tidy table of text; a given score takes the place of another."""
        entered = facts.to_frame()
        if self.scores is None:
            return entered
        given = _as_table(self.scores, rubric, panel)
        from_frame(given, *now, source=_source(self.scores))  # with its own lines in errors
        cells = pd.MultiIndex.from_frame(given[_CELL])
        replaced = pd.MultiIndex.from_frame(entered[_CELL]).isin(cells)
        return pd.concat([entered[~replaced], given])


_ENTERED = _("改动后的评分")


def _apart(panel: Panel, experts: Iterable[str]) -> list[Conflict]:
    """A conflict of each of ``experts`` with everybody whom they would score."""
    for expert in experts:
        panel.expert(expert)
    return [
        Conflict(expert=expert, applicant=applicant.id, reason=_REASON)
        for expert in experts
        for applicant in panel.applicants
        if panel.may_score(applicant.id, expert)
    ]


def _recused(panel: Panel, sheets: Iterable[tuple[str, str]]) -> Iterator[Conflict]:
    """A conflict for each of ``sheets``. Raises InputError where the expert has none to score."""
    for expert, applicant in sheets:
        panel.expert(expert)
        panel.applicant(applicant)
        if not panel.may_score(applicant, expert):
            values = {"expert": expert, "applicant": applicant}
            raise InputError(_("{expert} 不评 {applicant}，没有可以不计的评分", **values))
        yield Conflict(expert=expert, applicant=applicant, reason=_REASON)


def _struck(rubric: Rubric, gone: frozenset[str]) -> Rubric:
    """``rubric`` without the columns ``gone``; what is left keeps its points."""
    if unknown := sorted(gone - set(rubric.columns)):
        names = {"ids": unknown, "known": list(rubric.columns)}
        raise InputError(_("没有指标 {ids}，可选：{known}", **names))
    if not gone:
        return rubric
    dimensions = _kept(rubric.dimensions, gone)
    if not dimensions:
        raise InputError(_("指标全都去掉了，至少留下一项"))
    bonus, deductions = (
        tuple(part for part in parts if part.id not in gone)
        for parts in (rubric.bonus, rubric.deductions)
    )
    points = sum((d.total for d in dimensions), Decimal(0))
    return rubric.with_table(
        Table(points=points, dimensions=dimensions, bonus=bonus, deductions=deductions)
    )


def _kept(dimensions: Sequence[Dimension], gone: frozenset[str]) -> tuple[Dimension, ...]:
    """``dimensions`` without the indicators ``gone``, and without those that have none left."""
    found = []
    for dimension in dimensions:
        below = _kept(dimension.dimensions, gone)
        own = tuple(i for i in dimension.indicators if i.id not in gone)
        left = dimension.model_copy(update={"dimensions": below, "indicators": own})
        points = None if dimension.points is None else left.total
        if left.leaves:
            found.append(left.model_copy(update={"points": points}))
    return tuple(found)


def _table(rubric: Rubric) -> Table:
    return Table(**{name: getattr(rubric, name) for name in Table.model_fields})


def _without(rules: Rules, rubric: Rubric, shorter: Rubric) -> Rules:
    """``rules`` without what they say of the parts that are in ``rubric`` alone."""
    was, now = (_parts(one) for one in (rubric, shorter))
    lost = was - now
    changes: dict[str, Any] = {"ties": tuple(key for key in rules.ties if _of(key) not in lost)}
    if rules.measures is not None:
        kept = {id: rule for id, rule in rules.measures.indicators.items() if id not in lost}
        changes["measures"] = rules.measures.model_copy(update={"indicators": kept})
    if rules.minimums is not None:
        changes["minimums"] = tuple(one for one in rules.minimums if _of(one.of) not in lost)
    return rules.model_copy(update=changes)


def _parts(rubric: Rubric) -> set[str]:
    return {*rubric.columns, *(d.id for top in rubric.dimensions for d, _above in top.walk())}


def _of(key: str) -> str:
    """The id in a key like ``indicator:<id>``."""
    return key.rpartition(":")[2]


def _declared(rules: Rules, given: Mapping[str, Any]) -> Rules:
    """``rules`` with those ``given``, read as a panel's file is. Raises InputError by name."""
    whole = _plain(rules.model_dump(mode="json", exclude_none=True))
    for name, value in given.items():
        *above, key = name.split(".")
        node = whole
        for part in above:
            node = node.get(part) if isinstance(node, dict) else None
        if not isinstance(node, dict):
            raise InputError(Problem(_("没有声明这条规则，不能只改其中一项"), "rules", field=name))
        if value is None:
            node.pop(key, None)
        else:
            node[key] = _plain(value)
    try:
        return build(Rules, Tree(whole, dict.fromkeys(_paths(whole, ()), 1), "rules"))
    except InputError as error:
        raise InputError(*(replace(p, line=None) for p in error.problems)) from error


def _plain(value: Any) -> Any:
    """``value`` as it would be read from a file: text, lists, and mappings of them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(below) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(below) for below in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _paths(value: Any, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else ()
    return [path, *(found for key, below in items for found in _paths(below, (*path, key)))]


def _source(scores: Scores) -> str:
    return str(scores) if isinstance(scores, Path | str) else "scores"


def _as_table(scores: Scores, rubric: Rubric, panel: Panel) -> pd.DataFrame:
    """The given scores with ids, as text. Raises InputError for a cell that is there twice."""
    if isinstance(scores, Mapping):
        rows = [(*cell, points, "" if points == "" else _WHY) for cell, points in scores.items()]
        scores = pd.DataFrame(rows, columns=list(COLUMNS))
    source = _source(scores)
    given = read_spelt(Path(scores)) if isinstance(scores, Path | str) else scores
    table = as_ids(as_text(given, source), rubric, panel, source).to_frame()
    if (twice := table.duplicated(_CELL)).any():
        row = table[twice].iloc[0]
        names = {name: str(row[name]) for name in _CELL}
        text = _("{applicant}、{expert}、{indicator} 给了两次", **names)
        raise InputError(Problem(text, source, int(table.index[twice][0])))
    return table
