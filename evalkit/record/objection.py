"""An objection that was upheld: whether what it reopens is there to be reopened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.text import Text, _
from evalkit.panel import Panel
from evalkit.panel.load import find_rubric_file
from evalkit.panel.rules import Rules
from evalkit.record.begin import PANEL_FILE
from evalkit.record.history import History
from evalkit.record.owed import owed
from evalkit.record.payload import require_text
from evalkit.record.succession import Succession, pairs
from evalkit.rubric import Rubric, load_rubric

_FIXED = ("id", "rubric", "procedure", "experts", "applicants", "assignment")
"""What no new file of the panel may change: who is scored by whom in which round."""


@dataclass(frozen=True)
class UpheldObjection:
    """An objection that was upheld, and what of the round it reopens."""

    reason: str
    objection: str
    decided_by: str
    sheets: Sequence[str] = ()
    """``expert:applicant``: a sheet that the expert gets back."""
    recusals: Sequence[str] = ()
    """``expert:applicant``: a conflict that was found; those scores no longer count."""
    values: Sequence[str] = ()
    """``applicant:name`` of a measured value, a condition, a bonus item or a deduction."""
    panel_file: Path | None = None
    """A panel's file with rules, or beside a rubric, that are read anew."""
    bag: str = ""
    """The SHA-256 of the tag manifest of the bag in which the round was archived."""

    def __post_init__(self) -> None:
        """Raise InputError for a pair that is written otherwise."""
        for text in (*self.sheets, *self.recusals):
            if not _is_pair(text):
                said = _("“{text}”请写成 专家:评审对象，如 e3:c01", text=text)
                raise InputError(said)
        for text in self.values:
            if not _is_pair(text):
                said = _("“{text}”请写成 评审对象:登记的值，如 c01:i2", text=text)
                raise InputError(said)


def _is_pair(text: str) -> bool:
    one, _colon, other = text.partition(":")
    return bool(one.strip() and other.strip())


@dataclass(frozen=True)
class Superseded:
    """The locked round that is superseded, and the digest of its results."""

    folder: Path
    rubric: Rubric
    panel: Panel
    history: History
    results: str


def words(upheld: UpheldObjection) -> dict[str, str]:
    """The words of the decision, each checked."""
    names = {"reason": _("理由"), "objection": _("异议"), "decided_by": _("决定人")}
    for key, name in names.items():
        text = getattr(upheld, key)
        if not text.strip():
            raise Refused(_("请写明{name}", name=name))
        require_text(text, required=True)
    return {key: getattr(upheld, key).strip() for key in names}


def read_anew(
    old: Superseded, panel: Panel, rubric: Rubric, upheld: UpheldObjection
) -> tuple[str, ...]:
    """What of rules and rubric differs from the superseded round.

    Raises InputError for what else differs in a new file of the panel, or if nothing does.
    """
    if fixed := [key for key in _FIXED if getattr(panel, key) != getattr(old.panel, key)]:
        text = _("{keys} 与原来锁定的不同；新的评审组文件只能改规则", keys=fixed)
        raise InputError(Problem(text, str(upheld.panel_file or old.folder / PANEL_FILE)))
    before, after = ({(c.expert, c.applicant) for c in one.conflicts} for one in (old.panel, panel))
    if before | set(pairs(upheld.recusals)) != after:
        text = _("conflicts 与原来锁定的不同；查实的利益冲突请用 --recuse 逐个写明")
        raise InputError(Problem(text, str(upheld.panel_file)))
    found = list(_differing(old, panel, rubric))
    if upheld.panel_file is not None and not found:
        text = _("与原来锁定的没有不同；没有规则要重新解释的，不必给出")
        raise InputError(Problem(text, str(upheld.panel_file)))
    return tuple(found)


def _differing(old: Superseded, panel: Panel, rubric: Rubric) -> Iterator[str]:
    for name in Rules.model_fields:
        if getattr(old.panel.rules, name) != getattr(panel.rules, name):
            yield f"rules.{name}"
    for name in ("table", "schedule", "secretary", "title"):
        if getattr(old.panel, name) != getattr(panel, name):
            yield name
    if load_rubric(find_rubric_file(old.folder / PANEL_FILE)).digest != rubric.digest:
        yield "rubric"


def require_reopenable(found: Succession, rubric: Rubric, panel: Panel, old: Superseded) -> None:
    """Raise Refused or InputError, with everything that is wrong, for what is not there to be
    reopened.
    """
    if not (found.sheets or found.recusals or found.values or found.rules):
        raise Refused(_("没有写明重开什么：评分表、回避、登记的值，或规则"))
    problems = [problem for problem in _wrong(found, rubric, panel, old) if problem is not None]
    if problems:
        raise Refused(*problems)


def _wrong(
    found: Succession, rubric: Rubric, panel: Panel, old: Superseded
) -> Iterator[Text | None]:
    for expert, applicant in (*found.sheets, *found.recusals):
        panel.applicant(applicant)
        panel.expert(expert)
        if expert not in panel.seats(applicant):
            yield _("{expert} 没有被分配评 {applicant}", expert=expert, applicant=applicant)
    for expert, applicant in found.sheets:
        if (applicant, expert) in panel.recused:
            values = {"expert": expert, "applicant": applicant}
            yield _("{expert} 与 {applicant} 有利益冲突，评分表不能重开", **values)
    for expert, applicant in found.recusals:
        if (applicant, expert) in old.panel.recused:
            values = {"expert": expert, "applicant": applicant}
            yield _("{expert} 对 {applicant} 本来就已回避", **values)
    known = {(one.applicant.id, one.indicator) for one in owed(rubric, panel)}
    for applicant, name in found.values:
        panel.applicant(applicant)
        if (applicant, name) not in known:
            values = {"applicant": applicant, "name": name}
            yield _("{applicant} 的“{name}”不是由评审秘书或专家组登记的值", **values)
