"""All that a desk would miss, in one file: taken while others write, checked before it replaces anything."""

import json
import shutil
import sqlite3
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from desk import Desk, Settings, back_up, restore
from desk.archive import BackupExistsError, DamagedBackupError
from desk.backup import NothingToBackUpError, OccupiedError
from journal import Journal, JournalError
from knowledge import Article, Query
from tickets import Ticket

TICKET = Ticket(id="4711", subject="Drucker druckt nicht", body="Aus dem Drucker im Lager kommen nur leere Seiten.")


def article(number: int) -> Article:
    return Article(id=f"KB-{number}", title=f"Drucker {number}", body=f"Leere Seiten, Fall {number}: Toner tauschen.")


@pytest.fixture
def desk(shelf, opened) -> Desk:
    """A desk with a champion, a few articles and a decision in its journal."""
    desk = opened()
    desk.documents.put([article(number) for number in range(5)])
    desk.classify(TICKET)
    return desk


@pytest.fixture
def elsewhere(settings, tmp_path) -> Settings:
    """The same settings for an empty place."""
    place = tmp_path / "elsewhere"
    return settings.model_copy(
        update={
            "models": place / "models",
            "knowledge": place / "var" / "knowledge",
            "journal": f"sqlite:///{place}/var/journal.db",
        }
    )


def test_a_backup_taken_while_others_write_answers_the_same_elsewhere(desk, elsewhere, settings, tmp_path) -> None:
    """Search and classification answer as before; what was acknowledged before the backup is all there."""
    ended, written = threading.Event(), []

    def write() -> None:
        number = 100
        while not ended.is_set():
            desk.documents.put([article(number)])
            written.append(f"KB-{number}")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 3:
            ended.wait(0.01)
        before = list(written)
        told = back_up(settings, tmp_path / "desk.backup")
    finally:
        ended.set()
        writer.join()
    assert told.parts == ["journal", "knowledge", "models"]
    assert restore(elsewhere, tmp_path / "desk.backup") == told
    twin = Desk.open(elsewhere)
    try:
        twin.documents.catch_up()
        assert twin.documents.base().kinds_of(before).keys() == set(before)
        query = Query(text="Drucker 3 leere Seiten", limit=3, exclude=frozenset(written))
        assert [hit.id for hit in twin.search(query).hits] == [hit.id for hit in desk.search(query).hits]
        here, there = desk.classify(TICKET), twin.classify(TICKET)
        assert (there.predictions, there.decision.action) == (here.predictions, here.decision.action)
        with Journal.open(elsewhere.journal) as journal:
            assert journal.counts().decisions == 2  # the one before the backup, and the one just made
        assert len(twin.documents._originals) == sum(twin.documents.count().values())
    finally:
        twin.close()
    assert not [*elsewhere.knowledge.glob(".restoring*"), *settings.knowledge.glob("snapshot-*")]


def test_what_is_there_is_replaced_only_by_force_and_a_running_desk_follows(desk, settings, tmp_path) -> None:
    """Without force all stays; with it, an open desk answers from what was restored, and goes on writing."""
    back_up(settings, tmp_path / "desk.backup")
    with pytest.raises(BackupExistsError, match="--force"):
        back_up(settings, tmp_path / "desk.backup")
    desk.documents.put([article(9)])
    with pytest.raises(OccupiedError, match="--force"):
        restore(settings, tmp_path / "desk.backup")
    assert desk.documents.base().kinds_of(["KB-9"])
    restore(settings, tmp_path / "desk.backup", force=True)
    assert not desk.documents.base().kinds_of(["KB-9"])
    assert len(desk.documents._originals) == 5
    desk.documents.put([article(8)])
    desk.classify(TICKET)
    assert desk.documents.base().kinds_of(["KB-8"])


def _without(archive: Path, name: str) -> None:
    _written_anew(archive, lambda one, content: None if one == name else content)


def _written_anew(archive: Path, change) -> None:
    with zipfile.ZipFile(archive) as old:
        members = [(name, change(name, old.read(name))) for name in old.namelist()]
    with zipfile.ZipFile(archive, "w") as new:
        for name, content in members:
            if content is not None:
                new.writestr(name, content)


def _flip(archive: Path) -> None:
    _written_anew(archive, lambda name, content: content[:-1] + b"?" if name == "models/champion.json" else content)


def _cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])


def _empty(archive: Path) -> None:
    archive.write_bytes(b"")


def _escape(archive: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        told = json.loads(content)
        told["files"]["models/../../x"] = {"size": 0, "sha256": ""}
        return json.dumps(told).encode()

    _written_anew(archive, change)


@pytest.mark.parametrize(
    "damage",
    [_flip, _cut, _empty, _escape, lambda one: _without(one, "manifest.json"), lambda one: _without(one, "journal.db")],
    ids=["changed", "cut", "empty", "outside", "no manifest", "lacking"],
)
def test_a_damaged_backup_replaces_nothing(desk, settings, elsewhere, tmp_path, damage) -> None:
    """Whatever is wrong with the file, the error says so and no place is touched."""
    back_up(settings, tmp_path / "desk.backup")
    damage(tmp_path / "desk.backup")
    with pytest.raises(DamagedBackupError, match="nothing was replaced"):
        restore(elsewhere, tmp_path / "desk.backup", force=True)
    left = [path for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()]
    assert left == []


def test_a_damaged_journal_is_moved_aside(desk, settings, tmp_path) -> None:
    """A journal that SQLite cannot read any more is replaced all the same, and kept beside."""
    back_up(settings, tmp_path / "desk.backup")
    desk.close()
    file = Journal.file(settings.journal)
    for log in file.parent.glob("journal.db-*"):
        log.unlink()
    file.write_bytes(b"no database at all" * 500)
    restore(settings, tmp_path / "desk.backup", force=True)
    with Journal.open(settings.journal) as journal:
        assert len(journal.documents) == 5
    assert list(file.parent.glob("journal.db.damaged-*"))


def test_another_database_is_refused_with_the_cure(desk, settings, elsewhere, tmp_path) -> None:
    """Only SQLite is copied; without the journal the rest is, and can be restored beside another database."""
    postgres = {"journal": "postgresql://nobody@nowhere/journal"}
    with pytest.raises(JournalError, match=r"--without-journal|driver"):
        back_up(settings.model_copy(update=postgres), tmp_path / "desk.backup")
    assert not (tmp_path / "desk.backup").exists()
    assert back_up(settings, tmp_path / "desk.backup", journal=False).parts == ["knowledge", "models"]
    back_up(settings, tmp_path / "all.backup")
    with pytest.raises(JournalError, match="--without-journal"):
        restore(elsewhere.model_copy(update=postgres), tmp_path / "all.backup")
    restore(elsewhere.model_copy(update=postgres), tmp_path / "all.backup", journal=False)
    assert (elsewhere.models / "champion.json").exists()


def test_an_empty_place_has_nothing_to_back_up(settings, tmp_path) -> None:
    """There is an error, and no file."""
    with pytest.raises(NothingToBackUpError, match="no journal"):
        back_up(settings, tmp_path / "desk.backup")
    assert not (tmp_path / "desk.backup").exists()


def test_a_journal_in_use_is_copied_whole(desk, settings, tmp_path) -> None:
    """The copy is a sound database of its own, without its log."""
    back_up(settings, tmp_path / "desk.backup")
    with zipfile.ZipFile(tmp_path / "desk.backup") as archive:
        archive.extract("journal.db", tmp_path / "out")
    shutil.rmtree(settings.knowledge)
    with closing(sqlite3.connect(tmp_path / "out" / "journal.db")) as copied:
        assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copied.execute("SELECT count(*) FROM journal_document").fetchone() == (5,)
