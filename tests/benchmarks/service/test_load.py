"""Clients of the benchmark hear what was answered, in a process of their own."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from benchmarks.service.running import seconds_of

from benchmarks.service import load


class _Every(BaseHTTPRequestHandler):
    """Answers 200 with an id, but 503 to every third."""

    protocol_version = "HTTP/1.1"
    bodies: list[bytes] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["content-length"])))
        n = len(self.bodies)
        content = f'{{"id":"c_{n}","x":1}}'.encode()
        self.send_response(503 if n % 3 == 0 else 200)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    """The address of a small server."""
    _Every.bodies.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Every) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/x"
        server.shutdown()


def test_what_clients_hear(url, tmp_path):
    """Each answer is counted by its status; those with success are timed, and their ids kept."""
    bodies = load.write([{"body": "a"}, {"body": "b"}], tmp_path / "bodies.jsonl")
    heard = load.loaded(url, bodies, n_clients=2, seconds=1)
    assert sum(heard.statuses.values()) == len(_Every.bodies)
    assert heard.n_failed == heard.statuses["503"] == len(_Every.bodies) // 3
    assert len(set(heard.ids)) == len(heard.seconds) == heard.statuses["200"]
    assert set(_Every.bodies) == {b'{"body": "a"}', b'{"body": "b"}'}
    assert heard.per_second == pytest.approx(heard.statuses["200"] / heard.lasted)


def test_clients_end_when_told(url, tmp_path):
    """Clients that would ask for an hour end at once when they are told to."""
    bodies = load.write([{}], tmp_path / "bodies.jsonl")
    with load.Load(url, bodies, n_clients=1, seconds=3_600) as clients:
        while not _Every.bodies:
            pass
        heard = clients.heard(now=True)
    assert heard.lasted < 600
    assert sum(heard.statuses.values()) == len(_Every.bodies)


def test_percentiles():
    """The median and the 99th percentile stand in milliseconds, with their ratio."""
    assert seconds_of([0.001 * n for n in range(1, 101)]) == {
        "n": 100, "p50_ms": 51.0, "p99_ms": 100.0, "p99_by_p50": 1.96,
    }  # fmt: skip
    assert seconds_of([]) == {"n": 0}
