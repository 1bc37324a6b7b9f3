"""Many reports: made once, whole or not at all, on any number of workers."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
import pytest

from evalkit import cli
from evalkit.base import resources
from evalkit.base.errors import InputError, Refused
from evalkit.disclosure import Views
from evalkit.engine import pool
from evalkit.evaluation import Results, evaluate
from evalkit.reports import batch, journal, make, provenance, workers
from evalkit.reports.batch import Order, make_reports
from tests.support import builders
from tests.support.builders import DEMO, ROOT
from tests.support.folders import content
from tests.support.views import reported

HEAD = {
    "panel": "demo-2025",
    "level": "applicant",
    "language": "zh",
    "status": "table",
    "root": None,
}
"""What the reports of the demo's finished table have in common."""

IDS = [f"c{n:02}" for n in range(1, 25)]
FEW = IDS[:5]


@pytest.fixture(scope="module")
def results() -> Iterator[Results]:
    """The demo round."""
    yield evaluate(*builders.demo())
    pool.close()


@pytest.fixture(scope="module")
def few(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the first reports, enough for harm to one and to those around it."""
    out = tmp_path_factory.mktemp("few")
    assert make_reports(reported(results), FEW, Order(out, workers=1)).made == len(FEW)
    return out


def copy(whole: Path, folder: Path) -> Path:
    """A folder with all reports, to do harm to."""
    folder.mkdir()
    for name, data in content(whole).items():
        (folder / name).write_bytes(data)
    return folder


def test_every_applicant_has_two_files_and_a_line(whole: Path) -> None:
    """A page and a notebook each, the journal in the order of the panel, and one provenance."""
    names = {f"{id}.{ending}" for id in IDS for ending in ("html", "ipynb")}
    assert set(content(whole)) == names | {"reports.jsonl"}
    lines = [json.loads(line) for line in (whole / "reports.jsonl").read_text().splitlines()]
    assert lines[0] == {"format": "evalkit-reports/1", **HEAD}
    assert [line["id"] for line in lines[1:]] == IDS


def test_digests_are_those_of_the_files(whole: Path) -> None:
    """``sha256sum`` gives what the journal says."""
    line = json.loads((whole / "reports.jsonl").read_text().splitlines()[3])
    for ending in ("html", "ipynb"):
        said = subprocess.run(
            ["sha256sum", whole / f"c03.{ending}"], capture_output=True, text=True, check=True
        )
        assert said.stdout.split()[0] == line[ending]


def test_run_facts_stand_beside_the_reports(results: Results, whole: Path) -> None:
    """Times, machine and versions; and in no report."""
    facts = json.loads((whole / "provenance.json").read_text("utf-8"))
    assert facts["results"] == results.digest
    assert facts["reports"] == {"made": 24, "kept": 0, "failed": 0}
    assert facts["versions"]["papermill"]
    assert facts["began"] <= facts["ended"]
    for data in content(whole).values():
        assert facts["began"][:10].encode() not in data
        assert facts["machine"]["system"].encode() not in data


def test_unchanged_reports_are_not_made_again(
    results: Results, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run only reads."""
    out = copy(whole, tmp_path / "out")
    monkeypatch.setattr(workers, "make", None)
    advanced: list[None] = []
    found = make_reports(
        reported(results), IDS, Order(out, workers=1), lambda: advanced.append(None)
    )
    assert (found.made, found.kept) == (0, 24)
    assert len(advanced) == 24
    assert content(out) == content(whole)


def journal_with(out: Path, number: int, line: str) -> None:
    """Put ``line`` in the place of a line of the journal."""
    lines = (out / "reports.jsonl").read_text().splitlines()
    lines[number] = line
    (out / "reports.jsonl").write_text("\n".join(lines))


HARM = {
    "a page altered": lambda out: (out / "c03.html").write_text("<p>other</p>"),
    "a notebook cut off": lambda out: os.truncate(out / "c03.ipynb", 1000),
    "a page gone": lambda out: (out / "c03.html").unlink(),
    "an empty notebook": lambda out: (out / "c03.ipynb").write_bytes(b""),
    "a line cut off": lambda out: os.truncate(out / "reports.jsonl", 900),
    "no journal": lambda out: (out / "reports.jsonl").unlink(),
    "an empty journal": lambda out: (out / "reports.jsonl").write_text(""),
    "a head cut off": lambda out: os.truncate(out / "reports.jsonl", 20),
    "a head cut off with all else whole": lambda out: journal_with(
        out, 0, '{"format":"evalkit-rep'
    ),
    "null in a line": lambda out: journal_with(out, 3, "null"),
    "a number in a line": lambda out: journal_with(out, 3, "5"),
    "a word in a line": lambda out: journal_with(out, 3, '"id"'),
    "a list in a line": lambda out: journal_with(out, 3, '["id"]'),
    "a line without digests": lambda out: journal_with(out, 3, '{"id":"c03"}'),
    "an id that is none": lambda out: journal_with(
        out, 3, '{"html":"0","id":["c03"],"inputs":"0","ipynb":"0"}'
    ),
    "a null for a head": lambda out: journal_with(out, 0, "null"),
    "half-made files": lambda out: [
        (out / ".making-1-c03.html").write_text("half"),
        (out / ".making-reports.jsonl").write_text("half"),
    ],
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_what_was_harmed_is_made_again(
    results: Results, few: Path, tmp_path: Path, harm: Any
) -> None:
    """Whatever happened to the folder, the next run leaves it as an undisturbed one."""
    out = copy(few, tmp_path / "out")
    harm(out)
    assert content(out) != content(few)
    make_reports(reported(results), FEW, Order(out, workers=1))
    assert content(out) == content(few)


def test_another_input_makes_another_report(
    results: Results, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other scores, another notebook, another template: all count."""
    rubric, panel, facts = builders.demo()
    points = facts.points.copy()
    points[2, 0, 0] = 0
    other = evaluate(rubric, panel, type(facts)(**{**vars(facts), "points": points}))
    ids = IDS[:4]
    made = [
        make_reports(reported(other), ids, Order(copy(whole, tmp_path / "scores"), workers=1)).made
    ]
    notebook = nbformat.read(resources.path("notebooks", "applicant_report.ipynb"), as_version=4)
    notebook.cells[0].source += "。"
    nbformat.write(notebook, tmp_path / "applicant_report.ipynb")
    with monkeypatch.context() as patch:
        patch.setattr(resources, "path", lambda _kind, name: tmp_path / name)
        made.append(
            make_reports(reported(results), ids, Order(copy(whole, tmp_path / "n"), workers=1)).made
        )
    monkeypatch.setattr(journal, "program", lambda: "another template")
    made.append(
        make_reports(reported(results), ids, Order(copy(whole, tmp_path / "t"), workers=1)).made
    )
    # the digest of the results stands in every report, so other scores change all of them
    assert made == [4, 4, 4]


CHANGES = (
    *("terms.py", "scoring/methods.py", "disclosure/field.py", "reports/page.py"),
    *("pages/parts/heading.html.j2", "pages/templates/evalkit/style.css"),
    "locale/en/LC_MESSAGES/evalkit.mo",
)


def test_any_change_of_the_program_makes_reports_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its code, wherever it lies, texts and templates: each change gives a digest of its own."""
    shutil.copytree(ROOT / "evalkit", tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(journal, "__file__", str(tmp_path / "reports" / "journal.py"))
    digests = {journal.program(), journal.program.__wrapped__()}
    assert len(digests) == 1  # the copy is the same program
    for name in CHANGES:
        with (tmp_path / name).open("a") as file:
            file.write("\n")
        digests.add(journal.program.__wrapped__())
    assert len(digests) == 1 + len(CHANGES)


@pytest.mark.parametrize("package", ["nbconvert", "jinja2", "ipykernel", "papermill", "nbformat"])
def test_another_version_of_a_package_makes_reports_anew(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of those that run a notebook or make a page of it."""
    version = metadata.version
    monkeypatch.setattr(metadata, "version", lambda n: "0" if n == package else version(n))
    assert journal.program.__wrapped__() != journal.program()


def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the report of c02 run ``code`` at its end."""
    find = resources.path
    notebook = nbformat.read(find("notebooks", "applicant_report.ipynb"), as_version=4)
    notebook.cells[
        -1
    ].source = f"if report['applicant']['id'] == 'c02':\n    {code}\n{notebook.cells[-1].source}"
    nbformat.write(notebook, tmp_path / "applicant_report.ipynb")

    def path(kind: str, name: str) -> Path:
        return tmp_path / name if kind == "notebooks" else find(kind, name)

    monkeypatch.setattr(resources, "path", path)


def test_a_report_without_its_heading_is_none(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook that ran and showed nothing is a failure like an error."""
    failing(tmp_path, monkeypatch, "pass")
    notebook = nbformat.read(tmp_path / "applicant_report.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code[0].source = f"get_ipython().ast_node_interactivity = 'none'\n{code[0].source}"
    nbformat.write(notebook, tmp_path / "applicant_report.ipynb")
    found = make_reports(reported(results), ["c03"], Order(tmp_path / "out", workers=1))
    assert "没有显示报告的题目" in str(found.failures[0])
    assert not (tmp_path / "out" / "c03.html").exists()


FAILURES = [
    (1, "1 / 0", "ZeroDivisionError: division by zero"),
    pytest.param(2, "1 / 0", "ZeroDivisionError: division by zero", marks=pytest.mark.processes),
    (1, "import os; os.abort()", "Kernel died"),
    (1, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "Kernel died"),
    (1, "held = bytearray(2**40)", "MemoryError"),
    (1, "while True: pass", "运行超过 1 秒"),
]


@pytest.mark.parametrize(("number", "code", "said"), FAILURES)
def test_one_failure_stops_no_other(
    results: Results,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    code: str,
    said: str,
) -> None:
    """It leaves its notebook with the error and no page; the next run tries it again."""
    failing(tmp_path, monkeypatch, code)
    monkeypatch.setattr(make, "SECONDS", 1)
    out = tmp_path / "out"
    out.mkdir()
    (out / "c02.html").write_text("an older page")
    found = make_reports(reported(results), IDS[:4], Order(out, workers=number))
    assert (found.made, found.kept) == (3, 0)
    (error,) = found.failures
    assert "（c02）的报告" in str(error)
    assert said in str(error)
    assert "c02.ipynb" in str(error)
    assert not (out / "c02.html").exists()
    ran = nbformat.read(out / "c02.ipynb", as_version=4)
    nbformat.validate(ran)
    assert code in ran.cells[-1].source
    assert sorted(p.stem for p in out.glob("*.html")) == ["c01", "c03", "c04"]
    monkeypatch.undo()
    again = make_reports(reported(results), IDS[:4], Order(out, workers=1))
    assert (again.made, again.failures) == (4, [])  # the notebook is another one now


def test_the_command_lists_failures_and_says_so_in_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """1 when a report failed, with a line for each; also for another level in one folder."""
    failing(tmp_path, monkeypatch, "1 / 0")
    command = ["report", str(DEMO), "--out", str(tmp_path / "out"), "--applicant", "c02"]
    with pytest.raises(SystemExit) as ended:
        cli.main([*command, "--applicant", "c03"])
    assert ended.value.code == 1
    said = capsys.readouterr()
    assert "1 份报告在" in said.out
    assert [line for line in said.err.splitlines() if "（c02）的报告：ZeroDivisionError" in line]
    with pytest.raises(SystemExit) as ended:
        cli.main([*command, "--level", "public"])
    assert ended.value.code == 1
    assert "请换一个文件夹" in capsys.readouterr().err


def test_an_interrupted_batch_says_what_remains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C while the third report is made: two are there, and the next run makes the others."""
    do, begun = workers.do, itertools.count(1)

    def interrupted(job: workers.Job) -> workers.Outcome:
        if next(begun) == 3:
            raise KeyboardInterrupt
        return do(job)

    command = ["report", str(DEMO), "--out", str(tmp_path), "--workers", "1"]
    for id in IDS[:4]:
        command += ["--applicant", id]
    with monkeypatch.context() as patch:
        patch.setattr(workers, "do", interrupted)
        with pytest.raises(SystemExit) as ended:
            cli.main(command)
    assert ended.value.code == 130
    assert f"已中止；做好的报告留在 {tmp_path}，" in capsys.readouterr().err
    assert sorted(p.stem for p in tmp_path.glob("*.html")) == ["c01", "c02"]
    with pytest.raises(SystemExit) as ended:
        cli.main(command)
    assert not ended.value.code
    assert "其中 2 份没有变化" in capsys.readouterr().out


def test_reports_of_an_applicant_who_left_are_named_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their files stay for whoever made the panel to decide; the journal knows them no more."""
    with journal.opened(tmp_path, HEAD) as book:
        book.add("c77", "0", {"ipynb": "0", "html": "0"})
    (tmp_path / "c77.html").write_text("a page")
    command = ["report", str(DEMO), "--out", str(tmp_path), "--applicant", "c02"]
    said = []
    for _ in range(2):
        with pytest.raises(SystemExit) as ended:
            cli.main(command)
        assert not ended.value.code
        said.append([line for line in capsys.readouterr().out.splitlines() if "c77" in line])
    assert said == [[f"c77 已不在评审组里，报告还留在 {tmp_path}，请自行移走"], []]
    assert (tmp_path / "c77.html").read_text() == "a page"
    assert '"c77"' not in (tmp_path / "reports.jsonl").read_text()


def test_an_unknown_applicant_starts_nothing(results: Results, tmp_path: Path) -> None:
    """Nothing is written, not even a folder."""
    with pytest.raises(InputError, match="c99"):
        make_reports(reported(results), ["c01", "c99"], Order(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_what_is_not_public_starts_nothing(tmp_path: Path) -> None:
    """A trial has no reports for the public, and no folder for them."""
    trial = evaluate(*builders.demo(), trial=True)
    with pytest.raises(Refused, match="试算"):
        make_reports(reported(trial), IDS, Order(tmp_path / "out", level="public"))
    assert not (tmp_path / "out").exists()


OTHERS = [
    ({"level": "internal"}, "内部、正式、中文"),
    ({"panel": "other"}, "评审组 other"),
    ({"language": "en"}, "给参评对象、正式、英文"),
    ({"status": "table", "root": None}, "给参评对象、依据评分表、中文"),
    ({"status": "trial", "root": None}, "给参评对象、试算、中文"),
    ({"root": "b" * 64}, "正式、中文、另一次锁定"),
]


@pytest.mark.parametrize(("other", "said"), OTHERS)
def test_reports_of_two_kinds_do_not_mix(tmp_path: Path, other: Any, said: str) -> None:
    """A folder takes reports of one kind, and its refusal says which; what lies there stays."""
    mine = HEAD | {"status": "official", "root": "a" * 64}
    with journal.opened(tmp_path, mine | other):
        pass
    before = content(tmp_path)
    with pytest.raises(Refused, match=f"{said}.*请换一个文件夹"), journal.opened(tmp_path, mine):
        pass
    assert content(tmp_path) == before


def test_a_trial_or_another_language_overwrites_nothing(
    results: Results, whole: Path, tmp_path: Path
) -> None:
    """The batch itself refuses them, before a report is made."""
    out = copy(whole, tmp_path / "out")
    trial = evaluate(*builders.demo(), trial=True)
    for found, language in ((trial, "zh"), (results, "en")):
        with pytest.raises(Refused, match="依据评分表、中文"):
            make_reports(reported(found), IDS, Order(out, language=language, workers=1))
    assert content(out) == content(whole)


def test_two_batches_do_not_write_into_one_folder(results: Results, tmp_path: Path) -> None:
    """The second is told to wait."""
    with journal.opened(tmp_path, HEAD), pytest.raises(Refused, match="另一个进程"):
        make_reports(reported(results), IDS, Order(tmp_path))


def test_the_lock_outlives_the_journal_that_is_replaced(tmp_path: Path) -> None:
    """A batch that has written its journal anew still sweeps; nobody else is at work until then."""
    with journal.opened(tmp_path, HEAD) as book:
        book.compact(IDS)
        with pytest.raises(Refused, match="另一个进程"), journal.opened(tmp_path, HEAD):
            pass


def test_nobody_else_is_at_work_while_the_run_is_recorded(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one batch would write over what another one has recorded."""
    record, refused = provenance.record, list[str]()

    def tried(*values: Any, **facts: Any) -> Any:
        with pytest.raises(Refused) as found, journal.opened(tmp_path, HEAD):
            pass
        refused.append(str(found.value))
        return record(*values, **facts)

    monkeypatch.setattr(provenance, "record", tried)
    make_reports(reported(results), [], Order(tmp_path))
    assert len(refused) == 1


@pytest.mark.processes
def test_results_are_taken_one_by_one(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more of them are in memory than are being made."""
    asked: list[str] = []
    report = Views.report

    def noted(self: Views, applicant: str, *more: Any) -> Any:
        asked.append(applicant)
        return report(self, applicant, *more)

    monkeypatch.setattr(Views, "report", noted)
    done = itertools.count(1)
    ahead: list[int] = []
    order = Order(tmp_path, workers=2)
    make_reports(reported(results), IDS[:12], order, lambda: ahead.append(len(asked) - next(done)))
    assert asked == IDS[:12]
    assert max(ahead) <= 2 * workers.AHEAD


@pytest.mark.processes
def test_workers_make_the_same_bytes(results: Results, whole: Path, tmp_path: Path) -> None:
    """Two workers, and papermill's own engine for some."""
    make_reports(reported(results), IDS, Order(tmp_path / "two", workers=2))
    assert content(tmp_path / "two") == content(whole)
    make_reports(reported(results), IDS[:2], Order(tmp_path / "stock", workers=1, engine="stock"))
    for name in ("c01.html", "c01.ipynb", "c02.html", "c02.ipynb"):
        assert (tmp_path / "stock" / name).read_bytes() == (whole / name).read_bytes()


def test_the_number_of_workers_follows_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread pays from the second report on, a process when it makes reports for its start."""
    assert batch._workers(Order(Path()), 1) == 1
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert batch._workers(Order(Path()), 24) == 2
    assert batch._workers(Order(Path()), 10**6) == 2
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    assert batch._workers(Order(Path()), 24) == workers.THREADS
    assert batch._workers(Order(Path()), 400) == 400 // batch.WORTH_A_WORKER
    assert batch._workers(Order(Path()), 10**6) == 16
    assert batch._workers(Order(Path(), workers=3), 1) == 3


# Killed


def start(
    out: Path, *options: str, program: Sequence[str] = ("-m", "evalkit")
) -> subprocess.Popen[bytes]:
    """A batch on the command line, in a session of its own."""
    command = [sys.executable, *program, "report", str(DEMO), "--out", str(out), *options]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, **quiet)


def wait_for(out: Path, pages: int, process: subprocess.Popen[bytes]) -> None:
    """Until so many pages lie there, or the batch is done."""
    while process.poll() is None and len(list(out.glob("*.html"))) < pages:
        time.sleep(0.005)


def children(pid: int) -> list[int]:
    """Processes that ``pid`` has started."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def kill(process: subprocess.Popen[bytes], dice: random.Random) -> str:
    """Kill the batch, its whole group, or one of its children; what it was."""
    what = dice.choice(["batch", "group", "child"])
    targets = children(process.pid)
    if what == "group":
        os.killpg(process.pid, signal.SIGKILL)
    elif what == "child" and targets:
        os.kill(dice.choice(targets), signal.SIGKILL)
    else:
        process.kill()
    return what


def trials(results: Results, whole: Path, folder: Path, rounds: int) -> None:
    """Kill batches at random places; what is left is whole, and the next run completes it."""
    dice, expected = random.Random(2025), content(whole)
    killed = made = 0
    for run in range(rounds):
        out = folder / f"out{run}"
        process = start(out, "--workers", str(dice.choice([1, 2])))
        wait_for(out, dice.randrange(24), process)
        what = kill(process, dice) if process.poll() is None else ""
        killed += bool(what)
        code = process.wait()
        assert code == 0 or what != ""
        left = content(out) if out.exists() else {}
        halves = [n for n, data in left.items() if n in expected and data != expected[n]]
        assert [n for n in halves if n != "reports.jsonl"] == []
        made += make_reports(reported(results), IDS, Order(out, workers=1)).made
        assert content(out) == expected
    print(f"{rounds} batches, {killed} killed, {made} reports made by the runs after; 0 half files")
    assert killed > rounds // 2


@pytest.mark.processes
def test_a_killed_batch_leaves_no_half_report(
    results: Results, whole: Path, tmp_path: Path
) -> None:
    """A sample of the trial below."""
    trials(results, whole, tmp_path, 3)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_two_hundred_killed_batches(results: Results, whole: Path, tmp_path: Path) -> None:
    """The full figure."""
    trials(results, whole, tmp_path, 200)


FEWER = "from evalkit.reports import workers; workers.THREADS = {threads}; import evalkit.__main__"
"""The command, where so many workers are threads and more are processes."""


@pytest.mark.processes
@pytest.mark.parametrize("threads", [1, pytest.param(workers.THREADS, marks=pytest.mark.soak)])
def test_a_killed_worker_is_replaced(whole: Path, tmp_path: Path, threads: int) -> None:
    """The batch goes on, and all reports are right."""
    out = tmp_path / "out"
    program = ["-c", FEWER.format(threads=threads)]
    process = start(out, "--workers", str(threads + 1), program=program)
    wait_for(out, 3, process)
    found = [c for c in children(process.pid) if "spawn_main" in command(c)]
    assert len(found) == threads + 1
    os.kill(found[0], signal.SIGKILL)
    assert process.wait() == 0
    assert content(out) == content(whole)


def command(pid: int) -> str:
    """The command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
