"""What a search engine must keep for the knowledge base; one implementation is LanceDB, the other memory."""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from knowledge.conditions import Condition

Vector: TypeAlias = NDArray[np.float32]
Field: TypeAlias = Literal["passage", "ticket", "resolution"]
TermColumn: TypeAlias = Literal["fts", "signatures"]
"""Where a row's terms stand: those of its words, or its signatures."""
DocumentKey: TypeAlias = tuple[str, str]
"""Kind and id of a document."""


class KnowledgeError(Exception):
    """The knowledge base cannot do what was asked; the message names the cure."""


class DamagedKnowledgeError(KnowledgeError):
    """The files of a knowledge base cannot be read."""

    def __init__(self, place: object, fault: str) -> None:
        super().__init__(
            f"the knowledge base in {place} is damaged ({fault}); "
            "run `stellwerk index --rebuild`, or name sources to make it of"
        )


class WriteFailedError(KnowledgeError):
    """A change could not be written; what was there before is untouched."""

    def __init__(self, place: object, fault: str) -> None:
        super().__init__(f"could not write to the knowledge base in {place} ({fault}); free the disk, then try again")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One searchable stretch: a passage of an article, a ticket's words, or its product and resolution.

    ``fts`` holds the analysed terms, and ``signatures`` what marks the faults told of, both parted by spaces, the
    latter filled up with dashes to the same number in every row; ``part`` counts a document's rows from 0; every
    row of a document carries the document's facts, its own ``metadata``, its content's ``digest`` and, where it
    was read from a file, that ``file`` and the ``source`` that was named, which is the file or a folder above it.
    ``version`` is the product's.
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
    created_at: datetime | None = None
    closed_at: datetime | None = None
    updated_at: datetime | None = None
    metadata: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    version: str | None = None
    n_reopened: int = 0
    signatures: str = ""
    source: str | None = None
    file: str | None = None

    @property
    def date(self) -> datetime | None:
        """When the document was last known to be true: closed, brought up to date, or else begun."""
        return self.closed_at or self.updated_at or self.created_at

    @property
    def article_id(self) -> str | None:
        """The article that a solved ticket names."""
        return next(iter(self.metadata.get("article_id", ())), None)

    @property
    def level(self) -> str | None:
        """The level a ticket was solved at."""
        return self.labels.get("level")

    @property
    def category(self) -> str | None:
        """The category of a solved ticket."""
        return self.labels.get("category")


def digests_below(n_rows: int, n_all: int) -> str:
    """What the digests of about ``n_rows`` of ``n_all`` rows stand below; all do where there are no more."""
    return "~" if n_rows >= n_all else f"{n_rows * 16**8 // n_all:08x}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a document was read: the folder or file that was named, and the file in it."""

    source: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which rows may be found at all: of these kinds, equal in these columns, meeting all conditions, not excluded."""

    kinds: tuple[str, ...]
    equals: Mapping[str, str] = dataclasses.field(default_factory=dict)
    where: tuple[Condition, ...] = ()
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

    def delete(self, documents: Collection[str], *, kind: str | None = None) -> None:
        """Let go of all rows of the documents with these ids, whatever their kind, or only those of ``kind``."""

    def digests(self, documents: Collection[str]) -> dict[DocumentKey, str]:
        """The content digest of each document kept under one of these ids."""

    def origins(self) -> dict[DocumentKey, Origin]:
        """Where each document was read; documents that came from no file are absent."""

    def nearest(
        self, vector: Vector, selection: Selection, *, fields: Sequence[str], limit: int
    ) -> dict[str, list[Found]]:
        """For each field, its selected rows that point most nearly the same way, by cosine, best first."""

    def matching(
        self, terms: Sequence[str], selection: Selection, *, limit: int, column: TermColumn = "fts"
    ) -> list[Found]:
        """The selected rows that hold any of ``terms`` in ``column``, best BM25 score first."""

    def rows(self, keys: Collection[str]) -> dict[str, Row]:
        """The rows kept under ``keys``."""

    def has_metadata(self, name: str) -> bool:
        """Whether any document has metadata of this name."""

    def scan(self, *, size: int) -> Iterator[list[Row]]:
        """All rows, in lists of about ``size``, a document's rows in no particular order."""

    def sample(self, n_rows: int) -> list[Row]:
        """All rows where there are no more than ``n_rows``, else about so many; of the same rows always the same.

        They are in the order of their keys, so that what is worked out from them is alike to the last digit.
        """

    def inventory(self) -> dict[DocumentKey, str]:
        """The content digest of every document."""

    def rows_of(self, documents: Collection[str]) -> list[Row]:
        """All rows of the documents with these ids, whatever their kind."""

    def versions(self) -> set[tuple[str, str]]:
        """The products and versions of all documents that have both."""

    def count(self) -> dict[str, int]:
        """How many documents of each kind are kept; kinds without any are absent."""

    def refresh(self) -> None:
        """See at once what other processes wrote, not only within a second; what a writer needs before it acts."""

    def maintain(self) -> None:
        """Fold what was written since the last time into the indexes, where that is due."""
