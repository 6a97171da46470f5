"""Whether a ticket reports a problem that was solved before: then the solved ticket's labels speak for it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.ensemble import HistGradientBoostingClassifier

from classifier.members import CLOSING, HAS_PRODUCT, MEANING, PRODUCT_MEANING, WORDS, WORDS_AND_PRODUCT, Features
from classifier.plda import Plda

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Flags = NDArray[np.bool_]

_NEIGHBOURS: Final = 8
_SAMPLE: Final = 2_000
_PARTS: Final = 4
"""Parts of the problems that take turns in being judged by what was learned from the others."""
_FEWEST_SIBLINGS: Final = 30
_WEIGHTS: Final = {WORDS: 1.0, MEANING: 2.0, PRODUCT_MEANING: 20.0, CLOSING: 0.0}
"""How much each cosine counts in finding the nearest: a problem mostly stays with its product."""
_KINSHIP_WEIGHT: Final = 0.1
_SAME_PRODUCT: Final = 0.9999
_NEW_PROBLEMS: Final = 0.95
"""Share of arriving tickets that the judge expects to be of a problem never seen before."""
_SUREST: Final = 0.999
_LENGTH_OF_WORDS: Final = math.sqrt(2)  # two parts of length one
_DECIMALS: Final = 4
"""Measures are rounded, so that the last bits of a product, which differ from batch to batch, decide nothing."""
_BLOCK: Final = 64


@dataclass(frozen=True)
class Kinship:
    """What tells of solved tickets' meaning whether a new one is of their problem."""

    plda: Plda
    solved: NDArray[np.float64]
    """The solved tickets in the learned coordinates, of shape (n_solved, n_directions)."""

    @classmethod
    def learned(cls, features: Features, groups: NDArray[np.intp], among: Flags) -> "Kinship | None":
        """Learned from the tickets ``among``, for all; None where they were not encoded.

        Fewer than two problems told more than once teach nothing that could be tested on the other: None as well.
        """
        _, n_tellings = np.unique(groups, return_counts=True)
        if MEANING not in features.blocks or (n_tellings > 1).sum() < 2:
            return None
        plda = Plda.learned(features[MEANING][among], groups[among])
        return cls(plda, plda.project(features[MEANING]))

    def ratios(self, features: Features) -> Floats32:
        """Logarithmic likelihood ratios of shape (n_new, n_solved)."""
        return self.plda.log_ratios(self.plda.project(features[MEANING]), self.solved).astype(np.float32)


@dataclass(frozen=True)
class Likeness:
    """Features of solved tickets, ready to be compared with new ones."""

    blocks: Mapping[str, Any]
    """By the block's name, of shape (n_features, n_solved), every ticket's of length one."""
    groups: NDArray[np.intp]
    """The number of each solved ticket's problem, of shape (n_solved,)."""
    kinship: Kinship | None
    closed: Flags
    """Whether it is known what closed each solved ticket, of shape (n_solved,)."""

    @classmethod
    def of(cls, features: Features, groups: NDArray[np.intp], kinship: Kinship | None = None) -> "Likeness":
        """The likeness to the tickets that ``features`` describe."""
        units = _units(features)
        closed = np.zeros(len(features), dtype=bool)
        if CLOSING in features.blocks:
            units[CLOSING] = features[CLOSING] / _LENGTH_OF_WORDS
            closed = np.diff(features[CLOSING].indptr) > 0
        blocks = {name: block.T.tocsr() if issparse(block) else block.T for name, block in units.items()}
        return cls(blocks, groups, kinship, closed)

    @property
    def told(self) -> NDArray[np.intp]:
        """The measures that compare what both tickets say; not every one names a product, and no new one was closed."""
        return np.array([i for i, name in enumerate(self.blocks) if name in {WORDS, MEANING}], dtype=np.intp)

    @property
    def weights(self) -> Floats32:
        """How much each measure counts in finding the nearest, of shape (n_measures,)."""
        kinship = [] if self.kinship is None else [_KINSHIP_WEIGHT]
        return np.array([_WEIGHTS[name] for name in self.blocks] + kinship, np.float32)

    def measures(self, features: Features) -> Floats32:
        """Of each new and solved ticket the cosines, then the kinship; of shape (n_new, n_solved, n_measures).

        What closed a solved ticket is compared with what the new one says.
        """
        new = _units(features)
        new[CLOSING] = features[WORDS] / _LENGTH_OF_WORDS
        measured = [new[name] @ solved for name, solved in self.blocks.items()]
        if self.kinship is not None:
            measured.append(self.kinship.ratios(features))
        dense = np.stack([one.toarray() if issparse(one) else one for one in measured], axis=2)
        return dense.round(_DECIMALS).astype(np.float32)

    def signs(self, measures: Floats32, rows: NDArray[np.intp], hidden: Flags) -> Floats32:
        """What the judge sees of the solved tickets at ``rows``: their measures, then by how much they lead.

        A lead, in closing words and in kinship, is over the best ticket of the same product and another problem,
        among those not hidden. What is not known of a ticket is NaN, and so is a lead over nobody.
        """
        seen, names = measures[rows], list(self.blocks)
        led = [] if self.kinship is None else [seen.shape[1] - 1]
        if CLOSING in names:
            seen[~self.closed[rows], names.index(CLOSING)] = np.nan
            led.insert(0, names.index(CLOSING))
        if PRODUCT_MEANING not in names:
            return seen
        rivals = np.flatnonzero((measures[:, names.index(PRODUCT_MEANING)] >= _SAME_PRODUCT) & ~hidden)
        other = self.groups[rivals][None, :] != self.groups[rows][:, None]
        best = np.where(other[:, :, None], measures[rivals][None, :, led], -np.inf).max(axis=1, initial=-np.inf)
        leads = np.where(np.isfinite(best), seen[:, led] - best, np.nan)
        return np.hstack([seen, leads]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The solved tickets nearest to a new one, nearest first; arrays of shape (n_neighbours,)."""

    rows: NDArray[np.intp]
    same_problem: Floats
    """Probability of each to be of the new ticket's problem; zero where that was never learned."""
    resemblance: Floats
    """Mean of the cosines of what both say; in [0, 1]."""

    @classmethod
    def nobody(cls) -> "Neighbours":
        """No neighbours at all."""
        return cls(np.empty(0, dtype=np.intp), np.empty(0), np.empty(0))

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

        The judge sees the nearest of each sampled ticket twice, with its siblings hidden, as if the problem were new,
        and with them; either counts as often as a stream of new and old problems has it. More alike is never judged
        less likely the same.

        Parameters
        ----------
        groups : ndarray of shape (n_solved,)
            The number of each ticket's problem.
        """
        random = np.random.default_rng(seed)
        sample = random.permutation(len(groups))[:_SAMPLE]
        sibling = groups[sample][:, None] == groups[None, :]
        sibling[np.arange(len(sample)), sample] = False
        if sibling.sum() < _FEWEST_SIBLINGS:
            return cls(Likeness.of(features, groups), None)

        signs, same, weight = [], [], []
        parts = _parts(groups)
        for part in range(_PARTS):
            judged = np.flatnonzero(parts[sample] == part)
            likeness = Likeness.of(features, groups, Kinship.learned(features, groups, parts != part))
            for i, measures in zip(judged, _measured(likeness, features.at(sample[judged])), strict=True):
                itself = np.arange(len(groups)) == sample[i]
                for hidden, share in ((itself | sibling[i], _NEW_PROBLEMS), (itself, 1 - _NEW_PROBLEMS)):
                    nearest = _nearest(measures @ likeness.weights, hidden)
                    signs.append(likeness.signs(measures, nearest, hidden))
                    same.append(sibling[i, nearest])
                    weight.append(np.full(len(nearest), share))
        seen = np.concatenate(signs)
        seen[:, np.isnan(seen).all(axis=0)] = 0.0  # what is known of nobody, such as a lead: trees want a value
        judge = HistGradientBoostingClassifier(
            max_depth=3, max_iter=60, monotonic_cst=[1] * seen.shape[1], random_state=seed
        )
        judge.fit(seen, np.concatenate(same), np.concatenate(weight))
        everyone = np.ones(len(groups), dtype=bool)
        return cls(Likeness.of(features, groups, Kinship.learned(features, groups, everyone)), judge)

    def neighbours(self, features: Features) -> list[Neighbours]:
        """The solved tickets nearest to each new one."""
        return [self._judged(measures) for measures in _measured(self.likeness, features)]

    def _judged(self, measures: Floats32) -> Neighbours:
        nobody_hidden = np.zeros(len(measures), dtype=bool)
        rows = _nearest(measures @ self.likeness.weights, nobody_hidden)
        same = np.zeros(len(rows))
        if self.judge is not None:
            same = self.judge.predict_proba(self.likeness.signs(measures, rows, nobody_hidden))[:, 1]
        cosines = measures[np.ix_(rows, self.likeness.told)]
        return Neighbours(rows, same, cosines.mean(axis=1, dtype=np.float64).clip(0, 1))


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
        if not near.same_problem.any():
            continue
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


def _parts(groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """The part of each ticket's problem, of shape (n_tickets,); problems told more than once are spread over all."""
    _, problem, n_tellings = np.unique(groups, return_inverse=True, return_counts=True)
    part = np.empty(len(n_tellings), dtype=np.intp)
    part[np.argsort(-n_tellings, kind="stable")] = np.arange(len(n_tellings)) % _PARTS
    return part[problem]


def _measured(likeness: Likeness, features: Features) -> Iterator[Floats32]:
    """The measures of one ticket after the other, each of shape (n_solved, n_measures), in bounded memory."""
    for start in range(0, len(features), _BLOCK):
        yield from likeness.measures(features.at(slice(start, start + _BLOCK)))


def _nearest(likeness: Floats32, hidden: Flags) -> NDArray[np.intp]:
    """Indices of the solved tickets of greatest likeness, best first, without the hidden ones."""
    seen = np.flatnonzero(~hidden)
    likeness = likeness[seen]
    best = np.argpartition(-likeness, min(_NEIGHBOURS, len(seen)) - 1)[:_NEIGHBOURS] if len(seen) else seen
    return seen[best[np.argsort(-likeness[best], kind="stable")]]


def _units(features: Features) -> dict[str, Any]:
    """What is compared, every row of length one: words with the product where it is named, and meaning.

    Without a product there is nothing to compare: its row is nought, and so is every cosine with it.
    """
    compared = {WORDS: features.blocks.get(WORDS_AND_PRODUCT, features[WORDS]) / _LENGTH_OF_WORDS}
    for name in (MEANING, PRODUCT_MEANING):
        if name in features.blocks:
            block = features[name]
            compared[name] = block / np.linalg.norm(block, axis=1, keepdims=True)
    if PRODUCT_MEANING in compared:
        compared[PRODUCT_MEANING] = compared[PRODUCT_MEANING] * features[HAS_PRODUCT]
    return compared
