"""What experts say beside their scores: by whom, when, what waits for the office, who reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evalkit.base import canonical
from evalkit.base.errors import EvalkitError
from evalkit.disclosure import Views
from evalkit.evaluation import evaluate
from evalkit.log.events import Entry
from evalkit.log.receipts import SheetReceipt
from evalkit.pages import applicant
from evalkit.round import Round
from tests.support.builders import demo, panel_data, rubric_data, write

RATIO = {"method": "target_ratio", "better": "higher", "target": "30"}


def make(folder: Path, **rules: Any) -> Round:
    """Two experts, one of them kept from B, over a scored indicator and a measured one."""
    folder.mkdir()
    rubric = rubric_data((10, 5))
    rubric["dimensions"][0]["indicators"][1] |= {"kind": "quantitative", "unit": "家"}
    rules = {
        "measures": {"missing": "refuse", "indicators": {"i2": RATIO}},
        "withdrawal": "until_lock",
        **rules,
    }
    conflict = {"expert": "e2", "applicant": "B", "reason": "师生"}
    rules = {name: rule for name, rule in rules.items() if rule is not None}
    panel = write(folder, rubric, panel_data(2, ["A", "B"], rules, conflicts=[conflict]))
    return Round.create(folder / "round", panel)


def entry(kind: str, indicator: str = "", *, by: str = "e1", id: str = "", **payload: str) -> Entry:
    """An entry about A."""
    return Entry(by, id or f"{kind}{indicator}{payload}"[:60], kind, "A", indicator, payload)


def scored(workspace: Round) -> None:
    """A measured value for each applicant, and every sheet with its score, submitted."""
    for who in ("A", "B"):
        workspace.record("measure", who, "i2", "15", "统计表")
    for expert, who in (("e1", "A"), ("e1", "B"), ("e2", "A")):
        payload = {"points": "8", "text": ""}
        workspace.append(Entry(expert, f"s{who}", "score", who, "i1", payload))


def test_the_last_remark_of_each_kind_holds(tmp_path: Path) -> None:
    """A blank one takes it back; drafts are read before the lock, submitted ones after it."""
    with make(tmp_path / "files") as workspace:
        workspace.append(entry("remark", "opinion", text="基础好"))
        workspace.append(entry("remark", "opinion", text="基础好，可推荐"))
        workspace.append(entry("remark", "advice", text="补数据"))
        workspace.append(entry("remark", "advice", text=" "))
        workspace.append(entry("remark", "problems", by="e2", text="材料缺页"))
        said = {"opinion": {"e1": "基础好，可推荐"}, "problems": {"e2": "材料缺页"}}
        assert workspace.remarks() == {"A": said}
        assert workspace.history().begun("e2", "A")
        assert workspace.facts().to_frame().empty


WRONG = [
    (entry("remark", "opinion", by="secretary", text="好"), "没有专家 secretary"),
    (entry("remark", "praise", text="好"), "没有“praise”这一栏"),
    (entry("remark", "opinion", text="长" * 4001), "文字超过 4000 字"),
    (entry("remark", "opinion", text="好", points="1"), "text"),
    (Entry("e2", "1", "remark", "B", "opinion", {"text": "好"}), "利益冲突"),
    (entry("dispute", "i1", stand="disputed", text="不对"), "不是由测量值计分"),
    (entry("dispute", "i2", stand="disputed", text=" "), "请写明理由"),
    (entry("dispute", "i2", stand="perhaps", text=""), "“perhaps”不可用"),
    (Entry("e1", "1", "dispute", "B", "i2", {"stand": "confirmed", "text": ""}), "还没有登记"),
    (entry("answer", "i2", by="e1", text="已核"), "由评审秘书答复"),
    (entry("answer", "i2", by="secretary", text="已核"), "没有待答复的异议"),
    (entry("message", by="secretary", text="好"), "没有专家 secretary"),
    (entry("message", text=" "), "请写明要对评审秘书说的话"),
    (entry("message", "i1", text="好"), "不针对单项指标"),
    (Entry("e1", "1", "message", "Z", "", {"text": "好"}), "没有评审对象 Z"),
    (entry("withdraw", text=""), "没有提交，不必收回"),
]


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_what_may_not_be_said_is_refused(tmp_path: Path, wrong: Entry, said: str) -> None:
    """With the reason, and nothing stored."""
    with make(tmp_path / "files") as workspace:
        workspace.record("measure", "A", "i2", "15", "统计表")
        with pytest.raises(EvalkitError, match=said):
            workspace.append(wrong)
        assert len(workspace.history().events) == 1


def stand(word: str, text: str = "", *, by: str = "e1", id: str = "") -> Entry:
    """How an expert stands to the value of i2."""
    return entry("dispute", "i2", by=by, id=id, stand=word, text=text)


def remark(_word: str, text: str, *, id: str) -> Entry:
    """An opinion on A."""
    return entry("remark", "opinion", id=id, text=text)


@pytest.mark.parametrize("make_entry", [stand, remark])
def test_a_window_that_shows_an_older_one_overwrites_nothing(
    tmp_path: Path, make_entry: Any
) -> None:
    """As for scores: the number of what the author saw goes with it."""
    with make(tmp_path / "files") as workspace:
        workspace.record("measure", "A", "i2", "15", "统计表")
        number = workspace.append(make_entry("disputed", "甲", id="1"), seen=0).seq
        with pytest.raises(EvalkitError, match="另一个窗口"):
            workspace.append(make_entry("disputed", "乙", id="2"), seen=0)
        workspace.append(make_entry("disputed", "乙", id="2"), seen=number)


def disputes(workspace: Round) -> list[str]:
    """What the lock waits for because of a dispute."""
    return [str(lack.what) for lack in workspace.lacking() if lack.kind == "dispute"]


def test_a_dispute_holds_up_the_lock_until_it_is_answered(tmp_path: Path) -> None:
    """By a reason, by another value, or by its own expert; a conflict found since ends it too."""
    with make(tmp_path / "files") as workspace:
        scored(workspace)
        workspace.append(stand("disputed", "报表写 25"))
        workspace.append(stand("confirmed", by="e2"))
        for expert, who in (("e1", "A"), ("e1", "B"), ("e2", "A")):
            workspace.append(Entry(expert, f"t{who}", "submit", who))
        (said,) = disputes(workspace)
        assert said == "专家1（e1）对对象A（A）的“指标2”的测量值 15 有异议：报表写 25"
        with pytest.raises(EvalkitError, match="报表写 25"):
            workspace.lock()
        workspace.append(entry("answer", "i2", by="secretary", text="25 是上年的"))
        assert not disputes(workspace)
        found = workspace.history().spoken.stand("e1", "A", "i2")
        assert found is not None
        assert found.answer is not None
        assert found.answer.payload["text"] == "25 是上年的"
        workspace.lock()


def test_another_value_answers_a_dispute_and_takes_confirmations_with_it(tmp_path: Path) -> None:
    """A confirmation was of the value before; its expert looks again, or does not."""
    with make(tmp_path / "files") as workspace:
        scored(workspace)
        workspace.append(stand("disputed", "报表写 25"))
        workspace.append(stand("confirmed", by="e2"))
        workspace.record("measure", "A", "i2", "25", "新报表", reason="专家指出")
        spoken = workspace.history().spoken
        assert not disputes(workspace)
        assert spoken.stand("e2", "A", "i2") is None
        assert (found := spoken.stand("e1", "A", "i2")) is not None
        assert found.answer is not None
        assert found.answer.payload["reason"] == "专家指出"
        workspace.append(stand("disputed", "还是不对", id="2"))
        assert len(disputes(workspace)) == 1
        workspace.append(stand("confirmed", id="3"))
        assert not disputes(workspace)


def test_a_submitted_sheet_takes_no_more(tmp_path: Path) -> None:
    """Until its expert takes it back, which the log records; after the lock nothing at all."""
    with make(tmp_path / "files") as workspace:
        scored(workspace)
        first = workspace.append(Entry("e1", "t1", "submit", "A"))
        for closed in (entry("remark", "opinion", text="好"), stand("confirmed")):
            with pytest.raises(EvalkitError, match="已经提交"):
                workspace.append(closed)
        workspace.append(entry("withdraw", text="漏看附件"))
        assert not workspace.history().submitted("e1", "A")
        assert workspace.history().submission("e1", "A") is None
        workspace.append(entry("remark", "opinion", text="好"))
        again = workspace.append(Entry("e1", "t2", "submit", "A"))
        event = workspace.history().submission("e1", "A")
        assert event is not None
        receipt = SheetReceipt.of(event, workspace.log.id)
        assert (receipt.seq, receipt.hash) == (again.seq, again.hash)
        assert again.seq > first.seq
        for expert, who in (("e1", "B"), ("e2", "A")):
            workspace.append(Entry(expert, f"t{who}", "submit", who))
        workspace.append(entry("message", text="都交了"))
        workspace.lock()
        for late in (entry("withdraw", text=""), entry("message", text="还有一句", id="m2")):
            with pytest.raises(EvalkitError, match="锁定"):
                workspace.append(late)
        assert [(m.expert, m.applicant, m.text) for m in workspace.messages()] == [
            ("e1", "A", "都交了")
        ]


@pytest.mark.parametrize(("rule", "said"), [("never", "规定"), (None, "没有声明")])
def test_a_sheet_is_taken_back_only_where_that_is_declared(
    tmp_path: Path, rule: str | None, said: str
) -> None:
    """What nobody declared nobody may do."""
    with make(tmp_path / "files", withdrawal=rule) as workspace:
        scored(workspace)
        workspace.append(Entry("e1", "t", "submit", "A"))
        with pytest.raises(EvalkitError, match=f"{said}.*rules.withdrawal"):
            workspace.append(entry("withdraw", text=""))
        assert workspace.history().submitted("e1", "A")


REMARKS = {"c11": {"opinion": {"e1": "基础好", "e2": "基础好"}, "advice": {"e3": "补数据"}}}


def test_the_applicant_reads_the_words_without_names() -> None:
    """Each text once; those who run the round read whose it is, the public nothing."""
    views = Views(evaluate(*demo()), remarks=REMARKS)
    own = views.report("c11", "applicant")
    assert own["remarks"] == [
        {"kind": "opinion", "texts": ["基础好"]},
        {"kind": "advice", "texts": ["补数据"]},
    ]
    internal = views.report("c11", "internal")["remarks"]
    assert internal[1] == {"kind": "advice", "experts": [{"name": "专家丙", "words": "补数据"}]}
    for level, seen in (("internal", True), ("applicant", True), ("public", False)):
        text = canonical.dumps(views.report("c11", level))  # type: ignore[arg-type]
        assert ("补数据" in text) == seen
        page = applicant.outcome(applicant.read(text)).html
        assert ("专家的建议：" in page and "补数据" in page) == seen
    assert "remarks" not in views.report("c05")


def test_where_few_scored_their_words_are_not_listed() -> None:
    """As single scores and comments are not."""
    rubric, panel, facts = demo()
    shown = panel.rules.disclosure.model_copy(update={"min_experts": 99})
    strict = panel.model_copy(
        update={"rules": panel.rules.model_copy(update={"disclosure": shown})}
    )
    views = Views(evaluate(rubric, strict, facts), remarks=REMARKS)
    assert "remarks" not in views.report("c11", "applicant")
    assert "remarks" in views.report("c11", "internal")
