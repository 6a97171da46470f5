"""The models that are blended: linear machines on words, logistic regressions on what the encoder makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, issparse, vstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from classifier.lessons import Lessons
from classifier.plan import TrainingPlan
from classifier.pool import Scores
from classifier.reading import Readings

WORDS: Final = "words"
WORDS_AND_PRODUCT: Final = "words_and_product"
MEANING: Final = "meaning"
PRODUCT_MEANING: Final = "product_meaning"
HAS_PRODUCT: Final = "has_product"
TUNED: Final = "tuned"

_UNSEEN_LABEL: Final = 1.0  # how far below every other score a label stands that a member never saw
_TOKEN: Final = r"(?u)\b\w[\w.\-]*\w\b|\b\w\b"  # noqa: S105 - a pattern; keeps codes such as ORA-12514 whole

Blocks = tuple[str, ...]


def member_blocks(plan: TrainingPlan, *, products: bool) -> tuple[Blocks, ...]:
    """The blocks of features that each member sees, in the order of the members' scores.

    Parameters
    ----------
    products : bool
        Whether the history names products; where not, no member looks for them.
    """
    blocks: list[Blocks] = [(WORDS,), (WORDS_AND_PRODUCT,)]
    if plan.meaning:
        blocks += [(MEANING,), (MEANING, PRODUCT_MEANING)]
    if plan.tuned:
        blocks.append((TUNED,))
    return tuple(one for one in blocks if products or one[-1] not in {WORDS_AND_PRODUCT, PRODUCT_MEANING})


@dataclass(frozen=True)
class Features:
    """What all targets share: blocks of numbers, one row a ticket, by name."""

    blocks: Mapping[str, Any]

    def __len__(self) -> int:
        return int(self.blocks[WORDS].shape[0])

    def __getitem__(self, name: str) -> Any:
        return self.blocks[name]

    def at(self, rows: Any) -> "Features":
        """The same of the tickets at ``rows``."""
        return Features({name: block[rows] for name, block in self.blocks.items()})

    def including(self, name: str, block: Any) -> "Features":
        """The same with one block more."""
        return Features({**self.blocks, name: block})


@dataclass(frozen=True)
class Examples:
    """What one target is learned from: features, label indices and how much each counts, one row an example."""

    features: Features
    labels: NDArray[np.intp]
    weight: NDArray[np.float64]


class Terms:
    """TF-IDF of words and word pairs, and beside it of character n-grams.

    What is counted and how counts are weighed are two steps, so that a text and its product are cut into terms once and
    weighed alone and together.
    """

    def __init__(self) -> None:
        self.words = CountVectorizer(ngram_range=(1, 2), token_pattern=_TOKEN, dtype=np.float32)
        self.characters = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), dtype=np.float32)
        self._rarity: dict[str, NDArray[np.float32]] = {}

    def learn(self, texts: NDArray[np.object_]) -> None:
        """Learn which terms there are."""
        self.words.fit(texts)
        self.characters.fit(texts)

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

    def __getstate__(self) -> dict[str, Any]:
        """The terms as two long strings: joblib takes a second to open two dictionaries of a hundred thousand."""
        return {
            "words": "\n".join(self.words.get_feature_names_out()),
            "characters": "\n".join(self.characters.get_feature_names_out()),
            "rarity": self._rarity,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__()  # type: ignore[misc]
        self.words.vocabulary_ = _numbered(state["words"])
        self.characters.vocabulary_ = _numbered(state["characters"])
        self._rarity = state["rarity"]


def _numbered(terms: str) -> dict[str, int]:
    return {term: i for i, term in enumerate(terms.split("\n"))}


class Vocabulary:
    """The terms of texts and products, learned once for all targets."""

    def __init__(self) -> None:
        self.terms = Terms()
        self.names_products = False
        """Whether the history names products."""
        self._row_of: dict[str, int] = {}
        self._products: Any = None

    def fit_transform(self, readings: Readings, lessons: Lessons) -> tuple[Features, Features]:
        """Learn the vocabulary; give the tickets' features, and those of the lessons, which are words alone."""
        names = sorted({name for name in readings.product.tolist() if name.strip()})
        self.names_products = bool(names)
        products = np.array(names, dtype=np.object_)
        texts = np.concatenate([readings.words, lessons.words])
        self.terms.learn(np.concatenate([texts, products]))
        if names:
            self._row_of = {name: row for row, name in enumerate(names)}
            self._products = self.terms.count(products)
        counts = self.terms.count(texts)
        of_product = np.concatenate([readings.product, readings.product[lessons.ticket]])
        n_tickets = len(readings)
        blocks = {}
        for name, counted in self._counted(counts, of_product).items():
            self.terms.learn_rarity(name, counted[:n_tickets])
            blocks[name] = self.terms.weigh(name, counted)
        told = Features({name: block[:n_tickets] for name, block in blocks.items()} | _meaning(readings))
        return told, Features({name: block[n_tickets:] for name, block in blocks.items()})

    def transform(self, readings: Readings) -> Features:
        """The features of ``readings`` in the learned vocabulary."""
        counted = self._counted(self.terms.count(readings.words), readings.product)
        weighed = {name: self.terms.weigh(name, counts) for name, counts in counted.items()}
        return Features(weighed | _meaning(readings))

    def _counted(self, counts: Any, products: NDArray[np.object_]) -> dict[str, Any]:
        if not self.names_products:
            return {WORDS: counts}
        of_products = vstack([self._counts_of(name) for name in products.tolist()], format="csr")
        return {WORDS: counts, WORDS_AND_PRODUCT: counts + of_products}

    def _counts_of(self, product: str) -> Any:
        row = self._row_of.get(product)
        return self.terms.count(np.array([product], dtype=np.object_)) if row is None else self._products[row]


def _meaning(readings: Readings) -> dict[str, Any]:
    if not readings.meaning.shape[1]:
        return {}
    has_product = np.array([[bool(name.strip())] for name in readings.product.tolist()], np.float32)
    return {MEANING: readings.meaning, PRODUCT_MEANING: readings.product_meaning, HAS_PRODUCT: has_product}


class Member:
    """One linear model for one target, giving a score per label of the taxonomy, labels it never saw included."""

    def __init__(
        self,
        weights: Mapping[str, NDArray[np.float32]],
        bias: NDArray[np.float64],
        seen: NDArray[np.intp],
        n_labels: int,
    ) -> None:
        self.weights = weights
        """By block, of shape (n_seen, n_features)."""
        self.n_labels = n_labels
        self._bias = bias
        self._seen = seen

    @classmethod
    def learned(
        cls, blocks: Blocks, tickets: Examples, lessons: Examples, *, plan: TrainingPlan, n_labels: int
    ) -> Self:
        """Learned from ``tickets``, and by members that see words from ``lessons`` as well."""
        features = tickets.features
        matrix = _joined([features[name] for name in blocks])
        if blocks[0] in {WORDS, WORDS_AND_PRODUCT}:
            weights, bias, seen = _support_vectors(
                vstack([matrix, lessons.features[blocks[0]]], format="csr"),
                np.concatenate([tickets.labels, lessons.labels]),
                np.concatenate([tickets.weight, lessons.weight]),
                plan,
            )
        else:
            weights, bias, seen = _regression(matrix, tickets.labels, tickets.weight, plan)
        if len(seen) == 2:  # scikit-learn gives the second label's margin alone
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        ends = np.cumsum([features[name].shape[1] for name in blocks])[:-1]
        parts = np.split(weights.astype(np.float32), ends, axis=1)
        return cls(dict(zip(blocks, parts, strict=True)), bias, seen, n_labels)

    def scores(self, features: Features) -> Scores:
        """Scores of shape (n_tickets, n_labels)."""
        seen = sum(features[name] @ weights.T for name, weights in self.weights.items()) + self._bias
        scores: Scores = np.repeat(seen.min(axis=1, keepdims=True) - _UNSEEN_LABEL, self.n_labels, axis=1)
        scores[:, self._seen] = seen
        return scores

    def coefficients(self, block: str, columns: Any = slice(None)) -> NDArray[np.float32]:
        """Weights of one block's ``columns``, of shape (n_labels, n_columns); zero for labels never seen."""
        of_seen = self.weights[block][:, columns]
        weights = np.zeros((self.n_labels, of_seen.shape[1]), np.float32)
        weights[self._seen] = of_seen
        return weights


def _support_vectors(matrix: Any, y: NDArray[np.intp], weight: NDArray[np.float64], plan: TrainingPlan) -> Any:
    model = LinearSVC(C=plan.word_strength, random_state=plan.seed)
    model.fit(matrix, y, sample_weight=weight)
    return model.coef_, model.intercept_, model.classes_


def _regression(matrix: Any, y: NDArray[np.intp], weight: NDArray[np.float64], plan: TrainingPlan) -> Any:
    scaler = StandardScaler()
    model = LogisticRegression(C=plan.meaning_strength, max_iter=500, random_state=plan.seed)
    model.fit(scaler.fit_transform(matrix, sample_weight=weight), y, sample_weight=weight)
    weights = model.coef_ / scaler.scale_  # scaled into the weights, so that scoring is one product
    return weights, model.intercept_ - weights @ scaler.mean_, model.classes_


def _joined(blocks: list[Any]) -> Any:
    if len(blocks) == 1:
        return blocks[0]
    return hstack(blocks, format="csr") if issparse(blocks[0]) else np.hstack(blocks)
