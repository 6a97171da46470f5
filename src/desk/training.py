"""Train, keep, judge, promote and track a model; measure one that is kept."""

import logging
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from classifier import (
    Manifest,
    ModelShelf,
    OnProgress,
    Report,
    ShelfError,
    TrainingPlan,
    Verdict,
    fingerprint,
    note_learned,
    track,
)
from classifier import evaluate as measure
from classifier import train as learn
from desk.answers import Share
from desk.comparing import judged as compared_and_judged
from desk.comparing import keep_unseen, keep_verdict
from desk.encoder import encoder_of
from desk.errors import DeskError
from desk.feedback import FeedbackAnswer, with_feedback
from desk.privacy import Privacy
from desk.settings import Settings
from desk.traces import traces_of
from desk.trail import acting_alone
from journal import JudgedDecision
from tickets import SolvedTicket, Taxonomy

log = logging.getLogger(__name__)

_TRAINING_THREADS = 2


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class LabelScoreAnswer(_Answer):
    """How well one label was found."""

    precision: Share
    recall: Share
    f1: Share
    n_tickets: int


class ReliabilityBinAnswer(_Answer):
    """Answers of about the same confidence, and how many of them were right."""

    n_tickets: int
    mean_confidence: Share
    accuracy: Share


class CalibrationSliceAnswer(_Answer):
    """How well confidence and accuracy agree on one part of the tickets; null where it has none."""

    kind: Literal["all", "label", "language", "length"]
    name: str = Field(description="the label answered, `de`, `en` or `other`, or `short`, `medium` or `long`")
    n_tickets: int
    mean_confidence: Annotated[float | None, Field(ge=0, le=1)]
    accuracy: Annotated[float | None, Field(ge=0, le=1)]
    ece: Annotated[float | None, Field(ge=0, le=1)]
    too_few: bool = Field(description="the figures are mostly chance")


class TargetReportAnswer(_Answer):
    """How well one target was answered; ``confusion[true][answered]`` counts tickets."""

    n_tickets: int
    accuracy: Share
    cost_per_100: float = Field(description="what 100 tickets cost, all routed by the label of least expected cost")
    macro_f1: Share
    log_loss: float
    ece: Share
    labels: dict[str, LabelScoreAnswer]
    confusion: dict[str, dict[str, int]]
    rare_labels: list[str] = Field(description="labels of fewer than ten tickets here, whose figures say little")
    reliability: list[ReliabilityBinAnswer]
    calibration: list[CalibrationSliceAnswer]


class ProvenPromiseAnswer(_Answer):
    """The promise and what it rests on; ``threshold`` is null where it could not be proven."""

    max_error: Share
    confidence: Share
    threshold: float | None
    n_tested: int
    n_problems: int
    auto_share: Share
    n_missing: int | None = Field(
        description="about how many more problems a proof would need, were they answered as well as those seen; "
        "null where more of them alone will not do"
    )


class DecisionReportAnswer(_Answer):
    """What was routed by itself; ``auto_error`` is null where nothing was."""

    n_tickets: int
    auto_share: Share
    auto_error: Annotated[float | None, Field(ge=0, le=1)]
    cost_per_100: float = Field(description="confusions of what was routed by itself, and asking about all else")
    review_cost_per_100: float = Field(description="asking about every ticket")
    promise: ProvenPromiseAnswer
    target_promises: dict[str, ProvenPromiseAnswer] = Field(description="what is proven for each target's label alone")
    covered_labels: dict[str, list[str]] = Field(
        description="labels tested often enough for a promise to speak of them"
    )


class EvaluationAnswer(_Answer):
    """A model's answers measured on tickets with known labels."""

    targets: dict[str, TargetReportAnswer]
    decision: DecisionReportAnswer


class TrainingAnswer(_Answer):
    """What a training gave."""

    version: str
    promoted: bool
    verdict: list[str]
    feedback: FeedbackAnswer | None = Field(default=None, description="null where nobody asked for corrections")
    report: EvaluationAnswer
    warnings: list[str]
    seconds: float
    run_id: str | None = Field(description="the MLflow run; null where tracking is switched off")


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
    """Learn from ``solved``, keep the model, and promote it where that is asked and earned.

    The report measures tickets that were not learned from (grouped folds).

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
    shelf = ModelShelf(settings.models)
    manifest = shelf.save(trained, n_tickets=len(solved), data_fingerprint=fingerprint(solved))
    folder = settings.models / manifest.version
    note_learned(folder, traces)
    keep_unseen(privacy.mask, folder, solved, trained.answers)
    done = conclude(settings, manifest, solved, promote=promote, source=source)
    return TrainingAnswer(
        version=manifest.version,
        promoted=done.promoted,
        verdict=list(done.verdict.reasons),
        feedback=feedback,
        report=_evaluation(trained.report),
        warnings=list(trained.warnings),
        seconds=time.monotonic() - started,
        run_id=done.run_id,
    )


@dataclass(frozen=True, slots=True)
class Concluded:
    """What became of a candidate that was trained."""

    verdict: Verdict
    promoted: bool
    run_id: str | None


def conclude(
    settings: Settings, candidate: Manifest, solved: Sequence[SolvedTicket], *, promote: bool, source: str
) -> Concluded:
    """Judge a candidate on the tickets it learned from, as its folds answered them, and promote and track it.

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
    run_id = None
    if settings.tracking:
        alias = "champion" if promoted else "candidate"
        run_id = track(candidate, folder, uri=settings.tracking, source=source, alias=alias)
    return Concluded(found.verdict, promoted, run_id)


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
    return _evaluation(measure(classifier.bind(encoder), Privacy(settings).solved(solved)))


def _evaluation(report: Report) -> EvaluationAnswer:
    return EvaluationAnswer.model_validate(asdict(report))
