"""Waiting tickets, and who among them says the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from knowledge import OpenTickets, Waiting, terms_of
from knowledge import open_tickets as room
from tickets import Ticket

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TICKET = Ticket(
    id="1",
    subject="Etikettendrucker druckt leere Seiten",
    body="Seit dem Update heute früh kommen aus dem Drucker im Versand nur noch leere Etiketten.",
)
OTHER = Ticket(
    id="2", subject="VPN", body="Die Einwahl bricht nach zehn Minuten ab, im Homeoffice ebenso wie im Hotel."
)


@pytest.fixture
def waiting() -> OpenTickets:
    """Two tickets that wait."""
    tickets = OpenTickets()
    for minutes, ticket in enumerate((TICKET, OTHER)):
        when = NOON + timedelta(minutes=minutes)
        tickets.add(Waiting(id=f"c_{ticket.id}", ticket_id=ticket.id, time=when), terms_of(ticket))
    return tickets


def found(tickets, ticket, **options):
    return [(one.waiting.id, round(one.score, 2)) for one in tickets.near(terms_of(ticket), limit=5, **options)]


def test_a_copy_is_found_and_nothing_else(waiting):
    """The same words find their ticket with a score of 1, whatever their case and spaces; others are not found."""
    assert found(waiting, replace(TICKET, subject=TICKET.subject.upper())) == [("c_1", 1.0)]
    assert (
        found(waiting, Ticket(body="Bitte ein neues Kennwort für das Zeiterfassungsterminal in Halle 4 setzen")) == []
    )


def test_a_forwarded_copy_is_found(waiting):
    """A greeting, a signature and a mark in the subject do not hide a copy."""
    body = f"Hallo zusammen,\n\n{TICKET.body}\n\nMit freundlichen Grüßen\nM. Albers"
    ((name, score),) = found(waiting, Ticket(id="9", subject=f"WG: {TICKET.subject}", body=body))
    assert name == "c_1"
    assert score > 0.9


def test_what_is_left_out_is_not_found(waiting):
    """A classification named is not found."""
    assert found(waiting, TICKET, but={"c_1"}) == []


def test_few_words_are_no_copy(waiting):
    """A ticket of four words is like too many others."""
    short = Ticket(body="Drucker geht nicht")
    waiting.add(Waiting(id="c_3", ticket_id="3", time=NOON), terms_of(short))
    assert found(waiting, short) == []
    assert found(waiting, Ticket()) == []


def test_the_oldest_of_equal_copies_comes_first(waiting):
    """What was sent first is named first, and no more than asked for."""
    waiting.add(Waiting(id="c_0", ticket_id="0", time=NOON - timedelta(days=1)), terms_of(TICKET))
    assert [one.waiting.id for one in waiting.near(terms_of(TICKET), limit=1)] == ["c_0"]
    assert [name for name, _ in found(waiting, TICKET)] == ["c_0", "c_1"]


def test_what_came_too_long_ago_is_let_go(waiting, monkeypatch):
    """Old tickets are not found any more, before and after the index is made anew; adding twice counts once."""
    for limit in (1_000, 0):
        monkeypatch.setattr(room, "_DROPPED_BEFORE_REBUILD", limit)
        waiting.drop_before(NOON + timedelta(seconds=30))
        assert len(waiting) == 1
        assert found(waiting, TICKET) == []
        assert found(waiting, OTHER) == [("c_2", 1.0)]
        waiting.add(Waiting(id="c_2", ticket_id="2", time=NOON), terms_of(OTHER))
        assert len(waiting) == 1
