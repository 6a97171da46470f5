"""What the service counts about itself, for Prometheus; no label ever holds a ticket's words."""

from collections.abc import Iterable
from threading import Lock

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from desk import ClassificationAnswer

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counts of one application, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "stellwerk_requests", "Requests answered.", ["method", "path", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "stellwerk_request_seconds",
            "Time to answer a request.",
            ["method", "path"],
            buckets=_BOUNDS,
            registry=self._registry,
        )
        self._decisions = Counter(
            "stellwerk_decisions", "Tickets decided, by action.", ["action"], registry=self._registry
        )
        self._model = Gauge(
            "stellwerk_model_info", "The model that serves; always 1.", ["version"], registry=self._registry
        )
        self._version: str | None = None
        self._lock = Lock()

    def request(self, *, method: str, path: str, status: int, seconds: float) -> None:
        """Count a request answered; ``path`` is the template, so that ids make no new series."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, path, str(status)).inc()
        self._seconds.labels(known, path).observe(seconds)

    def decisions(self, answers: Iterable[ClassificationAnswer]) -> None:
        """Count decisions by what they say to do."""
        for answer in answers:
            self._decisions.labels(answer.decision.action).inc()

    def exposition(self, *, model: str | None) -> bytes:
        """Everything counted so far, in Prometheus' text format; ``model`` is the version that serves."""
        with self._lock:
            if model != self._version:
                self._model.clear()
                self._version = model
            if model is not None:
                self._model.labels(model).set(1)
            return generate_latest(self._registry)
