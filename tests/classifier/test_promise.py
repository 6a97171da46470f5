"""The promise about tickets that are routed by themselves."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from classifier.promise import Promise, prove

BOUND, CONFIDENCE = 0.1, 0.9
N_DESKS = 200
N_PROBLEMS = 400


def proven(certainty, wrong, groups=None, *, max_error: float = 0.05, confidence: float = 0.95) -> Promise:
    """The promise on tickets of a problem each, or of the problems given."""
    groups = np.arange(len(certainty)) if groups is None else groups
    return prove(np.asarray(certainty), wrong, groups, max_error=max_error, confidence=confidence, seed=0)


def rate(certainty: np.ndarray, shape: str) -> np.ndarray:
    """How often answers of that certainty are wrong."""
    return {
        "calibrated": (1 - certainty) * 0.5,
        "overconfident": 0.09 + (1 - certainty) * 0.1,
        "at the bound": np.full_like(certainty, BOUND * 1.001),
        "worse when sure": 0.101 + 0.05 * certainty,
    }[shape]


@pytest.mark.parametrize("shape", ["calibrated", "overconfident", "at the bound", "worse when sure"])
@pytest.mark.parametrize("siblings", [1, 3])
def test_the_promise_is_broken_no_more_often_than_agreed(shape: str, siblings: int) -> None:
    """Of 200 desks at most the agreed tenth (and chance) get a threshold above which more than 10 % are wrong.

    Siblings share half of what makes them certain and half of what makes them wrong.
    """
    dice = np.random.default_rng(7)

    def uniform(n_problems: int) -> np.ndarray:
        shared = np.repeat(dice.uniform(size=n_problems), siblings)
        return np.where(dice.uniform(size=len(shared)) < 0.5, shared, dice.uniform(size=len(shared)))

    grid = np.linspace(0, 1, 10_001)
    above = np.cumsum(rate(grid, shape)[::-1])[::-1] / np.arange(len(grid), 0, -1)  # of certainties at random
    n_broken = n_proven = 0
    groups = np.repeat(np.arange(N_PROBLEMS), siblings)
    for _ in range(N_DESKS):
        certainty = uniform(N_PROBLEMS)
        wrong = uniform(N_PROBLEMS) < rate(certainty, shape)
        promise = proven(certainty, wrong, groups, max_error=BOUND, confidence=CONFIDENCE)
        if promise.threshold is not None:
            n_proven += 1
            n_broken += bool(above[round(promise.threshold * 10_000)] > BOUND)
    # 20 are allowed; two standard deviations of such a count are 8.5
    assert n_broken <= 20 + 8
    if shape == "calibrated":
        assert n_proven > 40


def test_siblings_prove_something_but_less_than_problems_of_their_own() -> None:
    """A thousand tickets of 250 problems allow less than of 1,000, and more than one ticket of each of the 250."""
    dice = np.random.default_rng(3)
    shared = np.repeat(dice.uniform(size=250), 4)
    mixed = np.where(dice.uniform(size=1_000) < 0.5, shared, dice.uniform(size=1_000))
    certainty = 1 - np.repeat(dice.uniform(size=250), 4) * 0.3
    wrong = mixed < 1 - certainty
    groups = np.repeat(np.arange(250), 4)
    together = proven(certainty, wrong, groups, max_error=0.15).auto_share
    apart = proven(certainty, wrong, max_error=0.15).auto_share
    one_each = proven(certainty[::4], wrong[::4], max_error=0.15).auto_share
    assert 0 < one_each < together < apart


def test_copies_of_a_ticket_prove_nothing_more() -> None:
    """Ten copies of sixty right answers in the same sixty problems are no 600 proofs."""
    certainty, wrong = np.ones(60), np.zeros(60, bool)
    copied = proven(np.tile(certainty, 10), np.tile(wrong, 10), np.tile(np.arange(60), 10))
    assert copied.threshold is None
    assert (copied.n_tested, copied.n_problems) == (600, 60)
    assert proven(np.ones(600), np.zeros(600, bool)).threshold is not None


def test_hardly_any_siblings_are_tested_exactly() -> None:
    """Where most problems have one ticket, one of each is tested, and the fewest needed are those of the binomial."""
    groups = np.concatenate([np.arange(80), np.arange(20)])
    promise = proven(np.ones(100), np.zeros(100, bool), groups)
    assert (promise.n_tested, promise.n_problems) == (80, 80)
    fewest = next(n for n in range(1, 200) if binom.cdf(0, n, 0.05) <= 0.05 * 0.8)
    assert proven(np.full(fewest, 0.95), np.zeros(fewest, bool)).threshold is not None
    short = proven(np.full(fewest - 1, 0.95), np.zeros(fewest - 1, bool))
    assert (short.threshold, short.n_missing) == (None, 1)


@pytest.mark.parametrize("siblings", [1, 3])
def test_what_is_said_to_be_missing_is_enough_when_it_comes(siblings: int) -> None:
    """With so many more problems, answered as those seen, there is a proof: without errors and with some."""
    for n_problems, n_wrong in ((20, 0), (60, 1)):
        groups = np.repeat(np.arange(n_problems), siblings)
        wrong = groups < n_wrong
        few = proven(np.full(len(groups), 0.96), wrong, groups)
        assert few.threshold is None
        assert few.n_missing
        times = math.ceil((n_problems + few.n_missing) / n_problems)
        more = np.concatenate([groups + k * n_problems for k in range(times)])
        assert proven(np.full(len(more), 0.96), np.tile(wrong, times), more).threshold is not None


def test_no_tickets_prove_nothing() -> None:
    """An empty proof is no proof, and no error; it needs what answers without a mistake need."""
    promise = proven(np.empty(0), np.empty(0, bool))
    assert (promise.threshold, promise.auto_share, promise.n_tested, promise.n_missing) == (None, 0.0, 0, 63)


def test_a_model_that_is_always_wrong_promises_nothing() -> None:
    """However many tickets were tested, wrong answers prove nothing and more tickets would not help."""
    promise = proven(np.linspace(0, 1, 500), np.ones(500, bool))
    assert (promise.threshold, promise.auto_share, promise.n_missing) == (None, 0.0, None)


def test_a_model_that_is_never_certain_promises_nothing() -> None:
    """Where nothing may be routed nothing is proven, however right the answers are."""
    promise = proven(np.zeros(500), np.zeros(500, bool))
    assert (promise.threshold, promise.n_missing) == (None, None)


def test_errors_among_the_least_sure_leave_the_sure_ones_automatic() -> None:
    """Where the sure are right and the rest is wrong, about the sure ones are routed."""
    certainty = np.linspace(1, 0, 2_000)
    promise = proven(certainty, certainty < 0.7)
    assert promise.threshold is not None
    assert 0.65 <= promise.threshold <= 0.75
    assert promise.auto_share == pytest.approx((certainty >= promise.threshold).mean())


@pytest.mark.parametrize("siblings", [1, 2])
def test_mistakes_of_the_surest_do_not_end_the_search(siblings: int) -> None:
    """Three mistakes on the surest of 1,000 problems cost little of the automatic share."""
    certainty = np.repeat(1 - np.linspace(0, 0.2, 1_000), siblings)
    wrong = certainty > certainty[3 * siblings]
    assert proven(certainty, wrong, np.repeat(np.arange(1_000), siblings)).auto_share > 0.9


def test_equal_certainties_go_together() -> None:
    """Tickets that are equally certain are routed or kept together; their order plays no part."""
    certainty = np.repeat([0.97, 0.93], 300)
    wrong = np.zeros(600, bool)
    wrong[300::2] = True  # every other one of the less certain
    forth, back = proven(certainty, wrong), proven(certainty[::-1], wrong[::-1])
    assert forth == back
    assert forth.auto_share == 0.5


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.integers(0, 120)), min_size=90, max_size=250),
    st.sampled_from([0.05, 0.3, 0.6]),
)
@settings(max_examples=60, deadline=None)
def test_the_tested_tickets_themselves_keep_the_bound(answers, max_error: float) -> None:
    """Whatever was seen: what is proven is kept by the tested problems on average, and shares lie in [0, 1]."""
    certainty = np.array([share for share, _, _ in answers])
    wrong = np.array([flag and share < 0.7 for share, flag, _ in answers])
    groups = np.repeat(np.arange(len(answers)), 2)  # twice the same ticket: all are tested
    promise = proven(np.repeat(certainty, 2), np.repeat(wrong, 2), groups, max_error=max_error)
    assert 0 <= promise.auto_share <= 1
    assert (promise.threshold is None) == (promise.auto_share == 0)
    if promise.threshold is not None:
        assert promise.n_missing == 0
        assert wrong[certainty >= promise.threshold].mean() <= max_error
