"""Which tickets are worth labelling."""

import numpy as np
import pytest

from classifier import unsure, worth_labelling
from tickets import Ticket


def tickets(*words: str) -> list[Ticket]:
    """Tickets of these words."""
    return [Ticket(body=one) for one in words]


def test_a_tie_is_unsure_and_a_certain_answer_is_not() -> None:
    """The margin between the two most probable labels, mean of the targets."""
    shares = {"level": np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]), "category": np.array([[0.4, 0.6], [0.0, 1.0]])}
    assert unsure(shares).tolist() == pytest.approx([0.9, 0.0])


def test_the_unsurest_comes_first_and_a_copy_of_it_last() -> None:
    """What says the same as one that was taken teaches nothing more, however unsure the model is of it."""
    pool = tickets("Drucker druckt leere Seiten", "Drucker druckt leere Seiten", "Passwort vergessen seit Montag")
    assert worth_labelling(pool, np.array([0.9, 0.9, 0.3]), [], n_wanted=3) == [0, 2, 1]


def test_what_was_told_before_is_not_asked_again() -> None:
    """A ticket like a labelled one comes after one that is new."""
    pool, told = tickets("Drucker druckt leere Seiten", "Scanner piept"), tickets("Drucker druckt leere Seiten")
    assert worth_labelling(pool, np.array([0.9, 0.2]), told, n_wanted=1) == [1]


@pytest.mark.parametrize("n_wanted", [0, 2, 9])
def test_no_ticket_twice_and_no_more_than_there_are(n_wanted: int) -> None:
    """Also where tickets have no words."""
    pool = tickets("", "", "a b c")
    rows = worth_labelling(pool, np.array([0.5, 0.5, 0.5]), [], n_wanted=n_wanted)
    assert len(rows) == len(set(rows)) == min(n_wanted, 3)
