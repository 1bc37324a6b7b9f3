"""``evalkit analyse``: how firm the results are, agreement of the experts, and what to check."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import typer

import evalkit as ek
from evalkit.base.errors import InputError
from evalkit.base.text import Text, _
from evalkit.cli import options
from evalkit.cli.console import asked_results, say, say_json, say_table

commands = typer.Typer()


@commands.command(help=str(_("名次是否稳定、专家是否一致、哪些评分须核对；只供参考，不改变结果")))
def analyse(
    context: typer.Context,
    panel: Path = options.MAYBE_FOLDER,
    rubric: Path = options.RUBRIC,
    panel_file: Path = options.PANEL,
    scores: Path = options.SCORES,
    encoding: str = options.ENCODING,
    sheet: str = options.SHEET,
    as_json: bool = options.CANONICAL,
    trial: bool = options.TRIAL,
    seed: int = typer.Option(None, min=0, help=str(_("随机数种子；不给则由结果摘要值得出"))),
    places: int = typer.Option(None, min=1, help=str(_("名额：关心谁能进入前几名"))),
    mark: list[str] = typer.Option(
        None, help=str(_("等次或及格的分数线（含本数），可多次给出；总分越低越好的，是最高总分"))
    ),
    outlier_z: str = typer.Option(None, help=str(_("偏高偏低：稳健 z 值的界限"))),
    outlier_share: str = typer.Option(None, help=str(_("偏高偏低：偏离占分值的界限"))),
) -> None:

    files = (rubric, panel_file, scores)
    results = asked_results(
        panel, files, trial=trial, encoding=encoding, sheet=sheet, language=context.obj
    )
    limits = _thresholds(outlier_z, outlier_share)
    found = ek.advise(results, seed=seed, line=_line(places, mark or []), thresholds=limits)
    if as_json:
        say_json(found.to_json(context.obj))
        return
    _show(results, found, context.obj)


def _line(places: int | None, marks: list[str]) -> ek.Line | None:

    if places is None and not marks:
        return None
    return ek.Line(places, tuple(_number("--mark", mark) for mark in marks))


def _thresholds(z: str | None, share: str | None) -> ek.Thresholds:

    limits = ek.Thresholds()
    return ek.Thresholds(
        z=limits.z if z is None else _number("--outlier-z", z),
        share=limits.share if share is None else _number("--outlier-share", share),
    )


def _number(option: str, value: str | None) -> Decimal:
    from evalkit.base.declared import decimal

    try:
        return decimal(value)
    except ValueError as error:
        raise InputError(_("{option}：{why}", option=option, why=error.args[0])) from None


def _show(results: ek.Results, found: ek.Analysis, language: str) -> None:
    from evalkit.pages.advice import form_heads

    view = found.to_dict(language)
    say(_("{title} · 只供参考，不改变结果", title=results.panel.title), language, style="bold")
    say(view["resampling"]["how"], language)
    rows = sorted(view["applicants"], key=lambda row: row["rank"] or float("inf"))
    heads = [(name, side) for name, side, _key in _COLUMNS]
    say_table(heads, [_row(results, row) for row in rows], language)
    for name, _side, key in _COLUMNS:
        if key in view["reasons"]:
            say(_("{name}：{why}", name=name, why=view["reasons"][key]), language)
    columns: list[tuple[Text | str, str]] = [(_("指标"), "left")]
    columns += [(name, "right") for name in (*form_heads(view["agreement"]), "α")]
    columns += [("W", "right"), ("AC2", "right"), (_("说明"), "left")]
    names = _names(results, language)
    say_table(columns, [_agreement(row, names, language) for row in view["agreement"]], language)
    columns = [(_("专家"), "left"), (_("评分表"), "right"), (_("宽严"), "right")]
    columns += [(_("95% 区间"), "right")]
    say_table(columns, [_expert(row, names) for row in view["severity"]["experts"]], language)
    for name, key in ((_("宽严"), "reason"), (_("宽严的区间"), "no_intervals")):
        if why := view["severity"][key]:
            say(_("{name}：{why}", name=name, why=why), language)
    for finding in view["findings"]:
        ids = [finding[key] for key in ("applicant", "column", "expert") if finding[key]]
        place = [names.get(id, id) for id in ids]
        say(_("核对 {place}：{text}", place=" ".join(place), text=finding["text"]), language)
    if not view["findings"]:
        say(_("没有明显偏高、偏低或分不出高低的评分。"), language)


_COLUMNS: list[tuple[Text | str, str, str]] = [
    (_("名次"), "right", "rank"),
    (_("标识"), "left", ""),
    (_("评审对象"), "left", ""),
    (_("总分"), "right", ""),
    (_("95% 区间"), "right", "interval"),
    (_("换一批专家"), "right", ""),
    (_("少一位专家"), "right", "left_out"),
    (_("权重浮动"), "right", ""),
    (_("进入名额"), "right", "inside"),
    (_("改变等次"), "right", "other_grade"),
]
"""Heading, side, and the key under which the analysis says why values are missing."""


def _row(results: ek.Results, row: dict[str, Any]) -> list[str]:
    name = results.panel.applicant(row["applicant"]).name
    return [
        str(row["rank"] or "—"),
        row["applicant"],
        name,
        row["total"] or "—",
        _span(row["interval"]),
        "—"
        if row["ranks"] is None
        else _span(dict(zip(("low", "high"), row["ranks"], strict=True))),
        _span(row["left_out"]),
        _span(row["weights"]),
        row["inside"] or "—",
        row["other_grade"] or "—",
    ]


def _names(results: ek.Results, language: str) -> dict[str, str]:
    """What people call the ids of the tables: of several with one name, the ids stay."""
    panel, rubric = results.panel, results.rubric
    pairs = [(e.id, e.name) for e in panel.experts] + [(a.id, a.name) for a in panel.applicants]
    pairs += [(i.id, i.name) for i in rubric.indicators] + [(b.id, b.name) for b in rubric.bonus]
    found = {"total": _("总分").render(language)} | dict(pairs)
    return {id: name for id, name in found.items() if list(found.values()).count(name) == 1}


def _agreement(row: dict[str, Any], names: dict[str, str], language: str) -> list[str]:
    from evalkit.pages.advice import shown_forms

    forms = (one.get("value") for one in shown_forms(row))
    shown = (*forms, row["alpha"], row["w"], row["ac2"])
    reasons = dict.fromkeys((*row["reasons"], *([row["no_ac2"]] if row["no_ac2"] else [])))
    note = _("；").render(language).join(reasons)
    return [names.get(row["column"], row["column"]), *(value or "—" for value in shown), note]


def _expert(row: dict[str, Any], names: dict[str, str]) -> list[str]:
    ends = {"low": row["low"], "high": row["high"]} if row["low"] else None
    return [
        names.get(row["expert"], row["expert"]),
        str(row["sheets"]),
        row["effect"] or "—",
        _span(ends),
    ]


def _span(ends: dict[str, Any] | None) -> str:
    return "—" if ends is None else f"{ends['low']} — {ends['high']}"
