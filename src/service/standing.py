"""How things stand when the service is asked for its counts: the model, its audit and drift, what can be found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from desk import USER_ERRORS, AuditAnswer, Desk, DriftAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands in the journal, on the shelf and in the knowledge base; what cannot be read is left out."""

    version: str | None = None
    trained_at: datetime | None = None
    max_error: float | None = None
    refused: bool = False
    audit: AuditAnswer | None = None
    n_documents: Mapping[str, int] = field(default_factory=dict)
    drift: DriftAnswer | None = None
    n_shadow_dropped: int = 0

    @classmethod
    def of(cls, desk: Desk) -> "Standing":
        """How one desk stands, as far as it can tell."""
        try:
            n_documents = desk.documents.count()
        except USER_ERRORS:
            n_documents = {}
        try:
            serving = desk.standing.serving()
        except USER_ERRORS:
            serving = None
        if serving is None:
            return cls(n_documents=n_documents)
        return cls(
            version=serving.version,
            trained_at=serving.trained_at,
            max_error=serving.max_error,
            refused=serving.refused,
            audit=desk.audit(serving.version),
            n_documents=n_documents,
            drift=desk.standing.drift(),
            n_shadow_dropped=serving.n_shadow_dropped,
        )


class StandingCollector(Collector):
    """`Standing` as gauges, each with the version it speaks of."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges."""
        standing = self._standing
        for kind, n in standing.n_documents.items():
            yield _gauge("knowledge_documents", "Documents that can be found.", n, kind=kind)
        if standing.version is None or standing.trained_at is None:
            return
        version = standing.version
        yield _gauge("model_info", "The model that serves; always 1.", 1, version=version)
        trained = standing.trained_at.timestamp()
        yield _gauge(
            "model_trained_timestamp_seconds", "When the model that serves was trained.", trained, version=version
        )
        yield _gauge("model_refused", "Whether the shelf's champion cannot serve (1).", standing.refused)
        yield _gauge("shadow_dropped", "Tickets a challenger did not score, in this worker.", standing.n_shadow_dropped)
        if standing.max_error is not None:
            yield _gauge("promise_max_error", "Error that the promise allows.", standing.max_error, version=version)
        yield from self._audit(version)
        yield from self._drift(version)

    def _audit(self, version: str) -> Iterator[GaugeMetricFamily]:
        if (audit := self._standing.audit) is None:
            return
        told = {
            "audit_drawn": ("Automatic decisions asked back", audit.n_drawn),
            "audit_answered": ("Of these, answered", audit.n_answered),
            "audit_wrong": ("Of these, contradicted", audit.n_wrong),
            "promise_withdrawn": ("Whether the promise is withdrawn (1)", audit.withdrawn_since is not None),
        }
        for name, (says, value) in told.items():
            yield _gauge(name, f"{says}, of the model that serves.", value, version=version)
        if audit.n_answered:
            error = audit.n_wrong / audit.n_answered
            yield _gauge("audit_error", "Share of answered audits that were wrong.", error, version=version)

    def _drift(self, version: str) -> Iterator[GaugeMetricFamily]:
        if (drift := self._standing.drift) is None:
            return
        yield _gauge("drift_window_tickets", "Tickets that drift is told of.", drift.n_tickets, version=version)
        for name, says, indices in (
            ("input_drift", "Population stability index of tickets against training.", drift.inputs),
            ("prediction_drift", "Population stability index of labels against training.", drift.predictions),
        ):
            family = GaugeMetricFamily(f"stellwerk_{name}", says, labels=["of", "version"])
            for what, index in indices.items():
                family.add_metric([what, version], index)
            yield family


def _gauge(name: str, says: str, value: float, **labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"stellwerk_{name}", says, labels=list(labels))
    family.add_metric(list(labels.values()), float(value))
    return family
