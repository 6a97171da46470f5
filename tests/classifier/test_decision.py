"""From probabilities to an action."""

import pytest

from classifier import Prediction, Promise
from classifier.decision import certainty, decide

PROVEN = Promise(max_error=0.05, confidence=0.95, threshold=0.6, n_tested=300, auto_share=0.4)
NONE = Promise(max_error=0.05, confidence=0.95, threshold=None, n_tested=30, auto_share=0, n_missing=56)


def level(*shares: float) -> Prediction:
    """A prediction of the levels 1, 2, 3."""
    return Prediction(dict(zip("123", shares, strict=True)))


CATEGORY = Prediction({"bug": 0.9, "question": 0.1})


@pytest.mark.parametrize(
    ("shares", "promise", "doubts", "action", "reasons"),
    [
        ((0.8, 0.1, 0.1), PROVEN, (), "auto", []),
        ((2 / 3, 1 / 6, 1 / 6), PROVEN, (), "suggest", [("promise_not_covered", None)]),
        ((0.65, 0.2, 0.15), PROVEN, (), "suggest", [("promise_not_covered", None)]),
        ((0.99, 0.01, 0.0), NONE, (), "suggest", [("no_promise", None)]),
        ((0.46, 0.44, 0.1), PROVEN, (), "review", [("near_tie", "level")]),
        ((0.46, 0.3, 0.24), PROVEN, (), "review", [("low_confidence", "level")]),
        ((0.46, 0.44, 0.1), NONE, (), "review", [("near_tie", "level")]),
        ((0.9, 0.1, 0.0), PROVEN, ("unknown_language",), "review", [("unknown_language", None)]),
        ((0.46, 0.44, 0.1), PROVEN, ("too_short",), "review", [("too_short", None)]),
    ],
)
def test_the_decision_table(shares, promise, doubts, action, reasons) -> None:
    """Each line of the table: doubts before uncertainty, uncertainty before the promise."""
    if shares[0] == 2 / 3:
        shares = (0.6666, 0.1667, 0.1667)  # certainty .59994, just below the threshold
    decision = decide({"level": level(*shares), "category": CATEGORY}, promise, doubts=doubts)
    assert decision.action == action
    assert [(reason.code, reason.target) for reason in decision.reasons] == reasons
    assert decision.labels == {"level": "1", "category": "bug"}


def test_a_certainty_at_the_threshold_is_covered() -> None:
    """The threshold itself was part of the proof."""
    exactly = Promise(max_error=0.05, confidence=0.95, threshold=0.8 * 0.9, n_tested=300, auto_share=0.4)
    assert decide({"level": level(0.8, 0.1, 0.1), "category": CATEGORY}, exactly).action == "auto"


def test_a_ticket_without_text_has_no_labels() -> None:
    """Without words nothing is even suggested."""
    decision = decide({"level": level(0.9, 0.1, 0)}, PROVEN, doubts=("no_text",))
    assert (decision.action, decision.labels) == ("review", {})


def test_every_uncertain_target_is_named() -> None:
    """Two uncertain targets give two reasons, in the taxonomy's order."""
    even = Prediction({"bug": 0.5, "question": 0.5})
    decision = decide({"level": level(0.4, 0.25, 0.35), "category": even}, PROVEN)
    assert [(reason.code, reason.target) for reason in decision.reasons] == [
        ("near_tie", "level"),
        ("near_tie", "category"),
    ]


def test_certainty_is_the_product_of_the_confidences() -> None:
    """Two answers are both right about as often as the product of their confidences says."""
    assert certainty({"level": level(0.5, 0.3, 0.2), "category": CATEGORY}) == pytest.approx(0.45)
