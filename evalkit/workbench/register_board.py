"""The board of an office's register: how each applicant stands, and what may be recorded next. The
log is the record; the board only shows it.
"""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from evalkit.base.errors import EvalkitError
from evalkit.base.text import Text, _, normalise_number, render
from evalkit.office.acts import Act, possible
from evalkit.office.register import Register
from evalkit.office.told import lines
from evalkit.workbench.board import NARROW, WIDE, escaped

_LOOKS = {"red": "color:#a3261b", "yellow": "color:#7a5200", "green": "color:#1d6b34"}

_FIELDS: dict[str, Text] = {
    "grade": _("等次"),
    "to": _("退回到"),
    "objector": _("提出异议的人（实名）"),
    "objector_is": _("是哪一方"),
    "year": _("年度"),
    "value": _("数值"),
    "evidence": _("凭据"),
    "takes_effect": _("生效日期"),
    "by": _("作出的人"),
    "reason": _("理由"),
    "day": _("日期（不写为今天）"),
}


class RegisterBoard(w.VBox):
    """What an office sees of its register, and what it records under the names of its people.

    Everything passes the same rules as ``evalkit standing record``, which does the same.
    """

    def __init__(self, register: Register, language: str = "zh") -> None:
        self._register, self._language = register, language
        applicants = [(f"{a.name}（{a.id}）", a.id) for a in register.office.applicants]
        self._whom = w.Dropdown(
            options=applicants, description=self.words(_("对象")), layout=WIDE, style=_STYLE
        )
        self._said, self._stands = w.HTML(), w.HTML()
        self._what = w.Dropdown(description=self.words(_("登记什么")), layout=WIDE, style=_STYLE)
        self._form = w.VBox()
        enter = w.Button(description=self.words(_("登记")), icon="check", layout=NARROW)
        enter.on_click(lambda _button: self.enter())
        self._whom.observe(lambda _change: self.show(), "value")
        self._what.observe(lambda _change: self._chosen(), "value")
        super().__init__([self._whom, self._said, self._stands, self._what, self._form, enter])
        self.show()

    def words(self, text: Text | str) -> str:
        """``text`` in the language of this board."""
        return render(text, self._language)

    def show(self, said: str = "", look: str = "green") -> None:
        """Show how the chosen applicant stands now, and what came of the last act."""
        one = self._register.outlook(self._whom.value)
        book = self._register.book
        applicant = book.office.applicant(one["id"])
        names = {id: person.name for id, person in book.office.people(applicant).items()}
        told = [self._line(text, style) for text, style in lines(one, names)]
        self._stands.value = f"<ul>{''.join(told)}</ul>"
        self._said.value = (
            f'<div role="status" style="{_LOOKS[look]}">{escaped(said)}</div>' if said else ""
        )
        self._people = names
        self._acts = possible(book, one)
        self._what.options = [(self.words(act.label), n) for n, act in enumerate(self._acts)]
        self._chosen()

    def _line(self, text: Text, style: str | None) -> str:
        look = _LOOKS.get(style or "", "")
        return f'<li style="{look}">{escaped(self.words(text))}</li>'

    def _chosen(self) -> None:
        if self._what.value is None:
            self._form.children = []
            return
        act = self._acts[self._what.value]
        people = {id: self._people[id] for id in act.people if id in self._people} or self._people
        asked = (*act.asks, "reason", "day")
        self._form.children = [
            *(self._field(name, act) for name in asked),
            self._choice("by", {id: f"{name}（{id}）" for id, name in people.items()}),
        ]

    def _field(self, name: str, act: Act) -> Any:
        if name in act.choices:
            return self._choice(name, act.choices[name])
        return _named(w.Text(description=self._heading(name), layout=WIDE, style=_STYLE), name)

    def _choice(self, name: str, options: dict[str, str]) -> Any:
        pairs = [(label, id) for id, label in options.items()]
        made = w.Dropdown(options=pairs, description=self._heading(name), layout=WIDE, style=_STYLE)
        return _named(made, name)

    def _heading(self, name: str) -> str:
        return self.words(_FIELDS[name])

    def enter(self) -> None:
        """Record the chosen act with what was filled in, and say what came of it."""
        if self._what.value is None:
            return
        act = self._acts[self._what.value]
        filled = {f.name_of_field: (f.value or "").strip() for f in self._form.children}
        given = {**act.fields, **{name: text for name, text in filled.items() if text}}
        if "value" in given:
            given["value"] = normalise_number(given["value"])
        try:
            entered = self._register.append(self._whom.value, given)
        except EvalkitError as error:
            self.show_refusal(error.render(self._language))
            return
        text = _("已登记 {id}（{article}）", id=entered.record.id, article=entered.record.article)
        self.show(self.words(text))

    def show_refusal(self, said: str) -> None:
        """Say why nothing was stored; what was filled in stays."""
        text = f'<div role="status" style="{_LOOKS["red"]}">{escaped(said)}</div>'
        self._said.value = text


_STYLE = {"description_width": "11rem"}


def _named(widget: Any, name: str) -> Any:
    widget.name_of_field = name
    return widget
