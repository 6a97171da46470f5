"""A model's answers to many tickets at once, as they are compared with another's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tickets import Taxonomy


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Probabilities by target and label, of shape (n_tickets, n_labels), and what would have been routed by itself."""

    labels: Mapping[str, tuple[str, ...]]
    shares: Mapping[str, NDArray[np.float64]]
    automatic: NDArray[np.bool_]

    @classmethod
    def of(
        cls, taxonomy: Taxonomy, shares: Mapping[str, NDArray[np.float64]], automatic: NDArray[np.bool_]
    ) -> "Answers":
        """The answers whose labels stand in the taxonomy's order."""
        return cls(labels={one.name: one.label_names for one in taxonomy}, shares=shares, automatic=automatic)

    def at(self, rows: Sequence[int]) -> "Answers":
        """The answers to the tickets at ``rows``."""
        index = np.asarray(rows, dtype=np.intp)
        shares = {name: shares[index] for name, shares in self.shares.items()}
        return Answers(labels=self.labels, shares=shares, automatic=self.automatic[index])

    def followed_by(self, other: "Answers") -> "Answers":
        """These answers and after them those to other tickets by the same model."""
        shares = {name: np.concatenate([mine, other.shares[name]]) for name, mine in self.shares.items()}
        automatic = np.concatenate([self.automatic, other.automatic])
        return Answers(labels=self.labels, shares=shares, automatic=automatic)

    def shares_of(self, target: str, labels: Sequence[str]) -> NDArray[np.float64]:
        """One target's probabilities in the order of ``labels``; 0 for a label that the model does not know."""
        mine = self.labels[target]
        columns = [self.shares[target][:, mine.index(name)] if name in mine else None for name in labels]
        nothing = np.zeros(len(self.automatic))
        return np.column_stack([nothing if column is None else column for column in columns])
