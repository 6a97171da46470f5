"""What is learned from: a history's tickets as they are read, the lessons beside them, and their labels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifier.learnable import Truth, problem_groups
from classifier.lessons import Lessons
from classifier.plan import TrainingPlan
from classifier.reading import Readings, TicketReader
from tickets import SolvedTicket

OnProgress = Callable[[str, int, int], None]
"""Told what is being done, how many steps are done and how many there are."""

HalfVectors = NDArray[np.float16]

_BATCH: Final = 256


@dataclass(frozen=True, slots=True)
class Material:
    """Solved tickets made ready for learning, one row a ticket."""

    readings: Readings
    lessons: Lessons
    truth: Truth
    groups: NDArray[np.intp]
    """The problem of each ticket, shape (n_tickets,)."""
    weight: NDArray[np.float64]
    """How much each ticket counts where members learn from it, shape (n_tickets,)."""
    states: tuple[HalfVectors, ...]
    """Each text's token states, kept in half precision where layers are to be tuned; otherwise empty."""

    def __len__(self) -> int:
        return len(self.readings)

    @property
    def names_products(self) -> bool:
        """Whether any ticket names its product."""
        return any(product.strip() for product in self.readings.product.tolist())

    def among(self, rows: NDArray[np.intp]) -> "Material":
        """That of the tickets at ``rows``."""
        return Material(
            self.readings[rows],
            self.lessons.among(rows),
            {name: indices[rows] for name, indices in self.truth.items()},
            self.groups[rows],
            self.weight[rows],
            tuple(self.states[row] for row in rows) if self.states else (),
        )

    def beside(self, primer: "Material | None") -> "Material":
        """These tickets, and after them those of ``primer``, whose problems are others."""
        if primer is None:
            return self
        return Material(
            Readings.joined([self.readings, primer.readings]),
            self.lessons.followed_by(primer.lessons, len(self)),
            {name: np.concatenate([indices, primer.truth[name]]) for name, indices in self.truth.items()},
            np.concatenate([self.groups, primer.groups + self.groups.max() + 1]),
            np.concatenate([self.weight, primer.weight]),
            self.states + primer.states,
        )


def prepared(
    solved: Sequence[SolvedTicket],
    truth: Truth,
    *,
    reader: TicketReader,
    plan: TrainingPlan,
    tell: OnProgress,
    weight: float = 1.0,
) -> Material:
    """The material that ``solved`` is, read in batches; each ticket counts ``weight``."""
    parts, states = [], []
    for start in range(0, len(solved), _BATCH):
        tell("reading tickets", start, len(solved))
        readings, tokens = reader.read_tokens([one.ticket for one in solved[start : start + _BATCH]])
        parts.append(readings)
        if plan.tuned:
            states += [one.states.astype(np.float16) for one in tokens]
    tell("reading tickets", len(solved), len(solved))
    weights = np.full(len(solved), weight)
    return Material(Readings.joined(parts), Lessons.of(solved), truth, problem_groups(solved), weights, tuple(states))
