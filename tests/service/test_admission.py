"""What happens when more is asked than can be answered."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from starlette.testclient import TestClient
from tests.service.conftest import LOCAL, MemoryDesk, wait_until_loaded

from service import create_app


class SlowDesk(MemoryDesk):
    """A desk that answers once it may."""

    def __init__(self, settings) -> None:
        super().__init__(settings)
        self.may_answer = Event()
        self.n_begun = 0

    def classify(self, ticket):
        """Remember that somebody asked, and answer when that is allowed."""
        self.n_begun += 1
        assert self.may_answer.wait(20)
        return super().classify(ticket)


@pytest.fixture
def slow(settings):
    """Starts a service with bounds around a slow desk."""

    @contextmanager
    def start(**bounds) -> Iterator[tuple[TestClient, SlowDesk]]:
        bounded = settings.model_copy(update=bounds)
        desk = SlowDesk(bounded)
        with TestClient(create_app(bounded, lambda _: desk), base_url=LOCAL) as client:
            wait_until_loaded(client)
            yield client, desk
            desk.may_answer.set()

    return start


def ask(client: TestClient):
    """One ticket."""
    return client.post("/v1/classifications", json={"body": "x"})


def until(condition) -> None:
    """Wait for what another thread does."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_what_is_too_much_is_refused_at_once(slow) -> None:
    """Two at work and one waiting; a fourth is told when to come back, and health is told all the while."""
    with slow(max_working=2, max_waiting=1) as (client, desk), ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask, client) for _ in range(6)]
        until(lambda: sum(one.done() for one in asked) == 3)
        assert desk.n_begun == 2
        assert client.get("/livez").status_code == client.get("/readyz").status_code == 200
        assert client.get("/metrics").status_code == 200
        desk.may_answer.set()
        answers = [one.result(10) for one in asked]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert [answer.status_code for answer in answers].count(200) == 3
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}
    assert {answer.json()["type"] for answer in refused} == {"urn:stellwerk:problem:overloaded"}


def test_time_is_bounded_and_nothing_is_left_half_done(slow) -> None:
    """An answer that takes too long is given up, what it began is finished, and its place is free only then."""
    with slow(max_working=1, max_waiting=5, request_seconds=0.3) as (client, desk):
        started = time.monotonic()
        late, waited = ask(client), ask(client)
        assert time.monotonic() - started < 5
        for answer in (late, waited):
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "1"
            assert answer.json()["type"] == "urn:stellwerk:problem:out-of-time"
        assert desk.n_begun == 1
        assert desk.journal == set()
        desk.may_answer.set()
        until(lambda: desk.journal == {"c_1"})
        assert ask(client).status_code == 200
