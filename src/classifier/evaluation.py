"""How good a model's answers are on tickets whose labels are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support

from classifier.decision import certainty, decide
from classifier.model import BoundClassifier
from classifier.prediction import Prediction
from classifier.promise import Promise
from tickets import SolvedTicket, Taxonomy

_BINS = 10
_SMALLEST_SHARE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """How well one label was found."""

    precision: float
    recall: float
    f1: float
    n_tickets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetReport:
    """How well one target was answered; ``confusion[true][answered]`` counts tickets."""

    n_tickets: int
    accuracy: float
    macro_f1: float
    log_loss: float
    ece: float
    labels: Mapping[str, LabelScore]
    confusion: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReport:
    """What was routed by itself; ``auto_error`` is None where nothing was."""

    n_tickets: int
    auto_share: float
    auto_error: float | None
    promise: Promise


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
    return report_on(taxonomy, shares, truth, automatic, model.model.promise)


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
    promise: Promise,
) -> Report:
    """The report on given probabilities of shape (n_tickets, n_labels) per target."""
    if not any((indices >= 0).any() for indices in truth.values()):
        raise ValueError(
            "no ticket has a label that the model knows; map the desk's own with --label target:theirs=ours"
        )
    targets = {
        target.name: _target_report(target.label_names, shares[target.name], truth[target.name])
        for target in taxonomy
        if (truth[target.name] >= 0).any()
    }
    n_automatic = int(automatic.sum())
    wrong = wrong_answers(shares, truth)
    decision = DecisionReport(
        n_tickets=len(automatic),
        auto_share=n_automatic / len(automatic),
        auto_error=float(wrong[automatic].mean()) if n_automatic else None,
        promise=promise,
    )
    return Report(targets=targets, decision=decision)


def wrong_answers(
    shares: Mapping[str, NDArray[np.float64]], truth: Mapping[str, NDArray[np.intp]]
) -> NDArray[np.bool_]:
    """Whether any known label of a ticket was answered wrongly, of shape (n_tickets,)."""
    wrong: NDArray[np.bool_] = np.any(
        [(shares[name].argmax(axis=1) != indices) & (indices >= 0) for name, indices in truth.items()], axis=0
    )
    return wrong


def would_route(taxonomy: Taxonomy, shares: Mapping[str, NDArray[np.float64]], promise: Promise) -> NDArray[np.bool_]:
    """Which tickets such probabilities would send on their way by themselves, of shape (n_tickets,)."""
    n_tickets = len(next(iter(shares.values())))
    return np.array([decide(predictions_at(taxonomy, shares, i), promise).action == "auto" for i in range(n_tickets)])


def certainties(taxonomy: Taxonomy, shares: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """How sure each whole answer is, of shape (n_tickets,)."""
    n_tickets = len(next(iter(shares.values())))
    return np.array([certainty(predictions_at(taxonomy, shares, i)) for i in range(n_tickets)])


def predictions_at(taxonomy: Taxonomy, shares: Mapping[str, NDArray[np.float64]], i: int) -> dict[str, Prediction]:
    """Ticket ``i``'s predictions."""
    return {
        target.name: Prediction(dict(zip(target.label_names, shares[target.name][i].tolist(), strict=True)))
        for target in taxonomy
    }


def expected_calibration_error(
    confidence: NDArray[np.float64], correct: NDArray[np.bool_], *, bins: int = _BINS
) -> float:
    """Mean gap between confidence and accuracy, weighted by bin size; in [0, 1], 0 is perfect.

    Parameters
    ----------
    confidence, correct : ndarrays of shape (n_tickets,)
        Probability of the predicted label, and whether that label was the true one.

    References
    ----------
    Guo et al. (2017), "On Calibration of Modern Neural Networks", section 2.
    """
    bin_of = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    gaps = [
        (bin_of == b).mean() * abs(confidence[bin_of == b].mean() - correct[bin_of == b].mean())
        for b in np.unique(bin_of)
    ]
    return float(sum(gaps))


def _target_report(names: tuple[str, ...], shares: NDArray[np.float64], truth: NDArray[np.intp]) -> TargetReport:
    known = truth >= 0
    shares, truth = shares[known], truth[known]
    answered = shares.argmax(axis=1)
    indices = list(range(len(names)))
    precision, recall, f1, support = precision_recall_fscore_support(truth, answered, labels=indices, zero_division=0)
    present = support > 0
    counts = confusion_matrix(truth, answered, labels=indices)
    clipped = np.clip(shares, _SMALLEST_SHARE, 1)
    return TargetReport(
        n_tickets=len(truth),
        accuracy=float((answered == truth).mean()),
        macro_f1=float(f1[present].mean()),
        log_loss=float(log_loss(truth, clipped / clipped.sum(axis=1, keepdims=True), labels=indices)),
        ece=expected_calibration_error(shares.max(axis=1), answered == truth),
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
    )
