"""Who works on a round or a register, which notebooks they open, and how a kernel learns of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from evalkit.base import urls
from evalkit.base.errors import InputError, Problem
from evalkit.base.text import Text, _

if TYPE_CHECKING:
    from evalkit.panel import Panel

Role = Literal["expert", "chair", "secretary"]
Notebook = Literal["score_sheet", "panel_board"]

STANDING_FILE = "standing.yaml"

ROLES: Mapping[str, Text] = {
    "expert": _("专家"),
    "chair": _("组长"),
    "secretary": _("评审秘书"),
}

NOTEBOOKS: Mapping[str, tuple[Notebook, ...]] = {
    "expert": ("score_sheet",),
    "chair": ("score_sheet", "panel_board"),
    "secretary": ("panel_board",),
}
"""What each role opens; the first one is what they see after they have logged in."""

VIEWS: Mapping[str, Text] = {"score_sheet": _("评分表"), "panel_board": _("进度板")}


@dataclass(frozen=True)
class Person:
    """Somebody who may log in. Who keeps an office's register is its secretary, named after it."""

    id: str
    name: str
    role: Role

    @property
    def notebooks(self) -> tuple[Notebook, ...]:
        """What this person may open."""
        return NOTEBOOKS[self.role]


@dataclass(frozen=True)
class Place:
    """What is served: a round in its folder or in a database, or an office's register. ``at`` is
    what `ek.open` takes; of a database only the person is known whose account ``at`` names.
    """

    at: str
    id: str
    title: str
    people: Mapping[str, Person] = field(default_factory=dict)

    def person(self, id: str) -> Person:
        """The person with this id. Raises InputError for an unknown one."""
        if id not in self.people and urls.is_url(self.at):
            (own,) = self.people.values()
            text = _(
                "这个数据库账户是 {own}（{name}）的，打不开 {id} 的", own=own.id, name=own.name
            )
            raise InputError(text.filled(id=id))
        if id not in self.people:
            known = [f"{person.id}（{person.name}）" for person in self.people.values()]
            text = _("{title} 里没有 {id} 这个人；有的是：{known}", title=self.title, id=id)
            raise InputError(text.filled(known=known))
        return self.people[id]

    @property
    def keeper(self) -> Person:
        """Who opens the board: the secretary of the round, or who keeps the register; in a database
        whose account it is. Raises InputError for an expert's.
        """
        found = [p for p in self.people.values() if "panel_board" in p.notebooks]
        if not found:
            (own,) = self.people.values()
            text = _("进度板只给评审秘书和组长，这个账户是 {id}（{name}）的", **vars(own))
            raise InputError(text)
        return next((p for p in found if p.role == "secretary"), found[0])


def place_of(folder: Path) -> Place:
    """What lies in ``folder``, with everybody who may log in; for the address of a database, as
    `account_at`. Raises InputError as `Round.open` and `Register.open` do.
    """
    if urls.is_url(folder):
        return account_at(folder)
    if (folder / STANDING_FILE).exists():
        from evalkit.office.register import Register

        with Register.open(folder) as register:
            office = register.office
        keeper = Person("office", office.title, "secretary")
        return Place(str(folder.resolve()), office.id, office.title, {keeper.id: keeper})
    from evalkit.round import Round

    with Round.open(folder) as workspace:
        panel = workspace.panel
    return Place(str(folder.resolve()), panel.id, panel.title, _everybody(panel))


def account_at(url: Path | str) -> Place:
    """The round in the database at ``url``, with the one person whose account that is.

    Raises InputError as `Round.open` does, and for an account that is nobody's of the panel.
    """
    from evalkit.log.postgres import PostgresLog
    from evalkit.round import Round

    with Round.open(url) as workspace:
        panel, log = workspace.panel, workspace.log
        own = log.person if isinstance(log, PostgresLog) else None
    people = _everybody(panel)
    if own is None or own not in people:
        text = _("这个数据库账户不是评审组里哪一位的；请用本人的账户，见 evalkit panel accounts")
        raise InputError(Problem(text, urls.Place.read(url).shown))
    return Place(str(url), panel.id, panel.title, {own: people[own]})


def _everybody(panel: Panel) -> dict[str, Person]:
    experts = [
        Person(e.id, e.name, "chair" if e.role == "chair" else "expert") for e in panel.experts
    ]
    secretary = Person(panel.secretary.id, panel.secretary.name, "secretary")
    return {p.id: p for p in (*experts, secretary)}


def handed(place: Place, person: Person, notebook: Notebook, language: str) -> dict[str, str]:
    """The environment by which a kernel learns who it works for; a page has no say in it."""
    given = {
        "EVALKIT_WORKSPACE": place.at,
        "EVALKIT_LANGUAGE": language,
        "EVALKIT_PERSON": person.id,
        "EVALKIT_ROLE": person.role,
    }
    return {**given, "EVALKIT_EXPERT": person.id} if notebook == "score_sheet" else given
