"""A real PostgreSQL of the tests' own: a cluster a session, on a socket in its folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support import programs


class Cluster:
    """A server whose ``socket`` folder is its only door. Everybody there is trusted by name; in the
    database ``passwords`` only the administrator is.

    ``durable`` for trials that kill it: otherwise it does not wait for the disk.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.socket, self._data = folder, folder / "data"
        self._bin = programs.postgres()
        self._as = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        if os.getuid() != 0:  # the server refuses to run as root
            self._as = []
        else:
            shutil.chown(folder, "postgres", "postgres")
        self._run(
            *("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"),
            *("--no-locale", f"--pgdata={self._data}"),
        )
        waits = "on" if durable else "off"
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "fsync": waits,
            "synchronous_commit": waits,
            "full_page_writes": waits,
            "max_connections": "120",
            "shared_buffers": "32MB",
            "autovacuum": "off",
            "jit": "off",
            "recovery_init_sync_method": "syncfs",
            "max_wal_senders": "0",
            "wal_level": "minimal",
        }
        lines = "".join(f"{name} = '{value}'\n" for name, value in options.items())
        (self._data / "postgresql.conf").write_text(lines, "utf-8")
        doors = ["passwords postgres trust", "passwords all scram-sha-256", "all all trust"]
        (self._data / "pg_hba.conf").write_text("".join(f"local {d}\n" for d in doors), "utf-8")
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._run("pg_ctl", "start", "--wait", f"--pgdata={self._data}", "--log=/dev/null")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server and wait until it is gone."""
        self._run("pg_ctl", "stop", "--wait", f"--pgdata={self._data}", f"--mode={mode}")

    def kill(self) -> None:
        """SIGKILL to the server with all that it started; until it is gone."""
        pid = int((self._data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        killed = (pid, *map(int, children))
        for one in killed:
            os.kill(one, signal.SIGKILL)
        while any(map(_runs, killed)):
            time.sleep(0.002)
        # its number is taken until somebody buries it, which a new server would mistake for life
        for file in (self._data / "postmaster.pid", self.socket / ".s.PGSQL.5432.lock"):
            file.unlink()

    def url(self, database: str, user: str = "postgres", panel: str = "") -> str:
        """The address of ``database`` for ``user``."""
        more = f"&panel={panel}" if panel else ""
        return f"postgresql://{user}@/{database}?host={self.socket}{more}"

    def connect(self, database: str, user: str = "postgres") -> psycopg.Connection:
        """A connection of ``user``, each statement its own transaction."""
        return psycopg.connect(host=str(self.socket), dbname=database, user=user, autocommit=True)

    @contextmanager
    def database(self, name: str, template: str = "template0") -> Iterator[str]:
        """A new database, a copy of ``template``, for as long as it is needed."""
        with self.connect("postgres") as db:
            db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield name
        finally:
            with self.connect("postgres") as db:
                db.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as, str(self._bin / program), *arguments]
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, cwd="/", stdin=quiet, stdout=quiet, stderr=quiet)


def _runs(pid: int) -> bool:
    """Whether the process is there and not only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A server in a folder with a short name: the path of a socket has at most 107 characters."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        found = Cluster(Path(folder), durable=durable)
        try:
            yield found
        finally:
            found.stop()
