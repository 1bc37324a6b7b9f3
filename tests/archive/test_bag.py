"""What lies in a bag, and what its page says to whoever opens it first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from evalkit.archive.write import archive_round
from evalkit.round import Round
from tests.support import bags
from tests.support.command import evalkit
from tests.support.folders import content

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("unedited")]


def test_everything_has_its_place(bag: Path, demo: Path) -> None:
    """The round and the reports are those that were there, byte by byte."""
    beside = {file.name for file in bag.iterdir()}
    assert beside == {
        *("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"),
        *("tagmanifest-sha256.txt.sig", "allowed_signers", "README.md", "data"),
    }
    inside = {file.name for file in (bag / "data").iterdir()}
    assert inside == {
        *("archive.json", "ro-crate-metadata.json", "results.json", "analysis.json"),
        *("round", "reports", "papers", "code"),
    }
    code = {file.name for file in (bag / "data/code").iterdir()}
    assert code == {
        *("evalkit-0.1.0-py3-none-any.whl", "installed.csv"),
        *("requirements.lock", "environment.json"),
    }
    assert content(bag / "data/reports/applicant") == content(demo / "reports")
    for name in ("panel.yaml", "log.sqlite"):
        kept = (bag / "data/round" / name).read_bytes()
        assert kept == (demo / "panel" / name).read_bytes()
    assert {file.name for file in (bag / "data/papers").iterdir()} == {
        *("summary.html", "summary.ipynb", "papers.jsonl")
    }


def test_the_round_in_it_gives_the_results_in_it(bag: Path) -> None:
    """Opened like any other."""
    with Round.open(bag / "data/round") as workspace:
        results = workspace.results()
    assert (bag / "data/results.json").read_text("utf-8") == results.to_json()
    about = json.loads((bag / "data/archive.json").read_bytes())
    assert about["results"] == results.digest
    assert about["root"] == results.facts.basis.root
    assert about["reports"] == {"applicant": 24}
    assert about["missing"] == ["internal", "public"]


def test_the_log_is_there_as_text(bag: Path) -> None:
    """A line for each event, in the order in which they were stored."""
    lines = [json.loads(line) for line in (bag / "data/round/log.jsonl").read_bytes().splitlines()]
    with Round.open(bag / "data/round") as workspace:
        rows = workspace.log.rows()
    assert [(line["author"], line["seq"], line["hash"]) for line in lines] == [
        (row.author, row.seq, row.hash) for row in rows
    ]
    assert lines[-1]["kind"] == "lock"
    assert lines[-1]["payload"]["root"]


def test_the_page_is_for_two_readers(bag: Path) -> None:
    """Chinese first, the same in English, with the root and whoever signed."""
    chinese, english = (bag / "README.md").read_text("utf-8").split("\n---\n")
    root = json.loads((bag / "data/archive.json").read_bytes())["root"]
    for page in (chinese, english):
        assert root in page
        assert "-I secretary@demo-2025 -n evalkit-archive" in page
    assert chinese.startswith("# 评审档案：2025年度省人工智能行业赋能中心评价（演示）")
    assert "没有出具过、因而不在里面的报告：内部、公示" in chinese
    assert english.strip().startswith("# Archive of a review: ")
    without_names = english.replace("2025年度省人工智能行业赋能中心评价（演示）", "")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in without_names)


def test_the_bag_says_what_made_it(bag: Path) -> None:
    """The day, the root and the version, in the words that BagIt has for them."""
    info = yaml.load((bag / "bag-info.txt").read_text("utf-8"), yaml.CSafeLoader)
    assert info["Bag-Group-Identifier"] == "demo-2025"
    assert info["Bag-Software-Agent"].startswith("evalkit 0.1.0")
    assert len(info["External-Identifier"]) == 64


def test_verify_says_what_was_checked_and_what_not(bag: Path) -> None:
    """In plain words, by the command; nothing of the bag is touched."""
    before = {path: path.lstat().st_mtime_ns for path in bag.rglob("*")}
    done = evalkit("verify", bag)
    assert done.returncode == 0, done.stdout
    for said in (
        *("齐全，逐字节与清单相符，没有多出来的", "签名相符：签名人 secretary@demo-2025"),
        *("锁定时登记的根哈希与锁定前的全部记录相符", "24 份报告与出具时登记的摘要值逐字节相符"),
        *("evalkit 0.1.0 的程序包、所装文件的摘要值、锁定的依赖，彼此相符",),
        *("没有在这里重新计算", "没有装进这些报告，因为存档时没有出过：内部、公示", "是谁的"),
    ):
        assert said in done.stdout.replace("\n", ""), said
    assert {path: path.lstat().st_mtime_ns for path in bag.rglob("*")} == before
    english = evalkit("verify", bag, lang="en").stdout
    assert "All" in english
    assert "The signature fits: signed by secretary@demo-2025" in english.replace("\n", " ")


def test_the_command_says_what_went_in(demo: Path, tmp_path: Path) -> None:
    """Without a key, and what nobody issued is named."""
    made = evalkit("archive", demo / "panel", "--out", tmp_path / "bag")
    assert made.returncode == 0, made.stderr
    said = made.stdout.replace("\n", "")
    assert "装进了报告 24 份（给参评对象）" in said
    assert "这些报告没有出过，也没有代做：内部、公示" in said
    done = evalkit("verify", tmp_path / "bag")
    assert done.returncode == 0
    assert "没有签名：能改文件的人可以改了内容" in done.stdout.replace("\n", "")
    assert "没有签名，所以请把上面的根哈希" in (tmp_path / "bag/README.md").read_text("utf-8")


def test_the_same_round_gives_the_same_bag(
    small: Path, small_bag: Path, key: Path, tmp_path: Path
) -> None:
    """On the same day, byte by byte, the signature as well."""
    (tmp_path / "minutes.txt").write_text("纪要", "utf-8")
    with Round.open(small / "round", bags.ticking()) as workspace:
        archive_round(workspace, tmp_path / "bag", key=key, papers=[tmp_path / "minutes.txt"])
    one, other = (
        {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
        for folder in (small_bag, tmp_path / "bag")
    )
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
