"""How likely two tickets tell of the same problem."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from classifier.plda import Plda

N_PROBLEMS, N_TELLINGS, WIDTH = 200, 3, 24
GROUPS = np.repeat(np.arange(N_PROBLEMS), N_TELLINGS)


def tellings(seed: int) -> np.ndarray:
    """Vectors whose first half tells the problem and whose second, louder half only the telling."""
    random = np.random.default_rng(seed)
    problems = np.repeat(random.normal(size=(N_PROBLEMS, WIDTH // 2)), N_TELLINGS, axis=0)
    told = problems + 0.3 * random.normal(size=problems.shape)
    return np.hstack([told, 5 * random.normal(size=told.shape)]).astype(np.float32)


def nearest_is_sibling(likeness: np.ndarray) -> float:
    np.fill_diagonal(likeness, -np.inf)
    return float((GROUPS[likeness.argmax(axis=1)] == GROUPS).mean())


def test_siblings_are_found_where_cosines_hear_only_noise() -> None:
    """What differs between tellings of one problem counts little, however loud it is."""
    plda = Plda.learned(tellings(1), GROUPS)
    unseen = tellings(2)
    places = plda.project(unseen)
    units = unseen / np.linalg.norm(unseen, axis=1, keepdims=True)
    assert nearest_is_sibling(plda.log_ratios(places, places)) > 0.6
    assert nearest_is_sibling(units @ units.T) < 0.3


def test_the_ratio_is_that_of_the_two_gaussians() -> None:
    """One coordinate, reckoned from the densities themselves."""
    plda = Plda(mean=np.zeros(1), projection=np.eye(1), between=np.array([3.0]))
    same = multivariate_normal(cov=np.array([[4.0, 3.0], [3.0, 4.0]]))
    alone = multivariate_normal(cov=np.array([[4.0]]))
    for new, solved in ((0.5, 0.4), (2.0, -1.0)):
        expected = same.logpdf([new, solved]) - alone.logpdf(new) - alone.logpdf(solved)
        assert plda.log_ratios(np.array([[new]]), np.array([[solved]]))[0, 0] == pytest.approx(expected)


def test_two_tickets_of_one_problem_are_enough() -> None:
    """Little is learned from them, but nothing breaks, columns without any variation included."""
    vectors = np.array([[1.0, 0.0, 2.0], [1.0, 0.1, 2.0], [1.0, 5.0, 2.0]], np.float32)
    plda = Plda.learned(vectors, np.array([0, 0, 1]))
    places = plda.project(vectors)
    assert np.isfinite(plda.log_ratios(places, places)).all()
