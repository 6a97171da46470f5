"""Tickets told again almost as they were."""

import random

import pytest
from benchmarks.knowledge.near_copies import KINDS, near_copy

from tickets import Ticket

TICKET = Ticket(
    id="T-1",
    subject="Drucker 4 im Lager",
    body="Seit heute 7 Uhr kommen nur leere Etiketten. Die Kollegen warten auf Versandpapiere. Bitte dringend helfen.",
    language="de",
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_has_an_id_of_its_own_and_is_the_same_each_time(kind):
    """The same chance makes the same copy, which differs from its original."""
    copies = [near_copy(TICKET, kind, random.Random(3)) for _ in range(2)]
    assert copies[0] == copies[1]
    assert copies[0].id != TICKET.id
    assert (copies[0].subject, copies[0].body) != (TICKET.subject, TICKET.body)


def test_a_mistyped_copy_keeps_every_letter():
    """Letters change places within words, none is lost."""
    copy = near_copy(TICKET, "mistyped", random.Random(3))
    assert sorted(copy.body) == sorted(TICKET.body)
    assert [len(word) for word in copy.body.split()] == [len(word) for word in TICKET.body.split()]


def test_a_shortened_copy_lacks_one_sentence():
    """Two of three sentences stay, as they were."""
    copy = near_copy(TICKET, "shortened", random.Random(3))
    assert len(copy.body) < len(TICKET.body)
    assert all(sentence in TICKET.body for sentence in copy.body.split(". "))
