"""What the service counts about itself, for Prometheus; no label ever holds a ticket's words."""

from collections.abc import Iterable
from threading import Lock

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from desk import AuditAnswer, ClassificationAnswer

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

_AUDIT = {
    "audit_drawn": "Automatic decisions asked back",
    "audit_answered": "Of these, answered",
    "audit_wrong": "Of these, contradicted",
    "promise_withdrawn": "Whether the promise is withdrawn (1)",
}


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
        self._audit = {
            name: Gauge(f"stellwerk_{name}", f"{told}, of the model that serves.", ["version"], registry=self._registry)
            for name, told in _AUDIT.items()
        }
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

    def exposition(self, *, model: str | None, audit: AuditAnswer | None) -> bytes:
        """Everything counted so far, in Prometheus' text format; ``model`` is the version that serves."""
        with self._lock:
            if model != self._version:
                self._model.clear()
                self._version = model
            for gauge in self._audit.values():
                gauge.clear()
            if model is not None:
                self._model.labels(model).set(1)
            if model is not None and audit is not None:
                self._audit["audit_drawn"].labels(model).set(audit.n_drawn)
                self._audit["audit_answered"].labels(model).set(audit.n_answered)
                self._audit["audit_wrong"].labels(model).set(audit.n_wrong)
                self._audit["promise_withdrawn"].labels(model).set(audit.withdrawn_since is not None)
            return generate_latest(self._registry)
