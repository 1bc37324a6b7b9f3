"""Why what was made again differs: rules, inputs, template, environment, or the archive itself.

Pure. What is compared is known here only as plain values; a cause is a sentence with its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from evalkit.archive.differences import Difference, fields, named, shown
from evalkit.archive.surroundings import Changes
from evalkit.base.text import Text, _

CauseKind = Literal["rules", "inputs", "template", "environment", "archive", "digits", "unknown"]

KINDS: Mapping[str, Text] = {
    "rules": _("规则"),
    "inputs": _("录入"),
    "template": _("模板"),
    "environment": _("环境"),
    "archive": _("归档件"),
    "digits": _("末位"),
    "unknown": _("原因不明"),
}

MOST = 5
"""So many fields or faults are named as causes; all of them are among the differences."""


@dataclass(frozen=True)
class Cause:
    """One reason, and the sentence that says it."""

    kind: CauseKind
    text: Text


@dataclass(frozen=True)
class Evidence:
    """What is known when causes are looked for."""

    differences: Sequence[Difference]
    before: Mapping[str, Any] = field(default_factory=dict)
    """`Results.to_dict` as archived; empty where that cannot be relied on."""
    after: Mapping[str, Any] = field(default_factory=dict)
    """The same as made again; empty where that was not possible."""
    rules: Sequence[Text] = ()
    """What does not hold of the files that declare the rules."""
    record: Sequence[Text] = ()
    """What does not hold of what was entered."""
    altered: Mapping[str, Text] = field(default_factory=dict)
    """Files that are not those that the archive registered, by name, each with a sentence."""
    told_alike: frozenset[str] = frozenset()
    """Reports that were made from the same content then and now."""
    changes: Changes | None = None
    """What of code and machine is another one now; None where the archive does not say."""
    names: Mapping[str, str] = field(default_factory=dict)


def causes(found: Evidence) -> list[Cause]:
    """Why there are differences: at least one where there is a difference, else none."""
    if not found.differences:
        return []
    why = [*_rules(found), *_inputs(found)]
    explained = bool(why) or "results" in _kinds_altered(found)
    why += [Cause("archive", text) for text in found.altered.values()]
    why += _code(found, [d for d in found.differences if _by_code(d, found, explained=explained)])
    if any(d.digits for d in found.differences):
        why.append(_last_digits(found))
    return [cause for n, cause in enumerate(why) if cause not in why[:n]]


def _kinds_altered(found: Evidence) -> set[str]:
    return {d.kind for d in found.differences if d.file in found.altered}


def _rules(found: Evidence) -> Iterator[Cause]:
    """Rules that are not those of the archived results."""
    if found.before and found.after:
        was, now = (side.get("rules", {}) for side in (found.before, found.after))
        for one in islice(fields(was, now), MOST):
            values = {"rule": named(one.path, {})}
            values |= {"before": shown(one.before), "after": shown(one.after)}
            text = _("规则 {rule}：存档的结果按 {before}，现在读到的是 {after}", **values)
            yield Cause("rules", text)
        for name, what in (("panel", _("评审组文件")), ("rubric", _("指标体系"))):
            if _digest(found.before, name) != _digest(found.after, name):
                text = _("{what}不是得出存档结果的那一份（摘要值不同）", what=what)
                yield Cause("rules", text)
    yield from (Cause("rules", text) for text in found.rules[:MOST])


def _digest(results: Mapping[str, Any], name: str) -> Any:
    return results.get(name, {}).get("digest")


def _inputs(found: Evidence) -> Iterator[Cause]:
    """What was entered that is not what the archived results rest on."""
    if found.before and found.after:
        was, now = (_entered(side) for side in (found.before, found.after))
        for one in islice(fields(was, now), MOST):
            place = named([key for key in one.path if key], found.names)
            values = {"before": shown(one.before), "after": shown(one.after)}
            text = _("{place}：存档的结果用的是 {before}，记录里是 {after}", place=place, **values)
            yield Cause("inputs", text)
        was, now = (side.get("basis", {}) for side in (found.before, found.after))
        if was.get("root") != now.get("root"):
            values = {"before": shown(was.get("root")), "after": shown(now.get("root"))}
            text = _("存档的结果出自根哈希 {before} 的锁定，记录的是 {after}", **values)
            yield Cause("inputs", text)
    yield from (Cause("inputs", text) for text in found.record[:MOST])


def _entered(results: Mapping[str, Any]) -> dict[str, Any]:
    """Applicant → indicator → expert → points that were entered, or why there are none; a measured
    value stands under no expert.
    """
    return {row["id"]: dict(_cells(row)) for row in results.get("applicants", ())}


def _cells(row: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for cell in row.get("indicators", ()):
        scores = cell.get("scores")
        if not isinstance(scores, list):
            continue
        own = {score["expert"]: score.get("points", score["use"]) for score in scores}
        if "measured" in cell:
            own[""] = cell["measured"].get("value")
        yield cell["id"], own


def _by_code(difference: Difference, found: Evidence, *, explained: bool) -> bool:
    """Whether a difference needs another explanation than what was declared and entered, and what
    was done to the file.
    """
    if difference.kind == "archive" or difference.digits or difference.file in found.altered:
        return False
    return not explained or difference.file in found.told_alike


def _code(found: Evidence, unexplained: Sequence[Difference]) -> Iterator[Cause]:
    """Other parts of pages, another program; else the archive itself."""
    if not unexplained:
        return
    files = list(dict.fromkeys(d.file for d in unexplained))[:MOST]
    if found.changes is None:
        text = _("归档件没有写明当时的环境，说不出 {files} 为什么不同", files=files)
        yield Cause("unknown", text)
        return
    pages = any(d.kind in ("notebook", "page", "missing") for d in unexplained)
    template = found.changes.template if pages else ()
    yield from (Cause("template", text) for text in template)
    yield from (Cause("environment", text) for text in found.changes.environment)
    if not template and not found.changes.environment:
        text = _(
            "规则、录入、模板和环境都与当时相同：{files} 不是由它们做出的，或做出之后连同登记的"
            "摘要值一起被改过",
            files=files,
        )
        yield Cause("archive", text)


def _last_digits(found: Evidence) -> Cause:
    """Processors and numerical libraries may decide last digits; where they are the same, nothing
    does but a hand.
    """
    changes = found.changes
    if changes is not None and not changes.numeric and not changes.environment:
        text = _("统计数字的末位不同，而处理器和软件都与当时相同：归档的统计可能被改过")
        return Cause("archive", text)
    text = _(
        "统计数字的末位因处理器或数值程序库的浮点运算而不同{changes}；"
        "这不是结果的不同：结果（名次和得分）不含浮点数，逐项相同",
        changes=_("（{list}）", list=list(changes.numeric)) if changes and changes.numeric else "",
    )
    return Cause("digits", text)
