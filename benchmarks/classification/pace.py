"""How fast one ticket is answered, beside plain all-MiniLM-L6-v2 on the same text, each with one thread."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from benchmarks.classification import minilm
from benchmarks.classification.contestants import Contestant
from benchmarks.classification.split import words
from tickets import Ticket

N_TEXTS = 100
_N_WARM = 10


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Medians over texts; the ratio is the median of the ratios text by text."""

    n_texts: int
    latency_ms: float
    minilm_ms: float
    latency_ratio: float


def paced(contestant: Contestant, tickets: Sequence[Ticket]) -> Pace:
    """Both are asked in turn, text by text, so that the ratio holds on a machine whose speed drifts."""
    import torch  # noqa: PLC0415 - not before the contestant's memory was taken

    encoder = minilm.opened()
    chosen = tickets[:: max(1, len(tickets) // N_TEXTS)][:N_TEXTS]
    ours, theirs = [], []
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            for ticket in [*chosen[:_N_WARM], *chosen]:
                started = time.perf_counter()
                contestant.answer(ticket)
                answered = time.perf_counter()
                encoder.encode(words(ticket), show_progress_bar=False)
                theirs.append(time.perf_counter() - answered)
                ours.append(answered - started)
    finally:
        torch.set_num_threads(threads)
    warm = len(ours) - len(chosen)
    ours, theirs = ours[warm:], theirs[warm:]
    return Pace(
        n_texts=len(chosen),
        latency_ms=1000 * statistics.median(ours),
        minilm_ms=1000 * statistics.median(theirs),
        latency_ratio=statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
    )
