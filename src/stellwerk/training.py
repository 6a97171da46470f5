"""``train`` and ``evaluate``: learn from solved tickets, and score a model on them."""

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

import desk
from classifier import PlanName, TrainingPlan
from stellwerk.opening import announce_encoder, open_desk
from stellwerk.options import (
    Columns,
    History,
    Json,
    Labels,
    MappingFile,
    Model,
    Models,
    Rejects,
    TaxonomyFile,
    mapping_of,
    settings_with,
    strictly_between,
)
from stellwerk.output import message, show, write_json
from stellwerk.progress import progress
from stellwerk.reading import HistoryReading, rejects_file
from stellwerk.report import report_of
from tickets import Taxonomy

_Targets = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="NAME", help="Learn this target only. Repeat it for several."),
]
_Plan = Annotated[
    PlanName,
    typer.Option(
        "--plan",
        help="fast reads words alone; default adds what they mean; best tunes the encoder on your tickets, "
        "eight minutes for 300 of them on two busy cores.",
    ),
]
_MaxError = Annotated[
    float,
    typer.Option(
        "--max-error",
        callback=strictly_between(0, 1),
        help="Largest share of wrong answers among automatic ones.",
    ),
]
_Confidence = Annotated[
    float,
    typer.Option("--confidence", callback=strictly_between(0, 1), help="How sure that promise must be."),
]
_Primer = Annotated[
    bool,
    typer.Option(
        "--primer/--no-primer", help="Learn levels and categories from built-in examples too, or from history alone."
    ),
]
_Seed = Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Same seed and history, same model.")]
_Promote = Annotated[bool, typer.Option("--promote", help="Promote the candidate if it earns it.")]


def train(  # noqa: PLR0913 - one for each option
    history: History,
    *,
    taxonomy: TaxonomyFile = None,
    target: _Targets = None,
    plan: _Plan = "default",
    models: Models = None,
    max_error: _MaxError = 0.05,
    confidence: _Confidence = 0.95,
    seed: _Seed = 0,
    primer: _Primer = True,
    promote: _Promote = False,
    column: Columns = None,
    label: Labels = None,
    mapping: MappingFile = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    """Learn from solved tickets, calibrate, test, and save a candidate."""
    settings = settings_with(models=models)
    targets = _taxonomy(taxonomy, target)
    reading = HistoryReading(mapping=mapping_of(column, label, mapping), rejects=rejects_file(rejects, "train"))
    with progress() as report:
        solved = reading.tickets(history, taxonomy=targets, report=report)
        if plan != "fast":
            announce_encoder(settings)
        if plan == "best":
            message("plan best tunes the encoder six times; 300 tickets took eight minutes on two busy cores")
        with redirect_stdout(sys.stderr):  # libraries that print must not spoil the result
            answer = desk.train(
                settings,
                solved,
                taxonomy=targets,
                plan=TrainingPlan.named(plan, max_error=max_error, confidence=confidence, seed=seed, primer=primer),
                promote=promote,
                source=", ".join(str(file) for file in history),
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


def _taxonomy(file: Path | None, targets: list[str] | None) -> Taxonomy:
    taxonomy = Taxonomy.read(file) if file else Taxonomy.builtin()
    return taxonomy.only(tuple(targets)) if targets else taxonomy


def _show(answer: desk.TrainingAnswer, *, asked: bool) -> None:
    for warning in answer.warnings:
        message(f"warning: {warning}")
    show(*report_of(answer.report))
    fate = "was promoted" if answer.promoted else "was not promoted" if asked else "is on the shelf"
    show(f"The candidate {answer.version} {fate}; it took {answer.seconds:.0f} seconds.")
    show(*(f"  {line}" for line in answer.verdict))
    if not answer.promoted:
        show(f"To let it serve: stellwerk promote {answer.version}")
