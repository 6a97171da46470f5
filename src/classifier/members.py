"""The models that are blended: linear machines on words and characters, logistic regressions on sentence vectors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from classifier.plan import TrainingPlan
from classifier.pool import Scores
from classifier.reading import Readings

WORDS: Final = "words"
WORDS_AND_PRODUCT: Final = "words_and_product"
MEANING: Final = "meaning"
MEANING_AND_PRODUCT: Final = "meaning_and_product"

_UNSEEN_LABEL: Final = 1.0  # how far below every other score a label stands that a member never saw
_TOKEN: Final = r"(?u)\b\w[\w.\-]*\w\b|\b\w\b"  # noqa: S105 - a pattern; keeps codes such as ORA-12514 whole


def member_names(plan: TrainingPlan) -> tuple[str, ...]:
    """The members' names in the order of their scores; each is named for the part of `Readings` it sees."""
    words = (WORDS, WORDS_AND_PRODUCT)
    return (*words, MEANING, MEANING_AND_PRODUCT) if plan.meaning else words


@dataclass(frozen=True)
class Features:
    """What all targets share: the readings as matrices, one row a ticket, by member's name."""

    matrices: Mapping[str, Any]

    def __getitem__(self, member: str) -> Any:
        return self.matrices[member]


class Terms:
    """TF-IDF of words and word pairs, and beside it of character n-grams."""

    def __init__(self) -> None:
        self.words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_TOKEN, dtype=np.float32)
        self.characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32)

    def fit_transform(self, texts: NDArray[np.object_]) -> Any:
        """Learn the terms of ``texts`` and give their matrix, sparse of shape (n_texts, n_terms)."""
        return hstack([self.words.fit_transform(texts), self.characters.fit_transform(texts)], format="csr")

    def transform(self, texts: NDArray[np.object_]) -> Any:
        """The matrix of ``texts`` in the learned terms: words first, then characters."""
        return hstack([self.words.transform(texts), self.characters.transform(texts)], format="csr")


class Vocabulary:
    """The terms of both word members, learned once for all targets."""

    def __init__(self, plan: TrainingPlan) -> None:
        self._plan = plan
        self._terms = {name: Terms() for name in (WORDS, WORDS_AND_PRODUCT)}

    def fit_transform(self, readings: Readings) -> Features:
        """Learn the vocabulary of ``readings`` and give their features."""
        return self._features(
            readings, {name: terms.fit_transform(getattr(readings, name)) for name, terms in self._terms.items()}
        )

    def transform(self, readings: Readings) -> Features:
        """The features of ``readings`` in the learned vocabulary."""
        return self._features(
            readings, {name: terms.transform(getattr(readings, name)) for name, terms in self._terms.items()}
        )

    def terms(self, member: str) -> Terms:
        """The terms that one word member sees, for explanations."""
        return self._terms[member]

    def _features(self, readings: Readings, matrices: dict[str, Any]) -> Features:
        if self._plan.meaning:
            matrices |= {name: getattr(readings, name) for name in (MEANING, MEANING_AND_PRODUCT)}
        return Features(matrices)


class Member:
    """One linear model for one target, giving a score per label of the taxonomy, labels it never saw included."""

    def __init__(self, name: str, plan: TrainingPlan, n_labels: int) -> None:
        self.name = name
        self.n_labels = n_labels
        self._plan = plan

    def fit(self, features: Features, y: NDArray[np.intp]) -> "Member":
        """Learn from ``features`` and label indices ``y`` of shape (n_tickets,)."""
        matrix = features[self.name]
        scaler = None
        if self.name in {WORDS, WORDS_AND_PRODUCT}:
            model = LinearSVC(C=self._plan.word_strength, random_state=self._plan.seed)
        else:
            scaler = StandardScaler()
            matrix = scaler.fit_transform(matrix)
            model = LogisticRegression(C=self._plan.meaning_strength, max_iter=500, random_state=self._plan.seed)
        model.fit(matrix, y)
        weights, bias = model.coef_, model.intercept_
        if scaler is not None:  # scaled into the weights, so that scoring is one product
            weights = weights / scaler.scale_
            bias = bias - weights @ scaler.mean_
        if len(model.classes_) == 2:  # scikit-learn gives the second label's margin alone
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        self._seen, self._weights, self._bias = model.classes_, weights, bias
        return self

    def scores(self, features: Features) -> Scores:
        """Scores of shape (n_tickets, n_labels)."""
        seen = features[self.name] @ self._weights.T + self._bias
        floor = seen.min(axis=1, keepdims=True) - _UNSEEN_LABEL
        scores: Scores = np.repeat(floor, self.n_labels, axis=1)
        scores[:, self._seen] = seen
        return scores

    def coefficients(self) -> NDArray[np.float64]:
        """Weights of shape (n_labels, n_features) on the features as they come; zero for labels never seen."""
        weights = np.zeros((self.n_labels, self._weights.shape[1]))
        weights[self._seen] = self._weights
        return weights
