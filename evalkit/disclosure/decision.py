"""What is told of the decision on an appeal, as plain JSON: no expert's name, and of points nothing
but what its reader may know of the applicant concerned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.disclosure.comparison import publicity
from evalkit.disclosure.heading import heading
from evalkit.disclosure.views import Views
from evalkit.evaluation import Results
from evalkit.evaluation.comparison import Comparison

FORMAT = "evalkit-decision/2"

Reader = Literal["objector", "applicant"]

_OWN = ("total", "rank", "grade", "selected")


@asked
def decision_view(
    results: Results,
    applicant: str,
    case: Mapping[str, Any],
    compared: Comparison | None = None,
    language: str = "zh",
    to: Reader = "objector",
) -> dict[str, Any]:
    """The answer to an objection about ``applicant``, or what is told ``to`` the applicant of the
    objection of somebody else; ``results`` are those objected to.

    ``case`` has ``number``, ``objector``, ``objector_is``, ``ground``, ``received``, ``published``,
    ``last``, ``in_time`` and, where they were taken, the days ``accepted`` and ``decided``, the
    names of the ``reviewers``, ``outcome`` (``refused``, ``kept``, ``changed``), ``reason``.
    ``result`` has ``total``, ``rank``, ``grade``, ``selected`` of the applicant ``before`` and
    ``after`` (None where nothing was reopened): whole for the applicant itself; for anybody else
    the keys that the panel declared to be public, and none where the applicant is not on the list.
    The applicant is not told who objected, nor in which words.
    """
    own = to == "applicant" or case["objector_is"] == "applicant"
    shown = _own if own else _published
    changed = None
    if compared is not None:
        changed, _said = publicity(compared.before, compared.after, language)
    hidden = {"objector", "ground"} if to == "applicant" else set[str]()
    concerned = results.panel.applicant(applicant)
    return {
        **heading(results if compared is None else compared.after, language),
        "format": FORMAT,
        "to": to,
        "own": own,
        "case": {key: value for key, value in case.items() if key not in hidden},
        "applicant": {"id": applicant, "name": concerned.name, "lead": concerned.lead},
        "result": {
            "before": shown(results, applicant),
            "after": None if compared is None else shown(compared.after, applicant),
        },
        "publicity": {"changed": changed},
    }


def _own(results: Results, applicant: str) -> dict[str, Any]:
    view = Views(results).applicant(applicant)
    found = {key: view[key] for key in _OWN if view.get(key) is not None}
    return found | ({"grade": view["grade"]["name"]} if "grade" in found else {})


def _published(results: Results, applicant: str) -> dict[str, Any]:
    """What anybody reads of the applicant on the list for publicity."""
    rules, views = results.panel.rules, Views(results)
    if rules.disclosure.public is None or applicant not in views.listed():
        return {}
    shown = {*rules.disclosure.public, "selected"}
    return {key: value for key, value in _own(results, applicant).items() if key in shown}


def stated(view: Mapping[str, Any]) -> list[Text]:
    """The numbers of a `decision_view`: each as it is, or as it was and is now."""
    was, now = view["result"]["before"], view["result"]["after"]
    if now is None:
        return [_("{name} {value}", name=name, value=was[key]) for key, name in _named(was)]
    return list(_moves(was, now, _("（无）") if view["own"] else _("（不公开）")))


def _moves(was: Mapping[str, Any], now: Mapping[str, Any], none: Text) -> Iterator[Text]:
    for key, name in _named({**was, **now}):
        values = {"name": name, "before": was.get(key, none), "after": now.get(key, none)}
        if values["before"] == values["after"]:
            yield _("{name}仍为 {after}", **values)
        else:
            yield _("{name}由 {before} 变为 {after}", **values)
    chosen = now.get("selected", "no")
    if chosen != was.get("selected", "no"):
        yield _SELECTED.get(chosen, _("是否拟选待定"))


_SELECTED = {"yes": _("现列为拟选"), "no": _("不再列为拟选")}


def _named(known: Mapping[str, Any]) -> list[tuple[str, Text]]:
    names = {"total": _("总分"), "rank": _("名次"), "grade": _("等次")}
    return [(key, name) for key, name in names.items() if key in known]
