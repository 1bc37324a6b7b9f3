"""The looks of the pages inside a notebook that somebody has open."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"

# Three times the class: stronger than what a notebook's own style sheet says of tables and lists,
# all of which is taken back first (a figure's attributes would go with it).
_OWN = ".evalkit.evalkit.evalkit"
_BACK = "& :where(:not(style,svg,svg *)){all:revert}"
_ROOT = (
    "&{max-width:880px;padding:4px 16px 16px;font:14px/1.7 var(--sans);color:var(--ink);"
    "font-variant-numeric:tabular-nums lining-nums;background:#fff;color-scheme:light}"
    "&:has(.wide){max-width:1240px}"
    "& section{margin-top:12px}& .head{margin-bottom:12px}& h2::before{content:none!important}"
    "& :is(.jp-InternalAnchorLink,.numbering-entry){display:none}"
    "& .plain .scroll{margin-top:12px}& .plain table{width:auto;min-width:0}"
    "& .plain :is(th,td){padding:4px 28px 4px 0;white-space:nowrap}"
    "& .plain :is(th,td):last-child{padding-right:0;white-space:normal}"
    "& .plain td.n{font-weight:400}"
    "& .what_if .mark{display:inline-block;padding:1px 14px;border:2px solid var(--ink);"
    "color:var(--ink);font-size:16px;font-weight:700;letter-spacing:.08em}"
    "& section.what_if{position:relative;overflow:hidden;padding-left:16px;"
    "border-left:6px double var(--ink)}"
    "& .water{position:absolute;inset:-40%;transform:rotate(-20deg);overflow:hidden;"
    "font-size:24px;line-height:5;color:#000;opacity:.07;pointer-events:none;user-select:none}"
)


def framed(*sections: str) -> str:
    """``sections`` with the style sheet of the pages, which applies to them alone."""
    return f'<div class="evalkit"><style>{_style()}</style>{"".join(sections)}</div>'


@cache
def _style() -> str:
    css = (TEMPLATES / "evalkit" / "style.css").read_text(encoding="utf-8")
    screen = css.partition("@page{")[0].replace(":root{", "&{", 1)
    return f"{_OWN}{{{_BACK}{screen}{_ROOT}}}"


def on_screen() -> bool:
    """Whether a cell that somebody has on the screen is being run: front ends say which one it is.

    Papermill, nbconvert and the warm engine have no screen; their notebooks hold bare sections, and
    the page around them has the style sheet.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    get_parent = getattr(shell, "get_parent", None)
    return get_parent is not None and "cellId" in get_parent().get("metadata", {})
