"""Whether a rubric file says where its text is silent: for each rule left open, and for no other.

A rule whose article is missing is refused without one when a round does not declare it; a silence
under an unknown name is never found.
"""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.rubric import Rubric
from evalkit.rubric.open_rules import (
    DECLARED,
    RULE_NAMES,
    SILENCES,
    concerns,
    needed,
    required,
    rule_name,
)


@asked
def findings(rubric: Rubric) -> Iterator[Text]:
    """A sentence for each silence that nobody asks for, and each rule without an article."""
    asked = dict(_asked(rubric))
    known = [*asked, *RULE_NAMES] if rubric.dimensions or rubric.procedures else [*asked]
    for n, silence in enumerate(rubric.silences):
        if silence.rule not in known:
            yield _(
                "silences[{n}]：没有名为“{rule}”的规则须由人声明，请检查拼写，可选：{known}",
                n=n,
                rule=silence.rule,
                known=list(dict.fromkeys(known)),
            )
    for rule, what in asked.items():
        if not any(silence.rule == rule for silence in rubric.silences):
            yield _(
                "silences 里没有“{rule}”（{what}）：请写明原文哪一条对此没有规定，"
                "没有声明时才能说出条款",
                rule=rule,
                what=what,
            )


def _asked(rubric: Rubric) -> Iterator[tuple[str, Text]]:
    """Each rule that a panel, an office or a ledger on this text has to declare, with its name."""
    for procedure in rubric.procedures or ([None] if rubric.dimensions else []):
        if procedure is None or procedure.table == "rubric":
            for rule in sorted(required(rubric, procedure, grouped=False)):
                yield rule, rule_name(rubric, rule)
    for rule in needed(rubric):
        yield rule, DECLARED[rule.partition(".")[0]]
    if rubric.tasks:
        for rule, what in SILENCES.items():
            if concerns(rule, rubric):
                yield rule, what
