"""Evidence that is not in a bag: referred to by name, size and digest, and checked later."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import evalkit as ek
from evalkit.archive.evidence import pieces
from evalkit.archive.layout import CRATE, EVIDENCE
from evalkit.archive.write import archive_round
from evalkit.base.digests import sha256
from evalkit.base.errors import InputError
from evalkit.round import Round
from evalkit.succession import succeed
from tests.support import bags, crates, programs
from tests.support.alterations import removed, replaced
from tests.support.bags import copied
from tests.support.command import evalkit
from tests.support.locked import submit, upheld

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("unedited")]

CONTENTS = {"material/a/申报书.pdf": b"%PDF-1.4 one", "material/photo.png": b"PNG"}


@pytest.fixture(name="round", scope="module")
def _round(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a locked round with evidence."""
    folder = tmp_path_factory.mktemp("evidence") / "files"
    folder.mkdir()
    table = "applicant,indicator,statement,file\nA,i1,产值,a/申报书.pdf\n"
    (folder / "statements.csv").write_text(table, "utf-8")
    for name, content in CONTENTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    bags.issued(folder).log.close()
    return folder / "round"


@pytest.fixture(name="by_digest", scope="module")
def _by_digest(round: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its bag, which only refers to the evidence."""
    out = tmp_path_factory.mktemp("bags") / "bag"
    made = evalkit("archive", round, "--out", out, "--evidence-by-digest")
    assert made.returncode == 0, made.stderr
    assert "2 份佐证材料只登记了摘要值，没有装进来" in made.stdout.replace("\n", "")
    return out


def said(texts: tuple) -> str:
    """All of them."""
    return "\n".join(text.render() for text in texts)


def test_evidence_is_in_the_bag_unless_asked_otherwise(round: Path, tmp_path: Path) -> None:
    """And then there is no list of it."""
    with Round.open(round) as workspace:
        archive_round(workspace, tmp_path / "bag")
    for name, content in CONTENTS.items():
        assert (tmp_path / "bag/data/round" / name).read_bytes() == content
    assert not (tmp_path / "bag/data" / EVIDENCE).exists()
    found = ek.verify(tmp_path / "bag", evidence=round)
    assert found.ok
    assert "佐证材料就在档案里" in said(found.unknown)


def test_only_names_sizes_and_digests_are_there(by_digest: Path) -> None:
    """In a list, in what the bag says of itself, in the crate, and on the page to read first."""
    data = by_digest / "data"
    assert not (data / "round/material").exists()
    assert (data / "round/statements.csv").exists()
    whole = (data / EVIDENCE).read_bytes()
    lines = [f"{sha256(content)}  {name}" for name, content in CONTENTS.items()]
    assert sorted(whole.decode().splitlines()) == sorted(lines)
    about = json.loads((data / "archive.json").read_bytes())
    assert about["evidence"] == {"files": 2, "sha256": sha256(whole)}
    graph = json.loads((data / CRATE).read_bytes())["@graph"]
    told = {e["name"]: e for e in graph if "contentSize" in e}
    for name, content in CONTENTS.items():
        assert told[name]["contentSize"] == str(len(content))
        assert told[name]["identifier"] == f"urn:sha256:{sha256(content)}"
    (folder,) = (e for e in graph if e["@id"] == "round/")
    assert {one["@id"] for one in folder["mentions"]} == {one["@id"] for one in told.values()}
    page = (by_digest / "README.md").read_text("utf-8")
    assert f"`data/{EVIDENCE}`：2 份佐证材料的摘要值，原件不在里面" in page


def test_what_is_not_there_is_said_and_no_error(by_digest: Path) -> None:
    """It verifies, and is made again without it."""
    done = evalkit("verify", by_digest)
    assert done.returncode == 0, done.stdout
    text = "2 份佐证材料只登记了摘要值，没有装进来，也就没有核对：material/a/申报书.pdf、"
    assert text in done.stdout.replace("\n", "")
    assert ek.rerun(by_digest).identical


def test_it_is_checked_where_it_is_given(by_digest: Path, round: Path, tmp_path: Path) -> None:
    """The folder of the round, or its material: the same, changed, gone."""
    for folder in (round, round / "material"):
        found = ek.verify(by_digest, evidence=folder)
        assert found.ok
        assert "2 份没有装进来的佐证材料与登记的摘要值逐字节相符" in said(found.holds)
        assert "只登记了摘要值" not in said(found.unknown)
    shutil.copytree(round / "material", tmp_path / "material")
    (tmp_path / "material/photo.png").write_bytes(b"GIF")
    (tmp_path / "material/a/申报书.pdf").unlink()
    done = evalkit("verify", by_digest, "--evidence", tmp_path)
    assert done.returncode == 1
    text = done.stdout.replace("\n", "")
    assert "佐证材料 material/photo.png 与登记的摘要值不符：存档之后改过" in text
    assert "佐证材料 material/a/申报书.pdf 不在" in text


def test_others_tools_check_it_too(by_digest: Path, round: Path) -> None:
    """sha256sum in the folder of the round, by the list in the bag."""
    program = programs.program("sha256sum", package="coreutils")
    command = [program, "--check", "--quiet", "--strict", by_digest / "data" / EVIDENCE]
    assert subprocess.run(command, cwd=round, check=False).returncode == 0


@pytest.mark.soak
def test_the_crate_that_refers_to_it_is_valid(by_digest: Path, crate_cache: Path) -> None:
    """All that the profile requires holds."""
    profile = ("--profile-identifier", "process-run-crate", "--requirement-severity", "required")
    offline = ("--offline", "--cache-path", crate_cache)
    validate = ["rocrate-validator", "validate", *profile, *offline, by_digest / "data"]
    done = subprocess.run(validate, env=crates.shell(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "alter",
    [
        replaced(f"data/{EVIDENCE}", "photo", "foto", seal=True),
        removed(f"data/{EVIDENCE}", seal=True),
    ],
    ids=["changed", "gone"],
)
def test_a_list_that_was_changed_is_named(by_digest: Path, tmp_path: Path, alter) -> None:
    """Also where all manifests were regenerated."""
    bag = copied(by_digest, tmp_path / "bag")
    alter(bag)
    wrong = said(ek.verify(bag).wrong)
    assert f"{EVIDENCE} 的摘要值与 archive.json 登记的不符：改过，或不见了" in wrong


def test_a_round_that_replaced_another_has_its_evidence(round: Path, tmp_path: Path) -> None:
    """And refers to it in the same way."""
    with Round.open(round) as old:
        new = succeed(old, tmp_path / "new", upheld(sheets=["e3:C"]))
    new.append(submit("e3", "C"))
    new.lock()
    with new:
        archive_round(new, tmp_path / "bag", evidence=False)
    assert not list((tmp_path / "bag").rglob("*.pdf"))
    assert {one.name for one in pieces(tmp_path / "new")} == CONTENTS.keys()
    found = ek.verify(tmp_path / "bag", evidence=tmp_path / "new")
    assert found.ok
    assert "2 份没有装进来的佐证材料" in said(found.holds)


def test_a_name_that_no_list_holds_is_refused(round: Path, tmp_path: Path) -> None:
    """Before anything is made."""
    shutil.copytree(round, tmp_path / "round")
    (tmp_path / "round/material/a\nb.pdf").write_bytes(b"%PDF")
    with (
        Round.open(tmp_path / "round") as workspace,
        pytest.raises(InputError, match="换行或反斜杠"),
    ):
        archive_round(workspace, tmp_path / "bag", evidence=False)
    assert [one.name for one in tmp_path.iterdir()] == ["round"]
