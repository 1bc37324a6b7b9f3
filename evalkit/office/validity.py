"""Records of days on which the text does not hold: not yet, or no longer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from evalkit.base.text import Text, _
from evalkit.base.wanted import asked

if TYPE_CHECKING:
    from evalkit.office.file import Office
    from evalkit.rubric import Rubric


def outside(rubric: Rubric, days: Iterable[str]) -> Iterator[Text]:
    """How many of ``days`` (ISO) lie before the text's effect, and how many after its end.

    Whether a record of such a day stands is not for the program. Where the text does not say from
    when it holds, nothing is known of earlier days.
    """
    days, source = list(days), rubric.source
    if source.effective and (n := sum(day < source.effective for day in days)):
        text = _("原文自 {start} 起施行，此前的 {n} 条记录须另有依据", start=source.effective, n=n)
        yield text
    if source.valid_until and (n := sum(day > source.valid_until for day in days)):
        text = _("原文有效期至 {until}，此后的 {n} 条记录须另有依据", until=source.valid_until, n=n)
        yield text


@asked
def findings(office: Office, rubric: Rubric) -> Iterator[Text]:
    """A sentence for each applicant with such records, and for each such last day of a stage."""
    for which in office.rounds:
        for stage, last in which.due.items():
            if said := rubric.source.outside(last):
                values = {"round": which.id, "stage": stage, "said": said}
                yield _("{round} 的 {stage}：{said}，须另有依据", **values)
    for applicant in office.applicants:
        for said in outside(rubric, (record.day for record in applicant.records)):
            yield _("{applicant}：{said}", applicant=applicant.name, said=said)
