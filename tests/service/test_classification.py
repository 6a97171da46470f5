"""What a program gets that sends tickets."""

import json
import logging

import pytest

TICKET = {
    "id": "4711",
    "subject": "Drucker druckt leere Seiten",
    "body": "Seit heute früh, überall.",
    "language": "de",
}


def test_a_ticket_is_classified_and_remembered(client, desk):
    """A ticket is answered with its own id, and its classification is one that can be corrected."""
    answer = client.post("/v1/classifications", json=TICKET)
    assert answer.status_code == 200
    assert answer.json()["ticket_id"] == "4711"
    assert answer.json()["predictions"]["level"]["label"] == "1"
    assert answer.json()["id"] in desk.journal
    assert desk.tickets[0].body == TICKET["body"]


def test_every_field_reaches_the_desk(client, desk):
    """What a ticket says about itself is handed on, the language by its main tag alone."""
    facts = {"channel": "mail", "product": "Versand", "customer": "Nord", "language": "DE-at"}
    client.post("/v1/classifications", json=TICKET | facts)
    ticket = desk.tickets[0]
    assert (ticket.channel, ticket.product, ticket.customer, ticket.language) == (
        "mail",
        "Versand",
        "Nord",
        "de",
    )


@pytest.mark.parametrize("ticket", [{}, {"subject": "", "body": ""}, {"subject": None, "body": " \n"}, {"id": "  "}])
def test_an_empty_ticket_goes_to_review(client, ticket):
    """A ticket without words is answered: review, because there is no text."""
    answer = client.post("/v1/classifications", json=ticket)
    assert answer.status_code == 200
    assert answer.json()["decision"]["action"] == "review"
    assert answer.json()["decision"]["reasons"] == [{"code": "no_text", "target": None}]
    assert answer.json()["ticket_id"] is None


def test_without_a_model_every_ticket_goes_to_review(empty_client):
    """A desk that has learned nothing still answers, and says why it decides nothing."""
    answer = empty_client.post("/v1/classifications", json=TICKET).json()
    assert answer["decision"]["reasons"] == [{"code": "no_model", "target": None}]
    assert answer["model"] is None


def test_a_ticket_of_one_megabyte_is_answered(client, desk):
    """A long ticket is classified, whole."""
    body = "Fehler im Protokoll\n" * 52_500
    assert client.post("/v1/classifications", json={"body": body}).status_code == 200
    assert len(desk.tickets[0].body) == len(body) > 1_000_000


@pytest.mark.parametrize(
    ("sent", "read"), [(r"Hilfe \ud83d", "Hilfe \ufffd"), (r"a\u0000b", "a b"), (r"\ud83d\ude00", "😀")]
)
def test_broken_characters_are_mended(client, desk, sent, read):
    """Half an emoji or a null character, which nothing could keep, do not stop a ticket."""
    headers = {"content-type": "application/json"}
    answer = client.post("/v1/classifications", content=f'{{"body": "{sent}"}}', headers=headers)
    assert answer.status_code == 200
    assert desk.tickets[0].body == read


@pytest.mark.parametrize(
    ("ticket", "field"),
    [
        ({"body": 17}, "body"),
        ({"subject": ["a"]}, "subject"),
        ({"id": {"a": 1}}, "id"),
        ({"body": "x", "titel": "y"}, "titel"),
        ({"id": "7" * 256}, "id"),
    ],
)
def test_unusable_values_are_named(client, desk, ticket, field):
    """A wrong type, an unknown field or an endless id is refused by name, and nothing is remembered."""
    answer = client.post("/v1/classifications", json=ticket)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert not desk.tickets


def test_many_tickets_are_answered_in_order(client):
    """A batch has one answer for each ticket, in the order they were sent."""
    tickets = [{"id": str(n), "body": "x" if n % 2 else ""} for n in range(1_000)]
    answers = client.post("/v1/classifications/batch", json={"tickets": tickets}).json()["classifications"]
    assert [answer["ticket_id"] for answer in answers] == [ticket["id"] for ticket in tickets]
    assert [answer["decision"]["action"] for answer in answers[:2]] == ["review", "suggest"]


@pytest.mark.parametrize("tickets", [[], [{}] * 1_001, None, "x"])
def test_a_batch_has_one_to_a_thousand_tickets(client, desk, tickets):
    """No ticket or too many are refused before any is classified."""
    answer = client.post("/v1/classifications/batch", json={"tickets": tickets})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "tickets"
    assert not desk.tickets


def test_a_fault_in_a_batch_names_its_ticket(client):
    """Which of many tickets is wrong can be read from the field's name."""
    answer = client.post("/v1/classifications/batch", json={"tickets": [{}, {"body": 1}]})
    assert answer.json()["errors"][0]["field"] == "tickets.1.body"


def test_neither_the_log_nor_a_refusal_repeats_the_ticket(client, caplog):
    """A ticket's words stand in no log line and in no problem."""
    with caplog.at_level(logging.DEBUG):
        client.post("/v1/classifications", json={"body": "Geheimnis"})
        refused = client.post("/v1/classifications", json={"subject": ["Geheimnis"], "body": "Geheimnis"})
        client.post(
            "/v1/classifications",
            content=b'{"body": "Geheimnis',
            headers={"content-type": "application/json"},
        )
    assert "Geheimnis" not in caplog.text
    assert "Geheimnis" not in json.dumps(refused.json())


def test_duplicates_are_told_without_classifying(client, desk):
    """A ticket sent before is named; asking remembers nothing."""
    client.post("/v1/classifications", json={"id": "1", "body": "Der Drucker im Lager druckt nur leere Etiketten"})
    answer = client.post("/v1/duplicates", json={"body": "Der Drucker im Lager druckt nur leere Etiketten"})
    assert answer.status_code == 200
    (found,) = answer.json()["duplicates"]
    assert (found["ticket_id"], found["classification_id"], found["score"]) == ("1", "c_1", 1.0)
    assert len(desk.tickets) == 1
