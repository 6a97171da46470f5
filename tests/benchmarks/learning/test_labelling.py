"""How many labels a way of choosing saves."""

import numpy as np
import pytest
from benchmarks.learning.labelling import Round, by_queue, labels_saved

from tickets import Ticket


def test_labels_saved_are_read_between_two_steps() -> None:
    """What random labelling reaches at 300 is reached halfway between 100 and 200: half of the labels are saved."""
    assert labels_saved([100, 200, 300], [0.1, 0.2, 0.4], [0.2, 0.6, 0.7], 2) == pytest.approx(0.5)


def test_what_is_reached_at_once_and_what_never_is() -> None:
    """At the first step no more can be told than that step; never reached is None."""
    assert labels_saved([100, 200], [0.1, 0.2], [0.3, 0.4], 1) == pytest.approx(0.5)
    assert labels_saved([100, 200], [0.1, 0.2], [0.0, 0.1], 1) is None


def test_the_queue_asks_for_no_ticket_twice() -> None:
    """Its random share and its choice together are as many different tickets as were asked for."""
    tickets = [Ticket(body=f"Fall {i} im Lager") for i in range(30)]
    shares = {"level": np.random.default_rng(0).dirichlet([1, 1, 1], 30)}
    rows = by_queue(Round(tickets, shares, [], np.random.default_rng(0)), 10)
    assert len(rows) == len(set(rows)) == 10
