"""The rooms' facts put into the words of the answers."""

from typing import Any

from classifier import Classification, Manifest, Promise
from desk.answers import (
    AuditAnswer,
    ChannelAnswer,
    ClassificationAnswer,
    DecisionAnswer,
    EvidenceAnswer,
    HitAnswer,
    IndexAnswer,
    KindCounts,
    ModelAnswer,
    ModelEntry,
    PredictionAnswer,
    PromiseAnswer,
    ReasonAnswer,
    ReasonCode,
    RefusedModelAnswer,
    WordAnswer,
)
from desk.champion import Champion
from journal import DecisionRecord, RecordedPrediction, RecordedReason
from knowledge import Hit, IndexCounts
from tickets import Ticket


def classification_answer(
    answer_id: str, ticket: Ticket, found: Classification, promise: Promise, model: ModelAnswer
) -> ClassificationAnswer:
    """One ticket's answer from what the model found."""
    decision = found.decision
    return ClassificationAnswer(
        id=answer_id,
        ticket_id=ticket.id,
        predictions={
            target: PredictionAnswer(
                label=prediction.label,
                confidence=prediction.confidence,
                probabilities=dict(prediction.probabilities),
            )
            for target, prediction in found.predictions.items()
        },
        decision=DecisionAnswer(
            action=decision.action,
            labels=dict(decision.labels),
            reasons=[ReasonAnswer(code=ReasonCode(r.code), target=r.target) for r in decision.reasons],
            certain=list(decision.certain),
            promise=None
            if promise.threshold is None
            else PromiseAnswer(max_error=promise.max_error, confidence=promise.confidence),
        ),
        explanation={
            target: [WordAnswer(text=word.text, weight=word.weight) for word in words]
            for target, words in found.explanation.items()
        },
        evidence=[
            EvidenceAnswer(id=one.id, title=one.title, labels=dict(one.labels), score=one.score)
            for one in found.evidence
        ],
        model=model,
    )


def unanswered(answer_id: str, ticket: Ticket) -> ClassificationAnswer:
    """The answer while no model has been promoted: a person must look."""
    return ClassificationAnswer(
        id=answer_id,
        ticket_id=ticket.id,
        predictions={},
        decision=DecisionAnswer(
            action="review", labels={}, reasons=[ReasonAnswer(code=ReasonCode.NO_MODEL)], promise=None
        ),
        explanation={},
        evidence=[],
        model=None,
    )


def decision_record(ticket: Ticket, answer: ClassificationAnswer) -> DecisionRecord:
    """What the journal remembers of one answer."""
    return DecisionRecord(
        id=answer.id,
        ticket=ticket,
        predictions={
            target: RecordedPrediction(label=p.label, confidence=p.confidence, probabilities=p.probabilities)
            for target, p in answer.predictions.items()
        },
        action=answer.decision.action,
        labels=answer.decision.labels,
        reasons=tuple(RecordedReason(code=r.code.value, target=r.target) for r in answer.decision.reasons),
        model=answer.model.version if answer.model else None,
        audit=answer.decision.audit,
    )


def hit_answer(hit: Hit) -> HitAnswer:
    """A document found, as the doors show it."""
    return HitAnswer(
        kind="article" if hit.kind == "article" else "ticket",
        id=hit.id,
        title=hit.title,
        snippet=hit.snippet,
        resolution=hit.resolution,
        url=hit.url,
        score=hit.score,
        why=[ChannelAnswer(channel=channel.name, rank=channel.rank) for channel in hit.why],
        labels=dict(hit.labels),
        product=hit.product,
        customer=hit.customer,
        language=hit.language,
        article_id=hit.article_id,
        version=hit.version,
        dated=hit.dated,
        similar=list(hit.similar),
        n_similar=len(hit.similar),
        flags=list(hit.flags),
    )


def index_answer(counts: IndexCounts) -> IndexAnswer:
    """What indexing did, as the doors show it."""
    return IndexAnswer(article=_kind_counts(counts, "article"), ticket=_kind_counts(counts, "ticket"))


def model_entry(manifest: Manifest, champion: str | None, audit: AuditAnswer | None) -> ModelEntry:
    """One model on the shelf, as the doors show it."""
    return ModelEntry(
        version=manifest.version,
        trained_at=manifest.trained_at,
        plan=str(manifest.plan["name"]),
        champion=manifest.version == champion,
        n_tickets=manifest.n_tickets,
        macro_f1=manifest.macro_f1,
        auto_share=manifest.report["decision"]["auto_share"],
        audit=audit,
    )


def _kind_counts(counts: IndexCounts, kind: str) -> KindCounts:
    one = counts.of(kind)
    return KindCounts(
        added=one.added,
        changed=one.changed,
        unchanged=one.unchanged,
        removed=one.removed,
        rejected=one.rejected,
    )


def told_of(champion: Champion) -> dict[str, Any]:
    """Which version answers here, and which was refused and why, as fields of a `ModelsAnswer`."""
    serving, refusal = champion.loaded, champion.refusal
    return {
        "serving": serving.manifest.version if serving else None,
        "refused": RefusedModelAnswer(version=refusal.version, reason=refusal.reason) if refusal else None,
    }
