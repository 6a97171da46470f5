"""The audit of a promise: seldom against one that is kept, soon against one that is broken."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import Promise, contradicts
from classifier.audit import log_evidence

PROMISE = Promise(max_error=0.05, confidence=0.95, threshold=0.9, n_tested=200, n_problems=200, auto_share=0.4)
OUTCOMES = st.lists(st.sampled_from([True, False, None]), max_size=60)


def first_contradiction(outcomes: list[bool | None]) -> float:
    """After how many draws the promise is contradicted; infinity where it never is."""
    if not contradicts(outcomes, PROMISE):
        return math.inf
    return next(n for n in range(1, len(outcomes) + 1) if contradicts(outcomes[:n], PROMISE))


def audits(error: float, *, n_runs: int, n_draws: int, seed: int) -> list[list[bool]]:
    """Streams of audited decisions that are wrong at this rate."""
    return (np.random.default_rng(seed).random((n_runs, n_draws)) < error).tolist()


def test_nothing_asked_is_no_evidence() -> None:
    """Before the first answer the stake is whole, and unanswered draws leave it so."""
    assert log_evidence([], max_error=0.05).tolist() == [0]
    assert log_evidence([None] * 1000, max_error=0.05) == pytest.approx(0, abs=1e-9)


@given(outcomes=OUTCOMES, max_error=st.floats(1e-6, 0.99))
def test_the_bet_is_fair_where_the_error_is_as_promised(outcomes: list[bool | None], max_error: float) -> None:
    """One more decision, wrong with exactly the promised probability, changes the stake by nothing on average."""
    before, if_wrong, if_right = (
        log_evidence([*outcomes, *more], max_error=max_error)[-1] for more in ([], [True], [False])
    )
    after = np.logaddexp(math.log(max_error) + if_wrong, math.log1p(-max_error) + if_right)
    assert after == pytest.approx(before, abs=1e-6)


@given(outcomes=OUTCOMES, place=st.integers(0, 59))
def test_a_right_answer_never_speaks_for_an_error(outcomes: list[bool | None], place: int) -> None:
    """Taking an open or wrong outcome for right never raises the evidence, so that haste cannot contradict."""
    milder = [False if i == place else outcome for i, outcome in enumerate(outcomes)]
    assert np.all(log_evidence(milder, max_error=0.05) <= log_evidence(outcomes, max_error=0.05) + 1e-9)


@given(outcomes=OUTCOMES, more=OUTCOMES)
def test_a_contradiction_stands(outcomes: list[bool | None], more: list[bool | None]) -> None:
    """What later draws bring does not make a contradicted promise whole, so it does not matter when one looks."""
    assert not contradicts(outcomes, PROMISE) or contradicts(outcomes + more, PROMISE)


def test_a_promise_that_is_kept_is_seldom_contradicted() -> None:
    """At exactly the promised error, watched at each of 2,000 audits, fewer than one in twenty promises falls.

    The probability is 5 % at most; 500 runs pass 7.4 % by chance less than once in a hundred times.
    """
    fallen = [contradicts(run, PROMISE) for run in audits(0.05, n_runs=500, n_draws=2000, seed=0)]
    assert np.mean(fallen) < 0.074


@pytest.mark.parametrize(("times", "n_most", "n_nine_of_ten"), [(2, 210, 600), (3, 60, 160)])
def test_a_broken_promise_is_contradicted_soon(times: int, n_most: int, n_nine_of_ten: int) -> None:
    """At two and three times the promised error half of the runs, and nine of ten, are found out in time.

    The limits are a third above the measured figures (`python -m benchmarks.run audit`).
    """
    runs = audits(0.05 * times, n_runs=200, n_draws=n_nine_of_ten, seed=1)
    assert np.mean([contradicts(run[:n_most], PROMISE) for run in runs]) > 0.5
    assert np.mean([contradicts(run, PROMISE) for run in runs]) > 0.9


def test_the_first_contradiction_may_come_early() -> None:
    """A model that is always wrong loses its promise after a handful of audits, not after one."""
    assert 1 < first_contradiction([True] * 50) <= 5


def test_a_good_past_does_not_hide_a_broken_promise() -> None:
    """After 500 audits at 3 % error, three times the promised error is found out within 240 more in most runs."""
    good = audits(0.03, n_runs=100, n_draws=500, seed=2)
    bad = audits(0.15, n_runs=100, n_draws=240, seed=3)
    found = [contradicts(before + after, PROMISE) for before, after in zip(good, bad, strict=True)]
    assert np.mean(found) > 0.5


@pytest.mark.parametrize("max_error", [0.001, 0.3, 0.9])
def test_every_bound_can_be_contradicted(max_error: float) -> None:
    """Thousands of wrong answers contradict any promise, and the evidence stays a number."""
    assert 3 < log_evidence([True] * 5000, max_error=max_error)[-1] < math.inf
