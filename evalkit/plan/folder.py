"""Ledgers of plans from their folders, and the empty files of a new one."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from evalkit.base import yamltext
from evalkit.base.build import build, require
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.files import place
from evalkit.base.tables import read_table
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.panel import MAX_BYTES, find_rubric
from evalkit.plan import checks
from evalkit.plan.ledger import FORMAT, Ledger
from evalkit.plan.table import COLUMNS, FIELDS, MILESTONES, TASK_NAME, milestones
from evalkit.rubric import Rubric
from evalkit.rubric.open_rules import SILENCES, concerns, silent_article

LEDGER_FILE, TABLE_FILE = "ledger.yaml", "milestones.csv"


@asked
def read_ledger(path: Path, encoding: str = "utf-8") -> tuple[Rubric, Ledger]:
    """The plan and the ledger in ``path``: a ledger file, or the folder with ``ledger.yaml``.

    ``encoding`` is that of the table that the ledger names, if it names one; it lies in the same
    folder. What was recorded since is not in it, see `year.open_year`. Raises InputError for each
    problem with file, line and field; for a silence of the plan that is not declared the error
    names the article.
    """
    file = path / LEDGER_FILE if path.is_dir() else path
    rubric = find_rubric(file)
    tree = yamltext.read(file, MAX_BYTES)
    require(tree, checks.undeclared(tree, rubric))
    ledger = build(Ledger, tree)
    require(tree, checks.inconsistent(ledger, rubric))
    if ledger.table is None:
        found = checks.of_milestones(ledger, rubric)
        require(tree, ((("milestones", n, field), text) for n, field, text in found))
        return rubric, ledger
    if Path(ledger.table).name != ledger.table:
        text = _("台账表须与本文件放在同一文件夹，这里只写文件名")
        raise InputError(tree.problem(text, ("table",)))
    return rubric, _with_table(ledger, file.parent / ledger.table, rubric, encoding)


def _with_table(ledger: Ledger, file: Path, rubric: Rubric, encoding: str) -> Ledger:
    """``ledger`` with the milestones in the table ``file``."""
    table = read_table(file, encoding, columns=MILESTONES)
    rows, lines = milestones(table, str(file), rubric)
    ledger = ledger.model_copy(update={"milestones": tuple(rows)})
    problems = [
        Problem(text, str(file), lines[n], FIELDS[field])
        for n, field, text in checks.of_milestones(ledger, rubric)
    ]
    if problems:
        raise InputError(*problems)
    return ledger


def _no_plan(rubric: Rubric) -> Text:
    """What a text without targets and tasks has instead, and which command is meant for it."""
    if rubric.indicators or rubric.procedures:
        return _(
            "{id} 没有目标和任务，不能建立台账；它有 {n} 项指标、{m} 个评审程序，用于评分："
            "请用 evalkit panel new {id} 起草评审组文件",
            id=rubric.id,
            n=len(rubric.indicators),
            m=len(rubric.procedures),
        )
    return _("{id} 没有目标和任务，不能建立台账", id=rubric.id)


@asked
def write_new(rubric: Rubric, year: int, out: Path, language: str = "zh") -> None:
    """Write the empty ledger and table of a plan into the folder ``out``.

    Raises InputError if one of them is there already, or for a year of other than four digits;
    Refused for a text that sets no targets and tasks. Then nothing is written.
    """
    if not (rubric.targets or rubric.tasks):
        raise Refused(_no_plan(rubric))
    if not 1900 <= year <= 2999:
        why = _("“{value}”不是年度，请写成 2026 这样的四位数", value=year)
        raise InputError(Problem(why, field="--year"))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table(rubric, year))
    files = {
        LEDGER_FILE: declaration(rubric, year, language).encode(),
        # with a mark, by which Excel knows the encoding
        TABLE_FILE: text.getvalue().encode("utf-8-sig"),
    }
    for name in files:
        if (out / name).exists():
            raise InputError(Problem(_("已经存在，请换一个文件夹或先移走"), str(out / name)))
    place({out / name: content for name, content in files.items()})


def table(
    rubric: Rubric, year: int, units: Mapping[str, Sequence[str]] | None = None
) -> list[list[str]]:
    """The header of the table, and a row for each task and responsible unit to fill in.

    A row for each time that the text itself sets for the year, if it sets any. ``units`` are those
    of each task (None: as the text writes them).
    """
    task, *others = COLUMNS.values()
    blank = [""] * (len(others) - 1)
    rows = []
    for t in rubric.tasks:
        own = units[t.id] if units else t.units
        for n, unit in enumerate(own or ("",)):
            # the text does not say which of several units: the first one named stands for all
            nodes = t.within(year) if n == 0 else ()
            rows += [[t.id, t.name, unit, n.name, n.due or "", *blank[2:]] for n in nodes]
            rows += [] if nodes else [[t.id, t.name, unit, *blank]]
    return [[task, TASK_NAME, *others], *rows]


def declaration(rubric: Rubric, year: int, language: str = "zh") -> str:
    """The YAML text of a ledger whose milestones stand in `TABLE_FILE`.

    What the office has to decide is a comment with the silent article and a ``?`` for each choice:
    the file is refused until everything is declared.
    """

    def comment(text: Text) -> str:
        return f"# {text.render(language)}"

    rules = [
        f"  {line}".rstrip()
        for name in ("about", "range", "by", "judges", "assessed")
        if concerns(name, rubric)
        for line in (comment(_silent(rubric, name)), *_choices(rubric, name, year), "")
    ]
    lines = [
        comment(
            _("在冒号后填写；规则去掉 # 号，把 ? 改成办公室的决定。填完后运行 evalkit ledger check")
        ),
        *(f"format: {FORMAT}", f"id: {rubric.id}-{year}", "title:", f"rubric: {rubric.id}"),
        f"year: {year}",
        *(comment(_("台账登记到哪一天")), "as_of:"),
        *(comment(_("编制台账、评估并通报的办公室")), "office:", "", "rules:", *rules),
        *(comment(_silent(rubric, "units")), *_units(rubric), ""),
        *(comment(_silent(rubric, "milestones")), f"table: {TABLE_FILE}", ""),
        comment(_("目标的数据和认定，有了再写")),
        "# measurements:",
        "#   - {target: ?, value: ?, unit: ?, as_of: ?, source: ?}",
        "# judgements:",
        "#   - {target: ?, judge: ?, judged_on: ?, verdict: met | not_met, reason: ?}",
    ]
    return "\n".join(lines) + "\n"


def _silent(rubric: Rubric, name: str) -> Text:
    return _("{name}：{article}", name=SILENCES[name], article=silent_article(rubric, name))


def _choices(rubric: Rubric, name: str, year: int) -> list[str]:
    targets = [t for t in rubric.targets if t.term == name or (name == "by" and t.by is None)]
    lines = {
        "about": ["about:  # {below: ?, above: ? | unlimited} | undecided"]
        + [f"  {t.id}: ?  # {t.text}" for t in targets],
        "range": ["range:  # exact | or_more", *(f"  {t.id}: ?  # {t.text}" for t in targets)],
        "by": ["by:", *(f"  {t.id}: ?  # {t.text}" for t in targets)],
        "judges": ["judges:", "  - {id: ?, name: ?, post: ?}"],
        "assessed": [f"assessed: [{year}-?-?]"],
    }[name]
    return [f"# {line}" for line in lines]


def _units(rubric: Rubric) -> list[str]:
    """A unit for each wording of the text; which of them are the same the office has to say."""
    names = dict.fromkeys(name for task in rubric.tasks for name in task.units)
    if not names:
        return ["units:", "  - {id: , name: , tasks: []}"]
    return ["units:", *(f"  - {{id: , name: , written: [{name}]}}" for name in names)]
