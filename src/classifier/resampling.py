"""What two models' figures may be on other tickets like these: the paired bootstrap, problems drawn whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_N_DRAWS: Final = 1_000
_EDGES: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure of two models on the same tickets, and a 95 % interval of ``after`` less ``before``.

    What cannot be told, as the error of nothing, is None.
    """

    before: float | None
    after: float | None
    low: float | None
    high: float | None

    @property
    def difference(self) -> float | None:
        """What the candidate has more than the champion."""
        return None if self.before is None or self.after is None else self.after - self.before


Statistic = Callable[[Floats], Floats]
"""A figure of sums over tickets, of shape (n_draws, n_sums), for each draw: shape (n_draws,)."""


@dataclass(frozen=True)
class Resampling:
    """How often each problem is drawn, the same for both models; the first draw is every problem once.

    References
    ----------
    C. A. Field and A. H. Welsh (2007), Bootstrapping clustered data: whole clusters are drawn, with replacement.
    """

    problems: NDArray[np.intp]
    draws: Floats
    """Of shape (1 + n_draws, n_problems)."""

    @classmethod
    def of(cls, groups: NDArray[np.intp], *, seed: int = 0) -> Self:
        """Draws of the problems that stand in ``groups``, of shape (n_tickets,)."""
        problems = np.unique(groups, return_inverse=True)[1]
        n = int(problems.max(initial=-1)) + 1
        drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=_N_DRAWS)
        return cls(problems, np.vstack([np.ones((1, n)), drawn]))

    def change(self, of_tickets: Sequence[Floats], statistic: Statistic) -> Change:
        """A figure of two models, the champion first, from what each ticket adds to its sums.

        Parameters
        ----------
        of_tickets : two ndarrays of shape (n_tickets, n_sums)
        """
        was, now = (statistic(self._sums(one)) for one in of_tickets)
        apart = (now - was)[1:]
        apart = apart[np.isfinite(apart)]
        known = np.isfinite(was[0]) and np.isfinite(now[0]) and len(apart) > 0
        low, high = np.percentile(apart, _EDGES) if known else (None, None)
        return Change(before=_told(was[0]), after=_told(now[0]), low=_told(low), high=_told(high))

    def _sums(self, of_tickets: Floats) -> Floats:
        of_problems = np.zeros((self.draws.shape[1], of_tickets.shape[1]))
        np.add.at(of_problems, self.problems, of_tickets)
        sums: Floats = self.draws @ of_problems
        return sums


def ratio(sums: Floats) -> Floats:
    """The first sum over the second; not a number where the second is 0."""
    return _over(sums[:, 0], sums[:, 1])


def macro_f1(sums: Floats) -> Floats:
    """Mean F1 of the labels that occur, from each label's right answers, answers and tickets, side by side."""
    right, answered, there = np.split(sums, 3, axis=1)
    scores = np.where(there > 0, _over(2 * right, answered + there), np.nan)
    return np.asarray(np.nanmean(scores, axis=1))


def calibration_error(sums: Floats) -> Floats:
    """Expected calibration error from each bin's confidence less its right answers, and at last the tickets."""
    return _over(np.abs(sums[:, :-1]).sum(axis=1), sums[:, -1])


def _over(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / np.where(below > 0, below, 1), np.nan)


def _told(value: float | None) -> float | None:
    return float(value) if value is not None and np.isfinite(value) else None
