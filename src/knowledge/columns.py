"""Rows as the columns of a table on disk, and back."""

import json
from collections.abc import Mapping
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from knowledge.conditions import DATE, DATES, marks_of
from knowledge.engine import Field, Found, Row, Vector

_TEXT_COLUMNS = ("document", "kind", "field", "title", "text", "fts", "digest", "signatures", "source", "file")
_FACT_COLUMNS = (
    "product",
    "customer",
    "language",
    "level",
    "category",
    "resolution",
    "url",
    "labels",
    "metadata",
    "version",
)
_MAPPINGS = ("labels", "metadata")
_FROM_LABELS = ("level", "category")
FOUND_COLUMNS = ["key", "document", "kind", "field", "language"]
"""What a search reads of each row it finds."""


def schema_of(dimension: int) -> pa.Schema:
    """The table's columns, with vectors of ``dimension``."""
    return pa.schema(
        [
            pa.field("key", pa.string(), nullable=False),
            *((name, pa.string()) for name in (*_TEXT_COLUMNS, *_FACT_COLUMNS)),
            ("n_reopened", pa.int32()),
            ("part", pa.int32()),
            *((name, pa.timestamp("us", "UTC")) for name in (DATE, *DATES)),
            ("marks", pa.list_(pa.string())),
            ("vector", pa.list_(pa.float32(), dimension)),
        ]
    )


def record_of(row: Row) -> dict[str, Any]:
    """A row as it is written."""
    names = ("key", "part", "vector", "n_reopened", *_TEXT_COLUMNS, *_FACT_COLUMNS, DATE, *DATES)
    record: dict[str, Any] = {name: getattr(row, name) for name in names}
    told = {name: json.dumps(dict(record[name]), ensure_ascii=False, sort_keys=True) for name in _MAPPINGS}
    return record | told | {"marks": marks_of(row.metadata)}


def rows_of(records: pa.Table | pa.RecordBatch) -> list[Row]:
    """The rows that were written."""
    dimension = records.schema.field("vector").type.list_size
    vectors = pc.list_flatten(records["vector"]).to_numpy().reshape(-1, dimension)
    others = records.drop_columns(["vector"]).to_pylist()
    return [_row_of(one, vector) for one, vector in zip(others, vectors, strict=True)]


def _row_of(record: Mapping[str, Any], vector: Vector) -> Row:
    facts = {name: record[name] for name in (*_FACT_COLUMNS, *DATES) if name not in {*_MAPPINGS, *_FROM_LABELS}}
    metadata = {name: tuple(values) for name, values in json.loads(record["metadata"]).items()}
    texts = {name: record[name] for name in _TEXT_COLUMNS if name != "field"}
    return Row(
        key=record["key"],
        part=record["part"],
        field=cast("Field", record["field"]),
        vector=vector,
        labels=json.loads(record["labels"]),
        metadata=metadata,
        n_reopened=record["n_reopened"],
        **texts,
        **facts,
    )


def found_of(record: Mapping[str, Any], *, score: float) -> Found:
    """A row that was found, from its ``FOUND_COLUMNS``."""
    return Found(**{name: record[name] for name in FOUND_COLUMNS}, score=score)
