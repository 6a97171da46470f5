"""Which words of a ticket spoke for its label: what the blend's answer would lose with each of them.

Every member is linear in what it sees, so a word's part can be read off. Of a text's terms, which have length one
together, taking a word out leaves the others longer; of a text's token states, whose mean is seen, taking one out moves
the mean. Both are reckoned; that the states themselves would differ without the word is not.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifier.prediction import Word
from classifier.terms import Terms
from text import TokenStates, Vectors

_MOST_WORDS: Final = 8
_LEAST_WEIGHT: Final = 0.01
_LONGEST_WORD: Final = 60
_HARDLY: Final = 1e-6
_WORD: Final = re.compile(r"\w[\w.\-]*\w|\w")

Floats32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordTerms:
    """Which terms of a text come from which of its words, and in what part."""

    words: tuple[str, ...]
    """The words as they stand in the text, each once."""
    word: NDArray[np.intp]
    """For each part whose it is, as an index of ``words``; shape (n_parts,)."""
    term: NDArray[np.intp]
    """The term it is a part of, likewise."""
    share: NDArray[np.float64]
    """How much of the term it is, likewise."""
    n_word_terms: int
    """How many of all terms are words and pairs; the others are of characters."""

    @classmethod
    def of(cls, text: str, terms: Terms) -> "WordTerms":
        """The parts of a text's words in the terms that ``terms`` makes of it.

        A word is credited with its own term, half of each pair it stands in, and the character n-grams inside it;
        what several words share is divided between them.
        """
        vocabulary, grams = terms.words.vocabulary_, terms.characters.vocabulary_
        split_word = terms.characters.build_analyzer()
        tokens = [token for token in terms.words.build_tokenizer()(text) if len(token) <= _LONGEST_WORD]
        parts: list[tuple[str, int]] = []
        for before, token in pairwise(["", *tokens]):
            lowered = token.lower()
            parts += [(token, i) for i in _ids(vocabulary, [lowered])]
            for i in _ids(vocabulary, [f"{before.lower()} {lowered}"]):
                parts += [(token, i), (before, i)]
            parts += [(token, len(vocabulary) + i) for i in _ids(grams, split_word(token))]
        words = {word: place for place, word in enumerate(dict.fromkeys(tokens))}
        term = np.array([i for _, i in parts], dtype=np.intp)
        sharing, n_sharers = np.unique(term, return_inverse=True, return_counts=True)[1:]
        return cls(
            words=tuple(words),
            word=np.array([words[token] for token, _ in parts], dtype=np.intp),
            term=term,
            share=1 / n_sharers[sharing],
            n_word_terms=terms.n_words,
        )

    def losses(self, row: Any, advantage: Floats32) -> dict[str, float]:
        """By how much the terms' score would fall without each word.

        Parameters
        ----------
        row : sparse array of shape (1, n_terms)
            The text's terms in order, the squares of each kind summing to one.
        advantage : ndarray of shape (n_terms_of_the_row,)
            What each of them adds to the score.
        """
        added, kind = row.data * advantage, row.indices >= self.n_word_terms
        score = np.bincount(kind, added, minlength=2)
        place = np.searchsorted(row.indices, self.term).clip(max=max(row.nnz - 1, 0))
        found = np.flatnonzero(row.indices[place] == self.term) if row.nnz else np.empty(0, np.intp)
        place, share = place[found], self.share[found]
        of_word = 2 * self.word[found] + kind[place]
        size = 2 * len(self.words)
        lost = np.bincount(of_word, share * added[place], minlength=size).reshape(-1, 2)
        rest = 1 - np.bincount(of_word, share * row.data[place] ** 2, minlength=size).reshape(-1, 2)
        without = np.where(rest > _HARDLY, (score - lost) / np.sqrt(rest.clip(_HARDLY)), 0.0)
        return dict(zip(self.words, (score - without).sum(axis=1).tolist(), strict=True))


def state_losses(text: str, tokens: TokenStates, states: Vectors, advantage: Floats32) -> dict[str, float]:
    """By how much a score that is linear in the mean of ``states`` would fall without each word.

    Parameters
    ----------
    text : str
        The text that ``tokens`` are the tokens of.
    states : ndarray of shape (n_tokens, n_features)
        The tokens' states that the member sees.
    advantage : ndarray of shape (n_features,)
        What each feature adds to the score.
    """
    added = states @ advantage
    mean = float(added.mean())
    of_word: dict[str, list[float]] = defaultdict(list)
    for word, rows in _rows_of_words(text, tokens.spans).items():
        of_word[word] = added[rows].tolist()
    n_tokens = len(added)
    return {
        word: mean - (n_tokens * mean - sum(values)) / (n_tokens - len(values))
        for word, values in of_word.items()
        if len(values) < n_tokens
    }


def strongest(weights: Mapping[str, float]) -> tuple[Word, ...]:
    """The words that weigh most, for or against, strongest first."""
    ranked = sorted(weights.items(), key=lambda item: -abs(item[1]))[:_MOST_WORDS]
    return tuple(Word(text, round(weight, 4)) for text, weight in ranked if abs(weight) >= _LEAST_WEIGHT)


def _rows_of_words(text: str, spans: NDArray[np.intp]) -> dict[str, list[int]]:
    """The rows of the tokens that each word of the text was cut into; a word said twice has the rows of both."""
    starts, ends = spans[:, 0], spans[:, 1]
    rows: dict[str, list[int]] = defaultdict(list)
    for found in _WORD.finditer(text):
        if len(found.group()) <= _LONGEST_WORD:
            first, last = np.searchsorted(ends, found.start(), "right"), np.searchsorted(starts, found.end(), "left")
            rows[found.group()] += range(int(first), int(last))
    return {word: of_word for word, of_word in rows.items() if of_word}


def _ids(vocabulary: Mapping[str, int], terms: Sequence[str]) -> list[int]:
    return [vocabulary[term] for term in terms if term in vocabulary]
