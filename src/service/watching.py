"""Watches the steps of work: counts them, and makes spans of them where traces are kept."""

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

from service.metrics import Metrics
from service.tracing import Tracing


class Watching:
    """Who the rooms tell of their steps while the service runs."""

    def __init__(self, metrics: Metrics, tracing: Tracing | None) -> None:
        self.metrics = metrics
        self.tracing = tracing

    @contextmanager
    def __call__(self, name: str, numbers: Mapping[str, int]) -> Iterator[None]:
        """Watch one step."""
        started, failed = time.perf_counter(), True
        span: AbstractContextManager[object] = self.tracing.step(name, numbers) if self.tracing else nullcontext()
        try:
            with span:
                yield
            failed = False
        finally:
            seconds = time.perf_counter() - started
            self.metrics.step(name, seconds, failed=failed, n_tickets=numbers.get("n_tickets"))
