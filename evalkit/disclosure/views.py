"""Who sees what of a round: the only place that decides it. Every view is plain JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from evalkit.analysis import Analysis
from evalkit.analysis.recompute import LeftOut
from evalkit.base import canonical
from evalkit.base.errors import Refused
from evalkit.base.text import _
from evalkit.base.wanted import asked
from evalkit.disclosure import advice, levels, overview, said, sheets
from evalkit.disclosure.applicant import applicant_view
from evalkit.disclosure.field import Fields
from evalkit.disclosure.heading import heading
from evalkit.disclosure.levels import Level
from evalkit.disclosure.minutes import minutes_view
from evalkit.evaluation import Results


class Views:
    """What each reader of ``results`` may know; what they share is worked out once.

    With ``analysis`` the panel's view has its advisory part. With ``left_out`` (the analysis has
    one) an applicant learns between which ranks it lies when any one expert is left out. With
    ``opinions`` (by applicant, see `Round.opinions`) it reads what the panel says of it, with
    ``remarks`` (see `Round.remarks`) what experts do, without their names.

    Of a what-if there is only the panel's view, marked as that; all others raise Refused.
    """

    @asked
    def __init__(
        self,
        results: Results,
        analysis: Analysis | None = None,
        left_out: LeftOut | None = None,
        opinions: Mapping[str, str] | None = None,
        remarks: said.Remarks | None = None,
    ) -> None:
        self.remarks = remarks or {}
        self.results, self.analysis, self.opinions = results, analysis, opinions or {}
        self.left_out = analysis.left_out if analysis and left_out is None else left_out
        self._fields, self._headings = Fields(results), dict[str, str]()

    @asked
    def applicant(self, id: str, language: str = "zh") -> dict[str, Any]:
        """What the applicant ``id`` may know: its own rows and anonymous statistics of the field.

        Names no expert and no other applicant. Raises InputError for an unknown id.
        """
        overview.require_real(self.results)
        self.results.panel.applicant(id)
        own = applicant_view(self._fields, id, self._heading(language))
        if self.left_out is not None:
            part = advice.applicant_part(self._fields, self.left_out, id)
            own["analysis"] = {"left_out": part}
        if id in self.opinions:
            own["opinion"] = self.opinions[id]
        if found := said.anonymous(self.results, self._fields.index[id], self.remarks):
            own["remarks"] = found
        return own

    @asked
    def report(self, id: str, level: Level = "applicant", language: str = "zh") -> dict[str, Any]:
        """What a reader of ``level`` may know of the applicant ``id``, see `levels`.

        Raises InputError for an unknown id, and Refused for ``public`` where the panel declared
        nothing to be public, the results are a trial, or the applicant is not on the list for
        publicity.
        """
        own = self.applicant(id, language)
        if level == "internal":
            if found := said.named(self.results, self._fields.index[id], self.remarks):
                own["remarks"] = found
            return levels.internal(self._fields, own)
        if level == "applicant":
            return own
        shown = overview.published(self.results)
        if not self._fields.listed[self._fields.index[id]]:
            raise Refused(_("{id} 不在公示名单上，没有公开的报告", id=id))
        return levels.public(own, shown)

    @asked
    def panel(self, language: str = "zh") -> dict[str, Any]:
        """The summary table and ranking of the whole panel, for those who run it."""
        view = overview.panel_view(self._fields, language)
        if self.analysis is not None:
            view["analysis"] = advice.panel_part(self.results, self.analysis, language)
        return view

    @asked
    def minutes(self, language: str = "zh") -> dict[str, Any]:
        """What the minutes of the panel's meeting say, for those who run the round."""
        overview.require_real(self.results)
        return minutes_view(self._fields, self.opinions, language)

    @asked
    def public(self, language: str = "zh") -> dict[str, Any]:
        """The list for publicity: names, and of rank and total what the panel declared.

        Who has no rank is not on it, nor, where the round selects, who is not proposed. Groups that
        are ranked apart stand one after the other. Without the rank the applicants stand in the
        order of the panel, so that their order tells nothing. Raises Refused for a trial, where the
        panel declared nothing, and where nobody would be on it.
        """
        return overview.public_view(self._fields, language)

    @asked
    def listed(self) -> list[str]:
        """The ids of those on the list for publicity, in the order of the panel."""
        return [id for id, n in self._fields.index.items() if self._fields.listed[n]]

    @asked
    def expert(self, id: str, language: str = "zh") -> dict[str, Any]:
        """What the expert ``id`` entered, sheet by sheet, with a digest to sign under.

        Raises InputError for an unknown id.
        """
        overview.require_real(self.results)
        return sheets.expert_view(self.results, id, language)

    def _heading(self, language: str) -> dict[str, Any]:
        """`heading`, worked out once; every view gets an object of its own."""
        if language not in self._headings:
            self._headings[language] = canonical.dumps(heading(self.results, language))
        return dict(json.loads(self._headings[language]))
