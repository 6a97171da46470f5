"""One service with two workers: both start on a busy machine too, and whichever is asked tells the counts of both."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

TICKET = {"subject": "Drucker", "body": "Der Drucker im Lager druckt seit heute leere Seiten."}
N_TICKETS = (3, 2)
BUSY = """
import sys, time
if "--multiprocessing-fork" in sys.orig_argv:
    time.sleep(6)
"""
"""Read by every interpreter at its start: workers begin late, as they do where others use the processors."""


class TwoWorkers:
    """A service that was started with ``--workers 2``, one of whose workers can be made the only one that answers."""

    def __init__(self, home: Path, encoder_home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._counts = home
        settings = {
            "MODELS": home / "models", "ENCODERS": encoder_home, "KNOWLEDGE": home / "knowledge",
            "JOURNAL": f"sqlite:///{home}/journal.db", "VECTOR_CACHE": home / "vectors.db",
            "MASKING_KEY": home / "masking.key", "AUTHENTICATION": "off",
        }  # fmt: skip
        environment = os.environ | {f"STELLWERK_{name}": str(value) for name, value in settings.items()}
        (home / "busy").mkdir()
        (home / "busy" / "sitecustomize.py").write_text(BUSY, "utf-8")
        environment |= {
            "PYTHONPATH": os.pathsep.join([str(home / "busy"), *filter(None, sys.path)]),
            "TMPDIR": str(home),
        }
        command = [sys.executable, "-m", "stellwerk", "serve", "--port", str(self.port), "--workers", "2"]
        with (home / "service.log").open("wb") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)

    def workers(self) -> list[int]:
        """The workers that count and run, by their ids."""
        ids = {int(file.stem.rpartition("_")[2]) for file in self._counts.glob("stellwerk-counts-*/gauge_livesum_*.db")}
        return sorted(one for one in ids if Path(f"/proc/{one}").exists())

    @contextmanager
    def only(self, worker: int) -> Iterator[None]:
        """Let this worker alone answer: the other sleeps, for less than it takes to be replaced."""
        others = [one for one in self.workers() if one != worker]
        for one in others:
            os.kill(one, signal.SIGSTOP)
        try:
            yield
        finally:
            for one in others:
                os.kill(one, signal.SIGCONT)

    def ask(self, method: str, path: str, **told: object) -> httpx.Response:
        """One request on a connection of its own, so that no worker keeps it."""
        return httpx.request(method, f"http://127.0.0.1:{self.port}{path}", timeout=60, **told)

    def counts(self) -> dict[str, float]:
        """Sums over labels of what the worker that answers tells."""
        told = self.ask("GET", "/metrics").raise_for_status().text
        sums: dict[str, float] = {}
        for family in text_string_to_metric_families(told):
            for sample in family.samples:
                if sample.labels.get("path", "/v1/classifications") == "/v1/classifications":
                    sums[sample.name] = sums.get(sample.name, 0) + sample.value
        return sums


def until(condition: Callable[[], bool], service: TwoWorkers) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert service.process.poll() is None, "the service ended"
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def answers(service: TwoWorkers) -> bool:
    try:
        return service.ask("GET", "/livez").is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def service(tmp_path, encoder_home) -> Iterator[TwoWorkers]:
    """Two workers that answer."""
    started = TwoWorkers(tmp_path, encoder_home)
    try:
        until(lambda: len(started.workers()) == 2 and answers(started), started)
        for worker in started.workers():
            with started.only(worker):
                assert answers(started)
        yield started
    finally:
        os.killpg(started.process.pid, signal.SIGCONT)
        started.process.terminate()
        started.process.wait(timeout=60)


@pytest.mark.slow
def test_any_worker_tells_the_counts_of_both(service) -> None:
    """Each sums what either decided, and what a killed worker had decided; nothing that is over is in work."""
    first, second = service.workers()
    until(lambda: all(service.ask("GET", "/readyz").is_success for _ in range(10)), service)
    for worker, n in zip((first, second), N_TICKETS, strict=True):
        with service.only(worker):
            for _ in range(n):
                assert service.ask("POST", "/v1/classifications", json=TICKET).is_success
    total = sum(N_TICKETS)
    for worker in (first, second):
        with service.only(worker):
            counts = service.counts()
        for name in ("stellwerk_decisions_total", "stellwerk_requests_total", "stellwerk_request_seconds_count"):
            assert counts[name] == total, (name, worker)
        assert counts["stellwerk_requests_in_work"] == 1  # the one that asks
    os.kill(first, signal.SIGKILL)
    until(lambda: first not in service.workers() and len(service.workers()) == 2 and answers(service), service)
    for worker in service.workers():
        with service.only(worker):
            counts = service.counts()
        assert counts["stellwerk_decisions_total"] == total
        assert counts["stellwerk_requests_in_work"] == 1
