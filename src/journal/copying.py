"""A journal's SQLite file copied and put back by SQLite's own means, so that either is whole, also in use."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError

from journal.database import sqlite_file
from journal.errors import JournalError, explain

_WAIT_SECONDS = 30.0
_BROKEN = ("not a database", "malformed")


def file_of(url: str | URL) -> Path:
    """The SQLite file that ``url`` names.

    Raises
    ------
    JournalError
        It names another database, or nothing that can be read.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise explain(error, str(url).partition(":")[0]) from error
    if (file := sqlite_file(parsed)) is None:
        place = parsed.render_as_string(hide_password=True)
        cure = "back it up with its own tools (pg_dump, pg_restore), and leave it out with --without-journal"
        raise JournalError(place, "is no SQLite file, which alone can be copied here", cure)
    return file


def copy(engine: Engine, file: Path) -> None:
    """All that the database holds at this moment, in a new file."""
    with closing(engine.raw_connection()) as connection, closing(sqlite3.connect(file)) as target:
        source = connection.driver_connection
        if not isinstance(source, sqlite3.Connection):
            raise TypeError("only SQLite is copied")
        source.backup(target)


def replace(url: str, copied: Path) -> None:
    """Put a copy in place of the database, in one transaction; a file that is none is moved aside.

    Raises
    ------
    JournalError
        It names another database, is locked, or cannot be written.
    """
    target = file_of(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        try:
            _write(copied, target)
        except sqlite3.DatabaseError as error:
            if not any(words in str(error) for words in _BROKEN):
                raise
            _move_aside(target)
            _write(copied, target)
    except sqlite3.Error as error:
        raise explain(error, str(target)) from error


def _write(copied: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(copied)) as source,
        closing(sqlite3.connect(target, timeout=_WAIT_SECONDS)) as connection,
    ):
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_mode = WAL")
        source.backup(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _move_aside(target: Path) -> None:
    aside = f"damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    for file in (target, target.with_name(f"{target.name}-wal"), target.with_name(f"{target.name}-shm")):
        if file.exists():
            file.rename(file.with_name(f"{file.name}.{aside}"))
