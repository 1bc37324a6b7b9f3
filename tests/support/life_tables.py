"""Tables that people make for a life: lists of a panel, sheets from paper, a filled template."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from evalkit.rubric import Rubric
from evalkit.rubric.indicators import Indicator

Share = Mapping[str, Decimal]
"""Of the points of every indicator, the share that an applicant gets from the experts."""


def write_csv(file: Path, rows: Iterable[Iterable[object]]) -> None:
    """``rows`` with their heading, as Excel saves them: UTF-8 with a mark."""
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)


def read_csv(file: Path) -> list[dict[str, str]]:
    """The rows of a table, by its headings."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def experts(file: Path, n: int) -> None:
    """A list of ``n`` experts, the first of whom presides."""
    names = "甲乙丙丁戊己庚"[:n]
    rows = [
        (f"e{k}", f"专家{name}", "成员" if k > 1 else "组长", f"示例学院{name}")
        for k, name in enumerate(names, 1)
    ]
    write_csv(file, [("标识", "姓名", "角色", "工作单位"), *rows])


def applicants(file: Path, names: Mapping[str, str]) -> None:
    """A list of applicants: id and name."""
    rows = [(id, name, f"{name}工业和信息化局") for id, name in names.items()]
    write_csv(file, [("标识", "名称", "牵头单位"), *rows])


def sheets(file: Path, points: Mapping[str, Decimal], shares: Share, n: int) -> None:
    """Score sheets of ``n`` experts on paper: the first gives the most that ``points`` allow,
    the last nothing, the others the share of each applicant; without both ends that is the mean.
    """
    rows = [
        (applicant, f"e{k}", indicator, {1: most, n: Decimal(0)}.get(k, most * share), "")
        for applicant, share in shares.items()
        for k in range(1, n + 1)
        for indicator, most in points.items()
    ]
    write_csv(file, [("评审对象", "专家", "指标", "分数", "理由"), *rows])


def scored(rubric: Rubric, measured: Decimal) -> dict[str, Decimal]:
    """What experts may give on each indicator, ``measured`` of a mixed one being measured."""
    found: dict[str, Decimal] = {}
    for i in rubric.indicators:
        if i.kind != "quantitative":
            found[i.id] = i.points - (measured if i.kind == "mixed" else 0)
    return found


def counted(rubric: Rubric) -> list[Indicator]:
    """The indicators with a measured value."""
    return [i for i in rubric.indicators if i.kind != "qualitative"]


def fill(file: Path, value: Callable[[dict[str, str]], tuple[str, str]]) -> None:
    """Fill a template of ``record template``: value and evidence of each row."""
    rows = read_csv(file)
    for row in rows:
        row["值"], row["依据"] = value(row)
    write_csv(file, [list(rows[0]), *(row.values() for row in rows)])
