"""The trained classifier: tickets in, predictions, decisions, words and evidence out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifier.answers import Answers
from classifier.blend import Blend
from classifier.decision import decide, would_route
from classifier.doubts import doubts_about
from classifier.explanation import WordTerms, state_losses, strongest
from classifier.familiarity import Familiarity, Usual
from classifier.members import MEANING, TUNED, WORDS, WORDS_AND_PRODUCT, Features
from classifier.memory import SolvedMemory
from classifier.plan import TrainingPlan
from classifier.pool import LogarithmicPool
from classifier.prediction import Classification, Prediction, ReasonCode, Word
from classifier.proof import Promises
from classifier.proposal import Proposal, propose
from classifier.reading import Floats, Readings, TicketReader
from classifier.recurrence import Neighbours, Recurrence, mixed
from classifier.threads import one_thread
from steps import step
from text import Encoder, TokenStates, Vectors
from tickets import Taxonomy, Ticket

_BATCH: Final = 256


class EncoderMismatchError(RuntimeError):
    """A model is to be used with another encoder than the one it learned with."""

    def __init__(self, learned_with: str, given: str | None) -> None:
        super().__init__(
            f"the model learned with encoder {learned_with}, but {given or 'none'} is set; "
            "set STELLWERK_ENCODER and STELLWERK_ENCODER_PRECISION to it, or train anew (`stellwerk train`)"
        )


@dataclass
class DeskModel:
    """A model of one desk: what `train` gives and the shelf keeps."""

    taxonomy: Taxonomy
    plan: TrainingPlan
    blend: Blend
    pools: Mapping[str, LogarithmicPool]
    """What weighs each target's members and calibrates their sum."""
    recurrence: Recurrence
    memory: SolvedMemory
    familiarity: Familiarity
    usual: Usual
    """How familiar the desk's tickets are; one that is less so is unlike anything in the history."""
    promises: Promises
    languages: frozenset[str]
    """Languages that the history speaks; a ticket in another is not guessed at."""
    encoder_name: str | None
    products: Mapping[str, Floats]
    """Mean states of the history's products, which come again and again; empty without an encoder."""

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

    def __init__(self, model: DeskModel, reader: TicketReader) -> None:
        self.model = model
        self._reader = reader

    def predict_proba(self, tickets: Sequence[Ticket]) -> dict[str, NDArray[np.float64]]:
        """Per target probabilities of shape (n_tickets, n_labels), labels in the taxonomy's order."""
        if not tickets:
            return {target.name: np.empty((0, len(target.labels))) for target in self.model.taxonomy}
        with one_thread():
            return self._view(tickets).shares

    def classify(self, tickets: Sequence[Ticket], *, explain: bool = True) -> list[Classification]:
        """Predictions, decision, words and evidence for each ticket, in order; without ``explain`` the first two."""
        if not tickets:
            return []
        with one_thread():
            view = self._view(tickets)
            with step("decide", n_tickets=len(tickets)):
                proposals = propose(self.model.taxonomy, view.shares)
                return [self._one(i, ticket, view, proposals[i], explain=explain) for i, ticket in enumerate(tickets)]

    def answers(self, tickets: Sequence[Ticket]) -> Answers:
        """Probabilities and what would be routed by itself, without words and evidence: for many tickets."""
        taxonomy = self.model.taxonomy
        nothing = {one.name: np.empty((0, len(one.labels))) for one in taxonomy}
        parts = [Answers.of(taxonomy, nothing, np.empty(0, dtype=bool))]
        with one_thread():
            for start in range(0, len(tickets), _BATCH):
                some = tickets[start : start + _BATCH]
                view = self._view(some)
                doubts = [self._doubts(i, ticket, view) for i, ticket in enumerate(some)]
                proposals = propose(taxonomy, view.shares)
                automatic = would_route(taxonomy, proposals, self.model.promises, doubts)
                parts.append(Answers.of(taxonomy, view.shares, automatic))
        return reduce(Answers.followed_by, parts)

    def _view(self, tickets: Sequence[Ticket]) -> "_View":
        readings, tokens = self._reader.read_tokens(tickets)
        with step("score", n_tickets=len(tickets)):
            return self._scored(readings, tokens)

    def _scored(self, readings: Readings, tokens: list[TokenStates]) -> "_View":
        tuned = self.model.blend.tuned_states([one.states for one in tokens])
        features = self.model.blend.features(readings, tuned)
        neighbours = self.model.recurrence.neighbours(features)
        pooled = {
            name: pool.predict_proba(self.model.blend.scores(name, features)) for name, pool in self.model.pools.items()
        }
        shares = mixed(pooled, self.model.memory.truth, neighbours)
        is_strange = self.model.usual.strange(self.model.familiarity.signs(readings))
        return _View(readings, tokens, tuned, features, neighbours, shares, is_strange)

    def _one(
        self, i: int, ticket: Ticket, view: "_View", proposals: Mapping[str, Proposal], *, explain: bool
    ) -> Classification:
        neighbours = view.neighbours[i]
        doubts = self._doubts(i, ticket, view)
        return Classification(
            predictions={
                target.name: Prediction(
                    dict(zip(target.label_names, view.shares[target.name][i].tolist(), strict=True))
                )
                for target in self.model.taxonomy
            },
            decision=decide(proposals, self.model.promises, review_cost=self.model.taxonomy.review_cost, doubts=doubts),
            explanation=self._words(i, view) if explain else {},
            evidence=() if "no_text" in doubts or not explain else self.model.memory.shown(neighbours),
        )

    def _doubts(self, i: int, ticket: Ticket, view: "_View") -> tuple[ReasonCode, ...]:
        return doubts_about(
            ticket,
            str(view.readings.words[i]),
            is_strange=bool(view.is_strange[i]),
            languages=self.model.languages,
        )

    def _words(self, i: int, view: "_View") -> dict[str, tuple[Word, ...]]:
        """The words that counted for each target's most probable label, over the mean of the other labels."""
        blend, text = self.model.blend, str(view.readings.words[i])
        terms = WordTerms.of(f"{text}\n{view.readings.product[i]}", blend.vocabulary.terms)
        rows = {name: view.features[name][i] for name in (WORDS, WORDS_AND_PRODUCT) if name in view.features.blocks}
        explained = {}
        for name, pool in self.model.pools.items():
            label = int(view.shares[name][i].argmax())
            losses: Counter[str] = Counter()
            for member, weights in zip(blend.members[name], pool.weights_, strict=True):
                over = _over_others(weights, label)
                for block in member.weights:
                    if block in {WORDS, WORDS_AND_PRODUCT}:
                        row = rows[block]
                        losses.update(terms.losses(row, over @ member.coefficients(block, row.indices)))
                    elif block in {MEANING, TUNED}:
                        states = view.tokens[i].states if block == MEANING else view.tuned[i]
                        losses.update(state_losses(text, view.tokens[i], states, over @ member.coefficients(block)))
            explained[name] = strongest(losses)
        return explained


@dataclass(frozen=True, slots=True)
class _View:
    """What the model sees of some tickets, and the probabilities it gives them."""

    readings: Readings
    tokens: list[TokenStates]
    tuned: list[Vectors]
    features: Features
    neighbours: list[Neighbours]
    shares: dict[str, NDArray[np.float64]]
    is_strange: NDArray[np.bool_]


def _over_others(weights: NDArray[np.float64], label: int) -> NDArray[np.float32]:
    """What makes of a member's scores its part in one label's pooled score over the mean of the others'."""
    over = np.full(len(weights), -1 / (len(weights) - 1))
    over[label] = 1
    return (over * weights).astype(np.float32)
