"""What an objector is told of the decision on an appeal, as plain JSON: no expert's name, and
nobody's points but the objector's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalkit.base.text import Text, _, render
from evalkit.base.wanted import asked
from evalkit.disclosure.comparison import publicity
from evalkit.disclosure.heading import heading
from evalkit.disclosure.views import Views
from evalkit.evaluation import Results
from evalkit.evaluation.comparison import Comparison

FORMAT = "evalkit-decision/1"

_OWN = ("rank", "total", "grade", "selected")


@asked
def decision_view(
    results: Results,
    applicant: str,
    case: Mapping[str, Any],
    compared: Comparison | None = None,
    language: str = "zh",
) -> dict[str, Any]:
    """The answer to an objection about ``applicant``; ``results`` are those objected to.

    ``case`` has ``number``, ``objector``, ``objector_is``, ``ground``, ``received``, ``published``,
    ``last``, ``in_time`` and, where they were taken, the days ``accepted`` and ``decided``, the
    names of the ``reviewers``, ``outcome`` (``refused``, ``kept``, ``changed``), ``reason``.
    An applicant that objects to its own results sees them before and after; nobody else does.
    """
    own = None
    if compared is not None and case["objector_is"] == "applicant":
        own = {
            side: _own(Views(found).applicant(applicant, language))
            for side, found in (("before", compared.before), ("after", compared.after))
        }
    changed, said = (False, None) if compared is None else publicity(*_both(compared), language)
    return {
        **heading(results if compared is None else compared.after, language),
        "format": FORMAT,
        "case": dict(case),
        "applicant": {"id": applicant, "name": results.panel.applicant(applicant).name},
        "own": own,
        "publicity": {"changed": changed, "said": None if said is None else said.render(language)},
    }


def _both(compared: Comparison) -> tuple[Results, Results]:
    return compared.before, compared.after


def _own(view: Mapping[str, Any]) -> dict[str, Any]:
    grade = view.get("grade")
    found = {key: view.get(key) for key in _OWN}
    return found | {"grade": grade and grade["name"]}


def changes(own: Mapping[str, Any]) -> list[Text]:
    """What of the objector's own results is another, a sentence each; empty where nothing is."""
    names = {"total": _("总分"), "rank": _("名次"), "grade": _("等次")}
    found = []
    for key, name in names.items():
        was, now = own["before"][key], own["after"][key]
        if was != now:
            values = {"name": name, "before": _said(was), "after": _said(now)}
            found.append(_("{name}由 {before} 变为 {after}", **values))
    return found


def _said(value: Any) -> str:
    return render(_("（无）"), "zh") if value is None else str(value)
