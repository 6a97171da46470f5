"""Buckets of tokens."""

from hypothesis import given
from hypothesis import strategies as st

from service.limits import Limit


class Clock:
    """A clock that goes where a test wants it."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """The seconds it shows."""
        return self.now


@given(
    per_minute=st.integers(1, 600),
    at_once=st.integers(1, 20),
    pauses=st.lists(st.floats(0, 5), min_size=1, max_size=200),
)
def test_nobody_gets_more_than_burst_and_rate_together(per_minute, at_once, pauses):
    """In any stretch of time an asker is let through at most burst + rate x time often, and never told to wait 0 s."""
    clock = Clock()
    limit = Limit(per_minute=per_minute, at_once=at_once, clock=clock)
    n_passed, began = 0, clock.now
    for pause in pauses:
        clock.now += pause
        told = limit.wait("a")
        seconds = limit.take("a")
        assert seconds == told
        n_passed += seconds == 0
        assert n_passed <= at_once + (clock.now - began) * per_minute / 60 + 1e-6


@given(per_minute=st.integers(1, 600), at_once=st.integers(1, 20))
def test_whoever_waits_as_told_is_let_through(per_minute, at_once):
    """After the seconds told, there is a token again."""
    clock = Clock()
    limit = Limit(per_minute=per_minute, at_once=at_once, clock=clock)
    assert [limit.take("a") for _ in range(at_once)] == [0] * at_once
    clock.now += limit.take("a")
    assert limit.take("a") == 0


def test_a_clock_that_jumps_back_takes_nothing_away():
    """What a bucket holds does not shrink when the clock is set back."""
    clock = Clock()
    limit = Limit(per_minute=60, at_once=3, clock=clock)
    limit.take("a")
    clock.now -= 500
    assert [limit.take("a") for _ in range(3)] == [0, 0, 1]


def test_no_limit_is_no_limit():
    """A rate of 0 lets everybody through."""
    limit = Limit(per_minute=0, at_once=1)
    assert {limit.take("a") for _ in range(1_000)} == {0}


def test_askers_that_left_are_forgotten():
    """However many ask, memory stays bounded, and who asked lately keeps an empty bucket."""
    limit = Limit(per_minute=1, at_once=1)
    for n in range(10_050):
        limit.take(str(n))
    assert len(limit._buckets) == 10_000
    assert limit.take("10049") > 0
