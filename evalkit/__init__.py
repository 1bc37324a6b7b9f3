"""evalkit: expert panels score applicants against a published rubric, exactly and defensibly.

import evalkit as ek
round = ek.open("demo")                          # a round's folder, or a database
results = round.results()                        # official: exact
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from evalkit.base import iri
from evalkit.base.shown import drawn_by
from evalkit.base.version import VERSION as __version__  # noqa: F401, N811  (as Python calls it)

if TYPE_CHECKING:
    from evalkit.analysis import Analysis, Line, Thresholds, advise, analyse, leave_one_out
    from evalkit.archive.rerun import rerun
    from evalkit.archive.verify import verify
    from evalkit.archive.write import archive_round
    from evalkit.assignment.answer import assign
    from evalkit.base.errors import EvalkitError, InputError, Refused, ReportError
    from evalkit.base.yamledit import around, declare, marks
    from evalkit.disclosure import Views
    from evalkit.disclosure.comparison import comparison_view
    from evalkit.documents.briefing_word import briefing as briefing_word
    from evalkit.documents.comparison_word import comparison as comparison_word
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

_ROOMS = {
    "kernels": "scoring.kernels",
    "Address": "serving.address",
    "Analysis": "analysis",
    "Batch": "reports.batch",
    "Comparison": "evaluation.comparison",
    "Database": "record.database",
    "Entry": "log.events",
    "EvalkitError": "base.errors",
    "Facts": "facts.columns",
    "InputError": "base.errors",
    "Invitations": "serving.invitations",
    "Lack": "record.lack",
    "Lacking": "record.lack",
    "Line": "analysis",
    "Office": "office.file",
    "Order": "reports.batch",
    "Panel": "panel",
    "Progress": "plan.progress",
    "Refused": "base.errors",
    "Register": "office.register",
    "ReportError": "base.errors",
    "Results": "evaluation",
    "Round": "round",
    "Rubric": "rubric",
    "Thresholds": "analysis",
    "UpheldObjection": "record.objection",
    "Verification": "record.verification",
    "Views": "disclosure",
    "Year": "plan.year",
    "address_for": "serving",
    "address_of": "serving.invitations",
    "advise": "analysis",
    "analyse": "analysis",
    "archive_round": "archive.write",
    "assess": "plan.progress",
    "assign": "assignment.answer",
    "begin_form": "rubric.filled",
    "begin_ledger": "plan.folder:write_new",
    "binder_word": "documents.sheets_word:every_sheet",
    "booklet": "documents.pdf",
    "briefing_word": "documents.briefing_word:briefing",
    "check_form": "rubric.filled",
    "check_ledger": "plan.briefing:findings",
    "check_office": "office.validity:findings",
    "check_panel": "panel.checks:findings",
    "check_rubric": "rubric.open_rules:findings",
    "compare_results": "evaluation.comparison:compare",
    "compare_rounds": "succession",
    "compare_rubrics": "rubric.changes:between",
    "comparison_view": "disclosure.comparison",
    "comparison_word": "documents.comparison_word:comparison",
    "around": "base.yamledit",
    "declare": "base.yamledit",
    "marks": "base.yamledit",
    "draft_panel": "panel.draft:create",
    "draft_standing": "office.draft:create",
    "evaluate": "evaluation",
    "explain_round": "panel.explain:whole",
    "find_rubric": "panel",
    "import_rubric": "drafting.rubric_import",
    "import_sheet": "record.offline_reading",
    "leave_one_out": "analysis",
    "load_office": "office.load",
    "load_panel": "panel",
    "load_rubric": "rubric",
    "make_reports": "reports.batch",
    "minutes_word": "documents.minutes_word:minutes",
    "next_ledger": "plan.next_year:write_next",
    "notice_word": "documents.notices_word:notice",
    "office_template": "documents.office_template",
    "offline_sheets": "documents.offline_excel",
    "open": "round:open_round",
    "open_year": "plan.year",
    "outlook": "office.outlook",
    "panel_board": "workbench",
    "pdf": "documents.pdf",
    "predecessor": "succession",
    "produce_progress": "reports.produce",
    "produce_report": "reports.produce",
    "produce_summary": "reports.produce",
    "profile": "panel.profiles",
    "profiles": "panel.profiles",
    "publicity_word": "documents.publicity_word:publicity",
    "read_ledger": "plan.folder",
    "read_scores": "facts.tidy",
    "read_statements": "panel.statements",
    "rerun": "archive.rerun",
    "run_lab": "workbench.lab_session",
    "score_sheet": "workbench",
    "serve": "serving",
    "sheets_word": "documents.sheets_word:sheets",
    "succeed": "succession",
    "summary_word": "documents.summary_word:summary",
    "to_remind": "plan.late",
    "verify": "archive.verify",
    "workbook": "documents.workbook",
}
"""Where each public name is defined, and under which name if another, as in the imports above."""

__all__ = [
    "Address",
    "Analysis",
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
    "Office",
    "Order",
    "Panel",
    "Progress",
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
