"""The kernels as people call them: any kind of container, exact numbers, one line for bad input."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evalkit as ek
from evalkit.base.errors import InputError
from evalkit.scoring import advisory, kernels, official
from tests.support.builders import ROOT
from tests.support.literature import case

SF = np.array(case(1)["data"], dtype=float).T
"""[SF79]_: four judges × six targets."""


@pytest.mark.parametrize("module", [official, advisory], ids=lambda m: m.__name__)
def test_the_examples_in_docstrings(module: Any) -> None:
    """Every example gives what stands below it."""
    found = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert found.attempted > 8
    assert found.failed == 0


def test_the_documentation_lists_every_kernel() -> None:
    """docs/kernels.md has a line for each, in the order of nothing but its table."""
    text = (ROOT / "docs" / "kernels.md").read_text("utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert sorted(listed) == sorted(set(kernels.__all__) - {"Exact"})
    assert all(getattr(kernels, name).__doc__ for name in listed)


def test_the_face_loads_nothing_before_it_is_used() -> None:
    """`import evalkit` stays without numpy; `ek.kernels` is this module."""
    code = "import sys, evalkit; assert 'numpy' not in sys.modules; print(evalkit.kernels.__name__)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "evalkit.scoring.kernels"


ROWS: dict[str, Callable[[list[Any]], Any]] = {
    "list": list,
    "tuple": tuple,
    "text": lambda x: [None if v is None else str(v) for v in x],
    "decimal": lambda x: [None if v is None else Decimal(str(v)) for v in x],
    "array": lambda x: np.array([np.nan if v is None else v for v in x]),
    "series": pd.Series,
    "nullable": lambda x: pd.Series(x, dtype="Float64"),
    "generator": lambda x: (v for v in x),
}


@pytest.mark.parametrize("made", ROWS.values(), ids=ROWS)
def test_a_row_of_scores_of_any_kind(made: Callable[[list[Any]], Any]) -> None:
    """7.1, 8.5, a gap, 9 and 7.1: exact in every container, and a gap is no 0."""
    x = [7.1, 8.5, None, 9, 7.1]
    assert ek.kernels.mean(made(x)) == Fraction(317, 40)
    assert ek.kernels.trimmed_mean(made(x)) == Fraction(78, 10)
    assert ek.kernels.median(made(x)) == Fraction(78, 10)
    assert ek.kernels.winsorised_mean(made(x)) == Fraction(78, 10)
    assert ek.kernels.rank(made(x)) == [3, 2, None, 1, 3]


TABLES: dict[str, Callable[[np.ndarray], Any]] = {
    "array": lambda x: x,
    "nested": lambda x: [[None if np.isnan(v) else v for v in row] for row in x],
    "text": lambda x: [[None if np.isnan(v) else str(v) for v in row] for row in x],
    "frame": lambda x: pd.DataFrame(x, index=[f"e{n}" for n in range(len(x))]),
    "nullable": lambda x: pd.DataFrame(x).astype("Float64"),
    "rows of series": lambda x: [pd.Series(row) for row in x],
}


@pytest.mark.parametrize("made", TABLES.values(), ids=TABLES)
def test_a_table_of_any_kind(made: Callable[[np.ndarray], Any]) -> None:
    """Experts × applicants: [SF79]_ whole, and with two gaps."""
    found = ek.kernels.icc(made(SF))
    assert [round(one.value, 2) for one in found.forms.values()] == [
        0.17, 0.29, 0.71, 0.44, 0.62, 0.91,
    ]  # fmt: skip
    gaps = SF.copy()
    gaps[0, 1] = gaps[2, 3] = np.nan
    assert ek.kernels.icc(made(gaps)).units == 4
    assert ek.kernels.icc_one_way(made(gaps)).k == pytest.approx((22 - 82 / 22) / 5)
    alpha = ek.kernels.krippendorff_alpha(made(gaps))
    assert alpha == pytest.approx(ek.kernels.krippendorff_alpha(gaps))
    assert 0 < alpha < 1


def test_official_numbers_are_exact() -> None:
    """Thirds stay thirds, 0.1 is a tenth, and rounding is half up on the exact value."""
    third = ek.kernels.mean([1, 1, 2])
    assert third == Fraction(4, 3)
    assert (str(third), third.rounded(2)) == ("4/3", Decimal("1.33"))
    assert ek.kernels.mean([0.1, 0.2, 0.3]) == Fraction(1, 5)
    assert ek.kernels.rank([0.30000000000000004, "0.3"]) == [1, 2]
    assert ek.kernels.round_half_up("59.995", 2) == Decimal("60.00")
    assert repr(ek.kernels.mean(["86.12", "86.13"])) == "Exact('86.125')"


def test_aggregation_cases() -> None:
    """Five experts × three indicators: means 22.4 in all, trimmed per indicator 23.33."""
    rows = [[13, 5, 5], [8, 8, 5], [13, 9, 5], [7, 9, 4], [13, 5, 3]]
    columns = list(zip(*rows, strict=True))
    assert sum(ek.kernels.mean(c) for c in columns) == Fraction(112, 5)
    assert sum(ek.kernels.trimmed_mean(c) for c in columns) == Fraction(70, 3)


def test_measured_values() -> None:
    """[GX]_: 5.81 % between 12 and 6 gives 58.73; tiers as tuples, a pool as a row."""
    rules = {"satisfactory": 12, "unallowable": 6, "base": "0.6", "span": "0.4", "clamp": "none"}
    found = ek.kernels.efficacy(5.81, **rules, points=100, better="higher")
    assert found.rounded(2) == Decimal("58.73")
    tiers = [(100, True, 10), (50, True, "6.5")]
    found = ek.kernels.tier_table(60, tiers=tiers, otherwise=0, points=10, better="higher")
    assert found == Fraction(13, 2)
    assert ek.kernels.min_max([3, 1, 2], points=10, better="higher") == [10, 0, 5]


def test_the_exact_bootstrap_of_shrout_and_fleiss() -> None:
    """P(top 1) and P(one beats another), exact fractions."""
    found = ek.kernels.bootstrap(SF, places=1)
    assert found.samples == 35
    assert found.top == [0, 0, 1 / 512, 0, 511 / 512, 0]
    assert found.beats[2, 0] == 411 / 512
    assert found.beats[5, 3] == 231 / 256


def test_weights_and_ties() -> None:
    """A weight of 0 counts for nothing; ties are separated by further rows, lower may be better."""
    assert ek.kernels.mean([8, 2], weights=[1, 0]) == 8
    assert ek.kernels.trimmed_mean([1, 8, 9, 10], weights=[5, 1, 3, 9]) == Fraction(35, 4)
    assert ek.kernels.rank([88, 88, 70], ties=[[1, 2, 9]], better="lower") == [2, 3, 1]


BAD: list[tuple[Callable[[], Any], str]] = [
    (lambda: kernels.mean(8), "scores 须是一列数"),
    (lambda: kernels.mean("8,9"), "scores 须是一列数"),
    (lambda: kernels.mean([[8, 9]]), "这里是一张表"),
    (lambda: kernels.mean(["8", "八"]), "scores[1]：“八”不是数"),
    (lambda: kernels.mean([8, True]), "scores[1]：“True”不是数"),
    (lambda: kernels.mean([8, float("inf")]), "“inf”不是数"),
    (lambda: kernels.mean([]), "没有评分不等于 0 分"),
    (lambda: kernels.mean([None, np.nan]), "没有评分不等于 0 分"),
    (lambda: kernels.mean([8, 9], weights=[1]), "weights 须与 scores 一样长"),
    (lambda: kernels.mean([8, 9], weights=[1, -1]), "不小于 0"),
    (lambda: kernels.mean([8, 9], weights=[0, 0]), "权重合计为 0"),
    (lambda: kernels.trimmed_mean([8, 9]), "就没有了"),
    (lambda: kernels.trimmed_mean([8, 9, 7], drop_highest=-1), "不小于 0 的整数"),
    (lambda: kernels.trimmed_mean([8, 9, 7], drop_highest=1.0), "不小于 0 的整数"),
    (lambda: kernels.rank([1, 2], ties=[[1]]), "一样长"),
    (lambda: kernels.rank([1, 2], ties=[[1, None]]), "ties 中有缺"),
    (lambda: kernels.rank([1, 2], better="more"), "better 须是"),
    (lambda: kernels.icc([8, 9, 7]), "data 须是一张表"),
    (lambda: kernels.icc(np.zeros((2, 2, 2))), "ndarray(2, 2, 2)"),
    (lambda: kernels.icc([[1, 2], [3]]), "第 2 行 1 个"),
    (lambda: kernels.icc([]), "data 须是一张表"),
    (lambda: kernels.icc([[1, 2], [3, "x"]]), "data[1][1]：“x”不是数"),
    (lambda: kernels.icc(SF, level=95), "level 须在 0 与 1 之间"),
    (lambda: kernels.kendall_w([[1, None], [2, 1]]), "第 1 行第 2 列缺评分"),
    (lambda: kernels.krippendorff_alpha(SF, metric="euclid"), "metric 须是"),
    (lambda: kernels.gwet_ac(SF, categories=[1, 2]), "categories 须至少有两档"),
    (lambda: kernels.severity([[1, 2]]), "评分太少"),
    (lambda: kernels.severity([[1, 2, None, None], [None, None, 3, 4]]), "互不相连"),
    (lambda: kernels.bootstrap(np.ones((10, 2))), "专家最多 9 位"),
    (lambda: kernels.target_ratio(None, target=9, points=5, better="higher"), "不按 0 计分"),
    (lambda: kernels.target_ratio(3, target=0, points=5, better="higher"), "须大于 0"),
    (lambda: kernels.target_ratio(3, points=5, better="higher"), "target_ratio：参数不对"),
    (lambda: kernels.smaa([[1, 2]], weights=[1]), "weights 须每个指标一个"),
]


@pytest.mark.parametrize(("call", "said"), BAD, ids=[said for _call, said in BAD])
def test_what_does_not_fit_is_said_in_a_line(call: Callable[[], Any], said: str) -> None:
    """The argument, the place and what is wanted; never a traceback of numpy's."""
    with pytest.raises(InputError) as found:
        call()
    assert said in str(found.value)
    assert "\n" not in str(found.value)
