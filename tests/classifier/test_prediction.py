"""Calibrated probabilities for one target."""

import pytest

from classifier import Prediction


def test_label_confidence_and_lead() -> None:
    """The most probable label, its probability, and its distance to the second."""
    prediction = Prediction({"1": 0.2, "2": 0.5, "3": 0.3})
    assert (prediction.label, prediction.confidence) == ("2", 0.5)
    assert prediction.lead == pytest.approx(0.2)


def test_the_first_of_equals_is_answered() -> None:
    """A tie goes to the taxonomy's first label, always."""
    assert Prediction({"1": 0.4, "2": 0.4, "3": 0.2}).label == "1"
    assert Prediction({"1": 0.4, "2": 0.4, "3": 0.2}).lead == 0
