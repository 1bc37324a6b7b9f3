"""What came of making an archive again, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from evalkit.archive import screen
from evalkit.archive.causes import KINDS, Cause
from evalkit.archive.differences import Difference
from evalkit.base.shown import Shown
from evalkit.base.text import Text, _, render

FORMAT = "evalkit-rerun/1"

Verdict = Literal["identical", "explained", "unexplained"]

_COUNTED: Mapping[str, Text] = {
    "results": _("结果"),
    "statistics": _("统计"),
    "pages": _("{n} 个页面"),
    "notebooks": _("{n} 个笔记本"),
}

_VERDICTS: Mapping[str, Text] = {
    "identical": _("identical：重做的与存档的逐字节相同（{what}）"),
    "explained": _("不同，原因已经查明：{kinds}（比较了{what}）"),
    "unexplained": _("不同，原因没有查明（比较了{what}）"),
}


@dataclass(frozen=True)
class Rerun(Shown):
    """What differs between an archive and what was made of it again, and why."""

    archive: str
    """The name of its folder."""
    compared: Mapping[str, int]
    """How many results, statistics, notebooks and pages were compared."""
    differences: tuple[Difference, ...]
    causes: tuple[Cause, ...]
    notes: tuple[Text, ...] = ()
    """What else there is to know: what was taken as given, what is otherwise without an effect."""
    moved: Text | None = None
    """Whether total, rank, grade or selection of anybody differ; None where nobody can tell."""

    @property
    def identical(self) -> bool:
        """Whether everything that was compared has the same bytes."""
        return not self.differences

    @property
    def verdict(self) -> Verdict:
        """In a word."""
        if self.identical:
            return "identical"
        known = self.causes and all(cause.kind != "unknown" for cause in self.causes)
        return "explained" if known else "unexplained"

    @property
    def said(self) -> Text:
        """The verdict in a sentence without a full stop."""
        what = [_COUNTED[name].filled(n=n) for name, n in self.compared.items()]
        kinds = [KINDS[kind] for kind in self._kinds]
        return _VERDICTS[self.verdict].filled(what=what, kinds=kinds)

    @property
    def _kinds(self) -> list[str]:
        """The kinds of the causes, each once."""
        return list(dict.fromkeys(cause.kind for cause in self.causes))

    def __repr__(self) -> str:
        n = len(self.differences)
        why = f", {n} differences: {', '.join(self._kinds)}" if n else ""
        return f"Rerun({self.archive!r}, {self.verdict}{why})"

    def _repr_html_(self) -> str:
        from evalkit.pages.cards import table
        from evalkit.pages.looks import framed

        causes = [[KINDS[cause.kind], cause.text] for cause in self.causes]
        parts = [[d.file, d.part, d.before, d.after] for d in self.differences]
        facts = [self.said, *self.notes]
        why = table(_("重做档案"), facts, [(_("原因"), ""), (_("内容"), "")], causes)
        heads = [(_("文件"), ""), (_("哪一部分"), ""), (_("存档的"), ""), (_("重做的"), "")]
        return framed(why, *([table(_("不同之处"), [], heads, parts)] if parts else []))

    def lines(self) -> Iterator[Text]:
        """Causes first, then who is moved, the differences in short, and the notes, a sentence a
        line. Every difference is in `to_dict`.
        """
        for cause in self.causes:
            yield _("原因（{kind}）：{text}", kind=KINDS[cause.kind], text=cause.text)
        if self.differences and self.moved is not None:
            yield _("与存档的结果相比：{text}", text=self.moved)
        yield from screen.lines(self.differences, {render(cause.text) for cause in self.causes})
        yield from (_("注：{text}", text=text) for text in self.notes)

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Plain JSON values, sentences in ``language``."""
        return {
            "format": FORMAT,
            "archive": self.archive,
            "verdict": self.verdict,
            "said": self.said.render(language),
            "compared": dict(self.compared),
            "causes": [{"kind": c.kind, "text": render(c.text, language)} for c in self.causes],
            "moved": None if self.moved is None else render(self.moved, language),
            "differences": [
                {
                    "kind": d.kind,
                    "file": d.file,
                    **{n: render(getattr(d, n), language) for n in ("part", "before", "after")},
                    "last_digits": d.digits,
                }
                for d in self.differences
            ],
            "notes": [render(text, language) for text in self.notes],
        }
