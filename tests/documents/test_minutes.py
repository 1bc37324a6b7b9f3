"""Minutes of the panel's meeting: what follows from the round, and what is left to fill in."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from evalkit.disclosure import Views
from evalkit.documents.minutes_word import minutes
from evalkit.round import open_round
from tests.support.builders import grouped
from tests.support.hostile import official

SAID = "同意推荐。\n应用场景扎实，数据基础还要加强。"


@pytest.fixture(name="document", scope="module")
def _document() -> Any:
    """The minutes of Anhui's demo as if it were locked, with an opinion on one applicant."""
    results = official(open_round("anhui-application-demo").results())
    view = Views(results, opinions={"a3": SAID}).minutes()
    return docx.Document(io.BytesIO(minutes(view)))


def lines(document: Any) -> list[str]:
    """The paragraphs outside tables."""
    return [p.text for p in document.paragraphs]


def test_who_met_is_filled_in_as_far_as_it_is_known(document: Any) -> None:
    """Chair, secretary and experts with their employers; time, place and quorum by hand."""
    said = lines(document)
    assert said[0] == "2026年度人工智能深度应用示范区\n认定评审（演示）评审会议纪要"
    assert "主持：专家甲（组长）" in said
    assert "记录：秘书示例（评审秘书）" in said
    assert "地点：" in said
    assert any(text.startswith("时间：") and text.endswith("时") for text in said)
    (present,) = [text for text in said if text.startswith("出席：")]
    assert "专家甲（示例学院甲（虚构））、专家乙（示例大学乙（虚构））" in present
    assert "专家组由 5 位专家组成，其中 5 位对参评对象作了评分。" in said
    assert any("每个参评对象至少有 5 位专家评分；实际最少 5 位，最多 5 位。" in t for t in said)


def test_recusals_method_and_root_hash(document: Any) -> None:
    """Each pair once, with indicators and reason; the rules as sentences; what was locked."""
    said = lines(document)
    apart, reason = "（“分析监测体系建设情况”）", "参与过该体系的建设，申请回避本项"
    assert f"专家乙回避对示例县甲的评审{apart}：{reason}。" in said
    assert any(text.startswith("1．不满足准入条件") for text in said)
    assert "评分记录根哈希 " + "ab" * 32 in said
    assert "评分锁定：2026年1月26日 17:30（北京时间）" in said


def test_results_and_the_opinion_on_each(document: Any) -> None:
    """Everybody stands there, with or without a rank; who has no opinion yet has a place for it."""
    ranking = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert ranking[0] == ["名次", "参评对象", "总分", "拟选"]
    assert ranking[3] == ["3", "示例县丙", "78.12", "并列待定"]
    said = lines(document)
    at = said.index("3．示例县丙，第 3 名，78.12 分")
    assert said[at + 1 : at + 3] == SAID.split("\n")
    at = said.index("5．示例县丁")
    assert said[at + 1 : at + 3] == ["不满足准入条件（第五条（一）），不参加排名。", "专家组意见："]
    assert said.count("专家组意见：") == 5


def test_the_proposed_list_by_its_name_in_the_text(document: Any) -> None:
    """Two are proposed, two tie for the last place."""
    said = lines(document)
    at = said.index("五、拟认定示范区名单")
    assert said[at + 1] == "示例县甲、示例县乙。"
    assert said[at + 2] == "并列最后一个名额、待评审组织单位决定的：示例县丙、示例县己。"
    assert said[at + 3] == "六、核验"


def test_groups_and_rounds_without_selection(tmp_path: Path) -> None:
    """Without places there is no list, and the headings are numbered on."""
    view = Views(grouped(tmp_path)).minutes()
    said = lines(docx.Document(io.BytesIO(minutes(view))))
    assert [text for text in said if text[1:2] == "、"] == [
        "一、专家组和法定人数",
        "二、回避和利益冲突",
        "三、评审方法",
        "四、评审结果和专家组意见",
        "五、核验",
    ]
    assert "没有专家回避，没有利益冲突。" in said
    english = Views(grouped(tmp_path)).minutes("en")
    assert minutes(english)


def test_everybody_signs_what_stands_above(
    document: Any, as_pdf: Callable[..., list[Path]], tmp_path: Path
) -> None:
    """A place for each, on one page with the digest that they sign."""
    rows = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert [row[0] for row in rows] == ["身份", "组长", *["专家"] * 4, "秘书"]
    assert {row[2] for row in rows[1:]} == {""}
    document.save(tmp_path / "minutes.docx")
    (printed,) = as_pdf(tmp_path / "minutes.docx")
    pages = [p.extract_text() for p in PdfReader(printed).pages]
    (signed,) = [page for page in pages if "签字如下" in page]
    assert "结果摘要值" in signed
    assert "秘书示例" in signed
