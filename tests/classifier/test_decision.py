"""From proposals to an action."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import Promise
from classifier.decision import decide
from classifier.proof import Promises, certainty
from classifier.proposal import Proposal, propose
from tickets import Taxonomy

TAXONOMY = Taxonomy.parse(
    """
    [[target]]
    name = "level"
    labels = ["1", "2", "3"]
    default_cost = 10
    [[target]]
    name = "category"
    labels = ["bug", "question"]
    default_cost = 10
    """,
    source="test",
)


def promise(threshold: float | None) -> Promise:
    """A promise with that threshold."""
    return Promise(max_error=0.05, confidence=0.95, threshold=threshold, n_tested=300, n_problems=300, auto_share=0.4)


def promises(
    joint: float | None, level: float | None = None, category: float | None = None, labels: str = "123"
) -> Promises:
    """What a model has proven that was tested on these levels."""
    return Promises(
        joint=promise(joint),
        single={"level": promise(level), "category": promise(category)},
        labels={"level": frozenset(labels), "category": frozenset({"bug", "question"})},
    )


def proposals(*level: float, bug: float = 0.9) -> dict[str, Proposal]:
    """The proposals for one ticket with these probabilities of the levels 1, 2, 3."""
    [one] = propose(TAXONOMY, {"level": np.array([level]), "category": np.array([[bug, 1 - bug]])})
    return one


def decided(shares, proven: Promises, doubts=(), review_cost: float = 5.0):
    """Action and reasons."""
    decision = decide(proposals(*shares), proven, review_cost=review_cost, doubts=doubts)
    assert decision.labels == {"level": "1", "category": "bug"}
    return decision.action, [(reason.code, reason.target) for reason in decision.reasons]


@pytest.mark.parametrize(
    ("shares", "proven", "doubts", "action", "reasons"),
    [
        ((0.8, 0.1, 0.1), promises(0.6), (), "auto", []),
        ((0.6666, 0.1667, 0.1667), promises(0.6), (), "suggest", [("promise_not_covered", None)]),
        ((0.99, 0.01, 0.0), promises(None), (), "suggest", [("no_promise", None)]),
        ((0.99, 0.01, 0.0), promises(0.6, labels="23"), (), "suggest", [("label_not_covered", "level")]),
        ((0.46, 0.44, 0.1), promises(0.1), (), "review", [("near_tie", "level")]),
        ((0.46, 0.3, 0.24), promises(0.1), (), "review", [("low_confidence", "level")]),
        ((0.46, 0.44, 0.1), promises(None), (), "review", [("near_tie", "level")]),
        ((0.9, 0.1, 0.0), promises(0.6), ("unknown_language",), "review", [("unknown_language", None)]),
        ((0.46, 0.44, 0.1), promises(0.6), ("too_short",), "review", [("too_short", None)]),
    ],
)
def test_the_decision_table(shares, proven, doubts, action, reasons) -> None:
    """Each line of the table: doubts before uncertainty, uncertainty before the promise."""
    assert decided(shares, proven, doubts) == (action, reasons)


def test_asking_is_cheaper_than_a_dear_risk() -> None:
    """An answer that the promise covers goes to a person where its expected cost, 2 + 1, is above that of asking."""
    assert decided((0.8, 0.1, 0.1), promises(0.6), review_cost=3.1) == ("auto", [])
    assert decided((0.8, 0.1, 0.1), promises(0.6), review_cost=2.9) == ("suggest", [("asking_is_cheaper", None)])


def test_a_certainty_at_the_threshold_is_covered() -> None:
    """The threshold itself was part of the proof."""
    assert decided((0.8, 0.1, 0.1), promises(0.8 * 0.9)) == ("auto", [])


def test_a_ticket_without_text_has_no_labels() -> None:
    """Without words nothing is even suggested."""
    decision = decide(proposals(0.9, 0.1, 0), promises(0.6, 0.6, 0.6), review_cost=5, doubts=("no_text",))
    assert (decision.action, decision.labels, decision.certain) == ("review", {}, ())


def test_every_uncertain_target_is_named() -> None:
    """Two uncertain targets give two reasons, in the taxonomy's order."""
    decision = decide(proposals(0.4, 0.25, 0.35, bug=0.5), promises(0.1), review_cost=5)
    assert [(reason.code, reason.target) for reason in decision.reasons] == [
        ("near_tie", "level"),
        ("near_tie", "category"),
    ]


@pytest.mark.parametrize(
    ("shares", "bug", "proven", "action", "certain"),
    [
        ((0.9, 0.1, 0.0), 0.7, promises(0.8, 0.85, 0.85), "suggest", ("level",)),
        ((0.9, 0.1, 0.0), 0.52, promises(None, 0.85, 0.85), "review", ("level",)),
        ((0.9, 0.1, 0.0), 0.9, promises(None, 0.85, None), "suggest", ("level",)),
        ((0.9, 0.1, 0.0), 0.9, promises(0.7, 0.85, 0.85), "auto", ("level", "category")),
        ((0.9, 0.1, 0.0), 0.9, promises(None, 0.85, 0.95, labels="23"), "suggest", ()),
    ],
)
def test_a_part_of_the_answer_can_be_certain(shares, bug, proven, action, certain) -> None:
    """Level certain, category open: each target is measured by its own promise, tested labels and doubt."""
    decision = decide(proposals(*shares, bug=bug), proven, review_cost=5)
    assert (decision.action, decision.certain) == (action, certain)


@given(
    st.lists(st.floats(0.01, 1), min_size=3, max_size=3),
    st.floats(0.01, 0.99),
    st.sampled_from([promises(None), promises(0.3, 0.5), promises(0.6, labels="2"), promises(0.1, None, 0.9)]),
    st.floats(0, 20),
)
def test_whatever_is_not_automatic_says_why(weights, bug, proven, review_cost) -> None:
    """An action without a reason is automatic, and one with a reason is not."""
    level = [weight / sum(weights) for weight in weights]
    decision = decide(proposals(*level, bug=bug), proven, review_cost=review_cost)
    assert (decision.action == "auto") == (not decision.reasons)


def test_certainty_is_the_product_of_the_labels_probabilities() -> None:
    """Two answers are both right about as often as the product of their probabilities says."""
    assert certainty(proposals(0.5, 0.3, 0.2)) == pytest.approx(0.45)
