"""What a model says about one ticket, and what to do with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Action = Literal["auto", "suggest", "review"]
ReasonCode = Literal[
    "no_text",
    "too_short",
    "unknown_language",
    "near_tie",
    "low_confidence",
    "no_similar_history",
    "no_promise",
    "promise_not_covered",
    "label_not_covered",
    "asking_is_cheaper",
]


@dataclass(frozen=True, slots=True)
class Prediction:
    """Calibrated probabilities for one target."""

    probabilities: Mapping[str, float]

    @property
    def label(self) -> str:
        """The most probable label; the taxonomy's first among equals."""
        return max(self.probabilities, key=lambda label: self.probabilities[label])

    @property
    def confidence(self) -> float:
        """The probability of `label`."""
        return self.probabilities[self.label]

    @property
    def lead(self) -> float:
        """How far the most probable label stands before the second."""
        first, second = sorted(self.probabilities.values(), reverse=True)[:2]
        return first - second


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a ticket is not routed by itself; ``target`` is None where it speaks of the whole ticket."""

    code: ReasonCode
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with a ticket, and why.

    ``labels`` are those that cost least in expectation, on which the promise was proven; they may differ from the most
    probable ones. ``certain`` are the targets whose label a promise of their own covers.
    """

    action: Action
    labels: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    certain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the ticket and how much it spoke for (positive) or against its label, in log-odds."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Resemblance:
    """A solved ticket that resembles a new one; ``score`` in [0, 1]."""

    id: str
    title: str
    labels: Mapping[str, str]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """All that a model says about one ticket."""

    predictions: Mapping[str, Prediction]
    decision: Decision
    explanation: Mapping[str, tuple[Word, ...]]
    evidence: tuple[Resemblance, ...]
