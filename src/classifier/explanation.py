"""Which words of a ticket spoke for its label, read off the linear members of the blend."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sklearn.pipeline import FeatureUnion

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
    def of(cls, text: str, union: FeatureUnion) -> "WordShares":
        """The shares of a text's words in the word and character features that ``union`` makes of it.

        A word is credited with its own term, half of each pair it stands in, and the character n-grams inside it;
        what several words share is divided between them.
        """
        word_vectoriser, character_vectoriser = (part for _, part in union.transformer_list)
        vocabulary, grams = word_vectoriser.vocabulary_, character_vectoriser.vocabulary_
        split_word = character_vectoriser.build_analyzer()
        tokens = [token for token in word_vectoriser.build_tokenizer()(text) if len(token) <= _LONGEST_WORD]
        terms: list[tuple[str, int]] = []
        for before, token in pairwise(["", *tokens]):
            lowered = token.lower()
            terms += [(token, i) for i in _ids(vocabulary, [lowered])]
            for i in _ids(vocabulary, [f"{before.lower()} {lowered}"]):
                terms += [(token, i), (before, i)]
            terms += [(token, len(vocabulary) + i) for i in _ids(grams, split_word(token))]
        sharing = Counter(i for _, i in terms)
        return cls(tuple((token, i, 1 / sharing[i]) for token, i in terms))

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
