"""The knowledge base: articles and solved tickets brought in, let go of, and found again."""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from typing import Self

import numpy as np

from knowledge.article import KINDS, Document
from knowledge.building import building
from knowledge.coverage import Library
from knowledge.engine import DocumentKey, SearchEngine, Vector
from knowledge.fusion import CosineScale, FusionWeights, scale_of
from knowledge.gaps import GapReport, gaps_in
from knowledge.generation import NoKnowledgeError
from knowledge.intake import IndexCounts, IndexProgress, Keep, LetGo, Workers, bring_in
from knowledge.judgement import Judgement
from knowledge.place import Address, BusyKnowledgeError, place_of
from knowledge.preference import PreferenceWeights
from knowledge.provenance import Provenance
from knowledge.query import Hit, Query, sound
from knowledge.recent import Recent
from knowledge.removal import mark_removal, removed_since
from knowledge.search import find, prepare
from knowledge.serving import Serving
from knowledge.versions import newest_of
from knowledge.weighing import Weighing, keep_weights, kept_weights, weigh
from knowledge.wiping import wipe
from text import SentenceEncoder

_SAMPLE = 512  # rows that tell how far texts lie apart
_SCAN = 1_000
_PATIENCE_SECONDS = 5.0  # upkeep comes again; what people ask for goes first
_log = logging.getLogger(__name__)


class KnowledgeBase:
    """One place of knowledge, open for searching by many threads and for writing by one writer at a time.

    Readers in other processes see what is written within a second, and so they do a rebuilt base, in a folder at once.
    """

    def __init__(
        self,
        address: Address,
        encoder: SentenceEncoder,
        *,
        weights: FusionWeights | None = None,
        preference: PreferenceWeights | None = None,
    ) -> None:
        self._encoder = encoder
        self._serving = Serving(place_of(address), encoder)
        self._weights = weights
        self._preference = preference or PreferenceWeights()
        self._scale = Recent(_scale_in)
        self._newest = Recent(lambda engine: newest_of(engine.versions()))
        self._executor = ThreadPoolExecutor(max_workers=4, thread_name_prefix="knowledge")

    @classmethod
    def open(
        cls,
        address: Address,
        encoder: SentenceEncoder,
        *,
        create: bool = False,
        weights: FusionWeights | None = None,
        preference: PreferenceWeights | None = None,
    ) -> Self:
        """The knowledge base at ``address``; with ``create``, an empty one is made where there is none.

        Raises
        ------
        NoKnowledgeError, DamagedKnowledgeError, OtherEncoderError
            There is none, its files cannot be read, or another encoder built it.
        """
        base = cls(address, encoder, weights=weights, preference=preference)
        try:
            base._serving.engine()
        except NoKnowledgeError:
            if not create:
                raise
            base._serving.found()
        return base

    @classmethod
    def rebuild(
        cls,
        address: Address,
        encoder: SentenceEncoder,
        documents: Iterable[Document],
        *,
        provenance: Provenance | None = None,
        workers: Workers | None = None,
        progress: Callable[[IndexProgress], None] | None = None,
        keep: Keep | None = None,
        before_swap: Callable[[], None] | None = None,
    ) -> tuple[Self, IndexCounts]:
        """A base made anew from ``documents``, and its counts; the old one serves until the new one is whole.

        The old base is not read, so this cures a damaged one and changes the encoder. Other writers wait.
        ``before_swap`` is called when the new one is whole; where it raises, the old one goes on serving.
        """
        place = place_of(address)
        with place.writing(), building(place, encoder) as engine:
            counts = bring_in(
                documents,
                encoder=encoder,
                writer=lambda: nullcontext(engine),
                reader=lambda: engine,
                provenance=provenance,
                workers=workers,
                progress=progress,
                keep=keep,
            )
            if before_swap is not None:
                before_swap()
        return cls.open(address, encoder), counts

    def upsert(
        self,
        documents: Iterable[Document],
        *,
        provenance: Provenance | None = None,
        workers: Workers | None = None,
        progress: Callable[[IndexProgress], None] | None = None,
        keep: Keep | None = None,
        let_go: LetGo | None = None,
        maintain: bool = True,
    ) -> IndexCounts:
        """Bring ``documents`` in; those already here unchanged are left alone.

        None is removed, except where ``provenance`` tells where they were read: what stood there before and does
        not any more is let go of at the end. ``keep`` is handed each batch before it is indexed, and ``let_go``
        what is about to be removed; where they raise, that is not done. Without ``maintain`` somebody else looks
        after the indexes.
        """

        def first(gone: Sequence[DocumentKey]) -> None:
            if let_go is not None:
                let_go(gone)
            mark_removal(self._serving.place)

        counts = bring_in(
            documents,
            encoder=self._encoder,
            writer=self._serving.writing,
            reader=self._serving.latest,
            provenance=provenance,
            workers=workers,
            progress=progress,
            keep=keep,
            let_go=first,
        )
        if any(one.added or one.changed or one.removed for one in counts.by_kind.values()):
            self._forget()
            if maintain:
                with self._serving.writing() as engine:
                    engine.maintain()
        return counts

    def remove(self, ids: Collection[str], *, first: Callable[[], object] | None = None) -> int:
        """Let go of the documents with these ids; how many there were.

        They are never found again; `maintain` also wipes their bytes from the disk, in time. ``first`` is called
        before, with the writer's lock held; where it raises, nothing is removed.
        """
        wanted = frozenset(map(sound, ids))
        with self._serving.writing() as engine:
            if first is not None:
                first()
            n_removed = len(engine.digests(wanted))
            if n_removed:
                mark_removal(self._serving.place)
                engine.delete(wanted)
                self._forget()
        return n_removed

    def purge(self) -> bool:
        """Write the base anew from its own rows, so that nothing removed or replaced stays on the disk.

        Searching goes on; False where a rebuild overtook it, which wipes as well.
        """
        return wipe(self._serving.place, self._serving.latest)

    def maintain(self, *, purge_within_seconds: float = 3_600.0) -> None:
        """Fold what was written into the indexes where that is due, and purge in time.

        Nothing where another process is at it. What was removed is purged once half of ``purge_within_seconds``
        has passed, so that what is removed together is wiped together, and there is time to try again.
        """
        with suppress(BusyKnowledgeError):
            with self._serving.place.writing(patience_seconds=_PATIENCE_SECONDS):
                self._serving.engine().maintain()
            since = removed_since(self._serving.place)
            if since is not None and (datetime.now(UTC) - since).total_seconds() >= purge_within_seconds / 2:
                done = self.purge()
                _log.info("purged the knowledge base", extra={"done": done})

    def search(self, query: Query, weights: FusionWeights | None = None) -> list[Hit]:
        """The documents that answer ``query``, best first; none where it has no words.

        ``weights`` are those the base was opened with, or else those that were kept for it.
        """
        weights = weights or self._weights or self._kept_weights()
        prepared = prepare(query, self._encoder)
        if not prepared.terms and prepared.vector is None:
            return []
        return self._serving.read(
            lambda engine: find(
                query,
                prepared,
                engine=engine,
                executor=self._executor,
                scale=self._scale.of(engine),
                weights=weights,
                preference=self._preference,
                newest=self._newest.of(engine) if query.preferring else {},
            )
        )

    def encode(self, query: Query) -> Vector | None:
        """The query's vector, to search by it more than once; None where the query has no words."""
        return prepare(query, self._encoder).vector

    def weigh(self, judgements: Sequence[Judgement], *, progress: Callable[[int, int], None] | None = None) -> Weighing:
        """Choose fusion weights on ``judgements``, and keep them where they find better beyond luck.

        Raises
        ------
        TooFewJudgementsError
            Too few searches were judged.
        """
        weighing = weigh(
            judgements, search=self.search, encode=self.encode, before=self._kept_weights(), progress=progress
        )
        if weighing.is_better:
            with self._serving.writing():
                keep_weights(self._serving.place, weighing.best, encoder=self._encoder.name)
        return weighing

    def gaps(self, customers: frozenset[str] | None = None) -> GapReport:
        """What the articles do not answer, by theme; of these customers' tickets alone, where any are given.

        Raises
        ------
        UnknownAnswersError
            Too few right answers are known to learn what a good one is.
        """
        return gaps_in(self.library().seen_by(customers))

    def library(self) -> Library:
        """All documents there are, as a whole."""
        return self._serving.read(lambda engine: Library.of(engine.scan(size=_SCAN)))

    def count(self) -> dict[str, int]:
        """How many documents of each kind there are."""
        return dict.fromkeys(KINDS, 0) | self._serving.read(lambda engine: engine.count())

    def digests(self, ids: Collection[str]) -> dict[DocumentKey, str]:
        """The digest of each document with one of these ids."""
        return self._serving.read(lambda engine: engine.digests(ids))

    def kinds_of(self, ids: Collection[str]) -> dict[str, frozenset[str]]:
        """For each of these ids that is here, the kinds of document it names."""
        kept = self._serving.read(lambda engine: engine.digests(frozenset(map(sound, ids))))
        return {one: frozenset(kind for kind, document in kept if document == one) for _, one in kept}

    def owners(self, ids: Collection[str]) -> dict[DocumentKey, str | None]:
        """The customer of each document with one of these ids; None for one that names none."""
        rows = self._serving.read(lambda engine: engine.rows_of(frozenset(map(sound, ids))))
        return {(row.kind, row.document): row.customer for row in rows}

    def close(self) -> None:
        """Let the base's threads end."""
        self._executor.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _kept_weights(self) -> FusionWeights:
        return kept_weights(self._serving.place, encoder=self._encoder.name)

    def _forget(self) -> None:
        """What the base told as a whole is not so any more."""
        self._scale.forget()
        self._newest.forget()


def _scale_in(engine: SearchEngine) -> CosineScale:
    """How far texts of the base lie apart, the same for whoever reads the same documents."""
    sample = engine.sample(_SAMPLE)
    return scale_of(np.stack([row.vector for row in sample])) if sample else CosineScale()
