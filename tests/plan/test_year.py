"""A ledger's year: what is recorded, what an earlier day still says, and what is refused."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.base.errors import InputError, Refused
from evalkit.log.events import Event
from evalkit.plan import briefing
from evalkit.plan.folder import LEDGER_FILE, TABLE_FILE, read_ledger
from evalkit.plan.history import History, ledger_of
from evalkit.plan.late import to_remind
from evalkit.plan.progress import assess
from evalkit.plan.year import LOG_FILE, Year, open_year
from tests.support.plans import INDUSTRY, PLUS, changed, progress

MACHINERY = "智能农机示范基地验收"
"""Due on 31 May, open."""


def clock(day: str) -> Any:
    """A clock that stands still at noon in Beijing."""
    return lambda: datetime.fromisoformat(f"{day}T04:00:00").replace(tzinfo=UTC)


def opened(folder: Path, day: str = "2026-12-31") -> Year:
    """The demo of the action plan in ``folder``, on ``day``."""
    for name in (LEDGER_FILE, TABLE_FILE):
        if not (folder / name).exists():
            shutil.copyfile(PLUS / name, folder / name)
    return open_year(folder, clock=clock(day))


@pytest.fixture(name="year")
def _year(tmp_path: Path) -> Iterator[Year]:
    with opened(tmp_path) as year:
        yield year


def move(year: Year, due: str, day: str, **more: str) -> None:
    """Record a move of the machinery bases."""
    fields = {"milestone": year.number(MACHINERY), "due": due, "day": day, "reason": "麦收"}
    year.record("moved", "clerk", {**fields, **more})


def node(year: Year, day: str) -> dict[str, Any]:
    """What an assessment of ``day`` says of the machinery bases."""
    found = year.assess(date.fromisoformat(day)).to_dict()
    nodes = [n for task in found["tasks"] for n in task["milestones"]]
    return next(n for n in nodes if n["name"] == MACHINERY)


def test_without_a_log_nothing_is_different(tmp_path: Path) -> None:
    """The same ledger, the same digests, and opening writes nothing."""
    with opened(tmp_path) as year:
        assert year.as_of() == read_ledger(PLUS)[1]
        found = year.assess(date(2026, 6, 30))
    assert found.digest == progress(PLUS, "2026-06-30").digest
    assert sorted(p.name for p in tmp_path.iterdir()) == [LEDGER_FILE, TABLE_FILE]


def test_a_moved_milestone_keeps_its_old_day_for_the_days_before(year: Year) -> None:
    """Moved on 1 June from 31 May to 31 July: late by no day of June, and May is as it was."""
    before = year.assess(date(2026, 5, 31)).digest
    move(year, "2026-07-31", "2026-06-01")
    assert year.assess(date(2026, 5, 31)).digest == before
    assert (node(year, "2026-05-31")["due"], node(year, "2026-05-31")["state"]) == (
        "2026-05-31",
        "due",
    )
    after = node(year, "2026-06-30")
    assert (after["due"], after["state"], after["late"]) == ("2026-07-31", "due", 0)
    assert after["moved"] == [
        {
            "was": "2026-05-31",
            "on": "2026-06-01",
            "by": "登记人示例（虚构）",
            "reason": "麦收",
        }
    ]
    assert "moved" not in node(year, "2026-05-31")


def test_one_ledger_says_the_same_of_any_day(year: Year) -> None:
    """The ledger as it stands now, assessed on an earlier day, has the old due day too."""
    move(year, "2026-07-31", "2026-06-01")
    move(year, "2026-09-30", "2026-07-20")
    now = year.as_of()
    for day, due in (
        ("2026-05-31", "2026-05-31"),
        ("2026-06-01", "2026-07-31"),
        ("2026-07-19", "2026-07-31"),
        ("2026-07-20", "2026-09-30"),
    ):
        found = assess(year.rubric, now, date.fromisoformat(day))
        (one,) = [n for n in found.nodes if n.milestone.name == MACHINERY]
        assert one.due == due == node(year, day)["due"]


def test_what_was_published_stays(year: Year) -> None:
    """A completion entered after the assessment, of a day before it, counts from the day after."""
    number = year.number(MACHINERY)
    published, new = year.publish(date(2026, 6, 30), "clerk")
    assert new
    done = {"state": "done", "done": "2026-05-30", "evidence": "验收单", "day": "2026-06-29"}
    year.record("milestone", "clerk", {"milestone": number, **done})
    assert year.assess(date(2026, 6, 30)).digest == published.digest
    again, new = year.publish(date(2026, 6, 30), "clerk")
    assert (again.digest, new) == (published.digest, False)
    assert node(year, "2026-06-30")["state"] == "overdue"
    after = node(year, "2026-07-01")
    assert (after["state"], after["done"], after["late"]) == ("done", "2026-05-30", 0)
    assert year.told()[-1]["from"] == "2026-07-01"
    with pytest.raises(Refused, match="已经通报过 2026-06-30 的评估，不能再补通报更早的"):
        year.publish(date(2026, 3, 31), "clerk")


def test_reopened_read_back_and_idempotent(tmp_path: Path) -> None:
    """Another process sees the same; the same event twice is stored once."""
    with opened(tmp_path) as year:
        move(year, "2026-07-31", "2026-06-01")
        fields = {"target": "target-base-models", "value": "2", "unit": "个"}
        fields |= {"as_of": "2026-07-01", "source": "示例", "day": "2026-07-02"}
        first = year.record("measurement", "clerk", fields, event_id="one")
        assert year.record("measurement", "clerk", fields, event_id="one") == first
        with pytest.raises(Refused, match="event_id"):
            year.record("measurement", "clerk", {**fields, "value": "3"}, event_id="one")
        digest = year.as_of().digest
    with opened(tmp_path) as again:
        assert again.as_of().digest == digest
        assert [row["kind"] for row in again.told()] == ["begun", "moved", "measurement"]


def test_supervision(year: Year) -> None:
    """Sent, not answered in time, answered with a day, the day over: who has to be reminded."""
    number = year.number(MACHINERY)
    fields = {"unit": "省农业农村厅", "about": number, "answer_by": "2026-06-20", "text": "督〔1〕"}
    year.record("reminder", "clerk", {**fields, "day": "2026-06-10"})
    reply = {"reminder": "1", "text": "已安排", "promised": "2026-07-31", "day": "2026-06-25"}
    year.record("reply", "clerk", reply)

    def row(day: str) -> tuple[str | None, bool]:
        found = to_remind(year.assess(date.fromisoformat(day)))
        (one,) = [r for r in found if r["name"] == MACHINERY]
        assert str(one["number"]) == number
        return one["state"], one["remind"]

    assert row("2026-06-09") == (None, True)
    assert row("2026-06-15") == ("waiting", False)
    assert row("2026-06-22") == ("overdue", True)
    assert row("2026-06-30") == ("answered", False)
    assert row("2026-08-01") == ("answered", True)
    # the promise moved nothing
    assert node(year, "2026-06-30")["due"] == "2026-05-31"
    found = year.assess(date(2026, 6, 30))
    assert briefing.of_unit(found, "nyt")["reminders"][0]["reply"]["promised"] == "2026-07-31"
    assert "reminders" not in briefing.of_unit(found, "jyt")


def test_a_judge_and_an_added_milestone(year: Year) -> None:
    """A judge records the own judgement; a unit without milestones gets one."""
    fields = {"target": "target-practices-standards", "verdict": "met", "reason": "示例清单"}
    year.record("judgement", "application-judge", {**fields, "day": "2026-07-01"})
    fields = {"task": "supply-institutions", "unit": "市场监管局", "name": "标准清单"}
    more = {"due": "2026-10-31", "reason": "补列", "day": "2026-07-01"}
    year.record("added", "clerk", {**fields, **more})
    found = year.assess(date(2026, 7, 1)).to_dict()
    states = {target["id"]: target["state"] for target in found["targets"]}
    assert states["target-practices-standards"] == "met"
    (task,) = [task for task in found["tasks"] if task["id"] == "supply-institutions"]
    assert "scjgj" not in task["without_milestones"]
    assert year.number("标准清单") == str(len(year.declared.milestones) + 1)


STALE: dict[str, str] = {"milestone": "12", "due": "2026-07-31", "reason": "麦收"}
DONE = {"milestone": "12", "state": "done"}
VALUE = {"target": "target-base-models", "value": "2", "unit": "个", "source": "表"}
VALUE["as_of"] = "2026-07-01"
NEW = {"task": "task-health", "unit": "wjw", "name": "节点", "due": "2026-09-01", "reason": "补"}
REFUSED: list[tuple[str, str, dict[str, str], str]] = [
    ("moved", "nobody", STALE, "by：“nobody”不能登记这一项，可选：clerk（登记人示例（虚构））"),
    ("moved", "clerk", {**STALE, "day": "2027-01-01"}, "day：2027-01-01 晚于今天（2026-12-31）"),
    ("moved", "clerk", {**STALE, "day": "2025-12-31"}, "day：2025-12-31 早于台账的年度 2026"),
    ("moved", "clerk", {**STALE, "milestone": "99"}, "milestone：没有第 99 号时间节点"),
    ("moved", "clerk", {**STALE, "milestone": "1"}, "milestone：“印发医疗健康行业模型平台建设"),
    ("moved", "clerk", {**STALE, "due": "2026-05-31"}, "due：时限已经是 2026-05-31"),
    ("moved", "clerk", {**STALE, "due": "2026-06-31"}, "due：“2026-06-31”：2026 年 6 月没有 31 日"),
    ("moved", "clerk", {"milestone": "12", "due": "2026-07-31"}, "reason：缺少这一项"),
    ("dropped", "clerk", {}, "没有“dropped”这种记录，可选：begun"),
    (
        "milestone",
        "clerk",
        {**DONE, "done": "2026-06-01"},
        "done：已完成的须写完成日期和佐证材料",
    ),
    (
        "milestone",
        "clerk",
        {"milestone": "1", "state": "ongoing"},
        "reason：以前已有记录，更正须写理由",
    ),
    (
        "milestone",
        "clerk",
        {
            "milestone": "12",
            "state": "done",
            "done": "2026-06-02",
            "evidence": "单",
            "day": "2026-06-01",
        },
        "done：完成日期 2026-06-02 晚于登记的日期 2026-06-01",
    ),
    (
        "measurement",
        "clerk",
        {
            "target": "target-datasets",
            "value": "1",
            "unit": "个",
            "as_of": "2026-07-01",
            "source": "表",
        },
        "target：规划中没有这样的数量目标",
    ),
    (
        "measurement",
        "clerk",
        {
            "target": "target-base-models",
            "value": "一",
            "unit": "个",
            "as_of": "2026-07-01",
            "source": "表",
        },
        "value：“一”不是数字",
    ),
    (
        "measurement",
        "clerk",
        {
            "target": "target-base-models",
            "value": "2",
            "unit": "个",
            "as_of": "2026-06-30",
            "source": "表",
        },
        "reason：以前已有记录，更正须写理由",
    ),
    (
        "judgement",
        "clerk",
        {"target": "target-datasets", "verdict": "met", "reason": "好"},
        "by：“clerk”不能登记这一项，可选：data-judge",
    ),
    (
        "added",
        "clerk",
        {
            "task": "task-health",
            "unit": "省教育厅",
            "name": "节点",
            "due": "2026-09-01",
            "reason": "补",
        },
        "unit：“省教育厅”不是这项任务的责任单位",
    ),
    (
        "added",
        "clerk",
        {**NEW, "due": "2027-09-01"},
        "due：时限 2027-09-01 不在 2026 年度内",
    ),
    (
        "reminder",
        "clerk",
        {"unit": "jyt", "about": "12", "answer_by": "2026-12-31", "text": "督"},
        f"about：“{MACHINERY}”不是省教育厅的时间节点",
    ),
    (
        "reminder",
        "clerk",
        {"unit": "nyt", "about": "十二", "answer_by": "2026-12-31", "text": "督"},
        "about：“十二”不是时间节点的编号",
    ),
    (
        "reminder",
        "clerk",
        {"unit": "nyt", "about": "12", "answer_by": "2026-12-01", "text": "督"},
        "answer_by：答复时限不能早于发出的日期",
    ),
    ("reply", "clerk", {"reminder": "1", "text": "好"}, "reminder：没有第 1 号督导，已有 0 件"),
]


@pytest.mark.parametrize(("kind", "by", "fields", "said"), REFUSED)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, kind: str, by: str, fields: dict[str, str], said: str
) -> None:
    """File, field and remedy in a line; nothing is stored, not even an empty log."""
    with opened(tmp_path) as year, pytest.raises((InputError, Refused)) as caught:
        year.record(kind, by, fields)
    assert said in caught.value.render()
    assert str(tmp_path / LEDGER_FILE) in caught.value.render()
    assert not (tmp_path / LOG_FILE).exists()


def test_moves_do_not_run_backwards(year: Year) -> None:
    """A second move cannot be dated before the first; what is done cannot be moved."""
    move(year, "2026-07-31", "2026-06-10")
    with pytest.raises(Refused, match="上一次改期在 2026-06-10"):
        move(year, "2026-08-31", "2026-06-01")
    assert node(year, "2026-12-31")["due"] == "2026-07-31"


def test_a_ledger_without_staff_says_what_to_write(tmp_path: Path) -> None:
    """The demo of the industry plan declares nobody."""
    shutil.copyfile(INDUSTRY / LEDGER_FILE, tmp_path / LEDGER_FILE)
    with open_year(tmp_path, clock=clock("2025-12-31")) as year, pytest.raises(Refused) as caught:
        year.record("moved", "me", {"milestone": "3", "due": "2025-12-01", "reason": "到货"})
    assert "staff：台账没有声明谁可以登记，请先在 ledger.yaml 写 staff" in str(caught.value)


def test_a_ledger_that_was_changed_afterwards_is_found(tmp_path: Path) -> None:
    """The declared file stays as it was; a changed event breaks the chain."""
    with opened(tmp_path) as year:
        move(year, "2026-07-31", "2026-06-01")
    table = (tmp_path / TABLE_FILE).read_text("utf-8")
    (tmp_path / TABLE_FILE).write_text(
        table.replace("2026-05-31,进行中", "2026-07-31,进行中"), "utf-8"
    )
    with opened(tmp_path) as year:
        with pytest.raises(InputError, match="开始登记以后被改过"):
            year.as_of()
        with pytest.raises(InputError, match="开始登记以后被改过"):
            move(year, "2026-08-31", "2026-06-20")
    (tmp_path / TABLE_FILE).write_text(table, "utf-8")
    with sqlite3.connect(tmp_path / LOG_FILE) as db:
        db.execute("DROP TRIGGER event_is_never_changed")
        db.execute("UPDATE event SET payload = replace(payload, '2026-07-31', '2026-12-31')")
    with opened(tmp_path) as year, pytest.raises(InputError, match="日志被改动：clerk 的第 2 条"):
        year.as_of()


def test_moves_may_stand_in_the_file_too(tmp_path: Path) -> None:
    """An office without a log writes them beside the milestone."""

    def write(data: dict[str, Any]) -> None:
        was = data["milestones"][2]["due"]
        made = {"was": was, "on": "2025-09-01", "by": "某人", "reason": "到货延期"}
        data["milestones"][2] |= {"due": "2026-03-31", "moved": [made]}

    _rubric, ledger = read_ledger(changed(tmp_path, INDUSTRY, write))
    assert ledger.milestones[2].due_on("2025-08-31") == "2025-09-30"
    assert ledger.milestones[2].due_on("2025-09-01") == "2026-03-31"


def test_duties_of_the_text_that_no_row_covers() -> None:
    """They stand in the published report: three of the industry plan, none of the other."""
    view = briefing.of_plan(progress(INDUSTRY, "2026-01-10"))
    found = [name for task in view["tasks"] for name in task.get("unlisted", ())]
    assert len(found) == 3
    assert "每年发布河南省人工智能产业发展蓝皮书" in found
    view = briefing.of_plan(progress(PLUS, "2026-06-30"))
    assert not any("unlisted" in task for task in view["tasks"])


def event(n: int, kind: str, payload: dict[str, str]) -> Event:
    """The event number ``n`` of the clerk."""
    return Event("clerk", str(n), kind, payload=payload, seq=n, at="2026-12-31T04:00:00.000Z")


def acts(day: str, number: int, other: str) -> list[tuple[str, dict[str, str]]]:
    """What may be recorded of ``day`` about a milestone, with another day in it."""
    fact = {"target": "target-base-models", "value": "2", "unit": "个", "source": "表"}
    n, why = str(number), {"reason": "理由", "day": day}
    return [
        ("moved", {"milestone": n, "due": other, **why}),
        ("milestone", {"milestone": n, "state": "done", "done": day, "evidence": "单", **why}),
        ("milestone", {"milestone": n, "state": "ongoing", **why}),
        ("measurement", {**fact, "as_of": day, **why}),
    ]


DEMO = read_ledger(PLUS)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(date.isoformat)
recorded = st.lists(st.tuples(days, st.integers(1, 68), days, st.integers(0, 3)), max_size=12)


@given(before=recorded, after=recorded, on=days)
def test_nothing_recorded_later_changes_a_published_day(
    before: list[tuple[str, int, str, int]], after: list[tuple[str, int, str, int]], on: str
) -> None:
    """Whatever it is and of whichever day; and without a publication, whatever is of later days."""
    rubric, declared = DEMO
    history, n = History(), 0

    def extend(made: list[tuple[str, int, str, int]]) -> None:
        nonlocal n
        for day, number, other, which in made:
            n += 1
            history.extend([event(n, *acts(day, number, other)[which])])

    def said() -> str:
        return assess(
            rubric, ledger_of(declared, history.counted(on)), date.fromisoformat(on)
        ).digest

    extend(before)
    first = said()
    extend([row for row in after if row[0] > on])
    assert said() == first
    history.extend([event(n := n + 1, "published", {"day": on, "digest": first})])
    extend(after)
    assert said() == first
