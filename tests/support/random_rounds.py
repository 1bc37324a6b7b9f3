"""Random rounds: every rule that a panel may declare, small enough to be checked by slow means."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.support import reference
from tests.support.builders import panel_data, rubric_data
from tests.support.reference import Rows

Round = tuple[dict[str, Any], dict[str, Any], Rows, dict[tuple[str, str], str]]
"""Rubric, panel, the rows of the experts and the panel, and the measured values."""


def make(seed: int) -> Round:
    """A round that loads and can be evaluated, the same for the same ``seed``."""
    random = Random(seed)
    rubric, measures = make_rubric(random)
    experts, applicants = random.randint(1, 7), random.randint(1, 5)
    rules = make_rules(random, rubric, measures, experts)
    with_claims = [
        {
            "id": f"a{n}",
            "name": f"对象{n}",
            "lead": f"示例牵头{n}",
            "claims": claims(random, rubric),
        }
        for n in range(applicants)
    ]
    panel = panel_data(experts, with_claims, rules)
    pairs = [(a["id"], e["id"]) for a in panel["applicants"] for e in panel["experts"]]
    panel["conflicts"] = [
        {"applicant": a, "expert": e, "reason": "合作"} for a, e in pairs if random.random() < 0.05
    ]
    if random.random() < 0.3:
        ids = [e["id"] for e in panel["experts"]]
        panel["assignment"] = {
            a["id"]: random.sample(ids, random.randint(1, len(ids))) for a in panel["applicants"]
        }
    rows, measured = make_rows(random, rubric, panel)
    if "placings" in rules:
        found = reference.expected(rubric, panel, rows, measured)
        if any(own["placings"] == 0 for own in found.values()):
            del rules["placings"]  # no expert has a whole sheet for everybody
            panel["rules"].pop("placings")
    return rubric, panel, rows, measured


def make_rubric(random: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """A rubric of one to three dimensions, and how its measured values are scored."""
    rubric = rubric_data([1], bonus=random.random() < 0.5)
    measures: dict[str, Any] = {}
    lower = random.random() < 0.15
    dimensions = []
    for d in range(random.randint(1, 3)):
        indicators = [
            indicator(random, f"i{d}{n}", measures, lower=lower)
            for n in range(random.randint(1, 3))
        ]
        dimensions.append({"id": f"d{d}", "name": f"维度{d}", "indicators": indicators})
    rubric |= {"dimensions": dimensions}
    rubric["points"] = total([i["points"] for d in dimensions for i in d["indicators"]])
    if lower:
        rubric |= {"better": "lower", "bonus": []}
    elif random.random() < 0.4:
        rubric["deductions"] = [{"id": "late", "name": "迟报", "points": random.choice("38")}]
    for group in rubric.get("bonus", ()):
        group["points"] = random.choice(["4", "5.5", "10"])
    return rubric, measures


def total(points: list[str]) -> str:
    """The sum of points on a step of one half."""
    halves = sum(round(2 * float(p)) for p in points)
    return f"{halves // 2}.{halves % 2 * 5}"


def indicator(random: Random, id: str, measures: dict[str, Any], *, lower: bool) -> dict[str, Any]:
    """One indicator of any kind and scale."""
    points = random.choice(["4", "4.5", "10", "15"])
    found = {"id": id, "name": f"指标{id}", "points": points, "kind": "qualitative"}
    draw = random.random()
    if draw < 0.2:
        found["points"] = "5"
        found["scored"] = {"min": "0", "max": "100", "factor": "0.05"}
    elif draw < 0.35:
        found["points"] = "6.5"
        found["scored"] = {"min": "-5", "max": "5", "factor": "1.3"}
    elif draw < 0.5:
        found["kind"] = "quantitative"
        measures[id] = {"method": "agreed"} if lower or draw < 0.4 else target(random)
    elif draw < 0.65:
        found["kind"] = "mixed"
        by_experts = lower or draw < 0.55
        measures[id] = {"method": "experts"} if by_experts else target(random, "1.5")
    return found


def target(random: Random, points: str | None = None) -> dict[str, str]:
    """The ratio to a target, for all points of an indicator or for some of them."""
    rule = {"method": "target_ratio", "better": "higher", "target": random.choice(["3", "7", "30"])}
    return rule | ({"points": points} if points else {})


def make_rules(
    random: Random, rubric: dict[str, Any], measures: dict[str, Any], experts: int
) -> dict[str, Any]:
    """Any combination of rules that loads."""
    stages = ["score", "score_indicator", "score_dimension", "indicator", "dimension", "total"]
    points = [i["points"] for d in rubric["dimensions"] for i in d["indicators"]]
    least = int(any("." in p for p in [*points, *(b["points"] for b in rubric.get("bonus", ()))]))
    places = random.randint(least, 3)
    rounding = {"mode": "half_up", "stage": random.choice(stages), "places": places}
    more = Random(random.random())  # apart, so that rounds of earlier kinds stay as they were
    if more.random() < 0.4:
        rounding["mode"] = more.choice(["half_even", "down", "up"])
    halves = all(p in ("4", "5", "10", "15", "4.5", "5.5", "6.5") for p in points)
    if halves and places and more.random() < 0.2:
        rounding["step"] = more.choice(["0.5", "0.1"])
    keys = ["base", "bonus", *(f"dimension:{d['id']}" for d in rubric["dimensions"])]
    keys += [f"indicator:{i['id']}" for d in rubric["dimensions"] for i in d["indicators"]]
    rules: dict[str, Any] = {
        "aggregation": aggregation(random, experts, bonus=bool(rubric.get("bonus"))),
        "rounding": rounding,
        "missing": random.choice(["refuse", "exclude"]),
        "recusal": random.choice(["exclude_indicator", "exclude_expert"]),
        "ties": random.sample(keys, random.randint(0, 2)),
    }
    if more.random() < 0.4:
        names = names_of(rubric)
        ids = [k.partition(":")[2] for k in names if k.startswith("indicator")]
        behind = [f"unrounded:{k}" for k in ("total", "base", *names)]
        behind += ["best_sheet", "worst_sheet", "top_scores"]
        behind += [f"{end}_score:{id}" for end in ("best", "worst") for id in ids]
        rules["ties"] = more.sample([*keys, *behind, *behind], 2)
    if more.random() < 0.15:
        rules["standardise"] = {
            "to": more.choice(["panel", {"mean": "3", "spread": "0.75"}]),
            "spread": more.choice(["population", "sample"]),
            "digits": more.randint(1, 3),
            "min_n": more.choice([2, 3]),
            "below_min_n": "as_scored",
            "all_equal": "mean",
            "outside": "clip",
        }
    if more.random() < 0.3:
        lower = rubric.get("better") == "lower"
        name = more.choice(["total", "base", *names_of(rubric)])
        bound = {"at_most": "12"} if lower else {"at_least": more.choice(["1", "2.5", "4"])}
        rules["minimums"] = [{"of": name, **bound}]
    if "weights" not in rules["aggregation"] and more.random() < 0.15:
        rules["placings"] = {
            "of": more.choice(["base", "base_and_bonus"]) if rubric.get("bonus") else "base",
            "tied": more.choice(["least", "mean"]),
            "incomplete": "exclude_expert",
        }
    if rubric.get("bonus"):
        rules["bonus"] = {
            "recognised_by": random.choice(["experts", "experts", "panel"]),
            "scope": "national",
            "cap_stage": random.choice(["aggregate", "expert"]),
        }
    if rubric.get("deductions"):
        rules["deductions"] = {"floor": random.choice(["zero", "none"])}
    if measures:
        rules["measures"] = {
            "missing": random.choice(["refuse", "zero"]),
            "indicators": measures,
        }
    return rules


def names_of(rubric: dict[str, Any]) -> list[str]:
    """The dimensions and indicators as rules name them."""
    dimensions = [f"dimension:{d['id']}" for d in rubric["dimensions"]]
    return dimensions + [
        f"indicator:{i['id']}" for d in rubric["dimensions"] for i in d["indicators"]
    ]


def aggregation(random: Random, experts: int, *, bonus: bool) -> dict[str, Any]:
    """A method with its level, and sometimes with weights."""
    method = random.choice(["mean", "trimmed_mean", "trimmed_mean", "median", "winsorised_mean"])
    draw = random.random()
    near, best = draw < 0.12, draw > 0.88
    if near or best:
        method = "near_mean" if near else "best_of"
    level = "indicator" if method == "winsorised_mean" else random.choice(["indicator", "total"])
    rule: dict[str, Any] = {"method": method, "level": level}
    if method in ("trimmed_mean", "winsorised_mean"):
        high, low = random.randint(0, 2), random.randint(0, 2)
        least = high + low + random.randint(1, 2)
        rule |= {"drop_highest": high, "drop_lowest": low, "min_n": least, "below_min_n": "mean"}
        more = Random(f"{experts}{high}{low}{least}{method}{level}")
        for key in ("drop_highest", "drop_lowest"):
            if more.random() < 0.3:
                rounded = more.choice(["down", "half_up", "up"])
                rule[key] = {"percent": more.choice(["12.5", "20", "33"]), "rounded": rounded}
                rule["min_n"] = 6
    if near:
        rule |= {"percent": random.choice(["10", "20", "50"]), "below_min_left": "mean"}
        rule |= {"at_percent": random.choice(["keep", "drop"]), "min_left": random.randint(1, 3)}
    if best:
        rule |= {"count": random.randint(1, 4), "below_count": "mean"}
    if method in ("trimmed_mean", "median", "near_mean", "best_of") and level == "total" and bonus:
        rule["total_of"] = random.choice(["base", "base_and_bonus"])
    if method != "median" and random.random() < 0.3:
        weights = ["1", "2", "0.35", "1.5"]
        rule["weights"] = {f"e{n}": random.choice(weights) for n in range(1, experts + 1)}
    return rule


def claims(random: Random, rubric: dict[str, Any]) -> list[dict[str, str]]:
    """Up to three claims where there is a bonus."""
    n = random.choice([0, 1, 2, 3]) if rubric.get("bonus") else 0
    names = (f"n{k}" for k in range(n))
    return [{"id": id, "title": id, "level": "national", "evidence": id} for id in names]


def make_rows(
    random: Random, rubric: dict[str, Any], panel: dict[str, Any]
) -> tuple[Rows, dict[tuple[str, str], str]]:
    """Scores drawn from few values, so that many tie; some are missing, unscored or recused."""
    rules, rows = panel["rules"], Rows()
    measured: dict[tuple[str, str], str] = {}
    apart = {(c["applicant"], c["expert"]) for c in panel["conflicts"]}
    words = ["unscored", "recused", *[""] * (rules["missing"] == "exclude")]
    for a in panel["applicants"]:
        seats = panel["assignment"]
        ids = [e["id"] for e in panel["experts"]] if seats == "all" else seats[a["id"]]
        free = [e for e in ids if (a["id"], e) not in apart]
        for name, values in choices(random, rubric, rules, a).items():
            agreed = random.choice(values)
            for e in free:
                same = rules.get("measures", {}).get("indicators", {}).get(name, {})
                value = agreed if same.get("method") == "agreed" else random.choice(values)
                given = random.choice(words) if random.random() < 0.08 else value
                rows[a["id"], e, name] = given
        office(random, rubric, rules, a, rows)
        for id, rule in rules.get("measures", {}).get("indicators", {}).items():
            if rule["method"] != "target_ratio":
                continue
            lacking = rules["measures"]["missing"] == "zero" and random.random() < 0.2
            value = "unscored" if lacking else random.choice(["0", "2", "1.7", "4.25", "31", "-1"])
            measured[a["id"], id] = value
    return rows, measured


def choices(
    random: Random, rubric: dict[str, Any], rules: dict[str, Any], applicant: dict[str, Any]
) -> dict[str, list[str]]:
    """What experts may enter for ``applicant``: a few values for each column."""
    found = {}
    for i in (i for d in rubric["dimensions"] for i in d["indicators"]):
        rule = rules.get("measures", {}).get("indicators", {}).get(i["id"], {})
        if rule.get("method") == "target_ratio" and i["kind"] == "quantitative":
            continue
        ends = i.get("scored", {"min": "0", "max": i["points"]})
        high = float(ends["max"]) - float(rule.get("points", "0"))
        halves = range(round(2 * float(ends["min"])), round(2 * high) + 1)
        found[i["id"]] = [f"{h / 2}" for h in random.sample(list(halves), 3)]
    if rules.get("bonus", {}).get("recognised_by") == "experts":
        for b in rubric["bonus"]:
            for claim in applicant["claims"]:
                found[f"{b['id']}.{claim['id']}"] = ["0", "2", "2.5", "3"]
    return found


def office(
    random: Random,
    rubric: dict[str, Any],
    rules: dict[str, Any],
    applicant: dict[str, Any],
    rows: Rows,
) -> None:
    """What the panel as a whole decides: bonus items and deductions."""
    if rules.get("bonus", {}).get("recognised_by") == "panel":
        for b in rubric["bonus"]:
            for claim in applicant["claims"]:
                name = f"{b['id']}.{claim['id']}"
                rows[applicant["id"], "panel", name] = random.choice(["0", "2", "2.5", "3"])
    for d in rubric.get("deductions", ()):
        if random.random() < 0.5:
            rows[applicant["id"], "panel", d["id"]] = random.choice(["0", "0.5", "1.3", "3"])
