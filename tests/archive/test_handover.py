"""A bag for one applicant: its report and what that rests on, and nothing of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.archive.verify import verify
from evalkit.archive.write import archive_round
from evalkit.base import resources
from evalkit.base.errors import InputError, Refused
from evalkit.engine import pool
from evalkit.reports.make import make
from evalkit.round import Round
from tests.support import bags
from tests.support.alterations import Alteration, changed, flipped, replaced
from tests.support.bags import copied
from tests.support.locked import NAMES

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("unedited")]


@pytest.fixture(name="own", scope="module")
def _own(small: Path, key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bag for applicant B."""
    out = tmp_path_factory.mktemp("handover") / "bag"
    with Round.open(small / "round", bags.ticking()) as workspace:
        made = archive_round(workspace, out, applicant="B", key=key)
    assert made.reports == {"applicant": 1}
    return out


def texts(bag: Path) -> dict[str, str]:
    """What every file of the bag says but the program, which came before the round."""
    files = (f for f in bag.rglob("*") if f.is_file() and f.parent.name != "code")
    return {str(f.relative_to(bag)): f.read_text("utf-8", "replace") for f in files}


def test_nothing_of_the_others_is_in_it(own: Path) -> None:
    """Neither names of applicants or experts, nor the log, nor the results."""
    others = [f"{name}公司" for id, name in NAMES.items() if id != "B"]
    experts = [f"专家{n}" for n in (1, 2, 3)]
    said = texts(own)
    assert "data/result.json" in said
    assert not any(name.endswith(("log.sqlite", "log.jsonl", "results.json")) for name in said)
    for name, text in said.items():
        found = [word for word in (*others, *experts, '"e1"') if word in text]
        assert found == [], name
    assert {Path(name).name for name in said if "reports/applicant" in name} == {
        *("B.html", "B.ipynb", "reports.jsonl")
    }


def test_its_report_is_made_anew_from_what_lies_beside_it(own: Path, small: Path) -> None:
    """The same bytes, from the one file and the notebook."""
    result = (own / "data/result.json").read_text("utf-8")
    try:
        made = make(resources.path("notebooks", "applicant_report.ipynb"), result, "B", "warm")
    finally:
        pool.close()
    assert made.page == (own / "data/reports/applicant/B.html").read_bytes()
    assert made.page == (small / "applicant/B.html").read_bytes()


def test_ranks_are_taken_as_given_and_it_says_so(own: Path) -> None:
    """In the page to read first, and where it is verified."""
    page = (own / "README.md").read_text("utf-8")
    assert "- 交给：乙（B）" in page
    assert "名次和总体统计照原样采用" in page
    assert "Ranks and statistics of the field are taken as given" in page
    found = verify(own)
    assert found.wrong == ()
    assert "本单位的报告就是由 result.json 的内容出的" in [t.render() for t in found.holds]
    assert any("照原样采用" in text.render() for text in found.unknown)


ALTERATIONS = [
    Alteration(
        "a score in the result",
        replaced("data/result.json", '"8.00"', '"9.00"', seal=True),
        "B 的报告笔记本用的不是 result.json 的内容",
    ),
    Alteration(
        "the result of another lock",
        changed("data/result.json", lambda c: c["basis"].update(root="0" * 64)),
        "result.json 不是这一次锁定的、这一单位的内容",
    ),
    Alteration(
        "the result garbled", flipped("data/result.json"), "（本单位报告所依据的内容）与清单不符"
    ),
    Alteration(
        "a byte of the page, resealed",
        flipped("data/reports/applicant/B.html", seal=True),
        "B 的报告页面与出具时登记的摘要值不符",
    ),
    Alteration(
        "the rubric",
        replaced("data/rubric/small.yaml", "综合评分", "酌情"),
        "（指标体系）与清单不符",
    ),
]


@pytest.mark.parametrize("one", ALTERATIONS, ids=lambda one: one.name.replace(" ", "-"))
def test_an_alteration_is_found_and_named(own: Path, tmp_path: Path, one: Alteration) -> None:
    """As in a bag of the whole round."""
    bag = copied(own, tmp_path / "bag")
    one.alter(bag)
    said = [text.render() for text in verify(bag).wrong]
    assert any(one.said in sentence for sentence in said), said


def test_there_has_to_be_such_an_applicant_and_its_report(tmp_path: Path) -> None:
    """Nothing is issued by archiving."""
    with bags.issued(tmp_path / "files", "internal") as workspace:
        with pytest.raises(Refused, match="还没有给参评对象的报告，请先出报告"):
            archive_round(workspace, tmp_path / "bag", applicant="B")
        with pytest.raises(InputError):
            archive_round(workspace, tmp_path / "bag", applicant="Z")
    assert [one.name for one in tmp_path.iterdir()] == ["files"]
