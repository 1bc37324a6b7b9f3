"""The report on a plan (评估通报) in Word: what it says, and that nothing in it is alive."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from evalkit.documents.briefing_word import briefing
from evalkit.plan.progress import Progress, assess
from tests.support.plans import INDUSTRY, PLUS, load, progress


def opened(data: bytes) -> Any:
    """A document as python-docx reads it."""
    return docx.Document(io.BytesIO(data))


def words(document: Any) -> str:
    """Every paragraph outside and inside tables, one a line."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def reminded(folder: Path) -> Progress:
    """The demo of the action plan with a moved milestone and a reminder, in its file."""

    def change(data: dict[str, Any]) -> None:
        made = {"was": "2025-09-30", "on": "2025-09-10", "by": "某甲", "reason": "到货延期"}
        data["milestones"][2] |= {"due": "2025-12-20", "moved": [made]}
        about = [{"task": "product-chips-sensors", "name": "车规级安全芯片流片"}]
        sent = {"on": "2025-11-05", "unit": "zhengzhou", "about": about, "by": "某甲"}
        data["reminders"] = [{**sent, "answer_by": "2025-11-20", "text": "督办1号"}]

    return assess(*load(folder, INDUSTRY, change), date(2025, 12, 31))


def test_what_it_says(tmp_path: Path) -> None:
    """In the order of the notice: counts, targets, what is late, who was reminded, who has none."""
    said = words(opened(briefing(reminded(tmp_path))))
    parts = [
        "关于《关于推进新一代人工智能\n产业发展指导意见》进展情况的通报",
        "依据征求意见稿",
        "各责任单位：",
        "截至2025年12月31日的情况进行了评估，现通报如下。",
        "一、总体情况",
        "原文写明本年度要做的事，3 项没有列入台账",
        "二、目标完成情况",
        "三、逾期未完成的时间节点",
        "四、跟踪督导情况",
        "发出督导 1 件，已答复 0 件，待答复 0 件，逾期未答复 1 件。详见附件5。",
        "五、没有时间节点的任务和责任单位",
        "附件：1．目标完成情况",
        "评估结果摘要值",
        "原为 2025-09-30，某甲于 2025-09-10 改期：到货延期",
        "督办1号：车规级安全芯片流片",
        "逾期未答复（应于 2025-11-20 前）",
    ]
    at = [said.index(part) for part in parts]
    assert at == sorted(at)


def test_headings_have_the_letters_of_headings() -> None:
    """一、二、… are in 黑体 as GB/T 9704-2012 wants, and stay with what follows."""
    found = [p for p in opened(briefing(progress(PLUS, "2026-06-30"))).paragraphs if "、" in p.text]
    heading = next(p for p in found if p.text.startswith("一、"))
    assert heading.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    assert heading._p.pPr.find(qn("w:keepNext")) is not None


@pytest.mark.parametrize("demo", [PLUS, INDUSTRY])
def test_the_same_bytes_and_no_field_but_page_numbers(demo: Path) -> None:
    """Twice the same; no links, no time of this machine."""
    found = progress(demo, "2026-06-30")
    data = briefing(found)
    assert briefing(found) == data
    document = opened(data)
    body = document.element.xml
    assert "hyperlink" not in body
    assert "instrText" not in body
    assert document.core_properties.created is None or document.core_properties.author == ""


def test_english() -> None:
    """What is quoted stays as published."""
    said = words(opened(briefing(progress(PLUS, "2026-06-30"), "en")))
    assert "20个以上垂直领域行业模型" in said
    assert "Attained" in said
