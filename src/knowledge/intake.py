"""Documents brought in: what is unchanged is left alone, the rest is encoded and written, batch by batch."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Protocol, TypeAlias

from knowledge.article import Document
from knowledge.engine import DocumentKey, Origin, Row, SearchEngine
from knowledge.provenance import Provenance
from knowledge.rows import digest_of, drafts_of, encode, fault_of, key_of
from text import SentenceEncoder

_log = logging.getLogger(__name__)

BATCH = 64
"""Documents looked up, encoded and written at a time."""

_MOST_TEXTS = 256  # handed to the encoder at a time
_MOST_LET_GO = 1_000  # documents in one commit
_UPKEEP_ROWS = 10_000  # written; then indexes are brought up to date, for what none holds is scanned at every look-up
_MOST_FAULTS = 100  # kept with their words; all are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexProgress:
    """How many documents are done, of how many where that is known."""

    done: int
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedDocument:
    """A document that was not brought in, and why; the reason ends with the cure."""

    kind: str
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A document that can be found again: its kind and id, the digest of its content, and where it was read."""

    key: DocumentKey
    digest: str
    document: Document
    origin: Origin | None = None


Keep: TypeAlias = Callable[[Sequence[Accepted]], None]
"""Keeps documents as they came; raises where it cannot, and then they are not indexed either."""

LetGo: TypeAlias = Callable[[Sequence[DocumentKey]], object]
"""Told what is about to be removed; raises where it must stay."""


@dataclass(slots=True, kw_only=True)
class KindCounts:
    """What became of the documents of one kind."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: int = 0


@dataclass(slots=True, kw_only=True)
class IndexCounts:
    """What became of all documents, by kind, and the first of those that were rejected."""

    by_kind: dict[str, KindCounts] = field(default_factory=dict)
    rejections: list[RejectedDocument] = field(default_factory=list)

    def of(self, kind: str) -> KindCounts:
        """The counts of one kind; zeros where none of it came."""
        return self.by_kind.setdefault(kind, KindCounts())


class Workers(Protocol):
    """Who makes rows in this process's place; see `knowledge.distributed`."""

    batch: int
    """Documents looked up, made into rows and written at a time."""

    def rows_of(self, documents: Sequence[Document], digests: Mapping[DocumentKey, str]) -> list[Row]:
        """The rows of ``documents``, in order, each document with its digest."""


def bring_in(  # noqa: PLR0913 - where from, how, and who is told
    documents: Iterable[Document],
    *,
    encoder: SentenceEncoder,
    workers: Workers | None = None,
    writer: Callable[[], AbstractContextManager[SearchEngine]],
    reader: Callable[[], SearchEngine],
    provenance: Provenance | None = None,
    progress: Callable[[IndexProgress], None] | None = None,
    keep: Keep | None = None,
    let_go: LetGo | None = None,
) -> IndexCounts:
    """Bring ``documents`` in; one seen a second time is rejected, so the outcome never hangs on a repeat.

    ``writer`` holds the one writer's lock only while a batch is written, never while it is encoded; within it each
    batch is first handed to ``keep``. With their ``provenance``, documents remember where they were read, and what
    left its source is let go of at the end, after ``let_go`` was told. ``workers`` make the rows, if there are any.
    """
    make = workers.rows_of if workers else partial(rows_of, encoder=encoder)
    origins = reader().origins() if provenance is not None else {}
    counts, seen = IndexCounts(), set[DocumentKey]()
    total = len(documents) if isinstance(documents, Sized) else None
    done = n_put = 0
    for batch in _batches(documents, workers.batch if workers else BATCH):
        usable = [document for document in batch if _accepted(document, seen, counts)]
        digests = {key_of(document): digest_of(document) for document in usable}
        kept = reader().digests({document for _, document in digests})
        new = [document for document in usable if kept.get(key_of(document)) != digests[key_of(document)]]
        rows = make(new, digests)
        if provenance is not None:
            stayed = [one for one in usable if kept.get(key_of(one)) == digests[key_of(one)]]
            moved = [one for one in stayed if provenance.moved(key_of(one), origins)]
            rows = [provenance.placed(row) for row in (*rows, *_kept_rows(moved, digests, reader()))]
        if rows or (keep is not None and usable):
            with writer() as engine:
                if keep is not None:
                    keep([_accepted_as(one, digests[key_of(one)], provenance) for one in usable])
                engine.put(rows)
                n_put += len(rows)
                if n_put >= _UPKEEP_ROWS:
                    engine.maintain()
                    n_put = 0
        for key, digest in digests.items():
            _count(counts.of(key[0]), digest, kept.get(key))
        done += len(batch)
        if progress is not None:
            progress(IndexProgress(done=done, total=total))
    if provenance is not None:
        _remove(provenance.gone(reader().origins()), writer, counts, let_go)
    return counts


def _batches(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    remaining = iter(documents)
    while batch := list(islice(remaining, size)):
        yield batch


def _accepted(document: Document, seen: set[DocumentKey], counts: IndexCounts) -> bool:
    kind, identity = key = key_of(document)
    repeated = "its id was seen before; give each document its own, the first one counts"
    if (reason := repeated if key in seen else fault_of(document)) is None:
        seen.add(key)
        return True
    counts.of(kind).rejected += 1
    _log.warning("rejected a document", extra={"kind": kind, "document": identity})
    if len(counts.rejections) < _MOST_FAULTS:
        counts.rejections.append(RejectedDocument(kind=kind, id=identity, reason=reason))
    return False


def rows_of(documents: Sequence[Document], digests: Mapping[DocumentKey, str], encoder: SentenceEncoder) -> list[Row]:
    """The rows of ``documents``, in order, each document with its digest."""
    drafts = [draft for document in documents for draft in drafts_of(document, digests[key_of(document)])]
    slices = (drafts[start : start + _MOST_TEXTS] for start in range(0, len(drafts), _MOST_TEXTS))
    return [row for some in slices for row in encode(some, encoder)]


def _kept_rows(
    documents: Sequence[Document], digests: Mapping[DocumentKey, str], engine: SearchEngine
) -> Iterable[Row]:
    """The rows of documents that are kept as they are; nothing is encoded."""
    keys = [draft.row.key for document in documents for draft in drafts_of(document, digests[key_of(document)])]
    return engine.rows(keys).values()


def _accepted_as(document: Document, digest: str, provenance: Provenance | None) -> Accepted:
    key = key_of(document)
    return Accepted(key, digest, document, provenance.origins.get(key) if provenance is not None else None)


def _remove(
    gone: Sequence[DocumentKey],
    writer: Callable[[], AbstractContextManager[SearchEngine]],
    counts: IndexCounts,
    let_go: LetGo | None,
) -> None:
    for kind in sorted({kind for kind, _ in gone}):
        ids = [document for its_kind, document in gone if its_kind == kind]
        for start in range(0, len(ids), _MOST_LET_GO):
            some = ids[start : start + _MOST_LET_GO]
            with writer() as engine:
                if let_go is not None:
                    let_go([(kind, one) for one in some])
                engine.delete(some, kind=kind)
            counts.of(kind).removed += len(some)


def _count(counts: KindCounts, digest: str, kept: str | None) -> None:
    if kept is None:
        counts.added += 1
    elif kept == digest:
        counts.unchanged += 1
    else:
        counts.changed += 1
