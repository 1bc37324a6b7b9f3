"""The decision on an appeal (复核决定) in Word, after GB/T 9704-2012 [GB9704]_."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.disclosure.decision import changes
from evalkit.documents.forms import View
from evalkit.documents.looks import Notice
from evalkit.documents.official import addressed, begin, signed


@asked
def decision(view: View, template: bytes | None = None) -> bytes:
    """The Word file of what `decision_view` gives, to the objector. Issuer and contact are places
    to fill in; the day is that of the decision on record.
    """
    case, language = view["case"], view["language"]
    refused = case["outcome"] == "refused"
    title = _("关于{name}评审结果异议的复核决定", name=view["applicant"]["name"])
    if refused:
        title = _("关于{name}评审结果异议不予受理的答复", name=view["applicant"]["name"])
    paper = begin(title, f"{case['decided']}T00:00:00+08:00", language, template)
    values = {"number": case["number"], "digest": view["digest"][:16]}
    about = _("编号：{number}；结果摘要值：{digest}…", **values)
    paper.line(about, Notice.REMARK, centred=True)
    addressed(paper, case["objector"])
    for text in (_received(view), *(_not_taken_up(view) if refused else _decided(view))):
        paper.line(text, Notice.BODY)
    paper.line(_("联系人及电话："), Notice.BLANK)
    signed(paper, _("（发文机关）"), terms.day(case["decided"]))
    if (draft := terms.mark(view["rubric"]["source"]["status"])) is not None:
        paper.line(draft, Notice.REMARK)
    return paper.to_bytes()


def _received(view: View) -> Text:
    case = view["case"]
    text = _(
        "{received}收到你（单位）就{name}在“{title}”中的评审结果提出的异议："
        "{ground}。公示期为{first}至{last}，该异议在公示期内提出。"
    )
    if case["in_time"] != "yes":
        text = _(
            "{received}收到你（单位）就{name}在“{title}”中的评审结果提出的异议："
            "{ground}。公示期为{first}至{last}，该异议在公示期满后提出。"
        )
    return text.filled(
        received=terms.day(case["received"]),
        name=view["applicant"]["name"],
        title=view["panel"]["title"],
        ground=case["ground"].rstrip("。"),
        first=terms.day(case["published"]),
        last=terms.day(case["last"]),
    )


def _not_taken_up(view: View) -> Iterator[Text]:
    yield _("经研究，决定不予受理。理由：{reason}。", reason=view["case"]["reason"].rstrip("。"))


def _decided(view: View) -> Iterator[Text]:
    """Who looked into it, what was found, what changes, and what was decided."""
    case = view["case"]
    yield _(
        "{accepted}已受理，由{reviewers}复核。经核对，复核人员未参加原评审，"
        "与该对象没有登记的利益冲突。",
        accepted=terms.day(case["accepted"]),
        reviewers=case["reviewers"],
    )
    yield _("复核认为：{reason}。", reason=case["reason"].rstrip("。"))
    if view["own"] is not None:
        yield _figures(view)
    text = _("现决定：维持原评审结果。")
    if case["outcome"] == "changed":
        text = _("现决定：变更原评审结果，以复核后锁定的结果为准。")
    yield text
    if view["publicity"]["said"] is not None:
        yield _("{said}。", said=view["publicity"]["said"])


def _figures(view: View) -> Text:
    found = changes(view["own"])
    if not found:
        return _("按复核后的记录重新计算，你单位的总分、名次和等次没有变化。")
    return _("按复核后的记录重新计算，你单位的{changes}。", changes=found)
