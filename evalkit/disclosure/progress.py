"""How far a round is, for its secretary and chair: states and counts, never a score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalkit.base.terms import instant
from evalkit.base.text import Text, _
from evalkit.panel import Panel
from evalkit.panel.explain import times
from evalkit.record.history import History
from evalkit.record.lack import Lacking
from evalkit.record.opinion import opinions
from evalkit.record.owed import BONUS, DEDUCTION, GATE, MEASURE, owed
from evalkit.record.sheets import NAMES, SheetState, sheet_states
from evalkit.rubric import Rubric

FORMAT = "evalkit-progress/1"

STEPS = {
    GATE: _("准入条件"),
    MEASURE: _("测量值"),
    "sheets": _("专家评分"),
    BONUS: _("加分认定"),
    DEDUCTION: _("扣分认定"),
    "opinion": _("专家组意见"),
}
"""What is done for an applicant in a round, in its order; only those that this round has."""


def progress_view(
    rubric: Rubric, panel: Panel, history: History, lacking: Lacking | None, language: str
) -> dict[str, Any]:
    """``matrix``: by applicant, the state of each expert's sheet, and of each of the ``steps`` how
    many of how many are done; ``missing``: by person, what is owed (no ``lacking``: nothing), with
    a reminder to send; ``times``: the announced ones, and the stages of the procedure.

    Whoever runs the round reads it; there is no score in it and no comment.
    """
    states = sheet_states(rubric, panel, history)
    sheets = [one for row in states for one in row]
    return {
        "format": FORMAT,
        "language": language,
        "title": panel.title,
        "done": sum(one.done for one in sheets),
        "due": sum(one.due for one in sheets),
        "lacking": len(lacking or ()),
        "locked": history.lock.at if history.lock else None,
        "root": history.lock.payload["root"] if history.lock else None,
        "discussing": history.discussion is not None,
        "names": {state: name.render(language) for state, name in NAMES.items()},
        "experts": [
            {
                "id": expert.id,
                "name": expert.name,
                "chair": expert.role == "chair",
                "done": sum(row[n].done for row in states),
                "due": sum(row[n].due for row in states),
            }
            for n, expert in enumerate(panel.experts)
        ],
        **_matrix(rubric, panel, history, states),
        "missing": [] if lacking is None else _owing(panel, lacking, language),
        "times": _times(rubric, panel, language),
    }


def _matrix(
    rubric: Rubric, panel: Panel, history: History, states: list[list[SheetState]]
) -> dict[str, Any]:
    counts = _counts(rubric, panel, history, states)
    steps = [name for name in STEPS if any(own[name][1] for own in counts.values())]
    return {
        "steps": [STEPS[name] for name in steps],
        "matrix": [
            {
                "id": applicant.id,
                "name": applicant.name,
                "sheets": [
                    {"state": one.state, "filled": one.filled, "items": one.items} for one in row
                ],
                "steps": [counts[applicant.id][name] for name in steps],
            }
            for applicant, row in zip(panel.applicants, states, strict=True)
        ],
    }


def _counts(
    rubric: Rubric, panel: Panel, history: History, states: list[list[SheetState]]
) -> dict[str, dict[str, tuple[int, int]]]:
    """By applicant and step: how many are done, of how many."""
    said = opinions(history.events)
    found = {
        row[0].applicant: dict.fromkeys(STEPS, (0, 0))
        | {"sheets": (sum(one.done for one in row), sum(one.due for one in row))}
        | {"opinion": (int(row[0].applicant in said), 1)}
        for row in states
    }
    for one in owed(rubric, panel):
        done, of = found[one.applicant.id][one.what]
        there = history.recorded(one.kind, one.applicant.id, one.indicator) is not None
        found[one.applicant.id][one.what] = done + there, of + 1
    return found


def _owing(panel: Panel, lacking: Lacking, language: str) -> list[dict[str, Any]]:
    """Each person who owes anything: what, how to fill it, and a reminder to send."""
    people = {p.id: p.name for p in (panel.secretary, *panel.experts)}
    by_person: dict[str, list[Any]] = {}
    for lack in lacking:
        by_person.setdefault(lack.owes, []).append(lack)
    rows = []
    called = {a.id: a.name for a in panel.applicants}
    for (who, short), (id, own) in zip(lacking.in_short(called), by_person.items(), strict=True):
        lines = [line.render(language) for line in short]
        reminder = _reminder(panel, people[id], lines).render(language)
        all_of_it = [(lack.what.render(language), lack.remedy.render(language)) for lack in own]
        rows.append(
            {
                "who": who.render(language),
                "n": len(own),
                "lines": lines,
                "reminder": reminder,
                "all": all_of_it,
            }
        )
    return rows


def _reminder(panel: Panel, name: str, lines: list[str]) -> Text:
    return _(
        "{name}您好：“{title}”锁定之前还缺您以下各项，请于{lock}前完成。\n{lines}\n"
        "评审秘书 {secretary}",
        name=name,
        title=panel.title,
        lock=instant(panel.schedule.lock),
        lines="\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1)),
        secretary=panel.secretary.name,
    )


def _times(rubric: Rubric, panel: Panel, language: str) -> list[dict[str, str]]:
    """The announced times of the round, then the stages of its procedure as the text has them."""
    schedule = panel.schedule
    found: list[tuple[Text | str, Text | str]] = [
        (_("开评"), instant(schedule.opens)),
        (_("截止"), instant(schedule.lock)),
        (_("说明"), times(schedule)),
        *_stages(rubric, panel),
    ]
    shown = []
    for name, words in found:
        said = [w.render(language) if isinstance(w, Text) else w for w in (name, words)]
        shown.append({"name": said[0], "words": said[1]})
    return shown


def _stages(rubric: Rubric, panel: Panel) -> Iterator[tuple[Text | str, Text | str]]:
    procedure = panel.procedure_of(rubric)
    for stage in procedure.stages if procedure else ():
        actor = stage.actor or _("由办公室声明")
        yield (
            stage.name,
            _("{article}，{actor}：{text}", article=stage.article, actor=actor, text=stage.text),
        )
