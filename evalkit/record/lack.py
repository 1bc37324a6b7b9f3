"""One thing that is missing for official results: who owes it, and the command that fills it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from evalkit.base.shown import Shown
from evalkit.base.text import Text, _, render
from evalkit.panel import Applicant, Panel, Person

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal[
    "sheet",
    "score",
    "measure",
    "gate",
    "bonus",
    "deduction",
    "dispute",
    "agreement",
    "uncounted",
    "commitment",
    "seats",
    "discussion",
    "results",
]
"""A sheet that is not submitted, a score on a submitted one; what is recorded once; a value that an
expert disputes; computed points on which experts differ; an indicator on which no score counts; an
expert's commitment; an applicant with fewer experts than the panel asks for; a discussion that is
not over; what else stands against results."""

Role = Literal["expert", "chair", "secretary"]


@dataclass(frozen=True)
class Lack:
    """One thing that is missing. Ids are empty where it concerns all, or a whole sheet."""

    kind: Kind
    owes: str
    """Id of the person who owes it."""
    role: Role
    who: Text
    what: Text
    remedy: Text
    """A command; words in it that are no ids are for a person to decide."""
    applicant: str = ""
    indicator: str = ""

    def __str__(self) -> str:
        return self.line().render()

    def line(self) -> Text:
        """Who owes what."""
        return _("{who}：{what}", who=self.who, what=self.what)

    def within(self, folder: str) -> Lack:
        """The same, with the folder of the round in its command."""
        return replace(self, remedy=self.remedy.filled(round=folder))


@dataclass(frozen=True)
class Lacking(Shown):
    """All that is missing for official results; nothing is once the round can be locked."""

    lacks: tuple[Lack, ...]

    def __repr__(self) -> str:
        return f"Lacking({len(self.lacks)})"

    def __len__(self) -> int:
        return len(self.lacks)

    def __iter__(self) -> Iterator[Lack]:
        return iter(self.lacks)

    def to_frame(self, language: str = "zh") -> pd.DataFrame:
        """A row each: ``owes`` and ``role`` of who owes it, ``kind``, ``applicant`` and
        ``indicator`` (ids, empty where it concerns all), ``what`` in words, ``remedy``, a command.
        """
        import pandas as pd

        names = ["owes", "role", "kind", "applicant", "indicator", "what", "remedy"]
        rows = [[render(getattr(lack, name), language) for name in names] for lack in self.lacks]
        return pd.DataFrame(rows, columns=names, dtype=str)

    def in_short(
        self, names: Mapping[str, str] = MappingProxyType({})
    ) -> list[tuple[Text, list[Text]]]:
        """Each person who owes anything, with a line for each kind of it: the thing itself, or how
        many there are of it and whom they concern, by ``names`` of applicants or else by id.
        """
        found: dict[str, dict[str, list[Lack]]] = {}
        for lack in self.lacks:
            found.setdefault(lack.owes, {}).setdefault(lack.kind, []).append(lack)
        return [
            (next(iter(kinds.values()))[0].who, [_short(own, names) for own in kinds.values()])
            for kinds in found.values()
        ]


MOST_IN_A_LINE = 30
"""Applicants; the others are in the table."""

_SHORT = {
    "sheet": _("评分表没有提交"),
    "score": _("没有打分"),
    "measure": _("测量值"),
    "gate": _("准入条件"),
    "bonus": _("加分没有认定"),
    "deduction": _("扣分没有认定"),
    "dispute": _("对测量值的异议没有答复"),
    "agreement": _("定量指标各专家算得不一样"),
    "uncounted": _("没有一位专家的评分计入"),
    "commitment": _("没有作出保密和回避承诺"),
    "seats": _("专家不足"),
    "discussion": _("讨论没有结束"),
    "results": _("不能出结果"),
}


def _short(lacks: list[Lack], names: Mapping[str, str]) -> Text:
    if len(lacks) == 1:
        return lacks[0].what
    counts = Counter(lack.applicant for lack in lacks)
    called = {id: names.get(id, id) for id in counts}
    whose = [f"{called[id]}×{n}" if n > 1 else called[id] for id, n in counts.items()]
    if len(whose) > MOST_IN_A_LINE:
        whose[MOST_IN_A_LINE:] = ["……"]
    return _("{what} {n} 项：{whose}", what=_SHORT[lacks[0].kind], n=len(lacks), whose=whose)


def named(one: Person | Applicant) -> Text:
    """Who it is, and the id that commands take."""
    return _("{name}（{id}）", name=one.name, id=one.id)


def command(words: str, **values: object) -> Text:
    """The evalkit command of these ``words``, in which ``{round}`` is the folder."""
    return Text(f"evalkit {words}", {"round": "ROUND", **values})


def by_secretary(panel: Panel, kind: Kind, what: Text, remedy: Text, *place: str) -> Lack:
    """What the secretary owes; ``place`` is applicant and indicator."""
    who = panel.secretary
    return Lack(kind, who.id, "secretary", named(who), what, remedy, *place)


def by_chair(panel: Panel, kind: Kind, what: Text, remedy: Text, *place: str) -> Lack:
    """What the chair owes for the panel; the secretary may record it as well."""
    who = next((e for e in panel.experts if e.role == "chair"), panel.experts[0])
    return Lack(kind, who.id, "chair", named(who), what, remedy, *place)


def by_expert(panel: Panel, id: str, kind: Kind, what: Text, remedy: Text, *place: str) -> Lack:
    """What the expert ``id`` owes."""
    return Lack(kind, id, "expert", named(panel.expert(id)), what, remedy, *place)
