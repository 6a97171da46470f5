"""How long each kind of fact is kept, and the removal of what is older."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Column, Connection, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from journal.schema import acts, audits, corrections, decisions, duties, requests, votes

_Connected: TypeAlias = Callable[[], AbstractContextManager[Connection]]
_DUTY: Final = "retention"
_EVERY: Final = timedelta(days=1)
_STRANGE_GAP: Final = timedelta(days=45)
"""A service does this every day; where so many have passed, its clock is the likelier reason."""
_AT_ONCE: Final = 1_000  # rows in one transaction, so that others write in between


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """How long each kind of fact is kept; ``None`` is for ever. With a decision go its corrections and its audit."""

    decisions: timedelta | None
    corrections: timedelta | None
    audits: timedelta | None
    votes: timedelta | None
    requests: timedelta | None
    acts: timedelta | None


_KEPT: Final[Mapping[str, tuple[Table, Column[str] | Column[int]]]] = {
    "corrections": (corrections, corrections.c.id),
    "audits": (audits, audits.c.classification_id),
    "decisions": (decisions, decisions.c.id),
    "votes": (votes, votes.c.id),
    "requests": (requests, requests.c.claim),
    "acts": (acts, acts.c.id),
}


class Retention:
    """The removal of what is older than its period, physically, as erasing does.

    Every method raises `JournalError` with its cure when the database cannot be used.
    """

    def __init__(self, reading: _Connected, writing: _Connected, scrub: Callable[[], None]) -> None:
        self._reading, self._writing, self._scrub = reading, writing, scrub

    def is_due(self, now: datetime) -> bool:
        """Whether it was not done for a day; of all processes that ask, one hears yes, and has the duty.

        One that was done in the future was done before the clock was put back, and is due.
        """
        with self._writing() as connection:
            last = connection.scalar(select(duties.c.time).where(duties.c.name == _DUTY))
            if last is None:
                return self._first(connection, now)
            if now - _EVERY < last <= now:
                return False
            claimed = update(duties).where(duties.c.name == _DUTY, duties.c.time == last).values(time=now)
            return connection.execute(claimed).rowcount == 1

    def gap(self, now: datetime) -> timedelta | None:
        """How long ago it was done last, where that is so long that the clock must be doubted."""
        with self._reading() as connection:
            last = connection.scalar(select(duties.c.time).where(duties.c.name == _DUTY))
        return now - last if last is not None and now - last > _STRANGE_GAP else None

    def enforce(self, periods: Periods, now: datetime) -> dict[str, int]:
        """Remove what is older than its period; how many of each kind."""
        removed = {}
        for kind in _KEPT:
            period = getattr(periods, kind)
            removed[kind] = 0 if period is None else self._remove(kind, now - period)
        if any(removed.values()):
            self._scrub()
        return removed

    def _remove(self, kind: str, before: datetime) -> int:
        table, key = _KEPT[kind]
        n_removed = 0
        while True:
            with self._writing() as connection:
                old = connection.scalars(select(key).where(table.c.time < before).limit(_AT_ONCE)).all()
                if kind == "decisions":
                    theirs = corrections.c.classification_id.in_(old)
                    connection.execute(delete(corrections).where(theirs))
                n_removed += connection.execute(delete(table).where(key.in_(old))).rowcount
            if len(old) < _AT_ONCE:
                return n_removed

    def _first(self, connection: Connection, now: datetime) -> bool:
        try:
            with connection.begin_nested():
                connection.execute(insert(duties), {"name": _DUTY, "time": now})
        except IntegrityError:
            return False
        return True
