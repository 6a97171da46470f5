"""The label proposed for each target: the one that costs least in expectation, and what speaks against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifier.prediction import ReasonCode
from tickets import Target, Taxonomy

_NEAR_TIE: Final = 0.1
_LOW_CONFIDENCE: Final = 0.5
_TIE: Final = 1e-9
"""Among labels that cost the same the more probable one wins, whatever the rounding."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The label that costs least in expectation, how probable it is, and that expected cost.

    ``doubt`` says why the target's probabilities are too even for any label to be acted on; None where they are not.
    """

    label: str
    confidence: float
    cost: float
    doubt: ReasonCode | None = None


def cost_matrix(target: Target) -> NDArray[np.float64]:
    """What each answer costs, of shape (n_labels, n_labels): true labels by row, answers by column."""
    names = target.label_names
    return np.array([[target.cost_of(true=true, answered=answered) for answered in names] for true in names])


def cheapest(target: Target, shares: NDArray[np.float64]) -> NDArray[np.intp]:
    """The index of the label that costs least in expectation, of shape (n_tickets,).

    References
    ----------
    Elkan (2001), "The Foundations of Cost-Sensitive Learning", equation 1.
    """
    indices: NDArray[np.intp] = (shares @ cost_matrix(target) - _TIE * shares).argmin(axis=1)
    return indices


def propose(taxonomy: Taxonomy, shares: Mapping[str, NDArray[np.float64]]) -> list[dict[str, Proposal]]:
    """For each ticket its proposals by target, from probabilities of shape (n_tickets, n_labels) per target."""
    proposals: list[dict[str, Proposal]] = [{} for _ in next(iter(shares.values()))]
    for target in taxonomy:
        of_target = shares[target.name]
        costs = of_target @ cost_matrix(target)
        second, first = np.sort(of_target, axis=1)[:, -2:].T
        for i, label in enumerate(cheapest(target, of_target).tolist()):
            proposals[i][target.name] = Proposal(
                label=target.label_names[label],
                confidence=float(of_target[i, label]),
                cost=float(costs[i, label]),
                doubt=_doubt(float(first[i]), float(second[i])),
            )
    return proposals


def _doubt(first: float, second: float) -> ReasonCode | None:
    if first - second < _NEAR_TIE:
        return "near_tie"
    return "low_confidence" if first < _LOW_CONFIDENCE else None
