"""A desk as somebody sees it who is bound to customers."""

from dataclasses import replace
from itertools import chain, combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import Desk, DeskView, Identity, OtherCustomerError, Scope, UnknownDocumentError
from journal import Journal, UnknownClassificationError
from knowledge import Article, Query, QueryError
from tickets import Solution, SolvedTicket, Ticket

CUSTOMERS = ("Nord", "Süd", "O'Neil GmbH")
OWNERS = {f"T-{n}": customer for n, customer in enumerate((*CUSTOMERS, None) * 3)}
ARTICLES = {"KB-1": None, "A-Süd": "Süd"}
WORDS = "Etikettendrucker im Versand druckt nach dem Update nur noch leere Seiten"
SUBSETS = tuple(map(frozenset, chain.from_iterable(combinations(CUSTOMERS, n) for n in range(4))))
VISIBLE = {
    whose: {id_ for id_, owner in OWNERS.items() if owner in whose}
    | {id_ for id_, owner in ARTICLES.items() if owner is None or owner in whose}
    for whose in SUBSETS
}


def solved(id_: str, customer: str | None, words: str = WORDS) -> SolvedTicket:
    """A solved ticket; all of them say and offer the same, so that each search could find each."""
    ticket = Ticket(id=id_, subject="Drucker", body=words, language="de", product="Versand", customer=customer)
    return SolvedTicket(
        ticket=ticket,
        labels={"level": "1", "category": "bug"},
        solution=Solution(resolution="Druckertreiber neu zugeordnet, Etiketten kommen wieder.", article_id="KB-1"),
        problem=f"{customer}",
    )


def bound(desk: Desk, *customers: str) -> DeskView:
    """What a key that is bound to these customers sees."""
    return DeskView(desk, Identity(actor="key:x", scopes=frozenset(Scope), customers=frozenset(customers)))


@pytest.fixture
def desk(opened) -> Desk:
    """A desk with tickets of three customers and of nobody, and an article."""
    desk = opened()
    shared = Article(id="KB-1", title="Leere Etiketten", body=WORDS, language="de", product="Versand")
    desk.documents.put([shared, replace(shared, id="A-Süd", customer="Süd")])
    desk.documents.put([solved(id_, customer) for id_, customer in OWNERS.items()])
    return desk


QUERIES = [
    Query(text=text, kinds=kinds, filters=filters, limit=limit, grouping=grouping, preferring=preferring)
    for text, kinds, filters, limit, grouping, preferring in product(
        (WORDS, "Drucker T-1 Nord Süd"),
        (("article", "ticket"), ("ticket",), ("article",)),
        ({}, {"customer": list(CUSTOMERS)}, {"customer": "Süd"}, {"level": "1"}, {"product": "Versand"}),
        (1, 100),
        (True, False),
        (True,),
    )
]


@pytest.mark.parametrize("whose", SUBSETS, ids=lambda whose: "+".join(sorted(whose)) or "nobody")
def test_no_search_finds_what_is_others(desk, whose):
    """Whatever is asked, each id in the answer, similar ones too, is of one's own customers or an article."""
    view = bound(desk, *whose)
    seen: set[str] = set()
    for query in QUERIES:
        for hit in view.search(query).hits:
            assert {hit.id, *hit.similar} <= VISIBLE[whose]
            assert hit.customer in {None, *whose}
            assert hit.n_similar == len(hit.similar)
            seen |= {hit.id, *hit.similar}
    assert seen == VISIBLE[whose]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    whose=st.sampled_from(SUBSETS),
    words=st.one_of(st.text(max_size=40), st.sampled_from([WORDS, *OWNERS, *CUSTOMERS])),
    name=st.sampled_from(["customer", "product", "level", "kind", "since", "article_id", "queue"]),
    value=st.one_of(st.sampled_from([*CUSTOMERS, "Versand", "2020-01-01", "ticket", "KB-1"]), st.text(max_size=20)),
)
def test_no_filter_leads_around(desk, whose, words, name, value):
    """No words and no filter, however written, find a ticket of another customer."""
    try:
        query = Query(text=words, filters={name: value}, limit=100)
    except QueryError:
        return
    for hit in bound(desk, *whose).search(query).hits:
        assert {hit.id, *hit.similar} <= VISIBLE[whose]


def test_a_filter_that_only_others_know_tells_nothing(desk):
    """A name that no own document has is answered with nothing found, whether or not others have it."""
    desk.documents.put([replace(solved("T-99", "Süd"), labels={"queue": "secret"})])
    for name in ("queue", "never_heard_of"):
        assert bound(desk, "Nord").search(Query(text=WORDS, filters={name: "x"})).hits == []


def test_tickets_are_ones_own(desk):
    """A ticket of another customer is refused, one that names none is taken for the only customer's."""
    ticket = Ticket(id="9", body=WORDS)
    for customer in ("Süd", "nord", "Nord "):
        for act in (bound(desk, "Nord").classify, bound(desk, "Nord").duplicates):
            with pytest.raises(OtherCustomerError, match="Nord"):
                act(replace(ticket, customer=customer))
    with pytest.raises(OtherCustomerError, match="Nord, Süd"):
        bound(desk, "Nord", "Süd").classify(ticket)
    answer = bound(desk, "Nord").classify(ticket)
    assert desk.customer_of(answer.id) == "Nord"


def test_a_batch_with_a_foreign_ticket_is_not_classified_at_all(desk, settings):
    """Nothing of it is remembered."""
    tickets = [Ticket(id="a", body=WORDS, customer="Nord"), Ticket(id="b", body=WORDS, customer="Süd")]
    with pytest.raises(OtherCustomerError):
        bound(desk, "Nord").classify_many(tickets)
    with Journal.open(settings.journal) as journal:
        assert journal.counts().decisions == 0


def test_duplicates_are_ones_own(desk):
    """An open ticket of another customer is no duplicate, however many there are; whoever is bound to none sees all."""
    for n in range(60):
        desk.classify(Ticket(id=f"s{n}", body=WORDS, customer="Süd"))
    desk.classify(Ticket(id="n", body=WORDS, customer="Nord"))
    asked = Ticket(id="new", body=WORDS, customer="Nord")
    assert [one.ticket_id for one in bound(desk, "Nord").duplicates(asked).duplicates] == ["n"]
    assert [one.ticket_id for one in bound(desk, "Nord").classify(asked).duplicates] == ["n"]
    assert len(desk.duplicates(asked).duplicates) == 5


@pytest.mark.slow
def test_evidence_is_ones_own(shelf, opened, small_history):
    """Of the solved tickets that resemble one, those of other customers and unknown ones are not named."""
    desk = opened()
    asked = next(one.ticket for one in small_history if len(desk.classify(replace(one.ticket, id="x")).evidence) >= 2)
    mine, other = (one.id for one in desk.classify(asked).evidence[:2])
    desk.documents.put([solved(mine, "Nord"), solved(other, "Süd")])
    asked = replace(asked, customer="Nord")
    assert [one.id for one in bound(desk, "Nord").classify(asked).evidence] == [mine]
    assert {mine, other} <= {one.id for one in desk.classify(asked).evidence}


def test_corrections_are_for_ones_own_tickets(desk, settings):
    """A classification of another customer's ticket is unknown, as one that was never made."""
    theirs = desk.classify(Ticket(id="s", body=WORDS, customer="Süd")).id
    nobodys = desk.classify(Ticket(id="x", body=WORDS)).id
    own = bound(desk, "Nord").classify(Ticket(id="n", body=WORDS)).id
    messages = set()
    for id_ in (theirs, nobodys, "c_never"):
        with pytest.raises(UnknownClassificationError) as error:
            bound(desk, "Nord").correct(id_, {"level": "1"})
        messages.add(str(error.value).replace(id_, "ID"))
    assert len(messages) == 1
    bound(desk, "Nord").correct(own, {"level": "1"})
    with Journal.open(settings.journal) as journal:
        assert [one.classification_id for one in journal.corrections()] == [own]


def test_votes_are_for_what_is_seen(desk):
    """A document of another customer is unknown; own ones and articles take votes."""
    for id_ in ("T-1", "T-3", "A-Süd", "never"):
        with pytest.raises(UnknownDocumentError):
            bound(desk, "Nord").vote(WORDS, id_, helpful=True)
    for id_ in ("T-0", "KB-1"):
        bound(desk, "Nord").vote(WORDS, id_, helpful=True)


def test_documents_of_others_are_neither_put_nor_replaced_nor_removed(desk):
    """Only documents of one's own customers change; articles that all read do not."""
    view, before = bound(desk, "Nord"), desk.documents.count()
    refused = [
        [solved("T-100", "Süd")],
        [solved("T-100", None)],
        [solved("T-1", "Nord")],
        [solved("T-3", "Nord")],
        [solved("T-100", "Nord"), solved("T-101", "Süd")],
        [Article(id="KB-9", title="x", body="y")],
        [Article(id="KB-1", title="x", body="y")],
        [Article(id="KB-1", title="x", body="y", customer="Nord")],
        [Article(id="A-Süd", title="x", body="y", customer="Nord")],
    ]
    for documents in refused:
        with pytest.raises(OtherCustomerError, match="Nord"):
            view.put(documents)
    for id_ in ("T-1", "T-3", "A-Süd", "never"):
        with pytest.raises(UnknownDocumentError):
            view.remove(id_, actor="test")
    with pytest.raises(OtherCustomerError):
        view.remove("KB-1", actor="test")
    assert desk.documents.count() == before
    assert view.put([solved("T-100", "Nord"), solved("T-0", "Nord", "neu gesagt")]).ticket.added == 1
    assert view.put([Article(id="A-Nord", title="x", body="y", customer="Nord")]).article.added == 1
    view.remove("A-Nord", actor="test")
    view.remove("T-100", actor="test")
    assert desk.documents.count() == before


def test_gaps_are_in_ones_own_tickets(desk):
    """What is worked out for a customer counts and names their tickets alone."""
    places = {customer: f"Halle {n}" for n, customer in enumerate(CUSTOMERS)}
    topics = ("VPN Zertifikat abgelaufen", "Postfach voll Outlook", "Handscanner Barcode defekt", "Kasse bucht doppelt")
    documents = [Article(id=f"A-{n}", title=topic, body=f"{topic}: so hilft man") for n, topic in enumerate(topics)]
    for customer in ("Nord", "Süd"):
        for n in range(40):
            one = solved(f"{customer}-{n}", customer, f"{topics[n % 4]}, {places[customer]}, Platz {n}")
            solution = Solution(resolution=f"{topics[n % 4]}: behoben an {n}", article_id=f"A-{n % 4}")
            documents.append(replace(one, solution=solution))
    desk.documents.put(documents)
    answer = bound(desk, "Nord").gaps(limit=100)
    assert answer.n_tickets == 40 + 3
    named = {id_ for gap in answer.gaps for id_ in gap.tickets}
    assert all(id_.startswith("Nord") or OWNERS.get(id_) == "Nord" for id_ in named)
    assert desk.gaps(limit=100).n_tickets == 80 + len(OWNERS)


def test_whoever_is_bound_to_none_sees_all(desk):
    """Without customers a view is the desk itself."""
    view = DeskView(desk, Identity(actor="key:x", scopes=frozenset({Scope.SEARCH})))
    query = Query(text=WORDS, kinds=("ticket",), limit=100, grouping=False)
    assert {hit.id for hit in view.search(query).hits} == set(OWNERS)
