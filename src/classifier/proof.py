"""The promises of one model: for its whole answers and for each target alone, proven on tickets it had not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifier.plan import TrainingPlan
from classifier.prediction import Reason
from classifier.promise import Promise, prove
from classifier.proposal import Proposal
from tickets import Target, Taxonomy

_FEWEST_PROBLEMS: Final = 10
"""Problems of which a tested ticket must have been answered with a label before a promise covers it."""

Labels = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Promises:
    """What a model has proven: ``joint`` for all its labels together, ``single`` for each target's label alone.

    ``labels`` are those that tested tickets were answered with often enough; no promise covers another.
    """

    joint: Promise
    single: Mapping[str, Promise]
    labels: Labels


def certainty(proposals: Mapping[str, Proposal]) -> float:
    """How sure the whole answer is: the product of its labels' probabilities."""
    return prod(proposal.confidence for proposal in proposals.values())


def obstacles(proposals: Mapping[str, Proposal], labels: Labels, *, review_cost: float) -> list[Reason]:
    """What keeps an answer from being routed by itself however low the threshold; such answers are not in the proof."""
    against = [Reason(proposal.doubt, target) for target, proposal in proposals.items() if proposal.doubt]
    against += [Reason("label_not_covered", target) for target, p in proposals.items() if p.label not in labels[target]]
    if sum(proposal.cost for proposal in proposals.values()) > review_cost:
        against.append(Reason("asking_is_cheaper"))
    return against


def prove_all(
    taxonomy: Taxonomy,
    proposals: Sequence[Mapping[str, Proposal]],
    truth: Mapping[str, NDArray[np.intp]],
    groups: NDArray[np.intp],
    doubtful: NDArray[np.bool_],
    plan: TrainingPlan,
) -> Promises:
    """The promises, proven on the tickets that have all their labels.

    What is tested is what would be routed: an answer that something else keeps from being routed counts as not
    certain at all. Labels are covered by how often they were answered, never by how well, so that choosing them
    does not favour the lucky ones.

    Parameters
    ----------
    proposals : sequence
        For each ticket those from models that had not seen it.
    truth : mapping of target to ndarray of shape (n_tickets,)
        Label indices, -1 where unknown.
    groups : ndarray of shape (n_tickets,)
        The problem of each ticket.
    doubtful : ndarray of shape (n_tickets,)
        Whether a fault of the ticket itself sends it to review.
    """
    complete = np.all([indices >= 0 for indices in truth.values()], axis=0)
    tested = [one for one, flag in zip(proposals, complete.tolist(), strict=True) if flag]
    groups, doubtful = groups[complete], doubtful[complete]
    answered = {
        target.name: np.array([target.label_names.index(one[target.name].label) for one in tested], dtype=np.intp)
        for target in taxonomy
    }
    labels = {target.name: _covered(target, answered[target.name], groups) for target in taxonomy}

    def proven(targets: tuple[str, ...]) -> Promise:
        chosen = [{name: one[name] for name in targets} for one in tested]
        blocked = np.array([bool(obstacles(one, labels, review_cost=taxonomy.review_cost)) for one in chosen], bool)
        return prove(
            np.where(doubtful | blocked, 0.0, [certainty(one) for one in chosen]),
            np.any([answered[name] != truth[name][complete] for name in targets], axis=0),
            groups,
            max_error=plan.max_error,
            confidence=plan.confidence,
            seed=plan.seed,
        )

    return Promises(
        joint=proven(taxonomy.names), single={name: proven((name,)) for name in taxonomy.names}, labels=labels
    )


def _covered(target: Target, answered: NDArray[np.intp], groups: NDArray[np.intp]) -> frozenset[str]:
    """The labels that tickets of enough problems were answered with."""
    return frozenset(
        label for i, label in enumerate(target.label_names) if len(np.unique(groups[answered == i])) >= _FEWEST_PROBLEMS
    )
