"""What is handed over to one applicant: its report, all that the report rests on, and no more."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from evalkit.archive import reports_kept
from evalkit.archive.layout import APPLICANT, REPORTS, RESULT
from evalkit.archive.payload import Gathered, about_of, reports_of, told_of
from evalkit.base import canonical
from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.disclosure import Views
from evalkit.panel.load import find_rubric_file
from evalkit.record.begin import PANEL_FILE
from evalkit.round import Round

RUBRIC = "rubric"


def gather(round: Round, target: Path, reports: Sequence[Path], id: str) -> Gathered:
    """Put the report of the applicant ``id`` into ``target``, what it is made from, and the rubric.

    Which numbers that are is decided by `disclosure.Views`. Raises InputError for an unknown
    applicant, Refused where its report was not issued, or is not what these results give.
    """
    from evalkit.analysis import leave_one_out

    results = round.results()
    applicant = results.panel.applicant(id)
    kept = next(
        (
            one
            for one in reports_of(round, results, reports)
            if one.issued.head["level"] == APPLICANT and id in one.issued.reports
        ),
        None,
    )
    if kept is None:
        text = _("{name}（{id}）还没有给参评对象的报告，请先出报告", name=applicant.name, id=id)
        raise Refused(text)
    views = Views(
        results,
        left_out=leave_one_out(results),
        opinions=round.opinions(),
        remarks=round.remarks(),
    )
    view = views.report(id, "applicant", str(kept.issued.head["language"]))
    (target / RESULT).write_text(canonical.dumps(view), "utf-8")
    reports_kept.copy(kept, target / REPORTS / kept.name, [id])
    rubric = find_rubric_file(round.folder / PANEL_FILE)
    (target / RUBRIC).mkdir()
    shutil.copyfile(rubric, target / RUBRIC / rubric.name)
    about = about_of(results, APPLICANT) | {
        "description": f"{results.panel.title}：{applicant.name}（{id}）的报告及其依据",
        "applicant": {"id": id, "name": applicant.name},
        "reports": {kept.name: 1},
        "missing": [],
    }
    return Gathered(about, str(told_of(kept).get("ended") or results.facts.basis.locked_at))
