"""evalkit as a wheel: the same bytes each time, from a checkout and from an installation of it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from evalkit.archive import installed, wheel
from evalkit.archive.environment import environment
from evalkit.base.version import VERSION, commit
from tests.support.builders import ROOT

pytestmark = pytest.mark.processes

SAY = """
import hashlib, json
from evalkit.archive import installed, wheel
from evalkit.base.version import PACKAGE, commit
installed.lock = bytes  # those of others are not asked for
rows = [row for row in installed.installed() if row.distribution == "evalkit"]
print(json.dumps({
    "wheel": hashlib.sha256(wheel.wheel()).hexdigest(), "commit": commit(), "place": str(PACKAGE),
    "altered": [row.path for row in rows if row.altered],
    "recorded": sum(bool(row.recorded) for row in rows),
}))
"""


def other(folder: Path) -> dict:
    """What the evalkit in ``folder`` says of itself."""
    variables = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", SAY], env=variables, cwd=folder, capture_output=True, check=True
    )
    return json.loads(done.stdout)


@pytest.fixture(name="elsewhere", scope="module")
def _elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this evalkit, installed elsewhere by uv."""
    folder = tmp_path_factory.mktemp("elsewhere")
    file = folder / wheel.name()
    file.write_bytes(wheel.wheel())
    uv = ROOT / ".venv" / "bin" / "uv"
    command = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--target"]
    subprocess.run([*command, folder / "site", file], check=True)
    return folder / "site"


@pytest.fixture(name="said", scope="module")
def _said(elsewhere: Path) -> dict:
    """What that one says of itself."""
    return other(elsewhere)


def test_the_same_bytes_each_time(elsewhere: Path, said: dict) -> None:
    """Also from what was installed from it: the wheel in a bag is the wheel of the release."""
    assert said["place"] == str(elsewhere / "evalkit")
    assert said["wheel"] == hashlib.sha256(wheel.wheel()).hexdigest()
    assert said["commit"] == commit()


def test_an_edited_file_of_an_installation_is_named(elsewhere: Path, said: dict) -> None:
    """Its version is right, its digest is not the recorded one."""
    assert said["altered"] == []
    assert said["recorded"] > 500
    file = elsewhere / "evalkit/scoring/points.py"
    text = file.read_text("utf-8")
    try:
        file.unlink()  # it may be a link to uv's own copy
        file.write_text(text + "\n# edited\n", "utf-8")
        assert other(elsewhere)["altered"] == ["evalkit/scoring/points.py"]
    finally:
        file.write_text(text, "utf-8")


def test_all_that_evalkit_reads_is_in_it() -> None:
    """Rubrics, panels, notebooks, lock, templates and the compiled catalogue."""
    names = set(wheel.files())
    assert names >= {
        *("evalkit/data/requirements.lock", "evalkit/data/rubrics/henan-centre-2025.yaml"),
        *("evalkit/data/panels/demo/panel.yaml", "evalkit/data/notebooks/applicant_report.ipynb"),
        *("evalkit/pages/templates/evalkit/style.css", "evalkit/commit.txt"),
        *("evalkit/locale/en/LC_MESSAGES/evalkit.mo", f"evalkit-{VERSION}.dist-info/METADATA"),
    }
    assert not any("__pycache__" in name or name.endswith(".pyc") for name in names)


def test_its_list_is_that_of_the_files(tmp_path: Path) -> None:
    """A wheel without compression and times, which depends on nothing but the files."""
    (tmp_path / "wheel").write_bytes(wheel.wheel())
    with zipfile.ZipFile(tmp_path / "wheel") as package:
        assert {part.compress_type for part in package.infolist()} == {zipfile.ZIP_STORED}
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        record = package.read(f"evalkit-{VERSION}.dist-info/RECORD").decode()
        assert len(record.splitlines()) == len(package.namelist())


def test_a_package_that_somebody_edited_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of those that an import finds first, by what its installer recorded."""
    (pinned,) = re.findall(rb"(?m)^six==.*$", installed.lock())
    monkeypatch.setattr(installed, "lock", lambda: pinned)  # all others would be read, too
    before = installed.of_others.__wrapped__()
    assert {(row.distribution, row.altered) for row in before} == {("six", False)}
    one = metadata.distribution("six")
    for file in one.files or ():
        if file.suffix != ".pyc":
            target = tmp_path / file
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(Path(str(one.locate_file(file))).read_bytes())
    (tmp_path / "six.py").write_text("# another\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    rows = [row for row in installed.of_others.__wrapped__() if row.altered]
    assert [(row.distribution, row.path) for row in rows] == [("six", "six.py")]


def test_the_environment_is_written_down(bag: Path) -> None:
    """What decides bytes, without a path or the name of the machine."""
    written = (bag / "data/code/environment.json").read_text("utf-8")
    said = json.loads(written)
    packed = (bag / "data/code" / wheel.name()).read_bytes()
    assert said == environment(packed)
    assert said["evalkit"]["wheel"]["sha256"] == hashlib.sha256(packed).hexdigest()
    lock = (bag / "data/code/requirements.lock").read_bytes()
    assert lock == (ROOT / "requirements.lock").read_bytes()
    assert said["lock"]["sha256"] == hashlib.sha256(lock).hexdigest()
    assert said["installed"]["versions"]["papermill"] == metadata.version("papermill")
    assert set(said["templates"]) >= {"applicant_report.ipynb", "page"}
    assert said.keys() >= {"python", "sqlite", "system", "locale", "time_zone", "fonts"}
    assert str(ROOT) not in written
    assert os.uname().nodename not in written
