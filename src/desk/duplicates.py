"""Whether an arriving ticket was sent before and still waits: the journal's open tickets, kept at hand."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from desk.answers import ClassificationAnswer, DuplicateAnswer
from journal import Journal
from knowledge import KnowledgeBase, KnowledgeError, NearCopy, OpenTickets, Waiting, terms_of
from tickets import Ticket

_REFRESH_SECONDS: Final = 30.0
_OVERLAP: Final = timedelta(minutes=5)
"""How far back a refresh looks beyond the last one: other processes' clocks and writes come late."""
_MOST_SHOWN: Final = 5
_MOST_LOOKED_AT: Final = 50
Customers: TypeAlias = frozenset[str] | None
log = logging.getLogger(__name__)


class Duplicates:
    """Finds an arriving ticket among those that came in the last days and are not known to be solved.

    The journal is the truth, so that several processes agree: tickets are read from it at the start and twice
    a minute, and nothing is shown that it has forgotten meanwhile.
    """

    def __init__(self, journal: Callable[[], Journal], knowledge: Callable[[], KnowledgeBase], *, days: int) -> None:
        self._journal, self._knowledge = journal, knowledge
        self._age = timedelta(days=days)
        self._open = OpenTickets()
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._read_until: datetime | None = None

    def refresh(self) -> None:
        """Take up what came since the last time, where that is due.

        Raises
        ------
        JournalError
            The journal cannot be read.
        """
        if not self._age:
            return
        with self._lock:
            if self._read_at is not None and time.monotonic() - self._read_at < _REFRESH_SECONDS:
                return
            now = datetime.now(UTC)
            since = max(now - self._age, self._read_until - _OVERLAP) if self._read_until else now - self._age
            for record in self._journal().decisions(since=since):
                ticket = record.ticket
                waiting = Waiting(id=record.id, ticket_id=ticket.id, time=record.time, customer=ticket.customer)
                self._open.add(waiting, terms_of(record.ticket))
            self._open.drop_before(now - self._age)
            self._read_at, self._read_until = time.monotonic(), now

    def of(self, ticket: Ticket, customers: Customers = None) -> list[DuplicateAnswer]:
        """The open tickets that say almost the same as ``ticket``, best first; never the ticket itself.

        With ``customers``, only tickets of theirs.
        """
        return self._found(ticket, terms_of(ticket), customers=customers) if self._age else []

    def told(
        self,
        tickets: Sequence[Ticket],
        answers: Sequence[ClassificationAnswer],
        time: Mapping[str, datetime],
        customers: Customers = None,
    ) -> list[ClassificationAnswer]:
        """The answers with the duplicates of their tickets; then they wait as well, also for those after them.

        Parameters
        ----------
        time : mapping of classification id to datetime
            When each was recorded in the journal.
        """
        if not self._age:
            return list(answers)
        told, not_earlier = [], {answer.id for answer in answers}
        for ticket, answer in zip(tickets, answers, strict=True):
            terms = terms_of(ticket)
            found = self._found(ticket, terms, but=not_earlier, customers=customers)
            told.append(answer.model_copy(update={"duplicates": found}))
            not_earlier.discard(answer.id)
            waiting = Waiting(id=answer.id, ticket_id=ticket.id, time=time[answer.id], customer=ticket.customer)
            self._open.add(waiting, terms)
        return told

    def _found(
        self, ticket: Ticket, terms: frozenset[int], *, but: Collection[str] = (), customers: Customers
    ) -> list[DuplicateAnswer]:
        self.refresh()
        near = self._open.near(terms, but=but, customers=customers, limit=_MOST_LOOKED_AT)
        others = [one for one in near if ticket.id is None or one.waiting.ticket_id != ticket.id]
        return [
            DuplicateAnswer(
                ticket_id=one.waiting.ticket_id,
                classification_id=one.waiting.id,
                score=one.score,
                received_at=one.waiting.time,
            )
            for one in self._still_open(others)[:_MOST_SHOWN]
        ]

    def _still_open(self, near: Sequence[NearCopy]) -> list[NearCopy]:
        """Those that the journal still knows and the knowledge base does not know as solved."""
        if not near:
            return []
        known = self._journal().known({one.waiting.id for one in near})
        named = {one.waiting.ticket_id for one in near if one.waiting.ticket_id}
        try:
            kinds = self._knowledge().kinds_of(named) if named else {}
        except KnowledgeError as error:  # a ticket always gets its answer
            log.warning("solved tickets not looked up error=%s", type(error).__name__)
            kinds = {}
        solved = {id_ for id_, theirs in kinds.items() if "ticket" in theirs}
        return [one for one in near if one.waiting.id in known and one.waiting.ticket_id not in solved]
