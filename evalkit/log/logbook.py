"""A log, and the state that follows from it: read on, admit, store, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar

from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.log.driver import Log
from evalkit.log.events import Entry, Event, Receipt, understood


class State(Protocol):
    """What follows from a sequence of events; they are only ever added."""

    def extend(self, events: Iterable[Event]) -> None:
        """Add committed events, in the order in which they were stored."""

    def find(self, author: str, event_id: str) -> Event | None:
        """The event that ``author`` stored under ``event_id``."""


S = TypeVar("S", bound=State)


class Logbook(Generic[S]):
    """The ``log`` and its state, begun as ``fresh()`` and kept up to date."""

    def __init__(self, log: Log, fresh: Callable[[], S]) -> None:
        self.log, self._fresh = log, fresh
        self._state, self._stored = fresh(), False
        self._position: Any = 0

    def state(self) -> S:
        """The state as it is stored now."""
        events, self._position = self.log.since(self._position)
        if self.log.reveals(events):
            events, self._position = self.log.since(0)
            self._state = self._fresh()
        self._state.extend(events)
        return self._state

    @contextmanager
    def admitting(self) -> Iterator[S]:
        """A transaction on the log, with the state as nobody else can change it."""
        self._stored = False
        try:
            with self.log.writing():
                yield self.state()
        except BaseException:
            if self._stored:  # what was read since is not committed
                self._state, self._position = self._fresh(), 0
            raise

    def store(self, entry: Entry, admit: Callable[[S, Entry], None]) -> Receipt:
        """Store ``entry`` if ``admit`` lets it pass. Only inside `admitting`, after whose end the
        receipt is good.

        The same entry again (same author and event_id) gives the first receipt and stores nothing.
        Raises Refused for the same id with other content, and whatever ``admit`` raises.
        """
        entry = understood(entry)
        first = self._state.find(entry.author, entry.event_id)
        if first is not None:
            if not first.says(entry):
                raise Refused(_("event_id 已用于另一条内容不同的记录"))
            return Receipt(first.author, first.seq, first.at, first.hash)
        admit(self._state, entry)
        receipt = self.log.append(entry)
        self._stored = True
        self.state()
        return receipt
