"""What a bag holds, held against itself: results, record and reports are of one and the same lock.

None of it is computed anew. It finds what regenerated manifests hide: whoever changes one thing has
to change all that names its digest, down to the root of the lock on the signed minutes.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from evalkit.archive.bag import predecessor
from evalkit.archive.kept_round import copy_record, events_text
from evalkit.archive.layout import (
    ABOUT,
    ANALYSIS,
    CRATE,
    EVENTS,
    FORMAT,
    KINDS,
    PAPERS,
    REPORTS,
    RESULTS,
    ROUND,
)
from evalkit.archive.layout import (
    PREDECESSOR as PREDECESSOR_BAG,
)
from evalkit.archive.opened import Opened
from evalkit.base.errors import EvalkitError
from evalkit.base.text import Text, _
from evalkit.log.events import Row
from evalkit.log.sqlite import SqliteLog
from evalkit.panel.load import load_both
from evalkit.record import verification
from evalkit.record.begin import LOG_FILE, PANEL_FILE
from evalkit.record.compared import Findings
from evalkit.record.succession import KIND
from evalkit.record.successor import FOLDER as PREDECESSOR
from evalkit.record.verification import Given
from evalkit.reports import issued, journal, papers, provenance

About = Mapping[str, Any]


def about_of(bag: Opened, found: Findings) -> About | None:
    """What the bag says of itself; None, and why, where it does not in a form that is known."""
    try:
        about = json.loads((bag.payload / ABOUT).read_bytes())
        known = about["format"] == FORMAT and about["kind"] in KINDS
        _named = about["root"], about["results"], about["panel"]["id"], about["panel"]["digest"]
    except (OSError, ValueError, KeyError, TypeError):
        found.wrong.append(_("{name} 读不懂：不是 evalkit 的档案，或被改过", name=ABOUT))
        return None
    if not known:
        text = _("{name} 的格式 {format} 这个版本的 evalkit 不认得，请用更新的版本", name=ABOUT)
        found.unknown.append(text.filled(format=about["format"]))
        return None
    return dict(about)


def check_info(bag: Opened, about: About, found: Findings) -> None:
    """Whether ``bag-info.txt`` and the crate are about this lock and these files."""
    pairs = (
        ("External-Identifier", about["root"]),
        ("Bag-Group-Identifier", about["panel"]["id"]),
        (PREDECESSOR_BAG, predecessor(about)),
    )
    for name, value in pairs:
        if bag.info.get(name) != value:
            text = _("bag-info.txt 的 {name} 与 {list} 写的 {value} 不符", name=name, value=value)
            found.wrong.append(text.filled(list=ABOUT))
    try:
        entities = json.loads((bag.payload / CRATE).read_bytes())["@graph"]
        data = [e["@id"] for e in entities if {"File", "Dataset"} & {*_several(e["@type"])}]
    except (OSError, ValueError, KeyError, TypeError):
        found.wrong.append(_("{name} 读不懂，被改过", name=CRATE))
        return
    for name in sorted(name for name in data if not (bag.payload / name).exists()):
        found.wrong.append(_("{list} 写着的 {name} 不在档案里", list=CRATE, name=name))


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def check_results(bag: Opened, about: About, found: Findings) -> None:
    """Whether results and analysis are those that the bag names, of its rules and its lock."""
    for name, key in ((RESULTS, "results"), (ANALYSIS, "analysis")):
        if bag.digest(bag.payload / name) != about.get(key):
            text = _("{name} 的摘要值与 {list} 登记的不符：改过，或不见了", name=name, list=ABOUT)
            found.wrong.append(text)
    try:
        whole = json.loads((bag.payload / RESULTS).read_bytes())
        theirs = whole["panel"]["digest"], whole["rubric"]["digest"], whole["basis"]["root"]
    except (OSError, ValueError, KeyError, TypeError):
        found.wrong.append(_("{name} 读不懂，被改过", name=RESULTS))
        return
    own = about["panel"]["digest"], about["rubric"]["digest"], about["root"]
    names = _("评审组"), _("指标体系"), _("锁定")
    for what, one, other in zip(names, theirs, own, strict=True):
        if one != other:
            text = _("{file} 依据的{what}不是档案里的那一个", file=RESULTS, what=what)
            found.wrong.append(text)


def check_round(bag: Opened, about: About, given: Given, found: Findings) -> None:
    """The record itself: chains, root and declared files, see `verification`; and its text.

    It is read from a copy, so that nothing touches the bag.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / ROUND
        try:
            copy_record(bag.payload / ROUND, copy)
            rubric, panel = load_both(copy / PANEL_FILE)
            with closing(SqliteLog(copy / LOG_FILE, panel.id)) as log:
                line = list(verification.kept(copy, panel, log))
                said = verification.verified(line, copy, rubric, panel, log, given)
            differ = list(_other_text(bag, [one.walk.rows for one in line]))
            rows = line[0].walk.rows
        except (EvalkitError, OSError, ValueError) as error:
            why = error.problems[0].text if isinstance(error, EvalkitError) else str(error)
            found.wrong.append(_("评审工作文件夹打不开，被改过：{why}", why=why))
            return
    found.holds += said.holds
    found.wrong += said.wrong
    found.unknown += said.unknown
    lock, first = _of_kind(rows, "lock"), _of_kind(rows, KIND)
    found.wrong += _other_round(about, panel.digest, lock.text("root") if lock else "")
    found.wrong += _other_bag(about, first.text("bag") if first else "")
    found.wrong += differ


def _other_text(bag: Opened, logs: Iterable[list[Row]]) -> Iterator[Text]:
    """Texts of ``logs`` that do not say what the logs do: of this one, and of those before."""
    place = Path(ROUND)
    for rows in logs:
        events = bag.payload / place / EVENTS
        if not events.exists() or events.read_bytes() != _text(rows):
            text = _(
                "{name} 与评分日志不是一回事：改过，或不见了", name=(place / EVENTS).as_posix()
            )
            yield text
        place /= PREDECESSOR


def _text(rows: list[Row]) -> bytes | None:
    """The text of a log; None of one that somebody made into none."""
    try:
        return events_text(rows)
    except (ValueError, RecursionError):
        return None


def _of_kind(rows: list[Row], kind: str) -> Row | None:
    return next((row for row in rows if row.kind == kind), None)


def _other_round(about: About, panel: str, root: str) -> Iterator[Text]:
    if panel != about["panel"]["digest"]:
        yield _("评审组和规则与 {list} 登记的摘要值不符：换过，或改过", list=ABOUT)
    if root != about["root"]:
        yield _("评分日志的锁定不是 {list} 登记的那一次（根哈希不同）", list=ABOUT)


def _other_bag(about: About, before: str) -> Iterator[Text]:
    """``before``: the bag of the round before, as the first entry of a successor's log names it."""
    if (about.get("supersedes") or {}).get("bag", "") != before:
        yield _("评分日志写明的前一份档案不是 {list} 登记的那一份（摘要值不同）", list=ABOUT)


def check_reports(bag: Opened, about: About, found: Findings) -> None:
    """Each folder of reports against its journal, and whether it is of this lock and its results.

    What a manifest has named already is not named again.
    """
    folder = bag.payload / REPORTS
    there = {one.name for one in folder.iterdir()} if folder.is_dir() else set()
    there -= {Path(path).name for path in bag.left}
    expected = about["reports"]
    for name in sorted(there | expected.keys()):
        own = issued.read(folder / name)
        if own is None:
            text = _(
                "{name} 里没有报告的登记（{file}）", name=f"{REPORTS}/{name}", file=journal.FILE
            )
            found.wrong.append(text)
            continue
        issued.check(folder / name, own, found, bag.digest)
        found.wrong += _other_reports(name, own, about)
        found.wrong += _other_results(folder / name, about)


def check_papers(bag: Opened, found: Findings) -> None:
    """Each folder of papers against its list of what was given out."""
    for file in sorted((bag.payload / PAPERS).rglob(papers.FILE)):
        papers.check(file.parent, found, bag.digest)


def _other_reports(name: str, own: issued.Issued, about: About) -> Iterator[Text]:
    if (own.head.get("panel"), own.head.get("root")) != (about["panel"]["id"], about["root"]):
        yield _("{name} 的报告不是由这一次锁定出的", name=f"{REPORTS}/{name}")
    if len(own.reports) != about["reports"].get(name):
        text = _("{name} 登记了 {n} 份报告，存档时是 {m} 份", name=f"{REPORTS}/{name}")
        yield text.filled(n=len(own.reports), m=about["reports"].get(name, 0))


def _other_results(folder: Path, about: About) -> Iterator[Text]:
    file = folder / provenance.FILE
    try:
        told = json.loads(file.read_bytes()) if file.exists() else {}
    except ValueError:
        return  # said already
    if told.get("results", about["results"]) != about["results"]:
        yield _("{name} 的报告不是由这些结果出的（摘要值不同）", name=f"{REPORTS}/{folder.name}")


def missing(about: About) -> Iterable[Text]:
    """Which reports are not there because nobody issued them."""
    if levels := [journal.LEVELS[level] for level in about.get("missing", ())]:
        yield _("没有装进这些报告，因为存档时没有出过：{levels}", levels=levels)
