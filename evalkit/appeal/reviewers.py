"""Who may decide on an appeal: nobody who took part before, and nobody who is concerned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.text import Text, _
from evalkit.log.events import Event
from evalkit.panel import Panel
from evalkit.panel.conflicts import Organisations
from evalkit.panel.employers import key, near


@dataclass(frozen=True)
class Reviewer:
    """Somebody who looks into an appeal, under a real name, and where that person works."""

    name: str
    employer: str

    @classmethod
    def read(cls, text: str) -> Reviewer:
        """From ``name:employer``. Raises InputError for anything else."""
        name, _colon, employer = text.replace("：", ":").partition(":")
        if not name.strip() or not employer.strip():
            said = _("复核人员“{text}”请写成 姓名:工作单位，如 王示例:示例大学", text=text)
            raise InputError(said)
        return cls(name.strip(), employer.strip())

    def __str__(self) -> str:
        return f"{self.name}:{self.employer}"


def require_impartial(reviewers: Iterable[Reviewer], panel: Panel, opened: Event) -> None:
    """Raise Refused, with everything that is wrong, where one of ``reviewers`` was of the ``panel``
    in force, is the objector, or works for a party to the application of the applicant.
    """
    found = [
        Problem(text)
        for one in reviewers
        for text in (
            *_took_part(one.name, panel, opened),
            *_employed(one, panel, opened.applicant),
        )
    ]
    if found:
        raise Refused(*found)


def require_uninvolved(name: str, panel: Panel, opened: Event) -> None:
    """Raise Refused where whoever decides took part before."""
    if found := [Problem(text) for text in _took_part(name, panel, opened)]:
        raise Refused(*found)


def doubtful(reviewers: Iterable[Reviewer], panel: Panel, applicant: str) -> list[Text]:
    """Employers that are like a party without being the same: a person must compare them."""
    parties = panel.applicant(applicant).parties
    found = near((one.employer for one in reviewers), parties)
    text = _("“{employer}”与“{party}”名称相近，请核对是否同一单位")
    return [text.filled(employer=employer, party=party) for employer, party in found]


def _took_part(name: str, panel: Panel, opened: Event) -> Iterator[Text]:
    applicant, objector = opened.applicant, opened.payload["objector"]
    for expert in panel.experts:
        if key(name) not in (key(expert.name), key(expert.id)):
            continue
        if (applicant, expert.id) in panel.recused:
            text = _("{name} 是原评审组的专家，对 {applicant} 有登记的利益冲突，不能参加复核")
        else:
            text = _("{name} 是原评审组的专家，不能参加对 {applicant} 的复核")
        yield text.filled(name=name, applicant=applicant)
    if key(name) == key(panel.secretary.name):
        yield _("{name} 是原评审的秘书，不能参加复核", name=name)
    if key(name) == key(objector):
        yield _("{name} 是异议人，不能参加复核", name=name)


def _employed(one: Reviewer, panel: Panel, applicant: str) -> Iterator[Text]:
    organisations = Organisations(panel.organisations)
    close = organisations.near(one.employer)
    for party in panel.applicant(applicant).parties:
        if organisations.identity(key(party)) in close:
            values = {"name": one.name, "employer": one.employer, "party": party}
            yield _("{name} 的工作单位“{employer}”与“{party}”是同一单位或有隶属关系", **values)
