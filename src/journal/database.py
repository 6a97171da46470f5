"""The connection to a journal's database, and the manners that keep SQLite safe under many writers."""

import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_log = logging.getLogger(__name__)

WRITES = {"journal_writes": True}
"""Execution options of a connection that will write."""


def connect(url: str, *, wait_seconds: float) -> Engine:
    """An engine for ``url``; a SQLite file and its folder are made where they are missing.

    Raises
    ------
    ArgumentError, NoSuchModuleError, ImportError
        The URL cannot be read, or its driver is not installed.
    OSError
        The folder or the file cannot be made.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed, hide_parameters=True, pool_pre_ping=True, connect_args=_patience(parsed, wait_seconds)
        )
    path = sqlite_file(parsed)
    # Threads share one connection to a journal in memory, in turn; else each would have its own empty one.
    alone: dict[str, Any] = {} if path else {"pool_size": 1, "max_overflow": 0}
    engine = create_engine(
        parsed,
        hide_parameters=True,
        poolclass=QueuePool,
        connect_args={"timeout": wait_seconds, "check_same_thread": False},
        **alone,
    )
    event.listen(engine, "connect", _agree_on_safety)
    event.listen(engine, "begin", _begin)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        _notice_loss(engine, path)
    return engine


def is_missing(url: str) -> bool:
    """Whether ``url`` names a SQLite file that is not there; of other databases only connecting tells."""
    try:
        path = sqlite_file(make_url(url))
    except ArgumentError:
        return False
    return path is not None and not path.exists()


def scrub(engine: Engine) -> None:
    """Move what was erased out of SQLite's write-ahead log too, so that no file keeps the words."""
    if engine.dialect.name != "sqlite":
        return
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        outcome = cursor.fetchone()
        cursor.close()
    if outcome and outcome[0]:
        _log.warning("journal readers kept erased pages in the write-ahead log; they go with its next checkpoint")


def sqlite_file(url: URL) -> Path | None:
    """The SQLite file that ``url`` names; None of another database, or one in memory."""
    if (
        url.get_backend_name() != "sqlite"
        or url.database in {None, "", ":memory:"}
        or str(url.database).startswith("file:")
    ):
        return None
    return Path(str(url.database)).absolute()


def _patience(url: URL, wait_seconds: float) -> dict[str, Any]:
    """What lets PostgreSQL give up, on connecting as on a lock or a server that is silent, as SQLite does."""
    if url.get_backend_name() != "postgresql" or url.get_driver_name() != "psycopg":
        return {}
    asked = url.query.get("options", "")
    milliseconds = max(1, round(wait_seconds * 1_000))
    return {
        "connect_timeout": max(2, round(wait_seconds)),
        "tcp_user_timeout": milliseconds,
        "options": f"{asked} -c lock_timeout={milliseconds}",
    }


def _agree_on_safety(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Readers never wait (WAL), a commit is on the disk (FULL), erased words are overwritten."""
    connection.isolation_level = None  # transactions begin in `_begin`, not at the driver's guess
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
        connection.execute("PRAGMA journal_mode = WAL")


def _begin(connection: Connection) -> None:
    # A writer takes its place in the queue at once: one that starts as a reader can only fail when overtaken.
    writes = connection.get_execution_options().get("journal_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _notice_loss(engine: Engine, path: Path) -> None:
    """Refuse to write into a file that was deleted or replaced while open; SQLite alone would not notice."""

    def identity() -> tuple[int, int]:
        try:
            facts = os.stat(path)  # noqa: PTH116 - the same for both callers, cheap
        except OSError as error:
            raise sqlite3.OperationalError(f"no such file: {error.strerror}") from error
        return facts.st_dev, facts.st_ino

    def before_connect(_: Dialect, entry: ConnectionPoolEntry, *__: Any) -> None:
        entry.info["file"] = identity()

    def before_use(_: sqlite3.Connection, entry: ConnectionPoolEntry, __: PoolProxiedConnection) -> None:
        if entry.info["file"] != identity():
            raise DisconnectionError

    event.listen(engine, "do_connect", before_connect)
    event.listen(engine, "checkout", before_use)
