"""Searching: what is found, filtered, left out, shown, and survived."""

import numpy as np
import pytest

from knowledge import Channel, FilterError, KindError, KnowledgeBase, Query, QueryError, QueryVectorError
from tickets import SolvedTicket, Ticket


def ids(hits):
    return [hit.id for hit in hits]


def test_words_find_compounds_inflections_and_spellings(base):
    """Druckers finds Netzwerkdrucker, passwords password; the first hit says so."""
    for text, expected in (("Druckers", "KB-2"), ("Firmware des Scanner", "T-1"), ("passwords", "KB-3")):
        hits = base.search(Query(text=text, kinds=("article",) if expected.startswith("KB") else ("ticket",)))
        assert hits[0].id == expected
        assert Channel("words", 1) in hits[0].why
        assert "<mark>" in hits[0].snippet


def test_a_ticket_is_searched_by_its_subject_and_body(base):
    """A ticket finds the article on its problem and the ticket solved before, both kinds in one list."""
    ticket = Ticket(subject="Mailbox locked", body="I forgot the mailbox password and it is locked", language="en")
    hits = base.search(Query(ticket=ticket))
    assert set(ids(hits)[:2]) == {"KB-3", "T-2"}
    assert {hit.kind for hit in hits[:2]} == {"article", "ticket"}


def test_a_tickets_product_is_among_the_words_it_searches_by(base):
    """The same words about another product find that product's article."""
    for product, expected in (("VPN", "KB-1"), ("Drucker", "KB-2")):
        ticket = Ticket(subject="Hilfe", body="Es geht seit heute früh nicht mehr.", language="de", product=product)
        assert base.search(Query(ticket=ticket, kinds=("article",)))[0].id == expected


def test_a_hit_carries_what_a_desk_needs(base):
    """A ticket shows its resolution, labels, product, customer and language; an article its address."""
    hit = base.search(Query(text="Scanner liest keine Etiketten", kinds=("ticket",)))[0]
    assert (hit.kind, hit.id, hit.title) == ("ticket", "T-1", "Störung im Lager")
    assert hit.resolution == "Firmware des Scanners aktualisiert."
    assert dict(hit.labels) == {"level": "2", "category": "bug"}
    assert (hit.product, hit.customer, hit.language, hit.url) == ("Scanner", "Nordlicht Logistik", "de", None)
    article = base.search(Query(text="Zertifikat abgelaufen", kinds=("article",)))[0]
    assert (article.id, article.url, article.resolution) == ("KB-1", "https://wiki.example/vpn", None)


def test_a_resolution_finds_its_ticket(base):
    """Words that stand only in a resolution find the ticket and are marked in its snippet."""
    hit = base.search(Query(text="Firmware aktualisieren", kinds=("ticket",)))[0]
    assert hit.id == "T-1"
    assert "<mark>Firmware</mark>" in hit.snippet


def test_a_log_finds_the_ticket_of_the_same_fault_in_any_language(base):
    """Exception and frames find it first and say so, whatever else was written, and another's frames do not."""
    log = "java.lang.NullPointerException: id {n}\n  at a.Cart.{act}(Cart.java:{n})\n  at a.Shell.run(Shell.java:{n})"
    for number, act in enumerate(("load", "store", "merge", "close")):
        body = f"Die Kasse steht, bitte um Hilfe.\n{log.format(n=number, act=act)}"
        base.upsert([SolvedTicket(ticket=Ticket(id=act, subject="Kasse", body=body, language="de"), labels={})])
    ticket = Ticket(subject="Till", body=f"It stopped.\n{log.format(n=77, act='merge')}", language="en")
    hits = base.search(Query(ticket=ticket, kinds=("ticket",)))
    assert hits[0].id == "merge"
    assert hits[0].why[0] == Channel("signature", 1)
    assert ids(base.search(Query(text=log.format(n=8, act="close"))))[0] == "close"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": "article"}, {"KB-1", "KB-2", "KB-3"}),
        ({"product": "Mail"}, {"KB-3", "T-2"}),
        ({"customer": "O'Neil GmbH"}, {"T-2"}),
        ({"language": "en"}, {"KB-3", "T-2"}),
        ({"level": "2"}, {"T-1"}),
        ({"category": "question", "product": "Mail"}, {"T-2"}),
        ({"product": "mail"}, set()),
    ],
)
def test_filters_are_exact(base, filters, expected):
    """Whatever is asked, exactly the documents equal in every filter are found."""
    assert set(ids(base.search(Query(text="Drucker und Mailbox", filters=filters)))) == expected


def test_excluded_ids_take_no_place(base):
    """Left-out documents make room for the next, down to none."""
    everything = ids(base.search(Query(text="Drucker")))
    assert len(everything) == 6
    without = base.search(Query(text="Drucker", limit=2, exclude=frozenset(everything[:2])))
    assert ids(without) == everything[2:4]
    assert base.search(Query(text="Drucker", exclude=frozenset(everything))) == []


def test_limits_and_scores(base):
    """At most limit hits, each document once, scores in [0, 1] and falling, the same order each time."""
    hits = base.search(Query(text="mailbox password", limit=4))
    assert len(hits) == 4
    assert len(set(ids(hits))) == 4
    scores = [hit.score for hit in hits]
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
    assert ids(base.search(Query(text="mailbox password", limit=2))) == ids(hits)[:2]


def test_an_encoded_query_is_not_encoded_again(base, encoder):
    """Bringing the vector gives the same answer without the encoder."""
    query = Query(text="Drucker einrichten")
    vector = base.encode(query)
    n_encoded = encoder.n_encoded
    assert ids(base.search(Query(text="Drucker einrichten", vector=vector))) == ids(base.search(query))
    assert encoder.n_encoded == n_encoded + 1
    with pytest.raises(QueryVectorError, match="encoder"):
        base.search(Query(text="x", vector=np.ones(3, np.float32)))


def test_words_of_another_language_are_not_trusted(base):
    """An English ticket with the word Portal does not find the German page by words."""
    ticket = Ticket(subject="portal", body="the self-service portal does not open for me", language="en")
    why = {hit.id: [channel.name for channel in hit.why] for hit in base.search(Query(ticket=ticket))}
    assert "words" in why["KB-3"]
    assert why["KB-1"] == ["meaning"]


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_no_words_find_nothing(base, text):
    """An empty query is answered by nothing, without an error."""
    assert base.search(Query(text=text)) == []
    assert base.search(Query(ticket=Ticket(subject=text, body=text))) == []
    assert base.encode(Query(text=text)) is None


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "+:(*",
        "' OR 1=1 --",
        "\x00\ud83d",
        "a" * 1_000_000,
        "wort " * 200_000,
        "NOT AND OR",
        "🙂",
        "%_\\",
        "<mark>",
    ],
)
def test_any_words_are_safe(base, text):
    """Quotes, operators, odd characters and a megabyte are only words."""
    hits = base.search(Query(text=text, ticket=Ticket(body=text)))
    assert len(hits) <= 6


def test_wrong_questions_name_what_is_allowed(base):
    """Unknown filters and kinds name the known ones; a limit of none is refused."""
    with pytest.raises(FilterError, match="product"):
        base.search(Query(text="x", filters={"colour": "red"}))
    with pytest.raises(KindError, match="article or ticket"):
        Query(text="x", kinds=("page",))
    with pytest.raises(QueryError, match="limit"):
        Query(text="x", limit=0)


def test_no_kinds_find_nothing(base: KnowledgeBase):
    """Asking for no kind of document is answered by none."""
    assert base.search(Query(text="Drucker", kinds=())) == []
