"""Forget a ticket, a customer or a person everywhere, and keep proof of it that names nobody."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from classifier import ModelShelf, mark_forgotten
from desk.collection import Collection as Documents
from desk.errors import DeskError
from desk.privacy import Privacy
from desk.rejects import erase_rejects
from desk.settings import Settings
from desk.traces import customer_trace, ticket_trace
from desk.trail import AuditTrail
from journal import Forgetting, Journal, Subject
from masking import Kind, find
from text import VectorCache

_REJECTS: Final = Path("var")
_log = logging.getLogger(__name__)


class NoPersonError(DeskError):
    """A person is named by something else than a mail address."""

    def __init__(self) -> None:
        super().__init__("a person is forgotten by one mail address; give it as name@example.org and nothing else")


class ForgettingAnswer(BaseModel):
    """Proof that somebody or something was forgotten; it says what, when and by whom, and names nobody."""

    model_config = ConfigDict(frozen=True)

    id: str
    subject: Subject
    name_hash: str = Field(description="keyed hash of the ticket's id, the customer or the address")
    actor: str
    begun: datetime
    done: datetime | None = Field(description="null while it is going on, or was interrupted and will be gone on with")
    counts: dict[str, int] = Field(description="what was erased, by where it was kept")
    models: list[str] = Field(description="versions that learned from it and are to be trained anew")


class ForgettingsAnswer(BaseModel):
    """All proofs, oldest first."""

    forgettings: list[ForgettingAnswer]


class Forgettery:
    """Erases everywhere; what was interrupted is gone on with by `resume`."""

    def __init__(
        self,
        settings: Settings,
        *,
        privacy: Privacy,
        journal: Callable[[], Journal],
        documents: Documents,
        trail: AuditTrail,
    ) -> None:
        self._settings, self._privacy, self._trail = settings, privacy, trail
        self._journal, self._documents = journal, documents

    def forget(self, subject: Subject, name: str, *, actor: str) -> ForgettingAnswer:
        """Erase a ticket by its id, a customer's tickets, or all that holds a person's mail address.

        The request is in the journal before anything is erased. Doing it twice erases what came since.

        Raises
        ------
        NoPersonError
            A person is not named by a mail address.
        JournalError, KnowledgeError, ShelfError, VectorCacheError
            A part cannot be written; `resume` goes on.
        """
        if subject == "person":
            name = name.strip()
            if [(span.start, span.end, span.kind) for span in find(name)] != [(0, len(name), Kind.MAIL)]:
                raise NoPersonError
        name_hash = self._privacy.mask.digest(f"{subject}:{name.lower() if subject == 'person' else name}")
        with self._trail.acting(f"forget {subject}", name_hash, actor=actor):
            begun = self._journal().forgettings.begin(subject, name, name_hash=name_hash, actor=actor)
            return self._carried_out(begun)

    def resume(self) -> list[ForgettingAnswer]:
        """Go on with what was interrupted."""
        return [self._carried_out(one) for one in self._journal().forgettings.open()]

    def proofs(self) -> ForgettingsAnswer:
        """What was ever forgotten."""
        return ForgettingsAnswer(forgettings=[_answer(one) for one in self._journal().forgettings.all()])

    def _carried_out(self, one: Forgetting) -> ForgettingAnswer:
        """Every step may be done again. Models come before the journal, which tells which tickets are meant."""
        assert one.name is not None
        journal, words = self._journal(), self._words(one)
        tickets = self._tickets(one, words)
        n_rejects = erase_rejects(_REJECTS, self._belongs(one, words))
        models = self._mark(one, tickets)
        journal.forgettings.count(one, {"rejects": n_rejects}, models)
        if one.subject == "ticket":
            erased = journal.erase_ticket(one.name)
        elif one.subject == "customer":
            erased = journal.erase_customer(one.name)
        else:
            erased = journal.erase_person(words)
        counts = {
            "documents": erased.documents,
            "decisions": erased.decisions,
            "corrections": erased.corrections,
            "votes": erased.votes,
        }
        journal.forgettings.count(one, counts, [])
        self._documents.wipe()
        n_vectors = VectorCache(self._settings.vector_cache).clear()
        journal.forgettings.count(one, {"cached_vectors": n_vectors}, [])
        done = journal.forgettings.complete(one)
        _log.info("forgotten id=%s subject=%s models=%d", done.id, done.subject, len(done.models))
        return _answer(done)

    def _words(self, one: Forgetting) -> list[str]:
        """The words by which a person is told, as they came and as they were masked."""
        if one.subject != "person" or one.name is None:
            return []
        return [one.name, self._privacy.mask.placeholder(one.name, Kind.MAIL)]

    def _tickets(self, one: Forgetting, words: Collection[str]) -> set[str]:
        assert one.name is not None
        if one.subject == "ticket":
            return {one.name}
        if one.subject == "customer":
            return self._journal().tickets_of(customer=one.name)
        return self._journal().tickets_naming(words)

    def _belongs(self, one: Forgetting, words: Collection[str]) -> Callable[[str], bool]:
        if one.subject == "person":
            return lambda value: any(word.casefold() in value.casefold() for word in words)
        return lambda value: value.strip() == one.name

    def _mark(self, one: Forgetting, tickets: Collection[str]) -> list[str]:
        assert one.name is not None
        mask, shelf = self._privacy.mask, ModelShelf(self._settings.models)
        traces = {ticket_trace(mask, ticket) for ticket in tickets}
        traces |= {customer_trace(mask, one.name)} if one.subject == "customer" else set(self._words(one)[1:])
        versions = [manifest.version for manifest in shelf.manifests()]
        return [version for version in versions if mark_forgotten(shelf.path / version, traces) != 0]


def _answer(one: Forgetting) -> ForgettingAnswer:
    return ForgettingAnswer(
        id=one.id,
        subject=one.subject,
        name_hash=one.name_hash,
        actor=one.actor,
        begun=one.begun,
        done=one.done,
        counts=dict(one.counts or {}),
        models=list(one.models),
    )
