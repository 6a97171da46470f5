"""The decisions that wait for a person: sent to review, or asked back by the audit."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from journal import audits, rows
from journal.records import DecisionRecord
from journal.schema import audits as draws
from journal.schema import corrections, decisions, documents

_Connected: TypeAlias = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewQueue:
    """How many decisions wait, and the first of them."""

    n_waiting: int
    decisions: tuple[DecisionRecord, ...]


class Reviews:
    """What waits for a person in one journal; what was answered, or solved meanwhile, waits no more."""

    def __init__(self, reading: _Connected) -> None:
        self._reading = reading

    def waiting(self, *, limit: int, customers: frozenset[str] | None = None) -> ReviewQueue:
        """The first ``limit`` that wait, of ``customers`` alone if given: asked back first, then the newest.

        Of a ticket that was decided several times, the last decision waits.
        """
        chosen = _waits() if customers is None else _waits() & decisions.c.customer.in_(sorted(customers))
        query = audits.WITH_AUDIT.where(chosen).order_by(
            case((decisions.c.action == "auto", 0), else_=1), decisions.c.time.desc(), decisions.c.id
        )
        counted = select(func.count()).select_from(decisions.outerjoin(draws)).where(chosen)
        with self._reading() as connection:
            found = tuple(rows.decision(row) for row in connection.execute(query.limit(limit)))
            return ReviewQueue(n_waiting=connection.scalar(counted) or 0, decisions=found)

    def latest(self, ticket_id: str) -> DecisionRecord | None:
        """The last decision about a ticket, or ``None`` where there is none."""
        query = audits.WITH_AUDIT.where(decisions.c.ticket_id == ticket_id).order_by(
            decisions.c.time.desc(), decisions.c.id
        )
        with self._reading() as connection:
            row = connection.execute(query.limit(1)).one_or_none()
        return None if row is None else rows.decision(row)


def _waits() -> ColumnElement[bool]:
    later, said = decisions.alias(), select(corrections.c.id)
    superseded = select(later.c.id).where(later.c.ticket_id == decisions.c.ticket_id, later.c.time > decisions.c.time)
    solved = select(documents.c.id).where(
        documents.c.kind == "ticket", documents.c.id == decisions.c.ticket_id, documents.c.content.is_not(None)
    )
    return or_(
        and_(draws.c.classification_id.is_not(None), draws.c.wrong.is_(None)),
        and_(
            decisions.c.action == "review",
            ~said.where(corrections.c.classification_id == decisions.c.id).exists(),
            ~superseded.exists(),
            ~solved.exists(),
        ),
    )
