"""Documents as they came, kept in the journal: the knowledge base can be lost, and made anew from them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desk.errors import DeskError
from journal import DocumentKey, Documents, Journal, KeptDocument
from knowledge import (
    KINDS,
    Accepted,
    Address,
    Article,
    Document,
    IndexCounts,
    IndexProgress,
    KnowledgeBase,
    Origin,
    Provenance,
    Workers,
    has_knowledge,
)
from text import Encoder
from tickets import Solution, SolvedTicket, Ticket

_AT_ONCE = 500


class NoOriginalsError(DeskError):
    """The journal keeps no documents that a knowledge base could be made of."""

    def __init__(self) -> None:
        super().__init__("the journal keeps no documents yet; name sources: `stellwerk index SOURCE...`")


class OtherKnowledgeError(DeskError):
    """The journal keeps the documents of another knowledge base than the one at hand."""

    def __init__(self, home: str, here: str) -> None:
        super().__init__(
            f"the journal keeps the documents of the knowledge base in {home}; "
            f"give the one in {here} a journal of its own with STELLWERK_JOURNAL"
        )


class Originals:
    """What the journal keeps of one knowledge base's documents, and what the base lacks of it.

    Every method raises `OtherKnowledgeError` where the journal keeps those of another base that is still there; a
    base that was moved or lost is followed.
    """

    def __init__(self, journal: Callable[[], Journal], home: Address) -> None:
        self._journal = journal
        self._home = str(home.absolute()) if isinstance(home, Path) else home
        self._claimed = False
        self.provenance = Provenance()
        """Where the documents given out so far were read."""

    def _documents(self) -> Documents:
        documents = self._journal().documents
        if not self._claimed:
            if (home := documents.home) != self._home:
                if home is not None and has_knowledge(home):
                    raise OtherKnowledgeError(home, self._home)
                documents.home = self._home
            self._claimed = True
        return documents

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._documents())

    def __iter__(self) -> Iterator[Document]:
        """All documents, in the order of kind and id."""
        kept = self._documents()
        for page in kept.digests(size=_AT_ONCE):
            yield from map(self._given_out, kept.among(page))

    def keep(self, accepted: Sequence[Accepted]) -> None:
        """Keep documents as they came."""
        self._documents().keep([_kept(one) for one in accepted])

    def remove(self, ids: Iterable[str]) -> int:
        """Wipe documents; how many there were."""
        return self._documents().remove(list(ids))

    def remove_keys(self, keys: Collection[DocumentKey]) -> None:
        """Wipe these documents."""
        self._documents().remove_keys(keys)

    def remove_others(self, keys: Collection[DocumentKey], *, before: datetime) -> None:
        """Wipe what was kept before a time and is not among these keys."""
        self._documents().remove_others(keys, before=before)

    def removed(self) -> list[DocumentKey]:
        """What was removed and may still be in the knowledge base."""
        return self._documents().removed()

    def settle(self, keys: Collection[DocumentKey]) -> None:
        """Forget that these were removed; the knowledge base holds none of them."""
        if keys:
            self._documents().settle(keys)

    def missing_from(self, base: KnowledgeBase) -> Iterator[Document]:
        """What the knowledge base lacks, or has in other words."""
        kept = self._documents()
        for page in kept.digests(size=_AT_ONCE):
            indexed = base.digests({identity for _, identity in page})
            if missing := [key for key, digest in page.items() if indexed.get(key) != digest]:
                yield from map(self._given_out, kept.among(missing))

    def _given_out(self, kept: KeptDocument) -> Document:
        if kept.source is not None and kept.file is not None:
            self.provenance.came_from((kept.kind, kept.id), Origin(source=kept.source, file=kept.file))
        return _document(kept)


def rebuilt(
    address: Address,
    encoder: Encoder,
    originals: Originals,
    documents: Iterable[Document] | None,
    provenance: Provenance | None,
    workers: Workers | None,
    progress: Callable[[IndexProgress], None] | None,
) -> tuple[KnowledgeBase, IndexCounts]:
    """A knowledge base made anew, and its counts; originals that are not among ``documents`` are removed."""
    if documents is None:
        if not len(originals):
            raise NoOriginalsError
        return KnowledgeBase.rebuild(
            address,
            encoder,
            originals,
            provenance=originals.provenance,
            workers=workers,
            progress=progress,
            keep=originals.keep,
        )
    begun, keys, gone = datetime.now(UTC), set[DocumentKey](), list[DocumentKey]()

    def keep(accepted: Sequence[Accepted]) -> None:
        originals.keep(accepted)
        keys.update(one.key for one in accepted)

    def remove_others() -> None:
        originals.remove_others(keys, before=begun)
        gone.extend(originals.removed())

    fresh, counts = KnowledgeBase.rebuild(
        address,
        encoder,
        documents,
        provenance=provenance,
        workers=workers,
        progress=progress,
        keep=keep,
        before_swap=remove_others,
    )
    originals.settle(gone)
    return fresh, counts


def brought_in(
    base: KnowledgeBase,
    originals: Originals,
    documents: Iterable[Document],
    provenance: Provenance | None,
    workers: Workers | None,
    progress: Callable[[IndexProgress], None] | None,
) -> IndexCounts:
    """What became of ``documents``, kept and then indexed; what left their sources is removed from both."""
    gone: list[DocumentKey] = []

    def let_go(keys: Sequence[DocumentKey]) -> None:
        originals.remove_keys(keys)
        gone.extend(keys)

    counts = base.upsert(
        documents,
        provenance=provenance,
        workers=workers,
        progress=progress,
        keep=originals.keep,
        let_go=let_go,
        maintain=False,
    )
    originals.settle(gone)
    return counts


def take_out_removed(base: KnowledgeBase, originals: Originals) -> None:
    """Let the knowledge base let go of what was removed from the originals alone, as when a customer was erased."""
    if gone := originals.removed():
        base.remove({identity for _, identity in gone})
        originals.settle(gone)


def caught_up(
    base: KnowledgeBase, originals: Originals, progress: Callable[[IndexProgress], None] | None
) -> IndexCounts:
    """What it took until the knowledge base held what the originals say, no less, and nothing that was removed."""
    take_out_removed(base, originals)
    missing = originals.missing_from(base)
    return base.upsert(missing, provenance=originals.provenance, progress=progress, keep=originals.keep)


def removed(base: KnowledgeBase, originals: Originals, document_id: str) -> int:
    """How many documents with this id there were, now removed from the originals and the knowledge base."""
    n_kept = 0

    def first() -> None:
        nonlocal n_kept
        n_kept = originals.remove([document_id])

    n_indexed = base.remove([document_id], first=first)
    if n_kept:
        originals.settle([(kind, document_id) for kind in KINDS])
    return max(n_kept, n_indexed)


def _kept(accepted: Accepted) -> KeptDocument:
    kind, identity = accepted.key
    document = accepted.document
    customer = document.ticket.customer if isinstance(document, SolvedTicket) else document.customer
    if isinstance(document, SolvedTicket):
        document = replace(document, ticket=replace(document.ticket, id=identity))
    origin = accepted.origin
    return KeptDocument(
        kind=kind,
        id=identity,
        digest=accepted.digest,
        content=_plain(asdict(document)),
        customer=customer,
        source=origin.source if origin else None,
        file=origin.file if origin else None,
    )


def _document(kept: KeptDocument) -> Document:
    facts = dict(kept.content)
    if kept.kind == "article":
        metadata = {name: tuple(values) for name, values in facts.pop("metadata", {}).items()}
        return Article(**_with_times(facts, "updated_at"), metadata=metadata)
    solution = facts["solution"]
    return SolvedTicket(
        ticket=Ticket(**_with_times(facts["ticket"], "created_at")),
        labels=facts["labels"],
        solution=Solution(**_with_times(solution, "closed_at")) if solution is not None else None,
        problem=facts["problem"],
    )


def _plain(value: Any) -> Any:
    """The same as JSON holds it."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _with_times(facts: Mapping[str, Any], name: str) -> dict[str, Any]:
    time = facts[name]
    return {**facts, name: datetime.fromisoformat(time) if time else None}
