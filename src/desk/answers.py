"""The JSON answers that both doors give, as the contract fixes them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]


class ReasonCode(StrEnum):
    """Why a ticket is not routed by itself; the list is closed."""

    NO_TEXT = "no_text"
    TOO_SHORT = "too_short"
    UNKNOWN_LANGUAGE = "unknown_language"
    NEAR_TIE = "near_tie"
    LOW_CONFIDENCE = "low_confidence"
    NO_SIMILAR_HISTORY = "no_similar_history"
    NO_PROMISE = "no_promise"
    PROMISE_NOT_COVERED = "promise_not_covered"
    LABEL_NOT_COVERED = "label_not_covered"
    ASKING_IS_CHEAPER = "asking_is_cheaper"
    PROMISE_WITHDRAWN = "promise_withdrawn"
    PROMISE_UNCHECKED = "promise_unchecked"
    NO_MODEL = "no_model"


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class PredictionAnswer(_Answer):
    """Calibrated probabilities for one target."""

    label: str
    confidence: Share
    probabilities: dict[str, Share]


class ReasonAnswer(_Answer):
    """One reason for the action, and the target it speaks of; null where it speaks of the whole ticket."""

    code: ReasonCode
    target: str | None = None


class PromiseAnswer(_Answer):
    """Of the tickets routed by themselves at most ``max_error`` are wrong, with this ``confidence``."""

    max_error: Share
    confidence: Share


class DecisionAnswer(_Answer):
    """What to do with the ticket."""

    action: Literal["auto", "suggest", "review"]
    labels: dict[str, str] = Field(description="per target the label of least expected cost; empty without any text")
    reasons: list[ReasonAnswer]
    certain: list[str] = Field(
        default=[], description="targets whose label a promise of their own covers, whatever the action"
    )
    promise: PromiseAnswer | None = Field(description="null where the model has proven none, or it was withdrawn")
    audit: bool = Field(
        default=False,
        description="this ticket is asked back: send feedback with all its final labels, also when they are the same",
    )


class WordAnswer(_Answer):
    """A word of the ticket and how much it spoke for (positive) or against (negative) the label, in log-odds."""

    text: str
    weight: float


class EvidenceAnswer(_Answer):
    """A solved ticket that resembles this one."""

    kind: Literal["ticket"] = "ticket"
    id: str
    title: str
    labels: dict[str, str]
    score: float
    resolution: str | None = Field(default=None, description="the words that closed it; null where none are kept")


class ModelAnswer(_Answer):
    """The model that answered."""

    version: str
    trained_at: datetime


class DuplicateAnswer(_Answer):
    """A ticket that came before, still waits, and says almost the same."""

    ticket_id: str | None
    classification_id: str
    score: Share = Field(description="cosine of the two tickets' sets of words; a copy has 1")
    received_at: datetime


class DuplicatesAnswer(_Answer):
    """The open tickets that say almost the same, best first."""

    duplicates: list[DuplicateAnswer]


class ClassificationAnswer(_Answer):
    """The answer to one ticket."""

    id: str
    ticket_id: str | None
    predictions: dict[str, PredictionAnswer]
    decision: DecisionAnswer
    explanation: dict[str, list[WordAnswer]]
    evidence: list[EvidenceAnswer]
    model: ModelAnswer | None
    duplicates: list[DuplicateAnswer] = Field(
        default=[], description="open tickets that say almost the same, best first"
    )


class ChannelAnswer(_Answer):
    """A channel that found a document, and the rank it had there."""

    channel: str
    rank: int


class HitAnswer(_Answer):
    """A document found."""

    kind: Literal["article", "ticket"]
    id: str
    title: str
    snippet: str = Field(description="HTML-escaped text in which only <mark> stands")
    resolution: str | None
    url: str | None
    score: Share
    why: list[ChannelAnswer]
    labels: dict[str, str]
    product: str | None
    customer: str | None
    language: str | None
    article_id: str | None = Field(default=None, description="the article that a solved ticket names")
    version: str | None = Field(default=None, description="the product's version that it was written for")
    dated: datetime | None = Field(default=None, description="when the ticket was closed or the article last changed")
    similar: list[str] = Field(default=[], description="ids of further documents found that offer the same solution")
    n_similar: int = 0
    flags: list[Literal["confirmed", "rejected", "same_product", "old_version", "reopened"]] = Field(
        default=[], description="what moved it up (confirmed by people, same product) or down"
    )


class SearchAnswer(_Answer):
    """The documents found, best first."""

    hits: list[HitAnswer]


class KindCounts(_Answer):
    """What indexing did to one kind of document."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: int = 0


class IndexAnswer(_Answer):
    """What indexing did, by kind."""

    article: KindCounts
    ticket: KindCounts


class BackupAnswer(_Answer):
    """What a backup holds: which parts, and how much before it was packed."""

    file: str
    made_at: datetime
    parts: list[str]
    n_files: int
    n_bytes: int


class GapAnswer(_Answer):
    """Solved tickets of one theme that no article answers: a candidate for a new article."""

    name: str = Field(description="the words that tell this theme from the others")
    words: list[str]
    products: list[str] = Field(description="the tickets' products, the most frequent first")
    n_tickets: int
    tickets: list[str]
    handling_seconds: float | None = Field(
        description="from opening to closing, all tickets; null where none says both"
    )
    median_handling_seconds: float | None


class GapsAnswer(_Answer):
    """What the articles do not answer, the costliest theme first."""

    n_tickets: int = Field(description="solved tickets looked at")
    n_without_answer: int = Field(description="of these, tickets without a good article")
    n_single: int = Field(description="of these, tickets that share their theme with no other")
    n_known: int = Field(description="tickets whose right article is known, which the bound was learned from")
    bound: Share = Field(description="probability to be a right answer below which an article is none")
    recall: Share = Field(description="of known tickets, told to lack an answer when their article is taken away")
    false_alarms: Share = Field(description="of known tickets, told to lack an answer while their article is there")
    n_gaps: int
    gaps: list[GapAnswer]


class AuditAnswer(_Answer):
    """What was asked back about one model's automatic decisions, and what came of it."""

    n_drawn: int
    n_answered: int
    n_wrong: int
    withdrawn_since: datetime | None = Field(description="since when its promise is withdrawn; null where it is not")


class VerdictAnswer(_Answer):
    """Whether a model earned promotion when it was trained, beside which champion, and why."""

    earned: bool
    champion: str | None = Field(description="the version it was compared with; null where there was none")
    reasons: list[str]
    n_tickets: int | None = Field(description="tickets that both were compared on; null where their reports were")


class ModelEntry(_Answer):
    """One model on the shelf."""

    version: str
    trained_at: datetime
    plan: str
    champion: bool
    n_tickets: int
    macro_f1: dict[str, float]
    auto_share: Share
    retrain_since: datetime | None = Field(
        default=None,
        description="since when a ticket that it learned from is forgotten: train anew; null where none is",
    )
    audit: AuditAnswer | None = Field(default=None, description="null where the journal is not kept or cannot be read")
    verdict: VerdictAnswer | None = Field(
        default=None, description="whether it earned promotion when it was trained; null where nothing was kept"
    )


class RefusedModelAnswer(_Answer):
    """The champion that the shelf names, where it does not serve."""

    version: str | None = Field(description="null where the shelf cannot tell which one it is")
    reason: str


class ShadowTargetAnswer(_Answer):
    """Champion and challenger on one target."""

    n_tickets: int
    agreement: Share | None
    n_corrected: int = Field(description="of these, tickets whose right label people told")
    n_right: int = Field(description="of the corrected ones, those the champion had right")
    n_shadow_right: int = Field(description="of the corrected ones, those the challenger had right")
    difference: float | None = Field(description="the challenger's share right less the champion's")
    lowest_difference: float | None = Field(description="of a paired 95 % interval")
    highest_difference: float | None


class ShadowAnswer(_Answer):
    """How a challenger does that scores the same tickets and never answers."""

    version: str
    since: datetime
    n_scored: int
    n_missed: int = Field(description="tickets decided since then that it did not score, or not yet")
    fault: str | None = Field(description="why this process could not load it; null where it could or did not try")
    auto_share: Share | None
    shadow_auto_share: Share | None
    targets: dict[str, ShadowTargetAnswer]


class ModelsAnswer(_Answer):
    """All models, newest first."""

    champion: str | None
    models: list[ModelEntry]
    serving: str | None = Field(default=None, description="the version that answers here; null where none is loaded")
    refused: RefusedModelAnswer | None = Field(
        default=None, description="a champion that cannot serve, and why; the one before it goes on answering"
    )
    shadow: ShadowAnswer | None = Field(default=None, description="the challenger; null where there is none")
