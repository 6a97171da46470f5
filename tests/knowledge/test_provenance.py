"""What left its source leaves the knowledge base; everything else stays."""

import multiprocessing
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import Article, KindCounts, KnowledgeBase, Provenance, Query
from knowledge.engine import Origin
from tickets import SolvedTicket, Ticket

PAGES, OTHER = Path("/pages"), Path("/other")


def page(name, body="Ein Text"):
    return Article(id=name, title=f"Seite {name}", body=body, language="de")


def read(source, names, *, unread=()):
    """What a reading of ``source`` gives: its articles and where they stand."""
    provenance = Provenance()
    articles = [page(name) for name in names]
    for article in articles:
        provenance.holds(article, source=source, file=source / article.id)
    for place in unread:
        provenance.could_not_read(place)
    return articles, provenance


@pytest.fixture
def index(base):
    """Brings a reading in and gives the counts of articles."""

    def run(*reading, **more):
        articles, provenance = read(*reading, **more)
        return base.upsert(articles, provenance=provenance).of("article")

    return run


def test_what_left_its_source_is_removed_and_counted(base, index):
    """A page that is not in its folder any more is found no more; what came from no file stays."""
    assert index(PAGES, ["a", "b", "c"]) == KindCounts(added=3)
    assert index(PAGES, ["a", "c"]) == KindCounts(unchanged=2, removed=1)
    assert base.count() == {"article": 3 + 2, "ticket": 3}
    assert "b" not in {hit.id for hit in base.search(Query(text="Seite b", limit=20))}
    assert index(PAGES, ["a", "c"]) == KindCounts(unchanged=2)


def test_what_came_from_another_source_stays(base, index):
    """Reading one folder says nothing about another, not even about a folder in it that was named by itself."""
    index(PAGES, ["a"])
    index(OTHER, ["b"])
    index(PAGES / "sub", ["c"])
    assert index(PAGES, ["d"]) == KindCounts(added=1, removed=1)
    assert set(base.kinds_of(["a", "b", "c", "d"])) == {"b", "c", "d"}


def test_what_was_put_by_hand_stays(base, index):
    """A page put without a source is nobody's to remove, also where a folder held it before or holds it too."""
    index(PAGES, ["a", "b", "c"])
    base.upsert([page("a", body="von Hand"), page("h")])
    assert index(PAGES, ["b", "h"]) == KindCounts(unchanged=2, removed=1)
    assert index(PAGES, ["b"]) == KindCounts(unchanged=1)
    assert set(base.kinds_of(["a", "b", "c", "h"])) == {"a", "b", "h"}


def test_what_could_not_be_read_stays(base, index):
    """A damaged file, or a folder that cannot be listed, removes none of its pages."""
    index(PAGES, ["a", "deep/b", "deep/c", "deeper"])
    assert index(PAGES, ["x"], unread=[PAGES / "a", PAGES / "deep"]) == KindCounts(added=1, removed=1)
    assert set(base.kinds_of(["a", "deep/b", "deep/c", "deeper"])) == {"a", "deep/b", "deep/c"}


def test_a_source_without_any_document_is_taken_to_be_out_of_reach(base, index):
    """An empty folder, which an unmounted disk leaves behind, removes nothing."""
    index(PAGES, ["a"])
    assert index(PAGES, []) == KindCounts()
    assert base.kinds_of(["a"])


def test_a_moved_folder_is_not_encoded_again_and_then_owns_its_pages(base, index, encoder):
    """The same pages from another place are unchanged; what leaves the new place is removed, the old is forgotten."""
    index(PAGES, ["a", "b"])
    n_encoded = encoder.n_encoded
    assert index(OTHER, ["a", "b"]) == KindCounts(unchanged=2)
    assert encoder.n_encoded == n_encoded
    assert index(PAGES, ["z"]) == KindCounts(added=1)
    assert index(OTHER, ["a"]) == KindCounts(unchanged=1, removed=1)


def test_only_the_kind_that_left_is_removed(base):
    """A ticket of the same id as a page that left stays."""
    articles, provenance = read(PAGES, ["4711", "b"])
    ticket = SolvedTicket(ticket=Ticket(id="4711", subject="Drucker"), labels={})
    provenance.holds(ticket, source=Path("/t.csv"), file=Path("/t.csv"))
    base.upsert([*articles, ticket], provenance=provenance)
    articles, provenance = read(PAGES, ["b"])
    assert base.upsert(articles, provenance=provenance).of("article").removed == 1
    assert base.kinds_of(["4711"]) == {"4711": frozenset({"ticket"})}


def test_a_document_that_became_unusable_is_not_gone(base, index):
    """A page that lost its words is rejected, and what is known of it stays."""
    index(PAGES, ["a", "b"])
    articles, provenance = read(PAGES, ["a", "b"])
    counts = base.upsert([articles[0], replace(articles[1], title="", body="")], provenance=provenance)
    assert counts.of("article") == KindCounts(unchanged=1, rejected=1)
    assert base.kinds_of(["b"])


def test_a_rebuilt_base_remembers_where_its_documents_stood(encoder, tmp_path):
    """After a rebuild, and after a purge, what leaves its source is removed as before."""
    articles, provenance = read(PAGES, ["a", "b"])
    base, _ = KnowledgeBase.rebuild(tmp_path / "base", encoder, articles, provenance=provenance)
    with base:
        base.purge()
        articles, provenance = read(PAGES, ["a"])
        assert base.upsert(articles, provenance=provenance).of("article").removed == 1


def test_a_place_has_one_name(tmp_path, monkeypatch):
    """However a folder was named, it is the same source; a link keeps its own name."""
    monkeypatch.chdir(tmp_path)
    provenance = Provenance()
    provenance.holds(page("a"), source=Path("x/../pages/"), file=Path("pages/a.md"))
    there = str(tmp_path / "pages")
    assert provenance.origins == {("article", "a"): Origin(source=there, file=f"{there}/a.md")}


def _index_until_killed(path: Path, encoder, n_pages: int, n_texts: int) -> None:
    """Bring pages in; in the middle of a batch, once so many texts were encoded, be killed."""
    encode = encoder.encode

    def deadly(texts, *, role):
        if encoder.n_encoded >= n_texts:
            os.kill(os.getpid(), signal.SIGKILL)
        return encode(texts, role=role)

    encoder.encode = deadly
    articles, provenance = read(PAGES, map(str, range(n_pages)))
    KnowledgeBase.open(path, encoder, create=True).upsert(articles, provenance=provenance)


def test_a_killed_run_goes_on_where_it_was(encoder, tmp_path):
    """After kill -9 half way, the next run encodes only what was not written; nothing is lost, doubled or removed."""
    context = multiprocessing.get_context("spawn")
    killed = context.Process(target=_index_until_killed, args=(tmp_path / "base", encoder, 300, 128))
    killed.start()
    killed.join(120)
    assert killed.exitcode == -signal.SIGKILL
    with KnowledgeBase.open(tmp_path / "base", encoder) as base:
        assert base.count()["article"] == 128
        articles, provenance = read(PAGES, map(str, range(300)))
        assert base.upsert(articles, provenance=provenance).of("article") == KindCounts(added=172, unchanged=128)
        assert encoder.n_encoded == 172
        assert base.count()["article"] == 300
