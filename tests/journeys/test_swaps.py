"""The model is changed again and again while tickets arrive."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import httpx
import pytest
from tests.journeys.conftest import json_from_stellwerk

from journal import Journal

N_SWAPS, N_CLIENTS = 20, 8
TICKET = {"subject": "Drucker druckt leere Seiten", "body": "Seit heute früh kommen nur noch leere Etiketten."}


class Service:
    """A service in processes of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stellwerk", "serve", "--port", str(self.port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait_until_ready(self) -> None:
        """Return once tickets can be classified."""
        deadline = time.monotonic() + 120
        while True:
            assert self.process.poll() is None, "the service ended"
            assert time.monotonic() < deadline, "the service did not become ready"
            try:
                if httpx.get(f"{self.url}/readyz", timeout=10).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)


@pytest.fixture(scope="module")
def versions(history: Path, environment, tmp_path_factory) -> tuple[dict[str, str], list[str]]:
    """An environment whose shelf has two models of words alone, the first of them champion."""
    home = tmp_path_factory.mktemp("swaps")
    own = environment | {
        "STELLWERK_MODELS": str(home / "models"),
        "STELLWERK_KNOWLEDGE": str(home / "knowledge"),
        "STELLWERK_JOURNAL": f"sqlite:///{home}/journal.db",
    }
    train = ["train", str(history), "--plan", "fast", "--no-primer", "--json"]
    first, second = json_from_stellwerk([*train, "--promote"], own), json_from_stellwerk(train, own)
    return own, [first["version"], second["version"]]


@pytest.fixture
def service(versions, request) -> Iterator[Service]:
    """The service, with as many workers as the test names."""
    running = Service(versions[0] | getattr(request, "param", {}))
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.process.terminate()
        running.process.wait(timeout=60)


class Clients:
    """Threads that classify without a pause, and what came of it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._ended = threading.Event()
        self.statuses: Counter[object] = Counter()
        self.models: Counter[str] = Counter()
        self.ids: set[str] = set()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask) for _ in range(N_CLIENTS)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def _ask(self) -> None:
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while not self._ended.is_set():
                try:
                    answer = client.post("/v1/classifications", json=TICKET)
                except httpx.HTTPError as error:
                    with self._lock:
                        self.statuses[type(error).__name__] += 1
                    continue
                with self._lock:
                    self.statuses[answer.status_code] += 1
                    if answer.is_success:
                        self.models[answer.json()["model"]["version"]] += 1
                        self.ids.add(answer.json()["id"])


@pytest.mark.slow
@pytest.mark.parametrize("service", [{"STELLWERK_WORKERS": "1"}, {"STELLWERK_WORKERS": "2"}], indirect=True)
def test_fifty_swaps_fail_no_request(service, versions) -> None:
    """Eight clients ask without a pause while the champion changes twenty times: all are answered, all is journaled."""
    environment, names = versions
    with Clients(service.url) as clients, httpx.Client(base_url=service.url, timeout=60) as operator:
        for n in range(N_SWAPS):
            wanted = names[(n + 1) % 2]
            answer = operator.post(f"/v1/models/{wanted}/promote")
            assert answer.status_code == 200, answer.text
            assert answer.json()["serving"] == wanted
    assert set(clients.statuses) == {200}, clients.statuses
    assert set(clients.models) == set(names)
    with Journal.open(environment["STELLWERK_JOURNAL"]) as journal:
        assert clients.ids <= {record.id for record in journal.decisions(datetime.min.replace(tzinfo=UTC))}


@pytest.mark.slow
def test_a_model_promoted_elsewhere_and_a_bad_one(service, versions) -> None:
    """A promotion on the command line is followed within seconds; a damaged champion is refused and told."""
    environment, (first, second) = versions
    json_from_stellwerk(["promote", first, "--json"], environment)
    with httpx.Client(base_url=service.url, timeout=60) as client:
        until(lambda: client.get("/v1/models").json()["serving"] == first)
        shelf = Path(environment["STELLWERK_MODELS"])
        bad = "20200101T000000-bad"
        shutil.copytree(shelf / second, shelf / bad)
        (shelf / bad / "manifest.json").write_text(
            (shelf / bad / "manifest.json").read_text().replace(second, bad), "utf-8"
        )
        (shelf / bad / "classifier.joblib").write_bytes(b"not a model")
        assert client.post(f"/v1/models/{bad}/promote").status_code == 409
        pointer = json.loads((shelf / "champion.json").read_text())
        (shelf / "champion.json").write_text(json.dumps({"champions": [*pointer["champions"], bad]}))
        until(lambda: (client.get("/v1/models").json()["refused"] or {}).get("version") == bad)
        assert client.get("/readyz").status_code == 200
        assert client.post("/v1/classifications", json=TICKET).json()["model"]["version"] == first
        (shelf / "champion.json").write_text(json.dumps(pointer))
        shutil.rmtree(shelf / bad)
        until(lambda: client.get("/v1/models").json()["refused"] is None)


@pytest.mark.slow
@pytest.mark.parametrize(
    "service", [{"STELLWERK_WORKERS": workers, "STELLWERK_DRAIN_SECONDS": "2"} for workers in "12"], indirect=True
)
def test_a_stop_is_orderly(service) -> None:
    """On SIGTERM it is no longer ready, but answers; then it ends by itself, and no request in work was cut off."""
    tickets = {"tickets": [TICKET] * 400}
    outcome: list[int] = []
    asked = threading.Thread(
        target=lambda: outcome.append(
            httpx.post(f"{service.url}/v1/classifications/batch", json=tickets, timeout=60).status_code
        )
    )
    with httpx.Client(base_url=service.url, timeout=30) as client:
        service.process.send_signal(signal.SIGTERM)
        until(lambda: client.get("/readyz").status_code == 503)
        assert client.post("/v1/classifications", json=TICKET).status_code == 200
        asked.start()
    service.process.wait(timeout=60)
    asked.join(60)
    assert outcome == [200]


def until(condition) -> None:
    """Wait for what the service does by itself."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
