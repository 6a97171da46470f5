"""What a model must do before anybody's ticket is given to it."""

from dataclasses import replace

import pytest

from classifier import BoundClassifier
from desk.rehearsal import TICKETS, RehearsalError, rehearse


class Distorted(BoundClassifier):
    """A real model whose answers are bent before they are given."""

    def __init__(self, bound: BoundClassifier, bend) -> None:
        self.model, self._bound, self._bend = bound.model, bound, bend

    def classify(self, tickets):
        """The real answers, bent."""
        return [self._bend(answer) for answer in self._bound.classify(tickets)]


def of_level(answer, **shares: float):
    """The answer with other probabilities of the level."""
    level = answer.predictions["level"]
    return replace(
        answer,
        predictions=answer.predictions | {"level": replace(level, probabilities=level.probabilities | shares)},
    )


def broken(_answer):
    """A model whose code fails."""
    raise ZeroDivisionError


@pytest.fixture
def bound(trained_fast) -> BoundClassifier:
    """A model that serves well."""
    return trained_fast.model.bind(None)


def test_a_good_model_passes(bound) -> None:
    """A trained model answers every ticket of the rehearsal, also one without words."""
    rehearse(bound)
    assert len(bound.classify(TICKETS)) == len(TICKETS)


@pytest.mark.parametrize(
    ("bend", "fault"),
    [
        (broken, "raised ZeroDivisionError"),
        (lambda answer: of_level(answer, **{"1": float("nan")}), "no shares"),
        (lambda answer: of_level(answer, **{"1": 0.9, "2": 0.9, "3": 0.9}), "do not add up"),
        (lambda answer: of_level(answer, **{"4": 0.0}), "not the taxonomy's"),
        (lambda answer: replace(answer, predictions={"level": answer.predictions["level"]}), "nothing of category"),
        (lambda answer: replace(answer, explanation={}), "does not explain level"),
    ],
)
def test_a_bad_model_is_refused_with_the_reason(bound, bend, fault) -> None:
    """Whatever a model does that no customer's ticket may meet is named."""
    with pytest.raises(RehearsalError, match=fault):
        rehearse(Distorted(bound, bend))
