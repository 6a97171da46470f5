"""Proof of what was forgotten: begun before anything is erased, completed when all of it is; then without the name."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, Row, insert, select, update

from journal.schema import forgettings

_Connected: TypeAlias = Callable[[], AbstractContextManager[Connection]]
Subject: TypeAlias = Literal["ticket", "customer", "person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetting:
    """One request to forget: of what kind, a keyed hash of whom, who asked; and what was erased, once it is done.

    ``name`` is kept until then alone, so that what was interrupted can be gone on with.
    """

    id: str
    subject: Subject
    name_hash: str
    actor: str
    begun: datetime
    name: str | None = None
    done: datetime | None = None
    counts: Mapping[str, int] | None = None
    models: tuple[str, ...] = ()


class Forgettings:
    """The proofs a journal keeps; every method raises `JournalError` when the database cannot be used."""

    def __init__(self, reading: _Connected, writing: _Connected, scrub: Callable[[], None]) -> None:
        self._reading, self._writing, self._scrub = reading, writing, scrub

    def begin(self, subject: Subject, name: str, *, name_hash: str, actor: str) -> Forgetting:
        """Remember that this must be forgotten."""
        begun = Forgetting(
            id=f"f_{uuid.uuid4().hex}",
            subject=subject,
            name=name,
            name_hash=name_hash,
            actor=actor,
            begun=datetime.now(UTC),
        )
        with self._writing() as connection:
            connection.execute(
                insert(forgettings),
                {
                    "id": begun.id,
                    "subject": subject,
                    "name": name,
                    "name_hash": name_hash,
                    "actor": actor,
                    "begun": begun.begun,
                    "models": [],
                },
            )
        return begun

    def count(self, forgetting: Forgetting, counts: Mapping[str, int], models: Sequence[str]) -> None:
        """Add to what has been erased so far."""
        with self._writing() as connection:
            row = connection.execute(select(forgettings).where(forgettings.c.id == forgetting.id)).one()
            before = row.counts or {}
            total = {name: before.get(name, 0) + counts.get(name, 0) for name in {**before, **counts}}
            connection.execute(
                update(forgettings)
                .where(forgettings.c.id == forgetting.id)
                .values(counts=total, models=sorted({*row.models, *models}))
            )

    def complete(self, forgetting: Forgetting) -> Forgetting:
        """Remember that all is erased, and let go of the name."""
        with self._writing() as connection:
            chosen = forgettings.c.id == forgetting.id
            connection.execute(update(forgettings).where(chosen).values(name=None, done=datetime.now(UTC)))
            done = _forgetting(connection.execute(select(forgettings).where(chosen)).one())
        self._scrub()
        return done

    def open(self) -> list[Forgetting]:
        """What was begun and is not complete, oldest first."""
        return [one for one in self.all() if one.done is None]

    def all(self) -> list[Forgetting]:
        """Everything that was ever forgotten, oldest first."""
        with self._reading() as connection:
            found = connection.execute(select(forgettings).order_by(forgettings.c.begun, forgettings.c.id))
            return [_forgetting(row) for row in found]


def _forgetting(row: Row[Any]) -> Forgetting:
    return Forgetting(
        id=row.id,
        subject=row.subject,
        name_hash=row.name_hash,
        actor=row.actor,
        begun=row.begun,
        name=row.name,
        done=row.done,
        counts=row.counts,
        models=tuple(row.models),
    )
