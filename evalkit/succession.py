"""What follows an upheld objection to a locked round: a successor, and both beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.text import _
from evalkit.base.urls import is_url
from evalkit.base.wanted import asked
from evalkit.record import successor
from evalkit.record.objection import Superseded, UpheldObjection
from evalkit.round import Round

if TYPE_CHECKING:
    from evalkit.evaluation.comparison import Comparison


@asked
def succeed(old: Round, path: Path | str, upheld: UpheldObjection) -> Round:
    """A new round in ``path`` that supersedes the locked ``old`` after an ``upheld`` objection.

    It holds what was locked, and takes nothing but what is reopened; ``old`` stays as it is. Raises
    as `Round.results` and `successor.begin` do.
    """
    if is_url(old.shown):
        text = _("请先取到文件夹里：evalkit panel fetch {url} --out 文件夹", url=old.shown)
        raise Refused(text)
    results, clock = old.results().digest, old.log.clock
    superseded = Superseded(old.folder, old.rubric, old.panel, old.history(), results)
    successor.begin(Path(path), superseded, upheld, clock)
    return Round.open(path, clock)


@asked
def predecessor(successor_round: Round) -> Round:
    """The round that a successor supersedes, as it lies in its folder.

    Raises InputError for a round that supersedes none.
    """
    if successor_round.history().succession is None:
        text = _("这不是复核轮次；请给出要对照的两个评审工作文件夹")
        raise InputError(Problem(text, str(successor_round.folder)))
    return Round.open(successor_round.folder / successor.FOLDER, successor_round.log.clock)


@asked
def compare_rounds(before: Round, after: Round, *, trial: bool = False) -> Comparison:
    """The results of two rounds beside each other; as a ``trial`` those after may not be locked.

    Raises as `Round.results` and `compare` do, and InputError where ``after`` supersedes ``before``
    and names other results than those.
    """
    from evalkit.evaluation.comparison import compare

    now, was = after.results(trial=trial), before.results()
    named = now.facts.basis.supersedes
    if named and named.root == was.facts.basis.root and named.results != was.digest:
        text = _(
            "原来的结果现在算得 {now}，复核轮次开始时是 {then}：程序的版本或原来的文件不同了",
            now=was.digest,
            then=named.results,
        )
        raise InputError(Problem(text, str(before.folder)))
    return compare(was, now)
