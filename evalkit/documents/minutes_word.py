"""The minutes of the panel's meeting (会议纪要) in Word, laid out after GB/T 9704-2012 [GB9704]_.

Date, place and who else was there are places to fill in; everything else follows from the round.
"""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.base import terms
from evalkit.base.terms import NONE
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.documents.forms import View
from evalkit.documents.looks import Column, Notice
from evalkit.documents.official import ROW, begin, marked
from evalkit.documents.word import Paper
from evalkit.pages.summary import lacking

_NUMBERS = (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"))


@asked
def minutes(view: View, template: bytes | None = None) -> bytes:
    """The Word file of what `Views.minutes` gives."""
    title = view["panel"]["title"].removesuffix("评审")  # the paper's own name begins with it
    whole = _("{title}评审会议纪要", title=title)
    paper = begin(whole, view["basis"]["locked_at"], view["language"], template)
    marked(paper, terms.mark(view["status"]))
    _meeting(paper, view)
    parts = ((_("专家组和法定人数"), _quorum(view)), (_("回避和利益冲突"), _apart(view)))
    for n, (heading, lines) in enumerate(parts, 1):
        paper.line(_heading(n, heading), Notice.BODY, letters=Notice.ANNEX)
        for text in lines:
            paper.line(text, Notice.BODY)
    paper.line(_heading(3, _("评审方法")), Notice.BODY, letters=Notice.ANNEX)
    _method(paper, view)
    paper.line(_heading(4, _("评审结果和专家组意见")), Notice.BODY, letters=Notice.ANNEX)
    _results(paper, view)
    n = 5
    if view["selecting"]:
        paper.line(_heading(n, view["list"] or _("拟选名单")), Notice.BODY, letters=Notice.ANNEX)
        for text in _proposed(view):
            paper.line(text, Notice.BODY)
        n += 1
    paper.line(_heading(n, _("核验")), Notice.BODY, letters=Notice.ANNEX)
    for text in _checks(view):
        paper.line(text, Notice.REMARK, keep=True)  # so that what is signed stands above
    _signatures(paper, view)
    return paper.to_bytes()


def _heading(n: int, words: Text | str) -> Text:
    return _("{n}、{words}", n=_NUMBERS[n - 1], words=words)


def _meeting(paper: Paper, view: View) -> None:
    """When, where and who: what the round does not know is to be filled in."""
    chair = [e["name"] for e in view["experts"] if e["role"] == "chair"]
    present = [_("{name}（{employer}）", name=e["name"], employer=e["employer"]) for e in
               view["experts"]]  # fmt: skip
    for text in (
        _("时间：　　　　年　　月　　日　　时"),
        _("地点："),
        _("主持：{names}（组长）", names=chair),
        _("记录：{name}（评审秘书）", name=view["panel"]["secretary"]),
    ):
        paper.line(text, Notice.BLANK)
    paper.line(_("出席：{names}。缺席的请划去并注明原因。", names=present), Notice.BODY)
    paper.line(_("列席："), Notice.BLANK)


def _quorum(view: View) -> Iterator[Text]:
    """How many there are, how many scored, and whether they were enough for every applicant."""
    experts = view["experts"]
    yield _(
        "专家组由 {n} 位专家组成，其中 {scored} 位对参评对象作了评分。",
        n=len(experts),
        scored=sum(e["sheets"] > 0 for e in experts),
    )
    rated = [a["experts"] for a in view["applicants"]]
    if any(rated):
        yield _(
            "本轮规则要求每个参评对象至少有 {least} 位专家评分；"
            "实际最少 {fewest} 位，最多 {most} 位。",
            least=view["least"],
            fewest=min(rated),
            most=max(rated),
        )
    if short := [a["name"] for a in view["applicants"] if a["experts"] < view["least"]]:
        yield _("评分的专家不足的：{names}。", names=short)
    yield _("到会专家　　位，是否达到法定人数：　　　　　。")


def _apart(view: View) -> Iterator[Text]:
    if not view["apart"]:
        yield _("没有专家回避，没有利益冲突。")
    for one in view["apart"]:
        what = _("“{columns}”", columns=one["columns"]) if one["columns"] else _("全部指标")
        yield _(
            "{expert}回避对{applicant}的评审（{what}）：{reason}。",
            expert=one["expert"],
            applicant=one["applicant"],
            what=what,
            reason="；".join(reason.rstrip("。") for reason in one["reasons"]) or NONE,
        )


def _method(paper: Paper, view: View) -> None:
    """The text and the rules, these in smaller letters: there may be many."""
    source = view["rubric"]["source"]
    text = _(
        "依据{basis}，专家按“{rubric}”独立评分，再按下列规则计算结果：",
        basis=source["title"] if "《" in source["title"] else f"《{source['title']}》",
        rubric=view["rubric"]["title"],
    )
    paper.line(text, Notice.BODY)
    if (discussed := view["basis"].get("discussed")) is not None:
        values = {"n": len(discussed), "changes": sum(discussed)}
        text = _("锁定之前评审组讨论 {n} 次，其间改分 {changes} 处，改前、改后和理由逐条记录在案。")
        paper.line(text.filled(**values), Notice.BODY)
    for n, rule in enumerate(view["rules"], 1):
        paper.line(_("{n}．{rule}", n=n, rule=rule), Notice.REMARK)


def _results(paper: Paper, view: View) -> None:
    """The ranking as a table, then the panel's opinion on each applicant."""
    table = view["tables"]["ranking"]
    kept = ("group", "rank", "name", "total", "grade", "selected")
    wide = {"group": 24.0, "rank": 16.0, "total": 24.0, "grade": 22.0, "selected": 26.0}
    at = [k for k, c in enumerate(table["columns"]) if c["name"] in kept]
    names = [table["columns"][k]["name"] for k in at]
    rest = paper.across - sum(wide[name] for name in names if name != "name")
    columns = [
        Column(
            table["columns"][k]["heading"],
            wide.get(name, rest),
            Notice.NAME if name == "name" else Notice.MIDDLE,
        )
        for k, name in zip(at, names, strict=True)
    ]
    paper.table(columns, [[row[k] for k in at] for row in table["rows"]], Notice.HEAD, height=ROW)
    for n, a in enumerate(view["applicants"], 1):
        said = {"n": n, "name": a["name"], "rank": a["rank"], "total": a["total"]}
        text = _("{n}．{name}，第 {rank} 名，{total} 分", **said)
        if a["rank"] is None:
            text = _("{n}．{name}", n=n, name=a["name"])
        paper.line(text, Notice.BLANK, keep=True)
        if a["rank"] is None:
            paper.line(lacking(a, view), Notice.BODY)
        if a["opinion"]:
            for line in a["opinion"].splitlines():
                paper.line(line, Notice.BODY)
        else:
            paper.line(_("专家组意见："), Notice.BLANK)


def _proposed(view: View) -> Iterator[Text]:
    by_group = view["declared"]["ranking"] == "by_group"
    groups = list(dict.fromkeys(a["group"] if by_group else "" for a in view["applicants"]))
    for group in groups:
        own = [a for a in view["applicants"] if not by_group or a["group"] == group]
        proposed = [a["name"] for a in own if a["selected"] == "yes"]
        tied = [a["name"] for a in own if a["selected"] == "tied_at_cut"]
        text = _("{names}。", names=proposed) if proposed else _("没有列入的对象。")
        yield _("{group}：{text}", group=group, text=text) if by_group else text
        if tied:
            yield _("并列最后一个名额、待评审组织单位决定的：{names}。", names=tied)


def _checks(view: View) -> Iterator[Text]:
    yield _("评分锁定：{at}", at=terms.locked(view["status"], view["basis"]["locked_at"]))
    if view["basis"]["root"] is not None:
        yield _("评分记录根哈希 {root}", root=view["basis"]["root"])
    yield _("结果摘要值 {digest}", digest=view["digest"])


def _signatures(paper: Paper, view: View) -> None:
    """Everybody, with a place to sign; on one page, after a line that says what is signed."""
    people = [(_("组长"), e["name"]) for e in view["experts"] if e["role"] == "chair"]
    people += [(_("专家"), e["name"]) for e in view["experts"] if e["role"] != "chair"]
    people.append((_("秘书"), view["panel"]["secretary"]))
    heads = ((_("身份"), 30.0), (_("姓名"), 46.0), (_("签字"), paper.across - 76))
    columns = [Column(head, width, Notice.MIDDLE) for head, width in heads]
    paper.line(_("以上纪要经全体到会人员核对无误，签字如下："), Notice.BODY, keep=True)
    rows = [[role, name, ""] for role, name in people]
    paper.table(columns, rows, Notice.HEAD, height=12, together=True)
