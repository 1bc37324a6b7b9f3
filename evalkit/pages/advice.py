"""The advisory part of the panel's summary: how firm the ranks are, agreement, and what to check.

Each function takes what `summary.read` returns and gives a `Section`; without an analysis in it the
section is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from evalkit.base.text import Text, _
from evalkit.pages import page
from evalkit.pages.page import Section

METHODS: dict[str, Text] = {
    "mean": _("平均"),
    "trimmed_mean": _("去一高一低"),
    "median": _("中位数"),
    "winsorised_mean": _("缩尾平均"),
    "severity_adjusted": _("调整宽严"),
}

KINDS: dict[str, Text] = {
    "outlier_high": _("偏高"),
    "outlier_low": _("偏低"),
    "undistinguished": _("分不出高低"),
    "objective": _("定量指标不一致"),
    "range": _("超出范围"),
    "sum": _("合计不符"),
}

_SIGNS: dict[str, Text] = {
    "higher": _("正数偏宽，负数偏严。"),
    "lower": _("总分越低越好，所以正数偏严，负数偏宽。"),
}
"""What the sign of an expert's effect in points means, by the totals that are better."""

_SURE = Decimal("0.95")
"""Inside or outside the places in at least this share of the samples counts as firm."""

_NAMED = 10
"""Up to this many names stand in a sentence."""

Summary = Mapping[str, Any]


def stability(summary: Summary) -> Section:
    """How firm ranks are: other experts, one expert fewer, other methods, other weights."""
    if "analysis" not in summary:
        return Section("stability", "")
    a, names = summary["analysis"], _names(summary)
    rows, within = a["rows"], _within(a["settings"]["places"])
    ends = [rank for row in rows for rank in (*row["ranks"], row["rank"])]
    ends += [row["left_out"][side] for row in rows if row["left_out"] for side in ("low", "high")]
    return page.section(
        "stability",
        summary,
        a=a,
        rows=rows,
        names=names,
        axis=(min(ends, default=1), max(ends, default=1)),
        within=within,
        said=[*_inside(rows, names, within), *_fewer(a, names, within), *_rest(a, within)],
        methods=METHODS,
        level=_level,
        percent=_percent,
        spread=_percent(a["settings"]["weight_spread"]),
    )


def agreement(summary: Summary) -> Section:
    """Whether the experts agree, and how severe each of them was."""
    if "analysis" not in summary:
        return Section("agreement", "")
    a, names = summary["analysis"], _names(summary)
    total = a["agreement"][-1]
    return page.section(
        "agreement",
        summary,
        a=a,
        names=names,
        said=[*_reliable(total), *total["reasons"]],
        heads=form_heads(a["agreement"]),
        rows=[(_form(row), _own_reasons(row, a), row) for row in a["agreement"]],
        expert_names=[names[f"e:{id}"] for id in a["heat"]["experts"]],
        percent=_percent,
        dash=_dash,
        signs=_SIGNS[summary["rubric"]["better"]],
    )


def checks(summary: Summary) -> Section:
    """Scores that somebody should look at."""
    if "analysis" not in summary:
        return Section("checks", "")
    a = summary["analysis"]
    return page.section(
        "checks", summary, a=a, names=_names(summary), kinds=KINDS, percent=_percent
    )


def robust(report: Mapping[str, Any]) -> Text | None:
    """On the applicant's report: the ranks without any one expert. None where nothing is told."""
    found = report.get("analysis", {}).get("left_out")
    if found is None:
        return None
    if found["low"] == found["high"]:
        return _("少任何一位专家的评分，本单位的名次都不变。")
    return _("少任何一位专家的评分，本单位的名次在第 {low} 至第 {high} 名之间。", **found)


def _names(summary: Summary) -> dict[str, str]:
    """Names of applicants, experts and indicators by id; ids are unique within each of them."""
    found: dict[str, str] = {}
    for kind, part in (("a", "applicants"), ("e", "experts"), ("c", "columns")):
        found |= {f"{kind}:{one['id']}": one["name"] for one in summary[part]}
    return found


def _within(places: int | Mapping[str, int] | None) -> Text | None:
    """What lies inside the line; None where there is none."""
    if isinstance(places, Mapping):
        return _("各组名额") if any(places.values()) else None
    return _("前 {n} 名", n=places) if places else None


def _inside(
    rows: list[Mapping[str, Any]], names: Mapping[str, str], within: Text | None
) -> list[Text]:
    if within is None:
        return []
    unsure = [
        _("{name}（{share}）", name=names[f"a:{row['applicant']}"], share=_percent(row["inside"]))
        for row in rows
        if row["inside"] is not None and 1 - _SURE < Decimal(row["inside"]) < _SURE
    ]
    if not unsure:
        return [_("换一批同类专家，{within}的名单基本不变。", within=within)]
    if len(unsure) > _NAMED:
        values = {"within": within, "many": len(unsure)}
        return [_("换一批同类专家，能否进入{within}不能肯定的有 {many} 个，见下表。", **values)]
    values = {"within": within, "unsure": unsure}
    return [_("换一批同类专家，能否进入{within}不能肯定的有：{unsure}。", **values)]


def _fewer(a: Mapping[str, Any], names: Mapping[str, str], within: Text | None) -> list[Text]:
    if within is None:
        return []
    if not a["lists"]:
        return [_("少任何一位专家，{within}的名单都不变。", within=within)]
    if sum(len(change["enter"]) + len(change["leave"]) for change in a["lists"]) > _NAMED:
        most = max(a["lists"], key=lambda change: len(change["enter"]))
        return [
            _(
                "有 {many} 位专家，少其中任何一位，{within}的名单都会变；"
                "变动最多的是少{expert}，换 {number} 个。",
                many=len(a["lists"]),
                within=within,
                expert=names[f"e:{most['without']}"],
                number=len(most["enter"]),
            )
        ]
    return [
        _(
            "如果没有{expert}：进入名单 {enter}，退出名单 {leave}。",
            expert=names[f"e:{change['without']}"],
            enter=[names[f"a:{id}"] for id in change["enter"]] or _("无"),
            leave=[names[f"a:{id}"] for id in change["leave"]] or _("无"),
        )
        for change in a["lists"]
    ]


def _rest(a: Mapping[str, Any], within: Text | None) -> list[Text]:
    if a["widths"] is None:
        return []
    near = _("离入围线最近的") if within is not None else _("最前面的")
    return [
        _(
            "共 {ranked} 个有名次，这里列出{near} {shown} 个；其余 {n} 个的名次变动范围，"
            "一半不超过 {median} 名，最宽 {most} 名。全部数字可用 evalkit analyse --json 取得。",
            ranked=a["ranked"],
            near=near,
            shown=len(a["rows"]),
            **a["widths"],
        )
    ]


def _percent(share: str) -> str:
    return f"{(Decimal(share) * 100).quantize(Decimal('0.1')).normalize():f}%"


def _level(line: Mapping[str, Any]) -> bool:
    """Whether a total is the same as that on the other side of the line."""
    return Decimal(line["gap"]) == 0


def _own_reasons(row: Mapping[str, Any], a: Mapping[str, Any]) -> list[str]:
    """Reasons that do not hold for the totals, too, where they are said once."""
    total = a["agreement"][-1]
    if row is total:
        return [total["no_ac2"]] if total["no_ac2"] else []
    return [reason for reason in row["reasons"] if reason not in total["reasons"]]


def _dash(value: str | None) -> str:
    return "—" if value is None else value


_SHOWN = {"two_way": ("ICC(2,1)", "ICC(2,k)"), "one_way": ("ICC(1,1)", "ICC(1,k)")}
"""The two forms that are shown, by model: one expert, and the mean of all of them."""


def shown_forms(row: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Value and interval of the forms that are shown of a row of agreement; empty without them."""
    by_form = {one["form"]: one for one in row["icc"]}
    single, average = _SHOWN[row["model"]]
    return by_form.get(single, {}), by_form.get(average, {})


def form_heads(rows: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """How the columns of the forms are called where ``rows`` of agreement are shown."""
    models = sorted({row["model"] for row in rows}, reverse=True)
    single, average = (" / ".join(_SHOWN[model][n] for model in models) for n in (0, 1))
    return single, average


def _form(row: Mapping[str, Any]) -> dict[str, str]:
    """The two forms with their intervals."""
    shown = {}
    for key, one in zip(("single", "average"), shown_forms(row), strict=True):
        ends = "（{low} — {high}）".format(**one) if _bounded(one) else ""
        shown[key] = _dash(one.get("value")) + ends
    return shown


def _bounded(one: Mapping[str, Any]) -> bool:
    """Whether a coefficient has both ends of its interval."""
    return one.get("low") is not None and one.get("high") is not None


def _reliable(total: Mapping[str, Any]) -> list[Text]:
    """The reliability of the panel's mean in a sentence, in the words of [KL16]_, if it has one."""
    one, mean = shown_forms(total)
    if mean.get("value") is None:
        return []
    value = Decimal(mean["value"])
    word = (
        _("很好") if value >= Decimal("0.9")
        else _("较好") if value >= Decimal("0.75")
        else _("一般") if value >= Decimal("0.5")
        else _("较差")
    )  # fmt: skip
    interval = _("（95% 区间 {low} 至 {high}）", **mean) if _bounded(mean) else ""
    return [
        _(
            "就总分而言，专家组平均分的可靠程度{word}：{form} 为 {mean}{interval}，"
            "单独一位专家为 {one}。1 表示完全一致；依据{base}。",
            word=word,
            form=mean["form"],
            mean=mean["value"],
            interval=interval,
            one=one["value"],
            base=_("全部专家都评了的 {n} 个对象", n=total["whole"])
            if total["model"] == "two_way"
            else _(
                "{n} 个对象，平均各有 {k} 张评分表",
                n=total["applicants"],
                k=f"{Decimal(total['k']).normalize():f}",
            ),
        )
    ]
