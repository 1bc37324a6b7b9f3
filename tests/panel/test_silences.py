"""What each text leaves open to the panel: declared in its file, and refused where undeclared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from evalkit.base.errors import InputError
from evalkit.panel import find_rubric, load_panel
from evalkit.rubric.open_rules import OWN_AFFAIRS, RULE_NAMES, required
from evalkit.rubric.provisions import Procedure
from tests.support.drafts import IDS, ROUNDS, RUBRICS, decided, drafted, tableless

ALWAYS = ["step", "aggregation", "missing", "recusal", "rounding", "ties", "disclosure", "ranking"]

OPEN: dict[str, list[str]] = {
    "henan-centre-2025:evaluation": [*ALWAYS, "bonus", "selection"],
    "anhui-application-2025:recognition": [*ALWAYS, "measures", "gates", "selection"],
    "anhui-application-2025:evaluation": [*ALWAYS, "grades"],
    "anhui-product-2025:recognition": [*ALWAYS, "measures", "gates", "selection"],
    "anhui-product-2025:evaluation": [*ALWAYS, "grades"],
    "anhui-enabling-2025:recognition": [*ALWAYS, "measures", "gates", "selection"],
    "anhui-enabling-2025:evaluation": [*ALWAYS, "grades"],
    "zhongshan-platform-2026:recognition": [*ALWAYS, "gates", "selection"],
    "zhongshan-platform-2026:annual-evaluation": [*ALWAYS, "grades"],
}
"""What a panel on each text has to declare; the rest of `silences` is for the office to decide."""

SILENCES = [
    (name, procedure, rule)
    for name, procedure in ROUNDS
    for rule in RULE_NAMES
    if RUBRICS[name].silence(rule, procedure)
]
"""Every silence of every file that belongs to a panel, read from the files."""


def test_every_text_is_looked_at() -> None:
    """A rubric file or a procedure that is added gets its row above."""
    assert set(IDS) == set(OPEN)
    assert len(SILENCES) == sum(len(rules) for rules in OPEN.values())


@pytest.mark.parametrize(("name", "procedure"), ROUNDS, ids=IDS)
def test_the_file_names_an_article_for_each_rule(name: str, procedure: Procedure) -> None:
    """What the loader asks for is what the file says the text is silent about, no more, no less."""
    rubric = RUBRICS[name]
    said = {rule for rule in RULE_NAMES if rubric.silence(rule, procedure)}
    assert said == set(OPEN[f"{name}:{procedure.id}"])
    asked = required(tableless(rubric, procedure), procedure, grouped=True)
    assert said == set(asked) - {*OWN_AFFAIRS}


@pytest.mark.parametrize(
    ("name", "procedure", "rule"), SILENCES, ids=[f"{n}:{p and p.id}:{r}" for n, p, r in SILENCES]
)
def test_what_is_not_declared_is_refused(
    tmp_path: Path, name: str, procedure: Procedure, rule: str
) -> None:
    """A panel that leaves the rule out is told its name and the article that is silent."""
    panel: dict[str, Any] = yaml.load(decided(drafted(name, procedure)), yaml.CSafeLoader)
    for applicant in panel["applicants"]:
        applicant["group"] = "一组"
    panel["rules"]["ranking"] = "overall"
    file = tmp_path / "panel.yaml"
    file.write_text(yaml.dump(panel, allow_unicode=True, Dumper=yaml.CSafeDumper), "utf-8")
    load_panel(file, find_rubric(file))  # whole as it is
    del panel["rules"][rule]
    file.write_text(yaml.dump(panel, allow_unicode=True, Dumper=yaml.CSafeDumper), "utf-8")
    with pytest.raises(InputError) as caught:
        load_panel(file, find_rubric(file))
    (problem,) = caught.value.problems
    silence = RUBRICS[name].silence(rule, procedure)
    assert silence is not None
    assert problem.field == f"rules.{rule}"
    assert f"没有声明“{RULE_NAMES[rule]}”" in problem.render()
    assert silence.article in problem.render()


@pytest.mark.parametrize("name", RUBRICS)
def test_silences_quote_the_text(name: str) -> None:
    """An article is quoted with words that the file has from it; a procedure is one of the file."""
    rubric = RUBRICS[name]
    quoted = [p.text for p in rubric.provisions] + [b.guidance for b in rubric.bonus]
    text = "".join("".join(part.split()) for part in quoted)
    for silence in rubric.silences:
        if silence.rule in RULE_NAMES:
            assert silence.procedure in (None, *(p.id for p in rubric.procedures))
            article, _said, _rest = silence.article.partition("，没有规定")
            for words in re.findall("规定“([^”]*(?:“[^”]*”[^”]*)*)”", article):
                assert "".join(words.split()) in text, silence.article


def test_the_more_exact_article_goes_before() -> None:
    """Recognition and evaluation are silent in different articles of the same text."""
    rubric = RUBRICS["anhui-product-2025"]
    articles = [rubric.silence("ties", p) for p in rubric.procedures]
    assert [a.article[:4] for a in articles if a] == ["第十条规", "第十二条"]
