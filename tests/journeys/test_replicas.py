"""Two services over one knowledge base on an object store."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from tests.journeys.conftest import REPOSITORY

ARTICLE = {"kind": "article", "title": "Etikettendrucker", "body": "Bei leeren Seiten das Farbband wechseln."}


@pytest.fixture
def replicas(address, encoder_home, tmp_path) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Clients of two services that know nothing of each other but the address."""
    clients, services = [], []
    for name in ("one", "two"):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = os.environ | {
            "STELLWERK_MODELS": str(tmp_path / "models"),
            "STELLWERK_ENCODERS": str(encoder_home),
            "STELLWERK_KNOWLEDGE": address,
            "STELLWERK_AUTHENTICATION": "off",
            "STELLWERK_JOURNAL": f"sqlite:///{tmp_path}/{name}.db",
        }
        command = [sys.executable, "-m", "stellwerk", "serve", "--port", str(port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        services.append(subprocess.Popen(command, env=environment, cwd=REPOSITORY, **quiet))
        clients.append(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60))
    try:
        for client, service in zip(clients, services, strict=True):
            _wait(client, service)
        yield tuple(clients)
    finally:
        for client, service in zip(clients, services, strict=True):
            client.close()
            service.terminate()
            service.wait(timeout=30)


def _wait(client: httpx.Client, service: subprocess.Popen) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            client.get("/livez").raise_for_status()
            break
        except httpx.TransportError:
            assert service.poll() is None, "the service ended"
            assert time.monotonic() < deadline, "the service did not start"
            time.sleep(0.3)


def _found(client: httpx.Client) -> list[str]:
    answer = client.get("/v1/search", params={"q": "Drucker druckt leere Etiketten"})
    assert answer.is_success, answer.text
    return [hit["id"] for hit in answer.json()["hits"]]


def _until(client: httpx.Client, expected: list[str]) -> float:
    """Seconds until the service finds what it should."""
    began = time.monotonic()
    while _found(client) != expected:
        assert time.monotonic() - began < 10
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.slow
def test_what_one_service_writes_the_other_finds_within_about_a_second(replicas) -> None:
    """A document put, replaced by another and removed at one replica is so at the other."""
    one, two = replicas
    assert _found(one) == _found(two) == []
    assert one.put("/v1/knowledge/KB-1", json=ARTICLE).is_success
    assert _found(one) == ["KB-1"]
    assert _until(two, ["KB-1"]) < 3  # a second of grace, and searches on a busy machine
    assert two.delete("/v1/knowledge/KB-1").status_code == 204
    assert _until(one, []) < 3
