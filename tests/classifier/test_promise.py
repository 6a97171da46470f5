"""The promise about tickets that are routed by themselves."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.promise import error_bound, prove

BOUND, CONFIDENCE = 0.1, 0.9


@pytest.mark.parametrize("shape", ["calibrated", "overconfident", "flat"])
def test_the_promise_is_broken_less_often_than_agreed(shape: str) -> None:
    """Of 400 desks at most the agreed tenth (and chance) get a threshold above which more than 10 % are wrong."""
    dice = np.random.default_rng(7)
    population = dice.uniform(0, 1, 200_000)
    error = {
        "calibrated": (1 - population) * 0.5,
        "overconfident": 0.08 + (1 - population) ** 2 * 0.4,
        "flat": np.full_like(population, 0.1001),
    }[shape]
    order = np.argsort(-population)
    true_rate = np.cumsum(error[order]) / np.arange(1, len(order) + 1)
    sorted_certainty = population[order]
    n_broken = n_proven = 0
    for _ in range(400):
        rows = dice.integers(len(population), size=1_000)
        wrong = dice.uniform(size=1_000) < error[rows]
        promise = prove(population[rows], wrong, max_error=BOUND, confidence=CONFIDENCE)
        if promise.threshold is not None:
            n_proven += 1
            n_above = int(np.searchsorted(-sorted_certainty, -promise.threshold, side="right"))
            n_broken += bool(true_rate[n_above - 1] > BOUND)
    # 40 are allowed; two standard deviations of such a count are 12
    assert n_broken <= 40 + 12
    if shape == "calibrated":
        assert n_proven > 300


def test_too_few_tickets_prove_nothing_and_say_how_many_are_missing() -> None:
    """With ten perfect answers nothing is promised; with the missing ones added it is."""
    few = prove(np.linspace(1, 0.5, 10), np.zeros(10, bool), max_error=0.05, confidence=0.95)
    assert (few.threshold, few.auto_share, few.n_tested) == (None, 0.0, 10)
    enough = 10 + few.n_missing
    assert enough == math.ceil(math.log(0.05 / 4) / math.log(0.95))
    proven = prove(np.linspace(1, 0.5, enough), np.zeros(enough, bool), max_error=0.05, confidence=0.95)
    assert proven.threshold == 0.5
    assert (proven.auto_share, proven.n_missing) == (1.0, 0)
    assert prove(np.ones(enough - 1), np.zeros(enough - 1, bool), max_error=0.05, confidence=0.95).n_missing == 1


def test_no_tickets_prove_nothing() -> None:
    """An empty proof is no proof, and no error."""
    promise = prove(np.empty(0), np.empty(0, bool), max_error=0.05, confidence=0.95)
    assert (promise.threshold, promise.auto_share, promise.n_missing) == (None, 0.0, 86)


def test_a_model_that_is_always_wrong_promises_nothing() -> None:
    """However many tickets were tested, wrong answers prove nothing and more tickets would not help."""
    promise = prove(np.linspace(0, 1, 500), np.ones(500, bool), max_error=0.05, confidence=0.95)
    assert (promise.threshold, promise.auto_share, promise.n_missing) == (None, 0.0, 0)


def test_errors_among_the_least_sure_leave_the_sure_ones_automatic() -> None:
    """Where the sure half is right and the rest is wrong, about the sure half is routed."""
    certainty = np.linspace(1, 0, 1_000)
    promise = prove(certainty, certainty < 0.5, max_error=0.05, confidence=0.95)
    assert promise.threshold is not None
    assert 0.4 <= promise.threshold <= 0.55
    assert promise.auto_share == pytest.approx((certainty >= promise.threshold).mean())


def test_one_wrong_answer_at_the_very_top_does_not_end_the_search() -> None:
    """A mistake on the surest ticket of 1,000 costs little of the automatic share."""
    wrong = np.zeros(1_000, bool)
    wrong[0] = True
    promise = prove(np.linspace(1, 0, 1_000), wrong, max_error=0.05, confidence=0.95)
    assert promise.auto_share > 0.9


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=90, max_size=250),
    st.sampled_from([0.05, 0.1, 0.3]),
)
@settings(max_examples=60, deadline=None)
def test_a_looser_bound_never_routes_less(answers, max_error: float) -> None:
    """What is proven at one bound is proven at every looser one, and the tested tickets themselves keep it."""
    certainty = np.array([share for share, _ in answers])
    wrong = np.array([flag and share < 0.7 for share, flag in answers])
    strict = prove(certainty, wrong, max_error=max_error, confidence=0.95)
    loose = prove(certainty, wrong, max_error=max_error + 0.1, confidence=0.95)
    if strict.threshold is not None:
        assert loose.auto_share > 0
        kept = round(strict.auto_share * len(certainty))
        surest = np.argsort(-certainty, kind="stable")[:kept]
        assert wrong[surest].mean() <= max_error


@given(st.integers(1, 400), st.data())
@settings(deadline=None)
def test_the_bound_covers_the_observed_rate(n: int, data) -> None:
    """The bound lies above the observed rate, within [0, 1], and grows with each error."""
    n_wrong = data.draw(st.integers(0, n - 1))
    bound = error_bound(n_wrong, n, risk=0.05)
    assert n_wrong / n < bound <= 1
    assert error_bound(n_wrong + 1, n, risk=0.05) >= bound


def test_the_bound_is_clopper_and_pearson_s() -> None:
    """Known values: no error in 59 is the rule of three's 5 %; all wrong is 1."""
    assert error_bound(0, 59, risk=0.05) == pytest.approx(1 - 0.05 ** (1 / 59))
    # the chance to see 3 or fewer errors of 50 at the bounding rate is the risk
    rate = error_bound(3, 50, risk=0.05)
    chance = sum(math.comb(50, k) * rate**k * (1 - rate) ** (50 - k) for k in range(4))
    assert chance == pytest.approx(0.05)
    assert error_bound(7, 7, risk=0.05) == 1.0
