"""Which words of a ticket spoke for its label: what the blend's answer would lose with each of them.

Every member is linear in what it sees, so a word's part can be read off. Of a text's terms, which have length one
together, taking a word out leaves the others longer; of a text's token states, whose mean is seen, taking one out moves
the mean. Both are reckoned; that the states themselves would differ without the word is not.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifier.members import Terms
from classifier.prediction import Word
from text import TokenStates, Vectors

_MOST_WORDS: Final = 8
_LEAST_WEIGHT: Final = 0.01
_LONGEST_WORD: Final = 60
_WORD: Final = re.compile(r"\w[\w.\-]*\w|\w")

Floats32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordTerms:
    """Which terms of a text come from which of its words, and in what part."""

    parts: tuple[tuple[str, int, float], ...]
    """Word as it stands in the text, term's index, part of the term that is the word's."""
    n_words: int
    """How many of the terms are words and pairs; the others are of characters."""

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
        sharing = Counter(i for _, i in parts)
        return cls(tuple((token, i, 1 / sharing[i]) for token, i in parts), terms.n_words)

    def losses(self, row: Any, advantage: Floats32) -> dict[str, float]:
        """By how much the terms' score would fall without each word.

        Parameters
        ----------
        row : sparse array of shape (1, n_terms)
            The text's terms, the squares of each kind summing to one.
        advantage : ndarray of shape (n_terms,)
            What each term adds to the score.
        """
        values = dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))
        score = {True: 0.0, False: 0.0}
        for i, value in values.items():
            score[i < self.n_words] += value * float(advantage[i])
        lost: dict[tuple[str, bool], list[float]] = defaultdict(lambda: [0.0, 0.0])
        for token, i, part in self.parts:
            if value := values.get(i):
                sums = lost[token, i < self.n_words]
                sums[0] += part * value * float(advantage[i])
                sums[1] += part * value**2
        losses: dict[str, float] = defaultdict(float)
        for (token, kind), (added, square) in lost.items():
            rest = max(1 - square, 0.0)
            losses[token] += score[kind] - ((score[kind] - added) / rest**0.5 if rest > 1e-6 else 0.0)
        return losses


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
