"""Two models on the same tickets, neither of which had seen them: what changes, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.answers import Answers
from classifier.calibration import Traits
from classifier.evaluation import label_indices
from classifier.learnable import problem_groups
from classifier.proposal import cheapest, cost_matrix
from classifier.resampling import Change, Floats, Resampling, calibration_error, macro_f1, ratio
from tickets import SolvedTicket, Target, Taxonomy

Basis: TypeAlias = Literal["newer", "shared"]
"""Tickets the champion did not learn from, nor any of their problems; or all that either knows from its folds alone."""

_BINS: Final = 10
_FEWEST_OF_A_PART: Final = 30
_SMALLEST_SHARE: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange:
    """The share right of one target on the tickets of one language or product."""

    kind: Literal["language", "product"]
    name: str
    target: str
    n_tickets: int
    accuracy: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """What a model costs to have: milliseconds for one ticket, megabytes on disk, and whether it has a promise."""

    milliseconds: float
    megabytes: float
    promises: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A candidate (after) beside a champion (before)."""

    basis: Basis
    n_tickets: int
    n_problems: int
    targets: Mapping[str, Mapping[str, Change]]
    """Per target ``macro_f1``, ``accuracy``, ``log_loss``, ``ece`` and ``cost_per_100`` of the cheapest label."""
    decision: Mapping[str, Change]
    """``auto_share``, ``auto_error`` and ``cost_per_100`` of what is routed by itself and of asking for the rest."""
    parts: tuple[PartChange, ...]
    dead_labels: tuple[tuple[str, str, int], ...]
    """Target, label and its tickets, where the candidate never answers with it."""
    burden_before: Burden
    burden_after: Burden


def compare(
    solved: Sequence[SolvedTicket],
    before: Answers,
    after: Answers,
    *,
    taxonomy: Taxonomy,
    basis: Basis,
    burdens: tuple[Burden, Burden],
    seed: int = 0,
) -> Comparison:
    """The comparison on ``solved``, by the targets that both models answer; ``taxonomy`` is the candidate's."""
    truth = label_indices(solved, taxonomy)
    groups = problem_groups(solved)
    common = [target for target in taxonomy if target.name in before.labels and (truth[target.name] >= 0).any()]
    told = {one.name: _both(one, before, after) for one in common}
    targets = {
        one.name: _target(one, *told[one.name], truth[one.name], Resampling.of(groups[truth[one.name] >= 0], seed=seed))
        for one in common
    }
    return Comparison(
        basis=basis,
        n_tickets=len(solved),
        n_problems=len(np.unique(groups)),
        targets=targets,
        decision=_decision(taxonomy, common, told, truth, (before, after), Resampling.of(groups, seed=seed)),
        parts=tuple(part for one in common for part in _parts(one, told[one.name], truth[one.name], solved, groups)),
        dead_labels=tuple(dead for one in common for dead in _dead(one, told[one.name][1], truth[one.name])),
        burden_before=burdens[0],
        burden_after=burdens[1],
    )


def _both(target: Target, before: Answers, after: Answers) -> tuple[Floats, Floats]:
    labels = target.label_names
    return before.shares_of(target.name, labels), after.shares_of(target.name, labels)


def _target(
    target: Target, before: Floats, after: Floats, truth: NDArray[np.intp], resampling: Resampling
) -> dict[str, Change]:
    known = truth >= 0
    both, truth = (before[known], after[known]), truth[known]
    ones = np.ones(len(truth))
    right = [(shares.argmax(axis=1) == truth).astype(float) for shares in both]
    losses = [-np.log(np.clip(shares[np.arange(len(truth)), truth], _SMALLEST_SHARE, 1)) for shares in both]
    costs = [100 * cost_matrix(target)[truth, cheapest(target, shares)] for shares in both]

    def mean(values: Sequence[Floats]) -> Change:
        return resampling.change([np.column_stack([one, ones]) for one in values], ratio)

    return {
        "macro_f1": resampling.change([_counts(shares, truth) for shares in both], macro_f1),
        "accuracy": mean(right),
        "log_loss": mean(losses),
        "ece": resampling.change([_bins(s, r) for s, r in zip(both, right, strict=True)], calibration_error),
        "cost_per_100": mean(costs),
    }


def _counts(shares: Floats, truth: NDArray[np.intp]) -> Floats:
    """Each label's right answers, answers and tickets, side by side."""
    labels = np.arange(shares.shape[1])
    answered, there = shares.argmax(axis=1)[:, None] == labels, truth[:, None] == labels
    return np.hstack([answered & there, answered, there]).astype(float)


def _bins(shares: Floats, right: Floats) -> Floats:
    """By confidence what each ticket's confidence has over its answer's being right, and a 1."""
    confidence = shares.max(axis=1)
    bin_of = np.clip(np.ceil(confidence * _BINS).astype(int) - 1, 0, _BINS - 1)
    gaps = np.zeros((len(right), _BINS))
    gaps[np.arange(len(right)), bin_of] = confidence - right
    return np.column_stack([gaps, np.ones(len(right))])


def _decision(
    taxonomy: Taxonomy,
    common: Sequence[Target],
    told: Mapping[str, tuple[Floats, Floats]],
    truth: Mapping[str, NDArray[np.intp]],
    models: tuple[Answers, Answers],
    resampling: Resampling,
) -> dict[str, Change]:
    shares, errors, costs = [], [], []
    for which, model in enumerate(models):
        wrong, cost = np.zeros(len(model.automatic), dtype=bool), np.zeros(len(model.automatic))
        for target in common:
            answered, known = cheapest(target, told[target.name][which]), truth[target.name] >= 0
            wrong |= known & (answered != truth[target.name])
            cost += np.where(known, cost_matrix(target)[truth[target.name], answered], 0.0)
        routed = model.automatic.astype(float)
        ones = np.ones(len(routed))
        shares.append(np.column_stack([routed, ones]))
        errors.append(np.column_stack([routed * wrong, routed]))
        costs.append(np.column_stack([100 * np.where(model.automatic, cost, taxonomy.review_cost), ones]))
    return {
        "auto_share": resampling.change(shares, ratio),
        "auto_error": resampling.change(errors, ratio),
        "cost_per_100": resampling.change(costs, ratio),
    }


def _parts(
    target: Target,
    told: tuple[Floats, Floats],
    truth: NDArray[np.intp],
    solved: Sequence[SolvedTicket],
    groups: NDArray[np.intp],
) -> list[PartChange]:
    """The share right by language and by product, of those with enough tickets."""
    languages = Traits.of([one.ticket for one in solved]).language
    products = np.array([one.ticket.product or "" for one in solved], dtype=object)
    found = []
    kinds: list[tuple[Literal["language", "product"], NDArray[np.object_]]] = [
        ("language", languages),
        ("product", products),
    ]
    for kind, values in kinds:
        for name in sorted(set(values.tolist()) - {""}):
            rows = (values == name) & (truth >= 0)
            if (n_tickets := int(rows.sum())) < _FEWEST_OF_A_PART:
                continue
            right = [(shares[rows].argmax(axis=1) == truth[rows]).astype(float) for shares in told]
            sums = [np.column_stack([one, np.ones(n_tickets)]) for one in right]
            accuracy = Resampling.of(groups[rows]).change(sums, ratio)
            part = PartChange(kind=kind, name=name, target=target.name, n_tickets=n_tickets, accuracy=accuracy)
            found.append(part)
    return found


def _dead(target: Target, shares: Floats, truth: NDArray[np.intp]) -> list[tuple[str, str, int]]:
    answered = set(shares[truth >= 0].argmax(axis=1).tolist())
    counts = np.bincount(truth[truth >= 0], minlength=len(target.labels)).tolist()
    fewest = _FEWEST_OF_A_PART
    return [
        (target.name, name, counts[i])
        for i, name in enumerate(target.label_names)
        if counts[i] >= fewest and i not in answered
    ]
