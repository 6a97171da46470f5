"""What most desks would try first: TF-IDF of words and characters with a linear model on top."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

from benchmarks.classification.contestants import Shares
from benchmarks.classification.split import SEED, Split, groups, truths, words
from tickets import Taxonomy, Ticket

_CALIBRATION_FOLDS = 5

Head = Callable[[Any, Any, Any], Any]


def _machine(matrix: Any, y: Any, problems: Any) -> Any:
    """A support vector machine as it comes, calibrated by a sigmoid on folds grouped by problem."""
    folds = StratifiedGroupKFold(_CALIBRATION_FOLDS, shuffle=True, random_state=SEED)
    splits = list(folds.split(matrix, y, problems))
    machine = LinearSVC(random_state=SEED)
    return CalibratedClassifierCV(machine, method="sigmoid", cv=splits, ensemble=False).fit(matrix, y)


def _regression(matrix: Any, y: Any, _: Any) -> Any:
    return LogisticRegression(C=10, max_iter=500).fit(matrix, y)


HEADS: dict[str, Head] = {"linear_svc": _machine, "tfidf_lr": _regression}
_DESCRIPTIONS = {"linear_svc": "LinearSVC, C=1, sigmoid on five grouped folds", "tfidf_lr": "LogisticRegression, C=10"}


@dataclass(frozen=True)
class Tfidf:
    """Terms learned once, and a linear model for each target."""

    head: str
    terms: Any
    models: dict[str, Any]
    taxonomy: Taxonomy

    @classmethod
    def learned(cls, split: Split, _: Path, *, head: str) -> "Tfidf":
        """Learned from the split's history."""
        terms = make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
        )
        matrix = terms.fit_transform([words(solved.ticket) for solved in split.learn])
        problems = groups(split.learn)
        models = {name: HEADS[head](matrix, y, problems) for name, y in truths(split.learn, split.taxonomy).items()}
        return cls(head, terms, models, split.taxonomy)

    @property
    def settings(self) -> dict[str, Any]:
        """What stands on the terms."""
        return {"model": _DESCRIPTIONS[self.head]}

    def predict_proba(self, tickets: Sequence[Ticket]) -> Shares:
        """Probabilities, nought for labels that the history did not hold."""
        matrix = self.terms.transform([words(ticket) for ticket in tickets])
        shares = {}
        for target in self.taxonomy:
            model = self.models[target.name]
            shares[target.name] = np.zeros((len(tickets), len(target.labels)))
            shares[target.name][:, model.classes_] = model.predict_proba(matrix)
        return shares

    def answer(self, ticket: Ticket) -> None:
        """Answer one ticket."""
        self.predict_proba([ticket])
