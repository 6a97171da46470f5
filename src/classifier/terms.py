"""The terms of texts: words, pairs of words and runs of characters, counted and weighed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer

_TOKEN: Final = r"(?u)\b\w[\w.\-]*\w\b|\b\w\b"  # noqa: S105 - a pattern; keeps codes such as ORA-12514 whole


class Terms:
    """TF-IDF of words and word pairs, and beside it of character n-grams.

    What is counted and how counts are weighed are two steps, so that a text and its product are cut into terms once and
    weighed alone and together.
    """

    def __init__(self) -> None:
        self.words = CountVectorizer(ngram_range=(1, 2), token_pattern=_TOKEN, dtype=np.float32)
        self.characters = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), dtype=np.float32)
        self._rarity: dict[str, NDArray[np.float32]] = {}

    def learn(self, texts: NDArray[np.object_]) -> Any:
        """Learn which terms there are, and count them as `count` does."""
        counts = hstack([self.words.fit_transform(texts), self.characters.fit_transform(texts)], format="csr")
        counts.sort_indices()
        return counts

    def count(self, texts: NDArray[np.object_]) -> Any:
        """How often each term stands in each text, sparse of shape (n_texts, n_terms): words first, then characters."""
        return hstack([self.words.transform(texts), self.characters.transform(texts)], format="csr")

    def learn_rarity(self, block: str, counts: Any) -> None:
        """Learn how rare each term is where texts are counted like this: the smoothed inverse document frequency."""
        n_texts = counts.shape[0]
        n_with = np.bincount(counts.indices, minlength=counts.shape[1])
        self._rarity[block] = (np.log((1 + n_texts) / (1 + n_with)) + 1).astype(np.float32)

    def weigh(self, block: str, counts: Any) -> Any:
        """Counts as weights, logarithm times rarity; a text's words together have length one, so have its characters.

        References
        ----------
        Salton & Buckley (1988), "Term-weighting approaches in automatic text retrieval"; as scikit-learn's
        ``TfidfTransformer`` reckons it, without what that checks in every call.
        """
        weights = (1 + np.log(counts.data)) * self._rarity[block][counts.indices]
        kind = 2 * np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr)) + (counts.indices >= self.n_words)
        weights /= np.sqrt(np.bincount(kind, weights**2))[kind]
        return csr_matrix((weights.astype(np.float32), counts.indices, counts.indptr), counts.shape)

    @property
    def n_words(self) -> int:
        """How many of the terms are words and pairs."""
        return len(self.words.vocabulary_)

    @property
    def names(self) -> NDArray[np.object_]:
        """All terms, in the order of the counts' columns."""
        return np.concatenate([self.words.get_feature_names_out(), self.characters.get_feature_names_out()])

    @classmethod
    def named(cls, words: Iterable[str], characters: Iterable[str]) -> Self:
        """Terms that are known, in the order of the counts' columns."""
        terms = cls()
        terms.words.vocabulary_ = {term: i for i, term in enumerate(words)}
        terms.characters.vocabulary_ = {term: i for i, term in enumerate(characters)}
        return terms

    def __getstate__(self) -> dict[str, Any]:
        """The terms as two long strings: joblib takes a second to open two dictionaries of a hundred thousand."""
        names = self.names
        return {
            "words": "\n".join(names[: self.n_words]),
            "characters": "\n".join(names[self.n_words :]),
            "rarity": self._rarity,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        known = Terms.named(state["words"].split("\n"), state["characters"].split("\n"))
        self.__dict__.update(known.__dict__ | {"_rarity": state["rarity"]})


@dataclass(frozen=True)
class CountedTexts:
    """Texts counted once, for terms to be learned from parts of them again and again."""

    row_of: Mapping[str, int]
    """The row of each text."""
    names: NDArray[np.object_]
    """All terms of all texts: words first, then characters."""
    n_words: int
    counts: Any
    """How often each term stands in each text, sparse of shape (n_texts, n_terms)."""

    @classmethod
    def of(cls, texts: NDArray[np.object_]) -> Self:
        """These texts, each counted once however often it comes."""
        row_of = {text: row for row, text in enumerate(dict.fromkeys(texts.tolist()))}
        terms = Terms()
        counts = terms.learn(np.array(list(row_of), dtype=np.object_))
        return cls(row_of, terms.names, terms.n_words, counts)

    def learned_from(self, texts: NDArray[np.object_]) -> tuple[Terms, Any]:
        """The terms of some of the texts, and how often each stands in them: what `Terms.learn` makes of these alone.

        Raises
        ------
        KeyError
            A text was not counted.
        """
        counts = self.counts[[self.row_of[text] for text in texts.tolist()]]
        used = np.flatnonzero(np.bincount(counts.indices, minlength=len(self.names)))
        column = np.zeros(len(self.names), counts.indices.dtype)
        column[used] = np.arange(len(used))
        n_words = int(np.searchsorted(used, self.n_words))
        names = self.names[used].tolist()
        shape = (len(texts), len(used))
        restricted = csr_matrix((counts.data, column[counts.indices], counts.indptr), shape)
        return Terms.named(names[:n_words], names[n_words:]), restricted
