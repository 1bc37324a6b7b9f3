"""Notices in Word: in the words of the text, from records only, and nothing without one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest

import evalkit as ek
from evalkit.base.errors import EvalkitError
from tests.support.offices import PANELS, register

ANHUI, ZHONGSHAN, HENAN = (f"{name}-standing-demo" for name in ("anhui", "zhongshan", "henan"))


def written(demo: str, kind: str, **about: Any) -> tuple[list[str], Any]:
    """The lines of the notice, as Word reads them, and the document."""
    view = ek.Register.open(PANELS / demo).notice(kind, **about)
    document = docx.Document(io.BytesIO(ek.notice_word(view)))
    return [paragraph.text for paragraph in document.paragraphs], document


def test_a_recognition_is_announced() -> None:
    """认定并公布 (第十条): title to the letter, stages, publicity, what came of objections."""
    lines, document = written(ANHUI, "recognition", applicant="z02")
    title = "安徽省人工智能赋能新型工业化示范区(深度应用类)"
    assert lines[0].replace("\n", "") == f"关于认定虚构市示例高新区为“{title}”的公告"
    assert max(len(line) for line in lines[0].split("\n")) <= 20
    (body,) = (line for line in lines if line.startswith("依据《安徽省"))
    assert "第十条，经本级政府或管委会同意、提交申报材料、" in body
    assert "现场考察" not in body  # it was skipped
    assert body.endswith(f"现认定虚构市示例高新区为“{title}”，并予公布。")
    assert "公示期为2026年6月3日至2026年6月10日；期间收到异议1件，其中不成立1件。" in lines
    at = [n for n, line in enumerate(lines) if line == "2026年6月20日"]
    assert lines[at[0] - 1] == "示例省工业和信息化厅示范区工作处"
    assert lines[-2:] == ["登记记录：虚构市示例高新区 r12", "依据征求意见稿"]
    assert document.core_properties.title == f"关于认定虚构市示例高新区为“{title}”的公告"


def test_an_undisputed_publicity() -> None:
    """公示无异议 only where nobody objected."""
    lines, _document = written(ANHUI, "recognition", applicant="z01")
    assert "公示期为2026年6月3日至2026年6月10日，公示无异议。" in lines


def test_an_order_of_rectification() -> None:
    """整改通知 (第十二条): to whom, why, until when, and what follows if it fails."""
    lines, _document = written(ANHUI, "rectification", applicant="z02")
    assert lines[0] == "关于虚构市示例高新区限期整改的通知"
    assert lines[1] == "虚构市示例高新区："
    body = "\n".join(lines)
    assert "第十二条“评估不合格的,给予一定期限整改”，你单位2027 年度不合格。" in body
    assert "整改期限为90日，自2027年4月28日起至2027年7月27日止。" in body
    assert "第十二条“整改后仍不合格的,撤销示范区称号”。" in body
    assert "理由：自评估报告所列项目多数没有开工。" in body


def test_a_revocation_in_the_words_of_either_text(tmp_path: Path) -> None:
    """撤销称号 in Anhui, 撤销资格 in Zhongshan, with when one may apply again."""
    lines, _document = written(ZHONGSHAN, "revocation", applicant="t04")
    assert lines[0].replace("\n", "") == (
        "关于撤销虚构智能科技平台丁“市级人工智能赋能平台”资格的公告"
    )
    assert "撤销后不得再申报。" in lines
    assert any("第十三条（三）“赋能平台依托单位被依法终止经营活动的”" in line for line in lines)
    book = register(tmp_path, ANHUI)
    answer = {"kind": "answer", "rule": "revocation", "outcome": "accepted", "by": "p-head"}
    book.append("z02", {**answer, "reason": "项目仍未开工", "day": "2027-09-01"})
    view = book.notice("revocation", applicant="z02")
    assert view["title"].render().endswith("(深度应用类)”称号的公告")
    assert "撤销之日起730日内不得重新申报。" in [text.render() for text in view["body"]]


@pytest.mark.parametrize(
    ("demo", "round", "title", "rows"),
    [
        (
            HENAN,
            "eval-2025",
            "关于公布2025年度择优给予支持名单的通知",
            [["1", "示例智慧医疗赋能中心", "给予支持"]],
        ),
        (
            ANHUI,
            "eval-2027",
            "关于印发2027年度综合评估结果的通知",
            [
                ["1", "虚构市示例县", "优秀"],
                ["2", "虚构市示例高新区", "不合格"],
                ["3", "虚构市样例区", "不合格"],
                ["4", "另一虚构市样例县", "合格"],
            ],
        ),
    ],
)
def test_a_list(demo: str, round: str, title: str, rows: list[list[str]]) -> None:
    """Who came through the round; a centre without support is on no list."""
    lines, document = written(demo, "list", round=round)
    assert lines[:2] == [title, "（主送机关）："]
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows][1:] == rows


def test_an_objector_is_answered(tmp_path: Path) -> None:
    """异议答复: who objected to what, taken up, checked, the ruling; not before there is one."""
    book = register(tmp_path, ANHUI)
    about = {"kind": "decision", "stage": "publicity", "by": "p-head", "day": "2026-06-08"}
    with pytest.raises(EvalkitError, match="异议 r09 还没有结论（已受理，待核查），不能答复"):
        book.notice("objection", applicant="z05")
    book.append("z05", {**about, "outcome": "checked", "reason": "案例属实"})
    book.append("z05", {**about, "outcome": "upheld", "reason": "属实", "to": "call"})
    view = book.notice("objection", applicant="z05")
    assert view["to"] == "虚构制造有限公司 李示例"
    said = [text.render() for text in view["body"]]
    assert said[0].endswith("的公示提出的异议收悉：申报材料所列合作案例与本公司无关。")
    assert said[1:5] == [
        "已于2026年6月5日受理。",
        "2026年6月8日核查情况：案例属实。",
        "经认定，异议成立。理由：属实。",
        "该对象退回“申报通知”环节重新办理。",
    ]


REFUSALS = [
    ("recognition", {"applicant": "z05"}, "另一虚构市示例开发区 没有认定的记录"),
    ("rectification", {"applicant": "z03"}, "虚构市样例区 没有采纳整改的记录"),
    ("revocation", {"applicant": "z02"}, "虚构市示例高新区 没有撤销的记录"),
    ("objection", {"applicant": "z01"}, "须写明是哪一条异议（--record），可选：（无）"),
    ("recognition", {}, "须写明对象（--applicant），可选：z01"),
    ("list", {}, "名单须写明轮次（--round），可选：rec-2026、eval-2027"),
    ("list", {"round": "x"}, "名单须写明轮次"),
    ("letter", {"applicant": "z01"}, "没有“letter”这种公文，可选：recognition"),
    ("recognition", {"applicant": "z99"}, "没有对象 z99"),
]


@pytest.mark.parametrize(("kind", "about", "message"), REFUSALS)
def test_nothing_is_said_that_is_not_on_record(
    kind: str, about: dict[str, str], message: str
) -> None:
    """No recognition, no announcement; no order, no letter."""
    with pytest.raises(EvalkitError) as caught:
        ek.Register.open(PANELS / ANHUI).notice(kind, **about)
    assert message in caught.value.render()


def test_a_list_of_nobody(tmp_path: Path) -> None:
    """A round that nobody has come through."""
    book = register(tmp_path, ANHUI, applicants=[])
    with pytest.raises(EvalkitError, match="还没有办完的对象，不能出名单"):
        book.notice("list", round="rec-2026")


def test_the_same_records_give_the_same_bytes() -> None:
    """The time of the document is the day of the decision; English headings have their words."""
    view = ek.Register.open(PANELS / ANHUI).notice("recognition", applicant="z01")
    assert ek.notice_word(view) == ek.notice_word(view)
    document = docx.Document(io.BytesIO(ek.notice_word(view, "en")))
    assert document.core_properties.created.isoformat().startswith("2026-06-19T16:00")  # type: ignore[union-attr]
