"""A panel file to start from: every rule that the text leaves open stands in it, undecided.

What can be declared, and what it means, is read from the models themselves. The loader refuses the
file until a person has replaced each `UNDECIDED`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from evalkit.base.errors import Refused
from evalkit.base.files import place
from evalkit.base.schema import Schema, schema_of, variants
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.panel.checks import UNDECIDED
from evalkit.panel.choices import flow, values
from evalkit.panel.draft_people import NO_TABLES, Lists, beside, lists_of, people
from evalkit.panel.drafted import Drafted
from evalkit.panel.model import FORMAT
from evalkit.panel.profiles import Profile
from evalkit.panel.rules import Rules
from evalkit.panel.units import tie_keys
from evalkit.rubric import Rubric
from evalkit.rubric.indicators import Indicator, Table
from evalkit.rubric.measure_words import in_words
from evalkit.rubric.measures import DETAILS, MeasureRule, left_open
from evalkit.rubric.open_rules import (
    OWN_AFFAIRS,
    RULE_NAMES,
    open_measures,
    required,
    rule_name,
    silent_article,
)
from evalkit.rubric.provisions import Procedure
from evalkit.scoring.methods import NAMES

_WHOLE = ("agreed", "experts")
"""Methods that do not split a mixed indicator."""

_MAY = ("standardise", "minimums", "placings", "discussion")
"""Rules that a round may declare or leave out."""

_SKELETON = """\
points: 100
dimensions:
  - id: d1
    name: 一级指标的名称
    points: 100
    indicators:
      - {id: i1, name: 指标的名称, points: 60, kind: qualitative, guidance: 怎样评分}
      - {id: i2, name: 另一项指标, points: 40, kind: qualitative, guidance: 怎样评分}
"""


def draft(
    rubric: Rubric,
    procedure: str | None,
    language: str = "zh",
    profile: Profile | None = None,
    lists: Lists = NO_TABLES,
) -> str:
    """The text of a panel file on ``rubric`` for the procedure with the id ``procedure``.

    The rules of ``profile`` stand in it with their reasons, and it waits for whoever adopts them;
    ``lists`` holds its ``experts``, ``applicants`` and ``claims``: names of tables that are to lie
    beside it, or rows.
    Raises Refused where the rubric has several procedures and none of them is named, for one that
    it lacks, and for a rubric that nothing can be scored on.
    """
    chosen = _chosen(rubric, procedure)
    if chosen is not None and chosen.table == "panel":
        rubric = rubric.with_table(Table(points=Decimal(0), dimensions=()))
    elif not rubric.indicators:
        text = _("{id} 没有指标表，也没有评审程序，不能用于评分", id=rubric.id)
        if rubric.targets or rubric.tasks:
            text = _("{why}；它是规划，请用 evalkit ledger template {id}", why=text, id=rubric.id)
        raise Refused(text)
    made = _Draft(rubric, chosen, language, profile, lists)
    return "".join(f"{line}\n" for line in made.lines())


@asked
def create(
    path: Path,
    rubric: Rubric,
    procedure: str | None,
    language: str = "zh",
    profile: Profile | None = None,
    tables: Mapping[str, Path] | None = None,
    source: Path | None = None,
) -> Path | None:
    """Write a draft to the new file ``path``, with the lists of ``tables`` (``experts``,
    ``applicants``, ``claims``): see `lists_of`. ``source``, the file of ``rubric``, is copied
    beside it if no file of its name lies there; returns the copy, None without one.

    Raises Refused as `draft` does, or if it exists; InputError for a table that is no such list.
    """
    tables = tables or {}
    lists = lists_of(tables)
    content = draft(rubric, procedure, language, profile, lists)
    if path.name == f"{rubric.id}.yaml":
        text = _("{path} 是指标体系文件的名字，请给评审组文件换一个，如 panel.yaml", path=path)
        raise Refused(text)
    if path.exists():
        raise Refused(_("{path} 已经存在，没有改动；请换一个文件名", path=path))
    named = {key: file for key, file in tables.items() if isinstance(lists.get(key), str)}
    files = {**beside(path, named), path: content.encode()}
    there = path.parent / f"{rubric.id}.yaml"
    wanted = source is not None and source.is_file() and not there.exists()
    if source is not None and wanted:
        files[there] = source.read_bytes()
    place(files)
    return there if wanted else None


def _chosen(rubric: Rubric, name: str | None) -> Procedure | None:
    found, ids = rubric.procedure(name or ""), [p.id for p in rubric.procedures]
    if name is None and len(ids) == 1:
        found = rubric.procedures[0]
    if found is None and (ids or name):
        raise Refused(_("须用 --procedure 写明是哪一个程序，可选：{ids}", ids=ids))
    return found


def _completed(published: MeasureRule, kind: str, options: list[Any]) -> list[Any]:
    """``published`` with each of the listed values of what it leaves open."""
    said = published.model_dump(mode="json", exclude_none=True)
    missing = left_open(published, kind)
    listed = [o for o in options if o["method"] == published.method]
    return [said | {name: option[name] for name in missing} for option in listed]


class _Draft(Drafted):
    """The lines of one draft."""

    def __init__(
        self,
        rubric: Rubric,
        procedure: Procedure | None,
        language: str,
        profile: Profile | None,
        lists: Lists,
    ) -> None:
        super().__init__(schema_of(Rules), language)
        self.rubric, self.procedure = rubric, procedure
        self.profile, self.lists = profile, lists

    def lines(self) -> Iterator[str]:
        yield from self.head()
        if self.procedure is not None and self.procedure.table == "panel":
            yield from self.table(self.procedure)
        yield from self.rules()
        yield from people(self.replace, self.lists)

    def head(self) -> Iterator[str]:
        yield self.note(_("评审组文件的草稿：{title}", title=self.rubric.title))
        yield self.note(_("每个“待定”都是原文没有规定的：从它上面的写法里选一种换掉它。"))
        yield self.note(_("写法里的数字只是示例，须按本轮改写。标“请替换”的都是虚构的。"))
        yield self.note(_("全部换完，用 evalkit panel check 检查。"))
        yield f"format: {FORMAT}"
        yield f"id: new-panel{self.replace}"
        yield f"title: 示例评审（虚构）{self.replace}"
        yield f"rubric: {self.rubric.id}"
        if self.procedure is not None:
            yield f"procedure: {self.procedure.id}  # {self.procedure.name}"
        yield "secretary: {id: secretary, name: 秘书示例}" + self.replace
        yield "schedule:"
        yield f"  opens: 2030-01-07T09:00:00+08:00{self.replace}"
        yield f"  lock: 2030-01-11T17:30:00+08:00{self.replace}"
        yield self.note(_("false：时刻只作公告；true：此外的时间不收专家的评分和提交"), 2)
        yield from self.undecided("enforced", ["false", "true"], 2)
        yield ""

    def table(self, procedure: Procedure) -> Iterator[str]:
        yield self.note(_("本轮的指标表。原文（{article}）没有", article=procedure.article))
        yield self.note(_("写法（分值合计须等于总分；有定量指标的，rules 里还要写 measures）："))
        yield from (f"#     {line}" for line in _SKELETON.splitlines())
        yield f"table: {UNDECIDED}"
        yield ""

    def rules(self) -> Iterator[str]:
        needed = {*OWN_AFFAIRS, *required(self.rubric, self.procedure, grouped=False)}
        if self.profile is not None:
            yield from self.adopting(self.profile)
        taken = self.profile.rules if self.profile else {}
        yield "rules:"
        taken_too = [name for name in _MAY if name in taken]
        for rule in [name for name in RULE_NAMES if name in (*needed, *taken_too)]:
            node = self.schema["properties"][rule]
            yield self.note(rule_name(self.rubric, rule), 2)
            article = silent_article(self.rubric, rule, self.procedure)
            yield self.note(_("原文：{article}", article=article), 2)
            if rule in taken:
                yield self.note(_("成套规则：{because}", because=taken[rule].because), 2)
                yield f"  {rule}: {flow(self.fitting(taken[rule].value))}"
                continue
            if rule == "measures":
                yield from self.measures(node)
                continue
            if rule == "ties" and self.rubric.indicators:
                single = ("indicator:", "unrounded:", "best_", "worst_")
                keys = [key for key in tie_keys(self.rubric) if not key.startswith(single)]
                yield self.note(_("可以比较：{keys}、indicator:<指标的标识>", keys=keys), 2)
            yield from self.meanings(node, 2)
            yield from self.undecided(rule, self.options(rule, node), 2)
        ranking = self.schema["properties"]["ranking"]
        yield self.note(_("评审对象分组的（applicants 里写 group），还要写 ranking"), 2)
        yield from self.meanings(ranking, 2)
        yield from self.choices(values(ranking, self.schema), 2)
        for rule in [name for name in _MAY if name not in taken_too]:
            yield self.note(_("还可以写 {rule}：{what}", rule=rule, what=RULE_NAMES[rule]), 2)
            yield from self.meanings(self.schema["properties"][rule], 2)
            yield from self.choices(values(self.schema["properties"][rule], self.schema), 2)
        yield ""

    def adopting(self, profile: Profile) -> Iterator[str]:
        yield self.note(_("成套规则“{title}”", title=profile.title))
        yield self.note(_("出处：{source}", source=profile.source))
        yield self.note(_("说明：{why}", why=profile.why))
        yield self.note(_("下面逐条写出，可以逐条改；整体采用的，写明由谁在哪天决定："))
        yield "profile:"
        yield f"  id: {profile.id}"
        yield f"  adopted_by: {UNDECIDED}"
        yield f"  decided_on: {UNDECIDED}"
        yield ""

    def fitting(self, value: Any) -> Any:
        """``value`` of a profile without what only a rubric with bonus items asks."""
        if isinstance(value, dict) and not self.rubric.bonus:
            return {k: v for k, v in value.items() if k != "total_of"}
        return value

    def options(self, rule: str, node: Schema) -> list[Any]:
        if rule == "grades":
            names = [grade.id for grade in self.procedure.grades] if self.procedure else []
            lower = self.rubric.better == "lower"
            key, best = ("at_most", 10) if lower else ("at_least", 90)
            cuts = [best - 15 * n * self.rubric.direction for n in range(len(names) - 1)]
            return [[{"grade": g, key: cut} for g, cut in zip(names, cuts, strict=False)]]
        return values(node, self.schema, ["total_of"] if self.rubric.bonus else [])

    def measures(self, node: Schema) -> Iterator[str]:
        (whole,) = variants(node, self.schema)
        missing, methods = (whole["properties"][name] for name in ("missing", "indicators"))
        yield "  measures:"
        yield from self.meanings(missing, 4)
        yield from self.undecided("missing", values(missing, self.schema), 4)
        left = open_measures(self.rubric)
        for i in self.rubric.indicators:
            if i.measure is not None and i not in left:
                yield self.note(
                    _("“{name}”原文已定，不必再写：{how}", name=i.name, how=in_words(i.measure)), 4
                )
        if left:
            yield "    indicators:"
            yield from self.methods(left, methods["additionalProperties"])

    def methods(self, left: list[Indicator], node: Schema) -> Iterator[str]:
        """The indicators that the text leaves open, those with a part of a method last."""
        yield from (self.note(_("· {method}：{name}", method=m, name=NAMES[m]), 6) for m in NAMES)
        yield from self.meanings(node, 6)
        plain = values(node, self.schema, DETAILS)
        split = values(node, self.schema, (*DETAILS, "points"))
        pairs = [(a, a if a["method"] in _WHOLE else b) for a, b in zip(plain, split, strict=True)]
        kinds = {
            "quantitative": (_("定量指标"), [a for a, _b in pairs if a["method"] != "experts"]),
            "mixed": (_("定性+定量指标"), [b for _a, b in pairs]),
        }
        for kind, (name, options) in kinds.items():
            indicators = [i for i in left if i.kind == kind and i.measure is None]
            if indicators:
                yield self.note(name, 6)
                yield from self.choices(options, 6)
            for i in indicators:
                yield from self.method(i)
        for i in left:
            if i.measure is not None:
                yield self.note(_("原文只定了一部分，已照原文写出"), 6)
                yield from self.choices(_completed(i.measure, i.kind, split), 6)
                yield from self.method(i)

    def method(self, i: Indicator) -> Iterator[str]:
        unit = f"（{i.unit}）" if i.unit else ""
        yield self.note(_("{name}，{points} 分", name=f"{i.name}{unit}", points=i.points), 6)
        if i.guidance:
            words = " ".join(i.guidance.split())
            yield self.note(_("原文的说明（写有计分办法的照它写）：{words}", words=words), 6)
        yield f"      {i.id}: {UNDECIDED}"
