"""Mutated files for everything that reads what people hand in; run as a program of its own.

    python -m tests.support.fuzzing SECONDS SEED FOLDER [READER]

The limit on memory holds for the whole process, so a reader that wants more fails. An input that
makes a reader raise anything but InputError is left in FOLDER, and the exit code is 1.
"""

from __future__ import annotations

import gc
import io
import json
import random
import re
import resource
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from evalkit.base import packages, yamltext
from evalkit.base.build import build
from evalkit.base.errors import InputError
from evalkit.drafting.rubric_import import MAX_ROWS, MAX_TEXT, drafts
from evalkit.panel import MAX_BYTES, load_panel
from evalkit.rubric import Rubric, load_rubric
from tests.support.builders import DEMO, ROOT, RUBRIC_FILE
from tests.support.indicator_documents import write_docx, write_packed, write_stacked, write_tabbed

MEMORY = 512 * 2**20
"""Bytes of address space, of which the resident set is a part."""

WORDS: dict[str, list[str]] = json.loads((ROOT / "tests/data/fuzz_words.json").read_text("utf-8"))
"""What readers of each format may trip over."""
MARKS = ("\n", ": ", " ", "|", "\t", ">", "<w:t>", "<w:tc>", "<w:tr>", '"')
"""What ends a part of a line, a cell or an element."""

Read = Callable[[bytes, Path], None]
Spoil = Callable[[bytes, random.Random], bytes]


def mutated(text: str, dice: random.Random, words: list[str]) -> str:
    """``text`` with some changes: words put in, slices cut, doubled or moved, bits flipped."""
    for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
        at, end = _slice(text, dice)
        word = dice.choice(words)
        match dice.randrange(7):
            case 0:
                text = text[:at] + word + text[at:]
            case 1:
                text = text[:at] + text[end:]
            case 2:
                text = text[:end] + text[at:end] * dice.choice((1, 2, 30)) + text[end:]
            case 3:
                there = dice.randrange(len(text) + 1)
                text = text[:there] + text[at:end] + text[there:]
            case 4 if at < len(text):
                text = text[:at] + chr(ord(text[at]) ^ (1 << dice.randrange(8))) + text[at + 1 :]
            case 5:
                text = text[:at] + word * dice.choice((2, 40, 3000)) + text[at:]
            case _:
                text = text[:at] + word + text[end:]
    return text[:9_000_000]


def _slice(text: str, dice: random.Random) -> tuple[int, int]:
    """Where a slice begins and ends: anywhere, or what stands between two marks of the format."""
    at = dice.randrange(len(text) + 1)
    if dice.random() < 0.5:
        return at, at + dice.choice((1, 3, 20, 200, 2000))
    mark = dice.choice(MARKS)
    begin = text.find(mark, at)
    end = text.find(mark, begin + 1)
    return (at, at + 1) if begin < 0 or end < 0 else (begin + len(mark), end)


def as_text(data: bytes, dice: random.Random, words: list[str]) -> bytes:
    """`mutated` for a file in UTF-8."""
    return mutated(data.decode(), dice, words).encode("utf-8", "surrogatepass")


def as_bytes(data: bytes, dice: random.Random, words: list[str]) -> bytes:
    """`mutated` for a file that is no text."""
    return mutated(data.decode("latin-1"), dice, words).encode("latin-1", "replace")


def mutated_package(data: bytes, dice: random.Random) -> bytes:
    """A Word file whose parts are mutated before they are packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        names = old.namelist()
        chosen = {"word/document.xml"}
        if dice.random() < 0.3:
            chosen = {dice.choice([name for name in names if name.endswith((".xml", ".rels"))])}
        for name in names:
            part = old.read(name)
            new.writestr(name, as_text(part, dice, WORDS["xml"]) if name in chosen else part)
    return out.getvalue()


def enormous_package(data: bytes, dice: random.Random) -> bytes:
    """A Word file that is not packed, with one piece of XML as often as its limit allows."""
    out = io.BytesIO()
    pieces = ["<w:p/>", "<a/>", "<w:tbl/>", "<w:tr/>", "<w:tc/>", "<w:t>指</w:t>", "<w:br/>", "注"]
    pieces += ["<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>", '<a b="" c="" d=""/>', "&lt;"]
    pieces += ['<w:tr><w:tc><w:tcPr><w:gridSpan w:val="64"/></w:tcPr></w:tc></w:tr>', "<a>" * 200]
    piece = dice.choice(pieces)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        room = packages.MAX_TREE - sum(part.file_size for part in old.infolist())
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":
                at = dice.choice(
                    [m.end() for m in re.finditer(rb"<w:(?:body|tbl|tr|tc|p|r)>", part)]
                )
                part = part[:at] + piece.encode() * (room // len(piece.encode())) + part[at:]
            new.writestr(name, part)
    return out.getvalue()


def enormous_yaml(data: bytes, dice: random.Random) -> bytes:
    """A file in which one key has a list of one element, as often as a megabyte holds."""
    keys = re.findall(r"(?m)^([a-z]+):\n", data.decode())
    key = dice.choice(keys)
    pieces = [
        "{}",
        "a",
        "[]",
        "{indicators: [{}]}",
        "{id: x, name: y}",
        "{a: b}",
        "{id: }",
        "{1: {}}",
    ]
    piece = dice.choice(pieces) + ", "
    most = yamltext.MAX_BYTES if b"rubric/1" in data else MAX_BYTES // 4
    many = piece * (dice.choice((5_000, 60_000, most - len(data))) // len(piece))
    section = re.compile(rf"(?m)^{key}:\n(?:[ #-].*\n|\n)*")
    return section.sub(f"{key}: [{many}]\n", data.decode(), count=1).encode()


def enormous_text(data: bytes, dice: random.Random) -> bytes:
    """A text in which one line stands as often as the limit of bytes or of rows allows."""
    lines = data.decode().splitlines(keepends=True)
    at = dice.randrange(len(lines))
    line = dice.choice((lines[at], lines[at].rstrip("\n") + dice.choice(WORDS["text"])))
    room = dice.choice((MAX_ROWS, (MAX_TEXT - len(data)) // max(len(line.encode()), 1)))
    many = min(room, (MAX_TEXT - len(data)) // max(len(line.encode()), 1))
    return "".join([*lines[:at], line * many, *lines[at:]]).encode()


def read_rubric(data: bytes, folder: Path) -> None:
    """Load ``data`` as a rubric."""
    (folder / "rubric.yaml").write_bytes(data)
    load_rubric(folder / "rubric.yaml")


def read_panel(data: bytes, folder: Path) -> None:
    """Load ``data`` as a panel of the demo's rubric."""
    (folder / "panel.yaml").write_bytes(data)
    load_panel(folder / "panel.yaml", load_rubric(RUBRIC_FILE))


def read_document(data: bytes, folder: Path) -> None:
    """Draft rubrics from ``data``; whatever the loader has against a draft is marked in it."""
    (folder / "document").write_bytes(data)
    for file in drafts(folder / "document", folder / "out"):
        check_draft(file.draft.text, {line for line, _key, _remark in file.draft.pending})


def attempted(read: Read, data: bytes, folder: Path) -> str:
    """Whether ``data`` was taken or refused; AssertionError for an error of several lines."""
    try:
        read(data, folder)
    except InputError as error:
        if any(len(problem.render().splitlines()) > 1 for problem in error.problems):
            raise AssertionError("not one line") from error
        return "refused"
    return "taken"


def check_draft(text: str, marked: set[int]) -> None:
    """Raise AssertionError where the loader refuses a line that is not marked."""
    try:
        build(Rubric, yamltext.parse(text, ""))
    except InputError as error:
        found = {problem.line for problem in error.problems}
        if not found <= marked:
            raise AssertionError(f"not marked: {found - marked}") from error


def targets(folder: Path) -> dict[str, tuple[Read, list[bytes], Spoil]]:
    """Readers with good files to begin from and a way to spoil these."""
    yaml = [p.read_bytes() for p in sorted((ROOT / "rubrics").glob("*.yaml"))]
    rubrics = [load_rubric(p) for p in sorted((ROOT / "rubrics").glob("*.yaml"))]
    rubrics = [rubric for rubric in rubrics if rubric.indicators]
    texts = []
    for write in (write_packed, write_stacked, write_tabbed):
        for some in (rubrics[:1], rubrics[1:2], rubrics):
            write(some, folder / "seed.txt")
            texts.append((folder / "seed.txt").read_bytes())
    write_docx(rubrics[-2:], folder / "seed.docx")
    word = [(folder / "seed.docx").read_bytes()]
    panel = [(DEMO / "panel.yaml").read_bytes()]
    return {
        "rubric": (read_rubric, yaml, lambda data, dice: as_text(data, dice, WORDS["yaml"])),
        "panel": (read_panel, panel, lambda data, dice: as_text(data, dice, WORDS["yaml"])),
        "enormous rubric": (read_rubric, yaml, enormous_yaml),
        "enormous panel": (read_panel, panel, enormous_yaml),
        "text": (read_document, texts, lambda data, dice: as_text(data, dice, WORDS["text"])),
        "enormous text": (read_document, texts, enormous_text),
        "docx": (read_document, word, lambda data, dice: as_bytes(data, dice, WORDS["xml"])),
        "xml": (read_document, word, mutated_package),
        "enormous": (read_document, word, enormous_package),
    }


def main(seconds: float, seed: int, folder: Path, only: str = "") -> int:
    """Fuzz all readers, or ``only`` one, for ``seconds``; 1 if there are finds, else 0.

    Prints what each reader took and refused, and the memory.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    dice = random.Random(seed)
    counts: Counter[str] = Counter()
    finds = 0
    readers = list(targets(folder).items())
    if only:
        readers = [reader for reader in readers if reader[0] == only]
    weights = [1 if name.startswith("enormous") else 30 for name, _reader in readers]
    end = time.monotonic() + seconds
    while time.monotonic() < end and finds < 20:
        name, (read, seeds, spoil) = dice.choices(readers, weights)[0]
        data = spoil(dice.choice(seeds), dice)
        gc.collect()  # who reads a file begins with nothing that another one has left
        try:
            counts[f"{name} {attempted(read, data, folder)}"] += 1
        except Exception:  # noqa: BLE001  (whatever it is, it is what we look for)
            finds += 1
            (folder / f"find-{name}-{seed}-{finds}").write_bytes(data)
            print(f"find {finds} of {name}, {len(data)} bytes", traceback.format_exc(limit=-4))
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(dict(sorted(counts.items())), f"{finds} finds, at most {used} MB resident")
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:]))
