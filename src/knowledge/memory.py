"""A small exact search engine in memory: what the laws every engine keeps are read from."""

import math
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from operator import attrgetter

import numpy as np

from knowledge.conditions import Condition, HasMetadata, OneOf, SeenBy, marks_of
from knowledge.engine import DocumentKey, Found, Origin, Row, Selection, TermColumn, Vector, digests_below

_K1, _B = 1.2, 0.75


class MemoryEngine:
    """Rows in a dictionary, searched one by one."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._lock = threading.Lock()

    def put(self, rows: Sequence[Row]) -> None:
        """Keep ``rows`` in place of every row of the documents they belong to."""
        replaced = {(row.kind, row.document) for row in rows}
        with self._lock:
            kept = {key: row for key, row in self._rows.items() if (row.kind, row.document) not in replaced}
            self._rows = kept | {row.key: row for row in rows}

    def append(self, rows: Sequence[Row]) -> None:
        """Keep ``rows`` beside all others."""
        with self._lock:
            self._rows = self._rows | {row.key: row for row in rows}

    def delete(self, documents: Collection[str], *, kind: str | None = None) -> None:
        """Let go of all rows of these documents, or only where they are of ``kind``."""

        def stays(row: Row) -> bool:
            return row.document not in documents or kind not in {None, row.kind}

        with self._lock:
            self._rows = {key: row for key, row in self._rows.items() if stays(row)}

    def digests(self, documents: Collection[str]) -> dict[DocumentKey, str]:
        """The content digest of each of these documents that is kept."""
        kept = (row for row in self._rows.values() if row.part == 0 and row.document in documents)
        return {(row.kind, row.document): row.digest for row in kept}

    def origins(self) -> dict[DocumentKey, Origin]:
        """Where each document was read, where that was a file."""
        return {
            (row.kind, row.document): Origin(source=row.source, file=row.file)
            for row in self._rows.values()
            if row.part == 0 and row.source is not None and row.file is not None
        }

    def nearest(
        self, vector: Vector, selection: Selection, *, fields: Sequence[str], limit: int
    ) -> dict[str, list[Found]]:
        """For each field, its selected rows by cosine, best first."""
        length = float(np.linalg.norm(vector))

        def cosine(row: Row) -> float:
            return float(vector @ row.vector) / (length * float(np.linalg.norm(row.vector)) or 1.0)

        rows = [row for row in self._rows.values() if _passes(row, selection)]
        return {name: _best([row for row in rows if row.field == name], cosine, limit) for name in fields}

    def matching(
        self, terms: Sequence[str], selection: Selection, *, limit: int, column: TermColumn = "fts"
    ) -> list[Found]:
        """The selected rows that hold any of ``terms`` in ``column``, by BM25.

        References
        ----------
        Robertson and Zaragoza (2009), "The Probabilistic Relevance Framework", with Lucene's idf, which is
        never negative.
        """
        bags = {row.key: Counter(getattr(row, column).split()) for row in self._rows.values()}
        mean_length = sum(bag.total() for bag in bags.values()) / max(1, len(bags)) or 1.0
        n_holding = {term: sum(term in bag for bag in bags.values()) for term in set(terms)}

        def bm25(row: Row) -> float:
            bag = bags[row.key]
            norm = _K1 * (1 - _B + _B * bag.total() / mean_length)
            return sum(
                math.log1p((len(bags) - n + 0.5) / (n + 0.5)) * bag[term] * (_K1 + 1) / (bag[term] + norm)
                for term, n in n_holding.items()
            )

        rows = [
            row
            for row in self._rows.values()
            if _passes(row, selection) and not n_holding.keys().isdisjoint(bags[row.key])
        ]
        return _best(rows, bm25, limit)

    def rows(self, keys: Collection[str]) -> dict[str, Row]:
        """The rows kept under ``keys``."""
        return {key: self._rows[key] for key in keys if key in self._rows}

    def has_metadata(self, name: str) -> bool:
        """Whether any document has metadata of this name."""
        return any(name in row.metadata for row in self._rows.values())

    def scan(self, *, size: int) -> Iterator[list[Row]]:
        """All rows, in lists of ``size``."""
        rows = list(self._rows.values())
        for start in range(0, len(rows), size):
            yield rows[start : start + size]

    def sample(self, n_rows: int) -> list[Row]:
        """About ``n_rows`` of the rows: those of the documents with the smallest digests."""
        below = digests_below(n_rows, len(self._rows))
        return sorted((row for row in self._rows.values() if row.digest < below), key=attrgetter("key"))

    def inventory(self) -> dict[DocumentKey, str]:
        """The content digest of every document."""
        return {(row.kind, row.document): row.digest for row in self._rows.values() if row.part == 0}

    def rows_of(self, documents: Collection[str]) -> list[Row]:
        """All rows of these documents."""
        return [row for row in self._rows.values() if row.document in documents]

    def versions(self) -> set[tuple[str, str]]:
        """The products and versions of all documents that have both."""
        return {(row.product, row.version) for row in self._rows.values() if row.product and row.version}

    def count(self) -> dict[str, int]:
        """How many documents of each kind are kept."""
        return dict(Counter(row.kind for row in self._rows.values() if row.part == 0))

    def refresh(self) -> None:
        """Nothing: no other process writes here."""

    def maintain(self) -> None:
        """Nothing: there is no index that could fall behind."""


def _passes(row: Row, selection: Selection) -> bool:
    return (
        row.kind in selection.kinds
        and row.document not in selection.exclude
        and all(getattr(row, column) == value for column, value in selection.equals.items())
        and all(_meets(row, condition) for condition in selection.where)
    )


def _meets(row: Row, condition: Condition) -> bool:
    if isinstance(condition, OneOf):
        return getattr(row, condition.column) in condition.values
    if isinstance(condition, HasMetadata):
        return not condition.marks.isdisjoint(marks_of(row.metadata))
    if isinstance(condition, SeenBy):
        return condition.sees(row.kind, row.customer)
    time = getattr(row, condition.column)
    return (
        time is not None
        and (condition.since is None or condition.since <= time)
        and (condition.until is None or time < condition.until)
    )


def _best(rows: list[Row], score: Callable[[Row], float], limit: int) -> list[Found]:
    found = [
        Found(
            key=row.key,
            document=row.document,
            kind=row.kind,
            field=row.field,
            language=row.language,
            score=score(row),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one.score, one.key))[:limit]
