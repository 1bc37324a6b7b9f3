"""What stands on the board: tabs of blocks, each HTML or a small form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evalkit.base.errors import EvalkitError
from evalkit.base.terms import instant
from evalkit.base.text import Text, _, render
from evalkit.disclosure.discussion import discussion_view
from evalkit.disclosure.letters import letters_view
from evalkit.disclosure.progress import progress_view
from evalkit.pages import board as pages
from evalkit.record import assignment
from evalkit.record.discussion import too_early
from evalkit.record.history import DISCUSSION, OFFICE_KINDS, History
from evalkit.record.lack import Lacking
from evalkit.record.office_table import HEADINGS
from evalkit.record.owed import NAMES, WORDS, Owed, owed
from evalkit.round import Round

Block = dict[str, Any]

_TEXTS = {
    "copied": _("已复制，可以粘贴发送"),
    "not_copied": _("浏览器不允许复制，请展开文字自己选取"),
}

_SPREADING = ("submit", "withdraw", "reopen", DISCUSSION, "lock", *OFFICE_KINDS, *assignment.KINDS)
"""Kinds of event after which the spread of submitted sheets may be another one."""


class Tabs:
    """The view of ``workspace`` for ``person`` (None: whoever sits at this machine)."""

    def __init__(self, workspace: Round, language: str, person: str | None) -> None:
        self._round, self._language, self._person = workspace, language, person
        self._spread: tuple[int, list[Block], list[Block]] = (-1, [], [])

    def view(self, chosen: dict[str, str]) -> dict[str, Any]:
        """The head of the page and its tabs; ``chosen`` is what is picked in its forms."""
        round, history = self._round, self._round.history()
        lacking = round.lacking() if history.lock is None else None
        seen = progress_view(round.rubric, round.panel, history, lacking, self._language)
        apart, talked = self._apart(history)
        letters, waiting = self._letters(history)
        tabs = [
            self._tab("progress", _("进度"), [
                self._html("summary", pages.summary(seen)),
                self._html("matrix", pages.matrix(seen)),
                self._html("steps", pages.steps(seen)),
            ]),
            self._tab("missing", _("还缺什么"), [self._html("missing", pages.missing(seen))],
                      len(lacking or ())),
            self._tab("record", _("登记"), self._record(history, chosen)),
            self._tab("spread", _("分歧"), apart),
            self._tab("discussion", _("讨论"), [*self._discussing(history), *talked]),
            self._tab("letters", _("来信和异议"), letters, waiting),
            self._tab("opinion", _("专家组意见"), self._opinion(history, chosen)),
            self._tab("lock", _("锁定"), self._lock(history, lacking)),
        ]  # fmt: skip
        head = {
            "language": self._language,
            "title": round.panel.title,
            "who": self._who(),
            "texts": {name: self._words(text) for name, text in _TEXTS.items()},
            "tabs": [tab["id"] for tab in tabs],
        }
        return {"head": head, **{tab["id"]: tab for tab in tabs}}

    # -- what all tabs need

    def _words(self, text: Text | str) -> str:
        return render(text, self._language)

    def _tab(self, id: str, label: Text, blocks: list[Block], count: int = 0) -> dict[str, Any]:
        return {"id": id, "label": self._words(label), "blocks": blocks, "count": count or ""}

    def _html(self, id: str, html: str) -> Block:
        return {"id": id, "html": html}

    def _said(self, id: str, *lines: Text | str, look: str = "") -> Block:
        return self._html(id, pages.said(list(lines), self._language, look))

    def _form(
        self, name: str, about: str, fields: Sequence[dict[str, Any] | None], button: Text,
        **more: Any,
    ) -> Block:  # fmt: skip
        spec = {"name": name, "about": about, "fields": [f for f in fields if f], **more}
        return {"id": name, "form": {**spec, "button": self._words(button)}}

    def _field(self, name: str, label: Text, kind: str = "text", **more: Any) -> dict[str, Any]:
        return {"name": name, "label": self._words(label), "kind": kind, **more}

    def _who(self) -> str:
        panel = self._round.panel
        if self._person is None:
            return self._words(_("评审进度板"))
        if self._person == panel.secretary.id:
            return self._words(_("{name}（评审秘书）", name=panel.secretary.name))
        return self._words(_("{name}（组长）", name=panel.expert(self._person).name))

    def _by(self) -> dict[str, Any] | None:
        """A choice of in whose name, where nobody has logged in."""
        if self._person is not None:
            return None
        panel = self._round.panel
        people = [panel.secretary, *(e for e in panel.experts if e.role == "chair")]
        options = [[p.id, f"{p.name}（{p.id}）"] for p in people]
        return self._field("by", _("登记人"), "select", options=options)

    def _applicants(self) -> list[list[str]]:
        return [[a.id, f"{a.name}（{a.id}）"] for a in self._round.panel.applicants]

    # -- the tabs

    def _record(self, history: History, chosen: dict[str, str]) -> list[Block]:
        everything = {_key(one): one for one in owed(self._round.rubric, self._round.panel)}
        if self._person not in (None, self._round.panel.secretary.id):
            everything = {k: o for k, o in everything.items() if o.kind == "recognition"}
        if not everything:
            return [
                self._said("nothing", _("没有要登记的：测量值、准入条件、统一认定的加分和扣分"))
            ]
        known = {key: self._on_record(history, one) for key, one in everything.items()}
        first = next((key for key in everything if not known[key]), next(iter(everything)))
        key = chosen.get("record", first)
        one = everything.get(key) or everything[first]
        key = _key(one)
        lines: list[Text | str] = [one.text] if one.text else []
        lines.append(_("应填：{wanted}", wanted=one.wanted))
        if one.unit:
            lines.append(_("单位：{unit}", unit=one.unit))
        if known[key]:
            lines.append(_("已登记：{value}。改动须写理由", value=known[key]))
        options = [[k, self._label(o, known[k])] for k, o in everything.items()]
        fields = zip(("value", "evidence", "reason"), HEADINGS[-3:], strict=True)
        form = self._form(
            *("record", key),
            [
                self._field(
                    "what", _("登记什么"), "select", options=options, value=key, choose=True
                ),
                *(self._field(name, heading) for name, heading in fields),
                self._by(),
            ],
            _("登记"),
            off=history.lock is not None,
        )
        return [self._said("asked", *lines), form]

    def _on_record(self, history: History, one: Owed) -> str:
        event = history.recorded(one.kind, one.applicant.id, one.indicator)
        return self._words(WORDS.get(p := event.payload["points"], p)) if event else ""

    def _label(self, one: Owed, known: str) -> str:
        text = _("{mark} {name}（{id}）· {kind}：{title}", mark="✓" if known else "○",
                 name=one.applicant.name, id=one.applicant.id, kind=NAMES[one.what],
                 title=one.title)  # fmt: skip
        return self._words(text)

    def _apart(self, history: History) -> tuple[list[Block], list[Block]]:
        """The spread, and what was changed in discussions, worked out anew only when sheets were
        submitted or given back since.
        """
        mark = sum(event.kind in _SPREADING for event in history.events)
        if self._spread[0] != mark:
            self._spread = mark, *self._spread_blocks(history)
        return self._spread[1:]

    def _spread_blocks(self, history: History) -> tuple[list[Block], list[Block]]:
        round = self._round
        reader = self._person or round.panel.secretary.id
        try:
            seen = discussion_view(round.rubric, round.panel, history, reader, self._language)
        except EvalkitError as error:
            why = self._said("refused", error.problems[0].text, look="ek-note")
            return [why], [why]
        names = ("overview", "far", "spread", "advice")
        shown = [self._html(name, getattr(pages, name)(seen)) for name in names]
        return shown, [self._html("discussions", pages.discussions(seen))]

    def _discussing(self, history: History) -> list[Block]:
        rule = self._round.panel.rules.discussion
        reader = self._person or self._round.panel.secretary.id
        parts = (self._round.rubric, self._round.panel, history)
        closed = history.lock is not None or rule is None or rule.opens == "never"
        if rule is None or closed or too_early(*parts, reader) is not None:
            return []
        reason, by = self._field("reason", _("理由")), self._by()
        checks = [self._field("applicants", _("退回哪些对象的评分表"), "checks",
                              options=self._applicants())]  # fmt: skip
        if rule.experts == "named":
            people = [[e.id, f"{e.name}（{e.id}）"] for e in self._round.panel.experts]
            label = _("只退回这些专家的（不选即各位）")
            checks.append(self._field("experts", label, "checks", options=people))
        if history.discussion is None:
            said = self._said(
                "how", _("先看分歧，再选要讨论的对象：它们的评分表退回给专家改，改分须写明理由。")
            )
            return [said, self._form("discuss", "open", [reason, *checks, by], _("开始讨论"))]
        closing = self._form("discuss", "closed", [reason, by], _("结束讨论"))
        return [closing, self._form("give_back", "", [*checks, reason, by], _("再退回评分表"))]

    def _letters(self, history: History) -> tuple[list[Block], int]:
        """What experts wrote, with a form to answer objections, and how many wait for that."""
        reader = self._person or self._round.panel.secretary.id
        parts = (self._round.rubric, self._round.panel, history, reader)
        seen = letters_view(*parts, self._language)
        shown = self._html("letters", pages.letters(seen))
        open_ = {
            one["place"]: f"{one['applicant']} · {one['item']}"
            for one in seen["disputes"]
            if one["open"]
        }
        if not open_ or reader != self._round.panel.secretary.id or history.lock is not None:
            return [shown], len(open_)
        which = self._field("place", _("答复哪一项"), "select", options=list(open_.items()))
        words = self._field("text", _("答复"), "area")
        return [self._form("answer", "", [which, words], _("登记答复")), shown], len(open_)

    def _opinion(self, history: History, chosen: dict[str, str]) -> list[Block]:
        found, people = self._round.opinions(), self._round.panel.applicants
        ids = [a.id for a in people]
        first = next((id for id in ids if id not in found), ids[0])
        key = chosen.get("opinion", first)
        key = key if key in ids else first
        rows = [(a.name, found.get(a.id)) for a in people]
        listed = self._html("opinions", pages.opinions(rows, self._language))
        if history.lock is not None:
            return [listed]
        whom = self._field("applicant", _("参评对象"), "select", options=self._applicants(),
                           value=key, choose=True)  # fmt: skip
        words = self._field("text", _("意见"), "area", value=found.get(key, ""))
        return [self._form("opinion", key, [whom, words, self._by()], _("登记意见")), listed]

    def _lock(self, history: History, lacking: Lacking | None) -> list[Block]:
        if (lock := history.lock) is not None:
            root = lock.payload["root"]
            lines = [
                _("评分已锁定：{at}", at=instant(lock.at)),
                _("根哈希（请写进签字盖章的纪要）：{root}", root=root),
            ]
            if (changed := self._round.changed()) is not None:
                said = _("评分记录与应有的不符，以下所列不可采信：{what}", what=changed)
                return [self._said("changed", said, look="ek-wrong"), self._said("locked", *lines)]
            return [
                self._said("locked", *lines, look="ek-good"),
                self._form("minutes", "", [], _("下载会议纪要（Word）")),
            ]
        n = len(lacking or ())
        stands = _("锁定之前还缺 {n} 项", n=n) if n else _("不缺什么，可以锁定")
        if self._person not in (None, self._round.panel.secretary.id):
            return [self._said("stands", stands), self._said("who", _("锁定由评审秘书办理"))]
        confirm = self._words(_("确定锁定，此后谁也不能再改"))
        cancel = self._words(_("不锁定"))
        more = {"confirm": confirm, "cancel": cancel, "off": bool(n)}
        return [self._said("stands", stands), self._form("lock", "", [], _("锁定评分"), **more)]


def _key(one: Owed) -> str:
    return f"{one.kind}|{one.applicant.id}|{one.indicator}"
