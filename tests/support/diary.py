"""Records of one applicant, written in a few words: articles, authors and ids are filled in."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from evalkit.office.course import Course, follow
from evalkit.office.file import Office
from evalkit.office.outlook import outlook
from evalkit.office.rulebook import Rulebook
from evalkit.office.stages import role
from evalkit.rubric import Rubric, load_rubric
from tests.support.builders import ROOT

ANHUI, ZHONGSHAN, HENAN = (
    "anhui-application-2025",
    "zhongshan-platform-2026",
    "henan-centre-2025",
)
FILES = {
    ANHUI: ROOT / "panels" / "anhui-standing-demo" / "standing.yaml",
    ZHONGSHAN: ROOT / "panels" / "zhongshan-standing-demo" / "standing.yaml",
    HENAN: ROOT / "panels" / "henan-standing-demo" / "standing.yaml",
}


@cache
def _read(rubric: str) -> tuple[Rubric, dict[str, Any]]:
    """The text, and the rules of its demo; neither is ever changed."""
    text = load_rubric(ROOT / "rubrics" / f"{rubric}.yaml")
    declared = (
        yaml.load(FILES[rubric].read_text("utf-8"), yaml.CSafeLoader)["rules"]
        if rubric in FILES
        else {}
    )
    return text, declared


class Diary:
    """An office under a text, with the rules of its demo, one person for each role."""

    def __init__(self, rubric: str, **rules: Any) -> None:
        self.rubric, declared = _read(rubric)
        self.rules = {**declared, **rules}
        self.records: list[dict[str, Any]] = []
        self.more: dict[str, Any] = {}
        self.years = range(2026, 2031)
        self.stages = {s.id: s for p in self.rubric.procedures for s in p.stages}
        self.text = self.book()
        self.people = {r: f"p{n}" for n, r in enumerate(sorted(self.text.roles))}

    def rounds(self) -> list[dict[str, Any]]:
        """A round of each procedure in each year; materials are due at the end of March."""
        return [
            {
                "id": f"{p.id}-{year}",
                "procedure": p.id,
                "year": year,
                "due": {s.id: f"{year}-03-31" for s in p.stages if s.period == "deadline"},
            }
            for p in self.rubric.procedures
            for year in self.years
        ]

    def book(self, **file: Any) -> Rulebook:
        """The text and the office's file as it stands."""
        data = {
            "format": "evalkit-standing/1",
            "id": "office",
            "title": "登记",
            "rubric": self.rubric.id,
            "office": "示例办公室",
            "rules": self.rules,
            "rounds": self.rounds(),
            **file,
        }
        return Rulebook(self.rubric, Office.model_validate(data))

    def whole(self) -> Rulebook:
        """The file with the applicant and its records."""
        persons = [{"id": id, "name": "人示例", "roles": [r]} for r, id in self.people.items()]
        applicant = {"id": "a", "name": "虚构对象", "records": self.records, **self.more}
        return self.book(persons=persons, applicants=[applicant])

    def course(self) -> Course:
        """What the records come to. Raises Misstep."""
        book = self.whole()
        return follow(book, book.office.applicants[0])

    def seen(self, on: str | None = None) -> dict[str, Any]:
        """What an office sees of it."""
        book = self.whole()
        return outlook(book, book.office.applicants[0], on)

    def put(self, **record: Any) -> str:
        """Add a record as it is; returns its id."""
        self.records.append({"id": f"r{len(self.records) + 1}", **record})
        return self.records[-1]["id"]

    def decide(self, stage: str, outcome: str, day: str, year: int = 2026, **more: Any) -> str:
        """A decision on a stage, by whom and after which article the text says."""
        element = self.stages[stage]
        (procedure,) = (p.id for p in self.rubric.procedures if element in p.stages)
        record = {
            "kind": "decision",
            "round": f"{procedure}-{year}",
            "stage": stage,
            "outcome": outcome,
            "day": day,
            "by": self.people[role(element, outcome, self.text)],  # type: ignore[arg-type]
            "article": element.article,
        }
        return self.put(**{**record, **more})

    def ground(self, rule: str, year: int, day: str, **more: Any) -> str:
        """A ground put on record by its judge."""
        element = self.text.rules[rule]
        by = self.people[self.text.judge(element)]
        record = {"kind": "ground", "rule": rule, "year": year, "day": day, "by": by}
        return self.put(**{**record, "article": element.article, "reason": "有据可查", **more})

    def answer(
        self, rule: str, cause: str, day: str, outcome: str = "accepted", **more: Any
    ) -> str:
        """A decision on a proposal."""
        element = self.text.rules[rule]
        by = self.people[self.text.actor(element)]
        record = {"kind": "answer", "rule": rule, "cause": cause, "outcome": outcome, "day": day}
        about = {"by": by, "article": element.article, "reason": "经研究"}
        return self.put(**{**record, **about, **more})

    def recognised(self, stages: int | None = None, day: str = "2026-03-01") -> Diary:
        """The first ``stages`` of the recognition; all of them, up to the title, unless told."""
        (procedure,) = (p for p in self.rubric.procedures if p.kind == "recognition")
        for stage in procedure.stages[:stages]:
            if stage.period == "publicity":
                self.decide(stage.id, "begun", day)
                day = f"{day[:-2]}{int(day[-2:]) + 8:02}"  # the demos declare seven days
            self.decide(stage.id, "done", day)
        return self

    def graded(self, year: int, grade: str, day: str | None = None) -> str:
        """All stages of the evaluation of ``year``, up to the grade; returns its record."""
        (procedure,) = (p for p in self.rubric.procedures if p.kind == "evaluation")
        day = day or f"{year}-03-20"
        for stage in procedure.stages[:-1]:
            self.decide(stage.id, "done", day, year)
        return self.decide(procedure.stages[-1].id, "graded", day, year, grade=grade)
