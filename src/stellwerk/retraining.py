"""``retrain``: train anew where something asks for it, for a timer to run."""

import sys
from contextlib import redirect_stdout
from typing import Annotated

import typer

import desk
from classifier import TrainingPlan
from desk import RetrainingAnswer, Settings
from journal import Journal
from knowledge import TooFewJudgementsError
from stellwerk.opening import announce_encoder, open_shelf
from stellwerk.options import (
    Columns,
    Confidence,
    History,
    Json,
    Labels,
    MappingFile,
    MaxError,
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
from tickets import SolvedTicket


def retrain(  # noqa: PLR0913 - one for each option
    history: History,
    *,
    taxonomy: TaxonomyFile = None,
    target: Targets = None,
    plan: Plan = "default",
    max_error: MaxError = 0.05,
    confidence: Confidence = 0.95,
    seed: Seed = 0,
    primer: Primer = True,
    min_corrections: Annotated[
        int, typer.Option("--min-corrections", min=1, help="Corrected tickets that ask for a training.")
    ] = desk.LEAST_CORRECTIONS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done, and why.")] = False,
    models: Models = None,
    column: Columns = None,
    label: Labels = None,
    mapping: MappingFile = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    """Train anew where corrections, drift or a broken promise ask for it, and promote what passes its gates."""
    settings = settings_with(models=models)
    targets = taxonomy_from(taxonomy, target)
    reading = HistoryReading(mapping=mapping_of(column, label, mapping), rejects=rejects_file(rejects, "retrain"))
    if plan != "fast":
        announce_encoder(settings)
    with progress() as report, redirect_stdout(sys.stderr):  # libraries that print must not spoil the result

        def read() -> list[SolvedTicket]:
            return reading.tickets(history, taxonomy=targets, report=report)

        answer = desk.retrain(
            settings,
            read,
            taxonomy=targets,
            plan=TrainingPlan.named(plan, max_error=max_error, confidence=confidence, seed=seed, primer=primer),
            source=", ".join(str(file) for file in history),
            least_corrections=min_corrections,
            dry_run=dry_run,
            progress=report,
        )
        if not dry_run and answer.outcome != "busy":
            _weigh(settings)
    if json:
        write_json(answer)
    else:
        _show(answer)


def _weigh(settings: Settings) -> None:
    """Let the votes choose the search's weights, where there are enough of them."""
    if not Journal.exists(settings.journal):
        return
    with Journal.open(settings.journal) as journal:
        if not journal.feedback.n_votes():
            return
    with open_shelf(settings) as opened:
        try:
            weighing = opened.documents.weigh()
        except TooFewJudgementsError as error:
            message(f"the search's weights stay: {error}")
            return
    message(
        "the search weighs anew, by the votes" if weighing.is_better else "the search's weights stay: as good as any"
    )


def _show(answer: RetrainingAnswer) -> None:
    show(f"{answer.outcome}: {answer.detail}" if answer.detail else answer.outcome)
    show(*(f"  {reason.code}: {reason.detail}" for reason in answer.reasons))
    if answer.version:
        show(f"The candidate is {answer.version}; its verdict stands beside it in verdict.md.")
