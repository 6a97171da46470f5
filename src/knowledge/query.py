"""What is asked of a knowledge base and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from knowledge.article import KINDS
from knowledge.conditions import Filters, QueryError, conditions_of
from tickets import Ticket


class KindError(QueryError):
    """A search asked for a kind of document that does not exist."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"there is no kind {kind!r}; use {' or '.join(KINDS)}")
        self.kind = kind


def sound(words: str) -> str:
    """``words`` with halves of characters, which no UTF-8 text can hold, replaced by question marks."""
    return words.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Query:
    """Words or a ticket to search by, and what narrows the answer.

    ``vector`` is the query already encoded with role ``query``, where a caller has it; documents in
    ``exclude`` are left out before anything is ranked, as is, with ``customers``, what none of them may see
    (`SeenBy`). ``approval`` says of documents how many people more
    confirmed than rejected them. Without ``grouping`` each document is a hit of its own; without
    ``preferring`` only likeness to the words counts.
    """

    text: str = ""
    ticket: Ticket | None = None
    vector: NDArray[np.float32] | None = None
    kinds: tuple[str, ...] = KINDS
    filters: Filters = field(default_factory=dict)
    limit: int = 10
    exclude: frozenset[str] = frozenset()
    customers: frozenset[str] | None = None
    approval: Mapping[str, int] = field(default_factory=dict)
    grouping: bool = True
    preferring: bool = True

    def __post_init__(self) -> None:
        for kind in self.kinds:
            if kind not in KINDS:
                raise KindError(kind)
        conditions_of(self.filters)
        if self.limit < 1:
            raise QueryError(f"a search for {self.limit} hits finds nothing; ask for a limit of 1 or more")


Flag: TypeAlias = Literal["confirmed", "rejected", "same_product", "old_version", "reopened"]
"""What spoke for or against a hit beside its words."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way a document was found, and at which rank (1 is best)."""

    name: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document found: an article with its ``url`` or a solved ticket with its ``resolution``.

    ``snippet`` is safe to put into a page: it is escaped, and the only markup in it are ``<mark>`` pairs.
    ``score`` lies in [0, 1] and orders the hits of one answer; it is no probability. ``similar`` names the
    documents found that offer the same solution, best first; ``flags`` says what spoke for or against it.
    """

    kind: str
    id: str
    title: str
    snippet: str
    score: float
    why: tuple[Channel, ...]
    resolution: str | None = None
    url: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    product: str | None = None
    customer: str | None = None
    language: str | None = None
    article_id: str | None = None
    version: str | None = None
    dated: datetime | None = None
    similar: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
