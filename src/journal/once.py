"""Requests that must be done once: what was asked under a key, and the answer that it got."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from journal.schema import requests

_Connected: TypeAlias = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answer that a request got; without ``content`` where it was erased."""

    digest: str
    status: int
    content_type: str | None
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """The request is new, or nobody is at it any more: do it, and tell the answer under this claim."""

    claim: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody is at a request with this digest."""

    digest: str


class Once:
    """The requests a journal keeps, by who asked and under which key.

    Every method raises `JournalError` with its cure when the database cannot be used.
    """

    def __init__(self, reading: _Connected, writing: _Connected) -> None:
        self._reading, self._writing = reading, writing

    def claim(
        self, key: str, digest: str, *, actor: str, lasts: timedelta, patience: timedelta
    ) -> Claimed | Pending | Answered:
        """Take up a request, or learn what became of it.

        Parameters
        ----------
        lasts
            How long an answer is kept; after it the key is new.
        patience
            How long whoever took it up may be at it; after it the request is taken up anew.
        """
        now, claim = datetime.now(UTC), uuid.uuid4().hex
        mine = and_(requests.c.actor == actor, requests.c.key == key)
        facts = {"actor": actor, "key": key, "digest": digest, "time": now, "claim": claim}
        with self._writing() as connection:
            # A time that is still to come was written before the clock was put back.
            given_up = and_(requests.c.status.is_(None), _outside(now - patience, now + patience))
            connection.execute(delete(requests).where(mine, or_(given_up, _outside(now - lasts, now + lasts))))
            try:
                with connection.begin_nested():
                    connection.execute(insert(requests), facts)
            except IntegrityError:
                found = connection.execute(select(requests).where(mine)).one()
            else:
                return Claimed(claim)
        if found.status is None:
            return Pending(found.digest)
        return Answered(
            digest=found.digest, status=found.status, content_type=found.content_type, content=found.content
        )

    def answer(self, key: str, claimed: Claimed, answered: Answered, *, actor: str) -> None:
        """Keep the answer of a request; nothing, where it was given up and taken up anew."""
        facts = {"status": answered.status, "content_type": answered.content_type, "content": answered.content}
        with self._writing() as connection:
            connection.execute(update(requests).where(_claimed(key, claimed, actor)).values(facts))

    def release(self, key: str, claimed: Claimed, *, actor: str) -> None:
        """Forget a request of which nothing was done, so that it can be sent again."""
        with self._writing() as connection:
            connection.execute(delete(requests).where(_claimed(key, claimed, actor)))


def wipe_answers(connection: Connection) -> None:
    """Erase all answers, for any may quote what is erased; that the requests were done stays known."""
    connection.execute(update(requests).where(requests.c.status.is_not(None)).values(content=None))


def _claimed(key: str, claimed: Claimed, actor: str) -> ColumnElement[bool]:
    return and_(requests.c.actor == actor, requests.c.key == key, requests.c.claim == claimed.claim)


def _outside(since: datetime, until: datetime) -> ColumnElement[bool]:
    return or_(requests.c.time < since, requests.c.time > until)
