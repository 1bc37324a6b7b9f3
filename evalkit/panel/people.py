"""Who is in a panel, who is evaluated, and what stands between the two."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from evalkit.base.declared import Declared, Identifier, Words
from evalkit.base.text import _


def _unsaid(value: Any) -> bool:
    """Whether a later field was left out; then what is dumped has no such key either."""
    return not value


class Person(Declared):
    """Somebody who acts in the round under a name of their own."""

    id: Identifier
    name: Words


class Expert(Person):
    """A member of the panel."""

    role: Literal["chair", "member"]
    """chair 组长、member 成员"""
    employer: Words
    """工作单位，用于核对利益冲突"""
    group: Words | None = Field(None, exclude_if=_unsaid)
    """专家所在的组，用于分配"""
    kind: Words | None = Field(None, exclude_if=_unsaid)
    """专家的类别，如 技术、财务、管理，用于分配"""
    fields: tuple[Words, ...] = Field((), exclude_if=_unsaid)
    """专家熟悉的领域，用于分配"""


class Claim(Declared):
    """An achievement that an applicant claims bonus points for."""

    id: Identifier
    title: Words
    level: Literal["national", "provincial"]
    evidence: Words
    """佐证材料编号"""


class Applicant(Declared):
    """Who is evaluated."""

    id: Identifier
    name: Words
    lead: Words
    """牵头单位"""
    partners: tuple[Words, ...] = ()
    """联合共建单位"""
    industry: Words | None = None
    city: Words | None = None
    department: Words | None = None
    """行业主管部门"""
    claims: tuple[Claim, ...] = ()
    """申报的加分成果"""
    group: Words | None = None
    """分组评审时所在的组"""
    field: Words | None = Field(None, exclude_if=_unsaid)
    """所属领域，用于分配专家；不写的按 industry"""

    @property
    def parties(self) -> tuple[str, ...]:
        """The lead and its partners."""
        return (self.lead, *self.partners)


class Conflict(Declared):
    """An expert who may not score an applicant at all."""

    expert: Identifier
    applicant: Identifier
    reason: Words


class Organisation(Declared):
    """An employer or party under all its names, and what belongs to it."""

    name: Words
    aliases: tuple[Words, ...] = ()
    """简称、别名、英文名"""
    former: tuple[Words, ...] = ()
    """曾用名"""
    subsidiaries: tuple[Words, ...] = ()
    """下属单位、附属机构、控股公司"""


class Relation(Declared):
    """What ties an expert to an applicant, or to an organisation that takes part in some."""

    expert: Identifier
    applicant: Identifier | None = None
    party: Words | None = None
    """单位的名称：它牵头或参与共建的对象都回避；与 applicant 写一个"""
    kind: Literal["former_colleague", "adviser", "kinship", "shares", "co_author", "other"]
    """former_colleague 曾在该单位任职，adviser 顾问、兼职、师生，kinship 亲属，
    shares 持股或其他经济利益，co_author 合作研究、合著，other 其他（在 note 写明）"""
    source: Words
    """依据，如 专家登记表第 2 页"""
    declared_by: Words
    """由谁申报或查实，如 本人、评审秘书"""
    note: Words | None = None

    @model_validator(mode="after")
    def _has_one_other_side(self) -> Self:
        if (self.applicant is None) == (self.party is None):
            raise ValueError(_("applicant 和 party 须写一个，只写一个"))
        if self.kind == "other" and self.note is None:
            raise ValueError(_("kind 为 other 的，须在 note 写明是什么关系"))
        return self
