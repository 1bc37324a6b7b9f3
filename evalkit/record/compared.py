"""What others keep of a log, held against it: receipts, roots on minutes and in reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evalkit.base.encodings import decoded
from evalkit.base.errors import InputError, Problem, unreadable
from evalkit.base.text import Text, _
from evalkit.log import chain
from evalkit.log.events import Row
from evalkit.log.receipts import FORMAT, SheetReceipt
from evalkit.log.walk import Walk


@dataclass
class Findings:
    """Sentences that are found one after another: see `Verification`."""

    holds: list[Text] = field(default_factory=list)
    wrong: list[Text] = field(default_factory=list)
    unknown: list[Text] = field(default_factory=list)
    harmless: list[Text] = field(default_factory=list)


@dataclass(frozen=True)
class Kept:
    """A log as it is kept, and what people call its round: this one, or one that it supersedes."""

    log: str
    """The id of the log."""
    said: Text
    walk: Walk
    unguarded: tuple[str, ...] = ()
    complete: bool = True
    """See `driver.Log` for both."""


def read_receipts(given: Iterable[str | Path]) -> list[SheetReceipt]:
    """The receipts in ``given``: each a receipt, or the file in which they stand, one a line.

    Raises InputError, with file and line, for anything else.
    """
    return [receipt for one in given for receipt in _receipts(one)]


def root_hash(text: str) -> str:
    """The root hash in ``text``, empty where none is given; blanks and capitals do not matter.

    Raises InputError for anything else.
    """
    plain = "".join(text.split()).lower()
    if plain and not re.fullmatch("[0-9a-f]{64}", plain):
        raise InputError(_("根哈希“{text}”应为 64 位十六进制数，请照纪要抄全", text=text[:80]))
    return plain


def _receipts(given: str | Path) -> Iterator[SheetReceipt]:
    if str(given).split()[:1] == [FORMAT]:
        yield SheetReceipt.read(str(given))
        return
    try:
        data = Path(given).read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, OSError):
            raise unreadable(Path(given), error) from error
        raise InputError(_("这不是回执，也不是文件")) from error  # a NUL in it
    found = 0
    for n, line in enumerate(decoded(data, "utf-8", str(given)).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield SheetReceipt.read(line)
        except InputError as error:
            raise InputError(Problem(error.problems[0].text, str(given), n)) from error
        found += 1
    if not found:
        raise InputError(Problem(_("里面没有回执"), str(given)))


def against_receipts(
    line: Sequence[Kept], receipts: Iterable[SheetReceipt], panel: str, found: Findings
) -> None:
    """Hold each of the ``receipts`` against the log that it names, of all in the ``line``."""
    logs, right = {kept.log: kept for kept in line}, dict[tuple[str, str], int]()
    same = 0
    for receipt in sorted(set(receipts), key=lambda r: (r.log, r.expert, r.seq)):
        kept = logs.get(receipt.log)
        if kept is None or receipt.panel != panel:
            found.wrong.append(_of_another(receipt, line, panel))
            continue
        key = receipt.log, receipt.expert
        fault = _unlike(receipt, kept.walk, right.get(key, 0))
        if fault is None:
            right[key], same = receipt.seq, same + 1
        else:
            found.wrong.append(_whose(kept, line, fault))
    if same:
        found.holds.append(_("{n} 张回执与日志相符", n=same))


def _whose(kept: Kept, line: Sequence[Kept], text: Text) -> Text:
    """``text``, with the round that it is about where that is not this one."""
    return text if kept is line[0] else _("{which}：{text}", which=kept.said, text=text)


def _of_another(receipt: SheetReceipt, line: Sequence[Kept], panel: str) -> Text:
    values = {"expert": receipt.expert, "seq": receipt.seq}
    if receipt.panel != panel:
        return _(
            "{expert} 第 {seq} 条的回执是评审组 {other} 的，不是 {panel} 的",
            other=receipt.panel,
            panel=panel,
            **values,
        )
    return _(
        "{expert} 第 {seq} 条的回执是另一本日志（{other}）的，这里的是 {log}："
        "日志被整本换过，或回执是另一轮的",
        other=receipt.log,
        log=line[0].log,
        **values,
    )


def _unlike(receipt: SheetReceipt, walk: Walk, right: int) -> Text | None:
    """In what the log differs from ``receipt``; numbers up to ``right`` are known to be right."""
    own = walk.chains.get(receipt.expert, {})
    values = {"author": receipt.expert, "seq": receipt.seq, "applicant": receipt.applicant}
    if not own:
        return _("{author} 的记录全都不见了：回执有第 {seq} 条（{applicant}）", **values)
    row = own.get(receipt.seq)
    if row is None:
        gone = _("{author} 的第 {first} 至 {seq} 条不见了：回执有第 {seq} 条（{applicant}）")
        before = max((n for n in own if n < receipt.seq), default=0)
        if before + 1 == receipt.seq:
            gone = _("{author} 的第 {seq} 条不见了：回执有这一条（{applicant}）")
        return gone.filled(first=before + 1, **values)
    if row.hash != receipt.hash:
        text = _("{author} 的第 {first} 至 {seq} 条中有被改过的，并重新算过哈希：")
        if right + 1 == receipt.seq:
            text = _("{author} 的第 {seq} 条被改过，并重新算过哈希：")
        said = _("现有的{row}与回执（{applicant}）不同", row=chain.said(row), **values)
        return _("{what}{how}", what=text.filled(first=right + 1, **values), how=said)
    if row.applicant != receipt.applicant:
        return _("{row}：回执上写的是 {applicant}，回执被改过", row=chain.said(row), **values)
    return None


def against_root(line: Sequence[Kept], root: str, found: Findings) -> None:
    """Hold the ``root`` that stands on signed minutes against the locks of all in the ``line``."""
    for kept in line:
        if kept.walk.lock is not None and kept.walk.lock.text("root") == root:
            text = _("{which}的锁定就是根哈希 {root} 的那一次", which=kept.said, root=root)
            found.holds.append(text)
            return
    found.wrong.append(_other_lock(line[0].walk, _("给出的根哈希"), root))


def made_from(
    line: Sequence[Kept], locks: Iterable[tuple[str, str]], found: Findings, *, near: bool
) -> None:
    """Hold the roots of locks that reports state, with the places of these, against the ``line``.

    Reports that only lie ``near`` may be those of another round of the same panel: they count where
    they state the very root that this log has.
    """
    known = {kept.walk.lock.text("root") for kept in line if kept.walk.lock is not None}
    for place, root in locks:
        said = _("文件 {place}") if place.endswith(".docx") else _("报告 {place}")
        said = said.filled(place=place)
        if root in known:
            found.holds.append(_("{what} 出自这里的锁定（根哈希 {root}）", what=said, root=root))
        elif not near or (root == line[0].walk.root and line[0].walk.lock is None):
            found.wrong.append(_other_lock(line[0].walk, said, root))


def _other_lock(walk: Walk, what: Text, root: str) -> Text:
    values = {"what": what, "root": root}
    if walk.lock is not None:
        return _("{what}是另一次锁定的（根哈希 {root}），与这里的锁定不符", **values)
    if root == walk.root:
        return _("锁定的记录不见了：{what}（{root}）正是现有全部记录的根哈希", **values)
    return _("锁定的记录不见了：{what}是锁定时的（{root}），其余的记录也与那时不同", **values)


def heads(kept: Kept, panel: str) -> list[SheetReceipt]:
    """A receipt for the last entry of each author that names an applicant, by author."""
    last: dict[str, Row] = {row.author: row for row in kept.walk.rows if row.applicant}
    return [
        SheetReceipt(panel, kept.log, author, row.applicant, row.seq, row.hash)
        for author, row in sorted(last.items())
    ]
