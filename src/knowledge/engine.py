"""What a search engine must keep for the knowledge base; one implementation is LanceDB, the other memory."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]
Field: TypeAlias = Literal["passage", "ticket", "resolution"]
DocumentKey: TypeAlias = tuple[str, str]
"""Kind and id of a document."""


class KnowledgeError(Exception):
    """The knowledge base cannot do what was asked; the message names the cure."""


class DamagedKnowledgeError(KnowledgeError):
    """The files of a knowledge base cannot be read."""

    def __init__(self, place: object, fault: str) -> None:
        super().__init__(
            f"the knowledge base in {place} is damaged ({fault}); run `stellwerk index SOURCE... --rebuild`"
        )


class WriteFailedError(KnowledgeError):
    """A change could not be written; what was there before is untouched."""

    def __init__(self, place: object, fault: str) -> None:
        super().__init__(f"could not write to the knowledge base in {place} ({fault}); free the disk, then try again")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One searchable stretch: a passage of an article, a ticket's words, or its product and resolution.

    ``fts`` holds the analysed terms, parted by spaces; ``part`` counts a document's rows from 0; every row of
    a document carries the document's facts and its content's ``digest``. ``dated`` is when an article was last
    changed or a ticket closed, ``opened`` when a ticket was written, ``version`` the product's version.
    """

    key: str
    document: str
    kind: str
    part: int
    field: Field
    title: str
    text: str
    fts: str
    digest: str
    vector: Vector
    labels: Mapping[str, str]
    resolution: str | None = None
    url: str | None = None
    product: str | None = None
    customer: str | None = None
    language: str | None = None
    article_id: str | None = None
    version: str | None = None
    dated: datetime | None = None
    opened: datetime | None = None
    n_reopened: int = 0

    @property
    def level(self) -> str | None:
        """The level a ticket was solved at."""
        return self.labels.get("level")

    @property
    def category(self) -> str | None:
        """The category of a solved ticket."""
        return self.labels.get("category")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which rows may be found at all: of these kinds, equal in these columns, of no excluded document."""

    kinds: tuple[str, ...]
    equals: Mapping[str, str] = field(default_factory=dict)
    exclude: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A row found; a higher ``score`` is better and only comparable within the same answer."""

    key: str
    document: str
    kind: str
    field: str
    language: str | None
    score: float


class SearchEngine(Protocol):
    """Rows kept and found again; reading is safe from many threads, writing is the caller's to serialise."""

    def put(self, rows: Sequence[Row]) -> None:
        """Keep ``rows`` in place of every row of the documents they belong to, in one commit."""

    def append(self, rows: Sequence[Row]) -> None:
        """Keep ``rows``, whose keys must be new, beside all others."""

    def delete(self, documents: Collection[str]) -> None:
        """Let go of all rows of the documents with these ids, whatever their kind."""

    def digests(self, documents: Collection[str]) -> dict[DocumentKey, str]:
        """The content digest of each document kept under one of these ids."""

    def nearest(
        self, vector: Vector, selection: Selection, *, fields: Sequence[str], limit: int
    ) -> dict[str, list[Found]]:
        """For each field, its selected rows that point most nearly the same way, by cosine, best first."""

    def matching(self, terms: Sequence[str], selection: Selection, *, limit: int) -> list[Found]:
        """The selected rows that hold any of ``terms``, best BM25 score first."""

    def rows(self, keys: Collection[str]) -> dict[str, Row]:
        """The rows kept under ``keys``."""

    def scan(self, *, size: int) -> Iterator[list[Row]]:
        """All rows, in lists of about ``size``, a document's rows in no particular order."""

    def versions(self) -> set[tuple[str, str]]:
        """The products and versions of all documents that have both."""

    def count(self) -> dict[str, int]:
        """How many documents of each kind are kept; kinds without any are absent."""

    def maintain(self) -> None:
        """Fold what was written since the last time into the indexes, where that is due."""
