"""What those who run a round see of its results before and after an objection, as plain JSON."""

from __future__ import annotations

from typing import Any

from evalkit.base.errors import Refused
from evalkit.base.text import Text, _, render
from evalkit.base.wanted import asked
from evalkit.disclosure.field import Fields
from evalkit.disclosure.heading import heading
from evalkit.disclosure.overview import public_view, require_real
from evalkit.evaluation import Results
from evalkit.evaluation.comparison import Comparison

FORMAT = "evalkit-comparison/1"


@asked
def comparison_view(compared: Comparison, language: str = "zh") -> dict[str, Any]:
    """Both rounds, what was entered or declared otherwise, everybody who moves with the reason,
    and whether the list for publicity is another one, so that it has to be published anew.

    ``publicity`` has ``changed`` (None where there is no list yet, or none at all) and a sentence.
    It names experts: it is for those who run the round. Raises Refused for a what-if.
    """
    before, after = compared.before, compared.after
    require_real(after)
    changed, said = publicity(before, after, language)
    return {
        **heading(after, language, named=True),
        "format": FORMAT,
        "before": _side(before),
        "after": _side(after),
        "inputs": [
            {"kind": i.kind, "applicant": i.applicant, "what": i.what.render(language)}
            for i in compared.inputs
        ],
        "applicants": [
            {
                "id": c.id,
                "name": c.name,
                "moved": c.moved,
                "why": render(c.explained, language),
                "before": dict(c.before),
                "after": dict(c.after),
            }
            for c in compared.changes
        ],
        "table": compared.table.to_dict(language),
        "publicity": {"changed": changed, "said": said.render(language)},
    }


def _side(results: Results) -> dict[str, Any]:
    basis = results.facts.basis
    return {
        "status": results.status,
        "digest": results.digest,
        "root": basis.root,
        "locked_at": basis.locked_at,
    }


def publicity(before: Results, after: Results, language: str) -> tuple[bool | None, Text]:
    """Whether the list for publicity is another one (None where there is none yet, or at all), and
    a sentence.
    """
    if after.status == "trial":
        return None, _("锁定之后才知道公示名单是否有变")
    try:
        lists = [
            public_view(Fields(results), language)["applicants"] for results in (before, after)
        ]
    except Refused as refused:
        lists = [_proposed(results) for results in (before, after)]
        if lists[0] == lists[1]:
            return None, _("没有可比的公示名单：{why}", why=refused.problems[0].text)
    if lists[0] == lists[1]:
        return False, _("公示名单没有变，不必重新公示")
    was, now = ({(row["name"], row["lead"]) for row in rows} for rows in lists)
    parts = []
    if new := [name for name, _lead in sorted(now - was)]:
        parts.append(_("新列入 {names}", names=new))
    if gone := [name for name, _lead in sorted(was - now)]:
        parts.append(_("不再列入 {names}", names=gone))
    if not parts:
        parts.append(_("所列名次、总分或次序有变"))
    return True, _("公示名单有变（{parts}），须重新公示", parts=parts)


def _proposed(results: Results) -> list[dict[str, str]]:
    """Who is proposed, where the rules select; nobody where they do not."""
    chosen = (row["id"] for row in results.rows if row.get("selected") == "yes")
    people = (results.panel.applicant(id) for id in chosen)
    return [{"name": a.name, "lead": a.lead} for a in people]
