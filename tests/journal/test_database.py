"""A journal that is shared, killed, locked, lost, damaged or not ours."""

import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from journal import Journal, JournalError, Vote

SOURCES = Path(__file__).parents[2] / "src"
WRITER = f"""
import sys
sys.path.insert(0, {str(SOURCES)!r})
from journal import Journal, Vote
url, name, n_votes = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Journal.open(url) as journal:
    for n in range(n_votes):
        journal.record_vote(Vote(query=name, hit_id=str(n), helpful=True))
        print(n, flush=True)
"""


def start_writer(database: Path, name: str, n_votes: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", WRITER, f"sqlite:///{database}", name, str(n_votes)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(writer: subprocess.Popen[str]) -> str:
    _, errors = writer.communicate(timeout=60)
    return errors


def test_processes_begin_and_write_one_journal_at_once(database):
    """Processes that all find no journal begin the same one, and each keeps all it wrote."""
    writers = [start_writer(database, name, 40) for name in ("a", "b", "c")]
    assert [finish(writer) for writer in writers] == ["", "", ""]
    with Journal.open(f"sqlite:///{database}") as journal:
        wrote = [(vote.query, vote.hit_id) for vote in journal.votes()]
    assert sorted(wrote) == sorted((name, str(n)) for name in "abc" for n in range(40))


def test_a_killed_writer_loses_nothing_it_was_told_is_kept(database):
    """Every vote acknowledged before SIGKILL is there afterwards, and the journal opens as if nothing was."""
    writer = start_writer(database, "a", 1_000_000)
    acknowledged = [int(writer.stdout.readline()) for _ in range(25)]
    writer.kill()
    rest, _ = writer.communicate(timeout=60)
    acknowledged += [int(line) for line in rest.splitlines() if line]
    with Journal.open(f"sqlite:///{database}") as journal:
        kept = {int(vote.hit_id) for vote in journal.votes()}
        journal.record_vote(Vote(query="after", hit_id="x", helpful=True))
    assert set(acknowledged) <= kept


def test_a_commit_is_on_the_disk_and_readers_do_not_wait(journal, database):
    """The file is in WAL mode, and connections sync fully, keep foreign keys and overwrite erased rows."""
    with journal._reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 200,
    }


def test_a_journal_opens_again_with_all_it_held(journal, decide, database):
    """A second opening finds the first one's decisions."""
    journal.record_decision(decide())
    with Journal.open(f"sqlite:///{database}") as again:
        again.ping()
        assert again.decision("c_1") == decide()


def test_a_locked_journal_can_be_read_and_says_who_must_yield(journal, database):
    """While another program writes, reading works and writing fails with the cure, until it ends."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        journal.ping()
        with pytest.raises(JournalError, match=r"locked; end the program that holds it"):
            journal.record_vote(Vote(query="x", hit_id="y", helpful=True))
    journal.record_vote(Vote(query="x", hit_id="y", helpful=True))
    assert journal.counts().votes == 1


def test_a_deleted_journal_is_noticed(journal, database):
    """A vote is never acknowledged into a file that was deleted, nor a new one begun in its place."""
    journal.ping()
    database.unlink()
    with pytest.raises(JournalError, match=r"no such file.*put the file back"):
        journal.record_vote(Vote(query="x", hit_id="y", helpful=True))
    assert not database.exists()


def test_a_restored_journal_is_taken_up(journal, database, tmp_path):
    """When a backup is put in the file's place, the journal reads and writes the backup."""
    journal.record_vote(Vote(query="before", hit_id="y", helpful=True))
    backup = tmp_path / "backup.db"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    journal.record_vote(Vote(query="lost", hit_id="y", helpful=True))
    for log in database.parent.glob("journal.db-*"):
        log.unlink()
    backup.replace(database)
    journal.record_vote(Vote(query="after", hit_id="y", helpful=True))
    assert [vote.query for vote in journal.votes()] == ["before", "after"]


def test_a_read_only_journal_names_the_cure(journal, decide):
    """A database that may not be written says what to allow, and keeps the ticket's words to itself."""
    journal._engine.dispose()
    with journal._reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(JournalError, match=r"readonly database; let this program write") as caught:
        journal.record_decision(decide(body="Geheimwort"))
    assert "Geheimwort" not in f"{caught.value}{caught.value.__cause__}"


def test_a_journal_of_another_version_is_refused(journal, database):
    """Tables of another version are left alone; the error says which Stellwerk to run."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("DROP TABLE journal_revision")
        other.execute("INSERT INTO journal_version VALUES (99)")
    with pytest.raises(JournalError, match=r"version 99.*run the Stellwerk that upgraded it"):
        Journal.open(f"sqlite:///{database}")


def test_a_file_that_is_no_database_is_refused(tmp_path):
    """A file of other content is not overwritten."""
    letter = tmp_path / "letter.txt"
    letter.write_text("Sehr geehrte Damen und Herren, " * 100)
    with pytest.raises(JournalError, match="not a database; put back a backup, or name another journal"):
        Journal.open(f"sqlite:///{letter}")
    assert letter.read_text().startswith("Sehr geehrte")


@pytest.mark.parametrize("url", ["not a url", "nodatabase://host/name", "sqlite+nodriver:///x"])
def test_a_url_that_cannot_be_opened_names_the_cure(url):
    """A mistyped URL, an unknown database and a driver that is not installed give one kind of error."""
    with pytest.raises(JournalError, match="check the URL and install its database driver"):
        Journal.open(url)


def test_a_folder_that_cannot_be_made_is_an_error_with_its_place(tmp_path):
    """A file where the folder should be gives the journal's own error."""
    (tmp_path / "var").write_text("")
    with pytest.raises(JournalError, match="sqlite"):
        Journal.open(f"sqlite:///{tmp_path}/var/journal.db")


def test_a_reader_in_the_way_of_an_erasure_is_logged(journal, decide, database, caplog):
    """When another reader keeps old pages alive, the erasure succeeds and a warning says what remains."""
    journal.record_decision(decide())
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM journal_decision").fetchall()
        with caplog.at_level(logging.WARNING):
            assert journal.erase_ticket("4711").decisions == 1
    assert "write-ahead log" in caplog.text


def test_whether_a_journal_exists_is_told_without_making_it(database):
    """A SQLite file is there or not; of a journal in memory, a server or a mistyped URL only opening tells."""
    assert not Journal.exists(f"sqlite:///{database}")
    assert not database.parent.exists()
    Journal.open(f"sqlite:///{database}").close()
    for url in (f"sqlite:///{database}", "sqlite://", "postgresql://desk/journal", "not a url"):
        assert Journal.exists(url)
