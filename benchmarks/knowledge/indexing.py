"""How fast documents are indexed, encoding included, by one worker and by two, and how long many would take.

Runs of one and of two workers alternate, so that whatever else the machine does slows both alike; each number of
workers is told by the median of its runs.
"""

import logging
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.sample import solved_tickets
from benchmarks.scope import Scope
from desk import Settings, encoder_of
from knowledge import Document, KnowledgeBase, RayWorkers
from knowledge.rows import digest_of, key_of
from text import Encoder

_N_DOCUMENTS, _N_RUNS = 1_000, 3
_log = logging.getLogger("benchmarks")
_PROJECTED = (100_000, 1_000_000)


def measure(scope: Scope) -> dict[str, Any]:
    """Documents a second with one and two workers; a trial run takes the tickets of so many problems."""
    if find_spec("ray") is None:
        return {"not_measured": "Ray is not installed"}
    documents = scope.limited(solved_tickets())[:_N_DOCUMENTS]
    model = encoder_of(Settings(), n_threads=1)
    runs: dict[int, list[float]] = {1: [], 2: []}
    shares: list[float] = []
    for _ in range(_N_RUNS):
        for n_workers, seconds in runs.items():
            seconds.append(_seconds(documents, model, n_workers))
        shares.append(runs[1][-1] / runs[2][-1])
        _log.info("one worker %.1f s, two workers %.1f s", runs[1][-1], runs[2][-1])
    rates = {n_workers: len(documents) / statistics.median(seconds) for n_workers, seconds in runs.items()}
    return {
        "n_documents": len(documents),
        "rows_a_document": 2,
        "seconds": {str(n_workers): [round(one, 1) for one in seconds] for n_workers, seconds in runs.items()},
        "documents_a_second": {str(n_workers): round(rate, 1) for n_workers, rate in rates.items()},
        "times_faster_with_two": {
            "median": round(statistics.median(shares), 2),
            "pairs": [round(one, 2) for one in shares],
        },
        "projected_hours_of_one_core": {str(n): round(n / rates[1] / 3600, 2) for n in _PROJECTED},
        "load_average": round(os.getloadavg()[1], 1),
    }


def _seconds(documents: Sequence[Document], model: Encoder, n_workers: int) -> float:
    """From documents to a base that serves; starting the workers is not counted."""
    with tempfile.TemporaryDirectory() as folder, RayWorkers.open(model, n_workers=n_workers) as workers:
        first = documents[: 64 * n_workers]  # two shares a worker: encoders and language models are loaded
        workers.rows_of(first, {key_of(one): digest_of(one) for one in first})
        began = time.perf_counter()
        base, _ = KnowledgeBase.rebuild(Path(folder) / "knowledge", model, documents, workers=workers)
        seconds = time.perf_counter() - began
        base.close()
    return seconds
