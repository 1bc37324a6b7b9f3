"""A round in a database by commands: made, given accounts, scored, locked and evaluated."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from evalkit.record import accounts
from tests.support import walls
from tests.support.command import evalkit
from tests.support.postgres import Cluster
from tests.support.walls import opened, role


def test_a_round_from_its_file_to_its_results(postgres: Cluster, tmp_path: Path) -> None:
    """Each by whom it is for: the maker, the secretary, the experts."""
    file, passwords = walls.declared(tmp_path / "files", id="by-commands"), tmp_path / "账户.csv"
    with postgres.database("passwords") as name:
        url = postgres.url(name, panel="by-commands")
        made = evalkit("panel", "open", file, "--out", postgres.url(name))
        assert (made.returncode, made.stderr) == (0, "")
        assert f"evalkit panel accounts make {url}" in made.stdout
        try:
            run = evalkit("panel", "accounts", "make", url, "--to", passwords)
            assert run.returncode == 0, run.stderr
            assert passwords.stat().st_mode & 0o777 == 0o600
            rows = list(csv.DictReader(passwords.read_text("utf-8").splitlines()))
            assert [row["标识"] for row in rows] == ["e1", "e2", "e3", "secretary"]
            assert [row["身份"] for row in rows] == ["组长", "专家", "专家", "评审秘书"]
            assert len({row["口令"] for row in rows}) == 4
            users = {row["标识"]: f"{row['账户']}:{row['口令']}" for row in rows}
            assert "已建立 0 个账户" in evalkit("panel", "accounts", "make", url).stdout

            own = postgres.url(name, users["secretary"], "by-commands")
            status = evalkit("panel", "status", own)
            assert "评分未锁定" in status.stdout
            shown = postgres.url(name, users["secretary"].partition(":")[0], "by-commands")
            assert shown in status.stdout
            assert users["secretary"] not in status.stdout
            wrong = postgres.url(name, role("e1", "by-commands") + ":wrong")
            assert "password authentication failed" in evalkit("panel", "status", wrong).stderr
            for id, whom in {"e1": "ABCD", "e2": "AD", "e3": "ABCD"}.items():
                with walls.Round.open(postgres.url(name, users[id])) as workspace:
                    for applicant in whom:
                        walls.fill(workspace, id, applicant)
            back = ("--expert", "e2", "--applicant", "D", "--reason", "请补")
            assert evalkit("panel", "reopen", own, *back).returncode == 0
            with walls.Round.open(postgres.url(name, users["e2"])) as workspace:
                workspace.append(walls.Entry("e2", "again", "submit", "D"))
            assert evalkit("panel", "lock", own, "--yes").returncode == 0
            found = json.loads(evalkit("evaluate", own, "--json").stdout)
            assert [row["id"] for row in found["applicants"]] == list("ABCD")
            dropped = evalkit("panel", "accounts", "drop", url, "--yes")
            assert "已删去 4 个账户" in dropped.stdout
            assert evalkit("panel", "status", own).returncode == 2
            assert "评分已锁定" in evalkit("panel", "status", url).stdout
        finally:
            accounts.drop(url)


def test_what_is_wrong_with_accounts_is_said(
    postgres: Cluster, scoring: str, tmp_path: Path
) -> None:
    """Nobody but the maker gives accounts; a file that is there is not written over."""
    taken = tmp_path / "there.csv"
    taken.touch()
    url = postgres.url(scoring, panel="round")
    for arguments, said in (
        ((postgres.url(scoring, role("e2")),), "须用建立评审的账户"),
        ((postgres.url(scoring, panel="other"),), "?panel=，如 round"),
        ((url, "--person", "nobody"), "没有 nobody"),
        ((url, "--to", taken), "同名的文件已经存在"),
    ):
        run = evalkit("panel", "accounts", "make", *arguments)
        assert (run.returncode, run.stdout) == (2, "")
        assert said in run.stderr


def test_a_form_is_opened_on_the_own_account(postgres: Cluster, scoring: str) -> None:
    """The widget stores in the name of its expert, and shows nothing of others."""
    from evalkit.workbench.sheet import ScoreSheet

    with opened(postgres, scoring, "e2") as workspace:
        sheet = ScoreSheet(workspace, "e2")
        cells = {a["id"]: a["cells"] for a in sheet.view["applicants"]}
        assert cells["D"]["i1"]["points"] == "8.5"
        assert cells["A"]["i1"]["points"] == ""
        assert "e3的评语" not in json.dumps(sheet.view, ensure_ascii=False)


@pytest.mark.parametrize(
    ("command", "person", "said"),
    [
        (("serve",), "secretary", "没有邀请码，每人用自己的数据库账户"),
        (("invite",), "secretary", "没有邀请码，每人用自己的数据库账户"),
        (("serve", "--hub"), "e2", "这里没有 JUPYTERHUB_USER"),
        (("sheet", "--expert", "e2"), "e3", "这个数据库账户是 e3（专家3）的，打不开 e2 的"),
        (("sheet", "--expert", "e2"), "", "不是评审组里哪一位的"),
        (("board",), "", "不是评审组里哪一位的"),
        (("board",), "e2", "进度板只给评审秘书和组长，这个账户是 e2（专家2）的"),
        (("evaluate",), "e2", "这个账户只看得到自己的评分，汇总不了"),
        (("report", "--out", "reports"), "e2", "这个账户只看得到自己的评分，汇总不了"),
    ],
)
def test_pages_and_results_are_for_whose_account_it_is(
    postgres: Cluster, walled: str, command: tuple[str, ...], person: str, said: str
) -> None:
    """What an account cannot do is said at once, before a page is served."""
    url = postgres.url(walled, role(person) if person else "postgres", "round")
    run = evalkit(command[0], url, *command[1:])
    assert run.returncode in {1, 2}
    assert run.stdout == ""
    assert said in run.stderr


def test_a_hub_serves_rounds_in_databases(tmp_path: Path) -> None:
    """In a folder everybody's server would write to the same file as the same user."""
    assert "须放在数据库里" in evalkit("serve", tmp_path, "--hub").stderr


@pytest.mark.parametrize("command", [("evaluate",), ("report", "--out", "x"), ("panel", "lock")])
def test_an_address_that_leads_nowhere_is_said(command: tuple[str, ...]) -> None:
    """In a line, with the address."""
    url = "postgresql://nobody@/nothing?host=/nowhere"
    run = evalkit(*command, url)
    assert run.returncode == 2
    assert url in run.stderr
    assert "连不上数据库" in run.stderr
