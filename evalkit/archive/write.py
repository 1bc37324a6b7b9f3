"""A locked round as a bag: gathered beside its place, sealed, signed, and put there whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from evalkit.archive import bag, handover, installed, payload, placing, signature
from evalkit.archive.code import fetch_wheels, write_code
from evalkit.archive.crate import write_crate
from evalkit.archive.layout import ABOUT, PAPERS, README, SIGNERS
from evalkit.archive.readme import Readme
from evalkit.archive.signature import Signer
from evalkit.base.errors import Refused
from evalkit.base.shown import Shown
from evalkit.base.terms import BEIJING
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.reports import journal
from evalkit.round import Round

MOST_SHOWN = 5


@dataclass(frozen=True)
class Archived(Shown):
    """A bag that was made: its folder, the levels of reports in it, those that were never made,
    and what of the installed programs is not as it was installed; ``before`` is the digest of the
    bag before it, empty without one, ``referred`` how many files of evidence are not in it.
    """

    folder: Path
    reports: dict[str, int]
    missing: tuple[str, ...]
    altered: tuple[str, ...]
    before: str = ""
    referred: int = 0

    def remarks(self) -> list[Text]:
        """Which reports are in it, which are not because nobody issued them, and what of the
        installed programs is not as it was installed.
        """
        kept = [
            _("报告 {n} 份（{level}）", n=n, level=journal.LEVELS[name.partition("-")[0]])
            for name, n in self.reports.items()
        ]
        none = _("没有装进报告：还没有出过")
        if not kept and not self.missing:
            none = _("没有装进报告：它们在提出异议时的档案里；要装进来，用 --reports 写明")
        found = [_("装进了{kept}", kept=kept) if kept else none]
        if kept and self.missing:
            levels = [journal.LEVELS[level] for level in self.missing]
            found.append(_("这些报告没有出过，也没有代做：{levels}", levels=levels))
        if self.altered:
            text = _("所装的程序有 {n} 个文件与安装时不同：{names}", n=len(self.altered))
            found.append(text.filled(names=list(self.altered[:MOST_SHOWN])))
        if self.referred:
            text = _("{n} 份佐证材料只登记了摘要值，没有装进来：原件请另行保管", n=self.referred)
            found.append(text)
        if self.before:
            found.append(_("接在这一份档案之后，其标签清单的摘要值：{bag}", bag=self.before))
        return found

    def __repr__(self) -> str:
        return f"Archived({str(self.folder)!r}, reports {self.reports})"


@asked
def archive_round(
    round: Round,
    out: Path | str,
    *,
    applicant: str | None = None,
    reports: Sequence[Path | str] = (),
    papers: Sequence[Path | str] = (),
    key: Path | str | None = None,
    signer: str | None = None,
    wheelhouse: bool = False,
    evidence: bool = True,
    appeal: Mapping[str, str] | None = None,
) -> Archived:
    """Put the locked ``round`` into the new folder ``out`` as a bag that others' tools verify.

    ``reports`` are folders with its reports (none: those in its folder and beside it); nothing is
    made. ``papers`` are folders or files that go with it. ``key`` signs, as ``signer`` (None: the
    secretary). With ``wheelhouse`` the wheels of the lock are fetched. Without ``evidence`` the bag
    has its names, sizes and digests alone. With an ``applicant`` it is for handing over: that
    report with what it rests on, nothing of others. At the end of an ``appeal`` it says of which.

    Raises InputError where ``out`` is there, bagit, rocrate or a key is missing, and for folders of
    another round; Refused before the lock, and where record, report or paper is not as it was.
    """
    bag.require()
    _require_locked(round)
    who = _signer(round, key, signer)
    with placing.whole(Path(out)) as staging:
        given = round, staging, [Path(one) for one in reports]
        whole = partial(payload.gather, evidence=evidence)
        found = whole(*given) if applicant is None else handover.gather(*given, applicant)
        found.about.update(_ended(appeal, found.about))
        payload.copy_papers([Path(one) for one in papers], staging / PAPERS)
        write_code(staging)
        if wheelhouse:
            fetch_wheels(staging)
        (staging / ABOUT).write_bytes(payload.written(found.about))
        write_crate(staging, found.about, found.ended, found.left_out)
        _seal(staging, found.about, round.log.clock(), who, wheels=wheelhouse)
    return _archived(Path(out), found.about)


def _archived(folder: Path, about: dict[str, Any]) -> Archived:
    altered = [f"{row.distribution}: {row.path}" for row in installed.installed() if row.altered]
    more = bag.predecessor(about) or "", about.get("evidence", {}).get("files", 0)
    return Archived(folder, about["reports"], tuple(about["missing"]), tuple(altered), *more)


def _ended(appeal: Mapping[str, str] | None, about: Mapping[str, Any]) -> dict[str, Any]:
    """What the bag says of an ``appeal``; nothing without one. Of a round that stands, reports that
    are not in it lie in the bag that was objected to.
    """
    if appeal is None:
        return {}
    stands = appeal["bag"] and appeal["root"] == about["root"]
    return {"appeal": dict(appeal), "missing": [] if stands else about["missing"]}


def _require_locked(round: Round) -> None:
    if not round.final or round.history().lock is None:
        raise Refused(_("锁定之后才能存档：之前还会有新的记录"))


def _signer(round: Round, key: Path | str | None, name: str | None) -> Signer | None:
    if key is None:
        return None
    panel = round.panel
    return signature.signer(Path(key), name or f"{panel.secretary.id}@{panel.id}")


def _seal(
    staging: Path, about: dict[str, Any], now: datetime, who: Signer | None, *, wheels: bool
) -> None:
    """Make the gathered payload a bag, with the page to read first, and sign it."""
    beside = {README: Readme(about, who.identity if who else "", wheels).written()}
    if who is not None:
        beside[SIGNERS] = who.line().encode()
    bag.seal(staging, bag.information(about, now.astimezone(BEIJING).date()), beside)
    if who is not None:
        signature.sign(staging, who)
