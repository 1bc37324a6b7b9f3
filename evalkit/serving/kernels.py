"""Kernels of a panel: one for each person and notebook, whoever opens it how often."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError

from evalkit.serving.people import Notebook, Person


@dataclass(frozen=True)
class Opening:
    """A page that is being opened: for whom, and what its kernel learns."""

    person: Person
    notebook: Notebook
    environment: Mapping[str, str]
    left: Callable[[], bool] = field(compare=False)
    """Whether the page is not waited for any more."""


FOREIGN = ("EVALKIT_", "IPYTHON", "PYTHONSTARTUP", "JUPYTER", "QUERY_STRING")
"""What of the server's environment, and of the request, is no business of a kernel."""

OPENING: ContextVar[Opening] = ContextVar("opening")
"""Set by the hook that runs before a kernel is started, in the same task."""


class PersonalKernels(AsyncMappingKernelManager):
    """Starts kernels for the page that is being opened, and ends the one that it replaces.

    The older page finds that its kernel was replaced; what it had not sent waits in the browser.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self.opened: dict[str, Opening] = {}
        self.ended: Callable[[str], None] = lambda _id: None
        self.replaced: dict[str, None] = {}  # ids in the order of time
        self._turns: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def start_kernel(self, **options: Any) -> str:  # type: ignore[override]
        """Start the kernel of the page that is being opened; others are not started."""
        opening = OPENING.get(None)
        if opening is None:
            raise HTTPError(403)
        own = {k: v for k, v in options["env"].items() if not k.startswith(FOREIGN)}
        folder = self.connection_dir  # it goes with the server; kernels are killed
        nobody = {"IPYTHONDIR": str(Path(folder, "nobody")), "TMPDIR": folder}
        options["env"] = own | nobody | dict(opening.environment)
        async with self._turns[opening.person.id, opening.notebook]:
            if opening.left():  # loaded again and again: only the last one needs a kernel
                raise HTTPError(499, reason="left")
            before = [
                id
                for id, other in self.opened.items()
                if (other.person, other.notebook) == (opening.person, opening.notebook)
            ]
            for id in before:
                self.replaced[id] = None
                await self.end(id)
            id = await super().start_kernel(**options)
            self.opened[id] = opening
            return id

    async def end(self, id: str) -> None:
        """End a kernel at once: there is nothing in it that the log does not hold."""
        with suppress(Exception):  # it may just have died, or be ending
            await self.shutdown_kernel(id, now=True)  # type: ignore[no-untyped-call]
        self.opened.pop(id, None)
        self.ended(id)
        while len(self.replaced) > 1000:
            del self.replaced[next(iter(self.replaced))]

    async def end_of(self, person: Person) -> None:
        """End all kernels of ``person``."""
        for id in [id for id, opening in self.opened.items() if opening.person == person]:
            await self.end(id)

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel, however it ended."""
        self.opened.pop(kernel_id, None)
        return super().remove_kernel(kernel_id)

    def state(self, id: str, person: Person) -> str:
        """``live``, ``replaced`` by a newer page, or ``gone``, as far as it is ``person``'s."""
        opening = self.opened.get(id)
        if opening is not None and opening.person == person and id in self:
            return "live"
        return "replaced" if id in self.replaced else "gone"
