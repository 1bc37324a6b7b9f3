"""The small panels of each text: every new part of the rules at work, with what comes of it."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from evalkit.base.errors import Refused
from evalkit.base.tables import read_table
from evalkit.disclosure import Views, levels
from evalkit.documents.sheets_word import sheets as sheets_word
from evalkit.documents.summary_word import summary as summary_word
from evalkit.documents.workbook import workbook
from evalkit.evaluation import Results, evaluate
from evalkit.facts.tidy import from_frame
from evalkit.pages import applicant, summary
from evalkit.panel import Panel, checks
from evalkit.rubric.open_rules import RULE_NAMES
from evalkit.scoring.methods import NAMES
from tests.support.builders import ROOT, grouped
from tests.support.panels import FOLDERS, results
from tests.support.views import reported

APPLICANT = (
    *("heading", "outcome", "dimensions", "indicators"),
    *("adjustments", "rules", "provenance"),
)
SUMMARY = (
    *("heading", "ranking", "table", "notes"),
    *("experts", "rules", "provenance", "signatures"),
)


def column(name: str, key: str) -> dict[str, Any]:
    """One value of each applicant in the results of a panel."""
    return {a["id"]: a.get(key) for a in results(name).to_dict()["applicants"]}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_secretary_finds_nothing_to_mend(name: str) -> None:
    """``evalkit panel check`` is clean."""
    found = results(name)
    assert list(checks.findings(found.panel, found.rubric)) == []


# Two with the same total share a rank and the next one is left out, or the declared chain parts
# them; one that fails a condition, or is unclear under ``exclude``, has a total and no rank.
RANKS: dict[str, dict[str, int | None]] = {
    "anhui-application-demo": {"a1": 1, "a2": 2, "a3": 3, "a6": 3, "a4": None, "a5": None},
    "anhui-product-demo": {"p2": 1, "p6": 2, "p1": 3, "p5": 4, "p3": None, "p4": None},
    "anhui-enabling-demo": {"t3": 1, "t1": 2, "t2": 3, "t5": 3, "t4": None, "t6": None},
    "anhui-evaluation-demo": {"s1": 1, "s5": 2, "s2": 3, "s3": 4, "s4": 5},
    "zhongshan-recognition-demo": {"z3": 1, "z1": 2, "z2": 3, "z5": 3, "z4": None},
    "zhongshan-evaluation-demo": {"z5": 1, "z6": 2, "z2": 1, "z1": 2, "z3": 3},
}


@pytest.mark.parametrize("name", RANKS)
def test_ranks(name: str) -> None:
    """Over all, or in each group; without those that conditions of entry keep out."""
    assert column(name, "rank") == RANKS[name]
    assert all(total is not None for total in column(name, "total").values())


@pytest.mark.parametrize(
    ("name", "applicant", "result"),
    [
        ("anhui-application-demo", "a4", {"lawful-and-bounded": "fail"}),
        ("anhui-application-demo", "a5", {"growing-investment": "unknown"}),
        # 4900万元 < 5000万元; 5000万元 and 10家 are enough, 不低于 and 不少于 include the number
        ("zhongshan-recognition-demo", "z4", {"gate-registered-capital": "fail"}),
        ("zhongshan-recognition-demo", "z1", {}),
    ],
)
def test_conditions_of_entry(name: str, applicant: str, result: dict[str, str]) -> None:
    """What is not passed, by condition."""
    gates = column(name, "gates")[applicant]
    assert {g["id"]: g["result"] for g in gates if g["result"] != "pass"} == result


@pytest.mark.parametrize(
    ("name", "applicant", "indicator"),
    [
        ("anhui-application-demo", "a2", "compute-capacity"),
        ("anhui-product-demo", "p2", "market-share"),
        ("anhui-enabling-demo", "t3", "transfer-projects"),
        ("zhongshan-evaluation-demo", "z6", "enterprises-served"),
    ],
)
def test_a_missing_value_is_zero_by_rule_and_says_so(
    name: str, applicant: str, indicator: str
) -> None:
    """0 points with a flag; the value itself stays unknown."""
    (cell,) = [i for i in column(name, "indicators")[applicant] if i["id"] == indicator]
    assert float(cell["points"]) == 0
    assert "no_value_zero" in cell["flags"]
    assert cell["measured"]["value"] is None


def test_places() -> None:
    """Three places, and two tie for the third: declared ``none``, a person decides; ``all``: in."""
    for name, third in (("anhui-application-demo", "tied_at_cut"), ("anhui-enabling-demo", "yes")):
        ranks, selected = column(name, "rank"), column(name, "selected")
        assert {selected[a] for a, rank in ranks.items() if rank in (1, 2)} == {"yes"}
        assert [selected[a] for a, rank in ranks.items() if rank == 3] == [third, third]
        assert {selected[a] for a, rank in ranks.items() if rank is None} == {"no"}


def test_grades() -> None:
    """By published totals: 优秀 from 85, 合格 from 60; 中山 has 良好 from 75 between them."""
    assert column("anhui-evaluation-demo", "grade") == {
        "s1": "grade-excellent",
        "s2": "grade-qualified",
        "s3": "grade-qualified",
        "s4": "grade-unqualified",
        "s5": "grade-qualified",
    }
    assert column("zhongshan-evaluation-demo", "grade") == {
        **dict.fromkeys(("z1", "z2", "z5"), "good"),
        "z3": "qualified",
        "z6": "unqualified",
    }


def test_a_deduction_comes_off_the_total() -> None:
    """s3: total = base - 2, with its reason in the report and in the summary."""
    own = Views(results("anhui-evaluation-demo")).applicant("s3")
    assert own["deduction"] == "2.00"
    assert float(own["base"]) - 2 == pytest.approx(float(own["total"]))
    (item,) = own["deductions"]
    assert item["reason"] == "三、四季度进展漏报"
    notes = Views(results("anhui-evaluation-demo")).panel()["notes"]
    assert {"applicant": "s3", "column": "late-reports", "use": "deducted"}.items() <= next(
        n.items() for n in notes if n.get("use") == "deducted"
    )


def test_statistics_are_those_of_the_group() -> None:
    """Ranked by group, a platform is told of its own group and of nobody else."""
    view = Views(results("zhongshan-evaluation-demo")).report("z3", "internal")
    totals = column("zhongshan-evaluation-demo", "total")
    own = sorted(float(totals[a]) for a in ("z1", "z2", "z3"))
    assert view["ranked"] == 3
    assert [float(view["field"][k]) for k in ("min", "median", "max")] == own
    cell = view["dimensions"][1]["indicators"][0]  # z6 of the other group has 0 points there
    assert float(cell["field"]["min"]) > 0
    for id in ("z3", "z5"):  # three and two tell each other's totals
        assert Views(results("zhongshan-evaluation-demo")).applicant(id)["field"] is None


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", FOLDERS)
def test_every_report_can_be_written(name: str, language: str) -> None:
    """Every section of reports and of the summary, in both languages.

    The internal report names every expert; where the panel published nothing, there is no public
    one.
    """
    found = results(name)
    public = found.panel.rules.disclosure.public
    views = reported(found)
    for one, level in product(found.panel.applicants[::3], levels.LEVELS):
        if level == "public" and public is None:
            with pytest.raises(Refused):
                views.report(one.id, level, language)
            continue
        view = json.dumps(views.report(one.id, level, language))
        report = applicant.read(view)
        page = "".join(getattr(applicant, part)(report).html for part in APPLICANT)
        assert one.name in page
        named = [e.name for e in found.panel.experts if e.name in page]
        assert named == (seated(found, one.id) if level == "internal" else [])
        assert level == "internal" or not [e for e in found.facts.experts if f'"{e}"' in view]
    view = summary.read(json.dumps(Views(found).panel(language)))
    page = "".join(getattr(summary, part)(view).html for part in SUMMARY)
    assert all(one.name in page for one in found.panel.applicants)


def seated(found: Results, id: str) -> list[str]:
    """The experts who were to score an applicant."""
    seats = found.facts.seats[found.facts.applicants.index(id)]
    ids = {found.facts.experts[s] for s in seats if s >= 0}
    return [e.name for e in found.panel.experts if e.id in ids]


def test_a_long_table_stands_upright() -> None:
    """More indicators than fit side by side are rows, and the applicants columns."""
    view = Views(results("anhui-product-demo")).panel()
    page = summary.table(summary.read(json.dumps(view))).html
    assert '<th scope="row">29 分析监测体系建设情况</th>' in page
    assert '<th scope="col" class="n">示例区甲</th>' in page
    few = summary.table(
        summary.read(json.dumps(Views(results("anhui-evaluation-demo")).panel()))
    ).html
    assert '<th scope="row">示例县甲</th>' in few


@pytest.mark.parametrize("name", FOLDERS)
def test_an_editor_takes_the_file(name: str) -> None:
    """The JSON Schema of panels accepts what the loader accepts."""
    tree = yaml.load((ROOT / "panels" / name / "panel.yaml").read_text("utf-8"), yaml.CSafeLoader)
    value = json.loads(json.dumps(tree, default=lambda instant: instant.isoformat()))
    jsonschema.validate(value, Panel.model_json_schema())


def test_the_formats_page_names_every_rule_and_method() -> None:
    """docs/formats.md is not behind the models."""
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")
    assert [name for name in (*RULE_NAMES, *NAMES) if f"`{name}`" not in page] == []


@pytest.mark.parametrize("name", FOLDERS)
def test_every_paper_can_be_made(name: str, tmp_path: Path) -> None:
    """Word forms and the workbook, whose table of scores gives the same points back."""
    found = results(name)
    assert summary_word(Views(found).panel())[:2] == b"PK"
    for expert in found.panel.experts[:2]:
        assert sheets_word(Views(found).expert(expert.id))[:2] == b"PK"
    file = tmp_path / "results.xlsx"
    file.write_bytes(workbook(Views(found)))
    table = read_table(file, sheet="评分明细")
    again = evaluate(found.rubric, found.panel, from_frame(table, found.rubric, found.panel))
    assert again.digest == found.digest


def test_the_tables_of_groups_that_are_ranked_apart(tmp_path: Path) -> None:
    """Ranks 1, 2, 1, 2 stand with their groups; E has points and no rank, and the note says why."""
    view = summary.read(json.dumps(Views(grouped(tmp_path)).panel()))
    for section in (summary.table(view), summary.ranking(view)):
        assert section.html.count("西部组</td>") == 3
    html = summary.table(view).html
    assert "准入条件不满足或是否满足不清楚的，没有名次，记为“—”。" in html
    assert "0 分" not in html
