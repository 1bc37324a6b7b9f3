"""A form on its way: empty, to be filled in, and checked against what the text asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from evalkit.base import yamltext
from evalkit.base.build import build
from evalkit.base.declared import Declared, Identifier
from evalkit.base.errors import InputError, Problem, Refused
from evalkit.base.files import place
from evalkit.base.text import Text, _
from evalkit.base.wanted import asked
from evalkit.rubric.forms import Form, length
from evalkit.rubric.model import Rubric

FORMAT = "evalkit-form/1"


class Filled(Declared):
    """A form as an applicant has filled it in."""

    format: Literal["evalkit-form/1"]
    rubric: Identifier
    form: Identifier
    entries: Mapping[Identifier, str]
    """各栏的内容；没有的写 \"\""""


def chosen(rubric: Rubric, id: str) -> Form:
    """The form with this id, or the only one for an empty id. Raises Refused for any other."""
    ids = [form.id for form in rubric.forms]
    found = rubric.form(id) if id or len(ids) != 1 else rubric.forms[0]
    if not ids:
        raise Refused(_("{id} 没有须填写的表格", id=rubric.id))
    if found is None:
        raise Refused(_("须写明是哪一张表格，可选：{ids}", ids=ids))
    return found


@asked
def begin_form(path: Path, rubric: Rubric, form: str = "") -> None:
    """Write the empty form to the new file ``path``: each entry under what the text prints there.

    Raises Refused for an unknown form, and for a file that exists.
    """
    if path.exists():
        raise Refused(_("{path} 已经存在，没有改动；请换一个文件名", path=path))
    lines = _lines(rubric, chosen(rubric, form))
    place({path: "".join(f"{line}\n" for line in lines).encode()})


def _lines(rubric: Rubric, form: Form) -> Iterator[str]:
    yield f"# {form.name}（{form.article}）"
    yield from (f"# {told.text}" for told in form.instructions)
    yield from (f"format: {FORMAT}", f"rubric: {rubric.id}", f"form: {form.id}", "entries:")
    for entry in form.writable:
        yield from ("", f"  # {entry.article}：{entry.name}")
        if entry.text:
            yield f"  # {entry.text}"
        yield f'  {entry.id}: ""'


@asked
def check_form(path: Path | str, rubric: Rubric) -> list[Text]:
    """A sentence for each entry of the filled form at ``path`` that is empty, unknown or longer
    than the text allows; the limit of the document that the form is for holds for all of it.

    Raises InputError for a file that is no form of this text.
    """
    tree = yamltext.read(Path(path))
    filled = build(Filled, tree)
    form = rubric.form(filled.form)
    if filled.rubric != rubric.id or form is None:
        key = "form" if filled.rubric == rubric.id else "rubric"
        text = _("{id} 没有这张表格，请核对指标体系和表格的标识", id=rubric.id)
        raise InputError(Problem(text, tree.source, tree.line((key,)), key))
    return list(findings(rubric, form, filled.entries))


def findings(rubric: Rubric, form: Form, entries: Mapping[str, str]) -> Iterator[Text]:
    """What `check_form` says; ``entries`` holds what was written, by the id of the entry."""
    by_id = {entry.id: entry for entry in form.writable}
    for id in sorted(entries.keys() - by_id.keys()):
        yield _("表格里没有标识为“{id}”的栏目", id=id)
    for id, entry in by_id.items():
        written = entries.get(id, "")
        if not written.strip() and not entry.if_any:
            yield _("“{name}”没有填写（{article}）", name=entry.name, article=entry.article)
        if said := entry.beyond(length(written)):
            values = {"name": entry.name, "said": said, "article": entry.article}
            yield _("“{name}”{said}（{article}）", **values)
    whole = sum(map(length, entries.values()))
    for material in rubric.materials:
        said = material.beyond(whole) if material.form == form.id else None
        if said:
            values = {"name": material.name, "said": said, "article": material.article}
            yield _("“{name}”合计{said}（{article}）", **values)
