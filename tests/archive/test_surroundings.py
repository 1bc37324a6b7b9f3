"""What of an installation can change a report, and what cannot."""

from __future__ import annotations

import pytest

from evalkit.archive.installed import Installed
from evalkit.archive.surroundings import between
from evalkit.reports.produce import APPLICANT, SUMMARY
from tests.support.builders import ROOT

MAKE_PAGES = {APPLICANT, SUMMARY}


@pytest.mark.parametrize("notebook", sorted(one.name for one in ROOT.glob("notebooks/*.ipynb")))
def test_only_notebooks_that_make_pages_are_named(notebook: str) -> None:
    """Another notebook of the same version is told where it made the page, and nowhere else."""
    path = f"evalkit/data/notebooks/{notebook}"
    then, now = ((Installed("evalkit", "1", path, digest, ""),) for digest in ("a" * 64, "b" * 64))
    changes = between({}, {}, then, now)
    assert [notebook in text.render() for text in changes.template] == [True] * (
        notebook in MAKE_PAGES
    )
    assert not changes.environment
