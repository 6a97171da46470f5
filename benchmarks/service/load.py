"""Clients that ask without a pause, in a process of their own: ``python -m benchmarks.service.load``.

The bodies are taken in turn from a file, one JSON document a line; what came of it is told as JSON.
"""

import argparse
import http.client
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass
class Heard:
    """What clients heard: how often each status, how long each answer took, and the ids that answers named."""

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.lasted

    @property
    def n_failed(self) -> int:
        """Requests that were not answered with 200."""
        return sum(n for status, n in self.statuses.items() if status != "200")


class Load:
    """Clients at work in another process; `heard` once it has ended, or is told to."""

    def __init__(self, url: str, bodies: Path, *, n_clients: int, seconds: float) -> None:
        self._command = [
            sys.executable, "-m", "benchmarks.service.load", url, str(bodies),
            "--clients", str(n_clients), "--seconds", str(seconds),
        ]  # fmt: skip

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def heard(self, *, now: bool = False) -> Heard:
        """What the clients heard, once their time is up; with ``now`` their time is up at once."""
        told, _ = self._process.communicate("end\n" if now else None)
        facts: dict[str, Any] = json.loads(told)
        return Heard(Counter(facts["statuses"]), facts["seconds"], facts["ids"], facts["lasted"])


def loaded(url: str, bodies: Path, *, n_clients: int, seconds: float) -> Heard:
    """What clients heard in so many seconds."""
    with Load(url, bodies, n_clients=n_clients, seconds=seconds) as load:
        return load.heard()


def write(bodies: Sequence[Any], path: Path) -> Path:
    """Bodies as the clients read them."""
    path.write_text("".join(json.dumps(body) + "\n" for body in bodies), "utf-8")
    return path


class _Clients:
    def __init__(self, url: str, bodies: Sequence[bytes]) -> None:
        self._parts = urlsplit(url)
        self._bodies = bodies
        self._next = count()
        self._lock = threading.Lock()
        self.ended = threading.Event()
        self.heard = Heard()

    def ask(self) -> None:
        """Ask until it is over; a connection that breaks is a failure, and opened anew."""
        connection = self._connected()
        while not self.ended.is_set():
            body = self._bodies[next(self._next) % len(self._bodies)]
            started = time.perf_counter()
            try:
                connection.request("POST", self._parts.path, body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self._note(type(error).__name__)
                connection.close()
                connection = self._connected()
                time.sleep(0.05)
                continue
            self._note(str(answer.status), time.perf_counter() - started, content)

    def _connected(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._parts.hostname or "", self._parts.port, timeout=180)

    def _note(self, status: str, seconds: float = 0.0, content: bytes = b"") -> None:
        with self._lock:
            self.heard.statuses[status] += 1
            if status == "200":
                self.heard.seconds.append(seconds)
                if content.startswith(b'{"id":"'):
                    self.heard.ids.append(content[7 : content.index(b'"', 7)].decode())


def main(arguments: Sequence[str]) -> int:
    """Ask, and tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service.load", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("bodies", type=Path)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    asked = parser.parse_args(arguments)
    clients = _Clients(asked.url, asked.bodies.read_bytes().splitlines())
    threads = [threading.Thread(target=clients.ask) for _ in range(asked.clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    threading.Thread(target=_listen, args=(clients.ended,), daemon=True).start()
    clients.ended.wait(asked.seconds)
    clients.ended.set()
    for thread in threads:
        thread.join()
    heard = clients.heard
    heard.lasted = time.perf_counter() - started
    facts = {"statuses": heard.statuses, "seconds": heard.seconds, "ids": heard.ids, "lasted": heard.lasted}
    print(json.dumps(facts))
    return 0


def _listen(ended: threading.Event) -> None:
    if sys.stdin.readline():  # nothing: whoever started this only waits
        ended.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
