"""The facts a journal keeps, and what it counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from tickets import Labels, Ticket

Provenance: TypeAlias = Literal["agent", "customer", "confirmation", "rule"]
"""How a correction came about: an agent judged by themselves, a customer said so, an agent confirmed what the model had
answered, or a rule was applied to many tickets at once."""

DocumentKey: TypeAlias = tuple[str, str]
"""Kind and id of a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPrediction:
    """What a model said about one target: its label, how sure it was, and the probability of every label."""

    label: str
    confidence: float
    probabilities: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedReason:
    """Why a decision went as it did, and for which target; ``None`` means the whole ticket."""

    code: str
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """One decision about one ticket as it came, and the model behind it.

    ``audit`` says that it was drawn to be asked back.

    Raises
    ------
    ValueError
        ``time`` has no time zone, or ``audit`` stands where no model decided.
    """

    id: str
    ticket: Ticket
    predictions: Mapping[str, RecordedPrediction]
    action: Literal["auto", "suggest", "review"]
    labels: Labels = field(default_factory=dict)
    reasons: tuple[RecordedReason, ...] = ()
    model: str | None = None
    audit: bool = False
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        _refuse_zoneless(self.time)
        if self.audit and (self.model is None or self.action != "auto"):
            raise ValueError("only what a model decided automatically is audited")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The labels a person says are right for a ticket that was classified, who said so, and how it came about.

    Raises
    ------
    ValueError
        ``time`` has no time zone.
    """

    classification_id: str
    labels: Labels
    source: str | None = None
    provenance: Provenance | None = None
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        _refuse_zoneless(self.time)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDocument:
    """An article or solved ticket as it came: its ``content``, and the ``digest`` it is indexed under.

    Where it was read from a file, that ``file`` and the ``source`` that was named.
    """

    kind: str
    id: str
    digest: str
    content: Mapping[str, Any]
    customer: str | None = None
    source: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A person's yes or no to one hit of one query.

    Raises
    ------
    ValueError
        ``time`` has no time zone.
    """

    query: str
    hit_id: str
    helpful: bool
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        _refuse_zoneless(self.time)


@dataclass(frozen=True, slots=True)
class Draw:
    """An automatic decision that was drawn to be asked back: when, and whether it was wrong; ``None`` while open."""

    time: datetime
    wrong: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was asked back about one model's automatic decisions, in the order of drawing.

    ``withdrawn`` is when the model's promise was withdrawn, ``None`` where it was not.
    """

    draws: tuple[Draw, ...]
    withdrawn: datetime | None

    @property
    def n_answered(self) -> int:
        """How many have been answered."""
        return sum(draw.wrong is not None for draw in self.draws)

    @property
    def n_wrong(self) -> int:
        """How many answers contradicted the decision."""
        return sum(draw.wrong is True for draw in self.draws)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalCounts:
    """How much a journal remembers."""

    decisions: int
    corrections: int
    votes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedCounts:
    """How much one erasure removed."""

    decisions: int
    corrections: int
    votes: int
    documents: int = 0


def sum_of(erased: Iterable[ErasedCounts]) -> ErasedCounts:
    """What several erasures removed together."""
    counted = [(one.decisions, one.corrections, one.votes, one.documents) for one in erased]
    n_decisions, n_corrections, n_votes, n_documents = map(sum, zip((0, 0, 0, 0), *counted, strict=True))
    return ErasedCounts(decisions=n_decisions, corrections=n_corrections, votes=n_votes, documents=n_documents)


def _refuse_zoneless(time: datetime) -> None:
    if time.tzinfo is None:
        raise ValueError("a time in the journal needs its zone; use datetime.now(UTC)")
