"""Pictures of every served page at the sizes that people use, for whoever changes how they look and
for the guide: ``python -m tests.support.pictures FOLDER``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from playwright.sync_api import Browser, Page, sync_playwright

from evalkit.log.events import Entry
from evalkit.round import Round
from evalkit.serving.invitations import Invitations
from tests.support.builders import DEMO
from tests.support.programs import ARGUMENTS, chromium
from tests.support.score_sheets import ready
from tests.support.served import PATIENCE, Server
from tests.support.visits import new_round, serving

SIZES: dict[str, dict[str, Any]] = {
    "laptop": {"viewport": {"width": 1366, "height": 768}},
    "tablet": {"viewport": {"width": 820, "height": 1180}},
    "twice": {"viewport": {"width": 683, "height": 384}, "device_scale_factor": 2},
    "dark": {"viewport": {"width": 1366, "height": 768}, "color_scheme": "dark"},
}
UNFINISHED = {"c03", "c07", "c11", "c24"}
"""Applicants whose sheets are not all submitted, so that something is missing."""


def scored(folder: Path) -> dict[str, str]:
    """A round of the demo in which most is done; everybody's code."""
    codes = new_round(folder)
    table = pd.read_csv(DEMO / "scores.csv", dtype=str, keep_default_na=False)
    with Round.open(folder) as workspace:
        for (applicant, expert), rows in table.groupby(["applicant", "expert"], sort=False):
            late = applicant in UNFINISHED and expert == "e2"
            for row in rows[:5].itertuples() if late else rows.itertuples():
                kind = {"recused": "recusal", "unscored": "unscored"}.get(row.points, "score")
                payload = {"text": row.reason}
                payload |= {"points": row.points} if kind == "score" else {}
                place = str(expert), f"{applicant}-{row.indicator}", kind, str(applicant)
                workspace.append(Entry(*place, row.indicator, payload))
            if not late:
                workspace.append(Entry(str(expert), f"{applicant}-done", "submit", str(applicant)))
    return codes


@contextmanager
def opened(browser: Browser, address: str, size: str) -> Iterator[Page]:
    """A window of this size at ``address``."""
    context = browser.new_context(**SIZES[size])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    yield page
    context.close()


def take(browser: Browser, server: Server, codes: dict[str, str], folder: Path) -> None:
    """All pictures of the pages, into ``folder``."""
    secretary = next(person for person in codes if not person.startswith("e"))
    for size in SIZES:
        with opened(browser, f"{server.url}login", size) as page:
            page.screenshot(path=folder / f"login-{size}.png")
        with opened(browser, f"{server.url}login#code={codes['e2']}", size) as page:
            ready(page)
            page.screenshot(path=folder / f"form-{size}.png")
            if size == "laptop":
                page.pdf(path=folder / "form.pdf", prefer_css_page_size=True)
        with opened(browser, f"{server.url}login#code={codes[secretary]}", size) as page:
            page.get_by_role("tab").first.wait_for()
            for number, tab in enumerate(page.get_by_role("tab").all()):
                tab.click()
                page.screenshot(path=folder / f"board-{number}-{size}.png")
                if size == "laptop":
                    page.pdf(path=folder / f"board-{number}.pdf", prefer_css_page_size=True)


def main(folder: Path) -> None:
    """Make a round, serve it, and keep its pictures in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as place, sync_playwright() as playwright:
        codes = scored(Path(place, "round"))
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        with serving(Path(place, "round")) as server:
            take(browser, server, codes, folder)
            with Invitations.open(server.folder) as invitations:
                sheets = invitations.sheets(invitations.make(["e1"]), server.url)
        (folder / "invite.html").write_text(sheets, "utf-8")
        page = browser.new_page()
        page.goto((folder / "invite.html").absolute().as_uri())
        page.pdf(path=folder / "invite.pdf", prefer_css_page_size=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
