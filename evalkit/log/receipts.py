"""The receipt of a submitted sheet: one line to keep, against which the log can be held later.

``evalkit-receipt/1 <panel> <log id> <expert> <applicant> <seq> <hash>``: number and hash of the
last event of the sheet in its expert's chain. The hash is over that event and, through ``prev``,
over everything that the expert entered before it.
"""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass

from evalkit.base.errors import InputError
from evalkit.base.text import _, is_id
from evalkit.log.events import Event

FORMAT = "evalkit-receipt/1"

_HASH, _LOG = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class SheetReceipt:
    """What a receipt says; ids as in the panel's file, ``log`` is the id of the log."""

    panel: str
    log: str
    expert: str
    applicant: str
    seq: int
    hash: str

    def __str__(self) -> str:
        return " ".join([FORMAT, *map(str, astuple(self))])

    @property
    def code(self) -> str:
        """The first 60 bits of the hash in groups, short enough to be read out."""
        return short(self.hash)

    @classmethod
    def of(cls, event: Event, log: str) -> SheetReceipt:
        """The receipt for ``event``, the last of its author's sheet, in the log with this id."""
        return cls(event.panel, log, event.author, event.applicant, event.seq, event.hash)

    @classmethod
    def read(cls, line: str) -> SheetReceipt:
        """The receipt in ``line``; white space makes no difference. Raises InputError for another
        text, which names the part that is wrong.
        """
        parts = line.split()
        if not parts or parts[0] != FORMAT:
            raise InputError(_("这不是回执：回执以 {format} 开头", format=FORMAT))
        if len(parts) != 7:
            text = _("回执应有 7 段，这里有 {n} 段，请整行复制", n=len(parts))
            raise InputError(text)
        _format, panel, log, expert, applicant, seq, hash = parts
        for name in (panel, expert, applicant):
            if not is_id(name):
                raise InputError(_("回执里的“{part}”不是标识，请整行复制", part=name))
        if not _LOG.fullmatch(log):
            raise InputError(_("回执里的日志标识“{part}”应为 32 位十六进制数", part=log))
        if not seq.isascii() or not seq.isdigit() or seq.startswith("0") or len(seq) > 18:
            raise InputError(_("回执里的序号“{part}”应为正整数", part=seq))
        if not _HASH.fullmatch(hash):
            raise InputError(_("回执里的哈希“{part}”应为 64 位十六进制数", part=hash))
        return cls(panel, log, expert, applicant, int(seq), hash)


def short(hash: str) -> str:
    """The first 60 bits of a ``hash`` in three groups of five hexadecimal digits."""
    return "-".join(hash[n : n + 5] for n in (0, 5, 10)).upper()
