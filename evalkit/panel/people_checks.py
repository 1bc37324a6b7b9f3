"""What is wrong, or worth a look, in who is kept apart from whom and how experts are assigned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evalkit.base.declared import Place
from evalkit.base.text import Text, _
from evalkit.panel.conflicts import Organisations
from evalkit.panel.employers import key, near

if TYPE_CHECKING:
    from evalkit.panel.model import Panel

Found = Iterator[tuple[Place, Text]]


def unknown_names(panel: Panel) -> Found:
    """Conflicts, relations and seats of somebody who is not in the panel; kinds nobody has."""
    experts, applicants = {e.id for e in panel.experts}, {a.id for a in panel.applicants}
    unknown = _("引用了不存在的专家或评审对象")
    for n, conflict in enumerate(panel.conflicts):
        if conflict.expert not in experts or conflict.applicant not in applicants:
            yield ("conflicts", n), unknown
    for n, relation in enumerate(panel.relations):
        known = relation.applicant is None or relation.applicant in applicants
        if relation.expert not in experts or not known:
            yield ("relations", n), unknown
    if panel.assignment != "all":
        for name, assigned in panel.assignment.items():
            if name not in applicants or not experts.issuperset(assigned):
                yield ("assignment", name), unknown
    yield from _wrong_assigning(panel)


def _wrong_assigning(panel: Panel) -> Found:
    asked = panel.assigning
    if asked is None:
        return
    kinds = {e.kind for e in panel.experts if e.kind} | {"chair", "member"}
    for name in asked.minimums or ():
        if name not in kinds:
            text = _("没有一位专家的 kind 或 role 是“{name}”，可选：{kinds}")
            yield ("assigning", "minimums", name), text.filled(name=name, kinds=sorted(kinds))
    if asked.groups is None:
        return
    theirs = {e.group for e in panel.experts}
    for n, a in enumerate(panel.applicants):
        if a.group is None:
            yield ("applicants", n), _("assigning.groups 按组分配，每个对象都要写明 group")
            return
    groups = sorted({a.group for a in panel.applicants if a.group is not None})
    for name in groups:
        among = (name,) if asked.groups == "same" else asked.groups.get(name, ())
        if not theirs.intersection(among):
            text = _("“{name}”组的对象没有专家可分：专家的 group 里没有 {among}")
            shown = list(among) or _("（没有写明）")
            yield ("assigning", "groups"), text.filled(name=name, among=shown)


def findings(panel: Panel) -> Iterator[Text]:
    """What a person should look at: who is apart without a declaration, and names that are near."""
    declared = {(c.applicant, c.expert) for c in panel.conflicts}
    experts = {e.id: f"{e.name}（{e.id}）" for e in panel.experts}
    employed = {
        (one.applicant, one.expert): one.reason for one in panel.apart if one.source == "employer"
    }
    for (a, e), reason in employed.items():
        if (a, e) not in declared:
            yield _(
                "{expert}与{applicant}：{reason}，已自动回避，请核实并写入 conflicts",
                expert=experts[e],
                applicant=f"{panel.applicant(a).name}（{a}）",
                reason=reason,
            )
    organisations = Organisations(panel.organisations)
    parties = [party for a in panel.applicants for party in a.parties]
    for employer, party in near((e.employer for e in panel.experts), parties):
        if organisations.identity(key(party)) in organisations.near(employer):
            continue
        yield _(
            "{experts}的工作单位“{employer}”与“{party}”相近，若是同一单位请写入 conflicts",
            experts=[experts[e.id] for e in panel.experts if e.employer == employer],
            employer=employer,
            party=party,
        )
    known = {organisations.identity(key(party)) for party in parties}
    for relation in panel.relations:
        if relation.party and organisations.identity(key(relation.party)) not in known:
            text = _("{expert}的关系单位“{party}”没有牵头或共建任何对象，请核对名称")
            yield text.filled(expert=experts[relation.expert], party=relation.party)
    if panel.assigning is not None and panel.assignment == "all":
        yield _("声明了 assigning，还没有分配：请运行 evalkit panel assign")
