"""Two evaluations of one round beside each other: what changed, for whom, and why.

A rank is one more than the number of those ahead. So a rank changes by exactly those who are ahead
now and were not, and those who were ahead and are not any more; the sentence names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evalkit.base import terms
from evalkit.base.errors import InputError
from evalkit.base.shown import Shown
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.evaluation import frames, input_changes
from evalkit.evaluation.frames import Cell, Column
from evalkit.evaluation.input_changes import InputChange
from evalkit.evaluation.results import Results

if TYPE_CHECKING:
    import pandas as pd

LISTED = 6
"""As many names stand in a sentence; of more, their number."""


_OUTCOME = ("rank", "total", "dimensions", "grade", "selected")


@dataclass(frozen=True)
class Change:
    """One applicant before and after: its parts of `Results.to_dict`, and a sentence each on
    what is different; none where nothing is.
    """

    id: str
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    why: tuple[Text, ...]

    @property
    def moved(self) -> bool:
        """Whether anything that results state of the applicant is different."""
        return bool(self.why)

    @property
    def differs(self) -> bool:
        """Whether rank, total, points of a dimension, grade or selection is another one."""
        return any(self.before.get(part) != self.after.get(part) for part in _OUTCOME)

    @property
    def explained(self) -> Text | str:
        """The sentences as one text; empty where nothing is different."""
        if not self.why:
            return ""
        said, *more = self.why
        for text in more:
            said = _("{said}；{more}", said=said, more=text)
        return _("{said}。", said=said)


@dataclass(frozen=True, eq=False)
class Comparison(Shown):
    """Results ``before`` and ``after`` some of what they rest on was changed."""

    before: Results
    after: Results

    def __repr__(self) -> str:
        moved = sum(change.moved for change in self.changes)
        return f"Comparison({self.after.panel.id!r}, {moved} of {len(self.changes)} moved)"

    @cached_property
    def inputs(self) -> list[InputChange]:
        """What was entered or declared otherwise."""
        return input_changes.between(self.before, self.after)

    @cached_property
    def changes(self) -> list[Change]:
        """Every applicant, in the order of the ranking after."""
        was = {row["id"]: row for row in self.before.rows}
        rows = frames.ranked(self.after.rows, self.after.panel)
        return [
            Change(
                now["id"],
                self.after.panel.applicant(now["id"]).name,
                was[now["id"]],
                now,
                tuple(self._why(was[now["id"]], now)),
            )
            for now in rows
        ]

    @cached_property
    def table(self) -> frames.Table:
        """A row an applicant: rank, total, points of each dimension, grade and selection, each
        before and after, ``moved`` and ``why``.
        """
        parts = list(self._parts())
        columns = [Column("id", _("标识"), "word"), Column("name", _("参评对象"), "name")]
        for part in parts:
            was, now = _("原{name}", name=part.heading), _("现{name}", name=part.heading)
            columns += [
                Column(f"{part.name}_before", was, part.kind),
                Column(f"{part.name}_after", now, part.kind),
            ]
        columns += [Column("moved", _("有变化"), "word"), Column("why", _("说明"), "word")]
        rows: list[list[Cell]] = [
            [
                change.id,
                change.name,
                *(cell for part in parts for cell in self._pair(change, part.name)),
                _("是") if change.moved else "",
                change.explained,
            ]
            for change in self.changes
        ]
        return frames.Table(tuple(columns), rows)

    def to_frame(self) -> pd.DataFrame:
        """A row an applicant by the rank after: ``id``, ``name``; ``rank``, ``total``, each
        dimension by its id, ``grade`` and ``selected`` (where there are any) with ``_before`` and
        ``_after``, ranks Int64 and numbers float64; ``moved`` (bool) and ``why``, a sentence.
        """
        frame = self.table.to_frame()
        frame["moved"] = frame["moved"] != ""
        return frame

    def _parts(self) -> Iterator[Column]:
        yield Column("rank", _("名次"), "rank")
        yield Column("total", _("总分"), "number")
        known = {d.id: d for one in (self.before, self.after) for d in one.rubric.dimensions}
        for d in known.values():
            yield Column(d.id, d.name, "number")
        rules = (self.before.panel.rules, self.after.panel.rules)
        if any(rule.grades is not None for rule in rules):
            yield Column("grade", _("等次"), "word")
        if any(rule.selecting is not None for rule in rules):
            yield Column("selected", _("拟选"), "word")

    def _pair(self, change: Change, name: str) -> tuple[Cell, Cell]:
        """A part of the results before and after, in words where it is a word."""
        sides = ((self.before, change.before), (self.after, change.after))
        was, now = (self._cell(results, row, name) for results, row in sides)
        return was, now

    def _cell(self, results: Results, row: Mapping[str, Any], name: str) -> Cell:
        if name in ("rank", "total"):
            found: Cell = row[name]
            return found
        if name == "grade":
            return _grade(results, row)
        if name == "selected":
            return terms.SELECTED[row.get("selected") or "no"]
        return _dimensions(row).get(name)

    def _why(self, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Text]:
        yield from self._points(was, now)
        yield from self._rank(was, now)
        one, other = _grade(self.before, was), _grade(self.after, now)
        if one != other:
            values = {"before": one or terms.NONE, "after": other or terms.NONE}
            yield _("等次由{before}变为{after}", **values)
        if (chosen := now.get("selected", "no")) != was.get("selected", "no"):
            yield _SELECTED[chosen]

    def _points(self, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Text]:
        own = [change.what for change in self.inputs if change.applicant == now["id"]]
        anew = any(change.kind == "rule" for change in self.inputs)
        cause = _("本身有改动") if own else _("规则有改动") if anew else _("随其他对象的改动换算")
        if was["total"] != now["total"]:
            values = {"before": was["total"] or terms.NONE, "after": now["total"] or terms.NONE}
            yield _("{cause}，总分由 {before} 变为 {after}", cause=cause, **values)
        elif was["dimensions"] != now["dimensions"]:
            yield _("{cause}，分项得分有变，总分仍为 {total}", cause=cause, total=now["total"])
        elif own:
            yield _("本身有改动，公布的得分没有变")

    def _rank(self, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Text]:
        if was["rank"] == now["rank"]:
            return
        if now["rank"] is None:
            yield _("原第 {rank} 名，现不参加排名", rank=was["rank"])
            return
        if was["rank"] is None:
            yield _("原不参加排名，现第 {rank} 名", rank=now["rank"])
            return
        moves, (gained, lost) = [], self._passed(now["id"])
        if gained:
            moves.append(_("{names}升到其前", names=_named(gained)))
        if lost:
            moves.append(_("{names}不再在其前", names=_named(lost)))
        values = {"before": was["rank"], "after": now["rank"]}
        if not moves or self.before.panel.rules.ranking != self.after.panel.rules.ranking:
            yield _("名次由 {before} 变为 {after}", **values)
        else:
            yield _("{moves}，名次由 {before} 变为 {after}", moves=moves, **values)

    def _passed(self, id: str) -> tuple[list[str], list[str]]:
        """The names of those who are ahead of ``id`` now and were not, and the other way round."""
        was, now = self._ranks
        own, apart = self.after.panel.applicant(id).group, self._apart
        gained, lost = list[str](), list[str]()
        for other in self.after.panel.applicants:
            if apart and other.group != own:
                continue
            before, after = (ranks[other.id] < ranks[id] for ranks in (was, now))
            if before != after:
                (gained if after else lost).append(other.name)
        return gained, lost

    @property
    def _apart(self) -> bool:
        return self.after.panel.rules.ranking == "by_group"

    @cached_property
    def _ranks(self) -> tuple[dict[str, float], dict[str, float]]:
        """The rank of everybody, before and after; behind all others where there is none."""
        before, after = (
            {row["id"]: row["rank"] or float("inf") for row in results.rows}
            for results in (self.before, self.after)
        )
        return before, after


_SELECTED = {
    "yes": _("现列为拟选"),
    "no": _("不再列为拟选"),
    "tied_at_cut": _("在最后一个名额上并列，待定"),
}


@asked
def compare(before: Results, after: Results) -> Comparison:
    """``before`` and ``after`` beside each other: an upheld objection, or a what-if.

    Raises InputError for results of different rounds or applicants.
    """
    if before.panel.id != after.panel.id:
        text = _("{a} 和 {b} 不是同一个评审，不能比较", a=before.panel.id, b=after.panel.id)
        raise InputError(text)
    if set(before.facts.applicants) != set(after.facts.applicants):
        raise InputError(_("两轮的参评对象不同，不能比较"))
    return Comparison(before, after)


def _named(names: list[str]) -> Text | list[str]:
    if len(names) <= LISTED:
        return names
    return _("{names}等 {n} 个", names=names[:LISTED], n=len(names))


def _dimensions(row: Mapping[str, Any]) -> dict[str, str | None]:
    return {d["id"]: d["points"] for d in row["dimensions"]}


def _grade(results: Results, row: Mapping[str, Any]) -> str | None:
    procedure = results.panel.procedure_of(results.rubric)
    names = {g.id: g.name for g in procedure.grades} if procedure else {}
    return names.get(row.get("grade") or "")
