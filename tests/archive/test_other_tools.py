"""A bag is verified by the tools of others, by the commands that its own page has, offline."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import crates, programs
from tests.support.alterations import REPORTS, changed, flipped
from tests.support.bags import copied, put

pytestmark = pytest.mark.processes

BLOCK = re.compile(r"   ```sh\n(.*?)\n   ```", re.DOTALL)
BAGIT, SHA256SUM, CRATE, SIGNATURE = range(4)
"""The commands in the order of the page; a fifth installs evalkit."""


@pytest.fixture(name="shell", scope="module")
def _shell(crate_cache: Path) -> tuple[dict[str, str], Path]:
    """Variables of a shell without a network, and the cache of the validator."""
    programs.program("ssh-keygen", package="openssh-client")
    return crates.shell(), crate_cache


def commands(bag: Path) -> list[str]:
    """What the page of the bag says to run: the same in both languages."""
    chinese, english = (bag / "README.md").read_text("utf-8").split("\n---\n")
    found = [block.replace("\n   ", "\n").strip() for block in BLOCK.findall(chinese)]
    assert found == [block.replace("\n   ", "\n").strip() for block in BLOCK.findall(english)]
    return found


def run(
    bag: Path, number: int, shell: tuple[dict[str, str], Path]
) -> subprocess.CompletedProcess[str]:
    """What a command of the page answers in the folder of the bag."""
    variables, cache = shell
    command = commands(bag)[number]
    if number == CRATE:  # as the page says for a machine without a network
        command += f" --offline --cache-path {cache}"
    return subprocess.run(
        ["sh", "-c", command], cwd=bag, env=variables, capture_output=True, text=True, check=False
    )


def test_bagit_and_sha256sum_agree(bag: Path, shell: tuple[dict[str, str], Path]) -> None:
    """Both say nothing, as the page says."""
    for number, tool in ((BAGIT, "bagit.py "), (SHA256SUM, "sha256sum ")):
        assert commands(bag)[number].startswith(tool)
        done = run(bag, number, shell)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_crate_is_valid(bag: Path, shell: tuple[dict[str, str], Path]) -> None:
    """All that the profile requires of a Process Run Crate holds."""
    done = run(bag, CRATE, shell)
    assert done.returncode == 0, done.stdout
    assert "RO-Crate is a valid process-run-crate" in done.stdout


def test_openssh_knows_the_signer(bag: Path, shell: tuple[dict[str, str], Path]) -> None:
    """By the name that the page gives."""
    done = run(bag, SIGNATURE, shell)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith('Good "evalkit-archive" signature for secretary@demo-2025 with')


CAUGHT: dict[str, tuple[Callable[[Path], object], set[int]]] = {
    "a byte of a page": (flipped(f"{REPORTS}/A.html"), {BAGIT, SHA256SUM}),
    "a byte of a page, and all manifests": (flipped(f"{REPORTS}/A.html", seal=True), {SIGNATURE}),
    "the date": (
        lambda bag: put(bag / "bag-info.txt", "Bagging-Date: 2020-01-01\n"),
        {BAGIT, SHA256SUM},
    ),
    "a crate without its root": (
        changed("data/ro-crate-metadata.json", lambda c: c["@graph"].pop(3)),
        {CRATE, SIGNATURE},
    ),
}
"""Each with the commands that fail; what regenerated manifests hide, only the signature tells."""


@pytest.mark.parametrize("what", CAUGHT)
def test_each_tool_finds_what_it_is_for(
    small_bag: Path, tmp_path: Path, shell: tuple[dict[str, str], Path], what: str
) -> None:
    """And the others say nothing."""
    alter, failing = CAUGHT[what]
    bag = copied(small_bag, tmp_path / "bag")
    alter(bag)
    asked = {BAGIT, SHA256SUM, SIGNATURE} | ({CRATE} if CRATE in failing else set())
    assert {number for number in asked if run(bag, number, shell).returncode != 0} == failing
