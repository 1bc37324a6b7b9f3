"""Every number that the analysis lacks has its reason beside it, in JSON and on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evalkit.analysis import Line
from evalkit.cli.analyse import _show
from evalkit.evaluation import Results, evaluate
from tests.support import builders
from tests.support.analyses import analysed, assigned, random_scores, round_of

Key = str | int


def unranked(folder: Path) -> Results:
    """Applicant a was scored on no indicator, b on all."""
    scores = random_scores(9, 4, 3)
    scores[0] = np.nan
    return round_of(folder, scores)


def one_constant(folder: Path) -> Results:
    """The first expert gives 8 to everybody, the others do not."""
    scores = random_scores(3, 5, 3)
    scores[:, 0] = 8.0
    return round_of(folder, scores)


def median(folder: Path) -> Results:
    """No interval has a formula."""
    rules = {"aggregation": {"method": "median", "level": "indicator"}}
    return round_of(folder, random_scores(5, 4, 3), rules)


def apart(folder: Path) -> Results:
    """Two groups of applicants with experts of their own."""
    return assigned(folder, {a: [1, 2, 3] if a in "ab" else [4, 5, 6] for a in "abcd"}, 6)


def no_severity(folder: Path) -> Results:
    """Each of the experts gives 20 in all: the variance of severity is at its bound."""
    return round_of(folder, np.array([[8.0, 7, 9], [7, 9, 8], [5, 4, 3]])[:, :, None])


def sparse(folder: Path) -> Results:
    """Six experts are assigned to all, each applicant has scores of two: no common sheet."""
    scores = random_scores(6, 5, 6)
    for n in range(5):
        scores[n, [e for e in range(6) if e not in {n, n + 1}]] = np.nan
    return round_of(folder, scores)


ROUNDS: dict[str, Callable[[Path], Results]] = {
    "ordinary": lambda folder: round_of(folder, random_scores(1, 5, 4)),
    "the demo": lambda _: evaluate(*builders.demo()),
    "one expert": lambda folder: round_of(folder, random_scores(8, 4, 1)),
    "one applicant": lambda folder: round_of(folder, random_scores(8, 1, 4)),
    "all equal": lambda folder: round_of(folder, np.full((4, 3, 2), 8.0)),
    "one gives the same": one_constant,
    "disconnected": apart,
    "an expert for each": lambda folder: assigned(folder, {"a": [1], "b": [2]}, 2),
    "median": median,
    "somebody unranked": unranked,
    "no severity": no_severity,
    "few scores of many experts": sparse,
    "nobody scored": lambda folder: round_of(folder, np.full((3, 2, 1), np.nan)),
}
LINES = {
    "declared": None,
    "places": Line(places=2, marks=(Decimal(12),)),
    "all": Line(places=9),
    "no place": Line(places=0),
}

NOTHING_MISSING = {"no_ac2", "no_ranks", "no_intervals", "reason"}
"""Keys of reasons: null says that nothing is missing."""

OF_EXPERTS = {"components", "raw", "least_squares", "effect", "low", "high"}


def nulls(value: Any, path: tuple[Key, ...] = ()) -> Iterator[tuple[Key, ...]]:
    """The places of all nulls in a JSON value."""
    if value is None:
        yield path
    pairs = value.items() if isinstance(value, dict) else ()
    for key, inner in enumerate(value) if isinstance(value, list) else pairs:
        yield from nulls(inner, (*path, key))


def reason(view: dict[str, Any], path: tuple[Key, ...]) -> Any:
    """The sentence that docs/formats.md promises for the null at ``path``; else None."""
    part, last = path[0], str(path[-1])
    if part == "agreement":
        row = view["agreement"][path[1]]
        return row["no_ac2"] if last == "ac2" else row["reasons"]
    if part == "severity":
        if last == "against_others":
            return view["severity"]["no_ranks"]
        bounds = view["severity"]["no_intervals"] if last in {"low", "high"} else None
        return bounds or (view["severity"]["reason"] if last in OF_EXPERTS else None)
    if part == "applicants":
        ranked = view["applicants"][path[1]]["rank"] is not None
        key = {"inside": last, "next": "ahead"}.get(last, str(path[2])) if ranked else "rank"
        return view["reasons"].get(key)
    return None


def means_something_else(view: dict[str, Any], path: tuple[Key, ...]) -> bool:
    """Whether docs/formats.md says that null is itself an answer there."""
    return (
        path[-1] in NOTHING_MISSING
        or path == ("settings", "places")
        or (path == ("resampling", "seed") and view["resampling"]["exact"])
        or path[0] == "findings"
    )


PAIRS = [
    pytest.param(
        ROUNDS[name],
        LINES[line],
        id=f"{name}-{line}",
        marks=() if (n - k) % 2 == 0 else pytest.mark.soak,
    )
    for n, name in enumerate(ROUNDS)
    for k, line in enumerate(LINES)
]
"""Half of all pairs, each round and each line several times; all of them in the soak."""


@pytest.mark.parametrize(("build", "line"), PAIRS)
def test_every_null_has_a_sentence(
    tmp_path: Path, build: Callable[[Path], Results], line: Line | None
) -> None:
    """In odd rounds and an ordinary one, in both languages."""
    analysis = analysed(build(tmp_path), line=line)
    for language in ("zh", "en"):
        view = analysis.to_dict(language)
        found = [path for path in nulls(view) if not means_something_else(view, path)]
        assert [path for path in found if not reason(view, path)] == []


@pytest.mark.parametrize("build", ROUNDS.values(), ids=ROUNDS)
def test_a_sentence_stands_only_where_something_is_missing(
    tmp_path: Path, build: Callable[[Path], Results]
) -> None:
    """No excuse for a number that is there."""
    view = analysed(build(tmp_path)).to_dict()
    gaps = {path[2] for path in nulls(view["applicants"], ("applicants",))}
    assert view["reasons"].keys() <= {*gaps, "rank"}
    assert ("rank" in view["reasons"]) == ("rank" in gaps)
    for row in view["agreement"]:
        assert (row["ac2"] is None) == (row["no_ac2"] is not None)
    ranks = [one["against_others"] for one in view["severity"]["experts"]]
    assert (view["severity"]["no_ranks"] is None) <= (None not in ranks)


SHOWN = {
    "disconnected": (apart, ["宽严：专家和对象分成互不相连的几组"]),
    "one expert": (
        ROUNDS["one expert"],
        [
            "宽严：评分太少，分不开专家的宽严和对象的水平",
            "95% 区间：4 个对象计入的评分太少",
            "少一位专家：4 个对象少了任何一位专家都没有名次",
            "谈不上一致性；没有两位专家都评的对象",
        ],
    ),
    "median": (median, ["95% 区间：所声明的汇总方法没有现成的区间公式"]),
    "ordinary": (ROUNDS["ordinary"], ["总分不是逐档打出的，不计算 AC2"]),
    "no severity": (no_severity, ["宽严的区间：从评分看不出专家之间的宽严差别"]),
    "few scores of many experts": (sparse, ["ICC(1,k)", "全部专家都评了的对象不足两个"]),
    "experts differ": (apart, ["ICC(1,1)", "各对象的专家不同"]),
    "somebody unranked": (unranked, ["名次：1 个对象没有名次"]),
}


@pytest.mark.parametrize(("build", "said"), SHOWN.values(), ids=SHOWN)
def test_the_terminal_says_why_there_is_a_dash(
    tmp_path: Path,
    build: Callable[[Path], Results],
    said: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Below each table, each reason once."""
    results = build(tmp_path)
    _show(results, analysed(results), "zh")
    words = capsys.readouterr().out
    assert [part for part in said if part not in words] == []
    assert [part for part in said if "：" in part and words.count(part) != 1] == []


def test_reasons_in_english_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Several in a cell have a semicolon between them."""
    results = round_of(tmp_path, random_scores(8, 4, 1))
    _show(results, analysed(results), "en")
    assert "no agreement to speak of; no applicant has two scores: no AC2" in (
        capsys.readouterr().out
    )
