"""A desk with a real model, index and service, shared by all journeys."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

DATA = Path(__file__).parents[2] / "data"
REPOSITORY = DATA.parent
N_PROBLEMS = 60


def run_stellwerk(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stellwerk", *arguments],
        env=environment,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def json_from_stellwerk(arguments: list[str], environment: dict[str, str]) -> dict:
    done = run_stellwerk(arguments, environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [json.loads(line) for line in (DATA / "history.jsonl").read_text("utf-8").splitlines()]
    problems = sorted({row["problem"] for row in rows})
    kept = set(problems[:: len(problems) // N_PROBLEMS][:N_PROBLEMS])
    path = tmp_path_factory.mktemp("history") / "history.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows if row["problem"] in kept), "utf-8")
    return path


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory, encoder_home: Path, vector_cache: Path) -> dict[str, str]:
    home = tmp_path_factory.mktemp("desk")
    return os.environ | {
        "STELLWERK_MODELS": str(home / "models"),
        "STELLWERK_ENCODERS": str(encoder_home),
        "STELLWERK_KNOWLEDGE": str(home / "knowledge"),
        "STELLWERK_JOURNAL": f"sqlite:///{home}/journal.db",
        "STELLWERK_VECTOR_CACHE": str(vector_cache),
        "STELLWERK_TRACKING": "",
        "STELLWERK_AUTHENTICATION": "off",
    }


@pytest.fixture(scope="session")
def version(history: Path, environment: dict[str, str]) -> str:
    answer = json_from_stellwerk(["train", str(history), "--no-primer", "--promote", "--json"], environment)
    assert answer["promoted"], answer["verdict"]
    return answer["version"]


@pytest.fixture(scope="session")
def indexed(history: Path, environment: dict[str, str], version: str) -> dict:
    return json_from_stellwerk(["index", str(DATA / "articles.jsonl"), str(history), "--json"], environment)


@contextmanager
def served(environment: dict[str, str]) -> Iterator[httpx.Client]:
    """A running service, by a client of it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "stellwerk", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            deadline = time.monotonic() + 120
            while not _is_ready(client):
                assert server.poll() is None, "the service ended"
                assert time.monotonic() < deadline, "the service did not become ready"
                time.sleep(0.3)
            yield client
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def client(environment: dict[str, str], indexed: dict) -> Iterator[httpx.Client]:
    with served(environment) as client:
        yield client


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="session")
def stellwerk(environment: dict[str, str]) -> Callable[[list[str]], subprocess.CompletedProcess[str]]:
    return partial(run_stellwerk, environment=environment)


@pytest.fixture(scope="session")
def json_from(environment: dict[str, str]) -> Callable[[list[str]], dict]:
    return partial(json_from_stellwerk, environment=environment)
