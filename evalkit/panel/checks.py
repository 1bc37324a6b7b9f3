"""What is wrong in a panel file beyond its form: rules left open, names that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from evalkit.base.build import unknown_key
from evalkit.base.declared import Place
from evalkit.base.text import Text, _
from evalkit.base.tidy_words import GATE_WORD, MEASURED_WORD, PANEL_WORD
from evalkit.base.wanted import asked
from evalkit.base.yamltext import Tree
from evalkit.panel import people_checks
from evalkit.panel.public import worked_out
from evalkit.panel.rule_checks import problems
from evalkit.panel.rules import Rules
from evalkit.panel.units import rule_of
from evalkit.rubric import Rubric
from evalkit.rubric.measures import FLAGGED, PoolRelative
from evalkit.rubric.open_rules import RULE_NAMES, required, rule_name, silent_article
from evalkit.rubric.provisions import Procedure

if TYPE_CHECKING:
    from evalkit.panel.model import Panel

SUMMARY_NAME = "summary"
"""The file name of the panel's summary, which no applicant may take."""

UNDECIDED = "待定"
"""Stands in a drafted file where a person has yet to choose; no file that has it is loaded."""


Found = Iterator[tuple[Place, Text]]


def undecided(tree: Tree, rubric: Rubric) -> Found:
    """Each place that still says `UNDECIDED`, with the article that is silent about it."""
    procedure = _procedure(tree, rubric)
    names = {i.id: i.name for i in rubric.indicators}
    for path, value in tree.scalars():
        if value != UNDECIDED:
            continue
        text = _("这里还是“待定”，请写明本轮的内容")
        if path[:1] == ("rules",) and path[1:2] and path[1] in RULE_NAMES:
            rule = str(path[1])
            what = names.get(str(path[-1]), rule_name(rubric, rule))
            article = silent_article(rubric, rule, procedure)
            text = _(
                "“{what}”还是“待定”。原文对此未作规定（{article}），须由评审组声明",
                what=what,
                article=article,
            )
        elif path[:1] == ("table",) and procedure:
            text = _no_table(procedure)
        yield path, text


def _procedure(tree: Tree, rubric: Rubric) -> Procedure | None:
    """The procedure that the file names, or the only one of the text."""
    name = tree.value.get("procedure") if isinstance(tree.value, dict) else None
    if name:
        return rubric.procedure(str(name))
    return rubric.procedures[0] if len(rubric.procedures) == 1 else None


def _no_table(procedure: Procedure) -> Text:
    return _(
        "原文（{article}）没有这个程序的指标表，须由评审组在 table 里给出，不能借用别的表",
        article=procedure.article,
    )


def wrong_procedure(tree: Tree, rubric: Rubric) -> Found:
    """What in the panel file does not fit the procedures of the text, or their tables."""
    given = tree.value if isinstance(tree.value, dict) else {}
    procedure, ids = _procedure(tree, rubric), [p.id for p in rubric.procedures]
    if procedure is None and (ids or given.get("procedure")):
        text = _("须写明本轮是哪一个程序，可选：{ids}", ids=ids)
        yield ("procedure",), text
        return
    supplied = "table" in given
    if not supplied and procedure and procedure.table == "panel":
        yield ("table",), _no_table(procedure)
    elif supplied and (procedure is None or procedure.table == "rubric"):
        text = _("原文已有指标表，评审组不能另给一张")
        yield ("table",), text
    elif not supplied and not rubric.indicators:
        yield ("rubric",), _("原文没有指标表，这套指标不能直接用于评分")


def undeclared(tree: Tree, rubric: Rubric) -> Found:
    """Each rule that the panel file leaves out, with the article that is silent about it."""
    given = tree.value if isinstance(tree.value, dict) else {}
    declared = given.get("rules")
    if not isinstance(declared, dict | None):
        return
    for key in declared or {}:
        if key not in RULE_NAMES:
            yield ("rules", key), unknown_key((key,), Rules)
    procedure = _procedure(tree, rubric)
    applicants = given.get("applicants")
    grouped = isinstance(applicants, list) and any(
        isinstance(a, dict) and a.get("group") for a in applicants
    )
    needed = required(rubric, procedure, grouped=grouped)
    for rule in RULE_NAMES:
        if rule in (declared or {}) or rule not in needed:
            continue
        text = _(
            "没有声明“{name}”。原文对此未作规定（{article}），须由评审组声明",
            name=rule_name(rubric, rule),
            article=silent_article(rubric, rule, procedure),
        )
        yield ("rules", rule), text


def inconsistent(panel: Panel, rubric: Rubric) -> Found:
    """Whatever in the panel does not fit its rubric or itself."""
    yield from _wrong_rubric(panel, rubric)
    yield from _repeated_ids(panel)
    yield from _wrong_chair(panel)
    yield from people_checks.unknown_names(panel)
    yield from _unseated(panel)
    yield from _wrong_times(panel)
    yield from _wrong_people(panel)
    yield from _wrong_groups(panel)
    grouped, procedure = any(a.group for a in panel.applicants), panel.procedure_of(rubric)
    for place, text in problems(panel.rules, rubric, procedure, grouped=grouped):
        yield ("rules", *place), text


def _wrong_rubric(panel: Panel, rubric: Rubric) -> Found:
    if panel.rubric != rubric.id:
        text = _("评审组用的指标体系是 {a}，给出的是 {b}", a=panel.rubric, b=rubric.id)
        yield ("rubric",), text


def _repeated_ids(panel: Panel) -> Found:
    for group in ("experts", "applicants"):
        seen: set[str] = set()
        for n, thing in enumerate(getattr(panel, group)):
            # ids become file names, and some file systems do not tell case apart
            if thing.id.lower() in seen:
                yield (group, n, "id"), _("标识“{id}”用了不止一次，请改成不同的", id=thing.id)
            seen.add(thing.id.lower())
    yield from _repeated_claims(panel)


def _repeated_claims(panel: Panel) -> Found:
    for n, applicant in enumerate(panel.applicants):
        if applicant.id.lower() == SUMMARY_NAME:
            text = _("标识“{id}”是评分汇总表的文件名，请改成别的", id=applicant.id)
            yield ("applicants", n, "id"), text
        if not applicant.claims:
            continue
        ids = [claim.id for claim in applicant.claims]
        if len(set(ids)) < len(ids):
            yield ("applicants", n, "claims"), _("同一对象的加分成果标识重复，请改成不同的")
        titles = ["".join(claim.title.split()) for claim in applicant.claims]
        for title in sorted({title for title in titles if titles.count(title) > 1}):
            text = _("成果“{title}”申报了两次，一项成果只计一次，请只留一项", title=title)
            yield ("applicants", n, "claims"), text


def _wrong_chair(panel: Panel) -> Found:
    if [e.role for e in panel.experts].count("chair") != 1:
        yield ("experts",), _("专家中须有且只有一位组长（role: chair）")
    if reserved := {PANEL_WORD, MEASURED_WORD, GATE_WORD, panel.secretary.id} & {
        e.id for e in panel.experts
    }:
        yield ("experts",), _("标识“{id}”另有他用，专家不能用", id=min(reserved))


def _wrong_people(panel: Panel) -> Found:
    weights = panel.rules.aggregation.weights
    if weights is None:
        return
    place = ("rules", "aggregation", "weights")
    if set(weights) != {e.id for e in panel.experts}:
        yield place, _("权重须逐个写明本组每位专家，不多也不少")
    if any(weight <= 0 for weight in weights.values()):
        yield place, _("权重须大于 0")


def _wrong_groups(panel: Panel) -> Found:
    groups = {a.group for a in panel.applicants}
    if panel.rules.ranking == "by_group" and groups == {None}:
        yield ("rules", "ranking"), _("各组分别排名的，每个评审对象都要写明 group")
        return
    if len(groups) > 1 and None in groups:
        n = next(n for n, a in enumerate(panel.applicants) if a.group is None)
        yield ("applicants", n), _("分组评审时每个对象都要写明 group")
    places = panel.rules.selecting.places if panel.rules.selecting else None
    by_group = panel.rules.ranking == "by_group"
    if places is not None and isinstance(places, dict) != by_group:
        yield ("rules", "selection", "places"), _("各组分别排名的逐组写名额，统一排名的写一个数")
    elif isinstance(places, dict) and set(places) != groups:
        yield ("rules", "selection", "places"), _("名额须逐组写明，组名与评审对象的 group 相同")


@asked
def findings(panel: Panel, rubric: Rubric) -> Iterator[Text]:
    """What a secretary should look at before scoring opens; nothing here forbids loading."""
    once = panel.rules.bonus is not None and panel.rules.bonus.recognised_by == "panel"
    if once and not any(panel.claims(a) for a in panel.applicants):
        yield _(
            "有加分项，而没有一个对象申报了本轮认可的加分成果（claims）：开评以后没有加分可以登记"
        )
    yield from people_checks.findings(panel)
    least = panel.rules.aggregation.least
    for applicant in panel.applicants:
        n = sum(panel.may_score(applicant.id, e) for e in panel.seats(applicant.id))
        if n < least:
            yield _(
                "{applicant} 只有 {n} 位专家可以打分，不足 {least} 位",
                applicant=applicant.id,
                n=n,
                least=least,
            )
    yield from _warnings(panel, rubric)
    yield from worked_out(panel, rubric)


def _warnings(panel: Panel, rubric: Rubric) -> Iterator[Text]:
    """What is allowed and should be known: pool-relative points, an achievement claimed twice, a
    round outside of the time for which the text holds.
    """
    times = panel.schedule.opens, panel.schedule.lock
    for what, time in zip((_("开评"), _("锁定")), times, strict=True):
        if said := rubric.source.outside(time[:10]):
            yield _("{what}：{said}，须另有依据", what=what, said=said)
    for i in rubric.indicators:
        if isinstance(rule_of(panel.rules, i), PoolRelative):
            yield _("指标 {id}：{warning}", id=i.id, warning=FLAGGED)
    owners: dict[str, list[str]] = {}
    for applicant in panel.applicants:
        for claim in applicant.claims:
            owners.setdefault("".join(claim.title.split()), []).append(applicant.id)
    for title, ids in owners.items():
        if len(ids) > 1:
            text = _("成果“{title}”由 {ids} 分别申报，请核实是否同一项成果", title=title, ids=ids)
            yield text


def _unseated(panel: Panel) -> Found:
    for n, applicant in enumerate(panel.applicants):
        if not panel.seats(applicant.id):
            yield ("applicants", n), _("没有分配任何专家，请补充 assignment")


def _wrong_times(panel: Panel) -> Found:
    opens, lock = (datetime.fromisoformat(t) for t in (panel.schedule.opens, panel.schedule.lock))
    if lock <= opens:
        yield ("schedule", "lock"), _("锁定的时刻须晚于开评的时刻")
