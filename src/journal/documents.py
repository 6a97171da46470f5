"""Documents as they came: articles and solved tickets, from which a knowledge base can always be made anew."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, tuple_, update

from journal.records import DocumentKey, KeptDocument
from journal.schema import document_home, documents, readable

_T = TypeVar("_T")
_Connected: TypeAlias = Callable[[], AbstractContextManager[Connection]]

_AT_ONCE = 200  # documents in one statement
_KEY = (documents.c.kind, documents.c.id)
_KEPT = documents.c.content.is_not(None)


class Documents:
    """The documents a journal keeps; what was removed is told until it has left the index too.

    Every method raises `JournalError` with its cure when the database cannot be used.
    """

    def __init__(self, reading: _Connected, writing: _Connected, scrub: Callable[[], None]) -> None:
        self._reading, self._writing, self._scrub = reading, writing, scrub

    def __len__(self) -> int:
        """How many are kept."""
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(documents).where(_KEPT)) or 0

    def keep(self, kept: Sequence[KeptDocument]) -> None:
        """Keep all of these in place of those with their keys, or none.

        One with the same digest stays as it is, unless it was read in another place.
        """
        keys = [(one.kind, one.id) for one in kept]
        with self._reading() as connection:
            known = _known(connection, keys)
        changed = {key: one for key, one in zip(keys, kept, strict=True) if _differs(one, known.get(key))}
        if not changed:
            return
        with self._writing() as connection:
            for some in _batches(list(changed)):
                connection.execute(delete(documents).where(_among(some)))
                connection.execute(insert(documents), [_row(changed[key]) for key in some])

    def remove(self, ids: Collection[str]) -> int:
        """Wipe the content of the documents with these ids, whatever their kind; how many there were."""
        with self._writing() as connection:
            n_removed = sum(_remove(connection, documents.c.id.in_(some)) for some in _batches(sorted(ids)))
        if n_removed:
            self._scrub()
        return n_removed

    def remove_keys(self, keys: Collection[DocumentKey]) -> None:
        """Wipe the content of these documents."""
        with self._writing() as connection:
            for some in _batches(sorted(keys)):
                _remove(connection, _among(some))
        if keys:
            self._scrub()

    def remove_others(self, keys: Collection[DocumentKey], *, before: datetime) -> None:
        """Remove what was kept before a time and is not among these."""
        with self._writing() as connection:
            older = select(*_KEY).where(_KEPT, documents.c.time < before)
            others = [key for kind, id_ in connection.execute(older) if (key := (kind, id_)) not in keys]
            for some in _batches(others):
                _remove(connection, _among(some))
        if others:
            self._scrub()

    def removed(self) -> list[DocumentKey]:
        """What was removed and may still be in the index."""
        with self._reading() as connection:
            return [(kind, id_) for kind, id_ in connection.execute(select(*_KEY).where(~_KEPT))]

    def settle(self, keys: Collection[DocumentKey]) -> None:
        """Forget that these were removed, for they have left the index."""
        with self._writing() as connection:
            for some in _batches(sorted(keys)):
                connection.execute(delete(documents).where(_among(some), ~_KEPT))

    @property
    def home(self) -> str | None:
        """The knowledge base that is made of these documents, as it was told last."""
        with self._reading() as connection:
            place: str | None = connection.scalar(select(document_home.c.place))
            return place

    @home.setter
    def home(self, place: str) -> None:
        with self._writing() as connection:
            connection.execute(delete(document_home))
            connection.execute(insert(document_home), {"id": 1, "place": place})

    def digests(self, *, size: int) -> Iterator[dict[DocumentKey, str]]:
        """The digest of every document kept, ``size`` at a time, in the order of their keys."""
        after: DocumentKey = ("", "")
        while found := self._page(after, size):
            yield found
            after = max(found)

    def among(self, keys: Collection[DocumentKey]) -> list[KeptDocument]:
        """Those of these documents that are kept, in the order of their keys."""
        query = select(documents).order_by(*_KEY)
        with self._reading() as connection:
            return [
                _document(row)
                for some in _batches(sorted(keys))
                for row in connection.execute(query.where(_among(some), _KEPT))
            ]

    def _page(self, after: DocumentKey, size: int) -> dict[DocumentKey, str]:
        query = select(*_KEY, documents.c.digest).where(_KEPT, tuple_(*_KEY) > after)
        with self._reading() as connection:
            found = connection.execute(query.order_by(*_KEY).limit(size))
            return {(kind, id_): digest for kind, id_, digest in found}


def erase(connection: Connection, chosen: ColumnElement[bool]) -> int:
    """Wipe the solved tickets chosen; how many there were."""
    return _remove(connection, and_(documents.c.kind == "ticket", chosen))


def _remove(connection: Connection, chosen: ColumnElement[bool]) -> int:
    gone = update(documents).where(chosen, _KEPT).values(content=None, customer=None, time=datetime.now(UTC))
    return connection.execute(gone).rowcount


def _known(connection: Connection, keys: Sequence[DocumentKey]) -> dict[DocumentKey, tuple[str, str, str]]:
    """The digest of each document, its source and its file."""
    query = select(*_KEY, documents.c.digest, documents.c.source, documents.c.file)
    found = (row for some in _batches(keys) for row in connection.execute(query.where(_among(some), _KEPT)))
    return {(kind, id_): (digest, source, file) for kind, id_, digest, source, file in found}


def _differs(document: KeptDocument, known: tuple[str, str, str] | None) -> bool:
    if known is None or known[0] != document.digest:
        return True
    file = document.file and readable(document.file)
    return document.source is not None and known[1:] != (readable(document.source), file)


def _among(keys: Collection[DocumentKey]) -> ColumnElement[bool]:
    by_kind: dict[str, list[str]] = {}
    for kind, identity in keys:
        by_kind.setdefault(kind, []).append(identity)
    return or_(*(and_(documents.c.kind == kind, documents.c.id.in_(ids)) for kind, ids in by_kind.items()))


def _row(document: KeptDocument) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "id": document.id,
        "digest": document.digest,
        "customer": document.customer,
        "time": datetime.now(UTC),
        "source": document.source,
        "file": document.file,
        "content": dict(document.content),
    }


def _document(row: Row[Any]) -> KeptDocument:
    return KeptDocument(
        kind=row.kind,
        id=row.id,
        digest=row.digest,
        customer=row.customer,
        source=row.source,
        file=row.file,
        content=row.content,
    )


def _batches(things: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (things[start : start + _AT_ONCE] for start in range(0, len(things), _AT_ONCE))
