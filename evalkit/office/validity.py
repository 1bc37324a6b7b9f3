"""What a person has to look at: records of days on which the text does not hold, vacant roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.office import roles

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


def _vacant(office: Office) -> Iterator[Text]:
    """Nobody could put on record what is left to such a role."""
    people = [*office.persons, *(p for a in office.applicants for p in a.persons)]
    declared = {"actors": office.rules.actors, "judges": office.rules.judges}
    for group, chosen in declared.items():
        for name, role in chosen.items():
            if not any(roles.matches(role, person.roles) for person in people):
                field = f"rules.{group}.{name}"
                values = {"field": field, "role": role}
                yield _("{field}：没有人有“{role}”这一身份，请在 persons 中写明", **values)


@asked
def findings(office: Office, rubric: Rubric) -> Iterator[Text]:
    """A sentence for each applicant with such records, for each such last day of a stage, and for
    each role that the office gives a part to and nobody holds.
    """
    yield from _vacant(office)
    for which in office.rounds:
        for stage, last in which.due.items():
            if said := rubric.source.outside(last):
                values = {"round": which.id, "stage": stage, "said": said}
                yield _("{round} 的 {stage}：{said}，须另有依据", **values)
    for applicant in office.applicants:
        for said in outside(rubric, (record.day for record in applicant.records)):
            yield _("{applicant}：{said}", applicant=applicant.name, said=said)
