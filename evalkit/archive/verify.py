"""One question for whatever lies there, a bag, a round, a folder of reports: is it as it was?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from evalkit.archive import contents, evidence, reports_kept, signature
from evalkit.archive.checked_appeal import check_appeal
from evalkit.archive.checked_code import check_code
from evalkit.archive.checked_handover import check_handover
from evalkit.archive.layout import APPLICANT, REPORTS
from evalkit.archive.opened import is_bag, open_bag
from evalkit.base.errors import InputError, Problem
from evalkit.base.text import _
from evalkit.base.urls import is_url
from evalkit.base.wanted import asked
from evalkit.record.begin import PANEL_FILE
from evalkit.record.compared import Findings, read_receipts, root_hash
from evalkit.record.verification import Given, Verification
from evalkit.reports import issued, journal, papers
from evalkit.round import Round


@asked
def verify(
    path: Path | str,
    *,
    receipts: Iterable[Path | str] = (),
    root: str = "",
    reports: Iterable[Path | str] = (),
    signers: Path | str | None = None,
    evidence: Path | str | None = None,
) -> Verification:
    """Check what lies in the folder ``path`` (a bag, a round, reports), or a round in a database.

    Nothing is written. ``receipts``, ``root`` and ``reports`` are what others keep of the record,
    see `Round.verify`; ``signers`` is a list of allowed signers that does not come from the bag,
    and ``evidence`` the folder with the evidence that a bag only refers to.
    Raises InputError for a folder that is none of these.
    """
    folder = Path(path)
    if not is_url(path) and is_bag(folder):
        given = Given(tuple(read_receipts(receipts)), root_hash(root))
        return _bag(folder, given, *(None if p is None else Path(p) for p in (signers, evidence)))
    if is_url(path) or (folder / PANEL_FILE).exists():
        with Round.open(path) as round_:
            return _round(round_, round_.verify(receipts, root, reports))
    own, found = issued.read(folder), Findings()
    if own is not None:
        issued.check(folder, own, found)
    elif (folder / papers.FILE).is_file():
        papers.check(folder, found)
    else:
        text = _("这里没有可核对的：既不是档案，也不是评审工作文件夹或报告文件夹")
        raise InputError(Problem(text, str(path)))
    found.unknown.append(_("报告的内容对不对：要用评审记录重新计算，这里只核对了没有改过"))
    return _verification(found)


def _bag(folder: Path, given: Given, signers: Path | None, material: Path | None) -> Verification:
    found = Findings()
    bag = open_bag(folder, found)
    signature.check(folder, signers, bag.made_on, found)
    about = contents.about_of(bag, found)
    if about is None:
        return _verification(found)
    contents.check_info(bag, about, found)
    if about["kind"] == APPLICANT:
        check_handover(bag, about, found)
    else:
        contents.check_results(bag, about, found)
        contents.check_round(bag, about, _with_reports(given, bag.payload / REPORTS, about), found)
        evidence.check(bag, about, material, found)
    contents.check_reports(bag, about, found)
    contents.check_papers(bag, found)
    check_appeal(bag, about, found)
    check_code(bag, found)
    found.unknown += contents.missing(about)
    text = _("结果和报告没有在这里重新计算；重算并逐项比较：evalkit rerun {folder}", folder=folder)
    found.unknown.append(text)
    return _verification(found)


def _with_reports(given: Given, folder: Path, about: contents.About) -> Given:
    """What is given, and the roots that reports in the bag state."""
    folders = sorted(folder.iterdir()) if folder.is_dir() else []
    stated = tuple(journal.locks(folders, about["panel"]["id"]))
    return Given(given.receipts, given.root, stated)


def _round(round_: Round, said: Verification) -> Verification:
    """What was found of a round, and the reports of its lock that lie in its folder or beside."""
    found = Findings(*(list(texts) for texts in vars(said).values()))
    lock = round_.history().lock if said.ok else None
    near: Sequence[Path] = []
    if lock is not None and not is_url(round_.shown):
        near = reports_kept.near(round_.folder)
    for folder in near:
        own, one = issued.read(folder), Findings()
        root = lock.payload["root"] if lock is not None else None
        if own is not None and own.head.get("root") == root:
            issued.check(folder, own, one)
        elif any(line["root"] == root for line in papers.read(folder).papers.values()):
            papers.check(folder, one)
        for texts, new in zip(vars(found).values(), vars(one).values(), strict=True):
            texts += [_("{folder}：{text}", folder=folder, text=text) for text in new]
    return _verification(found)


def _verification(found: Findings) -> Verification:
    """The findings, each once."""
    return Verification(*(tuple(_once(texts)) for texts in vars(found).values()))


def _once(texts: Sequence) -> list:
    kept = []
    for text in texts:
        if text not in kept:
            kept.append(text)
    return kept
