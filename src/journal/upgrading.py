"""Bringing a journal's tables to the newest revision when it is opened: once, whole, and whoever comes first."""

import threading
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, inspect, select, text

from journal.database import WRITES
from journal.errors import JournalError
from journal.schema import revisions, versions

_FOLDER: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x5374656C  # "Stel": what processes that upgrade one PostgreSQL database wait for
_BEFORE_REVISIONS: Final = [1]
_one_at_a_time = threading.Lock()  # Alembic's operations are the process's


def newest() -> str:
    """The newest revision this program knows."""
    return max(_known())


def bring_up(engine: Engine, place: str) -> None:
    """Make the tables what this program expects, in one transaction; nothing where they are already.

    Raises
    ------
    JournalError
        A newer Stellwerk has upgraded the journal.
    """
    with engine.connect() as connection:
        if _revision(connection, place) == newest():
            return
    with _one_at_a_time, engine.execution_options(**WRITES).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _revision(connection, place) != newest():  # else another process was quicker
            _upgrade(connection)


def _revision(connection: Connection, place: str) -> str | None:
    """The revision that the tables have; None before the first."""
    tables = inspect(connection)
    if not tables.has_table(revisions.name):
        if tables.has_table(versions.name):
            found = list(connection.scalars(select(versions.c.version)))
            if found not in ([], _BEFORE_REVISIONS):
                raise _newer(place, f"version {found[-1]}")
        return None
    revision: str | None = connection.scalar(select(revisions.c.version_num))
    if revision is not None and revision not in _known():
        raise _newer(place, f"revision {revision}")
    return revision


def _newer(place: str, found: str) -> JournalError:
    fault = f"has tables of {found}, this Stellwerk knows none after revision {newest()}"
    return JournalError(place, fault, "run the Stellwerk that upgraded it, put back a backup, or name a new journal")


def _known() -> set[str]:
    return {file.name[:4] for file in _FOLDER.glob("[0-9][0-9][0-9][0-9]_*.py")}


def _upgrade(connection: Connection) -> None:
    # Imported here: a journal that is up to date opens without it.
    from alembic.operations import Operations  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext, MigrationStep  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory(str(_FOLDER), version_locations=[str(_FOLDER)])

    def steps(heads: Any, _: MigrationContext) -> list[MigrationStep]:
        return list(scripts._upgrade_revs("head", heads))  # noqa: SLF001 - what Alembic's own command calls

    context = MigrationContext.configure(connection, opts={"fn": steps, "version_table": revisions.name})
    with Operations.context(context):
        context.run_migrations()
