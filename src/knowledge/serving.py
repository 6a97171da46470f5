"""The generation that serves, opened: as it was a moment ago for readers, as it is now for the writer."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from knowledge.building import building
from knowledge.engine import DamagedKnowledgeError, KnowledgeError, SearchEngine
from knowledge.generation import Generation, NoKnowledgeError, read_generation
from knowledge.lance import LanceEngine
from knowledge.place import Place
from text import SentenceEncoder

_T = TypeVar("_T")
_GLANCE_SECONDS = 1.0  # between two looks at which generation serves, where looking costs a request


class OtherEncoderError(KnowledgeError):
    """The base's vectors come from another encoder than the one at hand."""

    def __init__(self, place: object, *, built_with: str, given: str) -> None:
        super().__init__(
            f"the knowledge base in {place} was built with the encoder {built_with!r}, not {given!r}; "
            f"run `stellwerk index --rebuild`, or set the encoder back to {built_with!r}"
        )
        self.built_with, self.given = built_with, given


class ForkedKnowledgeError(KnowledgeError):
    """A base was opened before its process was forked; the engine's threads do not survive that."""

    def __init__(self, place: object) -> None:
        super().__init__(
            f"the knowledge base in {place} was opened in a process that was forked since; "
            "open it in the new process, or start processes with spawn"
        )


class Serving:
    """The engine of whichever generation serves in ``place``; safe to share between threads."""

    def __init__(self, place: Place, encoder: SentenceEncoder) -> None:
        self.place = place
        self._encoder = encoder
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._opened: tuple[Generation, SearchEngine] | None = None

    def found(self) -> None:
        """Make an empty base, unless another process was faster."""
        with self.place.writing():
            try:
                read_generation(self.place)
            except NoKnowledgeError:
                with building(self.place, self._encoder):
                    pass
        self.engine()

    def engine(self, *, max_age_seconds: float = 0.0) -> SearchEngine:
        """The engine of the generation that serves now, or did so at most ``max_age_seconds`` ago."""
        if os.getpid() != self._process:
            raise ForkedKnowledgeError(self.place)
        generation = read_generation(self.place, max_age_seconds=max_age_seconds)
        with self._lock:
            if self._opened is None or self._opened[0] != generation:
                if (generation.encoder, generation.dimension) != (self._encoder.name, self._encoder.dimension):
                    raise OtherEncoderError(self.place, built_with=generation.encoder, given=self._encoder.name)
                engine = LanceEngine.open(self.place.below(generation.folder), dimension=generation.dimension)
                self._opened = generation, engine
            return self._opened[1]

    def latest(self) -> SearchEngine:
        """The engine that serves now, with all that other processes wrote."""
        engine = self.engine()
        engine.refresh()
        return engine

    def read(self, act: Callable[[SearchEngine], _T]) -> _T:
        """What ``act`` reads; once more where the base was rebuilt under it."""
        engine = self.engine(max_age_seconds=_GLANCE_SECONDS)
        try:
            return act(engine)
        except DamagedKnowledgeError:
            if (newer := self.engine()) is engine:
                raise
            return act(newer)

    @contextmanager
    def writing(self) -> Iterator[SearchEngine]:
        """The engine, for the one writer."""
        with self.place.writing():
            yield self.latest()
