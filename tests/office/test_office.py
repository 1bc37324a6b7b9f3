"""The office's file: every open rule declared, every record lawful, and what the command prints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from evalkit.base.errors import InputError
from evalkit.office.file import Office
from evalkit.office.load import load_office
from evalkit.office.outlook import outlook
from evalkit.office.rulebook import Rulebook
from evalkit.panel import find_rubric
from evalkit.rubric import load_rubric
from evalkit.rubric.open_rules import DECLARED, needed
from tests.support.builders import ROOT
from tests.support.command import evalkit
from tests.support.diary import ANHUI, FILES, HENAN, ZHONGSHAN
from tests.support.examples import examples

RUBRICS = {f.stem: load_rubric(f) for f in sorted((ROOT / "rubrics").glob("*.yaml"))}
PROCEDURAL = [name for name, rubric in RUBRICS.items() if rubric.procedures]
OPEN = [(text, rule) for text in FILES for rule in needed(RUBRICS[text])]
"""Every rule that the two texts with a standing leave open."""


def data(rubric: str) -> Any:
    """The demo file of a text, as data."""
    return yaml.load(FILES[rubric].read_text("utf-8"), yaml.CSafeLoader)


def written(folder: Path, content: Any) -> Path:
    """``content`` as an office's file."""
    file = folder / "standing.yaml"
    file.write_text(
        yaml.dump(content, allow_unicode=True, sort_keys=False, Dumper=yaml.CSafeDumper), "utf-8"
    )
    return file


def problems(folder: Path, content: Any) -> str:
    """What is wrong with it."""
    file = written(folder, content)
    with pytest.raises(InputError) as caught:
        load_office(file, find_rubric(file))
    return caught.value.render()


@pytest.mark.parametrize("rubric", PROCEDURAL)
def test_the_silences_are_those_that_the_procedures_need(rubric: str) -> None:
    """Every rule on procedure and standing that a text leaves open has a row with its article."""
    rows = [(s.rule, s.procedure) for s in RUBRICS[rubric].silences]
    named = {rule for rule, _procedure in rows if rule.partition(".")[0] in DECLARED}
    assert named == set(needed(RUBRICS[rubric]))
    assert len(rows) == len(set(rows))


def test_how_much_the_texts_leave_open() -> None:
    """So that the tables below are not empty."""
    count = {name: len(list(needed(RUBRICS[name]))) for name in (ANHUI, ZHONGSHAN, HENAN)}
    assert count == {ANHUI: 11, ZHONGSHAN: 17, HENAN: 1}


@pytest.mark.parametrize(("rubric", "rule"), OPEN)
def test_a_rule_that_is_not_declared_is_named_with_the_silent_article(
    tmp_path: Path, rubric: str, rule: str
) -> None:
    """There is no default: the error says which rule, where, and by which article."""
    content = data(rubric)
    group, _, key = rule.partition(".")
    if group == "due":
        n = next(n for n, which in enumerate(content["rounds"]) if key in which["due"])
        del content["rounds"][n]["due"][key]
        place = f"rounds[{n}].due.{key}"
    elif key:
        del content["rules"][group][key]
        place = f"rules.{rule}"
    else:
        del content["rules"][group]
        place = f"rules.{group}"
    silence = RUBRICS[rubric].silence(rule)
    assert silence is not None
    (line,) = problems(tmp_path, content).splitlines()
    assert re.search(rf"standing\.yaml 第 \d+ 行：{re.escape(place)}：没有声明", line)
    assert f"“{DECLARED[group]}”。原文对此未作规定（{silence.article}）" in line


def test_everything_undeclared_is_listed_at_once(tmp_path: Path) -> None:
    """An empty file of rules gets a line for each."""
    content = data(ANHUI)
    content["rules"] = {}
    assert problems(tmp_path, content).count("没有声明") == 9  # two of eleven stand in the rounds


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("rules", "days", "revocation", "5"), "rules.days.revocation：原文没有把这一项留给办公室"),
        (("rules", "days", "publicity", "0"), "rules.days.publicity：至少 1 天"),
        (("rules", "days", "publicity", "一周"), "“一周”不是非负整数"),
        (
            ("rules", "repeat_from", "rectification", "call"),
            "“call”不可用，可选：evaluation-notice",
        ),
        (("rules", "reapplication", "明年"), "“明年”不可用，请写天数，或 never"),
        (("rules", "objections", "publicity", "stop"), "“stop”不可用"),
        (("rubric", "zhongshan-platform-2026"), "没有声明"),
        (("rounds", 0, "procedure", "x"), "“x”不可用，可选：recognition、evaluation"),
        (("rounds", 0, "due", "x", "2026-01-01"), "rounds[0].due.x：“x”不可用"),
        (("rounds", 0, "id", "eval-2027"), "标识“eval-2027”用了不止一次"),
        (("persons", 0, "roles", ["省商务厅"]), "persons[0].roles[0]：“省商务厅”不可用，可选："),
        (("persons", 0, "roles", ["工业和信息化厅"]), "；相近的有：省工业和信息化厅"),
        (("rules", "owed", {"call": {"every": "9"}}), "rules.owed.call：“call”不可用，可选："),
        (("rules", "owed", {"daily-service": {"by": "03-31"}}), "写明 first 和 by"),
        (("rules", "owed", {"daily-service": {"first": "x", "by": "03-31"}}), "“x”不可用"),
        (
            ("rules", "owed", {"daily-service": {"first": "same_year", "by": "02-29"}}),
            "“02-29”不是每年都有的日子",
        ),
        (("applicants", 0, "persons", 0, "id", "p-head"), "标识“p-head”用了不止一次"),
        (("applicants", 1, "id", "Z01"), "标识“Z01”用了不止一次"),
        (("applicants", 0, "records", 0, "day", "2026-3-2"), "“2026-3-2”不是日期"),
        (
            ("applicants", 0, "records", 0, "kind", "vote"),
            "kind 不能是“vote”，可选：decision、ground、answer、withdrawal 或 figure",
        ),
        (("applicants", 0, "records", 0, "vote", "x"), "未知的键"),
        (("applicants", 0, "records", 0, "outcome", "maybe"), "“maybe”不可用"),
        (("applicants", 0, "records", 0, "round", "rec-2030"), "没有轮次 rec-2030，可选：rec-2026"),
        (("applicants", 0, "records", 0, "stage", "x"), "程序“示范区认定”没有环节 x"),
        (("applicants", 0, "records", 0, "by", "nobody"), "身份是（没有登记）"),
        (
            ("applicants", 0, "records", 0, "by", "zone"),
            "applicants[0].records[0]：第七条：这一条由“省工业和信息化厅”作出，而 zone 的身份是",
        ),
        (
            (
                "applicants",
                0,
                "recognised",
                {"day": "2025-01-01", "title": "示范区", "document": "x"},
            ),
            "applicants[0].recognised.title：“示范区”不可用",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, change: tuple[Any, ...], message: str
) -> None:
    """File, line, field, what is wrong, what would do."""
    content = data(ANHUI)
    *path, last, value = change
    inner = content
    for key in path:
        inner = inner[key]
    inner[last] = value
    found = problems(tmp_path, content)
    assert message in found
    assert re.match(rf"{re.escape(str(tmp_path))}/standing\.yaml 第 \d+ 行", found)


def test_two_evaluations_of_a_year(tmp_path: Path) -> None:
    """年度综合考评: one a year."""
    content = data(ZHONGSHAN)
    content["rounds"][2]["year"] = "2026"
    assert "rounds[2].year：2026 年度已有一轮评估" in problems(tmp_path, content)


def test_a_plan_has_no_standing(tmp_path: Path) -> None:
    """Texts without a procedure have nobody to keep a file on."""
    content = {**data(ANHUI), "rubric": "henan-ai-plus-2024"}
    found = problems(tmp_path, content)
    assert "henan-ai-plus-2024 没有规定程序" in found


def test_a_title_of_the_text_goes_before_the_offices_words(tmp_path: Path) -> None:
    """Where the text names the title the office declares none."""
    content = data(ANHUI)
    content["rules"]["titles"] = {"recognition": "示范区"}
    assert "rules.titles.recognition：原文没有把这一项留给办公室" in problems(tmp_path, content)


def test_who_was_recognised_before_the_file_begins(tmp_path: Path) -> None:
    """The title is taken over, with the document that announced it."""
    content = data(ANHUI)
    title = RUBRICS[ANHUI].procedures[0].titles[0]
    content["applicants"] = [
        {
            "id": "old",
            "name": "虚构老示范区",
            "recognised": {"day": "2025-12-01", "title": title, "document": "示例公告第1号"},
        }
    ]
    run = evalkit("standing", written(tmp_path, content), "--json", "--on", "2025-12-01")
    (seen,) = json.loads(run.stdout)["applicants"]
    assert (seen["state"], seen["title"], seen["since"]) == ("recognised", title, "2025-12-01")
    before = evalkit("standing", tmp_path / "standing.yaml", "--json", "--on", "2025-11-30")
    assert json.loads(before.stdout)["applicants"][0]["state"] == "not_recognised"


@pytest.mark.parametrize("rubric", FILES)
def test_the_demos_are_checked(rubric: str) -> None:
    """They load, and an editor's schema accepts them."""
    run = evalkit("standing", "check", FILES[rubric])
    assert (run.returncode, run.stderr) == (0, "")
    assert "没有发现问题" in run.stdout
    schema = json.loads((ROOT / "panels" / "standing.schema.json").read_text("utf-8"))
    text = FILES[rubric].read_text("utf-8")
    jsonschema.validate(yaml.load(text, yaml.CBaseLoader), _as_text(schema))


def _as_text(schema: Any) -> Any:
    """The schema for a file whose scalars are all text, as evalkit reads them."""
    if isinstance(schema, dict):
        changed = {k: _as_text(v) for k, v in schema.items()}
        if changed.get("type") == "integer":
            return {"type": "string", "pattern": "^[0-9]+$"}
        return changed
    return [_as_text(v) for v in schema] if isinstance(schema, list) else schema


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every node below ``value``."""
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in children if isinstance(value, dict | list) else ():
        yield (*path, key)
        yield from _paths(child, (*path, key))


WORST = ["", "x", "-1", "0", "99999", "9999-12-31", "0001-01-01", "never", "r01", "call", [], {}]
WORST += [["x"], {"x": "x"}, None]
"""What may stand where something else is meant; None removes it."""


@pytest.mark.parametrize("rubric", FILES)
@examples(0.4)
@given(draw=st.data())
def test_no_file_brings_the_loader_down(tmp_path: Path, rubric: str, draw: st.DataObject) -> None:
    """Whatever stands in it: an office that can be looked at, or an InputError."""
    content = yaml.load(FILES[rubric].read_text("utf-8"), yaml.CBaseLoader)
    *path, last = draw.draw(st.sampled_from(list(_paths(content))))
    inner = content
    for key in path:
        inner = inner[key]
    value = draw.draw(st.sampled_from(WORST))
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    file = written(tmp_path, content)
    try:
        office = load_office(file, find_rubric(file))
    except InputError:
        return
    for applicant in office.applicants:
        outlook(Rulebook(RUBRICS[rubric], office), applicant, "2027-01-01")


DEMO_STATES = {
    HENAN: ["recognised", "recognised", "recognised"],
    ANHUI: ["recognised", "recognised", "recognised", "recognised", "applying"],
    ZHONGSHAN: ["recognised", "recognised", "recognised", "revoked"],
}


@pytest.mark.parametrize("rubric", FILES)
def test_the_command_prints_all_of_it(rubric: str) -> None:
    """State, title, years, proposals with article and reason, deadlines; in JSON and in words."""
    run = evalkit("standing", FILES[rubric], "--json", "--on", "2027-12-31")
    seen = json.loads(run.stdout)
    assert (seen["rubric"], seen["on"]) == (rubric, "2027-12-31")
    assert [a["state"] for a in seen["applicants"]] == DEMO_STATES[rubric]
    words = evalkit("standing", FILES[rubric], "--on", "2027-12-31").stdout
    for applicant in seen["applicants"]:
        assert f"{applicant['name']}（{applicant['id']}）" in words
        for proposal in applicant["proposals"]:
            assert f"{proposal['because']}（{proposal['article']}）" in words
        for deadline in applicant["deadlines"]:
            assert deadline["last_day"] in words
            assert ("已逾期" in words) or not deadline["overdue"]
    english = evalkit("standing", FILES[rubric], "--on", "2027-12-31", lang="en").stdout
    proposed = any(a["proposals"] for a in seen["applicants"])
    assert ("Proposed: " in english) is proposed
    assert "建议" not in english


def test_one_applicant_on_a_day() -> None:
    """The day is a parameter: what was on record then, and what is overdue."""
    run = evalkit("standing", FILES[ANHUI], "--applicant", "z02", "--on", "2027-05-31", "--json")
    (seen,) = json.loads(run.stdout)["applicants"]
    assert (seen["id"], seen["state"]) == ("z02", "rectifying")
    assert [duty["article"] for duty in seen["duties"]] == ["第十三条", "第十三条"]
    # ordered on 28 April 2027, 90 days: 2 in April, 31, 30, 27 in July
    days = {d["what"]: d["last_day"] for d in seen["deadlines"]}
    assert days == {"eval-2027 整改": "2027-07-27"}
    assert {d["overdue"] for d in seen["deadlines"]} == {False}


def test_the_folder_will_do() -> None:
    """As for panels, the folder of the file may be given; one applicant's duties are printed."""
    run = evalkit("standing", FILES[ZHONGSHAN].parent, "--applicant", "t03")
    assert "登记告知”（第十条）：2026-10-05 办示例，已登记" in run.stdout
    assert "义务：认定成功的赋能平台,年服务企业数量不应少于30家。（第九条（四））" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--applicant", "nobody"], 2, "没有对象 nobody"),
        (["--on", "soon"], 2, "“soon”不是日期"),
        (["--years", "3"], 2, "命令不对"),
    ],
)
def test_wrong_usage_gets_a_line(arguments: list[str], code: int, message: str) -> None:
    """Never a traceback."""
    run = evalkit("standing", FILES[ANHUI], *arguments)
    assert run.returncode == code
    assert message in run.stderr
    assert "Traceback" not in run.stderr


def test_the_command_without_a_file() -> None:
    """The help names the subcommands."""
    run = evalkit("standing", "--help")
    assert all(word in run.stdout for word in ("show", "check", "schema"))
    missing = evalkit("standing", "check", "nowhere.yaml")
    assert (missing.returncode, missing.stdout) == (2, "")


def test_the_schema_is_printed() -> None:
    """``make schemas`` writes it."""
    assert json.loads(evalkit("standing", "schema").stdout) == Office.model_json_schema()
