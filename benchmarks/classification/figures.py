"""What trials come to: how right, how honest, how much could be routed, how fast and how large."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score, f1_score, log_loss

from benchmarks.classification.promise import AGREEMENTS, STRICT, Routed, tried
from benchmarks.classification.trial import Trial
from classifier import expected_calibration_error

_SMALLEST_SHARE = 1e-6  # as in the product's own report: one sure mistake is not infinitely bad


def quality(trials: Sequence[Trial]) -> dict[str, Any]:
    """Per target: accuracy and F1 as means over the trials, log-loss and calibration error over all their tickets."""
    figures: dict[str, Any] = {}
    for target in trials[0].shares:
        answers = [(trial.truth[target], trial.shares[target]) for trial in trials]
        labels = [(truth, shares.argmax(axis=1)) for truth, shares in answers]
        truth = np.concatenate([truth for truth, _ in answers])
        shares = np.concatenate([shares for _, shares in answers])
        clipped = np.clip(shares, _SMALLEST_SHARE, 1)
        clipped /= clipped.sum(axis=1, keepdims=True)
        figures |= {
            f"{target}_accuracy": float(np.mean([accuracy_score(*pair) for pair in labels])),
            f"{target}_macro_f1": float(np.mean([f1_score(*pair, average="macro") for pair in labels])),
            f"{target}_weighted_f1": float(np.mean([f1_score(*pair, average="weighted") for pair in labels])),
            f"{target}_log_loss": float(log_loss(truth, clipped, labels=list(range(shares.shape[1])))),
            f"{target}_ece_pooled": expected_calibration_error(shares.max(axis=1), shares.argmax(axis=1) == truth),
        }
    return figures


def routing(trials: Sequence[Trial]) -> dict[str, Any]:
    """What could be routed at each agreement by a procedure that is the same for all, and by a model's own promise."""
    certainty = np.concatenate([trial.certainty for trial in trials])
    wrong = np.concatenate([trial.wrong for trial in trials])
    problems = np.unique([problem for trial in trials for problem in trial.problems], return_inverse=True)[1]
    figures: dict[str, Any] = {
        "auto": {agreement.name: asdict(tried(certainty, wrong, problems, agreement)) for agreement in AGREEMENTS}
    }
    own = [(trial.own, len(trial.problems)) for trial in trials if trial.own is not None]
    if len(own) == len(trials):
        figures["auto_own"] = {STRICT.name: asdict(_pooled(own))}
    return figures


def cost(trials: Sequence[Trial]) -> dict[str, Any]:
    """Time and memory: means over the trials, the largest peak; the pace of those that were timed."""
    figures: dict[str, Any] = {
        "training_seconds": float(np.mean([trial.training_seconds for trial in trials])),
        "tickets_per_second": float(np.mean([trial.tickets_per_second for trial in trials])),
        "peak_memory_bytes": max(trial.peak_memory_bytes for trial in trials),
        "bare_memory_bytes": max(trial.bare_memory_bytes for trial in trials),
    }
    if timed := [trial.pace for trial in trials if trial.pace is not None]:
        figures["pace"] = asdict(timed[0])
    return figures


def _pooled(routed: Sequence[tuple[Routed, int]]) -> Routed:
    """All trials' automatic tickets together."""
    n_tickets = sum(n for _, n in routed)
    n_automatic = sum(one.share * n for one, n in routed)
    n_wrong = sum((one.error or 0.0) * one.share * n for one, n in routed)
    return Routed(share=n_automatic / n_tickets, error=n_wrong / n_automatic if n_automatic else None)
