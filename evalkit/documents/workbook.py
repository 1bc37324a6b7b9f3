"""The results as an Excel workbook, to look at and to work with; the canonical JSON is the record.

Numbers are the decimals as published; where a number does not exist stands a dash, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from evalkit.base import terms
from evalkit.base.terms import NONE
from evalkit.base.text import Text, _
from evalkit.base.tidy_words import COLUMNS, GATE_WORD, MEASURED_WORD, PANEL_WORD
from evalkit.documents.excel import Book, Heading, Value
from evalkit.evaluation import Results


def workbook(results: Results, language: str = "zh") -> bytes:
    """The Excel file of ``results``: ranking, indicators, single scores, rules and provenance.

    For those who run the round: experts are named. The sheet of single scores is a tidy table that
    `read_scores` reads. Raises Refused for a text that no cell can hold.
    """
    view = results.for_panel(language)
    mark, at = terms.mark(view["status"]), view["basis"]["locked_at"]
    book = Book(view["panel"]["title"], mark, at, language)
    published = view["declared"]["rounding"]["places"]
    entered = len(str(results.facts.scale)) - 1
    names = 4 if _outcome(view, "group") else 3
    book.sheet(_("排名"), *_ranking(view), frozen=names, places=published)
    book.sheet(_("指标得分"), *_indicators(view), frozen=names, places=published)
    book.sheet(_("评分明细"), *_scores(results), places=entered)
    book.sheet(_("规则"), [(_("序号"), 8), (_("规则"), 120)], list(enumerate(view["rules"], 1)))
    book.sheet(_("依据"), [(_("项目"), 24), (_("内容"), 100)], _provenance(view))
    return book.to_bytes()


def _number(text: str | None) -> Value:
    return NONE if text is None else Decimal(text)


def _people(view: Any) -> tuple[list[Heading], Iterator[list[Value]]]:
    """Who stands on a row: rank, id and name, after the group where there are any."""
    headings: list[Heading] = [(_("名次"), 7), (_("标识"), 12), (_("参评对象"), 34)]
    people = ([a["rank"] or NONE, a["id"], a["name"]] for a in view["applicants"])
    if not _outcome(view, "group"):
        return headings, people
    groups = ([a["group"] or NONE] for a in view["applicants"])
    return [(_("组别"), 12), *headings], (g + p for g, p in zip(groups, people, strict=True))


def _ranking(view: Any) -> tuple[list[Heading], list[list[Value]]]:
    headings, people = _people(view)
    tops = view["applicants"][0]["dimensions"]
    names = {
        d["id"]: _("{name}（{max}）", name=d["name"], max=d["max"]) for d in view["dimensions"]
    }
    headings += [(_("牵头单位"), 28), *((names[d["id"]], 14) for d in tops)]
    headings += [(_("基础分（{max}）", max=view["rubric"]["points"]), 12)]
    more = {"bonus": _("加分"), "deduction": _("扣分"), "total": _("总分")}
    if not view["declared"]["deductions"]:
        del more["deduction"]
    headings += [(heading, 10) for heading in more.values()]
    outcomes = [name for name in ("grade", "selected") if _outcome(view, name)]
    headings += [(_OUTCOMES[name], 12) for name in outcomes]
    rows = [
        [
            *person,
            a["lead"],
            *(_number(d["points"]) for d in a["dimensions"]),
            *(_number(a[name]) for name in ("base", *more)),
            *(_said(a, name) for name in outcomes),
        ]
        for person, a in zip(people, view["applicants"], strict=True)
    ]
    return headings, rows


_OUTCOMES = {"grade": _("等次"), "selected": _("拟选")}
_SELECTED: dict[str, Text | str] = {"yes": _("拟选"), "no": NONE, "tied_at_cut": _("并列待定")}


def _outcome(view: Any, name: str) -> bool:
    """Whether the round has grades, groups or places to show."""
    return any(a[name] for a in view["applicants"])


def _said(applicant: Any, name: str) -> Value | Text:
    """Grade or selection of an applicant in words."""
    found = applicant[name]
    if name == "selected":
        return _SELECTED[found] if found else NONE
    return str(found["name"]) if found else NONE


def _indicators(view: Any) -> tuple[list[Heading], list[list[Value]]]:
    headings, people = _people(view)
    for c in view["columns"]:
        name = f"{c['number']} {c['name']}" if c["number"] else c["name"]
        headings.append((_("{name}（{max}）", name=name, max=c["points"]), 14))
    headings.append((_("总分"), 10))
    rows = [
        [
            *person,
            *(_number(a["indicators"][c["id"]]) for c in view["columns"]),
            _number(a["total"]),
        ]
        for person, a in zip(people, view["applicants"], strict=True)
    ]
    return headings, rows


_OFFICE = {PANEL_WORD: _("专家组"), MEASURED_WORD: _("测量值"), GATE_WORD: _("准入条件")}
_USE = {PANEL_WORD: _("专家组统一认定"), MEASURED_WORD: _("按规则计分"), GATE_WORD: _("核实")}
"""What became of a row that no expert entered, by its word in the expert column."""


def _scores(results: Results) -> tuple[list[Heading], Iterator[list[Value | Text]]]:
    """The tidy table of everything entered, then names, and what became of each score."""
    facts, panel, rubric = results.facts, results.panel, results.rubric
    widths = (12, 10, 24, 10, 40)
    headings: list[Heading] = [*zip(COLUMNS, widths, strict=True), (_("参评对象"), 34)]
    headings += [(_("专家"), 14), (_("指标"), 30), (_("使用情况"), 16)]
    uses = {
        (facts.applicants[n], facts.experts[facts.seats[n, s]], column): terms.HAPPENED[use]
        for n in range(len(facts.applicants))
        for c, column in enumerate(facts.columns)
        for s, use in results.uses(n, c)
    }
    names: dict[str, Any] = {a.id: a.name for a in panel.applicants}
    experts: dict[str, Any] = {e.id: e.name for e in panel.experts} | _OFFICE
    columns = {i.id: i.name for i in rubric.indicators} | {b.id: b.name for b in rubric.bonus}
    columns |= {d.id: d.name for d in rubric.deductions} | {g.id: g.article for g in rubric.gates}
    titles = {(a.id, claim.id): claim.title for a in panel.applicants for claim in a.claims}

    def rows() -> Iterator[list[Value | Text]]:
        for applicant, expert, name, points, reason in facts.to_frame().itertuples(index=False):
            column, _dot, item = name.partition(".")
            what = f"{columns[column]}：{titles[applicant, item]}" if item else columns[column]
            use = uses.get((applicant, expert, column), _USE.get(expert, NONE))
            score = Decimal(points) if points[-1:].isdigit() else points
            known = [names[applicant], experts[expert], what, use]
            yield [applicant, expert, name, score, reason, *known]

    return headings, rows()


def _provenance(view: Any) -> list[list[Value | Text]]:
    source, basis = view["rubric"]["source"], view["basis"]
    note = _(
        "正式记录是规范 JSON（evalkit evaluate 评审工作文件夹 --json），不是这份工作簿；"
        "二者不一致时，以规范 JSON 为准。结果摘要值是它的 SHA-256。"
    )
    marked = terms.mark(view["status"]) or _("正式结果（已锁定）")
    pairs: list[tuple[Text, Any]] = [
        (_("说明"), note),
        (_("评审"), f"{view['panel']['title']}（{view['panel']['id']}）"),
        (_("状态"), marked),
        (_("评分锁定"), terms.locked(view["status"], basis["locked_at"])),
        (_("专家人数"), str(view["panel"]["experts"])),
        (_("评审秘书"), view["panel"]["secretary"]),
        (_("依据文件"), "\n".join([f"{source['title']}（{source['issuer']}）", *source["basis"]])),
        (_("指标体系"), f"{source['table']} {view['rubric']['title']}（{view['rubric']['id']}）"),
        (_("版本"), view["rubric"]["version"]),
        (_("结果摘要值"), view["digest"]),
        (_("评分记录根哈希"), basis["root"]),
        (_("评审组文件摘要值"), view["panel"]["digest"]),
        (_("指标体系文件摘要值"), view["rubric"]["digest"]),
    ]
    return [[name, value] for name, value in pairs if value is not None]
