"""The empty ledger of a plan: a file in which every choice is still to be made, and its table."""

from __future__ import annotations

from evalkit.base.text import Text, _
from evalkit.plan.ledger import FORMAT
from evalkit.plan.table import COLUMNS, TASK_NAME
from evalkit.rubric import Rubric
from evalkit.rubric.open_rules import SILENCES, concerns, silent_article


def table(rubric: Rubric, year: int) -> list[list[str]]:
    """The header of the table, and a row for each task and responsible unit to fill in.

    A row for each time that the text itself sets for the year, if it sets any.
    """
    task, *others = COLUMNS.values()
    blank = [""] * (len(others) - 1)
    rows = []
    for t in rubric.tasks:
        nodes = t.within(year)
        for unit in t.units or ("",):
            rows += [[t.id, t.name, unit, n.name, n.due or "", *blank[2:]] for n in nodes]
            rows += [] if nodes else [[t.id, t.name, unit, *blank]]
    return [[task, TASK_NAME, *others], *rows]


def declaration(rubric: Rubric, year: int, table_file: str, language: str = "zh") -> str:
    """The YAML text of a ledger whose milestones stand in ``table_file``.

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
        *(comment(_silent(rubric, "milestones")), f"table: {table_file}", ""),
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
