"""The search engine of the product: LanceDB, embedded, with the traps of its 0.40 kept shut.

Every commit is settled in its place, which for a folder means flushed to disk, as LanceDB does not do; a torn one is
moved away at the start. Words are analysed before they come here, so the full-text index only splits at spaces. Writers
must be serialised by the caller.
"""

import functools
import logging
import operator
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from knowledge.columns import FOUND_COLUMNS, found_of, record_of, rows_of, schema_of
from knowledge.engine import (
    DamagedKnowledgeError,
    DocumentKey,
    Found,
    Origin,
    Row,
    Selection,
    TermColumn,
    Vector,
    digests_below,
)
from knowledge.expression import condition_of, equals, holds_any, is_in
from knowledge.faults import FAULTS, first_line, reads, writes
from knowledge.place import Address, Place, place_of
from knowledge.table import NAME, create_table, open_table

_log = logging.getLogger(__name__)

_VECTOR_INDEX_FROM = 50_000  # rows; below, the exact scan is fast enough and needs no index
_UNINDEXED_ROWS = 500  # optimising is due from here: searches scan what no index holds yet
_FRAGMENTS = 40
_SCANNED_AT_ONCE = 5_000  # rows
_SCORED_EXACTLY = 2_000  # rows of a field that pass; the index finds the best of so few badly
_PROBES, _PROBES_SELECTIVE, _REFINE = 60, 100, 2
_SELECTIVE = 0.1  # share of rows that pass
_KEPT_VERSIONS = timedelta(minutes=10)


class LanceEngine:
    """Rows in one LanceDB table; ``open`` makes the table where there is none."""

    def __init__(self, place: Place, table: Any, dimension: int) -> None:
        self._place = place
        self._table = table
        self._schema = schema_of(dimension)

    def __str__(self) -> str:
        return str(self._place)

    @classmethod
    def create(cls, place: Address | Place, *, dimension: int) -> "LanceEngine":
        """An empty engine in ``place``, for vectors of ``dimension``."""
        place = place_of(place)
        table = create_table(place, dimension=dimension)
        place.settle()
        return cls(place, table, dimension)

    @classmethod
    def open(cls, place: Address | Place, *, dimension: int) -> "LanceEngine":
        """The engine kept in ``place``, healed where its newest commit is torn.

        Raises
        ------
        DamagedKnowledgeError
            There is no readable table of this dimension.
        """
        place = place_of(place)
        try:
            place.heal(f"{NAME}.lance")
            table = open_table(place)
            kept = table.schema.field("vector").type.list_size
        except FAULTS as error:
            raise DamagedKnowledgeError(place, first_line(error)) from error
        if kept != dimension:
            raise DamagedKnowledgeError(place, f"its vectors have {kept} dimensions instead of {dimension}")
        return cls(place, table, dimension)

    @writes
    def put(self, rows: Sequence[Row]) -> None:
        """Keep ``rows`` in place of every row of the documents they belong to, in one commit."""
        if not rows:
            return
        replaced: dict[str, set[str]] = {}
        for row in rows:
            replaced.setdefault(row.kind, set()).add(row.document)
        theirs = functools.reduce(
            operator.or_, (equals("kind", kind) & is_in("document", ids) for kind, ids in replaced.items())
        )
        (
            self._table.merge_insert("key")
            .when_matched_update_all()
            .when_not_matched_insert_all()
            .when_not_matched_by_source_delete(theirs)
            .execute(pa.Table.from_pylist([record_of(row) for row in rows], schema=self._schema))
        )
        self._place.settle()

    @writes
    def append(self, rows: Sequence[Row]) -> None:
        """Keep ``rows``, whose keys must be new, beside all others."""
        if rows:
            self._table.add(pa.Table.from_pylist([record_of(row) for row in rows], schema=self._schema))
            self._place.settle()

    @writes
    def delete(self, documents: Collection[str], *, kind: str | None = None) -> None:
        """Let go of all rows of these documents, or only where they are of ``kind``."""
        if documents:
            theirs = is_in("document", documents)
            self._table.delete(theirs if kind is None else theirs & equals("kind", kind))
            self._place.settle()

    @reads
    def digests(self, documents: Collection[str]) -> dict[DocumentKey, str]:
        """The content digest of each of these documents that is kept."""
        if not documents:
            return {}
        wanted = is_in("document", documents) & equals("part", 0)
        found = self._read(self._table.search().where(wanted).select(["kind", "document", "digest"]))
        return {(one["kind"], one["document"]): one["digest"] for one in found}

    @reads
    def origins(self) -> dict[DocumentKey, Origin]:
        """Where each document was read, where that was a file."""
        names = ["kind", "document", "source", "file"]
        first = self._read(self._table.search().where(equals("part", 0)).select(names))
        return {
            (one["kind"], one["document"]): Origin(source=one["source"], file=one["file"])
            for one in first
            if one["source"] is not None
        }

    @reads
    def nearest(
        self, vector: Vector, selection: Selection, *, fields: Sequence[str], limit: int
    ) -> dict[str, list[Found]]:
        """For each field, its selected rows by cosine, best first.

        Few selected rows are all scored, which is exact and costs little more than one field; many are asked
        by field, through the vector index where there is one.
        """
        n_rows, condition = self._table.count_rows(), condition_of(selection)
        n_passing = n_rows if condition is None else self._table.count_rows(condition)
        if n_passing <= _SCANNED_AT_ONCE:
            scored = self._scored(vector, condition, limit=max(1, n_passing), share=1.0, exact=True)
            parts = {name: scored.filter(pc.equal(scored["field"], name))[:limit].to_pylist() for name in fields}
        else:
            by_field = {name: replace(selection, equals={**selection.equals, "field": name}) for name in fields}
            parts = {name: self._of_field(vector, one, n_rows, limit) for name, one in by_field.items()}
        return {name: [found_of(one, score=1.0 - one["_distance"]) for one in part] for name, part in parts.items()}

    @reads
    def matching(
        self, terms: Sequence[str], selection: Selection, *, limit: int, column: TermColumn = "fts"
    ) -> list[Found]:
        """The selected rows that hold any of ``terms`` in ``column``, by BM25."""
        from lancedb.query import MatchQuery  # noqa: PLC0415 - slow to import

        if not terms:
            return []
        match: Any = MatchQuery  # its typed signature hides the defaults
        query = self._table.search(match(" ".join(terms), column), query_type="fts")
        if (condition := condition_of(selection)) is not None:
            query = query.where(condition, prefilter=True)
        found = query.select([*FOUND_COLUMNS, "_score"]).limit(limit).to_arrow().to_pylist()
        return [found_of(one, score=one["_score"]) for one in found]

    @reads
    def rows(self, keys: Collection[str]) -> dict[str, Row]:
        """The rows kept under ``keys``."""
        if not keys:
            return {}
        found = rows_of(self._table.search().where(is_in("key", keys)).limit(len(keys)).to_arrow())
        return {one.key: one for one in found}

    @reads
    def has_metadata(self, name: str) -> bool:
        """Whether any document has metadata of this name."""
        return bool(self._table.search().where(holds_any("marks", {name})).select(["key"]).limit(1).to_arrow().num_rows)

    def scan(self, *, size: int) -> Iterator[list[Row]]:
        """All rows, in lists of about ``size``."""
        batches = self._batches(size)
        while (batch := self._next(batches)) is not None:
            yield rows_of(batch)

    @reads
    def sample(self, n_rows: int) -> list[Row]:
        """About ``n_rows`` of the rows: those of the documents with the smallest digests."""
        below = digests_below(n_rows, self._table.count_rows())
        rows = rows_of(self._found(self._table.search().where(f"digest < '{below}'")))
        return sorted(rows, key=operator.attrgetter("key"))

    @reads
    def inventory(self) -> dict[DocumentKey, str]:
        """The content digest of every document."""
        found = self._read(self._table.search().where(equals("part", 0)).select(["kind", "document", "digest"]))
        return {(one["kind"], one["document"]): one["digest"] for one in found}

    @reads
    def rows_of(self, documents: Collection[str]) -> list[Row]:
        """All rows of these documents."""
        return rows_of(self._found(self._table.search().where(is_in("document", documents))))

    @reads
    def versions(self) -> set[tuple[str, str]]:
        """The products and versions of all documents that have both."""
        with_both = self._table.search().where("version IS NOT NULL AND product IS NOT NULL AND part = 0")
        return {(one["product"], one["version"]) for one in self._read(with_both.select(["product", "version"]))}

    @reads
    def count(self) -> dict[str, int]:
        """How many documents of each kind are kept."""
        first = self._read(self._table.search().where(equals("part", 0)).select(["kind"]))
        counts: dict[str, int] = {}
        for one in first:
            counts[one["kind"]] = counts.get(one["kind"], 0) + 1
        return counts

    @reads
    def refresh(self) -> None:
        """See at once what other processes wrote."""
        self._table.checkout_latest()

    @writes
    def maintain(self) -> None:
        """Bring new rows into the indexes, fold small files together, build the vector index once it pays."""
        from lancedb.index import IvfRq  # noqa: PLC0415 - slow to import

        stats = self._table.index_stats("fts_idx")
        behind = stats.num_unindexed_rows if stats is not None else 0
        n_fragments = self._table.stats()["fragment_stats"]["num_fragments"]
        if behind < _UNINDEXED_ROWS and n_fragments < _FRAGMENTS:
            return
        n_rows = self._table.count_rows()
        names = {index.name for index in self._table.list_indices()}
        if n_rows >= _VECTOR_INDEX_FROM and "vector_idx" not in names:
            self._table.create_index("vector", config=IvfRq(distance_type="cosine"))
        self._table.optimize(cleanup_older_than=_KEPT_VERSIONS)
        self._place.settle()
        _log.info("optimised the knowledge base", extra={"n_rows": n_rows, "n_unindexed": behind})

    @reads
    def _batches(self, size: int) -> Any:
        return self._table.search().limit(self._table.count_rows() or 1).to_batches(size)

    @reads
    def _next(self, batches: Any) -> Any:
        return next(batches, None)

    def _of_field(self, vector: Vector, selection: Selection, n_rows: int, limit: int) -> list[Any]:
        """One field's selected rows, nearest first, as exactly as they are few."""
        condition = condition_of(selection)
        if not (n_passing := self._table.count_rows(condition)):
            return []
        share, exact = n_passing / n_rows, n_passing <= _SCORED_EXACTLY
        scored = self._scored(vector, condition if share < 1 else None, limit=limit, share=share, exact=exact)
        found: list[Any] = scored.to_pylist()
        return found

    def _scored(self, vector: Vector, condition: Any, *, limit: int, share: float, exact: bool = False) -> pa.Table:
        """The selected rows with their cosine distances, nearest first; ``share`` of all rows are."""
        query = self._table.search(np.asarray(vector, np.float32), vector_column_name="vector")
        query = query.distance_type("cosine").refine_factor(_REFINE)
        query = query.nprobes(_PROBES if share > _SELECTIVE else _PROBES_SELECTIVE)
        if exact:
            query = query.bypass_vector_index()
        if condition is not None:
            query = query.where(condition, prefilter=True)
        return query.select([*FOUND_COLUMNS, "_distance"]).limit(limit).to_arrow()

    def _read(self, query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._found(query).to_pylist()
        return found

    def _found(self, query: Any) -> pa.Table:
        return query.limit(self._table.count_rows() or 1).to_arrow()
