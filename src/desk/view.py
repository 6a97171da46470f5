"""A desk as one asker sees it: whole, or only what belongs to the customers that a key is bound to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from desk.answers import ClassificationAnswer, DuplicatesAnswer, GapsAnswer, IndexAnswer, SearchAnswer
from desk.desk import Desk
from desk.errors import DeskError
from desk.identity import Identity
from desk.insight import KnowledgeInsightAnswer
from desk.labelling import LabellingQueueAnswer
from desk.reviewing import DocumentAnswer, OpenedTicketAnswer, ReviewsAnswer
from journal import Provenance, UnknownClassificationError
from knowledge import Article, Document, Query, SeenBy
from tickets import Ticket


class OtherCustomerError(DeskError):
    """Somebody who is bound to customers asked for what is not theirs."""


class UnknownDocumentError(DeskError):
    """There is no such document, as far as the asker may know."""

    def __init__(self, document_id: str) -> None:
        super().__init__(f"the knowledge base has no document {document_id!r}")


class UnknownTicketError(DeskError):
    """There is no such ticket, as far as the asker may know."""

    def __init__(self, ticket_id: str) -> None:
        super().__init__(f"no ticket {ticket_id!r} was classified or indexed; check the number, or paste its text")


class DeskView:
    """What one asker sees of a desk and may change of it; whoever is bound to no customer sees and may all.

    Whoever is bound sees documents of their customers, and articles that name none, which are everybody's;
    classifies, corrects and puts what is their customers' alone. What is others' is answered as if it did not exist.
    """

    def __init__(self, desk: Desk, identity: Identity) -> None:
        self._desk = desk
        self._customers = identity.customers

    def classify(self, ticket: Ticket) -> ClassificationAnswer:
        """The answer to one ticket."""
        return self._desk.classify(ticket) if self._customers is None else self.classify_many([ticket])[0]

    def classify_many(self, tickets: Sequence[Ticket]) -> list[ClassificationAnswer]:
        """The answers to several tickets, in order.

        Raises
        ------
        OtherCustomerError
            One of them is not of a customer the asker is bound to; none is classified then.
        """
        if self._customers is None:
            return self._desk.classify_many(tickets)
        answers = self._desk.classify_many([self._own(ticket) for ticket in tickets], customers=self._customers)
        seen = self._seen({one.id for answer in answers for one in answer.evidence})
        return [
            answer.model_copy(update={"evidence": [one for one in answer.evidence if (one.kind, one.id) in seen]})
            for answer in answers
        ]

    def duplicates(self, ticket: Ticket) -> DuplicatesAnswer:
        """The open tickets that say almost the same."""
        if self._customers is None:
            return self._desk.duplicates(ticket)
        return self._desk.duplicates(self._own(ticket), customers=self._customers)

    def search(self, query: Query) -> SearchAnswer:
        """The documents that answer ``query``, best first."""
        return self._desk.search(query if self._customers is None else replace(query, customers=self._customers))

    def gaps(self, *, limit: int) -> GapsAnswer:
        """What the articles do not answer."""
        if self._customers is None:
            return self._desk.gaps(limit=limit)
        return self._desk.gaps(limit=limit, customers=self._customers)

    def correct(
        self,
        classification_id: str,
        labels: Mapping[str, str],
        source: str | None = None,
        provenance: Provenance | None = None,
    ) -> None:
        """Remember a person's labels for a ticket that was classified; raises as `Desk.correct` does.

        Whoever is bound to customers speaks as a customer, whatever they say of themselves.
        """
        if self._customers is not None:
            if self._desk.customer_of(classification_id) not in self._customers:
                raise UnknownClassificationError(classification_id)
            provenance = "customer"
        self._desk.correct(classification_id, labels, source, provenance)

    def labelling_queue(self, *, limit: int) -> LabellingQueueAnswer:
        """What to label next."""
        return self._desk.labelling.told(self._desk.taxonomy, limit=limit, customers=self._customers)

    def vote(self, query: str, hit_id: str, helpful: bool) -> None:  # noqa: FBT001 - the word of the contract
        """Remember whether a hit helped.

        Raises
        ------
        UnknownDocumentError
            The asker is bound to customers, and no document with this id is seen by them.
        """
        if self._customers is not None and not self._seen({hit_id}):
            raise UnknownDocumentError(hit_id)
        self._desk.vote(query, hit_id, helpful)

    def put(self, documents: Sequence[Document]) -> IndexAnswer:
        """Bring documents in, or replace those with their ids.

        Raises
        ------
        OtherCustomerError
            The asker is bound to customers, and one of them, or one that it would replace, is not theirs.
        """
        if self._customers is not None:
            named: list[Article | Ticket] = [one if isinstance(one, Article) else one.ticket for one in documents]
            replaced = self._desk.documents.owners({one.id for one in named if one.id})
            if not self._customers.issuperset([*(one.customer for one in named), *replaced.values()]):
                raise OtherCustomerError(f"this key puts documents of {self._named()} alone; use another key")
        return self._desk.documents.put(documents)

    def remove(self, document_id: str, *, actor: str) -> None:
        """Let go of the documents with this id.

        Raises
        ------
        OtherCustomerError
            The asker is bound to customers and it is everybody's.
        UnknownDocumentError
            There is none, or none that the asker sees.
        """
        if self._customers is not None:
            owners = self._desk.documents.owners({document_id})
            if not self._seen({document_id}):
                raise UnknownDocumentError(document_id)
            if any(owner not in self._customers for owner in owners.values()):
                raise OtherCustomerError(f"this key removes documents of {self._named()} alone; use another key")
        with self._desk.trail.acting("delete document", document_id, actor=actor):
            if not self._desk.documents.remove(document_id):
                raise UnknownDocumentError(document_id)

    def reviews(self, *, limit: int) -> ReviewsAnswer:
        """What waits for a person."""
        return self._desk.reviewing.queue(limit=limit, customers=self._customers)

    def opened(self, ticket_id: str) -> OpenedTicketAnswer:
        """A ticket by its id.

        Raises
        ------
        UnknownTicketError
            There is none, or none that the asker sees.
        """
        if (found := self._desk.reviewing.opened(ticket_id, customers=self._customers)) is None:
            raise UnknownTicketError(ticket_id)
        return found

    def document(self, kind: Literal["article", "ticket"], document_id: str) -> DocumentAnswer:
        """A document in full.

        Raises
        ------
        UnknownDocumentError
            There is none, or none that the asker sees.
        """
        found = self._desk.reviewing.document(kind, document_id)
        if found is None or not (self._customers is None or SeenBy(self._customers).sees(kind, found.customer)):
            raise UnknownDocumentError(document_id)
        return found

    def insight(self) -> KnowledgeInsightAnswer:
        """How the knowledge does.

        Raises
        ------
        OtherCustomerError
            The asker is bound to customers; searches and votes are everybody's.
        """
        if self._customers is not None:
            raise OtherCustomerError(f"this key sees what is {self._named()}'s alone; use a key that sees all")
        return self._desk.insight.knowledge()

    def _own(self, ticket: Ticket) -> Ticket:
        """The ticket, of the only customer where it names none."""
        assert self._customers is not None
        if ticket.customer is None and len(self._customers) == 1:
            return replace(ticket, customer=next(iter(self._customers)))
        if ticket.customer not in self._customers:
            raise OtherCustomerError(f"this key is for tickets of {self._named()}; name one of them as the customer")
        return ticket

    def _seen(self, ids: set[str]) -> set[tuple[str, str]]:
        """Kind and id of those of these documents that the asker sees."""
        assert self._customers is not None
        sees = SeenBy(self._customers).sees
        owners = self._desk.documents.owners(ids) if ids else {}
        return {(kind, id_) for (kind, id_), customer in owners.items() if sees(kind, customer)}

    def _named(self) -> str:
        return ", ".join(sorted(self._customers or ())) or "no customer"
