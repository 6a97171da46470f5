"""A small exact search engine in memory: what the laws every engine keeps are read from."""

import math
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np

from knowledge.engine import DocumentKey, Found, Row, Selection, Vector

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

    def delete(self, documents: Collection[str]) -> None:
        """Let go of all rows of these documents."""
        with self._lock:
            self._rows = {key: row for key, row in self._rows.items() if row.document not in documents}

    def digests(self, documents: Collection[str]) -> dict[DocumentKey, str]:
        """The content digest of each of these documents that is kept."""
        kept = (row for row in self._rows.values() if row.part == 0 and row.document in documents)
        return {(row.kind, row.document): row.digest for row in kept}

    def nearest(
        self, vector: Vector, selection: Selection, *, fields: Sequence[str], limit: int
    ) -> dict[str, list[Found]]:
        """For each field, its selected rows by cosine, best first."""
        length = float(np.linalg.norm(vector))

        def cosine(row: Row) -> float:
            return float(vector @ row.vector) / (length * float(np.linalg.norm(row.vector)) or 1.0)

        rows = [row for row in self._rows.values() if _passes(row, selection)]
        return {name: _best([row for row in rows if row.field == name], cosine, limit) for name in fields}

    def matching(self, terms: Sequence[str], selection: Selection, *, limit: int) -> list[Found]:
        """The selected rows that hold any of ``terms``, by BM25.

        References
        ----------
        Robertson and Zaragoza (2009), "The Probabilistic Relevance Framework", with Lucene's idf, which is
        never negative.
        """
        bags = {row.key: Counter(row.fts.split()) for row in self._rows.values()}
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

    def scan(self, *, size: int) -> Iterator[list[Row]]:
        """All rows, in lists of ``size``."""
        rows = list(self._rows.values())
        for start in range(0, len(rows), size):
            yield rows[start : start + size]

    def versions(self) -> set[tuple[str, str]]:
        """The products and versions of all documents that have both."""
        return {(row.product, row.version) for row in self._rows.values() if row.product and row.version}

    def count(self) -> dict[str, int]:
        """How many documents of each kind are kept."""
        return dict(Counter(row.kind for row in self._rows.values() if row.part == 0))

    def maintain(self) -> None:
        """Nothing: there is no index that could fall behind."""


def _passes(row: Row, selection: Selection) -> bool:
    return (
        row.kind in selection.kinds
        and row.document not in selection.exclude
        and all(getattr(row, column) == value for column, value in selection.equals.items())
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
