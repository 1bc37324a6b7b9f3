"""All that is missing for official results, before the lock closes the round.

The lock waits until nothing is; then `evaluate` gives every applicant a total, unless the declared
rules leave it out, and nothing stays undecided but what they leave to a person, such as a tie.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evalkit.base.errors import EvalkitError, Refused
from evalkit.base.text import Text, _
from evalkit.base.tidy_words import UNSCORED_WORD
from evalkit.panel import Applicant, Panel
from evalkit.panel.rules import Rules
from evalkit.record.entered import facts_of
from evalkit.record.fields import blank, fields, title
from evalkit.record.history import History
from evalkit.record.lack import Kind, Lack, by_chair, by_expert, by_secretary, command, named
from evalkit.record.lacking_people import people
from evalkit.record.owed import BONUS, DEDUCTION, GATE, MEASURE, Owed, failed, owed
from evalkit.rubric import Rubric

if TYPE_CHECKING:
    from evalkit.evaluation import Results

MOST_SHOWN = 20
"""So many are listed where the lock refuses; all of them stand in the table."""


def lacking(rubric: Rubric, panel: Panel, history: History) -> tuple[Lack, ...]:
    """All that is missing, by who owes it: experts as the panel names them, then the secretary.

    ``rubric`` is that in force. Applicants that fail a condition of entry hold up nobody. A locked
    round lacks nothing.
    """
    if history.lock is not None:
        return ()
    out = failed(rubric, panel, history)
    found: list[Lack] = list(people(panel, history, out))
    for applicant in panel.applicants:
        if applicant.id not in out:
            found += _sheets(rubric, panel, history, applicant)
    for one in owed(rubric, panel):
        if one.applicant.id not in out and _waits(panel.rules, history, one):
            found.append(_unrecorded(panel, history, one))
    found += [lack for lack in _disputed(rubric, panel, history) if lack.applicant not in out]
    try:
        waiting = {lack.applicant for lack in found if lack.kind != "commitment"}
        found += _uncounted(rubric, panel, history, waiting)
    except EvalkitError as error:
        check = command("panel check {round} --for-lock")
        found += [by_secretary(panel, "results", p.text, check) for p in error.problems]
    if history.discussion is not None:
        remedy = command("panel discuss {round} close --reason {why}", why=_("理由"))
        found.append(by_chair(panel, "discussion", _("讨论没有结束"), remedy))
    order = [*(e.id for e in panel.experts), panel.secretary.id]
    return tuple(sorted(found, key=lambda lack: order.index(lack.owes)))


def require_nothing(rubric: Rubric, panel: Panel, history: History) -> None:
    """Raise Refused, with who owes what, while anything is missing for official results."""
    if not (found := lacking(rubric, panel, history)):
        return
    lines = [lack.line() for lack in found[:MOST_SHOWN]]
    if more := len(found) - len(lines):
        lines.append(_("另有 {n} 项，全部见 evalkit panel check --for-lock", n=more))
    raise Refused(_("还缺 {n} 项，不能锁定：", n=len(found)), *lines)


def _sheets(rubric: Rubric, panel: Panel, history: History, applicant: Applicant) -> Iterator[Lack]:
    """Sheets that are not submitted, and what is blank on one that is: of claims made since."""
    names = {name: title(rubric, name) for name in fields(rubric, panel, applicant.id)}
    for expert in panel.seats(applicant.id) if names else ():
        if not panel.may_score(applicant.id, expert):
            continue
        empty = blank(history, names, expert, applicant.id)
        titles = [names[name] for name in empty]
        begun, whole = history.begun(expert, applicant.id), panel.rules.missing == "refuse"
        if not history.submitted(expert, applicant.id):
            if begun or whole:
                what = _open_sheet(applicant, titles, begun=begun)
                remedy = command("sheet {round} --expert {expert}", expert=expert)
                yield by_expert(panel, expert, "sheet", what, remedy, applicant.id)
        elif whole:
            for name, shown in zip(empty, titles, strict=True):
                what = _("{applicant}的“{name}”没有打分", applicant=named(applicant), name=shown)
                remedy = _reopen(expert, applicant.id)
                yield by_expert(panel, expert, "score", what, remedy, applicant.id, name)


def _open_sheet(applicant: Applicant, empty: list[str], *, begun: bool) -> Text:
    values = {"applicant": named(applicant), "n": len(empty), "names": empty}
    if not begun:
        return _("{applicant}的评分表没有提交", **values)
    if not empty:
        return _("{applicant}的评分表已打齐，没有提交", **values)
    return _("{applicant}的评分表已动笔，没有提交，还有 {n} 项没打：{names}", **values)


def _reopen(expert: Text | str, applicant: str) -> Text:
    words = "panel reopen {round} --expert {expert} --applicant {applicant} --reason {why}"
    return command(words, expert=expert, applicant=applicant, why=_("理由"))


def _waits(rules: Rules, history: History, one: Owed) -> bool:
    """Whether nothing is recorded, or only that nothing is known where the rules wait for it."""
    event = history.recorded(one.kind, one.applicant.id, one.indicator)
    if event is None:
        return True
    points = event.payload["points"]
    if one.what == MEASURE and points == UNSCORED_WORD:
        return rules.measures is not None and rules.measures.missing == "refuse"
    if one.what == GATE and points == "unknown":
        return rules.gates is not None and rules.gates.unknown == "refuse"
    return False


_MISSING = {
    MEASURE: _("{applicant}的“{title}”（{id}）没有登记测量值"),
    GATE: _("{applicant}是否满足准入条件 {title}（{id}）没有登记"),
    BONUS: _("{applicant}的加分成果“{title}”（{id}）没有认定"),
    DEDUCTION: _("{applicant}的扣分项“{title}”（{id}）没有认定，不扣的登记 0"),
}
_UNKNOWN = {
    MEASURE: _(
        "{applicant}的“{title}”（{id}）登记为没有数据，而本轮没有测量值就不出结果"
        "（measures.missing: refuse）"
    ),
    GATE: _(
        "{applicant}是否满足准入条件 {title}（{id}）登记为尚不清楚，而本轮不清楚就不出结果"
        "（gates.unknown: refuse）"
    ),
}
_KINDS: dict[str, Kind] = {
    MEASURE: "measure",
    GATE: "gate",
    BONUS: "bonus",
    DEDUCTION: "deduction",
}
_OPTIONS = {
    MEASURE: "--indicator {id} --value {value} --evidence {evidence}",
    GATE: "--condition {id} --value {value} --evidence {evidence}",
    BONUS: "--item {id} --points {points} --evidence {evidence}",
    DEDUCTION: "--item {id} --points {points} --evidence {evidence}",
}


def _unrecorded(panel: Panel, history: History, one: Owed) -> Lack:
    event = history.recorded(one.kind, one.applicant.id, one.indicator)
    what = (_MISSING if event is None else _UNKNOWN)[one.what].filled(
        applicant=named(one.applicant), title=one.title, id=one.indicator
    )
    again = " --reason {reason}" if event is not None else ""
    remedy = command(
        f"record {one.what} {{round}} --applicant {{applicant}} {_OPTIONS[one.what]}{again}",
        applicant=one.applicant.id,
        id=one.indicator,
        value=_("数值") if one.unit else "pass",
        points=_("分数"),
        evidence=_("依据"),
        reason=_("理由"),
    )
    owes = by_secretary if one.kind != "recognition" else by_chair
    return owes(panel, _KINDS[one.what], what, remedy, one.applicant.id, one.indicator)


def _disputed(rubric: Rubric, panel: Panel, history: History) -> Iterator[Lack]:
    """Measured values that an expert who may still score disputes, and that nobody answered for."""
    for event in (stand.event for stand in history.spoken.disputes() if stand.open):
        applicant, name = event.applicant, event.indicator
        value = history.recorded("measure", applicant, name)
        known = applicant in {a.id for a in panel.applicants}
        if value is None or not known or not panel.may_score(applicant, event.author):
            continue
        what = _(
            "{expert}对{applicant}的“{name}”的测量值 {value} 有异议：{text}",
            expert=named(panel.expert(event.author)),
            applicant=named(panel.applicant(applicant)),
            name=title(rubric, name),
            value=value.payload["points"],
            text=event.payload["text"],
        )
        remedy = command(
            "record answer {round} --applicant {applicant} --indicator {id} --text {why}",
            applicant=applicant,
            id=name,
            why=_("答复"),
        )
        yield by_secretary(panel, "dispute", what, remedy, applicant, name)


def _uncounted(rubric: Rubric, panel: Panel, history: History, waiting: set[str]) -> Iterator[Lack]:
    """What submitted sheets and records do not come to, for applicants that lack nothing else.

    Once nothing at all is missing the official function has the last word. Raises what reading
    facts and `evaluate` raise.
    """
    from evalkit.evaluation import evaluate
    from evalkit.facts.columns import Basis

    facts = facts_of(rubric, panel, history, submitted_only=True, basis=Basis("table"))
    results = evaluate(rubric, panel, facts, trial=True)
    wrong = list(_disagreements(results))
    waiting = waiting | {lack.applicant for lack in wrong}
    wrong += _without_scores(results, history, waiting)
    if not wrong and not waiting:
        evaluate(rubric, panel, facts)
    yield from wrong


def _disagreements(results: Results) -> Iterator[Lack]:
    """Points that experts have to compute, and that they compute differently."""
    from evalkit.evaluation.measured import DISAGREED, agreement
    from evalkit.facts.columns import SCORED
    from evalkit.scoring.points import text

    rubric, panel, facts = results.rubric, results.panel, results.facts
    wrong = (agreement(rubric, panel, facts) == DISAGREED) & results.eligible[:, None]
    for n, c in zip(*wrong.nonzero(), strict=True):
        applicant, name = panel.applicants[n], facts.columns[c]
        given = [
            f"{facts.experts[facts.seats[n, s]]} {text(int(facts.points[n, s, c]), facts.scale)}"
            for s in (facts.state[n, :, c] == SCORED).nonzero()[0]
        ]
        what = _(
            "{applicant}的“{name}”各专家算得不一样（{given}），定量指标只有一个正确的分数",
            applicant=named(applicant),
            name=title(rubric, name),
            given=given,
        )
        remedy = _reopen(_("专家标识"), applicant.id)
        yield by_secretary(panel, "agreement", what, remedy, applicant.id, name)


def _without_scores(results: Results, history: History, waiting: set[str]) -> Iterator[Lack]:
    """Columns without a value: nobody's score counts there, so there is no total either."""
    rubric, panel, facts = results.rubric, results.panel, results.facts
    for n in (results.eligible & ~results.defined.all(axis=1)).nonzero()[0]:
        applicant = panel.applicants[n]
        if applicant.id in waiting:
            continue
        able = [e for e in panel.seats(applicant.id) if panel.may_score(applicant.id, e)]
        free = [e for e in able if not history.submitted(e, applicant.id)]
        remedy = _reopen(_("专家标识"), applicant.id)
        if free:
            remedy = command("sheet {round} --expert {expert}", expert=free[0])
        for c in (~results.defined[n]).nonzero()[0]:
            name = facts.columns[c]
            what = _(
                "没有一位专家对{applicant}的“{name}”的评分计入，须有人打分"
                "（退回改评，或在评审组文件里增派专家）",
                applicant=named(applicant),
                name=title(rubric, name),
            )
            yield by_secretary(panel, "uncounted", what, remedy, applicant.id, name)
