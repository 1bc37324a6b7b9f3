"""A round's record held against itself and against what others keep of it: what holds, what not.

Nothing is written. A chain alone shows that a row was changed, put in, or taken out between others;
rows that are gone from its end, and a chain that was made anew, show only against a receipt, the
root of a lock, or what was made from the lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from evalkit.base.errors import EvalkitError
from evalkit.base.shown import Shown
from evalkit.base.text import Text, _
from evalkit.log import chain
from evalkit.log.driver import Log
from evalkit.log.events import Event, Row
from evalkit.log.receipts import SheetReceipt
from evalkit.log.sqlite import SqliteLog
from evalkit.log.walk import Walk
from evalkit.panel import Panel
from evalkit.panel.load import load_both
from evalkit.record import successor
from evalkit.record.assignment import in_force
from evalkit.record.begin import LOG_FILE, PANEL_FILE, require_unchanged
from evalkit.record.compared import Findings, Kept, against_receipts, against_root, made_from
from evalkit.record.history import CELL_KINDS, DISCUSSION, History
from evalkit.record.lacking import lacking
from evalkit.record.succession import KIND
from evalkit.rubric import Rubric

MOST_SHOWN = 50
"""So many sentences of one kind are said of a log; the others are counted."""

MOST_SUSPECTS = 5


@dataclass(frozen=True)
class Verification(Shown):
    """What was found, a sentence each: what ``holds``; what is ``wrong``, the first row that is not
    as it was stored before all others; what is ``unknown``, because nothing at hand could tell; and
    what of the wrong is ``harmless``, because it is beside everything that was kept.
    """

    holds: tuple[Text, ...]
    wrong: tuple[Text, ...]
    unknown: tuple[Text, ...]
    harmless: tuple[Text, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong in what could be checked."""
        return not self.wrong

    @property
    def advice(self) -> Text:
        """What to do with what was checked, in a sentence without a full stop."""
        if self.ok:
            return _("能核对的都相符")
        if all(text in self.harmless for text in self.wrong):
            return _("其余能核对的都相符；删去上面所列的文件，再核对一次")
        return _("不要用这一份答复；取另一处保管的复制件核对，并查明是谁、为什么动过")

    def __repr__(self) -> str:
        counts = (f"{len(getattr(self, name))} {name}" for name in ("holds", "wrong", "unknown"))
        return f"Verification({', '.join(counts)})"


@dataclass(frozen=True)
class Given:
    """What others keep of a log: receipts, the ``root`` on the minutes (empty: not given), and the
    roots of locks that reports state, with their places. Those of ``near`` reports may be another
    round's.
    """

    receipts: tuple[SheetReceipt, ...] = ()
    root: str = ""
    reports: tuple[tuple[str, str], ...] = ()
    near: tuple[tuple[str, str], ...] = ()


def verify(folder: Path, rubric: Rubric, panel: Panel, log: Log, given: Given) -> Verification:
    """Check the ``log`` of the round in ``folder`` and those that it supersedes, and what they
    bind, against themselves and what is ``given``. ``rubric`` is that in force, ``panel`` as it is
    declared.
    """
    return verified(list(kept(folder, panel, log)), folder, rubric, panel, log, given)


def verified(
    line: Sequence[Kept], folder: Path, rubric: Rubric, panel: Panel, log: Log, given: Given
) -> Verification:
    """As `verify`, of logs that are walked already: ``line`` is all that is `kept`."""
    found = Findings()
    for n, one in enumerate(line):
        _check(one, found)
        _check_beginning(one, line[n + 1] if n + 1 < len(line) else None, found)
        if (binding := _binding(one.walk)) is not None:
            place = folder.joinpath(*[successor.FOLDER] * n)
            _check_files(place, one, binding, None if n else (rubric, panel), found)
    lock = line[0].walk.lock if log.complete else None
    if lock is not None and lock.text("root") != line[0].walk.root:
        found.wrong += _suspects(folder, rubric, panel, log)
    against_receipts(line, given.receipts, panel.id, found)
    if given.root:
        against_root(line, given.root, found)
    made_from(line, given.reports, found, near=False)
    made_from(line, given.near, found, near=True)
    found.unknown += _unknown(line[0], given)
    return Verification(tuple(found.holds), tuple(found.wrong), tuple(found.unknown))


def kept(folder: Path, panel: Panel, log: Log) -> Iterator[Kept]:
    """The ``log`` in ``folder``, walked, and those of the rounds that it supersedes."""
    said = _("本轮")
    yield _walked(log, said)
    before, said = folder / successor.FOLDER, _("前一轮（predecessor）")
    while before.is_dir():
        with closing(SqliteLog(before / LOG_FILE, panel.id, log.clock)) as one:
            yield _walked(one, said)
        before, said = before / successor.FOLDER, _("{which}的前一轮（predecessor）", which=said)


def _walked(log: Log, said: Text) -> Kept:
    walk = Walk.over(log.rows(), log.panel, ordered=log.ordered)
    return Kept(log.id, said, walk, tuple(log.unguarded()), log.complete)


def _check(one: Kept, found: Findings) -> None:
    """The chains of a log, and the root in its lock."""
    walk, values = one.walk, {"which": one.said, "n": len(one.walk.heads), "m": len(one.walk.rows)}
    faults = [_("{which}：{text}", which=one.said, text=text) for _row, text in walk.faults]
    if one.unguarded:
        text = _("{which}：日志里防改动的部分不是原样：{names}", names=one.unguarded, **values)
        faults.append(text)
    more = [*walk.doubts, *_after_submission(walk)]
    faults += [_("{which}：{text}", which=one.said, text=text) for text in more]
    found.wrong += _shortened(faults)
    if not walk.faults:
        text = _("{which}：{n} 位记录人的 {m} 条记录，条条前后相接，内容与哈希相符", **values)
        found.holds.append(text)
    if walk.lock is None:
        return
    if not one.complete:
        text = _("{which}：这个账户看不到别人的记录，核对不了锁定的根哈希", **values)
        found.unknown.append(text)
        return
    text = _("{which}：锁定时登记的根哈希与锁定前的全部记录不符", **values)
    if walk.lock.text("root") == walk.root:
        text = _("{which}：锁定时登记的根哈希与锁定前的全部记录相符", **values)
        found.holds.append(text)
    else:
        found.wrong.append(text)


def _after_submission(walk: Walk) -> Iterator[Text]:
    """Rows that no rule would have let in: a sheet was submitted, and not given back, before."""
    submitted: set[tuple[str, str]] = set()
    for row in walk.rows:
        sheet = row.author, row.applicant
        if row.kind == "reopen":
            submitted.discard((row.indicator, row.applicant))
        elif row.kind == "withdraw":
            submitted.discard(sheet)
        elif row.kind == DISCUSSION:
            submitted.clear()  # in a discussion sheets change, as its rules let them
        elif row.kind in (*CELL_KINDS, "submit") and sheet in submitted:
            yield _("{row}：那时这份评分表已经提交", row=chain.said(row))
        elif row.kind == "submit":
            submitted.add(sheet)


def _shortened(texts: list[Text]) -> list[Text]:
    if (more := len(texts) - MOST_SHOWN) <= 0:
        return texts
    return [*texts[:MOST_SHOWN], _("另有 {n} 处", n=more)]


def _check_beginning(one: Kept, before: Kept | None, found: Findings) -> None:
    """The first entry of a successor, and whether what it supersedes lies with it."""
    begins = [n for n, row in enumerate(one.walk.rows) if row.kind == KIND]
    if begins != ([] if before is None else [0]):
        text = _(
            "{which}：第一条记录应写明取代哪一次锁定，且前一轮在 predecessor 中", which=one.said
        )
        found.wrong.append(text)
    elif before is not None:
        lock = before.walk.lock
        if lock is None or lock.text("root") != one.walk.rows[0].text("root"):
            text = _("{which}：predecessor 中不是它所取代的那一次锁定", which=one.said)
            found.wrong.append(text)
        else:
            found.holds.append(_("{which}：取代的就是 predecessor 中的锁定", which=one.said))


def _binding(walk: Walk) -> Row | None:
    """The row that binds the declared files, see `History.binding`."""
    first = walk.rows[0] if walk.rows and walk.rows[0].kind == KIND else None
    return walk.lock or first


def _check_files(
    folder: Path,
    one: Kept,
    binding: Row,
    declared: tuple[Rubric, Panel] | None,
    found: Findings,
) -> None:
    """Whether panel and rubric in ``folder`` are those that ``binding`` binds."""
    names = ("panel", "rubric")
    event = Event("", "", binding.kind, payload={name: binding.text(name) for name in names})
    try:
        if declared is None:
            declared = load_both(folder / PANEL_FILE)
        rubric, panel = declared
        require_unchanged(event, folder, panel, rubric)
    except EvalkitError as error:
        one_problem = error.problems[0]
        text = _("{file}：{text}", file=one_problem.source, text=one_problem.text)
        found.wrong.append(_("{which}：{text}", which=one.said, text=text))
    else:
        text = _("{which}：评审组文件和指标体系的内容与登记的摘要值相符", which=one.said)
        found.holds.append(text)


def _suspects(folder: Path, rubric: Rubric, panel: Panel, log: Log) -> list[Text]:
    """What is missing of a round that lacked nothing when it was locked: whose rows are gone."""
    try:
        events = [event for event in log.since(0)[0] if event.kind != "lock"]
        earlier = successor.carried(folder, panel.id, log.clock)
        history = History(events, earlier)
        missing = lacking(rubric, in_force(panel, history.acts), history)
    except EvalkitError:
        return []  # rows that cannot be read are named already
    said = _("锁定时什么也不缺，现在却缺：{what}")
    return [said.filled(what=lack.line()) for lack in missing[:MOST_SUSPECTS]]


def _unknown(one: Kept, given: Given) -> Iterator[Text]:
    """What nobody can tell from what is at hand."""
    if one.walk.lock is not None:
        if not given.root:
            yield _(
                "整本日志连同锁定一起重写过没有：请把根哈希 {root} 与签字盖章的纪要对照（--root）",
                root=one.walk.lock.text("root"),
            )
        return
    known: Mapping[str, int] = _last(given.receipts, one.log)
    open_ = [a for a, row in sorted(one.walk.heads.items()) if row.seq > known.get(a, 0)]
    if open_:
        yield _(
            "还没有锁定：{authors} 在最近一张回执之后的记录，末尾少了几条看不出来（--receipt）",
            authors=open_,
        )
    yield _("还没有锁定：一位专家的全部记录被删去而没有给出他的回执，看不出来")


def _last(receipts: Iterable[SheetReceipt], log: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for receipt in receipts:
        if receipt.log == log:
            found[receipt.expert] = max(receipt.seq, found.get(receipt.expert, 0))
    return found
