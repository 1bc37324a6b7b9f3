"""`Round.verify`: every change that can be found is found, and says whose row it is."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from evalkit.base.errors import InputError
from evalkit.disclosure import Views
from evalkit.documents.summary_word import summary as summary_word
from evalkit.log.receipts import SheetReceipt
from evalkit.record.begin import LOG_FILE
from evalkit.record.verification import Verification
from evalkit.reports import journal
from evalkit.round import Round
from evalkit.succession import succeed
from tests.support.locked import upheld
from tests.support.tampering import edit, recorded, rehashed, restored, stored, unguarded


@pytest.fixture(name="open_")
def _open(tmp_path: Path) -> Iterator[Round]:
    with recorded(tmp_path / "files", lock=False) as workspace:
        yield workspace


@pytest.fixture(name="locked")
def _locked(tmp_path: Path) -> Iterator[Round]:
    with recorded(tmp_path / "files", lock=True) as workspace:
        yield workspace


def wrong(found: Verification) -> str:
    """What is wrong, a line each."""
    return "\n".join(text.render() for text in found.wrong)


def receipts(workspace: Round) -> list[str]:
    """A receipt for each submitted sheet."""
    events = workspace.history().events
    return [
        str(SheetReceipt.of(event, workspace.log.id)) for event in events if event.kind == "submit"
    ]


def names(said: str, author: str, seq: int) -> bool:
    """Whether a sentence names the row, alone or in a range."""
    own = re.escape(author)
    if re.search(rf"(?<!\w){own} 的第 {seq} 条", said):
        return True
    return any(
        int(first) <= seq <= int(last)
        for first, last in re.findall(rf"(?<!\w){own} 的第 (\d+) 至 (\d+) 条", said)
    )


def test_a_whole_record_says_what_was_checked_and_what_cannot_be_known(
    open_: Round,
) -> None:
    """Nothing is wrong; without receipts the ends of the chains stay open."""
    before = (open_.folder / LOG_FILE).read_bytes()
    found = open_.verify()
    assert found.ok
    assert [text.render() for text in found.holds] == [
        "本轮：4 位记录人的 37 条记录，条条前后相接，内容与哈希相符"
    ]
    assert "e1、e2、e3、secretary 在最近一张回执之后的记录，末尾少了几条看不出来" in (
        found.unknown[0].render()
    )
    with_receipts = open_.verify([*receipts(open_), *map(str, open_.heads())])
    assert with_receipts.ok
    assert "13 张回执与日志相符" in with_receipts.holds[-1].render()
    assert len(with_receipts.unknown) == 1
    assert (open_.folder / LOG_FILE).read_bytes() == before


def test_a_locked_record_and_its_root(locked: Round) -> None:
    """With the root on the minutes nothing is left open."""
    root = locked.history().lock.payload["root"]  # type: ignore[union-attr]
    assert root in locked.verify().unknown[0].render()
    found = locked.verify(receipts(locked), f"{root[:32].upper()} {root[32:]}\n")
    assert found.ok
    assert found.unknown == ()
    other = locked.verify(root="0" * 64)
    assert "给出的根哈希是另一次锁定的" in wrong(other)
    with pytest.raises(InputError, match="应为 64 位十六进制数"):
        locked.verify(root="12")


@pytest.mark.parametrize("gone", [1, 3, 12])
def test_a_missing_tail_is_named_by_its_receipt(open_: Round, gone: int) -> None:
    """The last entries of an author, or all of them."""
    kept = receipts(open_)
    with unguarded(open_.folder) as db:
        db.execute("DELETE FROM event WHERE author = 'e2' AND seq > ?", (8 - gone,))
    assert open_.verify().ok  # nothing at hand could tell
    found = open_.verify(kept)
    assert not found.ok
    if gone == 12:
        assert wrong(found).startswith("e2 的记录全都不见了：回执有第 2 条（A）")
    else:
        assert names(wrong(found), "e2", 8)


def test_after_the_lock_who_lost_entries_is_told_by_what_is_missing(locked: Round) -> None:
    """The root does not agree; the sheet that was submitted at the lock no longer is."""
    with unguarded(locked.folder) as db:
        db.execute("DELETE FROM event WHERE author = 'e2' AND seq = 8")
    said = wrong(locked.verify())
    assert "锁定时登记的根哈希与锁定前的全部记录不符" in said
    assert "锁定时什么也不缺，现在却缺：专家2（e2）：丁（D）的评分表已打齐，没有提交" in said


def test_a_chain_made_anew_is_named_between_two_receipts(open_: Round) -> None:
    """Its hashes are right; those on the receipts are others from the change on."""
    kept = receipts(open_)
    with unguarded(open_.folder) as db:
        rehashed(db, "e3", 5, '{"points":"1","text":""}')
    assert open_.verify().ok
    said = wrong(open_.verify(kept))
    assert said.startswith("e3 的第 5 至 6 条中有被改过的，并重新算过哈希：")
    assert "e1" not in said


def test_another_log_in_its_place(open_: Round, tmp_path: Path) -> None:
    """The receipts name the log that they are of."""
    kept = receipts(open_)
    with recorded(tmp_path / "other", lock=False) as other:
        said = wrong(other.verify(kept))
        assert said.count("的回执是另一本日志") == len(kept)
        assert "是评审组 elsewhere 的" in wrong(
            other.verify([kept[0].replace("round", "elsewhere")])
        )


def test_a_receipt_that_was_written_over(open_: Round) -> None:
    """Its applicant is not that of the row."""
    said = wrong(open_.verify([receipts(open_)[0].replace(" A ", " B ")]))
    assert "回执被改过" in said


def test_the_row_of_the_lock_is_missed_where_something_was_made_from_it(locked: Round) -> None:
    """By the minutes, by reports in the round's folder or given, and by reports near."""
    root = locked.history().lock.payload["root"]  # type: ignore[union-attr]
    for out in (locked.folder / "reports", locked.folder.parent / "near"):
        with journal.opened(out, {"panel": locked.panel.id, "root": root}):
            pass  # as a batch of reports begins
    assert locked.verify().ok
    with unguarded(locked.folder) as db:
        db.execute("DELETE FROM event WHERE kind = 'lock'")
    with Round.open(locked.folder) as again:
        said = wrong(again.verify()).splitlines()
        assert len(said) == 2
        assert all(line.startswith("锁定的记录不见了：报告") for line in said)
        shutil.rmtree(locked.folder / "reports")
        shutil.move(locked.folder.parent / "near", locked.folder.parent.parent / "far")
        assert again.verify().ok
        far = locked.folder.parent.parent / "far"
        assert wrong(again.verify(reports=[far])).startswith("锁定的记录不见了：报告")
        assert "正是现有全部记录的根哈希" in wrong(again.verify(root=root))
        with unguarded(locked.folder) as db:
            db.execute("DELETE FROM event WHERE author = 'e3'")
        assert "其余的记录也与那时不同" in wrong(again.verify(root=root))


def test_a_paper_tells_of_its_lock(locked: Round) -> None:
    """The summary that is signed states the root; in either language."""
    root = locked.history().lock.payload["root"]  # type: ignore[union-attr]
    papers = locked.folder / "papers"
    papers.mkdir()
    for language in ("zh", "en"):
        word = summary_word(Views(locked.results()).panel(language))
        (papers / f"{language}.docx").write_bytes(word)
    (papers / "other.docx").write_bytes(b"no paper")
    held = [text.render() for text in locked.verify().holds]
    assert sum(f"出自这里的锁定（根哈希 {root}）" in text for text in held) == 2
    with unguarded(locked.folder) as db:
        db.execute("DELETE FROM event WHERE kind = 'lock'")
    with Round.open(locked.folder) as again:
        said = wrong(again.verify()).splitlines()
        assert [line.startswith("锁定的记录不见了：文件") for line in said] == [True, True]
        empty = locked.folder.parent / "empty"
        empty.mkdir()
        with pytest.raises(InputError, match="没有本评审组锁定之后的报告"):
            again.verify(reports=[empty])


def test_guards_that_are_gone_are_named(open_: Round) -> None:
    """Somebody wanted to change something."""
    with closing(sqlite3.connect(open_.folder / LOG_FILE)) as db:
        db.execute("DROP TRIGGER event_is_never_changed")
    assert "防改动的部分不是原样：event_is_never_changed" in wrong(open_.verify())


def test_rounds_before_are_walked_too(locked: Round) -> None:
    """A row of the round that was superseded is named with its round; its receipts count."""
    kept = receipts(locked)
    with succeed(locked, locked.folder.parent / "new", upheld(sheets=["e3:C"])) as new:
        found = new.verify(kept)
        assert found.ok
        assert "12 张回执与日志相符" in [text.render() for text in found.holds]
        log = new.folder / "predecessor"
        (log / LOG_FILE).chmod(0o644)
        with unguarded(log) as db:
            rehashed(db, "e3", 5, '{"points":"1","text":""}')
        said = wrong(new.verify(kept))
    assert "前一轮（predecessor）：锁定时登记的根哈希与锁定前的全部记录不符" in said
    assert "前一轮（predecessor）：e3 的第 5 至 6 条中有被改过的" in said


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("nothing.txt", "nothing.txt：无法读取"),
        ("empty.txt", "empty.txt：里面没有回执"),
        ("text.txt", "text.txt 第 2 行：这不是回执"),
        ("evalkit-receipt/1 round", "回执应有 7 段"),
    ],
)
def test_what_is_no_receipt_is_refused(open_: Round, given: str, message: str) -> None:
    """With its file and line."""
    (open_.folder / "empty.txt").write_text("\n", "utf-8")
    (open_.folder / "text.txt").write_text(f"{receipts(open_)[0]}\n8.5\n", "utf-8")
    named = given if given.startswith("evalkit") else str(open_.folder / given)
    with pytest.raises(InputError) as caught:
        open_.verify([named])
    assert message in caught.value.render()


def trials(folder: Path, n: int, seed: int) -> None:
    """Random edits, each of a fresh copy of the log; half of them of a locked one."""
    dice = random.Random(seed)
    missed = []
    for lock in (False, True):
        with recorded(folder / str(lock), lock=lock) as workspace:
            pristine = (workspace.folder / LOG_FILE).read_bytes()
            for _ in range(n // 2):
                with unguarded(workspace.folder) as db:
                    made = edit(db, dice)
                found = workspace.verify()
                if not any(names(wrong(found), *row) for row in made.named):
                    missed.append((made, wrong(found)))
                restored(workspace.folder, pristine)
            assert workspace.verify().ok
    assert missed == []


def tails(folder: Path, n: int, seed: int) -> None:
    """Ends that are cut off and chains that are made anew, against the receipts of all sheets."""
    dice = random.Random(seed)
    with recorded(folder, lock=False) as workspace:
        kept, pristine = receipts(workspace), (workspace.folder / LOG_FILE).read_bytes()
        for _ in range(n):
            author, seq = dice.choice(("e1", "e2", "e3")), dice.randrange(1, 9)
            with unguarded(workspace.folder) as db:
                if dice.random() < 0.5:
                    db.execute("DELETE FROM event WHERE author = ? AND seq >= ?", (author, seq))
                else:
                    rehashed(db, author, seq, '{"points":"0","text":"' + str(dice.random()) + '"}')
                left = [row for _p, row in stored(db) if row.author == author]
            said = wrong(workspace.verify(kept))
            assert names(said, author, seq) if left else f"{author} 的记录全都不见了" in said, said
            restored(workspace.folder, pristine)


def test_random_edits_are_found_and_named(tmp_path: Path) -> None:
    """A sample of the trial below."""
    trials(tmp_path, 160, 1)
    tails(tmp_path / "tails", 40, 1)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_ten_thousand_edits(tmp_path: Path) -> None:
    """The full figure."""
    trials(tmp_path, 8_000, 2)
    tails(tmp_path / "tails", 2_000, 2)
