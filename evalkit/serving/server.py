"""The server: Voilà with its own list of addresses, for the people of one round."""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import signal
import ssl
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import tornado.web
from jinja2 import Environment, FileSystemLoader
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_static_paths, collect_template_paths

from evalkit.base import resources
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.serving import notebook_page, pages
from evalkit.serving.address import Address
from evalkit.serving.channels import ENDED, LOGIN_LOST, MAX_MESSAGE, Channels, Connection
from evalkit.serving.identity import OwnKernels
from evalkit.serving.kernels import PersonalKernels
from evalkit.serving.kernelspec import OwnPython
from evalkit.serving.people import Place

MAX_BODY, MAX_HEADERS = 1 << 16, 1 << 14
"""Bytes of a request: the longest body is a login."""
SWEEP = 2_000
"""Milliseconds between two looks at whose login has ended."""
IDLE, LOOK = 300, 30
"""Seconds without a page until a kernel ends, and between two looks."""

EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
)
"""What of JupyterLab's extensions shows widgets."""

_TEMPLATES = Path(__file__).parent / "templates"
_AROUND = Path(__file__).parent.parent / "workbench" / "voila"
_KERNEL = r"(?P<kernel_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"


class Entrance(Protocol):
    """How people come in: `login.ByInvite`, or `hub.ByHub`."""

    @property
    def secret(self) -> bytes:
        """What cookies are signed with."""

    @property
    def headers(self) -> dict[str, str]:
        """What every answer says besides."""

    def identity(self, server: Any, place: Place) -> Any:
        """Who is who: an `IdentityProvider` that is `identity.Known`."""

    def xsrf(self, address: Address) -> dict[str, Any]:
        """How the cookie against forged requests is kept."""

    def handlers(self, identity: Any) -> list[tuple[Any, ...]]:
        """Addresses below the base, with who answers there and perhaps what that one is given."""


@dataclass(frozen=True)
class Order:
    """What is to be served, to whom, where."""

    place: Place
    entrance: Entrance
    address: Address
    language: str = "zh"


class PanelServer(Voila):
    """Voilà for a panel. Of its addresses only those in `init_handlers` are there."""

    order: Order
    said: Callable[[], None]

    def configured(self) -> Config:
        """Everything that is set; files of settings are not read."""
        config = Config()
        config.VoilaConfiguration.template = "evalkit"
        config.VoilaConfiguration.allow_template_override = "NO"
        config.VoilaConfiguration.allow_theme_override = "NO"
        config.VoilaConfiguration.show_tracebacks = False
        config.VoilaConfiguration.file_allowlist = []
        config.VoilaConfiguration.extension_allowlist = list(EXTENSIONS)
        config.VoilaConfiguration.prelaunch_hook = notebook_page.hand_over
        config.VoilaConfiguration.multi_kernel_manager_class = PersonalKernels
        config.VoilaConfiguration.kernel_spec_manager_class = OwnPython
        config.MappingKernelManager.cull_idle_timeout = IDLE
        config.MappingKernelManager.cull_interval = LOOK
        config.MappingKernelManager.allow_tracebacks = False
        config.KernelManager.transport = "ipc"
        config.KernelRestarter.restart_limit = 0  # a page is opened again, with its widgets
        config.KernelRestarter.time_to_dead = 1.0
        return config

    def begin(self, order: Order, said: Callable[[], None]) -> None:
        """Serve until SIGINT or SIGTERM; ``said`` is called once the server listens."""
        self.order, self.said = order, said
        self.config_file_paths: list[str] = []
        self.open_browser = False
        self.log_level = logging.ERROR
        self.root_dir = str(resources.path("notebooks"))
        self.base_url = order.address.base
        self.update_config(self.configured())
        self.initialize([])
        self.start()

    def setup_template_dirs(self) -> None:
        """The page around the form as it lies in the package, on top of Voilà's own."""
        above = collect_template_paths(["voila", "nbconvert"], "lab", prune=True)
        self.template_paths = [str(_AROUND), *above]
        self.static_paths = collect_static_paths(["voila", "nbconvert"], "lab")

    def init_settings(self) -> Any:
        """What the pages look up."""
        order = self.order
        self.cookie_secret = order.entrance.secret
        settings = super().init_settings()
        self.kernel_manager.allowed_message_types = []  # `channels.admitted` is stricter
        self.kernel_manager.ended = self.disconnect
        identity = self.identity_provider = order.entrance.identity(self, order.place)
        return settings | {
            "identity_provider": identity,
            "authorizer": OwnKernels(parent=self, identity_provider=identity),
            "kernel_websocket_connection_class": Connection,
            "login_url": f"{order.address.base}login",
            "headers": order.entrance.headers,
            "xsrf_cookie_kwargs": order.entrance.xsrf(order.address),
            "xsrf_cookie_name": "_xsrf",
            "websocket_max_message_size": MAX_MESSAGE,
            "serve_traceback": False,
            "default_handler_class": pages.Nothing,
            "log_function": lambda _handler: None,
            "place": order.place,
            "home": order.address.home,
            "language": order.language,
            "pages": Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True),
            "extensions": EXTENSIONS,
            "connected": set(),
            "ending": False,
            "checking": asyncio.Semaphore(2),
            "sweep": self.sweep,
        }

    def init_handlers(self) -> list[Any]:
        """Every address that there is."""
        shared = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        static = pages.static_paths(self.static_paths)
        labs = pages.static_paths(self.labextensions_path)
        found = [
            *self.order.entrance.handlers(self.identity_provider),
            (rf"api/kernels/{_KERNEL}", pages.KernelModel),
            (rf"api/kernels/{_KERNEL}/channels", Channels),
            (r"voila/templates/\w+/static/(.*)", pages.Assets, static),
            (r"voila/static/(.*)", pages.Assets, static),
            (r"voila/labextensions/(.*)", pages.Extensions, labs),
            (r"voila/api/themes/(.*)", pages.Assets, {"paths": [self.themes_dir]}),
            (r"status", pages.Status),
            (r"(sheet|board|)", notebook_page.NotebookPage, shared),
        ]
        base = re.escape(self.order.address.base)
        return [(base + path, *more) for path, *more in found]

    def start(self) -> None:
        """Listen, serve, and end with all kernels."""
        self.connection_dir = tempfile.mkdtemp(prefix="evalkit-serve-")
        try:
            asyncio.run(self._serve())
        finally:
            shutil.rmtree(self.connection_dir, ignore_errors=True)

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        self.ioloop = IOLoop.current()
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ended.set)
        settings = self.init_settings()
        self.app = tornado.web.Application(**settings)
        self.app.add_handlers(self.order.address.hosts, self.init_handlers())
        server = self._listen()
        sweep = PeriodicCallback(self.sweep, SWEEP)
        sweep.start()
        self.said()
        try:
            await ended.wait()
        finally:
            self.app.settings["ending"] = (
                True  # before the kernels: a page must not take it for their death
            )
            sweep.stop()
            server.stop()
            for channel in list(settings["connected"]):
                channel.close(1001)
            await self.kernel_manager.shutdown_all(now=True)
            await server.close_all_connections()

    def _listen(self) -> HTTPServer:
        address = self.order.address
        server = HTTPServer(
            self.app,
            ssl_options=_tls(address),
            max_body_size=MAX_BODY,
            max_header_size=MAX_HEADERS,
            body_timeout=30,
            xheaders=address.proxied,
        )
        try:
            server.listen(address.port, address.host)
        except OSError as error:
            raise address.taken(error) from error
        return server

    def disconnect(self, kernel: str) -> None:
        """Let the pages of a kernel that is ended know."""
        for channel in list(self.app.settings["connected"]):
            if channel.kernel_id == kernel:
                channel.close(ENDED)

    async def sweep(self) -> None:
        """End connections and kernels of those whose login has ended."""
        kernels: PersonalKernels = self.kernel_manager
        for channel in list(self.app.settings["connected"]):
            if not await channel.renewed():
                channel.close(LOGIN_LOST)
                await kernels.end(channel.kernel_id)


def _tls(address: Address) -> ssl.SSLContext | None:
    if address.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(*address.certificate)
    except OSError as error:  # ssl.SSLError is one
        text = _("证书或私钥不能用（{why}）", why=error.strerror or str(error))
        raise InputError(text) from error
    return context


def run(order: Order, said: Callable[[], None]) -> None:
    """Serve ``order`` until SIGINT or SIGTERM; ``said`` is called once the server listens.

    Raises InputError where it cannot listen.
    """
    for name in ("tornado.access", "tornado.general"):  # strangers write there what they like
        logging.getLogger(name).setLevel(logging.ERROR)
    PanelServer.clear_instance()
    PanelServer.instance().begin(order, said)
