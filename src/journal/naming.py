"""What in the journal names a person: found by reading it, for the words lie within JSON."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, select, update

from journal.schema import corrections, decisions, documents, votes
from tickets import Ticket

_AT_ONCE = 1_000


@dataclass(slots=True)
class Named:
    """Decisions, and the solved tickets kept, that name somebody."""

    decisions: list[str] = field(default_factory=list)
    tickets: set[str] = field(default_factory=set)


def naming(connection: Connection, words: Collection[str]) -> Named:
    """What holds one of these words, large and small letters alike."""
    wanted = tuple(word.casefold() for word in words)
    found = Named()
    for id_, ticket_id, ticket in _rows(connection, select(decisions.c.id, decisions.c.ticket_id, decisions.c.ticket)):
        if _holds(ticket, wanted):
            found.decisions.append(id_)
            found.tickets |= {ticket_id} - {None}
    kept = select(documents.c.id, documents.c.content).where(
        documents.c.kind == "ticket", documents.c.content.is_not(None)
    )
    found.tickets.update(id_ for id_, content in _rows(connection, kept) if _holds(content, wanted))
    return found


def erase_said(connection: Connection, words: Collection[str]) -> int:
    """Erase votes whose search names somebody, and who gave corrections; how many votes."""
    wanted = tuple(word.casefold() for word in words)
    gone = [id_ for id_, query in _rows(connection, select(votes.c.id, votes.c.query)) if _holds(query, wanted)]
    for start in range(0, len(gone), _AT_ONCE):
        connection.execute(delete(votes).where(votes.c.id.in_(gone[start : start + _AT_ONCE])))
    said = select(corrections.c.id, corrections.c.source).where(corrections.c.source.is_not(None))
    for id_ in [id_ for id_, source in _rows(connection, said) if _holds(source, wanted)]:
        connection.execute(update(corrections).where(corrections.c.id == id_).values(source=None))
    return len(gone)


def own_words(ticket: Ticket) -> set[str]:
    """The queries that say no more and no less than the ticket: its subject, its body, or both."""
    return {ticket.subject, ticket.body, f"{ticket.subject}\n{ticket.body}"} - {"", "\n"}


def _rows(connection: Connection, query: Any) -> Iterator[Any]:
    return iter(connection.execute(query.execution_options(yield_per=_AT_ONCE)))


def _holds(content: object, wanted: Collection[str]) -> bool:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    folded = text.casefold()
    return any(word in folded for word in wanted)
