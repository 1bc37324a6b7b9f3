"""What may have happened to an archive or its code: each is a name, the deed, and what a re-run has
to say of it.

The deeds are in step: whoever does one regenerates journals and all manifests, so that
only making the archive again can tell. Those of `alterations` that are not stand there, too.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tests.support import alterations
from tests.support.alterations import REPORTS, added, changed, flipped, removed, replaced
from tests.support.bags import put, resealed

PAGE, NOTEBOOK = f"{REPORTS}/A.html", f"{REPORTS}/A.ipynb"
TABLE, NOTE = "data/code/installed.csv", "data/code/environment.json"
PART = "evalkit/pages/parts/outcome.html.j2"

Alter = Callable[[Path], object]


class Deed(NamedTuple):
    """``kind`` is the cause that a re-run names, and ``said`` stands in its sentence."""

    name: str
    alter: Alter
    kind: str
    said: str
    applicant: str | None = "A"


def noted(bag: Path, name: str, content: str) -> None:
    """Give a file of the archive this ``content``, and its new digest to whatever names it."""
    before = hashlib.sha256((bag / name).read_bytes()).hexdigest()
    put(bag / name, content)
    after = hashlib.sha256((bag / name).read_bytes()).hexdigest()
    for file in [*(bag / "data").rglob("*.json"), *(bag / "data").rglob("*.jsonl")]:
        if before in (text := file.read_text("utf-8")):
            put(file, text.replace(before, after))
    resealed(bag)


def in_step(name: str, old: str, new: str) -> Alter:
    """Change a text in a file once, and the digests of the file."""

    def alter(bag: Path) -> None:
        text = (bag / name).read_text("utf-8")
        assert old in text
        noted(bag, name, text.replace(old, new, 1))

    return alter


another_page = in_step(PAGE, "16.00", "17.00")


def installed(change: Callable[[list[str]], list[str] | None]) -> Alter:
    """Other installed files when the archive was made; ``change`` gives a row, or none.

    The page of A is another one, too, as such files would have made it.
    """

    def alter(bag: Path) -> None:
        head, *rows = csv.reader(io.StringIO((bag / TABLE).read_text("utf-8")))
        out = io.StringIO()
        left = [row for row in map(change, rows) if row is not None]
        assert left != rows
        csv.writer(out, lineterminator="\n").writerows([head, *left])
        noted(bag, TABLE, out.getvalue())
        another_page(bag)

    return alter


def version(name: str, then: str) -> Alter:
    """Another version of a package."""
    return installed(lambda row: [row[0], then, *row[2:]] if row[0] == name else row)


def file(path: str, *, edited: bool = False) -> Alter:
    """Another file of a package: of another build, or ``edited`` after it was installed."""

    def change(row: list[str]) -> list[str]:
        if row[2] != path:
            return row
        return [*row[:3], "0" * 64, row[4] if edited else "0" * 64 if row[4] else ""]

    return installed(change)


def machine(change: Callable[[dict[str, Any]], object], deed: Alter) -> Alter:
    """Another machine when the archive was made, and what it did."""

    def alter(bag: Path) -> None:
        changed(NOTE, change)(bag)
        deed(bag)

    return alter


def last_digit(bag: Path) -> None:
    """A statistic that is one unit of its last digit off, as another processor might have it."""
    name = "data/analysis.json"
    text = (bag / name).read_text("utf-8")
    found = next(part for part in alterations_of_decimals(text))
    moved = found[:-1] + str((int(found[-1]) + 1) % 10 or 9)
    noted(bag, name, text.replace(f'"{found}"', f'"{moved}"', 1))


def alterations_of_decimals(text: str) -> list[str]:
    """The decimals in ``text`` whose last digit can grow without another one moving."""
    parts = text.split('"')
    return [p for p in parts if p.replace(".", "", 1).isdigit() and "." in p and p[-1] < "9"]


def told_otherwise(bag: Path) -> None:
    """A notebook that was filled in with other points than the results have."""
    text = (bag / NOTEBOOK).read_text("utf-8")
    noted(bag, NOTEBOOK, text.replace("16.00", "17.00"))


def no_environment(bag: Path) -> None:
    """Nothing says with what the archive was made."""
    another_page(bag)
    added(NOTE, "[]", seal=True)(bag)


OLD_PYTHON = {"implementation": "CPython", "version": "3.11.0", "compiler": "", "hash_seed": ""}

DEEDS = [
    Deed("a byte of a page", flipped(PAGE), "archive", "A.html（A 的报告页面）与清单不符"),
    Deed("a byte, resealed", flipped(PAGE, seal=True), "archive", "出具之后被改过"),
    Deed("a page in step", another_page, "archive", "A.html 不是由它们做出的"),
    Deed("a notebook, resealed", flipped(NOTEBOOK, seal=True), "archive", "出具之后被改过"),
    Deed("a notebook in step", told_otherwise, "archive", "A.ipynb 不是由它们做出的"),
    Deed("a page gone", removed(PAGE, seal=True), "archive", "A 的报告页面不见了"),
    Deed("a page more", added(f"{REPORTS}/Z.html", seal=True), "archive", "是后来放进去的", None),
    Deed("a rule", in_step("data/round/panel.yaml", "places: 2", "places: 1"), "rules", "places"),
    Deed(
        "the wording of an indicator",
        in_step("data/round/small.yaml", "综合评分。", "酌情评分。"),
        "rules",
        "指标体系不是得出存档结果的那一份",
    ),
    Deed("a score and its chain", alterations.chain, "inputs", "存档的结果用的是 9，记录里是 1"),
    Deed("a log without guards", alterations.unguard, "inputs", "防改动的部分不是原样"),
    Deed("a score, chain and lock", alterations.chain_and_lock, "inputs", "根哈希"),
    Deed(
        "the results",
        replaced("data/results.json", '"total":"16.00"', '"total":"17.00"', seal=True),
        "archive",
        "results.json 被改过：重算的结果的摘要值",
    ),
    Deed("results in step", alterations.results_too, "archive", "重算的结果的摘要值"),
    Deed("a last digit", last_digit, "archive", "归档的统计可能被改过"),
    Deed(
        "a last digit of another processor",
        machine(lambda c: c["system"].update(processor="another"), last_digit),
        "digits",
        "不是结果的不同",
    ),
    Deed("another numpy", version("numpy", "1.0"), "environment", "numpy 1.0 →"),
    Deed(
        "a library's file edited then",
        file("jinja2/environment.py", edited=True),
        "environment",
        "当时装好的软件包里有文件被改过，现在的没有：jinja2: jinja2/environment.py",
    ),
    Deed(
        "a library built otherwise",
        file("jinja2/environment.py"),
        "environment",
        "版本相同，构建不同：jinja2",
    ),
    Deed(
        "another kernel of scoring",
        file("evalkit/scoring/points.py"),
        "environment",
        "程序文件却不同：evalkit/scoring/points.py",
    ),
    Deed("another template", file(PART), "template", f"模板或笔记本不同：{PART}"),
    Deed(
        "another notebook",
        file("evalkit/data/notebooks/applicant_report.ipynb"),
        "template",
        "applicant_report.ipynb",
    ),
    Deed(
        "another Python",
        machine(lambda c: c.update(python=OLD_PYTHON), another_page),
        "environment",
        "Python当时是 3.11.0",
    ),
    Deed(
        "a wheel rebuilt",
        lambda bag: alterations.rebuilt(bag, noted=False),
        "archive",
        "不是 environment.json 登记的那一份：换过，或重新做过",
    ),
    Deed("a wheel rebuilt and noted", alterations.rebuilt, "archive", "不是由 installed.csv 所列"),
    Deed("no environment", no_environment, "unknown", "没有写明当时的环境"),
]
