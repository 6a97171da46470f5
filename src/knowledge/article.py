"""What the knowledge base holds: articles, solved tickets, and the passages an article is cut into."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from tickets import SolvedTicket


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One page of a desk's documentation; ``body`` is Markdown or plain text."""

    id: str
    title: str
    body: str
    url: str | None = None
    language: str | None = None
    product: str | None = None
    updated_at: datetime | None = None
    metadata: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What else it says about itself, to filter by."""
    version: str | None = None
    """The product's version it was written for, where it states one."""
    customer: str | None = None
    """The customer it was written for; an article that names none is everybody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of an article small enough to be encoded whole, and the headings above it."""

    heading: str
    text: str


Document: TypeAlias = Article | SolvedTicket
"""What can be brought into a knowledge base."""

KINDS = ("article", "ticket")
"""The kinds of document, as hits and counts name them."""
