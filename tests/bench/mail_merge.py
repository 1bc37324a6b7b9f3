"""A report as offices make it without a notebook: docxtpl fills in a letter of Word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docxtpl import DocxTemplate

HEAD = (
    "{{ panel.title }}",
    "{{ applicant.name }}（{{ applicant.lead }}）",
    "名次 {{ rank }}/{{ ranked }}　总分 {{ total }}",
)
ROWS = (
    ("{%tr for d in dimensions %}", "", ""),
    ("{{ d.number }} {{ d.name }}", "{{ d.points }}", "{{ d.max }}"),
    ("{%tr for i in d.indicators %}", "", ""),
    ("{{ i.name }}", "{{ i.points }}", "{{ i.scores|map(attribute='points')|join('　') }}"),
    ("{%tr endfor %}", "", ""),
    ("{%tr endfor %}", "", ""),
)
"""The dimensions and their indicators, each with its points and scores: no figures, no rules."""


def template(file: Path) -> None:
    """Write the letter, with places to be filled in, as ``file``."""
    document = Document()
    for line in HEAD:
        document.add_paragraph(line)
    table = document.add_table(len(ROWS), len(ROWS[0]))
    for row, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.save(str(file))


def fill_in(letter: Path, view: dict[str, Any], out: Path) -> None:
    """What is done for each applicant: the template read, filled in and written as ``out``."""
    merged = DocxTemplate(letter)
    merged.render(view, autoescape=True)
    merged.save(out)
