"""Traces of requests and their steps, sent to an OpenTelemetry collector where the settings name one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from desk import DeskError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Span
    from starlette.datastructures import Headers

_SERVICE: Final = "stellwerk"


class TracingError(DeskError):
    """Traces are asked for and the library that sends them is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "traces are asked for, but what sends them is not installed; "
            "run `pip install 'stellwerk[tracing]'`, or unset STELLWERK_OTLP_ENDPOINT"
        )


class Tracing:
    """Makes spans of requests and steps; they hold names, numbers and statuses, never words or errors' messages."""

    def __init__(self, processor: SpanProcessor) -> None:
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - only where traces are kept
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

        self._provider = TracerProvider(resource=Resource.create({"service.name": _SERVICE}))
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer(_SERVICE)

    @classmethod
    def to(cls, endpoint: str) -> Tracing:
        """Traces sent over OTLP to a collector, in batches, in a thread of its own.

        Raises
        ------
        TracingError
            The exporter is not installed.
        """
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        except ImportError as error:
            raise TracingError from error
        return cls(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))

    @contextmanager
    def request(self, headers: Headers, *, method: str, request_id: str) -> Iterator[RequestSpan]:
        """The span of one request, a child of the asker's where it sent a W3C ``traceparent``."""
        from opentelemetry.trace import SpanKind  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        before = TraceContextTextMapPropagator().extract({"traceparent": headers.get("traceparent", "")})
        facts = {"http.request.method": method, "stellwerk.request_id": request_id}
        with self._tracer.start_as_current_span(
            method, context=before, kind=SpanKind.SERVER, attributes=facts, record_exception=False,
            set_status_on_exception=False,
        ) as span:  # fmt: skip
            yield RequestSpan(span)

    @contextmanager
    def step(self, name: str, numbers: Mapping[str, int]) -> Iterator[None]:
        """The span of one step, within its request's."""
        from opentelemetry.trace import StatusCode  # noqa: PLC0415

        facts = {f"stellwerk.{number}": value for number, value in numbers.items()}
        with self._tracer.start_as_current_span(
            name, attributes=facts, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


class RequestSpan:
    """A request's span, which is named once it is known which endpoint answered."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self.trace_id = f"{span.get_span_context().trace_id:032x}"

    def answered(self, *, method: str, path: str, status: int) -> None:
        """Name the span by the path's template, and keep how it was answered."""
        from opentelemetry.trace import StatusCode  # noqa: PLC0415

        self._span.update_name(f"{method} {path}")
        self._span.set_attributes({"http.route": path, "http.response.status_code": status})
        if status >= 500:
            self._span.set_status(StatusCode.ERROR)
