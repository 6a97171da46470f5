"""The knowledge base: articles and solved tickets brought in, let go of, and found again."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Self, TypeVar

import numpy as np

from knowledge.article import KINDS, Document
from knowledge.engine import DamagedKnowledgeError, KnowledgeError, SearchEngine, Vector
from knowledge.fusion import FusionWeights, spread_of
from knowledge.generation import (
    Generation,
    NoKnowledgeError,
    discard_all_but,
    fresh_folder,
    point_to,
    pointer_of,
    read_generation,
)
from knowledge.intake import IndexCounts, IndexProgress, Workers, bring_in
from knowledge.lance import LanceEngine
from knowledge.place import Address, Place, place_of
from knowledge.query import Hit, Query, sound
from knowledge.search import find, prepare
from text import Encoder

_T = TypeVar("_T")
_SAMPLE = 512  # rows that tell how far texts lie apart
_ENOUGH = 64
_SCAN = 1_000
_GLANCE_SECONDS = 1.0  # between two looks at which generation serves, where looking costs a request


class OtherEncoderError(KnowledgeError):
    """The base's vectors come from another encoder than the one at hand."""

    def __init__(self, place: object, *, built_with: str, given: str) -> None:
        super().__init__(
            f"the knowledge base in {place} was built with the encoder {built_with!r}, not {given!r}; "
            f"run `stellwerk index SOURCE... --rebuild`, or set the encoder back to {built_with!r}"
        )
        self.built_with, self.given = built_with, given


class KnowledgeBase:
    """One place of knowledge, open for searching by many threads and for writing by one writer at a time.

    Readers in other processes see what is written within a second, and so they do a rebuilt base, in a folder at once.
    """

    def __init__(self, address: Address, encoder: Encoder, *, weights: FusionWeights | None = None) -> None:
        self._place, self._encoder = place_of(address), encoder
        self._weights = weights or FusionWeights()
        self._lock = threading.Lock()
        self._opened: tuple[Generation, SearchEngine] | None = None
        self._spread: float | None = None
        self._executor = ThreadPoolExecutor(max_workers=4, thread_name_prefix="knowledge")

    @classmethod
    def open(
        cls, address: Address, encoder: Encoder, *, create: bool = False, weights: FusionWeights | None = None
    ) -> Self:
        """The knowledge base at ``address``; with ``create``, an empty one is made where there is none.

        Raises
        ------
        NoKnowledgeError, DamagedKnowledgeError, OtherEncoderError
            There is none, its files cannot be read, or another encoder built it.
        """
        base = cls(address, encoder, weights=weights)
        try:
            base._engine()
        except NoKnowledgeError:
            if not create:
                raise
            base._found()
        return base

    @classmethod
    def rebuild(
        cls,
        address: Address,
        encoder: Encoder,
        documents: Iterable[Document],
        *,
        workers: Workers | None = None,
        progress: Callable[[IndexProgress], None] | None = None,
    ) -> tuple[Self, IndexCounts]:
        """A base made anew from ``documents``, and its counts; the old one serves until the new one is whole.

        The old base is not read, so this cures a damaged one and changes the encoder. Other writers wait.
        """
        place = place_of(address)
        with place.writing(), _building(place, encoder) as engine:
            counts = bring_in(
                documents,
                encoder=encoder,
                workers=workers,
                writer=partial(_held, engine),
                reader=lambda: engine,
                progress=progress,
            )
        return cls.open(address, encoder), counts

    def upsert(
        self,
        documents: Iterable[Document],
        *,
        workers: Workers | None = None,
        progress: Callable[[IndexProgress], None] | None = None,
    ) -> IndexCounts:
        """Bring ``documents`` in; those already here unchanged are left alone, none is removed."""
        counts = bring_in(
            documents,
            encoder=self._encoder,
            workers=workers,
            writer=self._writing,
            reader=self._engine,
            progress=progress,
        )
        if any(one.added or one.changed for one in counts.by_kind.values()):
            self._spread = None
            with self._writing() as engine:
                engine.maintain()
        return counts

    def remove(self, ids: Collection[str]) -> int:
        """Let go of the documents with these ids; how many there were.

        They are never found again; `purge` also wipes their bytes from the disk.
        """
        wanted = frozenset(map(sound, ids))
        with self._writing() as engine:
            n_removed = len(engine.digests(wanted))
            if n_removed:
                engine.delete(wanted)
        return n_removed

    def purge(self) -> None:
        """Write the base anew from its own rows, so that nothing removed or replaced stays on the disk."""
        with self._place.writing():
            old = self._engine()
            with _building(self._place, self._encoder) as engine:
                for rows in old.scan(size=_SCAN):
                    engine.append(rows)

    def search(self, query: Query) -> list[Hit]:
        """The documents that answer ``query``, best first; none where it has no words."""
        prepared = prepare(query, self._encoder)
        if not prepared.terms and prepared.vector is None:
            return []
        return self._read(
            lambda engine: find(
                query,
                prepared,
                engine=engine,
                executor=self._executor,
                spread=self._spread_in(engine),
                weights=self._weights,
            )
        )

    def encode(self, query: Query) -> Vector | None:
        """The query's vector, to search by it more than once; None where the query has no words."""
        return prepare(query, self._encoder).vector

    def count(self) -> dict[str, int]:
        """How many documents of each kind there are."""
        return dict.fromkeys(KINDS, 0) | self._read(lambda engine: engine.count())

    def kinds_of(self, ids: Collection[str]) -> dict[str, frozenset[str]]:
        """For each of these ids that is here, the kinds of document it names."""
        kept = self._read(lambda engine: engine.digests(frozenset(map(sound, ids))))
        return {one: frozenset(kind for kind, document in kept if document == one) for _, one in kept}

    def close(self) -> None:
        """Let the base's threads end."""
        self._executor.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _found(self) -> None:
        """Make an empty base, unless another process was faster."""
        with self._place.writing():
            try:
                read_generation(self._place)
            except NoKnowledgeError:
                with _building(self._place, self._encoder):
                    pass
        self._engine()

    def _engine(self, *, max_age_seconds: float = 0.0) -> SearchEngine:
        """The engine of the generation that serves now, or did so at most ``max_age_seconds`` ago."""
        generation = read_generation(self._place, max_age_seconds=max_age_seconds)
        with self._lock:
            if self._opened is None or self._opened[0] != generation:
                if (generation.encoder, generation.dimension) != (
                    self._encoder.name,
                    self._encoder.dimension,
                ):
                    raise OtherEncoderError(self._place, built_with=generation.encoder, given=self._encoder.name)
                engine = LanceEngine.open(self._place.below(generation.folder), dimension=generation.dimension)
                self._opened, self._spread = (generation, engine), None
            return self._opened[1]

    def _read(self, act: Callable[[SearchEngine], _T]) -> _T:
        """What ``act`` reads; once more where the base was rebuilt under it."""
        engine = self._engine(max_age_seconds=_GLANCE_SECONDS)
        try:
            return act(engine)
        except DamagedKnowledgeError:
            if (newer := self._engine()) is engine:
                raise
            return act(newer)

    @contextmanager
    def _writing(self) -> Iterator[SearchEngine]:
        with self._place.writing():
            yield self._engine()

    def _spread_in(self, engine: SearchEngine) -> float:
        if (known := self._spread) is not None:
            return known
        sample = next(engine.scan(size=_SAMPLE), [])
        spread = spread_of(np.stack([row.vector for row in sample[:_SAMPLE]])) if sample else 1.0
        if len(sample) >= _ENOUGH:
            self._spread = spread
        return spread


@contextmanager
def _building(place: Place, encoder: Encoder) -> Iterator[SearchEngine]:
    """A new engine beside the one that serves; it takes over when built, or goes where building failed."""
    before = pointer_of(place)
    generation = Generation(folder=fresh_folder(), encoder=encoder.name, dimension=encoder.dimension)
    try:
        engine = LanceEngine.create(place.below(generation.folder), dimension=generation.dimension)
        yield engine
        engine.maintain()
        point_to(place, generation, before=before)
    except BaseException:
        place.discard(generation.folder)
        raise
    discard_all_but(place, generation.folder)


@contextmanager
def _held(engine: SearchEngine) -> Iterator[SearchEngine]:
    """A writer whose lock is held already."""
    yield engine
