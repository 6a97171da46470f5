"""The models that are blended: linear machines on words, logistic regressions on what the encoder makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, issparse, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from classifier.lessons import Lessons
from classifier.plan import TrainingPlan
from classifier.pool import Scores
from classifier.reading import Readings
from classifier.terms import CountedTexts, Terms

WORDS: Final = "words"
WORDS_AND_PRODUCT: Final = "words_and_product"
MEANING: Final = "meaning"
PRODUCT_MEANING: Final = "product_meaning"
HAS_PRODUCT: Final = "has_product"
TUNED: Final = "tuned"
CLOSING: Final = "closing"
"""The terms of the words that closed a ticket: of solved tickets alone, and for no member to see."""

_UNSEEN_LABEL: Final = 1.0  # how far below every other score a label stands that a member never saw

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


class Vocabulary:
    """The terms of texts and products, learned once for all targets."""

    def __init__(self) -> None:
        self.terms = Terms()
        self.names_products = False
        """Whether the history names products."""
        self._row_of: dict[str, int] = {}
        self._products: Any = None

    def fit_transform(
        self, readings: Readings, lessons: Lessons, counted: CountedTexts | None = None
    ) -> tuple[Features, Features]:
        """Learn the vocabulary; give the tickets' features, and those of the lessons, which are words alone.

        Where these tickets are some of many whose texts were counted before, ``counted`` spares counting them anew.
        """
        texts, names = texts_and_products(readings, lessons)
        every = np.concatenate([texts, names])
        self.terms, counts = (counted or CountedTexts.of(every)).learned_from(every)
        counts, self._products = counts[: len(texts)], counts[len(texts) :]
        self._row_of = {name: row for row, name in enumerate(names.tolist())}
        self.names_products = bool(self._row_of)
        of_product = np.concatenate([readings.product, readings.product[lessons.ticket]])
        n_tickets = len(readings)
        blocks = {}
        for name, of_block in self._blocks(counts, of_product).items():
            self.terms.learn_rarity(name, of_block[:n_tickets])
            blocks[name] = self.terms.weigh(name, of_block)
        told = Features({name: block[:n_tickets] for name, block in blocks.items()} | _meaning(readings))
        return told, Features({name: block[n_tickets:] for name, block in blocks.items()})

    def transform(self, readings: Readings) -> Features:
        """The features of ``readings`` in the learned vocabulary."""
        blocks = self._blocks(self.terms.count(readings.words), readings.product)
        weighed = {name: self.terms.weigh(name, counts) for name, counts in blocks.items()}
        return Features(weighed | _meaning(readings))

    def closing(self, lessons: Lessons, n_tickets: int) -> Any:
        """The terms of what closed each ticket, as those of its words, of shape (n_tickets, n_terms); or nought."""
        row_of = {words: row for row, words in enumerate(dict.fromkeys(lessons.closing.tolist()))}
        weighed = self.terms.weigh(WORDS, self.terms.count(np.array(list(row_of), dtype=np.object_)))
        rows = [row_of[words] for words in lessons.closing.tolist()]
        of_ticket = csr_matrix((np.ones(len(rows), np.float32), (lessons.ticket, rows)), (n_tickets, len(row_of)))
        return of_ticket @ weighed

    def _blocks(self, counts: Any, products: NDArray[np.object_]) -> dict[str, Any]:
        if not self.names_products:
            return {WORDS: counts}
        return {WORDS: counts, WORDS_AND_PRODUCT: counts + self._counts_of(products.tolist())}

    def _counts_of(self, products: list[str]) -> Any:
        row_of = {name: row for row, name in enumerate(dict.fromkeys(products))}
        counts = vstack([self._counts_of_one(name) for name in row_of], format="csr")
        return counts[[row_of[name] for name in products]] if len(row_of) < len(products) else counts

    def _counts_of_one(self, product: str) -> Any:
        row = self._row_of.get(product)
        return self.terms.count(np.array([product], dtype=np.object_)) if row is None else self._products[row]


def texts_and_products(readings: Readings, lessons: Lessons) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """All texts that a vocabulary is learned from, those of the lessons last, and the names of products, each once."""
    names = sorted({name for name in readings.product.tolist() if name.strip()})
    return np.concatenate([readings.words, lessons.words]), np.array(names, dtype=np.object_)


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
