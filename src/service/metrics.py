"""What the service counts about itself, for Prometheus; no label ever holds a ticket's words, an id or free text.

Counts add up over the workers of one service; what stands in the journal or on the shelf is told by whichever worker
is asked.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from desk import ClassificationAnswer, SearchAnswer
from service.standing import Standing, StandingCollector

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_STEP_BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_000)
_SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which the workers of one service keep their counts."""
_NO_MODEL = "none"


class Metrics:
    """The counts of one application, in a registry of its own; those of all workers where there are several."""

    def __init__(self) -> None:
        kept = self._registry = CollectorRegistry()
        self._requests = Counter(
            "stellwerk_requests", "Requests answered.", ["method", "path", "status"], registry=kept
        )
        self._seconds = Histogram(
            "stellwerk_request_seconds", "Time to answer a request.", ["method", "path"], buckets=_BOUNDS, registry=kept
        )
        self._in_work = Gauge(
            "stellwerk_requests_in_work",
            "Requests not answered yet, waiting ones included.",
            registry=kept,
            multiprocess_mode="livesum",
        )
        self._refused = Counter(
            "stellwerk_refusals", "Requests refused at the door, by the problem they were told.", ["problem"],
            registry=kept,
        )  # fmt: skip
        self._faults = Counter(
            "stellwerk_part_errors", "Requests that a part could not serve, by the kind of error.", ["error"],
            registry=kept,
        )  # fmt: skip
        self._steps = Histogram(
            "stellwerk_step_seconds", "Time of one step of work.", ["step"], buckets=_STEP_BOUNDS, registry=kept
        )
        self._failed_steps = Counter("stellwerk_step_errors", "Steps of work that failed.", ["step"], registry=kept)
        self._batches = Histogram("stellwerk_batch_tickets", "Tickets scored together.", buckets=_SIZES, registry=kept)
        self._decisions = Counter(
            "stellwerk_decisions", "Tickets decided, by action and model.", ["action", "version"], registry=kept
        )
        self._reasons = Counter(
            "stellwerk_decision_reasons", "Reasons given for decisions.", ["reason", "version"], registry=kept
        )
        self._labels = Counter(
            "stellwerk_predictions", "Labels predicted.", ["target", "label", "version"], registry=kept
        )
        self._confidence = Histogram(
            "stellwerk_confidence", "How sure predictions were.", ["target"], buckets=_SHARES, registry=kept
        )
        self._best = Histogram(
            "stellwerk_search_best_score",
            "Score of the best hit of a search; 0 where nothing was found.",
            buckets=(0.0, *_SHARES),
            registry=kept,
        )

    def begun(self) -> None:
        """Count a request that came in."""
        self._in_work.inc()

    def request(self, *, method: str, path: str, status: int, seconds: float) -> None:
        """Count a request answered; ``path`` is the template, so that ids make no new series."""
        known = known_method(method)
        self._in_work.dec()
        self._requests.labels(known, path, str(status)).inc()
        self._seconds.labels(known, path).observe(seconds)

    def refused(self, problem: str) -> None:
        """Count a request that was refused before any endpoint saw it, by the problem's name."""
        self._refused.labels(problem).inc()

    def part_error(self, error: Exception) -> None:
        """Count a request that failed because of a part, by the kind of the error alone."""
        self._faults.labels(type(error).__name__).inc()

    def step(self, name: str, seconds: float, *, failed: bool, n_tickets: int | None) -> None:
        """Count a step of work."""
        self._steps.labels(name).observe(seconds)
        if failed:
            self._failed_steps.labels(name).inc()
        if name == "score" and n_tickets is not None:
            self._batches.observe(n_tickets)

    def decisions(self, answers: Iterable[ClassificationAnswer]) -> None:
        """Count decisions by what they say to do and why, and predictions by label and confidence."""
        for answer in answers:
            version = answer.model.version if answer.model else _NO_MODEL
            self._decisions.labels(answer.decision.action, version).inc()
            for code in {reason.code for reason in answer.decision.reasons}:
                self._reasons.labels(code.value, version).inc()
            for target, prediction in answer.predictions.items():
                self._labels.labels(target, prediction.label, version).inc()
                self._confidence.labels(target).observe(prediction.confidence)

    def searched(self, answer: SearchAnswer) -> None:
        """Count a search by how good its best hit is."""
        self._best.observe(answer.hits[0].score if answer.hits else 0.0)

    def exposition(self, standing: Standing) -> bytes:
        """Everything counted so far, and how things stand, in Prometheus' text format."""
        facts = CollectorRegistry()
        facts.register(StandingCollector(standing))
        counted = self._registry
        if folder := os.environ.get(_SHARED):
            counted = CollectorRegistry()
            _let_go_of_the_dead(Path(folder))
            MultiProcessCollector(counted, folder)  # type: ignore[no-untyped-call]
        return generate_latest(counted) + generate_latest(facts)


def known_method(method: str) -> str:
    """A request's method; what is none becomes ``other``, for anybody may send any word."""
    return method if method in _METHODS else "other"


def _let_go_of_the_dead(folder: Path) -> None:
    """Forget what workers that have ended had in work; what they counted stays counted."""
    for kept in folder.glob("gauge_live*_*.db"):
        worker = kept.stem.rpartition("_")[2]
        try:
            os.kill(int(worker), 0)
        except ProcessLookupError:
            mark_process_dead(int(worker), str(folder))  # type: ignore[no-untyped-call]
        except PermissionError:
            continue
