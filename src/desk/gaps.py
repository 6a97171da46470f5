"""What the articles do not answer, worked out at most every ten minutes."""

import threading
import time
from collections.abc import Callable
from typing import Final

from desk.answers import GapAnswer, GapsAnswer
from knowledge import Gap, GapReport, KnowledgeBase

_REFRESH_SECONDS: Final = 600.0


class KnowledgeGaps:
    """The gaps of a knowledge base; whoever asks while they are worked out waits for the same answer."""

    def __init__(self, knowledge: Callable[[], KnowledgeBase]) -> None:
        self._knowledge = knowledge
        self._lock = threading.Lock()
        self._known: dict[frozenset[str] | None, tuple[float, GapReport]] = {}

    def told(self, limit: int, customers: frozenset[str] | None = None) -> GapsAnswer:
        """The ``limit`` costliest gaps; of these customers' tickets alone, where any are given.

        Raises
        ------
        KnowledgeError
            The base cannot be read, or too few right answers are known to learn what a good one is.
        """
        with self._lock:
            oldest = time.monotonic() - _REFRESH_SECONDS
            self._known = {whose: known for whose, known in self._known.items() if known[0] > oldest}
            if customers not in self._known:
                self._known[customers] = time.monotonic(), self._knowledge().gaps(customers)
            return gaps_answer(self._known[customers][1], limit)


def gaps_answer(report: GapReport, limit: int) -> GapsAnswer:
    """The report as the doors show it."""
    return GapsAnswer(
        n_tickets=report.n_tickets,
        n_without_answer=report.n_without_answer,
        n_single=report.n_single,
        n_known=report.n_known,
        bound=report.bound,
        recall=report.recall,
        false_alarms=report.false_alarms,
        n_gaps=len(report.gaps),
        gaps=[_gap(gap) for gap in report.gaps[:limit]],
    )


def _gap(gap: Gap) -> GapAnswer:
    return GapAnswer(
        name=" ".join(gap.words),
        words=list(gap.words),
        products=list(gap.products),
        n_tickets=len(gap.tickets),
        tickets=list(gap.tickets),
        handling_seconds=gap.handling_seconds,
        median_handling_seconds=gap.median_handling_seconds,
    )
