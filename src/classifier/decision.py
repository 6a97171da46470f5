"""From proposals to an action: by itself only where the promise holds, otherwise with the reasons why not."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifier.prediction import Decision, Reason, ReasonCode
from classifier.proof import Promises, certainty, obstacles
from classifier.proposal import Proposal
from tickets import Taxonomy

_TOO_EVEN: Final = frozenset({"near_tie", "low_confidence"})


def decide(
    proposals: Mapping[str, Proposal],
    promises: Promises,
    *,
    review_cost: float,
    doubts: tuple[ReasonCode, ...] = (),
) -> Decision:
    """The action for one ticket, and the labels that cost least in expectation.

    ``doubts`` are faults of the ticket itself (no text, an unknown language); they always lead to review. Without
    text there are no labels at all. A ticket is routed by itself where the joint promise covers all its labels; where
    not, the targets that a promise of their own covers are still named as certain.
    """
    labels = {} if "no_text" in doubts else {target: proposal.label for target, proposal in proposals.items()}
    if doubts:
        return Decision(action="review", labels=labels, reasons=tuple(Reason(code) for code in doubts))
    certain = tuple(target for target in proposals if _alone(target, proposals, promises, review_cost))
    against = obstacles(proposals, promises.labels, review_cost=review_cost)
    if too_even := tuple(reason for reason in against if reason.code in _TOO_EVEN):
        return Decision(action="review", labels=labels, reasons=too_even, certain=certain)
    if promises.joint.threshold is None:
        against = [Reason("no_promise")]
    elif not against and certainty(proposals) < promises.joint.threshold:
        against = [Reason("promise_not_covered")]
    return Decision(action="suggest" if against else "auto", labels=labels, reasons=tuple(against), certain=certain)


def would_route(
    taxonomy: Taxonomy,
    proposals: Sequence[Mapping[str, Proposal]],
    promises: Promises,
    doubts: Sequence[tuple[ReasonCode, ...]],
) -> NDArray[np.bool_]:
    """Which tickets would be sent on their way by themselves, of shape (n_tickets,)."""
    return np.array(
        [
            decide(one, promises, review_cost=taxonomy.review_cost, doubts=of_ticket).action == "auto"
            for one, of_ticket in zip(proposals, doubts, strict=True)
        ]
    )


def _alone(target: str, proposals: Mapping[str, Proposal], promises: Promises, review_cost: float) -> bool:
    """Whether the target's own promise covers its label."""
    threshold = promises.single[target].threshold
    alone = {target: proposals[target]}
    return (
        threshold is not None
        and not obstacles(alone, promises.labels, review_cost=review_cost)
        and certainty(alone) >= threshold
    )
