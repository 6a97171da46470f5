"""Fusion weights chosen on a desk's own judgements, and kept beside its knowledge base."""

import json
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.difference import Difference, paired
from knowledge.engine import KnowledgeError, Vector
from knowledge.fusion import FusionWeights
from knowledge.judgement import MEASURES, Judgement, judged_searches
from knowledge.place import Place
from knowledge.query import Hit, Query

_log = logging.getLogger(__name__)

FEWEST: Final = 50
"""Judged searches without which nothing is chosen: fewer tell luck from gain badly."""

_FILE: Final = "weights.json"
_WORDS, _RESOLUTIONS, _ACROSS = (1.0, 1.5, 2.0), (0.5, 0.7, 0.85), (0.25, 0.5, 1.0)
_FOLDS: Final = 5
_SEED: Final = 0
_CHOSEN_BY: Final = MEASURES.index("ndcg_at_10")

Search = Callable[[Query, FusionWeights], list[Hit]]


class TooFewJudgementsError(KnowledgeError):
    """Too few searches were judged to choose weights on."""

    def __init__(self, n_judged: int) -> None:
        super().__init__(
            f"{n_judged} judged searches are too few to choose weights on; give at least {FEWEST}, "
            "as a file of judgements or as votes for hits"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """The best weights on some judgements, and what choosing so gains in nDCG@10 on judgements not chosen on."""

    before: FusionWeights
    best: FusionWeights
    gain: Difference

    @property
    def is_better(self) -> bool:
        """Whether the gain is more than luck."""
        return self.gain.low > 0


def weigh(
    judgements: Sequence[Judgement],
    *,
    search: Search,
    encode: Callable[[Query], Vector | None],
    before: FusionWeights,
    progress: Callable[[int, int], None] | None = None,
) -> Weighing:
    """Try weights around the usual ones; what the choice gains is told by five folds that it did not see.

    Judgements that share a relevant document stay in one fold.

    Raises
    ------
    TooFewJudgementsError
        There are fewer than `FEWEST`.
    """
    if len(judgements) < FEWEST:
        raise TooFewJudgementsError(len(judgements))
    tried = [before, *(one for one in _candidates(before) if one != before)]
    vectors: dict[int, Vector | None] = {}
    scores = np.empty((len(tried), len(judgements)))
    for number, weights in enumerate(tried):
        for i, judgement in enumerate(judgements):
            scores[number, i] = _scored(judgement, _Weighed(search, encode, weights, vectors, i))
        if progress is not None:
            progress(number + 1, len(tried))
    return Weighing(
        before=before,
        best=tried[int(scores.mean(axis=1).argmax())],
        gain=paired(_held_out(scores, _folds(judgements)) - scores[0]),
    )


def keep_weights(place: Place, weights: FusionWeights, *, encoder: str) -> None:
    """Let searches in ``place`` weigh so, as long as its vectors come from ``encoder``; call as the writer."""
    content = json.dumps({"encoder": encoder, **asdict(weights)}).encode()
    place.swap(_FILE, old=place.read(_FILE), new=content)


def kept_weights(place: Place, *, encoder: str) -> FusionWeights:
    """The weights chosen for this place and encoder, or the usual ones."""
    try:
        facts = json.loads(place.read(_FILE, max_age_seconds=1.0) or b"{}")
        if facts.pop("encoder", None) == encoder:
            return FusionWeights(**facts)
    except (ValueError, TypeError, AttributeError):  # of another version, or damaged
        _log.warning("the weights kept for a knowledge base cannot be understood; the usual ones are used")
    return FusionWeights()


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A knowledge base that searches with certain weights, for one judgement whose vector is known after the first."""

    _search: Search
    _encode: Callable[[Query], Vector | None]
    _weights: FusionWeights
    _vectors: dict[int, Vector | None]
    _judgement: int

    def search(self, query: Query) -> list[Hit]:
        return self._search(query, self._weights)

    def encode(self, query: Query) -> Vector | None:
        if self._judgement not in self._vectors:
            self._vectors[self._judgement] = self._encode(query)
        return self._vectors[self._judgement]

    def kinds_of(self, ids: Collection[str]) -> dict[str, frozenset[str]]:  # noqa: ARG002 - both kinds in one list
        return {}


def _candidates(before: FusionWeights) -> list[FusionWeights]:
    return [
        FusionWeights(words=words, resolution=resolution, across=across, signature=before.signature)
        for words, resolution, across in product(_WORDS, _RESOLUTIONS, _ACROSS)
    ]


def _scored(judgement: Judgement, searched: _Weighed) -> float:
    """The measure of the one list that holds both kinds; nothing where only the query's own ticket is relevant."""
    return next((one.scores[_CHOSEN_BY] for one in judged_searches([judgement], searched)), 0.0)


def _folds(judgements: Sequence[Judgement]) -> NDArray[np.intp]:
    """The fold of each judgement: those that share a relevant document go together."""
    group = list(range(len(judgements)))
    first: dict[str, int] = {}
    for i, judgement in enumerate(judgements):
        for document in judgement.relevant:
            if (other := first.setdefault(document, i)) != i:
                a, b = group[i], group[other]
                group = [a if one == b else one for one in group]
    names, inverse = np.unique(group, return_inverse=True)
    return np.random.default_rng(_SEED).permutation(len(names))[inverse] % _FOLDS


def _held_out(scores: NDArray[np.float64], fold_of: NDArray[np.intp]) -> NDArray[np.float64]:
    """Each judgement's score by the weights that are best on the other folds."""
    result = np.empty(scores.shape[1])
    for fold in np.unique(fold_of):
        held = fold_of == fold
        best = scores[:, ~held].mean(axis=1).argmax() if (~held).any() else 0
        result[held] = scores[best, held]
    return result
