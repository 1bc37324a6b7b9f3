"""Complete sets of rules that a panel may take as a whole, each with its name, source and reasons.

Nothing is decided by taking one silently: a draft shows every rule with its reason, and its file is
refused until a person has put a name and a day to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from evalkit.base import resources, yamltext
from evalkit.base.build import build
from evalkit.base.declared import Declared, Identifier, Words
from evalkit.base.errors import Refused
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.panel.model import Panel
from evalkit.panel.rules import Rules
from evalkit.rubric.open_rules import RULE_NAMES

MAX_BYTES = 100_000


class Part(Declared):
    """One rule, as a panel file has it, and why."""

    value: Any
    because: Words


class Profile(Declared):
    """A set of rules; what depends on the text or the round (measures, grades, places) it leaves to
    the panel.
    """

    format: Literal["evalkit-profile/1"]
    id: Identifier
    title: Words
    source: Words
    """这套规则的出处"""
    why: Words
    """什么时候用，代价是什么"""
    rules: Mapping[Identifier, Part] = Field(min_length=1)


@asked
def profile(name: str) -> Profile:
    """The profile ``name`` that comes with evalkit. Raises Refused for an unknown one."""
    found = {p.id: p for p in profiles()}
    if name not in found:
        text = _("没有成套规则“{name}”，可选：{names}", name=name, names=list(found))
        raise Refused(text)
    return found[name]


def profiles() -> list[Profile]:
    """All profiles that come with evalkit, by id."""
    files = sorted(resources.path("panels", "profiles").glob("*.yaml"))
    return [build(Profile, yamltext.read(file, MAX_BYTES)) for file in files]


def departures(panel: Panel) -> Iterator[Text]:
    """A sentence on the profile that ``panel`` took, and one for each rule that is not as in it.

    Nothing for a panel without profile, and only the first where this evalkit does not have it.
    """
    taken = panel.profile
    if taken is None:
        return
    known = {p.id: p for p in profiles()}.get(taken.id)
    title = known.title if known else taken.id
    yield _(
        "本轮规则采用成套规则“{title}”，由{by}于 {on} 决定。",
        title=title,
        by=taken.adopted_by,
        on=taken.decided_on,
    )
    declared = panel.rules.model_dump(mode="json", exclude_none=True)
    for name, part in (known.rules if known else {}).items():
        if name in declared and declared[name] != _as_declared(declared, name, part.value):
            yield _("“{rule}”没有照成套规则，另有规定。", rule=RULE_NAMES[name])


def _as_declared(declared: dict[str, Any], name: str, value: Any) -> Any:
    """``value`` of the rule ``name`` as the model dumps it, among rules that are complete."""
    if isinstance(value, dict):
        value = {k: v for k, v in value.items() if k != "total_of" or k in declared[name]}
    rules = Rules.model_validate({**declared, name: value})
    return rules.model_dump(mode="json", exclude_none=True)[name]
