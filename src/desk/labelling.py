"""What people should label next, shown without the model's answer, and what random ones say of its answers."""

import hashlib
import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from classifier import unsure, worth_labelling
from journal import DecisionRecord, Journal, JudgedDecision
from tickets import Taxonomy

RANDOM_SHARE: Final = 0.2
"""Of the tickets to label, those that chance has drawn."""
_DAYS: Final = timedelta(days=30)
_MOST: Final = 2_000
_SCALE: Final = 2**64


class TicketToLabel(BaseModel):
    """A ticket that waits for its labels; what the model answered is not told."""

    model_config = ConfigDict(frozen=True)

    classification_id: str
    ticket_id: str | None
    subject: str
    body: str
    language: str | None
    product: str | None
    received_at: datetime


class RandomEstimate(BaseModel):
    """How often answers were right, of decisions drawn by chance and labelled: whatever else was labelled, unbiased.

    It is so once all that were drawn are answered; until then those missing may be other than those there.
    """

    model_config = ConfigDict(frozen=True)

    n_drawn: int
    n_answered: int
    n_right: dict[str, int] = Field(description="by target, of the answered ones that name it")
    n_told: dict[str, int]


class LabellingQueueAnswer(BaseModel):
    """The tickets of the last 30 days to label next, in an order that says nothing of the model."""

    model_config = ConfigDict(frozen=True)

    tickets: list[TicketToLabel]
    labels: dict[str, list[str]] = Field(description="the labels to choose from, by target")
    estimate: RandomEstimate


class LabellingQueue:
    """Chooses what to label of the journal's decisions; remembers nothing, so that every process chooses alike."""

    def __init__(self, journal: Callable[[], Journal], *, share: float) -> None:
        self._journal, self._share = journal, share

    def told(self, taxonomy: Taxonomy, *, limit: int, customers: frozenset[str] | None = None) -> LabellingQueueAnswer:
        """At most ``limit`` tickets, of ``customers`` alone where they are given.

        A fifth are decisions that chance has drawn, the oldest first; the others those whose labels would teach most.
        """
        recent = self._journal().feedback.recent(datetime.now(UTC) - _DAYS, limit=_MOST)
        seen = [one for one in recent if customers is None or one.decision.ticket.customer in customers]
        waiting = [one for one in seen if not one.corrections and _has_words(one.decision)]
        random = [one.decision for one in reversed(waiting) if self._is_drawn(one.decision.id)]
        random = random[: math.ceil(RANDOM_SHARE * limit)]
        others = [one.decision for one in waiting if one.decision not in random]
        labelled = [one.decision.ticket for one in seen if one.corrections]
        rows = worth_labelling(
            [one.ticket for one in others],
            np.array([_unsureness(one) for one in others]),
            labelled,
            n_wanted=limit - len(random),
        )
        chosen = sorted([*random, *(others[row] for row in rows)], key=lambda one: _position(one.id))
        return LabellingQueueAnswer(
            tickets=[_ticket(one) for one in chosen],
            labels={target.name: list(target.label_names) for target in taxonomy},
            estimate=_estimate([one for one in seen if self._is_drawn(one.decision.id)]),
        )

    def _is_drawn(self, classification_id: str) -> bool:
        """Whether chance has drawn a decision: by the hash of its id, which is random itself."""
        return _position(classification_id) < self._share


def _position(classification_id: str) -> float:
    """Where an id falls between 0 and 1."""
    return int(hashlib.sha256(f"label {classification_id}".encode()).hexdigest()[:16], 16) / _SCALE


def _has_words(decision: DecisionRecord) -> bool:
    return bool(f"{decision.ticket.subject}{decision.ticket.body}".strip())


def _unsureness(decision: DecisionRecord) -> float:
    shares = {
        target: np.array([list(said.probabilities.values())])
        for target, said in decision.predictions.items()
        if len(said.probabilities) > 1
    }
    return float(unsure(shares)[0]) if shares else 1.0


def _estimate(drawn: Sequence[JudgedDecision]) -> RandomEstimate:
    right, told = dict[str, int](), dict[str, int]()
    for one in drawn:
        said: dict[str, str] = {}
        for correction in one.corrections:
            said |= correction.labels
        for target, label in said.items():
            if target in one.decision.predictions:
                told[target] = told.get(target, 0) + 1
                right[target] = right.get(target, 0) + (one.decision.predictions[target].label == label)
    n_answered = sum(bool(one.corrections) for one in drawn)
    return RandomEstimate(n_drawn=len(drawn), n_answered=n_answered, n_right=right, n_told=told)


def _ticket(decision: DecisionRecord) -> TicketToLabel:
    ticket = decision.ticket
    return TicketToLabel(
        classification_id=decision.id,
        ticket_id=ticket.id,
        subject=ticket.subject,
        body=ticket.body,
        language=ticket.language,
        product=ticket.product,
        received_at=decision.time,
    )
