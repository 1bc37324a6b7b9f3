"""What axe finds on a page: names, contrast, order of headings, landmarks, tables."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LEAST_RULES = 10
"""A page on which fewer rules find something to look at is not the page."""


def violations(page: Page, context: str | None = None) -> list[str]:
    """The rules that are broken on the page, or inside ``context``, each with its first element."""
    found = Axe().run(page, context, {"resultTypes": ["violations"]}).response
    assert len(found["passes"]) > LEAST_RULES
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"]]
