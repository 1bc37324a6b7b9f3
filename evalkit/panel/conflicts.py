"""Who is kept apart from whom before the round opens, and what says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from evalkit.base.text import Text, _
from evalkit.panel.employers import key
from evalkit.panel.people import Applicant, Conflict, Expert, Organisation, Relation

Source = Literal["employer", "organisation", "relation", "conflict", "recorded"]

SOURCES: dict[Source, Text] = {
    "employer": _("工作单位"),
    "organisation": _("声明的单位别名和隶属关系"),
    "relation": _("申报或查实的关系"),
    "conflict": _("评审组文件的 conflicts"),
    "recorded": _("开评后登记"),
}

RELATIONS: dict[str, Text] = {
    "former_colleague": _("曾在该单位任职"),
    "adviser": _("顾问、兼职或师生"),
    "kinship": _("亲属"),
    "shares": _("持股或其他经济利益"),
    "co_author": _("合作研究、合著"),
    "other": _("其他关系"),
}


@dataclass(frozen=True)
class Apart:
    """An expert who may not score an applicant, and why."""

    applicant: str
    expert: str
    source: Source
    reason: Text

    @property
    def by(self) -> Text:
        """The source in words."""
        return SOURCES[self.source]


class Declaring(Protocol):
    """The parts of a panel that keep people apart."""

    @property
    def experts(self) -> tuple[Expert, ...]: ...  # noqa: D102
    @property
    def applicants(self) -> tuple[Applicant, ...]: ...  # noqa: D102
    @property
    def organisations(self) -> tuple[Organisation, ...]: ...  # noqa: D102
    @property
    def relations(self) -> tuple[Relation, ...]: ...  # noqa: D102
    @property
    def conflicts(self) -> tuple[Conflict, ...]: ...  # noqa: D102


class Organisations:
    """Which names mean one organisation, and which organisations belong to another."""

    def __init__(self, declared: Iterable[Organisation]) -> None:
        self._same: dict[str, str] = {}
        self._belongs: dict[str, set[str]] = {}
        declared = list(declared)
        for one in declared:
            known = [key(name) for name in (one.name, *one.aliases, *one.former)]
            for other in known:
                self._same[self.identity(other)] = self.identity(known[0])
        for one in declared:
            above = self.identity(key(one.name))
            for name in one.subsidiaries:
                below = self.identity(key(name))
                self._belongs.setdefault(below, set()).add(above)
                self._belongs.setdefault(above, set())

    def identity(self, key: str) -> str:
        """One of the keys of an organisation, always the same."""
        while (other := self._same.get(key, key)) != key:
            key = other
        return key

    def near(self, name: str) -> dict[str, bool]:
        """The organisation called ``name``, all that it belongs to and all that belongs to it, by
        identity, and whether each is itself. Two parts of one organisation are not near.
        """
        own = self.identity(key(name))
        above = self._walk(own, self._belongs)
        turned: dict[str, set[str]] = {}
        for below, uppers in self._belongs.items() if own in self._belongs else ():
            for upper in uppers:
                turned.setdefault(upper, set()).add(below)
        return dict.fromkeys(above | self._walk(own, turned), False) | {own: True}

    @staticmethod
    def _walk(start: str, ways: dict[str, set[str]]) -> set[str]:
        found, new = {start}, [start]
        while new:
            new = [n for one in new for n in ways.get(one, ()) if n not in found]
            found.update(new)
        return found


def kept_apart(panel: Declaring) -> Iterator[Apart]:
    """Every pair that is declared or employed apart, once for each thing that says so."""
    organisations = Organisations(panel.organisations)
    yield from _by_parties(panel, organisations)
    for relation in panel.relations:
        if relation.applicant is not None:
            yield Apart(relation.applicant, relation.expert, "relation", related(relation))
    for c in panel.conflicts:
        yield Apart(c.applicant, c.expert, "conflict", _("{reason}", reason=c.reason))


def _by_parties(panel: Declaring, organisations: Organisations) -> Iterator[Apart]:
    """Who works for a party to an application, or is related to one."""
    staff: dict[str, list[tuple[str, str, bool]]] = {}
    for e in panel.experts:
        for identity, itself in organisations.near(e.employer).items():
            staff.setdefault(identity, []).append((e.id, e.employer, itself))
    partner: dict[str, list[Relation]] = {}
    for relation in panel.relations:
        if relation.party is not None:
            partner.setdefault(organisations.identity(key(relation.party)), []).append(relation)
    for a in panel.applicants:
        for party in a.parties:
            identity = organisations.identity(key(party))
            for expert, employer, itself in staff.get(identity, ()):
                same = key(employer) == key(party)
                reason = _employed(employer, party, itself=itself)
                yield Apart(a.id, expert, "employer" if same else "organisation", reason)
            for relation in partner.get(identity, ()):
                yield Apart(a.id, relation.expert, "relation", related(relation))


def _employed(employer: str, party: str, *, itself: bool) -> Text:
    if key(employer) == key(party):
        return _("工作单位“{employer}”是牵头或共建单位", employer=party)
    text = _("工作单位“{employer}”与牵头或共建单位“{party}”有隶属关系")
    if itself:
        text = _("工作单位“{employer}”就是牵头或共建单位“{party}”（别名或曾用名）")
    return text.filled(employer=employer, party=party)


def related(relation: Relation) -> Text:
    """What ``relation`` says, with its source and who declared it."""
    what = RELATIONS[relation.kind]
    if relation.note is not None:
        what = _("{kind}，{note}", kind=what, note=relation.note)
    if relation.party is not None:
        what = _("{kind}：{party}", kind=what, party=relation.party)
    return _(
        "{what}（{source}，{by}申报）", what=what, source=relation.source, by=relation.declared_by
    )
