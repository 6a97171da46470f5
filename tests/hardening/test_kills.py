"""The service killed at work, as a power cut or the kernel would end it: what was acknowledged is there."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.service.running import OwnDesk
from tests.journeys.conftest import json_from_stellwerk, run_stellwerk

from benchmarks.service import kills, measurement, sizing
from desk import Settings

pytestmark = pytest.mark.slow
N_KILLS = 5


@pytest.fixture
def served(filled: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment that names the desk with a champion."""
    for name in ("models", "encoders", "knowledge"):
        monkeypatch.setenv(f"STELLWERK_{name.upper()}", str(getattr(filled, name)))
    monkeypatch.setenv("PYTHONPATH", ":".join(path for path in sys.path if path))
    return {}


def test_a_worker_killed_while_it_writes(served, tmp_path):
    """One of two workers is killed five times: no acknowledged decision, correction or document is lost."""
    figures = kills.lost(tmp_path, n_kills=N_KILLS)
    assert figures["n_kills"] == N_KILLS
    for written in ("decisions", "corrections", "documents"):
        assert figures[written]["n_acknowledged"] > 0, figures
        assert figures[written]["n_lost"] == 0, figures


def test_a_start_and_a_short_soak(served, tmp_path):
    """A start is timed, and memory is told over some seconds of load in which nothing fails."""
    assert 0 < measurement.cold_start(OwnDesk(tmp_path / "start"), 1)["seconds"] < 300
    soaked = measurement.soak(OwnDesk(tmp_path / "soak"), 6, 2)
    assert soaked["n_failed"] == 0
    assert min(soaked["n_answers"].values()) > 0
    assert soaked["first_mb"] > 100


def test_what_a_worker_takes_is_measured(served, tmp_path):
    """Tickets a second, memory and the journal's growth are told of a load in which nothing fails."""
    sized = sizing.under_load(OwnDesk(tmp_path), 1, 2)
    assert sized["n_failed"] == 0
    assert sized["tickets_per_second"] > 0
    assert sized["memory_mb"] > 100
    assert sized["n_decisions"] >= sized["n_warm"] > 0
    assert 0 < sized["journal_kb_per_decision"] < 500


def killed(arguments: list[str], environment: dict[str, str], *, when: Callable[[], bool], log: Path) -> None:
    """Start a command and kill it once something holds."""
    with log.open("wb") as told:
        running = subprocess.Popen(
            [sys.executable, "-m", "stellwerk", *arguments], env=environment, stdout=told, stderr=told
        )
    deadline = time.monotonic() + 300
    while not when() and running.poll() is None:
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL, log.read_text()


@pytest.fixture
def desk_of_its_own(environment, tmp_path) -> dict[str, str]:
    """An environment whose shelf, knowledge base and journal are empty."""
    return environment | {
        "STELLWERK_MODELS": str(tmp_path / "models"),
        "STELLWERK_KNOWLEDGE": str(tmp_path / "knowledge"),
        "STELLWERK_JOURNAL": f"sqlite:///{tmp_path}/journal.db",
    }


def test_killed_while_indexing(desk_of_its_own, tmp_path):
    """Indexing that was killed is begun again and ends as if nothing had happened."""
    articles = tmp_path / "articles.jsonl"
    lines = [json.dumps({"id": f"a{i}", "title": f"Drucker {i}", "body": f"Rolle {i} einlegen."}) for i in range(30)]
    articles.write_text("\n".join(lines), "utf-8")
    killed(["index", str(articles)], desk_of_its_own, when=(tmp_path / "knowledge").exists, log=tmp_path / "log")
    again = json_from_stellwerk(["index", str(articles), "--json"], desk_of_its_own)["article"]
    assert again["added"] + again["unchanged"] == 30
    assert json_from_stellwerk(["index", str(articles), "--json"], desk_of_its_own)["article"]["unchanged"] == 30
    hits = json_from_stellwerk(["search", "Drucker 7", "--json"], desk_of_its_own)["hits"]
    assert hits


def test_killed_while_training(desk_of_its_own, history, tmp_path):
    """Training that was killed leaves no model; the next one serves, whatever lies about."""
    log = tmp_path / "log"
    killed(
        ["train", str(history), "--no-primer", "--promote"],
        desk_of_its_own,
        when=lambda: log.exists() and "testing on tickets" in log.read_text("utf-8"),
        log=log,
    )
    assert json_from_stellwerk(["models", "--json"], desk_of_its_own)["models"] == []
    again = ["train", str(history), "--plan", "fast", "--no-primer", "--promote", "--json"]
    trained = json_from_stellwerk(again, desk_of_its_own)
    listed = json_from_stellwerk(["models", "--json"], desk_of_its_own)
    assert [one["version"] for one in listed["models"]] == [listed["champion"]] == [trained["version"]]
    told = run_stellwerk(["rollback"], desk_of_its_own)
    assert told.returncode == 1
    assert "no earlier champion" in told.stderr
