"""The schemas of logs, as numbered scripts that only ever add: ``<engine>-<number>.sql``.

A migration that rebuilds tables would clash with a log that nothing is ever taken from.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent


def newest(engine: str, folder: Path = FOLDER) -> int:
    """The version that the scripts of ``engine`` lead to."""
    return len(list(folder.glob(f"{engine}-*.sql")))


def scripts(engine: str, since: int, folder: Path = FOLDER) -> Iterator[tuple[int, str]]:
    """What leads from version ``since`` (0: nothing is there) to the newest: number and SQL."""
    for number in range(since + 1, newest(engine, folder) + 1):
        yield number, (folder / f"{engine}-{number}.sql").read_text("utf-8")
