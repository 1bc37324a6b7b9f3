"""What a successor round supersedes and what it reopens, as the first entry of its log says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from evalkit.base.text import Text, _

KIND = "succession"

Pair = tuple[str, str]


@dataclass(frozen=True)
class Succession:
    """An upheld objection to a locked round, and what of that round is open again.

    Everything that is not named here holds as it was locked.
    """

    root: str
    """The root hash of the lock that is superseded."""
    results: str
    """The digest of the results that are superseded."""
    panel_before: str
    """Digests of the panel and the rubric under that lock, and of those that hold now."""
    rubric_before: str
    panel: str
    rubric: str
    reason: str
    objection: str
    """Which objection: who raised it, or its number."""
    decided_by: str
    sheets: tuple[Pair, ...] = ()
    """Expert and applicant of each score sheet that is given back."""
    recusals: tuple[Pair, ...] = ()
    """Expert and applicant of each conflict that was found; those scores no longer count."""
    values: tuple[Pair, ...] = ()
    """Applicant and name of each measured value, condition, bonus item or deduction."""
    rules: tuple[str, ...] = ()
    """What is read anew: ``rules.<name>``, ``rubric``, and other keys of the panel's file."""
    bag: str = ""
    """The SHA-256 of the tag manifest of the bag in which the superseded round was archived."""

    @classmethod
    def read(cls, payload: Mapping[str, str]) -> Succession:
        """The succession in the ``payload`` of its event."""
        found = {f.name: payload[f.name] for f in fields(cls) if f.name != "bag"}
        lists = {name: pairs(found[name].split()) for name in ("sheets", "recusals", "values")}
        return cls(
            **{**found, **lists, "rules": tuple(found["rules"].split())},  # type: ignore[arg-type]
            bag=payload.get("bag", ""),
        )

    def payload(self) -> dict[str, str]:
        """The payload of its event: lists with blanks between, pairs with a colon; no ``bag``
        where there is none.
        """
        texts = {name: value for name, value in vars(self).items() if isinstance(value, str)}
        found = {name: value for name, value in texts.items() if value or name != "bag"}
        for name in ("sheets", "recusals", "values"):
            found[name] = " ".join(":".join(pair) for pair in getattr(self, name))
        return {**found, "rules": " ".join(self.rules)}

    @property
    def reopened(self) -> list[Text]:
        """Everything that is reopened, in words."""
        sheet, apart = _("{expert} 对 {applicant} 的评分表"), _("{expert} 对 {applicant} 的回避")
        return [
            *(sheet.filled(expert=e, applicant=a) for e, a in self.sheets),
            *(apart.filled(expert=e, applicant=a) for e, a in self.recusals),
            *(_("{applicant} 的 {name}", applicant=a, name=name) for a, name in self.values),
            *([_("规则（{names}）", names=self.rules)] if self.rules else []),
        ]

    def told_by_reports(self, ids: Iterable[str]) -> list[Text]:
        """What the report before and the one after tell beside each other of those of the
        applicants ``ids`` whose sheets are reopened: the total itself has changed, so that no view
        prevents it. Nothing where there is none.
        """
        apart = {applicant for _expert, applicant in (*self.sheets, *self.recusals)}
        names = sorted(apart & set(ids))
        text = _(
            "{names}：新旧两份报告放在一起，能推出回避或改分的那位专家的评分和评语，不写姓名也一样；"
            "已有原报告的，先只告知总分和名次（复核决定、告知书），给不给新报告由作出决定的人定"
        )
        return [text.filled(names=names)] if names else []


def pairs(texts: Iterable[str]) -> tuple[Pair, ...]:
    """The texts ``one:other`` as pairs, sorted, each once. A text without a colon is its first."""
    found = {(one, other) for one, _colon, other in (text.partition(":") for text in texts)}
    return tuple(sorted(found))
