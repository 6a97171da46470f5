"""Traces tell what a request did and how long each step took, and no word of it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient
from tests.service.conftest import LOCAL, MemoryDesk, wait_until_loaded

from service import create_app
from service.tracing import Tracing
from steps import step

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class SteppingDesk(MemoryDesk):
    """A desk that works in steps."""

    def classify(self, ticket):
        """Two steps, one within the other."""
        with step("score", n_tickets=1), step("encode", n_texts=1):
            if self.fault:
                raise self.fault
        return super().classify(ticket)


@pytest.fixture
def spans() -> InMemorySpanExporter:
    """Where traces go."""
    return InMemorySpanExporter()


@pytest.fixture
def traced(settings, spans) -> Iterator[tuple[TestClient, SteppingDesk]]:
    """A service whose traces are kept."""
    desk = SteppingDesk(settings)
    app = create_app(settings, lambda _: desk, tracing=Tracing(SimpleSpanProcessor(spans)))
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        wait_until_loaded(client)
        spans.clear()
        yield client, desk


def test_a_request_is_a_span_of_the_askers_trace(traced, spans) -> None:
    """It continues the W3C trace context, names the endpoint, and holds its steps one within the other."""
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", "x-request-id": "r9"}
    traced[0].post("/v1/classifications", json={"body": "Geheimnis"}, headers=headers)
    encode, score, request = spans.get_finished_spans()
    assert request.name == "POST /v1/classifications"
    assert f"{request.context.trace_id:032x}" == TRACE
    assert f"{request.parent.span_id:016x}" == PARENT
    assert request.attributes["http.response.status_code"] == 200
    assert request.attributes["stellwerk.request_id"] == "r9"
    assert (score.name, score.parent.span_id) == ("score", request.context.span_id)
    assert (encode.name, encode.parent.span_id) == ("encode", score.context.span_id)
    assert dict(encode.attributes) == {"stellwerk.n_texts": 1}


def test_a_failed_step_tells_its_error_by_kind_alone(traced, spans) -> None:
    """No event holds an exception, whose words may be a ticket's."""
    traced[1].fault = ZeroDivisionError("Geheimnis")
    assert traced[0].post("/v1/classifications", json={"body": "Geheimnis"}).status_code == 500
    found = spans.get_finished_spans()
    assert found[0].attributes["error.type"] == "ZeroDivisionError"
    assert not any(one.events for one in found)
    assert "Geheimnis" not in "".join(one.to_json() for one in found)


def test_what_anybody_sends_names_no_span(traced, spans) -> None:
    """Paths without an endpoint, methods that are none and broken trace contexts leave nothing of themselves."""
    traced[0].request("GEHEIM", "/Geheimnis", headers={"traceparent": "Geheimnis"})
    (found,) = spans.get_finished_spans()
    assert found.name == "other unknown"
    assert "geheim" not in found.to_json().lower()


def test_without_a_collector_nothing_is_traced(settings) -> None:
    """Off, no tracer is made and OpenTelemetry's SDK is not asked for anything."""
    with TestClient(create_app(settings, lambda _: SteppingDesk(settings)), base_url=LOCAL) as client:
        assert client.post("/v1/classifications", json={"body": "x"}).status_code == 200
        told = client.get("/metrics").text
    assert 'stellwerk_step_seconds_count{step="encode"} 1.0' in told.splitlines()
    assert "stellwerk_batch_tickets_count 1.0" in told.splitlines()


def test_traces_reach_a_collector(settings) -> None:
    """What is sent over OTLP are the spans, by the time the service has stopped."""
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="the extra `tracing` is not installed")
    received: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        own = settings.model_copy(update={"otlp_endpoint": f"http://127.0.0.1:{collector.server_port}/"})
        with TestClient(create_app(own, lambda _: SteppingDesk(own)), base_url=LOCAL) as client:
            client.post("/v1/classifications", json={"body": "Geheimnis"})
        collector.shutdown()
    sent = [ExportTraceServiceRequest.FromString(one) for one in received]
    names = {s.name for one in sent for r in one.resource_spans for scope in r.scope_spans for s in scope.spans}
    assert {"POST /v1/classifications", "score", "encode"} <= names
    assert b"Geheimnis" not in b"".join(received)
