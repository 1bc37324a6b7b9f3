"""Who works on a round or a register, which notebooks they open, and how a kernel learns of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from evalkit.base.errors import InputError
from evalkit.base.text import Text, _

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
    """The folder that is served: a round, or an office's register."""

    folder: Path
    id: str
    title: str
    people: Mapping[str, Person] = field(default_factory=dict)

    def person(self, id: str) -> Person:
        """The person with this id. Raises InputError for an unknown one."""
        if id not in self.people:
            known = [f"{person.id}（{person.name}）" for person in self.people.values()]
            text = _("{title} 里没有 {id} 这个人；有的是：{known}", title=self.title, id=id)
            raise InputError(text.filled(known=known))
        return self.people[id]

    @property
    def keeper(self) -> Person:
        """The secretary of the round, or who keeps the register."""
        return next(p for p in self.people.values() if p.role == "secretary")


def place_of(folder: Path) -> Place:
    """What lies in ``folder``, with everybody who may log in. Raises InputError as `Round.open` and
    `Register.open` do.
    """
    if (folder / STANDING_FILE).exists():
        from evalkit.office.register import Register

        with Register.open(folder) as register:
            office = register.office
        keeper = Person("office", office.title, "secretary")
        return Place(folder, office.id, office.title, {keeper.id: keeper})
    from evalkit.round import Round

    with Round.open(folder) as workspace:
        panel = workspace.panel
    experts = [
        Person(e.id, e.name, "chair" if e.role == "chair" else "expert") for e in panel.experts
    ]
    secretary = Person(panel.secretary.id, panel.secretary.name, "secretary")
    return Place(folder, panel.id, panel.title, {p.id: p for p in (*experts, secretary)})


def handed(place: Place, person: Person, notebook: Notebook, language: str) -> dict[str, str]:
    """The environment by which a kernel learns who it works for; a page has no say in it."""
    given = {
        "EVALKIT_WORKSPACE": str(place.folder.resolve()),
        "EVALKIT_LANGUAGE": language,
        "EVALKIT_PERSON": person.id,
        "EVALKIT_ROLE": person.role,
    }
    return {**given, "EVALKIT_EXPERT": person.id} if notebook == "score_sheet" else given
