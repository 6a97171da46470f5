"""A server in processes of its own, on a desk of its own, with what it takes to watch it and to end it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil

from benchmarks.latency import free_port
from benchmarks.record import Figures
from classifier import ModelShelf, NoChampionError
from desk import Settings

_START_SECONDS = 300


class Running:
    """One server, started when it is entered and ended with all its processes when it is left.

    Parameters
    ----------
    command : callable
        Gives the command for a port.
    is_ready : str
        The path that answers 200 once the server can be used.
    log : Path
        Takes what the server prints.
    """

    def __init__(
        self, command: Callable[[int], Sequence[str]], *, environment: dict[str, str], is_ready: str, log: Path
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command, self._environment = command(self.port), environment
        self._is_ready, self._log = is_ready, log

    def __enter__(self) -> Self:
        self.started_at = time.perf_counter()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.kill()

    @property
    def processes(self) -> list[int]:
        """Every process of the server that runs, the first one first."""
        first = psutil.Process(self._process.pid)
        return [first.pid, *(child.pid for child in first.children(recursive=True) if _runs(child))]

    @property
    def cpu_seconds(self) -> float:
        """Processor time of every process that runs, which says the same on a machine that others use too."""
        return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in self.processes)

    def wait_until_ready(self) -> float:
        """Return once it can be used, with the seconds since its start; raises `TimeoutError` where it does not."""
        with httpx.Client(base_url=self.url, timeout=30) as client:
            while time.perf_counter() - self.started_at < _START_SECONDS and self._process.poll() is None:
                try:
                    if client.get(self._is_ready).is_success:
                        return time.perf_counter() - self.started_at
                except httpx.TransportError:
                    pass
                time.sleep(0.02)
        raise TimeoutError(f"the server did not become ready; {self._log} says why")

    def kill(self) -> None:
        """End it at once, with everything that it started: nothing of it can finish what it began."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=30)


class OwnDesk:
    """A folder with the champion, the knowledge base and an empty journal of its own, to be served.

    Raises
    ------
    NoChampionError
        The settings' shelf has no champion.
    """

    def __init__(self, home: Path) -> None:
        settings = Settings()
        champion = ModelShelf(settings.models).champion
        if champion is None:
            raise NoChampionError(settings.models)
        self.home = home
        self.champion = champion
        self.shelf = ModelShelf(home / "models")
        shutil.copytree(settings.models / champion, self.shelf.path / champion)
        self.shelf.promote(champion)
        self.knowledge = home / "knowledge"
        shutil.copytree(str(settings.knowledge), self.knowledge)
        self.journal = f"sqlite:///{home}/journal.db"
        self.log = home / "service.log"
        self.encoders = settings.encoders.resolve()

    def service(self, **settings: object) -> Running:
        """The service on this desk, with ``settings`` of its own."""
        told = {
            "models": self.shelf.path, "knowledge": self.knowledge, "journal": self.journal, "encoders": self.encoders,
            "vector_cache": self.home / "vectors.db", "masking_key": self.home / "masking.key", "tracking": "",
            "authentication": "off", "requests_per_minute": 0, **settings,
        }  # fmt: skip
        environment = os.environ | {f"STELLWERK_{name.upper()}": str(value) for name, value in told.items()}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # where Stellwerk is installed, its bytecode is too
        return Running(
            lambda port: [sys.executable, "-m", "stellwerk", "serve", "--port", str(port)],
            environment=environment, is_ready="/readyz", log=self.log,
        )  # fmt: skip

    def another_version(self) -> str:
        """A second model on the shelf, which is the champion under another name."""
        version = "20200101T000000-another"
        folder = self.shelf.path / version
        shutil.copytree(self.shelf.path / self.champion, folder)
        manifest = folder / "manifest.json"
        manifest.write_text(manifest.read_text("utf-8").replace(self.champion, version), "utf-8")
        return version


def _runs(process: psutil.Process) -> bool:
    """Whether it lives: one that ended stays a while until its parent has heard of it."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def seconds_of(found: Sequence[float]) -> Figures:
    """Median, 99th percentile and their ratio, in milliseconds."""
    ranked = sorted(found)
    if not ranked:
        return {"n": 0}
    p50, p99 = (1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))] for share in (0.5, 0.99))
    return {"n": len(ranked), "p50_ms": round(p50, 1), "p99_ms": round(p99, 1), "p99_by_p50": round(p99 / p50, 2)}
