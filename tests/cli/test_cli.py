"""The command line as others rely on it: output, exit codes, one-line errors."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from evalkit.base import canonical
from tests.support.builders import DEMO, ROOT, RUBRIC_FILE
from tests.support.command import evalkit


def test_rubric_show_json() -> None:
    """Id, version, points, dimensions and indicators, in plain values."""
    run = evalkit("rubric", "show", RUBRIC_FILE, "--json")
    shown = json.loads(run.stdout)
    assert run.returncode == 0
    assert {key: shown[key] for key in ("id", "version", "points")} == {
        "id": "henan-centre-2025",
        "version": "2025",
        "points": "100",
    }
    assert len(shown["dimensions"]) == 5
    assert shown["dimensions"][2] == {
        "id": "scenarios",
        "name": "开展场景示范应用",
        "parent": None,
        "points": "30",
    }
    kinds = [i["kind"] for i in shown["indicators"]]
    assert kinds == ["qualitative"] * 12 + ["bonus"]
    assert shown["indicators"][0] == {
        "id": "major-projects",
        "name": "承担重大项目",
        "dimension": "research",
        "kind": "qualitative",
        "points": "5",
        "unit": None,
        "measure": None,
    }
    assert sum(int(i["points"]) for i in shown["indicators"][:12]) == 100


def test_rubric_check_and_show() -> None:
    """By file or by the name of one that comes with evalkit."""
    assert evalkit("rubric", "check", RUBRIC_FILE).returncode == 0
    table = evalkit("rubric", "show", "henan-centre-2025").stdout
    assert "标杆解决方案打造" in table


def test_rubric_show_prints_the_whole_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guidance, limits and stages, as wide as the terminal; lines of a file are not folded."""
    monkeypatch.delenv("COLUMNS", raising=False)
    whole = evalkit("rubric", "show", "henan-centre-2025").stdout
    assert max(map(cell_len, whole.splitlines())) > 160
    monkeypatch.setenv("COLUMNS", "80")
    narrow = evalkit("rubric", "show", "henan-centre-2025").stdout
    assert max(map(cell_len, narrow.splitlines())) == 80
    for said in (
        "字数上限：20000",
        "截止日期：2026年1月12日",
        "原则上，超出只提醒",
        "累计最高不超过10分",
    ):
        assert said in re.sub(r"\s", "", narrow)
        assert said in whole


def test_rubric_diff_says_what_changed(tmp_path: Path) -> None:
    """In words, with exit code 1; the same file has no differences."""
    assert evalkit("rubric", "diff", RUBRIC_FILE, RUBRIC_FILE).returncode == 0
    changed = RUBRIC_FILE.read_text("utf-8").replace("most_characters: 500", "most_characters: 600")
    (tmp_path / "new.yaml").write_text(changed, "utf-8")
    run = evalkit("rubric", "diff", RUBRIC_FILE, tmp_path / "new.yaml")
    assert (run.returncode, run.stdout) == (
        1,
        "“中心简介（500字以内）”（introduction）的字数上限：500 → 600\n",
    )


TABLES = """甲类评分表
| 一级指标 | 二级指标 | 说明 | 分值 |
| 研发 | 投入(万元) | 定量 | 10 |
乙类评分表
| 一级指标 | 二级指标 | 说明 | 分值 |
| 服务（20分） | 规模 | 定性 | 10 |
| 质量 | 定性 | 9 |
"""


def test_rubric_import_writes_drafts_and_lists_what_is_open(tmp_path: Path) -> None:
    """A file a table, every open point with its lines, exit code 1; and nothing is overwritten."""
    (tmp_path / "notice.txt").write_text(TABLES, "utf-8")
    run = evalkit("rubric", "import", "notice.txt", "--out", "drafts", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (1, "")
    first, second = (tmp_path / "drafts" / f"notice-{n}.yaml" for n in (1, 2))
    assert set((tmp_path / "drafts").iterdir()) == {first, second}
    assert "已写出 drafts/notice-1.yaml：1 项指标\n" in run.stdout
    lines = second.read_text("utf-8").splitlines()
    assert "标明 20 分，其下合计 19 分，请核对原文" in run.stdout
    for found in re.findall(r"第 ([\d、]+) 行", run.stdout.partition("notice-2")[2]):
        assert all("# 待定：" in lines[int(n) - 1] for n in found.split("、"))
    check = evalkit("rubric", "check", second)
    assert check.returncode == 2
    assert "第 4 行：version：还是“待定”，请填写确定的内容" in check.stderr
    first.write_text("mine", "utf-8")
    again = evalkit("rubric", "import", "notice.txt", "--out", "drafts", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.startswith("drafts/notice-1.yaml：已经存在，没有改动")
    assert first.read_text("utf-8") == "mine"


def test_rubric_import_of_one_table(tmp_path: Path) -> None:
    """A file name that a person chooses names the rubric, too."""
    (tmp_path / "notice.txt").write_text(TABLES, "utf-8")
    notice = ("rubric", "import", tmp_path / "notice.txt")
    run = evalkit(*notice, "--table", "2", "--out", tmp_path / "second-2026.yaml")
    assert run.returncode == 1
    written = (tmp_path / "second-2026.yaml").read_text("utf-8")
    assert "\nid: second-2026\n" in written
    assert "\ntitle: 乙类评分表\n" in written
    for arguments, message in (
        (("--table", "3"), "有 2 张指标表，没有第 3 张"),
        (("--out", tmp_path / "both.yaml"), "请给出文件夹，或用 --table 选一张"),
    ):
        run = evalkit(*notice, *arguments, cwd=tmp_path)
        assert run.returncode == 2
        assert message in run.stderr
        assert len(run.stderr.splitlines()) == 1
    english = evalkit(*notice, "--out", tmp_path, lang="en")
    assert english.returncode == 1
    assert "indicators\n" in english.stdout
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "notice-1.yaml",
        "notice-2.yaml",
        "notice.txt",
        "second-2026.yaml",
    ]


def test_panel_check_finds_things(tmp_path: Path) -> None:
    """0 and the rules in words, or 1 and what to look at."""
    good = evalkit("panel", "check", DEMO)
    assert good.returncode == 0
    assert "去掉 1 个最高分" in good.stdout
    text = (DEMO / "panel.yaml").read_text("utf-8")
    found = next(line for line in text.splitlines() if "applicant: c16, reason" in line)
    (tmp_path / "panel.yaml").write_text(text.replace(found + "\n", ""), "utf-8")
    finding = evalkit("panel", "check", tmp_path)
    assert finding.returncode == 1
    assert "专家丙（e3）与示例智能农机赋能中心（c16）" in finding.stdout


def test_evaluate_a_past_panel_from_its_table() -> None:
    """Three files in, the canonical results out; the same as from the folder."""
    files = (
        "--rubric",
        RUBRIC_FILE,
        "--panel",
        DEMO / "panel.yaml",
        "--scores",
        DEMO / "scores.csv",
    )
    run = evalkit("evaluate", *files, "--json")
    results = json.loads(run.stdout)
    assert run.returncode == 0
    assert results["status"] == "table"
    assert len(results["applicants"]) == 24
    assert run.stdout == canonical.dumps(results)
    digest = hashlib.sha256(run.stdout.encode()).hexdigest()
    assert digest in evalkit("evaluate", DEMO).stdout
    assert evalkit("evaluate", DEMO, "--json").stdout == run.stdout


def test_evaluate_for_people() -> None:
    """A table with ranks, and the digest that identifies the results."""
    run = evalkit("evaluate", DEMO)
    assert "示例科研智算赋能中心" in run.stdout
    assert "未经本系统锁定" in run.stdout
    assert "结果摘要值" in run.stdout
    assert "根哈希" not in run.stdout


def test_analyse_for_people_and_machines() -> None:
    """Tables in words; canonical JSON that names its seed; from a folder and from files."""
    shown = evalkit("analyse", DEMO, "--places", 8, "--mark", 80)
    assert shown.returncode == 0
    for part in ("只供参考", "84.18 — 89.62", "ICC(2,k)", "明显偏低，请核对"):
        assert part in shown.stdout
    run = evalkit("analyse", DEMO, "--json", "--seed", 7)
    found = json.loads(run.stdout)
    assert run.stdout == canonical.dumps(found)
    assert (found["format"], found["settings"]["seed"]) == ("evalkit-analysis/1", 7)
    files = ("--panel", DEMO / "panel.yaml", "--scores", DEMO / "scores.csv")
    assert evalkit("analyse", *files, "--json", "--seed", 7).stdout == run.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((DEMO, "--mark", "high"), "--mark：“high”不是数字"),
        ((DEMO, "--places", "0"), "命令不对"),
        ((), "请给出一个评审工作文件夹"),
    ],
)
def test_analyse_with_wrong_options(arguments: tuple[Any, ...], said: str) -> None:
    """One line, and 2."""
    run = evalkit("analyse", *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("analyse", DEMO, "--places", "-1"), "命令不对：'--places' 最小是 1。"),
        (("analyse", DEMO, "--places", "x"), "命令不对：'--places' 应是整数。"),
        (
            ("report", DEMO, "--level", "foo", "--out", "x"),
            "命令不对：'--level' 不能是 'foo'，可选：'internal', 'applicant', 'public'。",
        ),
        (("evaluate", "--rubric", "X"), "命令不对：请给出一个评审工作文件夹"),
    ],
)
def test_a_value_that_does_not_do_is_told_in_chinese(arguments: tuple[Any, ...], said: str) -> None:
    """The libraries' English stands in no message."""
    run = evalkit(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(said)
    assert not re.search(r"Invalid|Input|Value error", run.stderr)


@pytest.fixture(name="open_round")
def _open_round(tmp_path: Path) -> Path:
    """A workspace in which scoring is open."""
    from evalkit.round import Round

    Round.create(tmp_path / "round", DEMO / "panel.yaml").log.close()
    return tmp_path / "round"


def test_before_the_lock(open_round: Path) -> None:
    """1 while the stage forbids it, with a way on."""
    run = evalkit("evaluate", open_round)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "评分尚未锁定，不能出正式结果；如需试算，请使用 --trial\n"
    trial = json.loads(evalkit("evaluate", open_round, "--trial", "--json").stdout)
    assert trial["status"] == "trial"
    assert all(a["total"] is None and a["rank"] is None for a in trial["applicants"])


def test_a_round_from_opening_to_lock(tmp_path: Path) -> None:
    """A secretary opens a round, watches it, and locks it once everything is submitted."""
    from evalkit.base.tables import read_table
    from evalkit.log.events import Entry
    from evalkit.round import Round

    folder = tmp_path / "round"
    opened = evalkit("panel", "open", DEMO / "panel.yaml", "--out", folder)
    assert opened.returncode == 0
    assert f"evalkit sheet {folder} --expert e7" in opened.stdout
    again = evalkit("panel", "open", DEMO / "panel.yaml", "--out", folder)
    assert (again.returncode, again.stderr) == (2, f"{folder}：已经存在，请换一个文件夹或先移走\n")
    early = evalkit("panel", "lock", folder, "--yes")
    assert early.returncode == 1
    assert early.stderr.startswith("还缺 166 项，不能锁定：\n")
    with Round.open(folder) as workspace:
        workspace.import_scores(read_table(DEMO / "scores.csv"))
        progress = {p.expert.id: (p.due, p.begun, p.submitted) for p in workspace.progress()}
    assert progress["e1"] == (24, 24, 24)
    assert progress["e3"] == progress["e5"] == (23, 23, 23)
    assert "评分未锁定" in evalkit("panel", "status", folder).stdout
    sheet = ("--expert", "e3", "--applicant", "c01")
    assert evalkit("panel", "reopen", folder, *sheet, "--reason", "漏看附件").returncode == 0
    waiting = evalkit("panel", "lock", folder, "--yes").stderr
    assert "专家丙（e3）：示例智慧医疗赋能中心（c01）的评分表已打齐，没有提交" in waiting
    with Round.open(folder) as workspace:
        workspace.append(Entry("e3", "again", "submit", "c01"))
    wrong = ("--applicant", "c03", "--item", "bonus.n1", "--points", "3", "--evidence", "x")
    refused = evalkit("record", "bonus", folder, *wrong)
    assert (refused.returncode, refused.stderr) == (1, "本轮加分项由专家各自评分，不统一认定\n")
    locked = evalkit("panel", "lock", folder, "--yes")
    assert locked.returncode == 0
    results = json.loads(evalkit("evaluate", folder, "--json").stdout)
    assert results["status"] == "official"
    assert results["basis"]["root"] in locked.stdout
    assert results["basis"]["root"] in evalkit("panel", "status", folder).stdout
    shown = evalkit("evaluate", folder).stdout
    assert f"评分记录根哈希 {results['basis']['root']}\n" in shown
    table = json.loads(evalkit("evaluate", DEMO, "--json").stdout)
    assert results["applicants"] == table["applicants"]


def test_the_status_and_the_lock_speak_to_people(tmp_path: Path) -> None:
    """Times as in the reports, names beside ids; the lock looks first and asks then."""
    from evalkit.cli.demo import _locked
    from evalkit.round import Round

    _locked(tmp_path / "done").log.close()
    for command in ("status", "lock"):
        shown = evalkit("panel", command, tmp_path / "done").stdout
        assert "评分已锁定：2026年1月26日 17:30（北京时间）\n" in shown
    Round.create(tmp_path / "new", DEMO / "panel.yaml").log.close()
    early = evalkit("panel", "lock", tmp_path / "new")
    assert (early.returncode, early.stdout) == (1, "")
    assert "专家甲（e1）：示例智慧医疗赋能中心（c01）的评分表没有提交" in early.stderr
    late = evalkit("panel", "reopen", tmp_path / "done", *SHEET, "--reason", "漏看附件")
    assert late.stderr == "评分已于2026年1月26日 17:30（北京时间）锁定，不能再改\n"


SHEET = ("--expert", "e3", "--applicant", "c01")


def test_only_a_yes_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything else, the end of the input too, leaves the round as it is; 是 is a yes."""
    from evalkit.base.tables import read_table
    from evalkit.round import Round

    with Round.create(tmp_path / "round", DEMO / "panel.yaml") as workspace:
        workspace.import_scores(read_table(DEMO / "scores.csv"))
    for answer in ("", "\n", "n\n", "否\n", "maybe\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        run = evalkit("panel", "lock", tmp_path / "round")
        assert run.returncode == 1
        assert "已取消，什么也没有改" in run.stderr
        assert "Error" not in run.stdout + run.stderr
        assert "评分未锁定" in evalkit("panel", "status", tmp_path / "round").stdout
    monkeypatch.setattr("sys.stdin", io.StringIO("是\n"))
    assert evalkit("panel", "lock", tmp_path / "round").returncode == 0


def test_a_panel_on_the_rubric_that_lies_there(tmp_path: Path) -> None:
    """A name means the file beside the panel or here before the one that comes with evalkit."""
    own = RUBRIC_FILE.read_text("utf-8").replace("id: henan-centre-2025", "id: own-2026", 1)
    (tmp_path / "own-2026.yaml").write_text(own, "utf-8")
    run = evalkit("panel", "new", "own-2026", "--out", "panel.yaml", cwd=tmp_path)
    assert run.returncode == 0
    assert run.stdout.startswith("指标体系用的是 own-2026.yaml\n")
    assert "请先把" not in run.stdout
    assert "rubric: own-2026" in (tmp_path / "panel.yaml").read_text("utf-8")
    for name in ("own-2026", "own-2026.yaml"):
        apart = evalkit("panel", "new", name, "--out", f"for-{name}/panel.yaml", cwd=tmp_path)
        copy = f"for-{name}/own-2026.yaml"
        assert f"指标体系已复制到 {copy}，" in apart.stdout
        assert (tmp_path / copy).read_text("utf-8") == own
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "own-2026.yaml").write_text(own.replace('"2025"', '"2024"'), "utf-8")
    apart = evalkit("panel", "new", "own-2026.yaml", "--out", "old/panel.yaml", cwd=tmp_path)
    assert "请先把这份指标体系放到 old/own-2026.yaml：" in apart.stdout
    changed = own.replace("id: own-2026", "id: henan-centre-2025").replace('"2025"', '"2026"')
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "henan-centre-2025.yaml").write_text(changed, "utf-8")
    out = tmp_path / "there" / "panel.yaml"
    run = evalkit("panel", "new", "henan-centre-2025", "--out", out, cwd=tmp_path)
    assert f"指标体系用的是 {tmp_path}/there/henan-centre-2025.yaml" in run.stdout
    bundled = evalkit("panel", "new", "henan-centre-2025", "--out", "bundled.yaml", cwd=tmp_path)
    assert bundled.stdout.splitlines() == [
        "已写好 bundled.yaml。还要填什么：evalkit declare bundled.yaml"
    ]


def test_what_else_may_lie_there_under_that_name(tmp_path: Path) -> None:
    """A file called .yml is meant, too; a folder of the round is no rubric."""
    own = RUBRIC_FILE.read_text("utf-8").replace("id: henan-centre-2025", "id: own-2026", 1)
    (tmp_path / "own-2026.yml").write_text(own, "utf-8")
    run = evalkit("panel", "new", "own-2026", "--out", "panel.yaml", cwd=tmp_path)
    assert run.stdout.startswith("指标体系用的是 own-2026.yml\n")
    assert "指标体系已复制到 own-2026.yaml，" in run.stdout
    (tmp_path / "henan-centre-2025").mkdir()
    run = evalkit("panel", "new", "henan-centre-2025", "--out", "other.yaml", cwd=tmp_path)
    assert run.returncode == 0
    (tmp_path / "round").mkdir()
    said = evalkit("panel", "new", "round", "--out", "third.yaml", cwd=tmp_path).stderr
    assert "这是文件夹，不是文件" in said


def test_the_name_of_a_file_commands_nothing(tmp_path: Path) -> None:
    """Whatever is quoted from outside is text on the terminal."""
    run = evalkit("rubric", "check", tmp_path / "a\x1b[2J\nb.yaml")
    assert run.returncode == 2
    assert "a\ufffd[2J b.yaml" in run.stderr
    assert run.stderr.count("\n") == 1
    (tmp_path / "e\x1b[31m.txt").write_text("| 指标 | 分值 |\n| 投入 | 10 |\n", "utf-8")
    run = evalkit("rubric", "import", tmp_path / "e\x1b[31m.txt", "--out", tmp_path)
    assert "\x1b" not in run.stdout + run.stderr


def test_what_a_rubric_might_say_more_does_not_stop_anybody(tmp_path: Path) -> None:
    """Exit code 1 with what could be added, and the command that goes on; it works."""
    text = RUBRIC_FILE.read_text("utf-8")
    (tmp_path / "own.yaml").write_text(
        re.sub(r"\nsilences:\n(  .*\n)+", "\n", text).replace(
            "id: henan-centre-2025", "id: own", 1
        ),
        "utf-8",
    )
    run = evalkit("rubric", "check", "own.yaml", cwd=tmp_path)
    assert run.returncode == 1
    *silent, last = run.stdout.splitlines()
    assert silent
    assert all(line.startswith("silences 里没有") for line in silent)
    assert last == (
        "以上可以补写，不是错误；文件照样能用，接着运行："
        "evalkit panel new own.yaml --out panel.yaml"
    )
    assert evalkit(*last.partition("evalkit ")[2].split(), cwd=tmp_path).returncode == 0
    assert "返回 1（文件照样能用）" in _help("rubric", "check")


def _help(*command: str) -> str:
    return re.sub(r"\n\s*", "", evalkit(*command, "--help").stdout)


CONTENTS = {
    "henan-centre-2025": "12 项指标（共 100 分）、1 个评审程序、规定共 ",
    "henan-ai-plus-2024": "没有指标表、7 个目标、21 项任务、规定共 32 条",
    "zhongshan-platform-2026": "没有指标表、2 个评审程序、规定共 ",
}


@pytest.mark.parametrize("rubric", CONTENTS)
def test_a_check_says_what_the_file_has(rubric: str) -> None:
    """A file without a table has no points, not 0 of them."""
    run = evalkit("rubric", "check", rubric)
    assert run.returncode == 0
    assert run.stdout.startswith(f"{rubric}：{CONTENTS[rubric]}")


MISTAKES = [
    (("evaluate",), 2, "评审工作文件夹"),
    (("evaluate", "--panel", "p.yaml"), 2, "--scores"),
    (("evaluate", "nowhere"), 2, "nowhere：这里既没有 log.sqlite，也没有 scores.csv"),
    (("rubric", "show", "nothing"), 2, "evalkit 没有附带 rubrics/nothing.yaml，请检查名称"),
    (("rubric", "check", "none.yaml"), 2, "none.yaml：无法读取（没有这个文件或文件夹）"),
    (("panel", "check", "none.yaml"), 2, "none.yaml：无法读取"),
    (("report", str(DEMO), "--out", "{tmp}", "--applicant", "zz"), 2, "没有评审对象 zz"),
    (
        ("report", str(DEMO), "--out", "{tmp}", "--applicant", "c01,c02"),
        2,
        "没有评审对象 c01,c02；标识一次写一个，如 c01、c02、c03",
    ),
    (("sheet", str(DEMO), "--expert", "e1"), 2, "这里没有 log.sqlite"),
    (("dance",), 2, "命令不对"),
    (("report", str(DEMO)), 2, "命令不对"),
    (("evaluate", str(DEMO), "--rubric", "x.yaml"), 2, "评审工作文件夹"),
    (("summary", str(DEMO), "--out", "/proc/nowhere"), 2, "请检查路径和权限"),
    (
        ("report", str(DEMO), "--out", str(RUBRIC_FILE)),
        2,
        f"{RUBRIC_FILE}：同名的文件已经存在，请检查路径和权限",
    ),
    (("panel", "check", "x" * 300), 2, "x"),
    (("rubric", "check", str(ROOT)), 2, "无法读取（这是文件夹，不是文件），请检查路径"),
    (("rubric", "check", os.devnull), 2, "键: 值"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), MISTAKES)
def test_mistakes_of_users(
    tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    """One line that says what to do, the right exit code, no traceback, nothing on stdout."""
    run = evalkit(*(a.replace("{tmp}", str(tmp_path)) for a in arguments))
    assert run.returncode == code
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_a_bad_table_is_refused_line_by_line(tmp_path: Path) -> None:
    """Each bad line is named; the exit code is 2."""
    text = (
        (DEMO / "scores.csv")
        .read_text("utf-8")
        .replace("c01,e1,major-projects,4.5", "c01,e1,major-projects,45")
    )
    bad = tmp_path / "scores.csv"
    bad.write_text(text, "utf-8")
    run = evalkit("evaluate", "--panel", DEMO / "panel.yaml", "--scores", bad)
    assert run.returncode == 2
    assert run.stderr == f"{bad} 第 2 行：“45”超过“承担重大项目”的满分 5\n"


def test_other_encodings_are_named_not_guessed(tmp_path: Path) -> None:
    """A GBK table is refused with the option that reads it; with it the results are the same."""
    table = tmp_path / "scores.csv"
    table.write_bytes((DEMO / "scores.csv").read_text("utf-8").encode("gbk"))
    files = ("--panel", DEMO / "panel.yaml", "--scores", table)
    run = evalkit("evaluate", *files)
    assert run.returncode == 2
    assert "不是 utf-8 编码；可试 --encoding gbk" in run.stderr
    good = evalkit("evaluate", *files, "--encoding", "gbk", "--json")
    assert good.stdout == evalkit("evaluate", DEMO, "--json").stdout


def test_english_throughout() -> None:
    """Help, tables and errors follow --lang, wherever it stands in for the environment."""
    assert "panel of experts" in evalkit("--help", lang="en").stdout
    shown = evalkit("evaluate", DEMO, lang="en").stdout
    assert "Rank" in shown
    assert [line.partition(": ")[0] for line in shown.splitlines()[-3:]] == [
        "Digest of the results",
        "Digest of the panel file",
        "Digest of the rubric file",
    ]
    run = evalkit("evaluate", "nowhere", lang="en")
    assert "nowhere: " in run.stderr
    assert not any("\u4e00" <= char <= "\u9fff" for char in run.stderr)


def test_help_of_every_command() -> None:
    """Every command explains itself."""
    nouns = {
        "rubric": ("check", "show", "form", "import", "schema"),
        "panel": ("check", "new", "profiles", "open", "status", "reopen", "lock", "schema"),
        "record": ("measure", "gate", "bonus", "deduction", "template", "table", "scores"),
    }
    pairs = [[noun, verb] for noun, verbs in nouns.items() for verb in verbs]
    for command in [
        *pairs,
        *([name] for name in ("evaluate", "report", "summary", "export", "sheet", "demo")),
    ]:
        run = evalkit(*command, "--help")
        assert run.returncode == 0
        assert any("\u4e00" <= char <= "\u9fff" for char in run.stdout)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("report",), "缺少 'panel'。请看 evalkit report --help"),
        (("report", "x", "--out"), "选项 --out 后面要写明内容。"),
        (("report", "x", "--nope"), "没有选项 --nope。请看 evalkit report --help"),
        (
            ("standing", "record", "x", "decide", "a", "--nope"),
            "没有选项 --nope。请看 evalkit standing record x decide --help",
        ),
        (("panel", "nope"), "没有这条命令：nope。请看 evalkit panel --help"),
        (("report", "x", "y", "z", "--out", "w"), "多出了 y z。请看 evalkit report --help"),
        (("sheet", "x", "--expert", "e", "--port", "9" * 5000), "'--port' 应是整数。"),
    ],
)
def test_a_mistyped_command_is_answered_in_words(command: tuple[str, ...], said: str) -> None:
    """In one line, with the page of help that it concerns."""
    run = evalkit(*command)
    assert run.returncode == 2
    assert run.stderr.startswith("命令不对：")
    assert said in run.stderr
    assert run.stderr.count("\n") == 1


def test_help_is_whole_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chinese has no blanks to break at; nothing is cut, and no word of English stands between."""
    monkeypatch.setenv("COLUMNS", "80")
    page = evalkit("report", "--help").stdout
    assert "…" not in page
    assert "不给出时按机器和份数决定" in "".join(re.sub(r"[\s│]", "", page).split())
    assert not re.search(r"Options|Arguments|default|required|Show this", page)
    group = evalkit("panel")
    assert group.returncode == 2
    assert "命令" in group.stdout
    assert group.stderr == ""


def test_report_and_summary_of_a_table(tmp_path: Path) -> None:
    """Pages and executed notebooks are where they were asked for, beside the record of the run."""
    out = tmp_path / "reports"
    run = evalkit("report", DEMO, "--out", out, "--applicant", "c05", "--applicant", "c13")
    assert run.returncode == 0, run.stderr
    assert evalkit("summary", DEMO, "--out", tmp_path / "summary").returncode == 0
    pages = {f"{n}{suffix}" for n in ("c05", "c13") for suffix in (".html", ".ipynb")}
    beside = {"reports.jsonl", "provenance.json", ".reports.lock"}
    assert {p.name for p in out.iterdir()} == pages | beside
    summary = {p.name for p in (tmp_path / "summary").iterdir()}
    assert summary == {"summary.html", "summary.ipynb"}
    assert "80.85" in (out / "c05.html").read_text("utf-8")


@pytest.mark.parametrize("level", ["applicant", "public"])
def test_what_is_internal_is_not_written_beside_reports_that_go_out(
    level: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The summary names experts, a report on a plan everybody who is behind; a line says so."""
    from evalkit import cli
    from evalkit.reports import journal

    with journal.opened(tmp_path, {"panel": "demo-2025", "level": level}):
        pass
    before = sorted(tmp_path.iterdir())
    plan = ("progress", str(ROOT / "panels" / "henan-ai-plus-demo"), "--on", "2026-06-30")
    for command in (("summary", str(DEMO)), plan):
        with pytest.raises(SystemExit) as ended:
            cli.main([*command, "--out", str(tmp_path)])
        assert ended.value.code == 1
        (line,) = [line for line in capsys.readouterr().err.splitlines() if str(tmp_path) in line]
        assert "请写到另一个文件夹" in line
    assert sorted(tmp_path.iterdir()) == before


def test_the_summary_lies_beside_internal_reports(tmp_path: Path) -> None:
    """They are for the same readers."""
    from evalkit.reports import journal

    with journal.opened(tmp_path, {"panel": "demo-2025", "level": "internal"}):
        pass
    journal.keep_apart(tmp_path)


def test_the_demo_keeps_its_summary_apart(tmp_path: Path) -> None:
    """Whoever sends the folder of reports sends no summary, and the demo says where it is."""
    run = evalkit("demo", "--out", tmp_path)
    assert run.returncode == 0, run.stderr
    assert not list((tmp_path / "reports").glob("summary*"))
    assert str(tmp_path / "summary" / "summary.html") in run.stdout
    assert (tmp_path / "summary" / "summary.html").exists()
    (tmp_path / "reports" / "c01.html").write_text("another")
    again = evalkit("demo", "--out", tmp_path)
    assert (again.returncode, "c01.html" in again.stderr) == (1, True)


def test_the_demo_panel_shows_what_a_panel_meets(tmp_path: Path) -> None:
    """A conflict, a recusal, an unscored cell, a capped bonus, a tie that the chain separates."""
    results = json.loads(evalkit("evaluate", DEMO, "--json").stdout)
    rows = {a["id"]: a for a in results["applicants"]}
    cell = {(a, i["id"]): i for a, row in rows.items() for i in row["indicators"]}
    uses = {key: {s["use"] for s in i["scores"]} for key, i in cell.items()}
    assert "recused" in uses["c05", "dataset-quality"]
    assert "unscored" in uses["c11", "training"]
    assert "conflict" in uses["c11", "major-projects"]
    assert "conflict" in uses["c16", "major-projects"]
    assert rows["c03"]["bonus"] == "10.00"
    assert "capped" in cell["c03", "bonus"]["flags"]
    assert (rows["c20"]["total"], rows["c20"]["base"]) == (
        rows["c21"]["total"],
        rows["c21"]["base"],
    )
    assert rows["c20"]["rank"] + 1 == rows["c21"]["rank"]
    assert rows["c20"]["dimensions"][2] != rows["c21"]["dimensions"][2]
    shutil.rmtree(tmp_path)


def test_the_locked_demo_has_one_digest(tmp_path: Path) -> None:
    """Made twice, the log, its root and the results are the same."""
    from evalkit.cli.demo import _locked

    digests = set()
    for name in ("one", "two"):
        with _locked(tmp_path / name) as workspace:
            results = workspace.results()
        assert results.status == "official"
        assert results.to_dict()["basis"]["locked_at"] == "2026-01-26T09:30:00.000Z"
        digests.add((results.digest, results.facts.basis.root))
    with _locked(tmp_path / "one") as again:
        digests.add((again.results().digest, again.results().facts.basis.root))
    assert len(digests) == 1


@pytest.mark.parametrize("name", ["README.md", "README.en.md"])
def test_commands_of_the_readme_exist(name: str) -> None:
    """Every evalkit command and make target that the README shows is one."""
    text = (ROOT / name).read_text("utf-8")
    assert len(text.splitlines()) < 150
    blocks = "\n".join(re.findall(r"```(?:sh|bash)\n(.*?)```", text, re.DOTALL))
    commands = re.findall(r"evalkit (?:--lang en )?((?:[a-z]+ )?[a-z]+)", blocks)
    targets = re.findall(r"^make ([a-z]+)", blocks, re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert commands
    assert {"demo", "test"} <= set(targets)
    for target in targets:
        assert f"\n{target}:" in makefile
    for command in commands:
        words = command.split()
        words = words if words[0] in ("rubric", "panel") else words[:1]
        assert evalkit(*words, "--help").returncode == 0, command
