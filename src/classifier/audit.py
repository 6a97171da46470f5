"""The audit of a promise: whether answers from service contradict what training has proven, judged at any time."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifier.promise import Promise

_N_RATES: Final = 4


def contradicts(outcomes: Sequence[bool | None], promise: Promise) -> bool:
    """Whether the promise is refuted, as surely as it was proven.

    A promise that is kept is ever refuted with probability ``1 - promise.confidence`` at most, however often one looks.
    """
    evidence = log_evidence(outcomes, max_error=promise.max_error)
    return bool(evidence.max() >= -math.log1p(-promise.confidence))


def log_evidence(outcomes: Sequence[bool | None], *, max_error: float) -> NDArray[np.float64]:
    """What a bet against "at most ``max_error`` are wrong" has made of a stake of one, as natural logarithms.

    The stake is parted among four error rates, spaced evenly on a logarithmic scale between ``max_error`` and one, and
    among the draws at which the error may have begun (1 / (s (s + 1)) of it waits for draw s), so that a promise kept
    for long and then broken is found out too. No part grows on average while the error keeps the bound, so by Ville's
    inequality the whole ever reaches 1 / a with probability a at most.

    Parameters
    ----------
    outcomes
        In the order of drawing, for each decision whether it was wrong; None is no bet and leaves the stake as it is.

    Returns
    -------
    ndarray of shape (1 + n_outcomes,)
        The stake before the first outcome and after each.

    References
    ----------
    Waudby-Smith & Ramdas (2024), "Estimating means of bounded random variables by betting", section 4;
    Shin, Ramdas & Rinaldo (2023), "E-detectors", for the mixture over beginnings; Ville (1939).
    """
    n = len(outcomes)
    rates = np.geomspace(max_error, 1, _N_RATES + 2)[1:-1]
    wrong = np.array([outcome is True for outcome in outcomes], bool)[:, None]
    right = np.array([outcome is False for outcome in outcomes], bool)[:, None]
    growth = wrong * np.log(rates / max_error) + right * np.log((1 - rates) / (1 - max_error))
    capital = np.cumsum(growth, axis=0)  # of a stake that entered at the first draw; (n, n_rates)
    draws = np.arange(1, n + 1)[:, None]
    entered = capital + np.logaddexp.accumulate(growth - capital - np.log(draws * (draws + 1)), axis=0)
    waiting = -np.log(np.arange(1, n + 2))
    return np.concatenate([[0.0], np.logaddexp(np.logaddexp.reduce(entered, axis=1) - math.log(_N_RATES), waiting[1:])])
