"""The official rules once more, slow and obvious: fractions and loops, no code of the product.

`expected` takes plain dictionaries (the rubric, the rules and the rows of a round as they are
written down) and gives what `evaluate` has to publish.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

Rows = dict[tuple[str, str, str], str]
"""Applicant, expert and column (a bonus item is ``bonus.n1``): the points column of the table."""


def rounded(value: Fraction, rule: dict[str, Any]) -> Fraction:
    """The multiple of the step that the mode names, a last place where there is no step."""
    step = Fraction(rule.get("step") or Fraction(1, 10 ** rule["places"]))
    below = value // step * step
    if below == value:
        return value
    low, high = (below, below + step) if value > 0 else (below + step, below)  # by magnitude
    if rule["mode"] in ("down", "up"):
        return low if rule["mode"] == "down" else high
    gap = abs(value - low) - abs(high - value)
    if gap == 0 and rule["mode"] == "half_even":
        return low if low / step % 2 == 0 else high
    return low if gap < 0 else high


def expected(
    rubric: dict[str, Any], panel: dict[str, Any], rows: Rows, measured: dict[tuple[str, str], str]
) -> dict[str, Any]:
    """By applicant: points by column, dimensions, base, bonus, deduction, total (None: none)."""
    found = {a["id"]: one(rubric, panel, a, rows, measured) for a in panel["applicants"]}
    for applicant in panel["applicants"]:
        look_behind(rubric, panel, applicant, rows, found[applicant["id"]])
    for own in found.values():
        own["out"] = own["total"] is None or below(panel["rules"], own)
    sums = placings(rubric, panel, rows, found)
    for id, own in found.items():
        own["rank"] = rank(rubric, panel["rules"]["ties"], found, id, sums)
    for id, own in found.items():
        if sums is not None:
            own["placings"] = sums.get(id)
        own.pop("behind")
        own.pop("out")
    return found


def below(rules: dict[str, Any], own: dict[str, Any]) -> bool:
    """Whether a declared minimum is missed (where lower is better: a maximum)."""
    for rule in rules.get("minimums", ()):
        kind, _, name = rule["of"].partition(":")
        value = own[{"dimension": "dimensions", "indicator": "points"}.get(kind, kind)]
        value = value[name] if name else value
        if value < Fraction(rule.get("at_least", value)) or value > Fraction(
            rule.get("at_most", value)
        ):
            return True
    return False


def look_behind(
    rubric: dict[str, Any], panel: dict[str, Any], applicant: dict[str, Any], rows: Rows, own: Any
) -> None:
    """What ties may look at behind the published numbers; None where there is nothing."""
    rules, up = panel["rules"], -1 if rubric.get("better") == "lower" else 1
    indicators = {i["id"]: i for d in rubric["dimensions"] for i in d["indicators"]}
    sheets = read_sheets(rubric, panel, applicant, rows)
    behind = own["behind"]
    tops, totals = 0, []
    for sheet in sheets.values():
        given = {id: p for id, p in sheet.items() if id in indicators}
        if given and None not in given.values():
            factors = {id: i.get("scored", {}).get("factor", "1") for id, i in indicators.items()}
            totals.append(
                sum(p * Fraction(factors[id]) for id, p in given.items() if p is not None)
            )
        for id, p in given.items():
            rule = rules.get("measures", {}).get("indicators", {}).get(id, {})
            ends = indicators[id].get("scored", {"min": "0", "max": indicators[id]["points"]})
            most = Fraction(ends["max"]) - Fraction(rule.get("points", "0"))
            tops += p == (most if up > 0 else Fraction(ends["min"]))
    behind["top_scores"] = tops
    scores = {"sheet": totals}
    for id in indicators:
        column = [sheet.get(id) for sheet in sheets.values()]
        scores[f"score:{id}"] = [p for p in column if p is not None]
    for name, values in scores.items():
        for end, pick in (("best", max), ("worst", min)):
            ordered = [up * v for v in values]
            behind[f"{end}_{name}"] = pick(ordered) if ordered else None


def placings(
    rubric: dict[str, Any], panel: dict[str, Any], rows: Rows, found: dict[str, Any]
) -> dict[str, Fraction] | None:
    """Sums of placings by the experts who have a whole sheet for everybody who is ranked."""
    rule = panel["rules"].get("placings")
    if rule is None:
        return None
    up = -1 if rubric.get("better") == "lower" else 1
    factors = {
        i["id"]: Fraction(i.get("scored", {}).get("factor", "1"))
        for d in rubric["dimensions"]
        for i in d["indicators"]
    }
    ranked = [a for a in panel["applicants"] if not found[a["id"]]["out"]]
    sums = {a["id"]: Fraction(0) for a in ranked}
    for expert in (e["id"] for e in panel["experts"]):
        totals = {}
        for a in ranked:
            sheet = read_sheets(rubric, panel, a, rows).get(expert, {})
            own = {c: p for c, p in sheet.items() if c in factors or rule["of"] != "base"}
            if own and None not in own.values():
                totals[a["id"]] = sum(
                    up * p * factors.get(c, Fraction(1)) for c, p in own.items() if p is not None
                )
        if len(totals) < len(ranked):
            continue
        for id, total in totals.items():
            before = sum(other > total for other in totals.values())
            same = sum(other == total for other in totals.values())
            mean = Fraction(same - 1, 2) if rule["tied"] == "mean" else 0
            sums[id] += 1 + before + mean
    return sums


def one(
    rubric: dict[str, Any],
    panel: dict[str, Any],
    applicant: dict[str, Any],
    rows: Rows,
    measured: dict[tuple[str, str], str],
) -> dict[str, Any]:
    """What one applicant gets, before ranking."""
    return published(rubric, panel["rules"], *parts(rubric, panel, applicant, rows, measured))


def parts(
    rubric: dict[str, Any],
    panel: dict[str, Any],
    applicant: dict[str, Any],
    rows: Rows,
    measured: dict[tuple[str, str], str],
) -> tuple[dict[str, Fraction | None], dict[str, Fraction | None], dict[str, Fraction]]:
    """Exact points: of the indicators, the bonus and the deductions."""
    rules = dict(panel["rules"])
    lower = rubric.get("better") == "lower"
    rules["aggregation"] = {**rules["aggregation"], "lower": lower}
    stage = rules["rounding"]["stage"]
    exact: dict[str, Fraction | None] = {}
    columns = [i for d in rubric["dimensions"] for i in d["indicators"]]
    sheets = read_sheets(rubric, panel, applicant, rows)
    kept = keep_sheets(rubric, rules, sheets) if rules["aggregation"]["level"] == "total" else None
    for i in columns:
        value = combined(rules, sheets, i["id"], kept)
        if value is not None:
            if stage.startswith("score"):
                value = rounded(value, rules["rounding"])
            value *= Fraction(i.get("scored", {}).get("factor", "1"))
        exact[i["id"]] = with_measured(rules, i, value, measured.get((applicant["id"], i["id"])))
    plus = {
        b["id"]: bonus(rules, b, sheets, kept, applicant, rows) for b in rubric.get("bonus", ())
    }
    if stage.startswith("score"):
        plus = {id: None if v is None else rounded(v, rules["rounding"]) for id, v in plus.items()}
    minus = {
        d["id"]: Fraction(rows.get((applicant["id"], "panel", d["id"]), "0"))
        for d in rubric.get("deductions", ())
    }
    return exact, plus, minus


def read_sheets(
    rubric: dict[str, Any], panel: dict[str, Any], applicant: dict[str, Any], rows: Rows
) -> dict[str, dict[str, Fraction | None]]:
    """By expert: each column that this expert is asked for, None where no score counts."""
    found = raw_sheets(rubric, panel, applicant, rows)
    rule = panel["rules"].get("standardise")
    if rule is None:
        return found
    sheets = [raw_sheets(rubric, panel, a, rows) for a in panel["applicants"]]
    for i in (i for d in rubric["dimensions"] for i in d["indicators"]):
        own = panel["rules"].get("measures", {}).get("indicators", {}).get(i["id"], {})
        if own.get("method") == "agreed":
            continue
        column = [
            (e, p)
            for s in sheets
            for e, sheet in s.items()
            if (p := sheet.get(i["id"])) is not None
        ]
        ends = i.get("scored", {"min": "0", "max": i["points"]})
        low, high = Fraction(ends["min"]), Fraction(ends["max"]) - Fraction(own.get("points", "0"))
        for e, sheet in found.items():
            score, mine = sheet.get(i["id"]), [p for x, p in column if x == e]
            if score is not None and len(mine) >= rule["min_n"]:
                new = convert(rule, score, mine, [p for _x, p in column])
                sheet[i["id"]] = min(max(new, low), high)
    return found


def convert(
    rule: dict[str, Any], score: Fraction, mine: list[Fraction], everybody: list[Fraction]
) -> Fraction:
    """One score on the common scale; roots by `decimal`, with many digits."""
    mean, deviation = spread(rule, mine)
    to = rule["to"]
    target = (
        spread(rule, everybody) if to == "panel" else (Fraction(to["mean"]), Fraction(to["spread"]))
    )
    value = target[0]
    if deviation:
        value += target[1] * (score - mean) / deviation
    return rounded(value, {"mode": "half_up", "places": rule["digits"]})


def spread(rule: dict[str, Any], scores: list[Fraction]) -> tuple[Fraction, Fraction]:
    """Mean and standard deviation, the latter with the declared digits."""
    mean = sum(scores, Fraction(0)) / len(scores)
    squares = sum(((x - mean) ** 2 for x in scores), Fraction(0))
    variance = squares / (len(scores) - (rule["spread"] == "sample"))
    with localcontext(prec=80):
        root = (Decimal(variance.numerator) / variance.denominator).sqrt()
        return mean, Fraction(root.quantize(Decimal(1).scaleb(-rule["digits"]), ROUND_HALF_UP))


def raw_sheets(
    rubric: dict[str, Any], panel: dict[str, Any], applicant: dict[str, Any], rows: Rows
) -> dict[str, dict[str, Fraction | None]]:
    """The same before any conversion."""
    rules: dict[str, Any] = panel["rules"]
    found: dict[str, dict[str, Fraction | None]] = {}
    experts = [e["id"] for e in panel["experts"]]
    if panel["assignment"] != "all":
        experts = [e for e in experts if e in panel["assignment"][applicant["id"]]]
    apart = {c["expert"] for c in panel.get("conflicts", ()) if c["applicant"] == applicant["id"]}
    for e in experts:
        if e in apart:
            continue
        found[e] = read_sheet(rubric, rules, applicant, e, rows)
    return found


def read_sheet(
    rubric: dict[str, Any], rules: dict[str, Any], applicant: dict[str, Any], e: str, rows: Rows
) -> dict[str, Fraction | None]:
    """The columns that one expert is asked for."""
    sheet: dict[str, Fraction | None] = {}
    words = []
    for i in (i for d in rubric["dimensions"] for i in d["indicators"]):
        rule = rules.get("measures", {}).get("indicators", {}).get(i["id"])
        if i["kind"] == "quantitative" and rule["method"] != "agreed":
            continue
        words.append(rows.get((applicant["id"], e, i["id"]), ""))
        sheet[i["id"]] = number(words[-1])
    if rules.get("bonus", {}).get("recognised_by") == "experts" and applicant["claims"]:
        for b in rubric["bonus"]:
            names = [f"{b['id']}.{claim['id']}" for claim in applicant["claims"]]
            items = [rows.get((applicant["id"], e, name), "") for name in names]
            words += items
            sheet[b["id"]] = claimed(rules, b, [number(item) for item in items])
    alone = "recused" in words and rules["recusal"] == "exclude_expert"
    return dict.fromkeys(sheet, None) if alone else sheet


def claimed(
    rules: dict[str, Any], group: dict[str, Any], items: list[Fraction | None]
) -> Fraction | None:
    """What one expert gives for all claims together."""
    if None in items:
        return None
    whole = sum((item for item in items if item is not None), Fraction(0))
    capped = rules["bonus"]["cap_stage"] == "expert"
    return min(whole, Fraction(group["points"])) if capped else whole


def number(text: str) -> Fraction | None:
    """A score, or None for what is none."""
    return None if text in ("", "unscored", "recused") else Fraction(text)


def keep_sheets(
    rubric: dict[str, Any], rules: dict[str, Any], sheets: dict[str, dict[str, Fraction | None]]
) -> list[str]:
    """With level total: the experts whose whole sheets count."""
    factors = {
        i["id"]: Fraction(i.get("scored", {}).get("factor", "1"))
        for d in rubric["dimensions"]
        for i in d["indicators"]
    }
    whole = [e for e, sheet in sheets.items() if None not in sheet.values()]
    base_only = rules["aggregation"].get("total_of") == "base"

    def order(e: str) -> tuple[Fraction, ...]:
        own = {c: p for c, p in sheets[e].items() if p is not None}
        total = sum(
            (p * factors.get(c, 1) for c, p in own.items() if c in factors or not base_only),
            Fraction(0),
        )
        weight = Fraction(rules["aggregation"].get("weights", {}).get(e, "1"))
        return (total, *own.values(), weight)

    if rules["aggregation"]["method"] == "near_mean":
        return [e for _total, e in near(rules["aggregation"], [(order(e)[0], e) for e in whole])]
    whole.sort(key=order)
    return cut(rules["aggregation"], whole)


def ends(rule: dict[str, Any], n: int) -> tuple[int, int]:
    """How many of ``n`` go at the low end and at the high end."""
    found = []
    for key in ("drop_lowest", "drop_highest"):
        declared = rule[key]
        if isinstance(declared, dict):
            exact = Fraction(declared["percent"]) * n / 100
            declared = int(rounded(exact, {"mode": declared["rounded"], "places": 0}))
        found.append(declared if n >= rule["min_n"] else 0)
    return found[0], found[1]


def cut(rule: dict[str, Any], ascending: list[Any]) -> list[Any]:
    """What is left of ``ascending`` when the ends are dropped by the method."""
    n = len(ascending)
    if rule["method"] == "median" and n:
        return ascending[(n - 1) // 2 : n // 2 + 1]
    if rule["method"] == "best_of":
        return ascending[: rule["count"]] if rule["lower"] else ascending[-rule["count"] :]
    if rule["method"] == "trimmed_mean":
        low, high = ends(rule, n)
        return ascending[low : n - high]
    return ascending


def combined(
    rules: dict[str, Any],
    sheets: dict[str, dict[str, Fraction | None]],
    column: str,
    kept: list[str] | None,
) -> Fraction | None:
    """Many experts' scores on one column to one."""
    rule = rules["aggregation"]
    given = [(p, e) for e, sheet in sheets.items() if (p := sheet.get(column)) is not None]
    given = trim(rule, given) if kept is None else [(p, e) for p, e in given if e in kept]
    if not given:
        return None
    weights = {e: Fraction(rule.get("weights", {}).get(e, "1")) for _p, e in given}
    return sum((p * weights[e] for p, e in given), Fraction(0)) / sum(weights.values())


def near(rule: dict[str, Any], given: list[tuple[Fraction, str]]) -> list[tuple[Fraction, str]]:
    """Without what is too far from the weighted mean of all; all of it where too few are left."""
    weights = {e: Fraction(rule.get("weights", {}).get(e, "1")) for _p, e in given}
    if not given:
        return given
    mean = sum((p * weights[e] for p, e in given), Fraction(0)) / sum(weights.values())
    limit = abs(mean) * Fraction(rule["percent"]) / 100

    def stays(p: Fraction) -> bool:
        gap = abs(p - mean)
        return gap < limit or gap == 0 or (gap == limit and rule["at_percent"] == "keep")

    left = [(p, e) for p, e in given if stays(p)]
    return left if len(left) >= rule["min_left"] else given


def trim(rule: dict[str, Any], given: list[tuple[Fraction, str]]) -> list[tuple[Fraction, str]]:
    """Drop or replace the ends of one column; of equal scores the heavier is the higher."""
    weights = rule.get("weights", {})
    given = sorted(given, key=lambda own: (own[0], Fraction(weights.get(own[1], "1"))))
    if rule["method"] == "median":
        return cut(rule, sorted(given))
    if rule["method"] == "near_mean":
        return near(rule, given)
    if rule["method"] == "best_of":
        return cut(rule, given)
    if rule["method"] == "mean" or not given:
        return given
    low, many = ends(rule, len(given))
    high = len(given) - many
    left = given[low:high]
    if rule["method"] == "trimmed_mean":
        return left
    lowest, highest = left[0][0], left[-1][0]
    replaced = [(lowest, e) for _p, e in given[:low]] + [(highest, e) for _p, e in given[high:]]
    return left + replaced


def with_measured(
    rules: dict[str, Any], indicator: dict[str, Any], experts: Fraction | None, value: str | None
) -> Fraction | None:
    """The experts' part and the points of the measured value, where there is one to be scored."""
    rule = rules.get("measures", {}).get("indicators", {}).get(indicator["id"])
    if rule is None or rule["method"] in ("agreed", "experts"):
        return experts
    full = Fraction(rule.get("points", indicator["points"]))
    own = None
    if value not in (None, "unscored"):
        own = full * min(max(Fraction(str(value)) / Fraction(rule["target"]), Fraction(0)), 1)
    elif rules["measures"]["missing"] == "zero":
        own = Fraction(0)
    if indicator["kind"] == "quantitative":
        return own
    return None if own is None or experts is None else experts + own


def bonus(
    rules: dict[str, Any],
    group: dict[str, Any],
    sheets: dict[str, dict[str, Fraction | None]],
    kept: list[str] | None,
    applicant: dict[str, Any],
    rows: Rows,
) -> Fraction | None:
    """The bonus of an applicant, under its cap."""
    if not applicant["claims"]:
        return Fraction(0)
    if rules["bonus"]["recognised_by"] == "panel":
        names = [f"{group['id']}.{claim['id']}" for claim in applicant["claims"]]
        given = [number(rows.get((applicant["id"], "panel", name), "")) for name in names]
        value = None if None in given else sum((g for g in given if g is not None), Fraction(0))
    else:
        value = combined(rules, sheets, group["id"], kept)
    return None if value is None else min(value, Fraction(group["points"]))


def published(
    rubric: dict[str, Any],
    rules: dict[str, Any],
    exact: dict[str, Fraction | None],
    plus: dict[str, Fraction | None],
    minus: dict[str, Fraction],
) -> dict[str, Any]:
    """Rounded at the declared stage."""
    stage = rules["rounding"]["stage"]

    def last(value: Fraction) -> Fraction:
        return rounded(value, rules["rounding"])

    points = {id: None if v is None else last(v) for id, v in {**exact, **plus, **minus}.items()}
    dimensions: dict[str, Fraction | None] = {}
    for d in rubric["dimensions"]:
        own = [i["id"] for i in d["indicators"]]
        if any(exact[id] is None for id in own):
            dimensions[d["id"]] = None
        elif stage.endswith("indicator"):
            dimensions[d["id"]] = sum((points[id] or Fraction(0) for id in own), Fraction(0))
        else:
            dimensions[d["id"]] = last(sum((exact[id] or Fraction(0) for id in own), Fraction(0)))
    whole = {**exact, **plus}
    behind: dict[str, Any] = {f"unrounded:indicator:{id}": v for id, v in exact.items()}
    for d in rubric["dimensions"]:
        own = [exact[i["id"]] or Fraction(0) for i in d["indicators"]]
        behind[f"unrounded:dimension:{d['id']}"] = sum(own)
    behind["unrounded:base"] = sum(v or Fraction(0) for v in exact.values())
    gained = sum(v or Fraction(0) for v in whole.values())
    left = gained - sum(minus.values())
    if rules.get("deductions", {}).get("floor") == "zero":
        left = max(left, min(gained, Fraction(0)))
    behind["unrounded:total"] = left
    found: dict[str, Any] = {"points": points, "dimensions": dimensions, "behind": behind}
    if any(v is None for v in (*exact.values(), *plus.values())):
        return {**found, "base": None, "bonus": None, "deduction": None, "total": None}
    extra = sum((points[id] or Fraction(0) for id in plus), Fraction(0))
    taken = sum((points[id] or Fraction(0) for id in minus), Fraction(0))
    if stage.endswith(("indicator", "dimension")):
        base = sum((v or Fraction(0) for v in dimensions.values()), Fraction(0))
        before, total = base + extra, base + extra - taken
    else:
        all_points = sum((v or Fraction(0) for v in exact.values()), Fraction(0))
        with_bonus = all_points + sum((v or Fraction(0) for v in plus.values()), Fraction(0))
        base, before = last(all_points), last(with_bonus)
        total = last(with_bonus - sum(minus.values(), Fraction(0)))
    if rules.get("deductions", {}).get("floor") == "zero":
        total = max(total, min(before, Fraction(0)))
    return {**found, "base": base, "bonus": extra, "deduction": taken, "total": total}


def rank(
    rubric: dict[str, Any],
    ties: list[str],
    found: dict[str, Any],
    id: str,
    sums: dict[str, Fraction] | None,
) -> int | None:
    """1 + how many are better by total or sum of placings, then by the keys of the chain."""
    if found[id]["out"] or (sums is not None and not sums[id]):
        return None
    sign = -1 if rubric.get("better") == "lower" else 1

    def keys(a: str) -> list[Any]:
        own = found[a]
        values: list[Any] = [sign * own["total"] if sums is None else -sums[a]]
        for tie in ties:
            kind, _, name = tie.partition(":")
            if tie in own["behind"]:
                value = own["behind"][tie]
                value = sign * value if kind == "unrounded" else value
                values.append((value is not None, value or 0))
            elif not name:
                values.append(sign * own[kind])
            else:
                values.append(sign * own[{"dimension": "dimensions"}.get(kind, "points")][name])
        return values

    mine = keys(id)
    return 1 + sum(keys(a) > mine for a, own in found.items() if not own["out"])
