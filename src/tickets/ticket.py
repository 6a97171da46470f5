"""A ticket as it arrives, and the same ticket after somebody solved it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

Labels: TypeAlias = Mapping[str, str]
"""One label per target, by the target's name: ``{"level": "2", "category": "bug"}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What is known the moment a customer writes."""

    subject: str = ""
    body: str = ""
    id: str | None = None
    language: str | None = None
    channel: str | None = None
    product: str | None = None
    customer: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """How one ticket was closed: the closing words, the page that explains it, when, and how often in vain."""

    resolution: str = ""
    article_id: str | None = None
    closed_at: datetime | None = None
    n_reopened: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedTicket:
    """A ticket with what was learned later; a model is shown only its ``ticket``."""

    ticket: Ticket
    labels: Labels = field(default_factory=dict)
    solution: Solution | None = None
    problem: str | None = None
    """Tickets of one underlying problem share it and are never parted between learning and testing."""
