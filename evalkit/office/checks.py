"""What is wrong in an office's file beyond its form: rules left open, names that lead nowhere,
records that the procedure does not allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from evalkit.base.build import unusable
from evalkit.base.declared import UNDECIDED, Place
from evalkit.base.text import Text, _
from evalkit.base.yamltext import Tree
from evalkit.office import course, roles
from evalkit.office.corrections import Misstep
from evalkit.office.rulebook import Rulebook
from evalkit.rubric import Rubric
from evalkit.rubric.open_rules import DECLARED, by_office, needed, silent_article

if TYPE_CHECKING:
    from evalkit.office.file import Office, Person


Found = Iterator[tuple[Place, Text]]


def undecided(tree: Tree, rubric: Rubric) -> Found:
    """Each place that a draft left open, with the article that is silent about it."""
    open_rules = set(needed(rubric))
    for place, value in tree.scalars():
        if value != UNDECIDED:
            continue
        rounds = place[:1] == ("rounds",) and place[2:3] == ("due",)
        name = ".".join(map(str, place[2:] if rounds else place[1:]))
        if (rounds or place[:1] == ("rules",)) and name in open_rules:
            text = _(
                "“{what}”还是“待定”。原文对此未作规定（{article}），须由办公室声明",
                what=DECLARED[name.partition(".")[0]],
                article=silent_article(rubric, name),
            )
        else:
            text = _("这里还是“待定”，请填写")
        yield place, text


def undeclared(tree: Tree, rubric: Rubric) -> Found:
    """Each rule that the file leaves out, with the article that is silent, or declares in vain."""
    file = tree.value if isinstance(tree.value, dict) else {}
    if not rubric.procedures:
        text = _("{id} 没有规定程序，不能登记资格", id=rubric.id)
        yield ("rubric",), text
        return
    names = list(needed(rubric))
    declared = {n for n in _declared(file.get("rules")) if n.partition(".")[0] != "owed"}
    for name in names:
        group = name.partition(".")[0]
        if group == "due":
            places = list(_rounds_without(name.partition(".")[2], file.get("rounds"), rubric))
        else:
            places = [] if name in declared else [("rules", *name.split("."))]
        for place in places:
            yield place, by_office(rubric, name, DECLARED[group])
    for name in sorted(declared - set(names)):
        place = ("rules", *name.split("."))
        text = _("原文没有把这一项留给办公室决定，请检查标识或删去")
        yield place, text


def _declared(rules: Any) -> Iterator[str]:
    for group, value in (rules if isinstance(rules, dict) else {}).items():
        if isinstance(value, dict):
            yield from (f"{group}.{key}" for key in value)
        else:
            yield group


def _rounds_without(stage: str, rounds: Any, rubric: Rubric) -> Iterator[Place]:
    """Where a round of the procedure with ``stage`` has no due date for it."""
    (procedure,) = (p.id for p in rubric.procedures for s in p.stages if s.id == stage)
    for n, which in enumerate(rounds if isinstance(rounds, list) else ()):
        if isinstance(which, dict) and which.get("procedure") == procedure:
            due = which.get("due")
            if not isinstance(due, dict) or stage not in due:
                yield ("rounds", n, "due", stage)


def inconsistent(office: Office, rubric: Rubric) -> Found:
    """Whatever in the file does not fit its rubric or itself."""
    book = Rulebook(rubric, office)
    found = (*_identifiers(office), *_rules(book), *_rounds(book), *_people(book), *_titles(book))
    if office.rubric != rubric.id:
        text = _("登记文件用的指标体系是 {a}，给出的是 {b}", a=office.rubric, b=rubric.id)
        yield ("rubric",), text
    yield from found


def unlawful(office: Office, rubric: Rubric) -> Found:
    """The first record of each applicant that may not stand."""
    book = Rulebook(rubric, office)
    for n, applicant in enumerate(office.applicants):
        try:
            course.follow(book, applicant)
        except Misstep as error:
            place = ("applicants", n, "records", error.index)
            text = error.problems[0].text
            yield place, text


def _identifiers(office: Office) -> Found:
    groups: list[tuple[Place, Iterable[Any], list[str]]] = [
        (("persons",), office.persons, []),
        (("rounds",), office.rounds, []),
        (("applicants",), office.applicants, []),
    ]
    everywhere = [p.id for p in office.persons]
    groups += [
        (("applicants", n, "persons"), applicant.persons, everywhere)
        for n, applicant in enumerate(office.applicants)
    ]
    for place, things, taken in groups:
        seen = {id.lower() for id in taken}
        for n, thing in enumerate(things):
            if thing.id.lower() in seen:
                text = _("标识“{id}”用了不止一次，请改成不同的", id=thing.id)
                yield (*place, n, "id"), text
            seen.add(thing.id.lower())


def _rules(book: Rulebook) -> Found:
    rules = book.office.rules
    for key, days in rules.days.items():
        if days < 1:
            yield ("rules", "days", key), _("至少 1 天")
    for key in rules.owed:
        if key not in book.duties:
            yield ("rules", "owed", key), unusable(key, book.duties or _("（无）"))
    stages = [s.id for p in book.rubric.procedures if p.grades for s in p.stages]
    for key, stage in rules.repeat_from.items():
        if stage not in stages:
            yield ("rules", "repeat_from", key), unusable(stage, stages)


def _rounds(book: Rulebook) -> Found:
    years: set[tuple[str, int]] = set()
    for n, which in enumerate(book.office.rounds):
        procedure = book.procedures.get(which.procedure)
        if procedure is None:
            yield ("rounds", n, "procedure"), unusable(which.procedure, book.procedures)
            continue
        if procedure.kind == "evaluation" and (procedure.id, which.year) in years:
            yield ("rounds", n, "year"), _("{year} 年度已有一轮评估", year=which.year)
        years.add((procedure.id, which.year))
        stages = [s.id for s in procedure.stages]
        for stage in which.due:
            if stage not in stages:
                yield ("rounds", n, "due", stage), unusable(stage, stages)


def _people(book: Rulebook) -> Found:
    groups: list[tuple[Place, tuple[Person, ...]]] = [(("persons",), book.office.persons)]
    applicants = enumerate(book.office.applicants)
    groups += [(("applicants", n, "persons"), a.persons) for n, a in applicants]
    for place, persons in groups:
        for n, person in enumerate(persons):
            for k, role in enumerate(person.roles):
                if not any(roles.matches(known, [role]) for known in book.roles):
                    text = unusable(role, sorted(book.roles))
                    if (near := roles.hint(role, book.roles)) is not None:
                        text = _("{text}；{near}", text=text, near=near)
                    yield (*place, n, "roles", k), text


def _titles(book: Rulebook) -> Found:
    """Titles are those of the text, where it has some."""
    recognitions = [p for p in book.rubric.procedures if p.kind == "recognition"]
    for p in recognitions:
        declared = book.office.rules.titles.get(p.id)
        if declared is not None and p.titles and declared not in p.titles:
            yield ("rules", "titles", p.id), unusable(declared, p.titles)
    titles = [book.title(p) for p in recognitions]
    for n, applicant in enumerate(book.office.applicants):
        had = applicant.recognised
        if had is not None and titles and had.title not in titles:
            yield ("applicants", n, "recognised", "title"), unusable(had.title, titles)
