"""Drift: the tickets and answers of late against those that the serving model was trained on."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from classifier import Reference, stability_index, ticket_words, traits_of
from desk.champion import MaybeServing, Serving
from journal import DecisionRecord, Journal, JournalError

WINDOW: Final = 500
"""How many of the model's latest decisions are looked at."""
FEWEST: Final = 100
"""Fewer tell more of chance than of drift."""
_FRESH_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftAnswer:
    """Population stability indices: of the tickets by trait, of the labels answered by target."""

    n_tickets: int
    inputs: Mapping[str, float]
    predictions: Mapping[str, float]


class Drift:
    """Looks at the journal's latest decisions at most once a minute; every worker and replica finds the same."""

    def __init__(self, journal: Callable[[], Journal]) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._known: tuple[str, float, DriftAnswer | None] = ("", 0.0, None)

    def told(self, serving: MaybeServing) -> DriftAnswer | None:
        """The drift; None where too little was decided, the model kept no reference or the journal cannot be read."""
        if serving is None or not serving.manifest.reference:
            return None
        with self._lock:
            version, looked, answer = self._known
            if version != serving.manifest.version or time.monotonic() - looked > _FRESH_SECONDS:
                answer = self._look(serving)
                self._known = (serving.manifest.version, time.monotonic(), answer)
            return answer

    def _look(self, serving: Serving) -> DriftAnswer | None:
        try:
            records = self._journal().latest(serving.manifest.version, limit=WINDOW)
        except JournalError:
            return None
        return drift_of(records, serving) if len(records) >= FEWEST else None


def drift_of(records: Sequence[DecisionRecord], serving: Serving) -> DriftAnswer:
    """The drift of some decisions against what their model was trained on."""
    familiarity = serving.classifier.model.familiarity
    texts = [ticket_words(record.ticket) for record in records]
    traits = [
        traits_of(record.ticket, known_share=familiarity.known_share(words), words=words)
        for record, words in zip(records, texts, strict=True)
    ]
    return DriftAnswer(
        n_tickets=len(records),
        inputs=Reference(**serving.manifest.reference or {}).drift(traits),
        predictions={
            target: stability_index(
                _answered(report["confusion"]),
                Counter(record.predictions[target].label for record in records if target in record.predictions),
            )
            for target, report in serving.manifest.report["targets"].items()
        },
    )


def _answered(confusion: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Share of each label among the answers to tickets that the model had not seen."""
    counts: Counter[str] = Counter()
    for answers in confusion.values():
        counts.update(answers)
    n_tickets = sum(counts.values())
    return {label: n / n_tickets for label, n in counts.items()} if n_tickets else {}
