"""The results as an Excel workbook, to look at and to work with; the canonical JSON is the record.

Numbers are the decimals as published; where a number does not exist stands a dash, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from evalkit.base import terms
from evalkit.base.terms import NONE
from evalkit.base.text import Text, _
from evalkit.base.tidy_words import COLUMNS, GATE_WORD, HEADINGS, MEASURED_WORD, PANEL_WORD
from evalkit.base.wanted import asked
from evalkit.disclosure import Views
from evalkit.documents.excel import Book, Heading, Value
from evalkit.documents.looks import over
from evalkit.evaluation import Results


@asked
def workbook(views: Views, language: str = "zh") -> bytes:
    """The Excel file of a round: ranking, indicators, single scores, rules and provenance.

    For those who run the round: experts are named. The sheet of single scores is a tidy table that
    `read_table` reads. Raises Refused for a text that no cell can hold.
    """
    results, view = views.results, views.panel(language)
    mark, at = terms.mark(view["status"]), view["basis"]["locked_at"]
    book = Book(view["panel"]["title"], mark, at, language)
    published = view["declared"]["rounding"]["places"]
    entered = len(str(results.facts.scale)) - 1
    tables = view["tables"]
    names = 1 + [c["name"] for c in tables["ranking"]["columns"]].index("name")
    book.sheet(_("排名"), *_table(tables["ranking"]), frozen=names, places=published)
    book.sheet(_("指标得分"), *_table(tables["indicators"]), frozen=names, places=published)
    book.sheet(_("评分明细"), *_scores(results, language), places=entered, printed=6)
    book.sheet(_("规则"), [(_("序号"), 8), (_("规则"), 120)], list(enumerate(view["rules"], 1)))
    book.sheet(_("依据"), [(_("项目"), 24), (_("内容"), 100)], _provenance(view))
    return book.to_bytes()


_WIDTHS = {"rank": 7, "name": 34, "word": 12, "number": 14}
"""Characters, by the kind of a column."""


def _table(table: Any) -> tuple[Sequence[Heading], list[list[Value]]]:
    """One of the tables that every paper shows: headings with full points, and typed cells."""
    columns = table["columns"]
    headings = [(over(c), _WIDTHS[c["kind"]]) for c in columns]
    kinds = [c["kind"] for c in columns]
    return headings, [[*map(_value, row, kinds)] for row in table["rows"]]


def _value(cell: Any, kind: str) -> Value:
    if cell is None:
        return NONE
    return Decimal(cell) if kind == "number" else cell


_OFFICE = {PANEL_WORD: _("专家组"), MEASURED_WORD: _("测量值"), GATE_WORD: _("准入条件")}
_USE = {PANEL_WORD: _("专家组统一认定"), MEASURED_WORD: _("按规则计分"), GATE_WORD: _("核实")}
"""What became of a row that no expert entered, by its word in the expert column."""


def _scores(results: Results, language: str) -> tuple[list[Heading], Iterator[list[Value | Text]]]:
    """Everything entered, in names, with what became of each score; then, beside what is printed,
    the ids by which `read_table` reads it back.
    """
    panel, rubric = results.panel, results.rubric
    headings: list[Heading] = [(_("对象名称"), 30), (_("专家姓名"), 11), (_("指标名称"), 30)]
    # the words that a reader of tables knows
    points, reason = ("评分", "理由") if language == "zh" else COLUMNS[3:]
    headings += [(points, 9), (_("使用情况"), 16), (reason, 34)]
    ids = [HEADINGS[c][0] for c in COLUMNS[:3]] if language == "zh" else COLUMNS[:3]
    headings += [*zip(ids, (16, 12, 24), strict=True)]
    names: dict[str, Any] = {a.id: a.name for a in panel.applicants}
    experts: dict[str, Any] = {e.id: e.name for e in panel.experts} | _OFFICE
    columns = {i.id: i.name for i in rubric.indicators} | {b.id: b.name for b in rubric.bonus}
    columns |= {d.id: d.name for d in rubric.deductions} | {g.id: g.article for g in rubric.gates}
    titles = {(a.id, claim.id): claim.title for a in panel.applicants for claim in a.claims}

    def rows() -> Iterator[list[Value | Text]]:
        for applicant, expert, name, points, reason, used in results.scores.itertuples(index=False):
            column, _dot, item = name.partition(".")
            what = f"{columns[column]}：{titles[applicant, item]}" if item else columns[column]
            use = terms.HAPPENED[used] if used else _USE.get(expert, NONE)
            score = Decimal(points) if points[-1:].isdigit() else points
            known = [names[applicant], experts[expert], what]
            yield [*known, score, use, reason, applicant, expert, name]

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
        *terms.superseded(basis),
    ]
    return [[name, value] for name, value in pairs if value is not None]
