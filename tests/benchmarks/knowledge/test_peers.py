"""Peers are asked and judged as the knowledge base is."""

import pytest
from benchmarks.knowledge.peers import Peer, analysed_bm25, plain_bm25
from benchmarks.knowledge.search import _together

from knowledge import Article, Judgement, Query, evaluate_search
from tickets import Solution, SolvedTicket, Ticket

DOCUMENTS = (
    Article(id="KB-1", title="Netzwerkdrucker einrichten", body="Den Treiber laden.", language="de"),
    Article(id="KB-2", title="VPN", body="Das Zertifikat erneuern.", language="de"),
    SolvedTicket(
        ticket=Ticket(id="T-1", subject="VPN tot", body="Die Einwahl geht nicht."),
        solution=Solution(resolution="Zertifikat erneuert."),
    ),
)


@pytest.mark.parametrize(("fit", "finds_compounds"), [(plain_bm25, False), (analysed_bm25, True)])
def test_bm25_finds_words_and_analysed_bm25_their_parts(fit, finds_compounds):
    """A word stands in both; a part of a compound only in the analysed one; nothing in common is nothing found."""
    peer = Peer(DOCUMENTS, fit)
    assert [hit.id for hit in peer.search(Query(text="Zertifikat", kinds=("article",)))] == ["KB-2"]
    assert [hit.id for hit in peer.search(Query(text="Drucker"))] == (["KB-1"] if finds_compounds else [])
    assert peer.search(Query(text="Kaffeemaschine")) == []


def test_kinds_and_exclusions_are_kept():
    """What was left out is not found, nor what is of another kind."""
    peer = Peer(DOCUMENTS, plain_bm25)
    asked = Ticket(subject="VPN", body="Zertifikat")
    assert {hit.id for hit in peer.search(Query(ticket=asked))} == {"KB-2", "T-1"}
    assert [hit.id for hit in peer.search(Query(ticket=asked, exclude=frozenset({"KB-2"})))] == ["T-1"]
    assert [hit.id for hit in peer.search(Query(ticket=asked, kinds=("ticket",)))] == ["T-1"]


def test_a_peer_is_judged_like_a_knowledge_base():
    """A judgement's own ticket is no hit, and the article counts among articles."""
    judged = Judgement(query=Ticket(body="VPN Zertifikat"), relevant=frozenset({"KB-2"}), id="T-1")
    report = evaluate_search([judged], Peer(DOCUMENTS, plain_bm25))
    assert report.article.ndcg_at_10 == report.all.ndcg_at_10 == 1.0
    assert report.ticket.n_queries == 0


def test_parts_are_put_together_by_their_number_of_queries():
    """One query of three weighs a third."""
    parts = [{"all": {"n_queries": 1, "ndcg_at_10": 1.0}}, {"all": {"n_queries": 2, "ndcg_at_10": 0.25}}]
    assert _together(parts) == {"all": {"n_queries": 3, "ndcg_at_10": 0.5}}
