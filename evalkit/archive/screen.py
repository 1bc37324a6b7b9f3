"""What differs, as few lines: for a screen, where equal differences of many reports are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from evalkit.archive.differences import Difference, shown
from evalkit.archive.layout import ANALYSIS, PAYLOAD, RESULTS
from evalkit.base.text import Text, _, render

LISTED = 20
"""So many differences are listed of a file or of a folder of reports; all are in the JSON."""

NAMED = 6
"""So many applicants are named in a line."""

_FILES: Mapping[str, Text] = {
    f"{PAYLOAD}/{RESULTS}": _("正式结果"),
    f"{PAYLOAD}/{ANALYSIS}": _("稳健性分析，只供参考"),
}

_HEADS: Mapping[str, Text] = {
    "total": _("总分"),
    "rank": _("名次"),
    "grade": _("等次"),
    "selected": _("拟选"),
}
"""What an applicant asks first."""

_ANSWERS: Mapping[bool, Text] = {True: _("是"), False: _("否")}

_REPORTS = ("page", "notebook", "missing")


def moved(before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]) -> Text:
    """Whether total, rank, grade or selection of anybody differ between two `Results.to_dict`, in a
    sentence that names who.
    """
    was, now = ({row["id"]: row for row in side.get("applicants", ())} for side in (before, after))
    said = []
    for id in [*was, *(id for id in now if id not in was)]:
        one, other = was.get(id, {}), now.get(id, {})
        differing = [key for key in _HEADS if one.get(key) != other.get(key)]
        fields = [_from_to(_HEADS[key], one.get(key), other.get(key)) for key in differing]
        if fields:
            said.append(_("{name}（{id}）{fields}", name=names.get(id, id), id=id, fields=fields))
    if not said:
        return _("总分、名次、等次和拟选都没有变")
    return _("{n} 个对象的总分、名次、等次或拟选变了：{who}", n=len(said), who=_some(said))


def _from_to(field: Text, before: Any, after: Any) -> Text:
    was, now = (_ANSWERS[v] if isinstance(v, bool) else shown(v) for v in (before, after))
    return _("{field} {before} → {after}", field=field, before=was, after=now)


def lines(found: Iterable[Difference], known: Collection[str]) -> Iterator[Text]:
    """Sentences on what was ``found``, those that are ``known`` left out: results field by field,
    statistics counted, and reports by folder, each sentence once with those of whom it is true.
    """
    told = [one for one in found if render(one.said) not in known]
    alone = [one for one in told if one.kind not in _REPORTS]
    for file, several in groupby(alone, key=lambda one: one.file):
        yield from _of_file(file, [*several])
    reports = sorted((one for one in told if one.kind in _REPORTS), key=_folder)
    for folder, several in groupby(reports, key=_folder):
        yield from _of_reports(folder, [*several])


def _of_file(file: str, own: Sequence[Difference]) -> Iterator[Text]:
    what = _("{what}（{file}）", what=_FILES[file], file=file) if file in _FILES else file
    yield _("{file}：{n} 处不同", file=what, n=len(own))
    if own[0].kind == "statistics" and len(own) > LISTED:
        counted = Counter(render(one.part, "zh").partition(" › ")[0] for one in own)
        said = [_("{part} {n} 处", part=part, n=n) for part, n in counted.most_common()]
        yield _("  · {parts}；逐项见 --json", parts=_some(said))
        return
    yield from _listed([one.said for one in own])


def _of_reports(folder: str, own: Sequence[Difference]) -> Iterator[Text]:
    pages = {_of(one) for one in own if one.kind == "page"}
    beside = [one for one in own if one.kind == "notebook" and _of(one) in pages]
    everybody = {_of(one) for one in own}
    yield _("{file}：{n} 份报告不同", file=folder, n=len(everybody))
    by_sentence: dict[str, tuple[Text | str, dict[str, None]]] = {}
    for one in own:
        if one in beside:
            continue
        said = one.said
        by_sentence.setdefault(render(said), (said, {}))[1][_of(one)] = None
    yield from _listed(
        _("{who}：{text}", who=_some([*who]), text=said) for said, who in by_sentence.values()
    )
    if beside:
        n = len({_of(one) for one in beside})
        yield _("  · 其中 {n} 份的笔记本也不同；逐格见 --json", n=n)


def _listed(said: Iterable[Text | str]) -> Iterator[Text]:
    texts = [*said]
    yield from (_("  · {text}", text=text) for text in texts[:LISTED])
    if len(texts) > LISTED:
        yield _("  · 另有 {n} 处，见 --json", n=len(texts) - LISTED)


def _some(words: Sequence[Text | str]) -> Text | list[Text | str]:
    if len(words) <= NAMED:
        return [*words]
    return _("{words} 等 {n} 个", words=[*words[:NAMED]], n=len(words))


def _folder(one: Difference) -> str:
    path = PurePosixPath(one.file)
    return path.parent.as_posix() if path.suffix else one.file


def _of(one: Difference) -> str:
    """Whose report a file is."""
    return PurePosixPath(one.file).stem
