"""Where the round lies that an appeal is about: in its folder, or in the bag that keeps it; and the
case file that begins with a copy of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalkit.appeal.layout import LOG_FILE, ORIGINAL
from evalkit.appeal.objection import Objection
from evalkit.appeal.steps import step
from evalkit.archive.kept_round import copy_round as copy_files
from evalkit.archive.layout import PAYLOAD, ROUND, TAGMANIFEST
from evalkit.archive.opened import is_bag
from evalkit.archive.verify import verify
from evalkit.base.digests import sha256_of_file
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.terms import BEIJING
from evalkit.base.text import _
from evalkit.base.urls import is_url
from evalkit.log.driver import Clock
from evalkit.log.places import require_local
from evalkit.log.sqlite import SqliteLog
from evalkit.record.begin import LOG_FILE as ROUND_LOG
from evalkit.record.begin import PANEL_FILE, appearing
from evalkit.round import Round


@dataclass(frozen=True)
class Source:
    """The folder of a round, and the SHA-256 of the tag manifest of its bag; empty without one."""

    round: Path
    bag: str


def source_of(given: Path) -> Source:
    """The round in ``given``. Raises Refused for a bag that is not as it was made and a round in a
    database, InputError for anything else that is no round's folder.
    """
    if is_url(str(given)):
        raise Refused(_("请先取到文件夹里：evalkit panel fetch {url} --out 文件夹", url=given))
    if not is_bag(given):
        for name in (PANEL_FILE, ROUND_LOG):
            if not (given / name).exists():
                text = _("这里没有 {name}，请给出评审工作文件夹或它的档案", name=name)
                raise InputError(Problem(text, str(given)))
        return Source(given, "")
    found = verify(given)
    if not found.ok:
        raise Refused(*(Problem(text, str(given)) for text in found.wrong))
    if not (given / PAYLOAD / ROUND).is_dir():
        text = _("这是交给一个单位的档案，没有评审记录；请给出整轮评审的档案")
        raise InputError(Problem(text, str(given)))
    return Source(given / PAYLOAD / ROUND, str(sha256_of_file(given / TAGMANIFEST)))


def begin(case: Path, source: Path, objection: Objection, by: str, clock: Clock) -> None:
    """Make the folder ``case`` with a copy of the round in ``source`` and a log whose first step is
    the ``objection``; it appears whole or not at all. Raises as `Appeal.begin` does.
    """
    if case.exists():
        raise InputError(Problem(_("已经存在，请换一个文件夹或先移走"), str(case)))
    require_local(case / LOG_FILE)
    given = source_of(source)
    with appearing(case) as staging:
        _copy_round(given.round, staging / ORIGINAL)
        with Round.open(staging / ORIGINAL, clock) as old:
            payload = _grounds(old, given, objection)
            log = SqliteLog(staging / LOG_FILE, old.panel.id, clock)
        with log.writing():
            log.append(step("open", by, objection.applicant, payload))
        log.close()


def _copy_round(source: Path, target: Path) -> None:
    """A copy of the round in ``source`` that nothing is added to any more."""
    target.mkdir()
    copy_files(source, target)
    (target / ROUND_LOG).chmod(0o444)


def _grounds(old: Round, given: Source, objection: Objection) -> dict[str, str]:
    """What the first step says: the objection, and the results that it is about.

    Raises Refused for a round without a lock and a receipt that is to come, and what
    `Objection.check` raises.
    """
    if old.history().lock is None:
        raise Refused(_("还没有锁定，没有可以提出异议的结果"))
    objection.check(old.panel)
    if objection.received > old.log.clock().astimezone(BEIJING).date():
        raise Refused(_("日期 {day} 还没有到", day=objection.received.isoformat()))
    results = old.results()
    root = str(results.facts.basis.root)
    return objection.payload() | {"root": root, "results": results.digest, "bag": given.bag}
