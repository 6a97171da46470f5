"""What a journal tells over time: a model's decisions by day, votes by search, documents by source."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import Connection, Text, case, cast, func, select

from journal.schema import decisions, documents, votes
from tickets import Labels

_Connected: TypeAlias = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """How many tickets one model decided on one day (UTC) with one action and the same labels."""

    day: date
    action: str
    labels: Labels
    n_tickets: int
    n_strange: int
    """Of these, tickets unlike any that the model learned from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """How many documents of one kind came from one source; ``source`` is None for what was put over HTTP."""

    kind: str
    source: str | None
    n_documents: int


class Activity:
    """Counts over one journal; no ticket's words and nobody's name are among them."""

    def __init__(self, reading: _Connected) -> None:
        self._reading = reading

    def days(self, model: str, *, since: datetime) -> list[DayCount]:
        """A model's decisions since then, oldest day first."""
        day, labels = func.date(decisions.c.time), cast(decisions.c.labels, Text)
        strange = cast(decisions.c.reasons, Text).like('%"no_similar_history"%')
        query = (
            select(day, decisions.c.action, labels, func.count(), func.sum(case((strange, 1), else_=0)))
            .where(decisions.c.model == model, decisions.c.time >= since)
            .group_by(day, decisions.c.action, labels)
            .order_by(day, decisions.c.action, labels)
        )
        with self._reading() as connection:
            return [
                DayCount(
                    day=date.fromisoformat(str(found)),
                    action=action,
                    labels=json.loads(said),
                    n_tickets=n_tickets,
                    n_strange=int(n_strange),
                )
                for found, action, said, n_tickets, n_strange in connection.execute(query)
            ]

    def sources(self) -> list[SourceCount]:
        """Where the documents that are kept came from, the largest source first."""
        n_documents = func.count()
        query = (
            select(documents.c.kind, documents.c.source, n_documents)
            .where(documents.c.content.is_not(None))
            .group_by(documents.c.kind, documents.c.source)
            .order_by(n_documents.desc(), documents.c.kind, documents.c.source)
        )
        with self._reading() as connection:
            return [
                SourceCount(kind=kind, source=source, n_documents=n) for kind, source, n in connection.execute(query)
            ]

    def unhelpful(self) -> dict[str, int]:
        """By document id, how often it was voted on, of those that never helped; the most frequent first."""
        n_votes, n_helpful = func.count(), func.sum(case((votes.c.helpful, 1), else_=0))
        query = select(votes.c.hit_id, n_votes.label("n_votes")).group_by(votes.c.hit_id).having(n_helpful == 0)
        query = query.order_by(n_votes.desc(), votes.c.hit_id)
        with self._reading() as connection:
            return {row.hit_id: row.n_votes for row in connection.execute(query)}

    def n_voted(self) -> int:
        """How many documents were voted on."""
        with self._reading() as connection:
            return connection.scalar(select(func.count(votes.c.hit_id.distinct()))) or 0

    def fruitless(self, *, at_least: int) -> dict[str, int]:
        """By the words searched, how many votes said no, where that were so many and nobody said yes."""
        n_votes, n_helpful = func.count(), func.sum(case((votes.c.helpful, 1), else_=0))
        query = select(votes.c.query, n_votes.label("n_votes")).group_by(votes.c.query)
        query = query.having(n_helpful == 0, n_votes >= at_least).order_by(n_votes.desc(), votes.c.query)
        with self._reading() as connection:
            return {row.query: row.n_votes for row in connection.execute(query)}
