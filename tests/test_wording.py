"""The words of the published texts, letter by letter."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

import pytest

from evalkit.rubric import Rubric, load_rubric
from tests.builders import ROOT

SOURCES = {"henan-centre-2025": "000_c729f08068934539.txt"}
DIGESTS = ROOT / "tests" / "data" / "wording.json"


def squeeze(text: str) -> str:
    """``text`` without white space, which the source's layout scatters."""
    return re.sub(r"\s+", "", text)


def passages(rubric: Rubric) -> list[str]:
    """What must stand in the source, in this order: names with their points, then the guidance."""
    found = []
    for d in rubric.dimensions:
        found.append(f"{d.number}{d.name}（{d.points}分）")
        found += [f"{i.number}{i.name}{i.points}{i.guidance}" for i in d.indicators]
    for b in rubric.bonus:
        found.append(f"加分项（最高{b.points}分）{b.name}{b.points}{b.guidance}")
    return [squeeze(passage) for passage in found]


def quotations(rubric: Rubric) -> list[str]:
    """Titles and bases that the source contains somewhere."""
    return [squeeze(q) for q in (rubric.title, rubric.source.title, *rubric.source.basis)]


@pytest.mark.parametrize("name", SOURCES)
def test_names_points_and_guidance_equal_the_source(name: str) -> None:
    """Where the source texts are at hand, every passage is found in it, in order."""
    folder = os.environ.get("EVALKIT_SOURCES")
    if not folder:
        pytest.skip("EVALKIT_SOURCES does not name the folder of the source texts")
    source = squeeze((Path(folder) / SOURCES[name]).read_text("utf-8"))
    rubric = load_rubric(ROOT / "rubrics" / f"{name}.yaml")
    table = source.index("附件4-1河南省人工智能行业赋能中心评价指标体系表一级指标")
    at = table
    for passage in passages(rubric):
        found = source.find(passage, at)
        assert found >= 0, f"not in the source, or not in this order: {passage}"
        at = found + len(passage)
    for quotation in quotations(rubric):
        assert quotation in source
    # nothing of the table is left out: between the first and the last passage stands no more text
    start = source.index(passages(rubric)[0])
    assert at - start == sum(map(len, passages(rubric)))


@pytest.mark.parametrize("name", SOURCES)
def test_the_wording_has_the_digest_that_was_compared(name: str) -> None:
    """Elsewhere the digests of the compared passages guard them.

    After a comparison with the source, ``python -m tests.test_wording`` writes them anew.
    """
    recorded = json.loads(DIGESTS.read_text("utf-8"))
    assert digests(load_rubric(ROOT / "rubrics" / f"{name}.yaml")) == recorded[name]


def digests(rubric: Rubric) -> list[str]:
    """SHA-256 of each compared passage."""
    compared = passages(rubric) + quotations(rubric)
    return [hashlib.sha256(passage.encode()).hexdigest() for passage in compared]


if __name__ == "__main__":
    compared = {n: digests(load_rubric(ROOT / "rubrics" / f"{n}.yaml")) for n in SOURCES}
    DIGESTS.write_text(json.dumps(compared, indent=1) + "\n", "utf-8")
