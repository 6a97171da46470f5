"""What becomes of unknown tickets is counted."""

from benchmarks.classification.novelty import Arrived, told

from classifier import Classification, Decision, Prediction, Reason


def classified(*, new: bool) -> Classification:
    """A classification as level 1, called new or not."""
    reasons = (Reason("no_similar_history"),) if new else ()
    return Classification(
        predictions={"level": Prediction({"1": 0.6, "2": 0.4})},
        decision=Decision(action="review", reasons=reasons),
        explanation={},
        evidence=(),
    )


def test_shares_called_new_and_labels_that_were_right_are_told() -> None:
    """Both are shares of the tickets that arrived."""
    answers = [classified(new=True), classified(new=False), classified(new=True)]
    figures = told(Arrived(answers, [{"level": "1"}, {"level": "2"}, {"level": "1"}]))
    assert figures.n_tickets == 3
    assert figures.called_new == 2 / 3
    assert figures.accuracy == {"level": 2 / 3}
    assert told(Arrived([], [])).called_new == 0
