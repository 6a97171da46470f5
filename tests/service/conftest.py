"""The application around a desk in memory that keeps the laws of the real one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from threading import Lock
from time import monotonic

import pytest
from starlette.testclient import TestClient

from classifier import NoChampionError, NothingToRollBackError, UnknownVersionError
from desk import (
    AuditAnswer,
    AuditTrail,
    ChannelAnswer,
    ClassificationAnswer,
    DecisionAnswer,
    DriftAnswer,
    DuplicateAnswer,
    DuplicatesAnswer,
    ForgettingAnswer,
    ForgettingsAnswer,
    GapAnswer,
    GapsAnswer,
    HitAnswer,
    IndexAnswer,
    Keeping,
    KindCounts,
    ModelAnswer,
    ModelEntry,
    ModelsAnswer,
    PredictionAnswer,
    ReasonAnswer,
    ReasonCode,
    SearchAnswer,
    ServingFacts,
    Settings,
    ShadowAnswer,
    UnknownLabelError,
)
from desk.forgetting import NoPersonError
from desk.insight import Insight
from desk.labelling import LabellingQueue
from desk.reviewing import Reviewing
from journal import Journal, UnknownClassificationError
from knowledge import Article, Document, Query
from service import create_app
from tickets import SolvedTicket, Taxonomy, Ticket

LOCAL = "http://localhost"
"""Without authentication, only what is meant for this very machine is answered."""
TRAINED_AT = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)


class FakeCollection(dict[str, Document]):
    """A desk's documents by id, without a knowledge base."""

    def __init__(self, desk: "MemoryDesk") -> None:
        super().__init__()
        self.desk = desk

    def put(self, documents: Iterable[Document]) -> IndexAnswer:
        """Keep documents and count what changed."""
        counts = {kind: dict.fromkeys(KindCounts.model_fields, 0) for kind in ("article", "ticket")}
        for document in documents:
            article = isinstance(document, Article)
            key = document.id if article else document.ticket.id
            words = (
                f"{document.title}{document.body}" if article else f"{document.ticket.subject}{document.ticket.body}"
            )
            before = self.get(key)
            outcome = "added" if before is None else "unchanged" if before == document else "changed"
            if words.strip():
                self[key] = document
            else:
                outcome = "rejected"
            counts["article" if article else "ticket"][outcome] += 1
        return IndexAnswer(**{kind: KindCounts(**outcomes) for kind, outcomes in counts.items()})

    def remove(self, document_id: str) -> int:
        """How many were removed."""
        return 0 if self.pop(document_id, None) is None else 1

    def catch_up(self) -> IndexAnswer:
        """Nothing is ever missing."""
        return self.put([])

    def maintain(self) -> None:
        """How often it was looked after."""
        self.desk.n_maintained += 1
        if self.desk.fault:
            raise self.desk.fault

    def count(self) -> dict[str, int]:
        """How many documents of each kind."""
        n_articles = sum(isinstance(document, Article) for document in self.values())
        return {"article": n_articles, "ticket": len(self) - n_articles}


class FakeForgettery:
    """Forgets documents in memory, and keeps its proofs."""

    def __init__(self, desk: "MemoryDesk") -> None:
        self.desk = desk
        self.done: list[ForgettingAnswer] = []

    def forget(self, subject: str, name: str, *, actor: str) -> ForgettingAnswer:
        """The proof; a person is told by the sign in an address."""
        if subject == "person" and "@" not in name:
            raise NoPersonError
        counts = {"documents": self.desk.documents.remove(name) if subject == "ticket" else 0}
        proof = ForgettingAnswer(
            id=f"f_{len(self.done)}",
            subject=subject,
            name_hash="0" * 64,
            actor=actor,
            begun=TRAINED_AT,
            done=TRAINED_AT,
            counts=counts,
            models=[],
        )
        self.done.append(proof)
        return proof

    def resume(self) -> list[ForgettingAnswer]:
        """Nothing was ever interrupted."""
        return []

    def proofs(self) -> ForgettingsAnswer:
        """All proofs."""
        return ForgettingsAnswer(forgettings=self.done)


class MemoryDesk:
    """A desk whose parts are dictionaries; its model calls every ticket a bug of level 1."""

    def __init__(self, settings: Settings, *, champion: str | None = "v2") -> None:
        self.settings = settings
        self.taxonomy = Taxonomy.builtin()
        self.versions = ["v1", "v2"]
        self.promoted = [champion] if champion else []
        self.challenger: str | None = None
        self.documents = FakeCollection(self)
        self.forgettery = FakeForgettery(self)
        self.tickets: list[Ticket] = []
        self.corrections: list[tuple[str, Mapping[str, str], str | None]] = []
        self.provenances: list[str | None] = []
        self.votes: list[tuple[str, str, bool]] = []
        self.queries: list[Query] = []
        self.journal: set[str] = set()
        self.audits: dict[str, AuditAnswer] = {}
        self.fault: Exception | None = None
        self.drifted: DriftAnswer | None = None
        self.closed = False
        self.n_maintained = 0
        self.kept = kept = Journal.open("sqlite://")
        self.reviewing = Reviewing(lambda: kept)
        self.insight = Insight(settings.models, lambda: kept, self.documents.count)
        self.once = kept.once
        self.trail = AuditTrail(lambda: kept)
        self.labelling = LabellingQueue(lambda: kept, share=1.0)
        self.kept = kept
        self.keeping = Keeping(settings, lambda: kept, self.trail)
        self._close_journal = kept.close
        self._ids = count(1)
        self._lock = Lock()

    @property
    def model_version(self) -> str | None:
        """The champion's version."""
        if self.fault:
            raise self.fault
        return self.promoted[-1] if self.promoted else None

    @property
    def standing(self) -> "MemoryDesk":
        """It knows how it stands."""
        return self

    def serving(self) -> ServingFacts | None:
        """The champion."""
        version = self.model_version
        return version and ServingFacts(
            version=version, trained_at=TRAINED_AT, max_error=0.05, refused=False, n_shadow_dropped=0
        )

    def drift(self) -> DriftAnswer | None:
        """As the test says."""
        return self.drifted

    def warm(self) -> None:
        """Nothing, when every part can be used."""
        if self.fault:
            raise self.fault
        if not self.promoted:
            raise NoChampionError(self.settings.models)

    def follow(self) -> None:
        """The champion is always taken up."""
        if self.fault:
            raise self.fault

    def close(self) -> None:
        """Remember that nobody needs this desk any more."""
        self._close_journal()
        self.closed = True

    def classify(self, ticket: Ticket) -> ClassificationAnswer:
        """Review without words or model, else a suggestion; remembered."""
        if self.fault:
            raise self.fault
        with self._lock:
            classification_id = f"c_{next(self._ids)}"
            self.journal.add(classification_id)
            self.tickets.append(ticket)
        reason = self._reason(ticket)
        predictions = {} if reason else self._predictions()
        return ClassificationAnswer(
            id=classification_id,
            ticket_id=ticket.id,
            predictions=predictions,
            decision=DecisionAnswer(
                action="review" if reason else "suggest",
                labels={target: said.label for target, said in predictions.items()},
                reasons=[ReasonAnswer(code=reason or ReasonCode.NO_PROMISE)],
                promise=None,
            ),
            explanation={target: [] for target in predictions},
            evidence=[],
            model=ModelAnswer(version=self.promoted[-1], trained_at=TRAINED_AT) if self.promoted else None,
        )

    def _reason(self, ticket: Ticket) -> ReasonCode | None:
        if not self.promoted:
            return ReasonCode.NO_MODEL
        return None if (ticket.subject + ticket.body).strip() else ReasonCode.NO_TEXT

    def _predictions(self) -> dict[str, PredictionAnswer]:
        found = {}
        for target in self.taxonomy:
            share = 1 / len(target.labels)
            first = target.label_names[0]
            shares = dict.fromkeys(target.label_names, share)
            found[target.name] = PredictionAnswer(label=first, confidence=share, probabilities=shares)
        return found

    def classify_many(self, tickets: Sequence[Ticket]) -> list[ClassificationAnswer]:
        """One answer each, in order."""
        return [self.classify(ticket) for ticket in tickets]

    def duplicates(self, ticket: Ticket) -> DuplicatesAnswer:
        """The tickets classified before with the same body."""
        same = [(f"c_{n}", one) for n, one in enumerate(self.tickets, start=1) if one.body == ticket.body]
        found = [
            DuplicateAnswer(ticket_id=one.id, classification_id=id_, score=1.0, received_at=TRAINED_AT)
            for id_, one in same
        ]
        return DuplicatesAnswer(duplicates=found)

    def search(self, query: Query) -> SearchAnswer:
        """Documents that hold any of the words."""
        self.queries.append(query)
        words = (query.text or f"{query.ticket.subject} {query.ticket.body}" if query.ticket else query.text).split()
        hits = [_hit(key, document) for key, document in self.documents.items() if key not in query.exclude]
        wanted = [
            hit
            for hit in hits
            if hit.kind in query.kinds
            and any(word.casefold() in hit.snippet.casefold() for word in words)
            and all(getattr(hit, name, hit.labels.get(name)) in _many(value) for name, value in query.filters.items())
        ]
        return SearchAnswer(hits=wanted[: query.limit])

    def gaps(self, *, limit: int) -> GapsAnswer:
        """One theme: every solved ticket, where there is no article."""
        if self.fault:
            raise self.fault
        tickets = [key for key, document in self.documents.items() if isinstance(document, SolvedTicket)]
        lacking = tickets if len(tickets) == len(self.documents) else []
        gap = GapAnswer(
            name="Drucker leer",
            words=["Drucker", "leer"],
            products=[],
            n_tickets=len(lacking),
            tickets=lacking,
            handling_seconds=None,
            median_handling_seconds=None,
        )
        return GapsAnswer(
            n_tickets=len(tickets),
            n_without_answer=len(lacking),
            n_single=0,
            n_known=30,
            bound=0.5,
            recall=0.9,
            false_alarms=0.1,
            n_gaps=1 if lacking else 0,
            gaps=[gap][: limit if lacking else 0],
        )

    def correct(
        self,
        classification_id: str,
        labels: Mapping[str, str],
        source: str | None = None,
        provenance: str | None = None,
    ) -> None:
        """Remember labels for a classification that was made."""
        if classification_id not in self.journal:
            raise UnknownClassificationError(classification_id)
        for target, label in labels.items():
            if target not in self.taxonomy.names:
                raise UnknownLabelError(target, label, self.taxonomy)
            allowed = self.taxonomy[target].label_names
            if label not in allowed:
                raise UnknownLabelError(target, label, self.taxonomy)
        self.corrections.append((classification_id, labels, source))
        self.provenances.append(provenance)

    def vote(self, query: str, hit_id: str, helpful: bool) -> None:
        """Remember whether a hit helped."""
        self.votes.append((query, hit_id, helpful))

    def models(self) -> ModelsAnswer:
        """Both versions, newest first."""
        entries = [
            ModelEntry(
                version=version,
                trained_at=TRAINED_AT,
                plan="fast",
                champion=version == self.model_version,
                n_tickets=100,
                macro_f1={"level": 0.7},
                auto_share=0.4,
                audit=self.audit(version),
            )
            for version in reversed(self.versions)
        ]
        shadow = self.challenger and ShadowAnswer(
            version=self.challenger,
            since=TRAINED_AT,
            n_scored=0,
            n_missed=0,
            fault=None,
            auto_share=None,
            shadow_auto_share=None,
            targets={},
        )
        return ModelsAnswer(champion=self.model_version, models=entries, shadow=shadow)

    def audit(self, version: str) -> AuditAnswer | None:
        """What was asked back about a version."""
        return self.audits.get(version)

    def promote(self, version: str, *, actor: str) -> ModelsAnswer:
        """Let a version serve, and keep who said so."""
        with self.trail.acting("promote", version, actor=actor):
            return self._promoted(version)

    def _promoted(self, version: str) -> ModelsAnswer:
        if version not in self.versions:
            raise UnknownVersionError(self.settings.models, version)
        if self.fault:
            raise self.fault
        self.promoted.append(version)
        return self.models()

    def shadow(self, version: str, *, actor: str) -> ModelsAnswer:  # noqa: ARG002
        """Let a version be tried beside the champion."""
        if version not in self.versions:
            raise UnknownVersionError(self.settings.models, version)
        if self.fault:
            raise self.fault
        self.challenger = version
        return self.models()

    def end_shadow(self, *, actor: str) -> ModelsAnswer:  # noqa: ARG002
        """Let none be tried."""
        self.challenger = None
        return self.models()

    def rollback(self, *, actor: str) -> ModelsAnswer:  # noqa: ARG002
        """Let the version before serve."""
        if len(self.promoted) < 2:
            raise NothingToRollBackError(self.settings.models)
        self.promoted.pop()
        return self.models()


def _many(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _hit(key: str, document: Document) -> HitAnswer:
    solved = document if isinstance(document, SolvedTicket) else None
    article = document if isinstance(document, Article) else None
    return HitAnswer(
        kind="ticket" if solved else "article",
        id=key,
        title=solved.ticket.subject if solved else article.title,
        snippet=f"{solved.ticket.subject} {solved.ticket.body}" if solved else f"{article.title} {article.body}",
        resolution=solved.solution.resolution if solved else None,
        url=article.url if article else None,
        score=0.5,
        why=[ChannelAnswer(channel="words", rank=1)],
        labels=dict(solved.labels) if solved else {},
        product=solved.ticket.product if solved else article.product,
        customer=solved.ticket.customer if solved else None,
        language=solved.ticket.language if solved else article.language,
    )


def wait_until_loaded(client: TestClient) -> None:
    """Return once the loading at the start is over, however it ended."""
    deadline = monotonic() + 10
    while "still being loaded" in client.get("/readyz").text:
        assert monotonic() < deadline


@pytest.fixture
def settings(tmp_path) -> Settings:
    """Settings whose folders are empty."""
    return Settings(
        models=tmp_path / "models",
        knowledge=tmp_path / "knowledge",
        journal=f"sqlite:///{tmp_path}/journal.db",
        max_body_bytes=2_000_000,
        authentication="off",
    )


@pytest.fixture
def desk(settings) -> MemoryDesk:
    """A desk with a champion."""
    return MemoryDesk(settings)


@pytest.fixture
def client(settings, desk) -> Iterator[TestClient]:
    """The running application around `desk`."""
    with TestClient(create_app(settings, lambda _: desk), base_url=LOCAL) as client:
        wait_until_loaded(client)
        yield client


@pytest.fixture
def empty_client(settings) -> Iterator[TestClient]:
    """The running application around a desk that has learned nothing."""
    with TestClient(create_app(settings, lambda _: MemoryDesk(settings, champion=None)), base_url=LOCAL) as client:
        wait_until_loaded(client)
        yield client
