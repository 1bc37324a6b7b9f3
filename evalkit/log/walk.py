"""The rows of a log as they lie in its file, walked one by one: which one is not as it was stored.

`chain.verify` ends at the first event that does not fit; this goes on, and says of each row what is
wrong with it. It takes rows as the database gives them, so that nothing in them can stop it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from evalkit.base.memory import keeping
from evalkit.base.text import Text, _
from evalkit.log import chain
from evalkit.log.events import Row


@dataclass
class Walk:
    """The chains of ``panel``'s log, row after row in stored order: heads, faults and doubts.

    ``root`` is that of all chains before the ``lock``, and of all chains where there is none.
    """

    panel: str
    ordered: bool = True
    """Whether rows should lie in the order of their times."""
    rows: list[Row] = field(default_factory=list)
    chains: dict[str, dict[int, Row]] = field(default_factory=dict)
    """The rows of each author by their numbers."""
    heads: dict[str, Row] = field(default_factory=dict)
    lock: Row | None = None
    root: str = ""
    faults: list[tuple[Row, Text]] = field(default_factory=list)
    doubts: list[Text] = field(default_factory=list)

    @classmethod
    @keeping
    def over(cls, rows: Iterable[Row], panel: str, *, ordered: bool = True) -> Walk:
        """Walk all ``rows``."""
        walk = cls(panel, ordered)
        for row in rows:
            walk._step(row)
        if walk.lock is None:
            walk.root = chain.root(walk.heads)
        return walk

    def _step(self, row: Row) -> None:
        before = self.heads.get(row.author)
        seq, head = (before.seq, before.hash) if before else (0, "")
        follows = row.seq == seq + 1 and row.prev == head
        changed = row.whole and row.hash != row_hash(row)
        if changed or not follows or row.panel != self.panel or self.lock is not None:
            self.faults += [(row, text) for text in self._wrong(row, seq, head, changed=changed)]
        if self.ordered and self.rows and row.at < self.rows[-1].at:
            text = _("{row}比它前面的{before}时间早：两条的次序被换过，或那时机器的时钟被拨回")
            self.doubts.append(text.filled(row=chain.said(row), before=chain.said(self.rows[-1])))
        if row.kind == "lock" and self.lock is None:
            self.lock, self.root = row, chain.root(self.heads)
        self.rows.append(row)
        self.chains.setdefault(row.author, {})[row.seq] = row
        self.heads[row.author] = row

    def _wrong(self, row: Row, seq: int, head: str, *, changed: bool) -> list[Text]:
        found = [self._misplaced(row, seq, head)]
        if changed:
            found.insert(0, _("{row}：内容与它的哈希不符，这一条被改过", row=chain.said(row)))
        if row.panel != self.panel:
            found.append(_("{row}：属于另一个评审组 {panel}", row=chain.said(row), panel=row.panel))
        if self.lock is not None:
            found.append(_("{row}：记在锁定之后", row=chain.said(row)))
        return [text for text in found if text is not None]

    def _misplaced(self, row: Row, seq: int, head: str) -> Text | None:
        """Why ``row`` does not follow number ``seq`` of its author; None where it does."""
        values = {"author": row.author, "row": chain.said(row), "n": seq, "next": row.seq}
        if row.seq == seq + 2:
            return _("{author} 的第 {gone} 条不见了（到了{row}）", gone=seq + 1, **values)
        if row.seq > seq + 1:
            gone = _("{author} 的第 {first} 至 {last} 条不见了（到了{row}）")
            return gone.filled(first=seq + 1, last=row.seq - 1, **values)
        if row.seq <= seq:
            return _("{row}：排在第 {n} 条之后，是插入的，或次序被换过", **values)
        if row.prev != head:
            text = _("{row}：接的不是现有的第 {n} 条，两条中有一条被换过或是插入的", **values)
            return text if seq else _("{row}：它前面还有过别的记录，不见了", **values)
        return None


def row_hash(row: Row) -> str:
    """The hash of ``row``, over the text that lies there; empty where that is no text."""
    try:
        return chain.digest_of(*row[:10])
    except ValueError:  # bytes that are no UTF-8
        return ""
