"""The logarithmic opinion pool."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from scipy.special import log_softmax

import classifier.pool as pool_module
from classifier.pool import LogarithmicPool


def simulated(seed: int, n_labels: int, *, n: int = 400, noise: tuple[float, ...] = (0.5, 3.0)):
    """Labels, and members' scores: the truth's indicator and noise of the given strengths."""
    dice = np.random.default_rng(seed)
    y = np.concatenate([np.arange(n_labels), dice.integers(n_labels, size=n - n_labels)])
    scores = np.stack([np.eye(n_labels)[y] + dice.normal(0, strength, (n, n_labels)) for strength in noise], axis=1)
    return scores, y.astype(np.intp)


@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_weights_are_not_negative_and_shares_sum_to_one(seed: int, n_labels: int, n_members: int) -> None:
    """Whatever the scores, no member counts against itself and every row is a distribution."""
    scores, y = simulated(seed, n_labels, n=40, noise=tuple(range(1, n_members + 1)))
    pool = LogarithmicPool().fit(scores, y)
    shares = pool.predict_proba(scores)
    assert pool.weights_.shape == (n_members, n_labels)
    assert (pool.weights_ >= 0).all()
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1)


@pytest.mark.parametrize("n_labels", [2, 5])
def test_the_gradient_is_the_loss_es_own(monkeypatch: pytest.MonkeyPatch, n_labels: int) -> None:
    """The analytic slope that the search follows agrees with differences of the loss."""
    asked = {}

    def minimize(loss, start, **options):
        asked["loss"], asked["start"] = loss, start
        return optimize.minimize(loss, start, **options)

    monkeypatch.setattr(pool_module, "minimize", minimize)
    scores, y = simulated(1, n_labels, n=60)
    LogarithmicPool().fit(scores, y)
    point = asked["start"] + np.random.default_rng(0).uniform(0.1, 0.5, len(asked["start"]))
    slope = asked["loss"](point)[1]
    differences = optimize.approx_fprime(point, lambda values: asked["loss"](values)[0], 1e-6)
    np.testing.assert_allclose(slope, differences, atol=1e-5)  # one-sided differences err by about 1e-6


@pytest.mark.parametrize("n_labels", [2, 5])
def test_the_better_member_weighs_more(n_labels: int) -> None:
    """Of a good and a bad member the good one leads, whichever comes first."""
    for noise in ((0.5, 3.0), (3.0, 0.5)):
        scores, y = simulated(2, n_labels, noise=noise)
        good, bad = LogarithmicPool().fit(scores, y).weights_.mean(axis=1)[np.argsort(noise)]
        assert good > 5 * bad


@pytest.mark.parametrize("n_labels", [2, 5])
def test_the_pool_is_no_worse_than_its_best_member(n_labels: int) -> None:
    """On new tickets two members of the same strength together beat either alone in log-loss."""
    scores, y = simulated(3, n_labels, n=2_000, noise=(0.8, 0.8))
    train, test = slice(0, 1_000), slice(1_000, None)

    def loss(members: list[int]) -> float:
        pool = LogarithmicPool().fit(scores[train][:, members], y[train])
        shares = pool.predict_proba(scores[test][:, members])
        return float(-np.log(shares[np.arange(len(shares)), y[test]]).mean())

    assert loss([0, 1]) < min(loss([0]), loss([1]))


def test_the_pool_tempers_scores_that_boast() -> None:
    """Scores ten times too large come out as honest probabilities: confidence near accuracy on new tickets."""
    scores, y = simulated(4, 3, n=3_000, noise=(0.7,))
    pool = LogarithmicPool().fit(10 * scores[:1_500], y[:1_500])
    shares = pool.predict_proba(10 * scores[1_500:])
    accuracy = (shares.argmax(axis=1) == y[1_500:]).mean()
    # three standard errors of an accuracy on 1,500 tickets are .03
    assert shares.max(axis=1).mean() == pytest.approx(accuracy, abs=0.04)
    assert np.exp(log_softmax(10 * scores[1_500:, 0], axis=1)).max(axis=1).mean() > accuracy + 0.08


def test_a_label_nobody_had_is_no_obstacle() -> None:
    """A label that no ticket has gets small shares, and the fit stands."""
    scores, y = simulated(5, 3)
    y = np.minimum(y, 1)
    shares = LogarithmicPool().fit(scores, y).predict_proba(scores)
    assert np.isfinite(shares).all()
    assert shares[:, 2].mean() < 0.05
