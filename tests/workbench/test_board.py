"""The board: everything that it shows and stores is the round's own."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import docx
import pytest
from playwright.sync_api import Browser, Page, expect

from evalkit.base import canonical
from evalkit.base.errors import Refused
from evalkit.disclosure import Views
from evalkit.log.events import Entry
from evalkit.pages import applicant
from evalkit.round import Round
from evalkit.workbench import panel_board
from evalkit.workbench.board import Board
from tests.support.accessibility import violations
from tests.support.builders import ROOT, panel_data, rubric_data, write
from tests.support.served import PATIENCE, free_port, running
from tests.support.tampering import unguarded

MEASURES = {
    "measures": {
        "missing": "refuse",
        "indicators": {"i2": {"method": "target_ratio", "better": "higher", "target": "30"}},
    },
    "discussion": {"opens": "after_all_submitted", "experts": "named"},
}


def make(folder: Path, experts: int = 1) -> Round:
    """One applicant, an indicator to score and one to measure."""
    rubric = rubric_data((10, 10))
    rubric["dimensions"][0]["indicators"][1] |= {"kind": "quantitative", "unit": "万元"}
    folder.mkdir()
    panel = write(folder, rubric, panel_data(experts, ["A"], MEASURES))
    return Round.create(folder / "round", panel)


class Sent(Board):
    """A board whose messages to the page are kept."""

    def __init__(self, *given: Any) -> None:
        self.sent: list[tuple[dict[str, Any], Any]] = []
        super().__init__(*given)

    def send(self, content: Any, buffers: Any = None) -> None:
        """Keep it."""
        self.sent.append((content, buffers))


@pytest.fixture(name="board")
def _board(tmp_path: Path) -> Iterator[Sent]:
    with make(tmp_path / "files") as workspace:
        yield Sent(workspace)


def act(board: Sent, act: str, about: str = "", *, sure: bool = False, **values: str) -> str:
    """What pressing the button of a form does; what is said then."""
    message = {"type": "act", "act": act, "about": about, "values": values, "sure": sure}
    board._receive(board, message, [])
    return str(board.sent[-1][0]["text"])


def enter(board: Sent, value: str, evidence: str = "报表第 1 页", reason: str = "") -> str:
    """Record a value."""
    return act(board, "record", "measure|A|i2", value=value, evidence=evidence, reason=reason)


def html(board: Board, tab: str) -> str:
    """All of a tab that is no form."""
    return "".join(block.get("html", "") for block in getattr(board, tab)["blocks"])


def form(board: Board, tab: str, name: str) -> Any:
    """A form of a tab."""
    return next(b["form"] for b in getattr(board, tab)["blocks"] if b["id"] == name)


def fill(workspace: Round, *points: str) -> None:
    """Score and submit the sheet of A for e1, e2 …."""
    for n, given in enumerate(points, 1):
        payload = {"points": given, "text": f"看法{n}"}
        workspace.append(Entry(f"e{n}", uuid4().hex, "score", "A", "i1", payload))
        workspace.append(Entry(f"e{n}", uuid4().hex, "submit", "A"))


def test_it_shows_what_is_missing_and_who_owes_it(board: Sent) -> None:
    """The same list as the command's, with a reminder for each person."""
    assert board.missing["count"] == 2
    for lack in board.round.lacking():
        assert str(lack.what) in html(board, "missing")
    assert html(board, "missing").count("data-copy=") == 2
    assert "专家1您好：“评审”锁定之前还缺您以下各项" in html(board, "missing")


def test_the_matrix_says_how_far_each_sheet_is(tmp_path: Path) -> None:
    """In words beside the sign: not begun, begun with numbers, submitted, given back."""
    with make(tmp_path / "files", 3) as workspace:
        board = Board(workspace)
        assert "专家1 × 对象A：未动笔" in html(board, "progress")
        payload = {"points": "8", "text": ""}
        workspace.append(Entry("e1", "1", "score", "A", "i1", payload))
        board.poll()
        assert "专家1 × 对象A：已动笔 1/1" in html(board, "progress")
        workspace.append(Entry("e1", "2", "submit", "A"))
        board.poll()
        assert "专家1 × 对象A：已提交" in html(board, "progress")
        workspace.append(Entry("secretary", "3", "reopen", "A", "e1", {"text": "漏页"}))
        board.poll()
        assert "专家1 × 对象A：已退回 1/1" in html(board, "progress")
        assert "8" not in re.findall(r"<td[^>]*>(.*?)</td>", html(board, "progress"))


def test_it_follows_the_log_and_sends_only_what_changed(board: Sent) -> None:
    """A look at a log without news changes nothing."""
    before = {name: getattr(board, name) for name in board.head["tabs"]}
    board.poll()
    assert all(getattr(board, name) is shown for name, shown in before.items())
    board.round.record_opinion("A", "同意推荐")
    board.poll()
    changed = {name for name, shown in before.items() if getattr(board, name) != shown}
    assert changed == {"progress", "opinion"}


def test_a_value_is_recorded_in_the_name_of_whoever_enters_it(board: Sent) -> None:
    """With unit and evidence; the list is shorter then, and the mark is there."""
    assert "已登记 A 的 i2：0.0012亿元" in enter(board, "0.0012亿元")
    event = board.round.history().recorded("measure", "A", "i2")
    assert event is not None
    assert (event.author, event.payload["text"]) == (board.round.panel.secretary.id, "报表第 1 页")
    assert board.missing["count"] == 1
    assert form(board, "record", "record")["fields"][0]["options"][0][1].startswith("✓")


def test_what_the_rules_refuse_is_said_and_not_stored(board: Sent) -> None:
    """A value that is none, and a change without a reason; the form is cleared only after more."""
    assert "不是数字" in enter(board, "许多")
    assert board.sent[-1][0]["wrong"]
    assert board.sent[-1][0]["form"] == ""
    assert not board.round.history().events
    enter(board, "12")
    assert board.sent[-1][0]["form"] == "record"
    assert "理由" in enter(board, "13")
    assert "已登记 A" in enter(board, "13", reason="报表更正")
    assert [e.payload["points"] for e in board.round.history().events] == ["12", "13"]


@pytest.mark.parametrize(
    "message",
    [
        {"type": "other"},
        {"type": "act", "act": "nothing", "about": "", "values": {}},
        {"type": "act", "act": "record", "about": "measure|A", "values": {"value": "12"}},
        {"type": "act", "act": "record", "about": "measure|A|i2", "values": {"value": 12}},
        {"type": "act", "act": "discuss", "about": "open", "values": {"applicants": "Z"}},
        "text",
    ],
)
def test_a_message_of_another_kind_stores_nothing(board: Sent, message: Any) -> None:
    """What the page never sends is refused and said."""
    board._receive(board, message, [])
    assert board.sent[-1][0]["wrong"]
    assert board.round.history().events == []


def test_text_of_others_is_never_markup(board: Sent) -> None:
    """What somebody types comes back as text."""
    act(board, "opinion", "A", text="<script>alert(1)</script>")
    assert "<script>" not in html(board, "opinion")
    assert "&lt;script&gt;" in html(board, "opinion")


def test_the_lock_waits_and_asks_twice(board: Sent) -> None:
    """The button is dead while anything is missing; the first press locks nothing."""
    assert form(board, "lock", "lock")["off"]
    enter(board, "12")
    fill(board.round, "8")
    board.poll()
    assert not form(board, "lock", "lock")["off"]
    assert "请先确认" in act(board, "lock")
    forged = {"type": "act", "act": "lock", "about": "", "values": {"sure": "yes"}}
    board._receive(board, forged, [])
    assert board.round.history().lock is None
    assert act(board, "lock", sure=True) == "评分已锁定"
    lock = board.round.history().lock
    assert lock is not None
    assert lock.payload["root"] in html(board, "lock")
    act(board, "minutes")
    message, buffers = board.sent[-2]
    assert message["name"] == "minutes.docx"
    words = "\n".join(p.text for p in docx.Document(io.BytesIO(buffers[0])).paragraphs)
    assert lock.payload["root"] in words


def test_a_changed_record_is_not_shown_as_simply_locked(board: Sent) -> None:
    """Before the root and its time: what does not agree."""
    enter(board, "12")
    fill(board.round, "8")
    act(board, "lock", sure=True)
    folder = board.round.folder
    with unguarded(folder) as log:
        log.execute("UPDATE event SET at = replace(at, '.', '.1') WHERE kind = 'score'")
        log.execute("UPDATE event SET at = substr(at, 1, 23) || 'Z' WHERE kind = 'score'")
    with Round.open(folder) as again:
        shown = html(Board(again), "lock")
    assert shown.index("不可采信") < shown.index("评分已锁定")
    assert "e1 的第 1 条记录" in shown


def test_the_spread_waits_for_its_time_and_a_discussion_is_recorded(tmp_path: Path) -> None:
    """Why it is not shown; then dots, who is far, and the changes with their reasons."""
    with make(tmp_path / "files", 3) as workspace:
        board = Sent(workspace)
        fill(workspace, "8", "8")
        board.poll()
        assert "还有 1 份评分表没有提交" in html(board, "spread")
        assert "看法1" not in str(board.spread)
        payload = {"points": "2", "text": "看法3"}
        workspace.append(Entry("e3", "1", "score", "A", "i1", payload))
        workspace.append(Entry("e3", "2", "submit", "A"))
        board.poll()
        shown = html(board, "spread")
        assert "看法3" in shown
        assert "看法1" not in shown
        assert "试算，不是正式结果" in shown
        said = act(board, "discuss", "open", reason="差得大", applicants="A", experts="e3")
        assert said == "讨论已开始，退回 1 份评分表"
        assert "还有 1 份退回的评分表没有重新提交" in html(board, "discussion")
        payload = {"points": "7", "text": "漏看了附件"}
        workspace.append(Entry("e3", "3", "score", "A", "i1", payload))
        board.poll()
        assert "漏看了附件" not in f"{board.spread}{board.discussion}"  # a draft
        assert "没有重新提交" in act(board, "discuss", "closed", reason="完")
        workspace.append(Entry("e3", "4", "submit", "A"))
        assert act(board, "discuss", "closed", reason="完") == "讨论已结束，其间改动 1 处"
        assert "漏看了附件" in html(board, "discussion")
        assert "2 改为 7" in html(board, "spread")
        enter(board, "12")
        assert act(board, "lock", sure=True) == "评分已锁定"
        views = Views(workspace.results())
        (n,) = views.minutes()["basis"]["discussed"]
        assert n == 1
        assert "discussed" not in views.applicant("A")["basis"]
        page = applicant.provenance(applicant.read(canonical.dumps(views.report("A", "internal"))))
        assert "其间改分 1 处" in page.html
        act(board, "minutes")
        words = docx.Document(io.BytesIO(board.sent[-2][1][0])).paragraphs
        assert any("讨论 1 次，其间改分 1 处" in p.text for p in words)


def test_letters_and_objections_reach_those_who_run_the_round(tmp_path: Path) -> None:
    """Messages the secretary alone; an objection is answered once, and is missing until then."""
    with make(tmp_path / "files", 2) as workspace:
        board, chair = Sent(workspace), Sent(workspace, "zh", "e1")
        enter(board, "12")
        workspace.append(Entry("e2", "1", "message", "A", payload={"text": "附件打不开"}))
        payload = {"stand": "disputed", "text": "报表上是 21"}
        workspace.append(Entry("e2", "2", "dispute", "A", "i2", payload))
        for one in (board, chair):
            one.poll()
            assert "报表上是 21" in html(one, "letters")
            assert "专家2（e2）对对象A（A）的“指标2”" in html(one, "missing")
        assert "附件打不开" in html(board, "letters")
        assert "附件打不开" not in str(chair.letters)
        assert [b["id"] for b in chair.letters["blocks"]] == ["letters"]
        assert "评审秘书答复" in act(chair, "answer", place="A|i2", text="已核对")
        assert "已答复" in act(board, "answer", place="A|i2", text="已核对，是 12")
        assert "答复：已核对，是 12" in html(board, "letters")
        assert "没有待答复的异议" in act(board, "answer", place="A|i2", text="再答")


def test_who_has_logged_in_acts_in_their_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chair neither measures nor locks; nobody else gets a board."""
    with make(tmp_path / "files", 2) as workspace:
        monkeypatch.setenv("EVALKIT_WORKSPACE", str(workspace.folder))
        monkeypatch.setenv("EVALKIT_ROLE", "chair")
        monkeypatch.setenv("EVALKIT_PERSON", "e1")
        board = panel_board()
        assert board.head["who"] == "专家1（组长）"
        assert [b["id"] for b in board.record["blocks"]] == ["nothing"]
        assert [b["id"] for b in board.lock["blocks"]] == ["stands", "who"]
        message = {"type": "act", "act": "opinion", "about": "A"}
        board._receive(board, message | {"values": {"text": "同意", "by": "secretary"}}, [])
        board._receive(board, message | {"act": "lock", "values": {}, "sure": True}, [])
        assert [e.author for e in workspace.history().events] == ["e1"]
        for role, person in (("chair", "e2"), ("expert", "e1"), ("chair", "")):
            monkeypatch.setenv("EVALKIT_ROLE", role)
            monkeypatch.setenv("EVALKIT_PERSON", person)
            with pytest.raises(Refused, match="进度板只给"):
                panel_board()
        monkeypatch.setenv("EVALKIT_ROLE", "secretary")
        assert panel_board().head["who"] == "秘书示例（评审秘书）"


def test_in_english(tmp_path: Path) -> None:
    """No Chinese but names and what the texts say."""
    with make(tmp_path / "files") as workspace:
        board = Board(workspace, "en")
        assert all(getattr(board, name)["label"].isascii() for name in board.head["tabs"])


def test_without_a_round_it_is_practice() -> None:
    """A demo in a folder of its own."""
    board = panel_board()
    assert "practice" in str(board.round.folder)
    assert len(board.round.lacking()) > 100


@pytest.fixture(name="served", scope="module")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """``evalkit board`` on a round of three experts: its address and folder."""
    with make(tmp_path_factory.mktemp("board") / "files", 3) as workspace:
        folder = workspace.folder
    command = [sys.executable, "-m", "evalkit", "board", str(folder), "--no-browser"]
    with running([*command, "--port", free_port()], ROOT, r"http://\S+token=\S+") as server:
        yield server.url, folder


def opened(browser: Browser, url: str) -> Page:
    """The board in a window of a common size."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(url)
    return page


def open_tab(page: Page, name: str) -> None:
    """Choose a tab."""
    page.get_by_role("tab", name=name).click()


def clean(page: Page) -> None:
    """Nothing that axe finds on any tab."""
    for tab in page.get_by_role("tab").all():
        tab.click()
        assert violations(page) == []


def test_a_whole_round_on_the_board(served: tuple[str, Path], browser: Browser) -> None:
    """By keyboard; it follows the log while somebody types, who loses neither text nor focus."""
    url, folder = served
    page = opened(browser, url)
    page.get_by_role("tab", name="进度").press("ArrowRight")
    expect(page.get_by_role("tab", name="还缺什么 4")).to_be_focused()
    clean(page)
    open_tab(page, "登记")
    page.get_by_label("值", exact=True).fill("12")
    page.keyboard.press("Tab")
    page.keyboard.type("报表第 2")
    with Round.open(folder) as workspace:
        fill(workspace, "8", "8", "2")
    expect(page.get_by_role("tab", name="还缺什么 1")).to_be_visible()
    expect(page.get_by_label("依据", exact=True)).to_be_focused()
    page.keyboard.type(" 页")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已登记 A 的 i2：12")
    expect(page.get_by_label("值", exact=True)).to_have_value("")

    clean(page)
    open_tab(page, "讨论")
    page.get_by_label("理由", exact=True).fill("差得大")
    page.get_by_role("checkbox", name="对象A（A）").check()
    page.get_by_role("checkbox", name="专家3（e3）").check()
    page.get_by_role("button", name="开始讨论").click()
    expect(page.get_by_role("status")).to_contain_text("退回 1 份评分表")
    clean(page)
    with Round.open(folder) as workspace:
        payload = {"points": "7", "text": "漏看了附件"}
        workspace.append(Entry("e3", uuid4().hex, "score", "A", "i1", payload))
        workspace.append(Entry("e3", uuid4().hex, "submit", "A"))
    open_tab(page, "讨论")
    expect(page.get_by_role("cell", name="漏看了附件")).to_be_visible()
    page.get_by_label("理由", exact=True).first.fill("谈完了")
    page.get_by_role("button", name="结束讨论").click()
    expect(page.get_by_role("status")).to_contain_text("改动 1 处")

    open_tab(page, "锁定")
    page.get_by_role("button", name="锁定评分").press("Enter")
    page.get_by_role("button", name="确定锁定").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("评分已锁定")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载会议纪要").click()
    assert download.value.suggested_filename == "minutes.docx"
    clean(page)
    page.close()
    with Round.open(folder) as workspace:
        assert workspace.history().lock is not None
        event = workspace.history().recorded("measure", "A", "i2")
        assert event is not None
        assert event.payload == {"points": "12", "text": "报表第 2 页"}
