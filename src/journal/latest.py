"""Decisions by when they were made."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from journal import rows
from journal.audits import WITH_AUDIT
from journal.records import DecisionRecord
from journal.schema import decisions


def of_model(connection: Connection, model: str, *, limit: int) -> list[DecisionRecord]:
    """A model's latest decisions, newest first."""
    newest = select(decisions.c.id).where(decisions.c.model == model).order_by(decisions.c.time.desc()).limit(limit)
    ids = list(connection.scalars(newest))
    found = [rows.decision(row) for row in connection.execute(WITH_AUDIT.where(decisions.c.id.in_(ids)))]
    return sorted(found, key=lambda record: record.time, reverse=True)


def since(connection: Connection, time: datetime) -> Iterator[DecisionRecord]:
    """The decisions made then or later, oldest first, read as they are asked for."""
    query = WITH_AUDIT.where(decisions.c.time >= time).order_by(decisions.c.time, decisions.c.id)
    for row in connection.execution_options(yield_per=1_000).execute(query):
        yield rows.decision(row)
