"""The score sheets of one expert as one widget. The log is the record; the widget only shows it."""

from __future__ import annotations

import logging
import threading
from typing import Any

import anywidget
import traitlets

from evalkit.base.errors import EvalkitError, Refused
from evalkit.base.text import LANGUAGES, _
from evalkit.log.events import Entry
from evalkit.panel import Applicant
from evalkit.panel.rules import Rules
from evalkit.panel.units import expert_most, expert_range
from evalkit.record.fields import fields
from evalkit.record.history import CELL_KINDS, cell_view
from evalkit.round import Round
from evalkit.rubric.indicators import Dimension
from evalkit.workbench import contents, form_parts
from evalkit.workbench.texts import LANGUAGE_NAMES, form_texts

_KINDS = {state: kind for kind, state in CELL_KINDS.items()}


class ScoreSheet(anywidget.AnyWidget):
    """A form over all applicants of ``expert``.

    Python sends the whole ``view``; the form sends one message for each change and shows "saved"
    only when the answer says that it is committed. The form is never trusted: what it sends passes
    the same rules as everything else that enters the log, in the name of ``expert`` alone.
    """

    _esm = form_parts.module()
    _css = form_parts.looks()
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, workspace: Round, expert: str, language: str = "zh") -> None:
        self._workspace, self._language = workspace, language
        # Jupyter may hand over messages in threads of its own choosing
        self._turn = threading.RLock()
        self._expert = workspace.panel.expert(expert)
        self._contents = contents.Contents(workspace, expert)
        super().__init__(view=self._view())
        self.on_msg(self._receive)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        # A page that is opened again shows what is stored by now, not what was when it was made.
        with self._turn:
            self.view = self._view()
        return super()._repr_mimebundle_(**kwargs)

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        with self._turn:
            try:
                answer = self._answer(content)
            except EvalkitError as error:
                answer = self._refusal(content, error.render(self._language))
            except Exception:
                logging.getLogger(__name__).exception("a message could not be handled")
                message = _("没有保存：程序出错，请联系评审秘书").render(self._language)
                answer = self._refusal(content, message)
            if answer:
                self.send(answer, answer.pop("buffers", None))

    def _answer(self, content: Any) -> dict[str, Any] | None:
        match content:
            case {"type": "save", "event_id": str(), "applicant": str(), "indicator": str()} if (
                isinstance(content.get("state", ""), str)
                and isinstance(content.get("seen", 0), int)
            ):
                return self._save(content)
            case {"type": "submit", "event_id": str(id), "applicant": str(applicant)}:
                self._workspace.append(Entry(self._expert.id, id, "submit", applicant))
                receipt = self._contents.receipt(applicant, self._language)
                place = {"event_id": id, "applicant": applicant}
                return {"type": "submitted", **place, "receipt": receipt}
            case {"type": "refresh"}:
                self.view = self._view()
                return None
            case {"type": "language", "language": str(language)} if language in LANGUAGES:
                self._language = language
                self.view = self._view()
                return None
        if found := self._contents.answer(content, self._language):
            answer, buffers = found
            if answer["type"] == "withdraw_stored":
                self.view = self._view()
            return {**answer, "buffers": buffers}
        raise Refused(_("界面发来的消息无法识别，请刷新页面"))

    def _save(self, content: dict[str, Any]) -> dict[str, Any]:
        kind = _KINDS.get(content.get("state", ""), "")
        payload = {"text": content.get("text", "")}
        if kind == "score":
            payload["points"] = content.get("points", "")
        place = content["applicant"], content["indicator"]
        entry = Entry(self._expert.id, content["event_id"], kind, *place, payload)
        entry = contents.entry(self._expert.id, content) or entry
        self._workspace.append(entry, seen=content.get("seen", 0))
        return {
            "type": "saved",
            "event_id": entry.event_id,
            "applicant": place[0],
            "indicator": place[1],
            "cell": self._cell(*place),
        }

    def _refusal(self, content: Any, message: str) -> dict[str, Any]:
        given = content if isinstance(content, dict) else {}
        place = str(given.get("applicant", "")), str(given.get("indicator", ""))
        return {
            "type": "refused",
            "event_id": given.get("event_id"),
            "applicant": place[0],
            "indicator": place[1],
            "message": message,
            "cell": self._stored(*place) if all(place) else None,
        }

    def _cell(self, applicant: str, indicator: str) -> dict[str, Any]:
        history, place = self._workspace.history(), (self._expert.id, applicant, indicator)
        return contents.cell(history, *place) or cell_view(history.cell(*place))

    def _stored(self, applicant: str, indicator: str) -> dict[str, Any] | None:
        """The cell as far as it can be read: a refusal must reach the form in any case."""
        try:
            return self._cell(applicant, indicator)
        except Exception:
            logging.getLogger(__name__).exception("the log cannot be read")
            return None

    def _view(self) -> dict[str, Any]:
        rubric, panel = self._workspace.rubric, self._workspace.panel
        once = panel.rules.bonus is not None and panel.rules.bonus.recognised_by == "panel"
        groups = [_group(panel.rules, d) for d in rubric.dimensions]
        assigned = [a for a in panel.applicants if self._expert.id in panel.seats(a.id)]
        return {
            "language": self._language,
            "languages": LANGUAGE_NAMES,
            "texts": form_texts(self._language),
            "panel": {"id": panel.id, "title": panel.title, "round": self._workspace.log.id},
            "expert": {"id": self._expert.id, "name": self._expert.name, "role": self._expert.role},
            "locked": self._workspace.history().lock is not None,
            "withdrawal": self._contents.kept(self._language),
            "commitment": self._contents.commitment(),
            "blanks": panel.rules.missing == "exclude",
            "step": format(panel.rules.step, "f"),
            "points": format(expert_most(panel.rules, rubric.indicators), "f"),
            "dimensions": [group for group in groups if group["dimensions"] or group["indicators"]],
            "bonuses": [
                {
                    **b.model_dump(mode="json", exclude={"item"}),
                    **b.item.model_dump(mode="json"),
                    "once": once,
                }
                for b in rubric.bonus
            ],
            "applicants": [self._applicant(a) for a in assigned],
        }

    def _applicant(self, applicant: Applicant) -> dict[str, Any]:
        panel, history = self._workspace.panel, self._workspace.history()
        reason = panel.recused.get((applicant.id, self._expert.id))
        eligible = panel.claims(applicant)
        names: list[str] = []
        if not reason:
            names += fields(self._workspace.rubric, panel, applicant.id)
            names += self._contents.cells()
        return {
            **applicant.model_dump(mode="json", exclude={"claims"}),
            "conflict": reason.render(self._language) if reason else None,
            "submitted": history.submitted(self._expert.id, applicant.id),
            "receipt": self._contents.receipt(applicant.id, self._language),
            "claims": [
                {**c.model_dump(mode="json"), "eligible": c in eligible} for c in applicant.claims
            ],
            "cells": {name: self._cell(applicant.id, name) for name in names},
        }


def _group(rules: Rules, dimension: Dimension) -> dict[str, Any]:
    """A dimension with what experts score in it, and those below it that hold any such."""
    below = [_group(rules, d) for d in dimension.dimensions]
    return {
        "id": dimension.id,
        "number": dimension.number or "",
        "name": dimension.name,
        "points": format(expert_most(rules, dimension.leaves), "f"),
        "dimensions": [group for group in below if group["dimensions"] or group["indicators"]],
        "indicators": [
            {
                "id": i.id,
                "number": i.number or "",
                "name": i.name,
                "guidance": i.guidance or "",
                "min": format(ends[0], "f"),
                "max": format(ends[1], "f"),
                "factor": format(i.range.factor, "f"),
            }
            for i in dimension.indicators
            if (ends := expert_range(rules, i))
        ],
    }
