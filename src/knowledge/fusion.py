"""Rows found by words, by meaning and by signature, made into one ranking of documents.

Cosines are counted from the mean between the base's own texts and in their standard deviation, so that the
encoder's habits do not matter; BM25 scores are counted in the mean of the best twenty, so that the query's length
does not. A solved ticket counts by its own words and, more, by its resolution. Where words cannot be matched,
because query and document speak different languages, meaning counts for more instead. Signatures speak of a fault,
not of a field: what a document shares of them is added to it as a whole, by their idf as it is.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest

import numpy as np

from knowledge.engine import DocumentKey, Found, Vector
from knowledge.query import Channel

SIGNATURE, WORDS, MEANING = "signature", "words", "meaning"

_USUAL_SPREAD = 0.08  # of the built-in encoders on tickets; stands in while a base has too few rows to tell
_PAIRS_AS_SURE_AS_USUAL = 10
_BEST = 20
_MOST_UNITS = 4.0  # what the only row holding rare words is worth, in means of the best twenty


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionWeights:
    """How much each voice counts.

    ``words`` is what matching words as well as the best twenty rows is worth, in spreads of the cosine;
    ``resolution`` in [0, 1] is the share of a solved ticket's score that its resolution decides; ``signature`` is what
    one unit of BM25 is worth among signatures, in spreads; ``across`` is how much more, as a share, meaning counts for
    a row of another language than the query's.
    """

    words: float = 1.5
    resolution: float = 0.7
    signature: float = 0.5
    across: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class CosineScale:
    """Between texts that have nothing to do with each other: the mean of the cosine, and its standard deviation."""

    mean: float = 0.0
    spread: float = _USUAL_SPREAD

    def standing(self, cosine: float) -> float:
        """A cosine in spreads above the mean."""
        return (cosine - self.mean) / self.spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A document, the row that speaks best for it, its score in [0, 1] and the channels that found it."""

    document: DocumentKey
    key: str
    score: float
    why: tuple[Channel, ...]
    worth: float = 0.0
    """The score in spreads above the mean of the documents found."""


@dataclass(slots=True)
class _Field:
    """What the channels say about one field of a document, in spreads, and the row that says most."""

    meaning: float = -math.inf
    words: float = 0.0
    best: float = -math.inf
    key: str = ""


def fuse(
    meaning: Mapping[str, Sequence[Found]],
    words: Sequence[Found],
    signatures: Sequence[Found] = (),
    *,
    limit: int,
    depth: int,
    scale: CosineScale,
    weights: FusionWeights,
    trusted: Callable[[Found], bool] = lambda _: True,
) -> list[Ranked]:
    """The ``limit`` best of the documents found, best first; ties in the order of kind and id.

    Parameters
    ----------
    meaning : mapping of field to rows
        For each field, its nearest rows, best first. A list of ``depth`` rows is taken to go on below.
    words : rows
        Rows matching the words, best first, over all fields.
    signatures : rows
        Rows sharing signatures, best first, over all fields; no language is asked of them.
    trusted : callable
        Whether a row's words may count; across languages they mislead.
    """
    words = [found for found in words if trusted(found)]
    floors = {name: scale.standing(rows[-1].score) for name, rows in meaning.items() if len(rows) >= max(1, depth)}
    near = [found for rows in meaning.values() for found in rows]
    lift = {found.key: 1.0 if trusted(found) else 1.0 + weights.across for found in near}
    standing = {found.key: lift[found.key] * scale.standing(found.score) for found in near}
    documents = _gather(standing, (*near, *words, *signatures), _matched(words, weights), floors)
    marks = _best_scores(signatures)
    totals = {
        document: _total(fields, floors, weights) + weights.signature * marks.get(document, 0.0)
        for document, fields in documents.items()
    }
    ranks = {SIGNATURE: _ranks(signatures), WORDS: _ranks(words), MEANING: _ranks(near)}
    middle = sum(totals.values()) / max(1, len(totals))
    return [
        Ranked(
            document=document,
            key=max(documents[document].values(), key=lambda one: one.best).key,
            score=share_of(totals[document] - middle),
            why=tuple(Channel(name, ranks[name][document]) for name in ranks if document in ranks[name]),
            worth=totals[document] - middle,
        )
        for document in nsmallest(limit, totals, key=lambda one: (-totals[one], one))
    ]


def scale_of(vectors: Vector) -> CosineScale:
    """How the cosine between texts is distributed, from unit vectors of shape (n_texts, dimension)."""
    cosines = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
    if not len(cosines):
        return CosineScale()
    known = len(cosines) / (len(cosines) + _PAIRS_AS_SURE_AS_USUAL)
    spread = math.sqrt(known * float(cosines.var()) + (1 - known) * _USUAL_SPREAD**2)
    return CosineScale(mean=float(cosines.mean()), spread=spread)


def _matched(words: Sequence[Found], weights: FusionWeights) -> dict[str, float]:
    """By row, what its words are worth in spreads."""
    best = [found.score for found in words[:_BEST]]
    unit = max(sum(best) / _BEST, max(best, default=0.0) / _MOST_UNITS) or 1.0
    return {found.key: weights.words * found.score / unit for found in words}


def _gather(
    standing: Mapping[str, float], rows: Iterable[Found], matched: Mapping[str, float], floors: Mapping[str, float]
) -> dict[DocumentKey, dict[str, _Field]]:
    """By document and field, what each channel says in spreads."""
    documents: dict[DocumentKey, dict[str, _Field]] = {}
    for found in rows:
        fields = documents.setdefault((found.kind, found.document), {})
        if (one := fields.get(found.field)) is None:
            one = fields[found.field] = _Field()
        meaning = standing.get(found.key, floors.get(found.field, 0.0))
        matching = matched.get(found.key, 0.0)
        one.meaning, one.words = max(one.meaning, meaning), max(one.words, matching)
        if meaning + matching > one.best:
            one.best, one.key = meaning + matching, found.key
    return documents


def _total(fields: Mapping[str, _Field], floors: Mapping[str, float], weights: FusionWeights) -> float:
    """A document's score in spreads: its best passage, or its ticket's words and resolution weighed.

    A field that no channel found is worth its list's floor; where the list is not full, there is no such row.
    """
    worth = {name: one.meaning + one.words for name, one in fields.items()}
    if "passage" in worth:
        return worth["passage"]
    told, solved = (worth.get(name, floors.get(name)) for name in ("ticket", "resolution"))
    if told is None or solved is None:
        return (told if solved is None else solved) or 0.0
    return (1 - weights.resolution) * told + weights.resolution * solved


def _ranks(found: Iterable[Found]) -> dict[DocumentKey, int]:
    """Each document's rank by its best row, from 1."""
    best = _best_scores(found)
    order = sorted(best, key=lambda document: (-best[document], document))
    return {document: rank for rank, document in enumerate(order, start=1)}


def _best_scores(found: Iterable[Found]) -> dict[DocumentKey, float]:
    """Each document's score by its best row."""
    best: dict[DocumentKey, float] = {}
    for one in found:
        document = (one.kind, one.document)
        best[document] = max(one.score, best.get(document, -math.inf))
    return best


def share_of(spreads: float) -> float:
    """A score in spreads above the mean of the answer, pressed into [0, 1]; half is the mean."""
    return 0.5 * (1.0 + math.tanh(spreads / 4))
