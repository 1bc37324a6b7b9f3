"""What is said in a round besides scores: opinions, remarks, messages, and discussions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Literal
from uuid import uuid4

from evalkit.base.wanted import asked
from evalkit.log.events import Entry, Receipt
from evalkit.log.logbook import Logbook
from evalkit.panel import Panel
from evalkit.record import discussion, opinion, remark
from evalkit.record.discussion import Discussion
from evalkit.record.history import History
from evalkit.record.spoken import Message


class Spoken(ABC):
    """The part of a round's record that holds words."""

    @property
    @abstractmethod
    def panel(self) -> Panel:
        """The panel in force."""

    @property
    @abstractmethod
    def final(self) -> bool:
        """Whether nothing can be entered any more."""

    @property
    @abstractmethod
    def _logbook(self) -> Logbook[History]: ...

    @abstractmethod
    def history(self) -> History:
        """The state of the round as it is stored now."""

    @abstractmethod
    def append(self, entry: Entry, *, seen: int | None = None) -> Receipt:
        """Store ``entry`` if the rules admit it."""

    @abstractmethod
    def _store(self, entry: Entry, seen: int | None = None) -> Receipt: ...

    @asked
    def record_opinion(self, applicant: str, words: str, author: str | None = None) -> Receipt:
        """Record the panel's opinion on ``applicant`` in the name of ``author``, its chair or
        secretary (None); a later one takes the place of an earlier. Raises Refused after the lock.
        """
        by, name = author or self.panel.secretary.id, uuid4().hex
        return self.append(Entry(by, name, opinion.KIND, applicant, payload={"text": words}))

    def opinions(self) -> dict[str, str]:
        """The panel's opinion on each applicant that has one; none for a finished table."""
        return opinion.opinions(self.history().events)

    def remarks(self) -> dict[str, dict[str, dict[str, str]]]:
        """What experts wrote of each applicant as a whole: words by applicant, kind and expert;
        after the lock of submitted sheets only. None for a finished table.
        """
        return remark.remarks(self.panel, self.history(), submitted_only=self.final)

    def messages(self) -> list[Message]:
        """What experts wrote to the secretary, in the order in which it was stored."""
        return remark.messages(self.history())

    @asked
    def discuss(
        self,
        state: Literal["open", "closed"] | None,
        reason: str,
        *,
        by: str | None = None,
        sheets: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Open or close a discussion (None: neither) in the name of ``by``, a chair or the
        secretary (None), and give ``sheets`` (expert, applicant) back for it. Raises Refused for
        what the rules do not admit; nothing is stored then.
        """
        author = by or self.panel.secretary.id
        with self._logbook.admitting():
            for entry in discussion.entries(state, reason, author, sheets):
                self._store(entry)

    def discussions(self) -> list[Discussion]:
        """Every discussion, in its order, with what was changed in it; none for a table."""
        return discussion.discussions(self.history())
