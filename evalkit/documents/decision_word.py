"""The decision on an appeal (复核决定) and the notice of it in Word, after GB/T 9704-2012
[GB9704]_.
"""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.base import terms
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.disclosure.decision import stated
from evalkit.documents.forms import View
from evalkit.documents.looks import Notice
from evalkit.documents.official import addressed, begin, signed


@asked
def decision(view: View, template: bytes | None = None) -> bytes:
    """The Word file of what `decision_view` gives: to the objector, or the notice to the applicant
    concerned. Issuer, contact and what may be done against it are places to fill in; the day is
    that of the decision on record.
    """
    case, language = view["case"], view["language"]
    paper = begin(_title(view), f"{case['decided']}T00:00:00+08:00", language, template)
    paper.line(_("编号：{number}", number=case["number"]), Notice.REMARK, centred=True)
    addressed(paper, view["applicant"]["lead"] if view["to"] == "applicant" else case["objector"])
    refused = case["outcome"] == "refused"
    paper.line(_received(view), Notice.BODY)
    for text in _not_taken_up(view) if refused else _found(view):
        paper.line(text, Notice.BODY)
    for text in [] if refused else _decided(view):
        paper.line(text, Notice.BODY, keep=True)
    for place in (_("对本件仍有不同意见的，途径和期限："), _("联系人及电话：")):
        paper.line(place, Notice.BLANK, keep=True)
    signed(paper, _("（发文机关）"), terms.day(case["decided"]), keep=True)
    text = _(
        "附注：本件依据的评审结果，摘要值为 {digest}…，存档的结果文件与它相符，就是同一份结果。"
    )
    paper.line(text.filled(digest=view["digest"][:16]), Notice.REMARK)
    if (draft := terms.mark(view["rubric"]["source"]["status"])) is not None:
        paper.line(draft, Notice.REMARK)
    return paper.to_bytes()


def _title(view: View) -> Text:
    name = view["applicant"]["name"]
    if view["to"] == "applicant":
        return _("关于{name}评审结果异议复核情况的告知书", name=name)
    if view["case"]["outcome"] == "refused":
        return _("关于{name}评审结果异议不予受理的答复", name=name)
    return _("关于{name}评审结果异议的复核决定", name=name)


def _received(view: View) -> Text:
    case = view["case"]
    about = {
        "received": terms.day(case["received"]),
        "name": view["applicant"]["name"],
        "title": view["panel"]["title"],
        "first": terms.day(case["published"]),
        "last": terms.day(case["last"]),
    }
    if view["to"] == "applicant":
        text = _("{received}收到第三方就{name}在“{title}”中的评审结果提出的异议。")
        return text.filled(**about)
    text = _(
        "{received}收到你（单位）就{name}在“{title}”中的评审结果提出的异议："
        "{ground}。公示期为{first}至{last}，该异议在公示期内提出。"
    )
    if case["in_time"] != "yes":
        text = _(
            "{received}收到你（单位）就{name}在“{title}”中的评审结果提出的异议："
            "{ground}。公示期为{first}至{last}，该异议在公示期满后提出。"
        )
    return text.filled(ground=case["ground"].rstrip("。"), **about)


def _not_taken_up(view: View) -> Iterator[Text]:
    yield _("经研究，决定不予受理。理由：{reason}。", reason=view["case"]["reason"].rstrip("。"))


def _found(view: View) -> Iterator[Text]:
    """Who looked into it, what was found, and what that is in numbers."""
    case = view["case"]
    yield _(
        "{accepted}已受理，由{reviewers}复核。经核对，复核人员未参加原评审，"
        "与该对象没有登记的利益冲突。",
        accepted=terms.day(case["accepted"]),
        reviewers=case["reviewers"],
    )
    yield _("复核认为：{reason}。", reason=case["reason"].rstrip("。"))
    numbers = stated(view)
    who = _("你单位") if view["own"] else view["applicant"]["name"]
    if not numbers:
        yield _("{name}的总分和名次不在公开的范围内，本件不列。", name=who)
    elif view["result"]["after"] is None:
        yield _("没有重开任何内容，{name}的结果照旧：{numbers}。", name=who, numbers=numbers)
    else:
        yield _("按复核后的记录重新计算，{name}的{numbers}。", name=who, numbers=numbers)


def _decided(view: View) -> Iterator[Text]:
    """What was decided, and what becomes of the list for publicity."""
    text = _("现决定：维持原评审结果。")
    if view["case"]["outcome"] == "changed":
        text = _("现决定：变更原评审结果，以复核后锁定的结果为准。")
    yield text
    if view["publicity"]["changed"]:
        yield _(
            "公示名单随之变更，须重新公示；对重新公示的结果有异议的，可以在公示期内以书面形式提出。"
        )
    elif view["publicity"]["changed"] is not None:
        yield _("公示名单没有变，不重新公示。")
