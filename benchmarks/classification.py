"""How well level and category are read, on new and recurring problems, beside TF-IDF with logistic regression."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline, make_union

from benchmarks.sample import encoder, solved_tickets
from classifier import TrainingPlan, expected_calibration_error, train
from tickets import SolvedTicket, Taxonomy

_TARGETS = ("level", "category")
_FOLDS = 5
_SEED = 2026  # not the seed of the plan: the plan's own folds lie inside each training part


@dataclass(frozen=True)
class Answers:
    """One model's answers to one target; arrays of shape (n_tickets,)."""

    truth: NDArray[np.str_]
    labels: NDArray[np.str_]
    confidences: NDArray[np.float64]

    @property
    def accuracy(self) -> float:
        """Share of right answers."""
        return float((self.labels == self.truth).mean())

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the labels."""
        return float(f1_score(self.truth, self.labels, average="macro"))

    @property
    def ece(self) -> float:
        """Expected calibration error."""
        return expected_calibration_error(self.confidences, self.labels == self.truth)


Tickets = Sequence[SolvedTicket]
Contestant = Callable[[Tickets, Tickets], dict[str, Answers]]
"""Learns from the first tickets and answers the second ones, per target."""


def new_problems(_: Path | None) -> dict[str, Any]:
    """Five folds grouped by problem; each fold's model has seen no ticket of the problems it is tested on."""
    solved = solved_tickets()
    problems = np.array([ticket.problem for ticket in solved])
    levels = np.array([ticket.labels["level"] for ticket in solved])
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=_SEED)
    splits = [
        ([solved[i] for i in learn], [solved[i] for i in test]) for learn, test in folds.split(levels, levels, problems)
    ]
    return {
        "case": f"{_FOLDS} folds grouped by problem; ece_pooled over all, the rest mean",
        "models": _compare(splits),
    }


def recurring_problems(_: Path | None) -> dict[str, Any]:
    """Each problem's last ticket arrives; the others are history."""
    solved = solved_tickets()
    last: dict[str, SolvedTicket] = {}
    for ticket in solved:
        problem = ticket.problem or ""
        if problem not in last or _arrival(ticket) > _arrival(last[problem]):
            last[problem] = ticket
    arriving = {ticket.ticket.id for ticket in last.values()}
    learn = [ticket for ticket in solved if ticket.ticket.id not in arriving]
    return {"case": "each problem's last ticket arrives", "models": _compare([(learn, list(last.values()))])}


def _arrival(ticket: SolvedTicket) -> datetime:
    return ticket.ticket.created_at or datetime.min.replace(tzinfo=UTC)


def _compare(splits: Sequence[tuple[Tickets, Tickets]]) -> dict[str, dict[str, float]]:
    contestants: dict[str, Contestant] = {"default": _default, "fast": _fast, "tfidf_lr": _floor}
    return {
        name: _figures([contestant(learn, test) for learn, test in splits]) for name, contestant in contestants.items()
    }


def _figures(folds: Sequence[dict[str, Answers]]) -> dict[str, float]:
    figures = {}
    for target in _TARGETS:
        answers = [fold[target] for fold in folds]
        for measure in ("accuracy", "macro_f1", "ece"):
            figures[f"{target}_{measure}"] = float(np.mean([getattr(fold, measure) for fold in answers]))
        pooled = Answers(
            truth=np.concatenate([fold.truth for fold in answers]),
            labels=np.concatenate([fold.labels for fold in answers]),
            confidences=np.concatenate([fold.confidences for fold in answers]),
        )
        figures[f"{target}_ece_pooled"] = pooled.ece
    return figures


def _default(learn: Tickets, test: Tickets) -> dict[str, Answers]:
    return _ours(TrainingPlan.named("default"), learn, test)


def _fast(learn: Tickets, test: Tickets) -> dict[str, Answers]:
    return _ours(TrainingPlan.named("fast"), learn, test)


def _ours(plan: TrainingPlan, learn: Tickets, test: Tickets) -> dict[str, Answers]:
    shared = encoder()
    trained = train(learn, taxonomy=Taxonomy.builtin(), plan=plan, encoder=shared)
    classifications = trained.model.bind(shared).classify([ticket.ticket for ticket in test])
    answers = {}
    for target in _TARGETS:
        predictions = [classification.predictions[target] for classification in classifications]
        answers[target] = Answers(
            truth=_truth(test, target),
            labels=np.array([prediction.label for prediction in predictions]),
            confidences=np.array([prediction.confidence for prediction in predictions]),
        )
    return answers


def _floor(learn: Tickets, test: Tickets) -> dict[str, Answers]:
    answers = {}
    for target in _TARGETS:
        model = make_pipeline(
            make_union(
                TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
            ),
            LogisticRegression(C=10, max_iter=500),
        ).fit([_words(ticket) for ticket in learn], _truth(learn, target))
        shares = model.predict_proba([_words(ticket) for ticket in test])
        answers[target] = Answers(
            truth=_truth(test, target), labels=model.classes_[shares.argmax(axis=1)], confidences=shares.max(axis=1)
        )
    return answers


def _truth(solved: Tickets, target: str) -> NDArray[np.str_]:
    return np.array([ticket.labels[target] for ticket in solved])


def _words(ticket: SolvedTicket) -> str:
    return f"{ticket.ticket.subject}\n{ticket.ticket.body}"
