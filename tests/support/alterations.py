"""What somebody may do to a bag: each is a name, the deed, and a sentence that has to be said.

``ALTERATIONS`` is a list to add to. Deeds that end in `resealed` hide from all manifests; then only
what a signature covers, or what the contents say of each other, tells.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from evalkit.archive.layout import NAMESPACE, SIGNATURE, TAGMANIFEST
from evalkit.record.begin import LOG_FILE
from tests.support.bags import key, own, put, resealed, retagged
from tests.support.tampering import rehashed, stored, unguarded


class Alteration(NamedTuple):
    """``said`` stands in what is found wrong after ``alter`` has changed the bag."""

    name: str
    alter: Callable[[Path], object]
    said: str


REPORTS = "data/reports/applicant"
WHEEL = "data/code/evalkit-0.1.0-py3-none-any.whl"


def replaced(name: str, old: str, new: str, *, seal: bool = False) -> Callable[[Path], None]:
    """Change a text in a file, once, and regenerate the manifests if ``seal``."""

    def alter(bag: Path) -> None:
        text = (bag / name).read_text("utf-8")
        assert old in text
        put(bag / name, text.replace(old, new, 1))
        if seal:
            resealed(bag)

    return alter


def flipped(name: str, *, seal: bool = False) -> Callable[[Path], None]:
    """Change one byte in the middle of a file."""

    def alter(bag: Path) -> None:
        data = bytearray((bag / name).read_bytes())
        data[len(data) // 2] ^= 1
        put(bag / name, bytes(data))
        if seal:
            resealed(bag)

    return alter


def removed(name: str, *, seal: bool = False) -> Callable[[Path], None]:
    """Take a file away."""

    def alter(bag: Path) -> None:
        (bag / name).unlink()
        if seal:
            resealed(bag)

    return alter


def added(name: str, content: str = "x", *, seal: bool = False) -> Callable[[Path], None]:
    """Put a file there."""

    def alter(bag: Path) -> None:
        (bag / name).parent.mkdir(exist_ok=True)
        put(bag / name, content)
        if seal:
            resealed(bag)

    return alter


def record(change: str) -> Callable[[Path], None]:
    """Change the log by SQL behind its guards, and regenerate the manifests."""

    def alter(bag: Path) -> None:
        with log(bag) as db:
            db.execute(change)
        resealed(bag)

    return alter


@contextmanager
def log(bag: Path) -> Iterator[Any]:
    """The log of the bag's round without its guards, which are back at the end."""
    own(bag / "data/round" / LOG_FILE)
    with unguarded(bag / "data/round") as db:
        yield db
    for left in (bag / "data/round").glob("*-journal"):
        left.unlink()


def changed(name: str, change: Callable[[Any], object], *, seal: bool = True) -> Any:
    """Change what a JSON file says."""

    def alter(bag: Path) -> None:
        content = json.loads((bag / name).read_bytes())
        change(content)
        put(bag / name, json.dumps(content, ensure_ascii=False, sort_keys=True))
        if seal:
            resealed(bag)

    return alter


def lines(name: str, change: Callable[[list[str]], list[str]], *, seal: bool) -> Any:
    """Change the lines of a file."""

    def alter(bag: Path) -> None:
        before = (bag / name).read_text("utf-8").splitlines()
        put(bag / name, "".join(f"{line}\n" for line in change(before)))
        if seal:
            resealed(bag)

    return alter


def whole_page(bag: Path) -> None:
    """A page, its line in the journal and all manifests, in step."""
    page, journal = bag / REPORTS / "A.html", bag / REPORTS / "reports.jsonl"
    before = hashlib.sha256(page.read_bytes()).hexdigest()
    put(page, page.read_text("utf-8").replace("16.00", "17.00"))
    after = hashlib.sha256(page.read_bytes()).hexdigest()
    put(journal, journal.read_text("utf-8").replace(before, after))
    resealed(bag)


def tail(bag: Path) -> None:
    """The last rows of one author."""
    with log(bag) as db:
        db.execute("DELETE FROM event WHERE author = 'e1' AND seq >= 6")
    resealed(bag)


def chain(bag: Path) -> None:
    """A score, and the chain of its author made whole again."""
    with log(bag) as db:
        rehashed(db, "e1", 1, '{"points":"1","text":""}')
    resealed(bag)


def chain_and_lock(bag: Path) -> None:
    """A score, its chain, and a lock over it."""
    from evalkit.log.chain import root

    with log(bag) as db:
        rehashed(db, "e1", 1, '{"points":"1","text":""}')
        rows = [row for _place, row in stored(db)]
        lock = next(row for row in rows if row.kind == "lock")
        now = root({row.author: row for row in rows if row.kind != "lock"})
        old = json.loads(lock.payload)["root"]
        rehashed(db, lock.author, lock.seq, lock.payload.replace(old, now))
    resealed(bag)


def unguard(bag: Path) -> None:
    """A log into which anything can be written."""
    with log(bag) as db:
        pass
    with __import__("sqlite3").connect(bag / "data/round" / LOG_FILE) as db:
        (name,) = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchone()
        db.execute(f"DROP TRIGGER {name}")
    for left in (bag / "data/round").glob("*-journal"):
        left.unlink()
    resealed(bag)


def results_too(bag: Path) -> None:
    """Other results, and their digest where the bag names it."""
    file = bag / "data/results.json"
    old = hashlib.sha256(file.read_bytes()).hexdigest()
    put(file, file.read_text("utf-8").replace('"total":"16.00"', '"total":"17.00"'))
    new = hashlib.sha256(file.read_bytes()).hexdigest()
    replaced("data/archive.json", old, new, seal=True)(bag)


def another_key(bag: Path) -> Path:
    """A key of somebody else."""
    folder = bag.parent / f"{bag.name}-keys"
    return folder / "other" if folder.exists() else key(folder, "other")


def signed(bag: Path, private: Path, purpose: str = NAMESPACE) -> None:
    """Sign what is there."""
    (bag / SIGNATURE).unlink(missing_ok=True)
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", purpose, "-f", private, bag / TAGMANIFEST]
    subprocess.run(command, check=True, capture_output=True)


def swapped(bag: Path) -> None:
    """A right signature by another key."""
    signed(bag, another_key(bag))


def foreign(bag: Path) -> None:
    """A right signature of something else."""
    kept = (bag / TAGMANIFEST).read_bytes()
    put(bag / TAGMANIFEST, b"something else\n")
    signed(bag, another_key(bag))
    put(bag / TAGMANIFEST, kept)


def dated(option: str) -> Callable[[Path], None]:
    """The signer's own signature, with a key that was not valid then."""

    def alter(bag: Path) -> None:
        private = another_key(bag)
        public = " ".join(private.with_suffix(".pub").read_text().split()[:2])
        put(bag / "allowed_signers", f'x@y namespaces="{NAMESPACE}",{option} {public}\n')
        retagged(bag)
        signed(bag, private)

    return alter


def rebuilt(bag: Path, *, noted: bool = True) -> None:
    """A wheel with another file, its list and the environment's digest of it in step."""
    file, packed = bag / WHEEL, io.BytesIO()
    name = "evalkit/scoring/points.py"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(packed, "w") as new:
        content = {one: old.read(one) for one in old.namelist()}
        content[name] += b"\n# another\n"
        digest = base64.urlsafe_b64encode(hashlib.sha256(content[name]).digest()).decode()
        record = next(one for one in content if one.endswith("/RECORD"))
        rows = list(csv.reader(io.StringIO(content[record].decode())))
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(
            [row[0], f"sha256={digest.rstrip('=')}", row[2]] if row[0] == name else row
            for row in rows
        )
        content[record] = out.getvalue().encode()
        for one, data in content.items():
            new.writestr(one, data)
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    put(file, packed.getvalue())
    if noted:
        after = hashlib.sha256(packed.getvalue()).hexdigest()
        replaced("data/code/environment.json", before, after)(bag)
    resealed(bag)


def edited_file(bag: Path) -> None:
    """An installed file that was edited before the bag was made, as the bag then has it."""
    table, note = bag / "data/code/installed.csv", bag / "data/code/environment.json"
    before = hashlib.sha256(table.read_bytes()).hexdigest()
    rows = list(csv.reader(io.StringIO(table.read_text("utf-8"))))
    row = next(row for row in rows if row[0] == "numpy" and row[4])
    row[3] = "0" * 64
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    put(table, out.getvalue())
    after = hashlib.sha256(table.read_bytes()).hexdigest()
    put(note, note.read_text("utf-8").replace(before, after))
    resealed(bag)


def linked(bag: Path) -> None:
    """A page that lies elsewhere."""
    elsewhere = bag.parent / f"{bag.name}-page.html"
    page = bag / REPORTS / "A.html"
    elsewhere.write_bytes(page.read_bytes())
    page.unlink()
    page.symlink_to(elsewhere)


def without_folder(bag: Path) -> None:
    """All reports of a level."""
    for file in (bag / REPORTS).iterdir():
        file.unlink()
    (bag / REPORTS).rmdir()
    resealed(bag)


def no_root(head: list[str]) -> list[str]:
    """A journal of another lock."""
    first = {**json.loads(head[0]), "root": "0" * 64}
    return [json.dumps(first), *head[1:]]


def other_file(entities: list[dict[str, Any]]) -> None:
    """A crate that describes a file which is not there."""
    next(one for one in entities if one["@id"] == "analysis.json")["@id"] = "x.json"


CHANGED = "与清单不符：存档之后改过"

ALTERATIONS = [
    Alteration("a byte of a page", flipped(f"{REPORTS}/A.html"), f"（A 的报告页面）{CHANGED}"),
    Alteration(
        "a byte of a page, resealed",
        flipped(f"{REPORTS}/A.html", seal=True),
        "A.html：A 的报告页面与出具时登记的摘要值不符，出具之后被改过",
    ),
    Alteration("a page in step with its journal", whole_page, "签名与 tagmanifest-sha256.txt 不符"),
    Alteration("a byte of a notebook", flipped(f"{REPORTS}/B.ipynb"), f"B 的报告笔记本）{CHANGED}"),
    Alteration(
        "a byte of a notebook, resealed",
        flipped(f"{REPORTS}/B.ipynb", seal=True),
        "B.ipynb：B 的报告笔记本与出具时登记的摘要值不符",
    ),
    Alteration("a page gone", removed(f"{REPORTS}/A.html"), "（A 的报告页面）不见了"),
    Alteration(
        "a page gone, resealed",
        removed(f"{REPORTS}/A.html", seal=True),
        "A.html：A 的报告页面不见了",
    ),
    Alteration("a page more", added(f"{REPORTS}/Z.html"), "Z.html（Z 的报告页面）不在清单里"),
    Alteration(
        "a page more, resealed",
        added(f"{REPORTS}/Z.html", seal=True),
        "Z.html：不在 reports.jsonl 登记的报告之中",
    ),
    Alteration("a page that is a link", linked, "A.html（A 的报告页面）是一个链接"),
    Alteration(
        "a line of the journal gone",
        lines(f"{REPORTS}/reports.jsonl", lambda all_: all_[:-1], seal=True),
        "登记了 3 份报告，存档时是 4 份",
    ),
    Alteration(
        "a line of the journal garbled",
        lines(f"{REPORTS}/reports.jsonl", lambda all_: [*all_, "{"], seal=True),
        "reports.jsonl 第 6 行读不懂",
    ),
    Alteration(
        "the journal of another lock",
        lines(f"{REPORTS}/reports.jsonl", no_root, seal=True),
        "reports/applicant 的报告不是由这一次锁定出的",
    ),
    Alteration(
        "the journal gone",
        removed(f"{REPORTS}/reports.jsonl", seal=True),
        "reports/applicant 里没有报告的登记",
    ),
    Alteration("all reports of a level gone", without_folder, "reports/applicant 里没有报告的登记"),
    Alteration(
        "reports of other results",
        changed(f"{REPORTS}/provenance.json", lambda c: c.update(results="0" * 64)),
        "reports/applicant 的报告不是由这些结果出的",
    ),
    Alteration(
        "a run of other reports",
        changed(f"{REPORTS}/provenance.json", lambda c: c.update(level="public")),
        "provenance.json 说的是另一批报告",
    ),
    Alteration("a byte of the log", flipped("data/round/log.sqlite"), f"（评分日志）{CHANGED}"),
    Alteration(
        "a score",
        record(
            """UPDATE event SET payload = '{"points":"1","text":""}'
            WHERE author = 'e1' AND kind = 'score' AND applicant = 'A'"""
        ),
        "内容与它的哈希不符，这一条被改过",
    ),
    Alteration(
        "a row from the middle",
        record("DELETE FROM event WHERE author = 'e1' AND seq = 3"),
        "e1 的第 3 条不见了",
    ),
    Alteration("the tail of one author's chain", tail, "锁定时登记的根哈希与锁定前的全部记录不符"),
    Alteration(
        "all rows of one author",
        record("DELETE FROM event WHERE author = 'e2'"),
        "锁定时登记的根哈希与锁定前的全部记录不符",
    ),
    Alteration("a chain re-hashed", chain, "锁定时登记的根哈希与锁定前的全部记录不符"),
    Alteration(
        "a chain re-hashed, and locked anew",
        chain_and_lock,
        "评分日志的锁定不是 archive.json 登记的那一次",
    ),
    Alteration(
        "the lock gone",
        record("DELETE FROM event WHERE kind = 'lock'"),
        "评分日志的锁定不是 archive.json 登记的那一次",
    ),
    Alteration("a log without guards", unguard, "日志里防改动的部分不是原样"),
    Alteration(
        "the text of the log",
        replaced("data/round/log.jsonl", '"points":"9"', '"points":"8"', seal=True),
        "round/log.jsonl 与评分日志不是一回事",
    ),
    Alteration("the log gone", removed("data/round/log.sqlite"), "（评分日志）不见了"),
    Alteration(
        "a rule",
        replaced("data/round/panel.yaml", "places: 2", "places: 1", seal=True),
        "锁定之后被改过",
    ),
    Alteration(
        "the panel unreadable",
        replaced("data/round/panel.yaml", "format:", "format", seal=True),
        "评审工作文件夹打不开，被改过",
    ),
    Alteration(
        "the rubric",
        replaced("data/round/small.yaml", "综合评分。", "酌情评分。", seal=True),
        "锁定之后被改过",
    ),
    Alteration(
        "a total in the results",
        replaced("data/results.json", '"total":"16.00"', '"total":"17.00"', seal=True),
        "results.json 的摘要值与 archive.json 登记的不符",
    ),
    Alteration("results in step with their digest", results_too, "的报告不是由这些结果出的"),
    Alteration(
        "the analysis",
        flipped("data/analysis.json", seal=True),
        "analysis.json 的摘要值与 archive.json 登记的不符",
    ),
    Alteration("the results gone", removed("data/results.json"), "（正式结果）不见了"),
    Alteration(
        "another root in the bag's account of itself",
        changed("data/archive.json", lambda c: c.update(root="0" * 64)),
        "评分日志的锁定不是 archive.json 登记的那一次",
    ),
    Alteration(
        "another panel in the bag's account of itself",
        changed("data/archive.json", lambda c: c["panel"].update(digest="0" * 64)),
        "评审组和规则与 archive.json 登记的摘要值不符",
    ),
    Alteration(
        "the bag's account of itself garbled",
        added("data/archive.json", "{", seal=True),
        "archive.json 读不懂",
    ),
    Alteration(
        "a line of the manifest gone",
        lines("manifest-sha256.txt", lambda all_: all_[1:], seal=False),
        "不在清单里：是后来放进去的",
    ),
    Alteration(
        "the manifest garbled",
        lines("manifest-sha256.txt", lambda all_: [*all_, "no digest"], seal=False),
        "行读不懂，被改过",
    ),
    Alteration(
        "a manifest that leads out of the bag",
        lines("manifest-sha256.txt", lambda all_: [*all_, f"{'0' * 64}  ../x"], seal=False),
        "行读不懂，被改过",
    ),
    Alteration("the manifest gone", removed("manifest-sha256.txt"), "不是完整的档案"),
    Alteration("the tag manifest gone", removed("tagmanifest-sha256.txt"), "不是完整的档案"),
    Alteration("the declaration gone", removed("bagit.txt"), "bagit.txt 不见了"),
    Alteration(
        "the date of the bag",
        replaced("bag-info.txt", "Bagging-Date: 2026", "Bagging-Date: 2025"),
        "bag-info.txt 与 tagmanifest-sha256.txt 不符",
    ),
    Alteration(
        "the identifier of the bag",
        lambda bag: (
            replaced("bag-info.txt", "External-Identifier: ", "External-Identifier: 0")(bag),
            retagged(bag),
        ),
        "bag-info.txt 的 External-Identifier 与 archive.json 写的",
    ),
    Alteration(
        "the sum of bytes",
        lambda bag: (replaced("bag-info.txt", "Oxum: ", "Oxum: 1")(bag), retagged(bag)),
        "写的总字节数和文件数",
    ),
    Alteration(
        "the page to read first",
        replaced("README.md", "bagit.py", "true"),
        "README.md 与 tagmanifest-sha256.txt 不符",
    ),
    Alteration("a file beside the payload", added("note.txt"), "note.txt 不在 tagmanifest"),
    Alteration("the signature gone", removed("tagmanifest-sha256.txt.sig"), "签名人名单"),
    Alteration("the signature swapped", swapped, "不在签名人名单 allowed_signers 中"),
    Alteration("a signature of something else", foreign, "签名与 tagmanifest-sha256.txt 不符"),
    Alteration("the signature garbled", flipped(SIGNATURE), "签名与 tagmanifest-sha256.txt 不符"),
    Alteration("an expired key", dated('valid-before="20251231"'), "已经过期"),
    Alteration("a key of later", dated('valid-after="20300101"'), "还没有生效"),
    Alteration(
        "the list of signers",
        replaced("allowed_signers", "secretary@", "another@"),
        "allowed_signers 与 tagmanifest-sha256.txt 不符",
    ),
    Alteration(
        "a byte of the wheel",
        flipped(WHEEL, seal=True),
        "py3-none-any.whl 的摘要值与 environment.json 登记的不符",
    ),
    Alteration(
        "a wheel rebuilt",
        lambda bag: rebuilt(bag, noted=False),
        "py3-none-any.whl 的摘要值与 environment.json 登记的不符：换过，或重新做过",
    ),
    Alteration("a wheel rebuilt and noted", rebuilt, "evalkit 的程序包与存档时所装的不同"),
    Alteration(
        "a digest of an installed file",
        flipped("data/code/installed.csv", seal=True),
        "code/installed.csv 的摘要值与 environment.json 登记的不符",
    ),
    Alteration("an edited installed file", edited_file, "存档时所装的 numpy"),
    Alteration(
        "another library version in the lock",
        replaced("data/code/requirements.lock", "numpy==", "numpy==0.", seal=True),
        "code/requirements.lock 的摘要值与 environment.json 登记的不符",
    ),
    Alteration(
        "a wheel that the lock does not name",
        added("data/wheelhouse/numpy-9-py3-none-any.whl", seal=True),
        "numpy-9-py3-none-any.whl 不是锁定的依赖里的那一个",
    ),
    Alteration(
        "the environment garbled",
        added("data/code/environment.json", "[]", seal=True),
        "code/environment.json 读不懂",
    ),
    Alteration(
        "the crate garbled",
        added("data/ro-crate-metadata.json", "[]", seal=True),
        "ro-crate-metadata.json 读不懂",
    ),
    Alteration(
        "the crate of something else",
        changed("data/ro-crate-metadata.json", lambda c: other_file(c["@graph"])),
        "ro-crate-metadata.json 写着的",
    ),
    Alteration("a byte of the minutes", flipped("data/papers/minutes.txt"), f"等文件）{CHANGED}"),
    Alteration("the minutes gone", removed("data/papers/minutes.txt"), "（纪要等文件）不见了"),
]
