"""One desk's Stellwerk put together: its model, its knowledge, its journal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Self

from classifier import Manifest, ModelShelf, forgotten
from desk.answering import answered
from desk.answers import (
    AuditAnswer,
    ClassificationAnswer,
    DuplicatesAnswer,
    GapsAnswer,
    ModelEntry,
    ModelsAnswer,
    SearchAnswer,
)
from desk.approval import Approval
from desk.audit import PromiseAudit
from desk.champion import Champion, MaybeServing
from desk.collection import Collection
from desk.comparing import kept_verdict
from desk.duplicates import Duplicates
from desk.encoder import encoder_of, search_encoder_of
from desk.evidence import Evidence
from desk.feedback import check_labels
from desk.forgetting import Forgettery
from desk.gaps import KnowledgeGaps
from desk.insight import Insight
from desk.keeping import Keeping
from desk.keys import AccessKeys
from desk.labelling import LabellingQueue
from desk.made_once import made_once
from desk.mlflow_alias import MlflowAlias
from desk.phrasing import decision_record, hit_answer, model_entry, told_of
from desk.privacy import Privacy
from desk.readiness import readiness_of
from desk.reviewing import Reviewing
from desk.settings import Settings
from desk.shadow import Shadow
from desk.standing import DeskStanding
from desk.together import Together, n_processors
from desk.trail import COMMAND_LINE, AuditTrail
from journal import Correction, Journal, Once, Provenance, Vote
from knowledge import Query
from text import Encoder
from tickets import Taxonomy, Ticket


class Desk:
    """Answers for one desk; its parts load at first use, and it may be shared between threads."""

    def __init__(self, settings: Settings, *, n_threads: int, model: str | None, journal: bool) -> None:
        self.settings = settings
        self._n_threads = n_threads
        self._chosen_model = model
        self._keeps_journal = journal
        self._shelf = ModelShelf(settings.models)
        self._audit = PromiseAudit(lambda: self._journal, share=settings.audit_share)
        self._privacy = Privacy(settings)
        self.documents = Collection(
            settings, privacy=self._privacy, journal=lambda: self._journal, encoder=lambda: self.search_encoder
        )
        """What can be found again, and how it is brought in."""
        self.trail = AuditTrail((lambda: self._journal) if journal else None)
        """Who did what that matters."""
        self.keeping = Keeping(settings, lambda: self._journal, self.trail)
        """What is removed for its age."""
        self.keys = AccessKeys(lambda: self._journal)
        """Who is let in."""
        self.forgettery = Forgettery(
            settings, privacy=self._privacy, journal=lambda: self._journal, documents=self.documents, trail=self.trail
        )
        """Erases a ticket, a customer or a person everywhere."""
        self.reviewing = Reviewing(lambda: self._journal)
        self.insight = Insight(settings.models, lambda: self._journal, self.documents.count)
        """How models and knowledge do."""
        self.labelling = LabellingQueue(lambda: self._journal, share=settings.labelling_share)
        """What people should label next."""
        self._evidence = Evidence(settings.models, self._privacy, self.reviewing.resolutions if journal else None)
        self._approval = Approval(lambda: self._journal)
        self._duplicates = Duplicates(
            lambda: self._journal, self.documents.base, days=settings.open_days if journal else 0
        )
        self._gaps = KnowledgeGaps(self.documents.base)
        self._one_of_many = Together(self.classify_many, n_at_once=max(1, n_processors() // settings.workers))
        self._shadow = Shadow(settings.models, lambda: self._journal, lambda: self._champion)
        self._readiness = readiness_of(self, lambda: self._journal, self._duplicates) if journal else readiness_of(self)
        self.standing = DeskStanding(lambda: self._champion, self._shadow, (lambda: self._journal) if journal else None)
        """How the model that serves stands."""

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
        self._readiness.check()

    def close(self) -> None:
        """Let go of the database and the threads."""
        self._shadow.close()
        self.documents.close()
        if "_journal" in self.__dict__:
            self._journal.close()

    @made_once
    def encoder(self) -> Encoder:
        """The sentence encoder that the settings name."""
        return encoder_of(self.settings, n_threads=self._n_threads)

    @made_once
    def search_encoder(self) -> Encoder:
        """The encoder of the knowledge base, which is made of the other one."""
        return search_encoder_of(self.settings, self.encoder)

    def classify(self, ticket: Ticket) -> ClassificationAnswer:
        """The answer to one ticket; always an answer, if only that a person must look."""
        return self._one_of_many(ticket)

    def classify_many(
        self, tickets: Sequence[Ticket], *, customers: frozenset[str] | None = None
    ) -> list[ClassificationAnswer]:
        """The answers to several tickets, in order; remembered together. Duplicates are ``customers``' alone."""
        tickets = [self._privacy.ticket(ticket) for ticket in tickets]
        serving = self._serving()
        answers = answered(serving, tickets, self._evidence)
        if self._keeps_journal and serving is not None:
            answers = self._audit.audited(answers, serving.manifest.version, serving.classifier.model.promises.joint)
        if self._keeps_journal and answers:
            records = [decision_record(t, a) for t, a in zip(tickets, answers, strict=True)]
            self._journal.record_decisions(records)
            self._shadow.observe(tickets, answers)
            times = {record.id: record.time for record in records}
            answers = self._duplicates.told(tickets, answers, times, customers)
        return answers

    def duplicates(self, ticket: Ticket, *, customers: frozenset[str] | None = None) -> DuplicatesAnswer:
        """The open tickets that say almost the same; none where no journal is kept. Nothing is remembered."""
        return DuplicatesAnswer(duplicates=self._duplicates.of(self._privacy.ticket(ticket), customers))

    def search(self, query: Query) -> SearchAnswer:
        """The documents that answer ``query``, best first; none where nothing has been indexed yet.

        Where the journal is kept, what people confirmed comes before what they rejected.
        """
        query = self._privacy.query(query)
        if self._keeps_journal:
            query = replace(query, approval=self._approval.now())
        return SearchAnswer(hits=[hit_answer(hit) for hit in self.documents.base().search(query)])

    def gaps(self, *, limit: int, customers: frozenset[str] | None = None) -> GapsAnswer:
        """The costliest themes of solved tickets that no article answers."""
        return self._gaps.told(limit, customers)

    def customer_of(self, classification_id: str) -> str | None:
        """The customer whose ticket was classified; None where it named none, or there is no such classification."""
        decision = self._journal.decision(classification_id)
        return decision.ticket.customer if decision else None

    def correct(
        self,
        classification_id: str,
        labels: Mapping[str, str],
        source: str | None = None,
        provenance: Provenance | None = None,
    ) -> None:
        """Remember a person's labels for a ticket that was classified; they answer its audit, where it was drawn.

        Raises
        ------
        UnknownLabelError, UnknownClassificationError, JournalError
            The labels are not the desk's, the classification was never made, or the journal cannot be written.
        """
        check_labels(labels, self.taxonomy)
        who = self._privacy.source(source)
        said = Correction(classification_id=classification_id, labels=labels, source=who, provenance=provenance)
        self._journal.record_correction(said)
        self._approval.forget()
        if serving := self._serving():
            self._audit.standing(serving.manifest.version, serving.classifier.model.promises.joint, anew=True)

    def vote(self, query: str, hit_id: str, helpful: bool) -> None:  # noqa: FBT001 - the word of the contract
        """Remember whether a hit helped."""
        self._journal.record_vote(Vote(query=self._privacy.words(query), hit_id=hit_id, helpful=helpful))
        self._approval.forget()

    def models(self) -> ModelsAnswer:
        """All models on the shelf, newest first."""
        champion = self._shelf.champion
        entries = [self._entry(one, champion) for one in self._shelf.manifests()]
        known = self.__dict__.get("_champion")  # a look at the shelf alone loads neither encoder nor model
        shadow = self._shadow.told() if self._keeps_journal else None
        return ModelsAnswer(champion=champion, models=entries, shadow=shadow, **(told_of(known) if known else {}))

    def follow(self) -> None:
        """Take up the champion that the shelf names, where another one serves; a bad one is refused and told."""
        self._champion.follow()
        if self._keeps_journal:
            self._shadow.follow()

    def follow_mlflow(self) -> None:
        """Promote what MLflow's alias was moved to since the last look; raises one of ``USER_ERRORS``."""
        promote = partial(self.promote, actor="mlflow")
        MlflowAlias(self.settings.models, self.settings.tracking, promote=promote).follow()

    def shadow(self, version: str, *, actor: str = COMMAND_LINE) -> ModelsAnswer:
        """Let a model score the same tickets as the champion, without ever answering; refused where it cannot serve."""
        with self.trail.acting("shadow", version, actor=actor):
            self._shelf.manifest(version)
            self._shadow.begin(version)
        return self.models()

    def end_shadow(self, *, actor: str = COMMAND_LINE) -> ModelsAnswer:
        """Let no model score beside the champion any more."""
        with self.trail.acting("end shadow", actor=actor):
            self._shadow.end()
        return self.models()

    def _entry(self, one: Manifest, champion: str | None) -> ModelEntry:
        entry = model_entry(one, champion, self.audit(one.version))
        folder = self.settings.models / one.version
        return entry.model_copy(update={"retrain_since": forgotten(folder).since, "verdict": kept_verdict(folder)})

    def audit(self, version: str) -> AuditAnswer | None:
        """What was asked back about a version's decisions; None where the journal is not kept or cannot be read."""
        return self._audit.told(version) if self._keeps_journal else None

    def promote(self, version: str, *, actor: str = COMMAND_LINE) -> ModelsAnswer:
        """Make a model the champion; raises one of ``USER_ERRORS`` and changes nothing where it cannot serve."""
        with self.trail.acting("promote", version, actor=actor):
            self._shelf.manifest(version)  # on this shelf, so that no folder elsewhere is ever loaded
            prepared = self._champion.prepared(version)
            self._shelf.promote(version)
            self._champion.follow(prepared)
        return self.models()

    def rollback(self, *, actor: str = COMMAND_LINE) -> ModelsAnswer:
        """Make the champion before this one champion again."""
        before = self._shelf.previous_champion
        with self.trail.acting("roll back", before, actor=actor):
            prepared = self._champion.prepared(before) if before is not None else None
            self._shelf.rollback()
            self._champion.follow(prepared)
        return self.models()

    @property
    def once(self) -> Once:
        """What was asked under keys, so that it is done once."""
        return self._journal.once

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

    def must_serve(self) -> None:
        """Raise one of ``USER_ERRORS``, which names the cure, where no model serves."""
        if self._serving() is None:
            self.follow()
        if self._serving() is None:
            self._shelf.load()  # raises NoChampionError, which names the cure

    def _serving(self) -> MaybeServing:
        return self._champion.current()

    @made_once
    def _champion(self) -> Champion:
        return Champion(self._shelf, self.encoder, chosen=self._chosen_model)

    @made_once
    def _journal(self) -> Journal:
        return Journal.open(self.settings.journal)
