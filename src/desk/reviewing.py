"""What people work on: the queue of decisions that wait for them, a ticket opened again, a document in full."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from journal import DecisionRecord, Journal, KeptDocument
from tickets import Ticket


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class TicketAnswer(_Answer):
    """A ticket as it is kept."""

    id: str | None
    subject: str
    body: str
    language: str | None
    channel: str | None
    product: str | None
    customer: str | None


class OpenedTicketAnswer(_Answer):
    """A ticket opened again: as it was decided last, or as it was brought into the knowledge base."""

    ticket: TicketAnswer
    classification_id: str | None = Field(description="the last decision about it; null where there is none")
    decided_at: datetime | None


class ReviewAnswer(_Answer):
    """A ticket that waits for a person, without anything that the model, or anybody, said about its labels."""

    classification_id: str
    kind: Literal["review", "audit"] = Field(description="sent to review by the model, or asked back by the audit")
    ticket: TicketAnswer
    decided_at: datetime


class ReviewsAnswer(_Answer):
    """How much waits, and the first of it: what the audit asks back, then the newest."""

    n_waiting: int
    reviews: list[ReviewAnswer]


class DocumentAnswer(_Answer):
    """An article or solved ticket in full, as it is kept."""

    kind: Literal["article", "ticket"]
    id: str
    title: str
    body: str
    resolution: str | None
    url: str | None
    labels: dict[str, str]
    product: str | None
    customer: str | None
    language: str | None
    article_id: str | None
    dated: datetime | None = Field(description="when the ticket was closed or the article last changed")


class Reviewing:
    """Reads from the journal what people work on; ``customers`` are those whose tickets the asker sees, None: all."""

    def __init__(self, journal: Callable[[], Journal]) -> None:
        self._journal = journal

    def queue(self, *, limit: int, customers: frozenset[str] | None = None) -> ReviewsAnswer:
        """What waits for a person."""
        found = self._journal().reviews.waiting(limit=limit, customers=customers)
        return ReviewsAnswer(n_waiting=found.n_waiting, reviews=[_review(one) for one in found.decisions])

    def opened(self, ticket_id: str, *, customers: frozenset[str] | None = None) -> OpenedTicketAnswer | None:
        """A ticket by its id, or ``None`` where the asker sees none."""
        decided = self._journal().reviews.latest(ticket_id)
        if decided is not None:
            if customers is not None and decided.ticket.customer not in customers:
                return None
            return OpenedTicketAnswer(
                ticket=_ticket(decided.ticket), classification_id=decided.id, decided_at=decided.time
            )
        kept = self._kept("ticket", ticket_id)
        if kept is None or (customers is not None and kept.customer not in customers):
            return None
        facts = {name: kept.content["ticket"].get(name) for name in TicketAnswer.model_fields}
        return OpenedTicketAnswer(ticket=TicketAnswer(**facts), classification_id=None, decided_at=None)

    def document(self, kind: Literal["article", "ticket"], document_id: str) -> DocumentAnswer | None:
        """A document in full, or ``None`` where the journal keeps none."""
        kept = self._kept(kind, document_id)
        if kept is None:
            return None
        return _article(kept) if kind == "article" else _solved(kept)

    def resolutions(self, ticket_ids: Collection[str]) -> dict[str, str]:
        """How these solved tickets were closed, by id; those that nothing is written about are left out."""
        kept = self._journal().documents.among([("ticket", one) for one in ticket_ids]) if ticket_ids else []
        written = {one.id: (one.content["solution"] or {}).get("resolution") for one in kept}
        return {id_: words for id_, words in written.items() if words}

    def _kept(self, kind: str, document_id: str) -> KeptDocument | None:
        found = self._journal().documents.among([(kind, document_id)])
        return found[0] if found else None


def _review(decided: DecisionRecord) -> ReviewAnswer:
    return ReviewAnswer(
        classification_id=decided.id,
        kind="audit" if decided.audit else "review",
        ticket=_ticket(decided.ticket),
        decided_at=decided.time,
    )


def _ticket(ticket: Ticket) -> TicketAnswer:
    return TicketAnswer(**{name: getattr(ticket, name) for name in TicketAnswer.model_fields})


def _article(kept: KeptDocument) -> DocumentAnswer:
    facts = kept.content
    return DocumentAnswer(
        kind="article",
        id=kept.id,
        title=facts["title"],
        body=facts["body"],
        resolution=None,
        url=facts["url"],
        labels={},
        product=facts["product"],
        customer=kept.customer,
        language=facts["language"],
        article_id=None,
        dated=facts["updated_at"],
    )


def _solved(kept: KeptDocument) -> DocumentAnswer:
    ticket, solution = kept.content["ticket"], kept.content["solution"] or {}
    return DocumentAnswer(
        kind="ticket",
        id=kept.id,
        title=ticket["subject"],
        body=ticket["body"],
        resolution=solution.get("resolution") or None,
        url=None,
        labels=kept.content["labels"],
        product=ticket["product"],
        customer=kept.customer,
        language=ticket["language"],
        article_id=solution.get("article_id"),
        dated=solution.get("closed_at") or ticket["created_at"],
    )
