"""A ticket's words stay out of logs, counts and traces, whatever is asked and whatever goes wrong."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient
from tests.service.conftest import LOCAL, MemoryDesk, wait_until_loaded

from classifier import ModelShelf, TrainingPlan, fingerprint, train
from desk import Desk, Settings
from service import create_app
from service.log_lines import JsonLines, TextLines
from service.tracing import Tracing
from tickets import SolvedTicket, Taxonomy, Ticket

CANARY = "kanarienvogelwort"
DESCRIPTION = create_app(Settings()).openapi()
OPERATIONS = [
    (method, path, operation) for path, methods in DESCRIPTION["paths"].items() for method, operation in methods.items()
]
WORDY = {"subject", "body", "title", "query", "resolution", "product", "customer", "channel", "name", "source", "id"}
"""Fields of requests that hold what people wrote."""


@pytest.fixture(params=[JsonLines, TextLines])
def log(request) -> Iterator[io.StringIO]:
    """Everything that anything in this process logs meanwhile, as a service writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(request.param())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def sown(value: Any, *, everywhere: bool, key: str = "") -> Any:
    """A request's body with the canary in what people wrote, or in every text and number of it."""
    if isinstance(value, dict):
        return {name: sown(inner, everywhere=everywhere, key=name) for name, inner in value.items()}
    if isinstance(value, list):
        return [sown(inner, everywhere=everywhere, key=key) for inner in value]
    if everywhere or (isinstance(value, str) and key in WORDY):
        return f"{CANARY} {value}"
    return value


@pytest.fixture
def ask_everything() -> Callable[[TestClient], set[int]]:
    """Sends every operation the canary: in good requests, in wrong ones and in what is no JSON; gives the statuses."""

    def ask(client: TestClient) -> set[int]:
        answers = []
        for method, path, operation in OPERATIONS:
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            places = path
            for one in operation.get("parameters", ()):
                places = places.replace(f"{{{one['name']}}}", CANARY)
            texts = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
            for example in content.get("examples", {"none": {"value": None}}).values():
                for everywhere in (False, True):
                    body = sown(example["value"], everywhere=everywhere) if content else None
                    query = dict.fromkeys(texts if everywhere else texts[:1], CANARY)
                    answers.append(client.request(method, places, json=body, params=query))
            if content:
                spoiled = f'{{"body": "{CANARY}", {CANARY}'
                for kind in ("application/json", "text/plain"):
                    headers = {"content-type": kind, "idempotency-key": CANARY}
                    answers.append(client.request(method, places, content=spoiled, headers=headers))
        answers.append(client.get(f"/{CANARY}", headers={"traceparent": CANARY, "x-request-id": f"{CANARY} {CANARY}"}))
        return {answer.status_code for answer in answers}

    return ask


def silent(log: io.StringIO, counts: str) -> str:
    """What was logged, once neither it nor the counts hold the canary."""
    told = log.getvalue()
    kept = [line for line in told.splitlines() if CANARY in line.lower() and not _of_the_asker(line)]
    assert not kept, kept[:3]
    assert CANARY not in counts.lower()
    return told


def _of_the_asker(line: str) -> bool:
    """Whether it is a line of the test's own client, which runs in the same process as the service."""
    return "httpx" in line or "httpcore" in line


def learned(shelf: Path) -> None:
    """Make a small model of words the champion of a shelf."""
    words = {"1": "Passwort vergessen Konto", "2": "Drucker Fehler Absturz", "3": "Schnittstelle Erweiterung"}
    kinds = {"1": "question", "2": "bug", "3": "requirement"}
    solved = [
        SolvedTicket(
            ticket=Ticket(id=str(i), body=f"Guten Tag, {words[level]} in Raum {i}, bitte helfen", language="de"),
            labels={"level": level, "category": kinds[level]},
        )
        for i, level in enumerate("123" * 12)
    ]
    trained = train(solved, taxonomy=Taxonomy.builtin(), plan=TrainingPlan.named("fast", primer=False))
    saved = ModelShelf(shelf).save(trained, n_tickets=len(solved), data_fingerprint=fingerprint(solved))
    ModelShelf(shelf).promote(saved.version)


@pytest.fixture
def real(settings, encoder_folder, tmp_path) -> Settings:
    """Settings of a desk that learned, whose files are all its own."""
    learned(settings.models)
    return settings.model_copy(
        update={
            "encoder": str(encoder_folder),
            "masking_key": tmp_path / "masking.key",
            "vector_cache": tmp_path / "vectors.db",
            "tracking": "",
        }
    )


def test_a_healthy_service_keeps_words_to_itself(real, log, ask_everything) -> None:
    """A real desk is asked everything, rightly and wrongly."""
    spans = InMemorySpanExporter()
    app = create_app(real, Desk.open, tracing=Tracing(SimpleSpanProcessor(spans)))
    with TestClient(app, base_url=LOCAL) as client:
        client.get("/readyz")  # the first one loads
        while client.get("/readyz").status_code != 200:
            sleep(0.2)
        assert ask_everything(client) >= {200, 400, 404, 415, 422}
        told = silent(log, client.get("/metrics").text)
    assert "/v1/classifications" in told
    traced = spans.get_finished_spans()
    assert {"encode", "decide", "write journal", "search words", "search meaning", "load model"} <= {
        one.name for one in traced
    }
    assert not [one.name for one in traced if CANARY in one.to_json().lower()]


@pytest.mark.parametrize("fault", [ZeroDivisionError, ValueError, OSError, KeyError])
def test_a_broken_part_does_not_tell_what_it_broke_on(settings, log, ask_everything, fault) -> None:
    """A desk whose every part fails with an error that quotes the ticket."""

    class Broken(MemoryDesk):
        def classify_many(self, tickets):  # noqa: ARG002
            raise self.fault

        def search(self, query):  # noqa: ARG002
            raise self.fault

    desk = Broken(settings)
    with TestClient(create_app(settings, lambda _: desk), base_url=LOCAL, raise_server_exceptions=False) as client:
        wait_until_loaded(client)
        desk.fault = fault(f"cannot read {CANARY}\n{CANARY}")
        assert 500 in ask_everything(client)
        told = silent(log, client.get("/metrics").text)
    assert "unexpected" in told
    assert fault.__name__ in told


@pytest.mark.parametrize("form", [JsonLines, TextLines])
def test_an_exception_is_told_by_kind_and_place(form) -> None:
    """Neither its own words nor what a library says behind the first line is logged."""
    try:
        raise LookupError(CANARY)
    except LookupError:
        record = logging.getLogger("asyncio").makeRecord(
            "asyncio", logging.ERROR, __file__, 1, f"never retrieved\nfuture: {CANARY}", (), sys.exc_info()
        )
    line = form().format(record)
    assert CANARY not in line
    assert "never retrieved" in line
    assert "LookupError" in line
    assert "test_silence.py" in line


def test_every_line_of_a_request_has_its_id(client, log) -> None:
    """Lines of the rooms as well, in whatever thread they were written."""
    client.post("/v1/models/v1/promote", headers={"x-request-id": "r-77"})
    lines = [line for line in log.getvalue().splitlines() if "httpx" not in line and "r-77" in line]
    assert any("path" in line for line in lines)
    if lines[0].startswith("{"):
        told = next(one for one in map(json.loads, lines) if one["event"] == "request")
        assert told["request_id"] == "r-77"
        assert told["status"] == 200
        assert isinstance(told["seconds"], float)
        assert told["level"] == "info"
