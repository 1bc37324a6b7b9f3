"""A round of an archive evaluated and reported again, in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.analysis import Analysis, advise
from evalkit.archive import layout
from evalkit.archive.rerun_bag import Bag
from evalkit.base.errors import EvalkitError
from evalkit.base.text import LANGUAGES, Text, _
from evalkit.disclosure import Views
from evalkit.disclosure.levels import LEVELS
from evalkit.evaluation import Results, evaluate
from evalkit.record.entered import basis_of, facts_of
from evalkit.reports import issued, journal
from evalkit.reports.batch import Order, make_reports
from evalkit.reports.issued import SUMMARY
from evalkit.reports.produce import produce_summary
from evalkit.round import Round


@dataclass(frozen=True)
class Again:
    """What follows today from what was entered then, and what is wrong with it."""

    results: Results
    analysis: Analysis
    views: Views
    rules: tuple[Text, ...]
    """What does not hold of the files that declare the rules."""
    record: tuple[Text, ...]
    """What does not hold of the log."""


def evaluated(bag: Bag, folder: Path) -> Again:
    """Evaluate and analyse a copy of the round of ``bag``, which is put into ``folder``.

    A record that was changed is evaluated as it is now, so that it shows what follows from the
    change. Raises as the loaders, the log and `evaluate` do.
    """
    copy = folder / layout.ROUND
    bag.copy_round(copy)
    with Round.open(copy) as workspace:
        history, panel, rubric = workspace.history(), workspace.panel, workspace.rubric
        wrong = [_moved(text, copy, bag) for text in workspace.verify().wrong]
        basis, locked = basis_of(panel, history), history.lock is not None
        facts = facts_of(rubric, panel, history, submitted_only=locked, basis=basis)
        results = evaluate(rubric, panel, facts, trial=not locked)
        opinions, remarks = workspace.opinions(), workspace.remarks()
    if not locked:
        wrong.append(_("日志里没有锁定的记录"))
    rules = tuple(text for text in wrong if _names_declared(text, copy, bag))
    analysis = advise(results)
    views = Views(results, analysis, opinions=opinions, remarks=remarks)
    record = tuple(text for text in wrong if text not in rules)
    return Again(results, analysis, views, rules, record)


def _moved(value: Any, copy: Path, bag: Bag) -> Any:
    """``value`` with the place of a file in the bag instead of that in its copy."""
    if isinstance(value, Text):
        return Text(value.message, {k: _moved(v, copy, bag) for k, v in value.values.items()})
    if isinstance(value, str):
        return value.replace(str(copy), bag.named(bag.path(layout.ROUND)))
    return [_moved(one, copy, bag) for one in value] if isinstance(value, list) else value


def _names_declared(text: Text, copy: Path, bag: Bag) -> bool:
    """Whether a sentence is about one of the files that declare the rules."""
    files = (path.relative_to(copy) for path in copy.rglob("*.yaml"))
    names = (bag.named(bag.path(layout.ROUND) / file) for file in files)
    return any(name in text.render() for name in names)


@dataclass(frozen=True)
class Reported:
    """A folder of reports that was made again: where, and what could not be made."""

    archived: Path
    made: Path
    failures: tuple[Text, ...] = ()


def reported(bag: Bag, again: Again, folder: Path, only: str | None) -> Iterator[Reported]:
    """Make every folder of reports of ``bag`` again below ``folder``, each at its own level and in
    its own language; of the applicant ``only`` where one is named.
    """
    for number, archived in enumerate(bag.folders()):
        made = folder / f"{layout.REPORTS}-{number}"
        failures: list[Text] = []
        try:
            failures += _batch(again, archived, made, only)
            if only is None and (archived / f"{SUMMARY}.ipynb").exists():
                made.mkdir(exist_ok=True)
                language = _language(archived / f"{SUMMARY}.html")
                produce_summary(again.views, made, language=language)
        except EvalkitError as error:
            failures += [problem.text for problem in error.problems]
        yield Reported(archived, made, tuple(failures))


def _batch(again: Again, archived: Path, made: Path, only: str | None) -> list[Text]:
    """Make the reports that a journal lists; sentences on those that failed."""
    own = issued.read(archived)
    ids = [id for id in own.reports if only in (None, id)] if own else []
    if own is None or not ids:
        return []
    level, language = own.head.get("level"), str(own.head.get("language"))
    if level not in LEVELS or language not in LANGUAGES:
        return [_("{file} 没有写明等级和语言，被改过", file=journal.FILE)]
    order = Order(made, level, language)
    batch = make_reports(again.views, ids, order)
    return [problem.text for error in batch.failures for problem in error.problems]


def _language(page: Path) -> str:
    """The language that a page declares."""
    return "en" if page.exists() and b'<html lang="en">' in page.read_bytes()[:200] else "zh"
