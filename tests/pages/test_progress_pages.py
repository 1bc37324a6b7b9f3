"""Reports on the progress of a plan: what they say, that nothing acts, always the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evalkit.base import canonical
from evalkit.base.errors import InputError
from evalkit.figures import milestones
from evalkit.pages import progress as report
from evalkit.plan import briefing
from evalkit.plan.nodes import STATES
from evalkit.plan.progress import Progress, assess
from evalkit.reports import produce
from tests.support.pages_read import PAYLOADS, assert_inert, cells
from tests.support.plans import INDUSTRY, PLUS, load, progress

NAMES = (
    *("heading", "overview", "targets", "behind"),
    *("units", "tasks", "rules", "provenance"),
)


def sections(view: Mapping[str, Any]) -> dict[str, str]:
    """The HTML of each section."""
    made = report.read(canonical.dumps(view))
    return {name: getattr(report, name)(made).html for name in NAMES}


def html_of(view: Mapping[str, Any]) -> str:
    """The body of a report without notebook and template."""
    return "\n".join(sections(view).values())


def text_of(view: Mapping[str, Any]) -> str:
    """The words of a report."""
    return assert_inert(html_of(view)).text


@pytest.fixture(scope="module", name="plus")
def _plus() -> Progress:
    """The demo of the action plan at the end of its second quarter."""
    return progress(PLUS, "2026-06-30")


@pytest.fixture(scope="module", name="industry")
def _industry() -> Progress:
    """The demo of the industry plan after its last day."""
    return progress(INDUSTRY, "2026-01-10")


@pytest.fixture(scope="module", name="produced")
def _produced(plus: Progress, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports as papermill and nbconvert made them."""
    out = tmp_path_factory.mktemp("progress")
    produce.produce_progress(plus, out)
    produce.produce_progress(plus, out, "nyt")
    return out


# What is said


def test_the_whole_plan(plus: Progress) -> None:
    """Day, office, counts, targets with their values, who is behind since when, tasks, digests."""
    words = text_of(briefing.of_plan(plus))
    parts = [
        "河南省推动“人工智能+”行动计划(2024—2026年)",
        "2026年度“人工智能+”重点工作进展（演示）",
        "评估通报",
        "评估日2026年6月30日",
        "通报单位省人工智能行业应用工作专班办公室",
        "21 项，责任单位 29 个",
        "33 / 68",
        "已完成的节点中，3 个晚于完成时限。",
        "1 项任务没有时间节点：探索应用制度创新。",
        "近期到期（到2026年9月30日）",
        "7 个目标：已达到 3 个、尚未达到（未到期） 3 个、待认定 1 个。",
        "20个以上垂直领域行业模型",
        "不少于 20 个",
        "23 个 截至2026年6月30日，示例模型备案清单（虚构）",
        "“算力券”兑付办法",
        "61 天",
        "省市场监管局",
        "二、（一） 人工智能+医疗",
        "2026-05-20 完成，晚 20 天",
        "没有时间节点的责任单位：省工业和信息化厅。",
        "“以上”“达到”含本数，“突破”不含本数（民法典第一千二百五十九条）。",
        "豫政办〔2024〕64号",
        plus.digest,
        plus.ledger.digest,
        plus.rubric.digest,
    ]
    at = [words.index(part) for part in parts]
    assert at == sorted(at)


def test_a_unit(plus: Progress) -> None:
    """Its tasks in the words of the plan, its milestones, what it is behind with; no targets."""
    found = sections(briefing.of_unit(plus, "nyt"))
    assert (found["targets"], found["units"]) == ("", "")
    words = assert_inert("\n".join(found.values())).text
    task = next(task for task in plus.rubric.tasks if task.id == "task-agriculture")
    for said in ("省农业农村厅", "1 / 3", task.text, "30 天", "受麦收影响，改在7月"):
        assert said in words
    assert "“左右”" not in words
    assert "垂直领域行业模型" not in words


def test_a_draft_is_marked_in_every_section(plus: Progress, industry: Progress) -> None:
    """征求意见稿 is no document in force; a plan in force carries no mark."""
    for html in sections(briefing.of_plan(industry)).values():
        assert '<p class="mark">依据征求意见稿</p>' in html
    assert 'class="mark"' not in html_of(briefing.of_plan(plus))


def test_nothing_is_left_unsaid(industry: Progress) -> None:
    """No data, no tolerance, no judge's word, no milestone, no unit: each has its sentence."""
    words = text_of(briefing.of_plan(industry))
    for said in (
        "没有数据 1 个、“左右”的范围待定 1 个、待认定 21 个",
        "“左右”的范围由办公室声明，尚未确定",
        "超过 1000 亿元，不含本数",
        "原文只写年限的目标，到期日由办公室声明。",
        "一、（一），2029年12月31日到期",
        "95 至 105 个",
        "认定人示例丁（虚构）（推进小组技术组）认定，2025年12月28日",
        "台账登记到2025年12月31日，此后的进展没有反映。",
        "没有责任单位：原文没有写明，办公室也没有声明",
        "10 项任务没有时间节点",
        "没有时间节点。",
    ):
        assert said in words
    assert not re.search(r"\b(nan|NaN|None|inf)\b", html_of(briefing.of_plan(industry)))


def test_old_and_late_data_are_said(tmp_path: Path) -> None:
    """A target missed on old data, and one reached too late."""
    fact = {"target": "target-industry-models", "unit": "个", "source": "示例"}
    more = {"target": "target-base-models", "unit": "个", "source": "示例"}

    def change(data: dict[str, Any]) -> None:
        data["as_of"] = "2027-02-01"
        data["measurements"] = [
            {**fact, "as_of": "2026-09-30", "value": "18"},
            {**more, "as_of": "2026-12-31", "value": "1"},
            {**more, "as_of": "2027-02-01", "value": "2"},
        ]

    found = assess(*load(tmp_path, PLUS, change), date(2027, 3, 1))
    words = text_of(briefing.of_plan(found))
    assert words.count("这是到期以前的数据，到期日的数据还没有报来") == 1
    assert "到期以后为 2 个，截至2027年2月1日，示例" in words


def test_a_plan_without_delay_says_so(plus: Progress) -> None:
    """An empty list of overdue milestones is a sentence."""
    assert "没有逾期未完成的时间节点。" in text_of(briefing.of_unit(plus, "fgw"))


def test_a_unit_that_reported_nothing_has_no_zeros(plus: Progress) -> None:
    """省市场监管局 has a task and no milestone: that is said, and not counted as 0 of 0."""
    words = text_of(briefing.of_unit(plus, "scjgj"))
    assert "1 项任务没有时间节点：探索应用制度创新。" in words
    assert "已完成的时间节点" not in words


def test_every_state_has_its_words_and_sign() -> None:
    """The figures name the states that the assessment knows, and draw each differently."""
    assert tuple(milestones.NAMES) == STATES
    assert len({milestones.sign(state) for state in (*STATES, "assessed")}) == 5
    assert briefing.FORMAT == report.FORMAT


def test_english(plus: Progress) -> None:
    """The report speaks English; what is quoted stays as published."""
    words = text_of(briefing.of_plan(plus, "en"))
    for said in (
        "Day of assessment",
        "2026-06-30",
        "7 targets: Attained 3, Not attained yet (not due) 3, To be judged 1.",
        "At least 20 个",
        "20个以上垂直领域行业模型",
        "61 days",
        "Only completions, data and judgements up to and including the assessment day count.",
    ):
        assert said in words
    made = report.heading(report.read(canonical.dumps(briefing.of_plan(plus, "en"))))
    assert made.about["language"] == "en"


# Nothing acts, and always the same


def poisoned(value: Any, payload: str, key: str = "") -> Any:
    """``value`` with ``payload`` in every text that a person may have written."""
    written = {"name", "title", "text", "article", "note", "evidence", "reason", "post", "source"}
    written |= {"office", "unit", "units", "without", "issuer", "numbers", "rules", "version"}
    if isinstance(value, dict):
        return {k: poisoned(v, payload, k) for k, v in value.items()}
    if isinstance(value, list):
        return [poisoned(v, payload, key) for v in value]
    return payload if key in written and isinstance(value, str) else value


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_shown_as_text(plus: Progress, industry: Progress, payload: str) -> None:
    """In every name, note, evidence and quotation the payload is read and does nothing."""
    shown = re.sub(r"\s+", " ", payload)
    for view in (briefing.of_plan(plus), briefing.of_unit(plus, "nyt"), briefing.of_plan(industry)):
        assert text_of(poisoned(view, payload)).count(shown) > 15


def test_hostile_text_through_the_whole_way(tmp_path: Path) -> None:
    """The same through the ledger's file, papermill and nbconvert, title included."""
    everything = " ".join(PAYLOADS)

    def change(data: dict[str, Any]) -> None:
        data["title"] = data["office"] = data["units"][6]["name"] = everything

    found = assess(*load(tmp_path, PLUS, change), date(2026, 6, 30))
    html = produce.produce_progress(found, tmp_path / "{out}", "nyt").read_text("utf-8")
    # title, round, name, office, responsible unit, ledger
    assert assert_inert(html).text.count(everything) == 6


def test_two_runs_give_the_same_bytes(
    plus: Progress, produced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notebook and page, in another zone, folder and hash seed."""
    for name, value in {"TZ": "Asia/Kolkata", "PYTHONHASHSEED": "7", "LANG": "de_DE"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    produce.produce_progress(plus, Path("again"), "省农业农村厅")
    for name in ("nyt.html", "nyt.ipynb"):
        assert (tmp_path / "again" / name).read_bytes() == (produced / name).read_bytes()


def test_the_pages_stand_alone(produced: Path) -> None:
    """Two files a report, a title, a policy, no script, no address, no path of this machine."""
    assert sorted(p.name for p in produced.iterdir()) == [
        *("nyt.html", "nyt.ipynb"),
        *("progress.html", "progress.ipynb"),
    ]
    for name, title in (
        ("progress", "河南省推动“人工智能+”行动计划(2024—2026年) 进展情况（2026年6月30日）"),
        ("nyt", "省农业农村厅 进展情况（2026年6月30日）"),
    ):
        html = (produced / f"{name}.html").read_text("utf-8")
        assert_inert(html)
        assert f"<title>{title}</title>" in html
        assert "Content-Security-Policy" in html
        assert str(produced) not in (produced / f"{name}.ipynb").read_text("utf-8")
    assert len((produced / "nyt.html").read_bytes()) <= 25_000


def test_the_notebook_is_thin() -> None:
    """No outputs, one parameter, a cell for each section."""
    found = list(cells("progress_report.ipynb"))
    assert found[0].source.endswith('\nresult = ""')
    assert [re.findall(r"\.(\w+)\(\w+\)$", cell.source) for cell in found[1:]] == [
        [name] for name in NAMES
    ]


@pytest.mark.parametrize("result", ["{", '{"format": "evalkit-applicant/1"}'])
def test_a_wrong_result_is_refused(result: str) -> None:
    """The message says what was found."""
    with pytest.raises(InputError, match="result"):
        report.read(result)


def test_an_unknown_unit_writes_nothing(plus: Progress, tmp_path: Path) -> None:
    """Nothing is written for a unit that does not exist."""
    with pytest.raises(InputError, match="没有责任单位 xyz"):
        produce.produce_progress(plus, tmp_path, "xyz")
    assert list(tmp_path.iterdir()) == []


def test_a_view_is_json(plus: Progress) -> None:
    """The result that goes into the notebook has a canonical form: no float, no date object."""
    for view in (briefing.of_plan(plus), briefing.of_unit(plus, "fgw", "en")):
        assert json.loads(canonical.dumps(view)) == view
