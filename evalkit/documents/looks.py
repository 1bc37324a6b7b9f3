"""How papers look: fonts that Chinese offices have, with what stands in for them, and measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right", "both"]


@dataclass(frozen=True)
class Font:
    """An East Asian font; ``instead`` lists what to take where it is missing, best first.

    ``western`` is the font of Latin letters and digits beside it.
    """

    name: str
    instead: tuple[str, ...]
    western: str = "Times New Roman"


SONG = Font("宋体", ("SimSun", "华文宋体", "Songti SC", "Noto Serif CJK SC"))
SONG_DIGITS = Font(SONG.name, SONG.instead, western=SONG.name)
HEI = Font("黑体", ("SimHei", "华文黑体", "Heiti SC", "Noto Sans CJK SC"))
KAI = Font("楷体_GB2312", ("楷体", "KaiTi", "华文楷体", "Kaiti SC", "Noto Serif CJK SC"))
FANGSONG = Font("仿宋_GB2312", ("仿宋", "FangSong", "华文仿宋", "STFangsong", "Noto Serif CJK SC"))
XIAOBIAOSONG = Font(
    "方正小标宋简体",
    ("方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "华文中宋", "STZhongsong", *SONG.instead),
)
FONTS = (SONG, HEI, KAI, FANGSONG, XIAOBIAOSONG)

ERHAO, SANHAO, SIHAO, XIAOSI, WUHAO, XIAOWU = 22.0, 16.0, 14.0, 12.0, 10.5, 9.0
"""Chinese sizes of type in points: 二号 三号 四号 小四 五号 小五."""


@dataclass(frozen=True)
class Look:
    """How a paragraph looks; its name is that of the style in Word.

    Sizes, distances, ``spread`` (what each character gives to the next) and ``line`` (the exact
    distance of lines, None for the font's own) are points; ``first``, ``left`` and ``right`` are
    indents in characters. ``keep`` holds a paragraph on the
    page of the next, ``fresh`` begins a page, without ``snap`` it keeps off the grid of its page.
    """

    name: str
    font: Font = SONG
    size: float = WUHAO
    align: Align = "left"
    before: float = 0
    after: float = 0
    line: float | None = None
    spread: float = 0
    first: float = 0
    left: float = 0
    right: float = 0
    keep: bool = False
    fresh: bool = False
    snap: bool = True


@dataclass(frozen=True)
class Page:
    """Paper and margins in millimetres; ``footer`` is the distance of the footer from the edge.

    ``grid`` is the pitch of the lines in points; None for no grid.
    """

    width: float = 210
    height: float = 297
    top: float = 20
    right: float = 20
    bottom: float = 20
    left: float = 22
    footer: float = 11
    grid: float | None = None

    @property
    def across(self) -> float:
        """Width of the text in millimetres."""
        return self.width - self.left - self.right


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its width in millimetres and the look of its cells."""

    heading: str
    width: float
    look: Look


def measure(text: str) -> float:
    """Width of ``text`` in Chinese characters; others are taken as half as wide."""
    return sum(1 if char > "\u2e7f" else 0.5 for char in text)
