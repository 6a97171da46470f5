"""The promise: tickets this certain may be routed by themselves, and few enough of them will be wrong."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

_START_SHARES: Final = (0.05, 0.1, 0.2, 0.4)
_STEP: Final = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Of the tickets at least this certain at most ``max_error`` are wrong, with ``confidence``.

    ``threshold`` is None where that could not be proven; then nothing is routed by itself, and ``n_missing`` says
    how many more problems a proof would need if none of the answers were wrong.
    """

    max_error: float
    confidence: float
    threshold: float | None
    n_tested: int
    auto_share: float
    n_missing: int = 0


def prove(certainty: NDArray[np.float64], wrong: NDArray[np.bool_], *, max_error: float, confidence: float) -> Promise:
    """The largest automatic share that keeps the error bound, by Learn-then-Test with fixed sequences.

    From each of four fixed starting shares a sequence of growing shares is tested until one fails, each sequence at a
    quarter of the allowed risk, so that a mistake among the very surest tickets does not end the search.

    Parameters
    ----------
    certainty, wrong : ndarrays of shape (n_tickets,)
        How sure the model is of its whole answer, and whether any of it was wrong; independent tickets (one per
        problem) that the model has not learned from.

    References
    ----------
    Angelopoulos et al. (2021), "Learn then Test", sections 2 and 4 (fixed-sequence testing with several starts);
    Clopper & Pearson (1934) for the upper bound of each error rate.
    """
    n = len(certainty)
    order = np.argsort(-certainty, kind="stable")
    errors = np.cumsum(wrong[order])
    risk = (1 - confidence) / len(_START_SHARES)
    needed = math.ceil(math.log(risk) / math.log(1 - max_error))
    kept = 0
    for start in _START_SHARES:
        size = float(max(needed, start * n))
        while size <= n:
            count = int(size)
            if error_bound(int(errors[count - 1]), count, risk=risk) > max_error:
                break
            kept = max(kept, count)
            size = max(size * _STEP, size + 1)
    threshold = float(certainty[order[kept - 1]]) if kept else None
    return Promise(
        max_error=max_error,
        confidence=confidence,
        threshold=threshold,
        n_tested=n,
        auto_share=kept / n if n else 0.0,
        n_missing=0 if kept else max(0, needed - n),
    )


def error_bound(n_wrong: int, n_tickets: int, *, risk: float) -> float:
    """Upper Clopper-Pearson bound of an error rate: exceeded by the true rate with probability ``risk`` at most."""
    if n_wrong >= n_tickets:
        return 1.0
    return float(beta.ppf(1 - risk, n_wrong + 1, n_tickets - n_wrong))
