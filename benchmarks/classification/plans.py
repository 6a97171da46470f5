"""Our own plans as contestants: trained as the product trains, reading with the product's encoder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from benchmarks.classification.contestants import Shares
from benchmarks.classification.split import Split, truths
from classifier import BoundClassifier, PlanName, TrainingPlan, train
from desk import Settings, encoder_of
from text import Encoder
from tickets import Taxonomy, Ticket


@dataclass(frozen=True)
class LearnedPlan:
    """A trained plan, bound twice: to the encoder for much text at once, and to the one that serves."""

    bulk: BoundClassifier
    serving: BoundClassifier

    @classmethod
    def learned(
        cls,
        split: Split,
        folder: Path,
        *,
        name: str,
        primer: bool = True,
        max_error: float = 0.05,
        confidence: float = 0.95,
    ) -> "LearnedPlan":
        """Learned from the split's history; in a new ``folder`` nothing is encoded yet, so that encoding counts."""
        plan = TrainingPlan.named(cast("PlanName", name), max_error=max_error, confidence=confidence, primer=primer)
        bulk = bulk_encoder(folder)
        model = train(split.learn, taxonomy=split.taxonomy, plan=plan, encoder=bulk).model
        return cls(bulk=model.bind(bulk), serving=model.bind(encoder_of(Settings(), n_threads=1)))

    @property
    def settings(self) -> dict[str, Any]:
        """The plan."""
        return self.bulk.model.plan.as_record()

    def predict_proba(self, tickets: Sequence[Ticket]) -> Shares:
        """Probabilities for many tickets at once."""
        return self.bulk.predict_proba(tickets)

    def answer(self, ticket: Ticket) -> None:
        """Classify one ticket as the service does."""
        self.serving.classify([ticket])

    def routed(self, split: Split) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which tested tickets the model routes by itself by its own promise, and which of its answers are wrong."""
        decisions = [c.decision for c in self.bulk.classify([solved.ticket for solved in split.test])]
        automatic = np.array([decision.action == "auto" for decision in decisions])
        truth = truths(split.test, split.taxonomy)
        wrong = np.any(
            [
                _indices([d.labels.get(t.name) for d in decisions], split.taxonomy, t.name) != truth[t.name]
                for t in split.taxonomy
            ],
            axis=0,
        )
        return automatic, wrong


def bulk_encoder(folder: Path) -> Encoder:
    """The settings' encoder for much text at once, which remembers in ``folder`` what it encoded."""
    return encoder_of(Settings(vector_cache=folder / "vectors.db"), n_threads=2)


def _indices(labels: Sequence[str | None], taxonomy: Taxonomy, target: str) -> NDArray[np.intp]:
    names = taxonomy[target].label_names
    return np.array([names.index(label) if label in names else -1 for label in labels], np.intp)
