"""A model's answers measured, as both doors tell it."""

from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from classifier import Report
from desk.answers import Share


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


def evaluation_answer(report: Report) -> EvaluationAnswer:
    """The report as an answer."""
    return EvaluationAnswer.model_validate(asdict(report))
