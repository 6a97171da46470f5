"""What an evaluation found, as tables for a person."""

from rich.console import RenderableType
from rich.table import Table

from desk import EvaluationAnswer, ProvenPromiseAnswer
from stellwerk.output import share, table


def report_of(answer: EvaluationAnswer) -> list[RenderableType]:
    """One table over all targets, then each target's labels, confusions and calibration, then the decisions."""
    return [
        _targets(answer),
        *(
            part
            for name in answer.targets
            for part in (_labels(answer, name), _confusion(answer, name), _calibration(answer, name))
        ),
        _decisions(answer),
    ]


def _targets(answer: EvaluationAnswer) -> Table:
    rows = table("Targets", "target", "tickets", "accuracy", "macro F1", "log loss", "ECE", "cost per 100")
    for name, scores in answer.targets.items():
        numbers = (scores.accuracy, scores.macro_f1, scores.log_loss, scores.ece)
        rows.add_row(name, f"{scores.n_tickets:,}", *map(share, numbers), f"{scores.cost_per_100:,.0f}")
    return rows


def _labels(answer: EvaluationAnswer, name: str) -> Table:
    rows = table(f"Labels of {name}", "label", "tickets", "precision", "recall", "F1", "")
    target, covered = answer.targets[name], answer.decision.covered_labels[name]
    for label, scores in target.labels.items():
        marks = [*(["rare"] * (label in target.rare_labels)), *(["not covered"] * (label not in covered))]
        figures = map(share, (scores.precision, scores.recall, scores.f1))
        rows.add_row(label, f"{scores.n_tickets:,}", *figures, ", ".join(marks))
    return rows


def _confusion(answer: EvaluationAnswer, name: str) -> Table:
    confusion = answer.targets[name].confusion
    answered = list(dict.fromkeys(label for row in confusion.values() for label in row))
    rows = table(f"Answers to {name}, by the true label", "true", *answered)
    for true, counts in confusion.items():
        rows.add_row(true, *(f"{counts.get(label, 0):,}" for label in answered))
    return rows


def _calibration(answer: EvaluationAnswer, name: str) -> Table:
    rows = table(f"Calibration of {name}", "part", "tickets", "confidence", "accuracy", "ECE", "")
    for part in answer.targets[name].calibration:
        figures = map(share, (part.mean_confidence, part.accuracy, part.ece))
        title = part.name if part.kind == "all" else f"{part.kind} {part.name}"
        rows.add_row(title, f"{part.n_tickets:,}", *figures, "too few" if part.too_few else "")
    return rows


def _decisions(answer: EvaluationAnswer) -> str:
    decision = answer.decision
    share_of_all = f"{share(decision.auto_share)} of {decision.n_tickets:,} tickets are routed by themselves"
    if decision.auto_error is not None:
        share_of_all += f", {share(decision.auto_error)} of these wrongly"
    asking = f"{decision.review_cost_per_100:,.0f} if a person is asked each time"
    costs = f"100 tickets cost {decision.cost_per_100:,.0f}, {asking}"
    singles = [f"{name} alone: {_promise(promise)}" for name, promise in decision.target_promises.items()]
    return "\n".join([f"{share_of_all}. {_promise(decision.promise)}", f"{costs}.", *singles])


def _promise(promise: ProvenPromiseAnswer) -> str:
    if promise.threshold is not None:
        kept = f"at most {share(promise.max_error)} of them wrong, with confidence {share(promise.confidence)}"
        return f"Proven on {promise.n_tested:,} tickets of {promise.n_problems:,} problems: {kept}."
    if promise.n_missing is None:
        return (
            "No promise could be proven, and more tickets alone will not do: "
            "too few answers are sure, too many sure ones are wrong, or asking is cheaper."
        )
    return f"No promise could be proven; about {promise.n_missing:,} more independent problems are needed."
