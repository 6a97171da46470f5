"""What a page gets that people review and read with."""

from dataclasses import replace

import pytest

from journal import DecisionRecord, KeptDocument
from tickets import Ticket


@pytest.fixture
def waiting(desk) -> DecisionRecord:
    """A decision that was sent to review."""
    ticket = Ticket(id="4711", subject="Drucker", body="leer", customer="Nord")
    record = DecisionRecord(id="c_1", ticket=ticket, predictions={}, action="review", model="v2")
    desk.kept.record_decision(record)
    return record


def test_reviews_are_listed_without_a_label_or_a_name(client, waiting):
    """The ticket alone is told, so that whoever labels it does so blindly."""
    answer = client.get("/v1/reviews").json()
    assert answer["n_waiting"] == 1
    (review,) = answer["reviews"]
    assert review.keys() == {"classification_id", "kind", "ticket", "decided_at"}
    assert (review["kind"], review["ticket"]["id"]) == ("review", "4711")


def test_a_ticket_is_opened_as_it_was_decided_last(client, desk, waiting):
    """Its words come back with the decision; an unknown number is a problem that names a cure."""
    desk.kept.record_decision(replace(waiting, id="c_0", ticket=replace(waiting.ticket, id="with/slash")))
    assert client.get("/v1/tickets/4711").json()["classification_id"] == "c_1"
    assert client.get("/v1/tickets/with/slash").json()["ticket"]["body"] == "leer"
    unknown = client.get("/v1/tickets/9")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:stellwerk:problem:unknown-ticket")


def test_documents_are_read_in_full(client, desk):
    """A solved ticket with its resolution; what is not kept is unknown."""
    ticket = {"subject": "Leer", "body": "Etiketten leer", "product": None, "language": "de", "created_at": None}
    content = {"ticket": ticket, "labels": {"level": "1"}, "solution": {"resolution": "Treiber neu"}, "problem": None}
    desk.kept.documents.keep([KeptDocument(kind="ticket", id="T/1", digest="d", content=content)])
    told = client.get("/v1/documents/ticket/T/1").json()
    assert (told["resolution"], told["body"]) == ("Treiber neu", "Etiketten leer")
    assert client.get("/v1/documents/article/T/1").status_code == 404
