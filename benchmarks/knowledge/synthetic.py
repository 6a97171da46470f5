"""A made-up corpus of any size, the same each time: Zipf-distributed words, clustered vectors, a 1 % filter."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from wordfreq import top_n_list

DIMENSION = 384
CHUNK = 20_000
"""Documents made at a time."""

_N_CUSTOMERS = 100  # each has 1 % of the documents
_N_TOPICS, _N_LATENT, _WORDS_OF_A_TOPIC = 1_500, 48, 200
_N_GERMAN, _N_ENGLISH, _N_STOP_WORDS = 40_000, 10_000, 120
_EXPONENT = 1.05
_TOPICAL = 0.35  # share of words that are drawn from the topic's own
_SPREAD, _NOISE = 0.6, 0.012  # of latent vectors around their topic's, of each of the numbers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chunk:
    """Documents from number ``start`` on."""

    start: int
    titles: list[str]
    bodies: list[str]
    customers: NDArray[np.int64]
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """Words and a vector that no document has."""

    terms: tuple[str, ...]
    vector: NDArray[np.float32]
    customer: int


@dataclass(frozen=True)
class SyntheticCorpus:
    """``n_documents`` documents: a title of 5 to 9 words and a body of 25 to 79, one vector each."""

    n_documents: int
    seed: int = 0

    def chunks(self, *, worded: bool = True) -> Iterator[Chunk]:
        """All documents, in order; where they need not be ``worded``, which takes most of the time, without texts."""
        for start in range(0, self.n_documents, CHUNK):
            rng = np.random.default_rng((self.seed, 1, start))
            n = min(CHUNK, self.n_documents - start)
            topics = rng.integers(_N_TOPICS, size=n)
            yield Chunk(
                start=start,
                titles=self._texts(rng, topics, 5, 10, worded=worded),
                bodies=self._texts(rng, topics, 25, 80, worded=worded),
                customers=rng.integers(_N_CUSTOMERS, size=n),
                vectors=self._vectors(rng, topics),
            )

    def questions(self, n: int) -> list[Question]:
        """``n`` questions, always the same ones."""
        rng = np.random.default_rng((self.seed, 2))
        topics = rng.integers(_N_TOPICS, size=n)
        texts = self._texts(rng, topics, 6, 14)
        customers = rng.integers(_N_CUSTOMERS, size=n)
        return [
            Question(terms=tuple(dict.fromkeys(words.split())), vector=vector, customer=int(customer))
            for words, vector, customer in zip(texts, self._vectors(rng, topics), customers, strict=True)
        ]

    def nearest(self, questions: list[Question], limit: int, *, filtered: bool) -> list[list[int]]:
        """The numbers of the documents that truly point most nearly the same way, best first."""
        asked = np.stack([one.vector for one in questions])
        customers = np.array([one.customer for one in questions])
        scores = np.full((len(questions), limit), -np.inf, np.float32)
        numbers = np.full((len(questions), limit), -1)
        for chunk in self.chunks(worded=False):
            cosines = asked @ chunk.vectors.T
            if filtered:
                cosines[customers[:, None] != chunk.customers[None, :]] = -np.inf
            here = np.argpartition(-cosines, min(limit, cosines.shape[1] - 1), axis=1)[:, :limit]
            both = np.hstack([scores, np.take_along_axis(cosines, here, 1)])
            known = np.hstack([numbers, chunk.start + here])
            best = np.argsort(-both, axis=1, kind="stable")[:, :limit]
            scores, numbers = np.take_along_axis(both, best, 1), np.take_along_axis(known, best, 1)
        return [
            [int(number) for number, score in zip(*row, strict=True) if score > -np.inf]
            for row in zip(numbers, scores, strict=True)
        ]

    @cached_property
    def _vocabulary(self) -> NDArray[np.object_]:
        """Words by falling frequency, stop words left out; four of five are German."""
        german, english = (
            [word for word in top_n_list(language, n + _N_STOP_WORDS)[_N_STOP_WORDS:] if word.isalpha()]
            for language, n in (("de", _N_GERMAN), ("en", _N_ENGLISH))
        )
        mixed: list[str] = []
        for place, word in enumerate(english):
            mixed += [*german[4 * place : 4 * place + 4], word]
        return np.array(list(dict.fromkeys(mixed)), object)

    @cached_property
    def _cumulative(self) -> NDArray[np.float64]:
        weights = np.arange(50, len(self._vocabulary) + 50, dtype=float) ** -_EXPONENT
        return np.cumsum(weights / weights.sum())

    @cached_property
    def _topic_words(self) -> NDArray[np.int64]:
        rng = np.random.default_rng((self.seed, 3))
        return rng.integers(200, len(self._vocabulary), size=(_N_TOPICS, _WORDS_OF_A_TOPIC))

    @cached_property
    def _topic_vectors(self) -> NDArray[np.float32]:
        return np.random.default_rng((self.seed, 4)).standard_normal((_N_TOPICS, _N_LATENT)).astype(np.float32)

    @cached_property
    def _projection(self) -> NDArray[np.float32]:
        rng = np.random.default_rng((self.seed, 5))
        return np.asarray(rng.standard_normal((_N_LATENT, DIMENSION)) / np.sqrt(_N_LATENT * DIMENSION), np.float32)

    def _texts(
        self, rng: np.random.Generator, topics: NDArray[np.int64], low: int, high: int, *, worded: bool = True
    ) -> list[str]:
        lengths = rng.integers(low, high, size=len(topics))
        n = int(lengths.sum())
        common, kinds, own = rng.random(n), rng.random(n), rng.random(n)
        if not worded:
            return []
        drawn = np.searchsorted(self._cumulative, common).clip(max=len(self._vocabulary) - 1)
        topical = kinds < _TOPICAL
        of_topic = self._topic_words[np.repeat(topics, lengths), (own**2 * _WORDS_OF_A_TOPIC).astype(int)]
        words = self._vocabulary[np.where(topical, of_topic, drawn)]
        ends = np.cumsum(lengths)
        return [" ".join(words[end - length : end]) for end, length in zip(ends, lengths, strict=True)]

    def _vectors(self, rng: np.random.Generator, topics: NDArray[np.int64]) -> NDArray[np.float32]:
        latent = self._topic_vectors[topics] + _SPREAD * rng.standard_normal((len(topics), _N_LATENT), np.float32)
        vectors = latent @ self._projection + _NOISE * rng.standard_normal((len(topics), DIMENSION), np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
