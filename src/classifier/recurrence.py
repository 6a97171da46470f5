"""Whether a ticket reports a problem that was solved before: then the solved ticket's labels speak for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from classifier.members import MEANING_AND_PRODUCT, WORDS_AND_PRODUCT, Features

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Flags = NDArray[np.bool_]

_NEIGHBOURS: Final = 8
_SAMPLE: Final = 2_000
_FEWEST_SIBLINGS: Final = 30
_WEIGHTS: Final = np.array([1, 1, 1, 4], np.float32)
"""How much words, subject, body and product count in finding the nearest: a problem mostly stays with its product."""
_NEW_PROBLEMS: Final = 0.9
"""Share of arriving tickets that the judge expects to be of a problem never seen before."""
_SUREST: Final = 0.999
_BLOCK: Final = 64


@dataclass(frozen=True)
class Likeness:
    """Features of solved tickets, ready to be compared with new ones."""

    words: Any
    """Sparse TF-IDF of words and product, shape (n_features, n_solved)."""
    vectors: Floats32
    """Sentence vectors of subject, body and product, shape (n_solved, 3 * dimension); no columns without an encoder."""

    @classmethod
    def of(cls, features: Features) -> "Likeness":
        """The likeness to the tickets that ``features`` describe."""
        return cls(features[WORDS_AND_PRODUCT].T.tocsr(), _vectors(features))

    @property
    def n_measures(self) -> int:
        """Cosines that two tickets are compared by."""
        return 4 if self.vectors.shape[1] else 1

    def measures(self, features: Features) -> Floats32:
        """Cosines of new tickets with each solved one, of shape (n_new, n_solved, n_measures).

        The measures are the words with the product, and with an encoder the meaning of subject, body and product.
        """
        measures = [(features[WORDS_AND_PRODUCT] @ self.words).toarray() / 2]
        if self.vectors.shape[1]:
            fields = zip(np.split(_vectors(features), 3, axis=1), np.split(self.vectors, 3, axis=1), strict=True)
            measures += [new @ solved.T for new, solved in fields]
        return np.stack(measures, axis=2).astype(np.float32, copy=False)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The solved tickets nearest to a new one, nearest first; arrays of shape (n_neighbours,)."""

    rows: NDArray[np.intp]
    same_problem: Floats
    """Probability of each to be of the new ticket's problem; zero where that was never learned."""
    resemblance: Floats
    """Mean of the cosines; in [0, 1]."""

    def among(self, rows: NDArray[np.intp]) -> "Neighbours":
        """The same, where this one's rows count within ``rows`` of a larger history."""
        return Neighbours(rows[self.rows], self.same_problem, self.resemblance)


@dataclass(frozen=True)
class Recurrence:
    """A judge of whether a solved ticket was about the same problem as a new one."""

    likeness: Likeness
    judge: HistGradientBoostingClassifier | None
    """None where the history names too few tickets of one problem to learn it from."""

    @classmethod
    def learned(cls, features: Features, groups: NDArray[np.intp], *, seed: int) -> "Recurrence":
        """Learned from pairs of solved tickets of known problems.

        The judge sees the nearest of each sampled ticket, most of them with the siblings hidden, as if the problem
        were new, so that it is not surer than a stream of new and old problems allows. More alike is never judged
        less likely the same.

        Parameters
        ----------
        groups : ndarray of shape (n_solved,)
            The number of each ticket's problem.
        """
        likeness = Likeness.of(features)
        random = np.random.default_rng(seed)
        sample = random.permutation(len(groups))[:_SAMPLE]
        sibling = groups[sample][:, None] == groups[None, :]
        sibling[np.arange(len(sample)), sample] = False
        if sibling.sum() < _FEWEST_SIBLINGS:
            return cls(likeness, None)

        hidden = sibling & (random.random(len(sample)) < _NEW_PROBLEMS)[:, None]
        hidden[np.arange(len(sample)), sample] = True
        pairs, same = [], []
        for i, measures in enumerate(_measured(likeness, _rows(features, sample))):
            nearest = _nearest(measures, hidden[i])
            pairs.append(measures[nearest])
            same.append(sibling[i, nearest])
        judge = HistGradientBoostingClassifier(
            max_depth=3, max_iter=60, monotonic_cst=[1] * likeness.n_measures, random_state=seed
        )
        return cls(likeness, judge.fit(np.concatenate(pairs), np.concatenate(same)))

    def neighbours(self, features: Features) -> list[Neighbours]:
        """The solved tickets nearest to each new one."""
        return [self._judged(measures) for measures in _measured(self.likeness, features)]

    def _judged(self, measures: Floats32) -> Neighbours:
        rows = _nearest(measures, np.zeros(len(measures), dtype=bool))
        same = np.zeros(len(rows))
        if self.judge is not None:
            same = self.judge.predict_proba(measures[rows])[:, 1]
        return Neighbours(rows, same, measures[rows].mean(axis=1, dtype=np.float64).clip(0, 1))


def mixed(
    shares: Mapping[str, Floats], truth: Mapping[str, NDArray[np.intp]], neighbours: Sequence[Neighbours]
) -> dict[str, Floats]:
    """Probabilities of the pool mixed with the labels of solved tickets, as far as these are of the same problem.

    By Bayes' rule: the odds that a neighbour is of the same problem are multiplied by the lift of its labels, that is
    by how much more probable the pool holds them for this ticket than they are in the history. The new ticket is of
    one neighbour's problem, then its labels hold, or of none, then the pool's probabilities stand.

    Parameters
    ----------
    shares : mapping of target to ndarray of shape (n_tickets, n_labels)
        The pool's probabilities.
    truth : mapping of target to ndarray of shape (n_solved,)
        The solved tickets' labels as indices, -1 where unknown.
    """
    lifts = {name: _lift(shares[name], truth[name]) for name in shares}
    result = {name: pooled.copy() for name, pooled in shares.items()}
    for i, near in enumerate(neighbours):
        labels = {name: truth[name][near.rows] for name in shares}
        odds = near.same_problem / (1 - near.same_problem.clip(max=_SUREST))
        for name, lift in lifts.items():
            odds = odds * np.where(labels[name] >= 0, lift[i, labels[name]], 1.0)
        odds[_repeated(np.stack(list(labels.values())), odds)] = 0.0
        trust = odds / (1 + odds.sum())
        for name, mix in result.items():
            known = labels[name] >= 0
            mix[i] *= 1 - trust[known].sum()
            mix[i] += np.bincount(labels[name][known], weights=trust[known], minlength=mix.shape[1])
    return result


def _lift(shares: Floats, y: NDArray[np.intp]) -> Floats:
    """How much more probable each label is for a ticket than in the history, shape (n_tickets, n_labels)."""
    counts = np.bincount(y[y >= 0], minlength=shares.shape[1])
    lift: Floats = shares * counts.sum() / np.maximum(counts, 1)
    return lift


def _repeated(labels: NDArray[np.intp], odds: Floats) -> NDArray[np.intp]:
    """The neighbours that say no more than a likelier one with the same labels: siblings are not proof twice."""
    order = np.argsort(-odds, kind="stable")
    first = np.unique(labels[:, order], axis=1, return_index=True)[1]
    return np.delete(order, first)


def _measured(likeness: Likeness, features: Features) -> Iterator[Floats32]:
    """The measures of one ticket after the other, each of shape (n_solved, n_measures), in bounded memory."""
    for start in range(0, features[WORDS_AND_PRODUCT].shape[0], _BLOCK):
        yield from likeness.measures(_rows(features, slice(start, start + _BLOCK)))


def _nearest(measures: Floats32, hidden: Flags) -> NDArray[np.intp]:
    """Indices of the solved tickets of greatest likeness, best first, without the hidden ones."""
    seen = np.flatnonzero(~hidden)
    likeness = measures[seen] @ _WEIGHTS[: measures.shape[1]]
    return seen[np.argsort(-likeness, kind="stable")[:_NEIGHBOURS]]


def _rows(features: Features, rows: NDArray[np.intp] | slice) -> Features:
    return Features({name: matrix[rows] for name, matrix in features.matrices.items()})


def _vectors(features: Features) -> Floats32:
    if MEANING_AND_PRODUCT not in features.matrices:
        return np.empty((features[WORDS_AND_PRODUCT].shape[0], 0), np.float32)
    vectors: Floats32 = features[MEANING_AND_PRODUCT]
    return vectors
