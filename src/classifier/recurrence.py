"""Whether a ticket reports a problem that was solved before: then the solved ticket's labels speak for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from classifier.members import MEANING, WORDS, WORDS_AND_PRODUCT, Features

Floats = NDArray[np.float64]

_NEIGHBOURS: Final = 8
_SAMPLE: Final = 2_000
_FEWEST_SIBLINGS: Final = 30
_NEW_PROBLEMS: Final = 0.75
"""Share of arriving tickets that the judge expects to be of a problem never seen before."""
_BLOCK: Final = 256


@dataclass(frozen=True)
class Likeness:
    """Features of solved tickets, ready to be compared with new ones; one column a solved ticket."""

    words: Any
    """Sparse TF-IDF by feature, shape (n_features, n_solved)."""
    words_and_product: Any
    meaning: NDArray[np.float32]
    """Sentence vectors of subject and body, shape (n_solved, 2 * dimension); no columns without an encoder."""

    @classmethod
    def of(cls, features: Features) -> "Likeness":
        """The likeness to the tickets that ``features`` describe."""
        n_solved = features[WORDS].shape[0]
        meaning = features[MEANING] if MEANING in features.matrices else np.empty((n_solved, 0), np.float32)
        return cls(features[WORDS].T.tocsr(), features[WORDS_AND_PRODUCT].T.tocsr(), meaning)

    def measures(self, features: Features) -> Floats:
        """Cosines of new tickets with each solved one, of shape (n_new, n_solved, 3): words, with product, meaning."""
        words = (features[WORDS] @ self.words).toarray() / 2
        with_product = (features[WORDS_AND_PRODUCT] @ self.words_and_product).toarray() / 2
        meaning = features[MEANING] @ self.meaning.T / 2 if self.meaning.shape[1] else np.zeros_like(words)
        return np.stack([words, with_product, meaning], axis=2).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The solved tickets nearest to a new one, nearest first; arrays of shape (n_neighbours,)."""

    rows: NDArray[np.intp]
    same_problem: Floats
    """Probability of each to be of the new ticket's problem; zero where that was never learned."""
    resemblance: Floats
    """Mean cosine of words, words with product, and meaning; in [0, 1]."""

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

        Most of the sampled tickets are compared with their siblings hidden, as if their problem were new, so that the
        judge is not surer than a stream of new and old problems allows.

        Parameters
        ----------
        groups : ndarray of shape (n_solved,)
            The number of each ticket's problem.
        """
        likeness = Likeness.of(features)
        random = np.random.default_rng(seed)
        sample = random.permutation(len(groups))[:_SAMPLE]
        pairs, same = [], []
        for start in range(0, len(sample), _BLOCK):
            rows = sample[start : start + _BLOCK]
            measures = likeness.measures(Features({name: m[rows] for name, m in features.matrices.items()}))
            sibling = groups[rows][:, None] == groups[None, :]
            hidden = sibling & (random.random(len(rows)) < _NEW_PROBLEMS)[:, None]
            hidden[np.arange(len(rows)), rows] = True
            for i, nearest in enumerate(_nearest(measures, hidden)):
                pairs.append(_evidence(measures[i], nearest))
                same.append(sibling[i, nearest])
        y = np.concatenate(same)
        if y.sum() < _FEWEST_SIBLINGS:
            return cls(likeness, None)
        judge = HistGradientBoostingClassifier(max_depth=3, max_iter=60, random_state=seed)
        return cls(likeness, judge.fit(np.concatenate(pairs), y))

    def neighbours(self, features: Features) -> list[Neighbours]:
        """The solved tickets nearest to each new one."""
        found: list[Neighbours] = []
        for start in range(0, features[WORDS].shape[0], _BLOCK):
            part = Features({name: m[start : start + _BLOCK] for name, m in features.matrices.items()})
            measures = self.likeness.measures(part)
            nearest = _nearest(measures, np.zeros(measures.shape[:2], dtype=bool))
            found += [self._judged(measures[i], rows) for i, rows in enumerate(nearest)]
        return found

    def _judged(self, measures: Floats, rows: NDArray[np.intp]) -> Neighbours:
        same = np.zeros(len(rows))
        if self.judge is not None and len(rows):
            same = self.judge.predict_proba(_evidence(measures, rows))[:, 1]
        return Neighbours(rows, same, measures[rows].mean(axis=1).clip(0, 1))


def mixed(shares: Floats, y: NDArray[np.intp], neighbours: Sequence[Neighbours]) -> Floats:
    """Probabilities of the pool mixed with the labels of solved tickets, as far as these are of the same problem.

    Parameters
    ----------
    shares : ndarray of shape (n_tickets, n_labels)
        The pool's probabilities.
    y : ndarray of shape (n_solved,)
        The solved tickets' labels as indices, -1 where unknown.
    """
    result = shares.copy()
    for i, near in enumerate(neighbours):
        known = y[near.rows] >= 0
        same = near.same_problem[known]
        if not same.any():
            continue
        votes = np.bincount(y[near.rows][known], weights=same, minlength=shares.shape[1])
        belief = same.max()
        result[i] = (1 - belief) * shares[i] + belief * votes / votes.sum()
    return result


def _nearest(measures: Floats, hidden: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Indices of the solved tickets with the largest sum of cosines, best first, without the hidden ones."""
    total = np.where(hidden, -np.inf, measures.sum(axis=2))
    n = min(_NEIGHBOURS, total.shape[1])
    nearest = np.argsort(-total, axis=1, kind="stable")[:, :n]
    return [row[np.isfinite(total[i, row])] for i, row in enumerate(nearest)]


def _evidence(measures: Floats, nearest: NDArray[np.intp]) -> Floats:
    """What the judge sees of each pair: three cosines, and how each stands out among the nearest."""
    near = measures[nearest]
    return np.hstack([near, near - near.mean(axis=0)])
