"""The models of a rubric as tests walk through them, so that a field added later is met, too."""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from evalkit.base.declared import Declared
from evalkit.rubric import Rubric
from evalkit.rubric.measures import Method
from tests.support.builders import ROOT, rubric_data

RUBRICS = sorted((ROOT / "rubrics").glob("*.yaml"))
"""Those that come with evalkit."""

Place = tuple[str | int, ...]


def inside(annotation: Any) -> Iterator[Any]:
    """An annotation and everything in it."""
    yield annotation
    for part in get_args(annotation):
        yield from inside(part)


@cache
def hints(model: type[Declared]) -> dict[str, Any]:
    """The fields of a model with their full annotations."""
    found = get_type_hints(model, include_extras=True)
    return {name: found[name] for name in model.model_fields}


def models(model: type[Declared] = Rubric) -> list[type[Declared]]:
    """``model`` and every class of its fields, once each.

    Methods from measured values to points are not looked into: their fields have no words of their
    own, since `evalkit.rubric.measure_words` says each method in one phrase.
    """
    found, waiting = [], [model]
    while waiting:
        here = waiting.pop(0)
        if here not in found:
            found.append(here)
            classes = (a for h in hints(here).values() for a in inside(h) if isinstance(a, type))
            own = (c for c in classes if not get_origin(c) and issubclass(c, Declared))
            waiting += [c for c in own if not issubclass(c, Method)]
    return found


@cache
def choices(model: type[Declared]) -> list[tuple[str, str]]:
    """The fields that have a few values to choose from, with each value."""
    parts = ((name, part) for name, hint in hints(model).items() for part in inside(hint))
    literals = ((name, get_args(part)) for name, part in parts if get_origin(part) is Literal)
    return [(name, v) for name, values in literals for v in values if isinstance(v, str)]


def optional(annotation: Any) -> bool:
    """Whether nothing may stand there."""
    unions = (p for p in inside(annotation) if get_origin(p) in {Union, types.UnionType})
    return any(type(None) in get_args(union) for union in unions)


def values(owner: Declared, place: Place = ()) -> Iterator[tuple[Declared, str, Any, Place]]:
    """Every field of ``owner`` and of what stands in it: the model, field, value and path."""
    for name in type(owner).model_fields:
        value = getattr(owner, name)
        yield owner, name, value, (*place, name)
        items = enumerate(value) if isinstance(value, tuple) else [(None, value)]
        for n, item in items:
            if isinstance(item, Declared):
                at = (*place, name) if n is None else (*place, name, n)
                yield from values(item, at)


def stem(file: Path) -> str:
    """The id of a rubric file, for the names of tests."""
    return file.stem


def _element(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "article": f"第{id}条", "text": f"{id}的原文。", **more}


_MEASURE = {"name": "服务企业", "unit": "家"}

FULL: dict[str, Any] = {
    **rubric_data((10, 5), bonus=True),
    "deductions": [{"id": "late", "name": "迟交", "points": "3", "guidance": "每迟一天扣1分。"}],
    "notes": [{"text": "按年度统计。", "indicators": ["i1"]}, {"text": "按规上企业统计。"}],
    "scope": [_element("aim"), _element("bureau")],
    "gates": [_element("free"), _element("gate", bound={"measure": _MEASURE, "at_least": "10"})],
    "materials": [
        _element("annex", name="附件"),
        _element(
            "report",
            name="报告",
            most_characters="500",
            strict=False,
            form="sheet",
            due="2026-01-12",
        ),
    ],
    "forms": [
        _element("blank", name="空表", entries=[{"id": "only", "article": "附件", "name": "名称"}]),
        _element(
            "sheet",
            name="申报书",
            issuer="省工信厅",
            instructions=[_element("how"), _element("also")],
            entries=[
                {"id": "own-name", "article": "封面", "name": "单位名称", "signed": "盖章"},
                {
                    "id": "summary",
                    "article": "正文",
                    "name": "简介",
                    "text": "请简要介绍。",
                    "most_characters": "20",
                    "strict": False,
                },
                {"id": "partners", "article": "正文", "name": "共建单位", "if_any": True},
            ],
        ),
    ],
    "contacts": [
        _element("desk", office="高新处", address="正光路11号", phone="0371", email="a@example.cn"),
    ],
    "readings": [
        _element("until", reading="含当日", why="从宽", about=["report"]),
        _element("all-of-it", reading="照原文", why="没有原件"),
    ],
    "outline": ["第一章总则", "第二章附则"],
    "procedures": [
        _element(
            "recognise",
            name="认定",
            kind="recognition",
            table="rubric",
            stages=[
                _element("apply", name="申请", needs=["gate", "report"], period="deadline"),
                _element("visit", name="考察", actor="市工信局", optional=True),
            ],
            grades=[
                {"id": "good", "name": "良好", "passes": True},
                {"id": "bad", "name": "较差", "passes": False},
            ],
            titles=["示范平台"],
        )
    ],
    "duties": [_element("duty", bound={"measure": _MEASURE, "above": "3"}, yearly=True)],
    "standing": [
        _element("help", when="graded", grades=["good"], then="support"),
        _element("again", when="failed", then="rectify"),
        _element("end", when="failed_consecutively", rounds="2", then="revoke", judge="专家组"),
    ],
    "targets": [
        _element("goal", measure=_MEASURE, term="range", value="2", upper="3", by="2026-12-31"),
        _element("some", term="unquantified", by="2026-12-31"),
        _element("least", measure=_MEASURE, term="at_least", value="20", by="2026-12-31"),
    ],
    "tasks": [
        _element(
            "task",
            name="人工智能+医疗",
            units=["省卫生健康委", "省科技厅"],
            nodes=[{"name": "印发方案", "due": "2026-06-30"}, {"name": "发布报告", "yearly": True}],
        )
    ],
    "silences": [
        {"rule": "step", "article": "没有规定打分的最小单位", "procedure": "recognise"},
        {"rule": "days.end", "article": "没有规定天数"},
    ],
}
"""A small rubric with one of everything."""
FULL["dimensions"][0]["indicators"][0]["scored"] = {"min": "0", "max": "100", "factor": "0.1"}
FULL["dimensions"][0]["indicators"][0]["unit"] = "个"
FULL["dimensions"][0]["indicators"][1] |= {
    "kind": "quantitative",
    "measure": {
        "method": "per_unit",
        "better": "higher",
        "part": "share",
        "start": "50",
        "start_points": "5",
        "each": "5",
        "each_points": "1",
    },
}
