"""What several test files share: one real browser, one office program, and what runs when."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from functools import cache, lru_cache
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from evalkit.archive import installed, wheel
from evalkit.base.errors import InputError
from evalkit.documents import pdf
from evalkit.engine import pool
from evalkit.evaluation import evaluate
from evalkit.reports.batch import Order, make_reports
from tests.support import programs, walls
from tests.support.builders import demo
from tests.support.once import once
from tests.support.postgres import Cluster, cluster
from tests.support.views import reported

MARKED = {"browser": "browser", "as_pdf": "office", "pango": "printed", "postgres": "server"}
"""Fixtures that are other programs, and the marker of the tests that use them."""

# A slow machine is no failure, and a folder may be written to again. ``make soak`` asks for the
# second profile. Tests that need more or fewer examples multiply (`tests.support.examples`).
COMMON = {
    "deadline": None,
    "suppress_health_check": [hypothesis.HealthCheck.function_scoped_fixture],
}
hypothesis.settings.register_profile("sample", max_examples=25, **COMMON)
hypothesis.settings.register_profile("full", max_examples=1000, **COMMON)
hypothesis.settings.load_profile("sample")


OWN = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")
"""Where IPython and Jupyter keep what their user has set; it decides nothing here."""


def pytest_configure(config: pytest.Config) -> None:
    """Let kernels and servers that tests start find empty folders instead."""
    folder = tempfile.TemporaryDirectory(prefix="nobody")
    config.add_cleanup(folder.cleanup)
    for name in OWN:
        os.environ[name] = str(Path(folder.name, name.lower()))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays until the end: looking through it for garbage again and again would
    cost every worker a second.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need another program, before some of them are chosen by markers."""
    for item in items:
        for fixture in MARKED.keys() & getattr(item, "fixturenames", []):
            item.add_marker(MARKED[fixture])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    found = programs.chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=programs.ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of the tests' own."""
    with cluster() as found:
        yield found


@pytest.fixture(scope="session")
def original(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with a round of `tests.support.walls`, to be copied only."""
    with postgres.database("original") as name:
        walls.make(postgres, name, tmp_path_factory.mktemp("original"))
        yield name


@pytest.fixture(scope="session")
def walled(postgres: Cluster, original: str) -> Iterator[str]:
    """A copy to be read only."""
    with walls.copied(postgres, "walled", original) as name:
        yield name


@pytest.fixture
def scoring(postgres: Cluster, original: str) -> Iterator[str]:
    """A copy of a test's own."""
    with walls.copied(postgres, "scoring", original) as name:
        yield name


@pytest.fixture(scope="session")
def as_pdf(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Path]]:
    """What LibreOffice prints of Office files of one folder, in one start."""
    profile = tmp_path_factory.mktemp("libreoffice")
    return lambda *files: programs.soffices(files, "pdf", profile)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all reports of the demo, made without disturbance; to be read only."""

    def make(out: Path) -> None:
        results = evaluate(*demo())
        found = make_reports(reported(results), results.facts.applicants, Order(out, workers=1))
        assert (found.made, found.kept, found.failures) == (24, 0, [])

    return once(tmp_path_factory, "whole", make)


INSTALLED = {(wheel, "wheel"), (installed, "installed"), (installed, "versions")}
READ_ONCE = {(module, name): cache(getattr(module, name)) for module, name in INSTALLED}
READ_ONCE[installed, "read"] = lru_cache(2)(installed.read)  # of tables that bags have


@pytest.fixture(scope="module")
def unedited() -> Iterator[None]:
    """What is installed is read once in each worker, since no test that asks for this edits it: to
    read it takes several times as long as to archive a small round, or to make it again.
    """
    with pytest.MonkeyPatch.context() as patch:
        for (module, name), read in READ_ONCE.items():
            patch.setattr(module, name, read)
        yield


@pytest.fixture(scope="session")
def pango() -> None:
    """The libraries that print a page as PDF."""
    try:
        pdf.require()
    except InputError as error:
        programs.lacking(error.render("en"))


@pytest.fixture(scope="module")
def new_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Notebooks run without the IPython profile of whoever runs the tests, in zygotes of their own.

    A profile counts on both engines: it may show every expression, or load extensions.
    """
    pool.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.delenv("PYTHONSTARTUP", raising=False)
        yield
    pool.close()
