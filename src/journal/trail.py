"""The audit trail: who did what that matters, to what, when, and how it went; never a ticket's words."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection, insert, select, update

from journal.schema import acts

Outcome: TypeAlias = Literal["begun", "done", "refused"]
"""``begun`` stays where the process died before it was over."""
_Connected: TypeAlias = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act of an ``actor`` (``key:<id>``, ``command line``): its name, and the id of what it was done to."""

    id: int
    time: datetime
    actor: str
    act: str
    subject: str | None
    outcome: Outcome


class Trail:
    """The acts a journal keeps.

    Every method raises `JournalError` with its cure when the database cannot be used.
    """

    def __init__(self, reading: _Connected, writing: _Connected) -> None:
        self._reading, self._writing = reading, writing

    def begin(self, act: str, subject: str | None, *, actor: str, outcome: Outcome = "begun") -> int:
        """Remember an act before it is done; its id."""
        facts = {"time": datetime.now(UTC), "actor": actor, "act": act, "subject": subject, "outcome": outcome}
        with self._writing() as connection:
            added = connection.execute(insert(acts), facts).inserted_primary_key
        assert added is not None
        return int(added[0])

    def end(self, act_id: int, outcome: Outcome, subject: str | None = None) -> None:
        """Remember how an act went, and what it was done to, where only the act itself could tell."""
        told: dict[str, str] = {"outcome": outcome} | ({"subject": subject} if subject is not None else {})
        with self._writing() as connection:
            connection.execute(update(acts).where(acts.c.id == act_id).values(told))

    def acts(self, *, since: datetime | None = None, before: int | None = None, limit: int) -> list[Act]:
        """The acts at ``since`` or later, the last one remembered first; with ``before`` only those before that id."""
        query = select(acts).order_by(acts.c.id.desc()).limit(limit)
        if since is not None:
            query = query.where(acts.c.time >= since)
        if before is not None:
            query = query.where(acts.c.id < before)
        with self._reading() as connection:
            return [Act(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001 - a row's public face
