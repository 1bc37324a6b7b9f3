"""``evalkit panel verify``, ``heads``, ``status``: a changed record is not shown as whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evalkit.round import Round
from tests.support.command import evalkit
from tests.support.tampering import recorded, rehashed, unguarded


@pytest.fixture(name="round_")
def _round(tmp_path: Path) -> Iterator[Round]:
    with recorded(tmp_path / "files", lock=True) as workspace:
        yield workspace


def test_a_whole_record(round_: Round, tmp_path: Path) -> None:
    """What was checked, what nobody can know, and the status without a warning."""
    shown = evalkit("panel", "verify", round_.folder)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "条条前后相接，内容与哈希相符" in shown.stdout
    assert "请把根哈希" in shown.stdout
    assert shown.stdout.endswith("能核对的都相符\n")
    heads = evalkit("panel", "heads", round_.folder)
    kept = tmp_path / "heads.txt"
    kept.write_text(heads.stdout, "utf-8")
    assert heads.stdout.count("evalkit-receipt/1 round ") == 4
    again = evalkit("panel", "verify", round_.folder, "--receipt", kept, lang="en")
    assert "receipts that agree with the log: 4" in again.stdout
    status = evalkit("panel", "status", round_.folder)
    assert (status.returncode, "不可采信" in status.stdout) == (0, False)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE event SET at = '2026-01-01T00:00:00.000Z' WHERE author = 'e1' AND seq = 2",
         "本轮：e1 的第 2 条记录（submit A）：内容与它的哈希不符，这一条被改过"),
        ("DELETE FROM event WHERE author = 'e1' AND seq = 2", "e1 的第 2 条不见了"),
        ("DELETE FROM event WHERE author = 'e1'", "根哈希与锁定前的全部记录不符"),
    ],
)  # fmt: skip
def test_a_changed_record(round_: Round, change: str, named: str) -> None:
    """The first bad row comes first, and the status says it before anything else."""
    with unguarded(round_.folder) as db:
        db.execute(change)
    shown = evalkit("panel", "verify", round_.folder)
    assert shown.returncode == 1
    assert named in shown.stdout.splitlines()[1]
    status = evalkit("panel", "status", round_.folder)
    assert status.returncode == 1
    assert status.stdout.startswith("评分记录与应有的不符，以下所列不可采信：")
    assert named in status.stdout.splitlines()[0]
    with Round.open(round_.folder) as again:
        assert "but changed" in repr(again)
        assert "日志被改动" in again._repr_html_()


def test_a_receipt_is_given_as_a_line(round_: Round) -> None:
    """A chain that was made anew agrees with itself, not with what its expert kept."""
    kept = [str(receipt) for receipt in round_.heads() if receipt.expert == "e1"]
    with unguarded(round_.folder) as db:
        rehashed(db, "e1", 1, '{"points":"1","text":""}')
    shown = evalkit("panel", "verify", round_.folder, "--receipt", *kept)
    assert shown.returncode == 1
    assert "e1 的第 1 至 8 条中有被改过的，并重新算过哈希" in shown.stdout


COMMANDS = [
    ("panel", "status"),
    ("panel", "check", "--for-lock"),
    ("panel", "lock", "--yes"),
    ("evaluate", "--trial"),
    ("record", "score-template", "--out", "table.csv"),
    ("panel", "verify"),
    ("panel", "opinion"),
]


def test_a_payload_of_another_form_is_an_ordinary_refusal(tmp_path: Path) -> None:
    """Whatever is asked of the round, and with the row."""
    with recorded(tmp_path / "files", lock=False) as workspace:
        folder = workspace.folder
    for payload in ('{"points":["8"],"text":""}', "{}", "{"):
        with unguarded(folder) as db:
            db.execute("UPDATE event SET payload = ? WHERE author = 'e1' AND seq = 1", (payload,))
        for command in COMMANDS:
            at = 1 if command[0] == "evaluate" else 2
            shown = evalkit(*command[:at], folder, *command[at:], cwd=tmp_path)
            assert shown.returncode in (1, 2), (command, payload)
            assert "e1 的第 1 条记录" in shown.stdout + shown.stderr, (command, payload)
        assert (
            evalkit("panel", "heads", folder).returncode == 0
        )  # what lies there, as it lies there
