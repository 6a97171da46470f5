"""How well level and category are read, on new and recurring problems, beside TF-IDF with logistic regression."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline, make_union

from benchmarks.sample import encoder, solved_tickets
from classifier import TrainingPlan, evaluate, expected_calibration_error, train
from tickets import SolvedTicket, Taxonomy

_FOLDS = 5
_SEED = 2026  # not the seed of the plan: the plan's own folds lie inside each training part


def new_problems(_: Path | None) -> dict[str, Any]:
    """Five folds grouped by problem; each fold's model has seen no ticket of the problems it is tested on."""
    solved = solved_tickets()
    problems = np.array([ticket.problem for ticket in solved])
    levels = np.array([ticket.labels["level"] for ticket in solved])
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=_SEED)
    results: dict[str, list[dict[str, Any]]] = {"default": [], "fast": [], "tfidf_lr": []}
    for learn, test in folds.split(levels, levels, problems):
        for name, result in _compare([solved[i] for i in learn], [solved[i] for i in test]).items():
            results[name].append(result)
    return {"case": f"{_FOLDS} folds grouped by problem, mean", "models": {n: _mean(r) for n, r in results.items()}}


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
    return {"case": "each problem's last ticket arrives", "models": _compare(learn, list(last.values()))}


def _arrival(ticket: SolvedTicket) -> datetime:
    return ticket.ticket.created_at or datetime.min.replace(tzinfo=UTC)


def _compare(learn: Sequence[SolvedTicket], test: Sequence[SolvedTicket]) -> dict[str, dict[str, Any]]:
    return {
        "default": _ours(TrainingPlan.named("default"), learn, test),
        "fast": _ours(TrainingPlan.named("fast"), learn, test),
        "tfidf_lr": _floor(learn, test),
    }


def _ours(plan: TrainingPlan, learn: Sequence[SolvedTicket], test: Sequence[SolvedTicket]) -> dict[str, Any]:
    shared = encoder()
    trained = train(learn, taxonomy=Taxonomy.builtin(), plan=plan, encoder=shared)
    report = evaluate(trained.model.bind(shared), test)
    figures = {
        f"{name}_{measure}": getattr(target, measure)
        for name, target in report.targets.items()
        for measure in ("accuracy", "macro_f1", "log_loss", "ece")
    }
    return figures | {"auto_share": report.decision.auto_share}


def _floor(learn: Sequence[SolvedTicket], test: Sequence[SolvedTicket]) -> dict[str, Any]:
    figures = {}
    for target in ("level", "category"):
        model = make_pipeline(
            make_union(
                TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
            ),
            LogisticRegression(C=10, max_iter=500),
        ).fit([_words(ticket) for ticket in learn], [ticket.labels[target] for ticket in learn])
        shares = model.predict_proba([_words(ticket) for ticket in test])
        answers = model.classes_[shares.argmax(axis=1)]
        truth = np.array([ticket.labels[target] for ticket in test])
        figures[f"{target}_accuracy"] = float((answers == truth).mean())
        figures[f"{target}_macro_f1"] = float(f1_score(truth, answers, average="macro"))
        figures[f"{target}_ece"] = expected_calibration_error(shares.max(axis=1), answers == truth)
    return figures


def _words(ticket: SolvedTicket) -> str:
    return f"{ticket.ticket.subject}\n{ticket.ticket.body}"


def _mean(results: Sequence[dict[str, Any]]) -> dict[str, float]:
    return {name: float(np.mean([result[name] for result in results])) for name in results[0]}
