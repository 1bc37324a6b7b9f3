"""Results: every official number of a round and how it came about, in one canonical form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evalkit.base import canonical
from evalkit.base.wanted import asked
from evalkit.evaluation import frames
from evalkit.evaluation.cells import Cells, score
from evalkit.evaluation.stored import FORMAT, StoredResults, Tabled
from evalkit.facts.verified import gate_results
from evalkit.panel import Panel
from evalkit.rubric import Rubric
from evalkit.scoring.points import text

if TYPE_CHECKING:
    import pandas as pd


SELECTION = ("no", "yes", "tied_at_cut")
"""What is proposed for an applicant, by its number in `Results.selected`."""


AT_ONCE = 256
"""So many applicants' scores are put into words together: each kind of them once."""

_CELLS, _SCORES = '"indicators":[]', '"scores":[]'
"""Where these go in canonical JSON; inside a text there would be strokes before the quotes."""


@dataclass(frozen=True, eq=False)
class Results(Tabled, Cells):
    """The official results of a round; its columns are those of `Cells`."""

    def __repr__(self) -> str:
        n, ranked = len(self.facts.applicants), int((self.rank > 0).sum())
        return (
            f"Results({self.panel.id!r}, {self.status}: {ranked} of {n} ranked, {self.digest[:12]})"
        )

    def to_json(self) -> str:
        """The canonical JSON (RFC 8785): ids, whole numbers and decimal strings, no float."""
        return "".join(canonical.pieces(self._pieces()))

    @staticmethod
    @asked
    def from_json(text: str, rubric: Rubric, panel: Panel) -> StoredResults:
        """The results in the canonical JSON ``text``, with their digest and their tables.

        What experts wrote is not in it, so reports are made from the round. Raises InputError for
        what is not canonical JSON of results, and for another rubric or panel than theirs.
        """
        return StoredResults(text, rubric, panel)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `to_json`, without having all of it in memory."""
        return canonical.digest(self._pieces())

    def _pieces(self) -> dict[str, Any]:
        """`to_dict` with the applicants' parts as texts, one by one."""
        return self._head() | {"applicants": self._texts()}

    def _texts(self) -> Iterator[canonical.Canonical]:
        """The canonical JSON of every `applicant`. Nearly all of it are cells that recur."""
        for start in range(0, len(self.facts.applicants), AT_ONCE):
            whole = self.score_texts(slice(start, start + AT_ONCE))
            for n, columns in enumerate(whole, start):
                before, after = canonical.dumps(self._outcome(n) | {"indicators": []}).split(_CELLS)
                cells = (
                    text.replace(_SCORES, f'"scores":[{",".join(filter(None, own))}]')
                    for text, own in zip(self._cell_texts(n), columns, strict=True)
                )
                yield canonical.Canonical(f'{before}"indicators":[{",".join(cells)}]{after}')

    def _cell_texts(self, n: int) -> Iterator[str]:
        for c, numbers in enumerate(self.numbers(n)):
            if (text := self._cells.get(numbers)) is None:
                text = canonical.dumps(self.cell(n, c))
                if numbers is not None:
                    self._cells[numbers] = text
            yield text

    @cached_property
    def _cells(self) -> dict[Any, str]:
        return {}

    def to_dict(self) -> dict[str, Any]:
        """The content of `to_json`. A number that does not exist is None."""
        return self._head() | {"applicants": self.rows}

    def _head(self) -> dict[str, Any]:
        """What of `to_dict` concerns the round as a whole."""
        panel, rubric, basis = self.panel, self.rubric, self.facts.basis
        before = basis.supersedes
        taken = {} if before is None else {"root": before.root, "results": before.results}
        return {
            "format": FORMAT,
            "status": self.status,
            "panel": {"id": panel.id, "title": panel.title, "digest": panel.digest},
            "rubric": {"id": rubric.id, "version": rubric.version, "digest": rubric.digest},
            "basis": {
                "kind": basis.kind,
                "locked_at": basis.locked_at,
                "locked_by": basis.locked_by,
                "root": basis.root,
                **({"supersedes": taken} if taken else {}),
            },
            "rules": panel.rules.model_dump(mode="json", exclude_none=True),
        }

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Everything that was entered, a row each: applicant, expert, indicator, points and reason
        as text, and ``use``, what became of it; columns as in `frames.scores`.
        """
        facts = self.facts
        uses = (
            ((facts.applicants[n], facts.experts[facts.seats[n, s]], column), use)
            for n in range(len(facts.applicants))
            for c, column in enumerate(facts.columns)
            for s, use in self.uses(n, c)
        )
        return frames.scores(facts.to_frame(), uses)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Every applicant's part of `to_dict`, in the order of the panel."""
        return [self.applicant(n) for n in range(len(self.facts.applicants))]

    def applicant(self, n: int) -> dict[str, Any]:
        """One applicant's part of `to_dict`, by its index.

        What a rubric or panel has no use for (deduction, grade, selection, conditions) is left out.
        """
        cells = [self.cell(n, c) for c in range(len(self.facts.columns))]
        for cell, own in zip(cells, self.entered(n), strict=True):
            cell["scores"] = [score(*one) for one in own]
        return self._outcome(n) | {"indicators": cells}

    @property
    def brief(self) -> list[dict[str, Any]]:
        """The `rows`, or what tables show of them."""
        if "rows" in vars(self):
            return self.rows
        columns, found = self.facts.columns, []
        for n, (defined, points) in enumerate(zip(self.defined, self.points, strict=True)):
            each = zip(columns, defined.tolist(), points.tolist(), strict=True)
            cells = [
                {"id": c, "points": self.number_text(p) if there else None} for c, there, p in each
            ]
            found.append(self._outcome(n) | {"indicators": cells})
        return found

    def _outcome(self, n: int) -> dict[str, Any]:
        """An applicant's part without the indicators."""
        whole = bool(self.defined[n].all())
        numbers = {"total": self.total, "base": self.base, "bonus": self.bonus}
        if self.rubric.deductions:
            numbers["deduction"] = self.deduction
        return {
            "id": self.facts.applicants[n],
            "rank": int(self.rank[n]) or None,
            **{k: self.number_text(v[n]) if whole else None for k, v in numbers.items()},
            **self._declared(n),
            "dimensions": [
                {"id": d.id, "points": self.dimension_text(n, k)}
                for k, d in enumerate(self.rubric.dimensions)
            ],
        }

    def _declared(self, n: int) -> dict[str, Any]:
        """Group, grade, selection and conditions of entry, as far as the rules have any."""
        rules, applicant, found = self.panel.rules, self.panel.applicants[n], dict[str, Any]()
        if rules.ranking is not None:
            found["group"] = applicant.group
        if rules.grades is not None:
            procedure = self.panel.procedure_of(self.rubric)
            names = [g.id for g in procedure.grades] if procedure else []
            found["grade"] = names[self.grade[n]] if self.grade[n] >= 0 else None
        if rules.selecting is not None:
            found["selected"] = SELECTION[int(self.selected[n])]
        if rules.minimums is not None:
            found["missed"] = [
                rule.of for rule, no in zip(rules.minimums, self.missed[n], strict=True) if no
            ]
        if self.placings is not None:
            by = zip(self.facts.experts, self.placings[n].tolist(), strict=True)
            found["placings"] = text(int(self.placings[n].sum()), 2) if self.rank[n] else None
            found["placed_by"] = {expert: text(p, 2) for expert, p in by if p}
        if rules.gates is not None:
            results = gate_results(self.rubric, self.facts.verified, applicant.id)
            found["gates"] = [{"id": gate.id, "result": result} for gate, result in results]
        return found
