"""The rubric: what is scored, out of how many points, in the words of the published text."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from evalkit.base import canonical
from evalkit.base.declared import Date, Declared, Identifier, Number, Words
from evalkit.base.shown import Shown
from evalkit.base.text import Text, _
from evalkit.rubric.forms import Form, Material
from evalkit.rubric.indicators import Bonus, Deduction, Dimension, Indicator, Note, Table
from evalkit.rubric.provisions import (
    Contact,
    Duty,
    Gate,
    Procedure,
    Provision,
    Reading,
    StandingRule,
    Target,
    Task,
)

if TYPE_CHECKING:
    import pandas as pd

FORMAT = "evalkit-rubric/1"


class Source(Declared):
    """The published text that the rubric is taken from."""

    title: Words
    """文件标题，与原文一致"""
    issuer: Words
    """发文或组织单位"""
    table: Words
    """指标体系表的名称或附件号"""
    basis: tuple[Words, ...] = ()
    """所依据的文件及文号"""
    numbers: tuple[Words, ...] = ()
    """本文件的文号；没有的留空"""
    status: Literal["in_force", "draft"] = "in_force"
    """draft：征求意见稿"""
    issued: Date | None = None
    """成文日期；原文没有写明的留空"""
    effective: Date | None = None
    """施行日期；原文没有写明的、还没有施行的留空"""
    valid_until: Date | None = None
    """有效期至，含当日"""

    def outside(self, day: str) -> Text | None:
        """That the text does not hold on ``day`` (ISO): not yet, or no longer; None if it may.

        Where the text says neither, nothing is known and nothing is said.
        """
        if self.effective and day < self.effective:
            return _("{day} 在原文施行（{start}）之前", day=day, start=self.effective)
        if self.valid_until and day > self.valid_until:
            return _("{day} 在原文有效期（至 {end}）之后", day=day, end=self.valid_until)
        return None


class Silence(Declared):
    """A rule that the text leaves open, and where in the text it would have stood."""

    rule: Words
    """评审组、办公室或台账文件中的名称，如 aggregation、days.publicity、about"""
    article: Words
    """原文的条款，以及它说了什么、没说什么"""
    procedure: Identifier | None = None
    """只涉及一个程序时写明；留空即各程序相同"""


class Rubric(Shown, Declared):
    """A published rubric. Immutable; load it with `load_rubric`."""

    format: Literal["evalkit-rubric/1"]
    id: Identifier
    version: Words
    """版本；内容改动即换版本"""
    title: Words
    source: Source
    outline: tuple[Words, ...] = ()
    """各章、各部分的标题，按原文顺序"""
    points: Number | None = None
    """总分，不含加分；原文没有指标表的留空"""
    dimensions: tuple[Dimension, ...] = ()
    bonus: tuple[Bonus, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    """扣分项"""
    better: Literal["higher", "lower"] = "higher"
    """lower：总分越低越好（如 1 为最优的等级分）"""
    notes: tuple[Note, ...] = ()
    """表下的注和统计口径"""
    scope: tuple[Provision, ...] = ()
    """目的、对象、职责分工等不产生计算的条款"""
    gates: tuple[Gate, ...] = ()
    """准入条件"""
    materials: tuple[Material, ...] = ()
    """须提交的材料"""
    forms: tuple[Form, ...] = ()
    """须填写的表格"""
    procedures: tuple[Procedure, ...] = ()
    """认定、评估的程序，按原文顺序"""
    duties: tuple[Duty, ...] = ()
    """认定之后的义务"""
    standing: tuple[StandingRule, ...] = ()
    """历次评估对资格的影响"""
    targets: tuple[Target, ...] = ()
    """规划的目标"""
    tasks: tuple[Task, ...] = ()
    """规划的任务"""
    contacts: tuple[Contact, ...] = ()
    """联系方式"""
    readings: tuple[Reading, ...] = ()
    """原文可以有不同读法之处，本文件怎么读"""
    silences: tuple[Silence, ...] = ()
    """原文没有规定、须由评审组声明的规则"""

    def __repr__(self) -> str:
        n, points = len(self.indicators), self.points
        return (
            f"Rubric({self.id!r}, {n} indicators, {points} points)" if n else f"Rubric({self.id!r})"
        )

    def to_frame(self) -> pd.DataFrame:
        """A row for everything that carries points: ``id``, ``name``, ``dimension`` (an id),
        ``kind``, ``points`` (float) and ``unit``; missing where there is none.
        """
        import pandas as pd

        rows = self.summary()["indicators"]
        names = ["id", "name", "dimension", "kind", "points", "unit"]
        return pd.DataFrame(rows, columns=names).astype({"points": "float64"})

    @property
    def direction(self) -> int:
        """1 where a higher total is better, -1 where a lower one is: more of their product is."""
        return -1 if self.better == "lower" else 1

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in the order of the text, without bonus."""
        return tuple(i for dimension in self.dimensions for i in dimension.leaves)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Ids of everything that carries points: indicators, bonus groups, deductions."""
        parts = (self.indicators, self.bonus, self.deductions)
        return tuple(part.id for group in parts for part in group)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content; independent of key order and layout of the file."""
        return canonical.digest(self.model_dump(mode="json", exclude_defaults=True))

    @cached_property
    def provisions(self) -> tuple[Provision, ...]:
        """Everything that quotes an article, stages included, group by group; readings are not
        more of the text and left out.
        """
        stages = tuple(stage for p in self.procedures for stage in p.stages)
        told = tuple(one for form in self.forms for one in form.instructions)
        groups = (self.scope, self.gates, self.materials, self.forms, told, self.procedures, stages)
        more = (self.duties, self.standing, self.targets, self.tasks, self.contacts)
        return tuple(p for group in (*groups, *more) for p in group)

    def with_table(self, table: Table) -> Rubric:
        """This rubric with the indicators of ``table`` in place of its own, their notes and what
        was read of them.

        Whether points total and ids are still unique is not checked, see `rubric.checks`.
        """
        # by field: iterating over a model gives what its cached properties hold, too
        fields = {name: getattr(self, name) for name in Rubric.model_fields}
        gone = {*self.columns, *(d.id for top in self.dimensions for d, _parent in top.walk())}
        kept = [
            reading.model_copy(update={"about": tuple(i for i in reading.about if i not in gone)})
            for reading in self.readings
            if not reading.about or not gone.issuperset(reading.about)
        ]
        own = {"notes": (), "readings": tuple(kept)}
        return Rubric.model_validate(
            fields | own | {n: getattr(table, n) for n in Table.model_fields}
        )

    def procedure(self, id: str) -> Procedure | None:
        """The procedure with this id; None if there is none."""
        return next((p for p in self.procedures if p.id == id), None)

    def form(self, id: str) -> Form | None:
        """The form with this id; None if there is none."""
        return next((form for form in self.forms if form.id == id), None)

    def silence(self, rule: str, procedure: Procedure | None = None) -> Silence | None:
        """Where the text is silent about ``rule``; None if the rubric file does not say.

        What is said about ``procedure`` goes before what is said about all.
        """
        own = procedure.id if procedure else None
        found = [s for s in self.silences if s.rule == rule and s.procedure in (None, own)]
        return max(found, key=lambda s: s.procedure is not None, default=None)

    def summary(self) -> dict[str, Any]:
        """Id, version, points, dimensions and indicators as plain text values (for ``--json``)."""
        groups = [pair for top in self.dimensions for pair in top.walk()]
        rows = [
            _row(i.id, i.name, group.id, i.kind, i.points, i.unit)
            | {"measure": i.measure and i.measure.model_dump(mode="json", exclude_none=True)}
            for group, _parent in groups
            for i in group.indicators
        ]
        rows += [_row(b.id, b.name, None, "bonus", b.points, None) for b in self.bonus]
        rows += [_row(d.id, d.name, None, "deduction", d.points, None) for d in self.deductions]
        return {
            "id": self.id,
            "version": self.version,
            "points": format(self.points, "f") if self.points is not None else None,
            "dimensions": [
                {"id": d.id, "name": d.name, "parent": parent, "points": format(d.total, "f")}
                for d, parent in groups
            ],
            "indicators": rows,
        }


def _row(
    id: str, name: str, dimension: str | None, kind: str, points: Decimal, unit: str | None
) -> dict[str, Any]:
    return {
        "id": id,
        "name": name,
        "dimension": dimension,
        "kind": kind,
        "points": format(points, "f"),
        "unit": unit,
    }
