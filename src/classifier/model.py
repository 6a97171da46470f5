"""The trained classifier: tickets in, predictions, decisions, words and evidence out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.decision import decide
from classifier.doubts import doubts_about
from classifier.explanation import WordShares, strongest
from classifier.members import WORDS, WORDS_AND_PRODUCT, Features, Member, Vocabulary
from classifier.memory import SolvedMemory
from classifier.plan import TrainingPlan
from classifier.pool import LogarithmicPool
from classifier.prediction import Classification, Prediction, Word
from classifier.proof import Promises
from classifier.proposal import Proposal, propose
from classifier.reading import Readings, TicketReader
from classifier.recurrence import Neighbours, Recurrence, mixed
from classifier.threads import one_thread
from text import Encoder
from tickets import Taxonomy, Ticket


class EncoderMismatchError(RuntimeError):
    """A model is to be used with another encoder than the one it learned with."""

    def __init__(self, learned_with: str, given: str | None) -> None:
        super().__init__(
            f"the model learned with encoder {learned_with}, but {given or 'none'} is set; "
            "set STELLWERK_ENCODER and STELLWERK_ENCODER_PRECISION to it, or train anew (`stellwerk train`)"
        )


@dataclass
class TargetModel:
    """One target's members and their pool."""

    members: tuple[Member, ...]
    pool: LogarithmicPool

    def scores(self, features: Features) -> NDArray[np.float64]:
        """All members' scores, of shape (n_tickets, n_members, n_labels)."""
        return np.stack([member.scores(features) for member in self.members], axis=1)

    @cached_property
    def advantages(self) -> dict[str, NDArray[np.float32]]:
        """For each member that sees words, what a feature adds to a label's pooled score over the mean of the others.

        Each array has shape (n_labels, n_features).
        """
        advantages = {}
        for member, weights in zip(self.members, self.pool.weights_, strict=True):
            if member.name in {WORDS, WORDS_AND_PRODUCT}:
                pooled = weights[:, None] * member.coefficients()
                others = (pooled.sum(axis=0) - pooled) / (len(pooled) - 1)
                advantages[member.name] = (pooled - others).astype(np.float32)
        return advantages

    def predict_proba(self, features: Features) -> NDArray[np.float64]:
        """Calibrated probabilities of shape (n_tickets, n_labels)."""
        return self.pool.predict_proba(self.scores(features))


@dataclass
class TicketClassifier:
    """A model of one desk: what `train` gives and the shelf keeps."""

    taxonomy: Taxonomy
    plan: TrainingPlan
    vocabulary: Vocabulary
    targets: Mapping[str, TargetModel]
    recurrence: Recurrence
    memory: SolvedMemory
    promises: Promises
    languages: frozenset[str]
    """Languages that the history speaks; a ticket in another is not guessed at."""
    encoder_name: str | None
    products: Mapping[str, NDArray[np.float32]]
    """Sentence vectors of the history's products, which come again and again; empty without an encoder."""

    def bind(self, encoder: Encoder | None) -> "BoundClassifier":
        """The classifier with the encoder it reads with.

        Raises
        ------
        EncoderMismatchError
            ``encoder`` is not the one the model learned with.
        """
        if self.encoder_name is None:
            return BoundClassifier(self, TicketReader(None))
        if encoder is None or encoder.name != self.encoder_name:
            raise EncoderMismatchError(self.encoder_name, encoder.name if encoder else None)
        return BoundClassifier(self, TicketReader(encoder, self.products))


class BoundClassifier:
    """A classifier at work; safe to share between threads."""

    def __init__(self, model: TicketClassifier, reader: TicketReader) -> None:
        self.model = model
        self._reader = reader

    def predict_proba(self, tickets: Sequence[Ticket]) -> dict[str, NDArray[np.float64]]:
        """Per target probabilities of shape (n_tickets, n_labels), labels in the taxonomy's order."""
        if not tickets:
            return {target.name: np.empty((0, len(target.labels))) for target in self.model.taxonomy}
        with one_thread():
            features = self.model.vocabulary.transform(self._reader.read(tickets))
            return self._shares(features, self.model.recurrence.neighbours(features))

    def classify(self, tickets: Sequence[Ticket]) -> list[Classification]:
        """Predictions, decision, words and evidence for each ticket, in order."""
        if not tickets:
            return []
        with one_thread():
            readings = self._reader.read(tickets)
            features = self.model.vocabulary.transform(readings)
            neighbours = self.model.recurrence.neighbours(features)
            shares = self._shares(features, neighbours)
            proposals = propose(self.model.taxonomy, shares)
            return [
                self._one(i, ticket, readings, features, shares, proposals[i], neighbours[i])
                for i, ticket in enumerate(tickets)
            ]

    def _shares(self, features: Features, neighbours: Sequence[Neighbours]) -> dict[str, NDArray[np.float64]]:
        pooled = {name: target.predict_proba(features) for name, target in self.model.targets.items()}
        return mixed(pooled, self.model.memory.truth, neighbours)

    def _one(
        self,
        i: int,
        ticket: Ticket,
        readings: Readings,
        features: Features,
        all_shares: Mapping[str, NDArray[np.float64]],
        proposals: Mapping[str, Proposal],
        neighbours: Neighbours,
    ) -> Classification:
        predictions = {}
        explanation = {}
        word_shares = {
            name: WordShares.of(str(getattr(readings, name)[i]), self.model.vocabulary.terms(name))
            for name in (WORDS, WORDS_AND_PRODUCT)
        }
        for target in self.model.taxonomy:
            model = self.model.targets[target.name]
            shares = all_shares[target.name][i]
            predictions[target.name] = Prediction(
                {label: float(share) for label, share in zip(target.label_names, shares, strict=True)}
            )
            explanation[target.name] = _words(word_shares, features, i, model.advantages, int(shares.argmax()))
        evidence = self.model.memory.shown(neighbours)
        doubts = doubts_about(
            ticket,
            str(readings.words[i]),
            neighbours.resemblance.max(initial=0.0),
            languages=self.model.languages,
            novel_below=self.model.memory.novel_below,
        )
        return Classification(
            predictions=predictions,
            decision=decide(proposals, self.model.promises, review_cost=self.model.taxonomy.review_cost, doubts=doubts),
            explanation=explanation,
            evidence=() if "no_text" in doubts else evidence,
        )


def _words(
    word_shares: Mapping[str, WordShares],
    features: Features,
    i: int,
    advantages: Mapping[str, NDArray[np.float32]],
    label: int,
) -> tuple[Word, ...]:
    weights: dict[str, float] = {}
    for name, advantage in advantages.items():
        row: Any = features[name][i]
        added = dict(zip(row.indices.tolist(), (row.data * advantage[label, row.indices]).tolist(), strict=True))
        for word, weight in word_shares[name].weights(added).items():
            weights[word] = weights.get(word, 0.0) + weight
    return strongest(weights)
