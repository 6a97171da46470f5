"""How often somebody may ask: a bucket of tokens each, filled again as time passes."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

_MOST_KNOWN: Final = 10_000
"""Askers that are remembered; those who asked longest ago are forgotten first, and begin with a full bucket."""


class Limit:
    """A token bucket for each asker, in this process; safe to share between threads.

    Parameters
    ----------
    per_minute : int
        Tokens that are filled in a minute; 0 is no limit.
    at_once : int
        Tokens a full bucket holds.
    """

    def __init__(self, *, per_minute: int, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._at_once = per_minute / 60, at_once
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, asker: str) -> int:
        """Take a token from the asker's bucket; 0, or in how many seconds there will be one again."""
        with self._lock:
            left = self._left(asker)
            if left < 1:
                return self._seconds_until(left)
            if self._per_second:
                self._buckets[asker] = left - 1, self._clock()
                self._buckets.move_to_end(asker)
                if len(self._buckets) > _MOST_KNOWN:
                    self._buckets.popitem(last=False)
            return 0

    def wait(self, asker: str) -> int:
        """The same seconds, without taking one."""
        with self._lock:
            left = self._left(asker)
            return 0 if left >= 1 else self._seconds_until(left)

    def _left(self, asker: str) -> float:
        if not self._per_second or asker not in self._buckets:
            return self._at_once
        left, since = self._buckets[asker]
        return min(self._at_once, left + max(0.0, self._clock() - since) * self._per_second)

    def _seconds_until(self, left: float) -> int:
        return max(1, math.ceil((1 - left) / self._per_second))
