"""Tickets that say the same as an earlier one, or almost: found exactly, without comparing all with all."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import CountVectorizer

from history import PlacedTicket
from inspection.finding import WEIGHTS, Finding, Kind

NEAR: Final = 0.8
"""Cosine of two tickets' sets of words from which they count as almost the same."""
FEWEST_WORDS: Final = 5
"""Tickets of fewer different words are like many others and copies of none."""
_WORDS: Final = r"(?u)\b\w+\b"
_BLOCK: Final = 512
_PAIRS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Copies:
    """For every ticket the earlier one it resembles most; all arrays of shape (n_tickets,)."""

    earlier: NDArray[np.intp]
    """Its row, -1 where there is none."""
    likeness: NDArray[np.float64]
    """The cosine of both sets of words, 1 for the same words in the same order, 0 where there is none."""
    family: NDArray[np.intp]
    """The same number for a ticket and its copies, and the copies of these."""
    n_words: NDArray[np.intp]
    """How many different words the ticket has."""


def find_copies(words: Sequence[str]) -> Copies:
    """Which of the texts ``words`` say the same as an earlier one, or almost.

    Two sets that share at least ``NEAR`` share one of the rarest words of each: of ``n`` words those that are left when
    ``ceil(NEAR**2 * n) - 1`` of the most frequent ones are set aside. Only pairs that do are compared.

    References
    ----------
    Bayardo, Ma and Srikant (2007), "Scaling Up All Pairs Similarity Search", section 4 (prefix filtering).
    """
    earlier = np.full(len(words), -1, dtype=np.intp)
    likeness = np.zeros(len(words))
    counts = CountVectorizer(binary=True, token_pattern=_WORDS, dtype=np.float32)
    try:
        sets = csr_array(counts.fit_transform(words))
    except ValueError:  # no text holds a word
        return Copies(earlier, likeness, np.arange(len(words)), np.zeros(len(words), dtype=np.intp))
    n_words = np.diff(sets.indptr).astype(np.intp)

    first: dict[str, int] = {}
    for row, text in enumerate(words):
        if n_words[row] >= FEWEST_WORDS and (before := first.setdefault(" ".join(text.casefold().split()), row)) != row:
            earlier[row], likeness[row] = before, 1.0
    told_once = np.array(sorted(first.values()), dtype=np.intp)
    for later, before, cosine in _near_pairs(sets[told_once]):
        if cosine > likeness[told_once[later]]:
            earlier[told_once[later]], likeness[told_once[later]] = told_once[before], cosine
    family = np.arange(len(words))
    for row in np.flatnonzero(earlier >= 0).tolist():
        family[row] = family[earlier[row]]
    return Copies(earlier, likeness, family, n_words)


def copy_findings(copies: Copies, placed: Sequence[PlacedTicket]) -> list[Finding]:
    """A finding for every copy whose original is not known to be of the same problem."""
    found = []
    for row in np.flatnonzero(copies.earlier >= 0).tolist():
        original = placed[copies.earlier[row]]
        problem = placed[row].solved.problem
        if problem is not None and problem == original.solved.problem:
            continue
        same = copies.likeness[row] == 1
        kind = Kind.DUPLICATE if same else Kind.NEAR_DUPLICATE
        what = "says the same as" if same else f"shares {copies.likeness[row]:.0%} of its words with"
        cure = "give both one problem, or remove one, lest one is learned from and the other tested on"
        found.append(Finding(row=row, kind=kind, weight=WEIGHTS[kind], reason=f"{what} {_named(original)}; {cure}"))
    return found


def _named(ticket: PlacedTicket) -> str:
    return f"{ticket.solved.ticket.id} ({ticket.place})"


def _near_pairs(sets: Any) -> Iterator[tuple[int, int, float]]:
    """Later and earlier row of each pair at least ``NEAR`` alike, with its cosine; the earliest of equals first."""
    sizes = np.diff(sets.indptr)
    rare = _rarest(sets, sizes)
    holders = rare.T.tocsr()
    for start in range(0, rare.shape[0], _BLOCK):
        shared = (rare[start : start + _BLOCK] @ holders).tocoo()
        later, before = shared.row + start, shared.col
        for part in np.array_split(np.flatnonzero(before < later), math.ceil(len(later) / _PAIRS) or 1):
            one, other = later[part], before[part]
            both = np.asarray(sets[one].multiply(sets[other]).sum(axis=1)).ravel()
            cosines = both / np.sqrt(sizes[one] * sizes[other].astype(np.float64))
            near = np.flatnonzero(cosines >= NEAR)
            near = near[np.lexsort((other[near], -cosines[near]))]
            yield from zip(one[near].tolist(), other[near].tolist(), cosines[near].tolist(), strict=True)


def _rarest(sets: Any, sizes: NDArray[np.integer[Any]]) -> Any:
    """The rarest words of each row, by which near pairs are found."""
    frequency = np.bincount(sets.indices, minlength=sets.shape[1])
    rows = np.repeat(np.arange(len(sizes)), sizes)
    order = np.lexsort((sets.indices, frequency[sets.indices], rows))
    place = np.arange(len(rows)) - np.repeat(sets.indptr[:-1], sizes)
    kept = sizes - np.ceil(NEAR**2 * sizes - 1e-9).astype(np.intp) + 1
    chosen = order[place < np.repeat(kept, sizes)]
    ones = np.ones(len(chosen), np.float32)
    return csr_array((ones, (rows[chosen], sets.indices[chosen])), shape=sets.shape)
