"""Tickets that wait for an answer, by the words they hold, to tell whether an arriving one was sent before."""

import threading
import zlib
from array import array
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from knowledge.overlap import NEAR_COPY
from text import analyse, clean
from tickets import Ticket

_FEWEST_TERMS: Final = 5
"""Tickets of fewer different words ("Drucker geht nicht") are like many others and copies of none."""
_MOST_TERMS: Final = 2_000
_LONGEST: Final = 20_000
_DROPPED_BEFORE_REBUILD: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A ticket that waits: the id of its classification, its own id and customer where it has them, and its time."""

    id: str
    ticket_id: str | None
    time: datetime
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class NearCopy:
    """A waiting ticket that says almost the same; ``score`` is the cosine of their sets of words."""

    waiting: Waiting
    score: float


class OpenTickets:
    """An index of the words of waiting tickets; safe to share between threads.

    Only numbers made of the words are kept. It needs no encoder, so that it can be filled anew from the
    journal in seconds.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, int] = {}
        self._waiting: list[Waiting | None] = []
        self._terms: list[frozenset[int]] = []
        self._postings: dict[int, array[int]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def add(self, waiting: Waiting, terms: frozenset[int]) -> None:
        """Let a ticket of these terms wait; one that waits already is left alone."""
        with self._lock:
            if waiting.id not in self._known:
                self._put(waiting, terms)

    def drop_before(self, time: datetime) -> None:
        """Let go of the tickets that came before ``time``."""
        with self._lock:
            old = [id_ for id_, place in self._known.items() if (one := self._waiting[place]) and one.time < time]
            for id_ in old:
                self._waiting[self._known.pop(id_)] = None
            if len(self._waiting) - len(self._known) > _DROPPED_BEFORE_REBUILD:
                self._rebuild()

    def near(
        self,
        terms: frozenset[int],
        *,
        but: Collection[str] = (),
        customers: Collection[str] | None = None,
        limit: int,
        bound: float = NEAR_COPY,
    ) -> list[NearCopy]:
        """The waiting tickets that share at least ``bound`` with these terms, best first.

        None of the ids ``but``, and with ``customers`` only tickets of theirs.
        """
        if len(terms) < _FEWEST_TERMS:
            return []
        with self._lock:
            lists = [np.frombuffer(self._postings[term], np.uint32) for term in terms if term in self._postings]
            if not lists:
                return []
            shared = np.bincount(np.concatenate(lists), minlength=len(self._waiting))
            del lists  # an array that is looked at cannot grow
            sizes = np.fromiter(map(len, self._terms), np.float64, len(self._terms))
            scores = shared / np.sqrt(len(terms) * np.maximum(sizes, 1))
            near = [
                NearCopy(one, min(1.0, float(scores[place])))
                for place in np.flatnonzero((scores >= bound) & (shared > 0)).tolist()
                if (one := self._waiting[place]) is not None
                and one.id not in but
                and (customers is None or one.customer in customers)
            ]
        return sorted(near, key=lambda one: (-one.score, one.waiting.time, one.waiting.id))[:limit]

    def _put(self, waiting: Waiting, terms: frozenset[int]) -> None:
        place = self._known[waiting.id] = len(self._waiting)
        self._waiting.append(waiting)
        self._terms.append(terms)
        if len(terms) >= _FEWEST_TERMS:
            for term in terms:
                self._postings.setdefault(term, array("I")).append(place)

    def _rebuild(self) -> None:
        """The same without the tickets that were let go of."""
        kept = [(one, terms) for one, terms in zip(self._waiting, self._terms, strict=True) if one is not None]
        self._known, self._waiting, self._terms, self._postings = {}, [], [], {}
        for one, terms in kept:
            self._put(one, terms)


def terms_of(ticket: Ticket) -> frozenset[int]:
    """The ticket's different words as numbers, of its opening where it is very long."""
    words = f"{ticket.subject[:_LONGEST]}\n{clean(ticket.body[:_LONGEST])}".strip()
    return frozenset(zlib.crc32(term.encode("utf-8", "replace")) for term in analyse(words, None)[:_MOST_TERMS])
