"""fastText (MIT), with the settings of the NLBSE tool competition's baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fasttext
import numpy as np

from benchmarks.classification.contestants import Shares
from benchmarks.classification.split import SEED, Split, truths, words
from tickets import Taxonomy, Ticket

SETTINGS = {"epoch": 100, "thread": 1, "seed": SEED}
"""A hundred epochs, all else as it comes; one thread, because with several the same data give other models."""

_PREFIX = "__label__"


@dataclass(frozen=True)
class FastText:
    """A fastText model for each target."""

    models: dict[str, Any]
    taxonomy: Taxonomy

    @classmethod
    def learned(cls, split: Split, folder: Path) -> "FastText":
        """Learned from the split's history, which fastText reads from files in ``folder``."""
        lines = [_line(solved.ticket) for solved in split.learn]
        models = {}
        for name, y in truths(split.learn, split.taxonomy).items():
            path = folder / f"{name}.txt"
            path.write_text("".join(f"{_PREFIX}{i} {line}\n" for i, line in zip(y, lines, strict=True)), "utf-8")
            models[name] = fasttext.train_supervised(str(path), verbose=0, **SETTINGS)
        return cls(models, split.taxonomy)

    @property
    def settings(self) -> dict[str, Any]:
        """What it was trained with."""
        return dict(SETTINGS)

    def predict_proba(self, tickets: Sequence[Ticket]) -> Shares:
        """Probabilities, scaled to a sum of one: fastText's own stray from it by rounding."""
        shares = {target.name: np.zeros((len(tickets), len(target.labels))) for target in self.taxonomy}
        for name, matrix in shares.items():
            for row, ticket in zip(matrix, tickets, strict=True):
                # `predict` of the Python class does not work with numpy 2; this is what it calls
                for share, label in self.models[name].f.predict(f"{_line(ticket)}\n", len(row), 0.0, "strict"):
                    row[int(label.removeprefix(_PREFIX))] = share
            matrix[matrix.sum(axis=1) == 0] = 1.0  # fastText says nothing of a text without words
        return {name: matrix / matrix.sum(axis=1, keepdims=True) for name, matrix in shares.items()}

    def answer(self, ticket: Ticket) -> None:
        """Answer one ticket."""
        self.predict_proba([ticket])


def _line(ticket: Ticket) -> str:
    return " ".join(words(ticket).split())
