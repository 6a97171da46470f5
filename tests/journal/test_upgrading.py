"""How a journal's tables come to be what this program expects."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from journal import Journal, JournalError, upgrading
from journal.schema import metadata, revisions

BEGUN_BEFORE = Path(__file__).with_name("begun_before.sql")


@pytest.fixture
def begun_before(database):
    """A journal that was begun before there were revisions, with something of everything in it."""
    database.parent.mkdir(parents=True)
    with closing(sqlite3.connect(database)) as old:
        old.executescript(BEGUN_BEFORE.read_text("utf-8"))
    return database


def revision_of(journal):
    with journal._reading() as connection:
        return connection.scalar(revisions.select())


def test_revisions_and_tables_agree(url):
    """After all revisions the database has exactly the tables, columns and indexes that the schema says."""
    with Journal.open(url) as journal, journal._reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "version_table": revisions.name})
        assert compare_metadata(context, metadata) == []
        assert revision_of(journal) == upgrading.newest()


def test_a_journal_begun_before_revisions_loses_nothing(begun_before):
    """It is recognised, brought up to date, and gives back all that it held."""
    with Journal.open(f"sqlite:///{begun_before}") as journal:
        assert revision_of(journal) == upgrading.newest()
        assert journal.decision("c_1").ticket.body == "Etikett 7 wird grün."
        assert [correction.source for correction in journal.corrections()] == ["ada"]
        assert [vote.query for vote in journal.votes()] == ["Drucker"]
        assert journal.audit("m").n_wrong == 1
        assert journal.audit("m").withdrawn is not None
        assert len(journal.documents) == 1


def test_tables_that_were_added_before_revisions_are_made_where_missing(begun_before):
    """An even older journal, which knows neither audits nor documents, gets their tables and keeps what it has."""
    with closing(sqlite3.connect(begun_before, isolation_level=None)) as older:
        for table in ("audit", "withdrawal", "document", "document_home"):
            older.execute(f"DROP TABLE journal_{table}")
    with Journal.open(f"sqlite:///{begun_before}") as journal:
        assert (journal.counts().decisions, len(journal.documents), journal.documents.home) == (1, 0, None)
        assert journal.audit("m").draws == ()


def test_many_that_open_at_once_upgrade_once(url):
    """Of workers that start together one makes the tables, the others wait for it."""

    def opened(_):
        with Journal.open(url) as journal:
            return revision_of(journal)

    with ThreadPoolExecutor(8) as workers:
        assert set(workers.map(opened, range(8))) == {upgrading.newest()}


def test_an_upgrade_that_does_not_end_leaves_the_old_tables(begun_before, monkeypatch):
    """What fails half way is taken back whole, and the next opening does it."""
    step = upgrading._upgrade

    def cut_short(connection):
        step(connection)
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(upgrading, "_upgrade", cut_short)
    with pytest.raises(JournalError, match="free some space"):
        Journal.open(f"sqlite:///{begun_before}")
    with closing(sqlite3.connect(begun_before)) as old:
        tables = {name for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "journal_revision" not in tables
    monkeypatch.undo()
    with Journal.open(f"sqlite:///{begun_before}") as journal:
        assert revision_of(journal) == upgrading.newest()


def test_a_newer_journal_is_refused(url):
    """Tables that a newer Stellwerk upgraded are left alone; the error says what to run."""
    with Journal.open(url) as journal, journal._writing() as connection:
        connection.execute(text("UPDATE journal_revision SET version_num = '9999'"))
    with pytest.raises(JournalError, match=r"revision 9999.*run the Stellwerk that upgraded it"):
        Journal.open(url)


def test_what_is_up_to_date_opens_without_alembic(database):
    """The second opening imports no Alembic, so that a service is ready soon."""
    with Journal.open(f"sqlite:///{database}"):
        pass
    program = (
        "import sys; from journal import Journal; "
        f"Journal.open('sqlite:///{database}').close(); print('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout == b"False\n"
