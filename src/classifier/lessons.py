"""What a history teaches beside its tickets: the words that closed them, which no arriving ticket has."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.reading import texts
from text import clean
from tickets import SolvedTicket


@dataclass(frozen=True, slots=True)
class Lessons:
    """Closing words as further texts to learn from, each with its ticket's labels; an arriving ticket has none."""

    words: NDArray[np.object_]
    """The ticket's subject and the words that closed it, shape (n_lessons,)."""
    closing: NDArray[np.object_]
    """The words that closed it alone, likewise."""
    ticket: NDArray[np.intp]
    """The row of the ticket each one closed, shape (n_lessons,)."""

    @classmethod
    def of(cls, solved: Sequence[SolvedTicket]) -> "Lessons":
        """The lessons of ``solved``: one for each ticket whose resolution is known."""
        closed = [(row, one, one.solution.resolution) for row, one in enumerate(solved) if one.solution is not None]
        told = [(row, clean(one.ticket.subject), clean(words)) for row, one, words in closed if words.strip()]
        return cls(
            texts([f"{subject}\n{words}" for _, subject, words in told]),
            texts([words for _, _, words in told]),
            np.array([row for row, _, _ in told], dtype=np.intp),
        )

    def among(self, rows: NDArray[np.intp]) -> "Lessons":
        """Those of the tickets at ``rows``, counted as rows among these."""
        place = {row: i for i, row in enumerate(rows.tolist())}
        kept = [i for i, row in enumerate(self.ticket.tolist()) if row in place]
        ticket = np.array([place[int(self.ticket[i])] for i in kept], dtype=np.intp)
        return Lessons(self.words[kept], self.closing[kept], ticket)

    def followed_by(self, others: "Lessons", n_tickets: int) -> "Lessons":
        """These, of ``n_tickets`` tickets, and after them those of tickets that follow."""
        return Lessons(
            np.concatenate([self.words, others.words]),
            np.concatenate([self.closing, others.closing]),
            np.concatenate([self.ticket, others.ticket + n_tickets]),
        )
