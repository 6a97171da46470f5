"""Promises are tried on what they were not proven on."""

import numpy as np
import pytest
from benchmarks.classification.promise import (
    LENIENT,
    STRICT,
    Agreement,
    Routed,
    naive_threshold,
    study,
    threshold,
    tried,
)


@pytest.fixture(scope="module")
def answers() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Certainties of 1,500 tickets, whether they were wrong as often as these say, and each its own problem."""
    random = np.random.default_rng(7)
    certainty = random.beta(4, 1, 1_500)
    return certainty, random.random(1_500) > certainty, np.arange(1_500)


def test_the_naive_threshold_keeps_the_error_where_it_was_chosen() -> None:
    """It is the lowest certainty at which the tickets at hand are wrong no more often than agreed."""
    certainty = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    wrong = np.array([False, False, True, False, True])
    quarter = Agreement(max_error=0.25, confidence=0.9)
    assert naive_threshold(certainty, wrong, quarter) == 0.6
    assert naive_threshold(certainty, np.ones(5, bool), quarter) == np.inf


def test_the_naive_threshold_never_parts_equals() -> None:
    """Tickets of the same certainty are routed together, so they are counted together."""
    certainty = np.array([0.9, 0.8, 0.8])
    assert naive_threshold(certainty, np.array([False, False, True]), LENIENT) == 0.9


def test_sure_and_wrong_answers_prove_nothing(answers) -> None:
    """Where every answer is wrong there is no threshold, and nothing is routed."""
    certainty, wrong, problems = answers
    assert threshold(certainty, np.ones_like(wrong), problems, STRICT, seed=0) == np.inf
    assert tried(certainty, np.ones_like(wrong), problems, STRICT) == Routed(share=0.0, error=None)


def test_right_answers_are_routed(answers) -> None:
    """Where hardly an answer is wrong most are routed, without error."""
    certainty, wrong, problems = answers
    routed = tried(certainty, np.zeros_like(wrong), problems, LENIENT)
    assert routed.share > 0.5
    assert routed.error == 0.0


def test_siblings_are_no_new_proof() -> None:
    """Forty tickets of four problems prove no more than four tickets."""
    certainty = np.full(40, 0.99)
    assert threshold(certainty, np.zeros(40, bool), np.repeat(np.arange(4), 10), LENIENT, seed=0) == np.inf
    assert threshold(certainty, np.zeros(40, bool), np.arange(40), LENIENT, seed=0) < 1


def test_the_proof_is_broken_less_often_than_the_naive_threshold(answers) -> None:
    """The naive threshold breaks about half of its promises, the proven one few, and routes less for it."""
    told = study(*answers, LENIENT)
    assert told["max_error"] == 0.10
    assert told["proven"]["broken"] <= 0.2
    assert told["naive"]["broken"] > 0.35
    assert 0 < told["proven"]["mean_auto_share"] < told["naive"]["mean_auto_share"]
    assert told["naive"]["without_any"] == 0.0
