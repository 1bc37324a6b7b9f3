"""Results before and after an objection (复核结果对照) in Word, after GB/T 9704-2012 [GB9704]_."""

from __future__ import annotations

from evalkit.base import terms
from evalkit.base.text import Text, _, render
from evalkit.base.wanted import asked
from evalkit.documents.forms import View
from evalkit.documents.looks import Column, Notice
from evalkit.documents.official import ROW, begin, marked, signed
from evalkit.documents.word import Paper
from evalkit.documents.word_xml import Field

NUMBERS = {"rank": 22.0, "total": 42.0, "grade": 24.0, "selected": 26.0}
"""Widths of the columns in millimetres, each with its value before and after."""


@asked
def comparison(view: View, template: bytes | None = None) -> bytes:
    """The Word file of what `comparison_view` gives. It names experts and is no public paper."""
    title = _("{title}复核结果对照", title=view["panel"]["title"])
    at = view["after"]["locked_at"]
    paper = begin(title, at, view["language"], template)
    if (mark := terms.mark(view["after"]["status"])) is not None:
        marked(paper, mark)
        paper.footer([render(mark, view["language"]), "　— ", Field.PAGE, " —"])
    for text in _grounds(view):
        paper.line(text, Notice.BODY)
    moved = [one for one in view["applicants"] if one["moved"]]
    if moved:
        _table(paper, view)
    for one in moved:
        paper.line(_("{name}：{why}", name=one["name"], why=one["why"]), Notice.BODY)
    rest = len(view["applicants"]) - len(moved)
    text = _("其余 {n} 个对象没有变化。{said}。", n=rest, said=view["publicity"]["said"])
    paper.line(text, Notice.BODY, keep=True)
    signed(paper, _("评审秘书：{name}", name=view["panel"]["secretary"]), above=1, keep=True)
    *checks, last = _checks(view)
    for text in checks:
        paper.line(text, Notice.REMARK, keep=True)  # a digest is not parted
    paper.line(last, Notice.REMARK)
    return paper.to_bytes()


def _grounds(view: View) -> list[Text]:
    """What was reopened by whom and why, and what was entered or declared otherwise. What is
    decided is another step, which may be to come.
    """
    before = view["basis"].get("supersedes")
    found = []
    if before is not None:
        text = _(
            "异议：{objection}。经{decided_by}查实，重开有关内容。理由：{reason}。",
            **_ended(before),
        )
        found.append(text)
    inputs = [one["what"].rstrip("。") for one in view["inputs"]]
    if inputs:
        found.append(_("与原来不同的：{inputs}。", inputs=_semicolons(inputs)))
    else:
        found.append(_("登记的内容和规则与原来相同。"))
    return found


def _ended(before: View) -> dict[str, str]:
    """The words of the decision without the full stop that the sentence has itself."""
    return {name: text.rstrip("。.") for name, text in before.items()}


def _semicolons(texts: list[str]) -> Text | str:
    said: Text | str = texts[0]
    for text in texts[1:]:
        said = _("{said}；{more}", said=said, more=text)
    return said


def _table(paper: Paper, view: View) -> None:
    """Everybody who moves: rank, total and what follows, before → after."""
    names = [c["name"] for c in view["table"]["columns"]]
    shown = [name for name in NUMBERS if f"{name}_before" in names]
    heads = {
        "rank": _("名次"),
        "total": _("总分"),
        "grade": _("等次"),
        "selected": _("拟选"),
    }
    rest = paper.across - sum(NUMBERS[name] for name in shown)
    columns = [Column(_("参评对象"), rest, Notice.NAME)]
    columns += [Column(heads[name], NUMBERS[name], Notice.MIDDLE) for name in shown]
    rows = []
    for row in view["table"]["rows"]:
        cells = dict(zip(names, row, strict=True))
        if cells["moved"]:
            pairs = ((cells[f"{n}_before"], cells[f"{n}_after"]) for n in shown)
            rows.append([cells["name"], *(_pair(*pair) for pair in pairs)])
    paper.table(columns, rows, Notice.HEAD, height=ROW)


def _pair(before: str | int | None, after: str | int | None) -> str:
    """What it was and what it is; once where it is the same."""
    was, now = (terms.NONE if one in (None, "") else str(one) for one in (before, after))
    return was if was == now else f"{was} → {now}"


def _checks(view: View) -> list[Text]:
    before, after = view["before"], view["after"]
    found = [
        _("原结果摘要值 {digest}", digest=before["digest"]),
        _("原评分记录根哈希 {root}", root=before["root"] or terms.NONE),
        _("现结果摘要值 {digest}", digest=after["digest"]),
        _("现评分记录根哈希 {root}", root=after["root"] or terms.NONE),
    ]
    return [*found, _("内部资料，不提供给参评对象")]
