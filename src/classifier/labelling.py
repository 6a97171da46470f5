"""Which tickets are worth a person's time: those the model is unsure of, and unlike any whose labels people told."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier.reading import ticket_words
from tickets import Ticket

Floats = NDArray[np.float64]

_N_TERMS: Final = 50_000
_WORD: Final = re.compile(r"\w+")


def unsure(shares: Mapping[str, Floats]) -> Floats:
    """How unsure a model is of each ticket, of shape (n_tickets,): 0 sure, 1 tied between two labels.

    Parameters
    ----------
    shares : mapping of target to ndarray of shape (n_tickets, n_labels)
        Probabilities; tickets are as unsure as their targets are on average.

    References
    ----------
    T. Scheffer, C. Decomain and S. Wrobel (2001), Active Hidden Markov Models for Information Extraction: the margin.
    """
    ties = []
    for of_target in shares.values():
        two = np.sort(of_target, axis=1)[:, -2:]
        ties.append(1 - (two[:, 1] - two[:, 0]))
    mean: Floats = np.mean(ties, axis=0)
    return mean


def worth_labelling(
    tickets: Sequence[Ticket], unsureness: Floats, told: Sequence[Ticket], *, n_wanted: int
) -> list[int]:
    """Rows of the tickets whose labels would teach most, best first.

    One after the other the ticket is taken whose unsureness times its novelty is largest; novelty is 1 less the largest
    cosine, of weighted words, with a ticket that people have ``told`` the labels of or that was taken before.

    References
    ----------
    B. Settles and M. Craven (2008), An Analysis of Active Learning Strategies for Sequence Labeling Tasks: information
    weighed by density; here by the distance from what is labelled, as M.-F. Balcan's and others' core sets have it.
    """
    if not tickets or n_wanted < 1:
        return []
    texts = [ticket_words(one).lower() or "x" for one in (*tickets, *told)]
    weigher = TfidfVectorizer(sublinear_tf=True, analyzer=_WORD.findall, max_features=_N_TERMS, dtype=np.float64)
    terms = weigher.fit_transform(texts)
    pool, known = terms[: len(tickets)], terms[len(tickets) :]
    nearest = np.asarray((pool @ known.T).max(axis=1).todense()).ravel() if len(told) else np.zeros(len(tickets))
    worth = np.array(unsureness, dtype=np.float64)
    taken: list[int] = []
    for _ in range(min(n_wanted, len(tickets))):
        best = int(np.argmax(np.where(np.isin(np.arange(len(worth)), taken), -1.0, worth * (1 - nearest))))
        taken.append(best)
        nearest = np.maximum(nearest, np.asarray((pool @ pool[best].T).todense()).ravel())
    return taken
