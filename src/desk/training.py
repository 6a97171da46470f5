"""Train, keep, judge, promote and track a model; measure one that is kept."""

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from classifier import (
    Manifest,
    ModelShelf,
    OnProgress,
    Report,
    ShelfError,
    Surroundings,
    TrackingError,
    Trained,
    Training,
    TrainingPlan,
    Verdict,
    fingerprint,
    note_learned,
    track,
)
from classifier import evaluate as measure
from classifier import train as learn
from desk.comparing import judged as compared_and_judged
from desk.comparing import keep_unseen, keep_verdict
from desk.encoder import encoder_of
from desk.errors import DeskError
from desk.evaluation import EvaluationAnswer, evaluation_answer
from desk.feedback import FeedbackAnswer, with_feedback
from desk.privacy import Privacy
from desk.settings import Settings
from desk.traces import traces_of
from desk.trail import acting_alone
from journal import JudgedDecision
from tickets import SolvedTicket, Taxonomy

log = logging.getLogger(__name__)

_TRAINING_THREADS = 2


class TrainingAnswer(BaseModel):
    """What a training gave."""

    model_config = ConfigDict(frozen=True)

    version: str
    promoted: bool
    verdict: list[str]
    feedback: FeedbackAnswer | None = Field(default=None, description="null where nobody asked for corrections")
    report: EvaluationAnswer
    warnings: list[str]
    seconds: float
    run_id: str | None = Field(description="the MLflow run; null where tracking is switched off")


@dataclass(frozen=True, slots=True)
class Learned:
    """A model just learned, and what is kept beside it; `keep` puts it on the shelf."""

    trained: Trained
    solved: Sequence[SolvedTicket]
    """What it learned from, masked; corrections among them."""
    feedback: FeedbackAnswer | None
    traces: Mapping[str, Collection[str]]
    """Keyed hashes of whose tickets these were, for forgetting."""
    seconds: float


def learned(
    settings: Settings,
    solved: Sequence[SolvedTicket],
    *,
    taxonomy: Taxonomy,
    plan: TrainingPlan,
    judged: Sequence[JudgedDecision] | None = None,
    progress: OnProgress | None = None,
) -> Learned:
    """A model learned from ``solved``, masked as the desk masks, and from what people said; nothing is kept yet.

    Parameters
    ----------
    judged : sequence of JudgedDecision, optional
        What people said of decisions, to learn from too.
    """
    started = time.monotonic()
    privacy = Privacy(settings)
    came, solved, feedback = solved, privacy.solved(solved), None
    if judged is not None:
        solved, feedback = with_feedback(solved, judged, taxonomy)
    traces = traces_of(privacy.mask, [*came, *solved[len(came) :]])
    encoder = encoder_of(settings, n_threads=_TRAINING_THREADS) if plan.meaning else None
    trained = learn(solved, taxonomy=taxonomy, plan=plan, encoder=encoder, progress=progress)
    return Learned(trained, solved, feedback, traces, time.monotonic() - started)


def train(
    settings: Settings,
    solved: Sequence[SolvedTicket],
    *,
    taxonomy: Taxonomy,
    plan: TrainingPlan,
    promote: bool,
    source: str,
    judged: Sequence[JudgedDecision] | None = None,
    progress: OnProgress | None = None,
) -> TrainingAnswer:
    """Learn from ``solved`` as `learned` does, keep the model, and promote it where that is asked and earned.

    The report measures tickets that were not learned from (grouped folds).
    """
    new = learned(settings, solved, taxonomy=taxonomy, plan=plan, judged=judged, progress=progress)
    return keep(settings, new, promote=promote, source=source)


def keep(settings: Settings, new: Learned, *, promote: bool, source: str) -> TrainingAnswer:
    """Put a model on the shelf, judge it, promote it where that is asked and earned, and track it."""
    started = time.monotonic()
    trained = new.trained
    manifest = ModelShelf(settings.models).save(
        trained, n_tickets=len(new.solved), data_fingerprint=fingerprint(new.solved)
    )
    folder = settings.models / manifest.version
    note_learned(folder, new.traces)
    keep_unseen(Privacy(settings).mask, folder, new.solved, trained.answers)
    done = conclude(settings, manifest, new.solved, promote=promote, source=source, folds=trained.folds)
    return TrainingAnswer(
        version=manifest.version,
        promoted=done.promoted,
        verdict=list(done.verdict.reasons),
        feedback=new.feedback,
        report=evaluation_answer(trained.report),
        warnings=[*trained.warnings, *done.warnings],
        seconds=new.seconds + time.monotonic() - started,
        run_id=done.run_id,
    )


@dataclass(frozen=True, slots=True)
class Concluded:
    """What became of a candidate that was trained."""

    verdict: Verdict
    promoted: bool
    run_id: str | None
    warnings: tuple[str, ...] = ()


def conclude(
    settings: Settings,
    candidate: Manifest,
    solved: Sequence[SolvedTicket],
    *,
    promote: bool,
    source: str,
    folds: tuple[Report, ...] = (),
) -> Concluded:
    """Judge a candidate on the tickets it learned from, as its folds answered them, and promote and track it.

    Tracking harms nothing: where MLflow does not take the run, there is a warning and no ``run_id``.

    Parameters
    ----------
    solved : sequence of SolvedTicket
        Masked.
    """
    shelf, folder = ModelShelf(settings.models), settings.models / candidate.version
    champion = _standing_champion(shelf)
    found = compared_and_judged(settings, Privacy(settings).mask, candidate, champion, solved)
    keep_verdict(folder, found, champion)
    promoted = promote and found.verdict.promoted
    if promoted:
        with acting_alone(settings, "promote", candidate.version):
            shelf.promote(candidate.version)
    if not settings.tracking:
        return Concluded(found.verdict, promoted, None)
    training = Training(
        manifest=candidate,
        folder=folder,
        source=source,
        taxonomy=shelf.load(candidate.version)[1].taxonomy,
        surroundings=surroundings_of(settings),
        folds=folds,
        verdict=found.verdict,
    )
    try:
        run_id = track(training, uri=settings.tracking, alias="champion" if promoted else "challenger")
    except TrackingError as error:
        log.warning("training not tracked: %s", error)
        return Concluded(found.verdict, promoted, None, (str(error),))
    return Concluded(found.verdict, promoted, run_id)


def surroundings_of(settings: Settings) -> Surroundings:
    """What a model that is scored elsewhere than at the desk finds on this machine."""
    return Surroundings(
        encoder=settings.encoder,
        encoders=str(settings.encoders),
        encoder_precision=settings.encoder_precision,
        masking=settings.masking,
        masking_key=str(settings.masking_key),
    )


def _standing_champion(shelf: ModelShelf) -> Manifest | None:
    """What the candidate must not fall behind; None where no champion could serve here."""
    champion = shelf.champion
    try:
        return shelf.load(champion)[0] if champion else None
    except ShelfError as error:
        log.warning("the champion cannot serve any more and is not compared with: %s", error)
        return None


def evaluate(settings: Settings, solved: Sequence[SolvedTicket], *, model: str | None = None) -> EvaluationAnswer:
    """Measure the champion, or the model of that version or folder, on tickets with known labels."""
    _, classifier = ModelShelf(settings.models).load(model)
    encoder = encoder_of(settings, n_threads=_TRAINING_THREADS) if classifier.encoder_name is not None else None
    if not solved:
        raise DeskError("there is no usable ticket to evaluate on; give a history with labels")
    return evaluation_answer(measure(classifier.bind(encoder), Privacy(settings).solved(solved)))
