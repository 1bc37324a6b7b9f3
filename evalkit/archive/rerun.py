"""An archive made again: `identical`, or what differs and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evalkit.archive import compared, layout, made_with, remade
from evalkit.archive.causes import Evidence, causes
from evalkit.archive.compared import Found
from evalkit.archive.differences import ABSENT, PRESENT, Difference, with_digits_settled
from evalkit.archive.differences_notebook import result_of
from evalkit.archive.outcome import Rerun
from evalkit.archive.rerun_bag import Bag
from evalkit.archive.screen import moved
from evalkit.base import resources
from evalkit.base.errors import EvalkitError, InputError, Problem, unreadable
from evalkit.base.files import place
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.reports.issued import SUMMARY
from evalkit.reports.make import make
from evalkit.reports.produce import APPLICANT


@asked
def rerun(path: Path | str, applicant: str | None = None) -> Rerun:
    """Make the archive in the folder ``path`` again, and compare the bytes, then part by part.

    Results and statistics are computed from the record in it, all reports (or those of the one
    ``applicant``) are made in a folder that goes afterwards; nothing is written into the archive.
    An archive for one applicant has no record: its report is made from what it was told, with ranks
    and statistics of the field as given.

    Raises InputError for a folder that is no archive, an ``applicant`` that has no report in it,
    and where nothing can be made of it.
    """
    bag = Bag(Path(path))
    handed_over = bag.about.get("kind") == layout.APPLICANT
    _require_reports(bag, applicant)
    found = Found(altered=bag.altered())
    with TemporaryDirectory(prefix="evalkit-rerun-") as folder:
        try:
            make_again = _handed_over if handed_over else _whole
            content = make_again(bag, Path(folder), found, applicant)
        except EvalkitError as error:
            altered = (Problem(text) for text in found.altered.values())
            raise InputError(*error.problems, *altered) from error
    return _concluded(bag, found, content, _notes(bag, applicant, handed_over=handed_over))


def _require_reports(bag: Bag, applicant: str | None) -> None:
    """Raise InputError where there is none of the ``applicant``."""
    names = {file.stem for folder in bag.folders() for file in folder.glob("*.ipynb")}
    if applicant is not None and applicant not in names:
        text = _("档案里没有 {id} 的报告；有的是：{names}", id=applicant, names=sorted(names))
        raise InputError(Problem(text, str(bag.folder)))


@dataclass(frozen=True)
class _Content:
    """What results and reports were made from, then and now; see `Evidence`."""

    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[Text, ...] = ()
    record: tuple[Text, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    moved: Text | None = None


def _whole(bag: Bag, folder: Path, found: Found, applicant: str | None) -> _Content:
    """Make a whole round again."""
    again = remade.evaluated(bag, folder)
    names, results, analysis = compared.names_of(again.results), again.results, again.analysis
    found.altered |= dict(compared.stated_otherwise(bag, results.digest))
    plain = results.to_dict()
    before = compared.document(bag, layout.RESULTS, results.to_json(), plain, found, names)
    statistics = analysis.to_json(), analysis.to_dict()
    compared.document(bag, layout.ANALYSIS, *statistics, found, names)
    for one in remade.reported(bag, again, folder, applicant):
        compared.folder(bag, one.archived, one.made, found, names, applicant)
        called = bag.named(one.archived)
        for failure in one.failures:
            found.differences.append(Difference("missing", called, failure, PRESENT, ABSENT))
    file = bag.named(bag.path(layout.RESULTS))
    trusted = {} if file in found.altered else before
    who = moved(before, plain, names) if before.get("applicants") else None
    return _Content(trusted, plain, again.rules, again.record, names, who)


def _handed_over(bag: Bag, folder: Path, found: Found, _applicant: str | None) -> _Content:
    """Make the one report again that an archive for an applicant has, from what it was told."""
    source = bag.path(layout.RESULT)
    try:
        result, record = source.read_text("utf-8"), list[Text]()
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError):
            raise unreadable(source, error) from error
        raise InputError(Problem(_("不是 UTF-8 的文字"), str(source))) from error
    notebook = resources.path("notebooks", APPLICANT)
    for archived in bag.folders():
        made = folder / archived.name
        for file in sorted(archived.glob("*.ipynb")):
            again = make(notebook, result, file.stem)
            if again.page is None:
                raise InputError(_("报告重做不出来：{error}", error=again.error))
            place({made / file.name: again.notebook, made / f"{file.stem}.html": again.page})
            if result_of(file.read_bytes()) != result:
                values = {"name": bag.named(source), "report": bag.named(file)}
                record.append(_("{name} 不是 {report} 里填入的内容", **values))
        compared.folder(bag, archived, made, found, {}, None)
    return _Content(record=tuple(record))


def _notes(bag: Bag, applicant: str | None, *, handed_over: bool) -> list[Text]:
    found = []
    if handed_over:
        text = _("这是给一个参评对象的档案：名次和全体的统计按档案所写，没有别人的评分可以重算")
        found.append(text)
    elif applicant is not None:
        text = _("只重做了 {id} 的报告；名次由档案里全部对象的评分重新算得", id=applicant)
        found.append(text)
    papers = bag.path(layout.PAPERS).rglob("*")
    if any(file.is_file() and file.stem != SUMMARY for file in papers):
        found.append(_("papers 里的纪要等文件是当时的原件，没有重做"))
    return found


def _concluded(bag: Bag, found: Found, content: _Content, notes: list[Text]) -> Rerun:
    """The differences with their causes, and what is otherwise but without an effect."""
    code = made_with.compared_with_now(bag)
    found.altered |= code.altered
    differences = with_digits_settled(found.differences, found.altered)
    differences += compared.faults(found, [*content.rules, *content.record], differences)
    evidence = Evidence(
        differences=differences,
        altered=found.altered,
        told_alike=frozenset(found.told_alike),
        changes=code.changes,
        **{name: value for name, value in vars(content).items() if name != "moved"},
    )
    why = causes(evidence)
    if code.changes is None:
        notes.append(_("档案没有写明当时的环境，或已经读不出来：没有与现在的环境比较"))
    else:
        said = [cause.text for cause in why]
        others = [text for text in code.changes.all if text not in said]
        notes += [_("没有影响：{text}", text=text) for text in others]
    figures = bag.folder.name, found.counts, tuple(differences), tuple(why), tuple(notes)
    return Rerun(*figures, content.moved)
