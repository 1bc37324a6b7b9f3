"""The board of an office's register: how each applicant stands, and what may be recorded next. The
log is the record; the board only shows it.
"""

from __future__ import annotations

import ipywidgets as w
from markupsafe import escape

from evalkit.base.errors import EvalkitError
from evalkit.base.text import Text, _, normalise_number, render
from evalkit.office.acts import Act, possible
from evalkit.office.register import Register
from evalkit.office.told import lines
from evalkit.workbench.entry_form import EntryForm, Field

WIDE = w.Layout(width="100%", max_width="46rem")
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
        self.form = EntryForm(
            self.words(_("登记")), lambda n, given: self._enter(self._acts[int(n)], given)
        )
        self._whom.observe(lambda _change: self.show(), "value")
        self._what.observe(lambda _change: self._chosen(), "value")
        super().__init__([self._whom, self._said, self._stands, self._what, self.form])
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
            self.form.show("", [])
            return
        act = self._acts[self._what.value]
        people = {id: self._people[id] for id in act.people if id in self._people} or self._people
        who = {id: f"{name}（{id}）" for id, name in people.items()}
        choices = {**act.choices, "by": who}
        names = (*act.asks, "reason", "day", "by")
        fields = [Field(name, self.words(_FIELDS[name]), choices.get(name)) for name in names]
        self.form.show(str(self._what.value), fields)

    def _enter(self, act: Act, given: dict[str, str]) -> None:
        fields = {**act.fields, **{name: text for name, text in given.items() if text}}
        if "value" in fields:
            fields["value"] = normalise_number(fields["value"])
        try:
            entered = self._register.append(self._whom.value, fields)
        except EvalkitError as error:
            self._refused(error.render(self._language))
            return
        text = _("已登记 {id}（{article}）", id=entered.record.id, article=entered.record.article)
        self.show(self.words(text))

    def _refused(self, said: str) -> None:
        """Say why nothing was stored; what was filled in stays."""
        text = f'<div role="status" style="{_LOOKS["red"]}">{escaped(said)}</div>'
        self._said.value = text


_STYLE = {"description_width": "11rem"}


def escaped(text: str) -> str:
    """``text`` as HTML that is nothing but this text."""
    return str(escape(text)).replace("\n", "<br>")
