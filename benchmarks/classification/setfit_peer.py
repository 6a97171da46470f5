"""SetFit (Apache-2.0): all-MiniLM-L6-v2 tuned on pairs of tickets, then logistic regression, once for each target."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from setfit import SetFitModel, Trainer, TrainingArguments

from benchmarks.classification import minilm
from benchmarks.classification.contestants import Shares
from benchmarks.classification.split import SEED, Split, truths, words
from tickets import Taxonomy, Ticket

BUDGET: dict[str, Any] = {"num_iterations": 20, "batch_size": 16, "max_steps": 60}
"""The published procedure draws pairs for each ticket twenty times over, and would take hours on two cores; here tuning
ends after so many steps, under a thousand pairs. The head still learns from all tickets."""
TUNING_TOKENS, READING_TOKENS = 64, 256
"""What is read of a text while tuning, where each step costs seconds, and afterwards: as much as the encoder can."""


@dataclass(frozen=True)
class SetFit:
    """A tuned encoder with its head for each target."""

    models: dict[str, Any]
    taxonomy: Taxonomy

    @classmethod
    def learned(cls, split: Split, folder: Path) -> "SetFit":
        """Learned from the split's history, within the budget."""
        logging.disable(logging.WARNING)  # of a head not yet trained, at every opening
        texts = [words(solved.ticket) for solved in split.learn]
        models = {}
        for name, y in truths(split.learn, split.taxonomy).items():
            model = SetFitModel.from_pretrained(str(minilm.folder()), device="cpu")
            arguments = TrainingArguments(
                output_dir=str(folder / name),
                **BUDGET,
                num_epochs=1,
                seed=SEED,
                report_to="none",
                save_strategy="no",
                logging_strategy="no",
                show_progress_bar=False,
            )
            trainer = Trainer(model=model, args=arguments)
            model.model_body.max_seq_length = TUNING_TOKENS
            trainer.train_embeddings(texts, y.tolist(), args=arguments)
            model.model_body.max_seq_length = READING_TOKENS
            trainer.train_classifier(texts, y.tolist(), args=arguments)
            models[name] = model
        return cls(models, split.taxonomy)

    @property
    def settings(self) -> dict[str, Any]:
        """What bounded its training."""
        return {
            **BUDGET,
            "tuning_tokens": TUNING_TOKENS,
            "reading_tokens": READING_TOKENS,
            "encoder": "all-MiniLM-L6-v2",
        }

    def predict_proba(self, tickets: Sequence[Ticket]) -> Shares:
        """Probabilities, nought for labels that the history did not hold."""
        texts = [words(ticket) for ticket in tickets]
        shares = {}
        for target in self.taxonomy:
            model = self.models[target.name]
            shares[target.name] = np.zeros((len(tickets), len(target.labels)))
            with torch.inference_mode():
                found = model.predict_proba(texts, as_numpy=True, show_progress_bar=False)
            shares[target.name][:, model.model_head.classes_.astype(int)] = found
        return shares

    def answer(self, ticket: Ticket) -> None:
        """Answer one ticket."""
        self.predict_proba([ticket])
