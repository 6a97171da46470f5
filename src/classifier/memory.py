"""The solved tickets a model learned from, remembered so that it can show which of them resemble a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifier.prediction import Resemblance
from classifier.recurrence import Neighbours
from tickets import SolvedTicket

_TITLE_CHARACTERS: Final = 80
_SHOWN: Final = 5


@dataclass(frozen=True)
class SolvedMemory:
    """What is shown of solved tickets, one entry a ticket, in the order of the features learned from."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    labels: tuple[dict[str, str], ...]
    truth: dict[str, NDArray[np.intp]]
    """Per target each ticket's label as an index into the taxonomy's labels, -1 where unknown."""

    @classmethod
    def of(cls, solved: Sequence[SolvedTicket], truth: dict[str, NDArray[np.intp]]) -> "SolvedMemory":
        """The memory of ``solved``."""
        return cls(
            ids=tuple(ticket.ticket.id or "" for ticket in solved),
            titles=tuple(_title(ticket) for ticket in solved),
            labels=tuple(dict(ticket.labels) for ticket in solved),
            truth=truth,
        )

    def shown(self, neighbours: Neighbours) -> tuple[Resemblance, ...]:
        """The solved tickets to show beside an answer, the likeliest of the same problem first."""
        order = np.lexsort((-neighbours.resemblance, -neighbours.same_problem))[:_SHOWN]
        return tuple(
            Resemblance(
                id=self.ids[row],
                title=self.titles[row],
                labels=self.labels[row],
                score=float(neighbours.resemblance[i]),
            )
            for i, row in ((int(i), int(neighbours.rows[i])) for i in order)
        )


def _title(solved: SolvedTicket) -> str:
    first_line = (solved.ticket.subject or solved.ticket.body).strip().split("\n")[0]
    return first_line if len(first_line) <= _TITLE_CHARACTERS else first_line[: _TITLE_CHARACTERS - 1] + "…"
