"""A notebook's page, for the person who is logged in, in a kernel of their own."""

from __future__ import annotations

from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from voila.tornado.handler import TornadoVoilaHandler

from evalkit.serving import texts
from evalkit.serving.kernels import OPENING, Opening, PersonalKernels
from evalkit.serving.pages import PATHS, Inside
from evalkit.serving.people import handed

BEAT = "<script>window.voila_heartbeat()</script>\n"
"""What Voilà sends now and then while a cell runs."""

NOTEBOOK = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "frame-src blob:; object-src blob:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""What a notebook's page may do: Voilà compiles schemas (eval), anywidget loads a blob; both write
styles; material is shown from a blob. No script runs that the server has not marked, and nothing
leaves for elsewhere."""


class NotebookPage(Inside, TornadoVoilaHandler):
    """A notebook of the person who is logged in, run in a kernel of their own."""

    SUPPORTED_METHODS = ("GET",)
    policy = NOTEBOOK

    async def get(self, path: str = "") -> None:
        """The page, as its cells are run."""
        visitor = self.current_user
        if visitor is None or visitor.person is None:
            self.redirect(self.get_login_url())
            return
        notebook = PATHS.get(path, visitor.person.notebooks[0])
        if notebook not in visitor.person.notebooks:
            raise HTTPError(403)
        self.notebook, self.notebook_path = notebook, f"{notebook}.ipynb"
        self.request.arguments.clear()  # neither template nor theme comes from the address
        self.request.query_arguments.clear()
        self.request.query = ""
        try:
            async for html in self.get_generator():
                self.write(html.replace("<script", f'<script nonce="{self.nonce}"'))
                await self.flush()
                if html == BEAT and not self._lives():
                    self.write(f'<script nonce="{self.nonce}">window.evalkitLost()</script>')
                    break
        except StreamClosedError:
            return  # the page was left; its kernel serves the next one or is culled

    def left(self) -> bool:
        """Whether the browser has gone elsewhere."""
        connection: Any = self.request.connection
        return connection is None or connection.stream.closed()

    def _lives(self) -> bool:
        """Whether the kernel of this page is there: Voilà waits for one that has died, too."""
        kernels: PersonalKernels = self.settings["kernel_manager"]
        return any(opening is self.opened for opening in kernels.opened.values())

    def opening(self) -> Opening:
        """What the kernel of this page learns."""
        visitor, place = self.current_user, self.settings["place"]
        if visitor is None or visitor.person is None:
            raise HTTPError(403)
        given = handed(place, visitor.person, self.notebook, self.language)
        self.opened = Opening(visitor.person, self.notebook, given, self.left)
        return self.opened


def hand_over(handler: Any, notebook: Any, cwd: str) -> Any:  # noqa: ARG001
    """The hook that Voilà calls before it starts a kernel: who it is for, and what the page says
    around the form.
    """
    opening = handler.opening()
    OPENING.set(opening)
    language, title = handler.language, handler.settings["place"].title
    notebook.metadata["title"] = texts.tab(opening.person, opening.notebook, title, language)
    notebook.metadata["evalkit"] = {
        "lang": texts.TAGS[language],
        "page": texts.page(opening.person, opening.notebook, language),
        "xsrf": handler.xsrf_token.decode(),
    }
    return notebook
