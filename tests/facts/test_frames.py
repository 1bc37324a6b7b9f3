"""A bare DataFrame as a table of scores: what pandas makes of a table, and what is no table."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from evalkit.base.errors import InputError
from evalkit.base.tidy_words import COLUMNS
from evalkit.facts.columns import MISSING, SCORED
from evalkit.facts.tidy import read_scores
from tests.support.builders import load, panel_data, rubric_data

CHINESE = ["评审对象", "专家", "指标", "分数", "理由"]
KEYS = {"applicant": ["A", "B"], "expert": ["e1", "e1"], "indicator": ["i1", "i1"]}


@pytest.fixture(name="round_")
def _round(tmp_path: Path) -> Any:
    return load(tmp_path, rubric_data((10,)), panel_data(1, ["A", "B"]))


def table(points: Any, **more: Any) -> pd.DataFrame:
    """Two scores by the one expert."""
    return pd.DataFrame({**KEYS, "points": points, "reason": ["", "好"], **more})


GOOD: dict[str, pd.DataFrame] = {
    "text": table(["8.5", "9"]),
    "floats": table([8.5, 9.0]),
    "float32": table(np.array([8.5, 9], np.float32)),
    "objects": table([8.5, "9"]),
    "decimals": table([Decimal("8.50"), Decimal(9)]),
    "nullable": table(pd.array([8.5, 9], "Float64")),
    "categories": table(pd.Categorical(["8.5", "9"])),
    "categories of numbers": table(pd.Categorical([8.5, 9.0])),
    "categorical labels": table([8.5, 9]).astype({"applicant": "category", "expert": "category"}),
    "any index": table([8.5, 9]).set_axis(["x", "y"]),
    "a repeated index": table([8.5, 9]).set_axis([7, 7]),
    "an index of two levels": table([8.5, 9]).set_index(["applicant", "expert"], drop=False),
    "an index of labels": table([8.5, 9]).set_index(["applicant", "expert"]),
    "grouped": table([8.5, 9]).groupby(["applicant", "expert", "indicator"])[["points"]].mean(),
    "a blank row": pd.concat([table([8.5, 9]), pd.DataFrame([[np.nan] * 5], columns=COLUMNS)]),
    "a category that nobody has": table(
        pd.Categorical([8.5, 9], pd.Index([8.5, 9, (1, 2)], tupleize_cols=False))
    ),
    "a line that is missing": table([8.5, 9]).set_axis(
        pd.Index(pd.array([1, None], dtype="Int64"), name="line")
    ),
    "a text index called line": table([8.5, 9]).set_axis(pd.Index(["x", "y"], name="line")),
    "other columns": table([8.5, 9], other=[[1], {2: 3}]),
    "no reasons": table([8.5, 9]).drop(columns="reason"),
    "reasons missing": table([8.5, 9]).assign(reason=[np.nan, None]),
    "reasons not a number": table([8.5, 9]).assign(reason=[np.nan, np.nan]),
    "reasons NA": table([8.5, 9]).assign(reason=[pd.NA, "好"]),
    "blanks around labels": table([8.5, 9]).assign(applicant=[" A", "B\u3000"]),
    "Chinese headings": table([8.5, 9]).set_axis(
        ["评审对象", "专家", "指标", "分数", "理由"], axis=1
    ),
    "wide headings": table([8.5, 9]).rename(
        columns={"points": " Ｐｏｉｎｔｓ ", "expert": "Expert"}
    ),
    "another order": table([8.5, 9])[["reason", "points", "indicator", "expert", "applicant"]],
}


@pytest.mark.parametrize("name", GOOD)
def test_whatever_pandas_makes_of_it(round_: Any, name: str) -> None:
    """8.5 and 9 are counted, in tenths."""
    facts = read_scores(GOOD[name], *round_)
    assert facts.points[:, 0, 0].tolist() == [85, 90]


def test_nothing_is_no_score(round_: Any) -> None:
    """NaN, None, NA and blanks are not there yet; a 0 is a score."""
    for nothing in (np.nan, None, pd.NA, "", " ", Decimal("NaN")):
        facts = read_scores(table([nothing, 0]), *round_)
        assert facts.state[:, 0, 0].tolist() == [MISSING, SCORED]


def test_whole_labels_that_became_floats(tmp_path: Path) -> None:
    """Ids such as 1 and 2 are floats in pandas as soon as one is missing."""
    rubric, panel = load(tmp_path, rubric_data((10,)), panel_data(1, ["1", "2"]))
    frame = table([8, 9]).assign(applicant=[1.0, 2.0])
    assert read_scores(frame, rubric, panel).points[:, 0, 0].tolist() == [80, 90]


def test_numbers_in_excel_and_parquet_are_shortest_decimals(round_: Any) -> None:
    """0.1 + 0.2 is not 0.3, and says so; 8.1 as a float is 8.1."""
    with pytest.raises(InputError, match=r"第 2 行：“0.30000000000000004”的位数太多"):
        read_scores(table([0.1 + 0.2, 9]), *round_)
    with pytest.raises(InputError, match=r"第 2 行：“8.1”不是最小单位 0.5 的整数倍"):
        read_scores(table([8.1, 9]), *round_)


WRONG: list[tuple[Any, str]] = [
    (None, "table 要的是文件或文件夹的路径、文字、DataFrame，给出的是"),
    ([1, 2], "table 要的是文件或文件夹的路径、文字、DataFrame，给出的是"),
    ({"a": 1}, "table 要的是文件或文件夹的路径、文字、DataFrame，给出的是"),
    (pd.Series([1]), "table 要的是文件或文件夹的路径、文字、DataFrame，给出的是"),
    (pd.DataFrame(), "缺少列 applicant（评审对象标识）、expert（专家标识）"),
    (table([8, 9]).drop(columns="points"), "缺少列 points"),
    (table([8, 9]).T, "缺少列"),
    (pd.DataFrame(np.zeros((2, 5))), "缺少列"),
    (table([8, 9]).set_axis(pd.MultiIndex.from_product([["x"], COLUMNS]), axis=1), "缺少列"),
    (pd.concat([table([8, 9]), table([8, 9])[["points"]]], axis=1), "“points”不止一列"),
    (table([True, False]), "points 一列的“True”既不是文字也不是数"),
    (table([1, True]), "第 3 行：points 一列的“True”既不是文字也不是数（bool）"),
    (
        table([8, dt.date(2026, 4, 5)]),
        "第 3 行：points 一列的“2026-04-05”",
    ),
    (table(pd.to_datetime(["2026-04-05", None])), "既不是文字也不是数（Timestamp）"),
    (table([[8], 9]), "第 2 行：points 一列的“[8]”既不是文字也不是数（list）"),
    (table([8j, 9]), "既不是文字也不是数（complex128）"),
    (table([b"8", 9]), "既不是文字也不是数（bytes）"),
    (table([8, np.inf]), "第 3 行：“inf”不是分数"),
    (table([8, 9]).assign(expert=[{}, "e1"]), "expert 一列的“{}”既不是文字也不是数（dict）"),
    (
        table(pd.array([[8], [9]], dtype=pd.ArrowDtype(pa.list_(pa.int64())))),
        "第 2 行：points 一列的“[8]”既不是文字也不是数（list）",
    ),
    (table(["\ud800", 9]), "第 2 行：“\ufffd”不是分数"),
    (
        table([8, 9]).assign(applicant=pd.Series(["\ud83d\ude00", "B"], dtype=object)),
        "没有评审对象“\ufffd\ufffd”",
    ),
    (
        table([8, 9]).assign(reason=pd.Series(["\ud800", ""], dtype=object)),
        "第 2 行：reason 第 1 个字符不可显示",
    ),
    (table([8, 9]).assign(reason=["\ufffd好", ""]), "第 2 行：reason 第 1 个字符不可显示"),
    (table([8, 9]).assign(reason=["5", ""]), "第 2 行：reason 只有数字“5”：若本是 8.5 分"),
    (table([10**400, 9]), "的位数太多"),
    (table(["“8.5”", 9]), "第 2 行：“8.5” 两边有引号，请去掉"),
    (table(["'8.5'", 9]), "第 2 行：'8.5' 两边有引号，请去掉"),
    (table(['="8.5"', 9]), '第 2 行：="8.5" 两边有引号，请去掉'),
    (table([8, 9]).assign(reason=[["好"], ""]), "reason 一列的"),
    (table([8, 9]).assign(applicant=[None, "B"]), "第 2 行：这一行没有填 applicant"),
]


@pytest.mark.parametrize(("frame", "message"), WRONG)
def test_what_is_no_table_gets_one_line(round_: Any, frame: Any, message: str) -> None:
    """Never a traceback of pandas."""
    with pytest.raises(InputError) as caught:
        read_scores(frame, *round_)
    (line,) = caught.value.render().splitlines()
    assert message in line
