"""The results as an Excel workbook, to look at and to work with; the canonical JSON is the record.

Every cell is a number or a text, never a formula. Numbers are the decimals as published; where a
number does not exist stands a dash, never a zero.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from evalkit import terms
from evalkit.documents.packages import EARLIEST, settled
from evalkit.errors import Refused
from evalkit.facts import COLUMNS
from evalkit.panel_checks import PANEL_WORD
from evalkit.results import Results
from evalkit.text import Text, _, render

Value = Decimal | int | str
Heading = tuple[Text | str, float]
"""What stands over a column, and its width in characters."""

NONE = "—"

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

LOOK = {
    "font_name": "宋体",
    "font_scheme": "none",
    "font_size": 10,
    "border": 1,
    "border_color": "#AEB8C1",
    "valign": "vcenter",
}
HEAD: dict[str, Any] = {"bold": True, "bg_color": "#E7ECF0", "align": "center"}
LINE, MOST_HEIGHT = 14, 409
"""Points: of a line, and the highest row that Excel knows."""

MOST_IN_A_CELL = 32_767
"""Characters; Excel holds no more."""


def workbook(results: Results, language: str = "zh") -> bytes:
    """The Excel file of ``results``: ranking, indicators, single scores, rules and provenance.

    For those who run the round: experts are named. The sheet of single scores is a tidy table that
    `read_scores` reads. The same results give the same bytes, with the same zlib. Raises Refused
    for a text that no cell can hold.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    view = results.for_panel(language)
    written = io.BytesIO()
    book = Book(xlsxwriter.Workbook(written, OPTIONS), view)
    published = view["declared"]["rounding"]["places"]
    book.sheet(_("排名"), *_ranking(view), frozen=3, places=published)
    book.sheet(_("指标得分"), *_indicators(view), frozen=3, places=published)
    entered = len(str(results.facts.scale)) - 1
    book.sheet(_("评分明细"), *_scores(results), places=entered)
    book.sheet(_("规则"), [(_("序号"), 8), (_("规则"), 120)], list(enumerate(view["rules"], 1)))
    book.sheet(_("依据"), [(_("项目"), 24), (_("内容"), 100)], _provenance(view))
    book.file.close()
    return settled(written.getvalue())


class Book:
    """A workbook under way: sheets whose heading stays in sight, with filters."""

    def __init__(self, file: Any, view: Any) -> None:
        self.file, self._language, self._formats = file, view["language"], dict[Any, Any]()
        at = view["basis"]["locked_at"]
        instant = datetime.fromisoformat(at) if at else datetime(*EARLIEST, tzinfo=UTC)
        created = instant.astimezone(UTC).replace(tzinfo=None)
        file.set_properties({"title": view["panel"]["title"][:255], "created": created})
        mark = terms.mark(view["status"])
        title = view["panel"]["title"][:100].replace("&", "&&")
        self._top = f"&L{title} {mark.render(self._language) if mark else ''}&R&A"

    def sheet(
        self,
        name: Text,
        columns: Sequence[Heading],
        rows: Iterable[Sequence[Value | Text]],
        *,
        frozen: int = 0,
        places: int = 0,
    ) -> None:
        """A sheet; ``frozen`` columns stay in sight, ``places`` decimals are shown."""
        sheet = self.file.add_worksheet(name.render(self._language))
        sheet.set_row(0, 3 * LINE)
        for c, (heading, width) in enumerate(columns):
            sheet.set_column(c, c, width)
            self._put(sheet, 0, c, heading, **HEAD)
        last = 0
        for last, row in enumerate(rows, start=1):
            texts = [self._put(sheet, last, c, value, places) for c, value in enumerate(row)]
            lines = max(_lines(t, width) for t, (_name, width) in zip(texts, columns, strict=True))
            if lines > 1:
                sheet.set_row(last, min(lines * LINE, MOST_HEIGHT))
        sheet.autofilter(0, 0, last, len(columns) - 1)
        sheet.freeze_panes(1, frozen)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_header(self._top)
        sheet.set_footer("&C&P / &N")

    def _put(
        self, sheet: Any, row: int, column: int, value: Value | Text, places: int = 0, **look: Any
    ) -> str:
        """A number with its decimals, or a text that stays one even when somebody edits it.

        Gives the text; "" for a number.
        """
        look = {**LOOK, **look}
        if isinstance(value, Decimal | int):
            whole = isinstance(value, int) or not places
            look |= {"align": "center"} if isinstance(value, int) else {}
            look["num_format"] = "0" if whole else f"0.{'0' * places}"
            # a Decimal is written digit by digit, so that no float comes in between
            sheet.write_number(row, column, value, self._format(look))
            return ""
        words = render(value, self._language)
        look["text_wrap"] = True
        if words == NONE:
            look["align"] = "right"
        if words[:1] in {"=", "+", "-", "@"}:
            look["quote_prefix"] = True
        if sheet.write_string(row, column, words, self._format(look)):
            text = _(
                "有一段文字超过 Excel 一格能放的 {n} 个字：{text}…",
                n=MOST_IN_A_CELL,
                text=words[:30],
            )
            raise Refused(text)

        return words

    def _format(self, look: dict[str, Any]) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format(look)
        return self._formats[key]


def _lines(text: str, width: float) -> int:
    """How many lines ``text`` takes in a column; a Chinese character is as wide as two others."""
    measures = (sum(2 if char > "\u2e7f" else 1 for char in line) for line in text.split("\n"))
    return sum(max(1, math.ceil(measure / width)) for measure in measures)


def _number(text: str | None) -> Value:
    return NONE if text is None else Decimal(text)


def _people(view: Any) -> tuple[list[Heading], Iterator[list[Value]]]:
    headings: list[Heading] = [(_("名次"), 7), (_("标识"), 12), (_("参评对象"), 34)]
    return headings, ([a["rank"] or NONE, a["id"], a["name"]] for a in view["applicants"])


def _ranking(view: Any) -> tuple[list[Heading], list[list[Value]]]:
    headings, people = _people(view)
    tops = view["applicants"][0]["dimensions"]
    names = {
        d["id"]: _("{name}（{max}）", name=d["name"], max=d["max"]) for d in view["dimensions"]
    }
    headings += [(_("牵头单位"), 28), *((names[d["id"]], 14) for d in tops)]
    headings += [(_("基础分（{max}）", max=view["rubric"]["points"]), 12)]
    headings += [(_("加分"), 10), (_("总分"), 10)]
    rows = [
        [
            *person,
            a["lead"],
            *(_number(d["points"]) for d in a["dimensions"]),
            *(_number(a[name]) for name in ("base", "bonus", "total")),
        ]
        for person, a in zip(people, view["applicants"], strict=True)
    ]
    return headings, rows


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
    experts: dict[str, Any] = {e.id: e.name for e in panel.experts} | {PANEL_WORD: _("专家组")}
    columns = {i.id: i.name for i in rubric.indicators} | {b.id: b.name for b in rubric.bonus}
    titles = {(a.id, claim.id): claim.title for a in panel.applicants for claim in a.claims}

    def rows() -> Iterator[list[Value | Text]]:
        for applicant, expert, name, points, reason in facts.to_frame().itertuples(index=False):
            column, _dot, item = name.partition(".")
            what = f"{columns[column]}：{titles[applicant, item]}" if item else columns[column]
            use = uses.get((applicant, expert, column), _("专家组统一认定"))
            score = points if points in {"unscored", "recused"} else Decimal(points)
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
