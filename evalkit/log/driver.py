"""What every engine that holds a log can do; a driver for each lies beside this file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol

from evalkit.log.events import Entry, Event, Receipt, Row

Clock = Callable[[], datetime]


def now() -> datetime:
    """The time by this machine's clock."""
    return datetime.now(UTC)


class Log(Protocol):
    """The log of ``panel``. One thread at a time may use it, not always the same one."""

    @property
    def panel(self) -> str:
        """Id of the panel."""

    @property
    def id(self) -> str:
        """What tells this log from every other one, also from another round of the same panel."""

    @property
    def clock(self) -> Clock:
        """The time by which entries are admitted."""

    def close(self) -> None:
        """Let go of it."""

    def writing(self) -> AbstractContextManager[None]:
        """A transaction in which what was read stays true; committed at the end, or nothing is.

        Raises Refused when the database cannot store it.
        """

    def append(self, entry: Entry) -> Receipt:
        """Store ``entry`` at the end of its author's chain. Only inside `writing`.

        The receipt is good once `writing` has ended without an error.
        """

    def since(self, position: Any) -> tuple[list[Event], Any]:
        """Events stored after ``position`` (0: all), in stored order, and the new position.

        An event that this reader may not read is `events.Withheld`.
        """

    def reveals(self, events: list[Event]) -> bool:
        """Whether these ``events`` let the reader read what was withheld before."""

    def rows(self) -> list[Row]:
        """All rows as they lie there, in stored order; see `walk`. Raises InputError."""

    @property
    def ordered(self) -> bool:
        """Whether rows lie in the order of their times, whoever their authors are."""

    @property
    def complete(self) -> bool:
        """Whether this reader knows of every row, be it no more than its hash."""

    def unguarded(self) -> list[str]:
        """What guards the rows and is not as it was made, by name, as far as this reader sees."""
