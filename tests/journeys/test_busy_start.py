"""Several workers start on a machine whose processors others use as well."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

LATE = """
import sys, time
if "--multiprocessing-fork" in sys.orig_argv:
    time.sleep(8)
"""
"""Read by every interpreter at its start: workers begin late, as they do where others use the processors."""


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/livez", timeout=30).is_success
    except httpx.TransportError:
        return False


@pytest.mark.slow
def test_workers_that_begin_late_are_not_replaced(tmp_path, encoder_home) -> None:
    """Two workers that show no sign of life for eight seconds come up, and neither was killed meanwhile."""
    (tmp_path / "late").mkdir()
    (tmp_path / "late" / "sitecustomize.py").write_text(LATE, "utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "MODELS": tmp_path / "models", "ENCODERS": encoder_home, "KNOWLEDGE": tmp_path / "knowledge",
        "JOURNAL": f"sqlite:///{tmp_path}/journal.db", "VECTOR_CACHE": tmp_path / "vectors.db",
        "MASKING_KEY": tmp_path / "masking.key", "AUTHENTICATION": "off",
    }  # fmt: skip
    environment = os.environ | {f"STELLWERK_{name}": str(value) for name, value in settings.items()}
    environment["PYTHONPATH"] = os.pathsep.join([str(tmp_path / "late"), *filter(None, sys.path)])
    command = [sys.executable, "-m", "stellwerk", "serve", "--port", str(port), "--workers", "2"]
    log = tmp_path / "service.log"
    with log.open("wb") as written:
        service = subprocess.Popen(command, env=environment, stdout=written, stderr=written)
    try:
        deadline = time.monotonic() + 120
        while len(started(log)) < 2 or not answers(port):
            assert service.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline, log.read_text("utf-8")
            time.sleep(0.5)
        assert "died" not in log.read_text("utf-8")
    finally:
        service.terminate()
        service.wait(timeout=60)


def started(log: Path) -> list[str]:
    """The workers that came up, by their ids."""
    return re.findall(r"Started server process \[(\d+)\]", log.read_text("utf-8"))
