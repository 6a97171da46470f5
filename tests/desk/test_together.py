"""Callers that come at the same time are served together."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from desk.together import Together


def test_each_caller_has_its_own_result() -> None:
    """Whatever batches came about, nobody is given another's result, and every item is run once."""
    seen: list[int] = []

    def squared(items):
        seen.extend(items)
        return [item * item for item in items]

    together = Together(squared, n_at_once=2)
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(together, range(500))) == [n * n for n in range(500)]
    assert sorted(seen) == list(range(500))


def test_what_gathers_meanwhile_is_one_batch() -> None:
    """While one batch runs the next one gathers; it is run whole."""
    batches: list[list[int]] = []
    begun, may_end = threading.Event(), threading.Event()

    def run(items):
        batches.append(list(items))
        begun.set()
        assert may_end.wait(10)
        return items

    together = Together(run, n_at_once=1)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(together, 0)
        assert begun.wait(10)
        others = [pool.submit(together, n) for n in range(1, 5)]
        while len(together._gathered) < 4:
            pass
        may_end.set()
        assert [first.result(10), *(one.result(10) for one in others)] == list(range(5))
    assert [len(batch) for batch in batches] == [1, 4]


def test_one_bad_item_harms_no_other() -> None:
    """Where a batch fails each item is run alone, and only the bad one's caller is told."""

    def divided(items):
        return [1 / item for item in items]

    together = Together(divided, n_at_once=1)
    with ThreadPoolExecutor(8) as pool:
        results = [pool.submit(together, n) for n in [4, 0, 2, 1] * 25]
        for n, result in zip([4, 0, 2, 1] * 25, results, strict=True):
            if n:
                assert result.result(10) == 1 / n
            else:
                with pytest.raises(ZeroDivisionError):
                    result.result(10)
