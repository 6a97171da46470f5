"""zvec, embedded: HNSW, its own full-text index, ranks fused."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.knowledge.memory import Memory, memory_of
from benchmarks.knowledge.synthetic import DIMENSION, Question, SyntheticCorpus

DEPTH = 50
"""Rows asked of each channel."""

_AT_ONCE = 1_000


class Zvec:
    """A collection in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._path = str(folder / "zvec")
        self._collection: Any = None

    def build(self, corpus: SyntheticCorpus) -> None:
        """All documents written, then indexed."""
        import zvec  # noqa: PLC0415 - only where the peers are installed

        text, whole = zvec.DataType.STRING, zvec.DataType.INT64
        words = zvec.FtsIndexParam(tokenizer_name="whitespace", filters=["lowercase"])
        near = zvec.HnswIndexParam(metric_type=zvec.MetricType.COSINE, m=16, ef_construction=100)
        schema = zvec.CollectionSchema(
            name="docs",
            fields=[
                zvec.FieldSchema("title", text),
                zvec.FieldSchema("body", text),
                zvec.FieldSchema("words", text, index_param=words),
                zvec.FieldSchema("customer", whole, index_param=zvec.InvertIndexParam()),
            ],
            vectors=[zvec.VectorSchema("v", zvec.DataType.VECTOR_FP32, DIMENSION, index_param=near)],
        )
        self._collection = zvec.create_and_open(self._path, schema)
        for chunk in corpus.chunks():
            docs = [
                zvec.Doc(
                    id=str(chunk.start + place),
                    fields={"title": title, "body": body, "words": f"{title} {body}", "customer": int(customer)},
                    vectors={"v": vector},
                )
                for place, (title, body, customer, vector) in enumerate(
                    zip(chunk.titles, chunk.bodies, chunk.customers, chunk.vectors, strict=True)
                )
            ]
            for start in range(0, len(docs), _AT_ONCE):
                _check(self._collection.insert(docs[start : start + _AT_ONCE]))
        self._collection.flush()
        self._collection.optimize()

    def open(self) -> None:
        """Open the collection for reading."""
        import zvec  # noqa: PLC0415 - as above

        self._collection = zvec.open(self._path, zvec.CollectionOption(read_only=True, enable_mmap=True))

    def hybrid(self, question: Question, *, limit: int, filtered: bool) -> list[int]:
        """The documents found by words and meaning."""
        import zvec  # noqa: PLC0415 - as above

        words = zvec.Query(field_name="words", fts=zvec.Fts(match_string=" ".join(question.terms)))
        reranker = zvec.RrfReRanker(rank_constant=60)
        return self._ids([self._near(question), words], question, filtered, topk=DEPTH, reranker=reranker)[:limit]

    def nearest(self, question: Question, *, limit: int, filtered: bool) -> list[int]:
        """The documents found by meaning alone."""
        return self._ids(self._near(question), question, filtered, topk=limit)

    def memory(self) -> Memory:
        """What this process holds."""
        return memory_of([os.getpid()])

    def close(self) -> None:
        """Let go of the collection."""
        self._collection = None

    def _near(self, question: Question) -> Any:
        import zvec  # noqa: PLC0415 - as above

        return zvec.Query(field_name="v", vector=question.vector.tolist(), param=zvec.HnswQueryParam(ef=100))

    def _ids(self, queries: Any, question: Question, filtered: bool, **more: Any) -> list[int]:  # noqa: FBT001
        condition = f"customer = {question.customer}" if filtered else None
        found = self._collection.query(queries, filter=condition, output_fields=["title"], **more)
        return [int(one.id) for one in found]


def _check(statuses: Sequence[Any]) -> None:
    if faults := [status for status in statuses if not status.ok()]:
        raise RuntimeError(f"zvec did not take a document: {faults[0].message()}")
