"""Lists of a panel that stand in tables beside its file: a row each, with the same errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from evalkit.base.errors import InputError, Problem
from evalkit.base.headings import Columns
from evalkit.base.names import Names
from evalkit.base.text import Text, _
from evalkit.base.yamltext import Listed, Tree

_ID, _NAME = ("标识", "编号"), ("名称", "姓名")

COLUMNS = {
    "experts": Columns(
        ("id", "name", "role", "employer"),
        ("group", "kind", "fields"),
        {
            "id": _ID,
            "name": _NAME,
            "role": ("角色",),
            "employer": ("工作单位", "单位"),
            "group": ("组别", "组"),
            "kind": ("类别",),
            "fields": ("领域", "熟悉的领域"),
        },
    ),
    "applicants": Columns(
        ("id", "name", "lead"),
        ("partners", "industry", "city", "department", "group", "field"),
        {
            "id": _ID,
            "name": _NAME,
            "lead": ("牵头单位",),
            "partners": ("联合共建单位", "共建单位"),
            "industry": ("产业", "行业"),
            "city": ("地市", "城市"),
            "department": ("行业主管部门", "主管部门"),
            "group": ("组别", "组"),
            "field": ("领域", "所属领域"),
        },
    ),
    "claims": Columns(
        ("applicant", "id", "title", "level", "evidence"),
        words={
            "applicant": ("评审对象标识", "评审对象"),
            "id": _ID,
            "title": ("成果",),
            "level": ("级别",),
            "evidence": ("佐证材料",),
        },
    ),
    "conflicts": Columns(
        ("expert", "applicant", "reason"),
        words={
            "expert": ("专家标识", "专家"),
            "applicant": ("评审对象标识", "评审对象"),
            "reason": ("理由", "原因"),
        },
    ),
    "relations": Columns(
        ("expert", "kind", "source", "declared_by"),
        ("applicant", "party", "note"),
        {
            "expert": ("专家标识", "专家"),
            "applicant": ("评审对象标识", "评审对象"),
            "party": ("有关单位", "单位"),
            "kind": ("关系",),
            "source": ("依据",),
            "declared_by": ("申报人",),
            "note": ("说明",),
        },
    ),
    "assignment": Columns(
        ("applicant", "expert"),
        words={
            "applicant": ("评审对象标识", "评审对象"),
            "expert": ("专家标识", "专家"),
        },
    ),
}
"""What may stand in a table, and its columns; `claims` belong to applicants of a table."""

_WORDS = {
    "组长": "chair",
    "成员": "member",
    "国家级": "national",
    "省级": "provincial",
    "曾在该单位任职": "former_colleague",
    "顾问": "adviser",
    "兼职": "adviser",
    "师生": "adviser",
    "亲属": "kinship",
    "持股": "shares",
    "合作研究": "co_author",
    "合著": "co_author",
    "其他": "other",
}
_SEVERAL = ("partners", "fields")
_ENDS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet")

SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": r"^[^/\\]+\.(csv|tsv|txt|xlsx|xlsm|parquet)$"},
        {
            "type": "object",
            "properties": {name: {"type": "string"} for name in ("table", "encoding", "sheet")},
            "required": ["table"],
            "additionalProperties": False,
        },
    ],
    "description": "同一文件夹中的表（CSV 或 Excel），或 table、encoding、sheet",
}
"""The name of a table in the panel's JSON Schema."""


def table_files(path: Path, tree: Tree) -> list[Path]:
    """The tables that the panel file at ``path`` names, in its folder."""
    return [path.parent / asked["table"] for _key, asked in _named(tree)]


def with_lists(path: Path, tree: Tree) -> Tree:
    """``tree`` with the rows of the tables that it names in their places.

    Raises InputError as `read_table` does, for a table elsewhere than beside ``path``, and for
    claims of nobody.
    """
    tables: dict[str, Listed] = {}
    values = dict(tree.value) if isinstance(tree.value, dict) else tree.value
    for key, asked in _named(tree):
        values[key], tables[key] = _read(path, key, asked, tree, COLUMNS[key])
    tree = Tree(values, tree.lines, tree.source, tables)
    for key in ("claims", "conflicts", "relations", "assignment"):
        if key in tables:
            _name_by_ids(tree, key)
    if "claims" in tables:
        _give_claims(tree)
    if "assignment" in tables:
        _gather(tree)
    return tree


def rows_of(key: str, file: Path) -> tuple[list[dict[str, Any]], Listed]:
    """The rows of the list ``key`` in ``file``, whose column of ids may be missing, and where each
    stands. Raises InputError as `with_lists` does.
    """
    columns = COLUMNS[key]
    needed = tuple(name for name in columns.needed if name != "id")
    columns = replace(columns, needed=needed, more=("id", *columns.more))
    return _read(file, key, {"table": file.name}, Tree({}, {}, str(file)), columns)


def _named(tree: Tree) -> Iterator[tuple[str, dict[str, str]]]:
    given = tree.value if isinstance(tree.value, dict) else {}
    for key in COLUMNS:
        value = given.get(key)
        if isinstance(value, str) and value.lower().endswith(_ENDS):
            value = {"table": value}
        if not isinstance(value, dict) or not isinstance(value.get("table"), str):
            continue
        if value.keys() <= {"table", "encoding", "sheet"} and all(
            isinstance(one, str) for one in value.values()
        ):
            yield key, value


def _read(
    path: Path, key: str, asked: dict[str, str], tree: Tree, columns: Columns
) -> tuple[list[dict[str, Any]], Listed]:
    from evalkit.base.tables import read_spelt

    name = asked["table"]
    if re.search(r"[/\\]", name) or Path(name).name != name:
        text = _("表须与本文件放在同一文件夹，这里只写文件名")
        raise InputError(Problem(text, tree.source, tree.line((key,)), key))
    source = str(path.parent / name)
    try:
        sheet = asked.get("sheet")
        table = read_spelt(path.parent / name, asked.get("encoding", "utf-8"), sheet, columns)
    except InputError as error:
        raise InputError(*(_here(problem) for problem in error.problems)) from error
    names, lines = table.names, table.lines.tolist()
    columns.require_exactly(names, source, lines[0] - 1 if lines else 1)
    cells = zip(*map(table.cells, names), strict=True)
    rows: list[dict[str, Any]] = [
        dict(zip(names, row, strict=True))
        if all(row)
        else {name: cell for name, cell in zip(names, row, strict=True) if cell}
        for row in cells
    ]
    for row in rows if {"role", "level", "source", *_SEVERAL} & set(names) else ():
        _in_words_of_the_model(row)
    return rows, Listed(source, lines)


def _here(problem: Problem) -> Problem:
    """``problem`` with what stands in a panel file instead of an option of the command line."""
    if "--" not in problem.text.render():
        return problem
    text = _("{why}（在评审组文件里写 table、encoding、sheet 三项）", why=problem.text)
    return replace(problem, text=text)


def _in_words_of_the_model(row: dict[str, Any]) -> None:
    for name in ("role", "level", *(("kind",) if "source" in row else ())):
        if name in row:
            row[name] = _WORDS.get(row[name], row[name])
    for name in _SEVERAL:
        if name in row:
            row[name] = [p.strip() for p in re.split("[;；]", row[name]) if p.strip()]


def _name_by_ids(tree: Tree, key: str) -> None:
    """Put ids where the rows of ``key`` name applicants and experts."""
    problems = []
    for column, owners in (("applicant", "applicants"), ("expert", "experts")):
        people = [p for p in tree.value.get(owners, ()) if isinstance(p, dict)]
        names = Names((p.get("id", ""), p.get("name", "")) for p in people)
        for n, row in enumerate(tree.value[key]):
            if column not in row:
                continue
            found = names.ids(row[column])
            if len(found) > 1:
                text = several(row[column], found)
                problems.append(tree.problem(text, (key, n, column)))
            row[column] = found[0]
    if problems:
        raise InputError(*problems[:20])


def several(name: str, ids: list[str]) -> Text:
    """That ``name`` is borne by several."""
    values = {"name": name, "n": len(ids), "ids": ids}
    return _("“{name}”有 {n} 个同名的，请写标识：{ids}", **values)


def _give_claims(tree: Tree) -> None:
    rows = tree.value.pop("claims")
    owners = {a.get("id"): a for a in tree.value.get("applicants", ()) if isinstance(a, dict)}
    _require_known(tree, "claims", rows, lambda row: row.get("applicant") in owners)
    for row in rows:
        owners[row.pop("applicant")].setdefault("claims", []).append(row)


def _gather(tree: Tree) -> None:
    rows = tree.value["assignment"]
    _require_known(tree, "assignment", rows, lambda row: len(row) == 2)
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["applicant"], []).append(row["expert"])
    tree.value["assignment"] = found


def _require_known(
    tree: Tree, key: str, rows: list[dict[str, str]], good: Callable[[dict[str, str]], bool]
) -> None:
    text = _("没有评审对象“{applicant}”，请核对名单")
    if key == "assignment":
        text = _("对象和专家都要写明")
    problems = [
        tree.problem(replace(text, values={"applicant": row.get("applicant", "")}), (key, n))
        for n, row in enumerate(rows)
        if not good(row)
    ]
    if problems:
        raise InputError(*problems[:20])
