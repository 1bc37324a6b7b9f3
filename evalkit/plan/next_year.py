"""Next year's ledger as a draft: what is not done is carried over, with where it comes from."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.files import place
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.plan.folder import LEDGER_FILE, TABLE_FILE, table
from evalkit.plan.ledger import Judgement, Ledger, Measurement, Milestone
from evalkit.plan.table import CARRIED, STATES
from evalkit.plan.year import Year


@asked
def write_next(year: Year, out: Path, language: str = "zh", on: date | None = None) -> int:
    """Write the ledger of the year after ``year`` into the folder ``out``; how many milestones it
    carries over.

    They are those that are not done on the day ``on`` (None: as the ledger stands now), with their
    due days as they are and as they first were. Rules, units and staff are those of the year, and
    so are the last value and judgement of each target; the days of assessment the office has to
    declare anew. Raises InputError if a file is there already; Refused where the text has no
    targets left to reach and nothing is open. Then nothing is written.
    """
    ledger = year.as_of(on)
    open_ = [m for m in ledger.milestones if m.state != "done"]
    # a target whose day the office declared has none in the text
    days = [target.by or ledger.rules.by[target.id] for target in year.rubric.targets]
    if not open_ and max(days, default="") <= f"{ledger.year:04}-12-31":
        text = _(
            "{year} 年度的节点都已完成，规划的目标也都已到期，没有可以结转的", year=ledger.year
        )
        raise Refused(Problem(text, str(year.folder)))
    written = io.StringIO(newline="")
    csv.writer(written).writerows(_rows(year, ledger, open_))
    files = {
        LEDGER_FILE: _declaration(year, ledger, language).encode(),
        TABLE_FILE: written.getvalue().encode("utf-8-sig"),
    }
    for name in files:
        if (out / name).exists():
            raise InputError(Problem(_("已经存在，请换一个文件夹或先移走"), str(out / name)))
    place({out / name: content for name, content in files.items()})
    return len(open_)


def _rows(year: Year, ledger: Ledger, carried: list[Milestone]) -> Iterator[list[str]]:
    """The empty table of the next year, and under each task what is carried over."""
    responsible = ledger.responsible(year.rubric)
    units = {task: [unit.name for unit in found] for task, found in responsible.items()}
    header, *rows = table(year.rubric, ledger.year + 1, units)
    yield [*header, CARRIED]
    words = {state: word for word, state in STATES.items()}
    for task in year.rubric.tasks:
        yield from ([*row, ""] for row in rows if row[0] == task.id)
        for m in (m for m in carried if m.task == task.id):
            name = ledger.named[m.unit].name
            last = ["", m.evidence or "", m.note or "", m.originally or m.first]
            yield [task.id, task.name, name, m.name, m.due, words[m.state], *last]


def _declaration(year: Year, ledger: Ledger, language: str) -> str:
    """The YAML text; what has to be declared anew is missing, and said in a comment."""
    after = ledger.year + 1
    came = _("由 {year} 年度台账 {id} 结转；请核对各项，填写空着的", year=ledger.year, id=ledger.id)
    days = _("本年度评估并通报的日期，由早到晚")
    marked = _(
        "表中“{column}”一栏有日期的，是结转的节点；改期请用 evalkit ledger record moved",
        column=CARRIED,
    )

    def comment(text: Text) -> str:
        return f"# {text.render(language)}\n"

    plain = ledger.model_dump(mode="json", exclude_defaults=True)
    del plain["rules"]["assessed"]
    follows = {"ledger": ledger.id, "year": ledger.year, "digest": ledger.digest}
    if root := year.root():
        follows["root"] = root
    heads = {"format": ledger.format, "id": _renamed(ledger.id, ledger.year, year.rubric.id)}
    heads |= {"title": ledger.title.replace(str(ledger.year), str(after)), "rubric": ledger.rubric}
    parts = [
        comment(came),
        _yaml({**heads, "year": after}),
        comment(_("台账登记到哪一天")),
        "as_of:\n",
        _yaml({"office": ledger.office}),
        _yaml({"rules": plain["rules"]}) if plain["rules"] else "rules:\n",
        f"  {comment(days)}",
        f"  # assessed: [{after}-?-?]\n",
        *(_yaml({name: plain[name]}) for name in ("units", "staff") if name in plain),
        _yaml({"follows": follows}),
        comment(marked),
        f"table: {TABLE_FILE}\n",
        comment(_("每个目标最近一次的数据和认定，照上一年度的台账")),
        *_facts(ledger),
    ]
    return "".join(parts)


def _facts(ledger: Ledger) -> Iterator[str]:
    """The last measurement and the last judgement of each target."""
    last: Callable[[Any], str] = lambda fact: fact.get("as_of") or fact["judged_on"]  # noqa: E731
    groups: dict[str, tuple[Measurement | Judgement, ...]] = {
        "measurements": ledger.measurements,
        "judgements": ledger.judgements,
    }
    for name, facts in groups.items():
        plain = sorted((fact.model_dump(mode="json") for fact in facts), key=last)
        if plain:
            yield _yaml({name: [*{fact["target"]: fact for fact in plain}.values()]})


def _renamed(id: str, year: int, rubric: str) -> str:
    """The id of the year after: the last year in it is another one."""
    before, found, behind = id.rpartition(str(year))
    return f"{before}{year + 1}{behind}" if found else f"{rubric}-{year + 1}"


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=1000)
