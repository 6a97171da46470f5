"""Keys that let programs and people in, and the sessions that people began with them; never a secret itself."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from journal.schema import keys, sessions

_Connected: TypeAlias = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptKey:
    """What is kept of a key: its public id, what its secret is recognised by, and what it may do.

    ``customers`` is None where it is bound to none; ``used_on`` is the beginning of the last day it was used.
    """

    id: str
    name: str
    salt: str
    digest: str
    scopes: tuple[str, ...]
    customers: tuple[str, ...] | None
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    used_on: datetime | None = None


class Keys:
    """The keys and sessions of one journal.

    Every method raises `JournalError` with its cure when the database cannot be used.
    """

    def __init__(self, reading: _Connected, writing: _Connected) -> None:
        self._reading, self._writing = reading, writing

    def add(self, key: KeptKey) -> None:
        """Keep a new key."""
        with self._writing() as connection:
            connection.execute(
                insert(keys),
                {
                    "id": key.id,
                    "name": key.name,
                    "salt": key.salt,
                    "digest": key.digest,
                    "scopes": list(key.scopes),
                    "customers": None if key.customers is None else list(key.customers),
                    "created_at": key.created_at,
                    "expires_at": key.expires_at,
                },
            )

    def all(self) -> list[KeptKey]:
        """Every key there ever was, oldest first."""
        with self._reading() as connection:
            return [_key(row) for row in connection.execute(select(keys).order_by(keys.c.created_at, keys.c.id))]

    def find(self, key_id: str) -> KeptKey | None:
        """The key with this id."""
        with self._reading() as connection:
            row = connection.execute(select(keys).where(keys.c.id == key_id)).one_or_none()
        return None if row is None else _key(row)

    def revoke(self, key_id: str, at: datetime) -> bool:
        """Let a key open nothing any more and end its sessions; whether there was one that still did."""
        with self._writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.key_id == key_id))
            standing = (keys.c.id == key_id) & keys.c.revoked_at.is_(None)
            return connection.execute(update(keys).where(standing).values(revoked_at=at)).rowcount > 0

    def mark_used(self, key_id: str, day: datetime) -> None:
        """Remember that a key was used on the day that begins with ``day``."""
        with self._writing() as connection:
            older = or_(keys.c.used_on.is_(None), keys.c.used_on < day)
            connection.execute(update(keys).where(keys.c.id == key_id, older).values(used_on=day))

    def begin_session(self, digest: str, key_id: str, expires_at: datetime) -> None:
        """Keep a session by the digest of its secret; those that have expired are let go of."""
        with self._writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_at <= datetime.now(UTC)))
            connection.execute(insert(sessions), {"digest": digest, "key_id": key_id, "expires_at": expires_at})

    def of_session(self, digest: str, now: datetime) -> KeptKey | None:
        """The key that a session was begun with, while that session lasts."""
        lasting = (sessions.c.digest == digest) & (sessions.c.expires_at > now)
        with self._reading() as connection:
            row = connection.execute(select(keys).join(sessions).where(lasting)).one_or_none()
        return None if row is None else _key(row)

    def end_session(self, digest: str) -> None:
        """Let go of a session."""
        with self._writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == digest))


def _key(row: Row[Any]) -> KeptKey:
    return KeptKey(
        id=row.id,
        name=row.name,
        salt=row.salt,
        digest=row.digest,
        scopes=tuple(row.scopes),
        customers=None if row.customers is None else tuple(row.customers),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_on=row.used_on,
    )
