"""Tickets are facts that cannot change, and keep what was learned later apart."""

from dataclasses import FrozenInstanceError, fields

import pytest

from tickets import Solution, SolvedTicket, Ticket


def test_a_ticket_needs_nothing_and_holds_nothing_learned_later():
    """A ticket may be empty, and has no field for labels, resolution or closing."""
    assert Ticket() == Ticket(subject="", body="", id=None)
    learned = {field.name for field in (*fields(SolvedTicket), *fields(Solution))}
    assert learned.isdisjoint(field.name for field in fields(Ticket))


def test_facts_cannot_be_changed():
    """None of the three can be changed after it was made."""
    for fact, name in (
        (Ticket(), "body"),
        (Solution(), "resolution"),
        (SolvedTicket(ticket=Ticket()), "problem"),
    ):
        with pytest.raises(FrozenInstanceError):
            setattr(fact, name, "other")


def test_solved_tickets_do_not_share_their_labels():
    """Each solved ticket without labels has its own empty ones."""
    first, second = SolvedTicket(ticket=Ticket()), SolvedTicket(ticket=Ticket())
    assert first.labels == {}
    assert first.labels is not second.labels
