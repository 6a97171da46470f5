"""How many tickets a second are scored, by one of Ray's workers and by two, and by this process alone.

Runs of one and of two workers alternate, so that whatever else the machine does slows both alike; each is told by the
median of its runs. What starting the workers and loading the model take is measured by a table of one share for each
worker, and left out of the figures.
"""

import logging
import os
import statistics
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.sample import solved_tickets
from benchmarks.scope import Scope
from classifier import ModelShelf, TrainingPlan, fingerprint
from desk import BatchWork, Settings, learned, surroundings_of, worked_out
from history import to_frame
from tickets import Taxonomy

if TYPE_CHECKING:
    import pandas as pd

_N_LEARNED, _N_SCORED, _N_RUNS, _SHARE = 600, 1_400, 3, 64
_log = logging.getLogger("benchmarks")


def measure(scope: Scope) -> dict[str, Any]:
    """Tickets a second with one and two workers; a trial run takes the tickets of so many problems."""
    if find_spec("ray") is None:
        return {"not_measured": "Ray is not installed: pip install -c constraints.txt '.[scale]'"}
    solved = scope.limited(solved_tickets())
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            models=Path(folder) / "models",
            encoders=Settings().encoders.resolve(),
            vector_cache=Path(folder) / "vectors.db",
            masking_key=Path(folder) / "masking.key",
            tracking="",
        )
        plan = TrainingPlan.named("default")
        new = learned(settings, solved[:_N_LEARNED], taxonomy=Taxonomy.builtin(), plan=plan)
        manifest = ModelShelf(settings.models).save(
            new.trained, n_tickets=len(new.solved), data_fingerprint=fingerprint(new.solved)
        )
        work = BatchWork(folder=settings.models / manifest.version, surroundings=surroundings_of(settings))
        table = to_frame(solved[-_N_SCORED:])
        return _figures(table, work)


def _figures(table: "pd.DataFrame", work: BatchWork) -> dict[str, Any]:
    runs: dict[str, list[float]] = {"in_process": [], "1": [], "2": []}
    shares: list[float] = []
    for _ in range(_N_RUNS):
        for name, seconds in runs.items():
            seconds.append(_seconds(table, work, None if name == "in_process" else int(name)))
        shares.append(runs["1"][-1] / runs["2"][-1])
        _log.info("in process %.1f s, one worker %.1f s, two %.1f s", *(seconds[-1] for seconds in runs.values()))
    rates = {name: len(table) / statistics.median(seconds) for name, seconds in runs.items()}
    return {
        "n_tickets": len(table),
        "plan": "default",
        "seconds": {name: [round(one, 2) for one in seconds] for name, seconds in runs.items()},
        "tickets_a_second": {name: round(rate, 1) for name, rate in rates.items()},
        "tickets_a_second_per_core": {"1": round(rates["1"], 1), "2": round(rates["2"] / 2, 1)},
        "times_faster_with_two": {
            "median": round(statistics.median(shares), 2),
            "pairs": [round(one, 2) for one in shares],
        },
        "load_average": round(os.getloadavg()[1], 1),
    }


def _seconds(table: "pd.DataFrame", work: BatchWork, n_workers: int | None) -> float:
    """What the tickets take beyond a start: the whole table's time less that of a share for each worker."""
    started = _SHARE * (n_workers or 1)
    spans = []
    for rows in (table[:started], table):
        began = time.perf_counter()
        n_answers = sum(len(frame) for frame in worked_out([rows], work, n_workers=n_workers))
        assert n_answers == len(rows)
        spans.append(time.perf_counter() - began)
    return (spans[1] - spans[0]) * len(table) / (len(table) - started)
