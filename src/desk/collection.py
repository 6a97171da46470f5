"""One desk's documents: kept in the journal as they came, and indexed in its knowledge base."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from desk.answers import IndexAnswer
from desk.encoder import encoder_of, search_encoder_of
from desk.originals import NoOriginalsError, Originals, brought_in, caught_up, rebuilt, removed, take_out_removed
from desk.phrasing import index_answer
from desk.privacy import Privacy
from desk.settings import Settings
from desk.votes import judged_by_votes
from journal import Journal
from knowledge import (
    Document,
    IndexProgress,
    Judgement,
    KnowledgeBase,
    Provenance,
    RayWorkers,
    Weighing,
    Workers,
)
from text import Encoder

OnIndexProgress = Callable[[IndexProgress], None]


class Collection:
    """What a desk can find again; the knowledge base opens at first use, and it may be shared between threads."""

    def __init__(
        self,
        settings: Settings,
        *,
        privacy: Privacy,
        journal: Callable[[], Journal],
        encoder: Callable[[], Encoder],
    ) -> None:
        self._settings = settings
        self._privacy = privacy
        self._encoder = encoder
        self._journal = journal
        self._originals = Originals(journal, settings.knowledge)
        self._opening = threading.RLock()
        self._base: KnowledgeBase | None = None

    def base(self) -> KnowledgeBase:
        """The knowledge base; an empty one is made where there is none."""
        if self._base is None:
            encoder = self._encoder()  # before the lock: whoever loads the encoder waits for it
            with self._opening:
                if self._base is None:
                    self._base = KnowledgeBase.open(self._settings.knowledge, encoder, create=True)
        return self._base

    def count(self) -> dict[str, int]:
        """How many documents of each kind are indexed."""
        return self.base().count()

    def put(
        self,
        documents: Iterable[Document],
        progress: OnIndexProgress | None = None,
        *,
        provenance: Provenance | None = None,
        workers: Workers | None = None,
    ) -> IndexAnswer:
        """Bring documents in, into the journal as they came and into the knowledge base; unchanged ones are left alone.

        What is new is found at once; `maintain` folds it into the indexes. With their ``provenance``, what left its
        source is let go of, by both.

        Raises
        ------
        JournalError, KnowledgeError
            A batch could not be kept, and is not indexed either; or it could not be indexed, and `catch_up` will.
        """
        documents = self._privacy.documents(documents)
        counts = brought_in(self.base(), self._originals, documents, provenance, workers, progress)
        return index_answer(counts)

    def rebuild(
        self,
        documents: Iterable[Document] | None = None,
        progress: OnIndexProgress | None = None,
        *,
        provenance: Provenance | None = None,
        workers: Workers | None = None,
    ) -> IndexAnswer:
        """Make the knowledge base anew from exactly ``documents``, or without any from all that the journal keeps.

        The old one serves until the new one is whole.

        Raises
        ------
        NoOriginalsError
            There are no documents in the journal.
        """
        encoder = self._encoder()  # before the lock: whoever loads the encoder waits for it
        if documents is not None:
            documents = self._privacy.documents(documents)
        with self._opening:
            place = self._settings.knowledge
            fresh, counts = rebuilt(place, encoder, self._originals, documents, provenance, workers, progress)
            self._base = fresh
        return index_answer(counts)

    def catch_up(self, progress: OnIndexProgress | None = None) -> IndexAnswer:
        """Bring into the knowledge base what the journal has and it has not, and take out what was removed."""
        return index_answer(caught_up(self.base(), self._originals, progress))

    def reindex(self, progress: OnIndexProgress | None = None, *, workers: Workers | None = None) -> IndexAnswer:
        """Bring all that the journal keeps into the knowledge base; unchanged documents are left alone."""
        if not len(self._originals):
            raise NoOriginalsError
        return self.put(self._originals, progress, provenance=self._originals.provenance, workers=workers)

    def remove(self, document_id: str) -> int:
        """Let go of the documents with this id; how many there were."""
        return removed(self.base(), self._originals, document_id)

    def owners(self, ids: set[str]) -> dict[tuple[str, str], str | None]:
        """The customer of each document with one of these ids, by kind and id; None for one that names none."""
        return self.base().owners(ids)

    def wipe(self) -> None:
        """Take out what the journal has erased, and wipe all that was removed off the disk now."""
        base = self.base()
        if self._originals.removed():
            take_out_removed(base, self._originals)
            base.purge()
        else:
            base.maintain(purge_within_seconds=0)

    def maintain(self) -> None:
        """Look after the index: fold in what is new, take out what the journal has erased, and wipe it in time."""
        base = self.base()
        base.maintain(purge_within_seconds=self._settings.purge_within_seconds)
        take_out_removed(base, self._originals)

    def weigh(
        self, judgements: Sequence[Judgement] | None = None, *, progress: Callable[[int, int], None] | None = None
    ) -> Weighing:
        """Choose how much words and meaning count, on judgements or else on the votes that people gave.

        What finds better beyond luck is kept.

        Raises
        ------
        TooFewJudgementsError, JournalError
            Too few searches were judged, or the votes cannot be read.
        """
        return self.base().weigh(judgements or judged_by_votes(self._journal().votes()), progress=progress)

    @contextmanager
    def workers(self, n_workers: int | None, ray: str | None) -> Iterator[Workers | None]:
        """So many workers of the Ray cluster at ``ray``, or of this machine; None where neither is given."""
        if n_workers is None and ray is None:
            yield None
            return
        encoder = search_encoder_of(self._settings, encoder_of(self._settings, n_threads=1))
        with RayWorkers.open(encoder, n_workers=n_workers, address=ray) as workers:
            yield workers

    def close(self) -> None:
        """Let the knowledge base's threads end."""
        if self._base is not None:
            self._base.close()
