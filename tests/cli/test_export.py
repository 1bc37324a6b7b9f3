"""The export command: which files, what is said, and that nothing is left half-written."""

from __future__ import annotations

import re
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader

from evalkit.base.files import place
from tests.support.builders import DEMO
from tests.support.command import evalkit

SHEETS = {f"sheets-e{n}.docx" for n in range(1, 8)}
WORD = {"summary.docx", "publicity.docx", "minutes.docx", *SHEETS}


def names(folder: Path) -> set[str]:
    """Every file in a folder, hidden ones too."""
    return {file.name for file in folder.iterdir()}


@pytest.fixture(name="small")
def _small(tmp_path: Path) -> Path:
    """The demo's folder with one applicant, and nothing declared about publicity."""
    folder = tmp_path / "panel"
    shutil.copytree(DEMO, folder)
    panel = yaml.load((DEMO / "panel.yaml").read_text("utf-8"), yaml.CSafeLoader)
    panel["applicants"] = panel["applicants"][:1]
    panel["conflicts"] = []
    del panel["rules"]["disclosure"]["public"]
    panel["schedule"] = {k: str(v.isoformat()) for k, v in panel["schedule"].items()}
    (folder / "panel.yaml").write_text(
        yaml.dump(panel, allow_unicode=True, Dumper=yaml.CSafeDumper), "utf-8"
    )
    lines = (DEMO / "scores.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.startswith(("applicant", "c01"))]
    (folder / "scores.csv").write_text("".join(kept), "utf-8")
    return folder


def part(file: Path) -> bytes:
    """The text of a Word file."""
    with zipfile.ZipFile(file) as archive:
        return archive.read("word/document.xml")


def test_word_and_excel(tmp_path: Path) -> None:
    """Only what is asked for; a second run gives the same bytes."""
    run = evalkit("export", DEMO, "--out", tmp_path / "a", "--word", "--excel")
    assert run.returncode == 0, run.stderr
    assert "11 份文件在" in run.stdout
    assert names(tmp_path / "a") == {*WORD, "results.xlsx"}
    assert evalkit("export", DEMO, "--out", tmp_path / "b", "--excel").returncode == 0
    for name in names(tmp_path / "b"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.usefixtures("pango")
def test_everything(small: Path, tmp_path: Path) -> None:
    """Without a choice all three; silence about publicity is said and gives no list."""
    run = evalkit("export", small, "--out", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    assert "rules.disclosure.public" in run.stdout
    expected = (WORD - {"publicity.docx"}) | {"results.xlsx", "c01.pdf", "summary.pdf"}
    assert names(tmp_path / "out") == expected


@pytest.mark.usefixtures("pango")
def test_a_name_that_cannot_be_printed(small: Path, tmp_path: Path) -> None:
    """Its file is named with the character, an older one goes, all others are written."""
    panel = yaml.load((small / "panel.yaml").read_text("utf-8"), yaml.CSafeLoader)
    panel["applicants"][0]["claims"][0]["title"] = "成果\ue863"
    (small / "panel.yaml").write_text(
        yaml.dump(panel, allow_unicode=True, Dumper=yaml.CSafeDumper), "utf-8"
    )
    out = tmp_path / "out"
    out.mkdir()
    (out / "c01.pdf").write_bytes(b"of an earlier run")
    run = evalkit("export", small, "--out", out, "--pdf")
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1].startswith("c01.pdf：这里的字体没有这些字：\ue863（U+E863）")
    assert names(out) == {"summary.pdf"}
    assert "1 份文件在" in run.stdout


def test_without_the_pdf_extra(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for, it is an error; among everything, it is said and the rest is written."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    out = tmp_path / "out"
    asked = evalkit("export", small, "--out", out, "--pdf")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert "pip install 'evalkit[pdf]'" in asked.stderr
    assert not out.exists()
    everything = evalkit("export", small, "--out", out)
    assert everything.returncode == 0
    assert "pip install 'evalkit[pdf]'" in everything.stdout
    assert names(out) == {*WORD, "results.xlsx"} - {"publicity.docx"}


@pytest.mark.usefixtures("pango")
def test_one_paper_by_itself(small: Path, tmp_path: Path) -> None:
    """The minutes, or all reports in one file with each applicant's name as a bookmark."""
    run = evalkit("export", small, "--out", tmp_path / "a", "--format", "minutes")
    assert run.returncode == 0, run.stderr
    assert names(tmp_path / "a") == {"minutes.docx"}
    assert evalkit("export", small, "--out", tmp_path / "b", "--format", "booklet").returncode == 0
    assert names(tmp_path / "b") == {"reports.pdf"}
    (title, *_sections) = PdfReader(tmp_path / "b" / "reports.pdf").outline
    assert title["/Title"] == "示例智慧医疗赋能中心"
    assert evalkit("export", small, "--out", tmp_path / "d", "--format", "binder").returncode == 0
    levels = re.findall(rb'<w:outlineLvl w:val="(.)"', part(tmp_path / "d" / "sheets.docx"))
    assert levels == [b"0", b"1"] * 7  # seven experts, an applicant each
    silent = evalkit("export", small, "--out", tmp_path / "c", "--format", "publicity")
    assert (silent.returncode, silent.stdout) == (1, "")
    assert "rules.disclosure.public" in silent.stderr


def test_before_the_lock(tmp_path: Path) -> None:
    """Official papers only after it; a trial says that it is one, and publishes nothing."""
    from evalkit.round import Round

    Round.create(tmp_path / "round", DEMO / "panel.yaml").log.close()
    early = evalkit("export", tmp_path / "round", "--out", tmp_path / "out", "--word")
    assert (early.returncode, early.stdout) == (1, "")
    assert early.stderr == "评分尚未锁定，不能出正式结果；如需试算，请使用 --trial\n"
    assert not (tmp_path / "out").exists()
    trial = evalkit("export", tmp_path / "round", "--out", tmp_path / "out", "--word", "--trial")
    assert trial.returncode == 0
    assert "试算的结果不能公示" in trial.stdout
    assert names(tmp_path / "out") == WORD - {"publicity.docx"}


MISTAKES = [
    (("nowhere", "--out", "{tmp}/out"), 2, "请给出评审工作文件夹"),
    ((str(DEMO),), 2, "命令不对"),
    ((str(DEMO), "--out", str(DEMO / "panel.yaml"), "--excel"), 2, "请检查路径和权限"),
    ((str(DEMO), "--out", "/proc/nowhere", "--excel"), 2, "请检查路径和权限"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), MISTAKES)
def test_mistakes_of_users(
    tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    """One line, the right exit code, nothing on stdout."""
    run = evalkit("export", *(a.replace("{tmp}", str(tmp_path)) for a in arguments))
    assert (run.returncode, run.stdout) == (code, "")
    assert message in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_file_is_whole_or_absent(tmp_path: Path) -> None:
    """A write that fails leaves the file as it was, and nothing beside it."""
    target = tmp_path / "a.docx"
    place({target: b"old"})
    with pytest.raises(TypeError):
        place({target: "no bytes"})  # type: ignore[dict-item]
    assert target.read_bytes() == b"old"
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        place({tmp_path / "folder": b"new"})
    assert names(tmp_path) == {"a.docx", "folder"}
