"""The forms that a text prints: written empty, filled in, and held to the text's limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from evalkit.rubric.forms import length
from tests.support.command import evalkit
from tests.support.source_texts import loaded

CENTRE = "henan-centre-2025"


def filled(folder: Path, **entries: str) -> Path:
    """Henan's report with something in every entry, and ``entries`` instead of it."""
    file = folder / "report.yaml"
    assert evalkit("rubric", "form", CENTRE, "form-report", "--out", file).returncode == 0
    content = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
    assert set(content["entries"].values()) == {""}
    content["entries"] |= dict.fromkeys(content["entries"], "示例") | entries
    file.write_text(yaml.dump(content, allow_unicode=True, Dumper=yaml.CSafeDumper), "utf-8")
    return file


def checked(file: Path) -> tuple[int, list[str]]:
    """The exit code of the check and its sentences."""
    run = evalkit("rubric", "form", CENTRE, "--check", file)
    return run.returncode, run.stdout.splitlines()


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("", 0),
        ("人工智能，", 5),
        ("AI", 1),
        ("基于MEMS的5G-A传感器", 8),
        ("两 个\n字", 3),
        ("2025年", 2),
        ("“引号”——", 6),
    ],
)
def test_characters_are_counted_as_word_processors_do(text: str, characters: int) -> None:
    """Chinese characters and marks one each, a run of letters and digits one, blanks none."""
    assert length(text) == characters


def test_a_whole_report_passes(tmp_path: Path) -> None:
    """Limits include their number; what is asked only 如有 may be empty."""
    file = filled(tmp_path, introduction="字" * 500, partners="")
    assert checked(file) == (0, [f"{file}：没有漏填，字数都在限内"])


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"introduction": "字" * 501}, "“中心简介（500字以内）”有 501 字，超过上限 500 字，请删减"),
        ({"self-summary": "字" * 2001}, "有 2001 字，超过上限 2000 字，请删减"),
        ({"head": " "}, "“中心负责人”没有填写（附件4-2一、赋能中心基本情况）"),
        ({"hobby": "无"}, "表格里没有标识为“hobby”的栏目"),
        (
            {"capability-technology": "字" * 20000},
            "合计有 20046 字，原则上不超过 20000 字，请核对（附件4-2填报说明）",
        ),
    ],
)
def test_what_the_text_does_not_allow_is_said(
    tmp_path: Path, entries: dict[str, str], said: str
) -> None:
    """Each with its place in the form, and nothing else."""
    code, (sentence,) = checked(filled(tmp_path, **entries))
    assert code == 1
    assert said in sentence


def test_the_empty_form_shows_what_the_text_prints(tmp_path: Path) -> None:
    """Whoever fills it in needs no other paper."""
    file = filled(tmp_path).with_name("blank.yaml")
    evalkit("rubric", "form", CENTRE, "form-report", "--out", file)
    form = loaded(CENTRE).form("form-report")
    assert form is not None
    text = re.sub(r"\s|#", "", file.read_text("utf-8"))
    told = [one.text for one in form.instructions]
    for words in (*told, *(w for e in form.writable for w in (e.name, e.text) if w)):
        assert words in text
    assert not any(f"{e.id}:" in text for e in form.entries if e.signed)


def test_other_files_and_forms_are_refused(tmp_path: Path) -> None:
    """In one line: an existing file, a form that is not there, a text without forms."""
    file = filled(tmp_path)
    again = evalkit("rubric", "form", CENTRE, "form-report", "--out", file)
    assert "已经存在，没有改动" in again.stderr
    which = evalkit("rubric", "form", CENTRE, "--out", tmp_path / "x.yaml")
    assert "可选：form-report、form-commitment" in which.stderr
    none = evalkit("rubric", "form", "zhongshan-platform-2026", "--out", tmp_path / "x.yaml")
    assert "没有须填写的表格" in none.stderr
    assert not (tmp_path / "x.yaml").exists()
    file.write_text(file.read_text("utf-8").replace("form-report", "form-reprot"), "utf-8")
    wrong = evalkit("rubric", "form", CENTRE, "--check", file)
    assert wrong.returncode == 2
    assert "没有这张表格" in wrong.stderr
