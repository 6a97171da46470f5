"""Whether a ticket that was sent before is told from one that is new, by words beside by meaning."""

import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.knowledge.near_copies import KINDS, near_copy
from benchmarks.sample import encoder, solved_tickets
from benchmarks.scope import Scope
from knowledge import NEAR_COPY, OpenTickets, Waiting, terms_of
from text import clean
from tickets import Ticket

_ORIGINALS = 300
_SEED = 7
_BOUNDS = (0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
_COSINES = (0.92, 0.93, 0.94, 0.95, 0.96, 0.97)
_LEAST = 0.1
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def measure(scope: Scope) -> dict[str, Any]:
    """Near copies arrive among new tickets, while all others wait; then the same problems told anew."""
    solved = list(scope.limited(solved_tickets()))
    tickets = [one.ticket for one in solved]
    problems = np.array([one.problem for one in solved])
    chance = random.Random(_SEED)  # noqa: S311 - nothing secret
    originals = sorted(chance.sample(range(len(tickets)), min(_ORIGINALS, len(tickets) // 2)))
    copies = [(place, kind, near_copy(tickets[place], kind, chance)) for place in originals for kind in KINDS]
    arriving = [copy for _, _, copy in copies]
    return {
        "n_waiting": len(tickets),
        "n_copies": len(copies),
        "n_new": len(tickets),
        "chosen_bound": NEAR_COPY,
        "words": _figures(_overlaps(arriving, tickets), copies, _overlaps(tickets, tickets), problems, _BOUNDS),
        "meaning": _figures(_cosines(arriving, tickets), copies, _cosines(tickets, tickets), problems, _COSINES),
        "milliseconds_per_ticket": _pace(tickets, arriving),
    }


def _figures(
    scores: NDArray[np.float32],
    copies: Sequence[tuple[int, str, Ticket]],
    fresh: NDArray[np.float32],
    problems: NDArray[np.str_],
    bounds: Sequence[float],
) -> list[dict[str, Any]]:
    """At each bound: of the tickets told apart as copies, how many are; of the copies, how many are told.

    A copy is told rightly where the ticket shown first is its original, or one of the same problem. Every ticket
    of the sample arrives as a new one, too, beside all of other problems: whatever is shown for it is wrong.
    """
    places = np.array([place for place, _, _ in copies])
    kinds = np.array([kind for _, kind, _ in copies])
    best, first = scores.max(axis=1), scores.argmax(axis=1)
    right = problems[first] == problems[places]
    same = problems[:, None] == problems[None, :]
    strangers = np.where(same, -1, fresh).max(axis=1)
    siblings = np.where(same & ~np.eye(len(problems), dtype=bool), fresh, -1).max(axis=1)
    figures = []
    for bound in bounds:
        told = best >= bound
        n_wrong = int((told & ~right).sum() + (strangers >= bound).sum())
        n_right = int((told & right).sum())
        figures.append(
            {
                "bound": bound,
                "precision": n_right / max(1, n_right + n_wrong),
                "recall": n_right / len(copies),
                "recall_by_kind": {kind: float((told & right)[kinds == kind].mean()) for kind in KINDS},
                "new_tickets_told_as_copies": int((strangers >= bound).sum()),
                "paraphrases_found": float((siblings >= bound).mean()),
            }
        )
    return figures


def _overlaps(arriving: Sequence[Ticket], waiting: Sequence[Ticket]) -> NDArray[np.float32]:
    """The overlap of each arriving ticket with each waiting one."""
    tickets = _waiting(waiting)
    scores = np.zeros((len(arriving), len(waiting)), np.float32)
    for row, ticket in enumerate(arriving):
        for one in tickets.near(terms_of(ticket), limit=len(waiting), bound=_LEAST):
            scores[row, int(one.waiting.id)] = one.score
    return scores


def _cosines(arriving: Sequence[Ticket], waiting: Sequence[Ticket]) -> NDArray[np.float32]:
    """The cosine of each arriving ticket's vector with each waiting one's."""
    texts = [[f"{one.subject}\n{clean(one.body)}".strip() for one in some] for some in (arriving, waiting)]
    reading = encoder()
    one, other = (reading.encode(some, role="query") for some in texts)
    cosines: NDArray[np.float32] = one @ other.T
    return cosines


def _waiting(tickets: Sequence[Ticket]) -> OpenTickets:
    waiting = OpenTickets()
    for place, ticket in enumerate(tickets):
        waiting.add(Waiting(id=str(place), ticket_id=None, time=_WHEN), terms_of(ticket))
    return waiting


def _pace(tickets: Sequence[Ticket], arriving: Sequence[Ticket]) -> dict[str, float]:
    """How long asking takes, and taking a ticket up, of all tickets together."""
    start = time.perf_counter()
    waiting = _waiting(tickets)
    added = time.perf_counter()
    for ticket in arriving:
        waiting.near(terms_of(ticket), limit=5)
    asked = time.perf_counter()
    return {"add": 1000 * (added - start) / len(tickets), "ask": 1000 * (asked - added) / len(arriving)}
