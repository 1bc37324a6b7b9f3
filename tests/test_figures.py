"""Figures: what they say, where things lie, and that they are inert and always the same."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from evalkit import figures
from evalkit.figures.svg import axis, figure, label, percent
from evalkit.text import Text

FIELD = {"min": "60.90", "q1": "72.43", "median": "78.57", "q3": "85.90", "max": "97.60"}
SCORES = [
    {"points": "7", "use": "dropped_lowest"},
    {"points": "8", "use": "counted"},
    {"points": "8", "use": "counted"},
    {"points": "9.5", "use": "counted"},
    {"points": "9.5", "use": "dropped_highest"},
]
TOTALS = [("97.60", "87.60"), ("90.30", "87.80"), ("86.90", "86.90"), ("60.90", "60.90")]

NAMED = {
    "standing": figures.standing("97.60", FIELD),
    "standing without own": figures.standing(None, FIELD),
    "profile": figures.profile(TOTALS),
    "long profile": figures.profile([(f"{99 - n}", f"{99 - n}") for n in range(90)]),
}

SIGNS = {
    "bar": figures.bar("8.30", "10", "7.88"),
    "bar without points": figures.bar(None, "10"),
    "dots": figures.dots(SCORES, "10"),
    "no dots": figures.dots([], "10"),
}

ALL = NAMED | SIGNS


def shapes(svg: str, name: str) -> list[dict[str, str]]:
    """Attributes of all elements called ``name``."""
    return [element.attrib for element in ET.fromstring(svg).iter(name)]


def texts(svg: str) -> list[str]:
    """What is written in the figure."""
    return [element.text or "" for element in ET.fromstring(svg).iter("text")]


@pytest.mark.parametrize("svg", NAMED.values(), ids=NAMED)
def test_a_figure_is_named_and_described(svg: str) -> None:
    """A screen reader finds an image with a title and a description, in that order."""
    root = ET.fromstring(svg)
    assert root.attrib["role"] == "img"
    title, desc = list(root)[:2]
    assert (title.tag, desc.tag) == ("title", "desc")
    assert title.text
    assert desc.text


@pytest.mark.parametrize("svg", SIGNS.values(), ids=SIGNS)
def test_a_sign_says_nothing(svg: str) -> None:
    """What a bar or dots show stands in words beside them; a screen reader passes them over."""
    root = ET.fromstring(svg)
    assert root.attrib["aria-hidden"] == "true"
    assert "".join(root.itertext()) == ""


@pytest.mark.parametrize("svg", ALL.values(), ids=ALL)
def test_figures_are_inert(svg: str) -> None:
    """No id that could clash, no style that the policy would block, no link, no script."""
    assert not re.search(r"\b(id|style|href|on\w+)=|url\(|<script|<style|<image|<use", svg)


def test_the_same_numbers_give_the_same_figure() -> None:
    """A figure depends on nothing but its numbers."""
    assert figures.standing("97.60", FIELD) == ALL["standing"]
    assert figures.dots(SCORES, "10") == ALL["dots"]


def test_a_bar_is_as_long_as_its_share() -> None:
    """8.30 of 10 fills 249 of 300; the median of 7.88 stands at 236.4."""
    fill, tick = shapes(ALL["bar"], "rect")
    assert (fill["width"], tick["x"]) == ("249", "236.4")
    # one third, rounded to a tenth
    assert shapes(figures.bar("1", "9"), "rect")[0]["width"] == "33.3"


def test_a_bar_without_points_is_not_a_bar_of_zero() -> None:
    """A dashed line in place of a bar; 0 points give a bar without length."""
    assert shapes(ALL["bar without points"], "rect") == []
    (line,) = shapes(ALL["bar without points"], "path")
    assert line["stroke-dasharray"]
    (fill,) = shapes(figures.bar("0.00", "5"), "rect")
    assert fill["width"] == "0"
    # the class decides on the track behind it
    names = [ET.fromstring(figures.bar(p, "5")).attrib["class"] for p in ("0.00", None)]
    assert names == ["bar", "lack"]


def drawn(path: str) -> dict[str, tuple[Decimal, Decimal]]:
    """The vertical lines of a path by their place: where they begin and end."""
    found = re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)", path)
    return {x: (Decimal(low), Decimal(top)) for x, low, top in found}


def test_dots_lie_on_the_scale_of_the_bar_and_stack() -> None:
    """One line per distinct score; its dropped ones are drawn hollow on top of it."""
    filled, hollow = shapes(ALL["dots"], "path")
    lines = drawn(filled["d"])
    # 7, 8 and 9.5 of 10 on a scale of 300
    assert set(lines) == {"210", "240", "285"}
    # two scores of 8 reach 8 units higher than one of 7
    assert lines["210"][1] - lines["240"][1] == 8
    assert "stroke-dasharray" not in filled
    assert hollow["class"] == "hollow"
    assert set(drawn(hollow["d"])) == {"210", "285"}
    assert drawn(hollow["d"])["285"] == (5, Decimal("4.5"))


def test_excluded_scores_are_crosses() -> None:
    """A score that does not count at all has a shape of its own."""
    *_, cross = shapes(figures.dots([*SCORES, {"points": "3", "use": "excluded"}], "10"), "path")
    assert cross["class"] == "cross"
    assert cross["d"].startswith("M90 13")
    assert "V" not in cross["d"]


def test_a_high_stack_stays_low() -> None:
    """Forty equal scores overlap rather than fill the page."""
    svg = figures.dots([{"points": "5", "use": "counted"}] * 40, "10")
    assert int(ET.fromstring(svg).attrib["viewBox"].split()[-1]) <= 52
    assert shapes(svg, "path")[0]["stroke-dasharray"] == "0 1"


def test_the_field_lies_on_a_round_axis() -> None:
    """60.90 to 97.60 is shown from 60 to 100; the median 78.57 stands at 46.43 %."""
    assert texts(ALL["standing"])[:5] == ["60", "70", "80", "90", "100"]
    assert 'x="46.43%"' in ALL["standing"]
    assert "中位数 78.57" in texts(ALL["standing"])
    assert "本单位 97.60" in texts(ALL["standing"])
    assert "本单位" not in ALL["standing without own"]


def test_labels_lean_inwards_at_the_ends() -> None:
    """No label runs out of the figure, wherever the own total lies."""
    last = figures.standing("60.90", FIELD)
    assert 'text-anchor="start" font-size="14"' in last
    assert 'text-anchor="end" font-size="14"' in ALL["standing"]


def test_a_field_of_equals_has_a_figure() -> None:
    """All totals the same: still an axis of two ends."""
    svg = figures.standing("80.00", dict.fromkeys(FIELD, "80.00"))
    assert len(texts(svg)) >= 4


def test_the_profile_shows_what_the_bonus_did() -> None:
    """A hollow dot appears only where base and total differ: for two of four."""
    circles = shapes(ALL["profile"], "circle")
    assert len(circles) == 6
    assert [c["fill"] for c in circles].count("#fff") == 2
    assert figures.profile([]) == ""


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        ("60.90", "97.60", ["60", "70", "80", "90", "100"]),
        ("0", "0", ["0", "0.01"]),
        ("12.3", "12.4", ["12.30", "12.32", "12.34", "12.36", "12.38", "12.40"]),
        ("3", "110", ["0", "50", "100", "150"]),
    ],
)
def test_axes_are_round(low: str, high: str, ticks: list[str]) -> None:
    """Steps of 1, 2 or 5 times a power of ten, with both ends inside."""
    found = axis(Decimal(low), Decimal(high))
    assert found == [Decimal(tick) for tick in ticks]
    assert found[0] <= Decimal(low) <= Decimal(high) <= found[-1]


def test_percent_is_exact_and_short() -> None:
    """1 of 3 is 33.33 %, without an exponent or trailing zeros anywhere."""
    one, zero = Decimal(1), Decimal(0)
    assert percent(one, zero, Decimal(3)) == "33.33%"
    assert percent(one, zero, one) == "100%"
    assert percent(zero, zero, one) == "0%"
    assert percent(one, one, one) == "50%"


def test_words_are_escaped() -> None:
    """What is written in a figure cannot become markup."""
    words = '<b onclick="x">&'
    assert ET.fromstring(label("50%", 1, words, "zh")).text == words
    named = ET.fromstring(figure(1, Text(words), Text(words), "", "zh"))
    assert [part.text for part in named] == [words, words]
