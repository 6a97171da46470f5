"""Facts as rows and rows as facts."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from journal.records import Correction, DecisionRecord, RecordedPrediction, RecordedReason, Vote
from tickets import Ticket


def of_decision(record: DecisionRecord) -> dict[str, Any]:
    """The row that keeps a decision."""
    ticket = asdict(record.ticket)
    ticket["created_at"] = record.ticket.created_at and record.ticket.created_at.isoformat()
    return {
        "id": record.id,
        "time": record.time,
        "ticket_id": record.ticket.id,
        "customer": record.ticket.customer,
        "ticket": ticket,
        "predictions": {target: asdict(said) for target, said in record.predictions.items()},
        "action": record.action,
        "labels": dict(record.labels),
        "reasons": [asdict(reason) for reason in record.reasons],
        "model": record.model,
    }


def decision(row: Row[Any]) -> DecisionRecord:
    """The decision kept in a row."""
    created_at = row.ticket["created_at"]
    return DecisionRecord(
        id=row.id,
        time=row.time,
        ticket=Ticket(**row.ticket | {"created_at": created_at and datetime.fromisoformat(created_at)}),
        predictions={target: RecordedPrediction(**said) for target, said in row.predictions.items()},
        action=row.action,
        labels=row.labels,
        reasons=tuple(RecordedReason(**reason) for reason in row.reasons),
        model=row.model,
        audit=row.audit,
    )


def of_audit(record: DecisionRecord) -> dict[str, Any]:
    """The row that keeps the drawing of a decision."""
    return {"classification_id": record.id, "model": record.model, "time": record.time}


def of_correction(correction: Correction) -> dict[str, Any]:
    """The row that keeps a correction."""
    return asdict(correction) | {"labels": dict(correction.labels)}


def correction(row: Row[Any]) -> Correction:
    """The correction kept in a row."""
    return Correction(
        classification_id=row.classification_id,
        labels=row.labels,
        source=row.source,
        provenance=row.provenance,
        time=row.time,
    )


def of_vote(vote: Vote) -> dict[str, Any]:
    """The row that keeps a vote."""
    return asdict(vote)


def vote(row: Row[Any]) -> Vote:
    """The vote kept in a row."""
    return Vote(query=row.query, hit_id=row.hit_id, helpful=row.helpful, time=row.time)
