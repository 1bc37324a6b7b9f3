"""What the sheet answers beside scores: only what is its expert's own, and as the rules say."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from evalkit.base.errors import EvalkitError
from evalkit.log.events import Entry
from evalkit.log.receipts import SheetReceipt
from evalkit.round import Round
from evalkit.workbench import form_parts
from evalkit.workbench.contents import CHUNK, Contents
from evalkit.workbench.sheet import ScoreSheet
from tests.support.builders import panel_data, rubric_data, write

RATIO = {"method": "target_ratio", "better": "higher", "target": "30"}
POOL = {"method": "min_max", "better": "higher"}
CLAIMS = [
    {"id": "n1", "title": "成果甲", "level": "national", "evidence": "附件1"},
    {"id": "n2", "title": "成果乙", "level": "provincial", "evidence": "附件2"},
]
PDF = b"%PDF-1.4" + bytes(range(256)) * 3000


@pytest.fixture(name="workspace")
def _workspace(tmp_path: Path) -> Iterator[Round]:
    """Scored i1, measured i2, compared i3, mixed i4; e2 must not see B; the panel's own bonus."""
    rubric = rubric_data((10, 5, 5, 10), bonus=True)
    indicators = rubric["dimensions"][0]["indicators"]
    indicators[1] |= {"kind": "quantitative", "unit": "家"}
    indicators[2]["kind"], indicators[3]["kind"] = "quantitative", "mixed"
    rules = {
        "measures": {
            "missing": "refuse",
            "indicators": {"i2": {**RATIO}, "i3": POOL, "i4": {**RATIO, "points": "4"}},
        },
        "bonus": {"recognised_by": "panel", "scope": "national", "cap_stage": "aggregate"},
        "withdrawal": "until_lock",
    }
    applicants = [
        {"id": a, "name": f"县{a}", "lead": "某局", "claims": deepcopy(CLAIMS)} for a in "AB"
    ]
    conflict = {"expert": "e2", "applicant": "B", "reason": "师生"}
    files = tmp_path / "files"
    (files / "material" / "a").mkdir(parents=True)
    (files / "material" / "a" / "书.pdf").write_bytes(PDF)
    (files / "material" / "b.png").write_bytes(b"png")
    rows = "A,i1,建成 3 个,属实,a/书.pdf,2\nA,,概况,,,\nB,i1,另一家,,b.png,\n"
    head = "applicant,indicator,statement,verdict,file,page\n"
    (files / "statements.csv").write_text(head + rows, "utf-8")
    panel = write(files, rubric, panel_data(2, applicants, rules, conflicts=[conflict]))
    with Round.create(tmp_path / "round", panel) as workspace:
        yield workspace


def test_the_parts_of_the_form_make_one_module() -> None:
    """A browser would refuse all of it: no name is given twice, one thing is exported."""
    text = form_parts.module()
    names = re.findall(r"^(?:async )?(?:function\*?|class|const|let) (\w+)", text, re.MULTILINE)
    assert [name for name, n in Counter(names).items() if n > 1] == []
    assert len(re.findall("^export ", text, re.MULTILINE)) == 1


def read(workspace: Round, expert: str = "e1", applicant: str = "A") -> dict[str, Any]:
    """What an expert reads of an applicant."""
    asked = {"type": "read", "event_id": "1", "applicant": applicant}
    found = Contents(workspace, expert).answer(asked, "zh")
    assert found is not None
    return found[0]


def test_statements_are_those_of_the_applicant(workspace: Round) -> None:
    """By indicator; the office may fill the table while experts score."""
    place = {"note": "", "file": "a/书.pdf", "page": 2}
    assert read(workspace)["statements"] == {
        "i1": [{"statement": "建成 3 个", "verdict": "属实", **place}],
        "": [{"statement": "概况", "verdict": "", "note": "", "file": "", "page": None}],
    }
    contents = Contents(workspace, "e1")
    asked = {"type": "read", "event_id": "1", "applicant": "B"}
    assert contents.answer(asked, "zh") is not None
    with (workspace.folder / "statements.csv").open("a", encoding="utf-8") as table:
        table.write("B,i2,后来补的,,,\n")
    found = contents.answer(asked, "zh")
    assert found is not None
    assert [s["statement"] for s in found[0]["statements"]["i2"]] == ["后来补的"]


def test_measured_values_come_with_the_points_that_follow(workspace: Round) -> None:
    """15 of 30 is half of 5 points, 7 of 30 is 7/30 of 4 = 0.93; a comparison with others is told
    to nobody before the end.
    """
    workspace.record("measure", "A", "i2", "15 家", "统计表")
    workspace.record("measure", "A", "i3", "9")
    workspace.record("measure", "A", "i4", "7")
    two, three, four = read(workspace)["measured"]
    assert (two["value"], two["points"], two["max"], two["alone"]) == ("15 家", "2.50", "5", True)
    assert (two["evidence"], two["how"]) == ("统计表", "与目标值之比（封顶），目标值 30")
    assert (three["value"], three["points"]) == ("9", None)
    assert three["why"].startswith("与其他对象相比较")
    assert (four["points"], four["max"], four["alone"]) == ("0.93", "4", False)
    assert [one["why"] for one in read(workspace, applicant="B")["measured"]] == ["还没有登记"] * 3


def test_what_the_panel_recognised_is_read_with_its_reason(workspace: Round) -> None:
    """Where experts do not score the bonus; a claim out of scope has nothing."""
    workspace.record("recognition", "A", "bonus.n1", "2.5", "批文已核")
    assert read(workspace)["recognised"] == {"bonus.n1": {"points": "2.5", "text": "批文已核"}}


def whole(contents: Contents, applicant: str, file: str) -> bytes:
    """A file as the form puts it together."""
    data, size = b"", 1
    while len(data) < size:
        asked = {"type": "material", "event_id": "1", "file": file, "offset": len(data)}
        found = contents.answer({**asked, "applicant": applicant}, "zh")
        assert found is not None
        size, (part,) = found[0]["size"], found[1]
        assert len(part) <= CHUNK
        data += part
    return data


def test_material_comes_in_parts(workspace: Round) -> None:
    """And is the file to the byte."""
    assert len(PDF) > CHUNK
    found = whole(Contents(workspace, "e1"), "A", "a/书.pdf")
    assert hashlib.sha256(found).digest() == hashlib.sha256(PDF).digest()


FOREIGN = [
    ("e1", "A", "b.png"),  # another applicant's
    ("e2", "B", "b.png"),  # a conflict
    ("e1", "A", "../panel.yaml"),
    ("e1", "A", "../log.sqlite"),
    ("e1", "A", "a/../../log.sqlite"),
    ("e1", "A", "/etc/passwd"),
    ("e1", "A", "a/书.pdf\0"),
    ("e1", "A", ""),
    ("e1", "Z", "a/书.pdf"),
]


@pytest.mark.parametrize(("expert", "applicant", "file"), FOREIGN)
def test_nobody_gets_what_is_not_theirs(
    workspace: Round, expert: str, applicant: str, file: str
) -> None:
    """Neither by another path nor by another applicant."""
    with pytest.raises(EvalkitError):
        whole(Contents(workspace, expert), applicant, file)


def test_a_file_that_became_a_link_is_not_followed(workspace: Round) -> None:
    """The table may still name it."""
    file = workspace.folder / "material" / "a" / "书.pdf"
    file.unlink()
    file.symlink_to(workspace.folder / "log.sqlite")
    with pytest.raises(EvalkitError, match=r"没有文件|不在"):
        whole(Contents(workspace, "e1"), "A", "a/书.pdf")


def test_an_expert_in_conflict_reads_nothing(workspace: Round) -> None:
    """Nor does one who is not assigned."""
    with pytest.raises(EvalkitError, match="回避"):
        read(workspace, "e2", "B")


class Sent(ScoreSheet):
    """A sheet that keeps what it would send."""

    def send(self, content: Any, buffers: Any = None) -> None:
        """Keep it."""
        self.__dict__.setdefault("answers", []).append((content, buffers))

    def receive(self, **content: Any) -> dict[str, Any]:
        """The answer to a message."""
        self._receive(self, content, [])
        answer: dict[str, Any] = self.__dict__["answers"][-1][0]
        return answer


def save(sheet: Sent, name: str, id: str, **cell: Any) -> dict[str, Any]:
    """Save a cell of A."""
    given = {"state": "", "points": "", "text": "", "seen": 0, **cell}
    return sheet.receive(type="save", event_id=id, applicant="A", indicator=name, **given)


def test_remarks_and_stands_are_cells_of_the_sheet(workspace: Round) -> None:
    """Saved, refused and shown again as scores are; a wrong one leaves the log as it is."""
    sheet = Sent(workspace, "e1")
    saved = save(sheet, "remark:opinion", "1", text="基础好")
    assert saved["cell"] == {"state": "", "points": "", "text": "基础好", "seq": 1}
    refused = save(sheet, "stand:i2", "2", state="disputed", text="不对")
    assert (refused["type"], refused["cell"]["seq"]) == ("refused", 0)
    workspace.record("measure", "A", "i2", "15")
    assert save(sheet, "stand:i2", "3", state="disputed", text="不对")["type"] == "saved"
    assert save(sheet, "remark:opinion", "4", text="另一窗口")["type"] == "refused"
    assert save(sheet, "remark:praise", "5", text="好")["type"] == "refused"
    cells = Sent(workspace, "e1").view["applicants"][0]["cells"]
    assert cells["remark:opinion"]["text"] == "基础好"
    assert (cells["stand:i2"]["state"], cells["stand:i2"]["text"]) == ("disputed", "不对")
    assert cells["remark:advice"] == {"state": "", "points": "", "text": "", "seq": 0}
    workspace.append(Entry("secretary", "a", "answer", "A", "i2", {"text": "已核，无误"}))
    assert read(workspace)["measured"][0]["answer"].startswith("已核，无误（")


def test_a_submitted_sheet_has_a_receipt_until_it_is_taken_back(workspace: Round) -> None:
    """The receipt is that of the log; a message is stored once however often it is sent."""
    sheet = Sent(workspace, "e1")
    for name in ("i1", "i4"):
        save(sheet, name, name, state="scored", points="5")
    answer = sheet.receive(type="submit", event_id="s", applicant="A")
    event = workspace.history().submission("e1", "A")
    assert event is not None
    assert SheetReceipt.read(answer["receipt"]["line"]) == SheetReceipt.of(event, workspace.log.id)
    assert answer["receipt"]["line"].endswith(f" e1 A 3 {event.hash}")
    assert Sent(workspace, "e1").view["applicants"][0]["receipt"] == answer["receipt"]
    for _ in range(2):
        word = {"event_id": "m", "applicant": "A", "text": "请补材料"}
        assert sheet.receive(type="message", **word)["type"] == "message_stored"
    assert [message.text for message in workspace.messages()] == ["请补材料"]
    taken = sheet.receive(type="withdraw", event_id="w", applicant="A", text="")
    assert taken["type"] == "withdraw_stored"
    shown = sheet.view["applicants"][0]
    assert (shown["submitted"], shown["receipt"]) == (False, None)
    again = sheet.receive(type="withdraw", event_id="w2", applicant="A", text="")
    assert "没有提交" in again["message"]
