"""Likely wrong labels: where tickets that were not learned from are answered otherwise, by confident learning."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from inspection.finding import Finding, Kind
from tickets import Target

if TYPE_CHECKING:
    from classifier import OutOfFold


@dataclass(frozen=True, slots=True)
class Suspects:
    """The doubtful labels of one target, and what share of all labels the model would call wrong."""

    findings: tuple[Finding, ...]
    n_labelled: int
    accuracy: float
    """How often the model, not having learned from a ticket, gives its label."""
    noise: float
    """The off-diagonal mass of the joint distribution of given and latent labels."""


def suspects(target: Target, answers: "OutOfFold") -> Suspects:
    """The labels of ``target`` that confident learning finds wrong.

    Tickets of one problem share their label, so each is judged by the logarithmic pool of what its problem's
    tickets are answered.
    The weight is the probability that another label is right (one less the self-confidence).

    References
    ----------
    Northcutt, Jiang and Chuang (2021), "Confident Learning: Estimating Uncertainty in Dataset Labels".
    """
    from cleanlab.count import estimate_joint  # noqa: PLC0415 - slow to import
    from cleanlab.filter import find_label_issues  # noqa: PLC0415

    truth = answers.truth[target.name]
    known = np.flatnonzero(truth >= 0)
    present, given = np.unique(truth[known], return_inverse=True)
    own_shares = _normalised(answers.shares[target.name][np.ix_(known, present)])
    shares = _pooled(own_shares, answers.groups[known])
    doubted = find_label_issues(given, shares, filter_by="prune_by_noise_rate", n_jobs=1)
    joint = estimate_joint(given, shares)
    found = []
    for i in np.flatnonzero(doubted).tolist():
        own, other = shares[i, given[i]], _best_other(shares[i], given[i])
        label, likelier = target.label_names[present[given[i]]], target.label_names[present[other]]
        found.append(
            Finding(
                row=int(known[i]),
                kind=Kind.WRONG_LABEL,
                weight=float(1 - own),
                target=target.name,
                suggested=likelier,
                reason=f'{target.name} is "{label}", but what was learned from other tickets says "{likelier}" '
                f"({shares[i, other]:.0%} against {own:.0%})",
            )
        )
    accuracy = float((own_shares.argmax(axis=1) == given).mean())
    return Suspects(tuple(found), len(known), accuracy, float(1 - np.trace(joint)))


def _best_other(shares: NDArray[np.float64], own: int) -> int:
    others = shares.copy()
    others[own] = -1
    return int(others.argmax())


def _pooled(shares: NDArray[np.float64], groups: NDArray[np.intp]) -> NDArray[np.float64]:
    """For every ticket the normalised geometric mean over the tickets of its problem."""
    _, problem, n_tickets = np.unique(groups, return_inverse=True, return_counts=True)
    sums = np.zeros((len(n_tickets), shares.shape[1]))
    np.add.at(sums, problem, np.log(shares))
    pooled: NDArray[np.float64] = softmax(sums / n_tickets[:, None], axis=1)[problem]
    return pooled


def _normalised(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows that sum to one, none of them all nought."""
    safe = np.clip(shares, 1e-9, None)
    scaled: NDArray[np.float64] = safe / safe.sum(axis=1, keepdims=True)
    return scaled
