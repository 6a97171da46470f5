"""Stellwerk's own search, as the service runs it once a query is encoded: vectors, BM25, fusion, hits made."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.knowledge.memory import Memory, memory_of
from benchmarks.knowledge.synthetic import DIMENSION, Chunk, Question, SyntheticCorpus
from knowledge import KINDS, FusionWeights, PreferenceWeights, Query
from knowledge.engine import Field, Row, Selection
from knowledge.fusion import CosineScale
from knowledge.lance import LanceEngine
from knowledge.search import Prepared, find

_FIELDS: tuple[Field, ...] = ("passage", "ticket", "resolution")
_SCALE = CosineScale(spread=0.05)


class Stellwerk:
    """One document in five is an article of one passage, the others are tickets without a resolution."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "rows"
        self._executor = ThreadPoolExecutor(1)
        self._engine: LanceEngine

    def build(self, corpus: SyntheticCorpus) -> None:
        """All documents written, then indexed."""
        self._engine = LanceEngine.create(self._folder, dimension=DIMENSION)
        for chunk in corpus.chunks():
            self._engine.append(list(_rows(chunk)))
        self._engine.maintain()

    def open(self) -> None:
        """Open the table for reading."""
        self._engine = LanceEngine.open(self._folder, dimension=DIMENSION)

    def hybrid(self, question: Question, *, limit: int, filtered: bool) -> list[int]:
        """The documents found by words and meaning, in all kinds."""
        hits = find(
            Query(filters=_filters(question) if filtered else {}, limit=limit),
            Prepared(terms=question.terms, vector=question.vector, language=None),
            engine=self._engine,
            executor=self._executor,
            scale=_SCALE,
            weights=FusionWeights(),
            preference=PreferenceWeights(),
            newest={},
        )
        return [int(hit.id) for hit in hits]

    def nearest(self, question: Question, *, limit: int, filtered: bool) -> list[int]:
        """The documents found by meaning alone, at the depth that a search asks for."""
        selection = Selection(kinds=KINDS, equals=_filters(question) if filtered else {})
        by_field = self._engine.nearest(question.vector, selection, fields=_FIELDS, limit=100)
        found = sorted((one for part in by_field.values() for one in part), key=lambda one: -one.score)
        return [int(one.document) for one in found[:limit]]

    def memory(self) -> Memory:
        """What this process holds."""
        return memory_of([os.getpid()])

    def close(self) -> None:
        """Let the thread end."""
        self._executor.shutdown()


def _filters(question: Question) -> dict[str, str]:
    return {"customer": f"customer {question.customer}"}


def _rows(chunk: Chunk) -> Iterator[Row]:
    for place, (title, body) in enumerate(zip(chunk.titles, chunk.bodies, strict=True)):
        number = chunk.start + place
        kind, field = ("article", _FIELDS[0]) if number % 5 == 0 else ("ticket", _FIELDS[1])
        yield Row(
            key=f"{kind}:{number}:0",
            document=str(number),
            kind=kind,
            part=0,
            field=field,
            title=title,
            text=body,
            fts=f"{title} {body}",
            digest="",
            vector=chunk.vectors[place],
            labels={},
            customer=f"customer {chunk.customers[place]}",
        )
