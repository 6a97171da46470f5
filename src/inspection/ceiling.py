"""How right the best model could be called, given that some of the labels it is measured by are wrong."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from scipy.stats import norm

from history import PlacedTicket
from inspection.conflicts import Groups
from tickets import Target

_FEWEST_GROUPS: Final = 30
_CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """The accuracy that a model which is always right would be measured with, and how that was found.

    ``estimate``, ``low`` and ``high`` are None where too few tickets say the same thing twice.
    """

    estimate: float | None
    low: float | None
    high: float | None
    method: Literal["problems", "twins", "none"]
    """Whether labels were compared within problems or between near-duplicates."""
    n_groups: int
    model_estimate: float | None
    """What confident learning makes of it: a cautious figure, for a model takes what it cannot read for wrong."""

    @property
    def words(self) -> str:
        """The same in a sentence."""
        cautious = (
            "" if self.model_estimate is None else f"; the model itself would put it at {self.model_estimate:.3f}"
        )
        if self.estimate is None:
            few = f"fewer than {_FEWEST_GROUPS} problems or near-duplicates carry several labels"
            return f"not told: {few}{cautious}"
        groups = "problems" if self.method == "problems" else "families of near-duplicates"
        interval = f"95 % interval {self.low:.3f} to {self.high:.3f}"
        return f"{self.estimate:.3f} ({interval}), by how {self.n_groups:,} {groups} agree on their label{cautious}"


def ceiling_of(
    target: Target, problems: Groups, twins: Groups, placed: Sequence[PlacedTicket], noise: float | None
) -> Ceiling:
    """The ceiling of ``target`` by agreement within problems, or between twins where too few problems are named."""
    model_estimate = None if noise is None else 1 - noise
    for method, groups in (("problems", problems), ("twins", twins)):
        agreements, weights = _agreements(target, groups, placed)
        if len(agreements) < _FEWEST_GROUPS:
            continue
        agreement = sum(a * w for a, w in zip(agreements, weights, strict=True)) / sum(weights)
        low, high = _wilson(agreement, sum(weights) ** 2 / sum(w * w for w in weights))
        n_wrong = len(target.labels) - 1
        return Ceiling(
            estimate=label_accuracy(agreement, n_wrong),
            low=label_accuracy(low, n_wrong),
            high=label_accuracy(high, n_wrong),
            method="problems" if method == "problems" else "twins",
            n_groups=len(agreements),
            model_estimate=model_estimate,
        )
    return Ceiling(estimate=None, low=None, high=None, method="none", n_groups=0, model_estimate=model_estimate)


def label_accuracy(agreement: float, n_wrong: int) -> float:
    """How often labels are right where two of them for the same thing agree in this share of cases, in [0, 1].

    Labels are taken to be wrong independently of each other, and any of the ``n_wrong`` wrong ones to be as likely: two
    agree when both are right or both wrong in the same way, ``agreement = r**2 + (1 - r)**2 / n_wrong``.

    References
    ----------
    Dawid and Skene (1979), "Maximum Likelihood Estimation of Observer Error-Rates", with one error rate for all.
    """
    both_wrong = 1 / n_wrong
    root = math.sqrt(max(0.0, agreement * (1 + both_wrong) - both_wrong))
    return min(1.0, (both_wrong + root) / (1 + both_wrong))


def _agreements(target: Target, groups: Groups, placed: Sequence[PlacedTicket]) -> tuple[list[float], list[int]]:
    """For each group with several labels the share of its pairs that agree, and how many tickets that speaks for."""
    agreements, weights = [], []
    for rows in groups:
        labels = [label for row in rows if (label := placed[row].solved.labels.get(target.name)) is not None]
        n = len(labels)
        if n > 1:
            agreements.append(sum(k * (k - 1) for k in Counter(labels).values()) / (n * (n - 1)))
            weights.append(n)
    return agreements, weights


def _wilson(share: float, n: float) -> tuple[float, float]:
    """The 95 % interval of a mean of ``n`` values in [0, 1], wide enough for the most scattered of them.

    References
    ----------
    Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference".
    """
    z = float(norm.ppf((1 + _CONFIDENCE) / 2))
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)
