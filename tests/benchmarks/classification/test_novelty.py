"""Unknown desks are told from known ones."""

import pytest
from benchmarks.classification.novelty import compared

from classifier import Classification, Decision, Prediction, Reason, Resemblance


def classified(score: float | None, *, new: bool, confidence: float = 0.6) -> Classification:
    """A classification with one similar ticket of that score, or none."""
    shown = () if score is None else (Resemblance(id="a", title="", labels={}, score=score),)
    reasons = (Reason("no_similar_history"),) if new else ()
    return Classification(
        predictions={"level": Prediction({"1": confidence, "2": 1 - confidence})},
        decision=Decision(action="review", reasons=reasons),
        explanation={},
        evidence=shown,
    )


def test_rates_and_area_are_those_of_the_two_sides() -> None:
    """A ticket without any similar one counts as least alike."""
    unknown = [classified(0.1, new=True), classified(0.6, new=False), classified(None, new=True)]
    known = [classified(0.5, new=False), classified(0.9, new=True), classified(0.7, new=False, confidence=0.9)]
    figures = compared(unknown, known)
    assert figures.n_tickets == 3
    assert figures.called_new_of_unknown_desk == 2 / 3
    assert figures.called_new_of_known_desk == 1 / 3
    assert figures.auc_best_resemblance == pytest.approx(8 / 9)  # of nine pairs one stands the wrong way round
    assert figures.auc_certainty == pytest.approx((6 * 0.5 + 3) / 9)
