"""What would be if, with controls: an expert out, wholly or for one applicant, an indicator struck,
a rule otherwise.

Everything that it shows is marked as not official, and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ipywidgets as w
from markupsafe import escape

from evalkit.base import yamltext
from evalkit.base.errors import EvalkitError
from evalkit.base.terms import mark
from evalkit.base.text import Text, _, render
from evalkit.evaluation import Results
from evalkit.evaluation.what_if import STATUS, Evaluated, WhatIf, results_of, what_if
from evalkit.rubric.open_rules import RULE_NAMES

CONDUCT = frozenset({"disclosure", "discussion", "commitment", "withdrawal"})
"""Rules that change no number."""

_WIDE = w.Layout(width="100%", max_width="46rem")
_STYLE = {"description_width": "9rem"}


class WhatIfBoard(w.VBox):
    """The controls and, below them, who would move; ``found`` is what `what_if` gave last, None
    where nothing is otherwise or what was chosen does not fit.
    """

    found: WhatIf | None

    def __init__(self, of: Results | Evaluated, language: str = "zh") -> None:
        self._language = language
        self._before = results_of(of)
        self.rules = dict(_rules(self._before))
        nobody = self._words(_("（照旧）"))
        people = [(f"{e.name}（{e.id}）", e.id) for e in self._before.panel.experts]
        parts = self._before.rubric.summary()["indicators"]
        rules = [(self._words(text), name) for name, (text, _value) in self.rules.items()]
        self.expert = self._choice(_("不计哪位专家"), [(nobody, ""), *people])
        whom = [(f"{a.name}（{a.id}）", a.id) for a in self._before.panel.applicants]
        everybody = self._words(_("（全部对象）"))
        self.applicant = self._choice(_("不计他对谁的评分"), [(everybody, ""), *whom])
        self.indicator = self._choice(
            _("不计哪项指标"), [(nobody, ""), *((row["name"], row["id"]) for row in parts)]
        )
        self.rule = self._choice(_("改哪条规则"), [(nobody, ""), *rules])
        self.value = w.Text(
            description=self._words(_("改成")),
            layout=_WIDE,
            style=_STYLE,
            continuous_update=False,
            disabled=True,
        )
        self.shown = w.HTML()
        self.rule.observe(self._chosen, "value")
        people = [self.expert, self.applicant]
        for control in (*people, self.indicator, self.value):
            control.observe(self._changed, "value")
        super().__init__([*people, self.indicator, self.rule, self.value, self.shown])
        self.show()

    def show(self) -> None:
        """Work out what is chosen, and show who would move or why it cannot be."""
        self.found = None
        self.applicant.disabled = not self.expert.value
        chosen = self._amendment()
        if not chosen:
            self._say(_("没有改动：选一位专家、一项指标或一条规则，看结果会怎样"))
            return
        try:
            found = what_if(self._before, **chosen)
        except EvalkitError as error:
            self._say(error.render(self._language))
            return
        self.found = found
        self.shown.value = str(found._repr_html_())

    def _amendment(self) -> dict[str, Any]:
        chosen: dict[str, Any] = {}
        if self.expert.value and self.applicant.value:
            chosen["recuse"] = f"{self.expert.value}:{self.applicant.value}"
        elif self.expert.value:
            chosen["without_expert"] = self.expert.value
        if self.indicator.value:
            chosen["without_indicator"] = self.indicator.value
        if self.rule.value and self.value.value != self.rules[self.rule.value][1]:
            chosen["rules"] = {self.rule.value: self._given(self.value.value)}
        return chosen

    def _given(self, text: str) -> Any:
        """What was typed, as it would stand in the panel's file; text that is no YAML as it is."""
        try:
            return yamltext.parse(text, "rules").value
        except EvalkitError:
            return text

    def _chosen(self, _change: object) -> None:
        """Show how the chosen rule is declared now, to be changed."""
        name = self.rule.value
        self.value.disabled = not name
        self.value.value = self.rules[name][1] if name else ""
        self.show()

    def _changed(self, _change: object) -> None:
        self.show()

    def _choice(self, what: Text, options: list[tuple[str, str]]) -> w.Dropdown:
        return w.Dropdown(
            options=options, description=self._words(what), layout=_WIDE, style=_STYLE
        )

    def _say(self, text: Text | str) -> None:
        marked = escape(self._words(mark(STATUS) or ""))
        said = str(escape(self._words(text))).replace("\n", "<br>")
        self.shown.value = f'<p><b>{marked}</b></p><p role="status">{said}</p>'

    def _words(self, text: Text | str) -> str:
        return render(text, self._language)


def _rules(results: Results) -> Iterator[tuple[str, tuple[Text, str]]]:
    """Every rule that may change a number, and each part of it: its name in the panel's file, what
    it is called, and how it is declared now.
    """
    declared = results.panel.rules.model_dump(mode="json", exclude_none=True)
    for rule, value in declared.items():
        if rule in CONDUCT:
            continue
        yield rule, (_("{name}（{key}）", name=RULE_NAMES[rule], key=rule), _flow(value))
        for key, part in value.items() if isinstance(value, dict) else ():
            name = f"{rule}.{key}"
            yield name, (_("{name}（{key}）", name=RULE_NAMES[rule], key=name), _flow(part))


def _flow(value: Any) -> str:
    """A declared value in a line, as it may stand in YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f'"{text}"' if ":" in text else text
