"""Unknown tickets are told from known ones."""

import pytest
from benchmarks.classification.novelty import Arrived, compared

from classifier import Classification, Decision, Prediction, Reason, Resemblance


def classified(score: float | None, *, new: bool) -> Classification:
    """A classification as level 1 with one similar ticket of that score, or none."""
    shown = () if score is None else (Resemblance(id="a", title="", labels={}, score=score),)
    reasons = (Reason("no_similar_history"),) if new else ()
    return Classification(
        predictions={"level": Prediction({"1": 0.6, "2": 0.4})},
        decision=Decision(action="review", reasons=reasons),
        explanation={},
        evidence=shown,
    )


def test_rates_and_area_are_those_of_the_two_sides() -> None:
    """A ticket without any similar one counts as least alike."""
    unknown = Arrived(
        [classified(0.1, new=True), classified(0.6, new=False), classified(None, new=True)],
        [{"level": "1"}, {"level": "2"}, {"level": "1"}],
    )
    known = Arrived([classified(score, new=False) for score in (0.5, 0.9, 0.7)], [{"level": "1"}] * 3)
    figures = compared(unknown, known)
    assert figures.n_tickets == 3
    assert figures.called_new == 2 / 3
    assert figures.auc == pytest.approx(8 / 9)  # of nine pairs one stands the wrong way round
    assert figures.accuracy == {"level": 2 / 3}


def test_known_tickets_are_not_compared_with_themselves() -> None:
    """There is no area under that curve."""
    known = Arrived([classified(0.5, new=False)], [{"level": "1"}])
    assert compared(known, known).auc is None
