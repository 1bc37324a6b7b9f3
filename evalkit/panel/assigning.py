"""What an assignment of experts to applicants has to keep to, as the panel declares it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from evalkit.base.declared import Declared, Whole, Words
from evalkit.base.text import _


class Bounds(Declared):
    """How few and how many."""

    at_least: Whole = 0
    at_most: Whole | None = None
    """不写即不限"""

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.at_most is not None and self.at_most < self.at_least:
            raise ValueError(_("at_most 不能小于 at_least"))
        return self


class Assigning(Declared):
    """What `evalkit panel assign` keeps to. Conflicts are kept apart in any case."""

    experts: Whole | Bounds = Field(examples=[5, {"at_least": 5, "at_most": 7}])
    """每个对象恰好几位专家；或至少、至多几位"""
    load: Bounds | None = Field(None, examples=[{"at_least": 10, "at_most": 30}])
    """每位专家评几个对象；不写即只求均衡，不设上下限"""
    groups: Literal["same"] | Mapping[Words, tuple[Words, ...]] | None = Field(
        None, examples=["same", {"甲组对象": ["一组", "二组"]}]
    )
    """same：对象只由同名组的专家评；或逐个写明对象的组由专家的哪些组评；不写即不分组"""
    minimums: Mapping[Words, Whole] | None = Field(None, examples=[{"技术": 2, "chair": 1}])
    """每个对象至少有几位这一类别（kind）或角色（chair、member）的专家"""
    expertise: Whole | None = Field(None, examples=[0])
    """每个对象至少几位专家的 fields 有其领域，此外再尽量多；0 即只尽量多；不写即不看领域"""
    first: Literal["balance", "expertise"] | None = None
    """看领域的须写明先求哪一样：balance 先求负荷均衡，expertise 先求领域相符"""
    seed: Whole | None = Field(None, examples=[20261120])
    """同样好的分配由抽签决定，这是抽签的种子；没有写的，分配时抽出并写在这里"""

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if self.number[0] < 1:
            raise ValueError(_("experts 至少是 1"))
        if (self.expertise is None) != (self.first is None):
            raise ValueError(_("expertise 和 first 一起写：看领域的，写明先求均衡还是先求相符"))
        return self

    @property
    def number(self) -> tuple[int, int | None]:
        """The fewest and the most experts of an applicant; None where there is no most."""
        if isinstance(self.experts, Bounds):
            return self.experts.at_least, self.experts.at_most
        return self.experts, self.experts
