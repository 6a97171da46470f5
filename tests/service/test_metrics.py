"""Counts of several workers, and what stands in the journal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desk import DriftAnswer

COUNT = """
import os, sys
from service.metrics import Metrics
from service.standing import Standing
counted = Metrics()
for _ in range(int(sys.argv[1])):
    counted.begun()
    counted.request(method="GET", path="/livez", status=200, seconds=0.01)
counted.begun()
sys.stdout.buffer.write(counted.exposition(Standing(n_documents={"article": 3})))
sys.stdout.flush()
sys.stdin.read()
"""


def worker(n_requests: int, folder: Path) -> subprocess.Popen[str]:
    """A process that counts as a worker does, and lives until its input ends."""
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", COUNT, str(n_requests)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def lines_until_counted(process: subprocess.Popen[str]) -> list[str]:
    """What it told, up to the last line, which is about documents."""
    told = []
    for line in process.stdout:
        told.append(line.rstrip())
        if line.startswith("stellwerk_knowledge_documents{"):
            break
    return told


def test_workers_count_together(tmp_path) -> None:
    """Whichever worker is asked tells the counts of all; what one that ended had in work is not in work any more."""
    first = worker(3, tmp_path)
    lines_until_counted(first)
    second = worker(4, tmp_path)
    told = lines_until_counted(second)
    assert 'stellwerk_requests_total{method="GET",path="/livez",status="200"} 7.0' in told
    assert 'stellwerk_request_seconds_count{method="GET",path="/livez"} 7.0' in told
    assert "stellwerk_requests_in_work 2.0" in told
    assert 'stellwerk_knowledge_documents{kind="article"} 3.0' in told
    first.communicate()
    third = worker(1, tmp_path)
    told = lines_until_counted(third)
    assert 'stellwerk_requests_total{method="GET",path="/livez",status="200"} 8.0' in told
    assert "stellwerk_requests_in_work 2.0" in told
    for process in (second, third):
        process.communicate()


def test_drift_is_told_by_trait_and_target(client, desk) -> None:
    """Each index is a series, beside the number of tickets it rests on."""
    desk.drifted = DriftAnswer(n_tickets=500, inputs={"product": 0.31}, predictions={"level": 0.02})
    told = client.get("/metrics").text.splitlines()
    assert 'stellwerk_input_drift{of="product",version="v2"} 0.31' in told
    assert 'stellwerk_prediction_drift{of="level",version="v2"} 0.02' in told
    assert 'stellwerk_drift_window_tickets{version="v2"} 500.0' in told


def test_searches_are_counted_by_their_best_hit(client) -> None:
    """One that found nothing counts as 0."""
    client.put("/v1/knowledge/a1", json={"kind": "article", "title": "Drucker", "body": "leer"})
    client.get("/v1/search?q=Drucker")
    client.post("/v1/search", json={"query": "nirgends"})
    told = client.get("/metrics").text.splitlines()
    assert 'stellwerk_search_best_score_bucket{le="0.0"} 1.0' in told
    assert "stellwerk_search_best_score_count 2.0" in told
    assert 'stellwerk_knowledge_documents{kind="article"} 1.0' in told


@pytest.mark.parametrize("fault", [OSError("x"), KeyError("x")])
def test_requests_are_no_longer_in_work_when_they_failed(client, desk, fault) -> None:
    """Whatever happened, what was begun is answered; only the asking request is in work."""
    desk.fault = fault
    assert client.post("/v1/classifications", json={"body": "x"}).status_code == 500
    desk.fault = None
    assert "stellwerk_requests_in_work 1.0" in client.get("/metrics").text.splitlines()
