"""What the papers of a decision say to whom, and who else is to be told."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest

from evalkit.appeal.papers import DECISION, NOTICE
from tests.support.appeals import BY, accept, amend, case_of, open_case
from tests.support.command import Run, evalkit
from tests.support.locked import PUBLIC, locked

pytestmark = pytest.mark.processes

REASON = "经核查，一项测量值登记有误，已重新登记。"


def changed(folder: Path, *, public: list[str] | None) -> tuple[Path, Run]:
    """A third party objects to D's result in a round that declares to be ``public`` what it says;
    its value is 10, not 6. The case and what the decision answered.
    """
    declared: dict[str, Any] = {**PUBLIC, "public": public}
    rules = {"disclosure": {k: v for k, v in declared.items() if v is not None}}
    with locked(folder / "files", rules=rules) as old:
        case = folder / "case"
        new = case_of(old.folder, case, applicant="D")
    assert amend(case, "--reopen-value", "D:i2").returncode == 0
    value = ("--applicant", "D", "--indicator", "i2", "--value", "10", "--evidence", "重新核算")
    assert evalkit("record", "measure", new, *value).returncode == 0
    assert evalkit("panel", "lock", new, "--yes").returncode == 0
    done = evalkit("appeal", "decide", case, "变更", *BY, "--reason", REASON)
    assert done.returncode == 0, done.stderr
    return case, done


def words(case: Path, name: str) -> str:
    """The paragraphs of a paper of the case."""
    document = docx.Document(io.BytesIO((case / "papers" / name).read_bytes()))
    return "\n".join(p.text for p in document.paragraphs)


def test_what_is_public_is_told_to_a_third_party(tmp_path: Path) -> None:
    """Total and rank of the applicant concerned before and after, and of nobody else."""
    case, _done = changed(tmp_path, public=["rank", "total"])
    said = words(case, DECISION)
    assert "丁的总分由 8.00 变为 10.00、名次仍为 4。" in said
    assert "16.00" not in said
    assert "13.00" not in said
    assert "须重新公示；对重新公示的结果有异议的" in said


@pytest.mark.parametrize(
    ("public", "told"),
    [
        (["total"], "丁的总分由 8.00 变为 10.00。"),
        (["rank"], "丁的名次仍为 4。"),
        ([], "丁的总分和名次不在公开的范围内，本件不列。"),
        (None, "丁的总分和名次不在公开的范围内，本件不列。"),
    ],
)
def test_what_is_not_public_is_not(tmp_path: Path, public: list[str] | None, told: str) -> None:
    """As the panel declares it; the applicant concerned reads its own in the notice."""
    case, _done = changed(tmp_path, public=public)
    said = words(case, DECISION)
    assert told in said
    assert ("10.00" in said) == ("total" in (public or []))
    assert "你单位的总分由 8.00 变为 10.00、名次仍为 4。" in words(case, NOTICE)


def test_the_applicant_concerned_has_a_notice(tmp_path: Path) -> None:
    """It says what was found and decided, and neither who objected nor in which words."""
    case, done = changed(tmp_path, public=["rank"])
    said = words(case, NOTICE)
    assert said.startswith("关于丁评审结果异议复核情况的告知书")
    for part in ("丁公司：", "收到第三方就丁在", REASON, "现决定：变更原评审结果"):
        assert part in said
    for hidden in ("李示例", "有专家受聘于该单位", "专家3"):
        assert hidden not in said
    told = "告知 丁公司（D 丁）：送复核情况告知书"
    assert told in done.stdout
    assert told in evalkit("appeal", "show", case).stdout


def test_others_that_move_are_named(tmp_path: Path) -> None:
    """A falls behind B and C; the paper does not say so, the officer is told."""
    with locked(tmp_path / "files") as old:
        case = tmp_path / "case"
        own = ("--objector", "甲公司", "--objector-is", "被评单位")
        assert open_case(old.folder, case, *own, applicant="A").returncode == 0
    assert accept(case).returncode == 0
    assert amend(case, "--reopen-value", "A:i2").returncode == 0
    value = ("--applicant", "A", "--indicator", "i2", "--value", "1", "--evidence", "重新核算")
    assert evalkit("record", "measure", case / "round", *value).returncode == 0
    assert evalkit("panel", "lock", case / "round", "--yes").returncode == 0
    done = evalkit("appeal", "decide", case, "变更", *BY, "--reason", REASON)
    assert done.returncode == 0, done.stderr
    assert not (case / "papers" / NOTICE).exists()  # who objected has the decision
    said = words(case, DECISION)
    assert "你单位的总分由 16.00 变为 11.50、名次由 1 变为 3。" in said
    assert not {"乙", "丙"} & set(said)
    assert "结果也变了的，逐个告知：乙公司（B 乙）、丙公司（C 丙）" in done.stdout


def test_a_result_that_stands_is_told(tmp_path: Path) -> None:
    """Nothing was reopened: the decision says which result it confirms."""
    with locked(tmp_path / "files") as old:
        case_of(old.folder, tmp_path / "case")
    why = ("--reason", "按锁定的评分重新计算，结果相同")
    assert evalkit("appeal", "decide", tmp_path / "case", "维持", *BY, *why).returncode == 0
    said = words(tmp_path / "case", DECISION)
    assert "没有重开任何内容，丙的结果照旧：总分 13.00、名次 2。" in said
    assert "现决定：维持原评审结果。" in said
    assert "你单位" not in said


def test_the_notice_keeps_the_objectors_name(tmp_path: Path) -> None:
    """A reason that both read names neither an expert, however typed, nor the objector."""
    with locked(tmp_path / "files") as old:
        case_of(old.folder, tmp_path / "case")
    for reason, told in (
        ("李示例反映的情况不属实", "不能出现第三方异议人：李示例"),
        ("专 家３打分无误", "不能出现评审专家的姓名：专家3"),
    ):
        done = evalkit("appeal", "decide", tmp_path / "case", "维持", *BY, "--reason", reason)
        assert (done.returncode, told in done.stderr) == (1, True), done.stderr


def test_what_is_signed_stands_with_its_text(tmp_path: Path) -> None:
    """From the decision on, everything down to the day stays on the page of what follows."""
    case, _done = changed(tmp_path, public=["rank"])
    for name in (DECISION, NOTICE):
        document = docx.Document(io.BytesIO((case / "papers" / name).read_bytes()))
        texts = [p.text for p in document.paragraphs]
        first = next(n for n, text in enumerate(texts) if text.startswith("现决定"))
        last = next(
            n for n, text in enumerate(texts) if text.startswith("附注：本件依据的评审结果")
        )
        signed = document.paragraphs[first:last]
        assert "（发文机关）" in texts[first:last]
        assert all(p.paragraph_format.keep_with_next for p in signed)


def test_a_ground_that_names_an_expert_is_printed_in_other_words(tmp_path: Path) -> None:
    """The log keeps what was said; without a summary, or with one that names it, no case begins."""
    case, ground = tmp_path / "case", ("--ground", "专 家3受聘于丙公司")
    with locked(tmp_path / "files") as old:
        source = old.folder
    assert "请用 --summary 另写一句不带姓名的要点" in open_case(source, case, *ground).stderr
    again = open_case(source, case, *ground, "--summary", "专家3没有回避")
    assert (again.returncode, "专家3" in again.stderr, case.exists()) == (1, True, False)
    assert open_case(source, case, *ground, "--summary", "一位专家没有回避").returncode == 0
    assert "专 家3受聘于丙公司" in evalkit("appeal", "show", case).stdout
    assert accept(case).returncode == 0
    why = ("--reason", "按锁定的评分重新计算，结果相同")
    assert evalkit("appeal", "decide", case, "维持", *BY, *why).returncode == 0
    for name in (DECISION, NOTICE):
        assert "受聘" not in words(case, name)
    assert "提出的异议：一位专家没有回避。" in words(case, DECISION)
