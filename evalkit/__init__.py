"""evalkit: expert panels score applicants against a published rubric, exactly and defensibly.

import evalkit as ek
round = ek.open("demo")                          # a round's folder, or a database
results = round.results()                        # official: exact
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from evalkit.base import iri
from evalkit.base.rooms import ROOMS as _ROOMS
from evalkit.base.shown import drawn_by
from evalkit.base.version import VERSION as __version__  # noqa: F401, N811  (as Python calls it)

if TYPE_CHECKING:
    from evalkit.analysis import Analysis, Line, Thresholds, advise, analyse, leave_one_out
    from evalkit.appeal.case import Appeal
    from evalkit.appeal.objection import Objection, Publicity
    from evalkit.archive.rerun import rerun
    from evalkit.archive.verify import verify
    from evalkit.archive.write import Archived, archive_round
    from evalkit.assignment.answer import assign
    from evalkit.base.errors import EvalkitError, InputError, Refused, ReportError
    from evalkit.base.yamledit import around, declare, marks
    from evalkit.disclosure import Views
    from evalkit.disclosure.comparison import comparison_view
    from evalkit.disclosure.decision import decision_view
    from evalkit.documents.briefing_word import briefing as briefing_word
    from evalkit.documents.comparison_word import comparison as comparison_word
    from evalkit.documents.decision_word import decision as decision_word
    from evalkit.documents.minutes_word import minutes as minutes_word
    from evalkit.documents.notices_word import notice as notice_word
    from evalkit.documents.office_template import office_template
    from evalkit.documents.offline_excel import offline_sheets
    from evalkit.documents.pdf import booklet, pdf
    from evalkit.documents.publicity_word import publicity as publicity_word
    from evalkit.documents.sheets_word import every_sheet as binder_word
    from evalkit.documents.sheets_word import sheets as sheets_word
    from evalkit.documents.summary_word import summary as summary_word
    from evalkit.documents.workbook import workbook
    from evalkit.drafting.rubric_import import import_rubric
    from evalkit.evaluation import Results, evaluate
    from evalkit.evaluation.comparison import Comparison
    from evalkit.evaluation.comparison import compare as compare_results
    from evalkit.evaluation.what_if import WhatIf, what_if
    from evalkit.facts.columns import Facts
    from evalkit.facts.tidy import read_scores
    from evalkit.log.events import Entry
    from evalkit.office.draft import create as draft_standing
    from evalkit.office.file import Office
    from evalkit.office.load import load_office
    from evalkit.office.outlook import outlook
    from evalkit.office.register import Register
    from evalkit.office.validity import findings as check_office
    from evalkit.panel import Panel, find_rubric, load_panel
    from evalkit.panel.checks import findings as check_panel
    from evalkit.panel.draft import create as draft_panel
    from evalkit.panel.explain import whole as explain_round
    from evalkit.panel.profiles import profile, profiles
    from evalkit.panel.statements import read_statements
    from evalkit.plan.briefing import findings as check_ledger
    from evalkit.plan.folder import read_ledger
    from evalkit.plan.folder import write_new as begin_ledger
    from evalkit.plan.late import to_remind
    from evalkit.plan.next_year import write_next as next_ledger
    from evalkit.plan.progress import Progress, assess
    from evalkit.plan.year import Year, open_year
    from evalkit.record.database import Database
    from evalkit.record.lack import Lack, Lacking
    from evalkit.record.objection import UpheldObjection
    from evalkit.record.offline_reading import import_sheet
    from evalkit.record.verification import Verification
    from evalkit.reports.batch import Batch, Order, make_reports
    from evalkit.reports.papers import Papers
    from evalkit.reports.produce import produce_progress, produce_report, produce_summary
    from evalkit.round import Round
    from evalkit.round import open_round as open  # noqa: A004  (`ek.open` is what a user types)
    from evalkit.rubric import Rubric, load_rubric
    from evalkit.rubric.changes import between as compare_rubrics
    from evalkit.rubric.filled import begin_form, check_form
    from evalkit.rubric.open_rules import findings as check_rubric
    from evalkit.scoring import kernels
    from evalkit.serving import address_for, serve
    from evalkit.serving.address import Address
    from evalkit.serving.invitations import Invitations, address_of
    from evalkit.succession import compare_rounds, predecessor, succeed
    from evalkit.workbench import panel_board, score_sheet
    from evalkit.workbench.lab_session import run_lab

iri.later()

__all__ = [
    "Address",
    "Analysis",
    "Appeal",
    "Archived",
    "Batch",
    "Comparison",
    "Database",
    "Entry",
    "EvalkitError",
    "Facts",
    "InputError",
    "Invitations",
    "Lack",
    "Lacking",
    "Line",
    "Objection",
    "Office",
    "Order",
    "Panel",
    "Papers",
    "Progress",
    "Publicity",
    "Refused",
    "Register",
    "ReportError",
    "Results",
    "Round",
    "Rubric",
    "Thresholds",
    "UpheldObjection",
    "Verification",
    "Views",
    "WhatIf",
    "Year",
    "address_for",
    "address_of",
    "advise",
    "analyse",
    "archive_round",
    "around",
    "assess",
    "assign",
    "begin_form",
    "begin_ledger",
    "binder_word",
    "booklet",
    "briefing_word",
    "check_form",
    "check_ledger",
    "check_office",
    "check_panel",
    "check_rubric",
    "compare_results",
    "compare_rounds",
    "compare_rubrics",
    "comparison_view",
    "comparison_word",
    "decision_view",
    "decision_word",
    "declare",
    "draft_panel",
    "draft_standing",
    "evaluate",
    "explain_round",
    "find_rubric",
    "import_rubric",
    "import_sheet",
    "kernels",
    "leave_one_out",
    "load_office",
    "load_panel",
    "load_rubric",
    "make_reports",
    "marks",
    "minutes_word",
    "next_ledger",
    "notice_word",
    "office_template",
    "offline_sheets",
    "open",
    "open_year",
    "outlook",
    "panel_board",
    "pdf",
    "predecessor",
    "produce_progress",
    "produce_report",
    "produce_summary",
    "profile",
    "profiles",
    "publicity_word",
    "read_ledger",
    "read_scores",
    "read_statements",
    "rerun",
    "run_lab",
    "score_sheet",
    "serve",
    "sheets_word",
    "succeed",
    "summary_word",
    "to_remind",
    "verify",
    "what_if",
    "workbook",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room, _colon, own = _ROOMS[name].partition(":")
    found = import_module(f"evalkit.{room}")
    return globals().setdefault(name, found if name == "kernels" else getattr(found, own or name))


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


drawn_by(lambda thing: import_module("evalkit.pages.cards").card(thing))
