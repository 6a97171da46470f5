"""The label of least expected cost, and what speaks against it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.proposal import cheapest, cost_matrix, propose
from tickets import Taxonomy

TAXONOMY = Taxonomy.builtin()
LEVEL = TAXONOMY["level"]


def test_costs_stand_by_true_label_and_answer() -> None:
    """Rows are what is true, columns what is answered; the reverse of a mistake has its own cost."""
    assert cost_matrix(LEVEL).tolist() == [[0, 10, 20], [15, 0, 10], [40, 15, 0]]


def test_the_dearer_mistake_is_avoided() -> None:
    """With .5 for level 1 and .3 for level 3 the answer is 2: at 1 it costs 15, at 2 9.5, at 3 12 minutes."""
    proposal = propose(TAXONOMY.only(("level",)), {"level": np.array([[0.5, 0.2, 0.3]])})[0]["level"]
    assert (proposal.label, proposal.confidence) == ("2", 0.2)
    assert proposal.cost == pytest.approx(0.5 * 10 + 0.3 * 15)
    assert proposal.doubt is None


def test_equal_costs_leave_the_most_probable_label() -> None:
    """Where all confusions cost the same, the answer is the most probable, and the first among equals."""
    category = TAXONOMY["category"]
    shares = np.random.default_rng(0).dirichlet(np.ones(4), size=500)
    assert (cheapest(category, shares) == shares.argmax(axis=1)).all()
    assert cheapest(category, np.array([[0.1, 0.4, 0.4, 0.1]])).tolist() == [1]


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
def test_no_other_label_costs_less(weights) -> None:
    """Worked out label by label, none is cheaper in expectation than the proposed one."""
    shares = np.array(weights) / sum(weights)
    proposal = propose(TAXONOMY.only(("level",)), {"level": shares[None]})[0]["level"]
    for answered in LEVEL.label_names:
        expected = sum(
            share * LEVEL.cost_of(true=true, answered=answered)
            for true, share in zip(LEVEL.label_names, shares, strict=True)
        )
        assert proposal.cost <= expected + 1e-6


@pytest.mark.parametrize(
    ("shares", "doubt"),
    [((0.46, 0.44, 0.1), "near_tie"), ((0.46, 0.3, 0.24), "low_confidence"), ((0.55, 0.3, 0.15), None)],
)
def test_even_probabilities_are_doubted(shares, doubt) -> None:
    """Two labels nearly equal, or none likely enough, are named whatever they cost."""
    assert propose(TAXONOMY.only(("level",)), {"level": np.array([shares])})[0]["level"].doubt == doubt
