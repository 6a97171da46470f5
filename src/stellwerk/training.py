"""``train`` and ``evaluate``: learn from solved tickets, and score a model on them."""

import sys
from contextlib import redirect_stdout
from typing import Annotated

import typer

import desk
from classifier import TrainingPlan
from stellwerk.opening import announce_encoder, open_desk
from stellwerk.options import (
    Columns,
    Confidence,
    History,
    Json,
    Labels,
    MappingFile,
    MaxError,
    Model,
    Models,
    Plan,
    Primer,
    Rejects,
    Seed,
    Targets,
    TaxonomyFile,
    mapping_of,
    settings_with,
    taxonomy_from,
)
from stellwerk.output import message, show, write_json
from stellwerk.progress import progress
from stellwerk.reading import HistoryReading, rejects_file
from stellwerk.report import report_of

WithFeedback = Annotated[
    bool,
    typer.Option(
        "--with-feedback", help="Learn from the corrections in the journal too (STELLWERK_JOURNAL), by who gave them."
    ),
]
_Promote = Annotated[bool, typer.Option("--promote", help="Promote the candidate if it earns it.")]


def train(  # noqa: PLR0913 - one for each option
    history: History,
    *,
    taxonomy: TaxonomyFile = None,
    target: Targets = None,
    plan: Plan = "default",
    models: Models = None,
    max_error: MaxError = 0.05,
    confidence: Confidence = 0.95,
    seed: Seed = 0,
    primer: Primer = True,
    with_feedback: WithFeedback = False,
    promote: _Promote = False,
    column: Columns = None,
    label: Labels = None,
    mapping: MappingFile = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    """Learn from solved tickets, calibrate, test, and save a candidate."""
    settings = settings_with(models=models)
    targets = taxonomy_from(taxonomy, target)
    reading = HistoryReading(mapping=mapping_of(column, label, mapping), rejects=rejects_file(rejects, "train"))
    judged = desk.judged_decisions(settings) if with_feedback else None
    with progress() as report:
        solved = reading.tickets(history, taxonomy=targets, report=report)
        if plan != "fast":
            announce_encoder(settings)
        if plan == "best":
            message("plan best tunes the encoder six times; 1,600 tickets took a quarter of an hour on two cores")
        with redirect_stdout(sys.stderr):  # libraries that print must not spoil the result
            answer = desk.train(
                settings,
                solved,
                taxonomy=targets,
                plan=TrainingPlan.named(plan, max_error=max_error, confidence=confidence, seed=seed, primer=primer),
                promote=promote,
                source=", ".join(str(file) for file in history),
                judged=judged,
                progress=report,
            )
    if json:
        write_json(answer)
    else:
        _show(answer, asked=promote)


def evaluate(
    history: History,
    *,
    model: Model = None,
    models: Models = None,
    column: Columns = None,
    label: Labels = None,
    mapping: MappingFile = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    """Score a model on tickets whose labels are known."""
    settings = settings_with(models=models)
    reading = HistoryReading(mapping=mapping_of(column, label, mapping), rejects=rejects_file(rejects, "evaluate"))
    with open_desk(settings, model=model) as opened:
        taxonomy = opened.taxonomy
    with progress() as report:
        solved = reading.tickets(history, taxonomy=taxonomy, report=report)
        with redirect_stdout(sys.stderr):
            answer = desk.evaluate(settings, solved, model=model)
    if json:
        write_json(answer)
    else:
        show(*report_of(answer))


def told_feedback(feedback: desk.FeedbackAnswer) -> str:
    """What corrections added, in one line."""
    tellers = ", ".join(f"{n:,} by {teller}" for teller, n in sorted(feedback.n_labels.items()))
    return (
        f"{feedback.n_added:,} tickets added, {feedback.n_changed:,} labels changed, "
        f"{feedback.n_confirmed:,} confirmed, {feedback.n_overruled:,} overruled ({tellers or 'no labels'})"
    )


def _show(answer: desk.TrainingAnswer, *, asked: bool) -> None:
    for warning in answer.warnings:
        message(f"warning: {warning}")
    if answer.feedback is not None:
        message(f"corrections: {told_feedback(answer.feedback)}")
    show(*report_of(answer.report))
    fate = "was promoted" if answer.promoted else "was not promoted" if asked else "is on the shelf"
    show(f"The candidate {answer.version} {fate}; it took {answer.seconds:.0f} seconds.")
    show(*(f"  {line}" for line in answer.verdict))
    if not answer.promoted:
        show(f"To let it serve: stellwerk promote {answer.version}")
