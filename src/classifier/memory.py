"""The solved tickets a model learned from, remembered so that it can show which of them resemble a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from classifier.members import MEANING, WORDS, Features
from classifier.prediction import Resemblance
from tickets import SolvedTicket

_TITLE_CHARACTERS: Final = 80
_SAMPLE: Final = 500
_NOVEL_QUANTILE: Final = 0.01
_UNRELATED: Final = 0.7
"""Cosine below which this family of encoders speaks of nothing in common."""


@dataclass(frozen=True)
class SolvedMemory:
    """Features and labels of solved tickets, one row a ticket."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    labels: tuple[dict[str, str], ...]
    postings: Any
    """Sparse TF-IDF by feature, shape (n_features, n_tickets): a new ticket touches only its own features' rows."""
    meaning: NDArray[np.float32]
    """Sentence vectors of subject and body, shape (n_tickets, 2 * dimension); no columns without encoder."""
    novel_below: float
    """A ticket whose best resemblance stays below this is unlike anything solved before."""

    @classmethod
    def of(
        cls, solved: Sequence[SolvedTicket], features: Features, groups: NDArray[np.intp], *, seed: int
    ) -> "SolvedMemory":
        """The memory of ``solved``; ``groups`` holds each ticket's problem, so that siblings do not vouch for each other."""
        meaning = (
            features[MEANING] if MEANING in features.matrices else np.empty((len(solved), 0), np.float32)
        )
        memory = cls(
            ids=tuple(ticket.ticket.id or "" for ticket in solved),
            titles=tuple(_title(ticket) for ticket in solved),
            labels=tuple(dict(ticket.labels) for ticket in solved),
            postings=features[WORDS].T.tocsr(),
            meaning=meaning,
            novel_below=0.0,
        )
        rows = np.random.default_rng(seed).permutation(len(solved))[:_SAMPLE]
        scores = memory.resemblance(features[WORDS][rows], meaning[rows])
        scores[groups[rows][:, None] == groups[None, :]] = 0.0
        novel_below = float(np.quantile(scores.max(axis=1), _NOVEL_QUANTILE))
        return cls(memory.ids, memory.titles, memory.labels, memory.postings, memory.meaning, novel_below)

    def resemblance(self, words: Any, meaning: NDArray[np.float32]) -> NDArray[np.float64]:
        """How much new tickets resemble each solved one, in [0, 1], of shape (n_new, n_solved).

        The mean of two cosines: of TF-IDF features (two unit blocks side by side), and of sentence vectors,
        stretched from the narrow band in which such encoders keep them.
        """
        by_words = (words @ self.postings).toarray().astype(np.float64) / 2
        if not self.meaning.shape[1]:
            return np.clip(by_words, 0, 1)
        by_meaning = (meaning @ self.meaning.T / 2 - _UNRELATED) / (1 - _UNRELATED)
        return np.clip((by_words + np.clip(by_meaning, 0, 1)) / 2, 0, 1)

    def nearest(self, features: Features, *, limit: int) -> list[tuple[Resemblance, ...]]:
        """For each ticket the solved tickets that resemble it most, best first."""
        meaning = features[MEANING] if self.meaning.shape[1] else self.meaning
        scores = self.resemblance(features[WORDS], meaning)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :limit]
        return [
            tuple(self._shown(int(i), row[i]) for i in rows) for row, rows in zip(scores, best, strict=True)
        ]

    def _shown(self, i: int, score: float) -> Resemblance:
        return Resemblance(id=self.ids[i], title=self.titles[i], labels=self.labels[i], score=float(score))


def _title(solved: SolvedTicket) -> str:
    first_line = (solved.ticket.subject or solved.ticket.body).strip().split("\n")[0]
    return first_line if len(first_line) <= _TITLE_CHARACTERS else first_line[: _TITLE_CHARACTERS - 1] + "…"
