"""What moves a hit up or down beside its words."""

from datetime import UTC, datetime

import pytest
from tests.knowledge.conftest import solved

from knowledge import Article, KnowledgeBase, PreferenceWeights, Query
from knowledge.preference import Circumstances
from tickets import Solution, SolvedTicket, Ticket

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LONG_AGO = datetime(2021, 3, 1, tzinfo=UTC)


def twin(identity, *, product=None, **facts):
    """A ticket whose words are the same as those of every other twin."""
    return SolvedTicket(
        ticket=Ticket(id=identity, subject="Export", body="Der Export bricht ab", language="de", product=product),
        solution=Solution(resolution="Neu angemeldet.", **facts),
    )


def first(base, twins, *, product=None, approval=None, preferring=True):
    """The hits of a search that all twins answer equally well, by id."""
    base.upsert(twins)
    ticket = Ticket(subject="Export", body="Der Export bricht ab", language="de", product=product)
    query = Query(
        ticket=ticket, kinds=("ticket",), approval=approval or {}, grouping=False, preferring=preferring, limit=20
    )
    return {hit.id: hit for hit in base.search(query) if hit.title == "Export"}


def test_what_people_confirmed_comes_first_and_what_they_rejected_last(base):
    """Votes decide between equal hits, and the hits say so."""
    hits = first(base, [twin(name) for name in "abc"], approval={"c": 2, "a": -1})
    assert list(hits) == ["c", "b", "a"]
    assert [hits[name].flags for name in "cba"] == [("confirmed",), (), ("rejected",)]


def test_the_same_product_comes_first(base):
    """A hit of the ticket's product is preferred, whatever the version."""
    hits = first(base, [twin("a", product="Mail"), twin("b", product="Portal 4.9")], product="Portal 5.1")
    assert next(iter(hits)) == "b"
    assert "same_product" in hits["b"].flags


def test_an_old_version_is_marked(base, row):
    """A version older than the newest of its product is marked and counts less; the only version is never old."""
    twins = [twin("a", product="Portal 4.9"), twin("b", product="Portal 5.0"), twin("c", product="Mail 1.0")]
    hits = first(base, twins)
    assert hits["a"].flags == ("old_version",)
    assert hits["b"].flags == hits["c"].flags == ()
    assert (hits["a"].version, hits["b"].version) == ("4.9", "5")
    facts = {"product": None, "approval": {}, "newest": {"portal": (5,)}, "weights": PreferenceWeights()}
    old, new = (row("x", "x", product="Portal", version=version) for version in ("4.9", "5"))
    circumstances = Circumstances.of([old, new], **facts)
    assert circumstances.advice(old)[0] < 0 == circumstances.advice(new)[0]


def test_an_articles_stated_version_counts(base):
    """Front matter's version makes an article old once a newer one is there."""
    old = Article(id="O", title="Export", body="Export neu starten", product="Portal", version="4", language="de")
    new = Article(id="N", title="Export", body="Export neu anlegen", product="Portal", version="5.1", language="de")
    base.upsert([old, new])
    hits = {hit.id: hit for hit in base.search(Query(text="Export Portal", kinds=("article",), grouping=False))}
    assert (hits["O"].flags, hits["N"].flags) == (("old_version",), ())


def test_what_was_opened_again_comes_later_and_what_is_new_sooner(base):
    """Between equal tickets the newer is first, and one that was opened again last."""
    twins = [twin("a", closed_at=LONG_AGO), twin("b", closed_at=NOW), twin("c", closed_at=NOW, n_reopened=1)]
    hits = first(base, twins)
    assert list(hits) == ["b", "a", "c"]
    assert hits["c"].flags == ("reopened",)
    assert hits["b"].dated == NOW


def test_without_preferring_only_words_count(base):
    """Switched off, votes and reopening neither order nor mark the hits."""
    hits = first(base, [twin("a", n_reopened=3), twin("b")], approval={"b": 5}, preferring=False)
    assert list(hits) == ["a", "b"]
    assert {hit.flags for hit in hits.values()} == {()}


@pytest.mark.parametrize("votes", [1, 3, 50])
def test_votes_are_worth_less_than_their_bound(row, votes):
    """However many people agree, votes are worth less than ``approval``, for and against alike."""
    weights = PreferenceWeights(approval=1.0, recent=0.0)
    facts = {"product": None, "newest": {}, "weights": weights}
    one = row("a", "x")
    helped, _ = Circumstances.of([one], approval={"a": votes}, **facts).advice(one)
    hindered, _ = Circumstances.of([one], approval={"a": -votes}, **facts).advice(one)
    assert 0.5 <= helped < 1
    assert hindered == -helped


def test_what_fits_better_is_not_overtaken(base: KnowledgeBase):
    """A vote does not put a ticket about something else before the one that answers."""
    base.upsert([solved("P", "Papierstau", "Papierstau im Drucker, Fach 2", "Papier entfernt.", language="de")])
    query = Query(text="Papierstau im Drucker, Fach 2", kinds=("ticket",), approval={"T-1": 9})
    assert base.search(query)[0].id == "P"
