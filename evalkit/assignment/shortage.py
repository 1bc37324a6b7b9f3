"""Why there is no assignment: the requirements that cannot hold, by name."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evalkit.assignment.question import Question
from evalkit.base.text import Text, _
from evalkit.panel.explain_conduct import ROLES


def shortages(question: Question) -> list[Text]:
    """A sentence for each requirement that cannot hold: first what no choice of seats could mend,
    else the fewest that would have to give way. Never empty where `solve` raised Infeasible.
    """
    return list(_alone(question)) or list(_together(question))


def _alone(question: Question) -> Iterator[Text]:
    """Applicants and experts whose requirement fails whatever the others get; then the sums."""
    free, held = question.free, question.held
    load = held.sum(axis=0)
    able = free & (held | (load < question.load[1]))
    for n, applicant in enumerate(question.panel.applicants):
        who = {"applicant": f"{applicant.name}（{applicant.id}）"}
        need = int(question.seats[0][n])
        if (there := int(able[n].sum())) < need:
            yield _free(question, n, there, need)
            continue
        for kind in question.kinds:
            if (there := int((able[n] & kind.members).sum())) < kind.least:
                text = _("{applicant}须有 {need} 位{kind}专家，能评的只有 {n} 位")
                name = ROLES.get(kind.name, kind.name)
                yield text.filled(**who, need=kind.least, kind=name, n=there)
        least = question.asked.expertise or 0
        if (there := int((able[n] & question.matching[n]).sum())) < least:
            field = applicant.field or applicant.industry or _("（没有写明）")
            text = _("{applicant}须有 {need} 位熟悉“{field}”的专家，能评的只有 {n} 位")
            yield text.filled(**who, need=least, field=field, n=there)
    low = question.load[0]
    for n, expert in enumerate(question.panel.experts):
        if (there := int(free[:, n].sum())) < low[n]:
            text = _("{expert}至少要评 {need} 个对象，能评的只有 {n} 个")
            who = {"expert": f"{expert.name}（{expert.id}）"}
            yield text.filled(**who, need=int(low[n]), n=there)
    need, room = int(question.seats[0].sum()), int(question.load[1].sum())
    if need > room:
        text = _("各对象合计须有 {need} 个席位，各位专家的负荷上限合计只有 {room} 个")
        yield text.filled(need=need, room=room)
    most, least_load = int(question.seats[1].sum()), int(low.sum())
    if least_load > most:
        text = _("各位专家的负荷下限合计 {need} 个席位，各对象合计至多 {room} 个")
        yield text.filled(need=least_load, room=most)


def _free(question: Question, n: int, there: int, need: int) -> Text:
    """How many experts are free for an applicant, and what keeps the others from it."""
    applicant, panel = question.panel.applicants[n], question.panel
    apart = sum((applicant.id, e.id) in panel.recused for e in panel.experts)
    able = int(question.free[n].sum())
    return _(
        "{applicant}须有 {need} 位专家，能评的只有 {n} 位"
        "（共 {all} 位：回避 {apart}，不在其组 {other}，负荷已满 {full}）",
        applicant=f"{applicant.name}（{applicant.id}）",
        need=need,
        n=there,
        all=len(panel.experts),
        apart=apart,
        other=len(panel.experts) - apart - able,
        full=able - there,
    )


def _together(question: Question) -> Iterator[Text]:
    """The fewest seats by which requirements fail that cannot hold all at once."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]
    from scipy.sparse import csr_array, hstack  # type: ignore[import-untyped]

    from evalkit.assignment.solve import program

    whole, _steps, names = program(question, np.argwhere(question.free))
    rows = [n for n, name in enumerate(names) if name[0] != "load"]
    size, k = whole.matrix.shape[1], len(rows)
    slack = csr_array((np.ones(k), (rows, np.arange(k))), shape=(len(names), k))
    found = milp(
        np.concatenate([np.zeros(size), np.ones(k)]),
        constraints=LinearConstraint(hstack([whole.matrix, slack]), whole.low, whole.high),
        bounds=Bounds(
            np.concatenate([whole.least, np.zeros(k)]),
            np.concatenate([whole.most, np.full(k, np.inf)]),
        ),
        integrality=np.ones(size + k),
        options={"time_limit": 60},
    )
    missing = [] if found.x is None else np.rint(found.x[size:]).astype(int).tolist()
    short = [(names[row], n) for row, n in zip(rows, missing, strict=False) if n]
    for (what, place, name), n in short:
        yield _short(question, what, place, name, n)
    if not short:
        yield _("人数、负荷、组别、类别和领域的要求不能同时满足，请放宽一样再试")


def _short(question: Question, what: str, place: int, name: str, n: int) -> Text:
    applicant, expert = question.panel.applicants, question.panel.experts
    if what == "least load":
        e = expert[place]
        text = _("同时满足其余要求，{expert}还差 {n} 个对象才到负荷下限")
        return text.filled(expert=f"{e.name}（{e.id}）", n=n)
    a = applicant[place]
    whose = {
        "seats": _("专家"),
        "kind": _("{kind}专家", kind=ROLES.get(name, name)),
        "field": _("熟悉其领域的专家"),
    }[what]
    text = _("同时满足其余要求，{applicant}还差 {n} 位{whose}：别的对象也要用，负荷不够")
    return text.filled(applicant=f"{a.name}（{a.id}）", n=n, whose=whose)
