"""The files around the code: locks, schemas, notebooks, texts."""

from __future__ import annotations

import ast
import gettext
import io
import json
import re
import runpy
import string
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from babel.messages import frontend, mofile, pofile

from evalkit.office.file import Office
from evalkit.panel import Panel, find_rubric, load_panel
from evalkit.plan.ledger import Ledger
from evalkit.rubric import Rubric
from tests.support.builders import ROOT

LOCALE = ROOT / "evalkit" / "locale" / "en" / "LC_MESSAGES"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def names(requirements: list[str]) -> set[str]:
    """The distributions that requirement lines name."""
    return {re.split(r"[^A-Za-z0-9._-]", line)[0].lower() for line in requirements}


def locked(name: str) -> list[str]:
    """The pinned lines of a lock."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [line for line in lines if re.match(r"[a-z0-9]", line)]


def test_environment_and_lock_are_in_step() -> None:
    """environment.yml installs the lock; the lock holds all that pyproject.toml declares."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    environment = yaml.load((ROOT / "environment.yml").read_text("utf-8"), yaml.CSafeLoader)
    python, pip, sources = environment["dependencies"]
    assert pip == "pip"
    assert sources == {"pip": ["--requirement requirements.lock"]}
    least = project["project"]["requires-python"]
    assert python.startswith(f"python{least}")
    assert names(project["project"]["dependencies"]) <= names(locked("requirements.lock"))
    groups = project["dependency-groups"]["dev"]
    assert names(groups) <= names(locked("requirements-dev.lock"))
    assert {line.split(" ")[0] for line in locked("requirements.lock")} <= {
        line.split(" ")[0] for line in locked("requirements-dev.lock")
    }


LOCKS = {"requirements.lock": 50, "requirements-dev.lock": 50, "requirements-crate.lock": 20}
"""Each with a number of distributions that it surely has."""


@pytest.mark.parametrize("name", LOCKS)
def test_locks_pin_by_hash_and_name_no_host(name: str) -> None:
    """Every distribution is pinned with hashes; where it comes from is the installer's affair."""
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert "index-url" not in text
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert len(blocks) > LOCKS[name]
    for block in blocks:
        assert "==" in block.splitlines()[0]
        assert "--hash=sha256:" in block


@pytest.mark.parametrize(
    ("model", "file"),
    [
        (Rubric, "rubrics/rubric.schema.json"),
        (Panel, "panels/panel.schema.json"),
        (Office, "panels/standing.schema.json"),
        (Ledger, "panels/ledger.schema.json"),
    ],
)
def test_schemas_are_in_step_with_the_models(model: type[Rubric], file: str) -> None:
    """``make schemas`` writes them."""
    assert json.loads((ROOT / file).read_text("utf-8")) == model.model_json_schema()


def test_there_are_notebooks() -> None:
    """The checks below look at something."""
    assert {n.stem for n in NOTEBOOKS} >= {
        *("score_sheet", "applicant_report", "panel_summary", "progress_report")
    }


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda f: f.stem)
def test_notebooks_are_thin_and_bare(file: Path) -> None:
    """They import the library, define nothing, carry no output, and have one parameters cell."""
    notebook = json.loads(file.read_text("utf-8"))
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert all(c["outputs"] == [] and c["execution_count"] is None for c in code)
    assert sum("parameters" in c["metadata"].get("tags", []) for c in code) == 1
    source = "\n".join("".join(c["source"]) for c in code)
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert not any(isinstance(node, defined) for node in ast.walk(ast.parse(source)))
    assert len(source.splitlines()) < 40


@pytest.fixture(name="messages", scope="module")
def _messages(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every message of the sources, as the extractor finds it."""
    out = tmp_path_factory.mktemp("texts") / "evalkit.pot"
    command = frontend.CommandLineInterface()
    arguments = f"pybabel -q extract -F {ROOT / 'babel.cfg'} -k _ -o {out} {ROOT}"
    command.run(arguments.split(" "))
    with out.open("rb") as file:
        return {m.id for m in pofile.read_po(file) if m.id}


def test_every_text_has_an_english_twin(messages: set[str]) -> None:
    """``make texts`` adds new messages to the catalogue; a person translates them."""
    with (LOCALE / "evalkit.po").open("rb") as file:
        catalogue = {m.id: m.string for m in pofile.read_po(file) if m.id}
    assert len(messages) > 100
    assert sorted(messages - {id for id, text in catalogue.items() if text}) == []
    assert sorted(set(catalogue) - messages) == []


def test_translations_keep_their_values(messages: set[str]) -> None:
    """The English text fills in the same values as the Chinese one."""
    english = gettext.translation("evalkit", ROOT / "evalkit" / "locale", ["en"])

    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for message in messages:
        assert fields(english.gettext(message)) == fields(message), message


def test_no_message_stands_where_it_is_not_found() -> None:
    """Inside the braces of an f-string no message is extracted: it would stay Chinese."""
    hidden = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in sorted((ROOT / "evalkit").rglob("*.py"))
        for string in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_"
    ]
    assert hidden == []


def test_the_compiled_catalogue_is_in_step() -> None:
    """evalkit.mo is what evalkit.po compiles to; ``make`` and every installer compile it."""
    with (LOCALE / "evalkit.po").open("rb") as file:
        compiled = io.BytesIO()
        mofile.write_mo(compiled, pofile.read_po(file, locale="en"))
    found = gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))._catalog  # type: ignore[attr-defined]
    stored = gettext.GNUTranslations(io.BytesIO((LOCALE / "evalkit.mo").read_bytes()))._catalog  # type: ignore[attr-defined]
    drop = {""}
    assert {k: v for k, v in found.items() if k not in drop} == {
        k: v for k, v in stored.items() if k not in drop
    }


PANELS = sorted(file.parent for file in (ROOT / "panels").glob("*/panel.yaml"))


def test_there_is_a_panel_for_every_text_that_is_scored() -> None:
    """Each rubric and procedure can be tried on a small, whole panel."""
    tried = set()
    for folder in PANELS:
        rubric = find_rubric(folder / "panel.yaml")
        panel = load_panel(folder / "panel.yaml", rubric)
        procedure = panel.procedure_of(rubric)
        tried.add((rubric.id, procedure.kind if procedure else ""))
    assert tried >= {
        ("henan-centre-2025", "evaluation"),
        ("anhui-application-2025", "recognition"),
        ("anhui-product-2025", "recognition"),
        ("anhui-enabling-2025", "recognition"),
        ("anhui-application-2025", "evaluation"),
        ("zhongshan-platform-2026", "recognition"),
        ("zhongshan-platform-2026", "evaluation"),
    }


@pytest.mark.parametrize("folder", PANELS, ids=lambda folder: folder.name)
def test_the_demos_scores_are_what_their_script_writes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables in the repository can be made again, byte by byte."""
    (tmp_path / "panel.yaml").write_bytes((folder / "panel.yaml").read_bytes())
    script = ROOT / "panels" / "make_scores.py"
    monkeypatch.setattr(sys, "argv", [str(script), str(tmp_path)])
    runpy.run_path(str(script), run_name="__main__")
    assert (tmp_path / "scores.csv").read_bytes() == (folder / "scores.csv").read_bytes()


def test_no_file_names_a_machine_or_a_registry() -> None:
    """Nothing in git carries a path of one machine or the host of a package registry."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    if not files:
        pytest.skip("not a git checkout")
    hosts = re.compile(rb"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian")
    for file in files:
        data = file.read_bytes()
        assert len(data) <= 2**20, file
        if file != Path(__file__):
            assert not hosts.search(data), file
