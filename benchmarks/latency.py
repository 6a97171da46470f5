"""How long one classification takes, in the process and through HTTP, beside all-MiniLM-L6-v2 on the same text.

Each pair is asked in turn, text by text, so that the ratio holds on a machine whose speed drifts; both sides use one
thread. Between the two sides of an HTTP pair is a rest, so that neither waits for what the other left running.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx

from benchmarks.classification import minilm
from benchmarks.classification.comparison import side_by_side
from benchmarks.classification.contestants import NAMES
from benchmarks.classification.pace import N_TEXTS
from benchmarks.classification.split import new_problems, words
from benchmarks.classification.trial import conducted
from benchmarks.sample import solved_tickets
from benchmarks.scope import Scope
from classifier import ModelShelf, NoChampionError
from desk import Settings
from tickets import Taxonomy

_REST_SECONDS = 0.03
_N_WARM = 10
_START_SECONDS = 180
_TUNED_LONG = "setfit"  # its pace stands among the figures of new problems; training it again would take minutes


def measure(scope: Scope) -> dict[str, Any]:
    """Median milliseconds, and the median of the pairwise ratios."""
    split = new_problems(scope.limited(solved_tickets()), Taxonomy.builtin())[0]

    def figures(name: str) -> dict[str, Any]:
        pace = conducted(name, split, timed=True).pace
        assert pace is not None
        return asdict(pace)

    return {
        "case": "sample, one fold's model, one ticket at a time, one thread each",
        "models": side_by_side(scope, [name for name in NAMES if name != _TUNED_LONG], figures),
        "http": _through_http(),
    }


def _through_http() -> dict[str, Any]:
    """The champion's answers as a program gets them."""
    shelf = ModelShelf(Settings().models)
    if shelf.champion is None:
        return {"not_measured": str(NoChampionError(shelf.path))}
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        server = start(port, Path(folder))
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                wait_until_ready(client)
                ours, theirs = _pairs(client)
        finally:
            server.terminate()
            server.wait(timeout=30)
    return {
        "n_texts": len(ours),
        "latency_ms": 1000 * statistics.median(ours),
        "minilm_ms": 1000 * statistics.median(theirs),
        "latency_ratio": statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
    }


def _pairs(client: httpx.Client) -> tuple[list[float], list[float]]:
    """Seconds of an answer over HTTP, and of encoding the same text with one thread, for each text."""
    import torch  # noqa: PLC0415 - slow to import

    encoder = minilm.opened()
    torch.set_num_threads(1)
    solved = solved_tickets()
    tickets = [one.ticket for one in solved[:: len(solved) // N_TEXTS]][:N_TEXTS]
    ours, theirs = [], []
    for ticket in [*tickets[:_N_WARM], *tickets]:
        body = {"subject": ticket.subject, "body": ticket.body, "product": ticket.product}
        started = time.perf_counter()
        client.post("/v1/classifications", json=body).raise_for_status()
        ours.append(time.perf_counter() - started)
        time.sleep(_REST_SECONDS)
        started = time.perf_counter()
        encoder.encode(words(ticket), show_progress_bar=False)
        theirs.append(time.perf_counter() - started)
        time.sleep(_REST_SECONDS)
    return ours[_N_WARM:], theirs[_N_WARM:]


def start(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """Start the service on ``port`` with the settings' model and knowledge, and a journal in ``folder``."""
    settings = Settings()
    environment = os.environ | {
        "STELLWERK_MODELS": str(settings.models),
        "STELLWERK_JOURNAL": f"sqlite:///{folder}/journal.db",
        "STELLWERK_KNOWLEDGE": str(settings.knowledge),
        "STELLWERK_AUTHENTICATION": "off",
    }
    command = [sys.executable, "-m", "stellwerk", "serve", "--port", str(port)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_until_ready(client: httpx.Client) -> None:
    """Return once the service is warm; raises `TimeoutError` where it does not become so."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            if client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise TimeoutError("the service did not become ready; run `make sample` first")


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
