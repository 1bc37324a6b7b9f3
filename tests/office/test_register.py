"""The register: decisions appended to a chained log, and every refusal named with who may."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.base.errors import EvalkitError, InputError, Refused
from evalkit.office import roles
from evalkit.office.corrections import Misstep
from evalkit.office.register import Entered, Register
from tests.support.builders import ROOT
from tests.support.examples import examples
from tests.support.offices import CLOCK, PANELS, register

ANHUI, ZHONGSHAN = "anhui-standing-demo", "zhongshan-standing-demo"
CHECKED = {
    "kind": "decision",
    "stage": "publicity",
    "outcome": "checked",
    "by": "p-office",
    "day": "2026-06-07",
    "reason": "已向该公司核实",
}
"""The next thing that happens to z05 of Anhui's demo."""


def put(book: Register, applicant: str = "z05", **changes: Any) -> Entered:
    """`CHECKED` with ``changes``, on record."""
    return book.append(applicant, {**CHECKED, **changes})


def refused(book: Register, applicant: str = "z05", **changes: Any) -> str:
    """Why it is not; nothing is stored."""
    before = len(book.events)
    with pytest.raises(EvalkitError) as caught:
        put(book, applicant, **changes)
    assert len(book.events) == before
    return caught.value.render()


def test_a_record_is_appended_with_id_article_and_day(tmp_path: Path) -> None:
    """The file stays as it is; the log holds fields as strings, in the person's own chain."""
    book = register(tmp_path, ANHUI)
    file = (tmp_path / "standing.yaml").read_bytes()
    entered = put(book, day=None)
    assert (entered.record.id, entered.record.article) == ("r11", "第十条")
    assert entered.record.day == "2027-12-31"
    (event,) = book.events
    assert (event.author, event.seq, event.kind) == ("p-office", 1, "decision")
    assert event.at == "2027-12-31T04:00:00.000Z"
    assert event.payload["answers"] == "r09"  # the only objection that waits
    assert event.payload["round"] == "rec-2026"
    assert set(map(type, event.payload.values())) == {str}
    assert book.history("z05")[-1] == entered.record
    assert len(book.history("z05")) == 11
    assert (tmp_path / "standing.yaml").read_bytes() == file
    assert book.verify() == []


def test_ids_go_on_from_those_of_the_file(tmp_path: Path) -> None:
    """r19 after r18, for each applicant its own."""
    book = register(tmp_path, ANHUI)
    answer = {"kind": "answer", "rule": "revocation", "outcome": "declined", "reason": "待复核"}
    entered = book.append("z02", {**answer, "by": "p-head", "day": "2027-09-01"})
    assert entered.record.id == "r19"
    assert entered.record.cause == "r18"  # type: ignore[union-attr]
    assert put(book).record.id == "r11"


def test_chinese_names_will_do(tmp_path: Path) -> None:
    """As a secretary says it: stage, outcome and person by their names."""
    said = {"stage": "公示", "outcome": "核查异议", "by": "处示例"}
    record = put(register(tmp_path, ANHUI), **said).record
    assert (record.stage, record.outcome, record.by) == ("publicity", "checked", "p-office")  # type: ignore[union-attr]


def test_a_retry_stores_nothing(tmp_path: Path) -> None:
    """The same id of the same author gives the first receipt, with other content a refusal."""
    book = register(tmp_path, ANHUI)
    first = book.append("z05", CHECKED, "id-1")
    book.append("z05", {**CHECKED, "outcome": "dismissed", "by": "p-head"}, "id-2")
    assert book.append("z05", CHECKED, "id-1") == first
    assert len(book.events) == 2
    with pytest.raises(Refused, match="event_id 已用于"):
        book.append("z05", {**CHECKED, "reason": "别的"}, "id-1")


FIGURE = {
    "kind": "figure",
    "duty": "duty-enterprises-served",
    "year": "2026",
    "value": "30",
    "evidence": "清单",
    "by": "own",
    "day": "2027-12-20",
}
"""What t02 of Zhongshan's demo reports."""

REFUSALS = [
    ({"day": "2028-01-01"}, "日期 2028-01-01 在今天（2027-12-31）之后"),
    ({"day": "2026-06-04"}, "日期早于上一条记录（2026-06-05）"),
    ({"by": "zone"}, "第十条：这一条由“省工业和信息化厅”作出，而 zone 的身份是示范区建设单位"),
    ({"by": "zone"}, "；可由 p-office（处示例）、p-head（厅示例） 作出"),
    ({"by": "stranger"}, "（没有登记）"),
    ({"article": "第八条"}, "依据应是“第十条”，写的是“第八条”"),
    ({"outcome": "done"}, "现在不能记“完成”，只能是：提出异议、核查异议"),
    ({"outcome": "dismissed"}, "异议 r09 已受理，核查之后才能认定是否成立"),
    ({"outcome": "objection", "answers": None}, "须写明是谁提出异议（objector，实名）"),
    ({"outcome": "nonsense"}, "outcome：“nonsense”不可用"),
    ({"stage": "nowhere"}, "没有环节 nowhere，可选：call"),
    ({"stage": "announcement", "outcome": "done", "answers": None}, "还没有轮到这一环节"),
    ({"reason": None}, "须写明理由"),
    ({"answers": "r08"}, "没有待答复的异议 r08，可选：r09"),
    ({"kind": "vote"}, "vote"),
    ({"vote": "x"}, "vote：这一类记录没有这一项"),
    ({"results": "a" * 64, "root": "a" * 64}, "由 take 登记"),
]


@pytest.mark.parametrize(("changes", "message"), REFUSALS)
def test_what_may_not_stand_is_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    """In a line that names the article and who may; nothing is stored."""
    book = register(tmp_path, ANHUI)
    assert message in refused(book, **changes)
    assert put(book).record.id == "r11"


def test_an_unknown_applicant(tmp_path: Path) -> None:
    """The error lists those who are there."""
    assert "没有对象 z99，可选：z01、z02" in refused(register(tmp_path, ANHUI), "z99")


class TestObjections:
    """受理 or not, checked, upheld or dismissed, by whom."""

    def raised(self, book: Register, **changes: Any) -> str:
        """An objection of the applicant itself, beside the one that is on file."""
        more = {"objector": "政示例", "objector_is": "被评单位", "reason": "公示的名称有误"}
        about = {"outcome": "objection", "day": "2026-06-06", **more}
        return put(book, **{**about, **changes}).record.id

    def test_goes_step_by_step(self, tmp_path: Path) -> None:
        """Who objects on what ground, and each step with its person, is to be seen."""
        book = register(tmp_path, ANHUI)
        id = self.raised(book)
        rest = {"answers": id, "day": "2026-06-08", "by": "p-head"}
        assert f"异议 {id} 先要决定是否受理" in refused(book, **rest, outcome="dismissed")
        put(book, **rest, outcome="受理异议", reason=None)
        text = refused(book, **rest, outcome="dismissed")
        assert f"异议 {id} 已受理，核查之后才能认定是否成立" in text
        put(book, **rest, outcome="checked", reason="名称与批复一致")
        put(book, **rest, outcome="dismissed", reason="名称无误")
        text = refused(book, **rest, outcome="upheld", to="call")
        assert "只能是：提出异议、核查异议" in text  # r09 waits for its check
        (_first, seen) = book.outlook("z05")["objections"]
        assert (seen["objector"], seen["objector_is"], seen["ground"]) == (
            *("政示例", "applicant", "公示的名称有误"),
        )
        assert (seen["state"], [s["outcome"] for s in seen["steps"]]) == (
            *("dismissed", ["admitted", "checked", "dismissed"]),
        )
        assert {s["by"] for s in seen["steps"]} == {"p-head"}

    def test_that_is_not_taken_up_leaves_the_days_as_they_are(self, tmp_path: Path) -> None:
        """不予受理 has a reason, and begins no new period."""
        book = register(tmp_path, ANHUI)
        id = self.raised(book)
        rest = {"answers": id, "by": "p-head", "day": "2026-06-08", "outcome": "not_admitted"}
        assert "须写明理由" in refused(book, **rest, reason=None)
        put(book, **rest, reason="与公示事项无关")
        put(book, day="2026-06-08")
        put(book, outcome="dismissed", day="2026-06-09", by="p-head")
        put(book, outcome="done", answers=None, reason=None, day="2026-06-11")
        states = [o["state"] for o in book.outlook("z05")["objections"]]
        assert states == ["dismissed", "not_admitted"]

    def test_that_is_upheld_sends_back(self, tmp_path: Path) -> None:
        """To a named stage; what was open is on record still."""
        book = register(tmp_path, ANHUI)
        put(book)
        rest = {"by": "p-head", "outcome": "upheld", "to": "市工信局初审并推荐"}
        put(book, **rest, day="2026-06-08")
        (coming,) = book.outlook("z05")["next"]
        assert coming["stage"] == "first-check"
        assert [o["state"] for o in book.outlook("z05")["objections"]] == ["upheld"]


class TestCorrections:
    """New records with author and reason."""

    def test_says_only_what_changes(self, tmp_path: Path) -> None:
        """The rest is as it was; a correction of a correction is one of the first record."""
        book = register(tmp_path, ANHUI)
        wrong = put(book).record.id
        again = {"kind": "correction", "corrects": wrong, "by": "p-head", "reason": "补充"}
        one = book.append("z05", {**again, "day": "2026-06-09", "outcome": "checked"}).record
        assert (one.corrects, one.answers) == (wrong, "r09")  # type: ignore[union-attr]
        two = book.append("z05", {**again, "corrects": one.id, "reason": "再补充"}).record
        assert two.corrects == wrong
        back = {"kind": "withdrawal", "corrects": wrong, "by": "p-office", "reason": "误记"}
        book.append("z05", back)
        assert [o["state"] for o in book.outlook("z05")["objections"]] == ["admitted"]
        with pytest.raises(Refused, match=r"没有可更正的记录|已经撤回"):
            book.append("z05", {**again, "day": None})

    def test_what_rests_on_it_is_named(self, tmp_path: Path) -> None:
        """A grade cannot be withdrawn from under the decision that rests on it."""
        book = register(tmp_path, ANHUI)
        back = {"kind": "withdrawal", "corrects": "r14", "by": "p-office", "reason": "误记"}
        with pytest.raises(Refused, match=r"此后的记录 r15 不能成立.*请先撤回它"):
            book.append("z01", back)

    def test_of_nothing(self, tmp_path: Path) -> None:
        """The error lists what there is."""
        back = {"kind": "withdrawal", "corrects": "r99", "by": "p-office", "reason": "误记"}
        with pytest.raises(Refused, match="没有记录“r99”，可选：r01、"):
            register(tmp_path, ANHUI).append("z01", back)


class TestFigures:
    """年服务企业数量不应少于30家 (第九条（四）)."""

    @pytest.mark.parametrize(("value", "met"), [("30", True), ("29", False), ("1000", True)])
    def test_is_held_against_the_bound(self, tmp_path: Path, value: str, met: bool) -> None:
        """30 keeps it, 29 does not; the unit is that of the text."""
        book = register(tmp_path, ZHONGSHAN)
        book.append("t02", {**FIGURE, "value": value})
        (seen,) = book.outlook("t02")["figures"]
        assert (seen["value"], seen["unit"], seen["met"]) == (value, "家", met)

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"unit": "户"}, "第九条（四）：单位应是“家”，写的是“户”"),
            ({"value": None}, "第九条（四）：须写数值和单位（家）"),
            ({"value": "三十"}, "“三十”不是数字"),
            ({"year": "2025"}, "年度须在 2026 年（取得称号）至 2027 年之间"),
            ({"year": "2028"}, "年度须在 2026 年（取得称号）至 2027 年之间"),
            ({"evidence": None}, "evidence：缺少这一项"),
            ({"duty": "duty-x"}, "这里没有规定 duty-x，可选：duty-enterprises-served"),
            ({"by": "stranger"}, "第九条（四）：stranger 没有登记"),
        ],
    )
    def test_has_to_fit(self, tmp_path: Path, changes: dict[str, Any], message: str) -> None:
        """Unit, year, evidence and a person who is known."""
        book = register(tmp_path, ZHONGSHAN)
        with pytest.raises(EvalkitError) as caught:
            book.append("t02", {**FIGURE, **changes})
        assert message in caught.value.render()
        assert book.events == []

    def test_is_corrected_not_repeated(self, tmp_path: Path) -> None:
        """A second figure of a year is refused; a correction says why."""
        book = register(tmp_path, ZHONGSHAN)
        id = book.append("t02", FIGURE).record.id
        with pytest.raises(Refused, match=f"2026 年度的已登记（{id}）"):
            book.append("t02", {**FIGURE, "value": "31"})
        again = {"kind": "correction", "corrects": id, "by": "own", "value": "31", "reason": "漏计"}
        book.append("t02", again)
        assert [f["value"] for f in book.outlook("t02")["figures"]] == ["31"]

    def test_nobody_owes_without_a_title(self, tmp_path: Path) -> None:
        """t04's title is revoked."""
        with pytest.raises(Refused, match="没有称号，没有这项义务"):
            register(tmp_path, ZHONGSHAN).append("t04", FIGURE)

    @pytest.mark.parametrize(
        ("on", "owed"),
        [
            ("2026-12-31", []),
            ("2027-01-01", [(2026, False)]),
            ("2027-03-31", [(2026, False)]),
            ("2027-04-01", [(2026, True)]),
            ("2028-01-01", [(2026, True), (2027, False)]),
        ],
    )
    def test_what_is_owed_and_late(
        self, tmp_path: Path, on: str, owed: list[tuple[int, bool]]
    ) -> None:
        """From the year of recognition (2026), by 31 March of the next, as the office declares."""
        book = register(tmp_path, ZHONGSHAN)
        seen = book.outlook("t02", on)["owed"]
        assert [(o["year"], o["overdue"]) for o in seen] == owed
        assert book.outlook("t02")["owed"] is None

    def test_without_a_declared_day_nothing_is_late(self, tmp_path: Path) -> None:
        """The text says 年 and no day: what is lacking is listed, nobody is called late."""
        rules = register(tmp_path, ZHONGSHAN).office.rules.model_dump(mode="json")
        rules["owed"] = {}
        book = register(tmp_path, ZHONGSHAN, rules=rules)
        seen = book.outlook("t02", "2029-01-01")["owed"]
        assert [(o["year"], o["last_day"], o["overdue"]) for o in seen] == [
            (year, None, None) for year in (2026, 2027, 2028)
        ]

    def test_reports_that_recur(self, tmp_path: Path) -> None:
        """定期报送 (第十三条): every 180 days as declared, counted from the last report."""
        rules = register(tmp_path, ANHUI).office.rules.model_dump(mode="json")
        rules["owed"] = {"progress-report": {"every": "180"}}
        book = register(tmp_path, ANHUI, rules=rules)
        late = [o["last_day"].isoformat() for o in book.outlook("z01", "2027-06-01")["owed"]]
        assert late == ["2026-12-17"]  # recognised on 20 June 2026
        report = {"kind": "figure", "duty": "progress-report", "year": "2027", "by": "zone"}
        more = {"period": "上半年", "evidence": "进展报告", "day": "2027-06-02"}
        book.append("z01", {**report, **more})
        (owed,) = book.outlook("z01", "2027-11-29")["owed"]
        assert (owed["last_day"].isoformat(), owed["overdue"]) == ("2027-11-29", False)


class TestTheLog:
    """One chain for each person; what was declared before it does not change any more."""

    def test_a_change_is_found(self, tmp_path: Path) -> None:
        """A reason changed past the library breaks the chain."""
        with register(tmp_path, ANHUI) as book:
            put(book)
            put(book, outcome="dismissed", by="p-head", reason="不成立")
        database = sqlite3.connect(tmp_path / "standing.sqlite")
        database.execute("DROP TRIGGER event_is_never_changed")
        database.execute("UPDATE event SET payload = replace(payload, '不成立', '成立')")
        database.commit()
        database.close()
        with Register.open(tmp_path) as book, pytest.raises(InputError, match="日志被改动：p-head"):
            book.verify()

    def test_the_history_in_the_file_is_bound(self, tmp_path: Path) -> None:
        """Of an applicant with a record in the log; of others it may still grow."""
        with register(tmp_path, ANHUI) as book:
            put(book)
        file = tmp_path / "standing.yaml"
        text = file.read_text("utf-8")
        file.write_text(text.replace("抄录时与另一示范区对调", "对调"), "utf-8")
        assert Register.open(tmp_path).verify() == []
        file.write_text(text.replace("申报材料所列合作案例", "合作案例"), "utf-8")
        with pytest.raises(InputError, match="z05：文件中的以前的记录在开始登记之后改过"):
            Register.open(tmp_path).verify()

    def test_an_applicant_that_is_gone_is_missed(self, tmp_path: Path) -> None:
        """The log says something about it."""
        with register(tmp_path, ANHUI) as book:
            put(book)
        file = tmp_path / "standing.yaml"
        file.write_text(file.read_text("utf-8").replace("id: z05", "id: z06"), "utf-8")
        with pytest.raises(InputError, match="z05 有登记的记录，文件里却没有这一对象"):
            Register.open(tmp_path).office  # noqa: B018

    def test_a_log_of_another_office(self, tmp_path: Path) -> None:
        """The log names whose it is."""
        with register(tmp_path, ANHUI) as book:
            put(book)
        with pytest.raises(InputError, match="anhui-standing-demo"):
            register(tmp_path, ANHUI, id="another")

    def test_two_writers_at_once(self, tmp_path: Path) -> None:
        """Each of 2 × 10 objections gets an id of its own, and both chains hold."""
        register(tmp_path, ANHUI)
        start, failed = Barrier(2), list[Exception]()

        def write(person: str) -> None:
            try:
                with Register.open(tmp_path, lambda: CLOCK) as own:
                    start.wait()
                    for n in range(10):
                        more = {"objector": f"{person} {n}", "objector_is": "third_party"}
                        put(own, outcome="objection", by=person, reason="有误", **more)
            except Exception as error:  # noqa: BLE001  (a thread's error is shown by the test)
                failed.append(error)

        threads = [Thread(target=write, args=(person,)) for person in ("p-office", "p-head")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        with Register.open(tmp_path, lambda: CLOCK) as book:
            assert book.verify() == []
            ids = [e.payload["id"] for e in book.events]
        assert ids == [f"r{n}" for n in range(11, 31)]

    def test_a_new_folder_holds_file_text_and_an_empty_log(self, tmp_path: Path) -> None:
        """`Register.create` copies both; it does not write over anything."""
        source = PANELS / ANHUI / "standing.yaml"
        with Register.create(tmp_path / "new", source, lambda: CLOCK) as book:
            assert book.events == []
            put(book)
        names = {file.name for file in (tmp_path / "new").iterdir()}
        assert names >= {"standing.yaml", "standing.sqlite", "anhui-application-2025.yaml"}
        with pytest.raises(InputError, match="已经存在"):
            Register.create(tmp_path / "new", source)

    def test_a_file_without_log_is_only_read(self, tmp_path: Path) -> None:
        """Looking and checking make no log."""
        book = register(tmp_path, ANHUI)
        book.outlook("z05", "2027-01-01")
        assert book.verify() == []
        assert [file.name for file in tmp_path.iterdir()] == ["standing.yaml"]
        assert "0 recorded" in repr(book)


@examples(0.4)
@given(walk=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5)), max_size=8))
def test_the_log_and_the_file_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, walk: list[tuple[int, int]]
) -> None:
    """Any walk: what the register stored, written as a file, is lawful and looks the same."""
    folder = tmp_path_factory.mktemp("walk")
    book, day = register(folder, ANHUI), CLOCK.date().replace(year=2026, month=6, day=6)
    for choice, days in walk:
        coming = book.outlook("z05")["next"]
        if not coming or coming[0]["stage"] in {"self-assessment", "city-check", "assessment"}:
            break
        outcomes = coming[0]["outcomes"]
        outcome = outcomes[choice % len(outcomes)]
        day += timedelta(days=days)
        more: dict[str, Any] = {"answers": None}
        if outcome == "objection":
            more |= {"objector": "某人", "objector_is": "third_party"}
        elif outcome in {"dismissed", "upheld", "checked", "admitted", "not_admitted"}:
            waiting = [o for o in book.outlook("z05")["objections"] if outcome in o["next"]]
            more["answers"] = waiting[0]["id"] if waiting else "r09"
        if outcome == "returned":
            more["to"] = "call"
        about = {"stage": coming[0]["stage"], "round": coming[0]["round"], "outcome": outcome}
        by = "p-head" if coming[0]["actor"] == "省工业和信息化厅" else coming[0]["people"][0]
        try:
            put(book, **{**about, "by": by, "day": day.isoformat(), "reason": "理由", **more})
        except Refused:
            continue
    office = book.office.model_dump(mode="json", exclude_none=True)
    again = register(tmp_path_factory.mktemp("again"), ANHUI, applicants=office["applicants"])
    assert again.outlook("z05", "2027-06-01") == book.outlook("z05", "2027-06-01")
    assert book.verify() == []


SAME = [
    ("省工业和信息化厅", "省工信厅"),
    ("县(市、区)或开发区工信主管部门", "县（市、区）或开发区工信主管部门"),
    ("县(市、区)或开发区工信主管部门", "开发区工信主管部门"),
    ("市人工智能产业办公室", "由市人工智能产业办公室负责"),
    ("市人工智能产业办公室", " 市 人工智能产业办公室"),
    ("各赋能中心", "赋能中心"),
    ("省发展改革委会同省财政厅", "省发展和改革委员会会同省财政厅"),
    ("专家或第三方机构", "专家"),
    ("市工信局", "申报单位、市工信局"),
]
OTHER = [
    ("市工信局", "省工信厅"),
    ("省级行业主管部门", "行业主管部门"),
    ("市工信局", "工信局"),
    ("省发展改革委会同省财政厅", "省财政厅"),
]


@pytest.mark.parametrize(("needed", "written"), SAME)
def test_a_role_is_known_however_it_is_written(needed: str, written: str) -> None:
    """Width, brackets, blanks, short names, 由…负责, lists, and either of two with 或."""
    assert roles.matches(needed, [written])


@pytest.mark.parametrize(("needed", "written"), OTHER)
def test_another_role_is_another_role(needed: str, written: str) -> None:
    """Near ones are named for a person to decide."""
    assert not roles.matches(needed, [written])


def test_every_role_of_every_text_is_itself_and_no_other() -> None:
    """No short form makes two roles of a text the same."""
    import evalkit as ek

    for file in (ROOT / "rubrics").glob("*.yaml"):
        rubric = ek.load_rubric(file)
        named = {s.actor for p in rubric.procedures for s in p.stages} - {None}
        plain = {roles.plain(str(role)) for role in named if role != "各赋能中心"}
        assert len(plain) == len(named - {"各赋能中心"})


def test_a_misstep_in_the_log_is_named(tmp_path: Path) -> None:
    """Declared otherwise afterwards: the record that no longer stands is found."""
    people = register(tmp_path, ANHUI).office.model_dump(mode="json")["persons"]
    more = {"id": "p-new", "name": "新示例", "roles": ["省工信厅"]}
    with register(tmp_path, ANHUI, persons=[*people, more]) as book:
        put(book, by="p-new")
    why = "第十条：这一条由“省工业和信息化厅”作出，而 p-new"
    with register(tmp_path, ANHUI, persons=people) as book, pytest.raises(Misstep, match=why):
        book.verify()
