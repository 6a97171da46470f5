"""What people said of decisions, beside the decisions; and the decisions of which nobody said anything."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection, func, select

from journal import audits, rows
from journal.records import Correction, DecisionRecord
from journal.schema import corrections, decisions, votes

_Connected: TypeAlias = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDecision:
    """A decision, and what people said of it, oldest first; nothing where nobody did."""

    decision: DecisionRecord
    corrections: tuple[Correction, ...]


class Feedback:
    """The corrections of one journal with the decisions that they speak of.

    Every method raises `JournalError` with its cure when the database cannot be used.
    """

    def __init__(self, reading: _Connected) -> None:
        self._reading = reading

    def judged(self) -> list[JudgedDecision]:
        """Every decision that people said something of, oldest first."""
        said = self._said(None)
        chosen = decisions.c.id.in_(select(corrections.c.classification_id))
        query = audits.WITH_AUDIT.where(chosen).order_by(decisions.c.time, decisions.c.id)
        with self._reading() as connection:
            found = [rows.decision(row) for row in connection.execute(query)]
        return [JudgedDecision(decision=one, corrections=tuple(said.get(one.id, ()))) for one in found]

    def recent(self, since: datetime, *, limit: int) -> list[JudgedDecision]:
        """The last decisions of a model since then, at most ``limit``, the last one first, judged or not."""
        said = self._said(since)
        chosen = (decisions.c.time >= since) & decisions.c.model.is_not(None)
        query = audits.WITH_AUDIT.where(chosen).order_by(decisions.c.time.desc(), decisions.c.id).limit(limit)
        with self._reading() as connection:
            found = [rows.decision(row) for row in connection.execute(query)]
        return [JudgedDecision(decision=one, corrections=tuple(said.get(one.id, ()))) for one in found]

    def n_corrected(self, *, since: datetime) -> int:
        """How many decisions people said something of since then."""
        query = select(func.count(corrections.c.classification_id.distinct())).where(corrections.c.time >= since)
        with self._reading() as connection:
            return connection.scalar(query) or 0

    def n_votes(self) -> int:
        """How many votes were given."""
        query = select(func.count()).select_from(votes)
        with self._reading() as connection:
            return connection.scalar(query) or 0

    def _said(self, decided_since: datetime | None) -> dict[str, list[Correction]]:
        query = select(corrections).order_by(corrections.c.time, corrections.c.id)
        if decided_since is not None:
            theirs = select(decisions.c.id).where(decisions.c.time >= decided_since)
            query = query.where(corrections.c.classification_id.in_(theirs))
        said: dict[str, list[Correction]] = {}
        with self._reading() as connection:
            for row in connection.execute(query):
                said.setdefault(row.classification_id, []).append(rows.correction(row))
        return said
