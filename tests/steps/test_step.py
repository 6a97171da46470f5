"""Steps are told to whoever watches, wherever they are done."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from steps import carried, step, watched_by


class Told:
    """Remembers what began, with its numbers, and how it ended."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, dict[str, int], bool]] = []

    @contextmanager
    def __call__(self, name: str, numbers: Mapping[str, int]) -> Iterator[None]:
        """Remember one step."""
        try:
            yield
        except ZeroDivisionError:
            self.steps.append((name, dict(numbers), False))
            raise
        self.steps.append((name, dict(numbers), True))


def test_who_watches_is_told() -> None:
    """Name and numbers of each step, the inner one first for it ends first; nothing after the watching."""
    told = Told()
    with watched_by(told), step("outer"), step("inner", n_texts=3):
        pass
    with step("unwatched"):
        pass
    assert told.steps == [("inner", {"n_texts": 3}, True), ("outer", {}, True)]


def test_a_fault_passes_through() -> None:
    """Whoever watches sees that a step failed, and the error goes on."""
    told = Told()
    with pytest.raises(ZeroDivisionError), watched_by(told), step("divide"):
        raise ZeroDivisionError
    assert told.steps == [("divide", {}, False)]


def test_another_thread_is_watched_where_the_work_is_carried() -> None:
    """A thread of a pool knows who watches only what was carried to it."""

    def act(n: int) -> None:
        with step("act", n=n):
            pass

    told = Told()
    with ThreadPoolExecutor(1) as pool, watched_by(told):
        pool.submit(act, 1).result()
        pool.submit(carried(act), 2).result()
    assert told.steps == [("act", {"n": 2}, True)]
