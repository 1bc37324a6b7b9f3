"""What is said of an applicant, line by line, and the command for what may come next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalkit.base.text import Text, _

Line = tuple[Text, str | None]
"""What is said, and in which style."""

_PROPOSED = {"yes": _("拟选"), "no": _("未拟选"), "tied_at_cut": _("并列待定")}
"""What locked results propose, where whoever decides reads it."""


def lines(one: dict[str, Any], names: dict[str, str]) -> Iterator[Line]:
    """Everything that `outlook` gives, in words; ``names`` of people by their ids."""
    yield _state(one)
    for y in one["years"]:
        how = _("（整改后）") if y["repeated"] else _("（视为）") if y["deemed"] else ""
        yield _("{year} 年度：{grade}{how}", **y, how=how), None
    yield from ((_round(r, names), None) for r in one["rounds"])
    for o in one["objections"]:
        yield from _objection(o, names)
    yield from _next(one)
    yield from _proposals(one, names)
    for d in one["deadlines"]:
        late = _("，已逾期") if d["overdue"] else ""
        style = "red" if d["overdue"] else None
        yield _("期限：{what}，最后一日 {last_day}{late}（{article}）", **d, late=late), style
    yield from ((_figure(f), _kept(f)) for f in one["figures"])
    yield from ((_owed(o), "red" if o["overdue"] else "yellow") for o in one["owed"] or ())
    yield from ((_("义务：{text}（{article}）", **duty), None) for duty in one["duties"])
    yield from ((_("注意：{remark}", remark=r), "yellow") for r in one["remarks"])


def _state(one: dict[str, Any]) -> Line:
    from evalkit.office.outlook import STATES

    state = STATES[one["state"]]
    if one["title"]:
        return _("{state}：{title}，自 {since} 起", **{**one, "state": state}), "green"
    if one["revoked"]:
        return _("{state}（{revoked}）", **{**one, "state": state}), "red"
    return state, None


def _next(one: dict[str, Any]) -> Iterator[Line]:
    """The stages that come next, with what they need."""
    from evalkit.office.decisions import OUTCOMES

    for n in one["next"]:
        may = [OUTCOMES[outcome] for outcome in n["outcomes"]]
        text = _("下一环节（{round}）：{name}，由{actor}，可记：{may}（{article}）", **n)
        yield text.filled(may=may), None
        for need in n["needs"]:
            yield _("须有：{text}（{article}）", **need), None


def coming(one: dict[str, Any], file: object) -> Iterator[Line]:
    """What may be put on record next, by whom, with the command for it."""
    from evalkit.office.decisions import OUTCOMES
    from evalkit.rubric.field_names import PROPOSED

    start = f"evalkit standing record {file}"
    begun = [*one["next"], *one["may_begin"]]
    for n in begun:
        may = [OUTCOMES[outcome] for outcome in n["outcomes"]]
        values = {**n, "may": may, "who": n["people"] or _("（没有登记这一身份的人）")}
        yield _("环节“{name}”（{article}，{round}）由{actor}：{who}；可记：{may}", **values), None
        by = n["people"][0] if n["people"] else "?"
        many = f" --round {n['round']}" if len(begun) > 1 else ""
        first = f"  {start} decide {one['id']} {n['stage']}"
        open_ = [o for o in one["objections"] if o["round"] == n["round"] and o["next"]]
        for o in open_:
            what = [OUTCOMES[outcome] for outcome in o["next"]]
            yield _("　异议 {id}（{who}）：可记 {what}", **o, who=o["objector"], what=what), None
            yield Text(f"{first} {what[-1]} --answers {o['id']}{many} --by {by} --reason …"), "dim"
        if not open_:
            yield Text(f"{first} {may[0]}{many} --by {by}"), "dim"
    for p in (*one["proposals"], *one["declined"]):
        values = {**p, "what": PROPOSED[p["then"]], "who": p["people"] or p["decides"]}
        yield _("建议{what}（{article}，起因 {cause}）由 {who} 决定", **values), None
        by = p["people"][0] if p["people"] else "?"
        command = f"  {start} answer {one['id']} {p['rule']} 采纳 --cause {p['cause']} --by {by}"
        yield Text(f"{command} --reason …"), "dim"
    for d in one["duties"]:
        if d["reported"]:
            yield _("报送：{text}（{article}）", **d), None
            more = "--year … --value …" if d["measured"] else "--year …"
            yield Text(f"  {start} figure {one['id']} {d['id']} {more} --evidence … --by …"), "dim"


def _round(r: dict[str, Any], names: dict[str, str]) -> Text:
    """What came of a round, and which locked results it rests on."""
    text = _(
        "{round}（{name}）：{stage_name}，{verdict}（{article}），{day} {who}",
        **{**r, "who": names[r["by"]]},
    )
    if r["grade"]:
        text = _("{text}；等次：{grade}", text=text, grade=r["grade"])
    if r["title"] and r["ended"]:
        text = _("{text}；认定为“{title}”", text=text, title=r["title"])
    if r["reason"]:
        text = _("{text}；理由：{reason}", text=text, reason=r["reason"])
    if r["results"]:
        values = {"digest": f"{r['results']:.12}…", "root": f"{r['root']:.12}…"}
        text = _("{text}；取自锁定的结果 {digest}（根哈希 {root}）", text=text, **values)
    if r["proposed"]:
        text = _("{text}，{proposed}", text=text, proposed=_PROPOSED[r["proposed"]])
    return text


def _objection(o: dict[str, Any], names: dict[str, str]) -> Iterator[Line]:
    """Who objects to what, and what became of it."""
    from evalkit.office.decisions import OUTCOMES
    from evalkit.office.objections import OBJECTORS, STATES

    who = o["objector"] or _("（没有写明）")
    if o["objector_is"]:
        who = _("{who}（{kind}）", who=who, kind=OBJECTORS[o["objector_is"]])
    values = {**o, "who": who, "state": STATES[o["state"]]}
    style = None if o["state"] in {"not_admitted", "dismissed", "upheld"} else "yellow"
    yield _("异议 {id}（{round}）：{day} {who} 提出，{ground}；{state}", **values), style
    for s in o["steps"]:
        values = {**s, "what": OUTCOMES[s["outcome"]], "who": names[s["by"]]}
        text = _("　{id} {what}：{day} {who}", **values)
        yield _("{text}，{reason}", text=text, reason=s["reason"]) if s["reason"] else text, style


def _kept(f: dict[str, Any]) -> str | None:
    """The style of a figure: red below its bound, yellow after its last day."""
    return "red" if f["met"] is False else "yellow" if f["late"] else None


def _figure(f: dict[str, Any]) -> Text:
    year = _("{year} 年度{period}", year=f["year"], period=f["period"] or "")
    text = _("{year}：{value} {unit}，{evidence}（{article}），{day}")
    if f["value"] is None:
        text = _("已报 {year}：{evidence}（{article}），{day}")
    text = text.filled(**{**f, "year": year})
    if f["late"]:
        text = _("{text}；最后一日 {last_day}，逾期 {late} 天", **{**f, "text": text})
    if f["met"] is None:
        return text
    kept = _("符合") if f["met"] else _("不符合")
    return _("{text}；{kept}“{bound}”", text=text, kept=kept, bound=f["bound"])


def _owed(o: dict[str, Any]) -> Text:
    what = _("{year} 年度的", year=o["year"]) if o["year"] else _("定期的")
    text = _("未报：{what}“{text}”（{article}）", what=what, text=o["text"], article=o["article"])
    if o["last_day"] is None:
        return _("{text}；没有声明期限（rules.owed），不判断逾期", text=text)
    late = _("，已逾期") if o["overdue"] else ""
    return _("{text}，最后一日 {last_day}{late}", text=text, last_day=o["last_day"], late=late)


def _proposals(one: dict[str, Any], names: dict[str, str]) -> Iterator[Line]:
    """What is proposed, and what was decided on proposals, by whom."""
    from evalkit.rubric.field_names import PROPOSED

    for p in one["proposals"]:
        what = PROPOSED[p["then"]]
        text = _(
            "建议{what}：{because}（{article}），由{decides}决定；规定 {rule}，起因记录 {cause}",
            **p,
            what=what,
        )
        yield text, "yellow"
    for p in one["declined"]:
        text = _(
            "未采纳的“{what}”（{article}）以后仍可决定；规定 {rule}，起因记录 {cause}",
            **{**p, "what": PROPOSED[p["then"]]},
        )
        yield text, None
    for a in one["answered"]:
        done = {"accepted": _("已采纳"), "declined": _("未采纳")}[a["outcome"]]
        values = {**a, "what": PROPOSED[a["then"]], "done": done, "by": names[a["by"]]}
        yield _("{done}“{what}”（{article}）：{on} {by}，{reason}", **values), None
