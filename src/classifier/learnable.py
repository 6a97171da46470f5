"""Whether a history can be learned from: what is refused, what is warned of, and which tickets belong together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifier.plan import TrainingPlan
from tickets import SolvedTicket, Taxonomy

Truth = Mapping[str, NDArray[np.intp]]
"""Per target each ticket's label as an index, -1 where unknown."""

_FEWEST_TICKETS: Final = 20


class TrainingError(ValueError):
    """A history cannot be learned from."""

    def __init__(self, fault: str, cure: str) -> None:
        super().__init__(f"nothing can be learned: {fault}; {cure}")


def check_learnable(
    solved: Sequence[SolvedTicket], taxonomy: Taxonomy, truth: Truth, plan: TrainingPlan
) -> tuple[str, ...]:
    """Refuse what cannot be learned from, and warn of what will be learned badly."""
    if len(solved) < _FEWEST_TICKETS:
        raise TrainingError(
            f"only {len(solved)} usable tickets", f"give at least {_FEWEST_TICKETS}, better some hundred"
        )
    n_problems = len(np.unique(problem_groups(solved)))
    if n_problems < plan.n_folds:
        raise TrainingError(
            f"only {n_problems} different problems",
            f"{plan.n_folds} are needed to test on tickets not learned from",
        )
    warnings = []
    for target in taxonomy:
        counts = Counter(truth[target.name][truth[target.name] >= 0].tolist())
        if len(counts) < 2:
            found = f"only the label {target.label_names[next(iter(counts))]!r}" if counts else "no labels"
            raise TrainingError(
                f"target {target.name} has {found}",
                f"add tickets with other labels, map them with --label {target.name}:theirs=ours, "
                "or choose the targets to learn with --target",
            )
        for i, label in enumerate(target.label_names):
            if counts[i] < plan.n_folds:
                warnings.append(
                    f"{target.name}: label {label!r} has {counts[i]} tickets; it can hardly be learned or tested "
                    f"before it has {plan.n_folds}"
                )
    return tuple(warnings)


def problem_groups(solved: Sequence[SolvedTicket]) -> NDArray[np.intp]:
    """A number per problem for every ticket; tickets without one stand alone."""
    keys = [ticket.problem or f"\0{i}" for i, ticket in enumerate(solved)]
    numbers: NDArray[np.intp] = np.unique(keys, return_inverse=True)[1]
    return numbers
