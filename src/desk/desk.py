"""One desk's Stellwerk put together: its model, its knowledge, its journal."""

import logging
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Self

from classifier import Classification, ModelShelf
from desk.answers import (
    AuditAnswer,
    ClassificationAnswer,
    IndexAnswer,
    ModelAnswer,
    ModelsAnswer,
    SearchAnswer,
)
from desk.audit import PromiseAudit
from desk.champion import Champion, MaybeServing
from desk.encoder import encoder_of
from desk.errors import UnknownLabelError
from desk.phrasing import (
    classification_answer,
    decision_record,
    hit_answer,
    index_answer,
    model_entry,
    unanswered,
)
from desk.settings import Settings
from journal import Correction, Journal, Vote
from knowledge import Document, IndexProgress, KnowledgeBase, Query, RayWorkers, Workers
from text import Encoder
from tickets import Taxonomy, Ticket

OnIndexProgress = Callable[[IndexProgress], None]

log = logging.getLogger(__name__)


class Desk:
    """Answers for one desk; its parts load at first use, and it may be shared between threads."""

    def __init__(self, settings: Settings, *, n_threads: int, model: str | None, journal: bool) -> None:
        self.settings = settings
        self._n_threads = n_threads
        self._chosen_model = model
        self._keeps_journal = journal
        self._shelf = ModelShelf(settings.models)
        self._audit = PromiseAudit(lambda: self._journal, share=settings.audit_share)
        self._loading = threading.RLock()
        self._knowledge: KnowledgeBase | None = None

    @classmethod
    def open(cls, settings: Settings, *, n_threads: int = 1, model: str | None = None, journal: bool = True) -> Self:
        """The desk that ``settings`` describe; nothing is read yet.

        Parameters
        ----------
        n_threads : int
            How many texts are encoded at a time; one for serving.
        model : str, optional
            A version on the shelf or a model's folder that answers instead of the champion.
        journal : bool
            Whether decisions are remembered.
        """
        return cls(settings, n_threads=n_threads, model=model, journal=journal)

    def warm(self) -> None:
        """Load encoder, model, knowledge and journal now; raises one of ``USER_ERRORS`` with the cure."""
        self.encoder.encode(["warm"])
        self._shelf_must_serve()
        self._knowledge_base().count()
        if self._keeps_journal:
            self._journal.ping()

    def close(self) -> None:
        """Let go of the database and the threads."""
        if self._knowledge is not None:
            self._knowledge.close()
        if "_journal" in self.__dict__:
            self._journal.close()

    @cached_property
    def encoder(self) -> Encoder:
        """The sentence encoder that the settings name."""
        with self._loading:
            return encoder_of(self.settings, n_threads=self._n_threads)

    def classify(self, ticket: Ticket) -> ClassificationAnswer:
        """The answer to one ticket; always an answer, if only that a person must look."""
        return self.classify_many([ticket])[0]

    def classify_many(self, tickets: Sequence[Ticket]) -> list[ClassificationAnswer]:
        """The answers to several tickets, in order; remembered together."""
        serving = self._serving()
        ids = [f"c_{uuid.uuid4().hex}" for _ in tickets]
        if serving is None:
            answers = [unanswered(id_, ticket) for id_, ticket in zip(ids, tickets, strict=True)]
        else:
            model = ModelAnswer(version=serving.manifest.version, trained_at=serving.manifest.trained_at)
            promise = serving.classifier.model.promises.joint
            found: list[Classification] = serving.classifier.classify(tickets)
            answers = [
                classification_answer(id_, ticket, classification, promise, model)
                for id_, ticket, classification in zip(ids, tickets, found, strict=True)
            ]
            if self._keeps_journal:
                answers = self._audit.audited(answers, model.version, promise)
        if self._keeps_journal and answers:
            self._journal.record_decisions([decision_record(t, a) for t, a in zip(tickets, answers, strict=True)])
        return answers

    def search(self, query: Query) -> SearchAnswer:
        """The documents that answer ``query``, best first; none where nothing has been indexed yet."""
        return SearchAnswer(hits=[hit_answer(hit) for hit in self._knowledge_base().search(query)])

    def put_documents(
        self,
        documents: Iterable[Document],
        progress: OnIndexProgress | None = None,
        workers: Workers | None = None,
    ) -> IndexAnswer:
        """Bring documents in; what is there unchanged is left alone."""
        return index_answer(self._knowledge_base().upsert(documents, workers=workers, progress=progress))

    def rebuild(
        self,
        documents: Iterable[Document],
        progress: OnIndexProgress | None = None,
        workers: Workers | None = None,
    ) -> IndexAnswer:
        """Make the knowledge base anew from ``documents``; the old one serves until the new one is whole."""
        encoder = self.encoder  # before the lock: whoever loads the encoder waits for it
        with self._loading:
            fresh, counts = KnowledgeBase.rebuild(
                self.settings.knowledge, encoder, documents, workers=workers, progress=progress
            )
            self._knowledge = fresh
        return index_answer(counts)

    @contextmanager
    def workers(self, n_workers: int | None, ray: str | None) -> Iterator[Workers | None]:
        """So many workers of the Ray cluster at ``ray``, or of this machine; None where neither is given."""
        if n_workers is None and ray is None:
            yield None
            return
        with RayWorkers.open(encoder_of(self.settings, n_threads=1), n_workers=n_workers, address=ray) as workers:
            yield workers

    def remove_document(self, document_id: str) -> int:
        """Let go of the documents with this id; how many there were."""
        return self._knowledge_base().remove([document_id])

    def correct(self, classification_id: str, labels: Mapping[str, str], source: str | None = None) -> None:
        """Remember a person's labels for a ticket that was classified; they answer its audit, where it was drawn.

        Raises
        ------
        UnknownLabelError, UnknownClassificationError, JournalError
            The labels are not the desk's, the classification was never made, or the journal cannot be written.
        """
        taxonomy = self.taxonomy
        for target, label in labels.items():
            if target not in taxonomy.names or label not in taxonomy[target].label_names:
                raise UnknownLabelError(target, label, taxonomy)
        self._journal.record_correction(Correction(classification_id=classification_id, labels=labels, source=source))
        if serving := self._serving():
            self._audit.standing(serving.manifest.version, serving.classifier.model.promises.joint, anew=True)

    def vote(self, query: str, hit_id: str, helpful: bool) -> None:  # noqa: FBT001 - the word of the contract
        """Remember whether a hit helped."""
        self._journal.record_vote(Vote(query=query, hit_id=hit_id, helpful=helpful))

    def models(self) -> ModelsAnswer:
        """All models on the shelf, newest first."""
        champion = self._shelf.champion
        entries = [model_entry(one, champion, self.audit(one.version)) for one in self._shelf.manifests()]
        return ModelsAnswer(champion=champion, models=entries)

    def audit(self, version: str) -> AuditAnswer | None:
        """What was asked back about a version's decisions; None where the journal is not kept or cannot be read."""
        return self._audit.told(version) if self._keeps_journal else None

    def promote(self, version: str) -> ModelsAnswer:
        """Make a model the champion; raises one of ``USER_ERRORS`` and changes nothing where it cannot serve."""
        self._shelf.manifest(version)  # on this shelf, so that no folder elsewhere is ever loaded
        _, model = self._shelf.load(version)
        model.bind(self.encoder)
        self._shelf.promote(version)
        return self.models()

    def rollback(self) -> ModelsAnswer:
        """Make the champion before this one champion again."""
        if (before := self._shelf.previous_champion) is not None:
            _, model = self._shelf.load(before)
            model.bind(self.encoder)
        self._shelf.rollback()
        return self.models()

    @property
    def taxonomy(self) -> Taxonomy:
        """The serving model's questions, or the built-in ones while there is no model."""
        serving = self._serving()
        return serving.classifier.model.taxonomy if serving else Taxonomy.builtin()

    @property
    def model_version(self) -> str | None:
        """The serving model's version."""
        serving = self._serving()
        return serving.manifest.version if serving else None

    @property
    def knowledge(self) -> KnowledgeBase:
        """The knowledge base, for measuring searches."""
        return self._knowledge_base()

    def counts(self) -> dict[str, int]:
        """How many documents of each kind are indexed."""
        return self._knowledge_base().count()

    def _shelf_must_serve(self) -> None:
        if self._serving() is None:
            self._shelf.load()  # raises NoChampionError, which names the cure

    def _serving(self) -> MaybeServing:
        return self._champion.current()

    @cached_property
    def _champion(self) -> Champion:
        return Champion(self._shelf, self.encoder, chosen=self._chosen_model)

    @cached_property
    def _journal(self) -> Journal:
        with self._loading:
            return Journal.open(self.settings.journal)

    def _knowledge_base(self) -> KnowledgeBase:
        if self._knowledge is None:
            encoder = self.encoder  # before the lock: whoever loads the encoder waits for it
            with self._loading:
                if self._knowledge is None:
                    self._knowledge = KnowledgeBase.open(self.settings.knowledge, encoder, create=True)
        return self._knowledge
