"""The log: append-only, chained, idempotent, and deaf to what the rules forbid."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evalkit.base.errors import EvalkitError, InputError, Refused
from evalkit.log import chain
from evalkit.log.events import Entry
from evalkit.record.begin import LOG_FILE
from evalkit.round import Round
from tests.support.builders import TRIMMED, panel_data, rubric_data, write

BONUS = {"recognised_by": "experts", "scope": "national", "cap_stage": "aggregate"}
CLAIM = {"id": "n1", "title": "成果", "level": "national", "evidence": "1"}
APPLICANTS = [
    {"id": "A", "name": "甲", "lead": "某", "claims": [CLAIM]},
    {"id": "B", "name": "乙", "lead": "示例单位2"},
]


def make(folder: Path, **more: Any) -> Round:
    """A workspace of two experts and two applicants; e2 has a conflict with B."""
    folder.mkdir(exist_ok=True)
    rules = more.pop("rules", {"bonus": BONUS})
    data = panel_data(3, APPLICANTS, rules, assignment={"A": ["e1", "e2"], "B": ["e1", "e2"]})
    panel = write(folder, rubric_data((10, 5), bonus=True), {**data, **more})
    return Round.create(folder / "round", panel)


@pytest.fixture(name="round_")
def _round(tmp_path: Path) -> Any:
    with make(tmp_path / "files") as workspace:
        yield workspace


def score(points: str = "8", *, id: str = "1", text: str = "", **other: str) -> Entry:
    """A score of e1 for A on i1."""
    place = {"author": "e1", "applicant": "A", "indicator": "i1", **other}
    return Entry(event_id=id, kind="score", payload={"points": points, "text": text}, **place)


def test_an_acknowledged_score_is_there_after_reopening(tmp_path: Path) -> None:
    """The receipt names author, number, time and hash of the stored event."""
    with make(tmp_path / "files") as workspace:
        receipt = workspace.append(score("8.5", text="好"))
        folder = workspace.folder
    with Round.open(folder) as workspace:
        event = workspace.history().cell("e1", "A", "i1")
        assert event is not None
        assert (event.seq, event.hash, event.at) == (1, receipt.hash, receipt.at)
        assert event.payload == {"points": "8.5", "text": "好"}
        facts = workspace.facts()
        assert facts.points[0, 0, 0] == 85


REFUSED: list[tuple[Entry, str]] = [
    (score("99"), "“99”不在 0 至 10 分之间"),
    (score("-2"), "“-2”不在 0 至 10 分之间"),
    (score("4.3"), "“4.3”不是最小单位 0.5 的整数倍"),
    (score("abc"), "“abc”不是分数"),
    (score("nan"), "“nan”不是分数"),
    (score("1e999"), "“1e999”不是分数"),
    (score("8 .5"), "“8 .5”不是分数"),
    (score(""), "“”不是分数"),
    (score("5", applicant="Z"), "没有评审对象 Z"),
    (score("5", author="e9"), "没有专家 e9"),
    (score("5", author="e3"), "没有被分配评 A，不能打分"),
    (score("5", author="e2", applicant="B"), "有利益冲突（工作单位“示例单位2”是牵头或共建单位）"),
    (score("5", indicator="i9"), "没有可以打分的项目“i9”"),
    (score("5", indicator="bonus"), "没有可以打分的项目“bonus”"),
    (score("3.5", indicator="bonus.n1"), "每项加分只能是 0 或 2 至 3 分，不能是 3.5"),
    (score("2", indicator="bonus.n1", applicant="B"), "没有可以打分的项目“bonus.n1”"),
    (score("5", text="a\x00"), "文字的第 2 个字符不可显示"),
    (score("5", text="\ud800"), "文字的第 1 个字符不可显示"),
    (score("5", text="字" * 4001), "文字超过 4000 字，没有保存，请缩短"),
    (score("5", id=""), "event_id 须为 1 至 64 个可显示字符"),
    (score("5", id="a\nb"), "event_id 须为 1 至 64 个可显示字符"),
    (Entry("e1", "1", "unscored", "A", "i1", {"text": " "}), "请写明理由"),
    (Entry("e1", "1", "recusal", "A", "i1", {"text": ""}), "请写明理由"),
    (Entry("e1", "1", "score", "A", "i1", {"points": "5"}), "内容应为 points、text"),
    (Entry("e1", "1", "guess", "A", "i1", {}), "未知的记录类型“guess”"),
    (Entry("e1", "1", "submit", "A"), "“i1”尚未评分，请评分或注明不评的理由"),
    (Entry("e1", "1", "lock", payload={"root": ""}), "只有评审秘书可以锁定评分"),
    (
        Entry("secretary", "1", "lock", payload={"root": "x", "panel": "y", "rubric": "z"}),
        "锁定期间又有新的评分",
    ),
    (
        Entry("e1", "1", "recognition", "A", "bonus.n1", {"points": "2", "text": "x"}),
        "本轮加分项由专家各自评分",
    ),
]


@pytest.mark.parametrize(("entry", "message"), REFUSED)
def test_what_the_rules_forbid_is_not_stored(round_: Round, entry: Entry, message: str) -> None:
    """The reason is said in words, and the log stays as it was."""
    with pytest.raises(EvalkitError) as caught:
        round_.append(entry)
    assert message in caught.value.render()
    assert round_.history().events == []


def test_a_retry_gives_the_first_receipt(round_: Round) -> None:
    """The same entry again stores nothing; the same id with other content is refused."""
    first = round_.append(score("8"))
    assert round_.append(score("8")) == first
    with pytest.raises(Refused, match="event_id 已用于另一条"):
        round_.append(score("9"))
    assert len(round_.history().events) == 1


def test_a_stale_window_overwrites_nothing(tmp_path: Path) -> None:
    """A second window that shows an older cell is refused, whichever process it belongs to."""
    with make(tmp_path / "files") as one, Round.open(one.folder) as two:
        one.append(score("8", id="a"), seen=0)
        with pytest.raises(Refused, match="另一个窗口"):
            two.append(score("3", id="b"), seen=0)
        two.append(score("9", id="c"), seen=1)
        cell = one.history().cell("e1", "A", "i1")
        assert cell is not None
        assert cell.payload["points"] == "9"


def fill(workspace: Round, *, submit: bool = True) -> None:
    """Every expert scores everything that is asked."""
    sheets = {("e1", "A"): ("i1", "i2", "bonus.n1"), ("e2", "A"): ("i1", "i2", "bonus.n1")}
    sheets["e1", "B"] = ("i1", "i2")
    for (expert, applicant), names in sheets.items():
        for name in names:
            place = {"author": expert, "applicant": applicant, "indicator": name}
            workspace.append(score("2.5", id=f"{applicant}{name}", **place))
        if submit:
            workspace.append(Entry(expert, f"submit{applicant}", "submit", applicant))


def test_after_submitting_and_after_the_lock_nothing_changes(round_: Round) -> None:
    """A submitted sheet is closed for its expert, a locked panel for everybody."""
    fill(round_)
    with pytest.raises(Refused, match="这份评分表已经提交"):
        round_.append(score("3", id="late"))
    receipt = round_.lock()
    assert round_.lock() == receipt
    for entry in (score("3", id="later"), Entry("e1", "x", "submit", "A")):
        with pytest.raises(Refused, match="评分已于"):
            round_.append(entry)
    results = round_.results()
    assert results.status == "official"
    assert results.to_dict()["basis"]["root"] == round_.history().events[-1].payload["root"]


def test_the_lock_waits_for_all_sheets(round_: Round) -> None:
    """With missing: refuse, an open sheet forbids the lock and is named."""
    fill(round_, submit=False)
    with pytest.raises(Refused, match="还缺 3 项，不能锁定："):
        round_.lock()
    with pytest.raises(Refused, match="尚未锁定"):
        round_.results()
    assert round_.results(trial=True).status == "trial"


def test_who_holds_up_the_lock_is_named(round_: Round) -> None:
    """The person, and the id that the commands take; asked beforehand, it is said as well."""
    said = [
        "还缺 3 项，不能锁定：",
        "专家1（e1）：甲（A）的评分表没有提交",
        "专家1（e1）：乙（B）的评分表没有提交",
        "专家2（e2）：甲（A）的评分表没有提交",
    ]
    for ask in (round_.require_lockable, round_.lock):
        with pytest.raises(Refused) as caught:
            ask()
        assert caught.value.render().splitlines() == said
    fill(round_)
    round_.require_lockable()
    round_.lock()
    round_.require_lockable()


OPENS, LOCK = "2026-01-19T09:00:00+08:00", "2026-01-26T17:30:00+08:00"
EARLY, LATE = "2026年1月19日 09:00（北京时间）才开评", "评分已于2026年1月26日 17:30（北京时间）截止"
INSTANTS = [
    *(("2026-01-19T08:59:59.999+08:00", EARLY), (OPENS, ""), ("2026-01-19T01:00:00+00:00", "")),
    *(("2026-01-23T12:00:00+08:00", ""), (LOCK, ""), ("2026-01-26T09:30:00.001+00:00", LATE)),
    *(("2025-01-01T00:00:00+08:00", EARLY), ("2030-01-01T00:00:00+08:00", LATE)),
]


@pytest.mark.parametrize("enforced", ["true", "false", None])
@pytest.mark.parametrize(("at", "said"), INSTANTS)
def test_the_schedule_binds_experts_where_it_is_enforced(
    tmp_path: Path, at: str, said: str, enforced: str | None
) -> None:
    """Both ends belong to it; without a word, or with false, the times are only announced."""
    times = {"opens": OPENS, "lock": LOCK} | ({"enforced": enforced} if enforced else {})
    now = [datetime.fromisoformat("2026-01-20T00:00:00+08:00")]
    (tmp_path / "files").mkdir()
    panel = panel_data(1, ["A"], schedule=times)
    file = write(tmp_path / "files", rubric_data((10,)), panel)
    with Round.create(tmp_path / "round", file, clock=lambda: now[0]) as workspace:
        workspace.append(score("8", id="a"))
        now[0] = datetime.fromisoformat(at)
        for entry in (score("9", id="b"), Entry("e1", "c", "submit", "A")):
            if enforced == "true" and said:
                with pytest.raises(Refused, match=said):
                    workspace.append(entry)
            else:
                workspace.append(entry)
        assert workspace.append(score("8", id="a")).seq == 1  # what is stored is told at any time


def test_the_office_acts_when_it_has_to(tmp_path: Path) -> None:
    """A sheet is given back and the round locked after the time; a longer time is declared."""
    times = {"opens": OPENS, "lock": LOCK, "enforced": "true"}
    now = [datetime.fromisoformat(OPENS)]
    (tmp_path / "files").mkdir()
    file = write(tmp_path / "files", rubric_data((10,)), panel_data(1, ["A"], schedule=times))
    with Round.create(tmp_path / "round", file, clock=lambda: now[0]) as workspace:
        workspace.append(score("8"))
        workspace.append(Entry("e1", "s", "submit", "A"))
        now[0] = datetime.fromisoformat("2026-01-27T09:00:00+08:00")
        workspace.append(Entry("secretary", "r", "reopen", "A", "e1", {"text": "漏看附件"}))
        with pytest.raises(Refused, match=r"请评审秘书改评审组文件的 schedule\.lock"):
            workspace.append(Entry("e1", "s2", "submit", "A"))
    declared = tmp_path / "round" / "panel.yaml"
    text = declared.read_text("utf-8")
    declared.write_text(text.replace("2026-01-26T17:30", "2026-01-28T17:30"), "utf-8")
    with Round.open(tmp_path / "round", clock=lambda: now[0]) as workspace:
        workspace.append(Entry("e1", "s2", "submit", "A"))
        now[0] = datetime.fromisoformat("2026-03-01T09:00:00+08:00")
        workspace.lock()
        assert workspace.results().status == "official"


def test_the_lock_does_not_wait_for_who_fails_a_condition(tmp_path: Path) -> None:
    """Once its condition fails nobody need score A to the end; while it is unknown they must."""
    gate = {"id": "g1", "article": "第九条（一）", "text": "条件示例"}
    panel = panel_data(1, ["A", "B"], {"gates": {"unknown": "exclude"}})
    file = write(tmp_path, rubric_data([10, 5]) | {"gates": [gate]}, panel)
    with Round.create(tmp_path / "round", file) as workspace:
        workspace.append(score("8", id="a"))  # a sheet of A that is begun
        for indicator in ("i1", "i2"):
            workspace.append(score("4", id=f"b{indicator}", applicant="B", indicator=indicator))
        workspace.append(Entry("e1", "s", "submit", "B"))
        with pytest.raises(Refused, match="对象A（A）的评分表已动笔，没有提交，还有 1 项没打"):
            workspace.lock()
        for n, word in enumerate(("unknown", "fail")):
            recorded = {"points": word, "text": "没有证明"} | ({"reason": "已查明"} if n else {})
            workspace.append(Entry("secretary", f"g{n}", "gate", "A", "g1", recorded))
            if word == "unknown":
                with pytest.raises(Refused, match="对象A（A）的评分表已动笔，没有提交"):
                    workspace.lock()
        passed = {"points": "pass", "text": "证明"}
        workspace.append(Entry("secretary", "gB", "gate", "B", "g1", passed))
        workspace.lock()
        assert workspace.results().rank.tolist() == [0, 1]


@pytest.mark.parametrize(("value", "waits"), [("3年", True), ("1年", False), ("1.5", False)])
def test_a_value_on_record_with_its_unit_is_held_against_its_bound(
    tmp_path: Path, value: str, waits: bool
) -> None:
    """The lock reads a condition as the results do: A is out with 1年 and not with 3年."""
    years = {"measure": {"name": "年限", "unit": "年"}, "at_least": "2"}
    gate = {"id": "g1", "article": "第九条（一）", "text": "满 2 年", "bound": years}
    panel = panel_data(1, ["A", "B"], {"gates": {"unknown": "exclude"}})
    file = write(tmp_path, rubric_data([10]) | {"gates": [gate]}, panel)
    with Round.create(tmp_path / "round", file) as workspace:
        for n, (applicant, points) in enumerate((("A", value), ("B", "2年"))):
            recorded = {"points": points, "text": ""}
            workspace.append(Entry("secretary", f"g{n}", "gate", applicant, "g1", recorded))
        workspace.append(score("4", id="b", applicant="B"))
        workspace.append(Entry("e1", "s", "submit", "B"))
        if waits:
            with pytest.raises(Refused, match="专家1（e1）：对象A（A）的评分表没有提交"):
                workspace.lock()
        else:
            workspace.lock()
            assert workspace.results().rank.tolist() == [0, 1]


def test_drafts_are_not_thrown_away_by_a_lock(tmp_path: Path) -> None:
    """With missing: exclude a sheet may be absent, but one that is begun must be submitted, and
    every total needs a score that counts.
    """
    rules = {"bonus": BONUS, "missing": "exclude", "aggregation": {**TRIMMED, "min_n": 3}}
    with make(tmp_path / "files", rules=rules) as workspace:
        fill(workspace, submit=False)
        workspace.append(Entry("e2", "submit", "submit", "A"))
        with pytest.raises(Refused) as caught:
            workspace.lock()
        assert caught.value.render().splitlines() == [
            "还缺 2 项，不能锁定：",
            "专家1（e1）：甲（A）的评分表已打齐，没有提交",
            "专家1（e1）：乙（B）的评分表已打齐，没有提交",
        ]
        workspace.append(Entry("e1", "submitB", "submit", "B"))
        workspace.append(Entry("e1", "submitA", "submit", "A"))
        workspace.lock()
        assert workspace.results().number.tolist() == [[2, 2, 2], [1, 1, 0]]


def test_nobody_is_left_without_a_total(tmp_path: Path) -> None:
    """With missing: exclude nothing is owed to A, whom one expert scored, but B waits for one."""
    rules = {"bonus": BONUS, "missing": "exclude"}
    with make(tmp_path / "files", rules=rules) as workspace:
        for name in ("i1", "i2", "bonus.n1"):
            workspace.append(score("2.5", id=name, author="e2", indicator=name))
        workspace.append(Entry("e2", "submit", "submit", "A"))
        table = workspace.lacking().to_frame()
        assert table[["kind", "applicant", "indicator"]].to_numpy().tolist() == [
            ["uncounted", "B", "i1"],
            ["uncounted", "B", "i2"],
        ]
        assert table["what"].str.startswith("没有一位专家对乙（B）的“指标").all()
        with pytest.raises(Refused, match="还缺 2 项"):
            workspace.lock()


def test_a_submitted_sheet_can_be_reopened_by_the_secretary(round_: Round) -> None:
    """With a reason, in the log; then the expert changes it and submits again."""
    fill(round_)
    entry = Entry("secretary", "r", "reopen", "A", "e1", {"text": "专家来电，漏看附件"})
    for author, text, message in (("e1", "x", "只有评审秘书"), ("secretary", " ", "请写明理由")):
        wrong = Entry(author, "w", "reopen", "A", "e1", {"text": text})
        with pytest.raises(Refused, match=message):
            round_.append(wrong)
    round_.append(entry)
    round_.append(score("9", id="again"))
    with pytest.raises(Refused, match="专家1（e1）：甲（A）的评分表已打齐，没有提交"):
        round_.lock()
    round_.append(Entry("e1", "resubmit", "submit", "A"))
    round_.lock()
    assert round_.facts().points[0, 0, 0] == 90


@pytest.mark.parametrize("file", ["panel.yaml", "small.yaml"])
def test_the_lock_binds_rules_and_rubric(round_: Round, file: str) -> None:
    """After the lock neither file can be changed unseen; changed back, all is well."""
    fill(round_)
    round_.lock()
    path = round_.folder / file
    before = path.read_text("utf-8")
    path.write_text(before.replace("places: 2", "places: 1").replace("小指标体系", "大"), "utf-8")
    with Round.open(round_.folder) as again, pytest.raises(InputError, match="锁定之后被改过"):
        again.results()
    path.write_text(before, "utf-8")
    with Round.open(round_.folder) as again:
        assert again.results().status == "official"


def test_a_log_belongs_to_its_panel(round_: Round) -> None:
    """Another id in the panel file does not start an empty round in the same log."""
    path = round_.folder / "panel.yaml"
    path.write_text(path.read_text("utf-8").replace("id: round", "id: other"), "utf-8")
    with pytest.raises(InputError, match="这是 round 的日志，不是 other 的"):
        Round.open(round_.folder)


def test_two_rounds_of_one_panel_are_told_apart(tmp_path: Path) -> None:
    """What waits in a browser for one round must not enter another."""
    with make(tmp_path / "a") as one, make(tmp_path / "b") as two:
        assert one.log.id != two.log.id


def test_scores_of_a_late_conflict_are_set_aside(round_: Round) -> None:
    """A conflict that turns up while scoring takes the scores out and says which."""
    fill(round_)
    path = round_.folder / "panel.yaml"
    late = "conflicts:\n- {applicant: A, expert: e2, reason: 亲属}\n"
    path.write_text(path.read_text("utf-8") + late, "utf-8")
    with Round.open(round_.folder) as again:
        assert [row[:3] for row in again.set_aside()] == [
            ("A", "e2", name) for name in ("bonus.n1", "i1", "i2")
        ]
        again.lock()
        assert again.results().number[0].tolist() == [1, 1, 1]


def test_a_tampered_log_is_not_locked(round_: Round) -> None:
    """A lock over a broken chain could never be evaluated; it is refused before."""
    fill(round_)
    database = sqlite3.connect(round_.folder / LOG_FILE, isolation_level=None)
    database.execute("DROP TRIGGER event_is_never_changed")
    database.execute("UPDATE event SET at = '2026-01-01T00:00:00.000Z' WHERE seq = 1")
    database.close()
    with Round.open(round_.folder) as again:
        for action in (again.lock, lambda: again.results(trial=True)):
            with pytest.raises(InputError, match="日志被改动"):
                action()


def test_a_cleared_score_is_missing_not_zero(round_: Round) -> None:
    """Deleting a score leaves a blank cell and keeps the comment."""
    round_.append(score("8", id="a"))
    round_.append(Entry("e1", "b", "clear", "A", "i1", {"text": "待核"}))
    rows = round_.history().rows(submitted_only=False)
    assert rows == []
    with pytest.raises(Refused, match="“i1”尚未评分"):
        round_.append(Entry("e1", "c", "submit", "A"))


def test_bonus_recognised_by_the_panel(tmp_path: Path) -> None:
    """The chair or the secretary enters the panel's decision, with its reason."""
    rule = {**BONUS, "recognised_by": "panel"}
    with make(tmp_path / "files", rules={"bonus": rule}) as workspace:
        payload = {"points": "3", "text": "专家组合议认定"}
        with pytest.raises(Refused, match="由组长或评审秘书登记"):
            workspace.append(Entry("e2", "1", "recognition", "A", "bonus.n1", payload))
        workspace.append(Entry("e1", "1", "recognition", "A", "bonus.n1", payload))
        assert workspace.facts().recognised[:, 2].tolist() == [30, 0]


DEDUCTIONS = [("1.25", None), ("1.255", "扣分“1.255”过细，最细到 0.01 分"), ("6", "不在 0 至 5 分")]


@pytest.mark.parametrize(("points", "message"), DEDUCTIONS)
def test_a_deduction_in_the_log(tmp_path: Path, points: str, message: str | None) -> None:
    """Between 0 and the most, with the decimals that are published; the step is for scores."""
    rubric = rubric_data((10,))
    rubric["deductions"] = [{"id": "late", "name": "迟报", "points": "5"}]
    panel = panel_data(1, ["A"], {"deductions": {"floor": "zero"}})
    entry = Entry("e1", "1", "recognition", "A", "late", {"points": points, "text": "迟报"})
    with Round.create(tmp_path / "round", write(tmp_path, rubric, panel)) as workspace:
        if message is None:
            workspace.append(entry)
            assert workspace.facts().recognised.tolist() == [[-1, 125]]
            return
        with pytest.raises(Refused, match=message):
            workspace.append(entry)


COPY = (
    "INTO event SELECT panel, author, {seq}, {id}, kind, applicant, indicator, payload, at, {prev}"
)
FROM = ", hash FROM event WHERE seq = {old}"
ATTACKS = [
    "UPDATE event SET payload = '{}'",
    "DELETE FROM event",
    f"INSERT OR REPLACE {COPY}{FROM}".format(seq="seq", id="'x'", prev="prev", old=1),
    f"INSERT {COPY}{FROM}".format(seq=3, id="'x'", prev="prev", old=2),
    f"INSERT {COPY}{FROM}".format(seq=4, id="'x'", prev="hash", old=2),
    f"INSERT {COPY}{FROM}".format(seq=3, id="event_id", prev="hash", old=2),
]


@pytest.mark.parametrize("statement", ATTACKS)
def test_the_database_itself_is_append_only(round_: Round, statement: str) -> None:
    """Whoever writes SQL past the library meets the triggers."""
    round_.append(score("8", id="a"))
    round_.append(score("9", id="b"))
    database = sqlite3.connect(round_.folder / LOG_FILE)
    with pytest.raises(sqlite3.IntegrityError):
        database.execute(statement)
    database.close()
    chain.verify(round_.log.since(0)[0])


def test_the_database_refuses_events_after_the_lock(round_: Round) -> None:
    """A writer that looked before the lock cannot store after it."""
    fill(round_)
    round_.lock()
    with pytest.raises(Refused, match="the panel is locked"), round_.log.writing():
        round_.log.append(score("3", id="late"))


@pytest.mark.parametrize(
    "field", ["payload", "at", "applicant", "indicator", "kind", "event_id", "prev"]
)
def test_tampering_is_found_and_named(round_: Round, field: str) -> None:
    """With the triggers dropped a row can be edited, but not unseen."""
    fill(round_)
    round_.lock()
    database = sqlite3.connect(round_.folder / LOG_FILE, isolation_level=None)
    database.execute("DROP TRIGGER event_is_never_changed")
    value = {
        "payload": '{"points":"5","text":""}',
        "at": "2026-01-01T00:00:00.000Z",
        "prev": "0" * 64,
    }
    database.execute(
        f"UPDATE event SET {field} = ? WHERE author = 'e1' AND seq = 2", (value.get(field, "x"),)
    )
    database.close()
    with (
        Round.open(round_.folder) as again,
        pytest.raises(InputError, match="e1 的第 2 条记录"),
    ):
        again.results()


def test_a_removed_last_event_is_found_by_the_root(round_: Round) -> None:
    """Cutting the end of a chain leaves its hashes right; the root of the lock tells."""
    fill(round_)
    round_.lock()
    database = sqlite3.connect(round_.folder / LOG_FILE, isolation_level=None)
    database.execute("DROP TRIGGER event_is_never_removed")
    database.execute(
        "DELETE FROM event WHERE author = 'e2'"
        " AND seq = (SELECT max(seq) FROM event WHERE author = 'e2')"
    )
    database.close()
    with Round.open(round_.folder) as again, pytest.raises(InputError, match="根哈希"):
        again.facts()


def test_time_is_stored_in_utc(tmp_path: Path) -> None:
    """The clock is a parameter; what it says is stored in UTC with milliseconds."""
    files = tmp_path / "files"
    files.mkdir()
    panel = write(files, rubric_data((10,)), panel_data(1, ["A"]))
    instant = datetime.fromisoformat("2026-01-26T17:30:00.5+08:00")
    with Round.create(tmp_path / "round", panel, clock=lambda: instant) as workspace:
        assert workspace.append(score("8")).at == "2026-01-26T09:30:00.500Z"
    assert instant.astimezone(UTC).hour == 9


def test_a_full_disk_is_not_a_stored_score(round_: Round) -> None:
    """When SQLite cannot store, the author is told so and nothing is half there."""
    round_.append(score("8", id="a"))
    pages = round_.log._db.execute("PRAGMA page_count").fetchone()[0]
    round_.log._db.execute(f"PRAGMA max_page_count = {pages}")
    entries = [score("9", id=f"b{n}", text="长" * 4000) for n in range(200)]
    with pytest.raises(Refused, match="没有保存"):  # noqa: PT012
        for stored, entry in enumerate(entries, start=1):  # noqa: B007
            round_.append(entry)
    round_.log._db.execute("PRAGMA max_page_count = 1000000")
    assert len(round_.history().events) == stored
    round_.append(score("9", id="again"))


def test_no_log_on_network_or_synced_folders(tmp_path: Path) -> None:
    """SQLite's locks do not hold there."""
    files = tmp_path / "files"
    files.mkdir()
    panel = write(files, rubric_data((10,)), panel_data(1, ["A"]))
    synced = tmp_path / "OneDrive - 示例"
    with pytest.raises(InputError, match="不能放在网络盘或同步盘（onedrive）上"):
        Round.create(synced / "round", panel)
    assert not (synced / "round").exists()


def test_a_file_that_is_no_log_is_refused(tmp_path: Path) -> None:
    """Another file under the log's name is named, not overwritten."""
    with make(tmp_path / "files") as workspace:
        folder = workspace.folder
    (folder / LOG_FILE).write_bytes(b"not a database, just text that is long enough" * 50)
    with pytest.raises(InputError, match="不能作为日志打开"):
        Round.open(folder)


def test_a_newer_log_is_refused(tmp_path: Path) -> None:
    """A log of a later version is not touched."""
    with make(tmp_path / "files") as workspace:
        folder = workspace.folder
        workspace.log._db.execute("PRAGMA user_version = 9")
    with pytest.raises(InputError, match="日志的版本是 9"):
        Round.open(folder)
