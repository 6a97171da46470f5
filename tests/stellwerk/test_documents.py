"""Sources of knowledge read."""

import json
from pathlib import Path

import pytest

from history import HistoryMapping
from knowledge import Article
from knowledge.engine import Origin
from stellwerk.documents import SourceError, read_documents
from stellwerk.reading import HistoryReading
from tickets import SolvedTicket, Taxonomy


def _silent(step: str, done: int, total: int | None) -> None:
    """Nobody wants to know how far the reading is."""


@pytest.fixture
def reading(folder) -> HistoryReading:
    """Reads files that carry our names."""
    return HistoryReading(mapping=HistoryMapping(), rejects=folder / "var" / "rejects-index.jsonl")


def _read(reading: HistoryReading, *sources: Path):
    return read_documents(sources, taxonomy=Taxonomy.builtin(), reading=reading, report=_silent)


def test_each_source_is_read_as_what_it_holds(reading, history, folder) -> None:
    """A folder and JSON lines of articles give articles, an export solved tickets, in order."""
    pages = folder / "pages"
    pages.mkdir()
    (pages / "druck.md").write_text("# Drucker\n\nNeu starten.")
    lines = folder / "articles.jsonl"
    lines.write_text(json.dumps({"id": "A1", "title": "Rabatt", "body": "Im Menü"}) + "\n")
    documents = _read(reading, pages, history, lines)
    kinds = [type(document) for document in documents.read]
    assert kinds == [Article, SolvedTicket, SolvedTicket, Article]
    assert (documents.n_unreadable_articles, documents.n_rejected_rows) == (0, 1)


def test_an_unreadable_article_is_counted_told_and_kept(reading, folder, capsys) -> None:
    """A file that gives no article is counted, told with its cure, and written down; the others are read."""
    pages = folder / "pages"
    pages.mkdir()
    (pages / "a.md").write_text("# Drucker\n\nNeu starten.")
    (pages / "b.pdf").write_text("no PDF")
    documents = _read(reading, pages)
    assert [document.title for document in documents.read] == ["Drucker"]
    assert documents.n_unreadable_articles == 1
    assert "b.pdf" in capsys.readouterr().err
    [entry] = (folder / "var" / "rejects-index-articles.jsonl").read_text("utf-8").splitlines()
    assert json.loads(entry)["file"] == str(pages / "b.pdf")


def test_what_still_stands_in_its_source_is_known_though_it_cannot_be_used(reading, folder) -> None:
    """Rejected rows keep the ticket they name; a row that may be any ticket's, or a bad page, keeps its whole file."""
    mended, broken = folder / "mended.csv", folder / "broken.csv"
    mended.write_text("id,subject,body,level\n1,Netz,Kein Netz,1\n2,,,1\n3,Druck,Kein Druck,9\n")
    broken.write_text("id,subject,body,level\n5,Netz,Gar kein Netz,1\n6,Netz\n")
    pages = folder / "pages"
    pages.mkdir()
    (pages / "a.md").write_text("Neu starten.")
    (pages / "b.pdf").write_text("no PDF")
    provenance = _read(reading, mended, broken, pages).provenance
    table, other = (Origin(source=str(file), file=str(file)) for file in (mended, broken))
    page = Origin(source=str(pages), file=str(pages / "a.md"))
    assert provenance.origins == {
        **{("ticket", one): table for one in "123"},
        ("ticket", "5"): other,
        ("article", "a.md"): page,
    }
    kept = {
        ("ticket", "4"): table,
        ("ticket", "7"): other,
        ("article", "b.pdf"): Origin(source=str(pages), file=str(pages / "b.pdf")),
        ("article", "c.md"): Origin(source=str(pages), file=str(pages / "c.md")),
    }
    assert provenance.gone(kept) == [("article", "c.md"), ("ticket", "4")]


def test_files_that_are_no_documents_are_counted_in_one_line(reading, folder, capsys) -> None:
    """Pictures and code beside the pages are no faults; the user is told how many there were."""
    pages = folder / "pages"
    pages.mkdir()
    for name in ("a.md", "logo.png", "conf.py"):
        (pages / name).write_text("Neu starten.")
    documents = _read(reading, pages)
    assert (documents.n_passed_over, documents.n_unreadable_articles) == (2, 0)
    assert "passed over: 2" in capsys.readouterr().err


def test_a_missing_source_is_an_error_before_anything_is_read(reading, history, folder) -> None:
    """A source that is not there stops the command at once, whatever its name promises."""
    for name in ("missing", "missing.md", "missing.csv"):
        with pytest.raises(SourceError, match=name):
            _read(reading, history, folder / name)
    assert not reading.rejects.exists()


def test_sources_without_any_document_are_an_error(reading, folder) -> None:
    """An empty folder is an error, so that a rebuild never empties the knowledge base by mistake."""
    (folder / "pages").mkdir()
    with pytest.raises(SourceError, match="no article and no solved ticket"):
        _read(reading, folder / "pages")
