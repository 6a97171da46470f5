"""How good a model's answers are on tickets whose labels are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support

from classifier.calibration import (
    CalibrationSlice,
    ReliabilityBin,
    Traits,
    expected_calibration_error,
    reliability,
    slices,
)
from classifier.model import BoundClassifier
from classifier.promise import Promise
from classifier.proof import Promises
from classifier.proposal import cheapest, cost_matrix
from tickets import SolvedTicket, Target, Taxonomy

_SMALLEST_SHARE = 1e-6
_RARE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """How well one label was found."""

    precision: float
    recall: float
    f1: float
    n_tickets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetReport:
    """How well one target was answered; ``confusion[true][answered]`` counts tickets.

    ``reliability`` are the points of its diagram, ``calibration`` the parts of the tickets with their own figures.
    Accuracy, F1 and confusions speak of the most probable label; ``cost_per_100`` is what 100 tickets would cost if all
    went where the label of least expected cost sends them. ``rare_labels`` have fewer than ten tickets here: their
    figures say little.
    """

    n_tickets: int
    accuracy: float
    cost_per_100: float
    macro_f1: float
    log_loss: float
    ece: float
    labels: Mapping[str, LabelScore]
    confusion: Mapping[str, Mapping[str, int]]
    rare_labels: tuple[str, ...]
    reliability: tuple[ReliabilityBin, ...]
    calibration: tuple[CalibrationSlice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReport:
    """What was routed by itself; ``auto_error`` is None where nothing was.

    ``cost_per_100`` counts the confusions of what was routed by itself and the asking about all else;
    ``review_cost_per_100`` is what asking about every ticket would cost. ``covered_labels`` are those that were tested
    often enough for a promise to speak of them.
    """

    n_tickets: int
    auto_share: float
    auto_error: float | None
    cost_per_100: float
    review_cost_per_100: float
    promise: Promise
    target_promises: Mapping[str, Promise]
    covered_labels: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A model's answers measured on one set of tickets."""

    targets: Mapping[str, TargetReport]
    decision: DecisionReport


def evaluate(model: BoundClassifier, solved: Sequence[SolvedTicket]) -> Report:
    """The report on ``solved``; tickets without a label of a target are left out for that target.

    Raises
    ------
    ValueError
        No ticket has a label that the model knows.
    """
    classifications = model.classify([ticket.ticket for ticket in solved])
    taxonomy = model.model.taxonomy
    shares = {
        target.name: np.array(
            [[c.predictions[target.name].probabilities[name] for name in target.label_names] for c in classifications]
        )
        for target in taxonomy
    }
    truth = label_indices(solved, taxonomy)
    automatic = np.array([c.decision.action == "auto" for c in classifications])
    traits = Traits.of([ticket.ticket for ticket in solved])
    return report_on(taxonomy, shares, truth, automatic, model.model.promises, traits)


def label_indices(solved: Sequence[SolvedTicket], taxonomy: Taxonomy) -> dict[str, NDArray[np.intp]]:
    """Per target each ticket's label as an index into the taxonomy's labels, -1 where it has none."""
    return {
        target.name: np.array(
            [
                target.label_names.index(label)
                if (label := ticket.labels.get(target.name)) in target.label_names
                else -1
                for ticket in solved
            ],
            dtype=np.intp,
        )
        for target in taxonomy
    }


def report_on(
    taxonomy: Taxonomy,
    shares: Mapping[str, NDArray[np.float64]],
    truth: Mapping[str, NDArray[np.intp]],
    automatic: NDArray[np.bool_],
    promises: Promises,
    traits: Traits,
) -> Report:
    """The report on given probabilities of shape (n_tickets, n_labels) per target."""
    if not any((indices >= 0).any() for indices in truth.values()):
        raise ValueError(
            "no ticket has a label that the model knows; map the desk's own with --label target:theirs=ours"
        )
    targets = {
        target.name: _target_report(target, shares[target.name], truth[target.name], traits)
        for target in taxonomy
        if (truth[target.name] >= 0).any()
    }
    n_automatic = int(automatic.sum())
    answers = {target.name: cheapest(target, shares[target.name]) for target in taxonomy}
    wrong = wrong_answers(answers, truth)
    costs = np.where(automatic, sum(_costs(t, answers[t.name], truth[t.name]) for t in taxonomy), taxonomy.review_cost)
    decision = DecisionReport(
        n_tickets=len(automatic),
        auto_share=n_automatic / len(automatic),
        auto_error=float(wrong[automatic].mean()) if n_automatic else None,
        cost_per_100=100 * float(costs.mean()),
        review_cost_per_100=100 * taxonomy.review_cost,
        promise=promises.joint,
        target_promises=promises.single,
        covered_labels={t.name: tuple(n for n in t.label_names if n in promises.labels[t.name]) for t in taxonomy},
    )
    return Report(targets=targets, decision=decision)


def report_on_folds(
    taxonomy: Taxonomy,
    shares: Mapping[str, NDArray[np.float64]],
    truth: Mapping[str, NDArray[np.intp]],
    automatic: NDArray[np.bool_],
    promises: Promises,
    traits: Traits,
    *,
    fold_of: NDArray[np.intp],
) -> tuple[Report, ...]:
    """The report on each fold by itself, in order; a fold without any known label has none."""
    reports = []
    for fold in np.unique(fold_of):
        rows = fold_of == fold
        known = {name: indices[rows] for name, indices in truth.items()}
        if any((indices >= 0).any() for indices in known.values()):
            of_fold = {name: given[rows] for name, given in shares.items()}
            reports.append(report_on(taxonomy, of_fold, known, automatic[rows], promises, traits.at(rows)))
    return tuple(reports)


def wrong_answers(answers: Mapping[str, NDArray[np.intp]], truth: Mapping[str, NDArray[np.intp]]) -> NDArray[np.bool_]:
    """Whether any known label of a ticket was answered wrongly, of shape (n_tickets,)."""
    wrong: NDArray[np.bool_] = np.any(
        [(answers[name] != indices) & (indices >= 0) for name, indices in truth.items()], axis=0
    )
    return wrong


def _costs(target: Target, answered: NDArray[np.intp], truth: NDArray[np.intp]) -> NDArray[np.float64]:
    """What each answer cost, of shape (n_tickets,); 0 where the true label is not known."""
    return np.where(truth >= 0, cost_matrix(target)[truth, answered], 0.0)


def _target_report(
    target: Target, shares: NDArray[np.float64], truth: NDArray[np.intp], traits: Traits
) -> TargetReport:
    names = target.label_names
    known = truth >= 0
    shares, truth = shares[known], truth[known]
    answered = shares.argmax(axis=1)
    indices = list(range(len(names)))
    precision, recall, f1, support = precision_recall_fscore_support(truth, answered, labels=indices, zero_division=0)
    present = support > 0
    counts = confusion_matrix(truth, answered, labels=indices)
    clipped = np.clip(shares, _SMALLEST_SHARE, 1)
    confidence, correct = shares.max(axis=1), answered == truth
    return TargetReport(
        n_tickets=len(truth),
        accuracy=float(correct.mean()),
        cost_per_100=100 * float(_costs(target, cheapest(target, shares), truth).mean()),
        macro_f1=float(f1[present].mean()),
        log_loss=float(log_loss(truth, clipped / clipped.sum(axis=1, keepdims=True), labels=indices)),
        ece=expected_calibration_error(confidence, correct),
        labels={
            name: LabelScore(
                precision=float(precision[i]),
                recall=float(recall[i]),
                f1=float(f1[i]),
                n_tickets=int(support[i]),
            )
            for i, name in enumerate(names)
        },
        confusion={true: {answer: int(counts[i, j]) for j, answer in enumerate(names)} for i, true in enumerate(names)},
        rare_labels=tuple(name for i, name in enumerate(names) if support[i] < _RARE),
        reliability=reliability(confidence, correct),
        calibration=tuple(slices(confidence, correct, answered, names, traits.at(known))),
    )
