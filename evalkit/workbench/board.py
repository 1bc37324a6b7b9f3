"""The board of a round: how far it is, what is missing and who owes it, what those who run it
enter, how far experts lie apart once it is time, and the lock. The log is the record; the board
only shows it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import weakref
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from evalkit.base.errors import EvalkitError, Refused
from evalkit.base.text import Text, _, render
from evalkit.record.discussion import runs
from evalkit.round import Round
from evalkit.workbench.board_acts import ACTS
from evalkit.workbench.board_tabs import Tabs

_FORM = Path(__file__).parent / "form"

SECONDS = 3.0
"""Between two looks at the log."""


class Board(anywidget.AnyWidget):
    """What secretary and chair see of an open round, and what they enter in their own names.

    ``person`` is the id of the secretary or a chair, in whose name everything is done; None, as in
    somebody's own JupyterLab, lets whoever sits there say in whose. Everything that it stores
    passes the same rules as a command's; nothing that the page sends is trusted.

    It follows the log by itself: one task on the kernel's event loop looks whether there is more,
    and there is never another task or thread for it.
    """

    _esm = (_FORM / "board.js").read_text("utf-8")
    _css = (_FORM / "board.css").read_text("utf-8")
    head = traitlets.Dict().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    missing = traitlets.Dict().tag(sync=True)
    record = traitlets.Dict().tag(sync=True)
    spread = traitlets.Dict().tag(sync=True)
    discussion = traitlets.Dict().tag(sync=True)
    letters = traitlets.Dict().tag(sync=True)
    opinion = traitlets.Dict().tag(sync=True)
    lock = traitlets.Dict().tag(sync=True)
    """A tab each, so that only those that changed go over the wire."""
    _watching: ClassVar[asyncio.Task[None] | None] = None

    def __init__(self, workspace: Round, language: str = "zh", person: str | None = None) -> None:
        if person is not None and person not in runs(workspace.panel):
            raise Refused(_("进度板只给评审秘书和组长，{person} 不是", person=person))
        self._workspace, self.language = workspace, language
        self.person = person
        # Jupyter may hand over messages in threads of its own choosing
        self._turn = threading.RLock()
        self._chosen: dict[str, str] = {}
        self._tabs = Tabs(workspace, language, person)
        self._seen = -1
        super().__init__()
        self.show()
        self.on_msg(self._receive)
        self._watch()

    @property
    def round(self) -> Round:
        """The round that it shows."""
        return self._workspace

    def words(self, text: Text | str) -> str:
        """``text`` in the language of this board."""
        return render(text, self.language)

    def show(self) -> None:
        """Show the round as it is stored now."""
        with self._turn:
            self._seen = len(self._workspace.history().events)
            for name, shown in self._tabs.view(self._chosen).items():
                setattr(self, name, shown)

    def poll(self) -> None:
        """Show the round anew if anything was stored since."""
        with self._turn:
            if len(self._workspace.history().events) != self._seen:
                self.show()

    def _watch(self) -> None:
        """Follow the log while this board is there; a board that is made later takes over."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel: whoever holds the board calls `poll`
            return
        if Board._watching is not None:
            Board._watching.cancel()
        Board._watching = loop.create_task(_follow(weakref.ref(self)))

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        with self._turn:
            try:
                said = self._answer(content)
            except EvalkitError as error:
                self._say(error.render(self.language), wrong=True)  # what was typed stays
            except Exception:
                logging.getLogger(__name__).exception("a message could not be handled")
                self._say(self.words(_("没有保存：程序出错，请联系评审秘书")), wrong=True)
            else:
                if said is not None:
                    self.show()
                    self._say(self.words(said), form=content["act"])

    def _answer(self, content: Any) -> Text | None:
        match content:
            case {"type": "refresh"}:
                self.poll()
                return None
            case {"type": "choose", "form": str(form), "value": str(value)}:
                self._chosen[form] = value
                self.show()
                return None
            case {"type": "act", "act": str(act), "about": str(about), "values": dict(values)}:
                given = {k: v.strip() for k, v in values.items() if isinstance(v, str)}
                given["sure"] = "yes" if content.get("sure") is True else ""
                if act in ACTS:
                    return ACTS[act](self, about, given)
        raise Refused(_("界面发来的消息无法识别，请刷新页面"))

    def author(self, values: dict[str, str]) -> str:
        """In whose name something is done: the person of this board, or whom they chose."""
        if self.person is not None:
            return self.person
        return values.get("by") or self._workspace.panel.secretary.id

    def hand_over(self, name: str, kind: str, content: bytes) -> None:
        """Let the browser save a file."""
        self.send({"type": "file", "name": name, "kind": kind}, buffers=[content])

    def _say(self, text: str, *, wrong: bool = False, form: str = "") -> None:
        self.send({"type": "said", "text": text, "wrong": wrong, "form": form})


async def _follow(there: weakref.ref[Board]) -> None:
    """Poll the board that is ``there`` until it is closed or gone."""
    while (board := there()) is not None and board.comm is not None:
        try:
            board.poll()
        except Exception:
            logging.getLogger(__name__).exception("the board cannot be brought up to date")
        del board
        await asyncio.sleep(SECONDS)
