"""Rows as the columns of a table on disk, and back."""

import json
from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pyarrow as pa

from knowledge.engine import Field, Found, Row

_TEXT_COLUMNS = ("document", "kind", "field", "title", "text", "fts", "digest")
_FACT_COLUMNS = ("product", "customer", "language", "level", "category", "resolution", "url", "labels")
_MORE_FACTS = ("article_id", "version")
_TIMES = ("dated", "opened")
FOUND_COLUMNS = ["key", "document", "kind", "field", "language"]
"""What a search reads of each row it finds."""


def schema_of(dimension: int) -> pa.Schema:
    """The table's columns, with vectors of ``dimension``."""
    return pa.schema(
        [
            pa.field("key", pa.string(), nullable=False),
            *((name, pa.string()) for name in (*_TEXT_COLUMNS, *_FACT_COLUMNS, *_MORE_FACTS)),
            *((name, pa.timestamp("us", tz="UTC")) for name in _TIMES),
            ("n_reopened", pa.int32()),
            ("part", pa.int32()),
            ("vector", pa.list_(pa.float32(), dimension)),
        ]
    )


def record_of(row: Row) -> dict[str, Any]:
    """A row as it is written."""
    names = (*_TEXT_COLUMNS, *_FACT_COLUMNS, *_MORE_FACTS, *_TIMES, "n_reopened")
    record: dict[str, Any] = {name: getattr(row, name) for name in names}
    labels = json.dumps(dict(row.labels), ensure_ascii=False, sort_keys=True)
    return record | {"key": row.key, "part": row.part, "vector": row.vector, "labels": labels}


def row_of(record: Mapping[str, Any]) -> Row:
    """The row that was written."""
    facts = {name: record[name] for name in _FACT_COLUMNS if name not in {"labels", "level", "category"}}
    facts |= {name: record[name] for name in (*_MORE_FACTS, *_TIMES, "n_reopened")}
    texts = {name: record[name] for name in _TEXT_COLUMNS if name != "field"}
    return Row(
        key=record["key"],
        part=record["part"],
        field=cast("Field", record["field"]),
        vector=np.asarray(record["vector"], np.float32),
        labels=json.loads(record["labels"]),
        **texts,
        **facts,
    )


def found_of(record: Mapping[str, Any], *, score: float) -> Found:
    """A row that was found, from its ``FOUND_COLUMNS``."""
    return Found(**{name: record[name] for name in FOUND_COLUMNS}, score=score)
