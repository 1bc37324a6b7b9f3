"""The board of a round: how far it is, what is missing and who owes it, what the office enters, and
the lock. The log is the record; the board only shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from evalkit.base.errors import EvalkitError
from evalkit.base.terms import instant
from evalkit.base.text import Text, _, render
from evalkit.pages.cards import card
from evalkit.record.office_table import HEADINGS
from evalkit.record.owed import WORDS, Owed, owed
from evalkit.round import Round
from evalkit.workbench.entry_form import EntryForm, Field

WIDE = w.Layout(width="100%", max_width="46rem")
NARROW = w.Layout(width="auto", align_self="flex-start")


class Board(w.VBox):
    """What secretary and chair see of an open round, and what they enter in their own names.

    Everything that it stores passes the same rules as a command's. ``evalkit record`` and
    ``evalkit panel`` do the same without it.
    """

    def __init__(self, workspace: Round, language: str = "zh") -> None:
        self._workspace, self._language = workspace, language
        self._head, self._missing = w.HTML(), w.HTML()
        self._said = w.HTML()
        self._record, self._lock = _Recording(self), _Locking(self)
        again = _button(self.words(_("刷新")), lambda: self.show(""), "refresh")
        self._reminders = w.Textarea(disabled=True, layout=w.Layout(width="100%", height="9rem"))
        labels = [_("进度"), _("还缺什么"), _("催办"), _("登记"), _("锁定")]
        parts = w.Tab([self._head, self._missing, self._reminders, self._record, self._lock])
        parts.titles = tuple(self.words(label) for label in labels)
        super().__init__([w.HBox([again, self._said]), parts])
        self.show("")

    def words(self, text: Text | str) -> str:
        """``text`` in the language of this board."""
        return render(text, self._language)

    @property
    def round(self) -> Round:
        """The round that it shows."""
        return self._workspace

    def show(self, said: Text | str) -> None:
        """Show the round as it is stored now, and what came of the last act."""
        self._head.value = self._workspace._repr_html_()
        lacking = self._workspace.lacking()
        self._missing.value = card(lacking)
        lines = [
            self.words(_("{who}：{what}", who=who, what=line))
            for who, owes in lacking.in_short()
            for line in owes
        ]
        self._reminders.value = "\n".join(lines) or self.words(_("不缺什么，可以锁定"))
        self._record.show()
        self._lock.show()
        self._say(said)

    def _say(self, said: Text | str, *, wrong: bool = False) -> None:
        look = "color:#a3261b" if wrong else "color:#1d6b34"
        text = escaped(self.words(said))
        self._said.value = f'<div role="status" style="{look}">{text}</div>' if text else ""

    def act(self, does: Callable[[], Text]) -> None:
        """Do something that the rules may refuse, and say what came of it."""
        try:
            said = does()
        except EvalkitError as error:
            self._say(error.render(self._language), wrong=True)  # what was typed stays
        else:
            self.show(said)


class _Recording(w.VBox):
    """One thing that is recorded once, its value and where that comes from."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._what = w.Dropdown(description=board.words(_("登记什么")), layout=WIDE)
        self._asked = w.HTML()
        self.form = EntryForm(board.words(_("登记")), lambda n, given: self._enter(int(n), given))
        self._what.observe(lambda _change: self._chosen(), "value")
        nothing = _("本轮没有要登记的：没有测量值、准入条件、统一认定的加分和扣分")
        self._nothing = w.Label(board.words(nothing))
        super().__init__([self._nothing])

    def show(self) -> None:
        """Offer everything owed; what is on record says so."""
        rubric, panel = self._board.round.rubric, self._board.round.panel
        self._owed = list(owed(rubric, panel))
        self._what.options = [(self._label(one), n) for n, one in enumerate(self._owed)]
        if self._owed:
            self._what.value = self._first()
            self._chosen()
            self.children = [self._what, self._asked, self.form]

    def _first(self) -> int:
        """The first that is not on record, or else the first of all."""
        return next((n for n, one in enumerate(self._owed) if not self._on_record(one)), 0)

    def _on_record(self, one: Owed) -> str:
        event = self._board.round.history().recorded(one.kind, one.applicant.id, one.indicator)
        return self._board.words(WORDS.get(p := event.payload["points"], p)) if event else ""

    def _label(self, one: Owed) -> str:
        text = _(
            "{mark} {name}（{id}）· {title} {indicator}",
            mark="✓" if self._on_record(one) else "○",
            name=one.applicant.name,
            id=one.applicant.id,
            title=one.title,
            indicator=one.indicator,
        )
        return self._board.words(text)

    def _chosen(self) -> None:
        if self._what.value is None:
            return
        one, words = self._owed[self._what.value], self._board.words
        lines = [one.text, words(_("应填：{wanted}", wanted=one.wanted))]
        if one.unit:
            lines.append(words(_("单位：{unit}", unit=one.unit)))
        if known := self._on_record(one):
            lines.append(words(_("已登记：{value}。改动须写理由", value=known)))
        self._asked.value = "<br>".join(escaped(line) for line in lines if line)
        panel = self._board.round.panel
        people = [panel.secretary, *(e for e in panel.experts if e.role == "chair")]
        texts = zip(("value", "evidence", "reason"), HEADINGS[-3:], strict=True)
        fields = [Field(name, words(heading)) for name, heading in texts]
        who = {p.id: f"{p.name}（{p.id}）" for p in people}
        fields.append(Field("by", words(_("登记人")), who))
        self.form.show(str(self._what.value), fields)

    def _enter(self, n: int, given: dict[str, str]) -> None:
        one = self._owed[n]

        def record() -> Text:
            receipt = self._board.round.record(
                *(one.kind, one.applicant.id, one.indicator, given["value"], given["evidence"]),
                by=given["by"] or None,
                reason=given["reason"],
            )
            said = {"applicant": one.applicant.id, "name": one.indicator, "value": given["value"]}
            if receipt is None:
                return _("已经登记过 {applicant} 的 {name}：{value}，没有改动", **said)
            return _("已登记 {applicant} 的 {name}：{value}", **said)

        self._board.act(record)


class _Locking(w.VBox):
    """The lock, asked for twice; once it is there, its root for the minutes."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._state = w.HTML()
        self._ask = _button(board.words(_("锁定评分")), self._sure, "lock")
        yes = _button(board.words(_("确定锁定，此后谁也不能再改")), self._locked, "lock")
        no = _button(board.words(_("不锁定")), lambda: board.show(""), "")
        self._question = w.HBox([yes, no])
        super().__init__([self._state, self._ask])

    def show(self) -> None:
        """The lock as it is, or the way to it."""
        lock, missing = self._board.round.history().lock, len(self._board.round.lacking())
        if lock is not None:
            lines = [
                _("评分已锁定：{at}", at=instant(lock.at)),
                _("根哈希（请写进签字盖章的纪要）：{root}", root=lock.payload["root"]),
            ]
            self._state.value = "<br>".join(escaped(self._board.words(line)) for line in lines)
            self.children = [self._state]
            return
        stands = _("锁定之前还缺 {n} 项", n=missing) if missing else _("不缺什么，可以锁定")
        self._state.value = escaped(self._board.words(stands))
        self._ask.disabled = bool(missing)
        self.children = [self._state, self._ask]

    def _sure(self) -> None:
        self.children = [self._state, self._question]

    def _locked(self) -> None:
        def lock() -> Text:
            self._board.round.lock()
            return _("评分已锁定")

        self._board.act(lock)


def _button(label: str, does: Callable[[], Any], icon: str) -> w.Button:
    button = w.Button(description=label, icon=icon, layout=NARROW)
    button.on_click(lambda _button: does())
    return button


def escaped(text: str) -> str:
    """``text`` as HTML that is nothing but this text."""
    from markupsafe import escape

    return str(escape(text)).replace("\n", "<br>")
