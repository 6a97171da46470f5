"""Which words of a ticket spoke for its label, read off the linear members of the blend."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from classifier.members import Terms
from classifier.prediction import Word

_MOST_WORDS: Final = 8
_LEAST_WEIGHT: Final = 0.01
_LONGEST_WORD: Final = 60


@dataclass(frozen=True, slots=True)
class WordShares:
    """Which features of a text come from which of its words, and in what part."""

    shares: tuple[tuple[str, int, float], ...]
    """Word as it stands in the text, feature's index, part of the feature that is the word's."""

    @classmethod
    def of(cls, text: str, terms: Terms) -> "WordShares":
        """The shares of a text's words in the word and character features that ``terms`` makes of it.

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
        return cls(tuple((token, i, 1 / sharing[i]) for token, i in parts))

    def weights(self, added: Mapping[int, float]) -> dict[str, float]:
        """Each word's part in what the features add to a label's score, ``added`` by the feature's index."""
        weights: dict[str, float] = {}
        for token, i, part in self.shares:
            if value := added.get(i):
                weights[token] = weights.get(token, 0.0) + value * part
        return weights


def strongest(weights: Mapping[str, float]) -> tuple[Word, ...]:
    """The words that weigh most, for or against, strongest first."""
    ranked = sorted(weights.items(), key=lambda item: -abs(item[1]))[:_MOST_WORDS]
    return tuple(Word(text, round(weight, 4)) for text, weight in ranked if abs(weight) >= _LEAST_WEIGHT)


def _ids(vocabulary: Mapping[str, int], terms: list[str]) -> list[int]:
    return [vocabulary[term] for term in terms if term in vocabulary]
