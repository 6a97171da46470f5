"""How tickets are parted between learning and testing, so that no problem stands on both sides unless that is meant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from tickets import SolvedTicket, Taxonomy, Ticket

N_FOLDS = 5
SEED = 2026  # not the seed of any plan: a plan's own folds lie inside each training part

Tickets = tuple[SolvedTicket, ...]


@dataclass(frozen=True, kw_only=True)
class Split:
    """Tickets to learn from, tickets to test on, and what is asked of them."""

    learn: Tickets
    test: Tickets
    taxonomy: Taxonomy


def new_problems(solved: Tickets, taxonomy: Taxonomy) -> list[Split]:
    """Five folds grouped by problem; each fold's model has seen no ticket of the problems it is tested on."""
    leading = np.array([ticket.labels[taxonomy.names[0]] for ticket in solved])
    folds = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=SEED).split(leading, leading, groups(solved))
    return [
        Split(learn=tuple(solved[i] for i in learn), test=tuple(solved[i] for i in test), taxonomy=taxonomy)
        for learn, test in folds
    ]


def recurring_problems(solved: Tickets, taxonomy: Taxonomy) -> Split:
    """Each problem's last ticket arrives; the others are history."""
    last: dict[int, int] = {}
    for i, problem in enumerate(groups(solved).tolist()):
        if problem not in last or _arrival(solved[i]) > _arrival(solved[last[problem]]):
            last[problem] = i
    arriving = set(last.values())
    return Split(
        learn=tuple(ticket for i, ticket in enumerate(solved) if i not in arriving),
        test=tuple(solved[i] for i in last.values()),
        taxonomy=taxonomy,
    )


def growing(split: Split, sizes: Sequence[int]) -> Iterator[tuple[int, Split]]:
    """The split with ever more to learn from: about as many tickets as each of ``sizes``, then all.

    Problems stay whole, and each history holds the smaller ones.
    """
    problems = groups(split.learn)
    rank = np.random.default_rng(SEED).permutation(problems.max() + 1)[problems]
    n_tickets = np.cumsum(np.bincount(rank))
    for size in (*(size for size in sizes if size < len(split.learn)), len(split.learn)):
        n_problems = int(np.searchsorted(n_tickets, size)) + 1
        learn = tuple(ticket for i, ticket in enumerate(split.learn) if rank[i] < n_problems)
        yield size, Split(learn=learn, test=split.test, taxonomy=split.taxonomy)


def groups(solved: Sequence[SolvedTicket]) -> NDArray[np.intp]:
    """A number per problem for every ticket; tickets without one stand alone."""
    keys = [ticket.problem or f"\0{i}" for i, ticket in enumerate(solved)]
    numbers: NDArray[np.intp] = np.unique(keys, return_inverse=True)[1]
    return numbers


def truths(solved: Sequence[SolvedTicket], taxonomy: Taxonomy) -> dict[str, NDArray[np.intp]]:
    """Per target each ticket's label as an index into the taxonomy's labels."""
    return {
        target.name: np.array([target.label_names.index(ticket.labels[target.name]) for ticket in solved], np.intp)
        for target in taxonomy
    }


def words(ticket: Ticket) -> str:
    """What every peer reads: the same fields that our plans read, as one text."""
    return "\n".join(part for part in (ticket.product, ticket.subject, ticket.body) if part)


def _arrival(ticket: SolvedTicket) -> datetime:
    return ticket.ticket.created_at or datetime.min.replace(tzinfo=UTC)
