"""The promise: tickets this certain may be routed by themselves, and few enough of them will be wrong."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

Floats = NDArray[np.float64]

_EASINGS: Final = 2.0 ** np.linspace(-2, 3, 41)
"""The certainties tried, from strict to loose: one minus this many times the error allowed."""
_RISKS: Final = {0: 0.1, 16: 0.8, 24: 0.1}
"""Shares of the risk, by the certainty they are spent on: most at an easing of 1, where calibrated answers keep the
bound easily; some at the strictest for a model that is too sure of itself, some at 2 for one that is too timid."""
_MANY_SIBLINGS: Final = 2.0
"""Mean tickets of a problem from which betting on all of them proves more than the exact test on one of each."""
_LARGEST_STAKE: Final = 0.9
_GROWTHS: Final = (1.25, 1.5, 2, 3, 4, 6, 8, 10)
_MOST_PROBLEMS: Final = 50_000
"""How many times the present history is tried to tell what is missing, and up to which size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Of the tickets at least this certain at most ``max_error`` are wrong, with ``confidence``.

    ``threshold`` is None where that could not be proven; then nothing is routed by itself, and ``n_missing`` says how
    many more problems a proof would need if the model did on them as on those seen. It is None where ten times as many
    (or 50,000) would not do: then more tickets alone will not help.
    """

    max_error: float
    confidence: float
    threshold: float | None
    n_tested: int
    n_problems: int
    auto_share: float
    n_missing: int | None = 0


def prove(
    certainty: Floats,
    wrong: NDArray[np.bool_],
    groups: NDArray[np.intp],
    *,
    max_error: float,
    confidence: float,
    seed: int,
) -> Promise:
    """The loosest certainty that keeps the error bound, by Learn-then-Test over certainties fixed beforehand.

    The certainties are tested from strict to loose by the fallback procedure: one that passes hands its risk on to the
    next, one that fails loses it, and shares kept for later ones let the search go on after a mistake among the surest.
    What holds is P(wrong | certain) for a random ticket of a random problem; problems, not tickets, are independent.

    Parameters
    ----------
    certainty, wrong : ndarrays of shape (n_tickets,)
        How sure the model is of an answer (0: never to be routed), and whether it was wrong; tickets that the model
        has not learned from.
    groups : ndarray of shape (n_tickets,)
        The problem of each ticket.

    References
    ----------
    Angelopoulos et al. (2021), "Learn then Test", sections 2 and 4;
    Wiens & Dmitrienko (2005), "The fallback procedure for evaluating a single family of hypotheses".
    """
    thresholds = 1 - max_error * _EASINGS[max_error * _EASINGS < 1]
    risk = 1 - confidence
    certain, failed, exact = _by_problem(certainty, wrong, groups, thresholds, seed)
    n_problems = len(certain)
    kept = _loosest(_p_values(certain, failed, max_error, risk, exact=exact), risk)
    return Promise(
        max_error=max_error,
        confidence=confidence,
        threshold=None if kept is None else float(thresholds[kept]),
        n_tested=n_problems if exact else len(certainty),
        n_problems=n_problems,
        auto_share=0.0 if kept is None else float((certainty >= thresholds[kept]).mean()),
        n_missing=0 if kept is not None else _missing(certain, failed, max_error, risk, exact=exact),
    )


def _by_problem(
    certainty: Floats, wrong: NDArray[np.bool_], groups: NDArray[np.intp], thresholds: Floats, seed: int
) -> tuple[Floats, Floats, bool]:
    """Shares of each problem's tickets that are certain, and that are certain and wrong, and whether these are 0 or 1.

    Both are of shape (n_problems, n_thresholds), the problems in random order. Where problems have hardly any
    siblings one random ticket stands for each, and the number of wrong ones is exactly binomial.
    """
    random = np.random.default_rng(seed)
    problems = np.unique(groups, return_inverse=True)[1]
    n_problems = int(problems.max(initial=-1)) + 1
    problems = random.permutation(n_problems)[problems]
    exact = len(groups) < _MANY_SIBLINGS * n_problems
    rows = random.permutation(len(groups))
    if exact:
        rows = rows[np.unique(problems[rows], return_index=True)[1]]
    n_tickets = np.bincount(problems[rows], minlength=n_problems)[:, None]
    certain = np.zeros((n_problems, len(thresholds)))
    failed = np.zeros_like(certain)
    routed = certainty[rows, None] >= thresholds
    np.add.at(certain, problems[rows], routed)
    np.add.at(failed, problems[rows], routed & wrong[rows, None])
    return certain / n_tickets, failed / n_tickets, exact


def _p_values(certain: Floats, failed: Floats, max_error: float, risk: float, *, exact: bool) -> Floats:
    """For each threshold how well "more than ``max_error`` of the certain are wrong" agrees with what was seen.

    Exact: the binomial tail of Clopper & Pearson (1934). Otherwise by betting against the hypothesis, whose mean excess
    of wrong answers is above nought, with stakes set by the problems before; the largest wealth bounds the p-value.

    References
    ----------
    Waudby-Smith & Ramdas (2024), "Estimating means of bounded random variables by betting", sections 3.2 and 4.
    """
    if exact:
        tails: Floats = binom.cdf(failed.sum(axis=0), certain.sum(axis=0), max_error)
        return tails
    excess = failed - max_error * certain
    n_problems = len(excess)
    prior = np.full((1, excess.shape[1]), max_error / 4)
    seen = np.cumsum(np.vstack([prior, excess[:-1] ** 2]), axis=0) / np.arange(1, n_problems + 1)[:, None]
    stakes = np.minimum(np.sqrt(2 * math.log(1 / risk) / (n_problems * seen)), _LARGEST_STAKE / (1 - max_error))
    wealth = np.cumsum(np.log1p(-stakes * excess), axis=0).max(axis=0, initial=0.0)
    p_values: Floats = np.exp(-wealth)
    return p_values


def _loosest(p_values: Floats, risk: float) -> int | None:
    """The last hypothesis that the fallback procedure rejects, None where it rejects none."""
    kept, carried = None, 0.0
    for i, p_value in enumerate(p_values.tolist()):
        carried += risk * _RISKS.get(i, 0.0)
        if p_value <= carried:
            kept = i
        else:
            carried = 0.0
    return kept


def _missing(certain: Floats, failed: Floats, max_error: float, risk: float, *, exact: bool) -> int | None:
    """How many more problems a proof would need if they were like those seen; at least what no error at all needs."""
    n_problems = len(certain)
    fewest = math.ceil(math.log(risk * max(_RISKS.values())) / math.log(1 - max_error))
    sizes = {fewest, *(math.ceil(n_problems * growth) for growth in _GROWTHS)} if n_problems else set()
    for size in sorted(size for size in sizes if n_problems < size <= _MOST_PROBLEMS):
        again = np.resize(np.arange(n_problems), size)
        if _loosest(_p_values(certain[again], failed[again], max_error, risk, exact=exact), risk) is not None:
            return size - n_problems
    return fewest - n_problems if n_problems < fewest else None
