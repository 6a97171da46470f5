"""Documents as they came: kept in the same act as they are indexed, and enough to make the index anew."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk import Desk
from journal import Journal, JournalError
from knowledge import Article, Query
from tickets import Solution, SolvedTicket, Ticket

ARTICLE = Article(
    id="KB-1",
    title="Drucker druckt leere Seiten",
    body="Den Schutzstreifen des Toners abziehen.",
    url="https://wiki.example/1",
    updated_at=datetime(2026, 3, 1, tzinfo=UTC),
    metadata={"tags": ("toner", "lager")},
)
SOLVED = SolvedTicket(
    ticket=Ticket(id="T-1", subject="Leere Seiten", body="Nur leere Seiten", customer="Depot Grünwald"),
    labels={"level": "1", "queue": "Netz"},
    solution=Solution(resolution="Toner getauscht", closed_at=datetime(2026, 3, 2, tzinfo=UTC)),
    problem="P-1",
)
NAMELESS = SolvedTicket(ticket=Ticket(body="Seiten ohne Nummer"))


def ids(desk: Desk, **filters) -> set[str]:
    """What a search for pages finds."""
    return {hit.id for hit in desk.search(Query(text="leere Seiten", filters=filters, grouping=False)).hits}


@pytest.fixture
def desk(opened) -> Desk:
    """A desk with an article and two solved tickets."""
    desk = opened()
    desk.documents.put([ARTICLE, SOLVED, NAMELESS])
    return desk


def test_a_lost_knowledge_base_is_made_anew_from_the_journal(desk, opened, settings) -> None:
    """Without any source all comes back as it was, dates, labels and metadata too, and twice changes nothing."""
    found = desk.search(Query(text="leere Seiten"))
    desk.close()
    shutil.rmtree(settings.knowledge)
    again = opened()
    assert again.documents.rebuild().model_dump() == {
        "article": {"added": 1, "changed": 0, "unchanged": 0, "removed": 0, "rejected": 0},
        "ticket": {"added": 2, "changed": 0, "unchanged": 0, "removed": 0, "rejected": 0},
    }
    assert again.search(Query(text="leere Seiten")) == found
    assert ids(again, tags="lager", since="2026-03-01") == {"KB-1"}
    assert ids(again, queue="Netz", until="2026-03-02", problem="P-1") == {"T-1"}
    counts = again.documents.reindex()
    assert (counts.article.unchanged, counts.ticket.unchanged) == (1, 2)
    article, solved, nameless = again.documents._originals
    assert (article, solved) == (ARTICLE, SOLVED)
    assert nameless.ticket.id.startswith("ticket-")
    assert replace(nameless, ticket=replace(nameless.ticket, id=None)) == NAMELESS


def test_a_rebuild_from_sources_forgets_the_others(desk) -> None:
    """The journal then keeps exactly what was named, so that a rebuild without sources gives the same."""
    desk.documents.rebuild([ARTICLE])
    assert ids(desk) == {"KB-1"}
    assert list(desk.documents._originals) == [ARTICLE]
    assert desk.documents._originals.removed() == []


def test_there_is_nothing_to_rebuild_from_before_anything_came(opened) -> None:
    """An empty journal is refused with the cure, and no base is emptied for it."""
    desk = opened()
    for act in (desk.documents.rebuild, desk.documents.reindex):
        with pytest.raises(RuntimeError, match="stellwerk index SOURCE"):
            act()


def test_a_document_removed_leaves_journal_and_index(desk, settings) -> None:
    """It is not found, not brought back by catching up, and its words are in no file of the journal."""
    assert desk.documents.remove("T-1") == 1
    assert desk.documents.remove("T-1") == 0
    desk.documents.catch_up()
    assert "T-1" not in ids(desk)
    assert not any(b"Toner getauscht" in file.read_bytes() for file in Path(settings.journal[10:]).parent.glob("*.db*"))


def test_a_journal_that_is_away_is_refused_and_nothing_is_indexed(desk, settings, tmp_path) -> None:
    """Where a document cannot be kept it is not indexed either, nor removed; once the journal is back all goes on."""
    file = tmp_path / "journal.db"
    file.rename(tmp_path / "away.db")
    with pytest.raises(JournalError, match="journal"):
        desk.documents.put([replace(ARTICLE, id="KB-2")])
    with pytest.raises(JournalError):
        desk.documents.remove("KB-1")
    assert "KB-2" not in ids(desk)
    assert "KB-1" in ids(desk)
    (tmp_path / "away.db").rename(file)
    desk.documents.put([replace(ARTICLE, id="KB-2")])
    assert "KB-2" in ids(desk)


def test_catching_up_brings_in_and_takes_out_what_the_journal_says(desk, opened, settings) -> None:
    """An index that is behind, as after restoring an older one, holds afterwards what the journal does."""
    older = settings.knowledge.with_name("older")
    shutil.copytree(settings.knowledge, older)
    desk.documents.put(
        [replace(ARTICLE, body="Neue Trommel einsetzen, sonst leere Seiten."), replace(ARTICLE, id="KB-2")]
    )
    desk.documents._originals.remove(["T-1"])  # as when the power fails before the index is written
    desk.close()
    shutil.rmtree(settings.knowledge)
    older.rename(settings.knowledge)
    behind = opened()
    assert "T-1" in ids(behind)
    counts = behind.documents.catch_up()
    assert (counts.article.added, counts.article.changed, counts.ticket.added) == (1, 1, 0)
    assert "T-1" not in ids(behind)
    assert {"KB-1", "KB-2"} <= ids(behind)
    assert "Trommel" in behind.search(Query(text="Trommel", kinds=("article",))).hits[0].snippet
    assert behind.documents.catch_up().article.added == 0
    assert behind.documents._originals.removed() == []


def test_erasing_a_ticket_wipes_its_original_and_then_its_place_in_the_index(desk, settings) -> None:
    """What the journal forgets leaves the index with the next upkeep."""
    with Journal.open(settings.journal) as journal:
        assert journal.erase_customer("Depot Grünwald").documents == 1
    desk.documents.maintain()
    assert "T-1" not in ids(desk)


def test_a_journal_keeps_the_documents_of_one_base(desk, settings, tmp_path) -> None:
    """A second base with the same journal is refused with the cure; one that was moved is followed."""
    moved = settings.model_copy(update={"knowledge": tmp_path / "moved"})
    other = Desk.open(moved)
    with pytest.raises(RuntimeError, match="STELLWERK_JOURNAL"):
        other.documents.rebuild([ARTICLE])
    with pytest.raises(RuntimeError, match="STELLWERK_JOURNAL"):
        other.documents.put([ARTICLE])
    other.close()
    assert len(desk.documents._originals) == 3
    desk.close()
    shutil.rmtree(moved.knowledge, ignore_errors=True)
    settings.knowledge.rename(moved.knowledge)
    again = Desk.open(moved)
    assert again.documents.put([ARTICLE]).article.unchanged == 1
    again.close()
