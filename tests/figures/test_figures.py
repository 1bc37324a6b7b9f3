"""Figures: what they say, where things lie, and that they are inert and always the same."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from evalkit import figures
from evalkit.base.text import Text
from evalkit.figures.svg import axis, figure, label, percent
from evalkit.record import sheets

FIELD = {"min": "60.90", "q1": "72.43", "median": "78.57", "q3": "85.90", "max": "97.60"}
SCORES = [
    {"points": "7", "use": "dropped_lowest"},
    {"points": "8", "use": "counted"},
    {"points": "8", "use": "counted"},
    {"points": "9.5", "use": "counted"},
    {"points": "9.5", "use": "dropped_highest"},
]
TOTALS = [("97.60", "87.60"), ("90.30", "87.80"), ("86.90", "86.90"), ("60.90", "60.90")]

NODES = [
    {"due": "2026-01-01", "state": "done"},
    {"due": "2026-06-30", "state": "due"},
    {"due": "2026-06-30", "state": "done"},
    {"due": "2026-05-31", "state": "overdue"},
    {"due": "2026-12-31", "state": "upcoming"},
]
COUNTS = {"all": 5, "done": 2, "overdue": 1, "due": 1, "upcoming": 1, "late": 0}
SPAN = {"low": "20", "inclusive": True, "high": None}

NAMED = {
    "timeline": figures.timeline(NODES, 2026, "2026-06-30", ["2026-06-30"]),
    "empty timeline": figures.timeline([], 2026, "2027-01-10", []),
    "long timeline": figures.timeline([NODES[1]] * 400, 2026, "2026-06-30", []),
    "tally": figures.tally(COUNTS, 10),
    "empty tally": figures.tally(dict.fromkeys(COUNTS, 0), 0),
    "reach": figures.reach("23", SPAN, "个"),
    "reach without value": figures.reach(None, {**SPAN, "high": "30"}, "个"),
    "standing": figures.standing("97.60", FIELD),
    "standing without own": figures.standing(None, FIELD),
    "profile": figures.profile(TOTALS),
    "rank range": figures.rank_range(5, 3, 9, (1, 12), 6),
    "rank range without a line": figures.rank_range(5, 5, 5, (1, 12)),
    "rank axis": figures.rank_axis((1, 24)),
    "left out": figures.left_out(5, {"4": 1, "5": 5, "10": 1}, (1, 12), 6),
    "heat row": figures.heat_row(["+2.50", None, "-0.50", "-12.00"], ["2", "4", "7", "10"]),
    "heat names": figures.heat_names(["专家甲", "专家乙"]),
    "spread": figures.spread(["2", "8", "8"], "0", "10", "8", [["5", "8"]]),
    "spread without scores": figures.spread([], "0", "10", None),
    "long profile": figures.profile([(f"{99 - n}", f"{99 - n}") for n in range(90)]),
}

SIGNS = {
    "bar": figures.bar("8.30", "10", "7.88"),
    "bar without points": figures.bar(None, "10"),
    "bar below 0": figures.bar("-2", "10", "3", "-5"),
    "dots": figures.dots(SCORES, "10"),
    "no dots": figures.dots([], "10"),
    **{f"sheet {state}": figures.sheet_sign(state, 2, 3) for state in sheets.NAMES},
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


def test_a_spread_stands_on_its_scale_and_stacks_equal_scores() -> None:
    """From 1% (the least) to 99% (the greatest): 2 of 10 at 20.6%; a ring where 5 was."""
    ring, *dots = shapes(ALL["spread"], "circle")
    assert (ring["cx"], ring["fill"]) == ("50%", "#fff")
    assert [(dot["cx"], dot["cy"]) for dot in dots] == [
        ("20.6%", "22"),
        ("79.4%", "22"),
        ("79.4%", "14"),
    ]
    assert "讨论中 5 改为 8" in ALL["spread"]
    assert shapes(ALL["spread without scores"], "circle") == []


def test_every_state_of_a_sheet_has_a_shape_of_its_own() -> None:
    """Without colours, too; as much of a ring is full as is filled in."""
    bare = {re.sub(r"#[0-9a-f]+", "", ALL[f"sheet {state}"]) for state in sheets.NAMES}
    assert len(bare) == len(sheets.NAMES)
    assert shapes(ALL["sheet begun"], "circle")[1]["stroke-dasharray"] == "14.7 22"


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


def test_a_bar_starts_at_zero_on_a_scale_below_it() -> None:
    """From -5 to 10: 0 lies a third along, -2 a fifth; beyond the end it stops at the end."""
    fill, tick = shapes(ALL["bar below 0"], "rect")
    assert (fill["x"], fill["width"], tick["x"]) == ("60", "40", "160")
    assert shapes(figures.bar("12", "10", None, "-5"), "rect")[0]["width"] == "200"


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


def test_the_profile_names_its_ends_in_either_direction() -> None:
    """The best total is the highest one, or the lowest; as numbers 9 is less than 10."""
    for rows in ([("10", "10"), ("9", "9")], [("9", "9"), ("10", "10")]):
        assert "<desc>最高 10 分，最低 9 分</desc>" in figures.profile(rows)


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


def test_a_rank_stands_in_the_middle_of_its_share() -> None:
    """Rank 5 of 1 to 12 lies at 4.5 twelfths, the line behind 6 at six twelfths."""
    (dot,) = shapes(ALL["rank range"], "circle")
    assert dot["cx"] == "37.5%"
    line, bar = shapes(ALL["rank range"], "line")
    assert (line["x1"], line["stroke-dasharray"]) == ("50%", "3 3")
    assert (bar["x1"], bar["x2"]) == ("20.83%", "70.83%")
    assert len(shapes(ALL["rank range without a line"], "line")) == 1


def test_a_line_outside_the_window_is_not_drawn() -> None:
    """Places 30 with ranks 1 to 12 shown: no line at the edge."""
    assert figures.rank_range(5, 3, 9, (1, 12), 30) == figures.rank_range(5, 3, 9, (1, 12))


def test_rings_grow_with_the_experts_behind_them() -> None:
    """Five experts leave rank 5, one leads to 4 and one to 10: keys are text, order is numeric."""
    rings = shapes(ALL["left out"], "circle")
    assert [ring["cx"] for ring in rings] == ["29.17%", "37.5%", "79.17%"]
    assert [ring["r"] for ring in rings] == ["3.6", "6.0", "3.6"]
    assert "第 10 名 1 次" in ALL["left out"]


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 3), (1, 24), (81, 131), (1, 300)])
def test_rank_axes_have_room(first: int, last: int) -> None:
    """Whole ranks, at most ten of them, none beside another."""
    words = [int(word) for word in texts(figures.rank_axis((first, last)))]
    assert 1 <= len(words) <= 10
    assert words[0] == first
    assert words == sorted(set(words))
    assert words[-1] <= last


def test_heat_is_read_without_colour() -> None:
    """Signed numbers stand in the cells; nothing is drawn where there is no total."""
    assert texts(ALL["heat row"]) == ["+2.5", "−0.5", "−12"]
    boxes = shapes(ALL["heat row"], "rect")
    assert [box["x"] for box in boxes] == ["0%", "50%", "75%"]
    assert len({box["fill"] for box in boxes}) == 3
    assert "+2.50、—、-0.50、-12.00" in ALL["heat row"]


def test_many_experts_keep_their_sign() -> None:
    """Thirty cells have no room for numbers but for a sign, and for numbered headings."""
    row = figures.heat_row(["+5", "-5", "0"] * 10, ["2", "4", "7", "10"])
    assert texts(row) == ["+", "−"] * 10
    assert texts(figures.heat_names([f"专家{n}" for n in range(30)]))[-1] == "30"


def test_milestones_lie_on_their_day_and_stack() -> None:
    """With four days of margin on both sides the year 2026 has 372 places; equal days stack.

    1 January is place 4 (1.08 %), 31 May place 154, 30 June place 184, 31 December place 368.
    """
    svg = ALL["timeline"]
    circles = shapes(svg, "circle")
    assert [c["cx"] for c in circles] == ["1.08%", "49.46%", "49.46%", "98.92%"]
    assert Decimal(circles[1]["cy"]) - Decimal(circles[2]["cy"]) == 10
    crosses = [t.attrib["x"] for t in ET.fromstring(svg).iter("text") if t.text == "×"]
    assert crosses == ["41.4%"]
    assert "评估日 2026-06-30" in texts(svg)
    assert texts(svg).count("12月") == 1


def test_a_timeline_stays_low_and_inside_its_year() -> None:
    """Four hundred milestones on a day overlap; a day after the year lies at its end."""
    assert int(ET.fromstring(ALL["long timeline"]).attrib["height"]) <= 200
    (line,) = [x for x in shapes(ALL["empty timeline"], "line") if x.get("y1") == "16"]
    assert line["x1"] == "98.92%"


def test_a_tally_is_one_bar() -> None:
    """2, 1, 1 and 1 of 10, one after the other; who has none has nothing drawn."""
    bars = [(r["x"], r["width"]) for r in shapes(ALL["tally"], "rect")]
    assert bars == [("0%", "20%"), ("20%", "10%"), ("30%", "10%"), ("40%", "10%")]
    assert shapes(ALL["empty tally"], "rect") == []
    assert "已完成 2、逾期未完成 1、近期到期 1、未到期 1" in ALL["tally"]


def test_a_target_is_a_tick_on_the_scale_of_its_value() -> None:
    """The scale ends a fifth beyond the greatest number: 23 of 27.6 is 83.33 %, 20 is 72.46 %."""
    track, fill, tick = shapes(ALL["reach"], "rect")
    assert (track["width"], fill["width"], tick["x"]) == ("100%", "83.33%", "72.46%")


def test_no_value_is_not_a_bar_of_zero() -> None:
    """The track is dashed, with a tick at both ends of the range; a 0 is an empty whole track."""
    track, low, high = shapes(ALL["reach without value"], "rect")
    assert track["stroke-dasharray"]
    # 20 and 30 of 36
    assert (low["x"], high["x"]) == ("55.56%", "83.33%")
    assert "没有数据" in ALL["reach without value"]
    _, fill, _ = shapes(figures.reach("0", SPAN, "个"), "rect")
    assert fill["width"] == "0%"
