"""One Jinja environment for all parts of the reports, and the piece of a page that a cell shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from evalkit import figures
from evalkit.base import terms
from evalkit.base.errors import InputError
from evalkit.base.text import LANGUAGES, Text, _, render
from evalkit.pages import looks

_TAGS = {"zh": "zh-CN", "en": "en"}

LONG, OPEN = 300, 100
"""Of a table of more rows than that so many are shown, and as many more in each fold."""


@dataclass(frozen=True)
class Section:
    """A part of a report. Jupyter shows its ``html``; ``about`` goes with it as metadata.

    ``about`` (title and language) is what the nbconvert template needs for the head of the page, so
    that an executed notebook carries all of its page.
    """

    name: str
    html: str = field(repr=False)
    about: Mapping[str, str] = field(default_factory=dict, repr=False)

    def _repr_html_(self) -> str:
        return looks.framed(self.html) if looks.on_screen() else self.html

    def _repr_mimebundle_(self, **_kinds: object) -> tuple[dict[str, str], dict[str, Any]]:
        # Jupyter adds text/html and text/plain; only the metadata is ours.
        return {}, {"evalkit": dict(self.about)} if self.about else {}


class NoResultError(InputError):
    """A notebook was run with something that is no result; says so without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return self.render().splitlines()


def read(result: str, form: str | Collection[str], shown: str) -> dict[str, Any]:
    """The dictionary in the JSON text ``result``, of the format ``form`` or of one of them.

    An empty text stands for the part of the demo called ``shown`` (`evalkit.pages.demo`), which
    shows whoever opens a notebook what it makes.
    Raises InputError that says what is wrong.
    """
    if not result.strip():
        from evalkit.pages import demo

        made: dict[str, Any] = getattr(demo, shown)()
        return made
    try:
        report = json.loads(result)
    except ValueError as error:
        raise NoResultError(_("参数 result 不是 JSON 文本：{error}", error=error)) from None
    found = report.get("format") if isinstance(report, dict) else None
    forms = [form] if isinstance(form, str) else list(form)
    if found not in forms:
        raise NoResultError(
            _(
                "参数 result 的格式是“{found}”，这个版本的 evalkit 读“{expected}”",
                found=found if isinstance(found, str) else _("未注明"),
                expected=forms,
            )
        )
    if report.get("language") not in LANGUAGES:
        raise NoResultError(_("参数 result 的 language 须为 {languages} 之一", languages=LANGUAGES))
    return report


def heading(part: str, report: Mapping[str, Any], title: Text) -> Section:
    """The head of a report from the part ``part``, with what the head of the page needs."""
    language = report["language"]
    if report["status"] in ("trial", "what_if"):
        title = _("{title}（{mark}）", title=title, mark=terms.mark(report["status"]))
    about = {"title": title.render(language), "language": _TAGS[language]}
    return Section("heading", fill(part, language, report=report), about)


def section(name: str, report: Mapping[str, Any], **values: Any) -> Section:
    """The part ``name`` filled in with ``report`` and ``values``."""
    return Section(name, fill(name, report["language"], report=report, **values))


def fill(part: str, language: str, **values: Any) -> str:
    """The HTML of ``parts/<part>.html.j2``. Every value is escaped; texts are in ``language``."""
    template = environment().get_template(f"{part}.html.j2")
    return template.render(language=language, **values).strip()


class Parts(Environment):
    """An environment in which ``a.b`` is first of all the value ``b`` of a dictionary ``a``."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The item before the attribute: reports are dictionaries, so that is the short way."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


@cache
def environment() -> Environment:
    """Autoescape, no undefined values, texts and figures in the language of the report."""
    made = Parts(
        loader=PackageLoader("evalkit.pages", "parts"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.globals |= {"_": _translate, "mark": terms.mark, "locked": terms.locked}
    made.globals |= {"day": terms.day, "instant": terms.instant, "check": terms.CHECK}
    made.globals |= {"supersedes": terms.supersedes, "superseded": terms.superseded}
    made.globals["folds"] = folds
    for figure in figures.WORDED:
        made.globals[figure.__name__] = _draw(figure)
    for plain in figures.SIGNS:
        made.globals[plain.__name__] = _show(plain)
    return made


def folds(rows: Sequence[Any]) -> list[Sequence[Any]]:
    """``rows`` as they stand on a page: all in one, or the first and what is folded, in parts."""
    wide = len(rows) if len(rows) <= LONG else OPEN
    return [rows[start : start + wide] for start in range(0, max(len(rows), 1), max(wide, 1))]


@pass_context
def _finalize(context: Context, value: Any) -> Any:
    if isinstance(value, str):
        return value
    return render(value, context["language"]) if isinstance(value, (Text, list)) else value


@pass_context
def _translate(context: Context, message: str, /, **values: Any) -> Markup:
    language = context["language"]
    safe = {
        name: value if isinstance(value, Markup) else escape(render(value, language))
        for name, value in values.items()
    }
    return Markup(Text(message, safe).render(language))  # noqa: S704 our message, escaped values


def _draw(figure: Callable[..., str]) -> Callable[..., Markup]:
    @pass_context
    def drawn(context: Context, *values: Any) -> Markup:
        return Markup(figure(*values, language=context["language"]))  # noqa: S704 escapes texts

    return drawn


def _show(sign: Callable[..., str]) -> Callable[..., Markup]:
    return lambda *values: Markup(sign(*values))  # noqa: S704 no text in it
