"""An office's file to start from: every rule that the text leaves open stands in it, undecided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evalkit.base.declared import UNDECIDED
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.files import place
from evalkit.base.schema import schema_of
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.office.file import OfficeRules
from evalkit.office.roles import plain
from evalkit.panel import Panel
from evalkit.panel.choices import flow, values
from evalkit.panel.drafted import Drafted
from evalkit.rubric import Rubric
from evalkit.rubric.open_rules import DECLARED, needed, silent_article
from evalkit.rubric.provisions import Provision, StandingRule

FILE = "standing.yaml"
_YEAR = 2030
_REPORTED = re.compile("定期|每年|年度|报送|报告")
"""Words of duties under which something is handed in."""

_HOLDERS = ("申报", "建设单位", "平台", "中心", "本级", "县")
"""Words of roles that are held by an applicant or for one of them only."""


@asked
def create(
    folder: Path | str, rubric: Rubric, panel: Panel | None = None, language: str = "zh"
) -> Path:
    """Write a draft into ``folder``, which is made if needed, with the applicants of ``panel``.

    Returns the file. Raises Refused for a text without procedures and for a panel on another text,
    InputError where the file exists.
    """
    if not rubric.procedures:
        raise Refused(_("{id} 没有规定程序，不能登记资格", id=rubric.id))
    if panel is not None and panel.rubric != rubric.id:
        values_ = {"panel": panel.id, "a": panel.rubric, "b": rubric.id}
        raise Refused(_("评审组 {panel} 依据 {a}，不是 {b}", **values_))
    file = Path(folder) / FILE
    if file.exists():
        raise InputError(Problem(_("已经存在，没有改动；请换一个文件夹"), str(file)))
    lines = _Draft(rubric, panel, language).lines()
    place({file: "".join(f"{line}\n" for line in lines).encode()})
    return file


class _Draft(Drafted):
    """The lines of one draft."""

    def __init__(self, rubric: Rubric, panel: Panel | None, language: str) -> None:
        super().__init__(schema_of(OfficeRules), language)
        self.rubric, self.panel = rubric, panel
        self.elements: dict[str, Provision] = {p.id: p for p in rubric.provisions}
        named = [s.actor for p in rubric.procedures for s in p.stages]
        named += [who for rule in rubric.standing for who in (rule.judge, rule.actor)]
        self.roles = list({plain(who): who for who in named if who}.values())

    def lines(self) -> Iterator[str]:
        yield from self.head()
        yield from self.rules()
        yield from self.persons()
        yield from self.rounds()
        yield from self.applicants()

    def head(self) -> Iterator[str]:
        yield self.note(_("资格登记文件的草稿：{title}", title=self.rubric.title))
        yield self.note(_("每个“待定”都是原文没有规定的：从它上面的写法里选一种换掉它。"))
        yield self.note(_("写法里的数字只是示例，须按实际改写。标“请替换”的都是虚构的。"))
        yield self.note(_("全部换完，用 evalkit standing check 检查。此后的决定用"))
        yield self.note(_("evalkit standing record 登记，不写进这个文件。"))
        yield "format: evalkit-standing/1"
        yield f"id: new-standing{self.replace}"
        yield f"title: 示例资格登记（虚构）{self.replace}"
        yield f"rubric: {self.rubric.id}"
        yield f"office: 示例办公室（虚构）{self.replace}"
        yield ""

    def rules(self) -> Iterator[str]:
        names = [name for name in needed(self.rubric) if not name.startswith("due.")]
        yield "rules:" if names else "rules: {}"
        for group in DECLARED:
            keys = [n.partition(".")[2] for n in names if n.partition(".")[0] == group]
            if not keys:
                continue
            yield from self.meanings(self.schema["properties"][group], 2)
            if keys == [""]:
                yield from self.open(group, group, 2)
                continue
            yield f"  {group}:"
            for key in keys:
                yield from self.open(f"{group}.{key}", key, 4)
        yield from self.owed()
        yield ""

    def open(self, name: str, key: str, indent: int) -> Iterator[str]:
        """One rule: what it is about, the article that is silent, and what may be written."""
        group, _dot, id = name.partition(".")
        what = DECLARED[group]
        if id:
            what = _("{what}：{about}", what=what, about=self.called(id))
        yield self.note(what, indent)
        article = silent_article(self.rubric, name)
        yield self.note(_("原文：{article}", article=article), indent)
        yield from self.undecided(key, self.options(group, id), indent)

    def called(self, id: str) -> str:
        """A stage or procedure by its name, a rule by its words."""
        element = self.elements[id]
        return str(getattr(element, "name", element.text))

    def options(self, group: str, id: str) -> list[Any]:
        """What may be written for a rule of ``group`` on the element ``id``; examples."""
        fixed = {
            "actors": self.roles,
            "judges": self.roles,
            "days": [self.days(id)],
            "repeat_from": [s.id for p in self.rubric.procedures if p.grades for s in p.stages],
            "reapplication": ["365", "never"],
            "due": [f"{_YEAR}-03-31"],
        }
        if group in fixed:
            return fixed[group]
        if group == "titles":
            return list(getattr(self.elements[id], "titles", ())) or ["授予的名称"]
        (node,) = self.schema["properties"][group]["patternProperties"].values()
        return values(node, self.schema)

    def days(self, id: str) -> str:
        """An example: of an interval, of 整改, else of publicity or notice."""
        if any(p.id == id for p in self.rubric.procedures):
            return "365"
        element = self.elements.get(id)
        return "90" if isinstance(element, StandingRule) and element.then == "rectify" else "7"

    def owed(self) -> Iterator[str]:
        """What may be declared on the duties of those who are recognised."""
        reported = [d for d in self.rubric.duties if d.yearly or _REPORTED.search(d.text)]
        if not reported:
            return
        yield from self.meanings(self.schema["properties"]["owed"], 2)
        yield self.note(_("写法："), 2)
        for duty in reported:
            yield self.note(_("{article}：{text}", article=duty.article, text=duty.text), 2)
            way: dict[str, Any] = {"first": "next_year", "by": '"03-31"'}
            yield f"  #     {duty.id}: {flow(way if duty.yearly else {'every': 180})}"

    def persons(self) -> Iterator[str]:
        yield self.note(_("对所有对象办理的人；身份照原文写，一人可以有几个身份"))
        yield f"persons:{self.replace}"
        office = [role for role in self.roles if not self.holder(role)]
        for n, role in enumerate(office or self.roles, 1):
            yield f"  - {{id: p{n}, name: 经办人{n}示例, roles: [{_quoted(role)}]}}"
        yield ""

    def holder(self, role: str) -> bool:
        """Whether a role is likely to be that of an applicant's own people."""
        return any(word in role for word in _HOLDERS) and "办公室" not in role

    def rounds(self) -> Iterator[str]:
        yield f"rounds:{self.replace}"
        for procedure in self.rubric.procedures:
            yield f"  - id: {procedure.id}-{_YEAR}  # {procedure.name}"
            yield f"    procedure: {procedure.id}"
            yield f"    year: {_YEAR}"
            due = [s for s in procedure.stages if s.period == "deadline"]
            if due:
                yield "    due:"
            for stage in due:
                yield from self.open(f"due.{stage.id}", stage.id, 6)
        yield ""

    def applicants(self) -> Iterator[str]:
        yield self.note(_("persons 是只对这一对象办理的人"))
        known = [(a.id, a.name) for a in self.panel.applicants] if self.panel else []
        yield "applicants:" if known else f"applicants:{self.replace}"
        own = [role for role in self.roles if self.holder(role)]
        for id, name in known or [("a1", "示例对象甲（虚构）"), ("a2", "示例对象乙（虚构）")]:
            yield f"  - id: {id}"
            yield f"    name: {_quoted(name)}"
            if any(p.kind == "recognition" for p in self.rubric.procedures):
                yield self.note(_("以前认定的写 recognised: {form}", form=_BEFORE), 4)
            else:
                note = _("原文没有认定程序：写明何时、以什么文件认定的")
                yield self.note(note, 4)
                yield f"    recognised: {flow(dict.fromkeys(_RECOGNISED, UNDECIDED))}"
            if own:
                yield f"    persons:{self.replace}"
            for n, role in enumerate(own, 1):
                yield f"      - {{id: own{n}, name: 单位经办人{n}示例, roles: [{_quoted(role)}]}}"


_RECOGNISED = ("day", "title", "document")
_BEFORE = "{day: 2025-12-01, title: 称号, document: 公布的文件}"


def _quoted(words: str) -> str:
    """``words`` as a YAML scalar that may stand in brackets."""
    plain_ = not any(char in words for char in ",[]{}:#&*!|>'\"%@`")
    return words if plain_ and words.strip() == words else f'"{words}"'
