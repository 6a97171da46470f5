"""A classifier of tickets that reads like one of scikit-learn's."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from classifier import ModelShelf, PlanName, Scorer, TrainingPlan, probability_column
from desk import Learned, Settings, encoder_of, learned, surroundings_of
from history import to_solved
from tickets import Taxonomy
from workbench.questions import labels_of, questions
from workbench.reading import SOURCE
from workbench.report import EvaluationReport

_THREADS = 2
Tickets = pd.DataFrame | pd.Series | Sequence[str]
Known = pd.DataFrame | pd.Series | Sequence[str]


class TicketClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Learns labels from a desk's solved tickets; what is told of a ticket is calibrated.

    Parameters
    ----------
    plan : {"fast", "default", "best"} or TrainingPlan
        What is learned from, the seed, and what is promised.
    taxonomy : Taxonomy, optional
        The targets and their labels. Without one, columns of ``y`` that are built-in targets are those, and any other
        column is a target of its own with the labels that occur.
    settings : Settings, optional
        Folders, the encoder and masking; read from the environment without.

    Attributes
    ----------
    classes_ : ndarray, or list of ndarray
        The labels in order of the alphabet; of each target where ``y`` has several.
    report_ : EvaluationReport
        Measured on tickets that were not learned from, fold by fold. Absent after `load`.
    warnings_ : tuple of str
        What is odd about the history. Absent after `load`.

    Examples
    --------
    >>> history = read_history("data/history.jsonl")  # doctest: +SKIP
    >>> model = TicketClassifier("fast").fit(history, history[["level", "category"]])  # doctest: +SKIP
    >>> model.decide(["Drucker druckt leere Seiten"])  # doctest: +SKIP
    """

    def __init__(
        self,
        plan: PlanName | TrainingPlan = "default",
        *,
        taxonomy: Taxonomy | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.plan = plan
        self.taxonomy = taxonomy
        self.settings = settings

    def fit(self, X: Tickets, y: Known) -> Self:
        """Learn from solved tickets.

        Parameters
        ----------
        X : DataFrame, or sequence of str
            As `read_history` gives it, or bodies alone. Of what is known only later, ``resolution`` teaches beside the
            ticket and ``problem`` keeps tickets together in testing; no other column of that kind is looked at.
        y : DataFrame, Series, or sequence of str
            One target a column; labels may be missing in some.
        """
        frame = tickets_frame(X)
        labels = labels_of(y, len(frame))
        taxonomy = questions(labels, self.taxonomy)
        plan = self.plan if isinstance(self.plan, TrainingPlan) else TrainingPlan.named(self.plan)
        settings = self._settings()
        new = learned(settings, to_solved(frame, labels), taxonomy=taxonomy, plan=plan)
        self._take(self._scorer(settings, new), single=not isinstance(y, pd.DataFrame))
        self.learned_ = new
        self.report_ = EvaluationReport(new.trained.report)
        self.warnings_ = new.trained.warnings
        self.source_ = str(frame.attrs.get(SOURCE, "notebook"))
        self.version_: str | None = None
        self.feature_names_in_ = np.array([str(name) for name in frame.columns], dtype=object)
        self.n_features_in_ = len(frame.columns)
        return self

    @classmethod
    def load(cls, version: str | None = None, *, settings: Settings | None = None) -> Self:
        """The champion, or the model of that version on the shelf, as it was learned.

        Raises
        ------
        ShelfError
            There is none, or it cannot serve here; the message names the cure.
        """
        settings = settings or Settings()
        manifest, model = ModelShelf(settings.models).load(version)
        estimator = cls(model.plan, taxonomy=model.taxonomy, settings=settings)
        encoder = encoder_of(settings, n_threads=_THREADS) if model.encoder_name is not None else None
        estimator._take(Scorer(model.bind(encoder), surroundings_of(settings).mask()), single=False)
        estimator.version_ = manifest.version
        return estimator

    def predict(self, X: Tickets) -> pd.DataFrame | np.ndarray:
        """The most probable label of each target; where ``y`` was no table, an array of shape (n_tickets,)."""
        table = self._scores(X)[list(self._names)]
        return table[self._names[0]].to_numpy(dtype=object) if self._single else table

    def predict_proba(self, X: Tickets) -> pd.DataFrame | np.ndarray:
        """Calibrated probabilities, columns by target and label.

        Where ``y`` was no table, an array of shape (n_tickets, n_labels) with columns as `classes_`, which is what
        scikit-learn's scorers index.
        """
        table = self._scores(X)
        parts = {}
        for name in self._names:
            columns = {probability_column(name, label): label for label in self._labels(name)}
            parts[name] = table[list(columns)].rename(columns=columns)
        if self._single:
            return parts[self._names[0]].to_numpy()
        return pd.concat(parts, axis=1, names=["target", "label"])

    def decide(self, X: Tickets) -> pd.DataFrame:
        """What to do with each ticket: ``action``, the label to send it by for each target, ``certainty``, ``reasons``.

        The labels are those of least expected cost, on which the promise was proven; they may differ from `predict`.
        """
        table = self._scores(X)
        decided = {f"{name}_decided": name for name in self._names}
        return table[["action", *decided, "certainty", "reasons"]].rename(columns=decided)

    def score(self, X: Tickets, y: Known, sample_weight: Sequence[float] | None = None) -> float:
        """The share of tickets whose every known label is told, which is the accuracy where there is one target."""
        answers = self._scores(X)[list(self._names)]
        truth = labels_of(y, len(answers))
        right = [
            (answers[own].to_numpy() == truth[given].to_numpy()) | truth[given].isna().to_numpy()
            for own, given in zip(answers.columns, truth.columns, strict=True)
        ]
        return float(np.average(np.logical_and.reduce(right), weights=sample_weight))

    @property
    def scorer(self) -> Scorer:
        """The fitted model at work."""
        check_is_fitted(self, "scorer_")
        scorer: Scorer = self.scorer_
        return scorer

    def _settings(self) -> Settings:
        return self.settings or Settings()

    @staticmethod
    def _scorer(settings: Settings, new: Learned) -> Scorer:
        model = new.trained.model
        encoder = encoder_of(settings, n_threads=_THREADS) if model.encoder_name is not None else None
        return Scorer(model.bind(encoder), surroundings_of(settings).mask())

    def _take(self, scorer: Scorer, *, single: bool) -> None:
        self.scorer_ = scorer
        self._names = scorer.classifier.model.taxonomy.names
        self._single = single
        by_target = [np.array(self._labels(name), dtype=object) for name in self._names]
        self.classes_: np.ndarray | list[np.ndarray] = by_target[0] if single else by_target

    def _labels(self, name: str) -> list[str]:
        return sorted(self.scorer.classifier.model.taxonomy[name].label_names)

    def _scores(self, tickets: Tickets) -> pd.DataFrame:
        return self.scorer.predict(tickets_frame(tickets))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        tags.target_tags.multi_output = True
        return tags


def tickets_frame(tickets: Tickets) -> pd.DataFrame:
    """A table as it is; words become one with the column ``body``.

    Raises
    ------
    TypeError
        What was given is neither.
    """
    if isinstance(tickets, pd.DataFrame):
        return tickets
    bodies = list(tickets)
    if isinstance(tickets, str) or not all(isinstance(body, str) for body in bodies):
        raise TypeError(
            "tickets are a DataFrame with a column body or subject, or a sequence of bodies; give one of these"
        )
    return pd.DataFrame({"body": bodies}, index=tickets.index if isinstance(tickets, pd.Series) else None)
